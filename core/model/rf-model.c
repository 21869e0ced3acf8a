/* rf-model.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/model/rf-model.h"

#include <math.h>
#include <string.h>

#include "core/base/rf-matrix.h"
#include "core/model/rf-model-private.h"

/* exp (psi l) stays in float range whatever was fitted. */
#define MAX_LIFT 30.0f

RfModel *
rf_model_new (guint n_modalities, const char *const *names, RfChannel *const *channels, const RfAttention *attention,
              const float *popularity)
{
  RfModel *self = g_new0 (RfModel, 1);

  RF_CHECK (n_modalities >= 1 && n_modalities <= RF_MAX_MODALITIES, "%u modalities", n_modalities);
  g_atomic_ref_count_init (&self->ref_count);
  self->n_modalities = n_modalities;
  self->n_items = channels[0]->n_items;
  self->attention = *attention;
  self->popularity = g_memdup2 (popularity, self->n_items * sizeof (float));
  self->fusion = g_strdup ("evidence");
  self->standardised = TRUE;
  self->bias = rf_floats_new (self->n_items);
  for (guint32 i = 0; i < self->n_items; i++)
    self->bias[i] = attention->pi * popularity[i];
  for (guint m = 0; m < n_modalities; m++)
    {
      RF_CHECK (channels[m]->n_items == self->n_items, "channel %u has %u items, channel 0 %u", m, channels[m]->n_items, self->n_items);
      self->names[m] = g_strdup (names[m]);
      self->channels[m] = rf_channel_ref (channels[m]);
      self->lift[m] = rf_floats_new (self->n_items);
      for (guint32 i = 0; i < self->n_items; i++)
        if (channels[m]->available[i])
          self->lift[m][i] = expf (CLAMP (attention->psi[m] * popularity[i], -MAX_LIFT, MAX_LIFT));
    }
  return self;
}

RfModel *
rf_model_new_late (guint n_modalities, const char *const *names, RfChannel *const *channels, const RfAttention *attention, const float *popularity)
{
  RfModel *self = rf_model_new (n_modalities, names, channels, attention, popularity);

  g_free (self->fusion);
  self->fusion = g_strdup ("late");
  return self;
}

