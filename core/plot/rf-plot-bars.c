/* rf-plot-bars.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/plot/rf-plot-bars.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/plot/rf-plot-axis.h"
#include "core/plot/rf-plot-private.h"

#define GAP          1.0 /* between stacked parts */
#define ROW_HEIGHT   1.9 /* of a detailed row, in font sizes */

static double
sum_shares (const RfPlotShares *plot)
{
  double sum = 0;

  for (guint m = 0; m < plot->n; m++)
    sum += fmax (0, plot->shares[m]);
  return sum;
}

/* "I 62 %", or "I", or nothing, as there is room. */
static void
label_share (const RfPlotShares *plot, guint m, double share, cairo_t *cr, double x, double width, double height, const RfPlotTheme *theme)
{
  RfPlotColor ink = plot_ink_on (&theme->modality[rf_plot_modality_slot (plot->names, plot->n, m)]);
  PlotText style = { .color = &ink, .align_x = 0.5, .align_y = 0.5, .bold = TRUE, .scale = fmin (1, height * 0.68 / theme->font_size) };
  char letter[RF_PLOT_LETTER_SIZE];
  g_autofree char *full = NULL;
  double text_width, text_height;

  rf_plot_modality_letter (plot->names, plot->n, m, letter);
  full = g_strdup_printf (_("%s %.0f %%"), letter, 100 * share);
  plot_text_size (cr, theme, &style, full, &text_width, &text_height);
  if (text_width + 8 <= width)
    {
      plot_text (cr, theme, &style, x + width / 2, height / 2, full);
      return;
    }
  plot_text_size (cr, theme, &style, letter, &text_width, &text_height);
  if (text_width + 4 <= width)
    plot_text (cr, theme, &style, x + width / 2, height / 2, letter);
}

void
rf_plot_shares_draw (const RfPlotShares *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  double sum = sum_shares (plot), x = 0;

  plot_begin (cr, width, height, theme);
  cairo_save (cr);
  plot_round_rectangle (cr, 0, 0, width, height, fmin (4, height / 3));
  cairo_clip (cr);
  plot_set_color (cr, &theme->grid);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  for (guint m = 0; m < plot->n && sum > 0; m++)
    {
      double share = fmax (0, plot->shares[m]) / sum, part = share * width;
      double gap = x > 0 && part > 2 * GAP ? GAP : 0;

      plot_fill_slot (cr, theme, (int) rf_plot_modality_slot (plot->names, plot->n, m), x + gap, 0, part - gap, height);
      label_share (plot, m, share, cr, x, part, height, theme);
      x += part;
    }
  cairo_restore (cr);
}

/* Adds ", image 62 %"; names inside a sentence are in lower case. */
static void
append_name (GString *out, const char *name)
{
  g_autofree char *lower = g_utf8_strdown (rf_plot_modality_label (name), -1);

  g_string_append (out, lower);
}

char *
rf_plot_shares_describe (const RfPlotShares *plot)
{
  double sum = sum_shares (plot);
  GString *out;

  if (sum <= 0 && plot->title)
    return g_strdup_printf (_("%s: none."), plot->title);
  if (sum <= 0)
    return g_strdup (_("Attention: none."));
  out = g_string_new (NULL);
  if (plot->title)
    g_string_append_printf (out, "%s:", plot->title);
  else
    g_string_append (out, _("Attention:"));
  for (guint m = 0; m < plot->n; m++)
    {
      g_string_append (out, m > 0 ? ", " : " ");
      append_name (out, plot->names[m]);
      g_string_append_printf (out, _(" %.0f %%"), 100 * fmax (0, plot->shares[m]) / sum);
    }
  g_string_append_c (out, '.');
  return g_string_free (out, FALSE);
}

static double
part_value (const RfPlotSigned *plot, guint part)
{
  return part < plot->n ? plot->values[part] : plot->popularity;
}

static int
part_slot (const RfPlotSigned *plot, guint part)
{
  return part < plot->n ? (int) rf_plot_modality_slot (plot->names, plot->n, part) : -1;
}

static double
score_of (const RfPlotSigned *plot)
{
  double score = plot->popularity;

  for (guint m = 0; m < plot->n; m++)
    score += plot->values[m];
  return score;
}

void
rf_plot_signed_fit (const RfPlotSigned *plot, double *low, double *high)
{
  double positive = 0, negative = 0;

  for (guint part = 0; part <= plot->n; part++)
    if (part_value (plot, part) > 0)
      positive += part_value (plot, part);
    else
      negative += part_value (plot, part);
  *low = fmin (*low, negative);
  *high = fmax (*high, positive);
}

