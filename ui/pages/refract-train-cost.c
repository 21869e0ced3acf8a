/* refract-train-cost.c: what a training with the settings of the Train page would cost, told before it is started.
 *
 * While the page is seen, the estimate follows the settings: a change takes back the one that is under way, and a moment later another begins.
 * In a large catalog it waits to be asked for, because it may have to read all pictures first.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "app/refract-estimate-job.h"
#include "ui/pages/refract-train-page-private.h"

#define SETTLE_MS 600   /* after the last change */
#define UNASKED   20000 /* items */

static void
show_text (RefractTrainPage *self, const char *text, gboolean warning)
{
  gtk_label_set_text (self->cost_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->cost_label), *text != '\0');
  if (warning)
    gtk_widget_add_css_class (GTK_WIDGET (self->cost_label), "warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->cost_label), "warning");
}

/* What the words on the page are about: the settings, and which baselines are there already. */
static char *
make_key (RefractTrainPage *self)
{
  g_autoptr(RfConfig) config = refract_train_page_dup_config (self, NULL);
  g_autofree char *text = config ? rf_config_to_text (config) : NULL;

  if (text == NULL || self->session == NULL)
    return NULL;
  return g_strdup_printf ("%s %u %s", refract_session_get_path (self->session), g_list_model_get_n_items (refract_session_get_runs (self->session)), text);
}

static void
stop (RefractTrainPage *self)
{
  g_clear_handle_id (&self->cost_timeout, g_source_remove);
  if (self->cost_job)
    refract_job_cancel (self->cost_job);
  g_clear_object (&self->cost_job);
}

static void
ended_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(RefractTrainPage) self = data;
  g_autoptr(GError) error = NULL;
  gboolean ok = refract_job_run_finish (REFRACT_JOB (object), result, &error);
  g_autofree char *text = NULL;

  /* Another one has begun since, or the page is gone. */
  if (self->cost_job != REFRACT_JOB (object))
    return;
  g_clear_object (&self->cost_job);
  if (ok)
    {
      const RfEstimate *estimate = refract_estimate_job_get_estimate (REFRACT_ESTIMATE_JOB (object));

      text = rf_estimate_describe (estimate);
      show_text (self, text, rf_estimate_is_too_large (estimate));
      g_free (self->cost_key);
      self->cost_key = make_key (self);
    }
  else if (!refract_job_error_is_cancelled (error))
    show_text (self, error->message, TRUE);
}

void
refract_train_page_estimate (RefractTrainPage *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RfConfig) config = refract_train_page_dup_config (self, &error);

  stop (self);
  gtk_widget_set_visible (self->cost_button, FALSE);
  if (config == NULL)
    {
      show_text (self, error->message, TRUE);
      return;
    }
  show_text (self, _("Estimating time and memory…"), FALSE);
  self->cost_job = REFRACT_JOB (refract_estimate_job_new (refract_session_get_path (self->session), config));
  refract_job_run_async (self->cost_job, ended_cb, g_object_ref (self));
}

static gboolean
settled_cb (gpointer data)
{
  RefractTrainPage *self = data;

  self->cost_timeout = 0;
  refract_train_page_estimate (self);
  return G_SOURCE_REMOVE;
}

void
refract_train_page_cost_changed (RefractTrainPage *self)
{
  gboolean possible, unasked;
  g_autofree char *key = NULL;

  if (self->cost_label == NULL)
    return;
  stop (self);
  key = make_key (self);
  if (self->job == NULL && key && g_strcmp0 (key, self->cost_key) == 0)
    return;
  g_clear_pointer (&self->cost_key, g_free);
  show_text (self, "", FALSE);
  possible = self->session && self->job == NULL && gtk_widget_get_mapped (GTK_WIDGET (self)) &&
             rf_catalog_get_n_interactions (refract_session_get_catalog (self->session)) > 0;
  unasked = possible && rf_catalog_get_n_items (refract_session_get_catalog (self->session)) <= UNASKED;
  gtk_widget_set_visible (self->cost_button, possible && !unasked);
  if (unasked)
    self->cost_timeout = g_timeout_add (SETTLE_MS, settled_cb, self);
}

gboolean
refract_train_page_is_settled (RefractTrainPage *self)
{
  return self->cost_timeout == 0 && self->cost_job == NULL;
}

void
refract_train_page_stop_estimate (RefractTrainPage *self)
{
  stop (self);
  self->cost_label = NULL;
  g_clear_pointer (&self->cost_key, g_free);
}

void
refract_train_page_make_cost (RefractTrainPage *self, GtkBox *box)
{
  self->cost_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->cost_label, TRUE);
  gtk_label_set_xalign (self->cost_label, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->cost_label), FALSE);
  self->cost_button = gtk_button_new_with_mnemonic (_("Estimate Time and _Memory"));
  gtk_widget_set_tooltip_text (self->cost_button, _("Runs parts of the training for a moment; pictures that have never been read are read first, and kept"));
  gtk_widget_set_visible (self->cost_button, FALSE);
  g_signal_connect_swapped (self->cost_button, "clicked", G_CALLBACK (refract_train_page_estimate), self);
  g_signal_connect (self, "map", G_CALLBACK (refract_train_page_cost_changed), NULL);
  g_signal_connect (self, "unmap", G_CALLBACK (stop), NULL);
  gtk_box_append (box, GTK_WIDGET (self->cost_label));
  gtk_box_append (box, self->cost_button);
}
