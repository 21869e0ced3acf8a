/* rf-plot-slopes.h: two lists of the same user side by side, with a line from where an item was to where it is: moves drawn.
 *
 * Items that only one list has end in a stub and are set apart by weight, not by colour alone.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/plot/rf-plot.h"

G_BEGIN_DECLS

typedef struct
{
  const char *left_title, *right_title; /* the runs */
  guint n;                              /* places */
  const guint32 *left, *right;          /* n items each, any numbers; G_MAXUINT32: no item at this place */
  const char *const *left_labels, *const *right_labels; /* n each */
  const gboolean *left_hits, *right_hits; /* n each: the item was chosen later; NULL: not known */
  int hovered;                          /* a place of the left list (or n + place of the right one) whose line is thick; -1 */
} RfPlotSlopes;

void rf_plot_slopes_draw (const RfPlotSlopes *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme);
/* "10 places: 6 items in both, 4 new; the largest move is Walnut seedling, from 9 to 2." */
char *rf_plot_slopes_describe (const RfPlotSlopes *plot) G_GNUC_WARN_UNUSED_RESULT;
extern const RfPlotKind rf_plot_slopes_kind;

double rf_plot_slopes_get_height (guint n, const RfPlotTheme *theme);
/* The place at (x, y): of the left list, or n + place of the right one; -1: none. */
int rf_plot_slopes_find (const RfPlotSlopes *plot, double width, double height, const RfPlotTheme *theme, double x, double y);

G_END_DECLS
