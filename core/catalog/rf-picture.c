/* rf-picture.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/catalog/rf-picture.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

/* A picture of fewer bytes and pixels may still take very long (a progressive JPEG of a thousand passes, an animation of ten thousand frames). */
#define MAX_FILE_BYTES (G_GINT64_CONSTANT (128) << 20)
#define MAX_DECODING   (20 * G_TIME_SPAN_SECOND)

static gboolean
is_url (const char *name)
{
  const char *colon = strstr (name, "://");

  if (colon == NULL || colon == name)
    return FALSE;
  for (const char *at = name; at < colon; at++)
    if (!g_ascii_isalnum (*at) && *at != '+' && *at != '-' && *at != '.')
      return FALSE;
  return TRUE;
}

static gboolean
has_dots (const char *name)
{
  g_auto(GStrv) parts = g_strsplit (name, "/", -1);

  return g_strv_contains ((const char *const *) parts, "..");
}

/* Is the real place of `path` below the real place of `folder`? */
static gboolean
is_inside (const char *folder, const char *path)
{
  char *real_folder = realpath (folder, NULL), *real_path = realpath (path, NULL);
  gsize length = real_folder ? strlen (real_folder) : 0;
  gboolean inside = real_path && real_folder && strncmp (real_path, real_folder, length) == 0 && (real_path[length] == '/' || length == 1);

  free (real_folder);
  free (real_path);
  return inside;
}

RfPictureState
rf_picture_find (const char *folder, const char *name, char **path, gboolean *repaired)
{
  g_autofree char *slashes = g_strdelimit (g_strdup (name), "\\", '/'), *candidate = NULL;

  *path = NULL;
  *repaired = FALSE;
  if (is_url (name))
    return RF_PICTURE_URL;
  if (g_path_is_absolute (slashes) || has_dots (slashes) || (g_ascii_isalpha (slashes[0]) && slashes[1] == ':'))
    return RF_PICTURE_OUTSIDE;
  candidate = g_build_filename (folder, name, NULL);
  if (!g_file_test (candidate, G_FILE_TEST_EXISTS) && strcmp (slashes, name) != 0)
    {
      g_free (candidate);
      candidate = g_build_filename (folder, slashes, NULL);
      *repaired = g_file_test (candidate, G_FILE_TEST_EXISTS);
    }
  if (!g_file_test (candidate, G_FILE_TEST_IS_REGULAR))
    return RF_PICTURE_MISSING;
  if (!is_inside (folder, candidate))
    return RF_PICTURE_OUTSIDE;
  *path = g_steal_pointer (&candidate);
  return RF_PICTURE_FINE;
}

/* GdkPixbuf decodes what there is of a cut JPEG and says nothing; its last marker tells. */
static gboolean
is_cut (const guint8 *data, gsize length)
{
  gsize from = length > 65536 ? length - 65536 : 2;

  if (length < 4 || data[0] != 0xff || data[1] != 0xd8)
    return FALSE;
  for (gsize i = length - 2; i >= from; i--)
    if (data[i] == 0xff && data[i + 1] == 0xd9)
      return FALSE;
  return TRUE;
}

/* The formats that are read, by how they begin; TRUE: what begins so and cannot be decoded is a broken picture, not something else. Loaders of
 * others (XPM and ICO take memory by the file's word before they say how large the picture is) are not even asked. */
static gboolean
begins_as_picture (const guint8 *data, gsize length, gboolean *sure)
{
  static const struct
  {
    const char *magic;
    gsize at, length;
    gboolean sure;
  } kinds[] = {
    { "\xff\xd8\xff", 0, 3, TRUE },        /* JPEG */
    { "\x89PNG\r\n\x1a\n", 0, 8, TRUE },
    { "GIF8", 0, 4, TRUE },
    { "WEBP", 8, 4, TRUE },
    { "ftyp", 4, 4, FALSE },               /* AVIF, HEIF */
    { "BM", 0, 2, FALSE },
    { "II*\0", 0, 4, FALSE },              /* TIFF */
    { "MM\0*", 0, 4, FALSE },
    { "\0\0\0\x0c" "JXL ", 0, 8, FALSE },
    { "\xff\x0a", 0, 2, FALSE },           /* JPEG XL, bare */
    { "\0\0\0\x0cjP  ", 0, 8, FALSE },    /* JPEG 2000 */
    { "P4", 0, 2, FALSE },
    { "P5", 0, 2, FALSE },
    { "P6", 0, 2, FALSE },
    { "<svg", 0, 4, FALSE },
    { "<?xml", 0, 5, FALSE },
  };

  for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
    if (length >= kinds[k].at + kinds[k].length && memcmp (data + kinds[k].at, kinds[k].magic, kinds[k].length) == 0)
      {
        *sure = kinds[k].sure;
        return TRUE;
      }
  return FALSE;
}

typedef struct
{
  guint64 max_pixels;
  int side;
  gboolean too_large, seen;
} Limits;

