/* rf-plot-parallel.h: recommendations whose shares have more than three parts: one axis a modality, one line a recommendation.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/plot/rf-plot.h"

G_BEGIN_DECLS

typedef struct
{
  guint n_axes;
  const char *const *names; /* of the modalities */
  guint n;
  const float *shares;      /* n x n_axes, >= 0; used as parts of their sum; lines whose sum is 0 are not drawn */
  const int *drivers;       /* n, a modality or -1: the colour; NULL: its largest share */
  int selected, hovered;    /* lines drawn thick; -1: none */
  guint brush_axis;
  double brush_low, brush_high; /* shares on that axis; low >= high: no brush */
} RfPlotParallel;

void rf_plot_parallel_draw (const RfPlotParallel *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme);
char *rf_plot_parallel_describe (const RfPlotParallel *plot) G_GNUC_WARN_UNUSED_RESULT; /* "Image drives 12 of 20 recommendations, ..." */
extern const RfPlotKind rf_plot_parallel_kind;

/* Does line i cross the brush? */
gboolean rf_plot_parallel_is_brushed (const RfPlotParallel *plot, guint i);

/* The axis at x and the share (0 .. 1) at y, for brushing: FALSE beside every axis. */
gboolean rf_plot_parallel_unmap (const RfPlotParallel *plot, double width, double height, const RfPlotTheme *theme, double x, double y, guint *axis, double *share);
/* The line nearest to (x, y) and not further than `reach` pixels above or below it, or -1. O(n). */
int rf_plot_parallel_find (const RfPlotParallel *plot, double width, double height, const RfPlotTheme *theme, double x, double y, double reach);

G_END_DECLS
