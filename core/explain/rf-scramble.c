/* rf-scramble.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/explain/rf-scramble.h"

#include <math.h>
#include <string.h>

#include "core/base/rf-rng.h"

/* Where each item's row comes from: a random order of the items that have the modality; the others stay. */
static guint32 *
draw_order (const RfChannel *channel, guint64 seed)
{
  guint32 n = channel->n_items, count = 0, at = 0;
  g_autofree guint32 *there = g_new (guint32, (gsize) n + 1);
  guint32 *from = g_new (guint32, (gsize) n + 1);
  RfRng rng = rf_rng_new (seed, 0x5C4A);

  for (guint32 i = 0; i < n; i++)
    if (channel->available[i])
      there[count++] = i;
  rf_rng_shuffle_u32 (&rng, there, count);
  for (guint32 i = 0; i < n; i++)
    from[i] = channel->available[i] ? there[at++] : i;
  return from;
}

static RfMatrix *
shuffle_rows (const RfMatrix *x, const guint32 *from)
{
  RfMatrix *out = rf_matrix_new (x->rows, x->cols);

  for (gsize i = 0; i < x->rows; i++)
    memcpy (rf_matrix_row (out, i), rf_matrix_row (x, from[i]), x->cols * sizeof (float));
  return out;
}

static RfMatrix *
noise_rows (const RfMatrix *x, const guint8 *available, guint64 seed, guint64 stream)
{
  RfMatrix *out = rf_matrix_new (x->rows, x->cols);
  RfRng rng = rf_rng_new (seed, stream);

  for (gsize c = 0; c < x->cols; c++)
    {
      double sum = 0, square = 0, mean, deviation;
      gsize n = 0;

      for (gsize i = 0; i < x->rows; i++)
        if (available[i])
          {
            double value = (double) rf_matrix_row (x, i)[c];

            sum += value;
            square += value * value;
            n++;
          }
      mean = n ? sum / (double) n : 0;
      deviation = n ? sqrt (MAX (square / (double) n - mean * mean, 0)) : 0;
      for (gsize i = 0; i < x->rows; i++)
        if (available[i])
          rf_matrix_row (out, i)[c] = (float) (mean + deviation * rf_rng_normal (&rng));
    }
  return out;
}

static RfChannel *
scramble_factors (const RfChannel *channel, RfScramble scramble, const guint32 *from, guint64 seed)
{
  RfMatrix *key = scramble == RF_SCRAMBLE_SHUFFLE ? shuffle_rows (channel->key, from) : noise_rows (channel->key, channel->available, seed, 1);
  RfMatrix *value = scramble == RF_SCRAMBLE_SHUFFLE ? shuffle_rows (channel->value, from) : noise_rows (channel->value, channel->available, seed, 2);
  RfChannel *out = rf_channel_new_factors (channel->method, key, value, g_memdup2 (channel->available, channel->n_items));

  if (channel->user)
    rf_channel_set_users (out, rf_matrix_ref (channel->user), g_memdup2 (channel->user_known, channel->user->rows));
  rf_channel_set_averaged (out, channel->averaged);
  return out;
}

static RfChannel *
scramble_dense (const RfChannel *channel, RfScramble scramble, const guint32 *from, guint64 seed)
{
  guint32 n = channel->n_items;
  RfMatrix *out = rf_matrix_new (n, n);
  double sum = 0, square = 0, count = 0, mean, deviation;

  for (gsize e = 0; e < (gsize) n * n; e++)
    {
      sum += (double) channel->dense->x[e];
      square += (double) channel->dense->x[e] * (double) channel->dense->x[e];
    }
  count = MAX ((double) n * (n - 1.0), 1); /* the diagonal is zero */
  mean = sum / count;
  deviation = sqrt (MAX (square / count - mean * mean, 0));
  for (guint32 j = 0; j < n; j++)
    {
      RfRng rng = rf_rng_new (seed, rf_hash_mix (3, j));
      float *row = rf_matrix_row (out, j);

      for (guint32 i = 0; i < n; i++)
        if (i != j)
          row[i] = scramble == RF_SCRAMBLE_SHUFFLE ? rf_matrix_row (channel->dense, from[j])[from[i]] : (float) (mean + deviation * rf_rng_normal (&rng));
    }
  return rf_channel_new_dense (channel->method, out, g_memdup2 (channel->available, n));
}

