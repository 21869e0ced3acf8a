/* rf-reduce.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/features/rf-reduce.h"

#include "core/base/rf-linalg.h"
#include "core/features/rf-svd.h"

static RfMatrix *
centre (const RfMatrix *x, const guint8 *available)
{
  RfMatrix *centred = rf_matrix_copy (x);
  g_autofree double *mean = g_new0 (double, x->cols + 1);
  gsize n = 0;

  for (gsize i = 0; i < x->rows; i++)
    {
      n += available[i];
      for (gsize j = 0; j < x->cols && available[i]; j++)
        mean[j] += (double) rf_matrix_row (x, i)[j];
    }
  for (gsize i = 0; i < x->rows; i++)
    for (gsize j = 0; j < x->cols && available[i]; j++)
      rf_matrix_row (centred, i)[j] -= (float) (mean[j] / (double) n);
  return centred;
}

static double
sum_of_squares (const float *x, gsize n)
{
  double sum = 0;

  for (gsize e = 0; e < n; e++)
    sum += (double) x[e] * (double) x[e];
  return sum;
}

RfMatrix *
rf_reduce (const RfMatrix *x, const guint8 *available, gsize dims, double *share, RfProgress *progress, GError **error)
{
  g_autoptr(RfMatrix) centred = centre (x, available), directions = NULL;
  g_autofree float *values = NULL;
  RfMatrix *out;

  if (!rf_svd_dense (centred, MIN (dims, MIN (x->rows, x->cols)), 1, &directions, &values, progress, error))
    return NULL;
  out = rf_matrix_new (x->rows, directions->cols);
  rf_gemm (FALSE, FALSE, x->rows, directions->cols, x->cols, 1.0f, centred->x, x->cols, directions->x, directions->cols, 0.0f, out->x, directions->cols);
  if (share)
    {
      double all = sum_of_squares (centred->x, x->rows * x->cols);

      *share = all > 0 ? MIN (sum_of_squares (out->x, out->rows * out->cols) / all, 1) : 1;
    }
  return out;
}
