/* rf-estimate-private.h: what the two files of the estimate share. Private to core/train.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/eval/rf-split.h"
#include "core/features/rf-features.h"
#include "core/model/rf-model.h"
#include "core/train/rf-estimate.h"

G_BEGIN_DECLS

/* What the pieces are measured on, and what they have come to so far. */
typedef struct
{
  RfWorkspace *workspace;
  const RfConfig *config;
  RfProgress *progress;
  RfCatalog *catalog;
  RfSplit *split;
  RfEstimate *out;

  guint n; /* of modalities, with their features (NULL: behaviour) and a channel to measure with */
  char *names[RF_MAX_MODALITIES];
  RfFeatures *features[RF_MAX_MODALITIES];
  RfChannel *channels[RF_MAX_MODALITIES];
  gsize behaviour_bytes; /* of the real channel, where the one to measure with is another; 0: it is the real one */
  RfChannel *item_knn;   /* of some users, once measured */
  RfCost item_knn_cost;
  gsize peak; /* bytes besides those that are resident at the end of the measurement */
} RfEstimating;

static inline void
rf_estimating_add (RfEstimating *e, RfStage stage, RfCost cost)
{
  e->out->stage[stage] = rf_cost_add (e->out->stage[stage], cost);
}

/* Fits one modality for a moment; takes over features (NULL: behaviour), which have an item. */
gboolean rf_estimate_channel (RfEstimating *e, const char *name, RfFeatures *features, GError **error);
/* With all channels: the fit of the attention. *model: to judge with. */
gboolean rf_estimate_attention (RfEstimating *e, RfModel **model, GError **error);
/* The metrics of the model, and the baselines that are not kept. */
gboolean rf_estimate_judging (RfEstimating *e, const RfModel *model, GError **error);

/* The first users who have training and held-out items, at most so many: their held-out items, those of others left out. *n: how many. */
RfCsr *rf_estimate_some_users (const RfSplit *split, guint most, guint *n) G_GNUC_WARN_UNUSED_RESULT;
guint rf_estimate_count_users (const RfSplit *split);

gsize rf_estimate_channel_bytes (const RfChannel *channel);
gsize rf_estimate_model_bytes (const RfModel *model);

G_END_DECLS
