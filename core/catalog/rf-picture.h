/* rf-picture.h: one picture file -> the small JPEG that a workspace keeps, with everything that may be wrong on the way.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/catalog/rf-picture-look.h"

G_BEGIN_DECLS

typedef enum
{
  RF_PICTURE_FINE,
  RF_PICTURE_MISSING,
  RF_PICTURE_URL,       /* never fetched */
  RF_PICTURE_OUTSIDE,   /* absolute, .., or a link that leaves the folder: refused */
  RF_PICTURE_EMPTY,
  RF_PICTURE_NO_IMAGE,  /* not a picture at all */
  RF_PICTURE_TOO_LARGE, /* more pixels (or bytes, or time) than allowed; not decoded */
  RF_PICTURE_BROKEN,    /* a picture, but it cannot be decoded to its end */
} RfPictureState;

/* Resolves a path as it stands in a catalog to a file inside `folder`. On RF_PICTURE_FINE *path is the file (free it). Backslashes
 * count as slashes when no file with that name is there (*repaired). */
RfPictureState rf_picture_find (const char *folder, const char *name, char **path, gboolean *repaired);

/* Reads, checks the header, decodes at scale, turns it upright (EXIF), puts it on white (alpha), shrinks it to at most `side`
 * pixels and encodes it as JPEG of quality 90. NULL unless RF_PICTURE_FINE. Any thread. */
GBytes *rf_picture_load (const char *path, guint64 max_pixels, guint side, RfPictureState *state) G_GNUC_WARN_UNUSED_RESULT;

/* The same, and what it looks like; look may be NULL. */
GBytes *rf_picture_load_and_look (const char *path, guint64 max_pixels, guint side, RfPictureState *state, RfPictureLook *look) G_GNUC_WARN_UNUSED_RESULT;

/* Is it a JPEG of at most `side` x `side` pixels by its header? What a document holds must be: it may come from a stranger. */
gboolean rf_picture_is_small_jpeg (const guint8 *data, gsize length, guint side);

G_END_DECLS
