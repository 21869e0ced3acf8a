/* rf-plot-deltas.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/plot/rf-plot-deltas.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/plot/rf-plot-axis.h"
#include "core/plot/rf-plot-private.h"

#define N_BINS  (2 * RF_PLOT_DELTA_BINS)
#define X_TICKS 7
#define Y_TICKS 4
#define LOSERS  4 /* slots whose colours differ most for any eye: vermilion and blue */
#define WINNERS 0

typedef struct
{
  RfPlotAxis x, y;
} Frame;

int
rf_plot_deltas_bin (const RfPlotDeltas *plot, double value)
{
  double at = fabs (value) / plot->reach * RF_PLOT_DELTA_BINS;
  int step = (int) fmin (RF_PLOT_DELTA_BINS - 1, floor (at));

  if (isnan (value) || at > RF_PLOT_DELTA_BINS * (1 + 1e-9))
    return -1;
  if (value == 0)
    return RF_PLOT_DELTA_EQUAL;
  return value > 0 ? RF_PLOT_DELTA_BINS + step : RF_PLOT_DELTA_BINS - 1 - step;
}

void
rf_plot_deltas_get_range (const RfPlotDeltas *plot, int bin, double *low, double *high)
{
  double step = plot->reach / RF_PLOT_DELTA_BINS;

  *low = bin == RF_PLOT_DELTA_EQUAL ? 0 : (bin - RF_PLOT_DELTA_BINS) * step;
  *high = bin == RF_PLOT_DELTA_EQUAL ? 0 : *low + step;
}

void
rf_plot_deltas_count (RfPlotDeltas *plot, const double *values, gsize n)
{
  memset (plot->counts, 0, sizeof plot->counts);
  plot->equal = 0;
  plot->reach = 0;
  for (gsize i = 0; i < n; i++)
    if (!isnan (values[i]))
      plot->reach = fmax (plot->reach, fabs (values[i]));
  if (!(plot->reach > 0) || !isfinite (plot->reach))
    plot->reach = 1;
  for (gsize i = 0; i < n; i++)
    {
      int bin = rf_plot_deltas_bin (plot, values[i]);

      if (bin == RF_PLOT_DELTA_EQUAL)
        plot->equal++;
      else if (bin >= 0)
        plot->counts[bin]++;
    }
}

static guint
most (const RfPlotDeltas *plot)
{
  guint best = 0;

  for (guint b = 0; b < N_BINS; b++)
    best = MAX (best, plot->counts[b]);
  return best;
}

static void
sums (const RfPlotDeltas *plot, guint *lose, guint *win)
{
  *lose = *win = 0;
  for (guint b = 0; b < N_BINS; b++)
    if (b < RF_PLOT_DELTA_BINS)
      *lose += plot->counts[b];
    else
      *win += plot->counts[b];
}

static Frame
lay_out (const RfPlotDeltas *plot, double width, double height, const RfPlotTheme *theme)
{
  double font = theme->font_size, digits = floor (log10 (fmax (1, most (plot)))) + 1;
  Frame frame;

  frame.x = rf_plot_axis (-plot->reach, plot->reach, font * (0.62 * digits + 1.3), width - font);
  frame.y = rf_plot_axis (0, fmax (1, most (plot)), height - font * 3.2, font * 1.9);
  rf_plot_axis_widen (&frame.y, Y_TICKS);
  return frame;
}

static void
draw_axes (const RfPlotDeltas *plot, cairo_t *cr, const Frame *frame, const RfPlotTheme *theme)
{
  PlotText centre = { .color = &theme->dim, .align_x = 0.5 };
  double ticks[RF_PLOT_MAX_TICKS];
  int decimals;
  guint n = rf_plot_ticks (frame->y.low, frame->y.high, Y_TICKS + 2, ticks, &decimals);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *label = plot_format (ticks[i], decimals);

      plot_grid_line (cr, theme, frame->x.start, frame->x.end, rf_plot_axis_map (&frame->y, ticks[i]), label);
    }
  n = rf_plot_ticks (frame->x.low, frame->x.high, frame->x.end - frame->x.start < 300 ? 5 : X_TICKS, ticks, &decimals);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *label = plot_format (ticks[i], decimals);

      plot_text (cr, theme, &centre, rf_plot_axis_map (&frame->x, ticks[i]), frame->y.start + theme->font_size * 0.3, label);
    }
  plot_text (cr, theme, &centre, (frame->x.start + frame->x.end) / 2, frame->y.start + theme->font_size * 1.7, plot->label);
}

