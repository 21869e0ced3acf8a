/* rf-pool.h: the loops of max pooling, one picture at a time. Private to core/tensor.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/rf-types.h"

#define RF_POOL_MAX_SIZE 15

/* x (h, w, c) -> out (h / size, w / size, c); winner: which place of the window, the first of equals; 255 where `relu` made a
 * maximum 0. */
void rf_pool_forward (size_t size, bool relu, size_t h, size_t w, size_t c, const rf_real *x, rf_real *out, uint8_t *winner);

/* Sends g back to the winners, set or added to x_grad (h, w, c). */
void rf_pool_backward (size_t size, size_t h, size_t w, size_t c, const rf_real *g, const uint8_t *winner, bool add, rf_real *x_grad);
