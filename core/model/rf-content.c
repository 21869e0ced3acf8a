/* rf-content.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/model/rf-content.h"

#include <math.h>
#include <string.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-types.h"

#define MOMENT_ROWS 2048 /* rows that a sum of moments takes at a time */

struct _RfContentSpace
{
  RfMatrix *y;        /* n x d: centred features along their principal directions; rows of missing items are zero */
  guint8 *available;  /* n */
  double *square;     /* d: |y_j|^2, the largest first */
  double top;         /* the largest eigenvalue of the covariance */
  double *value;      /* d: the eigenvalues */
  RfMatrix *a, *c;    /* d x d: A and C for F = Y */
};

void
rf_content_space_free (RfContentSpace *self)
{
  if (self == NULL)
    return;
  rf_matrix_free (self->y);
  rf_matrix_free (self->a);
  rf_matrix_free (self->c);
  g_free (self->available);
  g_free (self->square);
  g_free (self->value);
  g_free (self);
}

/* The available rows minus their mean; rows of missing items stay zero. */
static RfMatrix *
centre (const RfFeatures *features)
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
  for (gsize i = 0; i < x->rows; i++)
    if (features->available[i])
      for (gsize c = 0; c < x->cols; c++)
        rf_matrix_row (centred, i)[c] = rf_matrix_row (x, i)[c] - (float) (sum[c] / (double) count);
  return centred;
}

/* Fills self->y, value, square and top. */
static gboolean
rotate (RfContentSpace *self, const RfMatrix *centred, GError **error)
{
  gsize n = centred->rows, d_in = centred->cols, d;
  g_autoptr(RfMatrix) moment = rf_matrix_new (d_in, d_in), directions = NULL;
  g_autofree double *cov = g_new (double, d_in * d_in + 1), *values = g_new0 (double, d_in + 1);

  rf_gemm (TRUE, FALSE, d_in, d_in, n, 1, centred->x, d_in, centred->x, d_in, 0, moment->x, d_in);
  for (gsize e = 0; e < d_in * d_in; e++)
    cov[e] = moment->x[e];
  if (!rf_eigen_symmetric (d_in, cov, values, error))
    return FALSE;
  self->top = d_in ? MAX (values[d_in - 1], 0) : 0;
  /* Directions below float precision of the largest are noise. */
  for (d = 0; d < d_in && values[d_in - 1 - d] > 1e-10 * self->top && values[d_in - 1 - d] > 0; d++)
    ;
  d = MAX (d, 1);
  self->value = g_new0 (double, d);
  self->square = g_new0 (double, d);
  self->y = rf_matrix_new (n, d);
  directions = rf_matrix_new (d_in, d);
  for (gsize j = 0; j < d && self->top > 0; j++)
    {
      self->value[j] = values[d_in - 1 - j];
      for (gsize i = 0; i < d_in; i++)
        directions->x[i * d + j] = (float) cov[i * d_in + d_in - 1 - j];
    }
  rf_gemm (FALSE, FALSE, n, d, d_in, 1, centred->x, d_in, directions->x, d, 0, self->y->x, d);
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < d; j++)
      self->square[j] += (double) self->y->x[i * d + j] * self->y->x[i * d + j];
  return TRUE;
}

/* A of Y: sum over users of the weighted profile's outer product. diagonal: diag(G), sums of w_u over the users of an item. */
static void
add_profiles (RfContentSpace *self, const RfCsr *train, double *diagonal)
{
  gsize d = self->y->cols;
  g_autoptr(RfMatrix) block = rf_matrix_new (MIN (MOMENT_ROWS, train->rows), d);

  for (guint32 first = 0; first < train->rows; first += MOMENT_ROWS)
    {
      gsize rows = MIN (MOMENT_ROWS, train->rows - first);

      memset (block->x, 0, rows * d * sizeof (float));
      for (gsize r = 0; r < rows; r++)
        {
          gsize n = rf_csr_row_length (train, first + (guint32) r);
          const guint32 *items = rf_csr_row (train, first + (guint32) r);

          for (gsize j = 0; j < n; j++)
            {
              cblas_saxpy ((int) d, (float) sqrt (1.0 / (double) n), rf_matrix_row (self->y, items[j]), 1, rf_matrix_row (block, r), 1);
              diagonal[items[j]] += 1.0 / (double) n;
            }
        }
      rf_gemm (TRUE, FALSE, d, d, rows, 1, block->x, d, block->x, d, 1, self->a->x, d);
    }
}

/* C of Y, from A: minus Y' diag(G) Y. */
static void
take_self_pairs (RfContentSpace *self, const double *diagonal)
{
  gsize n = self->y->rows, d = self->y->cols;
  g_autoptr(RfMatrix) block = rf_matrix_new (MIN (MOMENT_ROWS, n), d);

  memcpy (self->c->x, self->a->x, d * d * sizeof (float));
  for (gsize first = 0; first < n; first += MOMENT_ROWS)
    {
      gsize rows = MIN (MOMENT_ROWS, n - first);

      for (gsize r = 0; r < rows; r++)
        for (gsize j = 0; j < d; j++)
          rf_matrix_row (block, r)[j] = (float) diagonal[first + r] * rf_matrix_row (self->y, first + r)[j];
      rf_gemm (TRUE, FALSE, d, d, rows, -1, rf_matrix_row (self->y, first), d, block->x, d, 1, self->c->x, d);
    }
}

