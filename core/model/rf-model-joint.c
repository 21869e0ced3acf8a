/* rf-model-joint.c: models frozen from a jointly trained network.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <cblas.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-matrix.h"
#include "core/model/rf-model-private.h"

/* exp of an attention logit stays in float range, and differences beyond this change no weight that anyone could see. */
#define MAX_LOGIT 30.0f

RfModel *
rf_model_new_joint (const RfJointParts *parts)
{
  static const RfAttention none = { .temperature = 1 };
  RfModel *self = rf_model_new (parts->n_modalities, parts->names, parts->channels, &none, parts->popularity);
  gsize n = self->n_items;

  g_free (self->fusion);
  self->fusion = g_strdup (parts->fusion);
  self->standardised = FALSE;
  if (parts->bias)
    memcpy (self->bias, parts->bias, n * sizeof (float));
  for (guint m = 0; m < self->n_modalities; m++)
    {
      if (parts->lift)
        for (gsize i = 0; i < n; i++)
          self->lift[m][i] = self->channels[m]->available[i] ? parts->lift[m][i] : 0.0f;
      if (parts->query)
        self->query[m] = rf_channel_ref (parts->query[m]);
    }
  if (parts->coalition)
    {
      RF_CHECK (self->n_modalities <= RF_MAX_UNSPLIT, "%u modalities in a model that does not split", self->n_modalities);
      self->n_coalitions = 1u << self->n_modalities;
      for (guint t = 0; t < self->n_coalitions; t++)
        self->coalition[t] = rf_channel_ref (parts->coalition[t]);
    }
  if (parts->head)
    {
      gsize width = self->coalition[0]->value->cols;

      self->head = rf_floats_new (width);
      memcpy (self->head, parts->head, width * sizeof (float));
    }
  self->fused = rf_model_make_fused (self);
  return self;
}

void
rf_model_add_tensor (RfModel *self, const char *name, RfMatrix *tensor)
{
  if (self->tensors == NULL)
    {
      self->tensor_names = g_ptr_array_new_with_free_func (g_free);
      self->tensors = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_matrix_free);
    }
  g_ptr_array_add (self->tensor_names, g_strdup (name));
  g_ptr_array_add (self->tensors, tensor);
}

const RfMatrix *
rf_model_get_tensor (const RfModel *self, const char *name)
{
  for (guint t = 0; self->tensors && t < self->tensors->len; t++)
    if (strcmp (self->tensor_names->pdata[t], name) == 0)
      return self->tensors->pdata[t];
  return NULL;
}

gboolean
rf_model_is_additive (const RfModel *self)
{
  return self->n_coalitions == 0;
}

gboolean
rf_model_has_attention (const RfModel *self)
{
  return self->n_coalitions == 0 && strcmp (self->fusion, "concat") != 0 && strcmp (self->fusion, "late") != 0;
}

gboolean
rf_model_is_linear_in_history (const RfModel *self, guint32 user)
{
  return rf_model_is_additive (self) && !rf_channel_knows_user (self->channels[0], user);
}

/* ---- models that split ---- */

RF_VECTORIZE static float
find_top (const float *restrict x, gsize n)
{
  float top = -MAX_LOGIT;

#pragma omp simd reduction(max : top)
  for (gsize i = 0; i < n; i++)
    top = x[i] > top ? x[i] : top;
  return top;
}

/* All modalities of a user are shifted by the same number, so their ratio stays. */
static void
exponentiate (const RfModel *self, guint32 u, RfScores *scores)
{
  gsize n = self->n_items;
  float top = -INFINITY;

  for (guint m = 0; m < self->n_modalities; m++)
    top = MAX (top, find_top (scores->share[m] + u * n, n));
  for (guint m = 0; m < self->n_modalities; m++)
    for (gsize i = 0; i < n; i++)
      {
        float *q = scores->share[m] + u * n + i;

        /* 2 MAX_LOGIT below the user's highest still differs from 0, so a lone modality keeps its item. */
        *q = expf (MAX (*q - top, -2 * MAX_LOGIT));
      }
}

