/* test-features-pictures.c: pixels for a network, augmentation, and duplicates by perceptual hash.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/features/rf-augment-sheet.h"
#include "core/features/rf-image-augment.h"
#include "core/catalog/rf-image-hash.h"
#include "core/base/rf-error.h"
#include "core/base/rf-parallel.h"
#include "core/features/rf-image-picture.h"
#include "core/features/rf-image-pixels.h"
#include "tiles.h"

#define SIZE  32
#define BYTES (SIZE * SIZE * 3)

static void
fill_ramp (guint8 *rgb)
{
  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x < SIZE; x++)
      {
        rgb[(y * SIZE + x) * 3] = (guint8) (x * 4);
        rgb[(y * SIZE + x) * 3 + 1] = (guint8) (y * 4);
        rgb[(y * SIZE + x) * 3 + 2] = 100;
      }
}

static void
test_augment_each (void)
{
  guint8 in[BYTES], out[BYTES];
  RfAugmentation nothing = { .side = 1, .brightness = 1 }, drawn;

  fill_ramp (in);
  rf_augment_apply (&nothing, SIZE, in, out);
  g_assert_cmpmem (in, BYTES, out, BYTES);

  drawn = nothing;
  drawn.flipped = TRUE;
  rf_augment_apply (&drawn, SIZE, in, out);
  for (int x = 0; x < SIZE; x++)
    g_assert_cmpuint (out[(5 * SIZE + x) * 3], ==, in[(5 * SIZE + SIZE - 1 - x) * 3]);

  drawn = nothing;
  drawn.degrees = 90; /* clockwise: the left side comes to the top */
  rf_augment_apply (&drawn, SIZE, in, out);
  for (int k = 0; k < SIZE; k++)
    {
      g_assert_cmpuint (out[k * 3 + 1], ==, (SIZE - 1 - k) * 4);
      g_assert_cmpuint (out[k * 3], ==, 0);
    }

  drawn = nothing;
  drawn.side = .5;
  drawn.left = .5;
  rf_augment_apply (&drawn, SIZE, in, out); /* the top right quarter */
  g_assert_cmpuint (out[0], ==, 62);
  g_assert_cmpuint (out[(SIZE - 1) * 3], ==, 124);
  g_assert_cmpuint (out[(SIZE - 1) * SIZE * 3 + 1], ==, 62);

  drawn = nothing;
  drawn.brightness = 1.5;
  rf_augment_apply (&drawn, SIZE, in, out);
  g_assert_cmpuint (out[2], ==, 150);
  drawn.brightness = 3;
  rf_augment_apply (&drawn, SIZE, in, out);
  g_assert_cmpuint (out[2], ==, 255);
}

/* Repeatable, different for every item and round, within bounds; what is switched off does not happen and changes nothing else. */
static void
test_augment_draws (void)
{
  RfAugmentOptions options = rf_augment_options_default (), upright = options, off = { .seed = 1 };
  int flips = 0;

  upright.rotation = 0;
  for (guint32 item = 0; item < 400; item++)
    {
      RfAugmentation a = rf_augment_draw (&options, item, 0), again = rf_augment_draw (&options, item, 0);
      RfAugmentation later = rf_augment_draw (&options, item, 1), b = rf_augment_draw (&upright, item, 0), none = rf_augment_draw (&off, item, 0);

      g_assert_cmpfloat (a.degrees, ==, again.degrees);
      g_assert_cmpfloat (a.degrees, !=, later.degrees);
      g_assert_cmpfloat (fabs (a.degrees), <=, 10);
      g_assert_cmpfloat (a.side * a.side, >=, .8 - 1e-9);
      g_assert_cmpfloat (a.left + a.side, <=, 1 + 1e-9);
      g_assert_cmpfloat (fabs (a.brightness - 1), <=, .2);
      g_assert_cmpfloat (b.degrees, ==, 0);
      g_assert_cmpfloat (b.left, ==, a.left);
      g_assert_cmpfloat (b.brightness, ==, a.brightness);
      g_assert_true (none.degrees == 0 && !none.flipped && none.side == 1 && none.brightness == 1);
      flips += a.flipped;
    }
  g_assert_cmpint (flips, >, 150);
  g_assert_cmpint (flips, <, 250);
}

