/* rf-model.h: the trained fusion model, an immutable, reference-counted snapshot (fitted by core/train).
 *
 *   z_m(u,i)     = (s_m(u,i) - mean_i) / std_i                 one scale for every modality (rf-channel.h)
 *   e_m(u)       = mean of z_m(u,j) over the history           evidence, leave-one-out by construction
 *   alpha_m(u,i) = softmax_m (theta_m + kappa_m e_m(u) + psi_m l_i), missing modalities masked
 *   score(u,i)   = sum_m alpha_m(u,i) z_m(u,i) + pi l_i        l_i = standardised log (1 + training count)
 *
 * What-if weights w_m >= 0 change the attention to w_m alpha_m / sum_m w_m alpha_m: 0 mutes a modality and hands its share to the
 * others, equal weights change nothing, and attention still sums to 1.
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
} RfModel;

/* Takes over nothing: references the channels, copies the rest. popularity: l_i of every item. */
RfModel *rf_model_new (guint n_modalities, const char *const *names, RfChannel *const *channels, const RfAttention *attention,
                       const float *popularity) G_GNUC_WARN_UNUSED_RESULT;
RfModel *rf_model_ref (RfModel *self);
void rf_model_unref (RfModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfModel, rf_model_unref)

guint32 rf_model_get_n_items (const RfModel *self);
guint rf_model_get_n_modalities (const RfModel *self);
const char *rf_model_get_modality (const RfModel *self, guint m);

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
  guint8 (*known)[RF_MAX_MODALITIES];          /* per user: does the history say anything in this modality? */
} RfScores;

RfScores *rf_scores_new (const RfModel *model, guint32 capacity) G_GNUC_WARN_UNUSED_RESULT;
void rf_scores_free (RfScores *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfScores, rf_scores_free)

/* Fills `scores` for the rows first .. first+count-1 of `history` (count <= capacity). weights: per modality, or NULL. */
void rf_model_score (const RfModel *self, const RfCsr *history, guint32 first, guint32 count, const float *weights, RfScores *scores);

/* Again with other weights, from the z that are there: 2 M flops an item. */
void rf_model_reweight (const RfModel *self, const float *weights, RfScores *scores);

/* alpha_m(u,i) as the score used it; sums to 1, or is all 0 where no modality knows the item or the user. */
void rf_model_get_attention (const RfModel *self, const RfScores *scores, guint32 row, guint32 item, float *attention);

/* As one safetensors document, and back. The same model gives the same bytes. */
GBytes *rf_model_to_bytes (const RfModel *self) G_GNUC_WARN_UNUSED_RESULT;
RfModel *rf_model_from_bytes (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
