/* rf-kernel.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tensor/rf-kernel.h"

#include "core/base/rf-parallel.h"

#define PARALLEL_FLOPS ((size_t) 1 << 21) /* below it a thread costs more than it saves */
#define N_BLOCKS       8
#define BLOCK_ROUND    16

void
rf_mm (bool trans_a, bool trans_b, size_t m, size_t n, size_t k, rf_real alpha, const rf_real *a, size_t lda, const rf_real *b,
       size_t ldb, rf_real beta, rf_real *c, size_t ldc)
{
  if (m == 0 || n == 0)
    return;
  if (k == 0)
    {
      for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++)
          c[i * ldc + j] = beta == 0 ? 0 : beta * c[i * ldc + j];
      return;
    }
  RF_GEMM (CblasRowMajor, trans_a ? CblasTrans : CblasNoTrans, trans_b ? CblasTrans : CblasNoTrans, (int) m, (int) n, (int) k,
           alpha, a, (int) lda, b, (int) ldb, beta, c, (int) ldc);
}

typedef struct
{
  bool trans_a, trans_b, by_columns;
  size_t m, n, k, lda, ldb, ldc;
  rf_real alpha, beta;
  const rf_real *a, *b;
  rf_real *c;
} Product;

static void
product_block (size_t begin, size_t end, int worker, void *data)
{
  const Product *p = data;

  if (p->by_columns)
    rf_mm (p->trans_a, p->trans_b, p->m, end - begin, p->k, p->alpha, p->a, p->lda,
           p->trans_b ? p->b + begin * p->ldb : p->b + begin, p->ldb, p->beta, p->c + begin, p->ldc);
  else
    rf_mm (p->trans_a, p->trans_b, end - begin, p->n, p->k, p->alpha, p->trans_a ? p->a + begin : p->a + begin * p->lda, p->lda,
           p->b, p->ldb, p->beta, p->c + begin * p->ldc, p->ldc);
}

void
rf_mm_parallel (bool trans_a, bool trans_b, size_t m, size_t n, size_t k, rf_real alpha, const rf_real *a, size_t lda,
                const rf_real *b, size_t ldb, rf_real beta, rf_real *c, size_t ldc)
{
  Product p = { trans_a, trans_b, n > 2 * m, m, n, k, lda, ldb, ldc, alpha, beta, a, b, c };
  size_t length = p.by_columns ? n : m;
  size_t block = (length / N_BLOCKS + BLOCK_ROUND - 1) / BLOCK_ROUND * BLOCK_ROUND;

  if (m * n * k < PARALLEL_FLOPS || length < 2 * BLOCK_ROUND)
    block = length;
  rf_parallel_for (length, block ? block : BLOCK_ROUND, product_block, &p);
}

RF_VECTORIZE void
rf_add_column_sums (const rf_real *x, size_t rows, size_t cols, rf_real *out)
{
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < cols; j++)
      out[j] += x[i * cols + j];
}
