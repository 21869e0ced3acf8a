/* test-saliency.c: covering a picture, where the function of its pixels is known.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/explain/rf-saliency.h"

#define SIDE  64
#define CELLS 8
#define CX    5
#define CY    2

/* The mean brightness of cell CX, CY, and of nothing else. */
static void
encode_cell (const void *data, const guint8 *rgb, gsize n, float *vectors)
{
  for (gsize p = 0; p < n; p++)
    {
      double sum = 0;

      for (guint y = CY * SIDE / CELLS; y < (CY + 1) * SIDE / CELLS; y++)
        for (guint x = CX * SIDE / CELLS; x < (CX + 1) * SIDE / CELLS; x++)
          sum += rgb[((p * SIDE + y) * SIDE + x) * 3];
      vectors[p] = (float) (sum / (SIDE / CELLS * SIDE / CELLS));
    }
}

/* A white cell on black, covered by black: its cell, and no other, loses all of the score. */
static void
test_place (void)
{
  const float g[] = { 1 };
  const RfPictureEncoder encoder = { SIDE, 1, encode_cell, NULL };
  const RfPictureTarget target = { g, .01 };
  RfSaliencyOptions options = { CELLS, 1, RF_FILL_BORDER };
  g_autofree guint8 *rgb = g_malloc0 (SIDE * SIDE * 3);
  g_autoptr(RfSaliency) map = NULL, coarse = NULL;

  for (guint y = CY * SIDE / CELLS; y < (CY + 1) * SIDE / CELLS; y++)
    memset (rgb + (y * SIDE + CX * SIDE / CELLS) * 3, 255, SIDE / CELLS * 3);
  map = rf_saliency_occlusion (&encoder, &target, rgb, &options, NULL, NULL);
  g_assert_cmpfloat_with_epsilon (map->whole, 2.55, 1e-6);
  g_assert_cmpfloat_with_epsilon (map->covered, 0, 1e-6);
  for (guint c = 0; c < CELLS * CELLS; c++)
    g_assert_cmpfloat_with_epsilon (map->loss[c], c == CY * CELLS + CX ? 2.55 : 0, 1e-6);
  g_assert_cmpfloat_with_epsilon (rf_saliency_mass (map, CX / 8.0, CY / 8.0, 1 / 8.0, 1 / 8.0), 1, 1e-6);
  options.scales = 2;
  coarse = rf_saliency_occlusion (&encoder, &target, rgb, &options, NULL, NULL);
  for (guint c = 0; c < CELLS * CELLS; c++)
    g_assert_cmpfloat (coarse->loss[c], <=, coarse->loss[CY * CELLS + CX]);
  g_assert_cmpfloat (coarse->loss[CY * CELLS + CX + 1], >, 0);
  g_assert_cmpfloat_with_epsilon (coarse->loss[CY * CELLS + CX + 2], 0, 1e-6);
}

/* A white pixel becomes a square of 2 r + 1 pixels around it, r an eighth of the side: 255 / 17^2 is 1. */
static void
test_blur (void)
{
  enum { AT = 30, R = SIDE / 8 };
  g_autofree guint8 *rgb = g_malloc0 (SIDE * SIDE * 3), *fill = NULL;

  memset (rgb + (AT * SIDE + AT + 3) * 3, 255, 3);
  fill = rf_saliency_make_fill (rgb, SIDE, RF_FILL_BLUR);
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      for (int c = 0; c < 3; c++)
        g_assert_cmpuint (fill[(y * SIDE + x) * 3 + c], ==, ABS (y - AT) <= R && ABS (x - AT - 3) <= R);
}

/* A ground that gets brighter to the right and downwards, with a black thing in the middle: it is painted over as if it had never been there. */
static void
test_border (void)
{
  g_autofree guint8 *rgb = g_malloc (SIDE * SIDE * 3), *fill = NULL;

  for (guint y = 0; y < SIDE; y++)
    for (guint x = 0; x < SIDE; x++)
      memset (rgb + (y * SIDE + x) * 3, ABS ((int) x - SIDE / 2) < 12 && ABS ((int) y - SIDE / 2) < 12 ? 0 : (int) (2 * x + y), 3);
  fill = rf_saliency_make_fill (rgb, SIDE, RF_FILL_BORDER);
  for (guint y = 8; y < SIDE - 8; y++)
    for (guint x = 8; x < SIDE - 8; x++)
      g_assert_cmpint (ABS (fill[(y * SIDE + x) * 3] - (int) (2 * x + y)), <=, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/saliency/place", test_place);
  g_test_add_func ("/saliency/blur", test_blur);
  g_test_add_func ("/saliency/border", test_border);
  return g_test_run ();
}
