/* rf-content-knn.h: item neighbours by what they look like or say, sparse:
 *
 *   w(j,i) = cos (f_j - mean, f_i - mean),  kept where it is above 0 and j is among the k nearest of i that have features
 *
 * The plain content-based recommender that a fusion model has to beat (Lops, de Gemmis, Semeraro 2011). Nothing is learned from choices.
 * 2 n^2 d flops, memory n k.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/features/rf-features.h"
#include "core/model/rf-channel.h"

G_BEGIN_DECLS

/* NULL only when cancelled. */
RfChannel *rf_content_knn_fit (const RfFeatures *features, guint n_neighbours, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
