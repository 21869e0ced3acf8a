/* rf-net-score.c: scores of pairs, and of blocks of users and items.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/model/rf-net-private.h"

/* The part of user vectors that speaks to modality m. */
static RfTensor *
user_part (const RfNet *self, RfTape *tape, RfTensor *users, guint m)
{
  size_t d = self->options.dim;

  return rf_net_user_per_modality (self) ? rf_slice_cols (tape, users, m * d, d) : users;
}

static RfTensor *
score_attention_pairs (RfNet *self, RfTape *tape, const RfNetItems *items, RfTensor *users, const guint32 *slot, gsize n)
{
  guint m_count = self->in.n_modalities;
  RfTensor *logits[RF_MAX_MODALITIES], *scores[RF_MAX_MODALITIES], *weights;
  guint8 *mask = rf_tape_scratch (tape, n * m_count);

  for (gsize k = 0; k < n; k++)
    memcpy (mask + k * m_count, items->mask + slot[k] * m_count, m_count);
  for (guint m = 0; m < m_count; m++)
    {
      RfTensor *own = user_part (self, tape, users, m);

      logits[m] = rf_row_dot (tape, own, rf_rows (tape, items->query[m], slot, n));
      scores[m] = rf_row_dot (tape, own, rf_rows (tape, items->h[m], slot, n));
    }
  weights = rf_softmax_rows (tape, rf_concat_cols (tape, (int) m_count, logits), mask);
  return rf_row_dot (tape, weights, rf_concat_cols (tape, (int) m_count, scores));
}

/* B z + c once per item, A p once per row. */
static RfTensor *
score_mlp_pairs (RfNet *self, RfTape *tape, const RfNetItems *items, RfTensor *users, const guint32 *slot, gsize n)
{
  RfTensor *item_side = rf_linear (tape, items->z, rf_param (tape, self->head[1]), rf_param (tape, self->head[2]));
  RfTensor *user_side = rf_matmul (tape, users, false, rf_param (tape, self->head[0]), false);
  RfTensor *hidden = rf_relu (tape, rf_add (tape, user_side, rf_rows (tape, item_side, slot, n)));

  return rf_matmul (tape, hidden, false, rf_param (tape, self->head[3]), false);
}

RfTensor *
rf_net_score_pairs (RfNet *self, RfTape *tape, const RfNetItems *items, RfTensor *users, const guint32 *slot, gsize n, int modality)
{
  RfTensor *score;

  if (modality >= 0)
    score = rf_row_dot (tape, user_part (self, tape, users, (guint) modality), rf_rows (tape, items->h[modality], slot, n));
  else if (self->options.head == RF_HEAD_MLP)
    score = score_mlp_pairs (self, tape, items, users, slot, n);
  else if (self->options.fusion == RF_FUSION_USER_ATTENTION)
    score = score_attention_pairs (self, tape, items, users, slot, n);
  else
    score = rf_row_dot (tape, users, rf_rows (tape, items->table, slot, n));
  return items->bias ? rf_add (tape, score, rf_rows (tape, items->bias, slot, n)) : score;
}

static RfTensor *
as_column (RfTape *tape, RfTensor *x)
{
  return rf_reshape (tape, x, 2, (size_t[]) { x->len, 1 });
}

/* Attention differs for every user and item: M products for the logits, M for the scores, and a softmax over M for each pair. */
static RfTensor *
score_attention_block (RfNet *self, RfTape *tape, const RfNetItems *items, RfTensor *users)
{
  guint m_count = self->in.n_modalities;
  gsize n_users = rf_tensor_rows (users), n = items->n;
  RfTensor *logits[RF_MAX_MODALITIES], *scores[RF_MAX_MODALITIES], *weights, *score;
  guint8 *mask = rf_tape_scratch (tape, n_users * n * m_count);

  for (gsize u = 0; u < n_users; u++)
    memcpy (mask + u * n * m_count, items->mask, n * m_count);
  for (guint m = 0; m < m_count; m++)
    {
      RfTensor *own = user_part (self, tape, users, m);

      logits[m] = as_column (tape, rf_matmul (tape, own, false, items->query[m], true));
      scores[m] = as_column (tape, rf_matmul (tape, own, false, items->h[m], true));
    }
  weights = rf_softmax_rows (tape, rf_concat_cols (tape, (int) m_count, logits), mask);
  score = rf_row_dot (tape, weights, rf_concat_cols (tape, (int) m_count, scores));
  return rf_reshape (tape, score, 2, (size_t[]) { n_users, n });
}

RfTensor *
rf_net_score_block (RfNet *self, RfTape *tape, const RfNetItems *items, RfTensor *users, int modality)
{
  RfTensor *score;

  RF_CHECK (self->options.head != RF_HEAD_MLP, "a block through an MLP head");
  if (modality >= 0)
    score = rf_matmul (tape, user_part (self, tape, users, (guint) modality), false, items->h[modality], true);
  else if (self->options.fusion == RF_FUSION_USER_ATTENTION)
    score = score_attention_block (self, tape, items, users);
  else
    score = rf_matmul (tape, users, false, items->table, true);
  return items->bias ? rf_add_bias (tape, score, rf_reshape (tape, items->bias, 1, (size_t[]) { items->n })) : score;
}