/* Knows the size before a pixel is decoded: refuses, or asks for a decoding at scale. */
static void
size_prepared_cb (GdkPixbufLoader *loader, int width, int height, gpointer data)
{
  Limits *limits = data;
  int longer = MAX (width, height);

  limits->seen = TRUE;
  limits->too_large = (guint64) width * (guint64) height > limits->max_pixels;
  if (limits->too_large)
    gdk_pixbuf_loader_set_size (loader, 0, 0); /* every loader gives up then; a size of 1 x 1 would be scaled from all pixels */
  else if (longer > limits->side)
    gdk_pixbuf_loader_set_size (loader, MAX (1, (int) ((gint64) width * limits->side / longer)), MAX (1, (int) ((gint64) height * limits->side / longer)));
}

static GdkPixbuf *
decode (const guint8 *data, gsize length, Limits *limits, RfPictureState *state)
{
  g_autoptr(GdkPixbufLoader) loader = NULL;
  gint64 deadline = g_get_monotonic_time () + MAX_DECODING;
  gboolean ok = TRUE, sure = FALSE;
  GdkPixbuf *pixbuf;

  *state = RF_PICTURE_NO_IMAGE;
  if (!begins_as_picture (data, length, &sure))
    return NULL;
  loader = gdk_pixbuf_loader_new ();
  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), limits);
  /* In pieces, so that a picture that is too large is left before its pixels are read. */
  for (gsize at = 0; at < length && ok && !limits->too_large; at += 16384)
    {
      ok = gdk_pixbuf_loader_write (loader, data + at, MIN (16384, length - at), NULL);
      limits->too_large |= g_get_monotonic_time () > deadline;
    }
  ok = gdk_pixbuf_loader_close (loader, NULL) && ok;
  pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  if (limits->too_large)
    *state = RF_PICTURE_TOO_LARGE;
  else if (!limits->seen)
    *state = sure ? RF_PICTURE_BROKEN : RF_PICTURE_NO_IMAGE;
  else if (!ok || pixbuf == NULL || is_cut (data, length))
    *state = RF_PICTURE_BROKEN;
  else
    return gdk_pixbuf_apply_embedded_orientation (pixbuf);
  return NULL;
}

static GdkPixbuf *
on_white (GdkPixbuf *pixbuf)
{
  GdkPixbuf *flat;

  if (!gdk_pixbuf_get_has_alpha (pixbuf))
    return g_object_ref (pixbuf);
  flat = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, gdk_pixbuf_get_width (pixbuf), gdk_pixbuf_get_height (pixbuf));
  gdk_pixbuf_fill (flat, 0xffffffff);
  gdk_pixbuf_composite (pixbuf, flat, 0, 0, gdk_pixbuf_get_width (flat), gdk_pixbuf_get_height (flat), 0, 0, 1, 1, GDK_INTERP_NEAREST, 255);
  return flat;
}

GBytes *
rf_picture_load (const char *path, guint64 max_pixels, guint side, RfPictureState *state)
{
  return rf_picture_load_and_look (path, max_pixels, side, state, NULL);
}

GBytes *
rf_picture_load_and_look (const char *path, guint64 max_pixels, guint side, RfPictureState *state, RfPictureLook *look)
{
  Limits limits = { max_pixels, (int) side, FALSE, FALSE };
  g_autofree char *data = NULL;
  g_autoptr(GdkPixbuf) decoded = NULL, flat = NULL;
  char *jpeg = NULL;
  gsize length = 0, jpeg_length = 0;
  GStatBuf info;

  *state = RF_PICTURE_TOO_LARGE;
  if (g_stat (path, &info) == 0 && info.st_size > MAX_FILE_BYTES)
    return NULL;
  *state = RF_PICTURE_MISSING;
  if (!g_file_get_contents (path, &data, &length, NULL))
    return NULL;
  *state = RF_PICTURE_EMPTY;
  if (length == 0)
    return NULL;
  decoded = decode ((const guint8 *) data, length, &limits, state);
  if (decoded == NULL)
    return NULL;
  flat = on_white (decoded);
  if (look)
    rf_picture_look_init (look, flat);
  *state = RF_PICTURE_BROKEN;
  if (!gdk_pixbuf_save_to_buffer (flat, &jpeg, &jpeg_length, "jpeg", NULL, "quality", "90", NULL))
    return NULL;
  *state = RF_PICTURE_FINE;
  return g_bytes_new_take (jpeg, jpeg_length);
}

gboolean
rf_picture_is_small_jpeg (const guint8 *data, gsize length, guint side)
{
  gsize at = 2;

  if (length < 4 || data[0] != 0xff || data[1] != 0xd8)
    return FALSE;
  while (at + 9 < length && data[at] == 0xff)
    {
      guint8 marker = data[at + 1];
      gsize size = (gsize) data[at + 2] << 8 | data[at + 3];

      if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) /* a frame: precision, height, width */
        return ((guint) data[at + 5] << 8 | data[at + 6]) <= side && ((guint) data[at + 7] << 8 | data[at + 8]) <= side;
      at += 2 + size;
    }
  return FALSE;
}
