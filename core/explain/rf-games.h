/* rf-games.h: modalities as players for what a user sees: the place of an item, and the quality of all lists.
 *
 * As in rf-attribution.h a coalition T of modalities may speak and the others are removed by a rule; what the items get whatever
 * the modalities say (popularity, bias) always counts. Here the worth of T is not a score but
 *
 *   the rank game   v(T) = - place of the item among the user's candidates when T speaks
 *   list games      v(T) = mean Recall@k, mean NDCG@k, or coverage@k of all lists when T speaks
 *
 * Shapley values and dividends of both are exact, from all 2^M rankings. sum_m phi_m = v(all) - v(none): places gained, metric gained
 * over what popularity alone would have done.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/explain/rf-attribution.h"

G_BEGIN_DECLS

/* "renormalise", "mean": how every output names the rule. And back; FALSE for another name. */
const char *rf_removal_get_name (RfRemoval removal);
gboolean rf_removal_from_name (const char *name, RfRemoval *removal);
/* One translated sentence for people. */
const char *rf_removal_get_sentence (RfRemoval removal);

/* The whole score of every item when only T speaks, v(T) + score - v(all): out has n_items floats; t = 2^M - 1 is the model's own. */
void rf_coalition_scores (const RfModel *model, const RfScores *scores, guint32 row, RfRemoval removal, guint t, float *out);

/* values: 2^M numbers, minus the place (from 1) of `item` among all items outside the history (itself counted if it is inside). */
void rf_rank_game (const RfModel *model, const RfScores *scores, guint32 row, const guint32 *history, gsize n_history, guint32 item,
                   RfRemoval removal, double *values);

typedef enum
{
  RF_LIST_RECALL,
  RF_LIST_NDCG,
  RF_LIST_COVERAGE,
  RF_N_LIST_GAMES,
} RfListGameKind;

typedef struct
{
  guint n_modalities, k;
  guint32 users; /* with something to find */
  RfRemoval removal;
  double value[RF_N_LIST_GAMES][1 << RF_MAX_MODALITIES];
  double phi[RF_N_LIST_GAMES][RF_MAX_MODALITIES];
  double dividend[RF_N_LIST_GAMES][1 << RF_MAX_MODALITIES];
} RfListGames;

/* "recall", "ndcg", "coverage" */
const char *rf_list_game_get_name (RfListGameKind kind);

/* Over the users that have something in `relevant` (at most max_users, evenly over the catalog; 0: all). 2^M rankings of each. The
 * result does not depend on the number of threads. FALSE only when cancelled. */
gboolean rf_list_games (const RfModel *model, const RfCsr *history, const RfCsr *relevant, guint k, RfRemoval removal, guint32 max_users,
                        RfListGames *result, RfProgress *progress, GError **error);

G_END_DECLS
