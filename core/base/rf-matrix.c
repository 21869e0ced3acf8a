/* rf-matrix.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rf-matrix.h"

#include <string.h>

float *
rf_floats_new (gsize n)
{
  return g_aligned_alloc0 (n ? n : 1, sizeof (float), 64);
}

RfMatrix *
rf_matrix_new (gsize rows, gsize cols)
{
  RfMatrix *self = g_new (RfMatrix, 1);

  self->rows = rows;
  self->cols = cols;
  self->extra = 0;
  self->x = rf_floats_new (rows * cols);
  return self;
}

RfMatrix *
rf_matrix_copy (const RfMatrix *self)
{
  RfMatrix *copy = rf_matrix_new (self->rows, self->cols);

  memcpy (copy->x, self->x, self->rows * self->cols * sizeof (float));
  return copy;
}

RfMatrix *
rf_matrix_ref (RfMatrix *self)
{
  g_atomic_int_inc (&self->extra);
  return self;
}

void
rf_matrix_free (RfMatrix *self)
{
  if (self == NULL || g_atomic_int_add (&self->extra, -1) > 0)
    return;
  g_aligned_free (self->x);
  g_free (self);
}
