/* rf-linalg.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/base/rf-linalg.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-parallel.h"

/* LAPACK's Fortran entry points, which every OpenBLAS carries. */
extern void dsyevd_ (const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
                     const int *lwork, int *iwork, const int *liwork, int *info);
extern void dpotrf_ (const char *uplo, const int *n, double *a, const int *lda, int *info);
extern void spotrf_ (const char *uplo, const int *n, float *a, const int *lda, int *info);

#define GEMM_BLOCK_ROWS 256
#define SPD_BLOCK       256

typedef struct
{
  gboolean trans_a, trans_b;
  gsize m, n, k, lda, ldb, ldc;
  float alpha, beta;
  const float *a, *b;
  float *c;
} Gemm;

static void
gemm_rows (size_t begin, size_t end, int worker, void *data)
{
  const Gemm *g = data;
  const float *a = g->trans_a ? g->a + begin : g->a + begin * g->lda;

  cblas_sgemm (CblasRowMajor, g->trans_a ? CblasTrans : CblasNoTrans, g->trans_b ? CblasTrans : CblasNoTrans,
               (int) (end - begin), (int) g->n, (int) g->k, g->alpha, a, (int) g->lda, g->b, (int) g->ldb, g->beta,
               g->c + begin * g->ldc, (int) g->ldc);
}

void
rf_gemm (gboolean trans_a, gboolean trans_b, gsize m, gsize n, gsize k, float alpha, const float *a, gsize lda,
         const float *b, gsize ldb, float beta, float *c, gsize ldc)
{
  Gemm g = { trans_a, trans_b, m, n, k, lda, ldb, ldc, alpha, beta, a, b, c };

  if (m == 0 || n == 0)
    return;
  rf_parallel_for (m, GEMM_BLOCK_ROWS, gemm_rows, &g);
}

gboolean
rf_eigen_symmetric (gsize n, double *a, double *values, GError **error)
{
  int order = (int) n, lwork = -1, liwork = -1, info = 0, iwork_size = 0;
  double work_size = 0;
  g_autofree double *work = NULL;
  g_autofree int *iwork = NULL;

  if (n == 0)
    return TRUE;
  for (gsize i = 0; i < n * n; i++)
    if (!isfinite (a[i]))
      {
        g_set_error_literal (error, RF_ERROR, RF_ERROR_NUMERIC, _("A matrix holds a value that is not a number; look for NaN or infinity in the features."));
        return FALSE;
      }
  dsyevd_ ("V", "U", &order, a, &order, values, &work_size, &lwork, &iwork_size, &liwork, &info);
  lwork = (int) work_size;
  liwork = iwork_size;
  work = g_new (double, lwork);
  iwork = g_new (int, liwork);
  dsyevd_ ("V", "U", &order, a, &order, values, work, &lwork, iwork, &liwork, &info);
  if (info != 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_NUMERIC, _("The eigenvalue solver did not converge (code %d)."), info);
      return FALSE;
    }
  /* Fortran's column j is our row j: transpose, so that vectors are columns. */
  for (gsize i = 0; i < n; i++)
    for (gsize j = i + 1; j < n; j++)
      {
        double held = a[i * n + j];

        a[i * n + j] = a[j * n + i];
        a[j * n + i] = held;
      }
  return TRUE;
}

static gboolean
not_positive_definite (GError **error)
{
  g_set_error_literal (error, RF_ERROR, RF_ERROR_NUMERIC, _("A matrix that should be positive definite is not; a larger regularisation helps."));
  return FALSE;
}

typedef struct
{
  gsize n, at, width; /* the diagonal block in work: rows and columns at .. at+width-1 */
  float *a;           /* n x n, becomes the lower factor L */
  float *out;         /* n x n, becomes inv(L), then the inverse */
} Spd;

/* Rows below the diagonal block: A21 <- A21 inv(L11)', by blocks of rows. */
static void
spd_solve_panel (size_t begin, size_t end, int worker, void *data)
{
  const Spd *s = data;
  gsize row = s->at + s->width + begin;

  cblas_strsm (CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, (int) (end - begin), (int) s->width, 1.0f,
               s->a + s->at * s->n + s->at, (int) s->n, s->a + row * s->n + s->at, (int) s->n);
}

/* The trailing lower triangle: A22 <- A22 - A21 A21', by blocks of rows. */
static void
spd_update_trailing (size_t begin, size_t end, int worker, void *data)
{
  const Spd *s = data;
  gsize first = s->at + s->width, row = first + begin;

  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (int) (end - begin), (int) end, (int) s->width, -1.0f,
               s->a + row * s->n + s->at, (int) s->n, s->a + first * s->n + s->at, (int) s->n, 1.0f,
               s->a + row * s->n + first, (int) s->n);
}

/* Columns begin .. end-1 of inv(L): solve L X = E; rows above `begin` stay zero. */
static void
spd_invert_factor (size_t begin, size_t end, int worker, void *data)
{
  const Spd *s = data;

  for (gsize j = begin; j < end; j++)
    s->out[j * s->n + j] = 1.0f;
  cblas_strsm (CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, (int) (s->n - begin), (int) (end - begin), 1.0f,
               s->a + begin * s->n + begin, (int) s->n, s->out + begin * s->n + begin, (int) s->n);
}

/* Columns begin .. end-1 of the inverse, rows begin .. n-1: solve L' X = inv(L); only those rows are needed, the rest is its
 * mirror. */
static void
spd_finish_columns (size_t begin, size_t end, int worker, void *data)
{
  const Spd *s = data;

  cblas_strsm (CblasRowMajor, CblasLeft, CblasLower, CblasTrans, CblasNonUnit, (int) (s->n - begin), (int) (end - begin), 1.0f,
               s->a + begin * s->n + begin, (int) s->n, s->out + begin * s->n + begin, (int) s->n);
}

static void
spd_mirror_rows (size_t begin, size_t end, int worker, void *data)
{
  const Spd *s = data;

  for (gsize i = begin; i < end; i++)
    for (gsize j = i + 1; j < s->n; j++)
      s->a[i * s->n + j] = s->out[j * s->n + i];
  for (gsize i = begin; i < end; i++)
    memcpy (s->a + i * s->n, s->out + i * s->n, (i + 1) * sizeof (float));
}

gboolean
rf_spd_inverse (gsize n, float *a, GError **error)
{
  Spd s = { .n = n, .a = a };

  for (gsize at = 0; at < n; at += SPD_BLOCK)
    {
      int width = (int) MIN (SPD_BLOCK, n - at), ld = (int) n, info = 0;

      s.at = at;
      s.width = (gsize) width;
      spotrf_ ("U", &width, a + at * n + at, &ld, &info);
      if (info != 0)
        return not_positive_definite (error);
      rf_parallel_for (n - at - s.width, SPD_BLOCK, spd_solve_panel, &s);
      rf_parallel_for (n - at - s.width, SPD_BLOCK, spd_update_trailing, &s);
    }
  s.out = rf_floats_new (n * n);
  rf_parallel_for (n, SPD_BLOCK, spd_invert_factor, &s);
  rf_parallel_for (n, SPD_BLOCK, spd_finish_columns, &s);
  rf_parallel_for (n, SPD_BLOCK, spd_mirror_rows, &s);
  g_aligned_free (s.out);
  return TRUE;
}
