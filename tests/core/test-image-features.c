/* test-image-features.c: from encoded pictures to vectors: decoding, each block by an oracle, the fitted model, and whether hue,
 * shape and surface of a drawn tile can be read off the vectors by a linear classifier.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"
#include "core/features/rf-features.h"
#include "core/features/rf-image-blocks.h"
#include "core/features/rf-image-filters.h"
#include "core/features/rf-svd.h"
#include "tiles.h"

#define SIZE RF_PICTURE_SIZE

/* --- decoding --- */

static GBytes *
encode (GdkPixbuf *pixbuf, const char *type)
{
  gchar *bytes;
  gsize length;

  g_assert_true (gdk_pixbuf_save_to_buffer (pixbuf, &bytes, &length, type, NULL, NULL));
  return g_bytes_new_take (bytes, length);
}

static GBytes *
plain_picture (int width, int height, gboolean alpha, guint32 rgba, const char *type)
{
  g_autoptr(GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, alpha, 8, width, height);

  gdk_pixbuf_fill (pixbuf, rgba);
  return encode (pixbuf, type);
}

static void
test_decode_colours (void)
{
  g_autofree guint8 *rgb = g_malloc (SIZE * SIZE * 3);
  g_autoptr(GBytes) opaque = plain_picture (40, 90, FALSE, 0x10c020ff, "png");
  g_autoptr(GBytes) clear = plain_picture (300, 200, TRUE, 0x00000000, "png");
  g_autoptr(GBytes) half = plain_picture (1, 1, TRUE, 0xff000080, "png");

  g_assert_true (rf_picture_decode (opaque, rgb));
  g_assert_cmpuint (rgb[0], ==, 0x10);
  g_assert_cmpuint (rgb[1], ==, 0xc0);
  g_assert_cmpuint (rgb[SIZE * SIZE * 3 - 1], ==, 0x20);
  g_assert_true (rf_picture_decode (clear, rgb));
  g_assert_cmpuint (rgb[300], ==, 255); /* what is transparent is white */
  g_assert_true (rf_picture_decode (half, rgb));
  g_assert_cmpuint (rgb[0], ==, 255);
  g_assert_cmpuint (rgb[1], ==, 127);
}

/* A JPEG whose EXIF says "turn by 90 degrees": left of the stored picture comes to the top. */
static void
test_decode_orientation (void)
{
  static const guint8 exif[] = { 0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8,
                                 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0 };
  g_autoptr(GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 64, 64);
  g_autoptr(GdkPixbuf) left = gdk_pixbuf_new_subpixbuf (pixbuf, 0, 0, 32, 64);
  g_autoptr(GBytes) jpeg = NULL, turned = NULL;
  g_autoptr(GByteArray) with_exif = g_byte_array_new ();
  g_autofree guint8 *rgb = g_malloc (SIZE * SIZE * 3);
  const guint8 *bytes;
  gsize length;

  gdk_pixbuf_fill (pixbuf, 0x000000ff);
  gdk_pixbuf_fill (left, 0xffffffff);
  jpeg = encode (pixbuf, "jpeg");
  bytes = g_bytes_get_data (jpeg, &length);
  g_byte_array_append (with_exif, bytes, 2);
  g_byte_array_append (with_exif, exif, sizeof exif);
  g_byte_array_append (with_exif, bytes + 2, (guint) length - 2);
  turned = g_bytes_new (with_exif->data, with_exif->len);
  g_assert_true (rf_picture_decode (jpeg, rgb));
  g_assert_cmpuint (rgb[(100 * SIZE + 10) * 3], >, 200); /* bottom left is white */
  g_assert_true (rf_picture_decode (turned, rgb));
  g_assert_cmpuint (rgb[(10 * SIZE + 100) * 3], >, 200); /* top right is white, */
  g_assert_cmpuint (rgb[(100 * SIZE + 10) * 3], <, 50);  /* bottom left black */
}

