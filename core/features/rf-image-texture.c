/* rf-image-texture.c: what the surface of the figure is like.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/features/rf-image-blocks.h"

#define SIZE         RF_PICTURE_SIZE
#define AREA         RF_PICTURE_AREA
#define MARGIN       4
#define RINGS        3
#define PATTERNS     10   /* 0 .. 8 ones in one run, and all others */
#define STEP_LEAST   0.02f /* a smaller step of grey is noise */
#define LAGS         16
#define DIRECTIONS   4
#define ORIENTATIONS 9

/* A pixel is inside if the figure is also there `MARGIN` pixels further in all four directions. */
static float
fill_inside (const RfPicture *p, float *inside)
{
  float sum = 0;

  memset (inside, 0, AREA * sizeof *inside);
  for (int y = MARGIN; y < SIZE - MARGIN; y++)
    for (int x = MARGIN; x < SIZE - MARGIN; x++)
      {
        const float *f = p->figure + y * SIZE + x;

        inside[y * SIZE + x] = f[0] * f[MARGIN] * f[-MARGIN] * f[MARGIN * SIZE] * f[-MARGIN * SIZE];
        sum += inside[y * SIZE + x];
      }
  return sum;
}

/* Rotation-invariant uniform pattern of eight comparisons: the number of ones if they form one run, else 9. */
static int
pattern_of (unsigned bits)
{
  unsigned turned = ((bits << 1) | (bits >> 7)) & 0xff;

  return __builtin_popcount (bits ^ turned) <= 2 ? __builtin_popcount (bits) : PATTERNS - 1;
}

static void
describe_patterns (const RfPicture *p, const float *inside, float *out)
{
  static const int reach[RINGS][2] = { { 1, 1 }, { 2, 1 }, { 4, 3 } }; /* straight and diagonal steps */
  int table[256];

  for (unsigned bits = 0; bits < 256; bits++)
    table[bits] = pattern_of (bits);
  for (int ring = 0; ring < RINGS; ring++)
    {
      int s = reach[ring][0], d = reach[ring][1];
      int offsets[8] = { s, d + d * SIZE, s * SIZE, -d + d * SIZE, -s, -d - d * SIZE, -s * SIZE, d - d * SIZE };
      float *of_figure = out + ring * 2 * PATTERNS, *of_all = of_figure + PATTERNS, sum_figure = 1e-6f;

      for (int y = MARGIN; y < SIZE - MARGIN; y++)
        for (int x = MARGIN; x < SIZE - MARGIN; x++)
          {
            const float *g = p->grey + y * SIZE + x;
            float level = g[0] + STEP_LEAST;
            unsigned bits = 0;

            for (unsigned n = 0; n < 8; n++)
              bits |= (unsigned) (g[offsets[n]] > level) << n;
            of_figure[table[bits]] += inside[y * SIZE + x];
            of_all[table[bits]] += 1.0f;
            sum_figure += inside[y * SIZE + x];
          }
      for (int b = 0; b < PATTERNS; b++)
        {
          of_figure[b] = sqrtf (of_figure[b] / sum_figure);
          of_all[b] = sqrtf (of_all[b] / ((SIZE - 2 * MARGIN) * (SIZE - 2 * MARGIN)));
        }
    }
}

/* Takes the best plane (and its share of the variance) out of grey inside the figure; rest gets the residual times `inside`. */
static void
remove_plane (const RfPicture *p, const float *inside, float total, float *rest, float *out)
{
  double mx = 0, my = 0, mg = 0, xx = 1e-9, yy = 1e-9, xy = 0, xg = 0, yg = 0, gg = 1e-9, det, bx, by, explained;

  for (int i = 0; i < AREA; i++)
    {
      mx += inside[i] * (i % SIZE);
      my += inside[i] * (i / SIZE);
      mg += inside[i] * p->grey[i];
    }
  mx /= total;
  my /= total;
  mg /= total;
  for (int i = 0; i < AREA; i++)
    {
      double x = i % SIZE - mx, y = i / SIZE - my, g = p->grey[i] - mg, w = inside[i];

      xx += w * x * x;
      yy += w * y * y;
      xy += w * x * y;
      xg += w * x * g;
      yg += w * y * g;
      gg += w * g * g;
    }
  det = xx * yy - xy * xy;
  bx = det > 1e-6 * xx * yy ? (xg * yy - yg * xy) / det : 0;
  by = det > 1e-6 * xx * yy ? (yg * xx - xg * xy) / det : 0;
  explained = bx * xg + by * yg;
  for (int i = 0; i < AREA; i++)
    rest[i] = inside[i] * (float) (p->grey[i] - mg - bx * (i % SIZE - mx) - by * (i / SIZE - my));
  out[0] = (float) sqrt (gg / total);                          /* contrast */
  out[1] = (float) CLAMP (explained / (gg + 1e-4 * total), 0, 1); /* share of a linear shading */
  out[2] = (float) sqrt (MAX (gg - explained, 0) / total);     /* contrast of the rest */
  out[3] = (float) hypot (bx, by) * SIZE;                      /* steepness */
}

