/* rf-plot-lines.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/plot/rf-plot-lines.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/plot/rf-plot-axis.h"
#include "core/plot/rf-plot-private.h"

#define X_TICKS 7
#define Y_TICKS 5

typedef struct
{
  double left, top, right, bottom;
  RfPlotAxis x, y;
  gboolean empty;
} Frame;

static double
x_of (const RfPlotSeries *series, guint i)
{
  return series->x != NULL ? series->x[i] : i + 1;
}

int
rf_plot_series_find_best (const RfPlotSeries *series)
{
  int best = -1;

  if (series->best == RF_PLOT_BEST_NONE)
    return -1;
  for (guint i = 0; i < series->n; i++)
    if (isfinite (series->y[i]) &&
        (best < 0 || (series->best == RF_PLOT_BEST_LOWEST ? series->y[i] < series->y[best] : series->y[i] > series->y[best])))
      best = (int) i;
  return best;
}

static void
find_range (const RfPlotLines *plot, double x[2], double y[2])
{
  x[0] = y[0] = INFINITY;
  x[1] = y[1] = -INFINITY;
  for (guint s = 0; s < plot->n_series; s++)
    for (guint i = 0; i < plot->series[s].n; i++)
      if (isfinite (plot->series[s].y[i]))
        {
          x[0] = fmin (x[0], x_of (&plot->series[s], i));
          x[1] = fmax (x[1], x_of (&plot->series[s], i));
          y[0] = fmin (y[0], plot->series[s].y[i]);
          y[1] = fmax (y[1], plot->series[s].y[i]);
        }
  if (plot->x_high > plot->x_low)
    {
      x[0] = plot->x_low;
      x[1] = plot->x_high;
    }
}

/* The left margin depends on the labels of the vertical axis, which depend on its range only. A digit is about 0.6 of the font
 * size wide: close enough for a margin, and the layout needs no cairo_t, so that hit tests agree with the drawing. */
static Frame
lay_out (const RfPlotLines *plot, double width, double height, const RfPlotTheme *theme)
{
  double x[2], y[2], ticks[RF_PLOT_MAX_TICKS], font = theme->font_size;
  Frame frame = { .top = font * 2.2, .right = width - font, .bottom = height - font * (plot->x_label != NULL ? 3.2 : 1.9) };
  int decimals;
  guint n, digits = 1;

  find_range (plot, x, y);
  frame.empty = !(x[0] <= x[1]) || !(y[0] <= y[1]);
  frame.y = rf_plot_axis (y[0], y[1], frame.bottom, frame.top);
  rf_plot_axis_widen (&frame.y, Y_TICKS);
  n = rf_plot_ticks (frame.y.low, frame.y.high, Y_TICKS + 2, ticks, &decimals);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *label = plot_format (ticks[i], decimals);

      digits = MAX (digits, (guint) g_utf8_strlen (label, -1));
    }
  frame.left = fmin (width / 3, font * (0.62 * digits + 1.1));
  frame.x = rf_plot_axis (x[0], x[1], frame.left, frame.right);
  return frame;
}

static void
draw_grid (const RfPlotLines *plot, cairo_t *cr, const Frame *frame, const RfPlotTheme *theme)
{
  PlotText centre = { .color = &theme->dim, .align_x = 0.5 };
  double ticks[RF_PLOT_MAX_TICKS];
  int decimals;
  guint n = rf_plot_ticks (frame->y.low, frame->y.high, Y_TICKS + 2, ticks, &decimals);

  cairo_set_line_width (cr, 1);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *label = plot_format (ticks[i], decimals);

      plot_grid_line (cr, theme, frame->left, frame->right, rf_plot_axis_map (&frame->y, ticks[i]), label);
    }
  n = rf_plot_ticks (frame->x.low, frame->x.high, X_TICKS, ticks, &decimals);
  for (guint i = 0; i < n; i++)
    {
      double x = rf_plot_axis_map (&frame->x, ticks[i]), text_width, text_height, half;
      g_autofree char *label = plot_format (ticks[i], decimals);

      plot_text_size (cr, theme, &centre, label, &text_width, &text_height);
      half = text_width / 2;
      plot_set_color (cr, &theme->dim);
      cairo_move_to (cr, x, frame->bottom);
      cairo_line_to (cr, x, frame->bottom + 4);
      cairo_stroke (cr);
      x = fmin (x, frame->right + theme->font_size - half); /* the last label stays inside the drawing */
      plot_text (cr, theme, &centre, x, frame->bottom + theme->font_size * 0.45, label);
    }
  if (plot->x_label != NULL)
    plot_text (cr, theme, &centre, (frame->left + frame->right) / 2, frame->bottom + theme->font_size * 1.75, plot->x_label);
}