static void
append_chunk (GByteArray *png, const char *type, const guint8 *data, guint length)
{
  guint8 size[4] = { (guint8) (length >> 24), (guint8) (length >> 16), (guint8) (length >> 8), (guint8) length };
  guint32 crc = 0xffffffff;
  guint start = png->len + 4;
  guint8 check[4];

  g_byte_array_append (png, size, 4);
  g_byte_array_append (png, (const guint8 *) type, 4);
  g_byte_array_append (png, data, length);
  for (guint i = start; i < png->len; i++)
    {
      crc ^= png->data[i];
      for (int bit = 0; bit < 8; bit++)
        crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
  for (int i = 0; i < 4; i++)
    check[i] = (guint8) (~crc >> (24 - 8 * i));
  g_byte_array_append (png, check, 4);
}

/* A white PNG of one bit a pixel: a few kilobytes, whatever its size. */
static GBytes *
one_bit_png (guint32 width, guint32 height)
{
  static const guint8 signature[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
  guint8 header[13] = { (guint8) (width >> 24), (guint8) (width >> 16), (guint8) (width >> 8), (guint8) width,
                        (guint8) (height >> 24), (guint8) (height >> 16), (guint8) (height >> 8), (guint8) height, 1, 0, 0, 0, 0 };
  g_autoptr(GZlibCompressor) zlib = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9);
  gsize length = (gsize) height * (1 + (width + 7) / 8), read, written, room = length / 100 + 4096;
  g_autofree guint8 *rows = g_malloc (length), *packed = g_malloc (room);
  GByteArray *png = g_byte_array_new ();

  memset (rows, 0xff, length);
  for (gsize y = 0; y < height; y++)
    rows[y * (1 + (width + 7) / 8)] = 0;
  g_assert_cmpint (g_converter_convert (G_CONVERTER (zlib), rows, length, packed, room, G_CONVERTER_INPUT_AT_END, &read, &written, NULL), ==,
                   G_CONVERTER_FINISHED);
  g_byte_array_append (png, signature, sizeof signature);
  append_chunk (png, "IHDR", header, sizeof header);
  append_chunk (png, "IDAT", packed, (guint) written);
  append_chunk (png, "IEND", NULL, 0);
  return g_byte_array_free_to_bytes (png);
}

static void
test_decode_refuses (void)
{
  g_autofree guint8 *rgb = g_malloc (SIZE * SIZE * 3);
  g_autoptr(GBytes) whole = plain_picture (200, 200, FALSE, 0x336699ff, "jpeg");
  g_autoptr(GBytes) cut = g_bytes_new_from_bytes (whole, 0, g_bytes_get_size (whole) / 3);
  g_autoptr(GBytes) empty = g_bytes_new (NULL, 0), text = g_bytes_new_static ("not a picture, really not", 25);
  g_autoptr(GBytes) small = one_bit_png (300, 200), bomb = one_bit_png (8001, 8000);

  g_assert_true (rf_picture_decode (whole, rgb));
  g_assert_false (rf_picture_decode (cut, rgb));
  g_assert_false (rf_picture_decode (empty, rgb));
  g_assert_false (rf_picture_decode (text, rgb));
  g_assert_true (rf_picture_decode (small, rgb));
  g_assert_cmpuint (rgb[0], ==, 255);
  g_assert_cmpuint (g_bytes_get_size (bomb), <, 100000);
  g_assert_false (rf_picture_decode (bomb, rgb));
}

/* --- blocks --- */

static void
test_hsv (void)
{
  static const struct
  {
    guint8 rgb[3];
    float h, s, v;
  } known[] = {
    { { 255, 0, 0 }, 0, 1, 1 },
    { { 0, 255, 0 }, 1 / 3.0f, 1, 1 },
    { { 0, 0, 255 }, 2 / 3.0f, 1, 1 },
    { { 255, 255, 0 }, 1 / 6.0f, 1, 1 },
    { { 255, 0, 255 }, 5 / 6.0f, 1, 1 },
    { { 0, 0, 0 }, 0, 0, 0 },
    { { 255, 255, 255 }, 0, 0, 1 },
    { { 51, 102, 204 }, 11 / 18.0f, .75f, .8f }, /* 220 degrees */
  };
  float h, s, v;

  for (gsize k = 0; k < G_N_ELEMENTS (known); k++)
    {
      rf_hsv_from_rgb (known[k].rgb[0], known[k].rgb[1], known[k].rgb[2], &h, &s, &v);
      g_assert_cmpfloat_with_epsilon (h, known[k].h, 1e-5);
      g_assert_cmpfloat_with_epsilon (s, known[k].s, 1e-5);
      g_assert_cmpfloat_with_epsilon (v, known[k].v, 1e-5);
    }
}

static void
set_pixel (RfPicture *p, int x, int y, guint8 r, guint8 g, guint8 b)
{
  guint8 *to = p->rgb + (y * SIZE + x) * 3;

  to[0] = r;
  to[1] = g;
  to[2] = b;
}

/* Left half blue (hue 8 of 12), right half between green and cyan (hue 4.5 of 12), both full: each part has exactly these bins. */
static void
test_colours (void)
{
  g_autoptr(RfPicture) p = rf_picture_new ();
  float out[RF_COLOURS_DIMS];
  int full = 2 * 3 + 2; /* highest saturation and value */

  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x < SIZE; x++)
      if (x < SIZE / 2)
        set_pixel (p, x, y, 0, 0, 255);
      else
        set_pixel (p, x, y, 0, 252, 63);
  rf_picture_prepare (p);
  rf_describe_colours (p, out);
  for (int part = 0; part < 4; part++)
    for (int bin = 0; bin < 108; bin++)
      {
        double expected = 0;

        if (part % 2 == 0 && bin == 8 * 9 + full)
          expected = 1;
        if (part % 2 == 1 && (bin == 4 * 9 + full || bin == 5 * 9 + full))
          expected = sqrt (.5);
        g_assert_cmpfloat_with_epsilon (out[part * 108 + bin], expected, 1e-4);
      }
}

