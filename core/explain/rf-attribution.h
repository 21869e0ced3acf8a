/* rf-attribution.h: what each modality, and each past item, adds to a score. Everything here is exact.
 *
 * A coalition T of modalities has a value v(T)(u,i), the score without popularity when only T may speak; v(empty) = 0. Two rules
 * for what removing a modality means, to be named wherever a value is shown:
 *   renormalise  v(T) = sum_{m in T} alpha_m z_m / sum_{m in T} alpha_m      the others take over its share of attention
 *   mean         v(T) = sum_{m in T} alpha_m (z_m - mean_m)                  its score becomes the catalog's mean (0 by default)
 * A model that does not split (rf-model.h) knows v(T) itself: its network with the other modalities masked, minus v(empty).
 *
 * What all candidates of a user (the items outside its history) share cannot order them: a modality that adds 5 to every score moves
 * nothing. So the game whose Shapley values are shown, everywhere, is the advantage of the item over the user's mean candidate
 *
 *   a(T)(u,i) = v(T)(u,i) - mean_{i' in candidates} v(T)(u,i')
 *
 * Shapley value  phi_m = sum_{T without m} |T|! (M-|T|-1)! / M! (a(T+m) - a(T));  sum_m phi_m = a(all).
 * Under `mean` the game is additive and phi_m is the contribution alpha_m z_m minus its mean over the candidates. The default model's
 * scores are standardised, so there v and a hardly differ; vectors of a network may have any mean.
 * Harsanyi dividend of T: sum_{S in T} (-1)^(|T|-|S|) v(S); of a pair it is synergy (> 0) or redundancy (< 0).
 * (Shapley 1953; Harsanyi 1963.)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/model/rf-model.h"

G_BEGIN_DECLS

typedef enum
{
  RF_REMOVAL_RENORMALISE,
  RF_REMOVAL_MEAN,
} RfRemoval;

/* values: 2^m of them, indexed by the bit set of the coalition, values[0] = v(empty). phi: m numbers. */
void rf_shapley_values (guint m, const double *values, double *phi);

/* In place: values -> dividends, both 2^m. */
void rf_harsanyi_dividends (guint m, double *values);

/* A term that is equal for all items explains nothing about their order. mean: n_modalities + 1 numbers, the mean over the user's candidates
 * (all items outside the history) of each modality's contribution, the last one of the bias. contribution - mean is what moves the
 * item in the ranking; these sum to its score minus the candidates' mean score. */
void rf_contribution_means (const RfModel *model, const RfScores *scores, guint32 row, const guint32 *history, gsize n_history, double *mean);

/* The mean of v(T) over the user's candidates for every T: 2^M numbers, once per user; 2^M passes over the items. */
void rf_coalition_means (const RfModel *model, const RfScores *scores, guint32 row, RfRemoval removal, const guint32 *history, gsize n_history,
                         double *means);

/* a(T) of one item for every T: 2^M numbers, means as found by rf_coalition_means(). */
void rf_coalition_advantages (const RfModel *model, const RfScores *scores, guint32 row, guint32 item, RfRemoval removal, const double *means,
                              double *values);

/* v(T) of one item for every T: 2^M numbers. */
void rf_coalition_values (const RfModel *model, const RfScores *scores, guint32 row, guint32 item, RfRemoval removal, double *values);

/* v(T)(u,.) of one user over all items: value has n_items floats. */
void rf_coalition_all_items (const RfModel *model, const RfScores *scores, guint32 row, RfRemoval removal, guint t, float *value);

/* Shapley values of v, not of a, of one user over all items: phi[m] has n_items floats. Those of a are these minus their mean over the
 * candidates. 2^M passes of 2 M flops an item. */
void rf_shapley_all_items (const RfModel *model, const RfScores *scores, guint32 row, RfRemoval removal, float *const *phi);

/* What each past item adds to the contribution of modality m to the score of `item`: out has n_history numbers that sum to
 * alpha_m z_m. Exact, because a channel is linear in the history and so is its mean over the catalog:
 *   z_m = sum_j (w(j,i) - mean_i' w(j,i')) / std.
 * A joint model does not centre: there the shares are alpha_m w(j,i) / sqrt (n). Where the user's side is no sum over the history
 * (rf_model_is_linear_in_history() is FALSE) there are no such shares: of a user with a vector of its own they are those of the
 * vector that its history would be folded in as, and a model that does not split has zeros.
 * history: the row that `scores` was made from. O(n_history n_items) for dense channels, O(n_history d) for factors. */
void rf_history_shares (const RfModel *model, const RfScores *scores, guint32 row, guint m, const guint32 *history, gsize n_history,
                        guint32 item, double *out);

/* Where there are no such shares: what the score of `item` loses when one past item is struck from the history and the rest is folded in
 * again, attention and all. out: n_history numbers, for all modalities together; they sum to nothing in particular. Both sides are folded
 * in, so that a user's own vector, which would not change, does not hide the difference. Scores n_history + 1 times. */
void rf_history_leave_one_out (const RfModel *model, const guint32 *history, gsize n_history, guint32 item, double *out);

G_END_DECLS
