/* rf-ease.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/model/rf-ease.h"

#include <cblas.h>
#include <math.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-types.h"

/* Above this many users the eigenvalues (9 U^3 flops on one thread) cost more than they save. */
#define MAX_FACTORED_USERS 1500

struct _RfEaseSolver
{
  guint32 n_users, n_items;
  guint8 *available;
  /* Factored way. */
  RfMatrix *z;    /* n_items x rank: column r of Z' is an eigenvector's image */
  double *values; /* rank */
  /* Direct way. */
  RfMatrix *gram; /* n_items x n_items: X'X */
};

gboolean
rf_ease_is_factored (guint32 n_users, guint32 n_items)
{
  return n_users < n_items && n_users <= MAX_FACTORED_USERS;
}

gsize
rf_ease_estimate_bytes (guint32 n_users, guint32 n_items)
{
  gsize u = n_users, i = n_items;

  return rf_ease_is_factored (n_users, n_items) ? 8 * u * u + 12 * u * i : 12 * i * i;
}

gboolean
rf_ease_solver_is_factored (const RfEaseSolver *self)
{
  return self->z != NULL;
}

void
rf_ease_solver_free (RfEaseSolver *self)
{
  if (self == NULL)
    return;
  g_free (self->available);
  rf_matrix_free (self->z);
  g_free (self->values);
  rf_matrix_free (self->gram);
  g_free (self);
}

typedef struct
{
  const RfCsr *x, *transpose;
  RfMatrix *gram;
} Gram;

/* Rows of X X': how many columns two rows share. */
static void
gram_rows (size_t begin, size_t end, int worker, void *data)
{
  const Gram *g = data;

  for (size_t r = begin; r < end; r++)
    {
      float *out = rf_matrix_row (g->gram, r);

      for (gsize e = g->x->ptr[r]; e < g->x->ptr[r + 1]; e++)
        {
          guint32 c = g->x->idx[e];

          for (gsize f = g->transpose->ptr[c]; f < g->transpose->ptr[c + 1]; f++)
            out[g->transpose->idx[f]] += 1.0f;
        }
    }
}

static RfMatrix *
shared_columns (const RfCsr *x, const RfCsr *transpose)
{
  Gram g = { x, transpose, rf_matrix_new (x->rows, x->rows) };

  rf_parallel_for (x->rows, 16, gram_rows, &g);
  return g.gram;
}

static gboolean
factorise (RfEaseSolver *self, const RfCsr *train, const RfCsr *transpose, GError **error)
{
  gsize u = self->n_users, n = self->n_items, rank = 0;
  g_autoptr(RfMatrix) gram = shared_columns (train, transpose), q = NULL;
  g_autofree double *a = g_new (double, u * u + 1), *values = g_new (double, u + 1);

  for (gsize e = 0; e < u * u; e++)
    a[e] = gram->x[e];
  if (!rf_eigen_symmetric (u, a, values, error))
    return FALSE;
  while (rank < u && values[u - 1 - rank] > 1e-9 * values[u - 1])
    rank++;
  rank = MAX (rank, 1);
  q = rf_matrix_new (u, rank);
  self->values = g_new (double, rank);
  for (gsize r = 0; r < rank; r++)
    {
      self->values[r] = values[u - 1 - r];
      for (gsize i = 0; i < u; i++)
        q->x[i * rank + r] = (float) a[i * u + u - 1 - r];
    }
  self->z = rf_matrix_new (n, rank);
  for (guint32 i = 0; i < n; i++)
    for (gsize e = transpose->ptr[i]; e < transpose->ptr[i + 1]; e++)
      cblas_saxpy ((int) rank, 1.0f, rf_matrix_row (q, transpose->idx[e]), 1, rf_matrix_row (self->z, i), 1);
  return TRUE;
}

RfEaseSolver *
rf_ease_solver_new (const RfCsr *train, GError **error)
{
  g_autoptr(RfEaseSolver) self = g_new0 (RfEaseSolver, 1);
  g_autoptr(RfCsr) transpose = rf_csr_transpose (train);

  self->n_users = train->rows;
  self->n_items = train->cols;
  self->available = g_new0 (guint8, self->n_items + 1);
  for (guint32 i = 0; i < self->n_items; i++)
    self->available[i] = rf_csr_row_length (transpose, i) > 0;
  if (rf_ease_is_factored (self->n_users, self->n_items))
    {
      if (!factorise (self, train, transpose, error))
        return NULL;
    }
  else
    {
      self->gram = shared_columns (transpose, train);
    }
  return g_steal_pointer (&self);
}

static RfChannel *
solve_factored (const RfEaseSolver *self, double lambda)
{
  gsize n = self->n_items, rank = self->z->cols;
  RfMatrix *key = rf_matrix_new (n, rank), *value = rf_matrix_new (n, rank);

  for (gsize i = 0; i < n; i++)
    {
      const float *z = rf_matrix_row (self->z, i);
      float *k = rf_matrix_row (key, i), *v = rf_matrix_row (value, i);
      double share = 0;

      for (gsize r = 0; r < rank; r++)
        {
          k[r] = (float) (z[r] / (self->values[r] + lambda));
          share += (double) z[r] * z[r] / (self->values[r] + lambda);
        }
      /* 1 - share = lambda P_ii > 0 in exact arithmetic. */
      for (gsize r = 0; r < rank; r++)
        v[r] = (float) (z[r] / MAX (1 - share, 1e-6));
    }
  return rf_channel_new_factors ("ease", key, value, g_memdup2 (self->available, n));
}

typedef struct
{
  RfMatrix *p;
  const float *diagonal;
  const guint8 *available;
} Divide;

static void
divide_rows (size_t begin, size_t end, int worker, void *data)
{
  const Divide *d = data;
  gsize n = d->p->cols;

  for (size_t j = begin; j < end; j++)
    {
      float *row = rf_matrix_row (d->p, j);

      for (gsize i = 0; i < n; i++)
        row[i] = i != j && d->available[i] && d->available[j] ? -row[i] / d->diagonal[i] : 0.0f;
    }
}

static RfChannel *
solve_direct (const RfEaseSolver *self, double lambda, GError **error)
{
  gsize n = self->n_items;
  g_autoptr(RfMatrix) p = rf_matrix_copy (self->gram);
  g_autofree float *diagonal = g_new (float, n + 1);
  Divide divide = { p, diagonal, self->available };

  for (gsize i = 0; i < n; i++)
    p->x[i * n + i] += (float) lambda;
  if (!rf_spd_inverse (n, p->x, error))
    return NULL;
  for (gsize i = 0; i < n; i++)
    diagonal[i] = p->x[i * n + i];
  rf_parallel_for (n, 64, divide_rows, &divide);
  return rf_channel_new_dense ("ease", g_steal_pointer (&p), g_memdup2 (self->available, n));
}

RfChannel *
rf_ease_solver_solve (const RfEaseSolver *self, double lambda, GError **error)
{
  RF_CHECK (lambda > 0, "lambda is %g", lambda);
  return self->z ? solve_factored (self, lambda) : solve_direct (self, lambda, error);
}
