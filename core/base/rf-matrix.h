/* rf-matrix.h: a dense row-major float matrix that owns its numbers (64-byte aligned).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gsize rows, cols;
  float *x;   /* rows * cols, row-major */
  gint extra; /* references beyond the first */
} RfMatrix;

/* All zeros. Aborts when memory runs out, as GLib does: callers estimate large sizes first and refuse with RF_ERROR_LIMIT. */
RfMatrix *rf_matrix_new (gsize rows, gsize cols) G_GNUC_WARN_UNUSED_RESULT;
RfMatrix *rf_matrix_copy (const RfMatrix *self) G_GNUC_WARN_UNUSED_RESULT;
/* One more owner of the same numbers, which nobody changes from then on. */
RfMatrix *rf_matrix_ref (RfMatrix *self);
/* Gives up one owner's share; the last one frees. */
void rf_matrix_free (RfMatrix *self);

static inline float *
rf_matrix_row (const RfMatrix *self, gsize row)
{
  return self->x + row * self->cols;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfMatrix, rf_matrix_free)

/* A zeroed, 64-byte aligned block of n floats; free with g_aligned_free(). */
float *rf_floats_new (gsize n) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