/* Correlation of the residual with itself, moved by `lag` pixels in one direction. */
static float
correlate (const float *rest, const float *inside, int dx, int dy)
{
  int from = dx < 0 ? -dx : 0, to = dx > 0 ? SIZE - dx : SIZE;
  float product = 0, weight = 1e-6f;

  for (int y = 0; y + dy < SIZE; y++)
    {
      const float *a = rest + y * SIZE, *b = rest + (y + dy) * SIZE + dx;
      const float *va = inside + y * SIZE, *vb = inside + (y + dy) * SIZE + dx;
      float p = 0, w = 0;

#pragma omp simd reduction(+ : p, w)
      for (int x = from; x < to; x++)
        {
          p += a[x] * b[x];
          w += va[x] * vb[x];
        }
      product += p;
      weight += w;
    }
  return product / weight;
}

/* Per lag the least, the mean and the largest of four directions: stripes are constant one way and periodic the other. */
static void
describe_correlation (const float *rest, const float *inside, float variance, float *out)
{
  static const int step[DIRECTIONS][2] = { { 1, 0 }, { 0, 1 }, { 1, 1 }, { -1, 1 } };

  for (int lag = 1; lag <= LAGS; lag++)
    {
      float least = 1.0f, most = -1.0f, mean = 0;

      for (int d = 0; d < DIRECTIONS; d++)
        {
          int length = d < 2 ? lag : (int) lroundf ((float) lag * (float) G_SQRT2 / 2);
          float value = correlate (rest, inside, step[d][0] * length, step[d][1] * length) / (variance + 1e-4f);

          value = CLAMP (value, -1.0f, 1.0f);
          least = MIN (least, value);
          most = MAX (most, value);
          mean += value / DIRECTIONS;
        }
      *out++ = least;
      *out++ = mean;
      *out++ = most;
    }
}

/* Energy by orientation, turned so that the strongest comes first, and which share of all edges it is. */
static void
describe_orientations (const RfPicture *p, const float *inside, float total, float *out)
{
  float histogram[ORIENTATIONS] = { 0 }, sum = 1e-6f;
  int strongest = 0;

  for (int i = 0; i < AREA; i++)
    {
      float dx = p->slope_x[i], dy = p->slope_y[i], magnitude = sqrtf (dx * dx + dy * dy);
      int bin;

      if (inside[i] <= 0 || magnitude < STEP_LEAST)
        continue;
      bin = (int) ((atan2f (dy, dx) + (float) G_PI) * (float) (ORIENTATIONS / G_PI));
      histogram[bin % ORIENTATIONS] += inside[i] * magnitude;
      sum += inside[i] * magnitude;
    }
  for (int o = 1; o < ORIENTATIONS; o++)
    if (histogram[o] > histogram[strongest])
      strongest = o;
  for (int o = 0; o < ORIENTATIONS; o++)
    out[o] = histogram[(strongest + o) % ORIENTATIONS] / sum;
  out[ORIENTATIONS] = sqrtf (sum / total);
}

void
rf_describe_texture (const RfPicture *p, float *out)
{
  g_autofree float *inside = g_new (float, AREA), *rest = g_new (float, AREA);
  float total = fill_inside (p, inside), *patterns = out, *shading = patterns + 2 * RINGS * PATTERNS;
  float *correlation = shading + 4, *orientations = correlation + 3 * LAGS;

  memset (out, 0, RF_TEXTURE_DIMS * sizeof *out);
  describe_patterns (p, inside, patterns);
  if (total < 16)
    return;
  remove_plane (p, inside, total, rest, shading);
  describe_correlation (rest, inside, shading[2] * shading[2], correlation);
  describe_orientations (p, inside, total, orientations);
}
