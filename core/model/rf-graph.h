/* rf-graph.h: graphs over users and items, as sparse matrices with normalised weights, and propagation along them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-csr.h"
#include "core/base/rf-matrix.h"
#include "core/features/rf-features.h"
#include "core/tensor/rf-ops.h"

G_BEGIN_DECLS

/* Users and items as one set of nodes, users first: D^(-1/2) A D^(-1/2), that is 1 / sqrt (n_u n_i) for each interaction, both ways, so
 * the matrix is its own transpose (LightGCN, He et al. 2020). */
RfCsr *rf_graph_of_interactions (const RfCsr *train) G_GNUC_WARN_UNUSED_RESULT;

/* Each row of x (items) with the k rows most like it by cosine, itself left out; equal likeness: the lower number. Rows that are
 * not available, or all zeros, are in no pair; available may be NULL. Weights are 1 / sqrt (d_i d_j) with d the number of a row's
 * neighbours, as in FREEDOM (Zhou, Shen 2023): as every d is the same, each row with neighbours sums to 1. The neighbours are not
 * mutual, so the way back needs the transpose. 2 rows^2 cols flops on all threads; memory of a block, never rows^2. */
RfCsr *rf_graph_knn (const RfMatrix *x, const guint8 *available, guint k) G_GNUC_WARN_UNUSED_RESULT;

/* sum_g w_g A_g, the weights shared out anew for each row among the graphs that have entries there: a missing modality hands its
 * weight to the others. weights (n, >= 0) may be NULL: all equal. All graphs have the same shape. */
RfCsr *rf_graph_mean (const RfCsr *const *graphs, const double *weights, guint n) G_GNUC_WARN_UNUSED_RESULT;

/* The mean of rf_graph_knn() over feature matrices, with equal weights, and its transpose. n <= RF_MAX_MODALITIES. */
RfCsr *rf_graph_of_features (const RfFeatures *const *features, guint n, guint k, RfCsr **transposed) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
