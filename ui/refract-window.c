/* refract-window.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/refract-import-job.h"
#include "app/refract-open-job.h"
#include "app/refract-settings.h"
#include "ui/refract-report-error.h"
#include "ui/refract-thumbnails.h"
#include "ui/refract-window-private.h"

#define NARROW 960

G_DEFINE_FINAL_TYPE (RefractWindow, refract_window, ADW_TYPE_APPLICATION_WINDOW)

RefractWindow *
refract_window_new (GtkApplication *application)
{
  return g_object_new (REFRACT_TYPE_WINDOW, "application", application, NULL);
}

RefractSession *
refract_window_get_session (RefractWindow *self)
{
  return self->session;
}

void
refract_window_toast (RefractWindow *self, const char *message)
{
  refract_report_message (GTK_WIDGET (self->toast_overlay), message);
}

void
refract_window_update_view (RefractWindow *self)
{
  const char *view = self->opening ? "busy" : self->assisting ? "import" : self->session ? "document" : "welcome";
  g_autofree char *title = self->session ? g_strdup_printf ("%s – Refract", refract_session_get_title (self->session)) : g_strdup ("Refract");

  gtk_stack_set_visible_child_name (self->main_stack, view);
  gtk_stack_set_visible_child_name (self->title_stack, strcmp (view, "document") == 0 ? "switcher" : "title");
  gtk_menu_button_set_label (self->document_button, self->session ? refract_session_get_title (self->session) : _("Open"));
  gtk_window_set_title (GTK_WINDOW (self), title);
  refract_busy_page_set_job (self->busy_page, self->opening);
  refract_window_update_actions (self);
}

void
refract_window_set_session (RefractWindow *self, RefractSession *session)
{
  if (self->session == session)
    return;
  refract_window_finish_deleting (self);
  g_set_object (&self->session, session);
  refract_catalog_page_set_session (self->catalog_page, session);
  refract_train_page_set_session (self->train_page, session);
  refract_explore_page_set_session (self->explore_page, session);
  refract_compare_page_set_session (self->compare_page, session);
  if (session)
    {
      g_autofree char *page = refract_settings_dup_string ("page", "catalog");

      refract_settings_add_recent (refract_session_get_path (session));
      refract_window_show_page (self, refract_session_get_trained (session) ? page : "catalog");
      if (self->pending_user)
        refract_window_choose (self, self->pending_user, self->pending_place);
      g_clear_pointer (&self->pending_user, g_free);
    }
  refract_window_update_view (self);
}

typedef struct
{
  RefractWindow *window;
  GApplication *application; /* stays until its threads are done */
  GAsyncReadyCallback callback;
} Running;

/* A job that was let go: its thread has ended now. */
static void
ended_late_cb (RefractJob *job, GApplication *application)
{
  g_application_release (application);
}

static void
application_unref (gpointer application, GClosure *closure)
{
  g_object_unref (application);
}

/* A window that was closed meanwhile has nothing left to show the end in. */
static void
job_ended_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autofree Running *running = data;
  g_autoptr(GApplication) application = running->application;

  if (running->window->main_stack)
    running->callback (object, result, running->window);
  else
    {
      refract_job_run_finish (REFRACT_JOB (object), result, NULL);
      g_object_unref (running->window);
    }
  if (application && refract_job_is_ending (REFRACT_JOB (object)))
    g_signal_connect_data (object, "ended", G_CALLBACK (ended_late_cb), g_steal_pointer (&application), application_unref, 0);
  else if (application)
    g_application_release (application);
}

void
refract_window_run_job (RefractWindow *self, RefractJob *job, GAsyncReadyCallback callback)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  Running *running = g_new (Running, 1);

  *running = (Running) { g_object_ref (self), application ? G_APPLICATION (g_object_ref (application)) : NULL, callback };
  if (application)
    g_application_hold (G_APPLICATION (application));
  self->n_jobs++;
  refract_job_run_async (job, job_ended_cb, running);
  refract_window_update_view (self);
}

/* To be called by every callback of run_job; gives back the reference that it took. */
void
refract_window_job_ended (RefractWindow *self, RefractJob *job)
{
  self->n_jobs--;
  refract_job_bar_remove (self->job_bar, job);
  refract_window_update_view (self);
  g_object_unref (self);
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  RefractWindow *self = data;
  RefractJob *job = REFRACT_JOB (object);
  g_autoptr(GError) error = NULL;
  gboolean ok = refract_job_run_finish (job, result, &error);

  g_clear_object (&self->opening);
  if (ok && REFRACT_IS_IMPORT_JOB (job))
    {
      refract_window_assist (self, NULL);
      refract_window_notify (self, _("The import has ended"), refract_import_job_get_path (REFRACT_IMPORT_JOB (job)));
    }
  if (ok)
    refract_window_set_session (self, REFRACT_IS_IMPORT_JOB (job) ? refract_import_job_get_session (REFRACT_IMPORT_JOB (job))
                                                                  : refract_open_job_get_session (REFRACT_OPEN_JOB (job)));
  else
    refract_report_error (GTK_WIDGET (self->toast_overlay), _("Could not open the document"), error);
  if (ok && self->pending_resume)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.resume-training", NULL);
  self->pending_resume = FALSE;
  refract_welcome_page_refresh (self->welcome_page);
  refract_window_job_ended (self, job);
}

