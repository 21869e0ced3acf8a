/* refract-compat.h: the few jobs whose proper API differs between GTK 4.8 / libadwaita 1.2 and later versions.
 *
 * refract-compat.c is the only file with version guards and the only one built without the API clamps; callers have one way.
 * The asynchronous functions give G_IO_ERROR_CANCELLED when the user dismissed the dialog.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

typedef enum
{
  REFRACT_COMPAT_OPEN_FILE,
  REFRACT_COMPAT_OPEN_FOLDER,
  REFRACT_COMPAT_SAVE_FILE,
} RefractCompatChooser;

/* filter may be NULL; name is proposed when saving; folder may be NULL. */
void refract_compat_choose_file_async (GtkWindow *parent, RefractCompatChooser kind, const char *title, GtkFileFilter *filter,
                                       const char *name, GFile *folder, GAsyncReadyCallback callback, gpointer user_data);
GFile *refract_compat_choose_file_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A question with Cancel and one answer. */
void refract_compat_confirm_async (GtkWindow *parent, const char *heading, const char *body, const char *answer,
                                   gboolean destructive, GAsyncReadyCallback callback, gpointer user_data);
gboolean refract_compat_confirm_finish (GAsyncResult *result, GError **error);

/* A text to be read and closed. */
void refract_compat_show_message (GtkWindow *parent, const char *heading, const char *body);

void refract_compat_show_about (GtkWindow *parent, const char *version, const char *debug_info);

/* The CSS colour of a widget. */
void refract_compat_get_color (GtkWidget *widget, GdkRGBA *color);

G_END_DECLS