/* The same drawing in another size and quality is a duplicate; another drawing is not. */
static void
test_hash_pictures (void)
{
  g_autofree guint8 *rgb = g_malloc (RF_PICTURE_AREA * 3);
  RfRng rng = rf_rng_new (3, 3);
  guint64 hashes[20], again, even;

  for (int t = 0; t < 20; t++)
    {
      TileKind kind = { t % TILE_HUES, t % TILE_SHAPES, t % TILE_TEXTURES };
      g_autoptr(GBytes) jpeg = tile_draw (kind, .3, &rng), other = NULL;
      g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (jpeg);
      g_autoptr(GdkPixbuf) pixbuf = gdk_pixbuf_new_from_stream (stream, NULL, NULL);
      g_autoptr(GdkPixbuf) larger = gdk_pixbuf_scale_simple (pixbuf, 300, 300, GDK_INTERP_BILINEAR);
      gchar *bytes;
      gsize length;

      gdk_pixbuf_save_to_buffer (larger, &bytes, &length, "jpeg", NULL, "quality", "60", NULL);
      other = g_bytes_new_take (bytes, length);
      g_assert_true (rf_picture_decode (jpeg, rgb));
      g_assert_true (rf_dhash (rgb, RF_PICTURE_SIZE, RF_PICTURE_SIZE, RF_PICTURE_SIZE * 3, &hashes[t]));
      g_assert_true (rf_picture_decode (other, rgb));
      g_assert_true (rf_dhash (rgb, RF_PICTURE_SIZE, RF_PICTURE_SIZE, RF_PICTURE_SIZE * 3, &again));
      g_assert_cmpuint (rf_hash_distance (hashes[t], again), <=, RF_HASH_SAME);
      for (int before = 0; before < t; before++)
        g_assert_cmpuint (rf_hash_distance (hashes[t], hashes[before]), >, RF_HASH_SAME);
    }
  memset (rgb, 180, RF_PICTURE_AREA * 3);
  g_assert_false (rf_dhash (rgb, RF_PICTURE_SIZE, RF_PICTURE_SIZE, RF_PICTURE_SIZE * 3, &even));
}

/* Against comparing all pairs. */
static void
test_hash_groups (void)
{
  enum { N = 600 };
  guint64 hash[N];
  guint8 valid[N];
  guint32 n_duplicates, expected[N];
  RfRng rng = rf_rng_new (1, 9);

  for (int i = 0; i < N; i++)
    {
      hash[i] = rf_rng_u64 (&rng);
      valid[i] = i % 11 != 5;
      if (i % 3 == 1) /* a copy of an earlier one with up to 5 bits changed */
        {
          hash[i] = hash[rf_rng_below (&rng, (guint32) i)];
          for (guint32 bits = rf_rng_below (&rng, 6); bits > 0; bits--)
            hash[i] ^= G_GUINT64_CONSTANT (1) << rf_rng_below (&rng, 64);
        }
    }
  for (guint distance = 0; distance <= 5; distance++)
    {
      g_autofree guint32 *group = rf_hash_find_groups (hash, valid, N, distance, &n_duplicates);
      gboolean changed = TRUE;
      guint32 count = 0;

      for (guint32 i = 0; i < N; i++)
        expected[i] = i;
      while (changed) /* spread the smallest label */
        {
          changed = FALSE;
          for (guint32 i = 0; i < N; i++)
            for (guint32 j = 0; j < N; j++)
              if (valid[i] && valid[j] && rf_hash_distance (hash[i], hash[j]) <= distance && expected[i] > expected[j])
                {
                  expected[i] = expected[j];
                  changed = TRUE;
                }
        }
      for (guint32 i = 0; i < N; i++)
        {
          g_assert_cmpuint (group[i], ==, expected[i]);
          count += group[i] != i;
        }
      g_assert_cmpuint (count, ==, n_duplicates);
      g_assert_cmpuint (count, >, 0);
    }
}

/* A picture of twice the width, red left, green in the middle half, blue right. */
static GBytes *
wide_picture (void)
{
  g_autoptr(GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 200, 100);
  g_autoptr(GdkPixbuf) middle = gdk_pixbuf_new_subpixbuf (pixbuf, 50, 0, 100, 100), right = gdk_pixbuf_new_subpixbuf (pixbuf, 150, 0, 50, 100);
  gchar *bytes;
  gsize length;

  gdk_pixbuf_fill (pixbuf, 0xff0000ff);
  gdk_pixbuf_fill (middle, 0x00ff00ff);
  gdk_pixbuf_fill (right, 0x0000ffff);
  gdk_pixbuf_save_to_buffer (pixbuf, &bytes, &length, "png", NULL, NULL);
  return g_bytes_new_take (bytes, length);
}

