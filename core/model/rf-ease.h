/* rf-ease.h: the behaviour channel EASE (Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019):
 *
 *   P = (X'X + lambda I)^(-1),   w(j,i) = -P_ji / P_ii,  j != i
 *
 * Two ways to the same numbers. With fewer users than items (and not too many of either): X X' = Q D Q', Z = Q'X, then
 * w(j,i) = sum_r Z_rj Z_ri / (d_r + lambda) / (1 - sum_r Z_ri^2 / (d_r + lambda)), which is a channel of factors, costs
 * 9 U^3 + 2 U^2 I flops once, and a new lambda is free. Otherwise the inverse itself: I^3 flops and 8 I^2 bytes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/model/rf-channel.h"

G_BEGIN_DECLS

typedef struct _RfEaseSolver RfEaseSolver;

/* Which of the two ways a catalog takes: fewer users than items, and not too many of either? */
gboolean rf_ease_is_factored (guint32 n_users, guint32 n_items);
/* Bytes that the solver and one solution will take, to be asked before starting. */
gsize rf_ease_estimate_bytes (guint32 n_users, guint32 n_items);

RfEaseSolver *rf_ease_solver_new (const RfCsr *train, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_ease_solver_free (RfEaseSolver *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfEaseSolver, rf_ease_solver_free)

/* lambda > 0. Items that nobody has in train are unavailable. */
RfChannel *rf_ease_solver_solve (const RfEaseSolver *self, double lambda, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Is another lambda nearly free (the factored way)? */
gboolean rf_ease_solver_is_factored (const RfEaseSolver *self);

G_END_DECLS
