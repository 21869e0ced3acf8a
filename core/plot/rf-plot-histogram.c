/* rf-plot-histogram.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/plot/rf-plot-histogram.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "core/plot/rf-plot-axis.h"
#include "core/plot/rf-plot-private.h"

#define X_TICKS 7
#define Y_TICKS 4

typedef struct
{
  RfPlotAxis x, y;
} Frame;

static guint
find_mode (const RfPlotHistogram *plot)
{
  guint mode = 0;

  for (guint bin = 1; bin < plot->n_bins; bin++)
    if (plot->counts[bin] > plot->counts[mode])
      mode = bin;
  return mode;
}

static Frame
lay_out (const RfPlotHistogram *plot, double width, double height, const RfPlotTheme *theme)
{
  double font = theme->font_size, most = plot->n_bins > 0 ? plot->counts[find_mode (plot)] : 1, digits = floor (log10 (fmax (1, most))) + 1;
  Frame frame;

  frame.x = rf_plot_axis (plot->low, plot->high, font * (0.62 * digits + 1.3), width - font);
  frame.y = rf_plot_axis (0, fmax (1, most), height - font * 3.2, font * 1.2);
  rf_plot_axis_widen (&frame.y, Y_TICKS);
  return frame;
}

static void
draw_axes (const RfPlotHistogram *plot, cairo_t *cr, const Frame *frame, const RfPlotTheme *theme)
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
  n = rf_plot_ticks (plot->low, plot->high, X_TICKS, ticks, &decimals);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *label = plot_format (ticks[i], decimals);

      plot_text (cr, theme, &centre, rf_plot_axis_map (&frame->x, ticks[i]), frame->y.start + theme->font_size * 0.3, label);
    }
  plot_text (cr, theme, &centre, (frame->x.start + frame->x.end) / 2, frame->y.start + theme->font_size * 1.7, plot->label);
}

void
rf_plot_histogram_draw (const RfPlotHistogram *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  Frame frame = lay_out (plot, width, height, theme);
  double bin_width = (frame.x.end - frame.x.start) / MAX (1, plot->n_bins), gap = bin_width > 5 ? 1 : 0;

  plot_begin (cr, width, height, theme);
  draw_axes (plot, cr, &frame, theme);
  for (guint bin = 0; bin < plot->n_bins; bin++)
    {
      double x = frame.x.start + bin * bin_width, top = rf_plot_axis_map (&frame.y, plot->counts[bin]);

      if (plot->hovered == (int) bin)
        plot_set_color (cr, &theme->accent);
      else
        plot_set_color (cr, plot->slot < 0 ? &theme->neutral : &theme->modality[plot->slot % RF_MAX_MODALITIES]);
      cairo_rectangle (cr, x + gap / 2, top, bin_width - gap, frame.y.start - top);
      cairo_fill (cr);
      if (plot->hovered == (int) bin)
        {
          PlotText style = { .bold = TRUE, .align_x = 0.5, .align_y = 1 };
          g_autofree char *text = g_strdup_printf ("%u", plot->counts[bin]);

          plot_text (cr, theme, &style, x + bin_width / 2, top - 2, text);
        }
    }
}

char *
rf_plot_histogram_describe (const RfPlotHistogram *plot)
{
  guint64 total = 0, seen = 0;
  double step = (plot->high - plot->low) / MAX (1, plot->n_bins), median = plot->low;
  guint mode;

  for (guint bin = 0; bin < plot->n_bins; bin++)
    total += plot->counts[bin];
  if (total == 0)
    return g_strdup_printf (_("%s: no values."), plot->label);
  for (guint bin = 0; bin < plot->n_bins && 2 * seen < total; bin++)
    {
      seen += plot->counts[bin];
      median = plot->low + (bin + 1) * step;
    }
  mode = find_mode (plot);
  return g_strdup_printf (_("%s: %" PRIu64 " values from %.4g to %.4g; half of them lie below %.4g, most between %.4g and %.4g."), plot->label,
                          total, plot->low, plot->high, median, plot->low + mode * step, plot->low + (mode + 1) * step);
}

static void
draw (gconstpointer plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  rf_plot_histogram_draw (plot, cr, width, height, theme);
}

static char *
describe (gconstpointer plot)
{
  return rf_plot_histogram_describe (plot);
}

static void
tabulate (gconstpointer data, GString *csv)
{
  const RfPlotHistogram *plot = data;
  double step = (plot->high - plot->low) / MAX (1, plot->n_bins);

  plot_csv_text (csv, "from");
  plot_csv_text (csv, "to");
  plot_csv_text (csv, "count");
  plot_csv_end (csv);
  for (guint bin = 0; bin < plot->n_bins; bin++)
    {
      plot_csv_number (csv, plot->low + bin * step);
      plot_csv_number (csv, plot->low + (bin + 1) * step);
      plot_csv_number (csv, plot->counts[bin]);
      plot_csv_end (csv);
    }
}

const RfPlotKind rf_plot_histogram_kind = { .draw = draw, .describe = describe, .table = tabulate };
