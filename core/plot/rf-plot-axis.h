/* rf-plot-axis.h: from values to pixels, and where the ticks go: pure functions.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RF_PLOT_MAX_TICKS 16

typedef struct
{
  double low, high;   /* values at the two ends, low < high */
  double start, end;  /* pixels there; start > end for a vertical axis */
} RfPlotAxis;

/* An axis that holds low .. high: turned round, widened where they are equal or not finite. */
RfPlotAxis rf_plot_axis (double low, double high, double start, double end);

double rf_plot_axis_map (const RfPlotAxis *axis, double value); /* value -> pixel */

/* Ticks at multiples of 1, 2 or 5 times a power of ten inside low .. high, at most max of them (and RF_PLOT_MAX_TICKS).
 * Returns their number; decimals: how many digits after the point tell them apart. */
guint rf_plot_ticks (double low, double high, guint max, double ticks[RF_PLOT_MAX_TICKS], int *decimals);

/* Moves the ends of the axis outwards to the next tick. */
void rf_plot_axis_widen (RfPlotAxis *axis, guint max_ticks);

G_END_DECLS
