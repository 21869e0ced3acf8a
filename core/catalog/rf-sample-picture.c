/* rf-sample-picture.c: the pictures of the sample's items, drawn by Cairo to look like product tiles.
 *
 * A soft neutral background with light from above, a shape with a shadow, filled with its hue and texture. Position, size,
 * rotation, shade and grain vary from item to item; the hue stays within a third of the way to its neighbour, and a square
 * never turns far enough to be taken for a diamond.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <cairo.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <math.h>

#include "core/catalog/rf-sample-private.h"

#define PIXELS      SAMPLE_PIXELS
#define HUE_STEP    30.0 /* degrees between neighbours */
#define HUE_JITTER  5.0
#define TURN        0.22 /* radians to either side */
#define QUALITY     "92"
#define N_SHADOWS   9
#define GRAIN       7.0 /* half width of the noise, of 255 */

enum { DISC, SQUARE, TRIANGLE, STAR, RING, CROSS, DIAMOND, CRESCENT };
enum { PLAIN, STRIPES, CHECKS, DOTS, GRADIENT, ZIGZAG };

typedef struct
{
  double r, g, b;
} Colour;

/* One picture in the making. Shapes are drawn around (0, 0) with a half width of 1. */
typedef struct
{
  RfRng rng;
  cairo_t *cr;
  double x, y, size, turn;
  double hue, saturation, lightness;
  guint shape, texture;
} Tile;

static double
between (RfRng *rng, double low, double high)
{
  return low + (high - low) * rf_rng_uniform (rng);
}

/* Hue in degrees, saturation and lightness in 0 .. 1 (CSS Color 3, section 4.2.4). */
static Colour
from_hsl (double hue, double saturation, double lightness)
{
  double a = saturation * fmin (lightness, 1 - lightness), out[3];

  for (int c = 0; c < 3; c++)
    {
      double k = fmod ((c == 0 ? 0 : c == 1 ? 8 : 4) + hue / 30.0 + 12, 12);

      out[c] = lightness - a * fmax (-1, fmin (fmin (k - 3, 9 - k), 1));
    }
  return (Colour) { out[0], out[1], out[2] };
}

/* The tile's own hue, lighter (by > 0) or darker. Yellows and limes look lighter than blues at equal lightness: evened out. */
static Colour
shade (const Tile *self, double by)
{
  double even = 0.05 * cos ((self->hue - 245) * M_PI / 180);

  return from_hsl (self->hue, self->saturation, fmin (0.95, fmax (0.05, self->lightness + even + by)));
}

static void
set_source (cairo_t *cr, Colour colour)
{
  cairo_set_source_rgb (cr, colour.r, colour.g, colour.b);
}

static void
path_star (cairo_t *cr)
{
  for (int i = 0; i < 10; i++)
    {
      double angle = i * M_PI / 5 - M_PI / 2, radius = i % 2 == 0 ? 1.1 : 0.47;

      cairo_line_to (cr, radius * cos (angle), radius * sin (angle) + 0.06);
    }
  cairo_close_path (cr);
}

static void
path_cross (cairo_t *cr)
{
  static const double a = 0.36, corners[12][2] = {
    { -a, -1 }, { a, -1 }, { a, -a }, { 1, -a }, { 1, a }, { a, a }, { a, 1 }, { -a, 1 }, { -a, a }, { -1, a }, { -1, -a }, { -a, -a },
  };

  for (int i = 0; i < 12; i++)
    cairo_line_to (cr, corners[i][0], corners[i][1]);
  cairo_close_path (cr);
}

/* The moon between two circles of radius 1 and 0.84, the second moved 0.5 to the right: they meet where x is `meet`. */
static void
path_crescent (cairo_t *cr)
{
  double moved = 0.5, inner = 0.84;
  double meet = (1 - inner * inner + moved * moved) / (2 * moved);
  double outer_angle = acos (meet), inner_angle = atan2 (sqrt (1 - meet * meet), meet - moved);

  cairo_arc (cr, 0.22, 0, 1, outer_angle, 2 * M_PI - outer_angle);
  cairo_arc_negative (cr, 0.22 + moved, 0, inner, -inner_angle, inner_angle - 2 * M_PI);
  cairo_close_path (cr);
}