RfModel *
rf_model_ref (RfModel *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
rf_model_unref (RfModel *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  for (guint m = 0; m < self->n_modalities; m++)
    {
      g_free (self->names[m]);
      rf_channel_unref (self->channels[m]);
      g_aligned_free (self->lift[m]);
      rf_channel_unref (self->query[m]);
    }
  for (guint t = 0; t < self->n_coalitions; t++)
    rf_channel_unref (self->coalition[t]);
  rf_channel_unref (self->fused);
  g_free (self->fusion);
  g_clear_pointer (&self->tensor_names, g_ptr_array_unref);
  g_clear_pointer (&self->tensors, g_ptr_array_unref);
  g_aligned_free (self->head);
  g_aligned_free (self->bias);
  g_free (self->popularity);
  g_free (self);
}

guint32
rf_model_get_n_items (const RfModel *self)
{
  return self->n_items;
}

guint
rf_model_get_n_modalities (const RfModel *self)
{
  return self->n_modalities;
}

const char *
rf_model_get_modality (const RfModel *self, guint m)
{
  RF_CHECK (m < self->n_modalities, "modality %u of %u", m, self->n_modalities);
  return self->names[m];
}

float *
rf_model_popularity_from (const RfCsr *train)
{
  float *l = g_new0 (float, (gsize) train->cols + 1);
  double sum = 0, square = 0, deviation;

  for (gsize e = 0; e < train->ptr[train->rows]; e++)
    l[train->idx[e]] += 1;
  for (guint32 i = 0; i < train->cols; i++)
    {
      l[i] = log1pf (l[i]);
      sum += l[i];
    }
  for (guint32 i = 0; i < train->cols; i++)
    {
      double d = l[i] - sum / train->cols;

      square += d * d;
    }
  deviation = train->cols ? sqrt (square / train->cols) : 0;
  for (guint32 i = 0; i < train->cols; i++)
    l[i] = deviation > 0 ? (float) ((l[i] - sum / train->cols) / deviation) : 0.0f;
  return l;
}

static RfScores *
scores_new (const RfModel *model, guint32 capacity, gboolean lean)
{
  RfScores *self = g_new0 (RfScores, 1);
  gsize n = (gsize) capacity * model->n_items;

  self->capacity = capacity;
  self->n_items = model->n_items;
  self->n_modalities = model->n_modalities;
  self->lean = lean;
  for (guint m = 0; m < model->n_modalities && !(lean && model->n_coalitions); m++)
    {
      self->z[m] = rf_floats_new (n);
      if (model->query[m])
        self->share[m] = rf_floats_new (n);
    }
  for (guint t = 0; t < model->n_coalitions && !lean; t++)
    self->coalition[t] = rf_floats_new (n);
  if (model->fused && model->n_coalitions == 0 && !lean)
    self->fused = rf_floats_new (n);
  self->score = rf_floats_new (n);
  self->mix = g_malloc0_n (capacity, sizeof *self->mix);
  self->evidence = g_malloc0_n (capacity, sizeof *self->evidence);
  self->deviation = g_malloc0_n (capacity, sizeof *self->deviation);
  self->mean = g_malloc0_n (capacity, sizeof *self->mean);
  self->known = g_malloc0_n (capacity, sizeof *self->known);
  return self;
}

RfScores *
rf_scores_new (const RfModel *model, guint32 capacity)
{
  return scores_new (model, capacity, FALSE);
}

RfScores *
rf_scores_new_lean (const RfModel *model, guint32 capacity)
{
  return scores_new (model, capacity, TRUE);
}

void
rf_scores_free (RfScores *self)
{
  if (self == NULL)
    return;
  for (guint m = 0; m < self->n_modalities; m++)
    {
      g_aligned_free (self->z[m]);
      g_aligned_free (self->share[m]);
    }
  for (guint t = 0; t < G_N_ELEMENTS (self->coalition); t++)
    g_aligned_free (self->coalition[t]);
  g_aligned_free (self->fused);
  g_aligned_free (self->score);
  g_free (self->mix);
  g_free (self->evidence);
  g_free (self->deviation);
  g_free (self->mean);
  g_free (self->known);
  g_free (self);
}

/* e_m(u): the mean over the history items that have modality m; FALSE if none has. */
static gboolean
find_evidence (const RfChannel *channel, const float *z, const guint32 *items, gsize n, float *evidence)
{
  double sum = 0;
  gsize count = 0;

  for (gsize j = 0; j < n; j++)
    if (channel->available[items[j]])
      {
        sum += z[items[j]];
        count++;
      }
  *evidence = count ? (float) (sum / (double) count) : 0.0f;
  return count > 0;
}

/* mix_m = w_m exp (theta_m + kappa_m e_m - max): the part of the softmax that does not depend on the item. */
static void
find_mix (const RfModel *self, const float *weights, RfScores *scores, guint32 u)
{
  const RfAttention *a = &self->attention;
  float logit[RF_MAX_MODALITIES], top = -INFINITY;

  for (guint m = 0; m < self->n_modalities; m++)
    {
      logit[m] = a->theta[m] + a->kappa[m] * scores->evidence[u][m];
      if (scores->known[u][m])
        top = MAX (top, logit[m]);
    }
  for (guint m = 0; m < self->n_modalities; m++)
    scores->mix[u][m] = scores->known[u][m] ? expf (logit[m] - top) * (weights ? weights[m] : 1.0f) : 0.0f;
}

/* num += mix lift z, den += mix lift: one modality's part of every item's score. */
RF_VECTORIZE static void
add_modality (float *restrict num, float *restrict den, const float *restrict lift, const float *restrict z, float mix, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      float c = mix * lift[i];

      num[i] += c * z[i];
      den[i] += c;
    }
}

RF_VECTORIZE static void
add_shared (float *restrict num, float *restrict den, const float *restrict lift, const float *restrict share, const float *restrict z, float mix, float shift, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      float c = mix * lift[i] * share[i];

      num[i] += c * (z[i] - shift);
      den[i] += c;
    }
}

RF_VECTORIZE static void
add_shifted (float *restrict num, float *restrict den, const float *restrict lift, const float *restrict z, float mix, float shift, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      float c = mix * lift[i];

      num[i] += c * (z[i] - shift);
      den[i] += c;
    }
}

void
rf_model_accumulate (const RfModel *self, const RfScores *scores, guint32 row, guint m, float shift, float *num, float *den)
{
  gsize n = self->n_items;
  const float *z = scores->z[m] + row * n;
  float mix = scores->mix[row][m];

  if (mix <= 0)
    return;
  if (scores->share[m])
    add_shared (num, den, self->lift[m], scores->share[m] + row * n, z, mix, shift, n);
  else if (shift == 0)
    add_modality (num, den, self->lift[m], z, mix, n);
  else
    add_shifted (num, den, self->lift[m], z, mix, shift, n);
}

RF_VECTORIZE static void
finish_scores (float *restrict num, const float *restrict den, const float *restrict bias, gsize n)
{
  for (gsize i = 0; i < n; i++)
    num[i] = (den[i] > 0 ? num[i] / den[i] : 0.0f) + bias[i];
}

static void
fuse (const RfModel *self, RfScores *scores)
{
  gsize n = self->n_items;
  float *den = rf_floats_new (n);

  for (guint32 u = 0; u < scores->count; u++)
    {
      float *num = scores->score + u * n;

      memset (num, 0, n * sizeof (float));
      memset (den, 0, n * sizeof (float));
      for (guint m = 0; m < self->n_modalities; m++)
        rf_model_accumulate (self, scores, u, m, 0, num, den);
      finish_scores (num, den, self->bias, n);
    }
  g_aligned_free (den);
}

