/* rf-panel.h: products of a narrow matrix with rows that may lie anywhere. Private to core/tensor.
 *
 * A linear map of thousands of numbers to 64 is limited by how a product keeps its result in registers: here tiles of 6 rows times
 * 64 columns, so that each number that is read meets 64 others, and each row of weights 6. The rows of the left matrix are given by
 * address: those of a batch are read where they lie in the whole, without being gathered first. Written with vector types of the
 * compiler for AVX-512 and for AVX2; elsewhere, and in double, rf_panel_available() is false and the caller gathers and multiplies.
 *
 * Each number of a result is a sum in the order of the arguments alone: the same bits however the work is cut.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/rf-types.h"

#define RF_PANEL_COLUMNS 16 /* columns must be a multiple */
#define RF_PANEL_DEPTH   192 /* places of a row that rf_panel_outer() takes at once: where to cut its work */

/* Can products with so many columns be made here? */
bool rf_panel_available (size_t columns);
/* Is it also better than a BLAS for rows that lie side by side? */
bool rf_panel_is_fast (void);

/* out (n x columns, ldo) = start + rows (n x k) w (k x columns, ldw). start: `columns` numbers, the same for each row; or NULL: what is in
 * out if `add`, else 0. */
void rf_panel_product (size_t n, size_t k, size_t columns, const float *const *rows, const float *w, size_t ldw, const float *start, bool add,
                       float *out, size_t ldo);

/* out (k x columns, ldo) = rows' (k x n) g (n x columns, ldg), places first .. first + k - 1 of each row; or added to out. */
void rf_panel_outer (size_t n, size_t first, size_t k, size_t columns, const float *const *rows, const float *g, size_t ldg, bool add, float *out,
                     size_t ldo);
