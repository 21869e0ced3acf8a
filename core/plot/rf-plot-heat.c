/* rf-plot-heat.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/plot/rf-plot-heat.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

#include "core/plot/rf-plot-private.h"

#define DENSEST 0.78
#define WARM    { 0.84, 0.37, 0, 1 } /* vermilion: found on pictures less often than blue and green */

static float
largest (const RfPlotHeat *plot)
{
  float best = 0;

  for (guint i = 0; i < plot->cells * plot->cells; i++)
    best = MAX (best, plot->values[i]);
  return best;
}

static void
draw_picture (const RfPlotHeat *plot, cairo_t *cr, double left, double top, double w, double h)
{
  cairo_save (cr);
  cairo_translate (cr, left, top);
  cairo_scale (cr, w / cairo_image_surface_get_width (plot->picture), h / cairo_image_surface_get_height (plot->picture));
  cairo_set_source_surface (cr, plot->picture, 0, 0);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD); /* its edge stays one */
  cairo_rectangle (cr, 0, 0, cairo_image_surface_get_width (plot->picture), cairo_image_surface_get_height (plot->picture));
  cairo_fill (cr);
  cairo_restore (cr);
}

void
rf_plot_heat_draw (const RfPlotHeat *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  static const RfPlotColor warm = WARM;
  double w = width, h = height, left, top, most = (double) largest (plot);

  plot_begin (cr, width, height, theme);
  if (plot->aspect > 0)
    {
      w = fmin (width, height * plot->aspect);
      h = w / plot->aspect;
    }
  left = (width - w) / 2;
  top = (height - h) / 2;
  if (plot->picture)
    draw_picture (plot, cr, left, top, w, h);
  for (guint y = 0; y < plot->cells && most > 0; y++)
    for (guint x = 0; x < plot->cells; x++)
      {
        double value = (double) plot->values[y * plot->cells + x] / most;
        double x1 = round (left + w * x / plot->cells), x2 = round (left + w * (x + 1) / plot->cells), y1 = round (top + h * y / plot->cells), y2 = round (top + h * (y + 1) / plot->cells);

        if (value <= 0)
          continue;
        plot_set_color_alpha (cr, &warm, DENSEST * value);
        cairo_rectangle (cr, x1, y1, x2 - x1, y2 - y1);
        cairo_fill (cr);
      }
}

static int
descending (gconstpointer a, gconstpointer b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x < y) - (x > y);
}

char *
rf_plot_heat_describe (const RfPlotHeat *plot)
{
  static const char *const places[3][3] = {
    { N_("at the top left"), N_("at the top"), N_("at the top right") },
    { N_("on the left"), N_("in the middle"), N_("on the right") },
    { N_("at the bottom left"), N_("at the bottom"), N_("at the bottom right") },
  };
  guint n = plot->cells * plot->cells;
  g_autofree float *sorted = g_new (float, n + 1);
  double sum = 0, strongest = 0, cx = 0, cy = 0;

  for (guint i = 0; i < n; i++)
    {
      sorted[i] = fmaxf (0, plot->values[i]);
      sum += (double) sorted[i];
      cx += (double) sorted[i] * (i % plot->cells + 0.5);
      cy += (double) sorted[i] * (i / plot->cells + 0.5);
    }
  if (!(sum > 0))
    return g_strdup (_("No part of the picture speaks for the item."));
  qsort (sorted, n, sizeof *sorted, descending);
  for (guint i = 0; i < n / 4; i++)
    strongest += (double) sorted[i];
  cx /= sum * plot->cells;
  cy /= sum * plot->cells;
  return g_strdup_printf (_("Counts most %s; the strongest quarter of the picture holds %.0f %% of it."), _(places[cy < 0.42 ? 0 : cy > 0.58 ? 2 : 1][cx < 0.42 ? 0 : cx > 0.58 ? 2 : 1]), 100 * strongest / sum);
}

static void
draw (gconstpointer plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  rf_plot_heat_draw (plot, cr, width, height, theme);
}

static char *
describe (gconstpointer plot)
{
  return rf_plot_heat_describe (plot);
}

static void
tabulate (gconstpointer data, GString *csv)
{
  const RfPlotHeat *plot = data;

  plot_csv_text (csv, "row");
  plot_csv_text (csv, "column");
  plot_csv_text (csv, "value");
  plot_csv_end (csv);
  for (guint i = 0; i < plot->cells * plot->cells; i++)
    {
      plot_csv_number (csv, i / plot->cells + 1.0);
      plot_csv_number (csv, i % plot->cells + 1.0);
      plot_csv_number (csv, (double) plot->values[i]);
      plot_csv_end (csv);
    }
}

const RfPlotKind rf_plot_heat_kind = { .draw = draw, .describe = describe, .table = tabulate };