/* A vertical edge in the middle: only cells beside it, only the horizontal slope (bin 0). A diagonal one: the bins around 45 degrees. */
static void
test_gradients (void)
{
  g_autoptr(RfPicture) p = rf_picture_new ();
  float out[RF_GRADIENTS_DIMS];

  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x < SIZE; x++)
      set_pixel (p, x, y, x < SIZE / 2 ? 0 : 255, x < SIZE / 2 ? 0 : 255, x < SIZE / 2 ? 0 : 255);
  rf_picture_prepare (p);
  rf_describe_gradients (p, out);
  for (int cell = 0; cell < 64; cell++)
    for (int o = 0; o < 9; o++)
      if (o == 0 && (cell % 8 == 3 || cell % 8 == 4))
        g_assert_cmpfloat_with_epsilon (out[cell * 9 + o], 1, 1e-5); /* cut at 0.2, then scaled by 5 */
      else
        g_assert_cmpfloat (out[cell * 9 + o], ==, 0);

  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x < SIZE; x++)
      set_pixel (p, x, y, (guint8) (x + y), (guint8) (x + y), (guint8) (x + y));
  rf_picture_prepare (p);
  rf_describe_gradients (p, out);
  g_assert_cmpfloat (out[(3 * 8 + 3) * 9 + 2], >, 0); /* 45 degrees lie between bins 2 (40) and 3 (60) */
  g_assert_cmpfloat (out[(3 * 8 + 3) * 9 + 3], >, 0);
  g_assert_cmpfloat_with_epsilon (out[(3 * 8 + 3) * 9 + 0], 0, 1e-4);
  g_assert_cmpfloat_with_epsilon (out[(3 * 8 + 3) * 9 + 6], 0, 1e-4);
}

static void
test_grid (void)
{
  g_autoptr(RfPicture) p = rf_picture_new ();
  float out[RF_GRID_DIMS];

  for (int y = 0; y < 8; y++)
    for (int x = 8; x < 16; x++)
      set_pixel (p, x, y, 255, 255, 255);
  rf_picture_prepare (p);
  rf_describe_grid (p, out);
  for (int i = 0; i < RF_GRID_DIMS; i++)
    g_assert_cmpfloat_with_epsilon (out[i], i == 1 ? 1 : 0, 1e-5);
}

static void
draw_shape (RfPicture *p, int shape, double x, double y, double radius, double turn)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, SIZE, SIZE);
  cairo_t *cr = cairo_create (surface);
  const guint8 *pixels;
  int stride = cairo_image_surface_get_stride (surface);

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_translate (cr, x, y);
  cairo_rotate (cr, turn);
  cairo_scale (cr, radius, radius);
  tile_path (cr, shape);
  cairo_set_source_rgb (cr, .8, 0, 0);
  cairo_fill (cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  pixels = cairo_image_surface_get_data (surface);
  for (int row = 0; row < SIZE; row++)
    for (int col = 0; col < SIZE; col++)
      {
        guint32 value = ((const guint32 *) (const void *) (pixels + row * stride))[col];

        set_pixel (p, col, row, (guint8) (value >> 16), (guint8) (value >> 8), (guint8) value);
      }
  cairo_surface_destroy (surface);
  rf_picture_prepare (p);
}

