/* rf-baselines.h: what every fusion model is held against, on the same split, without being asked:
 *
 *   popular          most chosen first
 *   item-knn         rf-item-knn.h
 *   ease             closed form, lambda by validation unless set; not above ease.max_items
 *   <m>-knn          content neighbours alone (rf-content-knn.h), of each modality of the run that has features
 *   <m>-only         the run's own channel of a modality alone         } of the default model
 *   equal-weights    its channels with the same weight for all        }
 *
 * The first four do not depend on the model: they are computed once for a catalog, split and settings and then kept in the workspace, so that a
 * ladder of models or a search pays for them once.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/catalog/rf-workspace.h"
#include "core/eval/rf-evaluate.h"
#include "core/eval/rf-split.h"
#include "core/model/rf-config.h"
#include "core/model/rf-model.h"

G_BEGIN_DECLS

typedef struct
{
  RfWorkspace *workspace; /* NULL: nothing is kept, no content neighbours */
  const RfCatalog *catalog;
  const RfConfig *config;
  const RfModel *model;
  const RfSplit *split;
  RfPart part;
} RfBaselines;

/* name: "popular", "item-knn", "ease", "image-knn", "image-only", ... */
typedef void (*RfBaselineFunc) (const char *name, const RfEvaluation *evaluation, void *data);

/* Evaluates each at the cut-offs of `cutoffs` on the items of the part. FALSE: cancelled, or the document cannot be read or written. */
gboolean rf_baselines_evaluate (const RfBaselines *self, const RfEvaluation *cutoffs, RfBaselineFunc func, void *data, RfProgress *progress,
                                GError **error);

/* Is this one (of the first four kinds) kept, so that it costs nothing? model may be missing. */
gboolean rf_baselines_is_kept (const RfBaselines *self, const RfEvaluation *cutoffs, const char *name);

G_END_DECLS
