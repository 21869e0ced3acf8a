/* rf-csr.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rf-csr.h"

#include <string.h>

/* Counting sort by `key`: order[] lists the triples with ascending key, equal keys in their old order; ptr gets n_keys + 1. */
static void
sort_by_key (guint32 n_keys, gsize n, const guint32 *key, const gsize *before, gsize *order, gsize *ptr)
{
  g_autofree gsize *next = g_new (gsize, n_keys + 1);

  memset (ptr, 0, (n_keys + 1) * sizeof *ptr);
  for (gsize t = 0; t < n; t++)
    ptr[key[t] + 1]++;
  for (guint32 k = 0; k < n_keys; k++)
    ptr[k + 1] += ptr[k];
  memcpy (next, ptr, (n_keys + 1) * sizeof *ptr);
  for (gsize t = 0; t < n; t++)
    {
      gsize triple = before ? before[t] : t;

      order[next[key[triple]]++] = triple;
    }
}

RfCsr *
rf_csr_new_from_pairs (guint32 rows, guint32 cols, gsize n, const guint32 *row, const guint32 *col, const float *val)
{
  RfCsr *self = g_new0 (RfCsr, 1);
  g_autofree gsize *by_col = g_new (gsize, n + 1), *order = g_new (gsize, n + 1);
  g_autofree gsize *col_ptr = g_new (gsize, (gsize) cols + 1);
  g_autofree gsize *row_ptr = g_new (gsize, (gsize) rows + 1);
  gsize kept = 0;

  self->rows = rows;
  self->cols = cols;
  self->ptr = g_new (gsize, (gsize) rows + 1);
  self->idx = g_new (guint32, n + 1);
  self->val = val ? g_new (float, n + 1) : NULL;
  sort_by_key (cols, n, col, NULL, by_col, col_ptr);
  sort_by_key (rows, n, row, by_col, order, row_ptr);
  for (guint32 r = 0; r < rows; r++)
    {
      self->ptr[r] = kept;
      for (gsize t = row_ptr[r]; t < row_ptr[r + 1]; t++)
        {
          if (kept > self->ptr[r] && self->idx[kept - 1] == col[order[t]])
            continue;
          self->idx[kept] = col[order[t]];
          if (val)
            self->val[kept] = val[order[t]];
          kept++;
        }
    }
  self->ptr[rows] = kept;
  return self;
}

RfCsr *
rf_csr_transpose (const RfCsr *self)
{
  RfCsr *t = g_new0 (RfCsr, 1);
  gsize n = self->ptr[self->rows];
  g_autofree gsize *next = g_new (gsize, (gsize) self->cols + 1);

  t->rows = self->cols;
  t->cols = self->rows;
  t->ptr = g_new0 (gsize, (gsize) self->cols + 1);
  t->idx = g_new (guint32, n + 1);
  t->val = self->val ? g_new (float, n + 1) : NULL;
  for (gsize k = 0; k < n; k++)
    t->ptr[self->idx[k] + 1]++;
  for (guint32 c = 0; c < self->cols; c++)
    t->ptr[c + 1] += t->ptr[c];
  memcpy (next, t->ptr, ((gsize) self->cols + 1) * sizeof *next);
  for (guint32 r = 0; r < self->rows; r++)
    for (gsize k = self->ptr[r]; k < self->ptr[r + 1]; k++)
      {
        gsize at = next[self->idx[k]]++;

        t->idx[at] = r;
        if (t->val)
          t->val[at] = self->val[k];
      }
  return t;
}

void
rf_csr_free (RfCsr *self)
{
  if (self == NULL)
    return;
  g_free (self->ptr);
  g_free (self->idx);
  g_free (self->val);
  g_free (self);
}

gboolean
rf_csr_contains (const RfCsr *self, guint32 row, guint32 col)
{
  gsize low = self->ptr[row], high = self->ptr[row + 1];

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (self->idx[middle] < col)
        low = middle + 1;
      else
        high = middle;
    }
  return low < self->ptr[row + 1] && self->idx[low] == col;
}