static void
path_rounded_square (cairo_t *cr)
{
  double a = 0.86, r = 0.14;

  cairo_arc (cr, a - r, -a + r, r, -M_PI / 2, 0);
  cairo_arc (cr, a - r, a - r, r, 0, M_PI / 2);
  cairo_arc (cr, -a + r, a - r, r, M_PI / 2, M_PI);
  cairo_arc (cr, -a + r, -a + r, r, M_PI, 1.5 * M_PI);
  cairo_close_path (cr);
}

static void
path_shape (const Tile *self)
{
  cairo_t *cr = self->cr;

  cairo_new_path (cr);
  switch (self->shape)
    {
    case DISC:
      cairo_arc (cr, 0, 0, 0.97, 0, 2 * M_PI);
      break;
    case SQUARE:
      path_rounded_square (cr);
      break;
    case TRIANGLE:
      cairo_move_to (cr, 0, -0.98);
      cairo_line_to (cr, 1.05, 0.84);
      cairo_line_to (cr, -1.05, 0.84);
      cairo_close_path (cr);
      break;
    case STAR:
      path_star (cr);
      break;
    case RING: /* the hole runs the other way round, so that any fill rule leaves it open */
      cairo_arc (cr, 0, 0, 1, 0, 2 * M_PI);
      cairo_close_path (cr);
      cairo_new_sub_path (cr);
      cairo_arc_negative (cr, 0, 0, 0.52, 2 * M_PI, 0);
      cairo_close_path (cr);
      break;
    case CROSS:
      path_cross (cr);
      break;
    case DIAMOND:
      cairo_move_to (cr, 0, -1.18);
      cairo_line_to (cr, 0.74, 0);
      cairo_line_to (cr, 0, 1.18);
      cairo_line_to (cr, -0.74, 0);
      cairo_close_path (cr);
      break;
    default:
      path_crescent (cr);
    }
}

/* A wall and a table top of nearly white stone, lit from one side. Its tint says nothing about the item. */
static void
draw_background (Tile *self)
{
  double hue = between (&self->rng, 0, 360), saturation = between (&self->rng, 0.02, 0.14);
  double lightness = between (&self->rng, 0.86, 0.94), x = between (&self->rng, 60, PIXELS - 60);
  Colour centre = from_hsl (hue, saturation, fmin (0.985, lightness + 0.06)), edge = from_hsl (hue, saturation, lightness - 0.06);
  cairo_pattern_t *light = cairo_pattern_create_radial (x, 70, 20, x, 110, 230);

  cairo_pattern_add_color_stop_rgb (light, 0, centre.r, centre.g, centre.b);
  cairo_pattern_add_color_stop_rgb (light, 1, edge.r, edge.g, edge.b);
  cairo_set_source (self->cr, light);
  cairo_paint (self->cr);
  cairo_pattern_destroy (light);
}

/* A soft shadow: the shape, many times, each a little larger and all nearly transparent. */
static void
draw_shadow (Tile *self)
{
  double fall = between (&self->rng, 0.06, 0.12);

  cairo_save (self->cr);
  cairo_translate (self->cr, fall * 0.5, fall + 0.03);
  cairo_set_line_join (self->cr, CAIRO_LINE_JOIN_ROUND);
  for (int i = 0; i < N_SHADOWS; i++)
    {
      path_shape (self);
      cairo_set_source_rgba (self->cr, 0.10, 0.09, 0.12, 0.035);
      cairo_set_line_width (self->cr, 0.04 * (i + 1));
      cairo_fill_preserve (self->cr);
      cairo_stroke (self->cr);
    }
  cairo_restore (self->cr);
}

static void
draw_stripes (Tile *self, double pitch)
{
  for (double at = -2; at < 2; at += pitch)
    cairo_rectangle (self->cr, at, -2, pitch / 2, 4);
  cairo_fill (self->cr);
}

