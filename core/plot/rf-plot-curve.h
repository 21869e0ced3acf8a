/* rf-plot-curve.h: one relation of two numbers, on plain or logarithmic scales: how many users have k interactions, which share of the
 * interactions the most popular items have (a Lorenz curve).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/plot/rf-plot.h"

G_BEGIN_DECLS

typedef struct
{
  const char *label;   /* what it is: "Interactions per item" */
  const char *x_label, *y_label;
  const char *message; /* what it says, a sentence: the description, or NULL */
  guint n;
  const double *x, *y; /* n; on a logarithmic scale only values above 0 are drawn */
  gboolean log_x, log_y;
  gboolean line;       /* joined by a line with the ground below it shaded, else dots */
  gboolean diagonal;   /* equality, dashed, from (0, 0) to (1, 1) */
  int slot;            /* the colour; -1: neutral */
} RfPlotCurve;

void rf_plot_curve_draw (const RfPlotCurve *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme);
char *rf_plot_curve_describe (const RfPlotCurve *plot) G_GNUC_WARN_UNUSED_RESULT;
extern const RfPlotKind rf_plot_curve_kind;

G_END_DECLS
