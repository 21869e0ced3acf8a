/* rf-channel.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/model/rf-channel.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-types.h"

static RfChannel *
channel_new (RfChannelKind kind, const char *method, gsize n_items, guint8 *available)
{
  RfChannel *self = g_new0 (RfChannel, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->method = g_strdup (method);
  self->n_items = (guint32) n_items;
  self->available = available;
  return self;
}

RfChannel *
rf_channel_new_factors (const char *method, RfMatrix *key, RfMatrix *value, guint8 *available)
{
  RfChannel *self = channel_new (RF_CHANNEL_FACTORS, method, key->rows, available);

  RF_CHECK (key->rows == value->rows && key->cols == value->cols, "key is %zu x %zu, value %zu x %zu", key->rows, key->cols, value->rows, value->cols);
  self->key = key;
  self->value = value;
  self->self_score = g_new (float, key->rows + 1);
  for (gsize i = 0; i < key->rows; i++)
    self->self_score[i] = cblas_sdot ((int) key->cols, rf_matrix_row (key, i), 1, rf_matrix_row (value, i), 1);
  return self;
}

RfChannel *
rf_channel_new_dense (const char *method, RfMatrix *dense, guint8 *available)
{
  RfChannel *self = channel_new (RF_CHANNEL_DENSE, method, dense->rows, available);

  RF_CHECK (dense->rows == dense->cols, "a dense channel is square, not %zu x %zu", dense->rows, dense->cols);
  self->dense = dense;
  return self;
}

RfChannel *
rf_channel_new_sparse (const char *method, RfCsr *sparse, guint8 *available)
{
  RfChannel *self = channel_new (RF_CHANNEL_SPARSE, method, sparse->rows, available);

  RF_CHECK (sparse->rows == sparse->cols && sparse->val != NULL, "a sparse channel is square and has values");
  self->sparse = sparse;
  return self;
}

void
rf_channel_set_users (RfChannel *self, RfMatrix *user, guint8 *user_known)
{
  RF_CHECK (self->kind == RF_CHANNEL_FACTORS && user->cols == self->value->cols, "users of %zu columns", user->cols);
  self->user = user;
  self->user_known = user_known;
}

void
rf_channel_set_averaged (RfChannel *self, gboolean averaged)
{
  self->averaged = averaged;
}

gboolean
rf_channel_knows_user (const RfChannel *self, guint32 user)
{
  return self->user != NULL && user < self->user->rows && self->user_known[user];
}

RfChannel *
rf_channel_ref (RfChannel *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
rf_channel_unref (RfChannel *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->method);
  g_free (self->available);
  rf_matrix_free (self->key);
  rf_matrix_free (self->value);
  g_free (self->self_score);
  rf_matrix_free (self->user);
  g_free (self->user_known);
  rf_matrix_free (self->dense);
  rf_csr_free (self->sparse);
  g_free (self);
}

RF_VECTORIZE static void
add_row (float *restrict sum, const float *restrict row, gsize n)
{
  for (gsize i = 0; i < n; i++)
    sum[i] += row[i];
}

static float
history_scale (const RfChannel *self, gsize n)
{
  return self->averaged && n > 0 ? 1 / sqrtf ((float) n) : 1;
}

/* The vector that stands for row `row` of history. */
static void
fill_profile (const RfChannel *self, const RfCsr *history, guint32 row, guint32 user, float *profile)
{
  const guint32 *items = rf_csr_row (history, row);
  gsize n = rf_csr_row_length (history, row), d = self->key->cols;

  if (rf_channel_knows_user (self, user))
    {
      memcpy (profile, rf_matrix_row (self->user, user), d * sizeof (float));
      return;
    }
  for (gsize j = 0; j < n; j++)
    add_row (profile, rf_matrix_row (self->key, items[j]), d);
  if (self->averaged)
    cblas_sscal ((int) d, history_scale (self, n), profile, 1);
}

void
rf_channel_get_profiles (const RfChannel *self, const RfCsr *history, guint32 first, guint32 count, guint32 user, float *out)
{
  for (guint32 u = 0; u < count; u++)
    fill_profile (self, history, first + u, user == RF_NO_USER ? user : user + u, out + (gsize) u * self->key->cols);
}

