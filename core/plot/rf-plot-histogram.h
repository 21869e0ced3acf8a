/* rf-plot-histogram.h: how values are spread: interactions per user, weights of a modality over all users.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/plot/rf-plot.h"

G_BEGIN_DECLS

typedef struct
{
  const char *label;   /* what is counted: "Interactions per user" */
  double low, high;    /* the ends of the first and the last bin */
  guint n_bins;
  const guint *counts; /* n_bins */
  int slot;            /* the colour; -1: neutral */
  int hovered;         /* a bin drawn in the accent colour, with its count; -1: none */
} RfPlotHistogram;


void rf_plot_histogram_draw (const RfPlotHistogram *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme);
char *rf_plot_histogram_describe (const RfPlotHistogram *plot) G_GNUC_WARN_UNUSED_RESULT; /* "Interactions per user: 4,000 values, ..." */
extern const RfPlotKind rf_plot_histogram_kind;

G_END_DECLS
