/* rf-plot-parallel.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/plot/rf-plot-parallel.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/plot/rf-plot-private.h"

#define MANY_LINES 4000 /* more are thinned out evenly: the eye cannot tell them apart, and each costs a path */

static PlotFrame
lay_out (double width, double height, const RfPlotTheme *theme)
{
  double font = theme->font_size;

  return (PlotFrame) { font * 4, fmax (font * 5, width - font * 4), font * 0.8, fmax (font * 2, height - font * 2.2) };
}

static double
axis_x (const RfPlotParallel *plot, const PlotFrame *frame, guint axis)
{
  return plot_axis_x (frame, axis, plot->n_axes);
}

static double
sum_of (const RfPlotParallel *plot, guint i)
{
  double sum = 0;

  for (guint a = 0; a < plot->n_axes; a++)
    sum += fmax (0, (double) plot->shares[(gsize) i * plot->n_axes + a]);
  return isfinite (sum) ? sum : 0;
}

static double
share_y (const RfPlotParallel *plot, const PlotFrame *frame, guint i, guint axis, double sum)
{
  return frame->bottom - (frame->bottom - frame->top) * fmax (0, (double) plot->shares[(gsize) i * plot->n_axes + axis]) / sum;
}

static int
driver_of (const RfPlotParallel *plot, guint i)
{
  const float *shares = plot->shares + (gsize) i * plot->n_axes;
  guint best = 0;

  if (plot->drivers)
    return plot->drivers[i] < (int) plot->n_axes ? plot->drivers[i] : -1;
  for (guint a = 1; a < plot->n_axes; a++)
    if (shares[a] > shares[best])
      best = a;
  return plot->n_axes > 0 && shares[best] > 0 ? (int) best : -1;
}

static void
draw_line (const RfPlotParallel *plot, cairo_t *cr, const PlotFrame *frame, guint i, double line_width, double alpha, const RfPlotTheme *theme)
{
  double sum = sum_of (plot, i);
  int driver = driver_of (plot, i);

  if (!(sum > 0))
    return;
  for (guint a = 0; a < plot->n_axes; a++)
    cairo_line_to (cr, axis_x (plot, frame, a), share_y (plot, frame, i, a, sum));
  plot_set_color_alpha (cr, driver < 0 ? &theme->neutral : &theme->modality[rf_plot_modality_slot (plot->names, plot->n_axes, (guint) driver)], alpha);
  cairo_set_line_width (cr, line_width);
  cairo_stroke (cr);
}

/* The name and its letter; where there is no room, the name alone, and then the letter alone. */
static char *
dup_axis_name (const RfPlotParallel *plot, cairo_t *cr, guint axis, double room, const RfPlotTheme *theme)
{
  const PlotText style = { .bold = TRUE };
  const char *label = rf_plot_modality_label (plot->names[axis]);
  char letter[RF_PLOT_LETTER_SIZE];
  g_autofree char *both = NULL;
  double width, height;

  rf_plot_modality_letter (plot->names, plot->n_axes, axis, letter);
  both = g_strdup_printf ("%s (%s)", label, letter);
  plot_text_size (cr, theme, &style, both, &width, &height);
  if (width <= room)
    return g_steal_pointer (&both);
  plot_text_size (cr, theme, &style, label, &width, &height);
  return g_strdup (width <= room ? label : letter);
}

static void
draw_axis (const RfPlotParallel *plot, cairo_t *cr, const PlotFrame *frame, guint axis, double width, const RfPlotTheme *theme)
{
  double x = axis_x (plot, frame, axis), room = plot->n_axes > 1 ? fabs (axis_x (plot, frame, 1) - axis_x (plot, frame, 0)) - 6 : width;
  PlotText name = { .bold = TRUE, .align_x = 0.5, .max_width = fmin (room, width / MAX (1, plot->n_axes)) }, tick = { .color = &theme->dim, .scale = 0.8, .align_x = 1, .align_y = 0.5 };
  g_autofree char *text = dup_axis_name (plot, cr, axis, name.max_width, theme);

  plot_axis_line (cr, theme, frame, x);
  plot_text (cr, theme, &name, x, frame->bottom + theme->font_size * 0.5, text);
  for (guint percent = 0; percent <= 100 && axis == 0; percent += 50)
    {
      g_autofree char *label = g_strdup_printf (_("%u %%"), percent);

      plot_text (cr, theme, &tick, x - 6, frame->bottom - (frame->bottom - frame->top) * percent / 100, label);
    }
}

static void
draw_base (gconstpointer data, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  const RfPlotParallel *plot = data;
  PlotFrame frame = lay_out (width, height, theme);
  guint step = MAX (1, plot->n / MANY_LINES);

  plot_begin (cr, width, height, theme);
  for (guint i = 0; i < plot->n; i += step)
    draw_line (plot, cr, &frame, i, 1, plot->n > 300 ? 0.25 : 0.6, theme);
  for (guint a = 0; a < plot->n_axes; a++)
    draw_axis (plot, cr, &frame, a, width, theme);
}

