/* rf-feature-map.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/explain/rf-feature-map.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-linalg.h"
#include "core/features/rf-svd.h"

#define MAX_ERROR  0.01
#define NEGLIGIBLE 1e-9 /* of the largest eigenvalue: directions in which the features do not vary */

void
rf_feature_map_free (RfFeatureMap *self)
{
  if (self == NULL)
    return;
  rf_matrix_free (self->mean);
  rf_matrix_free (self->value);
  rf_matrix_free (self->centre);
  g_free (self);
}

static gboolean
is_known (const RfFeatures *features, const RfChannel *channel, gsize i)
{
  return features->available[i] && channel->available[i];
}

/* Centred rows of the items that both know; other rows are zero. */
static RfMatrix *
centre_rows (const RfFeatures *features, const RfChannel *channel, const RfMatrix *x, RfMatrix *mean)
{
  RfMatrix *centred = rf_matrix_new (x->rows, x->cols);
  g_autofree double *sum = g_new0 (double, x->cols + 1);
  gsize count = 0;

  for (gsize i = 0; i < x->rows; i++)
    if (is_known (features, channel, i))
      {
        for (gsize c = 0; c < x->cols; c++)
          sum[c] += (double) rf_matrix_row (x, i)[c];
        count++;
      }
  for (gsize c = 0; c < x->cols; c++)
    mean->x[c] = count ? (float) (sum[c] / (double) count) : 0.0f;
  for (gsize i = 0; i < x->rows; i++)
    if (is_known (features, channel, i))
      for (gsize c = 0; c < x->cols; c++)
        rf_matrix_row (centred, i)[c] = rf_matrix_row (x, i)[c] - mean->x[c];
  return centred;
}

/* X^+ (dims x dims part): Q diag (1 / l) Q' of the Gram matrix. */
static double *
pseudo_inverse (const RfMatrix *x, GError **error)
{
  gsize d = x->cols;
  g_autofree double *q = g_new (double, d * d + 1), *values = g_new0 (double, d + 1), *scaled = g_new (double, d * d + 1);
  double *inverse = g_new (double, d * d + 1);

  rf_gram (x->rows, d, x->x, q);
  if (!rf_eigen_symmetric (d, q, values, error))
    {
      g_free (inverse);
      return NULL;
    }
  for (gsize r = 0; r < d; r++)
    for (gsize c = 0; c < d; c++)
      scaled[r * d + c] = values[c] > NEGLIGIBLE * values[d - 1] && values[c] > 0 ? q[r * d + c] / values[c] : 0;
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (int) d, (int) d, (int) d, 1.0, scaled, (int) d, q, (int) d, 0.0, inverse, (int) d);
  return inverse;
}

/* X'Y in double: float sums would lose what the small directions need. */
static double *
cross (const RfMatrix *x, const RfMatrix *y)
{
  gsize d = x->cols, w = y->cols;
  double *out = g_new0 (double, d * w + 1);

  for (gsize i = 0; i < x->rows; i++)
    for (gsize r = 0; r < d; r++)
      {
        double a = (double) rf_matrix_row (x, i)[r];

        for (gsize c = 0; c < w && a != 0; c++)
          out[r * w + c] += a * (double) rf_matrix_row (y, i)[c];
      }
  return out;
}

static RfMatrix *
solve (const RfMatrix *x, const RfMatrix *y, const double *inverse)
{
  gsize d = x->cols, w = y->cols;
  g_autofree double *moment = cross (x, y), *map = g_new (double, d * w + 1);
  RfMatrix *out = rf_matrix_new (d, w);

  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (int) d, (int) w, (int) d, 1.0, inverse, (int) d, moment, (int) w, 0.0, map, (int) w);
  for (gsize e = 0; e < d * w; e++)
    out->x[e] = (float) map[e];
  return out;
}

/* Root mean square of y - x map (both centred) over that of the vectors themselves. */
static double
find_error (const RfMatrix *x, const RfMatrix *map, const RfMatrix *y, const RfFeatures *features, const RfChannel *channel)
{
  g_autoptr(RfMatrix) fitted = rf_matrix_new (y->rows, y->cols);
  double left = 0, all = 0;

  rf_gemm (FALSE, FALSE, y->rows, y->cols, x->cols, 1, x->x, x->cols, map->x, map->cols, 0, fitted->x, y->cols);
  for (gsize i = 0; i < y->rows; i++)
    if (is_known (features, channel, i))
      for (gsize c = 0; c < y->cols; c++)
        {
          double value = (double) rf_matrix_row (channel->value, i)[c], rest = (double) rf_matrix_row (y, i)[c] - (double) rf_matrix_row (fitted, i)[c];

          left += rest * rest;
          all += value * value;
        }
  return all > 0 ? sqrt (left / all) : 0;
}

