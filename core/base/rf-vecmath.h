/* rf-vecmath.h: an exponential that compilers can vectorise.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <math.h>
#include <stdint.h>
#include <string.h>

/* exp(x) with a relative error below 2e-7; below -87 it is 0, above 88 it is held at exp(88). Range reduction x = n ln 2 + r,
 * |r| <= ln 2 / 2, then the Taylor polynomial of degree 7 of exp(r), then 2^n through the exponent bits. What is no number stays none. */
static inline float
rf_expf (float x)
{
  float clamped = x > 88.0f ? 88.0f : x < -87.0f ? -87.0f : x;
  float shifted = clamped * 1.44269504f + 12582912.0f; /* rounds to nearest: 1.5 * 2^23 pushes the fraction out of the mantissa */
  float n = shifted - 12582912.0f;
  float r, p;
  uint32_t bits;
  float power;

  r = clamped - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  p = 1.98412698e-4f;
  p = p * r + 1.38888889e-3f;
  p = p * r + 8.33333333e-3f;
  p = p * r + 4.16666667e-2f;
  p = p * r + 1.66666667e-1f;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  memcpy (&bits, &shifted, sizeof bits); /* n stands in the low bits, above those of 1.5 * 2^23 */
  bits = (bits - 0x4b400000u + 127u) << 23;
  memcpy (&power, &bits, sizeof power);
  return x < -87.0f ? 0.0f : p * power;
}
