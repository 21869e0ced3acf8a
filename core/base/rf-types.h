/* rf-types.h: the number type of the tensors, the BLAS behind it, and the check for programming errors.
 *
 * The program computes in float. The tests build core/tensor a second time with -DRF_REAL_DOUBLE, because a gradient check
 * in float can only tell coarse mistakes from rounding.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cblas.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef RF_REAL_DOUBLE
typedef double rf_real;
# define RF_GEMM cblas_dgemm
# define RF_GEMV cblas_dgemv
# define RF_AXPY cblas_daxpy
# define RF_DOT  cblas_ddot
# define RF_SCAL cblas_dscal
# define RF_NRM2 cblas_dnrm2
#else
typedef float rf_real;
# define RF_GEMM cblas_sgemm
# define RF_GEMV cblas_sgemv
# define RF_AXPY cblas_saxpy
# define RF_DOT  cblas_sdot
# define RF_SCAL cblas_sscal
# define RF_NRM2 cblas_snrm2
#endif

/* More modalities than this are refused by the configuration: exact Shapley values visit all 2^M coalitions. */
#define RF_MAX_MODALITIES 6

/* A loop marked RF_VECTORIZE is compiled for several instruction sets; the loader picks one when the program starts. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
# define RF_VECTORIZE __attribute__ ((target_clones ("default", "avx2", "avx512f")))
#else
# define RF_VECTORIZE
#endif

/* A programming error (a wrong shape, an index out of range) ends the program and names the place; user data never gets here. */
#define RF_CHECK(cond, ...)                                                \
  do                                                                       \
    {                                                                      \
      if (__builtin_expect (!(cond), 0))                                   \
        {                                                                  \
          fprintf (stderr, "%s:%d: %s: ", __FILE__, __LINE__, __func__);   \
          fprintf (stderr, __VA_ARGS__);                                   \
          fputc ('\n', stderr);                                            \
          abort ();                                                        \
        }                                                                  \
    }                                                                      \
  while (0)
