/* rf-beyond.h: a run's lists beyond hitting (rf-metrics-beyond.h), with the features that diversity is measured in.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/base/rf-types.h"
#include "core/train/rf-trainer.h"

G_BEGIN_DECLS

typedef struct
{
  guint k;
  double coverage, gini, entropy, average_popularity, tail_share, novelty, serendipity;
  double pairwise_accuracy;             /* mean AUC of users (rf-metrics-scores.h) */
  guint n_modalities;                   /* as in the model */
  double diversity[RF_MAX_MODALITIES];  /* intra-list, in the space of each content modality; NAN of behaviour */
  /* Of networks whose scores are log-odds (loss=bce): each held-out item and one drawn evenly from what the user has neither chosen nor held out,
   * as probabilities of a choice (rf-metrics-scores.h). NAN of other models: their scores are no probabilities. */
  double accuracy, log_loss, brier;
} RfBeyond;

/* The tail is the .8 of the items that are least chosen. Lists of the users that have items in `part`. */
gboolean rf_beyond_evaluate (RfWorkspace *workspace, const RfTrained *trained, RfPart part, guint k, RfBeyond *out, RfProgress *progress,
                             GError **error);

G_END_DECLS