/* Solid, dashes, dots, dash-dot, ...: of several lines each is known without its colour. */
static void
set_dashes (const RfPlotLines *plot, cairo_t *cr, guint slot)
{
  static const double dashes[][4] = { { 7, 4, 7, 4 }, { 2, 3, 2, 3 }, { 9, 3, 2, 3 }, { 4, 4, 4, 4 }, { 12, 4, 4, 4 } };

  if (slot == 0 || plot->n_series < 2)
    cairo_set_dash (cr, NULL, 0, 0);
  else
    cairo_set_dash (cr, dashes[(slot - 1) % G_N_ELEMENTS (dashes)], 4, 0);
}

/* More than two points a pixel draw the lowest and the highest of each pixel column, which looks the same. */
static void
path_series (const RfPlotSeries *series, cairo_t *cr, const Frame *frame)
{
  double column = -INFINITY, low = 0, high = 0;
  gboolean dense = series->n > 2 * (guint) fmax (1, frame->right - frame->left);

  for (guint i = 0; i < series->n; i++)
    {
      double x = rf_plot_axis_map (&frame->x, x_of (series, i)), y;

      if (!isfinite (series->y[i]))
        continue;
      y = rf_plot_axis_map (&frame->y, series->y[i]);
      if (!dense)
        {
          cairo_line_to (cr, x, y);
          continue;
        }
      if (floor (x) != column)
        {
          if (isfinite (column))
            {
              cairo_line_to (cr, column + 0.5, low);
              cairo_line_to (cr, column + 0.5, high);
            }
          column = floor (x);
          low = high = y;
        }
      low = fmin (low, y);
      high = fmax (high, y);
    }
  if (dense && isfinite (column))
    {
      cairo_line_to (cr, column + 0.5, low);
      cairo_line_to (cr, column + 0.5, high);
    }
}

static void
draw_dot (cairo_t *cr, double x, double y, double radius, const RfPlotColor *color, const RfPlotTheme *theme)
{
  cairo_arc (cr, x, y, radius, 0, 2 * M_PI);
  plot_set_color (cr, color);
  cairo_fill_preserve (cr);
  plot_set_color (cr, &theme->background);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);
}

/* A value beside its point, on the side where there is room, on a plate that keeps it readable over the line. */
static void
draw_value (cairo_t *cr, const Frame *frame, double x, double y, const char *text, gboolean above, const RfPlotTheme *theme)
{
  PlotText style = { .bold = TRUE, .scale = 0.92 };
  double width, height;

  plot_text_size (cr, theme, &style, text, &width, &height);
  x += x > (frame->left + frame->right) / 2 ? -8 - width : 8;
  y += above ? -7 - height : 7;
  plot_round_rectangle (cr, x - 3, y - 1, width + 6, height + 2, 3);
  plot_set_color_alpha (cr, &theme->background, 0.8);
  cairo_fill (cr);
  plot_text (cr, theme, &style, x, y, text);
}

static void
draw_series (const RfPlotLines *plot, const RfPlotSeries *series, cairo_t *cr, const Frame *frame, const RfPlotTheme *theme)
{
  const RfPlotColor *color = &theme->modality[series->slot % RF_MAX_MODALITIES];
  int best = rf_plot_series_find_best (series);

  cairo_save (cr);
  cairo_rectangle (cr, frame->left, frame->top - 4, frame->right - frame->left + 1, frame->bottom - frame->top + 8);
  cairo_clip (cr);
  path_series (series, cr, frame);
  set_dashes (plot, cr, series->slot);
  cairo_set_line_width (cr, 2);
  plot_set_color (cr, color);
  cairo_stroke (cr);
  cairo_restore (cr);
  if (best >= 0)
    {
      double x = rf_plot_axis_map (&frame->x, x_of (series, (guint) best)), y = rf_plot_axis_map (&frame->y, series->y[best]);
      g_autofree char *value = plot_format (series->y[best], -1), *text = g_strdup_printf (_("best %s"), value);
      gboolean above = series->best == RF_PLOT_BEST_HIGHEST ? y - theme->font_size * 1.5 > frame->top - theme->font_size
                                                            : y + theme->font_size * 1.6 > frame->bottom;

      draw_dot (cr, x, y, 5, color, theme);
      if (isnan (plot->hovered_x)) /* else the value looked at stands there */
        draw_value (cr, frame, x, y, text, above, theme);
    }
}

static void
draw_legend (const RfPlotLines *plot, cairo_t *cr, const Frame *frame, const RfPlotTheme *theme)
{
  double x = frame->left, y = theme->font_size * 0.95, sample = theme->font_size * 2;

  for (guint s = 0; s < plot->n_series; s++)
    {
      PlotText style = { .align_y = 0.5, .max_width = fmax (1, frame->right - x - sample - 6) };
      double text_width, text_height;

      plot_set_color (cr, &theme->modality[plot->series[s].slot % RF_MAX_MODALITIES]);
      set_dashes (plot, cr, plot->series[s].slot);
      cairo_set_line_width (cr, 2);
      cairo_move_to (cr, x, y);
      cairo_line_to (cr, x + sample, y);
      cairo_stroke (cr);
      set_dashes (plot, cr, 0);
      plot_text (cr, theme, &style, x + sample + 6, y, plot->series[s].label);
      plot_text_size (cr, theme, &style, plot->series[s].label, &text_width, &text_height);
      x += sample + 6 + text_width + theme->font_size * 1.5;
    }
}

