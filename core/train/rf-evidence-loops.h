/* rf-evidence-loops.h: the two loops over all items in which a fit of the attention spends its time, each one pass over memory for all
 * modalities together.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include "core/base/rf-types.h"

/* The modalities that one user has (mix > 0), for n items: z (n,) standardised scores, lift (n,) exp (psi l), 0 where the item lacks it. */
typedef struct
{
  guint n_modalities; /* at most RF_MAX_MODALITIES */
  const float *z[RF_MAX_MODALITIES], *lift[RF_MAX_MODALITIES];
  float mix[RF_MAX_MODALITIES];
} RfEvidenceUser;

/* inverse = 1 / sum_m mix lift (0 where no modality is known), fused = inverse sum_m mix lift z, score = fused + pi popularity; all (n,). */
void rf_evidence_fuse (const RfEvidenceUser *user, const float *popularity, float pi, gsize n, float *fused, float *inverse, float *score);

/* With g (n,) = d loss / d score: plain[m] = sum_i g alpha_m (z_m - fused), by_popularity[m] the same with each term times popularity. */
void rf_evidence_gradient (const RfEvidenceUser *user, const float *g, const float *fused, const float *inverse, const float *popularity,
                           gsize n, double *plain, double *by_popularity);
