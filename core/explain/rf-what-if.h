/* rf-what-if.h: other weights, another history: what would change?
 *
 * Weights are those of rf-model.h: 0 mutes a modality, 1 is as trained. A history is edited by folding in: nothing is trained again.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/eval/rf-compare.h"
#include "core/train/rf-trainer.h"

G_BEGIN_DECLS

/* One item of a list before and after. */
typedef struct
{
  guint32 item;
  guint before, after; /* places, from 1 */
  float score;         /* after */
} RfMove;

/* The first k of the changed ranking, and where they stood. history: as it is; edited: as it would be, or NULL for the same; weights may be
 * NULL. user: whose it is, or RF_NO_USER; an edited history belongs to nobody (rf-counterfactual.h). Places are among the items that are
 * in neither history. out has room for k; returns how many. */
guint rf_what_if_moves (const RfModel *model, const guint32 *history, gsize n_history, guint32 user, const guint32 *edited, gsize n_edited,
                        const float *weights, guint k, RfMove *out);

/* history without `remove` and with `add` (any order, also twice, also what is there or not there already): ascending; free with g_free(). */
guint32 *rf_history_edit (const guint32 *history, gsize n_history, const guint32 *add, gsize n_add, const guint32 *removed, gsize n_removed,
                          gsize *n) G_GNUC_WARN_UNUSED_RESULT;

/* All users at once: a = as trained, b = with the weights. */
typedef struct
{
  RfComparison metric;
  double coverage_before, coverage_after;
  double overlap;       /* mean rank-biased overlap (p = .9) of the two lists */
  guint32 changed;      /* users whose first k are not the same items in the same order */
  guint32 users;        /* with something to find */
} RfWhatIf;

typedef struct
{
  const char *metric; /* as in rf-knockout.h */
  guint k;
  RfPart part;
  double alpha;
  guint resamples;
} RfWhatIfOptions;

/* RF_ERROR_CONFIG for an unknown metric, RF_ERROR_CANCELLED. */
gboolean rf_what_if_all (const RfTrained *trained, const float *weights, const RfWhatIfOptions *options, RfWhatIf *result,
                         RfProgress *progress, GError **error);

G_END_DECLS
