/* rf-feature-map.h: from the features of a modality to its place in the trained model.
 *
 * A content channel (rf-content.h) scores with vectors that are affine in an item's features x:
 *
 *   value (x) = (x - mean) A + c      w(j,i) = key_j . value (x_i)
 *
 * A and c are found again from the items themselves by least squares (minimum norm, in double), so any channel that has this form
 * can be used, also one that was trained by gradient, and `error` tells how well it holds: the root mean square of what is left over
 * that of the vectors, about 1e-6 for a closed form. With them a picture or a text that the catalog does not have, or a changed one,
 * gets its place; and for one user the raw score of an item is a single direction in feature space:
 *
 *   s(u,i) = p . value_i = (x_i - mean) . g + p . c,   g = A p,   p = sum_j key_j, or the user's own vector
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/features/rf-features.h"
#include "core/model/rf-model.h"

G_BEGIN_DECLS

typedef struct
{
  guint32 dims;    /* of the features */
  guint32 width;   /* of the channel's vectors */
  RfMatrix *mean;  /* 1 x dims: of the items that have the modality */
  RfMatrix *value; /* dims x width: A */
  RfMatrix *centre; /* 1 x width: c, the mean vector */
  double error;    /* relative */
} RfFeatureMap;

/* Of modality m. RF_ERROR_DATA when its channel is no function of the features (not of factors: behaviour; or error > 1 %), or the
 * model does not split into modalities. O(items dims^2). */
RfFeatureMap *rf_feature_map_new (const RfFeatures *features, const RfModel *model, guint m, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_feature_map_free (RfFeatureMap *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfFeatureMap, rf_feature_map_free)

/* x: dims numbers. value: width numbers. */
void rf_feature_map_apply (const RfFeatureMap *self, const float *x, float *value);

/* What one user's taste in this modality is, in feature space: the contribution alpha_m z_m of an item with features x is
 *   scale * (x . g - base) + offset.
 * It holds for changes of one item: that the catalog's own mean and deviation would move by a 1 / n_items-th of the change is left
 * out, and attention is kept. */
typedef struct
{
  guint32 dims;
  float *g;      /* dims */
  double base;   /* mean . g - p . c */
  double scale;  /* from raw score to contribution; 0 where the modality says nothing */
  double offset;
} RfTaste;

/* scores: of the history, in `row`; user: its number or RF_NO_USER; item: whose contribution it is. An item of the history is left out
 * of it, as in scoring. */
RfTaste *rf_taste_new (const RfFeatureMap *map, const RfModel *model, const RfScores *scores, guint32 row, guint m,
                       const guint32 *history, gsize n_history, guint32 user, guint32 item) G_GNUC_WARN_UNUSED_RESULT;
void rf_taste_free (RfTaste *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfTaste, rf_taste_free)

/* The contribution of an item with these features. */
double rf_taste_value (const RfTaste *self, const float *x);

G_END_DECLS
