/* rf-plot-lines.h: curves over steps: the training loss, a validation metric, with the best point marked.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/plot/rf-plot.h"

G_BEGIN_DECLS

typedef enum
{
  RF_PLOT_BEST_NONE,
  RF_PLOT_BEST_LOWEST,  /* a loss */
  RF_PLOT_BEST_HIGHEST, /* a metric */
} RfPlotBest;

typedef struct
{
  const char *label; /* "Training loss" */
  guint slot;        /* its colour and its dashes: a slot of the theme */
  RfPlotBest best;
  guint n;
  const double *x;   /* ascending; NULL: 1, 2, 3, ... */
  const double *y;   /* NAN where nothing was measured: the line goes on to the next point */
} RfPlotSeries;

/* All series share the vertical axis: draw a loss and a metric as two plots, one above the other. */
typedef struct
{
  const char *x_label; /* "Step" */
  guint n_series;
  const RfPlotSeries *series;
  double x_low, x_high; /* equal: as far as the numbers go; or the whole length of a training that is not over */
  double hovered_x;     /* a guide at the measured points nearest to here, with their values; NAN: none */
} RfPlotLines;

void rf_plot_lines_draw (const RfPlotLines *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme);
char *rf_plot_lines_describe (const RfPlotLines *plot) G_GNUC_WARN_UNUSED_RESULT; /* "Training loss: from 6.91 to 5.20, lowest 5.18 at 87." */
extern const RfPlotKind rf_plot_lines_kind;

/* The index of the best measured point of a series, or -1. The first one of equals. */
int rf_plot_series_find_best (const RfPlotSeries *series);

G_END_DECLS