static void
assert_pixel (const guint8 *rgb, int x, int y, guint8 r, guint8 g, guint8 b)
{
  const guint8 *at = rgb + (y * SIZE + x) * 3;

  g_assert_cmpint (abs (at[0] - r), <=, 2);
  g_assert_cmpint (abs (at[1] - g), <=, 2);
  g_assert_cmpint (abs (at[2] - b), <=, 2);
}

static void
test_fits (void)
{
  g_autoptr(GBytes) wide = wide_picture ();
  guint8 rgb[BYTES];

  g_assert_true (rf_picture_decode_to (wide, SIZE, RF_FIT_STRETCH, rgb));
  assert_pixel (rgb, 2, 2, 255, 0, 0);
  assert_pixel (rgb, 16, 30, 0, 255, 0);
  assert_pixel (rgb, 29, 2, 0, 0, 255);
  g_assert_true (rf_picture_decode_to (wide, SIZE, RF_FIT_LETTERBOX, rgb));
  assert_pixel (rgb, 16, 2, 128, 128, 128);
  assert_pixel (rgb, 16, 29, 128, 128, 128);
  assert_pixel (rgb, 2, 16, 255, 0, 0);
  assert_pixel (rgb, 29, 16, 0, 0, 255);
  g_assert_true (rf_picture_decode_to (wide, SIZE, RF_FIT_CROP, rgb));
  for (int x = 2; x < SIZE - 2; x++)
    assert_pixel (rgb, x, 1, 0, 255, 0);
}

static GBytes *
some_picture (guint32 item, void *data)
{
  RfRng rng = rf_rng_new (2, item);

  if (item % 5 == 2)
    return item % 2 ? NULL : g_bytes_new_static ("broken", 6);
  return tile_draw ((TileKind) { (int) item % TILE_HUES, (int) item % TILE_SHAPES, 0 }, .3, &rng);
}