static void
test_figure (void)
{
  enum { PROFILE = 8, EDGE = 8 + 24 };
  g_autoptr(RfPicture) p = rf_picture_new ();
  float disc[RF_FIGURE_DIMS], square[RF_FIGURE_DIMS], turned[RF_FIGURE_DIMS], triangle[RF_FIGURE_DIMS], ring[RF_FIGURE_DIMS], none[RF_FIGURE_DIMS];

  draw_shape (p, 0, 50, 70, 30, 0);
  rf_describe_figure (p, disc);
  g_assert_cmpfloat_with_epsilon (disc[0], G_PI * 27 * 27 / (SIZE * SIZE), .01); /* .9 of the radius */
  g_assert_cmpfloat_with_epsilon (disc[1], 49.5 / SIZE, .01);
  g_assert_cmpfloat_with_epsilon (disc[2], 69.5 / SIZE, .01);
  g_assert_cmpfloat_with_epsilon (disc[4], 0, .02);
  g_assert_cmpfloat_with_epsilon (disc[7], .5, .03);
  g_assert_cmpfloat_with_epsilon (disc[PROFILE], 1, 1e-3);
  g_assert_cmpfloat_with_epsilon (disc[PROFILE + 20], 0, 1e-3);

  draw_shape (p, 1, 64, 64, 40, 0);
  rf_describe_figure (p, square);
  draw_shape (p, 1, 70, 58, 25, .6);
  rf_describe_figure (p, turned);
  draw_shape (p, 2, 64, 64, 40, .2);
  rf_describe_figure (p, triangle);
  draw_shape (p, 4, 64, 64, 40, 0);
  rf_describe_figure (p, ring);
  g_assert_cmpfloat (square[EDGE + 3], >, 5 * disc[EDGE + 3]);    /* fourth harmonic */
  g_assert_cmpfloat (triangle[EDGE + 2], >, 5 * square[EDGE + 2]); /* third */
  g_assert_cmpfloat (ring[PROFILE], <, .01);
  for (int n = 0; n < 10; n++) /* moved, scaled and turned: the same form */
    g_assert_cmpfloat_with_epsilon (square[EDGE + n], turned[EDGE + n], .02);

  for (int i = 0; i < SIZE * SIZE * 3; i++)
    p->rgb[i] = 200;
  rf_picture_prepare (p);
  rf_describe_figure (p, none);
  for (int i = 0; i < RF_FIGURE_DIMS; i++)
    g_assert_cmpfloat (none[i], ==, 0);
}

/* Stripes inside a square: constant one way (correlation stays), periodic the other (half a period away it is negative). */
static void
test_texture (void)
{
  enum { SHADING = 60, CORRELATION = 64, ORIENTATION = 112 };
  g_autoptr(RfPicture) p = rf_picture_new ();
  float out[RF_TEXTURE_DIMS];

  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x < SIZE; x++)
      {
        gboolean inside = x > 20 && x < 108 && y > 20 && y < 108;
        guint8 level = !inside ? 255 : y / 8 % 2 ? 40 : 120;

        set_pixel (p, x, y, level, level, level);
      }
  rf_picture_prepare (p);
  rf_describe_texture (p, out);
  g_assert_cmpfloat_with_epsilon (out[SHADING], 40 / 255.0, .01);
  g_assert_cmpfloat (out[SHADING + 1], <, .1);
  g_assert_cmpfloat (out[CORRELATION + 7 * 3], <, -.8);    /* least at lag 8 */
  g_assert_cmpfloat (out[CORRELATION + 7 * 3 + 2], >, .9); /* most */
  g_assert_cmpfloat_with_epsilon (out[ORIENTATION], 1, 1e-3);

  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x < SIZE; x++)
      if (x > 20 && x < 108 && y > 20 && y < 108)
        set_pixel (p, x, y, (guint8) (x + 40), (guint8) (x + 40), (guint8) (x + 40));
  rf_picture_prepare (p);
  rf_describe_texture (p, out);
  g_assert_cmpfloat (out[SHADING + 1], >, .98); /* all of it is a linear shading */
}

