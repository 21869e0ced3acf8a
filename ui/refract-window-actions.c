/* refract-window-actions.c: what the buttons, menus and keys of the window do.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/refract-report-job.h"
#include "app/refract-sample-job.h"
#include "core/base/rf-linalg.h"
#include "ui/refract-compat.h"
#include "ui/refract-print.h"
#include "ui/refract-report-error.h"
#include "ui/refract-window-private.h"

#define REPORT_PLACES 20

void
refract_window_update_actions (RefractWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean free_to_open = self->opening == NULL && self->training == NULL;

  gtk_widget_action_set_enabled (widget, "win.open", free_to_open);
  gtk_widget_action_set_enabled (widget, "win.import", free_to_open);
  gtk_widget_action_set_enabled (widget, "win.sample", free_to_open);
  gtk_widget_action_set_enabled (widget, "win.import-start", free_to_open && self->assisting && refract_import_page_can_import (self->import_page));
  refract_window_update_training_actions (self);
  gtk_widget_action_set_enabled (widget, "win.export", self->session != NULL);
  gtk_widget_action_set_enabled (widget, "win.copy-ranking", self->session != NULL);
}

static void
chosen_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(RefractWindow) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = refract_compat_choose_file_finish (result, &error);
  g_autofree char *path = file ? g_file_get_path (file) : NULL;

  if (path)
    refract_window_open (self, path);
  else if (file)
    refract_window_toast (self, _("Only local files can be opened."));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    refract_report_error (GTK_WIDGET (self->toast_overlay), _("Could not choose a file"), error);
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _("Refract documents"));
  gtk_file_filter_add_pattern (filter, "*.refract");
  refract_compat_choose_file_async (GTK_WINDOW (widget), REFRACT_COMPAT_OPEN_FILE, _("Open a Document"), filter, NULL, NULL, chosen_cb, g_object_ref (widget));
}

static void
import_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  refract_compat_choose_file_async (GTK_WINDOW (widget), REFRACT_COMPAT_OPEN_FOLDER, _("Import a Catalog"), NULL, NULL, NULL, chosen_cb, g_object_ref (widget));
}

static void
import_start_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  refract_window_import (REFRACT_WINDOW (widget));
}

static void
import_leave_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  refract_window_assist (REFRACT_WINDOW (widget), NULL);
}

static void
open_path_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  refract_window_open (REFRACT_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
sample_ended_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  RefractWindow *self = data;
  g_autoptr(GError) error = NULL;
  gboolean ok = refract_job_run_finish (REFRACT_JOB (object), result, &error);

  g_clear_object (&self->opening);
  if (ok)
    {
      refract_window_set_session (self, refract_sample_job_get_session (REFRACT_SAMPLE_JOB (object)));
      refract_window_show_page (self, "explore");
      refract_window_notify (self, _("The sample is ready"), _("Every page has something to show."));
    }
  else
    {
      refract_report_error (GTK_WIDGET (self->toast_overlay), _("Could not make the sample"), error);
    }
  refract_welcome_page_refresh (self->welcome_page);
  refract_window_job_ended (self, REFRACT_JOB (object));
}

static void
sample_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RefractWindow *self = REFRACT_WINDOW (widget);
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "refract", NULL);

  self->opening = REFRACT_JOB (refract_sample_job_new (folder));
  refract_window_run_job (self, self->opening, sample_ended_cb);
}

void
refract_window_notify (RefractWindow *self, const char *title, const char *body)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  g_autoptr(GNotification) notification = NULL;

  if (application == NULL || gtk_window_is_active (GTK_WINDOW (self)))
    return;
  notification = g_notification_new (title);
  g_notification_set_body (notification, body);
  g_notification_set_default_action_and_target (notification, "app.present", "u", gtk_application_window_get_id (GTK_APPLICATION_WINDOW (self)));
  g_application_send_notification (G_APPLICATION (application), NULL, notification);
}

/* Opens another run of the document: a job of a moment that loads its model. */
typedef struct
{
  RefractWindow *window;
  RefractSession *session;
  char *id;
} ShowRun;

static void
show_run_free (gpointer data)
{
  ShowRun *show = data;

  g_object_unref (show->window);
  g_object_unref (show->session);
  g_free (show->id);
  g_free (show);
}

static void
load_run (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  ShowRun *show = data;
  GError *error = NULL;
  g_autoptr(RfWorkspace) workspace = rf_workspace_open (refract_session_get_path (show->session), &error);
  RfTrained *trained = workspace ? rf_trained_load (workspace, show->id, &error) : NULL;

  if (trained)
    g_task_return_pointer (task, trained, (GDestroyNotify) rf_trained_unref);
  else
    g_task_return_error (task, error);
}

static void
run_loaded_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  ShowRun *show = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;
  g_autoptr(RfTrained) trained = g_task_propagate_pointer (G_TASK (result), &error);

  show->window->n_jobs--;
  if (show->window->main_stack == NULL)
    return; /* it was closed meanwhile */
  if (trained == NULL)
    refract_report_error (GTK_WIDGET (show->window->toast_overlay), _("Could not open the run"), error);
  else if (show->window->session == show->session)
    {
      refract_session_set_trained (show->session, trained);
      refract_train_page_show_run (show->window->train_page, refract_session_find_run (show->session, show->id));
    }
}

