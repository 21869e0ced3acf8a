/* tiny-net.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/tiny-net.h"

#include <math.h>

#define USERS 8
#define ITEMS 6

/* Each user has four items in a row: three to learn from, one to be asked for. */
static void
draw (TinyNet *self)
{
  guint32 row[USERS * 3], col[USERS * 3], asked[USERS], every[USERS];

  for (guint32 u = 0; u < USERS; u++)
    {
      for (guint32 k = 0; k < 3; k++)
        {
          row[3 * u + k] = u;
          col[3 * u + k] = (u + k) % ITEMS;
        }
      every[u] = u;
      asked[u] = (u + 3) % ITEMS;
    }
  self->train = rf_csr_new_from_pairs (USERS, ITEMS, USERS * 3, row, col, NULL);
  self->valid = rf_csr_new_from_pairs (USERS, ITEMS, USERS, every, asked, NULL);
  self->features = rf_matrix_new (ITEMS, 4);
  for (gsize i = 0; i < ITEMS * 4; i++)
    self->features->x[i] = sinf ((float) i);
  for (guint m = 0; m < 2; m++)
    {
      self->available[m] = g_new (guint8, ITEMS);
      for (guint32 i = 0; i < ITEMS; i++)
        self->available[m][i] = m == 1 || i != 3;
    }
}

TinyNet *
tiny_net_new (RfFusion fusion, gboolean mlp)
{
  const RfNetOptions options = { .fusion = fusion, .head = mlp ? RF_HEAD_MLP : RF_HEAD_DOT, .dim = 4, .hidden = 3, .bias = fusion != RF_FUSION_LATE, .seed = 3 };
  const RfNetTrainOptions training = { .loss = RF_LOSS_BPR, .epochs = 2, .batch = 8, .negatives = 1, .patience = 5, .seed = 5, .optim = { .kind = RF_OPTIM_ADAM, .rate = 0.02, .clip = 5, .schedule = RF_SCHEDULE_PLATEAU, .patience = 1, .factor = .5 } };
  TinyNet *self = g_new0 (TinyNet, 1);

  draw (self);
  self->input = (RfNetInput){ .n_users = USERS, .n_items = ITEMS, .train = self->train, .n_modalities = 2 };
  self->input.input[0] = (RfEncoderInput){ .name = "image", .kind = RF_ENCODER_FEATURES, .n_items = ITEMS, .n_users = USERS, .available = self->available[0], .x = self->features };
  self->input.input[1] = (RfEncoderInput){ .name = "behaviour", .kind = RF_ENCODER_IDS, .n_items = ITEMS, .n_users = USERS, .available = self->available[1] };
  self->net = rf_net_new (&self->input, &options);
  rf_net_start (self->net);
  self->trainer = rf_net_trainer_new (self->net, self->train, self->valid, &training);
  return self;
}

void
tiny_net_free (TinyNet *self)
{
  if (self == NULL)
    return;
  rf_net_trainer_free (self->trainer);
  rf_net_free (self->net);
  rf_csr_free (self->train);
  rf_csr_free (self->valid);
  rf_matrix_free (self->features);
  for (guint m = 0; m < 2; m++)
    g_free (self->available[m]);
  g_free (self);
}
