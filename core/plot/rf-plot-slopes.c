/* rf-plot-slopes.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/plot/rf-plot-slopes.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/plot/rf-plot-private.h"

#define ROW_HEIGHT 1.7  /* font sizes */
#define MIDDLE     0.20 /* of the width: where the lines run */
#define RISE       2    /* slots: green rises, vermilion falls, whatever the eye sees of them the slope says it */
#define FALL       4

double
rf_plot_slopes_get_height (guint n, const RfPlotTheme *theme)
{
  return theme->font_size * ROW_HEIGHT * (n + 1.2);
}

static int
find_item (const guint32 *list, guint n, guint32 item)
{
  for (guint i = 0; i < n && item != G_MAXUINT32; i++)
    if (list[i] == item)
      return (int) i;
  return -1;
}

static double
row_middle (const RfPlotSlopes *plot, double height, double place)
{
  double row = height / (plot->n + 1.2);

  return row * (1.2 + place + 0.5);
}

static void
draw_label (const RfPlotSlopes *plot, cairo_t *cr, gboolean right, guint place, double width, double height, const RfPlotTheme *theme)
{
  double edge = width * (right ? 0.5 + MIDDLE / 2 : 0.5 - MIDDLE / 2), y = row_middle (plot, height, place), number = theme->font_size * 1.8;
  const guint32 *own = right ? plot->right : plot->left, *other = right ? plot->left : plot->right;
  const gboolean *hits = right ? plot->right_hits : plot->left_hits;
  gboolean alone = find_item (other, plot->n, own[place]) < 0, hovered = plot->hovered == (int) (place + (right ? plot->n : 0));
  PlotText text = { .align_x = right ? 0 : 1, .align_y = 0.5, .bold = alone || hovered, .max_width = width * (0.5 - MIDDLE / 2) - number - 12 };
  PlotText count = { .align_x = right ? 0 : 1, .align_y = 0.5, .color = &theme->dim, .scale = 0.9 };
  g_autofree char *place_text = g_strdup_printf ("%u", place + 1), *label = NULL;

  if (own[place] == G_MAXUINT32)
    return;
  label = g_strdup_printf ("%s%s", hits && hits[place] ? "✓ " : "", right ? plot->right_labels[place] : plot->left_labels[place]);
  plot_text (cr, theme, &count, right ? edge + 8 : edge - 8, y, place_text);
  plot_text (cr, theme, &text, right ? edge + 8 + number : edge - 8 - number, y, label);
}

static void
draw_move (const RfPlotSlopes *plot, cairo_t *cr, guint from, double width, double height, const RfPlotTheme *theme)
{
  double x1 = width * (0.5 - MIDDLE / 2), x2 = width * (0.5 + MIDDLE / 2), y1 = row_middle (plot, height, from), y2;
  int to = find_item (plot->right, plot->n, plot->left[from]);
  gboolean hovered = plot->hovered >= 0 && (plot->hovered == (int) from || plot->hovered == (int) plot->n + to);

  if (plot->left[from] == G_MAXUINT32)
    return;
  cairo_set_line_width (cr, hovered ? 3 : 1.6);
  if (to < 0)
    {
      /* out of the list: a stub downwards */
      plot_set_color (cr, &theme->modality[FALL]);
      cairo_move_to (cr, x1, y1);
      cairo_line_to (cr, x1 + (x2 - x1) * 0.22, y1 + height / (plot->n + 1.2) * 0.4);
      cairo_stroke (cr);
      return;
    }
  y2 = row_middle (plot, height, to);
  plot_set_color (cr, to < (int) from ? &theme->modality[RISE] : to > (int) from ? &theme->modality[FALL] : &theme->neutral);
  cairo_move_to (cr, x1, y1);
  cairo_curve_to (cr, (x1 + x2) / 2, y1, (x1 + x2) / 2, y2, x2, y2);
  cairo_stroke (cr);
  cairo_arc (cr, x1, y1, 2.5, 0, 2 * M_PI);
  cairo_fill (cr);
  cairo_arc (cr, x2, y2, 2.5, 0, 2 * M_PI);
  cairo_fill (cr);
}