static RfChannel *
scramble_sparse (const RfChannel *channel, RfScramble scramble, const guint32 *from, guint64 seed)
{
  const RfCsr *x = channel->sparse;
  guint32 n = channel->n_items;
  gsize edges = x->ptr[n];
  g_autofree guint32 *row = g_new (guint32, edges + 1), *col = g_new (guint32, edges + 1), *to = g_new (guint32, (gsize) n + 1);
  RfRng rng = rf_rng_new (seed, 4);
  RfCsr *out;

  for (guint32 i = 0; i < n; i++)
    to[from[i]] = i; /* w'(j,i) = w(from j, from i) */
  for (guint32 j = 0; j < n; j++)
    for (gsize e = x->ptr[j]; e < x->ptr[j + 1]; e++)
      {
        row[e] = scramble == RF_SCRAMBLE_SHUFFLE ? to[j] : j;
        col[e] = scramble == RF_SCRAMBLE_SHUFFLE ? to[x->idx[e]] : rf_rng_below (&rng, n);
        if (col[e] == row[e]) /* noise only: no item is its own neighbour */
          col[e] = x->idx[e];
      }
  out = rf_csr_new_from_pairs (n, n, edges, row, col, x->val);
  return rf_channel_new_sparse (channel->method, out, g_memdup2 (channel->available, n));
}

static RfChannel *
scramble_channel (const RfChannel *channel, RfScramble scramble, const guint32 *from, guint64 seed)
{
  switch (channel->kind)
    {
    case RF_CHANNEL_FACTORS:
      return scramble_factors (channel, scramble, from, seed);
    case RF_CHANNEL_DENSE:
      return scramble_dense (channel, scramble, from, seed);
    case RF_CHANNEL_SPARSE:
    default:
      return scramble_sparse (channel, scramble, from, seed);
    }
}

/* The model with other channels and queries (the same number of references are taken). */
static RfModel *
remake (const RfModel *model, RfChannel *const *channels, RfChannel *const *query, const float *const *lift)
{
  RfJointParts parts = { .fusion = model->fusion, .n_modalities = model->n_modalities, .names = (const char *const *) model->names,
                         .channels = channels, .lift = lift, .query = query, .bias = model->bias, .popularity = model->popularity };

  if (strcmp (model->fusion, "evidence") == 0)
    return rf_model_new (model->n_modalities, (const char *const *) model->names, channels, &model->attention, model->popularity);
  return rf_model_new_joint (&parts);
}

RfModel *
rf_model_new_scrambled (const RfModel *model, guint m, RfScramble scramble, guint64 seed)
{
  RfChannel *channels[RF_MAX_MODALITIES] = { NULL }, *query[RF_MAX_MODALITIES] = { NULL };
  const float *lift[RF_MAX_MODALITIES] = { NULL };
  g_autofree guint32 *from = NULL;
  g_autofree float *moved = NULL;
  RfModel *out;

  if (!rf_model_is_additive (model))
    return NULL;
  from = draw_order (model->channels[m], seed);
  moved = g_new (float, (gsize) model->n_items + 1);
  for (guint32 i = 0; i < model->n_items; i++)
    moved[i] = model->lift[m][from[i]];
  for (guint o = 0; o < model->n_modalities; o++)
    {
      lift[o] = o == m ? moved : model->lift[o];
      channels[o] = o == m ? scramble_channel (model->channels[o], scramble, from, seed) : rf_channel_ref (model->channels[o]);
      if (model->query[o])
        query[o] = o == m ? scramble_channel (model->query[o], scramble, from, seed + 1) : rf_channel_ref (model->query[o]);
    }
  out = remake (model, channels, query[0] ? query : NULL, lift);
  for (guint o = 0; o < model->n_modalities; o++)
    {
      rf_channel_unref (channels[o]);
      rf_channel_unref (query[o]);
    }
  return out;
}

static float
spread (const float *x, guint n)
{
  double sum = 0, square = 0;

  for (guint m = 0; m < n; m++)
    {
      sum += (double) x[m] / n;
      square += (double) x[m] * (double) x[m] / n;
    }
  return (float) MAX (sqrt (MAX (square - sum * sum, 0)), 1);
}

RfModel *
rf_model_new_random_attention (const RfModel *model, guint64 seed)
{
  RfAttention attention = model->attention;
  guint n = model->n_modalities;
  RfRng rng = rf_rng_new (seed, 0xA77);
  RfChannel *query[RF_MAX_MODALITIES] = { NULL };
  RfModel *out;

  if (!rf_model_has_attention (model))
    return NULL;
  if (strcmp (model->fusion, "evidence") == 0)
    {
      const float scale[3] = { spread (model->attention.theta, n), spread (model->attention.kappa, n), spread (model->attention.psi, n) };

      for (guint m = 0; m < n; m++)
        {
          attention.theta[m] = scale[0] * (float) rf_rng_normal (&rng);
          attention.kappa[m] = scale[1] * (float) rf_rng_normal (&rng);
          attention.psi[m] = scale[2] * (float) rf_rng_normal (&rng);
        }
      return rf_model_new (n, (const char *const *) model->names, model->channels, &attention, model->popularity);
    }
  if (model->query[0] == NULL)
    return NULL;
  for (guint m = 0; m < n; m++)
    {
      g_autofree guint32 *from = draw_order (model->query[m], seed + m);

      query[m] = scramble_channel (model->query[m], RF_SCRAMBLE_NOISE, from, seed + m);
    }
  out = remake (model, model->channels, query, (const float *const *) model->lift);
  for (guint m = 0; m < n; m++)
    rf_channel_unref (query[m]);
  return out;
}
