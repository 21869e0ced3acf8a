/* rf-model-private.h: what rf-model.c and rf-model-joint.c share.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/model/rf-model.h"

/* Attention logits, evidence and mean of a joint model that splits; z is there. */
void rf_model_read_joint (const RfModel *self, const RfCsr *history, guint32 first, guint32 count, guint32 user, RfScores *scores);

/* v(T)(u,i) of all coalitions (of the full one only, straight into score, for lean scores). */
void rf_model_score_coalitions (const RfModel *self, const RfCsr *history, guint32 first, guint32 count, guint32 user, RfScores *scores);

/* score, and z_m = M phi_m, from v(T) under what-if weights. */
void rf_model_reweight_coalitions (const RfModel *self, const float *weights, RfScores *scores);

/* The channel whose score is the model's without its bias; NULL where the modalities' weights depend on the user, or the user's side is no vector. */
RfChannel *rf_model_make_fused (const RfModel *self);