/* "210 lose", "1,580 the same", "240 win" above the halves: the message without reading the bars. */
static void
draw_sums (const RfPlotDeltas *plot, cairo_t *cr, const Frame *frame, const RfPlotTheme *theme)
{
  PlotText left = { .color = &theme->modality[LOSERS], .bold = TRUE }, middle = { .align_x = 0.5 }, right = { .color = &theme->modality[WINNERS], .bold = TRUE, .align_x = 1 };
  guint lose, win;
  g_autofree char *losers = NULL, *equals = NULL, *winners = NULL;

  sums (plot, &lose, &win);
  losers = g_strdup_printf (_("%u lose"), lose);
  equals = g_strdup_printf (_("%u the same"), plot->equal);
  winners = g_strdup_printf (_("%u win"), win);
  middle.color = plot->hovered == RF_PLOT_DELTA_EQUAL ? &theme->accent : &theme->dim;
  middle.bold = plot->selected == RF_PLOT_DELTA_EQUAL;
  plot_text (cr, theme, &left, frame->x.start, 1, losers);
  plot_text (cr, theme, &middle, rf_plot_axis_map (&frame->x, 0), 1, equals);
  plot_text (cr, theme, &right, frame->x.end, 1, winners);
}

void
rf_plot_deltas_draw (const RfPlotDeltas *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  Frame frame = lay_out (plot, width, height, theme);
  double bin_width = (frame.x.end - frame.x.start) / N_BINS, zero = round (rf_plot_axis_map (&frame.x, 0)) + 0.5;

  plot_begin (cr, width, height, theme);
  draw_axes (plot, cr, &frame, theme);
  for (guint b = 0; b < N_BINS; b++)
    {
      double x = frame.x.start + b * bin_width, top = rf_plot_axis_map (&frame.y, plot->counts[b]);

      if (plot->counts[b] == 0)
        continue;
      if (plot->hovered == (int) b || plot->selected == (int) b)
        {
          plot_set_color (cr, &theme->accent);
          cairo_rectangle (cr, x + 0.5, top, fmax (1, bin_width - 1), frame.y.start - top);
          cairo_fill (cr);
        }
      else
        plot_fill_slot (cr, theme, b < RF_PLOT_DELTA_BINS ? LOSERS : WINNERS, x + 0.5, top, fmax (1, bin_width - 1), frame.y.start - top);
    }
  plot_set_color (cr, &theme->foreground);
  cairo_set_line_width (cr, 1.4);
  cairo_move_to (cr, zero, frame.y.end);
  cairo_line_to (cr, zero, frame.y.start);
  cairo_stroke (cr);
  draw_sums (plot, cr, &frame, theme);
}

int
rf_plot_deltas_find (const RfPlotDeltas *plot, double width, double height, const RfPlotTheme *theme, double x, double y)
{
  Frame frame = lay_out (plot, width, height, theme);
  double at = (x - frame.x.start) / (frame.x.end - frame.x.start) * N_BINS;

  if (y < theme->font_size * 1.6 && fabs (x - rf_plot_axis_map (&frame.x, 0)) < theme->font_size * 5)
    return RF_PLOT_DELTA_EQUAL;
  return at >= 0 && at < N_BINS && y >= theme->font_size * 1.6 && y <= frame.y.start ? (int) at : -1;
}

char *
rf_plot_deltas_describe (const RfPlotDeltas *plot)
{
  guint lose, win;

  sums (plot, &lose, &win);
  return g_strdup_printf (_("%s: %u users lose, %u are the same, %u win."), plot->label, lose, plot->equal, win);
}

static void
draw (gconstpointer plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  rf_plot_deltas_draw (plot, cr, width, height, theme);
}

static char *
describe (gconstpointer plot)
{
  return rf_plot_deltas_describe (plot);
}

static void
tabulate (gconstpointer data, GString *csv)
{
  const RfPlotDeltas *plot = data;

  plot_csv_text (csv, "from");
  plot_csv_text (csv, "to");
  plot_csv_text (csv, "users");
  plot_csv_end (csv);
  for (int b = 0; b <= N_BINS; b++)
    {
      double low, high;

      rf_plot_deltas_get_range (plot, b, &low, &high);
      plot_csv_number (csv, low);
      plot_csv_number (csv, high);
      plot_csv_number (csv, b == RF_PLOT_DELTA_EQUAL ? plot->equal : plot->counts[b]);
      plot_csv_end (csv);
    }
}

const RfPlotKind rf_plot_deltas_kind = { .draw = draw, .describe = describe, .table = tabulate };
