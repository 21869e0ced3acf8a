/* rf-plot-intervals.h: numbers with their intervals, one row each, on a common axis with a line at zero: differences of two runs,
 * what a ranking loses without a modality.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/plot/rf-plot.h"

G_BEGIN_DECLS

typedef struct
{
  const char *label;
  double value, low, high; /* NAN ends: no interval */
  int slot;                /* colour; -1: the foreground */
} RfPlotInterval;

typedef struct
{
  const char *label; /* of the axis: "Difference (B − A)" */
  guint n;
  const RfPlotInterval *rows;
  int decimals;      /* of the numbers; < 0: four significant digits */
} RfPlotIntervals;

void rf_plot_intervals_draw (const RfPlotIntervals *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme);
/* "Difference: NDCG@20 0.012 (0.004 to 0.020), above zero; ..." */
char *rf_plot_intervals_describe (const RfPlotIntervals *plot) G_GNUC_WARN_UNUSED_RESULT;
extern const RfPlotKind rf_plot_intervals_kind;

double rf_plot_intervals_get_height (guint n, const RfPlotTheme *theme);

G_END_DECLS
