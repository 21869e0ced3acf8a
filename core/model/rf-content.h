/* rf-content.h: a content channel in closed form: no epochs, a second or two.
 *
 * With F the whitened features (n_items x d) find M (d x d) that minimises
 *
 *   sum_u w_u | x_u - x_u F M F' |^2 + lambda |M|^2,   w_u = 1 / n_u,
 *
 * with self pairs taken out of the target moment, so that an item is predicted by the others:
 *
 *   A = F' G F,  B = F' F,  C = A - F' diag(G) F,  G = X' diag(w) X,   A = Qa diag(a) Qa',  B = Qb diag(b) Qb'
 *   M = Qa [ (Qa' C Qb) / (a b' + lambda max(a) max(b)) ] Qb'
 *
 * The weight of a past item j for an item i is then (F M)_j . F_i.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/features/rf-features.h"
#include "core/model/rf-channel.h"

G_BEGIN_DECLS

/* Whitened features: F = (x - mean) projection, with s -> s / sqrt (s^2 + epsilon s_1^2) on the singular values. */
typedef struct
{
  RfMatrix *f;          /* n_items x d, zero rows where unavailable */
  RfMatrix *mean;       /* 1 x d_in */
  RfMatrix *projection; /* d_in x d */
  guint8 *available;
} RfWhitened;

RfWhitened *rf_whiten (const RfFeatures *features, double epsilon, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_whitened_free (RfWhitened *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfWhitened, rf_whitened_free)

/* The part that does not depend on lambda: eigen-decompositions and the rotated moment. */
typedef struct _RfContentSolver RfContentSolver;

RfContentSolver *rf_content_solver_new (const RfWhitened *whitened, const RfCsr *train, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_content_solver_free (RfContentSolver *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfContentSolver, rf_content_solver_free)

/* lambda is relative: 1 is as large as the largest product of moments. O(d^3 + n_items d^2). */
RfChannel *rf_content_solver_solve (const RfContentSolver *self, double lambda) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
