/* rf-model-fused.c: the score of a joint model as one product.
 *
 * Where the weights of the modalities depend on the item alone,
 *
 *   sum_m a_m(i) (u_m . v_m(i)) = u . t(i),   a_m = lift_m / sum of lift
 *
 * with t(i) = sum_m a_m(i) v_m(i) if all modalities share a user vector u, and with u and a_m v_m put side by side for each user side that
 * there is. One product then ranks, and the M products of the split are left to explanations.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <cblas.h>
#include <string.h>

#include "core/base/rf-matrix.h"
#include "core/model/rf-model-private.h"

/* The different user sides of the channels. */
typedef struct
{
  guint n;
  guint of[RF_MAX_MODALITIES];                 /* each modality's part */
  const RfChannel *channel[RF_MAX_MODALITIES]; /* one that has this part */
  gsize first[RF_MAX_MODALITIES + 1];          /* its first column */
} Parts;

static gboolean
has_same_users (const RfChannel *a, const RfChannel *b)
{
  if (a->averaged != b->averaged || (a->user == NULL) != (b->user == NULL))
    return FALSE;
  return a->user == NULL || (a->user->rows == b->user->rows && memcmp (a->user_known, b->user_known, a->user->rows) == 0);
}

static gboolean
find_parts (const RfModel *self, Parts *parts)
{
  for (guint m = 0; m < self->n_modalities; m++)
    {
      const RfChannel *channel = self->channels[m];
      guint p = 0;

      if (channel->kind != RF_CHANNEL_FACTORS || self->query[m] || !has_same_users (channel, self->channels[0]))
        return FALSE;
      while (p < parts->n && (parts->channel[p]->key != channel->key || parts->channel[p]->user != channel->user))
        p++;
      if (p == parts->n)
        {
          parts->channel[p] = channel;
          parts->first[p + 1] = parts->first[p] + channel->key->cols;
          parts->n++;
        }
      parts->of[m] = p;
    }
  return TRUE;
}

static void
put_columns (RfMatrix *to, gsize first, const RfMatrix *from)
{
  for (gsize r = 0; r < from->rows; r++)
    memcpy (rf_matrix_row (to, r) + first, rf_matrix_row (from, r), from->cols * sizeof (float));
}

/* Keys, or users, of all parts side by side; a single part's own, without a copy. */
static RfMatrix *
join (const Parts *parts, gboolean users)
{
  RfMatrix *all = users ? parts->channel[0]->user : parts->channel[0]->key;

  if (all == NULL || parts->n == 1)
    return all ? rf_matrix_ref (all) : NULL;
  all = rf_matrix_new (all->rows, parts->first[parts->n]);
  for (guint p = 0; p < parts->n; p++)
    put_columns (all, parts->first[p], users ? parts->channel[p]->user : parts->channel[p]->key);
  return all;
}

static RfMatrix *
weigh_items (const RfModel *self, const Parts *parts)
{
  RfMatrix *table = rf_matrix_new (self->n_items, parts->first[parts->n]);

  for (guint32 i = 0; i < self->n_items; i++)
    {
      float sum = 0;

      for (guint m = 0; m < self->n_modalities; m++)
        sum += self->lift[m][i];
      for (guint m = 0; m < self->n_modalities && sum > 0; m++)
        cblas_saxpy ((int) self->channels[m]->value->cols, self->lift[m][i] / sum, rf_matrix_row (self->channels[m]->value, i), 1,
                     rf_matrix_row (table, i) + parts->first[parts->of[m]], 1);
    }
  return table;
}

RfChannel *
rf_model_make_fused (const RfModel *self)
{
  const RfChannel *first = self->channels[0];
  Parts parts = { 0 };
  RfMatrix *user;
  RfChannel *fused;
  guint8 *all;

  if (self->n_coalitions)
    return self->head || self->coalition[self->n_coalitions - 1]->kind != RF_CHANNEL_FACTORS ? NULL : rf_channel_ref (self->coalition[self->n_coalitions - 1]);
  if (self->standardised || !find_parts (self, &parts))
    return NULL;
  all = g_malloc (self->n_items + 1);
  memset (all, 1, self->n_items);
  user = join (&parts, TRUE);
  fused = rf_channel_new_factors (self->fusion, join (&parts, FALSE), weigh_items (self, &parts), all);
  rf_channel_set_averaged (fused, first->averaged);
  if (user)
    rf_channel_set_users (fused, user, g_memdup2 (first->user_known, user->rows));
  return fused;
}
