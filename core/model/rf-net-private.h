/* rf-net-private.h: what the files of the network share.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/model/rf-net.h"

struct _RfNet
{
  RfNetInput in;
  RfNetOptions options;
  RfParams *params;
  RfEncoder *encoder[RF_MAX_MODALITIES];
  int graph;                        /* the modality whose encoder knows users too, or -1 */
  int weights;                      /* sum: M logits; attention: the query */
  int concat[3];                    /* hidden weight and bias, weight */
  int map[RF_MAX_MODALITIES];       /* gate, user-attention */
  int map_bias[RF_MAX_MODALITIES];  /* gate */
  int user, user_hidden_bias, user_out;
  int head[4];                      /* A, B, c, w */
  int bias;
  RfTensor *keys;                   /* of this batch: content keys of all items */
  guint32 *slot_of_item;            /* n_items, all G_MAXUINT32 between calls */
};

gboolean rf_net_user_per_modality (const RfNet *self);

/* from, transposed, into arrays of cols + 2, nnz and nnz elements; ptr is valid for cols + 1. */
void rf_net_transpose (const RfSparse *from, size_t *ptr, guint32 *idx, float *val);
