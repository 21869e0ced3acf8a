/* rf-plot-deltas.h: how a difference is spread over users: those who lose on the left of zero, those who win on the right.
 *
 * Differences of exactly zero, which are many, are not drawn as a bar that would flatten all others but said as a number.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/plot/rf-plot.h"

G_BEGIN_DECLS

#define RF_PLOT_DELTA_BINS 20 /* on each side of zero */

typedef struct
{
  const char *label; /* "NDCG@20, run-2 − run-1" */
  double reach;      /* the axis goes from -reach to reach; > 0 */
  guint counts[2 * RF_PLOT_DELTA_BINS];
  guint equal;       /* differences of 0 */
  int hovered, selected; /* a bin, RF_PLOT_DELTA_EQUAL or -1 */
} RfPlotDeltas;

#define RF_PLOT_DELTA_EQUAL (2 * RF_PLOT_DELTA_BINS)

/* Counts values (NAN is left out); reach becomes the largest absolute value, or 1. */
void rf_plot_deltas_count (RfPlotDeltas *plot, const double *values, gsize n);
/* Which bin does a value belong to? RF_PLOT_DELTA_EQUAL for 0, -1 for NAN and beyond reach. */
int rf_plot_deltas_bin (const RfPlotDeltas *plot, double value);
void rf_plot_deltas_get_range (const RfPlotDeltas *plot, int bin, double *low, double *high);

void rf_plot_deltas_draw (const RfPlotDeltas *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme);
char *rf_plot_deltas_describe (const RfPlotDeltas *plot) G_GNUC_WARN_UNUSED_RESULT; /* "...: 210 users lose, 1,580 are the same, 240 win." */
extern const RfPlotKind rf_plot_deltas_kind;

/* Which bin is at (x, y)? -1: none. */
int rf_plot_deltas_find (const RfPlotDeltas *plot, double width, double height, const RfPlotTheme *theme, double x, double y);

G_END_DECLS
