/* rf-plot-waterfall.h: how a score comes about: each part starts where the one before it ended, the last row is their sum.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/plot/rf-plot.h"

G_BEGIN_DECLS

typedef struct
{
  guint n;
  const char *const *names; /* of the modalities */
  const float *values;      /* n: what each adds (or takes, below 0) */
  double popularity;        /* the last step before the sum */
} RfPlotWaterfall;

void rf_plot_waterfall_draw (const RfPlotWaterfall *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme);
char *rf_plot_waterfall_describe (const RfPlotWaterfall *plot) G_GNUC_WARN_UNUSED_RESULT; /* "Image adds 4.33, to 4.33; ... the score is 4.47." */
extern const RfPlotKind rf_plot_waterfall_kind;

/* The height at which the rows have room. */
double rf_plot_waterfall_get_height (guint n, const RfPlotTheme *theme);

G_END_DECLS
