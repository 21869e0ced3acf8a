/* rf-metrics-scores.h: metrics of scores rather than of lists: pairwise accuracy, and how good probabilities are.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-csr.h"
#include "core/base/rf-progress.h"
#include "core/eval/rf-evaluate.h"

G_BEGIN_DECLS

/* Pairwise accuracy of one user, which is the area under the ROC curve (Hanley and McNeil 1982): over all pairs of a relevant item p and
 * another candidate n, the mean of 1 if s_p > s_n, 1/2 if equal, else 0. Candidates: all n_items but those in `exclude` (ascending).
 * strict: ties count 0, as in Cornac. A score that is not a number is below all. NAN if either side is empty. O(n_items log n_relevant). */
double rf_metrics_auc_of_user (const float *scores, guint32 n_items, const guint32 *relevant, gsize n_relevant, const guint32 *exclude,
                               gsize n_exclude, gboolean strict);

/* Mean over the users of `relevant` (history is left out of the candidates); per_user: NULL or one value for each row, NAN where there is none.
 * The result is NAN if no user counts. FALSE only when cancelled. */
gboolean rf_metrics_auc (RfScoreFunc func, const void *scorer, guint32 n_items, const RfCsr *history, const RfCsr *relevant, double *mean,
                         double *per_user, RfProgress *progress, GError **error);

/* Of n predicted probabilities p of a positive and the truth y (0 or 1); NAN for n = 0.
 * accuracy: share with (p >= .5) == y. */
double rf_metrics_accuracy (const double *p, const guint8 *y, gsize n);
/* - (1/n) sum y ln p + (1 - y) ln (1 - p), p kept within 1e-15 of 0 and 1 (Good 1952). */
double rf_metrics_log_loss (const double *p, const guint8 *y, gsize n);
/* (1/n) sum (p - y)^2 (Brier 1950). */
double rf_metrics_brier (const double *p, const guint8 *y, gsize n);

G_END_DECLS
