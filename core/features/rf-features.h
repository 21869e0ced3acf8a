/* rf-features.h: what a modality says about each item, as a matrix with a mask.
 *
 * A missing value is a 0 in the mask, never a row of zeros that looks like data. Immutable once made.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-matrix.h"
#include "core/base/rf-progress.h"
#include "core/catalog/rf-catalog.h"
#include "core/features/rf-image-model.h"
#include "core/features/rf-text-model.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;        /* the modality: "image", "text", ... */
  char *key;         /* options and version that made it; equal keys and equal catalogs give equal numbers */
  RfMatrix *x;       /* n_items x d; rows of unavailable items are zero */
  guint8 *available; /* n_items, 0 or 1 */
} RfFeatures;

/* Takes over x and available. */
RfFeatures *rf_features_new (const char *name, const char *key, RfMatrix *x, guint8 *available) G_GNUC_WARN_UNUSED_RESULT;
void rf_features_free (RfFeatures *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfFeatures, rf_features_free)

gsize rf_features_count_available (const RfFeatures *self);

/* Classical descriptors, principal components per block, all cores (rf-image-model.h). model may be NULL. Deterministic. */
RfFeatures *rf_image_features_fit (guint32 n_items, RfPictureFunc picture, void *picture_data, const RfImageOptions *options,
                                   RfImageModel **model, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Cleaned and tokenised text -> TF-IDF -> truncated SVD (rf-text-model.h), of the items that have a text. model may be NULL.
 * Deterministic. */
RfFeatures *rf_text_features_fit (const RfCatalog *catalog, const RfTextOptions *options, RfTextModel **model, RfProgress *progress,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What is read of an item: its title, a line feed, its description (and, if asked, a line feed and its categories). Offsets
 * of tokens count from here. */
char *rf_item_text (const RfCatalog *catalog, guint32 item, gboolean with_category) G_GNUC_WARN_UNUSED_RESULT;

/* The keys of what compute() gives: a cache with another key is out of date. Owned by the library. */
const char *rf_image_features_get_key (void);

G_END_DECLS