/* Something to import: a folder, or a table in one. */
static gboolean
is_source (const char *path)
{
  static const char *const endings[] = { ".csv", ".tsv", ".txt", ".dat", ".data", ".inter", ".jsonl", ".json", ".gz" };
  g_autofree char *lower = g_ascii_strdown (path, -1);

  for (gsize e = 0; e < G_N_ELEMENTS (endings); e++)
    if (g_str_has_suffix (lower, endings[e]))
      return TRUE;
  return g_file_test (path, G_FILE_TEST_IS_DIR);
}

void
refract_window_open (RefractWindow *self, const char *path)
{
  if (self->opening || self->training)
    {
      refract_window_toast (self, _("Something is still running; wait for it or cancel it first."));
      return;
    }
  if (is_source (path))
    {
      refract_window_assist (self, path);
      return;
    }
  refract_window_assist (self, NULL);
  self->opening = REFRACT_JOB (refract_open_job_new (path));
  refract_window_run_job (self, self->opening, opened_cb);
}

void
refract_window_assist (RefractWindow *self, const char *source)
{
  self->assisting = source != NULL;
  refract_import_page_set_source (self->import_page, source);
  refract_window_update_view (self);
}

void
refract_window_import (RefractWindow *self)
{
  self->opening = REFRACT_JOB (refract_import_job_new (refract_import_page_get_source (self->import_page), refract_import_page_get_path (self->import_page),
                                                       refract_import_page_get_plan (self->import_page)));
  refract_window_run_job (self, self->opening, opened_cb);
}

void
refract_window_show_page (RefractWindow *self, const char *page)
{
  if (adw_view_stack_get_child_by_name (self->view_stack, page))
    adw_view_stack_set_visible_child_name (self->view_stack, page);
}

gboolean
refract_window_choose_item (RefractWindow *self, const char *item_id)
{
  return refract_catalog_page_choose_item (self->catalog_page, item_id);
}

gboolean
refract_window_choose (RefractWindow *self, const char *user_id, guint place)
{
  if (self->session == NULL)
    {
      g_free (self->pending_user);
      self->pending_user = g_strdup (user_id);
      self->pending_place = place;
      return TRUE;
    }
  if (!refract_explore_page_choose_user (self->explore_page, user_id))
    return FALSE;
  refract_explore_page_choose_place (self->explore_page, place);
  return TRUE;
}

void
refract_window_compose (RefractWindow *self, const char *const *ids)
{
  g_autoptr(GArray) items = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (gsize i = 0; self->session && ids[i]; i++)
    {
      guint32 item = rf_catalog_find_item (refract_session_get_catalog (self->session), ids[i]);

      if (item != RF_NO_INDEX)
        g_array_append_val (items, item);
    }
  refract_explore_page_compose (self->explore_page, (gpointer) items->data, items->len);
}

gboolean
refract_window_compare (RefractWindow *self, const char *first, const char *second)
{
  return refract_compare_page_compare (self->compare_page, first, second);
}

void
refract_window_show_tab (RefractWindow *self, const char *tab)
{
  if (strcmp (tab, "overview") == 0)
    refract_explore_page_show_overview (self->explore_page, TRUE);
  else if (strcmp (tab, "charts") == 0)
    refract_catalog_page_show_charts (self->catalog_page, TRUE);
  else
    refract_compare_page_show_tab (self->compare_page, tab);
}

gboolean
refract_window_is_settled (RefractWindow *self)
{
  return self->n_jobs == 0 && refract_catalog_page_is_settled (self->catalog_page) && refract_import_page_is_settled (self->import_page) && refract_train_page_is_settled (self->train_page) && refract_explore_page_is_settled (self->explore_page) && refract_compare_page_is_settled (self->compare_page) &&
         (self->session == NULL || refract_thumbnails_is_idle (refract_thumbnails_get_for_session (self->session)));
}

static void
compared_users_cb (RefractWindow *self, gpointer users, guint n, const char *name)
{
  refract_explore_page_show_users (self->explore_page, users, n, name);
  refract_window_show_page (self, "explore");
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, RefractWindow *self)
{
  GSList *files = g_value_get_boxed (value);
  g_autofree char *path = files ? g_file_get_path (files->data) : NULL;

  if (path == NULL)
    return FALSE;
  refract_window_open (self, path);
  return TRUE;
}

static GdkDragAction
drop_enter_cb (GtkDropTarget *target, double x, double y, RefractWindow *self)
{
  gtk_revealer_set_reveal_child (self->drop_revealer, TRUE);
  return GDK_ACTION_COPY;
}

static void
drop_leave_cb (GtkDropTarget *target, RefractWindow *self)
{
  gtk_revealer_set_reveal_child (self->drop_revealer, FALSE);
}

static void
page_changed_cb (RefractWindow *self)
{
  const char *page = adw_view_stack_get_visible_child_name (self->view_stack);

  if (page && self->session)
    refract_settings_set_string ("page", page);
}

