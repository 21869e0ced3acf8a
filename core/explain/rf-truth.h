/* rf-truth.h: what really drives the users of a sample catalog (core/catalog/rf-sample.h), to hold explanations against.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/catalog/rf-catalog.h"
#include "core/model/rf-model.h"

G_BEGIN_DECLS

/* From truth.csv (columns kind, id, driver): per user of the catalog the number of the model's modality that drives it, -1 for mixed
 * and unknown ones. Free with g_free(). */
int *rf_truth_load (const char *path, const RfCatalog *catalog, const RfModel *model, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
