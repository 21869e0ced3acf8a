/* rf-plot-ternary.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/plot/rf-plot-ternary.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/plot/rf-plot-private.h"

#define SIN_60          0.86602540378443865
#define FEW             200  /* up to here markers are large and outlined */
#define MANY            1500 /* from here they are small */
#define VERY_MANY       6000 /* from here they are dots, filled all together by colour: 20 times as fast */
#define SIDE_FOR_SCALES 200  /* pixels: a smaller triangle has no percentages */

typedef struct
{
  double x[3], y[3]; /* the corners */
  double side;
} Triangle;

void
rf_plot_ternary_set_corners (RfPlotTernary *plot, const char *const *names, guint n, const guint corners[3])
{
  for (guint c = 0; c < 3; c++)
    {
      plot->names[c] = corners[c] < n ? names[corners[c]] : NULL;
      plot->slots[c] = corners[c] < n ? rf_plot_modality_slot (names, n, corners[c]) : 0;
      plot->letters[c][0] = '\0';
      if (corners[c] < n)
        rf_plot_modality_letter (names, n, corners[c], plot->letters[c]);
    }
}

/* The largest triangle that leaves room for the labels: one line above, one below, half a marker to the sides. */
static Triangle
lay_out (double width, double height, const RfPlotTheme *theme)
{
  double line = theme->font_size * 1.7, margin = theme->font_size * 2.6;
  double ticks = theme->font_size * 1.1; /* below the base, above the names there */
  double side = fmax (10, fmin (width - 2 * margin, (height - 2 * line - ticks - 4) / SIN_60));
  double left = (width - side) / 2, top = (height - side * SIN_60 - ticks) / 2;

  return (Triangle) {
    .x = { left + side / 2, left, left + side },
    .y = { top, top + side * SIN_60, top + side * SIN_60 },
    .side = side,
  };
}

static void
to_pixels (const Triangle *triangle, const double shares[3], double *x, double *y)
{
  *x = *y = 0;
  for (guint c = 0; c < 3; c++)
    {
      *x += shares[c] * triangle->x[c];
      *y += shares[c] * triangle->y[c];
    }
}

static gboolean
locate (const RfPlotTernary *plot, const Triangle *triangle, guint i, double *x, double *y)
{
  const float *raw = plot->shares + 3 * (gsize) i;
  double shares[3], sum = 0;

  for (guint c = 0; c < 3; c++)
    sum += shares[c] = raw[c] > 0 ? raw[c] : 0;
  if (!(sum > 0) || !isfinite (sum))
    return FALSE;
  for (guint c = 0; c < 3; c++)
    shares[c] /= sum;
  to_pixels (triangle, shares, x, y);
  return TRUE;
}

static int
driver_of (const RfPlotTernary *plot, guint i)
{
  const float *shares = plot->shares + 3 * (gsize) i;
  int best = 0;

  if (plot->drivers != NULL)
    return plot->drivers[i] >= 0 && plot->drivers[i] < 3 ? plot->drivers[i] : -1;
  for (int c = 1; c < 3; c++)
    if (shares[c] > shares[best])
      best = c;
  return shares[best] > 0 ? best : -1;
}

/* The kite around a corner in which its share is the largest, in a breath of its colour. */
static void
draw_realm (const RfPlotTernary *plot, cairo_t *cr, const Triangle *triangle, guint c, const RfPlotTheme *theme)
{
  double shares[4][3] = { { 0 } }, x, y;
  guint next = (c + 1) % 3, last = (c + 2) % 3;

  shares[0][c] = 1;
  shares[1][c] = shares[1][next] = 0.5;
  shares[2][0] = shares[2][1] = shares[2][2] = 1 / 3.0;
  shares[3][c] = shares[3][last] = 0.5;
  for (guint i = 0; i < 4; i++)
    {
      to_pixels (triangle, shares[i], &x, &y);
      cairo_line_to (cr, x, y);
    }
  cairo_close_path (cr);
  plot_set_color_alpha (cr, &theme->modality[plot->slots[c]], 0.10);
  cairo_fill (cr);
}

