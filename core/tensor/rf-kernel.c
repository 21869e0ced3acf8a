/* rf-kernel.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tensor/rf-kernel.h"

#include "core/base/rf-parallel.h"
#include "core/tensor/rf-panel.h"

#define PARALLEL_FLOPS ((size_t) 1 << 21) /* below it a thread costs more than it saves */
#define N_BLOCKS       8
#define BLOCK_ROUND    16

#ifdef RF_REAL_DOUBLE

static bool
mm_by_panels (bool trans_a, bool trans_b, size_t m, size_t n, size_t k, const rf_real *a, size_t lda, const rf_real *b, size_t ldb, bool add, rf_real *c,
              size_t ldc)
{
  return false;
}

#else

#define PANEL_WORK  ((size_t) 1 << 14) /* below it the BLAS is as good */
#define PANEL_WIDTH ((size_t) 512)     /* wider: rows of b lie so far apart that they push each other out of the cache */
#define PANEL_DEPTH ((size_t) 256)     /* of a transposed b: 64 columns of it are turned on the stack, 64 kB */
#define PANEL_ROWS  ((size_t) 192)

static void
find_rows (const float *a, size_t lda, size_t first, size_t count, const float **rows)
{
  for (size_t i = 0; i < count; i++)
    rows[i] = a + (first + i) * lda;
}

/* c = a b', 64 columns at a time. */
static void
panels_of_transposed (size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b, size_t ldb, bool add, float *c, size_t ldc)
{
  float turned[PANEL_DEPTH * 64];
  const float *rows[PANEL_ROWS];

  for (size_t j = 0; j < n; j += 64)
    {
      size_t width = n - j < 64 ? n - j : 64;

      for (size_t p = 0; p < k; p++)
        for (size_t l = 0; l < width; l++)
          turned[p * width + l] = b[(j + l) * ldb + p];
      for (size_t i = 0; i < m; i += PANEL_ROWS)
        {
          size_t count = m - i < PANEL_ROWS ? m - i : PANEL_ROWS;

          find_rows (a, lda, i, count, rows);
          rf_panel_product (count, k, width, rows, turned, width, NULL, add, c + i * ldc + j, ldc);
        }
    }
}

static bool
mm_by_panels (bool trans_a, bool trans_b, size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b, size_t ldb, bool add, float *c, size_t ldc)
{
  const float *rows[PANEL_ROWS];

  if (m * n * k < PANEL_WORK || n % RF_PANEL_COLUMNS || (trans_a && trans_b) || !rf_panel_is_fast ())
    return false;
  if (trans_b)
    {
      if (k > PANEL_DEPTH || m < 24)
        return false;
      panels_of_transposed (m, n, k, a, lda, b, ldb, add, c, ldc);
      return true;
    }
  if (n > PANEL_WIDTH)
    return false;
  for (size_t i = 0, length = trans_a ? k : m; i < length; i += PANEL_ROWS)
    {
      size_t count = length - i < PANEL_ROWS ? length - i : PANEL_ROWS;

      find_rows (a, lda, i, count, rows);
      if (trans_a)
        rf_panel_outer (count, 0, m, n, rows, b + i * ldb, ldb, add || i > 0, c, ldc);
      else
        rf_panel_product (count, k, n, rows, b, ldb, NULL, add, c + i * ldc, ldc);
    }
  return true;
}

#endif

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
  if (alpha == 1 && (beta == 0 || beta == 1) && mm_by_panels (trans_a, trans_b, m, n, k, a, lda, b, ldb, beta == 1, c, ldc))
    return;
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
