/* refract-note-window.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/refract-note-window.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ui/refract-report-error.h"
#include "ui/refract-write-task.h"

struct _RefractNoteWindow
{
  AdwWindow parent_instance;

  GtkTextView *view;
  RefractSession *session;
  char *kind, *id;
};

G_DEFINE_FINAL_TYPE (RefractNoteWindow, refract_note_window, ADW_TYPE_WINDOW)

typedef struct
{
  char *document, *kind, *id, *text;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  g_free (saving->document);
  g_free (saving->kind);
  g_free (saving->id);
  g_free (saving->text);
  g_free (saving);
}

static void
save_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Saving *saving = data;
  GError *error = NULL;
  g_autoptr(RfWorkspace) workspace = rf_workspace_open (saving->document, &error);

  if (workspace && rf_workspace_save_note (workspace, saving->kind, saving->id, saving->text, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
saved_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(GtkWidget) parent = data;
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error) && parent)
    refract_report_error (parent, _("The note could not be kept"), error);
}

void
refract_note_window_set_text (RefractNoteWindow *self, const char *text)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->view), text, -1);
}

void
refract_note_window_save (RefractNoteWindow *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  g_autoptr(GTask) task = g_task_new (NULL, NULL, saved_cb, parent ? g_object_ref (parent) : NULL);
  Saving *saving = g_new0 (Saving, 1);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  saving->text = g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));
  saving->document = g_strdup (refract_session_get_path (self->session));
  saving->kind = g_strdup (self->kind);
  saving->id = g_strdup (self->id);
  refract_session_set_note (self->session, self->kind, self->id, saving->text);
  g_task_set_task_data (task, saving, saving_free);
  refract_write_task_run (task, save_in_thread);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
cancel_cb (RefractNoteWindow *self)
{
  gtk_window_destroy (GTK_WINDOW (self));
}

static char *
make_title (const char *kind, const char *id, RefractSession *session)
{
  RfCatalog *catalog = refract_session_get_catalog (session);
  guint32 item = strcmp (kind, "item") == 0 ? rf_catalog_find_item (catalog, id) : RF_NO_INDEX;

  if (strcmp (kind, "user") == 0)
    return g_strdup_printf (_("Note on User %s"), id);
  return g_strdup_printf (_("Note on %s"), item != RF_NO_INDEX ? rf_catalog_get_item_label (catalog, item) : id);
}

GtkWidget *
refract_note_window_new (GtkWindow *parent, RefractSession *session, const char *kind, const char *id)
{
  RefractNoteWindow *self = g_object_new (REFRACT_TYPE_NOTE_WINDOW, "transient-for", parent, "modal", TRUE, NULL);
  g_autofree char *title = make_title (kind, id, session);
  const char *text = refract_session_get_note (session, kind, id);

  self->session = g_object_ref (session);
  self->kind = g_strdup (kind);
  self->id = g_strdup (id);
  gtk_window_set_title (GTK_WINDOW (self), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  if (text)
    refract_note_window_set_text (self, text);
  return GTK_WIDGET (self);
}

static void
refract_note_window_finalize (GObject *object)
{
  RefractNoteWindow *self = REFRACT_NOTE_WINDOW (object);

  g_clear_object (&self->session);
  g_free (self->kind);
  g_free (self->id);
  G_OBJECT_CLASS (refract_note_window_parent_class)->finalize (object);
}

static void
refract_note_window_class_init (RefractNoteWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_note_window_finalize;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
refract_note_window_init (RefractNoteWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *header = adw_header_bar_new (), *cancel = gtk_button_new_with_mnemonic (_("_Cancel")), *save = gtk_button_new_with_mnemonic (_("_Keep"));
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->view = GTK_TEXT_VIEW (gtk_text_view_new ());
  gtk_text_view_set_wrap_mode (self->view, GTK_WRAP_WORD_CHAR);
  g_object_set (self->view, "top-margin", 12, "bottom-margin", 12, "left-margin", 12, "right-margin", 12, "accepts-tab", FALSE, NULL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->view));
  gtk_widget_set_vexpand (scrolled, TRUE);
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (header), FALSE);
  gtk_widget_add_css_class (save, "suggested-action");
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), save);
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (cancel_cb), self);
  g_signal_connect_swapped (save, "clicked", G_CALLBACK (refract_note_window_save), self);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), scrolled);
  adw_window_set_content (ADW_WINDOW (self), box);
  gtk_window_set_default_size (GTK_WINDOW (self), 420, 280);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->view));
}
