/* rf-plot-columns.h: a number for each of a few names or for each of many months: ratings, availability of modalities, interactions
 * over time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/plot/rf-plot.h"

G_BEGIN_DECLS

typedef struct
{
  const char *label;         /* what it is: "Interactions per month" */
  const char *message;       /* what it says, a sentence: the description, or NULL */
  guint n;
  const char *const *names;  /* n; as many are written as there is room for */
  const double *values;      /* n, >= 0 */
  const int *slots;          /* n colours, -1: neutral; NULL: all neutral */
  gboolean share;            /* values are shares 0 .. 1: percent, and the axis ends at 1 */
} RfPlotColumns;

void rf_plot_columns_draw (const RfPlotColumns *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme);
char *rf_plot_columns_describe (const RfPlotColumns *plot) G_GNUC_WARN_UNUSED_RESULT;
extern const RfPlotKind rf_plot_columns_kind;

G_END_DECLS