static void
find_moments (const RfChannel *channel, const float *z, double *mean, double *deviation)
{
  double sum = 0, square = 0, count = 0;

  for (guint32 i = 0; i < channel->n_items; i++)
    if (channel->available[i])
      {
        sum += (double) z[i];
        count++;
      }
  *mean = count > 0 ? sum / count : 0;
  for (guint32 i = 0; i < channel->n_items; i++)
    if (channel->available[i])
      square += ((double) z[i] - *mean) * ((double) z[i] - *mean);
  *deviation = count > 0 ? sqrt (square / count) : 0;
}

/* Evidence is told in the same unit as in the default model: standard deviations over the catalog. */
static float
standard_evidence (const RfChannel *channel, const float *z, const guint32 *items, gsize n, double mean, double deviation)
{
  double sum = 0;
  gsize count = 0;

  for (gsize j = 0; j < n; j++)
    if (channel->available[items[j]])
      {
        sum += (double) z[items[j]];
        count++;
      }
  return count && deviation > 1e-12 ? (float) ((sum / (double) count - mean) / deviation) : 0.0f;
}

static void
read_user (const RfModel *self, const RfCsr *history, guint32 row, guint32 user, guint32 u, RfScores *scores)
{
  gsize n_history = rf_csr_row_length (history, row);

  for (guint m = 0; m < self->n_modalities; m++)
    {
      const RfChannel *channel = self->channels[m];
      const float *z = scores->z[m] + (gsize) u * self->n_items;
      gboolean own = rf_channel_knows_user (channel, user);
      double mean = 0, deviation = 0;

      scores->known[u][m] = own || n_history > 0;
      scores->deviation[u][m] = channel->averaged && n_history > 0 ? sqrtf ((float) n_history) : 1;
      if (scores->lean)
        continue;
      find_moments (channel, z, &mean, &deviation);
      scores->mean[u][m] = (float) mean;
      scores->evidence[u][m] = standard_evidence (channel, z, rf_csr_row (history, row), n_history, mean, deviation);
    }
}

void
rf_model_read_joint (const RfModel *self, const RfCsr *history, guint32 first, guint32 count, guint32 user, RfScores *scores)
{
  for (guint m = 0; m < self->n_modalities; m++)
    if (self->query[m])
      rf_channel_score (self->query[m], history, first, count, user, scores->share[m]);
  for (guint32 u = 0; u < count; u++)
    {
      if (self->query[0])
        exponentiate (self, u, scores);
      read_user (self, history, first + u, user == RF_NO_USER ? user : user + u, u, scores);
    }
}

/* ---- models that do not split ---- */

RF_VECTORIZE static float
relu_dot (const float *restrict user, const float *restrict item, const float *restrict head, gsize n)
{
  float sum = 0;

#pragma omp simd reduction(+ : sum)
  for (gsize h = 0; h < n; h++)
    {
      float x = user[h] + item[h];

      sum += x > 0 ? head[h] * x : 0.0f;
    }
  return sum;
}

/* The MLP head over all items; the user's own past items are scored without their own share of the user's side. */
static void
score_head (const RfModel *self, const RfChannel *table, const RfCsr *history, guint32 first, guint32 count, guint32 user, float *out)
{
  gsize d = table->value->cols, n = self->n_items;
  float *profile = rf_floats_new (count * d), *without = rf_floats_new (d);

  rf_channel_get_profiles (table, history, first, count, user, profile);
  for (guint32 u = 0; u < count; u++)
    {
      const guint32 *items = rf_csr_row (history, first + u);
      gsize length = rf_csr_row_length (history, first + u);
      const float *own = profile + u * d;

      for (gsize i = 0; i < n; i++)
        out[u * n + i] = relu_dot (own, rf_matrix_row (table->value, i), self->head, d);
      if (rf_channel_knows_user (table, user == RF_NO_USER ? user : user + u))
        continue;
      for (gsize j = 0; j < length; j++)
        {
          memcpy (without, own, d * sizeof (float));
          cblas_saxpy ((int) d, table->averaged ? -1 / sqrtf ((float) length) : -1.0f, rf_matrix_row (table->key, items[j]), 1, without, 1);
          out[u * n + items[j]] = relu_dot (without, rf_matrix_row (table->value, items[j]), self->head, d);
        }
    }
  g_aligned_free (profile);
  g_aligned_free (without);
}

