/* refract-thumbnail.h: the picture of an item, loaded when the cell is shown; a placeholder before and where there is none.
 *
 * CSS name: thumbnail. Accessible role: img; the item's title is set by the owner, who knows what is written beside it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ui/refract-thumbnails.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_THUMBNAIL (refract_thumbnail_get_type ())
G_DECLARE_FINAL_TYPE (RefractThumbnail, refract_thumbnail, REFRACT, THUMBNAIL, GtkWidget)

/* The size it asks for, in pixels; the picture keeps its proportions inside. */
GtkWidget *refract_thumbnail_new (int width, int height);
void refract_thumbnail_set_size (RefractThumbnail *self, int width, int height);

/* thumbnails NULL: nothing to show. */
void refract_thumbnail_set_item (RefractThumbnail *self, RefractThumbnails *thumbnails, guint32 item);
GdkTexture *refract_thumbnail_get_texture (RefractThumbnail *self); /* NULL while there is none */

G_END_DECLS
