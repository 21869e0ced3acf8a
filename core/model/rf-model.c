/* rf-model.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/model/rf-model.h"

#include <math.h>
#include <string.h>

#include "core/base/rf-matrix.h"

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
    }
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

RfScores *
rf_scores_new (const RfModel *model, guint32 capacity)
{
  RfScores *self = g_new0 (RfScores, 1);

  self->capacity = capacity;
  self->n_items = model->n_items;
  self->n_modalities = model->n_modalities;
  for (guint m = 0; m < model->n_modalities; m++)
    self->z[m] = rf_floats_new ((gsize) capacity * model->n_items);
  self->score = rf_floats_new ((gsize) capacity * model->n_items);
  self->mix = g_malloc0_n (capacity, sizeof *self->mix);
  self->evidence = g_malloc0_n (capacity, sizeof *self->evidence);
  self->deviation = g_malloc0_n (capacity, sizeof *self->deviation);
  self->known = g_malloc0_n (capacity, sizeof *self->known);
  return self;
}

void
rf_scores_free (RfScores *self)
{
  if (self == NULL)
    return;
  for (guint m = 0; m < self->n_modalities; m++)
    g_aligned_free (self->z[m]);
  g_aligned_free (self->score);
  g_free (self->mix);
  g_free (self->evidence);
  g_free (self->deviation);
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
finish_scores (float *restrict num, const float *restrict den, const float *restrict popularity, float pi, gsize n)
{
  for (gsize i = 0; i < n; i++)
    num[i] = (den[i] > 0 ? num[i] / den[i] : 0.0f) + pi * popularity[i];
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
        if (scores->mix[u][m] > 0)
          add_modality (num, den, self->lift[m], scores->z[m] + u * n, scores->mix[u][m], n);
      finish_scores (num, den, self->popularity, self->attention.pi, n);
    }
  g_aligned_free (den);
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
rf_model_score (const RfModel *self, const RfCsr *history, guint32 first, guint32 count, const float *weights, RfScores *scores)
{
  RF_CHECK (count <= scores->capacity && scores->n_items == self->n_items, "block of %u users into room for %u", count, scores->capacity);
  scores->count = count;
  for (guint m = 0; m < self->n_modalities; m++)
    rf_channel_score (self->channels[m], history, first, count, scores->z[m]);
  for (guint32 u = 0; u < count; u++)
    read_history (self, history, first + u, u, scores);
  rf_model_reweight (self, weights, scores);
}

void
rf_model_reweight (const RfModel *self, const float *weights, RfScores *scores)
{
  for (guint32 u = 0; u < scores->count; u++)
    find_mix (self, weights, scores, u);
  fuse (self, scores);
}

void
rf_model_get_attention (const RfModel *self, const RfScores *scores, guint32 row, guint32 item, float *attention)
{
  float sum = 0;

  for (guint m = 0; m < self->n_modalities; m++)
    {
      attention[m] = scores->mix[row][m] * self->lift[m][item];
      sum += attention[m];
    }
  for (guint m = 0; m < self->n_modalities; m++)
    attention[m] = sum > 0 ? attention[m] / sum : 0.0f;
}
