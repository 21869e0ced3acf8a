/* rf-image-figure.c: the form of what stands out from the border, apart from its place, size and turn.
 *
 * The figure is looked at in polar coordinates around its centre, with the radius of the disc of equal area as the unit. The
 * mean over the angle (radial profile) and the magnitudes of the angular harmonics do not change when the figure is moved,
 * scaled or turned: three corners give harmonic 3, a square 4, a ring a hole in the profile.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/features/rf-image-blocks.h"

#define SIZE            RF_PICTURE_SIZE
#define RADII           24
#define RADIUS_MAX      2.0f /* in units of the equal disc */
#define ANGLES          64
#define BANDS           6
#define BAND_HARMONICS  8
#define EDGE_HARMONICS  10
#define PHASED_FIRST    2
#define PHASED_LAST     5
#define AREA_LEAST      16.0 /* pixels; less is no figure */

typedef struct
{
  double area, x, y;        /* centre in pixels */
  double xx, yy, xy;        /* central second moments over the area */
  double radius;            /* of the disc of equal area */
} Moments;

static Moments
measure_moments (const RfPicture *p)
{
  Moments m = { .area = 1e-9 };
  double xx = 0, yy = 0, xy = 0;

  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x < SIZE; x++)
      {
        double w = p->figure[y * SIZE + x];

        m.area += w;
        m.x += w * x;
        m.y += w * y;
        xx += w * x * x;
        yy += w * y * y;
        xy += w * x * y;
      }
  m.x /= m.area;
  m.y /= m.area;
  m.xx = xx / m.area - m.x * m.x;
  m.yy = yy / m.area - m.y * m.y;
  m.xy = xy / m.area - m.x * m.y;
  m.radius = sqrt (m.area / G_PI);
  return m;
}

static float
figure_at (const RfPicture *p, double x, double y)
{
  int left = (int) floor (x), top = (int) floor (y);
  float fx = (float) (x - left), fy = (float) (y - top);
  const float *f;

  if (left < 0 || top < 0 || left + 1 >= SIZE || top + 1 >= SIZE)
    return 0.0f;
  f = p->figure + top * SIZE + left;
  return (1 - fy) * ((1 - fx) * f[0] + fx * f[1]) + fy * ((1 - fx) * f[SIZE] + fx * f[SIZE + 1]);
}

/* The n-th harmonic of `values` over the circle, as (cos, sin) parts of its mean. */
static void
harmonic (const float *values, int n, float *re, float *im)
{
  double c = 0, s = 0;

  for (int a = 0; a < ANGLES; a++)
    {
      c += values[a] * cos (2 * G_PI * n * a / ANGLES);
      s += values[a] * sin (2 * G_PI * n * a / ANGLES);
    }
  *re = (float) (c / ANGLES);
  *im = (float) (s / ANGLES);
}

static void
describe_polar (const RfPicture *p, const Moments *m, float *out)
{
  float polar[RADII][ANGLES], bands[BANDS][ANGLES] = { { 0 } }, edge[ANGLES] = { 0 }, re, im;
  float *profile = out, *edge_magnitudes = profile + RADII, *phased = edge_magnitudes + EDGE_HARMONICS;
  float *band_magnitudes = phased + 2 * (PHASED_LAST - PHASED_FIRST + 1);

  for (int r = 0; r < RADII; r++)
    {
      double radius = (r + 0.5) * RADIUS_MAX / RADII;

      for (int a = 0; a < ANGLES; a++)
        {
          double angle = 2 * G_PI * a / ANGLES;

          polar[r][a] = figure_at (p, m->x + radius * m->radius * cos (angle), m->y + radius * m->radius * sin (angle));
          profile[r] += polar[r][a] / ANGLES;
          bands[r / (RADII / BANDS)][a] += polar[r][a] * BANDS / RADII;
          edge[a] += polar[r][a] * (float) radius; /* area under the angle: what the outline's square would be */
        }
    }
  for (int a = 0; a < ANGLES; a++)
    edge[a] = sqrtf (edge[a] * 2.0f * RADIUS_MAX / RADII);
  for (int n = 1; n <= EDGE_HARMONICS; n++)
    {
      harmonic (edge, n, &re, &im);
      edge_magnitudes[n - 1] = hypotf (re, im);
      if (n < PHASED_FIRST || n > PHASED_LAST)
        continue;
      *phased++ = re;
      *phased++ = im;
    }
  for (int b = 0; b < BANDS; b++)
    for (int n = 1; n <= BAND_HARMONICS; n++)
      {
        harmonic (bands[b], n, &re, &im);
        *band_magnitudes++ = hypotf (re, im);
      }
}

void
rf_describe_figure (const RfPicture *p, float *out)
{
  Moments m = measure_moments (p);
  double spread = m.xx + m.yy, difference = hypot (m.xx - m.yy, 2 * m.xy);

  memset (out, 0, RF_FIGURE_DIMS * sizeof *out);
  if (m.area < AREA_LEAST)
    return;
  out[0] = (float) (m.area / RF_PICTURE_AREA);
  out[1] = (float) (m.x / SIZE);
  out[2] = (float) (m.y / SIZE);
  out[3] = (float) (m.radius / SIZE);
  out[4] = (float) (difference / spread);                /* elongation: 0 round, 1 a line */
  out[5] = (float) ((m.xx - m.yy) / spread);             /* ... and which way */
  out[6] = (float) (2 * m.xy / spread);
  out[7] = (float) (spread / (m.area / (2 * G_PI)) / 2); /* scatter against that of the full disc, A / 2 pi */
  describe_polar (p, &m, out + 8);
}
