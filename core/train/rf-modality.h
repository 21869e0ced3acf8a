/* rf-modality.h: the features of a modality, by name, from the workspace's cache or made now and cached.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/catalog/rf-workspace.h"
#include "core/features/rf-features.h"
#include "core/features/rf-image-pixels.h"
#include "core/model/rf-config.h"

G_BEGIN_DECLS

/* What people call it: "Image" for "image", and so on; other names as they are. Owned by the program, or name itself. */
const char *rf_modality_get_title (const char *name);

/* name: "image", "text", "knowledge" (TransE on the catalog's facts, settings kg.*; core/model/rf-knowledge.h), or that of a feature
 * matrix the workspace brought from its import. RF_ERROR_NOT_FOUND otherwise. A catalog where no item has the modality gives
 * features without a single available row.
 *
 * How: settings image.features (classical, or a pretrained network whose weights are the file image.weights) and text.features (tfidf,
 * skip-gram, or the word vectors of the file text.vectors). A matrix called "image" or "text" that came with the import goes before the
 * default methods, not before one that was asked for. The key of what is kept holds method, options, the hash of the file, and the
 * catalog's. RF_ERROR_CONFIG: a file is needed; RF_ERROR_IO, RF_ERROR_FORMAT: it is not there, or not what it should be. */
RfFeatures *rf_modality_features (RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, const char *name,
                                  RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As rf_modality_features(), and "statistics": what the interactions with an item look like in numbers (rf-behaviour-stats.h),
 * standardised. Only pairs of the training part are counted, so nothing of what is held out is seen; made anew each time. */
RfFeatures *rf_modality_features_of (RfWorkspace *workspace, const RfCatalog *catalog, const RfCsr *train, const RfConfig *config,
                                     const char *name, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What the user should know of how these features were made (how many words a file of word vectors knows), or NULL. */
char *rf_modality_note (RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, const char *name) G_GNUC_WARN_UNUSED_RESULT;

/* The fitted model behind the features "image" / "text", to bring pictures and texts that are not of the catalog into the same
 * space, or changed ones. Kept in the workspace when the features were made; made again (the same numbers) where an older
 * version did not keep it. RF_ERROR_NOT_FOUND when those features came ready with the import, or (pictures) from a pretrained network. */
RfImageModel *rf_modality_image_model (RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, RfProgress *progress,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
RfTextModel *rf_modality_text_model (RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, RfProgress *progress,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An item's text as the text features read it under these settings: what offsets of tokens count from. */
char *rf_modality_item_text (const RfCatalog *catalog, const RfConfig *config, guint32 item) G_GNUC_WARN_UNUSED_RESULT;

/* All pictures as squares of size x size pixels, letterboxed: cached like features. */
RfPixels *rf_modality_pixels (RfWorkspace *workspace, const RfCatalog *catalog, guint size, RfProgress *progress,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
