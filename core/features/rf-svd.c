/* rf-svd.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/features/rf-svd.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/base/rf-types.h"

#define GRAIN_ROWS    128
#define GRAM_PARTS    16
#define GRAM_ROWS     64
#define EXTRA_VECTORS 16
#define N_PASSES      6
#define EIGEN_PASSES  10

/* Directions with less than this share of the largest eigenvalue of a Gram matrix are rounding. */
#define RANK_TOLERANCE 1e-12

typedef struct
{
  const RfCsr *a;
  const float *b;
  gsize d;
  float *out;
} Multiply;

static void
multiply_rows (size_t begin, size_t end, int worker, void *data)
{
  const Multiply *m = data;

  for (gsize r = begin; r < end; r++)
    {
      float *out = m->out + r * m->d;

      memset (out, 0, m->d * sizeof *out);
      for (gsize k = m->a->ptr[r]; k < m->a->ptr[r + 1]; k++)
        cblas_saxpy ((int) m->d, m->a->val ? m->a->val[k] : 1.0f, m->b + m->a->idx[k] * m->d, 1, out, 1);
    }
}

void
rf_csr_multiply (const RfCsr *a, const float *b, gsize d, float *out)
{
  Multiply m = { a, b, d, out };

  rf_parallel_for (a->rows, GRAIN_ROWS, multiply_rows, &m);
}

typedef struct
{
  gsize n, d, grain;
  const float *x;
  double *parts; /* one d x d block a chunk */
} Gram;

static void
gram_rows (size_t begin, size_t end, int worker, void *data)
{
  const Gram *g = data;
  double *sum = g->parts + begin / g->grain * g->d * g->d;
  g_autofree double *rows = g_new (double, GRAM_ROWS * g->d);

  for (gsize at = begin; at < end; at += GRAM_ROWS)
    {
      gsize n = MIN (GRAM_ROWS, end - at);

      for (gsize i = 0; i < n * g->d; i++)
        rows[i] = g->x[at * g->d + i];
      cblas_dsyrk (CblasRowMajor, CblasUpper, CblasTrans, (int) g->d, (int) n, 1.0, rows, (int) g->d, 1.0, sum, (int) g->d);
    }
}

void
rf_gram (gsize n, gsize d, const float *x, double *out)
{
  Gram g = { n, d, MAX (GRAM_ROWS, (n + GRAM_PARTS - 1) / GRAM_PARTS), x, NULL };
  gsize n_parts = (n + g.grain - 1) / g.grain;

  g.parts = g_new0 (double, n_parts * d * d + 1);
  rf_parallel_for (n, g.grain, gram_rows, &g);
  memset (out, 0, d * d * sizeof *out);
  for (gsize p = 0; p < n_parts; p++)
    cblas_daxpy ((int) (d * d), 1.0, g.parts + p * d * d, 1, out, 1);
  for (gsize i = 0; i < d; i++)
    for (gsize j = 0; j < i; j++)
      out[i * d + j] = out[j * d + i];
  g_free (g.parts);
}

/* Eigenvectors of x'x, largest first, each divided by the root of its eigenvalue (rounding: zero): x times the result (l x k)
 * has orthonormal columns. values gets the k roots. */
static gboolean
whitening (gsize n, gsize l, const float *x, gsize k, float *rotation, float *values, GError **error)
{
  g_autofree double *gram = g_new (double, l * l), *eigen = g_new (double, l);

  rf_gram (n, l, x, gram);
  if (!rf_eigen_symmetric (l, gram, eigen, error))
    return FALSE;
  for (gsize j = 0; j < k; j++)
    {
      gsize from = l - 1 - j;
      double value = eigen[from] > RANK_TOLERANCE * eigen[l - 1] && eigen[from] > 0 ? sqrt (eigen[from]) : 0;

      values[j] = (float) value;
      for (gsize i = 0; i < l; i++)
        rotation[i * k + j] = value > 0 ? (float) (gram[i * l + from] / value) : 0.0f;
    }
  return TRUE;
}

/* In place, through spare (same size): columns of x (n x l) become orthonormal. Twice, because the first time leaves errors
 * of the size of the condition number. */
static gboolean
orthonormalise (gsize n, gsize l, float **x, float **spare, GError **error)
{
  g_autofree float *rotation = g_new (float, l * l), *values = g_new (float, l);

  for (int round = 0; round < 2; round++)
    {
      float *held = *x;

      if (!whitening (n, l, *x, l, rotation, values, error))
        return FALSE;
      rf_gemm (FALSE, FALSE, n, l, l, 1.0f, *x, l, rotation, l, 0.0f, *spare, l);
      *x = *spare;
      *spare = held;
    }
  return TRUE;
}

static void
fix_signs (gsize n, gsize k, float *vectors)
{
  for (gsize j = 0; j < k; j++)
    {
      float largest = 0;

      for (gsize i = 0; i < n; i++)
        if (fabsf (vectors[i * k + j]) > fabsf (largest))
          largest = vectors[i * k + j];
      if (largest < 0)
        for (gsize i = 0; i < n; i++)
          vectors[i * k + j] *= -1.0f;
    }
}

/* A matrix, sparse or dense, and the spaces of its rows and columns: bases of l vectors, each with a spare block. */
typedef struct
{
  gsize rows, cols, l;
  const RfCsr *sparse;
  RfCsr *transposed;
  const float *dense;
  float *left, *left_spare;   /* rows x l */
  float *right, *right_spare; /* cols x l */
} Space;

