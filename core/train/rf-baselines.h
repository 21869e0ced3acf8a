/* rf-baselines.h: what every fusion model is held against, on the same split: most popular, item-kNN, EASE where it was fitted,
 * every channel of the model alone, and all channels with equal weights.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/eval/rf-evaluate.h"
#include "core/eval/rf-split.h"
#include "core/model/rf-config.h"
#include "core/model/rf-model.h"

G_BEGIN_DECLS

/* name: "popular", "item-knn", "ease", "image-only", ... */
typedef void (*RfBaselineFunc) (const char *name, const RfEvaluation *evaluation, void *data);

/* Evaluates each at the cut-offs of `cutoffs` on the items of `part`, history is the training part. FALSE only when cancelled. */
gboolean rf_baselines_evaluate (const RfModel *model, const RfSplit *split, RfPart part, const RfConfig *config,
                                const RfEvaluation *cutoffs, RfBaselineFunc func, void *data, RfProgress *progress, GError **error);

G_END_DECLS
