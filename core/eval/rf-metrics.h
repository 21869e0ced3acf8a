/* rf-metrics.h: how good one user's list is. One function each; definitions as in MMRec and RecBole.
 *
 * list: the recommended items, best first (at least k of them, RF_NO_INDEX where there are fewer); relevant: the held-out
 * items R, ascending and distinct, |R| >= 1. rel_j is 1 if the item at place j (from 1) is in R.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-csr.h"

G_BEGIN_DECLS

typedef struct
{
  double recall;    /* sum_{j<=k} rel_j / |R| */
  double precision; /* sum_{j<=k} rel_j / k */
  double hit_rate;  /* 1 if any rel_j, j <= k */
  double ndcg;      /* sum_{j<=k} rel_j / log2(j+1), over the same sum for the best possible list: sum_{j<=min(|R|,k)} 1 / log2(j+1)
                       (Jarvelin and Kekalainen 2002, binary gains) */
  double map;       /* sum_{j<=k} rel_j precision@j / min(|R|,k) */
  double mrr;       /* 1 / place of the first hit within k, else 0 */
} RfMetrics;

/* "recall", "ndcg", "precision", "map", "hit_rate", "mrr" -> its value. RF_ERROR_CONFIG for another name. */
gboolean rf_metrics_get (const RfMetrics *self, const char *name, double *value, GError **error);

RfMetrics rf_metrics_of_list (const guint32 *list, guint k, const guint32 *relevant, gsize n_relevant);

/* The means over the users that have relevant items. lists: one row of `width` items (width >= k) per row of relevant. Summed in
 * user order, so that the result does not depend on threads. per_user: NULL, or room for one RfMetrics per user (NAN where a
 * user has nothing relevant). Returns how many users counted. */
guint32 rf_metrics_mean (const guint32 *lists, guint width, guint k, const RfCsr *relevant, RfMetrics *mean, RfMetrics *per_user);

G_END_DECLS