/* There is no room for wide tabs in a narrow window. */
static void
width_changed_cb (RefractWindow *self)
{
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  adw_view_switcher_set_policy (self->view_switcher, width < NARROW ? ADW_VIEW_SWITCHER_POLICY_NARROW : ADW_VIEW_SWITCHER_POLICY_WIDE);
}

static gboolean
refract_window_close_request (GtkWindow *window)
{
  RefractWindow *self = REFRACT_WINDOW (window);
  int width, height;

  gtk_window_get_default_size (window, &width, &height);
  refract_settings_set_int ("window-width", width);
  refract_settings_set_int ("window-height", height);
  refract_settings_set_boolean ("window-maximized", gtk_window_is_maximized (window));
  refract_window_finish_deleting (self);
  if (self->opening)
    refract_job_cancel (self->opening);
  if (self->training)
    refract_job_cancel (REFRACT_JOB (self->training));
  return GTK_WINDOW_CLASS (refract_window_parent_class)->close_request (window);
}

static void
refract_window_dispose (GObject *object)
{
  RefractWindow *self = REFRACT_WINDOW (object);

  if (self->view_stack)
    g_signal_handlers_disconnect_by_data (self->view_stack, self);
  self->view_stack = NULL;
  g_clear_object (&self->opening);
  g_clear_object (&self->training);
  g_clear_object (&self->session);
  g_clear_pointer (&self->pending_user, g_free);
  if (self->deleting)
    refract_window_finish_deleting (self);
  g_clear_pointer (&self->deleting, g_ptr_array_unref);
  G_OBJECT_CLASS (refract_window_parent_class)->dispose (object);
}

static void
refract_window_class_init (RefractWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (REFRACT_TYPE_WELCOME_PAGE);
  g_type_ensure (REFRACT_TYPE_BUSY_PAGE);
  g_type_ensure (REFRACT_TYPE_IMPORT_PAGE);
  g_type_ensure (REFRACT_TYPE_CATALOG_PAGE);
  g_type_ensure (REFRACT_TYPE_TRAIN_PAGE);
  g_type_ensure (REFRACT_TYPE_EXPLORE_PAGE);
  g_type_ensure (REFRACT_TYPE_COMPARE_PAGE);
  g_type_ensure (REFRACT_TYPE_JOB_BAR);
  G_OBJECT_CLASS (klass)->dispose = refract_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = refract_window_close_request;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/refract/Refract/ui/refract-window.ui");
  gtk_widget_class_bind_template_child (widget_class, RefractWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, RefractWindow, header_bar);
  gtk_widget_class_bind_template_child (widget_class, RefractWindow, document_button);
  gtk_widget_class_bind_template_child (widget_class, RefractWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, RefractWindow, export_button);
  gtk_widget_class_bind_template_child (widget_class, RefractWindow, title_stack);
  gtk_widget_class_bind_template_child (widget_class, RefractWindow, main_stack);
  gtk_widget_class_bind_template_child (widget_class, RefractWindow, view_stack);
  gtk_widget_class_bind_template_child (widget_class, RefractWindow, view_switcher);
  gtk_widget_class_bind_template_child (widget_class, RefractWindow, welcome_page);
  gtk_widget_class_bind_template_child (widget_class, RefractWindow, busy_page);
  gtk_widget_class_bind_template_child (widget_class, RefractWindow, import_page);
  gtk_widget_class_bind_template_child (widget_class, RefractWindow, catalog_page);
  gtk_widget_class_bind_template_child (widget_class, RefractWindow, train_page);
  gtk_widget_class_bind_template_child (widget_class, RefractWindow, explore_page);
  gtk_widget_class_bind_template_child (widget_class, RefractWindow, compare_page);
  gtk_widget_class_bind_template_child (widget_class, RefractWindow, job_bar);
  gtk_widget_class_bind_template_child (widget_class, RefractWindow, drop_revealer);
  refract_window_class_install_actions (widget_class);
}

static void
refract_window_init (RefractWindow *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  self->deleting = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_window_set_icon_name (GTK_WINDOW (self), APP_ID);
  gtk_window_set_default_size (GTK_WINDOW (self), refract_settings_get_int ("window-width", 1280), refract_settings_get_int ("window-height", 800));
  if (refract_settings_get_boolean ("window-maximized", FALSE))
    gtk_window_maximize (GTK_WINDOW (self));
  g_signal_connect (drop, "drop", G_CALLBACK (drop_cb), self);
  g_signal_connect (drop, "enter", G_CALLBACK (drop_enter_cb), self);
  g_signal_connect (drop, "leave", G_CALLBACK (drop_leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
  g_signal_connect_swapped (self->compare_page, "users", G_CALLBACK (compared_users_cb), self);
  g_signal_connect_object (self->import_page, "changed", G_CALLBACK (refract_window_update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::default-width", G_CALLBACK (width_changed_cb), NULL);
  width_changed_cb (self);
  g_signal_connect_swapped (self->view_stack, "notify::visible-child", G_CALLBACK (page_changed_cb), self);
  refract_window_update_view (self);
}
