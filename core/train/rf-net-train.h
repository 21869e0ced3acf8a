/* rf-net-train.h: mini-batch training of a joint network (core/model/rf-net.h), with early stopping on validation.
 *
 *   L = L_rec + l1 (mean absolute sums) + auxiliary terms (core/model/rf-auxiliary.h); weight decay is in the optimiser
 *
 *   bpr          mean of -log sigmoid (s(u,i) - s(u,j)), j drawn evenly from what u has not chosen
 *   bce          binary cross-entropy of the same pairs
 *   ce           by rows of users: -log softmax over all items, for each of their items
 *   sampled-ce   the same over the items of the batch and some drawn evenly, logits corrected by the chance of being there
 *
 * A user's own item never helps to predict itself: where users are sums over their history it is taken out.
 *
 * The trainer is a state that goes from epoch to epoch, so that it can be looked at, stopped, kept and taken up again: everything
 * random is a function of (seed, epoch, batch). Same seed, same bits, for any number of threads.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-cost.h"
#include "core/base/rf-progress.h"
#include "core/model/rf-net.h"
#include "core/tensor/rf-optim.h"
#include "core/train/rf-sampler.h"

G_BEGIN_DECLS

typedef enum
{
  RF_LOSS_CE,
  RF_LOSS_SAMPLED_CE,
  RF_LOSS_BPR,
  RF_LOSS_BCE,
} RfLoss;

/* What early stopping and the best epoch go by, at 20 on validation. */
typedef enum
{
  RF_WATCH_NDCG,
  RF_WATCH_RECALL,
  RF_WATCH_MAP,
  RF_WATCH_MRR,
} RfWatch;

typedef struct
{
  RfLoss loss;
  RfWatch watch;
  guint epochs, batch, negatives, pool, group; /* as RfSamplerOptions */
  guint patience; /* epochs without improvement */
  double delta;   /* what counts as one */
  double l1;
  RfOptimOptions optim; /* n_steps of a cosine is filled in */
  guint64 seed;
} RfNetTrainOptions;

/* A term of the loss besides L_rec: adds parameters of its own before rf_net_start (). Returns NULL for no term now. */
typedef struct
{
  RfTape *tape;
  const RfNetItems *items;
  RfTensor *users; /* (n, user width), rows of `sample->user`; NULL by user */
  const RfSample *sample;
  guint epoch;
  guint64 stream;
} RfNetBatch;

typedef RfTensor *(*RfNetTermFunc) (const RfNetBatch *batch, void *data);

/* What one epoch gave. */
typedef struct
{
  guint epoch, n_epochs; /* 1 .. */
  double loss;           /* mean over batches */
  double metric;         /* NDCG@20 on validation */
  double gradient_norm;  /* mean over steps, before clipping */
  double seconds;        /* of training, without validation */
  guint best_epoch;
  double best_metric;    /* of what is watched */
  double loss_ranking, loss_l1, loss_term; /* parts of the loss, as they were added */
  double watched;        /* by early stopping: RfWatch */
  double recall;         /* Recall@20 on validation */
  double rate;           /* learning rate of the next step */
  /* Of each modality, 0 where there is nothing: its share of the squared gradient (of its own parameters, mean of every eighth batch), of the
   * mean length of the items' vectors, of the attention, and - a ln a of its attention a, whose sum is the entropy in nats. The last two are
   * means over some users and items. */
  double gradient_share[RF_MAX_MODALITIES], vector_share[RF_MAX_MODALITIES], attention[RF_MAX_MODALITIES], entropy[RF_MAX_MODALITIES];
  gsize peak_bytes;      /* of the process so far */
} RfNetEpoch;

typedef void (*RfNetEpochFunc) (const RfNetEpoch *epoch, void *data);
/* Between batches: fraction 0 .. 1 of the epoch, loss so far. */
typedef void (*RfNetStepFunc) (guint epoch, guint n_epochs, double fraction, double loss, void *data);

typedef struct _RfNetTrainer RfNetTrainer;

/* net has been started; net, train and valid outlive the trainer. */
RfNetTrainer *rf_net_trainer_new (RfNet *net, const RfCsr *train, const RfCsr *valid, const RfNetTrainOptions *options) G_GNUC_WARN_UNUSED_RESULT;
void rf_net_trainer_free (RfNetTrainer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfNetTrainer, rf_net_trainer_free)

void rf_net_trainer_set_term (RfNetTrainer *self, RfNetTermFunc func, void *data);
void rf_net_trainer_set_step_func (RfNetTrainer *self, RfNetStepFunc func, void *data);

/* One epoch and its validation. FALSE: cancelled, or RF_ERROR_NUMERIC when the loss or a gradient was no number any more (the state is
 * that of the last good epoch then). */
gboolean rf_net_trainer_run_epoch (RfNetTrainer *self, RfNetEpoch *epoch, RfProgress *progress, GError **error);
/* Have all epochs been run, or has validation stood still for long enough? */
gboolean rf_net_trainer_is_done (const RfNetTrainer *self);

/* The best epoch's model (transfer none; NULL before the first epoch), and its parameters put back into the network. */
RfModel *rf_net_trainer_get_best (RfNetTrainer *self);
void rf_net_trainer_restore_best (RfNetTrainer *self);

/* All epochs in one call, or those that are left. The network holds the best epoch's parameters afterwards. last: of the last epoch; untouched if
 * none was left. When the loss stops being a number after a good epoch, that one is the result and rf_net_trainer_get_stopped() says why. */
RfModel *rf_net_train (RfNetTrainer *self, RfNetEpochFunc func, void *data, RfNetEpoch *last, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A sentence, or NULL when training ended as it should. */
const char *rf_net_trainer_get_stopped (const RfNetTrainer *self);

/* Everything that the next epochs depend on, as bytes: parameters, moments, the optimiser's counters, the best epoch; random numbers are
 * functions of (seed, epoch, batch). Taken up by a trainer of the same network, data and options, training goes on to the same bits.
 * RF_ERROR_FORMAT: not such bytes, or of another network; the trainer is unchanged then. */
GBytes *rf_net_trainer_save (RfNetTrainer *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean rf_net_trainer_load (RfNetTrainer *self, GBytes *bytes, GError **error);
/* Epochs done so far; and the best of them with its metric. */
guint rf_net_trainer_get_epoch (const RfNetTrainer *self);
guint rf_net_trainer_get_best_epoch (const RfNetTrainer *self, double *metric);

/* How many training interactions went through so far, and in which time. */
void rf_net_trainer_get_speed (const RfNetTrainer *self, gsize *interactions, double *seconds);
gsize rf_net_trainer_get_peak_bytes (const RfNetTrainer *self);

/* What training costs, measured (rf-net-calibrate.c). */
typedef struct
{
  guint n_batches;   /* of an epoch */
  RfCost batches;    /* all of them */
  RfCost freezing;   /* of an epoch: the model, and looking at it */
  RfCost validation; /* of an epoch */
  RfModel *model;    /* frozen after the batches; owned */
} RfNetCalibration;

/* Runs some batches, at even distances over an epoch, for about so many seconds, and what follows an epoch once. The parameters have moved
 * then: the trainer is for nothing else any more. */
gboolean rf_net_trainer_calibrate (RfNetTrainer *self, double seconds, RfNetCalibration *out, RfProgress *progress, GError **error);

G_END_DECLS