static void
draw_checks (Tile *self, double pitch)
{
  int half = (int) ceil (1.6 / pitch);

  for (int i = -half; i < half; i++)
    for (int j = -half; j < half; j++)
      if ((i + j) % 2 == 0)
        cairo_rectangle (self->cr, i * pitch, j * pitch, pitch, pitch);
  cairo_fill (self->cr);
}

static void
draw_dots (Tile *self, double pitch)
{
  int half = (int) ceil (1.6 / pitch);

  for (int i = -half; i <= half; i++)
    for (int j = -half; j <= half; j++)
      {
        cairo_new_sub_path (self->cr);
        cairo_arc (self->cr, (i + (j % 2 != 0 ? 0.5 : 0)) * pitch, j * pitch * 0.87, pitch * 0.29, 0, 2 * M_PI);
      }
  cairo_fill (self->cr);
}

static void
draw_zigzag (Tile *self, double pitch)
{
  int half = (int) ceil (1.8 / pitch);

  cairo_set_line_width (self->cr, pitch * 0.42);
  cairo_set_line_join (self->cr, CAIRO_LINE_JOIN_MITER);
  for (int row = -half; row <= half; row++)
    {
      for (int i = -2 * half; i <= 2 * half; i++)
        cairo_line_to (self->cr, i * pitch * 0.5, row * pitch + (i % 2 != 0 ? 0.5 : 0) * pitch);
      cairo_stroke (self->cr);
    }
}

static void
fill_gradient (Tile *self)
{
  cairo_pattern_t *ramp = cairo_pattern_create_linear (0, -1, 0, 1);
  Colour top = shade (self, 0.34), middle = shade (self, 0.04), bottom = shade (self, -0.27);

  cairo_pattern_add_color_stop_rgb (ramp, 0, top.r, top.g, top.b);
  cairo_pattern_add_color_stop_rgb (ramp, 0.5, middle.r, middle.g, middle.b); /* or the hue would be lost on the way */
  cairo_pattern_add_color_stop_rgb (ramp, 1, bottom.r, bottom.g, bottom.b);
  cairo_set_source (self->cr, ramp);
  cairo_paint (self->cr);
  cairo_pattern_destroy (ramp);
}

/* Fills the shape, which is the clip, with its texture: the pattern in a much lighter or darker shade of the same hue. */
static void
fill_texture (Tile *self)
{
  gboolean lighter = rf_rng_below (&self->rng, 2) == 0;
  double pitch = between (&self->rng, 0.9, 1.1), turn = between (&self->rng, -0.15, 0.15);

  set_source (self->cr, shade (self, 0));
  cairo_paint (self->cr);
  cairo_rotate (self->cr, turn);
  set_source (self->cr, shade (self, lighter ? 0.30 : -0.24));
  switch (self->texture)
    {
    case STRIPES:
      draw_stripes (self, 0.36 * pitch);
      break;
    case CHECKS:
      draw_checks (self, 0.27 * pitch);
      break;
    case DOTS:
      draw_dots (self, 0.36 * pitch);
      break;
    case GRADIENT:
      fill_gradient (self);
      break;
    case ZIGZAG:
      draw_zigzag (self, 0.38 * pitch);
      break;
    default:
      break;
    }
}

/* The light on the upper left of the body, and its darker rim. */
static void
draw_finish (Tile *self)
{
  cairo_pattern_t *light = cairo_pattern_create_linear (-0.7, -1, 0.7, 1);
  Colour rim = shade (self, -0.20);

  cairo_pattern_add_color_stop_rgba (light, 0, 1, 1, 1, 0.20);
  cairo_pattern_add_color_stop_rgba (light, 0.5, 1, 1, 1, 0);
  cairo_pattern_add_color_stop_rgba (light, 1, 0, 0, 0, 0.10);
  path_shape (self);
  cairo_set_source (self->cr, light);
  cairo_fill_preserve (self->cr);
  cairo_pattern_destroy (light);
  cairo_set_source_rgba (self->cr, rim.r, rim.g, rim.b, 0.7);
  cairo_set_line_width (self->cr, 0.03);
  cairo_stroke (self->cr);
}