static RfPlotAxis
signed_axis (const RfPlotSigned *plot, double start, double end)
{
  double low = plot->low, high = plot->high;

  if (!(high > low))
    {
      low = high = 0;
      rf_plot_signed_fit (plot, &low, &high);
    }
  return rf_plot_axis (low, high, start, end);
}

static void
draw_zero (cairo_t *cr, double x, double top, double bottom, const RfPlotTheme *theme)
{
  plot_set_color (cr, &theme->dim);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, x, top);
  cairo_line_to (cr, x, bottom);
  cairo_stroke (cr);
}

/* A tick with a little triangle on either side: where positive and negative parts end up. */
static void
draw_score_mark (cairo_t *cr, double x, double height, const RfPlotTheme *theme)
{
  double size = fmin (4, height / 4);

  plot_set_color (cr, &theme->accent);
  cairo_set_line_width (cr, 1.5);
  cairo_move_to (cr, x, 0);
  cairo_line_to (cr, x, height);
  cairo_stroke (cr);
  cairo_move_to (cr, x - size, 0);
  cairo_line_to (cr, x + size, 0);
  cairo_line_to (cr, x, size * 1.2);
  cairo_close_path (cr);
  cairo_move_to (cr, x - size, height);
  cairo_line_to (cr, x + size, height);
  cairo_line_to (cr, x, height - size * 1.2);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
draw_stacked (const RfPlotSigned *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  RfPlotAxis axis = signed_axis (plot, 5, width - 5);
  double zero = rf_plot_axis_map (&axis, 0), right = zero, left = zero, inset = fmin (3, height / 6);

  for (guint part = 0; part <= plot->n; part++)
    {
      double value = part_value (plot, part), length = rf_plot_axis_map (&axis, fabs (value)) - zero;
      double shown = fmax (0, length - (length > 2 * GAP ? GAP : 0));

      if (value >= 0)
        plot_fill_slot (cr, theme, part_slot (plot, part), right, inset, shown, height - 2 * inset);
      else
        plot_fill_slot (cr, theme, part_slot (plot, part), left - shown, inset, shown, height - 2 * inset);
      right += value >= 0 ? length : 0;
      left -= value < 0 ? length : 0;
    }
  draw_zero (cr, zero, 0, height, theme);
  draw_score_mark (cr, rf_plot_axis_map (&axis, score_of (plot)), height, theme);
}

static const char *
row_label (const RfPlotSigned *plot, guint row)
{
  return row < plot->n ? rf_plot_modality_label (plot->names[row]) : row == plot->n ? _("Popularity") : _("Score");
}

/* The column on the left is as wide as the widest label, the one on the right as the widest number. */
static void
measure_columns (const RfPlotSigned *plot, cairo_t *cr, double width, const RfPlotTheme *theme, double *label, double *number)
{
  PlotText bold = { .bold = TRUE };
  double w, h;

  *label = *number = 0;
  for (guint row = 0; row <= plot->n + 1; row++)
    {
      g_autofree char *text = plot_format (row <= plot->n ? part_value (plot, row) : score_of (plot), 2);

      plot_text_size (cr, theme, &bold, row_label (plot, row), &w, &h);
      *label = fmax (*label, w);
      plot_text_size (cr, theme, &bold, text, &w, &h);
      *number = fmax (*number, w);
    }
  *label = fmin (*label, width * 0.4);
}

static void
draw_detailed (const RfPlotSigned *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  double row_height = height / (plot->n + 2), label, number, zero;
  RfPlotAxis axis;

  measure_columns (plot, cr, width, theme, &label, &number);
  axis = signed_axis (plot, label + 14, fmax (label + 30, width - number - 14));
  zero = rf_plot_axis_map (&axis, 0);
  for (guint row = 0; row <= plot->n + 1; row++)
    {
      gboolean is_score = row == plot->n + 1;
      double value = is_score ? score_of (plot) : part_value (plot, row), at = rf_plot_axis_map (&axis, value);
      double middle = (row + 0.5) * row_height, half = row_height * (is_score ? 0.20 : 0.30);
      g_autofree char *text = plot_format (value, 2);
      PlotText left = { .align_y = 0.5, .bold = is_score, .max_width = label + 2 }, right = { .align_x = 1, .align_y = 0.5, .bold = is_score };

      plot_text (cr, theme, &left, 0, middle, row_label (plot, row));
      plot_text (cr, theme, &right, width, middle, text);
      if (is_score)
        {
          plot_set_color (cr, &theme->accent);
          cairo_rectangle (cr, fmin (zero, at), middle - half, fabs (at - zero), 2 * half);
          cairo_fill (cr);
        }
      else
        plot_fill_slot (cr, theme, part_slot (plot, row), fmin (zero, at), middle - half, fabs (at - zero), 2 * half);
    }
  plot_set_color (cr, &theme->grid);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, 0, (plot->n + 1) * row_height);
  cairo_line_to (cr, width, (plot->n + 1) * row_height);
  cairo_stroke (cr);
  draw_zero (cr, zero, 0, height, theme);
}

