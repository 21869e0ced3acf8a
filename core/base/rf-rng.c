/* rf-rng.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rf-rng.h"

#include <math.h>

void
rf_philox (uint64_t seed, uint64_t stream, uint64_t counter, uint32_t out[4])
{
  uint32_t k0 = (uint32_t) seed, k1 = (uint32_t) (seed >> 32);
  uint32_t c0 = (uint32_t) counter, c1 = (uint32_t) (counter >> 32);
  uint32_t c2 = (uint32_t) stream, c3 = (uint32_t) (stream >> 32);

  for (int round = 0; round < 10; round++)
    {
      uint64_t p0 = (uint64_t) 0xD2511F53u * c0, p1 = (uint64_t) 0xCD9E8D57u * c2;
      uint32_t hi0 = (uint32_t) (p0 >> 32), lo0 = (uint32_t) p0;
      uint32_t hi1 = (uint32_t) (p1 >> 32), lo1 = (uint32_t) p1;

      c0 = hi1 ^ c1 ^ k0;
      c1 = lo1;
      c2 = hi0 ^ c3 ^ k1;
      c3 = lo0;
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

RfRng
rf_rng_new (uint64_t seed, uint64_t stream)
{
  return (RfRng) { .seed = seed, .stream = stream };
}

uint32_t
rf_rng_u32 (RfRng *rng)
{
  if (rng->left == 0)
    {
      rf_philox (rng->seed, rng->stream, rng->counter++, rng->block);
      rng->left = 4;
    }
  return rng->block[4 - rng->left--];
}

uint64_t
rf_rng_u64 (RfRng *rng)
{
  uint64_t high = rf_rng_u32 (rng);

  return high << 32 | rf_rng_u32 (rng);
}

double
rf_rng_uniform (RfRng *rng)
{
  return (double) (rf_rng_u64 (rng) >> 11) * 0x1.0p-53;
}

uint32_t
rf_rng_below (RfRng *rng, uint32_t n)
{
  uint64_t product = (uint64_t) rf_rng_u32 (rng) * n;
  uint32_t low = (uint32_t) product;

  if (low < n)
    {
      uint32_t threshold = -n % n;

      while (low < threshold)
        {
          product = (uint64_t) rf_rng_u32 (rng) * n;
          low = (uint32_t) product;
        }
    }
  return (uint32_t) (product >> 32);
}

double
rf_rng_normal (RfRng *rng)
{
  double u = 1.0 - rf_rng_uniform (rng); /* (0, 1]: the logarithm stays finite */
  double v = rf_rng_uniform (rng);

  return sqrt (-2.0 * log (u)) * cos (2.0 * M_PI * v);
}

double
rf_rng_gumbel (RfRng *rng)
{
  double u = rf_rng_uniform (rng) + 0x1.0p-54; /* never 0 */

  return -log (-log (u));
}

void
rf_rng_shuffle_u32 (RfRng *rng, uint32_t *values, size_t n)
{
  for (size_t i = n; i > 1; i--)
    {
      size_t j = rf_rng_below (rng, (uint32_t) i);
      uint32_t held = values[i - 1];

      values[i - 1] = values[j];
      values[j] = held;
    }
}

uint64_t
rf_hash_mix (uint64_t a, uint64_t b)
{
  uint64_t z = a + 0x9E3779B97F4A7C15u * (b + 1);

  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}
