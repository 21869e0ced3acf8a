/* rf-direct.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tensor/rf-direct.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(RF_REAL_DOUBLE)

typedef float Vector __attribute__ ((vector_size (64)));
typedef float Loose __attribute__ ((vector_size (64), aligned (4), may_alias)); /* the same anywhere in memory */

# define DIRECT_TARGET  __attribute__ ((target ("avx512f")))
# define DIRECT(name)   avx512_##name
# define ROWS_4         6
# define ROWS_2         8
# define ROWS_1         12
# include "core/tensor/rf-direct-loops.h"
# undef DIRECT_TARGET
# undef DIRECT
# undef ROWS_4
# undef ROWS_2
# undef ROWS_1

/* A Vector is two registers here; a tile of 64 channels would leave room for one pixel only, but still reads weights once. */
# define DIRECT_TARGET  __attribute__ ((target ("avx2,fma")))
# define DIRECT(name)   avx2_##name
# define ROWS_4         1
# define ROWS_2         3
# define ROWS_1         6
# include "core/tensor/rf-direct-loops.h"

static bool
has_avx512 (void)
{
  return __builtin_cpu_supports ("avx512f");
}

bool
rf_direct_available (void)
{
  return has_avx512 () || (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma"));
}

void
rf_direct_conv (const RfDirect *d, const float *padded, const float *weights, const float *bias, bool add, float *out)
{
  if (has_avx512 ())
    avx512_conv (d, padded, weights, bias, add, out);
  else
    avx2_conv (d, padded, weights, bias, add, out);
}

void
rf_direct_weight_grad (const RfDirect *d, const float *padded, const float *g, float *weight_grad)
{
  if (has_avx512 ())
    avx512_weight_grad (d, padded, g, weight_grad);
  else
    avx2_weight_grad (d, padded, g, weight_grad);
}

#else

bool
rf_direct_available (void)
{
  return false;
}

void
rf_direct_conv (const RfDirect *d, const rf_real *padded, const rf_real *weights, const rf_real *bias, bool add, rf_real *out)
{
  RF_CHECK (false, "there is no direct convolution here");
}

void
rf_direct_weight_grad (const RfDirect *d, const rf_real *padded, const rf_real *g, rf_real *weight_grad)
{
  RF_CHECK (false, "there is no direct convolution here");
}

#endif