static void
show_run_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RefractWindow *self = REFRACT_WINDOW (widget);
  ShowRun *show;
  g_autoptr(GTask) task = NULL;

  if (self->session == NULL)
    return;
  show = g_new (ShowRun, 1);
  *show = (ShowRun) { g_object_ref (self), g_object_ref (self->session), g_variant_dup_string (parameter, NULL) };
  task = g_task_new (NULL, NULL, run_loaded_cb, NULL);
  g_task_set_task_data (task, show, show_run_free);
  self->n_jobs++;
  g_task_run_in_thread (task, load_run);
}

static void
print_pages (RefractWindow *self, GPtrArray *pages)
{
  g_autoptr(GtkPrintOperation) operation = refract_print_operation_new (pages, refract_session_get_title (self->session));
  g_autoptr(GError) error = NULL;

  gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, GTK_WINDOW (self), &error);
  if (error)
    refract_report_error (GTK_WIDGET (self->toast_overlay), _("Could not print"), error);
}

/* After the window is done with the job: the printer's dialog waits for its user. */
static void
report_ended_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  RefractWindow *self = data;
  RefractReportJob *job = REFRACT_REPORT_JOB (object);
  g_autoptr(RefractWindow) held = g_object_ref (self);
  g_autoptr(GPtrArray) pages = NULL;
  g_autoptr(GError) error = NULL;
  gboolean ok = refract_job_run_finish (REFRACT_JOB (job), result, &error);

  if (ok && refract_report_job_get_pages (job))
    {
      pages = g_ptr_array_ref (refract_report_job_get_pages (job));
    }
  else if (ok)
    {
      g_autofree char *name = g_path_get_basename (refract_report_job_get_output (job)), *message = g_strdup_printf (_("Wrote %s"), name);

      refract_window_toast (self, message);
    }
  else
    {
      refract_report_error (GTK_WIDGET (self->toast_overlay), _("Could not write the report"), error);
    }
  refract_window_job_ended (self, REFRACT_JOB (job));
  if (pages && self->session)
    print_pages (self, pages);
}

void
refract_window_run_report (RefractWindow *self, RefractReportJob *job)
{
  refract_job_bar_add (self->job_bar, REFRACT_JOB (job));
  refract_window_run_job (self, REFRACT_JOB (job), report_ended_cb);
}

void
refract_window_export (RefractWindow *self, const char *path)
{
  guint32 user = refract_explore_page_get_user (self->explore_page);
  g_autoptr(RefractReportJob) job = NULL;

  if (user == RF_NO_INDEX)
    {
      refract_window_toast (self, _("Choose a user on the Explore page first."));
      return;
    }
  job = refract_report_job_new (refract_session_get_path (self->session), refract_session_get_trained (self->session), &user, 1, REPORT_PLACES, path);
  refract_window_run_report (self, job);
}

static void
about_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *debug = g_strdup_printf ("OpenBLAS kernel: %s\nGTK %u.%u.%u\n", rf_linalg_get_kernel (), gtk_get_major_version (), gtk_get_minor_version (), gtk_get_micro_version ());

  refract_compat_show_about (GTK_WINDOW (widget), PACKAGE_VERSION, debug);
}

static void
page_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  refract_window_show_page (REFRACT_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
show_item_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RefractWindow *self = REFRACT_WINDOW (widget);

  refract_window_show_page (self, "catalog");
  refract_window_choose_item (self, g_variant_get_string (parameter, NULL));
}

static void
show_user_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RefractWindow *self = REFRACT_WINDOW (widget);

  if (self->session && refract_explore_page_choose_user (self->explore_page, g_variant_get_string (parameter, NULL)))
    refract_window_show_page (self, "explore");
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RefractWindow *self = REFRACT_WINDOW (widget);

  if (g_strcmp0 (adw_view_stack_get_visible_child_name (self->view_stack), "catalog") == 0)
    {
      refract_catalog_page_focus_search (self->catalog_page);
      return;
    }
  refract_window_show_page (self, "explore");
  refract_explore_page_focus_search (self->explore_page);
}

void
refract_window_class_install_actions (GtkWidgetClass *widget_class)
{
  refract_window_class_install_tools (widget_class);
  gtk_widget_class_install_action (widget_class, "win.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "win.import", NULL, import_action);
  gtk_widget_class_install_action (widget_class, "win.import-start", NULL, import_start_action);
  gtk_widget_class_install_action (widget_class, "win.import-leave", NULL, import_leave_action);
  gtk_widget_class_install_action (widget_class, "win.open-path", "s", open_path_action);
  gtk_widget_class_install_action (widget_class, "win.sample", NULL, sample_action);
  refract_window_class_install_training (widget_class);
  gtk_widget_class_install_action (widget_class, "win.show-run", "s", show_run_action);
  gtk_widget_class_install_action (widget_class, "win.about", NULL, about_action);
  gtk_widget_class_install_action (widget_class, "win.page", "s", page_action);
  gtk_widget_class_install_action (widget_class, "win.show-item", "s", show_item_action);
  gtk_widget_class_install_action (widget_class, "win.show-user", "s", show_user_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
}
