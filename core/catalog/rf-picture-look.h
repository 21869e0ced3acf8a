/* rf-picture-look.h: what a picture looks like, in 64 bytes, to tell an import's reader which items show the same picture.
 *
 * Two pictures are the same to the eye when their dHashes are within RF_HASH_SAME bits (rf-image-hash.h), their shapes (width / height) differ
 * by less than 3 %, and the mean colours of 4 x 4 fields differ by less than 3 of 255 on average: the hash knows no colour, and drawings on
 * an even ground often share it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "core/catalog/rf-catalog-private.h"
#include "core/catalog/rf-import-report.h"

G_BEGIN_DECLS

#define RF_LOOK_FIELDS 16

typedef struct
{
  gboolean known; /* FALSE: no picture, or one without any structure */
  float shape;    /* width / height */
  guint64 hash;
  guint8 colour[RF_LOOK_FIELDS * 3];
} RfPictureLook;

/* pixbuf: without alpha. */
void rf_picture_look_init (RfPictureLook *self, GdkPixbuf *pixbuf);
gboolean rf_picture_look_is_same (const RfPictureLook *a, const RfPictureLook *b);

/* One look per item of the builder. Of each group of items that show the same picture all but the first are told ("similar-image", kept). */
void rf_picture_looks_report (const RfPictureLook *looks, const RfCatalogBuilder *builder, RfImportReport *report);

G_END_DECLS