static void
test_filters (void)
{
  g_autoptr(RfPicture) p = rf_picture_new ();
  g_autofree guint8 *other = g_malloc (SIZE * SIZE * 3);
  const guint8 *rgb[2] = { p->rgb, other };
  g_autofree RfFilters *filters = g_new0 (RfFilters, 1), *again = g_new0 (RfFilters, 1);
  RfFilterScratch *scratch = rf_filter_scratch_new ();
  RfRng rng = rf_rng_new (4, 0);
  float out[RF_FILTERS_DIMS], flat[RF_FILTERS_DIMS], sum = 0;

  draw_shape (p, 3, 64, 64, 50, 0);
  for (int i = 0; i < SIZE * SIZE * 3; i++)
    other[i] = (guint8) rf_rng_below (&rng, 256);
  g_assert_true (rf_filters_learn (rgb, 2, 1, filters, NULL));
  g_assert_true (rf_filters_learn (rgb, 2, 1, again, NULL));
  g_assert_cmpmem (filters, sizeof *filters, again, sizeof *again);
  rf_filters_describe (filters, p->rgb, scratch, out);
  memset (other, 77, SIZE * SIZE * 3);
  rf_filters_describe (filters, other, scratch, flat);
  for (int i = 0; i < RF_FILTERS_DIMS; i++)
    {
      g_assert_true (isfinite (out[i]) && out[i] >= 0);
      sum += out[i];
      g_assert_cmpfloat_with_epsilon (flat[i], flat[i % 128], 1e-4); /* the same in every region */
    }
  g_assert_cmpfloat (sum, >, 1);
  rf_filter_scratch_free (scratch);
}

/* Whatever the picture, all values are finite. */
static void
test_finite (void)
{
  g_autoptr(RfPicture) p = rf_picture_new ();
  float out[RF_GRADIENTS_DIMS];
  static void (*const describe[]) (const RfPicture *, float *) = { rf_describe_colours, rf_describe_palette, rf_describe_gradients, rf_describe_grid,
                                                                     rf_describe_figure, rf_describe_texture };
  static const int dims[] = { RF_COLOURS_DIMS, RF_PALETTE_DIMS, RF_GRADIENTS_DIMS, RF_GRID_DIMS, RF_FIGURE_DIMS, RF_TEXTURE_DIMS };

  for (int trial = 0; trial < 12; trial++)
    {
      RfRng rng = rf_rng_new (9, (uint64_t) trial);

      for (int i = 0; i < SIZE * SIZE * 3; i++)
        p->rgb[i] = trial == 0   ? 0
                    : trial == 1 ? 255
                    : trial == 2 ? (i / 3 == SIZE * 64 + 64 ? 255 : 0) /* one pixel */
                    : trial == 3 ? (i / 3 % SIZE == 64 ? 255 : 0)      /* a line */
                                 : (guint8) rf_rng_below (&rng, 1u << (trial - 3));
      rf_picture_prepare (p);
      for (gsize b = 0; b < G_N_ELEMENTS (describe); b++)
        {
          describe[b](p, out);
          for (int i = 0; i < dims[b]; i++)
            g_assert_true (isfinite (out[i]));
        }
    }
}

static void
test_eigen_top (void)
{
  gsize d = 60, k = 6;
  g_autofree float *a = g_new0 (float, d *d), *vectors = g_new (float, d *k), *values = g_new (float, k);
  g_autofree double *dense = g_new (double, d *d), *all = g_new (double, d);
  RfRng rng = rf_rng_new (8, 0);

  for (gsize t = 0; t < 40; t++) /* a sum of outer products with falling weights */
    {
      float v[60];

      for (gsize i = 0; i < d; i++)
        v[i] = (float) rf_rng_normal (&rng);
      for (gsize i = 0; i < d; i++)
        for (gsize j = 0; j < d; j++)
          a[i * d + j] += v[i] * v[j] / (float) ((t + 1) * (t + 1));
    }
  for (gsize i = 0; i < d * d; i++)
    dense[i] = a[i];
  g_assert_true (rf_eigen_symmetric (d, dense, all, NULL));
  g_assert_true (rf_eigen_top (d, a, k, 1, vectors, values, NULL));
  for (gsize j = 0; j < k; j++)
    {
      double dot = 0;

      g_assert_cmpfloat_with_epsilon (values[j], all[d - 1 - j], 1e-4 * all[d - 1]);
      for (gsize i = 0; i < d; i++)
        dot += vectors[i * k + j] * dense[i * d + d - 1 - j];
      g_assert_cmpfloat_with_epsilon (fabs (dot), 1, 1e-3);
    }
}

