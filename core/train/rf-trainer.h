/* rf-trainer.h: from a workspace and a configuration to a run with its model; and a run opened again.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/catalog/rf-workspace.h"
#include "core/eval/rf-split.h"
#include "core/model/rf-config.h"
#include "core/model/rf-model.h"

G_BEGIN_DECLS

/* One point of the live curves. loss and metric may be NAN when not measured at this step. */
typedef struct
{
  guint step, n_steps; /* 1 .. n_steps; n_steps may be an upper bound (early stopping) */
  double loss;         /* training loss (softmax cross-entropy per held-out item, nats) */
  double metric;       /* NDCG@20 on the validation items */
  guint n_modalities;  /* of a network; 0: the rest is not known */
  const char *names[RF_MAX_MODALITIES]; /* interned */
  double gradient[RF_MAX_MODALITIES];   /* each modality's share of the squared gradient of the modalities' own parameters */
  double attention[RF_MAX_MODALITIES];  /* each modality's mean attention */
} RfTrainPoint;

/* Called in the training thread, at every step. */
typedef void (*RfTrainFunc) (const RfTrainPoint *point, void *data);

/* Trains and saves the run. Blocks: call it in a thread of your own, with a workspace handle of that thread. Returns the run as
 * saved (result_json holds what `refract-cli train --json` prints). Errors: RF_ERROR_CANCELLED leaves the runs as they
 * were (a network's last epoch, or a trained channel's, is kept for rf_train_on()); RF_ERROR_DATA when there is too little to learn from; RF_ERROR_LIMIT when it would not fit into memory. */
RfRun *rf_train (RfWorkspace *workspace, const RfConfig *config, RfProgress *progress, RfTrainFunc func, void *data,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, but takes up a training of exactly these settings that was interrupted, if the workspace keeps one (rf-checkpoint.h); closed forms
 * are always fitted from the start, which gives the same. */
RfRun *rf_train_on (RfWorkspace *workspace, const RfConfig *config, RfProgress *progress, RfTrainFunc func, void *data,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same as rf_train(), but nothing is kept of it when it is interrupted: for one of many trainings, which is then begun again. */
RfRun *rf_train_once (RfWorkspace *workspace, const RfConfig *config, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What there is to train on. RF_ERROR_DATA: nothing. */
RfCatalog *rf_trainer_load_catalog (RfWorkspace *workspace, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The split that the settings ask for. */
RfSplit *rf_trainer_make_split (const RfCatalog *catalog, const RfConfig *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A run opened for looking at: immutable, reference counted, any thread may read it. */
typedef struct
{
  gatomicrefcount ref_count;
  RfRun *run;
  RfConfig *config;
  RfCatalog *catalog;
  RfSplit *split;
  RfModel *model;
  guint n_trials; /* of the search that the run comes from; 0: it was trained by itself */
} RfTrained;

/* run_id NULL: the newest. */
RfTrained *rf_trained_load (RfWorkspace *workspace, const char *run_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The items of a user that the model has not seen (validation and test), ascending, to mark as hits. Free with g_free(). */
guint32 *rf_trained_dup_held_out (const RfTrained *self, guint32 user, gsize *n) G_GNUC_WARN_UNUSED_RESULT;

RfTrained *rf_trained_ref (RfTrained *self);
void rf_trained_unref (RfTrained *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfTrained, rf_trained_unref)

G_END_DECLS
