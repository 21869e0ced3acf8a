/* rf-ranker.h: who gets what, and by which modality: the one place where a ranking is made.
 *
 * The screen, the command line, the reports and the metrics all call this. Ties: higher score first, then lower item index.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-csr.h"
#include "core/base/rf-progress.h"
#include "core/base/rf-types.h"
#include "core/model/rf-model.h"

G_BEGIN_DECLS

/* One place of a ranking. sum(attention) == 1; sum(contribution) + popularity == score. */
typedef struct
{
  guint32 item;
  float score;
  float attention[RF_MAX_MODALITIES];    /* alpha_m(u,i); 0 where the modality is missing */
  float contribution[RF_MAX_MODALITIES]; /* alpha_m(u,i) z_m(u,i) */
  float popularity;                      /* what belongs to no modality: pi l_i, or a learned bias */
  int driver;                            /* the modality with the largest contribution; -1 if none is positive */
  gboolean in_history;                   /* among the user's training items (only when those are ranked too) */
  gboolean held_out_hit;                 /* among the items held out for `relevant` */
} RfRanked;

typedef struct
{
  guint n;         /* how many places */
  RfRanked *items; /* best first */
  guint n_history; /* items the user's taste was read from */
  float evidence[RF_MAX_MODALITIES]; /* e_m(u): how well modality m alone predicts the user's own past */
  gboolean available[RF_MAX_MODALITIES];
} RfRanking;

void rf_ranking_free (RfRanking *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfRanking, rf_ranking_free)

typedef struct
{
  guint k;                       /* places wanted; 0: all items */
  gboolean include_history;      /* also rank what the user already has; default: leave out */
  const float *weights;          /* what-if weights per modality (rf-model.h): 0 = muted, 1 = as trained; NULL: all 1 */
  const guint32 *relevant;       /* held-out items to mark, ascending; NULL: none */
  gsize n_relevant;
} RfRankOptions;

/* The ranking for a history (ascending, distinct item indices): of this user, or RF_NO_USER for one that belongs to nobody (composed,
 * edited). O(n_history * n_items * n_modalities). */
RfRanking *rf_rank_history (const RfModel *model, const guint32 *history, gsize n_history, guint32 user,
                            const RfRankOptions *options) G_GNUC_WARN_UNUSED_RESULT;

/* The same from scores that are there already: what-if sliders call rf_model_reweight() and then this. */
RfRanking *rf_rank_scores (const RfModel *model, const RfScores *scores, guint32 row, const guint32 *history, gsize n_history,
                           const RfRankOptions *options) G_GNUC_WARN_UNUSED_RESULT;

/* One (user, item) pair: score, attention, contributions, driver. */
void rf_ranked_fill (const RfModel *model, const RfScores *scores, guint32 row, guint32 item, RfRanked *out);

/* The place of an item of this score: 1 + how many items stand before it, which score higher, or as high with a lower index. left_out: no
 * rivals. item RF_NO_INDEX: one that the scores do not hold; it comes after its equals. */
guint rf_place_of_score (const float *scores, guint32 n_items, const guint32 *left_out, gsize n_left_out, guint32 item, float own);

/* One row of k item indices per user of `history` (rows = users), RF_NO_INDEX-padded; items of history left out. Blocked: never
 * holds users x items. Returns NULL only when cancelled. Free with g_free(). */
guint32 *rf_rank_all (const RfModel *model, const RfCsr *history, guint k, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
