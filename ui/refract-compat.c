/* refract-compat.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/refract-compat.h"

#include <glib/gi18n-lib.h>

static GTask *
new_task (GtkWindow *parent, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (parent, NULL, callback, user_data);

  return task;
}

static void
return_dismissed (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s", _("Dismissed"));
}

#if GTK_CHECK_VERSION(4, 10, 0)

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  GtkFileDialog *dialog = GTK_FILE_DIALOG (source);
  g_autoptr(GError) error = NULL;
  GFile *file = NULL;

  switch (GPOINTER_TO_INT (g_task_get_task_data (task)))
    {
    case REFRACT_COMPAT_OPEN_FOLDER:
      file = gtk_file_dialog_select_folder_finish (dialog, result, &error);
      break;
    case REFRACT_COMPAT_SAVE_FILE:
      file = gtk_file_dialog_save_finish (dialog, result, &error);
      break;
    default:
      file = gtk_file_dialog_open_finish (dialog, result, &error);
    }
  if (file != NULL)
    g_task_return_pointer (task, file, g_object_unref);
  else if (g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_FAILED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    return_dismissed (task);
}

void
refract_compat_choose_file_async (GtkWindow *parent, RefractCompatChooser kind, const char *title, GtkFileFilter *filter,
                                  const char *name, GFile *folder, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = new_task (parent, callback, user_data);
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();

  g_task_set_task_data (task, GINT_TO_POINTER (kind), NULL);
  gtk_file_dialog_set_title (dialog, title);
  if (folder != NULL)
    gtk_file_dialog_set_initial_folder (dialog, folder);
  if (name != NULL)
    gtk_file_dialog_set_initial_name (dialog, name);
  if (filter != NULL)
    {
      g_autoptr(GListStore) filters = g_list_store_new (GTK_TYPE_FILE_FILTER);

      g_list_store_append (filters, filter);
      gtk_file_dialog_set_filters (dialog, G_LIST_MODEL (filters));
    }
  switch (kind)
    {
    case REFRACT_COMPAT_OPEN_FOLDER:
      gtk_file_dialog_select_folder (dialog, parent, NULL, chosen_cb, task);
      break;
    case REFRACT_COMPAT_SAVE_FILE:
      gtk_file_dialog_save (dialog, parent, NULL, chosen_cb, task);
      break;
    default:
      gtk_file_dialog_open (dialog, parent, NULL, chosen_cb, task);
    }
}

#else

static void
response_cb (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file != NULL)
    g_task_return_pointer (task, g_steal_pointer (&file), g_object_unref);
  else
    return_dismissed (task);
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

void
refract_compat_choose_file_async (GtkWindow *parent, RefractCompatChooser kind, const char *title, GtkFileFilter *filter,
                                  const char *name, GFile *folder, GAsyncReadyCallback callback, gpointer user_data)
{
  static const GtkFileChooserAction actions[] = {
    [REFRACT_COMPAT_OPEN_FILE] = GTK_FILE_CHOOSER_ACTION_OPEN,
    [REFRACT_COMPAT_OPEN_FOLDER] = GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
    [REFRACT_COMPAT_SAVE_FILE] = GTK_FILE_CHOOSER_ACTION_SAVE,
  };
  GTask *task = new_task (parent, callback, user_data);
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (title, parent, actions[kind], NULL, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  if (folder != NULL)
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (dialog), folder, NULL);
  if (name != NULL)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  if (filter != NULL)
    gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), task);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

#endif

GFile *
refract_compat_choose_file_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

#if ADW_CHECK_VERSION(1, 5, 0)

static void
answered_cb (AdwAlertDialog *dialog, const char *response, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;

  g_task_return_boolean (task, g_strcmp0 (response, "answer") == 0);
}

void
refract_compat_confirm_async (GtkWindow *parent, const char *heading, const char *body, const char *answer, gboolean destructive,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = new_task (parent, callback, user_data);
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (heading, body));

  adw_alert_dialog_add_responses (dialog, "cancel", _("_Cancel"), "answer", answer, NULL);
  adw_alert_dialog_set_response_appearance (dialog, "answer", destructive ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (dialog, destructive ? "cancel" : "answer");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (answered_cb), task);
  adw_dialog_present (ADW_DIALOG (dialog), GTK_WIDGET (parent));
}

void
refract_compat_show_message (GtkWindow *parent, const char *heading, const char *body)
{
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (heading, body));

  adw_alert_dialog_add_response (dialog, "close", _("_Close"));
  adw_dialog_present (ADW_DIALOG (dialog), GTK_WIDGET (parent));
}

#else

static void
answered_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;

  g_task_return_boolean (task, g_strcmp0 (response, "answer") == 0);
}

void
refract_compat_confirm_async (GtkWindow *parent, const char *heading, const char *body, const char *answer, gboolean destructive,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = new_task (parent, callback, user_data);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, heading, body));

  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "answer", answer, NULL);
  adw_message_dialog_set_response_appearance (dialog, "answer", destructive ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, destructive ? "cancel" : "answer");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (answered_cb), task);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
refract_compat_show_message (GtkWindow *parent, const char *heading, const char *body)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, heading, body));

  adw_message_dialog_add_response (dialog, "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

#endif

gboolean
refract_compat_confirm_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
refract_compat_show_about (GtkWindow *parent, const char *version, const char *debug_info)
{
  const char *developers[] = { _("The Refract developers"), NULL };

#if ADW_CHECK_VERSION(1, 5, 0)
  adw_show_about_dialog (GTK_WIDGET (parent),
#else
  adw_show_about_window (parent,
#endif
                         "application-name", "Refract",
                         "application-icon", APP_ID,
                         "version", version,
                         "developer-name", developers[0],
                         "developers", developers,
                         "comments", _("See which modality drives each recommendation: the picture, the text, or what people did."),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         "debug-info", debug_info,
                         "debug-info-filename", "refract-debug-info.txt",
                         /* Translators: your name, or the names of all translators, one a line */
                         "translator-credits", _("translator-credits"),
                         NULL);
}

void
refract_compat_get_color (GtkWidget *widget, GdkRGBA *color)
{
#if GTK_CHECK_VERSION(4, 10, 0)
  gtk_widget_get_color (widget, color);
#else
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), color);
#endif
}
