/* rf-scramble.h: a model that is told nonsense: one modality about other items, or random numbers; or attention that means nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/model/rf-model.h"

G_BEGIN_DECLS

typedef enum
{
  RF_SCRAMBLE_SHUFFLE, /* every item that has the modality gets that of another such item */
  RF_SCRAMBLE_NOISE,   /* normal numbers of the same mean and deviation (factors: by dimension) */
} RfScramble;

/* The channel of modality m scrambled; everything else is shared. NULL for a model that does not split (its tables hold all
 * modalities at once). A dense channel is copied: n_items^2 floats for the time being. */
RfModel *rf_model_new_scrambled (const RfModel *model, guint m, RfScramble scramble, guint64 seed) G_GNUC_WARN_UNUSED_RESULT;

/* The same channels under random weights: theta, kappa and psi drawn anew (normal, with the deviation of the fitted ones, at least 1);
 * of a joint model with attention by pair its queries shuffled. The sanity check: an explanation that stays the same says nothing
 * about the model (Adebayo et al., "Sanity checks for saliency maps", NeurIPS 2018). NULL where the model has no attention. */
RfModel *rf_model_new_random_attention (const RfModel *model, guint64 seed) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
