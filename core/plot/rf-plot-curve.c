/* rf-plot-curve.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/plot/rf-plot-curve.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/plot/rf-plot-axis.h"
#include "core/plot/rf-plot-private.h"

#define TICKS 6

typedef struct
{
  RfPlotAxis x, y; /* of the logarithms (base 10) on logarithmic scales */
} Frame;

static gboolean
place (const RfPlotCurve *plot, guint i, double *x, double *y)
{
  if ((plot->log_x && !(plot->x[i] > 0)) || (plot->log_y && !(plot->y[i] > 0)))
    return FALSE;
  *x = plot->log_x ? log10 (plot->x[i]) : plot->x[i];
  *y = plot->log_y ? log10 (plot->y[i]) : plot->y[i];
  return isfinite (*x) && isfinite (*y);
}

static void
find_range (const RfPlotCurve *plot, double low[2], double high[2])
{
  double x, y;

  low[0] = low[1] = INFINITY;
  high[0] = high[1] = -INFINITY;
  for (guint i = 0; i < plot->n; i++)
    if (place (plot, i, &x, &y))
      {
        low[0] = MIN (low[0], x);
        high[0] = MAX (high[0], x);
        low[1] = MIN (low[1], y);
        high[1] = MAX (high[1], y);
      }
  if (plot->diagonal || !isfinite (low[0]))
    {
      low[0] = low[1] = 0;
      high[0] = high[1] = 1;
    }
  if (!plot->log_y)
    low[1] = MIN (low[1], 0);
  for (int a = 0; a < 2; a++)
    if (a == 0 ? plot->log_x : plot->log_y)
      {
        low[a] = floor (low[a]);
        high[a] = MAX (ceil (high[a]), low[a] + 1);
      }
}

static Frame
lay_out (const RfPlotCurve *plot, double width, double height, const RfPlotTheme *theme)
{
  double font = theme->font_size, low[2], high[2];
  Frame frame;

  find_range (plot, low, high);
  frame.x = rf_plot_axis (low[0], high[0], font * 4.2, width - font * 1.8);
  frame.y = rf_plot_axis (low[1], high[1], height - font * 3.2, font * 1.6);
  return frame;
}

/* Of a logarithmic scale at the powers of ten. */
static guint
find_ticks (const RfPlotAxis *axis, gboolean log, double ticks[RF_PLOT_MAX_TICKS], int *decimals)
{
  guint n = 0;
  double step;

  if (!log)
    return rf_plot_ticks (axis->low, axis->high, TICKS, ticks, decimals);
  *decimals = -1;
  step = ceil ((axis->high - axis->low) / TICKS);
  for (double t = axis->low; t <= axis->high + 1e-9 && n < RF_PLOT_MAX_TICKS; t += step)
    ticks[n++] = t;
  return n;
}

static char *
format_tick (double tick, gboolean log, int decimals)
{
  if (!log)
    return plot_format (tick, decimals);
  return tick >= 0 && tick < 6 ? g_strdup_printf ("%.0f", pow (10, tick)) : g_strdup_printf ("%g", pow (10, tick));
}

static void
draw_axes (const RfPlotCurve *plot, cairo_t *cr, const Frame *frame, const RfPlotTheme *theme)
{
  PlotText centre = { .color = &theme->dim, .align_x = 0.5 }, left = { .color = &theme->dim };
  double ticks[RF_PLOT_MAX_TICKS];
  int decimals;
  guint n = find_ticks (&frame->y, plot->log_y, ticks, &decimals);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *label = format_tick (ticks[i], plot->log_y, decimals);

      plot_grid_line (cr, theme, frame->x.start, frame->x.end, rf_plot_axis_map (&frame->y, ticks[i]), label);
    }
  n = find_ticks (&frame->x, plot->log_x, ticks, &decimals);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *label = format_tick (ticks[i], plot->log_x, decimals);

      plot_text (cr, theme, &centre, rf_plot_axis_map (&frame->x, ticks[i]), frame->y.start + theme->font_size * 0.3, label);
    }
  plot_text (cr, theme, &centre, (frame->x.start + frame->x.end) / 2, frame->y.start + theme->font_size * 1.7, plot->x_label);
  plot_text (cr, theme, &left, theme->font_size * 0.3, 0, plot->y_label);
}

