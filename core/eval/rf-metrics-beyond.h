/* rf-metrics-beyond.h: what all lists together are like, beyond hitting: how many items are shown at all, how evenly, how popular,
 * how different. One function each.
 *
 * lists: n_users rows of `width` items, best first, RF_NO_INDEX where there are fewer; only the first k <= width places count. Users
 * whose first place is empty are not counted. count: for each of n_items items, how many users have it in training.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-csr.h"
#include "core/base/rf-matrix.h"

G_BEGIN_DECLS

/* The lists, once for all functions below. */
typedef struct
{
  const guint32 *items;
  guint32 n_users;
  guint width, k;
  guint32 n_items;
} RfLists;

/* How often each item was recommended; n_items numbers, free with g_free(). */
guint32 *rf_lists_count (const RfLists *lists) G_GNUC_WARN_UNUSED_RESULT;

/* Users who have each item. Free with g_free(). */
guint32 *rf_metrics_train_counts (const RfCsr *train) G_GNUC_WARN_UNUSED_RESULT;

/* Distinct recommended items / n_items (Ge, Delgado-Battenfeld, Jannach 2010, "catalog coverage"). */
double rf_metrics_coverage (const RfLists *lists);

/* With c_(1) <= ... <= c_(n) the ascending recommendation counts of all n items: sum_i (2 i - n - 1) c_(i) / (n sum_i c_(i)).
 * 0: all items equally often; towards 1: few items get everything (Gini 1912; as in RecBole). NAN without recommendations. */
double rf_metrics_gini (const RfLists *lists);

/* - sum_i p_i log2 p_i in bits, p_i the share of item i in all recommendations (Shannon 1948). */
double rf_metrics_entropy (const RfLists *lists);

/* Mean over users of the mean training count of their list. */
double rf_metrics_average_popularity (const RfLists *lists, const guint32 *count);

/* Mean over users of the share of their list that is in the tail: the floor (tail n_items), at least 1, items of the lowest
 * training count (ties: lower index first). The long tail of Anderson (2004) is tail = .8; RecBole's TailPercentage has .1. */
double rf_metrics_tail_share (const RfLists *lists, const guint32 *count, double tail);

/* Mean over users of - (1/k') sum_j log2 (max (count_j, 1) / n_train_users), k' the places filled: mean inverse user frequency
 * (Zhou et al. 2010; MIUF in RecTools). Items that nobody had count as if one user had them. */
double rf_metrics_novelty (const RfLists *lists, const guint32 *count, guint32 n_train_users);

/* Mean over users of sum_{i != j} (1 - cos (f_i, f_j)) / (k' (k' - 1)) over the list's items with features (k' of them, at least 2):
 * intra-list diversity (Smyth and McClave 2001) in one feature space. features: n_items x d; available: NULL, or 0 / 1 of each
 * item. NAN if no list has two such items. */
double rf_metrics_diversity (const RfLists *lists, const RfMatrix *features, const guint8 *available);

/* Mean over the users with something relevant of (1/k) sum_j max (p_j - q_j, 0) rel_j with p_j = (n + 1 - j) / n at place j (from 1) and
 * q_j = (n + 1 - r_j) / n, r_j the item's place (from 1) in the order of popularity (ties: lower index first), n = n_items: hits that
 * popularity would not have made (Ge et al. 2010; the form of RecTools). relevant: n_users rows. */
double rf_metrics_serendipity (const RfLists *lists, const guint32 *count, const RfCsr *relevant);

G_END_DECLS
