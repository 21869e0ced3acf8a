/* rf-kernel.h: the loops below the operations. Private to core/tensor.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

#include "core/base/rf-types.h"

/* C (m x n) = alpha op(A) op(B) + beta C, row-major, as cblas; one thread. beta == 0 does not read C. */
void rf_mm (bool trans_a, bool trans_b, size_t m, size_t n, size_t k, rf_real alpha, const rf_real *a, size_t lda,
            const rf_real *b, size_t ldb, rf_real beta, rf_real *c, size_t ldc);

/* The same on all threads, when it is worth it: in blocks of rows or columns of C that depend on the shape alone. */
void rf_mm_parallel (bool trans_a, bool trans_b, size_t m, size_t n, size_t k, rf_real alpha, const rf_real *a, size_t lda,
                     const rf_real *b, size_t ldb, rf_real beta, rf_real *c, size_t ldc);

/* out[j] += sum_i x[i,j]. */
void rf_add_column_sums (const rf_real *x, size_t rows, size_t cols, rf_real *out);
