/* rf-estimate.h: what a training will cost, before it is started.
 *
 * Nothing is guessed from a table of computers: the pieces of the training are run for a moment, on the real data, by the code that trains
 * with it, and multiplied by how often they come.
 *
 *   networks    some batches spread over an epoch, the freezing of the network, its validation; times the epochs
 *   evidence    one whitening and one solution of each content channel; EASE, of a catalog of many items on a corner of it (its inversion
 *               grows with the cube of the items); the passes of the attention's fit over some users, times their number (rf-evidence.h)
 *   baselines   those that the document does not keep yet, on a part of the items or users each
 *
 * Time is that of this computer as it is now. Epochs are counted in full: early stopping makes it less. What is read of a catalog for the
 * first time (pictures, texts) is made here as the training would make it, and kept in the document, so it is not lost; it is not in the
 * figures, because the training finds it done.
 *
 * Memory is what the process that trains will have resident at most: what it has now, what the pieces took, and what only a whole training
 * has besides: the best epoch, a second model, the bytes it is written as, the tables of the attention's fit, the matrices of EASE.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/rf-cost.h"
#include "core/base/rf-progress.h"
#include "core/catalog/rf-workspace.h"
#include "core/model/rf-config.h"

G_BEGIN_DECLS

typedef enum
{
  RF_STAGE_PREPARING, /* reading the catalog and its features, splitting, words and graphs */
  RF_STAGE_FITTING,   /* epochs with their validation; or channels and attention */
  RF_STAGE_JUDGING,   /* the metrics of the result */
  RF_STAGE_BASELINES,
  RF_N_STAGES,
} RfStage;

/* "preparing", "fitting", "judging", "baselines". */
const char *rf_stage_get_name (RfStage stage);

typedef struct
{
  RfCost stage[RF_N_STAGES], total;
  guint epochs;         /* of a network, at most; 0: there are none */
  RfCost epoch;         /* one of them, with its validation */
  gsize bytes;          /* resident at the peak */
  gsize physical_bytes; /* of this computer */
  RfCost spent;         /* on this estimate, without what was made and kept */
} RfEstimate;

/* Blocks for a second or two (and for what is made and kept). Changes no runs. RF_ERROR_CONFIG, RF_ERROR_DATA, RF_ERROR_LIMIT: the training
 * would end with that, too. */
gboolean rf_estimate_training (RfWorkspace *workspace, const RfConfig *config, RfEstimate *out, RfProgress *progress, GError **error);

/* Will it not fit into memory? */
gboolean rf_estimate_is_too_large (const RfEstimate *self);

/* One or two sentences for people: "About 2 minutes: at most 40 epochs of 3 s. About 300 MB of memory." */
char *rf_estimate_describe (const RfEstimate *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