void
rf_plot_signed_draw (const RfPlotSigned *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  plot_begin (cr, width, height, theme);
  if (plot->detailed)
    draw_detailed (plot, cr, width, height, theme);
  else
    draw_stacked (plot, cr, width, height, theme);
}

char *
rf_plot_signed_describe (const RfPlotSigned *plot)
{
  g_autofree char *score = plot_format (score_of (plot), 2);
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, _("Score %s:"), score);
  for (guint part = 0; part <= plot->n; part++)
    {
      double value = part_value (plot, part);

      g_string_append (out, part > 0 ? ", " : " ");
      append_name (out, part < plot->n ? plot->names[part] : _("Popularity"));
      g_string_append_printf (out, value >= 0 ? _(" adds %.2f") : _(" takes %.2f"), fabs (value));
    }
  g_string_append_c (out, '.');
  return g_string_free (out, FALSE);
}

static void
draw_shares (gconstpointer plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  rf_plot_shares_draw (plot, cr, width, height, theme);
}

static char *
describe_shares (gconstpointer plot)
{
  return rf_plot_shares_describe (plot);
}

static void
draw_signed (gconstpointer plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  rf_plot_signed_draw (plot, cr, width, height, theme);
}

static char *
describe_signed (gconstpointer plot)
{
  return rf_plot_signed_describe (plot);
}

static void
tabulate_shares (gconstpointer data, GString *csv)
{
  const RfPlotShares *plot = data;

  plot_csv_text (csv, "modality");
  plot_csv_text (csv, "share");
  plot_csv_end (csv);
  for (guint m = 0; m < plot->n; m++)
    {
      plot_csv_text (csv, plot->names[m]);
      plot_csv_number (csv, (double) plot->shares[m]);
      plot_csv_end (csv);
    }
}

static void
tabulate_signed (gconstpointer data, GString *csv)
{
  const RfPlotSigned *plot = data;

  plot_csv_text (csv, "part");
  plot_csv_text (csv, "contribution");
  plot_csv_end (csv);
  for (guint part = 0; part <= plot->n; part++)
    {
      plot_csv_text (csv, part < plot->n ? plot->names[part] : "popularity");
      plot_csv_number (csv, part_value (plot, part));
      plot_csv_end (csv);
    }
  plot_csv_text (csv, "score");
  plot_csv_number (csv, score_of (plot));
  plot_csv_end (csv);
}

static void
draw_badge (gconstpointer data, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  const RfPlotBadge *plot = data;
  double line = fmin (height, theme->font_size * 1.7), side = line, top = (height - line) / 2;
  PlotText name = { .align_y = 0.5, .max_width = fmax (0, width - side - 6) }, letter_style = { .align_x = 0.5, .align_y = 0.5, .bold = TRUE };
  char letter[RF_PLOT_LETTER_SIZE];
  RfPlotColor ink;

  plot_begin (cr, width, height, theme);
  if (plot->modality < 0 || (guint) plot->modality >= plot->n)
    {
      plot_text (cr, theme, &name, 0, height / 2, "–");
      return;
    }
  rf_plot_modality_letter (plot->names, plot->n, (guint) plot->modality, letter);
  ink = plot_ink_on (&theme->modality[rf_plot_modality_slot (plot->names, plot->n, (guint) plot->modality)]);
  letter_style.color = &ink;
  cairo_save (cr);
  plot_round_rectangle (cr, 0, top, side, line, 4);
  cairo_clip (cr);
  plot_fill_slot (cr, theme, (int) rf_plot_modality_slot (plot->names, plot->n, (guint) plot->modality), 0, top, side, line);
  cairo_restore (cr);
  plot_text (cr, theme, &letter_style, side / 2, height / 2, letter);
  plot_text (cr, theme, &name, side + 6, height / 2, rf_plot_modality_label (plot->names[plot->modality]));
}

static char *
describe_badge (gconstpointer data)
{
  const RfPlotBadge *plot = data;

  return g_strdup (plot->modality >= 0 && (guint) plot->modality < plot->n ? rf_plot_modality_label (plot->names[plot->modality]) : _("No modality"));
}

const RfPlotKind rf_plot_shares_kind = { .draw = draw_shares, .describe = describe_shares, .table = tabulate_shares };
const RfPlotKind rf_plot_signed_kind = { .draw = draw_signed, .describe = describe_signed, .table = tabulate_signed };
const RfPlotKind rf_plot_badge_kind = { .draw = draw_badge, .describe = describe_badge };
