/* refract-job-bar.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/refract-job-bar.h"

#include <glib/gi18n-lib.h>

#define PATIENCE_MS       500
#define PULSE_INTERVAL_MS 100

struct _RefractJobBar
{
  GtkWidget parent_instance;

  GtkRevealer *revealer;
  GtkLabel *title_label;
  GtkLabel *message_label;
  GtkProgressBar *progress_bar;
  GtkButton *cancel_button;

  GPtrArray *jobs; /* the last one is shown */
  GSignalGroup *signals;
  guint reveal_id;
  guint pulse_id;
};

G_DEFINE_FINAL_TYPE (RefractJobBar, refract_job_bar, GTK_TYPE_WIDGET)

static RefractJob *
get_shown (RefractJobBar *self)
{
  return self->jobs->len > 0 ? g_ptr_array_index (self->jobs, self->jobs->len - 1) : NULL;
}

static gboolean
pulse_cb (gpointer data)
{
  gtk_progress_bar_pulse (REFRACT_JOB_BAR (data)->progress_bar);
  return G_SOURCE_CONTINUE;
}

static void
show_progress (RefractJobBar *self)
{
  RefractJob *job = get_shown (self);
  double fraction = job != NULL ? refract_job_get_fraction (job) : 0;

  if (fraction < 0 && self->pulse_id == 0)
    self->pulse_id = g_timeout_add (PULSE_INTERVAL_MS, pulse_cb, self);
  else if (fraction >= 0)
    {
      g_clear_handle_id (&self->pulse_id, g_source_remove);
      gtk_progress_bar_set_fraction (self->progress_bar, CLAMP (fraction, 0, 1));
    }
  if (job != NULL)
    {
      gtk_label_set_text (self->title_label, refract_job_get_title (job));
      gtk_label_set_text (self->message_label, refract_job_is_cancelled (job) ? _("Stopping…") : refract_job_get_message (job));
      gtk_widget_set_sensitive (GTK_WIDGET (self->cancel_button), !refract_job_is_cancelled (job));
    }
}

static gboolean
reveal_cb (gpointer data)
{
  RefractJobBar *self = data;

  self->reveal_id = 0;
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  return G_SOURCE_REMOVE;
}

static void
jobs_changed (RefractJobBar *self)
{
  g_signal_group_set_target (self->signals, get_shown (self));
  show_progress (self);
  if (self->jobs->len == 0)
    {
      g_clear_handle_id (&self->reveal_id, g_source_remove);
      g_clear_handle_id (&self->pulse_id, g_source_remove);
      gtk_revealer_set_reveal_child (self->revealer, FALSE);
    }
  else if (!gtk_revealer_get_reveal_child (self->revealer) && self->reveal_id == 0)
    self->reveal_id = g_timeout_add (PATIENCE_MS, reveal_cb, self);
}

void
refract_job_bar_add (RefractJobBar *self, RefractJob *job)
{
  g_ptr_array_add (self->jobs, g_object_ref (job));
  jobs_changed (self);
}

void
refract_job_bar_remove (RefractJobBar *self, RefractJob *job)
{
  if (g_ptr_array_remove (self->jobs, job))
    jobs_changed (self);
}

static void
cancel_cb (RefractJobBar *self)
{
  if (get_shown (self) != NULL)
    refract_job_cancel (get_shown (self));
  show_progress (self);
}

static void
refract_job_bar_dispose (GObject *object)
{
  RefractJobBar *self = REFRACT_JOB_BAR (object);
  GtkWidget *child;

  g_clear_handle_id (&self->reveal_id, g_source_remove);
  g_clear_handle_id (&self->pulse_id, g_source_remove);
  g_clear_object (&self->signals);
  g_clear_pointer (&self->jobs, g_ptr_array_unref);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (refract_job_bar_parent_class)->dispose (object);
}

static void
refract_job_bar_class_init (RefractJobBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = refract_job_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/refract/Refract/ui/refract-job-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, RefractJobBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, RefractJobBar, title_label);
  gtk_widget_class_bind_template_child (widget_class, RefractJobBar, message_label);
  gtk_widget_class_bind_template_child (widget_class, RefractJobBar, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, RefractJobBar, cancel_button);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
}

static void
refract_job_bar_init (RefractJobBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->jobs = g_ptr_array_new_with_free_func (g_object_unref);
  self->signals = g_signal_group_new (REFRACT_TYPE_JOB);
  g_signal_group_connect_swapped (self->signals, "notify::fraction", G_CALLBACK (show_progress), self);
}