static void
score_factors (const RfChannel *self, const RfCsr *history, guint32 first, guint32 count, guint32 user, float *out)
{
  gsize d = self->key->cols, n = self->n_items;
  float *profile = rf_floats_new (count * d);

  rf_channel_get_profiles (self, history, first, count, user, profile);
  rf_score_rows (profile, count, d, self->value->x, n, out);
  for (guint32 u = 0; u < count; u++)
    {
      const guint32 *items = rf_csr_row (history, first + u);
      gsize length = rf_csr_row_length (history, first + u);
      float scale = history_scale (self, length);

      if (rf_channel_knows_user (self, user == RF_NO_USER ? user : user + u))
        continue;
      for (gsize j = 0; j < length; j++)
        out[u * n + items[j]] -= scale * self->self_score[items[j]];
    }
  g_aligned_free (profile);
}

static void
score_rows (const RfChannel *self, const RfCsr *history, guint32 first, guint32 count, float *out)
{
  gsize n = self->n_items;

  memset (out, 0, count * n * sizeof (float));
  for (guint32 u = 0; u < count; u++)
    {
      const guint32 *items = rf_csr_row (history, first + u);
      float *scores = out + u * n;

      for (gsize j = 0; j < rf_csr_row_length (history, first + u); j++)
        if (self->kind == RF_CHANNEL_DENSE)
          add_row (scores, rf_matrix_row (self->dense, items[j]), n);
        else
          for (gsize e = self->sparse->ptr[items[j]]; e < self->sparse->ptr[items[j] + 1]; e++)
            scores[self->sparse->idx[e]] += self->sparse->val[e];
    }
}

void
rf_channel_score (const RfChannel *self, const RfCsr *history, guint32 first, guint32 count, guint32 user, float *out)
{
  RF_CHECK (history->cols == self->n_items, "history of %u items, channel of %u", history->cols, self->n_items);
  if (self->kind == RF_CHANNEL_FACTORS)
    score_factors (self, history, first, count, user, out);
  else
    score_rows (self, history, first, count, out);
}

float
rf_channel_get_weight (const RfChannel *self, guint32 past, guint32 item)
{
  if (past == item)
    return 0;
  switch (self->kind)
    {
    case RF_CHANNEL_FACTORS:
      return cblas_sdot ((int) self->key->cols, rf_matrix_row (self->key, past), 1, rf_matrix_row (self->value, item), 1);
    case RF_CHANNEL_DENSE:
      return rf_matrix_row (self->dense, past)[item];
    case RF_CHANNEL_SPARSE:
    default:
      for (gsize e = self->sparse->ptr[past]; e < self->sparse->ptr[past + 1]; e++)
        if (self->sparse->idx[e] == item)
          return self->sparse->val[e];
      return 0;
    }
}

RF_VECTORIZE static void
sum_available (const float *restrict x, const guint8 *restrict available, gsize n, double *restrict sum, double *restrict count)
{
  double s = 0, c = 0;

#pragma omp simd reduction(+ : s, c)
  for (gsize i = 0; i < n; i++)
    {
      s += available[i] ? (double) x[i] : 0.0;
      c += available[i];
    }
  *sum = s;
  *count = c;
}

RF_VECTORIZE static double
sum_squares (const float *restrict x, const guint8 *restrict available, gsize n, double mean)
{
  double s = 0;

#pragma omp simd reduction(+ : s)
  for (gsize i = 0; i < n; i++)
    {
      double d = available[i] ? (double) x[i] - mean : 0.0;

      s += d * d;
    }
  return s;
}

RF_VECTORIZE static void
scale_available (float *restrict x, const guint8 *restrict available, gsize n, float mean, float scale)
{
  for (gsize i = 0; i < n; i++)
    x[i] = available[i] ? (x[i] - mean) * scale : 0.0f;
}

float
rf_channel_standardise (const RfChannel *self, float *scores, float *mean)
{
  gsize n = self->n_items;
  double sum, count, square, deviation, average;

  sum_available (scores, self->available, n, &sum, &count);
  average = count > 0 ? sum / count : 0;
  square = sum_squares (scores, self->available, n, average);
  deviation = count > 0 ? sqrt (square / count) : 0;
  if (mean)
    *mean = (float) average;
  /* A deviation that is only rounding noise of the mean says nothing either. */
  if (deviation <= 1e-6 * fabs (average) || deviation < 1e-20)
    {
      memset (scores, 0, n * sizeof (float));
      return 0;
    }
  scale_available (scores, self->available, n, (float) average, (float) (1 / deviation));
  return (float) deviation;
}
