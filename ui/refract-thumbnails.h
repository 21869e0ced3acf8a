/* refract-thumbnails.h: the pictures of the open document as textures, decoded in a thread and kept while there is room.
 *
 * One thread with a workspace handle of its own serves the request that came last first: what has just scrolled into view.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/refract-session.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_THUMBNAILS (refract_thumbnails_get_type ())
G_DECLARE_FINAL_TYPE (RefractThumbnails, refract_thumbnails, REFRACT, THUMBNAILS, GObject)

RefractThumbnails *refract_thumbnails_new (const char *path) G_GNUC_WARN_UNUSED_RESULT;

/* The one of a session, made when first asked for. Owned by the session. */
RefractThumbnails *refract_thumbnails_get_for_session (RefractSession *session);

/* The texture if it is there, else NULL; *known says whether it is known that there is none. Owned by the cache: take a
 * reference to keep it. */
GdkTexture *refract_thumbnails_peek (RefractThumbnails *self, guint32 item, gboolean *known);

/* Asks for an item. Signal "loaded" (guint item) is emitted in the main context when peek() can tell. */
void refract_thumbnails_request (RefractThumbnails *self, guint32 item);

/* Nothing is waiting to be decoded. */
gboolean refract_thumbnails_is_idle (RefractThumbnails *self);

G_END_DECLS