RF_VECTORIZE static void
add_bias (float *score, const float *fused, const float *restrict bias, gsize n)
{
  for (gsize i = 0; i < n; i++)
    score[i] = fused[i] + bias[i];
}

static gboolean
are_equal (const float *weights, guint n)
{
  for (guint m = 0; weights && m < n; m++)
    if (!(weights[m] > 0) || weights[m] != weights[0])
      return FALSE;
  return TRUE;
}

static void
read_history (const RfModel *self, const RfCsr *history, guint32 row, guint32 u, RfScores *scores)
{
  for (guint m = 0; m < self->n_modalities; m++)
    {
      float *z = scores->z[m] + (gsize) u * self->n_items, *evidence = &scores->evidence[u][m];
      float deviation = rf_channel_standardise (self->channels[m], z, NULL);
      gboolean any = find_evidence (self->channels[m], z, rf_csr_row (history, row), rf_csr_row_length (history, row), evidence);

      scores->known[u][m] = any && deviation > 0;
      scores->deviation[u][m] = scores->known[u][m] ? deviation : 0;
      if (!scores->known[u][m])
        *evidence = 0;
    }
}

void
rf_model_score (const RfModel *self, const RfCsr *history, guint32 first, guint32 count, guint32 user, const float *weights,
                RfScores *scores)
{
  RF_CHECK (count <= scores->capacity && scores->n_items == self->n_items, "block of %u users into room for %u", count, scores->capacity);
  RF_CHECK (!(scores->lean && self->n_coalitions && weights), "what-if weights need the coalitions of a model that does not split");
  scores->count = count;
  if (self->fused && scores->lean && weights == NULL)
    {
      rf_channel_score (self->fused, history, first, count, user, scores->score);
      for (guint32 u = 0; u < count; u++)
        add_bias (scores->score + (gsize) u * self->n_items, scores->score + (gsize) u * self->n_items, self->bias, self->n_items);
      return;
    }
  if (scores->fused)
    rf_channel_score (self->fused, history, first, count, user, scores->fused);
  if (self->n_coalitions)
    {
      rf_model_score_coalitions (self, history, first, count, user, scores);
    }
  else
    {
      for (guint m = 0; m < self->n_modalities; m++)
        rf_channel_score (self->channels[m], history, first, count, user, scores->z[m]);
      if (!self->standardised)
        rf_model_read_joint (self, history, first, count, user, scores);
      else
        for (guint32 u = 0; u < count; u++)
          read_history (self, history, first + u, u, scores);
    }
  rf_model_reweight (self, weights, scores);
}

void
rf_model_reweight (const RfModel *self, const float *weights, RfScores *scores)
{
  if (self->n_coalitions)
    {
      rf_model_reweight_coalitions (self, weights, scores);
      return;
    }
  for (guint32 u = 0; u < scores->count; u++)
    if (!self->standardised)
      for (guint m = 0; m < self->n_modalities; m++)
        scores->mix[u][m] = scores->known[u][m] ? (weights ? weights[m] : 1.0f) : 0.0f;
    else
      find_mix (self, weights, scores, u);
  if (scores->fused && are_equal (weights, self->n_modalities))
    for (guint32 u = 0; u < scores->count; u++)
      add_bias (scores->score + (gsize) u * self->n_items, scores->fused + (gsize) u * self->n_items, self->bias, self->n_items);
  else
    fuse (self, scores);
}

void
rf_model_get_attention (const RfModel *self, const RfScores *scores, guint32 row, guint32 item, float *attention)
{
  float sum = 0;

  for (guint m = 0; m < self->n_modalities; m++)
    {
      attention[m] = scores->mix[row][m] * self->lift[m][item];
      if (scores->share[m])
        attention[m] *= scores->share[m][(gsize) row * self->n_items + item];
      sum += attention[m];
    }
  for (guint m = 0; m < self->n_modalities; m++)
    attention[m] = sum > 0 ? attention[m] / sum : 0.0f;
}

float
rf_model_get_bias (const RfModel *self, const RfScores *scores, guint32 row, guint32 item)
{
  return self->bias[item] + (self->n_coalitions ? scores->coalition[0][(gsize) row * self->n_items + item] : 0);
}

gboolean
rf_model_weigh_new_item (const RfModel *self, const RfScores *scores, guint32 row, const guint8 *has, float popularity, float *attention,
                         float *bias)
{
  float sum = 0;

  if (strcmp (self->fusion, "evidence") != 0)
    return FALSE;
  for (guint m = 0; m < self->n_modalities; m++)
    {
      attention[m] = has[m] ? scores->mix[row][m] * expf (CLAMP (self->attention.psi[m] * popularity, -MAX_LIFT, MAX_LIFT)) : 0.0f;
      sum += attention[m];
    }
  for (guint m = 0; m < self->n_modalities; m++)
    attention[m] = sum > 0 ? attention[m] / sum : 0.0f;
  *bias = self->attention.pi * popularity;
  return TRUE;
}
