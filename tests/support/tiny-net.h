/* tiny-net.h: a joint network of 8 users, 6 items and two modalities, for tests that need one which is quick to build and to train.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/train/rf-net-train.h"

typedef struct
{
  RfNetInput input;
  RfCsr *train, *valid;
  RfMatrix *features;
  guint8 *available[2];
  RfNet *net;
  RfNetTrainer *trainer; /* two epochs at most, not begun */
} TinyNet;

/* mlp: with the MLP head, a model that does not split (RF_FUSION_CONCAT). */
TinyNet *tiny_net_new (RfFusion fusion, gboolean mlp);
void tiny_net_free (TinyNet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TinyNet, tiny_net_free)