/* --- the model --- */

typedef struct
{
  guint32 n;
  TileKind *kinds;
  GBytes **pictures;
} Tiles;

static Tiles *
tiles_new (guint32 n, double turn)
{
  Tiles *self = g_new (Tiles, 1);
  RfRng rng = rf_rng_new (5, n);

  self->n = n;
  self->kinds = g_new (TileKind, n);
  self->pictures = g_new (GBytes *, n);
  for (guint32 i = 0; i < n; i++)
    {
      self->kinds[i] = (TileKind) { (int) rf_rng_below (&rng, TILE_HUES), (int) rf_rng_below (&rng, TILE_SHAPES), (int) rf_rng_below (&rng, TILE_TEXTURES) };
      self->pictures[i] = tile_draw (self->kinds[i], turn, &rng);
    }
  return self;
}

static void
tiles_free (Tiles *self)
{
  for (guint32 i = 0; i < self->n; i++)
    g_clear_pointer (&self->pictures[i], g_bytes_unref);
  g_free (self->kinds);
  g_free (self->pictures);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Tiles, tiles_free)

static GBytes *
tiles_picture (guint32 item, void *data)
{
  const Tiles *tiles = data;

  return tiles->pictures[item] != NULL ? g_bytes_ref (tiles->pictures[item]) : NULL;
}

/* Without a picture and with a broken one: unavailable, zeros, no error. A fitted picture transformed again gives its row. */
static void
test_model_mask (void)
{
  g_autoptr(Tiles) tiles = tiles_new (60, .3);
  RfImageOptions options = rf_image_options_default ();
  g_autoptr(RfMatrix) x = NULL;
  g_autofree guint8 *available = NULL;
  g_autofree float *row = NULL;
  g_autoptr(RfImageModel) model = NULL;

  g_clear_pointer (&tiles->pictures[3], g_bytes_unref);
  g_bytes_unref (tiles->pictures[4]);
  tiles->pictures[4] = g_bytes_new_static ("broken", 6);
  model = rf_image_model_fit (60, tiles_picture, tiles, &options, &x, &available, NULL, NULL);
  g_assert_nonnull (model);
  g_assert_cmpuint (x->cols, ==, rf_image_model_get_dims (model));
  row = g_new (float, x->cols);
  for (guint32 i = 0; i < 60; i++)
    {
      float size = 0;

      g_assert_cmpuint (available[i], ==, i != 3 && i != 4);
      for (gsize j = 0; j < x->cols; j++)
        size += fabsf (rf_matrix_row (x, i)[j]);
      g_assert_true (available[i] ? size > 0 && isfinite (size) : size == 0);
      if (!available[i])
        continue;
      g_assert_true (rf_image_model_transform (model, tiles->pictures[i], row));
      g_assert_cmpmem (row, x->cols * sizeof *row, rf_matrix_row (x, i), x->cols * sizeof *row);
    }
  g_assert_false (rf_image_model_transform (model, tiles->pictures[4], row));
  g_assert_cmpfloat (row[0], ==, 0);
}

/* Columns of a block have variance 1 together; blocks follow each other. */
static void
test_model_blocks (void)
{
  g_autoptr(Tiles) tiles = tiles_new (80, .3);
  RfImageOptions options = rf_image_options_default ();
  g_autoptr(RfMatrix) x = NULL;
  g_autofree guint8 *available = NULL;
  g_autoptr(RfImageModel) model = rf_image_model_fit (80, tiles_picture, tiles, &options, &x, &available, NULL, NULL);
  const char *name;
  guint32 first, n, next = 0;
  guint b = 0;

  for (; rf_image_model_get_block (model, b, &name, &first, &n); b++)
    {
      double square = 0;

      g_assert_cmpuint (first, ==, next);
      next = first + n;
      for (guint32 i = 0; i < 80; i++)
        for (guint32 j = first; j < next; j++)
          square += pow (rf_matrix_row (x, i)[j], 2) / 80;
      g_assert_cmpfloat_with_epsilon (square, 1, .01);
    }
  g_assert_cmpuint (b, ==, 7);
  g_assert_cmpuint (next, ==, x->cols);
}

