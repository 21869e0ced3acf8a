/* refract-window-tools.c: what the window does for every page: search for anything, notes, deleting a run and taking it back, and
 * saving what a page shows.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "app/refract-report-job.h"
#include "ui/refract-command-search.h"
#include "ui/refract-compat.h"
#include "ui/refract-csv.h"
#include "ui/refract-export-window.h"
#include "ui/refract-note-window.h"
#include "ui/refract-report-error.h"
#include "ui/refract-window-private.h"
#include "ui/refract-write-task.h"

#define UNDO_SECONDS 10

/* Search and notes. */

static void
command_search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_window_present (GTK_WINDOW (refract_command_search_new (GTK_WINDOW (widget), REFRACT_WINDOW (widget)->session)));
}

static void
note_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RefractWindow *self = REFRACT_WINDOW (widget);

  if (self->session)
    gtk_window_present (GTK_WINDOW (refract_note_window_new (GTK_WINDOW (self), self->session, name + strlen ("win.note-"), g_variant_get_string (parameter, NULL))));
}

/* Deleting a run: it leaves the lists at once and the document when the toast has gone. */

typedef struct
{
  RefractWindow *window; /* NULL once it is closed */
  RefractSession *session;
  RefractRun *run;
  guint position;
  gboolean settled; /* taken back, or done */
} Deleting;

static void
deleting_free (gpointer data)
{
  Deleting *deleting = data;

  g_object_unref (deleting->session);
  g_object_unref (deleting->run);
  g_free (deleting);
}

static void
delete_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Deleting *deleting = data;
  GError *error = NULL;
  g_autoptr(RfWorkspace) workspace = rf_workspace_open (refract_session_get_path (deleting->session), &error);

  if (workspace && rf_workspace_delete_run (workspace, refract_run_get_id (deleting->run), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
deleted_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(RefractWindow) self = data;
  const Deleting *deleting = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;

  self->n_jobs--;
  if (g_task_propagate_boolean (G_TASK (result), &error) || self->main_stack == NULL)
    return;
  refract_session_insert_run (deleting->session, deleting->run, deleting->position);
  refract_report_error (GTK_WIDGET (self->toast_overlay), _("The run could not be deleted"), error);
}

static void
finish_deleting (Deleting *deleting)
{
  RefractWindow *window = deleting->window;
  g_autoptr(GTask) task = NULL;
  Deleting *copy;

  if (deleting->settled)
    return;
  deleting->settled = TRUE;
  if (gtk_widget_in_destruction (GTK_WIDGET (window)))
    {
      g_autoptr(RfWorkspace) workspace = rf_workspace_open (refract_session_get_path (deleting->session), NULL);

      /* Nobody is left to hear of an error; the run then is there again when the document is opened. */
      if (workspace)
        rf_workspace_delete_run (workspace, refract_run_get_id (deleting->run), NULL);
      return;
    }
  copy = g_new0 (Deleting, 1);
  *copy = (Deleting) { .session = g_object_ref (deleting->session), .run = g_object_ref (deleting->run), .position = deleting->position };
  task = g_task_new (NULL, NULL, deleted_cb, g_object_ref (window));
  g_task_set_task_data (task, copy, deleting_free);
  window->n_jobs++;
  refract_write_task_run (task, delete_in_thread);
}

void
refract_window_finish_deleting (RefractWindow *self)
{
  for (guint d = 0; d < self->deleting->len; d++)
    {
      Deleting *deleting = self->deleting->pdata[d];

      finish_deleting (deleting);
      deleting->window = NULL;
    }
  g_ptr_array_set_size (self->deleting, 0);
}

static void
forget_deleting (Deleting *deleting)
{
  if (deleting->window)
    g_ptr_array_remove (deleting->window->deleting, deleting);
  deleting->window = NULL;
}

static void
dismissed_cb (AdwToast *toast, gpointer data)
{
  Deleting *deleting = data;

  if (deleting->window == NULL)
    return;
  finish_deleting (deleting);
  forget_deleting (deleting);
}

static void
take_back_cb (AdwToast *toast, gpointer data)
{
  Deleting *deleting = data;

  if (deleting->settled || deleting->window == NULL)
    return;
  deleting->settled = TRUE;
  refract_session_insert_run (deleting->session, deleting->run, deleting->position);
  if (refract_session_get_trained (deleting->session) == NULL)
    gtk_widget_activate_action (GTK_WIDGET (deleting->window), "win.show-run", "s", refract_run_get_id (deleting->run));
  forget_deleting (deleting);
}

static void
show_another_run (RefractWindow *self, const char *gone)
{
  RfTrained *trained = refract_session_get_trained (self->session);
  g_autoptr(RefractRun) next = g_list_model_get_item (refract_session_get_runs (self->session), 0);

  if (trained == NULL || strcmp (trained->run->id, gone) != 0)
    return;
  if (next)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show-run", "s", refract_run_get_id (next));
  else
    {
      refract_session_set_trained (self->session, NULL);
      refract_train_page_show_run (self->train_page, NULL);
    }
}

static void
delete_run_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RefractWindow *self = REFRACT_WINDOW (widget);
  const char *id = g_variant_get_string (parameter, NULL);
  RefractRun *run = self->session ? refract_session_find_run (self->session, id) : NULL;
  GListModel *runs;
  Deleting *deleting;
  g_autofree char *text = NULL;
  AdwToast *toast;

  if (run == NULL)
    return;
  deleting = g_new0 (Deleting, 1);
  *deleting = (Deleting) { self, g_object_ref (self->session), g_object_ref (run), 0, FALSE };
  runs = refract_session_get_runs (self->session);
  for (guint r = 0; r < g_list_model_get_n_items (runs); r++)
    {
      g_autoptr(RefractRun) other = g_list_model_get_item (runs, r);

      if (other == run)
        deleting->position = r;
    }
  refract_session_remove_run (self->session, id);
  show_another_run (self, id);
  g_ptr_array_add (self->deleting, deleting);
  text = g_markup_printf_escaped (_("%s is deleted"), id);
  toast = adw_toast_new (text);
  adw_toast_set_button_label (toast, _("_Undo"));
  adw_toast_set_timeout (toast, UNDO_SECONDS);
  g_signal_connect (toast, "button-clicked", G_CALLBACK (take_back_cb), deleting);
  g_signal_connect (toast, "dismissed", G_CALLBACK (dismissed_cb), deleting);
  g_object_set_data_full (G_OBJECT (toast), "deleting", deleting, deleting_free);
  adw_toast_overlay_add_toast (self->toast_overlay, toast);
}

