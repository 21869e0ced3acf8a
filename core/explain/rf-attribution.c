/* rf-attribution.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/explain/rf-attribution.h"

#include <string.h>

#include "core/base/rf-matrix.h"

/* |T|! (M-|T|-1)! / M! for |T| = size. */
static double
shapley_weight (guint m, guint size)
{
  double weight = 1.0 / m;

  /* 1 / (m choose(m-1, size)) */
  for (guint k = 1; k <= size; k++)
    weight *= (double) k / (m - k);
  return weight;
}

void
rf_shapley_values (guint m, const double *values, double *phi)
{
  memset (phi, 0, m * sizeof *phi);
  for (guint t = 0; t < 1u << m; t++)
    {
      double weight = shapley_weight (m, (guint) __builtin_popcount (t));

      for (guint p = 0; p < m; p++)
        if (!(t & 1u << p))
          phi[p] += weight * (values[t | 1u << p] - values[t]);
    }
}

void
rf_harsanyi_dividends (guint m, double *values)
{
  for (guint p = 0; p < m; p++) /* Moebius transform, one modality at a time */
    for (guint t = 0; t < 1u << m; t++)
      if (t & 1u << p)
        values[t] -= values[t & ~(1u << p)];
}

void
rf_contribution_means (const RfModel *model, const RfScores *scores, guint32 row, const guint32 *history, gsize n_history, double *mean)
{
  guint n = model->n_modalities;
  guint32 count = 0;
  gsize j = 0;

  memset (mean, 0, (n + 1) * sizeof *mean);
  for (guint32 i = 0; i < model->n_items; i++)
    {
      float attention[RF_MAX_MODALITIES];

      while (j < n_history && history[j] < i)
        j++;
      if (j < n_history && history[j] == i)
        continue;
      rf_model_get_attention (model, scores, row, i, attention);
      for (guint m = 0; m < n; m++)
        mean[m] += (double) (attention[m] * scores->z[m][(gsize) row * model->n_items + i]);
      mean[n] += (double) rf_model_get_bias (model, scores, row, i);
      count++;
    }
  for (guint m = 0; m <= n && count > 0; m++)
    mean[m] /= count;
}

void
rf_coalition_values (const RfModel *model, const RfScores *scores, guint32 row, guint32 item, RfRemoval removal, double *values)
{
  guint m_count = model->n_modalities;
  float attention[RF_MAX_MODALITIES];
  gsize at = (gsize) row * model->n_items + item;

  rf_model_get_attention (model, scores, row, item, attention);
  for (guint t = 0; t < 1u << m_count; t++)
    {
      double value = 0, share = 0;

      if (!rf_model_is_additive (model))
        {
          values[t] = (double) scores->coalition[t][at] - (double) scores->coalition[0][at];
          continue;
        }
      for (guint m = 0; m < m_count; m++)
        if (t & 1u << m)
          {
            double shift = removal == RF_REMOVAL_MEAN ? (double) scores->mean[row][m] : 0;

            value += (double) attention[m] * ((double) scores->z[m][at] - shift);
            share += (double) attention[m];
          }
      values[t] = removal == RF_REMOVAL_MEAN ? value : share > 0 ? value / share : 0;
    }
}

/* The weight of v(T) in phi_m: positive where m is in T, negative where not. */
static double
coalition_weight (guint m_count, guint t, guint m)
{
  guint size = (guint) __builtin_popcount (t);

  return t & 1u << m ? shapley_weight (m_count, size - 1) : size < m_count ? -shapley_weight (m_count, size) : 0;
}

RF_VECTORIZE static void
divide (float *restrict num, const float *restrict den, gsize n)
{
  for (gsize i = 0; i < n; i++)
    num[i] = den[i] > 0 ? num[i] / den[i] : 0.0f;
}

RF_VECTORIZE static void
subtract (float *restrict out, const float *restrict a, const float *restrict b, gsize n)
{
  for (gsize i = 0; i < n; i++)
    out[i] = a[i] - b[i];
}

