/* rf-csr.h: a sparse matrix in compressed rows; of interactions it is "which items has each user".
 *
 * Column indices are ascending and distinct within a row. Immutable once made.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint32 rows, cols;
  gsize *ptr;   /* rows + 1 */
  guint32 *idx; /* ptr[rows] column indices */
  float *val;   /* ptr[rows] values, or NULL when all are 1 */
} RfCsr;

/* From n (row, col[, val]) triples in any order; of equal (row, col) the first one counts. val may be NULL. O(n log n). */
RfCsr *rf_csr_new_from_pairs (guint32 rows, guint32 cols, gsize n, const guint32 *row, const guint32 *col, const float *val) G_GNUC_WARN_UNUSED_RESULT;
RfCsr *rf_csr_transpose (const RfCsr *self) G_GNUC_WARN_UNUSED_RESULT;
void rf_csr_free (RfCsr *self);

static inline gsize
rf_csr_row_length (const RfCsr *self, guint32 row)
{
  return self->ptr[row + 1] - self->ptr[row];
}

static inline const guint32 *
rf_csr_row (const RfCsr *self, guint32 row)
{
  return self->idx + self->ptr[row];
}

/* Is column `col` present in `row`? Binary search. */
gboolean rf_csr_contains (const RfCsr *self, guint32 row, guint32 col);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfCsr, rf_csr_free)

G_END_DECLS
