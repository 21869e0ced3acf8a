/* refract-problem-window.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-problem-window.h"

#include <glib/gi18n-lib.h>

#include "core/catalog/rf-import-preview.h"
#include "ui/pages/refract-problem-list.h"

struct _RefractProblemWindow
{
  AdwWindow parent_instance;

  AdwPreferencesGroup *record_group;
  GtkPicture *picture;
  gboolean settled;
};

G_DEFINE_FINAL_TYPE (RefractProblemWindow, refract_problem_window, ADW_TYPE_WINDOW)

/* What the thread is asked and what it found. */
typedef struct
{
  char *source, *file;
  guint64 line;
  RfCatalog *catalog;
  char **record, **columns;
  GdkTexture *texture;
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  g_free (look->source);
  g_free (look->file);
  g_strfreev (look->record);
  g_strfreev (look->columns);
  g_clear_pointer (&look->catalog, rf_catalog_unref);
  g_clear_object (&look->texture);
  g_free (look);
}

static void
look_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Look *look = data;
  g_autoptr(RfImportPreview) preview = rf_import_preview_new (look->source, NULL, NULL, NULL);
  const RfPreviewTable *table = preview ? rf_import_preview_find (preview, look->file) : NULL;
  g_autoptr(GBytes) jpeg = NULL;

  if (preview != NULL)
    {
      look->record = rf_import_preview_read_record (preview, look->file, look->line, NULL);
      look->columns = table ? g_strdupv (table->columns) : NULL;
      jpeg = look->catalog && look->record ? rf_import_preview_load_picture (preview, look->catalog, look->file, look->record) : NULL;
      look->texture = jpeg ? gdk_texture_new_from_bytes (jpeg, NULL) : NULL;
    }
  g_task_return_boolean (task, TRUE);
}

static void
add_row (RefractProblemWindow *self, const char *title, const char *value)
{
  GtkWidget *row = adw_action_row_new ();

  g_object_set (row, "use-markup", FALSE, "title", title, "subtitle", *value ? value : "–", "subtitle-lines", 4, NULL);
  gtk_widget_add_css_class (row, "property");
  adw_preferences_group_add (self->record_group, row);
}

static void
looked_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(RefractProblemWindow) self = data;
  Look *look = g_task_get_task_data (G_TASK (result));
  guint n_columns = look->columns ? g_strv_length (look->columns) : 0;

  self->settled = TRUE;
  if (look->record == NULL)
    {
      adw_preferences_group_set_description (self->record_group, look->line == 0 ? _("The problem is about the whole file.") : _("The file is not there any more."));
      return;
    }
  adw_preferences_group_set_description (self->record_group, NULL);
  for (guint f = 0; look->record[f] != NULL; f++)
    {
      g_autofree char *number = g_strdup_printf ("%u", f + 1);

      add_row (self, f < n_columns ? look->columns[f] : number, look->record[f]);
    }
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (look->texture));
  gtk_widget_set_visible (GTK_WIDGET (self->picture), look->texture != NULL);
}

gboolean
refract_problem_window_is_settled (RefractProblemWindow *self)
{
  return self->settled;
}

static GtkWidget *
make_facts (const RfProblem *problem)
{
  GtkWidget *group = adw_preferences_group_new (), *row = adw_action_row_new ();
  g_autofree char *line = g_strdup_printf ("%" G_GUINT64_FORMAT, problem->line);
  g_autofree char *place = problem->line ? g_strdup_printf (_("%s, line %s · %s"), problem->file, line, rf_import_action_to_string (problem->action))
                                         : g_strdup_printf ("%s · %s", problem->file, rf_import_action_to_string (problem->action));

  g_object_set (row, "use-markup", FALSE, "title", problem->message, "subtitle", place, "title-lines", 0, "subtitle-lines", 2, NULL);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  return group;
}

GtkWidget *
refract_problem_window_new (GtkWindow *parent, const RfProblem *problem, RfCatalog *catalog, const char *source)
{
  RefractProblemWindow *self = g_object_new (REFRACT_TYPE_PROBLEM_WINDOW, "transient-for", parent, "modal", parent != NULL, "default-width", 520, "default-height", 560,
                                             "title", refract_problem_kind_title (problem->kind), NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *page = adw_preferences_page_new (), *group = adw_preferences_group_new ();
  g_autoptr(GTask) task = g_task_new (NULL, NULL, looked_cb, g_object_ref (self));
  Look *look = g_new0 (Look, 1);

  self->record_group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_preferences_group_set_title (self->record_group, _("The Record"));
  adw_preferences_group_set_description (self->record_group, _("Reading…"));
  self->picture = GTK_PICTURE (gtk_picture_new ());
  gtk_picture_set_content_fit (self->picture, GTK_CONTENT_FIT_SCALE_DOWN);
  gtk_picture_set_alternative_text (self->picture, _("The item's picture"));
  gtk_widget_set_size_request (GTK_WIDGET (self->picture), -1, 160);
  gtk_widget_set_visible (GTK_WIDGET (self->picture), FALSE);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (self->picture));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (make_facts (problem)));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), self->record_group);
  gtk_widget_set_vexpand (page, TRUE);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), page);
  adw_window_set_content (ADW_WINDOW (self), box);
  look->source = g_strdup (source);
  look->file = g_strdup (problem->file);
  look->line = problem->line;
  look->catalog = catalog ? rf_catalog_ref (catalog) : NULL;
  g_task_set_task_data (task, look, look_free);
  g_task_run_in_thread (task, look_thread);
  return GTK_WIDGET (self);
}

static void
refract_problem_window_class_init (RefractProblemWindowClass *klass)
{
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
refract_problem_window_init (RefractProblemWindow *self)
{
}
