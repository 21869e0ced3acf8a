/* rf-checkpoint.h: a training that is not over yet, kept in the workspace from epoch to epoch, to be taken up after a crash, a kill or a stop.
 *
 * Written in one transaction after an epoch: a document has the old state or the new one, never half of one. Taken up with the same number of
 * threads, the training ends with the same bits as one that was never interrupted. Where writing would take more than a tenth of the
 * training's time, it is done after fewer epochs; the last epoch is always kept. A training is known by its settings, catalog and split. One
 * of several networks (the trained channels of the default model) has a part for each, and those that are done are not trained again.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/catalog/rf-workspace.h"
#include "core/model/rf-config.h"
#include "core/train/rf-net-train.h"

G_BEGIN_DECLS

typedef struct _RfCheckpoint RfCheckpoint;

/* part: which of the training's networks ("image"), or NULL if it has one. workspace outlives it. */
RfCheckpoint *rf_checkpoint_new (RfWorkspace *workspace, const RfConfig *config, const char *data_hash, const char *split_hash,
                                 const char *part) G_GNUC_WARN_UNUSED_RESULT;
void rf_checkpoint_free (RfCheckpoint *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfCheckpoint, rf_checkpoint_free)

/* log: of RfLogEntry, all epochs so far. */
gboolean rf_checkpoint_save (RfCheckpoint *self, RfNetTrainer *trainer, const GArray *log, const RfNetEpoch *epoch, GError **error);
/* Takes the state into trainer and log, if there is one: *found. */
gboolean rf_checkpoint_load (RfCheckpoint *self, RfNetTrainer *trainer, GArray *log, gboolean *found, GError **error);
/* The training is over: what it kept goes, of all parts. */
gboolean rf_checkpoint_remove (RfCheckpoint *self, GError **error);

typedef struct
{
  char *id;        /* short, for `train --resume` */
  gint64 time;     /* Unix seconds of the last epoch that was kept */
  guint epoch, n_epochs;
  char *part; /* which of its networks had come so far; NULL: it has one */
  RfConfig *config;
} RfUnfinished;

void rf_unfinished_free (RfUnfinished *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfUnfinished, rf_unfinished_free)

/* All of them, the newest first; elements are RfUnfinished, free with g_ptr_array_unref(). */
GPtrArray *rf_unfinished_list (RfWorkspace *workspace, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* By its id or the beginning of it; NULL or "last": the newest. RF_ERROR_NOT_FOUND says which there are. */
RfUnfinished *rf_unfinished_find (RfWorkspace *workspace, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The newest one of exactly these settings; NULL without an error: there is none. */
RfUnfinished *rf_unfinished_find_config (RfWorkspace *workspace, const RfConfig *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
