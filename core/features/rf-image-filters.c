/* rf-image-filters.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/features/rf-image-filters.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-matrix.h"
#include "core/base/rf-rng.h"
#include "core/features/rf-svd.h"

#define HALF      (RF_PICTURE_SIZE / 2)
#define SIDE      RF_FILTERS_SIDE
#define VALUES    RF_FILTERS_VALUES
#define PLACES    (HALF - SIDE + 1) /* along one side */
#define N_PATCHES 20000

/* Added to the variance of a patch, so that flat patches (of pictures with 8 bits a channel) are not blown up, and to the
 * eigenvalues when whitening. */
#define CONTRAST_FLOOR (10.0f / (255.0f * 255.0f))
#define WHITEN_FLOOR   0.1
#define THRESHOLD      0.25f

struct _RfFilterScratch
{
  guint8 half[HALF * HALF * 3];
  float patches[PLACES * VALUES];         /* of one row of places */
  float responses[PLACES * RF_FILTERS_N];
};

RfFilterScratch *
rf_filter_scratch_new (void)
{
  return g_aligned_alloc0 (1, sizeof (RfFilterScratch), 64);
}

void
rf_filter_scratch_free (RfFilterScratch *self)
{
  g_aligned_free (self);
}

static void
halve (const guint8 *rgb, guint8 *half)
{
  const int stride = RF_PICTURE_SIZE * 3;

  for (int y = 0; y < HALF; y++)
    for (int x = 0; x < HALF; x++)
      for (int c = 0; c < 3; c++)
        {
          const guint8 *from = rgb + 2 * y * stride + 6 * x + c;

          half[(y * HALF + x) * 3 + c] = (guint8) ((from[0] + from[3] + from[stride] + from[stride + 3] + 2) / 4);
        }
}

/* The patch at (x, y), mean 0 and deviation 1. */
static void
read_patch (const guint8 *half, int x, int y, float *patch)
{
  float sum = 0, square = 0, mean, scale;

  for (int row = 0; row < SIDE; row++)
    {
      const guint8 *from = half + ((y + row) * HALF + x) * 3;
      float *to = patch + row * SIDE * 3;

      for (int k = 0; k < SIDE * 3; k++)
        to[k] = from[k] * (1.0f / 255.0f);
    }
  for (int k = 0; k < VALUES; k++)
    {
      sum += patch[k];
      square += patch[k] * patch[k];
    }
  mean = sum / VALUES;
  scale = 1.0f / sqrtf (MAX (square / VALUES - mean * mean, 0.0f) + CONTRAST_FLOOR);
  for (int k = 0; k < VALUES; k++)
    patch[k] = (patch[k] - mean) * scale;
}

static void
draw_patches (const guint8 *const *rgb, gsize n_pictures, guint64 seed, float *patches)
{
  g_autofree guint8 *half = g_malloc (HALF * HALF * 3);
  gsize made = 0;

  for (gsize p = 0; p < n_pictures; p++)
    {
      RfRng rng = rf_rng_new (seed, rf_hash_mix (n_pictures, p));
      gsize until = N_PATCHES * (p + 1) / n_pictures;

      halve (rgb[p], half);
      for (; made < until; made++)
        {
          int x = (int) rf_rng_below (&rng, PLACES), y = (int) rf_rng_below (&rng, PLACES);

          read_patch (half, x, y, patches + made * VALUES);
        }
    }
}

/* w = E (lambda + floor)^(-1/2) E' of the patches' covariance; mean gets their mean. */
static gboolean
whiten (const float *patches, double *mean, double *w, GError **error)
{
  g_autofree double *gram = g_new (double, VALUES *VALUES), *values = g_new (double, VALUES);

  memset (mean, 0, VALUES * sizeof *mean);
  for (gsize p = 0; p < N_PATCHES; p++)
    for (gsize k = 0; k < VALUES; k++)
      mean[k] += patches[p * VALUES + k] / (double) N_PATCHES;
  rf_gram (N_PATCHES, VALUES, patches, gram);
  for (gsize i = 0; i < VALUES; i++)
    for (gsize j = 0; j < VALUES; j++)
      gram[i * VALUES + j] = gram[i * VALUES + j] / N_PATCHES - mean[i] * mean[j];
  if (!rf_eigen_symmetric (VALUES, gram, values, error))
    return FALSE;
  memset (w, 0, VALUES * VALUES * sizeof *w);
  for (gsize e = 0; e < VALUES; e++)
    {
      double scale = 1.0 / sqrt (MAX (values[e], 0) + WHITEN_FLOOR);

      for (gsize i = 0; i < VALUES; i++)
        for (gsize j = 0; j < VALUES; j++)
          w[i * VALUES + j] += scale * gram[i * VALUES + e] * gram[j * VALUES + e];
    }
  return TRUE;
}

