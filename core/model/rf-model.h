/* rf-model.h: the trained fusion model, an immutable, reference-counted snapshot. See docs and core/train for how it is fitted.
 *
 *   z_m(u,i)     = (s_m(u,i) - mean_i) / std_i                 one scale for every modality
 *   e_m(u)       = mean of z_m(u,j) over the history           evidence, leave-one-out by construction
 *   alpha_m(u,i) = softmax_m (theta_m + kappa_m e_m(u) + psi_m l_i), missing modalities masked
 *   score(u,i)   = sum_m alpha_m(u,i) z_m(u,i) + pi l_i        l_i = standardised log (1 + training count)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-csr.h"
#include "core/base/rf-types.h"

G_BEGIN_DECLS

typedef struct _RfModel RfModel;

RfModel *rf_model_ref (RfModel *self);
void rf_model_unref (RfModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfModel, rf_model_unref)

guint32 rf_model_get_n_items (const RfModel *self);
guint rf_model_get_n_modalities (const RfModel *self);
const char *rf_model_get_modality (const RfModel *self, guint m); /* "image", "text", "behaviour", ... */

G_END_DECLS
