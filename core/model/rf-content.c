/* rf-content.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/model/rf-content.h"

#include <math.h>
#include <string.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-types.h"

void
rf_whitened_free (RfWhitened *self)
{
  if (self == NULL)
    return;
  rf_matrix_free (self->f);
  rf_matrix_free (self->mean);
  rf_matrix_free (self->projection);
  g_free (self->available);
  g_free (self);
}

/* The available rows minus their mean; rows of missing items stay zero. */
static RfMatrix *
centre (const RfFeatures *features, RfMatrix *mean)
{
  const RfMatrix *x = features->x;
  RfMatrix *centred = rf_matrix_new (x->rows, x->cols);
  g_autofree double *sum = g_new0 (double, x->cols + 1);
  gsize count = 0;

  for (gsize i = 0; i < x->rows; i++)
    if (features->available[i])
      {
        for (gsize c = 0; c < x->cols; c++)
          sum[c] += rf_matrix_row (x, i)[c];
        count++;
      }
  for (gsize c = 0; c < x->cols; c++)
    mean->x[c] = count ? (float) (sum[c] / (double) count) : 0.0f;
  for (gsize i = 0; i < x->rows; i++)
    if (features->available[i])
      for (gsize c = 0; c < x->cols; c++)
        rf_matrix_row (centred, i)[c] = rf_matrix_row (x, i)[c] - mean->x[c];
  return centred;
}

/* a (d x d, double) = X' Y for float matrices with the same rows. */
static double *
moment (const RfMatrix *x, const RfMatrix *y)
{
  gsize d = x->cols;
  g_autoptr(RfMatrix) product = rf_matrix_new (d, y->cols);
  double *a = g_new (double, d * y->cols + 1);

  rf_gemm (TRUE, FALSE, d, y->cols, x->rows, 1, x->x, d, y->x, y->cols, 0, product->x, y->cols);
  for (gsize e = 0; e < d * y->cols; e++)
    a[e] = product->x[e];
  return a;
}

RfWhitened *
rf_whiten (const RfFeatures *features, double epsilon, GError **error)
{
  g_autoptr(RfWhitened) self = g_new0 (RfWhitened, 1);
  gsize n = features->x->rows, d_in = features->x->cols, d;
  g_autoptr(RfMatrix) centred = NULL;
  g_autofree double *cov = NULL, *values = g_new0 (double, d_in + 1);
  double top;

  self->mean = rf_matrix_new (1, d_in);
  self->available = g_memdup2 (features->available, n);
  centred = centre (features, self->mean);
  cov = moment (centred, centred);
  if (!rf_eigen_symmetric (d_in, cov, values, error))
    return NULL;
  top = d_in ? MAX (values[d_in - 1], 0) : 0;
  /* Directions below float precision of the largest are noise. */
  for (d = 0; d < d_in && values[d_in - 1 - d] > 1e-10 * top && values[d_in - 1 - d] > 0; d++)
    ;
  d = MAX (d, 1);
  self->projection = rf_matrix_new (d_in, d);
  self->f = rf_matrix_new (n, d);
  for (gsize j = 0; j < d && top > 0; j++)
    {
      double scale = 1 / sqrt (values[d_in - 1 - j] + epsilon * top);

      for (gsize i = 0; i < d_in; i++)
        self->projection->x[i * d + j] = (float) (cov[i * d_in + d_in - 1 - j] * scale);
    }
  rf_gemm (FALSE, FALSE, n, d, d_in, 1, centred->x, d_in, self->projection->x, d, 0, self->f->x, d);
  return g_steal_pointer (&self);
}

struct _RfContentSolver
{
  const RfWhitened *whitened;
  gsize d;
  double *qa, *qb; /* d x d, eigenvectors in columns */
  double *a, *b;   /* d */
  double *c;       /* d x d: Qa' C Qb */
};

void
rf_content_solver_free (RfContentSolver *self)
{
  if (self == NULL)
    return;
  g_free (self->qa);
  g_free (self->qb);
  g_free (self->a);
  g_free (self->b);
  g_free (self->c);
  g_free (self);
}

