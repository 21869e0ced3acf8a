/* rf-plot-trials.h: the trials of a search for settings: one axis a setting and a last one for what came out, one line a trial.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/plot/rf-plot.h"

G_BEGIN_DECLS

typedef struct
{
  guint n_axes;                 /* settings, and the metric as the last */
  const char *const *names;     /* n_axes */
  const char *const *low;       /* n_axes: what stands at the lower and the upper end of each */
  const char *const *high;
  guint n;                      /* trials */
  const float *at;              /* n x n_axes, 0 (lower end) .. 1; NAN: not known, the line has a gap there */
  const char *const *values;    /* n x n_axes, as text: for the table and for words */
  int best, hovered, selected;  /* lines drawn thick; -1: none */
} RfPlotTrials;

void rf_plot_trials_draw (const RfPlotTrials *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme);
/* "9 trials; the best has NDCG@20 0.1234 with fusion sum, epochs 9." */
char *rf_plot_trials_describe (const RfPlotTrials *plot) G_GNUC_WARN_UNUSED_RESULT;
extern const RfPlotKind rf_plot_trials_kind;

/* The line nearest to (x, y) and not further than `reach` pixels above or below it, or -1. O(n). */
int rf_plot_trials_find (const RfPlotTrials *plot, double width, double height, const RfPlotTheme *theme, double x, double y, double reach);

G_END_DECLS