static void
test_model_threads (void)
{
  g_autoptr(Tiles) tiles = tiles_new (300, .3);
  RfImageOptions options = rf_image_options_default ();
  g_autoptr(RfMatrix) one = NULL, many = NULL;
  g_autofree guint8 *available_one = NULL, *available_many = NULL;
  g_autoptr(RfImageModel) model_one = NULL, model_many = NULL;

  options.fit_pictures = 200; /* so that some are projected only */
  rf_parallel_set_threads (1);
  model_one = rf_image_model_fit (300, tiles_picture, tiles, &options, &one, &available_one, NULL, NULL);
  rf_parallel_set_threads (3);
  model_many = rf_image_model_fit (300, tiles_picture, tiles, &options, &many, &available_many, NULL, NULL);
  rf_parallel_set_threads (0);
  g_assert_cmpmem (one->x, one->rows * one->cols * sizeof (float), many->x, many->rows * many->cols * sizeof (float));
  for (guint32 i = 0; i < 300; i++)
    g_assert_cmpuint (available_many[i], ==, 1);
}

static void
test_model_bytes (void)
{
  g_autoptr(Tiles) tiles = tiles_new (50, .3);
  RfImageOptions options = rf_image_options_default ();
  g_autoptr(RfMatrix) x = NULL;
  g_autofree guint8 *available = NULL;
  g_autoptr(RfImageModel) model = rf_image_model_fit (50, tiles_picture, tiles, &options, &x, &available, NULL, NULL), again = NULL;
  g_autoptr(GBytes) bytes = rf_image_model_to_bytes (model);
  g_autofree float *row = g_new (float, x->cols);
  gsize size = g_bytes_get_size (bytes);

  again = rf_image_model_new_from_bytes (bytes, NULL);
  g_assert_nonnull (again);
  g_assert_true (rf_image_model_transform (again, tiles->pictures[7], row));
  g_assert_cmpmem (row, x->cols * sizeof *row, rf_matrix_row (x, 7), x->cols * sizeof *row);
  for (gsize cut = 0; cut < size; cut += 1 + size / 50)
    {
      g_autoptr(GBytes) part = g_bytes_new_from_bytes (bytes, 0, cut);
      g_autoptr(GError) error = NULL;

      g_assert_null (rf_image_model_new_from_bytes (part, &error));
      g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
    }
}

static void
test_model_small (void)
{
  g_autoptr(Tiles) tiles = tiles_new (2, .3);
  RfImageOptions options = rf_image_options_default ();

  for (guint32 n = 0; n <= 2; n++)
    {
      g_autoptr(RfMatrix) x = NULL;
      g_autofree guint8 *available = NULL;
      g_autoptr(RfImageModel) model = rf_image_model_fit (n, tiles_picture, tiles, &options, &x, &available, NULL, NULL);
      g_autoptr(GBytes) bytes = rf_image_model_to_bytes (model);
      g_autoptr(RfImageModel) again = rf_image_model_new_from_bytes (bytes, NULL);

      g_assert_nonnull (again);
      g_assert_cmpuint (x->rows, ==, n);
      g_assert_cmpuint (x->cols, >=, 1);
      for (gsize i = 0; i < x->rows * x->cols; i++)
        g_assert_true (isfinite (x->x[i]));
    }
}

static void
cancel_late_cb (const char *stage, double fraction, void *data)
{
  if (fraction > .3)
    rf_progress_cancel (data);
}

