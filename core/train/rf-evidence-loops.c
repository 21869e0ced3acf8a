/* rf-evidence-loops.c
 *
 * The number of modalities is a constant of each copy of a loop, so that its sums stay in registers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/train/rf-evidence-loops.h"

#define BLOCK 512 /* items that are added up in float before double takes over */

G_STATIC_ASSERT (RF_MAX_MODALITIES == 6); /* the switches below */

__attribute__ ((always_inline)) static inline void
fuse (const guint count, const RfEvidenceUser *user, const float *restrict popularity, float pi, gsize n, float *restrict fused, float
      *restrict inverse, float *restrict score)
{
  const float *z[RF_MAX_MODALITIES], *lift[RF_MAX_MODALITIES];
  float mix[RF_MAX_MODALITIES];

  for (guint m = 0; m < count; m++)
    {
      z[m] = user->z[m];
      lift[m] = user->lift[m];
      mix[m] = user->mix[m];
    }
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    {
      float num = 0, den = 0;

      for (guint m = 0; m < count; m++)
        {
          float c = mix[m] * lift[m][i];

          num += c * z[m][i];
          den += c;
        }
      den = den > 0 ? 1 / den : 0.0f;
      num *= den;
      inverse[i] = den;
      fused[i] = num;
      score[i] = num + pi * popularity[i];
    }
}

RF_VECTORIZE void
rf_evidence_fuse (const RfEvidenceUser *user, const float *popularity, float pi, gsize n, float *fused, float *inverse, float *score)
{
  switch (user->n_modalities)
    {
    case 0:
      fuse (0, user, popularity, pi, n, fused, inverse, score);
      break;
    case 1:
      fuse (1, user, popularity, pi, n, fused, inverse, score);
      break;
    case 2:
      fuse (2, user, popularity, pi, n, fused, inverse, score);
      break;
    case 3:
      fuse (3, user, popularity, pi, n, fused, inverse, score);
      break;
    case 4:
      fuse (4, user, popularity, pi, n, fused, inverse, score);
      break;
    case 5:
      fuse (5, user, popularity, pi, n, fused, inverse, score);
      break;
    default:
      fuse (6, user, popularity, pi, n, fused, inverse, score);
      break;
    }
}

__attribute__ ((always_inline)) static inline void
gradient (const float *restrict g, const float *restrict lift, const float *restrict inverse, const float *restrict z, const float *restrict
          fused, const float *restrict popularity, float mix, gsize n, double *plain, double *by_popularity)
{
  float a = 0, b = 0;

#pragma omp simd reduction(+ : a, b)
  for (gsize i = 0; i < n; i++)
    {
      float w = g[i] * (mix * lift[i] * inverse[i]) * (z[i] - fused[i]);

      a += w;
      b += w * popularity[i];
    }
  *plain += (double) a;
  *by_popularity += (double) b;
}

RF_VECTORIZE void
rf_evidence_gradient (const RfEvidenceUser *user, const float *g, const float *fused, const float *inverse, const float *popularity, gsize
                      n, double *plain, double *by_popularity)
{
  for (guint m = 0; m < user->n_modalities; m++)
    plain[m] = by_popularity[m] = 0;
  for (gsize begin = 0; begin < n; begin += BLOCK)
    for (guint m = 0; m < user->n_modalities; m++)
      gradient (g + begin, user->lift[m] + begin, inverse + begin, user->z[m] + begin, fused + begin, popularity + begin, user->mix[m],
                MIN (BLOCK, n - begin), plain + m, by_popularity + m);
}
