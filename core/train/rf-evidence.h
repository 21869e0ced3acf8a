/* rf-evidence.h: fits the attention of the two-stage model on held-out items.
 *
 * The channels are fixed by now. Held-out (validation) items of up to `max_users` users are cut in two halves. The 3 M + 2 numbers
 * of RfAttention are fitted on either half by softmax cross-entropy (Adam), judged on the other, and the mean of the two is kept.
 *
 * The guard: cross-entropy is not the metric. The fitted attention, constant attention, equal weights, popularity and every single
 * channel are candidates, as they are and (but for popularity and the single ones) refined by coordinate steps on NDCG@20 of the half they were fitted on. NDCG@20 on the half
 * they have not seen chooses; and if after all a single channel does better on all held-out items, that one is kept. So on validation
 * the fusion never loses to its own best channel, and a gain that is only noise is not taken.
 *
 * Time and memory go with users x items x M for the chosen users only: in a catalog of more than 8,000 items fewer than `max_users`
 * are taken, but not fewer than 600 (as far as there are so many).
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

/* loss: cross-entropy per held-out item of the fitting half, nats; metric: NDCG@20 of the other half, or NAN. */
typedef void (*RfEvidenceFunc) (guint step, guint n_steps, double loss, double metric, void *data);

typedef struct
{
  RfAttention attention;
  guint best_step;    /* the step of the first half's fit that was best on the other half */
  guint n_users;
  double ndcg;        /* NDCG@20 on all held-out items of these users */
  const char *chosen; /* "fitted", "constant", "equal", "popular", "single", with "+" when refined: which candidate was kept; static */
} RfEvidenceResult;

/* draft: a model with the channels and popularity and any attention. */
gboolean rf_evidence_fit (const RfModel *draft, const RfCsr *train, const RfCsr *valid, const RfEvidenceOptions *options,
                          RfEvidenceResult *result, RfProgress *progress, RfEvidenceFunc func, void *data, GError **error);

/* How much work it is, for rf-estimate.h: passes over all users of a half, for the loss and its gradient, and for NDCG@20. */
typedef struct
{
  guint losses, metrics;
} RfEvidenceWork;

RfEvidenceWork rf_evidence_count_work (guint n_modalities, const RfEvidenceOptions *options);

G_END_DECLS