/* Lines of equal share of corner c, with the percentage where they meet the edge towards the next corner. */
static void
draw_scale (const RfPlotTernary *plot, cairo_t *cr, const Triangle *triangle, guint c, const RfPlotTheme *theme)
{
  PlotText style = { .color = &theme->dim, .scale = 0.8, .align_y = 0.5 };
  guint next = (c + 1) % 3, last = (c + 2) % 3;

  for (guint quarter = 1; quarter < 4; quarter++)
    {
      double from[3] = { 0 }, to[3] = { 0 }, x1, y1, x2, y2;
      g_autofree char *text = g_strdup_printf (_("%s %u %%"), plot->letters[c], quarter * 25);

      from[c] = to[c] = quarter / 4.0;
      from[next] = to[last] = 1 - quarter / 4.0;
      to_pixels (triangle, from, &x1, &y1);
      to_pixels (triangle, to, &x2, &y2);
      plot_set_color (cr, &theme->grid);
      cairo_set_line_width (cr, 1);
      cairo_move_to (cr, x1, y1);
      cairo_line_to (cr, x2, y2);
      cairo_stroke (cr);
      if (triangle->side < SIDE_FOR_SCALES)
        continue;
      style.align_x = c == 0 ? 1 : c == 1 ? 0.5 : 0; /* left edge, bottom edge, right edge */
      plot_text (cr, theme, &style, x1 + (c == 0 ? -5 : c == 2 ? 5 : 0), y1 + (c == 1 ? theme->font_size * 0.75 : 0), text);
    }
}

static void
draw_frame (const RfPlotTernary *plot, cairo_t *cr, const Triangle *triangle, const RfPlotTheme *theme)
{
  for (guint c = 0; c < 3; c++)
    if (plot->names[c] != NULL)
      draw_realm (plot, cr, triangle, c, theme);
  for (guint c = 0; c < 3; c++)
    if (plot->names[c] != NULL)
      draw_scale (plot, cr, triangle, c, theme);
  for (guint c = 0; c < 3; c++)
    cairo_line_to (cr, triangle->x[c], triangle->y[c]);
  cairo_close_path (cr);
  plot_set_color (cr, &theme->dim);
  cairo_set_line_width (cr, 1.2);
  cairo_stroke (cr);
}

static void
path_marker (cairo_t *cr, guint slot, double x, double y, double r)
{
  cairo_new_sub_path (cr);
  switch (slot)
    {
    case 1:
      cairo_rectangle (cr, x - r * 0.88, y - r * 0.88, r * 1.76, r * 1.76);
      break;
    case 2:
      cairo_move_to (cr, x, y - r * 1.25);
      cairo_line_to (cr, x + r * 1.15, y + r * 0.85);
      cairo_line_to (cr, x - r * 1.15, y + r * 0.85);
      cairo_close_path (cr);
      break;
    case 3:
      cairo_move_to (cr, x, y - r * 1.3);
      cairo_line_to (cr, x + r * 1.1, y);
      cairo_line_to (cr, x, y + r * 1.3);
      cairo_line_to (cr, x - r * 1.1, y);
      cairo_close_path (cr);
      break;
    case 4:
      cairo_rectangle (cr, x - r * 0.5, y - r * 1.2, r, r * 2.4);
      break;
    case 5:
      cairo_rectangle (cr, x - r * 1.2, y - r * 0.5, r * 2.4, r);
      break;
    default:
      cairo_arc (cr, x, y, r, 0, 2 * M_PI);
      cairo_close_path (cr);
    }
}

/* The marker of a corner, its name, centred together: at the top above the corner, else below. */
static void
draw_corner (const RfPlotTernary *plot, cairo_t *cr, const Triangle *triangle, guint c, double width, const RfPlotTheme *theme)
{
  g_autofree char *text = NULL;
  double text_width, text_height, r = theme->font_size * 0.42, x, y;
  PlotText style = { .bold = TRUE, .align_y = 0.5, .max_width = width / 2 - 3 * r };

  if (plot->names[c] == NULL)
    return;
  text = triangle->side < SIDE_FOR_SCALES ? g_strdup (rf_plot_modality_label (plot->names[c]))
                                          : g_strdup_printf ("%s (%s)", rf_plot_modality_label (plot->names[c]), plot->letters[c]);
  plot_text_size (cr, theme, &style, text, &text_width, &text_height);
  text_width = fmin (text_width, style.max_width);
  x = CLAMP (triangle->x[c] - (text_width + 3 * r) / 2, 2, fmax (2, width - text_width - 3 * r - 2));
  if (c == 1) /* the names of a small triangle's base do not meet */
    x = fmin (x, triangle->x[0] - text_width - 4.5 * r);
  else if (c == 2)
    x = fmax (x, triangle->x[0] + 1.5 * r);
  y = triangle->y[c] + theme->font_size * (c == 0 ? -1.0 : 1.9);
  path_marker (cr, plot->slots[c], x + r, y, r);
  plot_set_color (cr, &theme->modality[plot->slots[c]]);
  cairo_fill (cr);
  plot_text (cr, theme, &style, x + 3 * r, y, text);
}

