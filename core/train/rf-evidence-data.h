/* rf-evidence-data.h: what rf-evidence.c works on: standardised scores of some users, kept; the loss and the metric of an
 * attention over them. Private to core/train.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-csr.h"
#include "core/base/rf-progress.h"
#include "core/model/rf-model.h"

G_BEGIN_DECLS

/* The numbers of an RfAttention as one vector: theta 0..M-1, kappa, psi, pi, log temperature. */
#define RF_EVIDENCE_MAX_PARAMETERS (3 * RF_MAX_MODALITIES + 2)

typedef struct
{
  guint32 n_users, n_items;
  guint n_modalities;
  const RfModel *model;
  float *z[RF_MAX_MODALITIES]; /* n_users x n_items */
  float (*evidence)[RF_MAX_MODALITIES];
  guint8 (*known)[RF_MAX_MODALITIES];
  RfCsr *history;  /* n_users x n_items: training items, never candidates */
  RfCsr *held[3];   /* one half of the held-out items, the other, both */
  RfCsr *hidden[3]; /* training items and the other half: no candidates when a half is judged */
} RfEvidenceData;

RfEvidenceData *rf_evidence_data_new (const RfModel *model, const RfCsr *train, const RfCsr *valid, guint max_users, guint64 seed,
                                      RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* So many users it would take. */
guint32 rf_evidence_data_count_users (const RfCsr *train, const RfCsr *valid, guint max_users);
void rf_evidence_data_free (RfEvidenceData *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfEvidenceData, rf_evidence_data_free)

/* Mean cross-entropy of the items of one half (0, 1) or both (2), and its gradient (3 M + 2 numbers). */
double rf_evidence_data_loss (const RfEvidenceData *self, const float *parameters, int half, double *gradient);

/* Mean NDCG@20 over the users with items in that half. */
double rf_evidence_data_ndcg (const RfEvidenceData *self, const float *parameters, int half);

G_END_DECLS
