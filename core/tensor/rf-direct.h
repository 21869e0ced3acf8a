/* rf-direct.h: convolution without patches, for stride 1 and one group. Private to core/tensor.
 *
 * In a channels-last picture the patch of a pixel is kh runs of kw * c neighbouring numbers, so a product can read it where it
 * lies: a tile of pixels times 16 to 64 output channels is kept in registers while the patch is walked. The same loops give
 * the gradient of the input (a convolution with the weights turned round), and with the roles of pixels and patch places
 * swapped the gradient of the weights. Written with vector types of the compiler for AVX-512 and for AVX2; elsewhere, and
 * in double, rf_direct_available() is false and the caller multiplies patches.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

#include "core/base/rf-types.h"

#define RF_DIRECT_CHANNELS 16 /* output channels must be a multiple */
#define RF_DIRECT_SLACK    16 /* numbers that may be read, and are ignored, behind a padded picture */

bool rf_direct_available (void);

typedef struct
{
  size_t pw;     /* width of the padded picture */
  size_t c, o;   /* channels in and out */
  size_t kh, kw;
  size_t oh, ow; /* size of the result */
} RfDirect;

/* out (oh, ow, o) = bias (or nothing, if NULL) + the convolution of the padded picture (oh + kh - 1, pw, c), or added to out. */
void rf_direct_conv (const RfDirect *d, const rf_real *padded, const rf_real *weights, const rf_real *bias, bool add, rf_real *out);

/* weight_grad (kh, kw, c, o) += the sum over pixels of patch times gradient g (oh, ow, o). */
void rf_direct_weight_grad (const RfDirect *d, const rf_real *padded, const rf_real *g, rf_real *weight_grad);