static void
test_model_cancel (void)
{
  g_autoptr(Tiles) tiles = tiles_new (300, .3);
  RfImageOptions options = rf_image_options_default ();
  RfMatrix *x = NULL;
  guint8 *available = NULL;
  g_autoptr(GError) error = NULL;
  RfProgress progress;

  rf_progress_init (&progress, cancel_late_cb, &progress);
  g_assert_null (rf_image_model_fit (300, tiles_picture, tiles, &options, &x, &available, &progress, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CANCELLED);
  g_assert_null (x);
}

/* Share of the last quarter named right by one-against-all ridge regression on the other three quarters. */
static double
ridge_accuracy (const RfMatrix *x, const int *label, int n_classes, int stride)
{
  gsize n = x->rows, n_train = n * 3 / 4, d = x->cols + 1, right = 0;
  g_autofree float *a = g_new0 (float, n *d), *gram = g_new (float, d *d), *y = g_new0 (float, n_train * (gsize) n_classes);
  g_autofree float *moment = g_new0 (float, d * (gsize) n_classes), *weight = g_new0 (float, d * (gsize) n_classes);
  g_autofree double *sums = g_new (double, d *d);
  gsize c = (gsize) n_classes;

  for (gsize j = 0; j < d; j++)
    {
      double mean = 0, square = 1e-9;

      for (gsize i = 0; i < n_train; i++)
        mean += j + 1 < d ? rf_matrix_row (x, i)[j] / (double) n_train : 0;
      for (gsize i = 0; i < n_train; i++)
        square += j + 1 < d ? pow (rf_matrix_row (x, i)[j] - mean, 2) / (double) n_train : 0;
      for (gsize i = 0; i < n; i++)
        a[i * d + j] = j + 1 < d ? (float) ((rf_matrix_row (x, i)[j] - mean) / sqrt (square)) : 1.0f;
    }
  rf_gram (n_train, d, a, sums);
  for (gsize i = 0; i < d * d; i++)
    gram[i] = (float) (sums[i] + (i % (d + 1) == 0 ? .1 * (double) n_train : 0));
  g_assert_true (rf_spd_inverse (d, gram, NULL));
  for (gsize i = 0; i < n_train; i++)
    y[i * c + (gsize) label[i * (gsize) stride]] = 1;
  rf_gemm (TRUE, FALSE, d, c, n_train, 1, a, d, y, c, 0, moment, c);
  rf_gemm (FALSE, FALSE, d, c, d, 1, gram, d, moment, c, 0, weight, c);
  for (gsize i = n_train; i < n; i++)
    {
      float score[16] = { 0 };
      gsize best = 0;

      rf_gemm (FALSE, FALSE, 1, c, d, 1, a + i * d, d, weight, c, 0, score, c);
      for (gsize k = 1; k < c; k++)
        if (score[k] > score[best])
          best = k;
      right += best == (gsize) label[i * (gsize) stride];
    }
  return (double) right / (double) (n - n_train);
}

static void
test_tiles (void)
{
  g_autoptr(Tiles) tiles = tiles_new (800, .35);
  RfImageOptions options = rf_image_options_default ();
  g_autoptr(RfFeatures) features = rf_image_features_fit (800, tiles_picture, tiles, &options, NULL, NULL, NULL);
  double hue = ridge_accuracy (features->x, &tiles->kinds[0].hue, TILE_HUES, 3);
  double shape = ridge_accuracy (features->x, &tiles->kinds[0].shape, TILE_SHAPES, 3);
  double texture = ridge_accuracy (features->x, &tiles->kinds[0].texture, TILE_TEXTURES, 3);

  g_assert_cmpuint (rf_features_count_available (features), ==, 800);
  g_test_message ("named right: hue %.3f (chance .083), shape %.3f (.125), surface %.3f (.167)", hue, shape, texture);
  g_assert_cmpfloat (hue, >, .97);
  g_assert_cmpfloat (shape, >, .95);
  g_assert_cmpfloat (texture, >, .8);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  g_test_add_func ("/image-picture/colours", test_decode_colours);
  g_test_add_func ("/image-picture/orientation", test_decode_orientation);
  g_test_add_func ("/image-picture/refuses", test_decode_refuses);
  g_test_add_func ("/image-picture/hsv", test_hsv);
  g_test_add_func ("/image-blocks/colours", test_colours);
  g_test_add_func ("/image-blocks/gradients", test_gradients);
  g_test_add_func ("/image-blocks/grid", test_grid);
  g_test_add_func ("/image-blocks/figure", test_figure);
  g_test_add_func ("/image-blocks/texture", test_texture);
  g_test_add_func ("/image-blocks/filters", test_filters);
  g_test_add_func ("/image-blocks/finite", test_finite);
  g_test_add_func ("/svd/eigen-top", test_eigen_top);
  g_test_add_func ("/image-model/mask", test_model_mask);
  g_test_add_func ("/image-model/blocks", test_model_blocks);
  g_test_add_func ("/image-model/threads", test_model_threads);
  g_test_add_func ("/image-model/bytes", test_model_bytes);
  g_test_add_func ("/image-model/small", test_model_small);
  g_test_add_func ("/image-model/cancel", test_model_cancel);
  g_test_add_func ("/image-features/tiles", test_tiles);
  return g_test_run ();
}
