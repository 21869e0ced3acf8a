/* rf-plot-bars.h: the attention of a recommendation as one stacked bar, and its contributions as signed bars.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/plot/rf-plot.h"

G_BEGIN_DECLS

/* Shares of a whole: the attention of the modalities. Fills the whole area; letters and percentages where there is room. */
typedef struct
{
  guint n;
  const char *const *names; /* of the modalities */
  const float *shares;      /* n, >= 0; drawn as parts of their sum; a sum of 0 draws an empty trough */
  const char *title;        /* of what they are shares; NULL: attention */
} RfPlotShares;

void rf_plot_shares_draw (const RfPlotShares *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme);
char *rf_plot_shares_describe (const RfPlotShares *plot) G_GNUC_WARN_UNUSED_RESULT; /* "Attention: image 62 %, text 30 %, behaviour 8 %." */
extern const RfPlotKind rf_plot_shares_kind;

/* One modality, as its letter on its colour and pattern, and its name. */
typedef struct
{
  guint n;
  const char *const *names;
  int modality; /* -1: none */
} RfPlotBadge;

extern const RfPlotKind rf_plot_badge_kind;

/* What the modalities add to (or take from) a score, with popularity. */
typedef struct
{
  guint n;
  const char *const *names;
  const float *values; /* n; their sum plus popularity is the score */
  double popularity;
  double low, high;    /* the scale; equal: fitted. Give the rows of a table the same scale (rf_plot_signed_fit) */
  gboolean detailed;   /* FALSE: one line, positive parts stacked to the right of zero, negative ones to the left, a mark at
                        * the score; TRUE: one labelled row for each part and one for the score */
} RfPlotSigned;

void rf_plot_signed_draw (const RfPlotSigned *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme);
char *rf_plot_signed_describe (const RfPlotSigned *plot) G_GNUC_WARN_UNUSED_RESULT; /* "Score 2.31: image adds 1.80, ..." */
extern const RfPlotKind rf_plot_signed_kind;

/* Widens low .. high (start both at 0) so that the stacked bar of plot fits. */
void rf_plot_signed_fit (const RfPlotSigned *plot, double *low, double *high);

G_END_DECLS