RfFeatureMap *
rf_feature_map_new (const RfFeatures *features, const RfModel *model, guint m, GError **error)
{
  const RfChannel *channel = model->channels[m];
  g_autoptr(RfFeatureMap) self = g_new0 (RfFeatureMap, 1);
  g_autoptr(RfMatrix) x = NULL, y = NULL;
  g_autofree double *inverse = NULL;

  if (!rf_model_is_additive (model) || channel->kind != RF_CHANNEL_FACTORS || features->x->rows != channel->n_items)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_DATA, _("The channel “%s” of this run is not made from an item's features, so nothing new can be brought into it."), features->name);
      return NULL;
    }
  self->dims = (guint32) features->x->cols;
  self->width = (guint32) channel->value->cols;
  self->mean = rf_matrix_new (1, self->dims);
  self->centre = rf_matrix_new (1, self->width);
  x = centre_rows (features, channel, features->x, self->mean);
  y = centre_rows (features, channel, channel->value, self->centre);
  inverse = pseudo_inverse (x, error);
  if (inverse == NULL)
    return NULL;
  self->value = solve (x, y, inverse);
  self->error = find_error (x, self->value, y, features, channel);
  if (self->error > MAX_ERROR)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_DATA, _("The channel “%s” of this run is not a linear function of the features (%.1f %% are left over), so nothing new can be brought into it."),
                   features->name, 100 * self->error);
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
rf_feature_map_apply (const RfFeatureMap *self, const float *x, float *value)
{
  g_autofree float *centred = g_new (float, self->dims + 1);
  int d = (int) self->dims, w = (int) self->width;

  memcpy (value, self->centre->x, self->width * sizeof *value);
  for (guint32 c = 0; c < self->dims; c++)
    centred[c] = x[c] - self->mean->x[c];
  cblas_sgemv (CblasRowMajor, CblasTrans, d, w, 1.0f, self->value->x, w, centred, 1, 1.0f, value, 1);
}

/* The user's side of the channel, in the unit of its keys, without one item. */
static double *
make_profile (const RfChannel *channel, const guint32 *history, gsize n_history, guint32 user, guint32 without)
{
  gsize width = channel->key->cols;
  double *profile = g_new0 (double, width + 1);

  if (rf_channel_knows_user (channel, user))
    {
      for (gsize c = 0; c < width; c++)
        profile[c] = (double) rf_matrix_row (channel->user, user)[c];
      return profile;
    }
  for (gsize j = 0; j < n_history; j++)
    for (gsize c = 0; c < width && history[j] != without; c++)
      profile[c] += (double) rf_matrix_row (channel->key, history[j])[c];
  return profile;
}

static double
raw_score (const RfChannel *channel, const double *profile, guint32 item)
{
  const float *value = rf_matrix_row (channel->value, item);
  double sum = 0;

  for (gsize c = 0; c < channel->value->cols; c++)
    sum += profile[c] * (double) value[c];
  return sum;
}

static gboolean
is_in_history (const guint32 *history, gsize n, guint32 item)
{
  for (gsize j = 0; j < n; j++)
    if (history[j] == item)
      return TRUE;
  return FALSE;
}

/* dz / ds, read off the two items outside the history where z differs most: whatever scale the model puts its channels on. */
static double
find_slope (const RfModel *model, const RfScores *scores, guint32 row, guint m, const guint32 *history, gsize n_history, guint32 user)
{
  const RfChannel *channel = model->channels[m];
  const float *z = scores->z[m] + (gsize) row * model->n_items;
  g_autofree double *profile = make_profile (channel, history, n_history, user, RF_NO_INDEX);
  guint32 low = RF_NO_INDEX, high = RF_NO_INDEX;
  double under;

  for (guint32 i = 0; i < model->n_items; i++)
    if (channel->available[i] && !is_in_history (history, n_history, i))
      {
        low = low == RF_NO_INDEX || z[i] < z[low] ? i : low;
        high = high == RF_NO_INDEX || z[i] > z[high] ? i : high;
      }
  if (low == high || !(z[high] > z[low]))
    return 0;
  under = raw_score (channel, profile, high) - raw_score (channel, profile, low);
  return under > 0 ? ((double) z[high] - (double) z[low]) / under : 0;
}

RfTaste *
rf_taste_new (const RfFeatureMap *map, const RfModel *model, const RfScores *scores, guint32 row, guint m, const guint32 *history,
              gsize n_history, guint32 user, guint32 item)
{
  const RfChannel *channel = model->channels[m];
  g_autofree double *profile = make_profile (channel, history, n_history, user, item);
  RfTaste *self = g_new0 (RfTaste, 1);
  float attention[RF_MAX_MODALITIES];

  self->dims = map->dims;
  self->g = g_new0 (float, map->dims + 1);
  for (guint32 d = 0; d < map->dims; d++)
    {
      double sum = 0;

      for (guint32 c = 0; c < map->width; c++)
        sum += (double) rf_matrix_row (map->value, d)[c] * profile[c];
      self->g[d] = (float) sum;
      self->base += sum * (double) map->mean->x[d];
    }
  for (guint32 c = 0; c < map->width; c++)
    self->base -= (double) map->centre->x[c] * profile[c];
  rf_model_get_attention (model, scores, row, item, attention);
  self->scale = (double) attention[m] * find_slope (model, scores, row, m, history, n_history, user);
  self->offset = (double) attention[m] * (double) scores->z[m][(gsize) row * model->n_items + item] - self->scale * raw_score (channel, profile, item);
  return self;
}

void
rf_taste_free (RfTaste *self)
{
  if (self == NULL)
    return;
  g_free (self->g);
  g_free (self);
}

double
rf_taste_value (const RfTaste *self, const float *x)
{
  double sum = -self->base;

  for (guint32 d = 0; d < self->dims; d++)
    sum += (double) self->g[d] * (double) x[d];
  return self->scale * sum + self->offset;
}
