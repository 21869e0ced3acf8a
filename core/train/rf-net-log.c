/* rf-net-log.c: what an epoch tells of the modalities: whose gradient is how long, whose vectors, who has the attention.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>
#include <sys/resource.h>

#include "core/train/rf-net-train-private.h"

#define LOOK_USERS 64
#define LOOK_ITEMS 32 /* of each of them */

/* The modality that a parameter belongs to ("image.weight"), or -1. */
static int
find_modality (const RfNetInput *input, const char *name)
{
  for (guint m = 0; m < input->n_modalities; m++)
    if (g_str_has_prefix (name, input->input[m].name) && name[strlen (input->input[m].name)] == '.')
      return (int) m;
  return -1;
}

static double
square_sum (const rf_real *x, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += (double) x[i] * (double) x[i];
  return sum;
}

void
rf_net_trainer_look_at_gradient (RfNetTrainer *self)
{
  RfParams *params = rf_net_get_params (self->net);
  RfGrads *grads = rf_params_get_grads (params);
  double square[RF_MAX_MODALITIES] = { 0 }, total = 0;

  for (int p = 0; p < rf_params_count (params); p++)
    {
      const RfParam *param = rf_params_get (params, p);
      int m = find_modality (rf_net_get_input (self->net), param->name);

      if (m < 0 || param->frozen)
        continue;
      if (param->rows)
        square[m] += square_sum (rf_grads_rows (grads, p)->g, rf_grads_rows (grads, p)->n * rf_grads_rows (grads, p)->width);
      else
        square[m] += square_sum (rf_grads_dense (grads, p), param->len);
    }
  for (guint m = 0; m < RF_MAX_MODALITIES; m++)
    total += square[m];
  if (!(total > 0) || !isfinite (total))
    return;
  for (guint m = 0; m < RF_MAX_MODALITIES; m++)
    self->gradient_share[m] += square[m] / total;
  self->n_looked++;
}

static void
share_vectors (const RfModel *model, RfNetEpoch *epoch)
{
  double total = 0;

  for (guint m = 0; m < model->n_modalities; m++)
    {
      const RfChannel *channel = model->channels[m];
      gsize n = 0;

      for (guint32 i = 0; channel->value && i < channel->n_items; i++)
        if (channel->available[i])
          {
            epoch->vector_share[m] += sqrt (square_sum (rf_matrix_row (channel->value, i), channel->value->cols));
            n++;
          }
      epoch->vector_share[m] /= (double) MAX (n, 1);
      total += epoch->vector_share[m];
    }
  for (guint m = 0; m < model->n_modalities && total > 0; m++)
    epoch->vector_share[m] /= total;
}

/* Users and items at even distances, the same in every epoch. */
static void
share_attention (RfNetTrainer *self, const RfModel *model, RfNetEpoch *epoch)
{
  guint32 n_users = self->train->rows, users = MIN (n_users, LOOK_USERS), items = MIN (model->n_items, LOOK_ITEMS);
  g_autoptr(RfScores) scores = rf_scores_new (model, 1);
  gsize n = 0;

  for (guint32 k = 0; k < users; k++)
    {
      guint32 user = (guint32) ((guint64) k * n_users / users);

      rf_model_score (model, self->train, user, 1, user, NULL, scores);
      for (guint32 j = 0; j < items; j++)
        {
          float attention[RF_MAX_MODALITIES];
          double sum = 0;

          rf_model_get_attention (model, scores, 0, (guint32) (((guint64) j * model->n_items + k) / items % model->n_items), attention);
          for (guint m = 0; m < model->n_modalities; m++)
            {
              double a = (double) attention[m];

              sum += a;
              epoch->attention[m] += a;
              epoch->entropy[m] -= a > 0 ? a * log (a) : 0;
            }
          n += sum > 0;
        }
    }
  for (guint m = 0; m < model->n_modalities; m++)
    {
      epoch->attention[m] /= (double) MAX (n, 1);
      epoch->entropy[m] /= (double) MAX (n, 1);
    }
}

void
rf_net_trainer_look_at_model (RfNetTrainer *self, const RfModel *model, RfNetEpoch *epoch)
{
  struct rusage usage;

  for (guint m = 0; m < RF_MAX_MODALITIES; m++)
    epoch->gradient_share[m] = self->gradient_share[m] / MAX (self->n_looked, 1);
  share_vectors (model, epoch);
  share_attention (self, model, epoch);
  getrusage (RUSAGE_SELF, &usage);
  epoch->peak_bytes = (gsize) usage.ru_maxrss * 1024;
}
