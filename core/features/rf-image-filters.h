/* rf-image-filters.h: features of small patches, learnt from the catalog's own pictures without labels.
 *
 * Patches of 6 x 6 x 3 values of the picture at half size are normalised (mean 0, deviation 1), whitened (ZCA), and 64 of
 * them, drawn at random and scaled to length 1, are the filters. The response of a filter at each place is rectified both
 * ways, max (0, z - 1/4) and max (0, -z - 1/4), and averaged over 3 x 3 regions. Coates, Lee and Ng, "An analysis of
 * single-layer networks in unsupervised feature learning", AISTATS 2011 (random patches, soft threshold); here a third of
 * the usual pooling.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/features/rf-image-picture.h"

G_BEGIN_DECLS

#define RF_FILTERS_N       64
#define RF_FILTERS_SIDE    6
#define RF_FILTERS_VALUES  (RF_FILTERS_SIDE * RF_FILTERS_SIDE * 3)
#define RF_FILTERS_REGIONS 3
#define RF_FILTERS_DIMS    (RF_FILTERS_N * 2 * RF_FILTERS_REGIONS * RF_FILTERS_REGIONS)

typedef struct
{
  float weight[RF_FILTERS_N][RF_FILTERS_VALUES]; /* whitening included; each sums to 0 */
  float offset[RF_FILTERS_N];
} RfFilters;

/* n_pictures pictures of RF_PICTURE_AREA * 3 bytes each; at least one. Deterministic in the seed. */
gboolean rf_filters_learn (const guint8 *const *rgb, gsize n_pictures, guint64 seed, RfFilters *filters, GError **error);

/* Room for one picture at work; one per thread. */
typedef struct _RfFilterScratch RfFilterScratch;

RfFilterScratch *rf_filter_scratch_new (void) G_GNUC_WARN_UNUSED_RESULT;
void rf_filter_scratch_free (RfFilterScratch *self);

/* Fills RF_FILTERS_DIMS values. */
void rf_filters_describe (const RfFilters *filters, const guint8 *rgb, RfFilterScratch *scratch, float *out);

G_END_DECLS
