/* rf-augment-sheet.h: a picture and what random changes make of it, side by side: what a network will see while it trains.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "core/features/rf-image-augment.h"
#include "core/features/rf-image-picture.h"

G_BEGIN_DECLS

/* A sheet of tiles of size x size pixels, `columns` in a row, RF_SHEET_GAP pixels of white between them and around: first the picture as it is
 * prepared, then rounds 0 .. n_rounds - 1 of the item, by the functions and the seed that training uses (rf-image-augment.h). options
 * NULL: the picture alone. NULL: it cannot be decoded. */
GdkPixbuf *rf_augment_sheet_new (GBytes *encoded, guint32 item, const RfAugmentOptions *options, guint n_rounds, guint columns, guint size,
                                 RfPictureFit fit) G_GNUC_WARN_UNUSED_RESULT;

#define RF_SHEET_GAP 4

G_END_DECLS
