/* rf-evidence.h: fits the attention of the two-stage model on held-out items.
 *
 * The channels are fixed by now. Held-out (validation) items of up to `max_users` users are cut in two: one half fits the
 * 3 M + 2 numbers of RfAttention by softmax cross-entropy (Adam), the other half chooses.
 *
 * The guard: cross-entropy is not the metric. The fitted attention, constant attention, equal weights and every single channel
 * are candidates; they are refined by coordinate steps on NDCG@20 of the choosing half, and the best is kept. So on those items
 * the fusion never loses to its own best channel.
 *
 * Memory: users x items x M floats for the chosen users only, at most about 512 MB; fewer users are taken in a large catalog.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/model/rf-model.h"

G_BEGIN_DECLS

typedef struct
{
  guint max_users;
  guint n_steps;
  double learning_rate;
  gboolean guard;
  guint64 seed;
} RfEvidenceOptions;

/* loss: cross-entropy per held-out item of the fitting half, nats; metric: NDCG@20 of the choosing half, or NAN. */
typedef void (*RfEvidenceFunc) (guint step, guint n_steps, double loss, double metric, void *data);

typedef struct
{
  RfAttention attention;
  guint best_step;    /* the Adam step whose attention was the start of what was kept; 0 if another candidate won */
  guint n_users;
  double ndcg;        /* NDCG@20 on the choosing half */
  const char *chosen; /* "fitted", "constant", "equal", "single": which candidate was kept; static */
} RfEvidenceResult;

/* draft: a model with the channels and popularity and any attention. */
gboolean rf_evidence_fit (const RfModel *draft, const RfCsr *train, const RfCsr *valid, const RfEvidenceOptions *options,
                          RfEvidenceResult *result, RfProgress *progress, RfEvidenceFunc func, void *data, GError **error);

G_END_DECLS