RF_VECTORIZE static void
add_scaled (float *restrict out, const float *restrict x, float scale, gsize n)
{
  for (gsize i = 0; i < n; i++)
    out[i] += scale * x[i];
}

/* v(T) over all items into value; den is scratch, all holds the attention's denominators. */
static void
coalition_all_items (const RfModel *model, const RfScores *scores, guint32 row, RfRemoval removal, guint t, const float *all, float *value, float *den)
{
  gsize n = model->n_items;

  if (!rf_model_is_additive (model))
    {
      subtract (value, scores->coalition[t] + row * n, scores->coalition[0] + row * n, n);
      return;
    }
  memset (value, 0, n * sizeof (float));
  memset (den, 0, n * sizeof (float));
  for (guint m = 0; m < model->n_modalities; m++)
    if (t & 1u << m)
      rf_model_accumulate (model, scores, row, m, removal == RF_REMOVAL_MEAN ? scores->mean[row][m] : 0, value, den);
  divide (value, removal == RF_REMOVAL_MEAN ? all : den, n);
}

/* The denominators of the attention of all modalities; value is scratch. */
static void
find_all_shares (const RfModel *model, const RfScores *scores, guint32 row, float *value, float *all)
{
  for (guint m = 0; m < model->n_modalities; m++)
    rf_model_accumulate (model, scores, row, m, 0, value, all);
}

void
rf_coalition_all_items (const RfModel *model, const RfScores *scores, guint32 row, RfRemoval removal, guint t, float *value)
{
  gsize n = model->n_items;
  float *block = rf_floats_new (2 * n);

  memset (value, 0, n * sizeof (float));
  if (removal == RF_REMOVAL_MEAN)
    find_all_shares (model, scores, row, value, block);
  coalition_all_items (model, scores, row, removal, t, block, value, block + n);
  g_aligned_free (block);
}

void
rf_coalition_means (const RfModel *model, const RfScores *scores, guint32 row, RfRemoval removal, const guint32 *history, gsize n_history,
                    double *means)
{
  gsize n = model->n_items;
  float *block = rf_floats_new (3 * n), *value = block, *den = block + n, *all = block + 2 * n;

  if (removal == RF_REMOVAL_MEAN)
    find_all_shares (model, scores, row, value, all);
  means[0] = 0;
  for (guint t = 1; t < 1u << model->n_modalities; t++)
    {
      double sum = 0;
      gsize count = n;

      coalition_all_items (model, scores, row, removal, t, all, value, den);
      for (gsize i = 0; i < n; i++)
        sum += (double) value[i];
      for (gsize j = 0; j < n_history; j++)
        if (j == 0 || history[j] != history[j - 1])
          {
            sum -= (double) value[history[j]];
            count--;
          }
      means[t] = count > 0 ? sum / (double) count : 0;
    }
  g_aligned_free (block);
}

void
rf_coalition_advantages (const RfModel *model, const RfScores *scores, guint32 row, guint32 item, RfRemoval removal, const double *means,
                         double *values)
{
  rf_coalition_values (model, scores, row, item, removal, values);
  for (guint t = 0; t < 1u << model->n_modalities; t++)
    values[t] -= means[t];
}

void
rf_shapley_all_items (const RfModel *model, const RfScores *scores, guint32 row, RfRemoval removal, float *const *phi)
{
  gsize n = model->n_items;
  guint m_count = model->n_modalities, everyone = (1u << m_count) - 1;
  float *block = rf_floats_new (3 * n), *value = block, *den = block + n, *all = block + 2 * n;

  find_all_shares (model, scores, row, value, all);
  for (guint m = 0; m < m_count; m++)
    memset (phi[m], 0, n * sizeof (float));
  for (guint t = 1; t <= everyone; t++)
    {
      coalition_all_items (model, scores, row, removal, t, all, value, den);
      for (guint m = 0; m < m_count; m++)
        add_scaled (phi[m], value, (float) coalition_weight (m_count, t, m), n);
    }
  g_aligned_free (block);
}