static double
marker_radius (const RfPlotTernary *plot, guint i)
{
  double radius = plot->n <= FEW ? 5 : plot->n <= MANY ? 3.2 : 2.2;

  return radius * (plot->sizes != NULL ? fmin (4, fmax (0.2, plot->sizes[i])) : 1);
}

static const RfPlotColor *
marker_color (const RfPlotTernary *plot, int driver, const RfPlotTheme *theme)
{
  return driver < 0 ? &theme->neutral : &theme->modality[plot->slots[driver]];
}

/* Dots on the pixel grid, each pixel once a driver: no cost of curves, and no more rectangles than pixels. */
static void
draw_dots (const RfPlotTernary *plot, cairo_t *cr, const Triangle *triangle, const RfPlotTheme *theme)
{
  gsize columns = (gsize) triangle->side + 4, rows = (gsize) (triangle->side * SIN_60) + 4;
  g_autofree guint8 *taken = g_malloc0 (columns * rows);
  double x, y;

  for (int driver = -1; driver < 3; driver++)
    {
      plot_set_color_alpha (cr, marker_color (plot, driver, theme), 0.65);
      for (guint i = 0; i < plot->n; i++)
        {
          gsize column, row;

          if (driver_of (plot, i) != driver || !locate (plot, triangle, i, &x, &y))
            continue;
          column = (gsize) fmax (0, x - triangle->x[1] + 1);
          row = (gsize) fmax (0, y - triangle->y[0] + 1);
          if (column >= columns || row >= rows || (taken[row * columns + column] & (1 << (driver + 1))) != 0)
            continue;
          taken[row * columns + column] |= (guint8) (1 << (driver + 1));
          cairo_rectangle (cr, floor (x), floor (y), 2, 2);
        }
      cairo_fill (cr);
    }
}

static void
draw_points (const RfPlotTernary *plot, cairo_t *cr, const Triangle *triangle, const RfPlotTheme *theme)
{
  gboolean outlined = plot->n <= FEW;
  double x, y;

  if (plot->n > VERY_MANY)
    {
      draw_dots (plot, cr, triangle, theme);
      return;
    }

  cairo_set_line_width (cr, 1);
  for (guint i = 0; i < plot->n; i++)
    {
      int driver = driver_of (plot, i);

      if (!locate (plot, triangle, i, &x, &y))
        continue;
      path_marker (cr, driver < 0 ? 0 : plot->slots[driver], x, y, marker_radius (plot, i));
      plot_set_color_alpha (cr, marker_color (plot, driver, theme), outlined ? 0.88 : plot->n <= MANY ? 0.7 : 0.5);
      if (!outlined)
        {
          cairo_fill (cr);
          continue;
        }
      cairo_fill_preserve (cr);
      plot_set_color (cr, &theme->background);
      cairo_stroke (cr);
    }
}

static void
draw_ring (const RfPlotTernary *plot, cairo_t *cr, const Triangle *triangle, int index, double line_width, const RfPlotTheme *theme)
{
  double x, y, radius;
  int driver;

  if (index < 0 || (guint) index >= plot->n || !locate (plot, triangle, (guint) index, &x, &y))
    return;
  driver = driver_of (plot, (guint) index);
  radius = fmax (4.5, marker_radius (plot, (guint) index));
  path_marker (cr, driver < 0 ? 0 : plot->slots[driver], x, y, radius);
  plot_set_color (cr, marker_color (plot, driver, theme));
  cairo_fill (cr);
  cairo_arc (cr, x, y, radius + 3.5, 0, 2 * M_PI);
  plot_set_color (cr, &theme->accent);
  cairo_set_line_width (cr, line_width);
  cairo_stroke (cr);
}

static void
draw_base (gconstpointer data, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  const RfPlotTernary *plot = data;
  Triangle triangle = lay_out (width, height, theme);

  plot_begin (cr, width, height, theme);
  draw_frame (plot, cr, &triangle, theme);
  draw_points (plot, cr, &triangle, theme);
  for (guint c = 0; c < 3; c++)
    draw_corner (plot, cr, &triangle, c, width, theme);
}

