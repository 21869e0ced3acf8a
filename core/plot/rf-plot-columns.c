/* rf-plot-columns.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/plot/rf-plot-columns.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/plot/rf-plot-axis.h"
#include "core/plot/rf-plot-private.h"

#define TICKS      4
#define MOST_WRITTEN 8 /* columns with their number on top */

static double
find_most (const RfPlotColumns *plot)
{
  double most = 0;

  for (guint i = 0; i < plot->n; i++)
    most = MAX (most, plot->values[i]);
  return plot->share || most <= 0 ? 1 : most;
}

static char *
format_value (const RfPlotColumns *plot, double value, int decimals)
{
  g_autofree char *number = plot_format (plot->share ? value * 100 : value, decimals);

  return plot->share ? g_strdup_printf ("%s %%", number) : g_steal_pointer (&number);
}

static void
draw_axis (const RfPlotColumns *plot, cairo_t *cr, const RfPlotAxis *y, double left, double right, const RfPlotTheme *theme)
{
  double ticks[RF_PLOT_MAX_TICKS];
  int decimals;
  guint n = rf_plot_ticks (y->low, y->high, TICKS + 2, ticks, &decimals);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *label = format_value (plot, ticks[i], plot->share ? 0 : decimals);

      plot_grid_line (cr, theme, left, right, rf_plot_axis_map (y, ticks[i]), label);
    }
}

/* Every how many-th name has room. */
static guint
find_stride (const RfPlotColumns *plot, cairo_t *cr, double column, const RfPlotTheme *theme)
{
  double widest = 1;

  for (guint i = 0; i < plot->n; i++)
    {
      double width, height;

      plot_text_size (cr, theme, &(PlotText) { 0 }, plot->names[i], &width, &height);
      widest = MAX (widest, width + theme->font_size * 0.6);
    }
  return plot->n <= MOST_WRITTEN ? 1 : (guint) ceil (widest / column);
}

void
rf_plot_columns_draw (const RfPlotColumns *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  double font = theme->font_size, left = font * 4.2, right = width - font, column = (right - left) / MAX (plot->n, 1), gap = column > 8 ? column * 0.15 : column > 3 ? 0.5 : 0;
  RfPlotAxis y = rf_plot_axis (0, find_most (plot), height - font * 3.2, font * 1.6);
  PlotText centre = { .color = &theme->dim, .align_x = 0.5 }, name = { .color = &theme->dim, .align_x = 0.5, .max_width = plot->n <= MOST_WRITTEN ? column : 0 };
  PlotText top = { .align_x = 0.5, .align_y = 1, .scale = 0.9 };
  guint stride;

  if (!plot->share)
    rf_plot_axis_widen (&y, TICKS);
  plot_begin (cr, width, height, theme);
  draw_axis (plot, cr, &y, left, right, theme);
  stride = find_stride (plot, cr, column, theme);
  for (guint i = 0; i < plot->n; i++)
    {
      double x = left + i * column, at = rf_plot_axis_map (&y, plot->values[i]);

      plot_fill_slot (cr, theme, plot->slots ? plot->slots[i] : -1, x + gap, at, column - 2 * gap, y.start - at);
      if (i % stride == 0)
        plot_text (cr, theme, &name, x + column / 2, y.start + font * 0.3, plot->names[i]);
      if (plot->n <= MOST_WRITTEN)
        {
          g_autofree char *text = format_value (plot, plot->values[i], plot->share ? 1 : 0);

          plot_text (cr, theme, &top, x + column / 2, at - 1, text);
        }
    }
  plot_text (cr, theme, &centre, (left + right) / 2, y.start + font * 1.7, plot->label);
}

char *
rf_plot_columns_describe (const RfPlotColumns *plot)
{
  if (plot->n == 0)
    return g_strdup_printf (_("%s: no values."), plot->label);
  return g_strdup_printf ("%s: %s", plot->label, plot->message ? plot->message : "");
}

static void
draw (gconstpointer plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  rf_plot_columns_draw (plot, cr, width, height, theme);
}

static char *
describe (gconstpointer plot)
{
  return rf_plot_columns_describe (plot);
}

static void
tabulate (gconstpointer data, GString *csv)
{
  const RfPlotColumns *plot = data;

  plot_csv_text (csv, "name");
  plot_csv_text (csv, plot->label);
  plot_csv_end (csv);
  for (guint i = 0; i < plot->n; i++)
    {
      plot_csv_text (csv, plot->names[i]);
      plot_csv_number (csv, plot->values[i]);
      plot_csv_end (csv);
    }
}

const RfPlotKind rf_plot_columns_kind = { .draw = draw, .describe = describe, .table = tabulate };
