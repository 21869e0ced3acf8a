/* rf-net-train-private.h: what the files of the network's trainer share. Private to core/train.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/train/rf-net-train.h"

G_BEGIN_DECLS

struct _RfNetTrainer
{
  RfNet *net;
  const RfCsr *train;
  RfCsr *valid; /* of at most VALID_USERS users */
  RfNetTrainOptions options;
  RfSampler *sampler;
  RfOptim *optim;
  RfTape *tape;
  RfNetTermFunc term;
  void *term_data;
  RfNetStepFunc step;
  void *step_data;

  guint epoch, best_epoch;
  double best_metric;
  RfModel *best;
  rf_real *best_values; /* all parameters of the best epoch */
  gsize interactions;
  double seconds;

  double gradient_share[RF_MAX_MODALITIES]; /* sums over the batches that were looked at in this epoch */
  guint n_looked;
  double part[3]; /* of this batch's loss: ranking, l1, term */
  char *stopped; /* why training ended before its time, or NULL */
};

/* rf-net-train.c: one batch of the sampler's present epoch, with the optimiser's step. The loss; NAN when it or the gradient is no number. */
double rf_net_trainer_run_batch (RfNetTrainer *self, guint batch, double *norm);
gboolean rf_net_trainer_validate (RfNetTrainer *self, RfModel *model, RfNetEpoch *epoch, RfProgress *progress, GError **error);

/* rf-net-log.c: after backward, before the step: whose gradient is how long? */
void rf_net_trainer_look_at_gradient (RfNetTrainer *self);
/* Fills the shares of gradient and embeddings and the attention of an epoch; model: the epoch's. */
void rf_net_trainer_look_at_model (RfNetTrainer *self, const RfModel *model, RfNetEpoch *epoch);

G_END_DECLS
