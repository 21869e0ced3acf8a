/* rf-svd.h: truncated singular value decompositions, leading eigenvectors, and the Gram matrix.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-csr.h"
#include "core/base/rf-matrix.h"
#include "core/base/rf-progress.h"

G_BEGIN_DECLS

/* out (rows x d) = a b, b is a->cols x d. Parallel over rows; the sum of a row runs in the order of its columns. */
void rf_csr_multiply (const RfCsr *a, const float *b, gsize d, float *out);

/* out (d x d, both halves) = X'X in double; x is n x d, row-major. At most 16 partial sums whatever n is. */
void rf_gram (gsize n, gsize d, const float *x, double *out);

/* The k largest singular values of a (descending, k floats, free with g_free()) and the right singular vectors (a->cols x k).
 * Randomised subspace iteration (Halko, Martinsson, Tropp, "Finding structure with randomness", SIAM Review 53, 2011,
 * algorithm 4.4) with 16 extra vectors and 6 double passes. Deterministic in the seed; of each vector the component that is
 * largest in size is positive. Where the rank is below k, the rest is zero. k <= min (rows, cols). */
gboolean rf_svd_sparse (const RfCsr *a, gsize k, guint64 seed, RfMatrix **vectors, float **values, RfProgress *progress, GError **error);

/* The same for a dense matrix. */
gboolean rf_svd_dense (const RfMatrix *a, gsize k, guint64 seed, RfMatrix **vectors, float **values, RfProgress *progress, GError **error);

/* The k largest eigenvalues (descending, into values) and eigenvectors (columns of the d x k `vectors`) of a symmetric
 * positive semi-definite matrix, by the same iteration with 10 passes: for k much smaller than d far cheaper than all of
 * them. */
gboolean rf_eigen_top (gsize d, const float *a, gsize k, guint64 seed, float *vectors, float *values, GError **error);

G_END_DECLS
