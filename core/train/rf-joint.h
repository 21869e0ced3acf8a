/* rf-joint.h: from settings to a trained joint model, and to a trained channel of the default model.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/catalog/rf-workspace.h"
#include "core/eval/rf-split.h"
#include "core/model/rf-config.h"
#include "core/model/rf-model.h"
#include "core/train/rf-channel-fit.h"
#include "core/train/rf-checkpoint.h"
#include "core/train/rf-joint-terms.h"
#include "core/train/rf-net-data.h"
#include "core/train/rf-net-train.h"

G_BEGIN_DECLS

typedef struct
{
  RfNetEpoch last;        /* of the last epoch run; last.best_epoch is the one that was kept */
  guint n_modalities;
  const char *names[RF_MAX_MODALITIES]; /* interned; both are there before the first epoch */
  gsize n_parameters;
  gsize interactions;     /* that went through, all epochs */
  double seconds;         /* in which they did, validation not counted */
  gsize peak_bytes;       /* of one batch */
  JsonNode *terms;        /* what the auxiliary terms learned (rf-joint-terms.h), or NULL; owned */
  char *reduced;          /* a sentence about features that were reduced, or NULL; owned */
  char *stopped;          /* why training ended before its time, or NULL; owned */
  guint resumed;          /* the epoch after which it was taken up, or 0 */
} RfJointResult;

/* How a training is kept. */
typedef struct
{
  RfCheckpoint *checkpoint; /* NULL: not at all */
  gboolean resume;          /* take up what is there */
  GArray *log;              /* of RfLogEntry: filled, all epochs */
} RfJointControl;

RfNetTrainOptions rf_joint_options (const RfConfig *config);

/* Trains; func after every epoch that is run now. */
RfModel *rf_fit_joint (RfWorkspace *workspace, const RfCatalog *catalog, const RfSplit *split, const RfConfig *config,
                       const RfJointControl *control, RfJointResult *result, RfNetEpochFunc func, void *data, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The network of a trained joint model, to read new items and to look into: data must be freed after it. */
RfNet *rf_open_joint (RfWorkspace *workspace, const RfCatalog *catalog, const RfSplit *split, const RfConfig *config, const RfModel *model,
                      RfNetData **data, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One modality alone by gradient: factors for rf-evidence.h. control: as above, or NULL. Cross-entropy over all items, dropout,
 * and the weight decay channel.l2 (choice->lambda): the evidence of a channel that knows its training pairs by heart would be worth little. */
RfChannel *rf_fit_trained_channel (const RfFeatures *features, const RfCsr *train, const RfCsr *valid, const RfConfig *config,
                                   const RfJointControl *control, RfChannelChoice *choice, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
