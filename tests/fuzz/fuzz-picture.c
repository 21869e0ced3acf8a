/* fuzz-picture.c: pictures: the header's size is looked at before a pixel is decoded.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "core/catalog/rf-picture.h"

static const char *const words[] = { "\xff\xd8\xff\xe0", "\xff\xd9", "\xff\xc0", "\xff\xc4", "\xff\xda", "\x89PNG\r\n\x1a\n", "IHDR", "IDAT", "IEND", "GIF89a", "RIFF", "WEBP", "\xff\xff\xff\xff", NULL };

static void
run (const guint8 *data, gsize size)
{
  RfPictureState state;
  g_autoptr(GBytes) jpeg = rf_picture_load (fuzz_file ("picture", data, size), 1 << 20, 64, &state);

  g_assert_true ((jpeg != NULL) == (state == RF_PICTURE_FINE));
  if (jpeg != NULL)
    g_assert_cmpuint (g_bytes_get_size (jpeg), <, 100000);
}

static GBytes *
seed (guint index)
{
  static const char *const types[] = { "jpeg", "png", "bmp", "tiff" };
  g_autoptr(GdkPixbuf) pixbuf = NULL;
  char *bytes = NULL;
  gsize size = 0;

  if (index >= G_N_ELEMENTS (types))
    return NULL;
  pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, index % 2 != 0, 8, 24, 16);
  gdk_pixbuf_fill (pixbuf, 0x3070c0a0);
  g_assert_true (gdk_pixbuf_save_to_buffer (pixbuf, &bytes, &size, types[index], NULL, NULL));
  return g_bytes_new_take (bytes, size);
}

const FuzzTarget fuzz_target = { "picture", run, seed, words };