/* Filter f is the whitened patch d of length 1; its response to a raw patch x is d . W (x - mean) = (W d) . x - (W d) . mean. */
static void
make_filter (const float *patch, const double *mean, const double *w, float *weight, float *offset)
{
  double d[VALUES], length = 1e-12, at_mean = 0;

  for (gsize i = 0; i < VALUES; i++)
    {
      d[i] = 0;
      for (gsize j = 0; j < VALUES; j++)
        d[i] += w[i * VALUES + j] * (patch[j] - mean[j]);
      length += d[i] * d[i];
    }
  for (gsize i = 0; i < VALUES; i++)
    {
      double value = 0;

      for (gsize j = 0; j < VALUES; j++)
        value += w[i * VALUES + j] * d[j];
      weight[i] = (float) (value / sqrt (length));
      at_mean += weight[i] * mean[i];
    }
  *offset = (float) -at_mean;
}

gboolean
rf_filters_learn (const guint8 *const *rgb, gsize n_pictures, guint64 seed, RfFilters *filters, GError **error)
{
  g_autofree float *patches = g_new (float, (gsize) N_PATCHES *VALUES);
  g_autofree double *mean = g_new (double, VALUES), *w = g_new (double, VALUES *VALUES);
  RfRng rng = rf_rng_new (seed, rf_hash_mix (N_PATCHES, VALUES));

  draw_patches (rgb, n_pictures, seed, patches);
  if (!whiten (patches, mean, w, error))
    return FALSE;
  for (int f = 0; f < RF_FILTERS_N; f++)
    make_filter (patches + rf_rng_below (&rng, N_PATCHES) * (gsize) VALUES, mean, w, filters->weight[f], &filters->offset[f]);
  return TRUE;
}

static void
pool (const float *responses, const float *offset, float *out)
{
  for (int x = 0; x < PLACES; x++)
    {
      float *to = out + x * RF_FILTERS_REGIONS / PLACES * 2 * RF_FILTERS_N;
      const float *z = responses + x * RF_FILTERS_N;

      for (int f = 0; f < RF_FILTERS_N; f++)
        {
          float value = z[f] + offset[f];

          to[f] += MAX (value - THRESHOLD, 0.0f);
          to[RF_FILTERS_N + f] += MAX (-value - THRESHOLD, 0.0f);
        }
    }
}

void
rf_filters_describe (const RfFilters *filters, const guint8 *rgb, RfFilterScratch *scratch, float *out)
{
  int n_places[RF_FILTERS_REGIONS] = { 0 };

  memset (out, 0, RF_FILTERS_DIMS * sizeof *out);
  halve (rgb, scratch->half);
  for (int x = 0; x < PLACES; x++)
    n_places[x * RF_FILTERS_REGIONS / PLACES]++;
  for (int y = 0; y < PLACES; y++)
    {
      for (int x = 0; x < PLACES; x++)
        read_patch (scratch->half, x, y, scratch->patches + x * VALUES);
      cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, PLACES, RF_FILTERS_N, VALUES, 1.0f, scratch->patches, VALUES,
                   filters->weight[0], VALUES, 0.0f, scratch->responses, RF_FILTERS_N);
      pool (scratch->responses, filters->offset, out + y * RF_FILTERS_REGIONS / PLACES * RF_FILTERS_REGIONS * 2 * RF_FILTERS_N);
    }
  for (int region = 0; region < RF_FILTERS_REGIONS * RF_FILTERS_REGIONS; region++)
    {
      float *to = out + region * 2 * RF_FILTERS_N;
      float count = (float) (n_places[region / RF_FILTERS_REGIONS] * n_places[region % RF_FILTERS_REGIONS]);

      for (int f = 0; f < 2 * RF_FILTERS_N; f++)
        to[f] = sqrtf (to[f] / count);
    }
}