static void
score_table (const RfModel *self, guint t, const RfCsr *history, guint32 first, guint32 count, guint32 user, float *out)
{
  if (self->head)
    score_head (self, self->coalition[t], history, first, count, user, out);
  else
    rf_channel_score (self->coalition[t], history, first, count, user, out);
}

void
rf_model_score_coalitions (const RfModel *self, const RfCsr *history, guint32 first, guint32 count, guint32 user, RfScores *scores)
{
  if (scores->lean)
    score_table (self, self->n_coalitions - 1, history, first, count, user, scores->score);
  else
    for (guint t = 0; t < self->n_coalitions; t++)
      score_table (self, t, history, first, count, user, scores->coalition[t]);
  for (guint32 u = 0; u < count; u++)
    for (guint m = 0; m < self->n_modalities; m++)
      {
        scores->known[u][m] = 1;
        scores->deviation[u][m] = 1;
        scores->evidence[u][m] = 0;
      }
}

/* Dividends of one item: v(T) -> d(T), d(T) times the product of x over T. */
static inline void
find_dividends (guint m_count, const float *x, double *v)
{
  for (guint m = 0; m < m_count; m++)
    for (guint t = 0; t < 1u << m_count; t++)
      if (t & 1u << m)
        v[t] -= v[t & ~(1u << m)];
  for (guint t = 1; t < 1u << m_count; t++)
    for (guint m = 0; m < m_count; m++)
      if (t & 1u << m)
        v[t] *= (double) x[m];
}

/* score = v(empty) + b + sum_T d(T) prod x, phi_m = sum_{T with m} d(T) prod x / |T|, z_m = phi_m / alpha_m. */
static void
split_item (const RfModel *self, const float *x, RfScores *scores, guint32 u, gsize i)
{
  double v[1 << RF_MAX_UNSPLIT] = { 0 }, phi[RF_MAX_UNSPLIT] = { 0 }, score;
  gsize at = (gsize) u * self->n_items + i;
  guint there = 0;

  for (guint t = 0; t < self->n_coalitions; t++)
    v[t] = (double) scores->coalition[t][at];
  score = v[0] + (double) self->bias[i];
  find_dividends (self->n_modalities, x, v);
  for (guint t = 1; t < self->n_coalitions; t++)
    {
      double part = v[t] / __builtin_popcount (t);

      score += v[t];
      for (guint m = 0; m < self->n_modalities; m++)
        if (t & 1u << m)
          phi[m] += part;
    }
  for (guint m = 0; m < self->n_modalities; m++)
    there += x[m] > 0 && self->lift[m][i] > 0;
  for (guint m = 0; m < self->n_modalities; m++)
    scores->z[m][at] = x[m] > 0 && self->lift[m][i] > 0 ? (float) (phi[m] * there) : 0.0f;
  scores->score[at] = (float) score;
}

void
rf_model_reweight_coalitions (const RfModel *self, const float *weights, RfScores *scores)
{
  float x[RF_MAX_MODALITIES], top = 0;

  for (guint m = 0; m < self->n_modalities; m++)
    top = MAX (top, weights ? weights[m] : 1.0f);
  for (guint m = 0; m < self->n_modalities; m++)
    x[m] = top > 0 ? (weights ? weights[m] : 1.0f) / top : 0.0f;
  for (guint32 u = 0; u < scores->count; u++)
    {
      for (guint m = 0; m < self->n_modalities; m++)
        scores->mix[u][m] = x[m] > 0;
      for (gsize i = 0; i < self->n_items; i++)
        if (scores->lean)
          scores->score[(gsize) u * self->n_items + i] += self->bias[i];
        else
          split_item (self, x, scores, u, i);
    }
}