static void
draw_marks (gconstpointer data, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  const RfPlotParallel *plot = data;
  PlotFrame frame = lay_out (width, height, theme);

  if (plot->hovered >= 0 && (guint) plot->hovered < plot->n)
    draw_line (plot, cr, &frame, (guint) plot->hovered, 2.4, 1, theme);
  if (plot->selected >= 0 && (guint) plot->selected < plot->n)
    draw_line (plot, cr, &frame, (guint) plot->selected, 3.2, 1, theme);
  if (plot->brush_low < plot->brush_high && plot->brush_axis < plot->n_axes)
    {
      double x = axis_x (plot, &frame, plot->brush_axis), high = frame.bottom - (frame.bottom - frame.top) * plot->brush_high;

      plot_brush (cr, theme, x - 7, high, 14, (frame.bottom - frame.top) * (plot->brush_high - plot->brush_low));
    }
}

void
rf_plot_parallel_draw (const RfPlotParallel *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  draw_base (plot, cr, width, height, theme);
  draw_marks (plot, cr, width, height, theme);
}

gboolean
rf_plot_parallel_is_brushed (const RfPlotParallel *plot, guint i)
{
  double sum = sum_of (plot, i), share;

  if (!(sum > 0) || plot->brush_axis >= plot->n_axes)
    return FALSE;
  share = fmax (0, (double) plot->shares[(gsize) i * plot->n_axes + plot->brush_axis]) / sum;
  return share >= plot->brush_low && share <= plot->brush_high;
}

gboolean
rf_plot_parallel_unmap (const RfPlotParallel *plot, double width, double height, const RfPlotTheme *theme, double x, double y, guint *axis, double *share)
{
  PlotFrame frame = lay_out (width, height, theme);
  double reach = plot->n_axes > 1 ? (frame.right - frame.left) / (plot->n_axes - 1) / 2 : width;

  for (guint a = 0; a < plot->n_axes; a++)
    if (fabs (x - axis_x (plot, &frame, a)) <= reach)
      {
        *axis = a;
        *share = CLAMP ((frame.bottom - y) / (frame.bottom - frame.top), 0, 1);
        return TRUE;
      }
  return FALSE;
}

int
rf_plot_parallel_find (const RfPlotParallel *plot, double width, double height, const RfPlotTheme *theme, double x, double y, double reach)
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
      double sum = sum_of (plot, i), distance;

      if (!(sum > 0))
        continue;
      distance = fabs (share_y (plot, &frame, i, a, sum) * (1 - (at - a)) + share_y (plot, &frame, i, a + 1, sum) * (at - a) - y);
      if (distance <= reach)
        {
          reach = distance;
          found = (int) i;
        }
    }
  return found;
}

char *
rf_plot_parallel_describe (const RfPlotParallel *plot)
{
  guint counts[RF_MAX_MODALITIES] = { 0 }, first = 0;
  GString *out;

  for (guint i = 0; i < plot->n; i++)
    if (driver_of (plot, i) >= 0)
      counts[driver_of (plot, i)]++;
  for (guint a = 1; a < plot->n_axes; a++)
    if (counts[a] > counts[first])
      first = a;
  if (plot->n_axes == 0 || counts[first] == 0)
    return g_strdup_printf (_("No modality drives any of the %u recommendations."), plot->n);
  out = g_string_new (NULL);
  g_string_append_printf (out, g_dngettext (GETTEXT_PACKAGE, "%s drives %u of %u recommendation", "%s drives %u of %u recommendations", plot->n), rf_plot_modality_label (plot->names[first]),
                          counts[first], plot->n);
  for (guint a = 0; a < plot->n_axes; a++)
    if (a != first)
      {
        g_autofree char *lower = g_utf8_strdown (rf_plot_modality_label (plot->names[a]), -1);

        g_string_append_printf (out, _(", %s %u"), lower, counts[a]);
      }
  g_string_append_c (out, '.');
  return g_string_free (out, FALSE);
}

static void
draw (gconstpointer plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  rf_plot_parallel_draw (plot, cr, width, height, theme);
}

static char *
describe (gconstpointer plot)
{
  return rf_plot_parallel_describe (plot);
}

static void
tabulate (gconstpointer data, GString *csv)
{
  const RfPlotParallel *plot = data;

  plot_csv_text (csv, "line");
  for (guint a = 0; a < plot->n_axes; a++)
    plot_csv_text (csv, plot->names[a]);
  plot_csv_text (csv, "driver");
  plot_csv_end (csv);
  for (guint i = 0; i < plot->n; i++)
    {
      int driver = driver_of (plot, i);

      plot_csv_number (csv, i + 1.0);
      for (guint a = 0; a < plot->n_axes; a++)
        plot_csv_number (csv, (double) plot->shares[(gsize) i * plot->n_axes + a]);
      plot_csv_text (csv, driver >= 0 ? plot->names[driver] : "");
      plot_csv_end (csv);
    }
}

const RfPlotKind rf_plot_parallel_kind = { .draw = draw, .describe = describe, .table = tabulate, .base = draw_base, .mark = draw_marks };
