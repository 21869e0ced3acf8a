/* rf-rng.h: counter-based random numbers.
 *
 * The n-th number of a stream is a pure function of (seed, stream, n), so a draw can be repeated, skipped to or made in any
 * order by any thread with the same result. The mixer is Philox 4x32 with 10 rounds (Salmon, Moraes, Dror, Shaw: "Parallel
 * random numbers: as easy as 1, 2, 3", SC 2011). Not for cryptography.
 *
 * An RfRng is a value: copy it, keep it on the stack. It is not safe to share one between threads; give each its own stream.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct
{
  uint64_t seed;
  uint64_t stream;
  uint64_t counter; /* how many 128-bit blocks were used */
  uint32_t block[4];
  int left; /* 32-bit words not yet used of block */
} RfRng;

/* 128 random bits: block number `counter` of (seed, stream). */
void rf_philox (uint64_t seed, uint64_t stream, uint64_t counter, uint32_t out[4]);

RfRng rf_rng_new (uint64_t seed, uint64_t stream);
uint32_t rf_rng_u32 (RfRng *rng);
uint64_t rf_rng_u64 (RfRng *rng);

/* Uniform in [0, 1): 53 random bits. */
double rf_rng_uniform (RfRng *rng);

/* Uniform in 0 .. n-1, without bias (Lemire 2019); n > 0. */
uint32_t rf_rng_below (RfRng *rng, uint32_t n);

/* Standard normal (Box and Muller 1958; the second value is not kept, so that the stream stays easy to replay). */
double rf_rng_normal (RfRng *rng);

/* Standard Gumbel: -log(-log(U)). */
double rf_rng_gumbel (RfRng *rng);

/* Fisher-Yates shuffle of n 32-bit values. */
void rf_rng_shuffle_u32 (RfRng *rng, uint32_t *values, size_t n);

/* A well-mixed 64-bit hash of two words, to derive a stream number from names or indices (splitmix64 finaliser). */
uint64_t rf_hash_mix (uint64_t a, uint64_t b);
