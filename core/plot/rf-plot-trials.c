/* rf-plot-trials.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/plot/rf-plot-trials.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/plot/rf-plot-private.h"

static PlotFrame
lay_out (double width, double height, const RfPlotTheme *theme)
{
  double font = theme->font_size;

  return (PlotFrame) { font * 4, fmax (font * 5, width - font * 4), font * 2.2, fmax (font * 3, height - font * 3.6) };
}

static double
axis_x (const RfPlotTrials *plot, const PlotFrame *frame, guint axis)
{
  return plot_axis_x (frame, axis, plot->n_axes);
}

static double
value_y (const RfPlotTrials *plot, const PlotFrame *frame, guint i, guint axis)
{
  return frame->bottom - (frame->bottom - frame->top) * (double) plot->at[(gsize) i * plot->n_axes + axis];
}

/* What came out, 0 .. 1; NAN: it failed. */
static double
metric_of (const RfPlotTrials *plot, guint i)
{
  return plot->n_axes > 0 ? (double) plot->at[(gsize) (i + 1) * plot->n_axes - 1] : NAN;
}

static void
draw_line (const RfPlotTrials *plot, cairo_t *cr, const PlotFrame *frame, guint i, const RfPlotColor *color, double line_width, double alpha)
{
  for (guint a = 0; a < plot->n_axes; a++)
    {
      double y = value_y (plot, frame, i, a);

      if (isnan (y))
        cairo_new_sub_path (cr);
      else
        cairo_line_to (cr, axis_x (plot, frame, a), y);
    }
  plot_set_color_alpha (cr, color, alpha);
  cairo_set_line_width (cr, line_width);
  cairo_stroke (cr);
}

/* Names stand in two rows by turns, because settings have long ones; the outer ones from the edges inwards. */
static void
draw_axis (const RfPlotTrials *plot, cairo_t *cr, const PlotFrame *frame, guint axis, double width, const RfPlotTheme *theme)
{
  double x = axis_x (plot, frame, axis), font = theme->font_size, room = plot->n_axes > 1 ? fabs (axis_x (plot, frame, 1) - axis_x (plot, frame, 0)) : width;
  gboolean first = axis == 0 && plot->n_axes > 1, last = axis + 1 == plot->n_axes && !first;
  PlotText name = { .bold = axis + 1 == plot->n_axes, .align_x = first ? 0 : last ? 1 : 0.5, .max_width = 2 * room - 6 };
  PlotText end = { .color = &theme->dim, .scale = 0.85, .align_x = 0.5, .max_width = fmin (room - 4, 2 * fmin (x, width - x)) };

  plot_axis_line (cr, theme, frame, x);
  plot_text (cr, theme, &end, x, frame->top - font * 1.5, plot->high[axis]);
  plot_text (cr, theme, &end, x, frame->bottom + font * 0.2, plot->low[axis]);
  plot_text (cr, theme, &name, first ? 2 : last ? width - 2 : x, frame->bottom + font * (axis % 2 ? 2.3 : 1.2), plot->names[axis]);
}

static void
draw_base (gconstpointer data, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  const RfPlotTrials *plot = data;
  PlotFrame frame = lay_out (width, height, theme);

  plot_begin (cr, width, height, theme);
  for (guint a = 0; a < plot->n_axes; a++)
    draw_axis (plot, cr, &frame, a, width, theme);
  /* The better, the denser. */
  for (guint i = 0; i < plot->n; i++)
    draw_line (plot, cr, &frame, i, &theme->foreground, 1.2, isnan (metric_of (plot, i)) ? 0.12 : 0.15 + 0.45 * metric_of (plot, i));
  if (plot->best >= 0 && (guint) plot->best < plot->n)
    draw_line (plot, cr, &frame, (guint) plot->best, &theme->accent, 3, 1);
}

static void
draw_marks (gconstpointer data, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  const RfPlotTrials *plot = data;
  PlotFrame frame = lay_out (width, height, theme);
  int marked[2] = { plot->selected, plot->hovered };

  for (guint m = 0; m < G_N_ELEMENTS (marked); m++)
    if (marked[m] >= 0 && (guint) marked[m] < plot->n)
      draw_line (plot, cr, &frame, (guint) marked[m], marked[m] == plot->best ? &theme->accent : &theme->foreground, 4, 1);
}

void
rf_plot_trials_draw (const RfPlotTrials *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  draw_base (plot, cr, width, height, theme);
  draw_marks (plot, cr, width, height, theme);
}

int
rf_plot_trials_find (const RfPlotTrials *plot, double width, double height, const RfPlotTheme *theme, double x, double y, double reach)
{
  PlotFrame frame = lay_out (width, height, theme);
  double gap = plot->n_axes > 1 ? (frame.right - frame.left) / (plot->n_axes - 1) : 1, at = (x - frame.left) / gap;
  guint a;
  int found = -1;

  if (plot->n_axes < 2 || at < 0 || at > plot->n_axes - 1)
    return -1;
  a = (guint) fmin (plot->n_axes - 2, floor (at));
  for (guint i = 0; i < plot->n; i++)
    {
      double distance = fabs (value_y (plot, &frame, i, a) * (1 - (at - a)) + value_y (plot, &frame, i, a + 1) * (at - a) - y);

      if (distance <= reach) /* never for NAN */
        {
          reach = distance;
          found = (int) i;
        }
    }
  return found;
}

char *
rf_plot_trials_describe (const RfPlotTrials *plot)
{
  g_autoptr(GString) with = g_string_new (NULL);
  g_autofree char *count = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u trial", "%u trials", plot->n), plot->n);
  const char *const *best = plot->best >= 0 && (guint) plot->best < plot->n ? plot->values + (gsize) plot->best * plot->n_axes : NULL;

  if (best == NULL)
    return g_strdup_printf (_("%s; none has ended yet."), count);
  for (guint a = 0; a + 1 < plot->n_axes; a++)
    g_string_append_printf (with, "%s%s %s", a ? ", " : "", plot->names[a], best[a]);
  return g_strdup_printf (_("%s; the best has %s %s with %s."), count, plot->names[plot->n_axes - 1], best[plot->n_axes - 1], with->str);
}

static void
draw (gconstpointer plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  rf_plot_trials_draw (plot, cr, width, height, theme);
}

static char *
describe (gconstpointer plot)
{
  return rf_plot_trials_describe (plot);
}

static void
tabulate (gconstpointer data, GString *csv)
{
  const RfPlotTrials *plot = data;

  plot_csv_text (csv, "trial");
  for (guint a = 0; a < plot->n_axes; a++)
    plot_csv_text (csv, plot->names[a]);
  plot_csv_end (csv);
  for (guint i = 0; i < plot->n; i++)
    {
      plot_csv_number (csv, i + 1.0);
      for (guint a = 0; a < plot->n_axes; a++)
        plot_csv_text (csv, plot->values[(gsize) i * plot->n_axes + a]);
      plot_csv_end (csv);
    }
}

const RfPlotKind rf_plot_trials_kind = { .draw = draw, .describe = describe, .table = tabulate, .base = draw_base, .mark = draw_marks };