/* Ctrl+Z takes back the last one that is not done yet. */
static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RefractWindow *self = REFRACT_WINDOW (widget);

  if (self->deleting->len > 0)
    take_back_cb (NULL, self->deleting->pdata[self->deleting->len - 1]);
}

/* What a page shows, as a table. */

static char *
runs_to_csv (RefractSession *session)
{
  static const char *const metrics[] = { "ndcg@20", "recall@20", "precision@20", "map@20" };
  GListModel *runs = refract_session_get_runs (session);
  g_autoptr(GString) csv = g_string_new ("run,created,seconds");

  for (gsize m = 0; m < G_N_ELEMENTS (metrics); m++)
    g_string_append_printf (csv, ",%s", metrics[m]);
  g_string_append (csv, ",settings,note\r\n");
  for (guint r = 0; r < g_list_model_get_n_items (runs); r++)
    {
      g_autoptr(RefractRun) run = g_list_model_get_item (runs, r);
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      g_string_append_printf (csv, "%s,%" G_GINT64_FORMAT ",%s", refract_run_get_id (run), refract_run_get_created (run),
                              isnan (refract_run_get_seconds (run)) ? "" : g_ascii_formatd (number, sizeof number, "%.3f", refract_run_get_seconds (run)));
      for (gsize m = 0; m < G_N_ELEMENTS (metrics); m++)
        g_string_append_printf (csv, ",%s", isnan (refract_run_get_metric (run, metrics[m])) ? "" : g_ascii_formatd (number, sizeof number, "%.9g", refract_run_get_metric (run, metrics[m])));
      refract_csv_append (csv, refract_run_get_summary (run));
      refract_csv_append (csv, refract_session_get_note (session, "run", refract_run_get_id (run)));
      g_string_append (csv, "\r\n");
    }
  return g_strdup (csv->str);
}

