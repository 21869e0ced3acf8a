/* tiles.h: product tiles with known hue, shape and surface, drawn by Cairo: what image features must be able to tell apart.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <math.h>

#include "core/base/rf-rng.h"

#define TILE_HUES     12
#define TILE_SHAPES   8
#define TILE_TEXTURES 6
#define TILE_SIZE     128

typedef struct
{
  int hue, shape, texture;
} TileKind;

static void
tile_colour (double hue, double saturation, double value, double rgb[3])
{
  for (int c = 0; c < 3; c++)
    {
      double k = fmod ((c == 0 ? 5 : c == 1 ? 3 : 1) + hue * 6, 6);

      rgb[c] = value - value * saturation * CLAMP (MIN (k, 4 - k), 0, 1);
    }
}

static void
tile_polygon (cairo_t *cr, int corners, double inner)
{
  for (int i = 0; i < corners * (inner < 1 ? 2 : 1); i++)
    {
      double angle = 2 * G_PI * i / (corners * (inner < 1 ? 2 : 1)) - G_PI / 2, r = inner < 1 && i % 2 ? inner : 1;

      cairo_line_to (cr, r * cos (angle), r * sin (angle));
    }
  cairo_close_path (cr);
}

/* disc, square, triangle, star, ring, cross, diamond, crescent; within the unit circle. */
static void
tile_path (cairo_t *cr, int shape)
{
  static const double cross[12][2] = { { -.33, -1 }, { .33, -1 }, { .33, -.33 }, { 1, -.33 }, { 1, .33 }, { .33, .33 }, { .33, 1 }, { -.33, 1 },
                                       { -.33, .33 }, { -1, .33 }, { -1, -.33 }, { -.33, -.33 } };

  cairo_new_path (cr);
  switch (shape)
    {
    case 0:
      cairo_arc (cr, 0, 0, .9, 0, 2 * G_PI);
      break;
    case 1:
      cairo_rectangle (cr, -.78, -.78, 1.56, 1.56);
      break;
    case 2:
      tile_polygon (cr, 3, 1);
      break;
    case 3:
      tile_polygon (cr, 5, .45);
      break;
    case 4:
      cairo_arc (cr, 0, 0, .95, 0, 2 * G_PI);
      cairo_new_sub_path (cr);
      cairo_arc_negative (cr, 0, 0, .5, 2 * G_PI, 0);
      break;
    case 5:
      for (int i = 0; i < 12; i++)
        cairo_line_to (cr, cross[i][0], cross[i][1]);
      cairo_close_path (cr);
      break;
    case 6:
      cairo_scale (cr, .65, 1);
      tile_polygon (cr, 4, 1);
      break;
    default:
      cairo_arc (cr, 0, 0, .95, .7, 2 * G_PI - .7);
      cairo_arc_negative (cr, .45, 0, .68, 2 * G_PI - 1.11, 1.11);
      cairo_close_path (cr);
    }
}

/* plain, stripes, checks, dots, gradient, rings */
static void
tile_surface (cairo_t *cr, int texture, const double first[3], const double second[3], double step)
{
  cairo_set_source_rgb (cr, first[0], first[1], first[2]);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, second[0], second[1], second[2]);
  for (double a = -1; a < 1 && texture == 1; a += 2 * step)
    {
      cairo_rectangle (cr, -1, a, 2, step);
      cairo_fill (cr);
    }
  for (int a = 0; a * step < 2 && (texture == 2 || texture == 3); a++)
    for (int b = 0; b * step < 2; b++)
      {
        if (texture == 2 && (a + b) % 2)
          cairo_rectangle (cr, a * step - 1, b * step - 1, step, step);
        else if (texture == 3)
          cairo_arc (cr, (a + .5) * step - 1, (b + .5) * step - 1, step * .3, 0, 2 * G_PI);
        cairo_fill (cr);
      }
  if (texture == 4)
    {
      cairo_pattern_t *pattern = cairo_pattern_create_linear (-.8, -.5, .8, .5);

      cairo_pattern_add_color_stop_rgb (pattern, 0, first[0], first[1], first[2]);
      cairo_pattern_add_color_stop_rgb (pattern, 1, second[0], second[1], second[2]);
      cairo_set_source (cr, pattern);
      cairo_paint (cr);
      cairo_pattern_destroy (pattern);
    }
  cairo_set_line_width (cr, step * .5);
  for (double r = step * .5; r < 1.5 && texture == 5; r += step)
    {
      cairo_arc (cr, 0, 0, r, 0, 2 * G_PI);
      cairo_stroke (cr);
    }
}