static void
draw_line (const RfPlotCurve *plot, cairo_t *cr, const Frame *frame, const RfPlotColor *color)
{
  double x, y, first = NAN, last = NAN;

  for (guint i = 0; i < plot->n; i++)
    if (place (plot, i, &x, &y))
      {
        last = rf_plot_axis_map (&frame->x, x);
        if (isnan (first))
          cairo_move_to (cr, first = last, rf_plot_axis_map (&frame->y, y));
        else
          cairo_line_to (cr, last, rf_plot_axis_map (&frame->y, y));
      }
  if (isnan (first))
    return;
  plot_set_color (cr, color);
  cairo_set_line_width (cr, 2);
  cairo_stroke_preserve (cr);
  cairo_line_to (cr, last, frame->y.start);
  cairo_line_to (cr, first, frame->y.start);
  cairo_close_path (cr);
  plot_set_color_alpha (cr, color, 0.15);
  cairo_fill (cr);
}

static void
draw_dots (const RfPlotCurve *plot, cairo_t *cr, const Frame *frame, const RfPlotColor *color)
{
  double x, y;

  plot_set_color_alpha (cr, color, 0.7);
  for (guint i = 0; i < plot->n; i++)
    if (place (plot, i, &x, &y))
      {
        cairo_new_sub_path (cr);
        cairo_arc (cr, rf_plot_axis_map (&frame->x, x), rf_plot_axis_map (&frame->y, y), 2.5, 0, 2 * G_PI);
      }
  cairo_fill (cr);
}

void
rf_plot_curve_draw (const RfPlotCurve *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  Frame frame = lay_out (plot, width, height, theme);
  const RfPlotColor *color = plot->slot < 0 ? &theme->neutral : &theme->modality[plot->slot % RF_MAX_MODALITIES];
  const double dashes[] = { 4, 4 };

  plot_begin (cr, width, height, theme);
  draw_axes (plot, cr, &frame, theme);
  if (plot->diagonal)
    {
      plot_set_color (cr, &theme->dim);
      cairo_set_line_width (cr, 1);
      cairo_set_dash (cr, dashes, 2, 0);
      cairo_move_to (cr, frame.x.start, frame.y.start);
      cairo_line_to (cr, frame.x.end, frame.y.end);
      cairo_stroke (cr);
      cairo_set_dash (cr, NULL, 0, 0);
    }
  if (plot->line)
    draw_line (plot, cr, &frame, color);
  else
    draw_dots (plot, cr, &frame, color);
}

char *
rf_plot_curve_describe (const RfPlotCurve *plot)
{
  if (plot->n == 0)
    return g_strdup_printf (_("%s: no values."), plot->label);
  return g_strdup_printf ("%s: %s", plot->label, plot->message ? plot->message : "");
}

static void
draw (gconstpointer plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  rf_plot_curve_draw (plot, cr, width, height, theme);
}

static char *
describe (gconstpointer plot)
{
  return rf_plot_curve_describe (plot);
}

static void
tabulate (gconstpointer data, GString *csv)
{
  const RfPlotCurve *plot = data;

  plot_csv_text (csv, plot->x_label);
  plot_csv_text (csv, plot->y_label);
  plot_csv_end (csv);
  for (guint i = 0; i < plot->n; i++)
    {
      plot_csv_number (csv, plot->x[i]);
      plot_csv_number (csv, plot->y[i]);
      plot_csv_end (csv);
    }
}

const RfPlotKind rf_plot_curve_kind = { .draw = draw, .describe = describe, .table = tabulate };