static void
draw_entry (const RfPlotSlopes *plot, cairo_t *cr, guint place, double width, double height, const RfPlotTheme *theme)
{
  double x1 = width * (0.5 - MIDDLE / 2), x2 = width * (0.5 + MIDDLE / 2), y = row_middle (plot, height, place);

  if (plot->right[place] == G_MAXUINT32 || find_item (plot->left, plot->n, plot->right[place]) >= 0)
    return;
  plot_set_color (cr, &theme->modality[RISE]);
  cairo_set_line_width (cr, plot->hovered == (int) (plot->n + place) ? 3 : 1.6);
  cairo_move_to (cr, x2 - (x2 - x1) * 0.22, y + height / (plot->n + 1.2) * 0.4);
  cairo_line_to (cr, x2, y);
  cairo_stroke (cr);
}

void
rf_plot_slopes_draw (const RfPlotSlopes *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  PlotText left = { .align_x = 1, .bold = TRUE, .max_width = width * 0.38 }, right = { .bold = TRUE, .max_width = width * 0.38 };

  plot_begin (cr, width, height, theme);
  plot_text (cr, theme, &left, width * (0.5 - MIDDLE / 2) - 8, 0, plot->left_title);
  plot_text (cr, theme, &right, width * (0.5 + MIDDLE / 2) + 8, 0, plot->right_title);
  for (guint i = 0; i < plot->n; i++)
    {
      draw_move (plot, cr, i, width, height, theme);
      draw_entry (plot, cr, i, width, height, theme);
    }
  for (guint i = 0; i < plot->n; i++)
    {
      draw_label (plot, cr, FALSE, i, width, height, theme);
      draw_label (plot, cr, TRUE, i, width, height, theme);
    }
}

int
rf_plot_slopes_find (const RfPlotSlopes *plot, double width, double height, const RfPlotTheme *theme, double x, double y)
{
  double place = y / (height / (plot->n + 1.2)) - 1.2;
  gboolean right = x > width / 2;

  if (place < 0 || place >= plot->n || (right ? plot->right : plot->left)[(guint) place] == G_MAXUINT32)
    return -1;
  return (int) place + (right ? (int) plot->n : 0);
}

char *
rf_plot_slopes_describe (const RfPlotSlopes *plot)
{
  guint both = 0, fresh = 0, n = 0;
  int best = -1, best_move = 0, best_to = 0;

  for (guint i = 0; i < plot->n; i++)
    {
      int to = find_item (plot->right, plot->n, plot->left[i]);

      n += plot->right[i] != G_MAXUINT32 || plot->left[i] != G_MAXUINT32;
      fresh += plot->right[i] != G_MAXUINT32 && find_item (plot->left, plot->n, plot->right[i]) < 0;
      if (to < 0)
        continue;
      both++;
      if (ABS (to - (int) i) > best_move)
        {
          best_move = ABS (to - (int) i);
          best = (int) i;
          best_to = to;
        }
    }
  if (best < 0)
    return g_strdup_printf (_("%u places: %u items in both lists, %u new; none moves."), n, both, fresh);
  return g_strdup_printf (_("%u places: %u items in both lists, %u new; the largest move is %s, from %d to %d."), n, both, fresh, plot->left_labels[best], best + 1, best_to + 1);
}

static void
draw (gconstpointer plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  rf_plot_slopes_draw (plot, cr, width, height, theme);
}

static char *
describe (gconstpointer plot)
{
  return rf_plot_slopes_describe (plot);
}

static void
tabulate (gconstpointer data, GString *csv)
{
  const RfPlotSlopes *plot = data;

  plot_csv_text (csv, "place");
  plot_csv_text (csv, plot->left_title);
  plot_csv_text (csv, plot->right_title);
  plot_csv_end (csv);
  for (guint i = 0; i < plot->n; i++)
    {
      plot_csv_number (csv, i + 1.0);
      plot_csv_text (csv, plot->left[i] != G_MAXUINT32 ? plot->left_labels[i] : "");
      plot_csv_text (csv, plot->right[i] != G_MAXUINT32 ? plot->right_labels[i] : "");
      plot_csv_end (csv);
    }
}

const RfPlotKind rf_plot_slopes_kind = { .draw = draw, .describe = describe, .table = tabulate };