static void
tile_noise (cairo_surface_t *surface, RfRng *rng, double amount)
{
  guint8 *pixels;

  cairo_surface_flush (surface);
  pixels = cairo_image_surface_get_data (surface);
  for (int i = 0; i < TILE_SIZE * TILE_SIZE; i++)
    {
      double noise = amount * rf_rng_normal (rng);

      for (int c = 0; c < 3; c++)
        pixels[i * 4 + c] = (guint8) CLAMP (pixels[i * 4 + c] + noise, 0, 255);
    }
  cairo_surface_mark_dirty (surface);
}

/* A JPEG; place, size, turn (up to `turn` radians), shades, ground and noise vary with rng. */
static GBytes *
tile_draw (TileKind kind, double turn, RfRng *rng)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, TILE_SIZE, TILE_SIZE);
  cairo_t *cr = cairo_create (surface);
  double hue = (kind.hue + .3 * (rf_rng_uniform (rng) - .5)) / TILE_HUES + 1, radius = TILE_SIZE * (.25 + .15 * rf_rng_uniform (rng));
  double ground = .82 + .16 * rf_rng_uniform (rng), slack = TILE_SIZE / 2.0 - radius, first[3], second[3];
  GdkPixbuf *pixbuf;
  gchar *bytes;
  gsize length;

  tile_colour (hue, .65 + .3 * rf_rng_uniform (rng), .7 + .25 * rf_rng_uniform (rng), first);
  tile_colour (hue, .3 + .15 * rf_rng_uniform (rng), .45 + .5 * (rf_rng_uniform (rng) < .5), second);
  cairo_set_source_rgb (cr, ground, ground, ground * (.97 + .03 * rf_rng_uniform (rng)));
  cairo_paint (cr);
  cairo_translate (cr, TILE_SIZE / 2.0 + slack * (2 * rf_rng_uniform (rng) - 1), TILE_SIZE / 2.0 + slack * (2 * rf_rng_uniform (rng) - 1));
  cairo_rotate (cr, turn * (2 * rf_rng_uniform (rng) - 1));
  cairo_scale (cr, radius, radius);
  cairo_save (cr);
  tile_path (cr, kind.shape);
  cairo_restore (cr);
  cairo_clip (cr);
  tile_surface (cr, kind.texture, first, second, .22 + .08 * rf_rng_uniform (rng));
  cairo_destroy (cr);
  tile_noise (surface, rng, 6);
  pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, TILE_SIZE, TILE_SIZE);
  for (int y = 0; y < TILE_SIZE; y++)
    for (int x = 0; x < TILE_SIZE; x++)
      {
        const guint32 *row = (const guint32 *) (void *) (cairo_image_surface_get_data (surface) + y * cairo_image_surface_get_stride (surface));
        guint8 *to = gdk_pixbuf_get_pixels (pixbuf) + y * gdk_pixbuf_get_rowstride (pixbuf) + x * 3;

        to[0] = (guint8) (row[x] >> 16);
        to[1] = (guint8) (row[x] >> 8);
        to[2] = (guint8) row[x];
      }
  gdk_pixbuf_save_to_buffer (pixbuf, &bytes, &length, "jpeg", NULL, "quality", "85", NULL);
  g_object_unref (pixbuf);
  cairo_surface_destroy (surface);
  return g_bytes_new_take (bytes, length);
}
