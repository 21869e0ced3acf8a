/* rf-content.h: a content channel in closed form: no epochs, a second or two.
 *
 * With F the whitened features (n_items x d) find M (d x d) that minimises
 *
 *   sum_u w_u | x_u - x_u F M F' |^2 + lambda |M|^2,   w_u = 1 / n_u,
 *
 * with self pairs taken out of the target moment, so that an item is predicted by the others:
 *
 *   A = F' G F,  B = F' F,  C = A - F' diag(G) F,  G = X' diag(w) X,   A = Qa diag(a) Qa',  B = diag(b)
 *   M = Qa [ (Qa' C) / (a b' + lambda max(a) max(b)) ]
 *
 * The weight of a past item j for an item i is then (F M)_j . F_i.
 *
 * F = Y S, where Y are the centred features along their principal directions and S = diag (1 / sqrt (s^2 + epsilon s_1^2)) with the singular
 * values s. So only S depends on epsilon: the moments are taken of Y once and scaled, B is diagonal with b = s^2 S^2, and one
 * eigenproblem is left for each epsilon, that of A.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/features/rf-features.h"
#include "core/model/rf-channel.h"

G_BEGIN_DECLS

/* What depends neither on epsilon nor on lambda: Y and its moments. */
typedef struct _RfContentSpace RfContentSpace;

/* Refers to nothing of its arguments afterwards. O(n_items d_in^2 + n_users d^2 + d_in^3); holds n_items d + 2 d^2 floats. */
RfContentSpace *rf_content_space_new (const RfFeatures *features, const RfCsr *train, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_content_space_free (RfContentSpace *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfContentSpace, rf_content_space_free)

/* What does not depend on lambda: F, F and C along the eigenvectors of A. */
typedef struct _RfContentSolver RfContentSolver;

/* Refers to nothing of space afterwards. O(d^3 + n_items d^2); holds 2 n_items d floats and d^2 doubles, and 3 d^2 doubles meanwhile. */
RfContentSolver *rf_content_solver_new (const RfContentSpace *space, double epsilon, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_content_solver_free (RfContentSolver *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfContentSolver, rf_content_solver_free)

/* lambda is relative: 1 is as large as the largest product of moments. The values of the channel are F. O(n_items d^2). */
RfChannel *rf_content_solver_solve (const RfContentSolver *self, double lambda) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
