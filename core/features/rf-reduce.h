/* rf-reduce.h: features along their leading principal directions.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-matrix.h"
#include "core/base/rf-progress.h"

G_BEGIN_DECLS

/* The available rows of x (available: x->rows bytes, at least one of them 1; the other rows are zeros) less their mean, onto the first `dims`
 * right singular vectors: x->rows x min (dims, rows, cols). Exact where the rank is no larger. share, if not NULL: how much of the variance
 * stays, 0 .. 1. Deterministic. NULL only when cancelled or when x is not finite. */
RfMatrix *rf_reduce (const RfMatrix *x, const guint8 *available, gsize dims, double *share, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
