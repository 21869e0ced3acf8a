/* rf-image-colours.c: the blocks that count colours.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/features/rf-image-blocks.h"

#define SIZE        RF_PICTURE_SIZE
#define AREA        RF_PICTURE_AREA
#define HUES        12
#define FINE_HUES   36
#define LEVELS      3
#define SATURATIONS 3

/* Shares of a histogram, then their roots: the distance of roots (Hellinger's) is what suits counts. */
static void
roots_of_shares (float *histogram, int n)
{
  float sum = 0;

  for (int b = 0; b < n; b++)
    sum += histogram[b];
  for (int b = 0; b < n; b++)
    histogram[b] = sum > 0 ? sqrtf (histogram[b] / sum) : 0.0f;
}

static int
level_of (float x)
{
  return MIN ((int) (x * LEVELS), LEVELS - 1);
}

/* A hue counts for the two bins it lies between, so that a slightly other hue changes the histogram only slightly. */
static void
add_hue (float *histogram, int n_hues, int stride, float hue, float weight)
{
  float at = hue * (float) n_hues;
  int low = (int) at;
  float share = at - (float) low;

  low = low >= n_hues ? 0 : low;
  histogram[low * stride] += (1.0f - share) * weight;
  histogram[(low + 1 == n_hues ? 0 : low + 1) * stride] += share * weight;
}

void
rf_describe_colours (const RfPicture *p, float *out)
{
  const int part_bins = HUES * SATURATIONS * LEVELS;

  memset (out, 0, RF_COLOURS_DIMS * sizeof *out);
  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x < SIZE; x++)
      {
        int i = y * SIZE + x, part = (y >= SIZE / 2) * 2 + (x >= SIZE / 2);
        int bin = level_of (p->saturation[i]) * LEVELS + level_of (p->value[i]);

        add_hue (out + part * part_bins + bin, HUES, SATURATIONS * LEVELS, p->hue[i], 1.0f);
      }
  for (int part = 0; part < 4; part++)
    roots_of_shares (out + part * part_bins, part_bins);
}

void
rf_describe_palette (const RfPicture *p, float *out)
{
  float *figure_hues = out, *all_hues = figure_hues + FINE_HUES;
  float *figure_levels = all_hues + FINE_HUES, *ground_levels = figure_levels + SATURATIONS * LEVELS;
  float *means = ground_levels + SATURATIONS * LEVELS;
  double mean[2][3] = { { 0 } }, weight[2] = { 1e-6, 1e-6 };

  memset (out, 0, RF_PALETTE_DIMS * sizeof *out);
  for (int i = 0; i < AREA; i++)
    {
      float chroma = p->saturation[i] * p->value[i], figure = p->figure[i];
      int level = level_of (p->saturation[i]) * LEVELS + level_of (p->value[i]);

      add_hue (figure_hues, FINE_HUES, 1, p->hue[i], chroma * figure);
      add_hue (all_hues, FINE_HUES, 1, p->hue[i], chroma);
      figure_levels[level] += figure;
      ground_levels[level] += 1.0f - figure;
      weight[0] += figure;
      weight[1] += 1.0f - figure;
      for (int c = 0; c < 3; c++)
        {
          mean[0][c] += figure * p->rgb[i * 3 + c] / 255.0f;
          mean[1][c] += (1.0f - figure) * p->rgb[i * 3 + c] / 255.0f;
        }
    }
  roots_of_shares (figure_hues, FINE_HUES);
  roots_of_shares (all_hues, FINE_HUES);
  roots_of_shares (figure_levels, SATURATIONS * LEVELS);
  roots_of_shares (ground_levels, SATURATIONS * LEVELS);
  for (int c = 0; c < 3; c++)
    {
      means[c] = (float) (mean[0][c] / weight[0]);
      means[3 + c] = (float) (mean[1][c] / weight[1]);
    }
}
