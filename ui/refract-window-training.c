/* refract-window-training.c: train, pause, cancel, take up again, and the ladder.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/refract-report-error.h"
#include "ui/refract-window-private.h"

static void
show_unfinished (RefractWindow *self)
{
  const RfUnfinished *unfinished = self->session ? refract_session_get_unfinished (self->session) : NULL;
  g_autofree char *what = NULL;

  if (unfinished)
    what = g_strdup_printf (_("Resume the interrupted training (epoch %u of %u)"), unfinished->epoch, unfinished->n_epochs);
  refract_train_page_show_unfinished (self->train_page, self->training ? NULL : what);
}

void
refract_window_update_training_actions (RefractWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean running = self->training != NULL, free_to_train = self->session != NULL && self->opening == NULL && !running;
  gboolean stoppable = running && !refract_job_is_cancelled (self->training);

  gtk_widget_action_set_enabled (widget, "win.train", free_to_train);
  gtk_widget_action_set_enabled (widget, "win.ladder", free_to_train);
  gtk_widget_action_set_enabled (widget, "win.tune", free_to_train);
  gtk_widget_action_set_enabled (widget, "win.resume-training", free_to_train);
  gtk_widget_action_set_enabled (widget, "win.cancel-training", stoppable);
  gtk_widget_action_set_enabled (widget, "win.pause-training", stoppable);
  show_unfinished (self);
}

static void
inhibit (RefractWindow *self, gboolean on)
{
  GtkApplication *application = GTK_APPLICATION (g_application_get_default ()); /* a closed window has none */

  if (on && application && self->inhibit_cookie == 0)
    self->inhibit_cookie = gtk_application_inhibit (application, GTK_WINDOW (self), GTK_APPLICATION_INHIBIT_SUSPEND, _("A model is being trained"));
  else if (!on && application && self->inhibit_cookie != 0)
    {
      gtk_application_uninhibit (application, self->inhibit_cookie);
      self->inhibit_cookie = 0;
    }
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(RefractWindow) self = data;
  g_autoptr(GError) error = NULL;

  self->n_jobs--;
  if (!refract_session_read_finish (REFRACT_SESSION (object), result, &error) && self->session)
    refract_report_error (GTK_WIDGET (self->toast_overlay), _("Could not look for interrupted trainings"), error);
  if (self->session) /* none: the window has been closed */
    refract_window_update_actions (self);
}

/* However it ended: what is kept of it can be taken up. */
static void
read_again (RefractWindow *self, gboolean with_runs)
{
  if (self->session == NULL)
    return;
  self->n_jobs++;
  refract_session_read_async (self->session, with_runs, read_cb, g_object_ref (self));
}

/* A training that was let go may have come to its end all the same, or have kept an epoch. */
static void
ended_late_cb (RefractWindow *self)
{
  read_again (self, TRUE);
}

static void
end (RefractWindow *self, gboolean with_runs)
{
  if (refract_job_is_ending (self->training))
    g_signal_connect_object (self->training, "ended", G_CALLBACK (ended_late_cb), self, G_CONNECT_SWAPPED);
  g_clear_object (&self->training);
  inhibit (self, FALSE);
  refract_train_page_set_job (self->train_page, NULL);
  read_again (self, with_runs);
}

static void
training_ended_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  RefractWindow *self = data;
  RefractTrainingJob *job = REFRACT_TRAINING_JOB (object);
  g_autoptr(GError) error = NULL;

  end (self, FALSE);
  if (refract_job_run_finish (REFRACT_JOB (job), result, &error))
    {
      RefractRun *run = refract_training_job_get_run (job);

      refract_session_add_run (self->session, run);
      refract_session_set_trained (self->session, refract_training_job_get_trained (job));
      refract_train_page_show_run (self->train_page, run);
      refract_window_notify (self, _("Training has ended"), refract_run_get_id (run));
    }
  else
    {
      refract_report_error (GTK_WIDGET (self->toast_overlay), _("Training failed"), error);
    }
  refract_window_job_ended (self, REFRACT_JOB (job));
}

static void
begin (RefractWindow *self, RefractJob *job, GAsyncReadyCallback callback)
{
  self->training = job;
  inhibit (self, TRUE);
  refract_train_page_set_job (self->train_page, job);
  refract_window_run_job (self, job, callback);
}

static void
train_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RefractWindow *self = REFRACT_WINDOW (widget);
  g_autoptr(GError) error = NULL;
  g_autoptr(RfConfig) config = refract_train_page_dup_config (self->train_page, &error);

  refract_window_show_page (self, "train");
  if (config == NULL)
    {
      refract_report_error (GTK_WIDGET (self->toast_overlay), _("A setting does not fit"), error);
      return;
    }
  begin (self, REFRACT_JOB (refract_training_job_new (refract_session_get_path (self->session), config)), training_ended_cb);
}

