/* rf-model.h: the trained fusion model, an immutable, reference-counted snapshot (fitted by core/train).
 *
 *   z_m(u,i)     = (s_m(u,i) - mean_i) / std_i                 one scale for every modality (rf-channel.h)
 *   e_m(u)       = mean of z_m(u,j) over the history           evidence, leave-one-out by construction
 *   alpha_m(u,i) = softmax_m (theta_m + kappa_m e_m(u) + psi_m l_i), missing modalities masked
 *   score(u,i)   = sum_m alpha_m(u,i) z_m(u,i) + pi l_i        l_i = standardised log (1 + training count)
 *
 * The joint family (core/model/rf-net.h, fusion = concat, sum, attention, user-attention, gate, late) is frozen into the same form:
 *
 *   score(u,i) = sum_m alpha_m(u,i) z_m(u,i) + b_i             alpha_m ~ mix_m lift_m(i) exp (q_m(u,i)), over what is there
 *
 * with z_m = user vector . item vector as it comes, not standardised, and b_i the item's bias. Where a network mixes modalities
 * in a way that does not split (a hidden layer over the concatenation, an MLP head) the model keeps an item table for each of the
 * 2^M coalitions of modalities: v(T)(u,i) is exact for every T, and the split shown is the Shapley value of that game,
 * z_m = M phi_m with alpha_m = 1 / M; rf_model_is_additive() says which it is.
 *
 * What-if weights w_m >= 0 change the attention to w_m alpha_m / sum_m w_m alpha_m: 0 mutes a modality and hands its share to the
 * others, equal weights change nothing, and attention still sums to 1. A model that does not split takes the multilinear
 * extension of its game at w / max (w) (Owen 1972): the same at 0 and 1.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-csr.h"
#include "core/base/rf-types.h"
#include "core/model/rf-channel.h"

G_BEGIN_DECLS

/* The 3 M + 2 numbers that are fitted on held-out items. The temperature scales scores for the cross-entropy only; it does not
 * change an order. */
typedef struct
{
  float theta[RF_MAX_MODALITIES];
  float kappa[RF_MAX_MODALITIES];
  float psi[RF_MAX_MODALITIES];
  float pi;
  float temperature;
} RfAttention;

typedef struct
{
  gatomicrefcount ref_count;
  guint32 n_items;
  guint n_modalities;
  char *names[RF_MAX_MODALITIES]; /* "image", "text", "behaviour", ... */
  RfChannel *channels[RF_MAX_MODALITIES];
  RfAttention attention;
  float *popularity;                /* n_items: l_i */
  float *lift[RF_MAX_MODALITIES];   /* n_items each: exp (psi_m l_i), 0 where m is missing; derived */
  float *bias;                      /* n_items: what the item gets whatever the modalities say: pi l_i, or learned */

  char *fusion;                          /* "evidence", or the joint fusion's name */
  gboolean standardised;                 /* is z on the common scale (evidence, late), or the channels' scores as they are? */
  RfChannel *query[RF_MAX_MODALITIES];   /* joint: logits of the attention, or NULL */
  guint n_coalitions;                    /* 2^M when the model does not split, else 0 */
  RfChannel *coalition[1 << RF_MAX_MODALITIES]; /* item table of each coalition; the user side is shared */
  RfChannel *fused;                      /* the score as one product, score = user . fused value + bias, where no attention depends on the user;
                                          * NULL: there is none. Derived */
  float *head;                           /* MLP head: score = head . relu (user + item table); NULL: user . item table */
  GPtrArray *tensor_names, *tensors;     /* char, RfMatrix: parameters of the network it came from (encoders, fusion, heads; not the tables
                                          * that are here already); NULL: none */
} RfModel;

/* Takes over nothing: references the channels, copies the rest. popularity: l_i of every item. */
RfModel *rf_model_new (guint n_modalities, const char *const *names, RfChannel *const *channels, const RfAttention *attention,
                       const float *popularity) G_GNUC_WARN_UNUSED_RESULT;
/* What a trained network is frozen into. Everything is copied or referenced. */
typedef struct
{
  const char *fusion;
  guint n_modalities;
  const char *const *names;
  RfChannel *const *channels;     /* z_m; of a model that does not split: the table of m alone */
  const float *const *lift;       /* weights of the attention, n_items each; NULL: 1 where available */
  RfChannel *const *query;        /* or NULL */
  const float *bias;              /* n_items, or NULL: 0 */
  const float *popularity;        /* n_items: l_i */
  RfChannel *const *coalition;    /* 2^M of them when the model does not split, else NULL */
  const float *head;              /* as wide as the tables, or NULL */
} RfJointParts;

/* Models that do not split: at most this many modalities, for memory's sake (16 item tables). */
#define RF_MAX_UNSPLIT 4

/* Late fusion: rf_model_new() under another name; channels that were trained side by side, equal weights. */
RfModel *rf_model_new_late (guint n_modalities, const char *const *names, RfChannel *const *channels, const RfAttention *attention,
                            const float *popularity) G_GNUC_WARN_UNUSED_RESULT;
