/* refract-busy-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-busy-page.h"

#include <glib/gi18n-lib.h>

#define PULSE_INTERVAL_MS 100

struct _RefractBusyPage
{
  AdwBin parent_instance;

  AdwStatusPage *status_page;
  GtkProgressBar *progress_bar;
  GtkButton *cancel_button;

  RefractJob *job;
  GSignalGroup *signals;
  guint pulse_id;
};

G_DEFINE_FINAL_TYPE (RefractBusyPage, refract_busy_page, ADW_TYPE_BIN)

GtkWidget *
refract_busy_page_new (void)
{
  return g_object_new (REFRACT_TYPE_BUSY_PAGE, NULL);
}

static gboolean
pulse_cb (gpointer data)
{
  gtk_progress_bar_pulse (REFRACT_BUSY_PAGE (data)->progress_bar);
  return G_SOURCE_CONTINUE;
}

static void
show_progress (RefractBusyPage *self)
{
  g_autofree char *title = NULL, *message = NULL;
  double fraction;

  if (self->job == NULL)
    {
      g_clear_handle_id (&self->pulse_id, g_source_remove);
      return;
    }
  title = g_markup_escape_text (refract_job_get_title (self->job), -1);
  message = g_markup_escape_text (refract_job_is_cancelled (self->job) ? _("Stopping…") : refract_job_get_message (self->job), -1);
  adw_status_page_set_title (self->status_page, title);
  adw_status_page_set_description (self->status_page, message);
  gtk_widget_set_sensitive (GTK_WIDGET (self->cancel_button), !refract_job_is_cancelled (self->job));
  fraction = refract_job_get_fraction (self->job);
  if (fraction < 0 && self->pulse_id == 0)
    self->pulse_id = g_timeout_add (PULSE_INTERVAL_MS, pulse_cb, self);
  else if (fraction >= 0)
    {
      g_clear_handle_id (&self->pulse_id, g_source_remove);
      gtk_progress_bar_set_fraction (self->progress_bar, CLAMP (fraction, 0, 1));
    }
}

void
refract_busy_page_set_job (RefractBusyPage *self, RefractJob *job)
{
  if (g_set_object (&self->job, job))
    g_signal_group_set_target (self->signals, job);
  show_progress (self);
}

static void
cancel_cb (RefractBusyPage *self)
{
  if (self->job != NULL)
    refract_job_cancel (self->job);
  show_progress (self);
}

static void
refract_busy_page_dispose (GObject *object)
{
  RefractBusyPage *self = REFRACT_BUSY_PAGE (object);

  g_clear_handle_id (&self->pulse_id, g_source_remove);
  g_clear_object (&self->signals);
  g_clear_object (&self->job);
  G_OBJECT_CLASS (refract_busy_page_parent_class)->dispose (object);
}

static void
refract_busy_page_class_init (RefractBusyPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = refract_busy_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/refract/Refract/ui/refract-busy-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RefractBusyPage, status_page);
  gtk_widget_class_bind_template_child (widget_class, RefractBusyPage, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, RefractBusyPage, cancel_button);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
}

static void
refract_busy_page_init (RefractBusyPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->signals = g_signal_group_new (REFRACT_TYPE_JOB);
  g_signal_group_connect_swapped (self->signals, "notify::fraction", G_CALLBACK (show_progress), self);
}
