/* rf-plot-ternary.h: recommendations in a triangle: the nearer to a corner, the more weight that modality has.
 *
 * A point is the weighted mean of the corners with its three shares (barycentric coordinates). Each corner has its colour, its
 * letter and its marker: circle, square, triangle, diamond, ... by slot.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/plot/rf-plot.h"

G_BEGIN_DECLS

typedef struct
{
  /* Filled by rf_plot_ternary_set_corners(). names[c] NULL: nothing lies at that corner. */
  const char *names[3];
  guint slots[3];
  char letters[3][RF_PLOT_LETTER_SIZE];

  guint n;
  const float *shares; /* n x 3, >= 0; used as parts of their sum; points whose sum is 0 are not drawn */
  const int *drivers;  /* n, a corner or -1: the colour and marker of each point; NULL: its largest share */
  const float *sizes;  /* n, radius relative to the usual one; NULL: all 1 */
  int selected;        /* a point drawn on top, with a thick ring; -1: none */
  int hovered;         /* a point with a thin ring; -1: none */
  double brush_x, brush_y, brush_width, brush_height; /* a rectangle in pixels; empty: none */
} RfPlotTernary;

/* Which modalities of a list stand at the top, on the left and on the right; an index >= n: none. The names are borrowed. */
void rf_plot_ternary_set_corners (RfPlotTernary *plot, const char *const *names, guint n, const guint corners[3]);

void rf_plot_ternary_draw (const RfPlotTernary *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme);
char *rf_plot_ternary_describe (const RfPlotTernary *plot) G_GNUC_WARN_UNUSED_RESULT; /* "Image drives 12 of 20 recommendations, ..." */
extern const RfPlotKind rf_plot_ternary_kind;

/* Where point i is drawn; FALSE if it is not. */
gboolean rf_plot_ternary_locate (const RfPlotTernary *plot, guint i, double width, double height, const RfPlotTheme *theme,
                                 double *x, double *y);

/* Is point i drawn inside the brush? */
gboolean rf_plot_ternary_is_brushed (const RfPlotTernary *plot, guint i, double width, double height, const RfPlotTheme *theme);

/* The point nearest to (x, y) and not further than `reach` pixels, or -1. O(n). */
int rf_plot_ternary_find (const RfPlotTernary *plot, double width, double height, const RfPlotTheme *theme, double x, double y,
                          double reach);

G_END_DECLS