static char *
items_to_csv (RefractSession *session)
{
  RfCatalog *catalog = refract_session_get_catalog (session);
  g_autoptr(GString) csv = g_string_new ("item_id,interactions,picture,text,title,category,note\r\n");

  for (guint32 i = 0; i < rf_catalog_get_n_items (catalog); i++)
    {
      g_autoptr(GString) id = g_string_new (NULL);

      refract_csv_append (id, rf_catalog_get_item_id (catalog, i));
      g_string_append_printf (csv, "%s,%u,%d,%d", id->str + 1, refract_session_get_item_counts (session)[i], rf_catalog_item_has_image (catalog, i), rf_catalog_item_has_text (catalog, i));
      refract_csv_append (csv, rf_catalog_get_item_title (catalog, i));
      refract_csv_append (csv, rf_catalog_get_item_category (catalog, i));
      refract_csv_append (csv, refract_session_get_note (session, "item", rf_catalog_get_item_id (catalog, i)));
      g_string_append (csv, "\r\n");
    }
  return g_strdup (csv->str);
}

char *
refract_window_dup_table (RefractWindow *self, const char *page)
{
  if (self->session == NULL)
    return NULL;
  if (strcmp (page, "train") == 0)
    return runs_to_csv (self->session);
  if (strcmp (page, "compare") == 0)
    return refract_compare_page_dup_csv (self->compare_page);
  return items_to_csv (self->session);
}

static void
table_chosen_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(RefractWindow) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = refract_compat_choose_file_finish (result, &error);
  g_autofree char *path = file ? g_file_get_path (file) : NULL;
  const char *page = adw_view_stack_get_visible_child_name (self->view_stack);
  g_autofree char *csv = path && page ? refract_window_dup_table (self, page) : NULL;

  if (csv == NULL)
    return;
  if (g_file_set_contents (path, csv, -1, &error))
    {
      g_autofree char *name = g_path_get_basename (path), *message = g_strdup_printf (_("Wrote %s"), name);

      refract_window_toast (self, message);
    }
  else
    refract_report_error (GTK_WIDGET (self->toast_overlay), _("Could not write the table"), error);
}

static void
export_table (RefractWindow *self, const char *page)
{
  g_autofree char *csv = refract_window_dup_table (self, page), *proposal = g_strdup_printf ("%s-%s.csv", refract_session_get_title (self->session), page);

  if (csv == NULL)
    {
      refract_window_toast (self, _("Compare two runs first."));
      return;
    }
  refract_compat_choose_file_async (GTK_WINDOW (self), REFRACT_COMPAT_SAVE_FILE, _("Save the Table of This Page (.csv)"), NULL, proposal, NULL, table_chosen_cb, g_object_ref (self));
}

static void
export_cb (RefractWindow *self, RefractReportJob *job)
{
  refract_window_run_report (self, job);
}

static void
export_report (RefractWindow *self)
{
  guint n;
  g_autofree guint32 *shown = refract_explore_page_dup_shown_users (self->explore_page, &n);
  g_autofree char *segment = refract_explore_page_dup_segment (self->explore_page);
  GtkWidget *window = refract_export_window_new (GTK_WINDOW (self), self->session, refract_explore_page_get_user (self->explore_page), shown, n, segment);

  g_signal_connect_object (window, "export", G_CALLBACK (export_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (window));
}

static void
export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RefractWindow *self = REFRACT_WINDOW (widget);
  const char *page = adw_view_stack_get_visible_child_name (self->view_stack);

  if (page && strcmp (page, "explore") != 0)
    export_table (self, page);
  else if (refract_session_get_trained (self->session))
    export_report (self);
  else
    refract_window_toast (self, _("Train a model first."));
}

static void
copy_ranking_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RefractWindow *self = REFRACT_WINDOW (widget);

  if (refract_explore_page_get_ranking (self->explore_page) == NULL)
    return;
  refract_explore_page_copy (self->explore_page);
  refract_window_toast (self, _("The ranking is in the clipboard"));
}

static void
overview_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  refract_window_show_page (REFRACT_WINDOW (widget), "explore");
  refract_window_show_tab (REFRACT_WINDOW (widget), "overview");
}

static void
tab_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  refract_window_show_page (REFRACT_WINDOW (widget), "compare");
  refract_window_show_tab (REFRACT_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

void
refract_window_class_install_tools (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.command-search", NULL, command_search_action);
  gtk_widget_class_install_action (widget_class, "win.note-user", "s", note_action);
  gtk_widget_class_install_action (widget_class, "win.note-item", "s", note_action);
  gtk_widget_class_install_action (widget_class, "win.note-run", "s", note_action);
  gtk_widget_class_install_action (widget_class, "win.delete-run", "s", delete_run_action);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "win.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "win.copy-ranking", NULL, copy_ranking_action);
  gtk_widget_class_install_action (widget_class, "win.overview", NULL, overview_action);
  gtk_widget_class_install_action (widget_class, "win.tab", "s", tab_action);
}
