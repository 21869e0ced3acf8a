/* rf-image-gradients.c: the blocks that keep the layout: histograms of oriented gradients, and a small grey picture.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/features/rf-image-blocks.h"

#define SIZE         RF_PICTURE_SIZE
#define CELL         16
#define CELLS        (SIZE / CELL)
#define ORIENTATIONS 9
#define CUT          0.2f
#define GRID         16
#define GRID_CELL    (SIZE / GRID)

/* The orientation of a slope, 0 .. 9 (180 degrees), shared by the two bins it lies between. */
static void
add_orientation (float *histogram, float dx, float dy)
{
  float magnitude = sqrtf (dx * dx + dy * dy), at, share;
  int low;

  if (magnitude <= 0)
    return;
  at = atan2f (dy, dx) * (float) (ORIENTATIONS / G_PI);
  at = at < 0 ? at + ORIENTATIONS : at;
  low = (int) at;
  share = at - (float) low;
  low %= ORIENTATIONS;
  histogram[low] += (1.0f - share) * magnitude;
  histogram[(low + 1) % ORIENTATIONS] += share * magnitude;
}

void
rf_describe_gradients (const RfPicture *p, float *out)
{
  float cells[CELLS][CELLS][ORIENTATIONS] = { { { 0 } } }, energy[CELLS][CELLS] = { { 0 } };

  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x < SIZE; x++)
      add_orientation (cells[y / CELL][x / CELL], p->slope_x[y * SIZE + x], p->slope_y[y * SIZE + x]);
  for (int y = 0; y < CELLS; y++)
    for (int x = 0; x < CELLS; x++)
      for (int o = 0; o < ORIENTATIONS; o++)
        energy[y][x] += cells[y][x][o] * cells[y][x][o];

  memset (out, 0, RF_GRADIENTS_DIMS * sizeof *out);
  for (int y = 0; y < CELLS; y++)
    for (int x = 0; x < CELLS; x++)
      for (int corner = 0; corner < 4; corner++)
        {
          /* The 2 x 2 neighbourhood that has this cell in one of its corners; at the border it is folded inwards. */
          int other_y = y + (corner & 2 ? 1 : -1), other_x = x + (corner & 1 ? 1 : -1);
          float norm, *to = out + (y * CELLS + x) * ORIENTATIONS;

          other_y = other_y < 0 ? 1 : other_y == CELLS ? CELLS - 2 : other_y;
          other_x = other_x < 0 ? 1 : other_x == CELLS ? CELLS - 2 : other_x;
          norm = sqrtf (energy[y][x] + energy[other_y][x] + energy[y][other_x] + energy[other_y][other_x]) + 0.1f;
          for (int o = 0; o < ORIENTATIONS; o++)
            to[o] += 0.25f * MIN (cells[y][x][o] / norm, CUT) / CUT;
        }
}

void
rf_describe_grid (const RfPicture *p, float *out)
{
  memset (out, 0, RF_GRID_DIMS * sizeof *out);
  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x < SIZE; x++)
      out[y / GRID_CELL * GRID + x / GRID_CELL] += p->grey[y * SIZE + x] / (GRID_CELL * GRID_CELL);
}
