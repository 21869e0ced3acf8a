/* refract-ranker.h: the ranking of the chosen user, kept up to date in a thread.
 *
 * Choosing a user or moving a slider only writes down what is wanted; one thread at a time works it out, and when several
 * wishes arrive meanwhile only the last one is worked out next. What comes back is an immutable snapshot. The scores of the
 * chosen user are kept between two weightings, so that a slider costs arithmetic on numbers that are there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/eval/rf-ranker.h"
#include "core/train/rf-trainer.h"

G_BEGIN_DECLS

/* A user's ranking with all that is needed to show it. Immutable, reference counted, any thread may read it. */
typedef struct
{
  gatomicrefcount ref_count;
  RfTrained *trained;
  guint32 user;                     /* RF_NO_INDEX: a composed history */
  guint32 *history;                 /* ascending */
  gsize n_history;
  float weights[RF_MAX_MODALITIES]; /* as asked for; all 1: as trained */
  gboolean reweighted;              /* some weight is not 1 */
  RfRanking *ranking;
  guint32 *trained_rank;            /* per item: its place, from 1, with all weights 1; 0: not ranked */
  float *parts;                     /* n_items x n_modalities: the contributions to the score of every item, with the weights; NULL
                                     * unless refract_ranker_set_every_item() asked for them */
} RefractRanking;

RefractRanking *refract_ranking_ref (RefractRanking *self);
void refract_ranking_unref (RefractRanking *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RefractRanking, refract_ranking_unref)

#define REFRACT_TYPE_RANKER (refract_ranker_get_type ())
G_DECLARE_FINAL_TYPE (RefractRanker, refract_ranker, REFRACT, RANKER, GObject)

RefractRanker *refract_ranker_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* The wish. trained NULL, or no user: no ranking. */
void refract_ranker_set_trained (RefractRanker *self, RfTrained *trained);
void refract_ranker_set_user (RefractRanker *self, guint32 user); /* an index, or RF_NO_INDEX */
/* Instead of a user of the catalog: somebody who chose these items (any order, copied; none: no ranking). */
void refract_ranker_set_history (RefractRanker *self, const guint32 *items, gsize n);
/* Also rank what is in the history (default: leave it out). */
void refract_ranker_set_with_history (RefractRanker *self, gboolean with_history);
/* Also work out RefractRanking.parts. */
void refract_ranker_set_every_item (RefractRanker *self, gboolean every_item);
void refract_ranker_set_weights (RefractRanker *self, const float *weights); /* per modality of the model; NULL: all 1 */

/* Property "ranking": the latest snapshot, or NULL. Owned by the ranker. */
RefractRanking *refract_ranker_get_ranking (RefractRanker *self);

/* Is the latest snapshot what was wished for last? */
gboolean refract_ranker_is_current (RefractRanker *self);

G_END_DECLS