static int
find_nearest (const RfPlotSeries *series, double x)
{
  int nearest = -1;

  for (guint i = 0; i < series->n; i++)
    if (isfinite (series->y[i]) && (nearest < 0 || fabs (x_of (series, i) - x) < fabs (x_of (series, (guint) nearest) - x)))
      nearest = (int) i;
  return nearest;
}

static void
draw_hover (const RfPlotLines *plot, cairo_t *cr, const Frame *frame, const RfPlotTheme *theme)
{
  for (guint s = 0; s < plot->n_series; s++)
    {
      const RfPlotSeries *series = &plot->series[s];
      int at = find_nearest (series, plot->hovered_x);
      g_autofree char *value = NULL, *text = NULL;
      double x, y;

      if (at < 0)
        continue;
      x = rf_plot_axis_map (&frame->x, x_of (series, (guint) at));
      y = rf_plot_axis_map (&frame->y, series->y[at]);
      plot_set_color (cr, &theme->dim);
      cairo_set_line_width (cr, 1);
      cairo_move_to (cr, x, frame->top);
      cairo_line_to (cr, x, frame->bottom);
      cairo_stroke (cr);
      draw_dot (cr, x, y, 4, &theme->modality[series->slot % RF_MAX_MODALITIES], theme);
      value = plot_format (series->y[at], -1);
      text = g_strdup_printf (_("%s at %.6g"), value, x_of (series, (guint) at));
      draw_value (cr, frame, x, y, text, TRUE, theme);
    }
}

void
rf_plot_lines_draw (const RfPlotLines *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  Frame frame = lay_out (plot, width, height, theme);

  plot_begin (cr, width, height, theme);
  if (!frame.empty || plot->x_high > plot->x_low)
    draw_grid (plot, cr, &frame, theme);
  draw_legend (plot, cr, &frame, theme);
  if (frame.empty)
    {
      PlotText style = { .color = &theme->dim, .align_x = 0.5, .align_y = 0.5, .max_width = width - 8 };

      plot_text (cr, theme, &style, width / 2, height / 2, _("Nothing measured yet"));
      return;
    }
  for (guint s = 0; s < plot->n_series; s++)
    draw_series (plot, &plot->series[s], cr, &frame, theme);
  if (isfinite (plot->hovered_x))
    draw_hover (plot, cr, &frame, theme);
}

static void
describe_series (const RfPlotSeries *series, GString *out)
{
  int first = -1, last = -1, best = rf_plot_series_find_best (series);

  for (guint i = 0; i < series->n; i++)
    if (isfinite (series->y[i]))
      {
        first = first < 0 ? (int) i : first;
        last = (int) i;
      }
  if (out->len > 0)
    g_string_append_c (out, ' ');
  if (first < 0)
    {
      g_string_append_printf (out, _("%s: nothing measured yet."), series->label);
      return;
    }
  g_string_append_printf (out, _("%s: from %.4g to %.4g"), series->label, series->y[first], series->y[last]);
  if (best >= 0)
    g_string_append_printf (out, series->best == RF_PLOT_BEST_LOWEST ? _(", lowest %.4g at %.6g") : _(", highest %.4g at %.6g"),
                            series->y[best], x_of (series, (guint) best));
  g_string_append_c (out, '.');
}

char *
rf_plot_lines_describe (const RfPlotLines *plot)
{
  GString *out = g_string_new (NULL);

  for (guint s = 0; s < plot->n_series; s++)
    describe_series (&plot->series[s], out);
  if (plot->n_series == 0)
    g_string_append (out, _("Nothing measured yet"));
  return g_string_free (out, FALSE);
}

static void
draw (gconstpointer plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  rf_plot_lines_draw (plot, cr, width, height, theme);
}

static char *
describe (gconstpointer plot)
{
  return rf_plot_lines_describe (plot);
}

static void
tabulate (gconstpointer data, GString *csv)
{
  const RfPlotLines *plot = data;

  plot_csv_text (csv, "series");
  plot_csv_text (csv, plot->x_label ? plot->x_label : "x");
  plot_csv_text (csv, "value");
  plot_csv_end (csv);
  for (guint s = 0; s < plot->n_series; s++)
    for (guint i = 0; i < plot->series[s].n; i++)
      {
        plot_csv_text (csv, plot->series[s].label);
        plot_csv_number (csv, plot->series[s].x ? plot->series[s].x[i] : i + 1.0);
        plot_csv_number (csv, plot->series[s].y[i]);
        plot_csv_end (csv);
      }
}

const RfPlotKind rf_plot_lines_kind = { .draw = draw, .describe = describe, .table = tabulate };