/* left = a right */
static void
apply (Space *s)
{
  if (s->sparse != NULL)
    rf_csr_multiply (s->sparse, s->right, s->l, s->left);
  else
    rf_gemm (FALSE, FALSE, s->rows, s->l, s->cols, 1.0f, s->dense, s->cols, s->right, s->l, 0.0f, s->left, s->l);
}

/* right = a' left */
static void
apply_transposed (Space *s)
{
  if (s->sparse != NULL)
    rf_csr_multiply (s->transposed, s->left, s->l, s->right);
  else
    rf_gemm (TRUE, FALSE, s->cols, s->l, s->rows, 1.0f, s->dense, s->cols, s->left, s->l, 0.0f, s->right, s->l);
}

static gboolean
begin_pass (int pass, RfProgress *progress, GError **error)
{
  return rf_progress_step (progress, _("Finding the main directions"), (double) pass / (N_PASSES + 1), error);
}

static gboolean
iterate (Space *s, guint64 seed, RfProgress *progress, GError **error)
{
  RfRng rng = rf_rng_new (seed, rf_hash_mix (s->rows, s->cols));

  for (gsize i = 0; i < s->cols * s->l; i++)
    s->right[i] = (float) rf_rng_normal (&rng);
  for (int pass = 0; pass <= N_PASSES; pass++)
    {
      if (!begin_pass (pass, progress, error))
        return FALSE;
      apply (s);
      if (!begin_pass (pass, progress, error) || !orthonormalise (s->rows, s->l, &s->left, &s->left_spare, error) || !begin_pass (pass, progress, error))
        return FALSE;
      apply_transposed (s);
      if (!begin_pass (pass, progress, error))
        return FALSE;
      if (pass < N_PASSES && !orthonormalise (s->cols, s->l, &s->right, &s->right_spare, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
decompose (Space *s, gsize k, guint64 seed, RfMatrix **vectors, float **values, RfProgress *progress, GError **error)
{
  g_autofree float *rotation = NULL;
  gboolean done;

  RF_CHECK (k > 0 && k <= MIN (s->rows, s->cols), "k = %zu of a %zu x %zu matrix", k, s->rows, s->cols);
  s->l = MIN (k + EXTRA_VECTORS, MIN (s->rows, s->cols));
  rotation = g_new (float, s->l *k);
  s->left = rf_floats_new (s->rows * s->l);
  s->left_spare = rf_floats_new (s->rows * s->l);
  s->right = rf_floats_new (s->cols * s->l);
  s->right_spare = rf_floats_new (s->cols * s->l);
  *values = g_new0 (float, k);
  *vectors = rf_matrix_new (s->cols, k);
  done = iterate (s, seed, progress, error)
         /* right = a' Q, so its Gram matrix is Q' a a' Q: the squared singular values. */
         && whitening (s->cols, s->l, s->right, k, rotation, *values, error);
  if (done)
    {
      rf_gemm (FALSE, FALSE, s->cols, k, s->l, 1.0f, s->right, s->l, rotation, k, 0.0f, (*vectors)->x, k);
      fix_signs (s->cols, k, (*vectors)->x);
    }
  else
    {
      g_clear_pointer (vectors, rf_matrix_free);
      g_clear_pointer (values, g_free);
    }
  g_aligned_free (s->left);
  g_aligned_free (s->left_spare);
  g_aligned_free (s->right);
  g_aligned_free (s->right_spare);
  return done;
}

gboolean
rf_svd_sparse (const RfCsr *a, gsize k, guint64 seed, RfMatrix **vectors, float **values, RfProgress *progress, GError **error)
{
  Space s = { .rows = a->rows, .cols = a->cols, .sparse = a, .transposed = rf_csr_transpose (a) };
  gboolean done = decompose (&s, k, seed, vectors, values, progress, error);

  rf_csr_free (s.transposed);
  return done;
}

gboolean
rf_svd_dense (const RfMatrix *a, gsize k, guint64 seed, RfMatrix **vectors, float **values, RfProgress *progress, GError **error)
{
  Space s = { .rows = a->rows, .cols = a->cols, .dense = a->x };

  return decompose (&s, k, seed, vectors, values, progress, error);
}

gboolean
rf_eigen_top (gsize d, const float *a, gsize k, guint64 seed, float *vectors, float *values, GError **error)
{
  gsize l = MIN (k + EXTRA_VECTORS, d);
  float *x = rf_floats_new (d * l), *spare = rf_floats_new (d * l);
  g_autofree float *rotation = g_new (float, l * k + 1);
  RfRng rng = rf_rng_new (seed, rf_hash_mix (d, k));
  gboolean done = TRUE;

  RF_CHECK (k > 0 && k <= d, "k = %zu of a %zu x %zu matrix", k, d, d);
  for (gsize i = 0; i < d * l; i++)
    x[i] = (float) rf_rng_normal (&rng);
  for (int pass = 0; pass < EIGEN_PASSES && done; pass++)
    {
      done = orthonormalise (d, l, &x, &spare, error);
      rf_gemm (FALSE, FALSE, d, l, d, 1.0f, a, d, x, l, 0.0f, spare, l);
      memcpy (x, spare, d * l * sizeof *x);
    }
  /* x = a Q, so the singular values of x are, in the space of Q, the eigenvalues of a. */
  done = done && whitening (d, l, x, k, rotation, values, error);
  if (done)
    {
      rf_gemm (FALSE, FALSE, d, k, l, 1.0f, x, l, rotation, k, 0.0f, vectors, k);
      fix_signs (d, k, vectors);
    }
  g_aligned_free (x);
  g_aligned_free (spare);
  return done;
}