/* sqrt(w_u) (X F)_u for every user: A = P' P. And diag(G)_i = sum of w_u over the users of i. */
static RfMatrix *
weighted_profiles (const RfMatrix *f, const RfCsr *train, double *diagonal)
{
  RfMatrix *p = rf_matrix_new (train->rows, f->cols);

  for (guint32 u = 0; u < train->rows; u++)
    {
      gsize n = rf_csr_row_length (train, u);
      const guint32 *items = rf_csr_row (train, u);
      double w = n ? 1.0 / (double) n : 0;

      for (gsize j = 0; j < n; j++)
        {
          cblas_saxpy ((int) f->cols, (float) sqrt (w), rf_matrix_row (f, items[j]), 1, rf_matrix_row (p, u), 1);
          diagonal[items[j]] += w;
        }
    }
  return p;
}

/* out = op(A) B or A B, d x d double. */
static void
product (gsize d, gboolean trans_a, gboolean trans_b, const double *a, const double *b, double *out)
{
  cblas_dgemm (CblasRowMajor, trans_a ? CblasTrans : CblasNoTrans, trans_b ? CblasTrans : CblasNoTrans, (int) d, (int) d, (int) d,
               1.0, a, (int) d, b, (int) d, 0.0, out, (int) d);
}

RfContentSolver *
rf_content_solver_new (const RfWhitened *whitened, const RfCsr *train, GError **error)
{
  g_autoptr(RfContentSolver) self = g_new0 (RfContentSolver, 1);
  const RfMatrix *f = whitened->f;
  gsize d = f->cols;
  g_autofree double *diagonal = g_new0 (double, f->rows + 1), *self_pairs = NULL, *half = g_new (double, d * d);
  g_autoptr(RfMatrix) profiles = weighted_profiles (f, train, diagonal), scaled = rf_matrix_copy (f);

  self->whitened = whitened;
  self->d = d;
  self->qa = moment (profiles, profiles);
  self->qb = moment (f, f);
  for (gsize i = 0; i < f->rows; i++)
    cblas_sscal ((int) d, (float) diagonal[i], rf_matrix_row (scaled, i), 1);
  self_pairs = moment (f, scaled);
  self->c = g_new (double, d * d);
  for (gsize e = 0; e < d * d; e++)
    self->c[e] = self->qa[e] - self_pairs[e];
  self->a = g_new (double, d);
  self->b = g_new (double, d);
  if (!rf_eigen_symmetric (d, self->qa, self->a, error) || !rf_eigen_symmetric (d, self->qb, self->b, error))
    return NULL;
  product (d, TRUE, FALSE, self->qa, self->c, half);
  product (d, FALSE, FALSE, half, self->qb, self->c);
  return g_steal_pointer (&self);
}

RfChannel *
rf_content_solver_solve (const RfContentSolver *self, double lambda)
{
  gsize d = self->d, n = self->whitened->f->rows;
  double ridge = lambda * MAX (self->a[d - 1], 0) * MAX (self->b[d - 1], 0);
  g_autofree double *middle = g_new (double, d * d), *half = g_new (double, d * d);
  g_autoptr(RfMatrix) m = rf_matrix_new (d, d);
  RfMatrix *key = rf_matrix_new (n, d);

  for (gsize i = 0; i < d; i++)
    for (gsize j = 0; j < d; j++)
      {
        double under = MAX (self->a[i], 0) * MAX (self->b[j], 0) + ridge;

        middle[i * d + j] = under > 0 ? self->c[i * d + j] / under : 0;
      }
  product (d, FALSE, FALSE, self->qa, middle, half);
  product (d, FALSE, TRUE, half, self->qb, middle);
  for (gsize e = 0; e < d * d; e++)
    m->x[e] = (float) middle[e];
  rf_gemm (FALSE, FALSE, n, d, d, 1, self->whitened->f->x, d, m->x, d, 0, key->x, d);
  return rf_channel_new_factors ("closed-form", key, rf_matrix_copy (self->whitened->f), g_memdup2 (self->whitened->available, n));
}