static void
measure_box (Tile *self, double box[4])
{
  double x1, y1, x2, y2;

  path_shape (self);
  cairo_identity_matrix (self->cr);
  cairo_fill_extents (self->cr, &x1, &y1, &x2, &y2);
  cairo_new_path (self->cr);
  box[0] = floor (x1);
  box[1] = floor (y1);
  box[2] = ceil (x2) - box[0];
  box[3] = ceil (y2) - box[1];
}

static void
draw_tile (Tile *self, double box[4])
{
  draw_background (self);
  cairo_save (self->cr);
  cairo_translate (self->cr, self->x, self->y);
  cairo_rotate (self->cr, self->turn);
  cairo_scale (self->cr, self->size, self->size);
  draw_shadow (self);
  cairo_save (self->cr);
  path_shape (self);
  cairo_clip (self->cr);
  fill_texture (self);
  cairo_restore (self->cr);
  draw_finish (self);
  measure_box (self, box);
  cairo_restore (self->cr);
}

/* Cairo's pixels to RGB, with a triangular grain on the brightness. */
static GdkPixbuf *
develop (Tile *self, cairo_surface_t *surface)
{
  GdkPixbuf *picture = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, PIXELS, PIXELS);
  guchar *pixels = gdk_pixbuf_get_pixels (picture);
  const guchar *data = cairo_image_surface_get_data (surface);
  int stride = gdk_pixbuf_get_rowstride (picture), data_stride = cairo_image_surface_get_stride (surface);

  for (int y = 0; y < PIXELS; y++)
    for (int x = 0; x < PIXELS; x++)
      {
        guint32 value = ((const guint32 *) (gconstpointer) (data + (gsize) y * (gsize) data_stride))[x], bits = rf_rng_u32 (&self->rng);
        double grain = GRAIN * ((double) (bits & 0xffff) + (double) (bits >> 16) - 65535) / 65535;

        for (int c = 0; c < 3; c++)
          pixels[y * stride + x * 3 + c] = (guchar) lrint (CLAMP ((value >> (16 - 8 * c) & 0xff) + grain, 0, 255));
      }
  return picture;
}

static Tile
lay_out (guint64 seed, guint32 index, const SampleItem *item)
{
  Tile tile = { .rng = sample_rng (seed, SAMPLE_STREAM_PICTURE, index) };

  tile.shape = item->value[SAMPLE_IMAGE][1];
  tile.texture = item->value[SAMPLE_IMAGE][2];
  tile.x = PIXELS / 2.0 + between (&tile.rng, -16, 16);
  tile.y = PIXELS / 2.0 + between (&tile.rng, -14, 14);
  tile.size = between (&tile.rng, 72, 88);
  tile.turn = between (&tile.rng, -TURN, TURN);
  tile.hue = fmod (item->value[SAMPLE_IMAGE][0] * HUE_STEP + between (&tile.rng, -HUE_JITTER, HUE_JITTER) + 360, 360);
  tile.saturation = between (&tile.rng, 0.62, 0.80);
  tile.lightness = between (&tile.rng, 0.46, 0.54);
  return tile;
}

GBytes *
sample_draw_picture (guint64 seed, guint32 index, SampleItem *item, GError **error)
{
  Tile tile = lay_out (seed, index, item);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, PIXELS, PIXELS);
  g_autoptr(GdkPixbuf) picture = NULL;
  char *jpeg = NULL;
  gsize size = 0;

  tile.cr = cairo_create (surface);
  draw_tile (&tile, item->box);
  cairo_destroy (tile.cr);
  cairo_surface_flush (surface);
  picture = develop (&tile, surface);
  cairo_surface_destroy (surface);
  if (!gdk_pixbuf_save_to_buffer (picture, &jpeg, &size, "jpeg", error, "quality", QUALITY, NULL))
    return NULL;
  return g_bytes_new_take (jpeg, size);
}