static void
test_pixels (void)
{
  g_autoptr(RfPixels) pixels = NULL, one = NULL, back = NULL;
  g_autoptr(GBytes) bytes = NULL, cut = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *key = rf_pixels_get_key (24, RF_FIT_CROP), *other = rf_pixels_get_key (24, RF_FIT_STRETCH);
  float mean[3], deviation[3];

  pixels = rf_pixels_new (300, some_picture, NULL, 24, RF_FIT_CROP, NULL, NULL);
  rf_parallel_set_threads (1);
  one = rf_pixels_new (300, some_picture, NULL, 24, RF_FIT_CROP, NULL, NULL);
  rf_parallel_set_threads (0);
  g_assert_cmpmem (pixels->rgb, 300 * 24 * 24 * 3, one->rgb, 300 * 24 * 24 * 3);
  for (guint32 i = 0; i < 300; i++)
    {
      g_assert_cmpuint (pixels->available[i], ==, i % 5 != 2);
      if (!pixels->available[i])
        g_assert_cmpuint (rf_pixels_get (pixels, i)[100], ==, 0);
    }
  rf_pixels_get_statistics (pixels, mean, deviation);
  g_assert_cmpfloat (mean[0], >, .5); /* light ground */
  g_assert_cmpfloat (mean[0], <, .95);
  g_assert_cmpfloat (deviation[0], >, .05);
  bytes = rf_pixels_to_bytes (pixels);
  back = rf_pixels_new_from_bytes (bytes, NULL);
  g_assert_cmpuint (back->size, ==, 24);
  g_assert_cmpint (back->fit, ==, RF_FIT_CROP);
  g_assert_cmpmem (pixels->rgb, 300 * 24 * 24 * 3, back->rgb, 300 * 24 * 24 * 3);
  g_assert_cmpmem (pixels->available, 300, back->available, 300);
  cut = g_bytes_new_from_bytes (bytes, 0, g_bytes_get_size (bytes) - 1);
  g_assert_null (rf_pixels_new_from_bytes (cut, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
  g_assert_cmpstr (key, !=, other);
}

/* Mean and deviation by hand: two pictures, one of them not there. */
static void
test_pixels_statistics (void)
{
  guint8 rgb[2 * 2 * 2 * 3] = { 0, 10, 255, 100, 10, 255, 0, 10, 255, 100, 10, 255, 200, 200, 200 }, available[2] = { 1, 0 };
  RfPixels pixels = { 2, 2, RF_FIT_STRETCH, rgb, available };
  float mean[3], deviation[3];

  rf_pixels_get_statistics (&pixels, mean, deviation);
  g_assert_cmpfloat_with_epsilon (mean[0], 50 / 255.0, 1e-6);
  g_assert_cmpfloat_with_epsilon (mean[1], 10 / 255.0, 1e-6);
  g_assert_cmpfloat_with_epsilon (mean[2], 1, 1e-6);
  g_assert_cmpfloat_with_epsilon (deviation[0], 50 / 255.0, 1e-6);
  g_assert_cmpfloat_with_epsilon (deviation[1], 1 / 255.0, 1e-6); /* even: as if it varied by one step */
}

/* The tiles of a sheet are what training would see. */
static void
test_sheet (void)
{
  RfRng rng = rf_rng_new (4, 4);
  g_autoptr(GBytes) jpeg = tile_draw ((TileKind) { 1, 2, 3 }, .3, &rng), noise = g_bytes_new_static ("noise", 5);
  RfAugmentOptions options = rf_augment_options_default ();
  g_autoptr(GdkPixbuf) sheet = rf_augment_sheet_new (jpeg, 7, &options, 4, 3, SIZE, RF_FIT_LETTERBOX);
  g_autoptr(GdkPixbuf) again = rf_augment_sheet_new (jpeg, 7, &options, 4, 3, SIZE, RF_FIT_LETTERBOX), one = NULL;
  guint8 in[BYTES], out[BYTES];

  g_assert_cmpint (gdk_pixbuf_get_width (sheet), ==, 3 * (SIZE + RF_SHEET_GAP) + RF_SHEET_GAP);
  g_assert_cmpint (gdk_pixbuf_get_height (sheet), ==, 2 * (SIZE + RF_SHEET_GAP) + RF_SHEET_GAP);
  g_assert_cmpmem (gdk_pixbuf_read_pixels (sheet), gdk_pixbuf_get_byte_length (sheet), gdk_pixbuf_read_pixels (again), gdk_pixbuf_get_byte_length (again));
  g_assert_true (rf_picture_decode_to (jpeg, SIZE, RF_FIT_LETTERBOX, in));
  for (guint32 tile = 0; tile < 5; tile++)
    {
      const guint8 *from = gdk_pixbuf_read_pixels (sheet) + (RF_SHEET_GAP + (gsize) (tile / 3) * (SIZE + RF_SHEET_GAP)) * (gsize) gdk_pixbuf_get_rowstride (sheet)
                           + (RF_SHEET_GAP + (gsize) (tile % 3) * (SIZE + RF_SHEET_GAP)) * 3;
      RfAugmentation drawn = rf_augment_draw (&options, 7, tile - 1);

      if (tile > 0)
        rf_augment_apply (&drawn, SIZE, in, out);
      for (int y = 0; y < SIZE; y++)
        g_assert_cmpmem (from + y * gdk_pixbuf_get_rowstride (sheet), SIZE * 3, (tile ? out : in) + y * SIZE * 3, SIZE * 3);
    }
  one = rf_augment_sheet_new (jpeg, 7, NULL, 4, 3, SIZE, RF_FIT_LETTERBOX);
  g_assert_cmpint (gdk_pixbuf_get_width (one), ==, SIZE + 2 * RF_SHEET_GAP);
  g_assert_null (rf_augment_sheet_new (noise, 7, &options, 4, 3, SIZE, RF_FIT_LETTERBOX));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image-picture/fits", test_fits);
  g_test_add_func ("/pixels/catalog", test_pixels);
  g_test_add_func ("/pixels/statistics", test_pixels_statistics);
  g_test_add_func ("/augment/each", test_augment_each);
  g_test_add_func ("/augment/draws", test_augment_draws);
  g_test_add_func ("/features/augment-sheet", test_sheet);
  g_test_add_func ("/image-hash/pictures", test_hash_pictures);
  g_test_add_func ("/image-hash/groups", test_hash_groups);
  return g_test_run ();
}
