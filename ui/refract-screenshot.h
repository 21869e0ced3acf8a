/* refract-screenshot.h: pictures of the real window for the documentation and the tests (--screenshot and its options).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Reads page, user, item, place, size, style and screenshot; does nothing when none is given. */
void refract_screenshot_read_options (GtkApplication *application, GVariantDict *options);

/* Draws a widget that has been shown into a PNG file. RF_ERROR_NOT_FOUND: it is due for a new layout; try again after a frame. */
gboolean refract_screenshot_write (GtkWidget *widget, const char *path, GError **error);

G_END_DECLS