/* Mean over the available items of w(past, .). */
static double
mean_weight (const RfChannel *channel, guint32 past, gsize n_available)
{
  double sum = 0;

  if (channel->kind == RF_CHANNEL_SPARSE)
    {
      for (gsize e = channel->sparse->ptr[past]; e < channel->sparse->ptr[past + 1]; e++)
        sum += channel->available[channel->sparse->idx[e]] ? (double) channel->sparse->val[e] : 0;
    }
  else
    {
      for (guint32 i = 0; i < channel->n_items; i++)
        if (channel->available[i])
          sum += (double) rf_matrix_row (channel->dense, past)[i];
    }
  return n_available ? sum / (double) n_available : 0;
}

/* Factors: the mean value vector once, then a dot product per past item; the item itself is taken out as in scoring. */
static double *
mean_value (const RfChannel *channel, gsize n_available)
{
  gsize d = channel->value->cols;
  double *mean = g_new0 (double, d + 1);

  for (guint32 i = 0; i < channel->n_items; i++)
    if (channel->available[i])
      for (gsize c = 0; c < d; c++)
        mean[c] += (double) rf_matrix_row (channel->value, i)[c];
  for (gsize c = 0; c < d && n_available; c++)
    mean[c] /= (double) n_available;
  return mean;
}

void
rf_history_shares (const RfModel *model, const RfScores *scores, guint32 row, guint m, const guint32 *history, gsize n_history,
                   guint32 item, double *out)
{
  const RfChannel *channel = model->channels[m];
  double deviation = (double) scores->deviation[row][m];
  float attention[RF_MAX_MODALITIES];
  g_autofree double *mean = NULL;
  gsize n_available = 0;
  gboolean centred;

  memset (out, 0, n_history * sizeof *out);
  rf_model_get_attention (model, scores, row, item, attention);
  if (deviation <= 0 || attention[m] <= 0 || !rf_model_is_additive (model))
    return;
  for (guint32 i = 0; i < channel->n_items; i++)
    n_available += channel->available[i];
  centred = model->standardised; /* a joint model takes scores as they are */
  if (channel->kind == RF_CHANNEL_FACTORS && centred)
    mean = mean_value (channel, n_available);
  for (gsize j = 0; j < n_history; j++)
    {
      double average = 0;

      if (mean)
        {
          const float *key = rf_matrix_row (channel->key, history[j]);

          average = channel->available[history[j]] ? -(double) channel->self_score[history[j]] / (double) n_available : 0;
          for (gsize c = 0; c < channel->key->cols; c++)
            average += (double) key[c] * mean[c];
        }
      else if (centred)
        {
          average = mean_weight (channel, history[j], n_available);
        }
      out[j] = (double) attention[m] * ((double) rf_channel_get_weight (channel, history[j], item) - average) / deviation;
    }
}

static double
fold_in (const RfModel *model, const guint32 *history, gsize n, guint32 item, RfScores *scores)
{
  gsize ptr[2] = { 0, n };
  RfCsr row = { .rows = 1, .cols = model->n_items, .ptr = ptr, .idx = (guint32 *) history };

  rf_model_score (model, &row, 0, 1, RF_NO_USER, NULL, scores);
  return (double) scores->score[item];
}

void
rf_history_leave_one_out (const RfModel *model, const guint32 *history, gsize n_history, guint32 item, double *out)
{
  g_autoptr(RfScores) scores = rf_scores_new (model, 1);
  g_autofree guint32 *left = g_new (guint32, n_history + 1);
  double whole = fold_in (model, history, n_history, item, scores);

  for (gsize j = 0; j < n_history; j++)
    {
      gsize n = 0;

      for (gsize k = 0; k < n_history; k++)
        if (k != j)
          left[n++] = history[k];
      out[j] = whole - fold_in (model, left, n, item, scores);
    }
}