RfModel *rf_model_new_joint (const RfJointParts *parts) G_GNUC_WARN_UNUSED_RESULT;
RfModel *rf_model_ref (RfModel *self);
void rf_model_unref (RfModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfModel, rf_model_unref)

guint32 rf_model_get_n_items (const RfModel *self);
guint rf_model_get_n_modalities (const RfModel *self);
const char *rf_model_get_modality (const RfModel *self, guint m);

/* Before anybody else sees the model; takes over the matrix. */
void rf_model_add_tensor (RfModel *self, const char *name, RfMatrix *tensor);
/* NULL: there is none of that name. */
const RfMatrix *rf_model_get_tensor (const RfModel *self, const char *name);

/* Is the score a sum of one term per modality (and the bias) by the model's own form? If not, the terms are Shapley values. */
gboolean rf_model_is_additive (const RfModel *self);
/* Does attention depend on what was learned, or has every modality the same weight? */
gboolean rf_model_has_attention (const RfModel *self);
/* Is the user's side a sum over the history (always, for RF_NO_USER), so that past items have exact shares? */
gboolean rf_model_is_linear_in_history (const RfModel *self, guint32 user);

/* l_i for training counts: log (1 + count), mean 0 and deviation 1 over the items (all 0 if every count is equal). */
float *rf_model_popularity_from (const RfCsr *train) G_GNUC_WARN_UNUSED_RESULT;

/* Everything about a block of users over all items. Owned by the caller, reused between calls. */
typedef struct
{
  guint32 capacity, count;
  guint32 n_items;
  guint n_modalities;
  float *z[RF_MAX_MODALITIES];                 /* capacity x n_items each: z_m(u,.) */
  float *score;                                /* capacity x n_items */
  float (*mix)[RF_MAX_MODALITIES];             /* per user: w_m exp (theta_m + kappa_m e_m), scaled; 0 where masked */
  float (*evidence)[RF_MAX_MODALITIES];        /* per user: e_m(u); 0 where masked */
  float (*deviation)[RF_MAX_MODALITIES];       /* per user: std_i of the raw scores, the unit of z; 0 where masked */
  float (*mean)[RF_MAX_MODALITIES];            /* per user: mean of z_m over the items that have m; 0 in the default model */
  guint8 (*known)[RF_MAX_MODALITIES];          /* per user: does the history say anything in this modality? */
  float *share[RF_MAX_MODALITIES];             /* capacity x n_items each: exp (q_m(u,i)); NULL without a query */
  float *fused;                                /* capacity x n_items: the score of equal weights less the bias; NULL: no such product */
  float *coalition[1 << RF_MAX_MODALITIES];    /* models that do not split: v(T)(u,i) with v(empty) in it; else NULL */
  gboolean lean;                               /* only `score` is of interest */
} RfScores;

RfScores *rf_scores_new (const RfModel *model, guint32 capacity) G_GNUC_WARN_UNUSED_RESULT;
/* For metrics and lists, where only scores are needed: the same scores, less work for models that do not split and for those whose score is one
 * product. Not for rf_model_reweight(), and not for weights of a model that does not split. */
RfScores *rf_scores_new_lean (const RfModel *model, guint32 capacity) G_GNUC_WARN_UNUSED_RESULT;
void rf_scores_free (RfScores *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfScores, rf_scores_free)

/* Fills `scores` for the rows first .. first+count-1 of `history` (count <= capacity). user: the catalog's number of the first
 * row's user (the next rows are the next users), or RF_NO_USER for a composed or edited history. weights: per modality, or NULL. */
void rf_model_score (const RfModel *self, const RfCsr *history, guint32 first, guint32 count, guint32 user, const float *weights,
                     RfScores *scores);

/* Again with other weights, from the z that are there: 2 M flops an item. */
void rf_model_reweight (const RfModel *self, const float *weights, RfScores *scores);

/* alpha_m(u,i) as the score used it; sums to 1, or is all 0 where no modality knows the item or the user. */
void rf_model_get_attention (const RfModel *self, const RfScores *scores, guint32 row, guint32 item, float *attention);
/* The part of the score that belongs to no modality: score - sum_m alpha_m z_m. */
float rf_model_get_bias (const RfModel *self, const RfScores *scores, guint32 row, guint32 item);

/* The attention and the bias that an item outside the catalog would get: has: n_modalities, 0 or 1; popularity: its l. FALSE (nothing
 * set) for a jointly trained model, which knows its items one by one. */
gboolean rf_model_weigh_new_item (const RfModel *self, const RfScores *scores, guint32 row, const guint8 *has, float popularity,
                                  float *attention, float *bias);

/* num += w_m (z_m - shift) and den += w_m over all items, w_m the unnormalised attention of modality m for this user. */
void rf_model_accumulate (const RfModel *self, const RfScores *scores, guint32 row, guint m, float shift, float *num, float *den);

/* As one safetensors document, and back. The same model gives the same bytes. */
GBytes *rf_model_to_bytes (const RfModel *self) G_GNUC_WARN_UNUSED_RESULT;
RfModel *rf_model_from_bytes (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
