/* rf-faithfulness.h: do the weights a model shows tell what really moves its rankings?
 *
 * For the top k of some users, attention (what the model says) is held against exact Shapley values and against what happens when
 * a modality is taken away (what is), by the removal rule of the caller. Pairs that only one modality can explain are left out of the
 * agreement: they would always agree.
 *
 * Sanity (Adebayo et al., "Sanity checks for saliency maps", NeurIPS 2018): the same is asked with the attention's own weights
 * drawn at random (rf-scramble.h). If random weights point at the truth as often, it is not what was learnt that does.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/explain/rf-attribution.h"

G_BEGIN_DECLS

typedef struct
{
  RfRemoval removal;
  guint32 users;
  gsize pairs;            /* (user, item) with at least two modalities */
  double top1;            /* share of pairs where the highest attention is the highest Shapley value */
  double kendall;         /* mean Kendall tau of attention and Shapley values over the modalities of a pair, -1 .. 1 */
  double shuffled_top1;   /* the same share when every user gets another user's attention: what agreement by chance looks like */
  double entropy;         /* mean entropy of attention over its maximum (log of the modalities present): 0 one speaks, 1 all alike */
  double share[RF_MAX_MODALITIES]; /* mean attention of each modality */
  /* Mean score lost when r modalities are removed, r = 0 .. M-1: highest attention first, at random (exact mean), and the
   * worst possible first. Attention that tells the truth lies near the worst possible. */
  double deletion_attention[RF_MAX_MODALITIES];
  double deletion_random[RF_MAX_MODALITIES];
  double deletion_worst[RF_MAX_MODALITIES];
  /* Sanity, over the first RF_SANITY_USERS users and RF_SANITY_DRAWS draws of random weights; pairs 0 where there is no attention. */
  gsize random_pairs;
  double random_top1;     /* share where the highest attention under random weights is the highest Shapley value of the trained model */
  double random_same;     /* share where it is the highest attention of the trained model: what the explanation keeps */
  double random_truth;    /* share of known users whose mean attention under random weights is highest at their driver */
  gboolean collapsed;     /* one modality has more than 95 % of all attention although others are there */
  /* Against a known truth, where one was given: users whose mean attention / mean Shapley value is highest at their driver. */
  guint32 truth_users;
  double truth_attention, truth_shapley;
} RfFaithfulness;

#define RF_SANITY_USERS 500
#define RF_SANITY_DRAWS 3

/* truth: per user the index of the modality that drives it, or -1 (unknown or mixed); NULL if there is none. At most max_users
 * users with a history are looked at, the first ones. Deterministic. FALSE only when cancelled. */
gboolean rf_faithfulness_measure (const RfModel *model, const RfCsr *history, guint k, guint32 max_users, RfRemoval removal, const int *truth,
                                  RfFaithfulness *result, RfProgress *progress, GError **error);

/* The one sentence: "Attention points at what really drives the recommendation in 61 % of the top 20." */
char *rf_faithfulness_to_sentence (const RfFaithfulness *self, guint k) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