static void
cancel_training_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RefractWindow *self = REFRACT_WINDOW (widget);

  if (self->training)
    refract_job_let_go (self->training);
  refract_window_update_actions (self);
}

static void
pause_training_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RefractWindow *self = REFRACT_WINDOW (widget);

  if (self->training)
    refract_job_set_paused (self->training, !refract_job_is_paused (self->training));
  refract_train_page_update_pause (self->train_page);
}

static void
resume_training_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RefractWindow *self = REFRACT_WINDOW (widget);
  const RfUnfinished *unfinished = refract_session_get_unfinished (self->session);
  RefractTrainingJob *job;

  if (unfinished == NULL)
    return;
  refract_window_show_page (self, "train");
  job = refract_training_job_new (refract_session_get_path (self->session), unfinished->config);
  refract_training_job_set_resume (job, TRUE);
  begin (self, REFRACT_JOB (job), training_ended_cb);
}

/* From the welcome page: opens the document and goes on where its training was interrupted. */
static void
resume_path_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RefractWindow *self = REFRACT_WINDOW (widget);

  refract_window_open (self, g_variant_get_string (parameter, NULL));
  self->pending_resume = self->opening != NULL;
}

/* Every rung is a run; the list shows them all, and the best one is opened. */
static void
ladder_ended_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  RefractWindow *self = data;
  g_autoptr(GError) error = NULL;
  gboolean ok = refract_job_run_finish (REFRACT_JOB (object), result, &error);

  end (self, TRUE);
  if (!ok)
    refract_report_error (GTK_WIDGET (self->toast_overlay), _("The ladder was not finished"), error);
  else
    refract_window_notify (self, _("Every fusion is trained"), refract_session_get_title (self->session));
  refract_window_job_ended (self, REFRACT_JOB (object));
}

static void
ladder_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RefractWindow *self = REFRACT_WINDOW (widget);
  g_autoptr(GError) error = NULL;
  g_autoptr(RfConfig) config = refract_train_page_dup_config (self->train_page, &error);

  refract_window_show_page (self, "train");
  if (config == NULL)
    refract_report_error (GTK_WIDGET (self->toast_overlay), _("A setting does not fit"), error);
  else
    begin (self, REFRACT_JOB (refract_ladder_job_new (refract_session_get_path (self->session), config)), ladder_ended_cb);
}

/* The trials stay on the page, to choose from. */
static void
tune_ended_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  RefractWindow *self = data;
  g_autoptr(GError) error = NULL;
  gboolean ok = refract_job_run_finish (REFRACT_JOB (object), result, &error);

  end (self, FALSE);
  if (ok)
    refract_window_notify (self, _("The search has ended"), refract_session_get_title (self->session));
  else
    refract_report_error (GTK_WIDGET (self->toast_overlay), _("The search was not finished"), error);
  refract_window_job_ended (self, REFRACT_JOB (object));
}

static void
tune_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RefractWindow *self = REFRACT_WINDOW (widget);
  g_autoptr(GError) error = NULL;
  g_autoptr(RfConfig) config = refract_train_page_dup_config (self->train_page, &error);
  guint trials, rungs, grid;
  g_autofree char *space = refract_train_page_dup_space (self->train_page, &trials, &rungs, &grid);
  RefractTuneJob *job;

  refract_window_show_page (self, "train");
  if (config == NULL)
    refract_report_error (GTK_WIDGET (self->toast_overlay), _("A setting does not fit"), error);
  else
    {
      job = refract_tune_job_new (refract_session_get_path (self->session), config, space, trials, rungs);
      refract_tune_job_set_grid (job, grid);
      begin (self, REFRACT_JOB (job), tune_ended_cb);
    }
}

void
refract_window_class_install_training (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.train", NULL, train_action);
  gtk_widget_class_install_action (widget_class, "win.cancel-training", NULL, cancel_training_action);
  gtk_widget_class_install_action (widget_class, "win.pause-training", NULL, pause_training_action);
  gtk_widget_class_install_action (widget_class, "win.resume-training", NULL, resume_training_action);
  gtk_widget_class_install_action (widget_class, "win.resume-path", "s", resume_path_action);
  gtk_widget_class_install_action (widget_class, "win.tune", NULL, tune_action);
  gtk_widget_class_install_action (widget_class, "win.ladder", NULL, ladder_action);
}