/* Rings around two points, and the brush. */
static void
draw_marks (gconstpointer data, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  const RfPlotTernary *plot = data;
  Triangle triangle = lay_out (width, height, theme);

  draw_ring (plot, cr, &triangle, plot->hovered, 1.2, theme);
  draw_ring (plot, cr, &triangle, plot->selected, 2.4, theme);
  if (plot->brush_width > 0 && plot->brush_height > 0)
    plot_brush (cr, theme, plot->brush_x, plot->brush_y, plot->brush_width, plot->brush_height);
}

void
rf_plot_ternary_draw (const RfPlotTernary *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  draw_base (plot, cr, width, height, theme);
  draw_marks (plot, cr, width, height, theme);
}

gboolean
rf_plot_ternary_is_brushed (const RfPlotTernary *plot, guint i, double width, double height, const RfPlotTheme *theme)
{
  double x, y;

  return rf_plot_ternary_locate (plot, i, width, height, theme, &x, &y) && x >= plot->brush_x && x <= plot->brush_x + plot->brush_width &&
         y >= plot->brush_y && y <= plot->brush_y + plot->brush_height;
}

gboolean
rf_plot_ternary_locate (const RfPlotTernary *plot, guint i, double width, double height, const RfPlotTheme *theme, double *x, double *y)
{
  Triangle triangle = lay_out (width, height, theme);

  RF_CHECK (i < plot->n, "point %u of %u", i, plot->n);
  return locate (plot, &triangle, i, x, y);
}

int
rf_plot_ternary_find (const RfPlotTernary *plot, double width, double height, const RfPlotTheme *theme, double x, double y, double reach)
{
  Triangle triangle = lay_out (width, height, theme);
  double best = reach * reach;
  int found = -1;

  for (guint i = 0; i < plot->n; i++)
    {
      double at_x, at_y, distance;

      if (!locate (plot, &triangle, i, &at_x, &at_y))
        continue;
      distance = (at_x - x) * (at_x - x) + (at_y - y) * (at_y - y);
      if (distance <= best && (found < 0 || distance < best))
        {
          best = distance;
          found = (int) i;
        }
    }
  return found;
}

char *
rf_plot_ternary_describe (const RfPlotTernary *plot)
{
  guint counts[3] = { 0 }, first = 0;
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < plot->n; i++)
    if (driver_of (plot, i) >= 0)
      counts[driver_of (plot, i)]++;
  for (guint c = 1; c < 3; c++)
    if (counts[c] > counts[first])
      first = c;
  if (counts[first] == 0 || plot->names[first] == NULL)
    g_string_append_printf (out, _("No modality drives any of the %u recommendations."), plot->n);
  else
    {
      g_string_append_printf (out, g_dngettext (GETTEXT_PACKAGE, "%s drives %u of %u recommendation", "%s drives %u of %u recommendations", plot->n),
                              rf_plot_modality_label (plot->names[first]), counts[first], plot->n);
      for (guint c = 0; c < 3; c++)
        if (c != first && plot->names[c] != NULL)
          {
            g_autofree char *lower = g_utf8_strdown (rf_plot_modality_label (plot->names[c]), -1);

            g_string_append_printf (out, _(", %s %u"), lower, counts[c]);
          }
      g_string_append_c (out, '.');
    }
  return g_string_free (out, FALSE);
}

static void
draw (gconstpointer plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  rf_plot_ternary_draw (plot, cr, width, height, theme);
}

static char *
describe (gconstpointer plot)
{
  return rf_plot_ternary_describe (plot);
}

static void
tabulate (gconstpointer data, GString *csv)
{
  const RfPlotTernary *plot = data;

  plot_csv_text (csv, "point");
  for (guint c = 0; c < 3; c++)
    if (plot->names[c])
      plot_csv_text (csv, plot->names[c]);
  plot_csv_text (csv, "driver");
  plot_csv_end (csv);
  for (guint i = 0; i < plot->n; i++)
    {
      int driver = driver_of (plot, i);

      plot_csv_number (csv, i + 1.0);
      for (guint c = 0; c < 3; c++)
        if (plot->names[c])
          plot_csv_number (csv, (double) plot->shares[3 * (gsize) i + c]);
      plot_csv_text (csv, driver >= 0 && plot->names[driver] ? plot->names[driver] : "");
      plot_csv_end (csv);
    }
}

const RfPlotKind rf_plot_ternary_kind = { .draw = draw, .describe = describe, .table = tabulate, .base = draw_base, .mark = draw_marks };
