/* rf-plot-waterfall.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/plot/rf-plot-waterfall.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/plot/rf-plot-axis.h"
#include "core/plot/rf-plot-private.h"

#define ROW_HEIGHT 1.9 /* font sizes */

static double
value_of (const RfPlotWaterfall *plot, guint part)
{
  return part < plot->n ? (double) plot->values[part] : plot->popularity;
}

static const char *
label_of (const RfPlotWaterfall *plot, guint row)
{
  return row < plot->n ? rf_plot_modality_label (plot->names[row]) : row == plot->n ? _("Popularity") : _("Score");
}

static double
sum_of (const RfPlotWaterfall *plot)
{
  double sum = 0;

  for (guint part = 0; part <= plot->n; part++)
    sum += value_of (plot, part);
  return sum;
}

double
rf_plot_waterfall_get_height (guint n, const RfPlotTheme *theme)
{
  return (n + 2) * theme->font_size * ROW_HEIGHT;
}

/* The column on the left is as wide as the widest label, the one on the right as the widest number. */
static void
measure_columns (const RfPlotWaterfall *plot, cairo_t *cr, double width, const RfPlotTheme *theme, double *label, double *number)
{
  PlotText bold = { .bold = TRUE };
  double w, h;

  *label = *number = 0;
  for (guint row = 0; row <= plot->n + 1; row++)
    {
      double value = row <= plot->n ? value_of (plot, row) : sum_of (plot);
      g_autofree char *text = g_strdup_printf ("%+.2f", value);

      plot_text_size (cr, theme, &bold, label_of (plot, row), &w, &h);
      *label = fmax (*label, w);
      plot_text_size (cr, theme, &bold, text, &w, &h);
      *number = fmax (*number, w);
    }
  *label = fmin (*label, width * 0.4);
}

static RfPlotAxis
make_axis (const RfPlotWaterfall *plot, double start, double end)
{
  double low = 0, high = 0, at = 0;

  for (guint part = 0; part <= plot->n; part++)
    {
      at += value_of (plot, part);
      low = fmin (low, at);
      high = fmax (high, at);
    }
  return rf_plot_axis (low, high, start, end);
}

static void
draw_line (cairo_t *cr, const RfPlotColor *color, double x1, double y1, double x2, double y2)
{
  plot_set_color (cr, color);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, x1, y1);
  cairo_line_to (cr, x2, y2);
  cairo_stroke (cr);
}

static void
draw_row (const RfPlotWaterfall *plot, cairo_t *cr, guint row, double from, const RfPlotAxis *axis, double row_height, double width, double label, const RfPlotTheme *theme)
{
  gboolean is_sum = row == plot->n + 1;
  double value = is_sum ? sum_of (plot) : value_of (plot, row), start = rf_plot_axis_map (axis, is_sum ? 0 : from), end = rf_plot_axis_map (axis, is_sum ? value : from + value);
  double middle = (row + 0.5) * row_height, half = row_height * (is_sum ? 0.20 : 0.30);
  g_autofree char *text = is_sum ? plot_format (value, 2) : value < 0 ? plot_format (value, 2) : g_strdup_printf ("+%.2f", value);
  PlotText left = { .align_y = 0.5, .bold = is_sum, .max_width = label + 2 }, right = { .align_x = 1, .align_y = 0.5, .bold = is_sum };

  plot_text (cr, theme, &left, 0, middle, label_of (plot, row));
  plot_text (cr, theme, &right, width, middle, text);
  if (is_sum)
    {
      plot_set_color (cr, &theme->accent);
      cairo_rectangle (cr, fmin (start, end), middle - half, fmax (1, fabs (end - start)), 2 * half);
      cairo_fill (cr);
      return;
    }
  plot_fill_slot (cr, theme, row < plot->n ? (int) rf_plot_modality_slot (plot->names, plot->n, row) : -1, fmin (start, end), middle - half, fmax (1, fabs (end - start)), 2 * half);
  /* The thread from one step to the next. */
  draw_line (cr, &theme->dim, end, middle + half, end, middle + row_height - half);
}

void
rf_plot_waterfall_draw (const RfPlotWaterfall *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  double row_height = height / (plot->n + 2), label, number, zero, from = 0;
  RfPlotAxis axis;

  plot_begin (cr, width, height, theme);
  measure_columns (plot, cr, width, theme, &label, &number);
  axis = make_axis (plot, label + 12, fmax (label + 30, width - number - 12));
  zero = rf_plot_axis_map (&axis, 0);
  draw_line (cr, &theme->grid, zero, 0, zero, height);
  draw_line (cr, &theme->grid, 0, (plot->n + 1) * row_height, width, (plot->n + 1) * row_height);
  for (guint row = 0; row <= plot->n + 1; row++)
    {
      draw_row (plot, cr, row, from, &axis, row_height, width, label, theme);
      if (row <= plot->n)
        from += value_of (plot, row);
    }
}

char *
rf_plot_waterfall_describe (const RfPlotWaterfall *plot)
{
  g_autofree char *score = plot_format (sum_of (plot), 2);
  GString *out = g_string_new (NULL);

  for (guint part = 0; part <= plot->n; part++)
    {
      double value = value_of (plot, part);

      g_string_append_printf (out, value >= 0 ? _("%s%s adds %.2f") : _("%s%s takes %.2f"), part > 0 ? ", " : "", label_of (plot, part), fabs (value));
    }
  g_string_append_printf (out, _("; the score is %s."), score);
  return g_string_free (out, FALSE);
}

static void
draw (gconstpointer plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  rf_plot_waterfall_draw (plot, cr, width, height, theme);
}

static char *
describe (gconstpointer plot)
{
  return rf_plot_waterfall_describe (plot);
}

static void
tabulate (gconstpointer data, GString *csv)
{
  const RfPlotWaterfall *plot = data;
  double at = 0;

  plot_csv_text (csv, "part");
  plot_csv_text (csv, "adds");
  plot_csv_text (csv, "total");
  plot_csv_end (csv);
  for (guint part = 0; part <= plot->n; part++)
    {
      at += value_of (plot, part);
      plot_csv_text (csv, part < plot->n ? plot->names[part] : "popularity");
      plot_csv_number (csv, value_of (plot, part));
      plot_csv_number (csv, at);
      plot_csv_end (csv);
    }
}

const RfPlotKind rf_plot_waterfall_kind = { .draw = draw, .describe = describe, .table = tabulate };
