/* rf-modality.h: the features of a modality, by name, from the workspace's cache or made now and cached.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/catalog/rf-workspace.h"
#include "core/features/rf-features.h"
#include "core/model/rf-config.h"

G_BEGIN_DECLS

/* name: "image", "text", or that of a feature matrix the workspace brought from its import. RF_ERROR_NOT_FOUND otherwise. A
 * catalog where no item has the modality gives features without a single available row. */
RfFeatures *rf_modality_features (RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, const char *name,
                                  RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The fitted model behind the features "image" / "text", to bring pictures and texts that are not of the catalog into the same
 * space, or changed ones. Kept in the workspace when the features were made; made again (the same numbers) where an older
 * version did not keep it. RF_ERROR_NOT_FOUND when those features came ready with the import: nothing is known of how. */
RfImageModel *rf_modality_image_model (RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, RfProgress *progress,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
RfTextModel *rf_modality_text_model (RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, RfProgress *progress,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An item's text as the text features read it under these settings: what offsets of tokens count from. */
char *rf_modality_item_text (const RfCatalog *catalog, const RfConfig *config, guint32 item) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