RfContentSpace *
rf_content_space_new (const RfFeatures *features, const RfCsr *train, GError **error)
{
  g_autoptr(RfContentSpace) self = g_new0 (RfContentSpace, 1);
  g_autoptr(RfMatrix) centred = centre (features);
  g_autofree double *diagonal = g_new0 (double, features->x->rows + 1);

  self->available = g_memdup2 (features->available, features->x->rows);
  if (!rotate (self, centred, error))
    return NULL;
  self->a = rf_matrix_new (self->y->cols, self->y->cols);
  self->c = rf_matrix_new (self->y->cols, self->y->cols);
  add_profiles (self, train, diagonal);
  take_self_pairs (self, diagonal);
  return g_steal_pointer (&self);
}

struct _RfContentSolver
{
  RfMatrix *f;       /* n x d */
  RfMatrix *rotated; /* n x d: F Qa */
  guint8 *available;
  double *a, *b;     /* d */
  double *c;         /* d x d: Qa' C */
};

void
rf_content_solver_free (RfContentSolver *self)
{
  if (self == NULL)
    return;
  rf_matrix_free (self->f);
  rf_matrix_free (self->rotated);
  g_free (self->available);
  g_free (self->a);
  g_free (self->b);
  g_free (self->c);
  g_free (self);
}

/* F = Y S and b; returns the diagonal of S. */
static double *
whiten (RfContentSolver *self, const RfContentSpace *space, double epsilon)
{
  gsize n = space->y->rows, d = space->y->cols;
  double *scale = g_new0 (double, d);

  self->f = rf_matrix_new (n, d);
  self->b = g_new0 (double, d);
  for (gsize j = 0; j < d && space->top > 0; j++)
    {
      scale[j] = 1 / sqrt (space->value[j] + epsilon * space->top);
      self->b[j] = space->square[j] * scale[j] * scale[j];
    }
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < d; j++)
      self->f->x[i * d + j] = (float) (scale[j] * space->y->x[i * d + j]);
  return scale;
}

/* d x d: S m S. */
static double *
scale_both (const RfMatrix *m, const double *scale)
{
  gsize d = m->cols;
  double *out = g_new (double, d * d);

  for (gsize i = 0; i < d; i++)
    for (gsize j = 0; j < d; j++)
      out[i * d + j] = scale[i] * scale[j] * m->x[i * d + j];
  return out;
}

/* self->rotated, from eigenvectors in columns. */
static void
rotate_features (RfContentSolver *self, const double *qa)
{
  gsize n = self->f->rows, d = self->f->cols;
  g_autoptr(RfMatrix) q = rf_matrix_new (d, d);

  for (gsize e = 0; e < d * d; e++)
    q->x[e] = (float) qa[e];
  self->rotated = rf_matrix_new (n, d);
  rf_gemm (FALSE, FALSE, n, d, d, 1, self->f->x, d, q->x, d, 0, self->rotated->x, d);
}

RfContentSolver *
rf_content_solver_new (const RfContentSpace *space, double epsilon, GError **error)
{
  g_autoptr(RfContentSolver) self = g_new0 (RfContentSolver, 1);
  int d = (int) space->y->cols;
  g_autofree double *scale = whiten (self, space, epsilon), *qa = scale_both (space->a, scale), *c = NULL;

  self->available = g_memdup2 (space->available, space->y->rows);
  self->a = g_new (double, d);
  if (!rf_eigen_symmetric ((gsize) d, qa, self->a, error))
    return NULL;
  c = scale_both (space->c, scale);
  self->c = g_new (double, (gsize) d * (gsize) d);
  cblas_dgemm (CblasRowMajor, CblasTrans, CblasNoTrans, d, d, d, 1.0, qa, d, c, d, 0.0, self->c, d);
  rotate_features (self, qa);
  return g_steal_pointer (&self);
}

RfChannel *
rf_content_solver_solve (const RfContentSolver *self, double lambda)
{
  gsize d = self->f->cols, n = self->f->rows;
  g_autoptr(RfMatrix) middle = rf_matrix_new (d, d);
  RfMatrix *key = rf_matrix_new (n, d);
  double max_b = 0, ridge;

  for (gsize j = 0; j < d; j++)
    max_b = MAX (max_b, self->b[j]);
  ridge = lambda * MAX (self->a[d - 1], 0) * max_b;
  for (gsize i = 0; i < d; i++)
    for (gsize j = 0; j < d; j++)
      {
        double under = MAX (self->a[i], 0) * self->b[j] + ridge;

        middle->x[i * d + j] = under > 0 ? (float) (self->c[i * d + j] / under) : 0;
      }
  /* F M = (F Qa) (Qa' M) */
  rf_gemm (FALSE, FALSE, n, d, d, 1, self->rotated->x, d, middle->x, d, 0, key->x, d);
  return rf_channel_new_factors ("closed-form", key, rf_matrix_ref (self->f), g_memdup2 (self->available, n));
}
