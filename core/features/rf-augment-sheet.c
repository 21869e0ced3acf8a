/* rf-augment-sheet.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/features/rf-augment-sheet.h"

#include <string.h>

#include "core/base/rf-types.h"

static void
place_tile (GdkPixbuf *sheet, guint tile, guint columns, guint size, const guint8 *rgb)
{
  gsize stride = (gsize) gdk_pixbuf_get_rowstride (sheet), left = RF_SHEET_GAP + (gsize) (tile % columns) * (size + RF_SHEET_GAP);
  gsize top = RF_SHEET_GAP + (gsize) (tile / columns) * (size + RF_SHEET_GAP);
  guint8 *pixels = gdk_pixbuf_get_pixels (sheet);

  for (gsize y = 0; y < size; y++)
    memcpy (pixels + (top + y) * stride + left * 3, rgb + y * size * 3, (gsize) size * 3);
}

GdkPixbuf *
rf_augment_sheet_new (GBytes *encoded, guint32 item, const RfAugmentOptions *options, guint n_rounds, guint columns, guint size,
                      RfPictureFit fit)
{
  guint n_tiles = 1 + (options ? n_rounds : 0), rows;
  g_autofree guint8 *prepared = g_malloc ((gsize) size * size * 3), *changed = g_malloc ((gsize) size * size * 3);
  GdkPixbuf *sheet;

  RF_CHECK (columns > 0 && size > 0, "%u columns of %u pixels", columns, size);
  if (!rf_picture_decode_to (encoded, size, fit, prepared))
    return NULL;
  columns = MIN (columns, n_tiles);
  rows = (n_tiles + columns - 1) / columns;
  sheet = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, (int) (columns * (size + RF_SHEET_GAP) + RF_SHEET_GAP),
                          (int) (rows * (size + RF_SHEET_GAP) + RF_SHEET_GAP));
  gdk_pixbuf_fill (sheet, 0xffffffff);
  place_tile (sheet, 0, columns, size, prepared);
  for (guint round = 0; round + 1 < n_tiles; round++)
    {
      RfAugmentation drawn = rf_augment_draw (options, item, round);

      rf_augment_apply (&drawn, size, prepared, changed);
      place_tile (sheet, round + 1, columns, size, changed);
    }
  return sheet;
}
