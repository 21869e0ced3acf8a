/* rf-item-knn.h: item neighbours by who chose them together, sparse:
 *
 *   w(j,i) = c_ij / (sqrt(c_i c_j) + shrinkage),  kept where j is among the k nearest of i
 *
 * with c_i the users of i and c_ij the users of both (cosine; Deshpande and Karypis, "Item-based top-N recommendation
 * algorithms", TOIS 2004). Memory n_items x k. O(sum of n_u^2) time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/model/rf-channel.h"

G_BEGIN_DECLS

RfChannel *rf_item_knn_fit (const RfCsr *train, guint n_neighbours, double shrinkage) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
