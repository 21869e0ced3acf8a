/* rf-plot-intervals.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/plot/rf-plot-intervals.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/plot/rf-plot-axis.h"
#include "core/plot/rf-plot-private.h"

#define ROW_HEIGHT 2.0 /* font sizes */
#define AXIS       3.4 /* font sizes below the rows: ticks and label */
#define TICKS      6

double
rf_plot_intervals_get_height (guint n, const RfPlotTheme *theme)
{
  return theme->font_size * (n * ROW_HEIGHT + AXIS);
}

static char *
number_text (const RfPlotIntervals *plot, double value)
{
  return isnan (value) ? g_strdup ("–") : plot_format (value, plot->decimals);
}

static RfPlotAxis
make_axis (const RfPlotIntervals *plot, double start, double end)
{
  double low = 0, high = 0;

  for (guint r = 0; r < plot->n; r++)
    {
      const RfPlotInterval *row = &plot->rows[r];

      /* fmin and fmax leave a NAN out */
      low = fmin (low, fmin (row->value, row->low));
      high = fmax (high, fmax (row->value, row->high));
    }
  return rf_plot_axis (low, high, start, end);
}

static void
measure_columns (const RfPlotIntervals *plot, cairo_t *cr, double width, const RfPlotTheme *theme, double *label, double *number)
{
  PlotText plain = { 0 };
  double w, h;

  *label = *number = 0;
  for (guint r = 0; r < plot->n; r++)
    {
      g_autofree char *text = number_text (plot, plot->rows[r].value);

      plot_text_size (cr, theme, &plain, plot->rows[r].label, &w, &h);
      *label = fmax (*label, w);
      plot_text_size (cr, theme, &plain, text, &w, &h);
      *number = fmax (*number, w);
    }
  *label = fmin (*label, width * 0.4);
}

static void
draw_axis (const RfPlotIntervals *plot, cairo_t *cr, const RfPlotAxis *axis, double bottom, const RfPlotTheme *theme)
{
  PlotText centre = { .color = &theme->dim, .align_x = 0.5 };
  double ticks[RF_PLOT_MAX_TICKS], zero = rf_plot_axis_map (axis, 0);
  int decimals;
  guint n = rf_plot_ticks (axis->low, axis->high, axis->end - axis->start < 220 ? 3 : TICKS, ticks, &decimals);

  cairo_set_line_width (cr, 1);
  for (guint i = 0; i < n; i++)
    {
      double x = round (rf_plot_axis_map (axis, ticks[i])) + 0.5;
      g_autofree char *text = plot_format (ticks[i], decimals);

      plot_set_color (cr, &theme->grid);
      cairo_move_to (cr, x, 0);
      cairo_line_to (cr, x, bottom);
      cairo_stroke (cr);
      plot_text (cr, theme, &centre, x, bottom + theme->font_size * 0.2, text);
    }
  plot_set_color (cr, &theme->foreground);
  cairo_set_line_width (cr, 1.4);
  cairo_move_to (cr, zero, 0);
  cairo_line_to (cr, zero, bottom);
  cairo_stroke (cr);
  plot_text (cr, theme, &centre, (axis->start + axis->end) / 2, bottom + theme->font_size * 1.8, plot->label);
}

static void
draw_row (const RfPlotIntervals *plot, cairo_t *cr, guint r, const RfPlotAxis *axis, double row_height, double width, double label, const RfPlotTheme *theme)
{
  const RfPlotInterval *row = &plot->rows[r];
  const RfPlotColor *color = row->slot < 0 ? &theme->foreground : &theme->modality[row->slot % RF_MAX_MODALITIES];
  double middle = (r + 0.5) * row_height, at;
  g_autofree char *text = number_text (plot, row->value);
  PlotText left = { .align_y = 0.5, .max_width = label + 2 }, right = { .align_x = 1, .align_y = 0.5 };

  plot_text (cr, theme, &left, 0, middle, row->label);
  plot_text (cr, theme, &right, width, middle, text);
  if (isnan (row->value))
    return;
  plot_set_color (cr, color);
  if (!isnan (row->low) && !isnan (row->high))
    {
      double low = rf_plot_axis_map (axis, row->low), high = rf_plot_axis_map (axis, row->high);

      cairo_set_line_width (cr, 2);
      cairo_move_to (cr, low, middle);
      cairo_line_to (cr, high, middle);
      cairo_move_to (cr, low, middle - 4);
      cairo_line_to (cr, low, middle + 4);
      cairo_move_to (cr, high, middle - 4);
      cairo_line_to (cr, high, middle + 4);
      cairo_stroke (cr);
    }
  at = rf_plot_axis_map (axis, row->value);
  cairo_arc (cr, at, middle, 4, 0, 2 * M_PI);
  cairo_fill (cr);
}

void
rf_plot_intervals_draw (const RfPlotIntervals *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  double bottom = fmax (1, height - AXIS * theme->font_size), label, number;
  RfPlotAxis axis;

  plot_begin (cr, width, height, theme);
  measure_columns (plot, cr, width, theme, &label, &number);
  axis = make_axis (plot, label + 16, fmax (label + 40, width - number - 16));
  draw_axis (plot, cr, &axis, bottom, theme);
  for (guint r = 0; r < plot->n; r++)
    draw_row (plot, cr, r, &axis, bottom / MAX (1, plot->n), width, label, theme);
}

char *
rf_plot_intervals_describe (const RfPlotIntervals *plot)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "%s:", plot->label);
  for (guint r = 0; r < plot->n; r++)
    {
      const RfPlotInterval *row = &plot->rows[r];
      g_autofree char *value = number_text (plot, row->value), *low = number_text (plot, row->low), *high = number_text (plot, row->high);

      g_string_append_printf (out, "%s %s %s", r > 0 ? ";" : "", row->label, value);
      if (!isnan (row->low) && !isnan (row->high))
        g_string_append_printf (out, row->low > 0   ? _(" (%s to %s, above zero)")
                                     : row->high < 0 ? _(" (%s to %s, below zero)")
                                                     : _(" (%s to %s, zero is inside)"), low, high);
    }
  g_string_append_c (out, '.');
  return g_string_free (out, FALSE);
}

static void
draw (gconstpointer plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  rf_plot_intervals_draw (plot, cr, width, height, theme);
}

static char *
describe (gconstpointer plot)
{
  return rf_plot_intervals_describe (plot);
}

static void
tabulate (gconstpointer data, GString *csv)
{
  const RfPlotIntervals *plot = data;

  plot_csv_text (csv, "name");
  plot_csv_text (csv, "value");
  plot_csv_text (csv, "low");
  plot_csv_text (csv, "high");
  plot_csv_end (csv);
  for (guint r = 0; r < plot->n; r++)
    {
      plot_csv_text (csv, plot->rows[r].label);
      plot_csv_number (csv, plot->rows[r].value);
      plot_csv_number (csv, plot->rows[r].low);
      plot_csv_number (csv, plot->rows[r].high);
      plot_csv_end (csv);
    }
}

const RfPlotKind rf_plot_intervals_kind = { .draw = draw, .describe = describe, .table = tabulate };
