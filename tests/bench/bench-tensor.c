/* bench-tensor.c: how fast the encoders of the tape are: one batch of 256, forward and backward.
 *
 *   bench-tensor [threads]
 *
 * tests/bench/peers/encoders.py does the same in PyTorch; run both in one go, under the same OPENBLAS_CORETYPE. Prints the best
 * of 9 runs, the floating point operations that the definition needs, and the rate.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/tensor/rf-ops.h"
#include "core/tensor/rf-params.h"

#define BATCH 256
#define RUNS  9

/* With one thread the processor's time: what else the machine does matters less then. */
static clockid_t clock_id = CLOCK_MONOTONIC;

static double
now (void)
{
  struct timespec t;

  clock_gettime (clock_id, &t);
  return (double) t.tv_sec + 1e-9 * (double) t.tv_nsec;
}

typedef struct
{
  RfTape *tape;
  RfParams *params;
  int w[8];
  float *input;
  uint32_t *tokens;
  size_t side;
} Bench;

typedef RfTensor *(*Build) (Bench *bench);

static RfTensor *
build_cnn (Bench *b)
{
  RfTape *tape = b->tape;
  size_t s = b->side;
  RfTensor *p[6], *x = rf_leaf_4d (tape, BATCH, s, s, 3, b->input, NULL);

  for (int k = 0; k < 6; k++)
    p[k] = rf_param (tape, b->w[k]);
  x = rf_conv2d_pool (tape, x, p[0], p[1], (RfConv) { 1, 1, 1 }, 2, true);
  x = rf_conv2d_pool (tape, x, p[2], p[3], (RfConv) { 1, 1, 1 }, 2, true);
  return rf_linear (tape, rf_reshape (tape, x, 2, (size_t[]) { BATCH, (s / 4) * (s / 4) * 64 }), p[4], p[5]);
}

static RfTensor *
build_gru (Bench *b)
{
  RfTape *tape = b->tape;
  RfTensor *p[7], *x;

  for (int k = 0; k < 7; k++)
    p[k] = rf_param (tape, b->w[k]);
  x = rf_reshape (tape, rf_rows (tape, p[0], b->tokens, 32 * BATCH), 3, (size_t[]) { 32, BATCH, 64 });
  return rf_linear (tape, rf_gru (tape, x, &(RfGruWeights) { p[1], p[2], p[3], p[4] }, NULL, NULL), p[5], p[6]);
}

static RfTensor *
build_linear (Bench *b)
{
  return rf_linear (b->tape, rf_leaf_2d (b->tape, 4096, 4096, b->input, NULL), rf_param (b->tape, b->w[0]), NULL);
}

static void
measure (const char *name, Bench *b, Build build, double flops, size_t n)
{
  double best = 1e9, best_forward = 1e9;

  for (int run = 0; run < RUNS; run++)
    {
      double start = now (), middle, end;
      RfTensor *out;

      rf_tape_reset (b->tape);
      rf_tape_bind (b->tape, b->params, NULL);
      out = build (b);
      middle = now ();
      rf_tape_backward (b->tape, rf_l2 (b->tape, out));
      end = now ();
      rf_grads_zero (rf_params_get_grads (b->params));
      best = end - start < best ? end - start : best;
      best_forward = middle - start < best_forward ? middle - start : best_forward;
    }
  printf ("%-28s %8.2f ms  (forward %.2f)  %6.2f GFLOP  %6.1f GFLOP/s  %9.0f /s  peak %.1f MB\n", name, 1e3 * best, 1e3 * best_forward, flops * 1e-9,
          flops / best * 1e-9, (double) n / best, (double) rf_tape_get_peak_bytes (b->tape) / 1048576);
}

static void
fill (float *x, size_t n)
{
  RfRng rng = rf_rng_new (1, 0);

  for (size_t i = 0; i < n; i++)
    x[i] = (float) rf_rng_uniform (&rng);
}

static void
bench_cnn (size_t side)
{
  Bench b = { .tape = rf_tape_new (), .params = rf_params_new (), .side = side };
  size_t s = side, flat = (s / 4) * (s / 4) * 64;
  double one = (double) (s * s * 32 * 27), two = (double) (s * s / 4 * 64 * 288), three = (double) (flat * 64);
  char name[64];

  b.w[0] = rf_params_add (b.params, "w1", 4, (size_t[]) { 3, 3, 3, 32 }, RF_INIT_HE, 1);
  b.w[1] = rf_params_add (b.params, "b1", 1, (size_t[]) { 32 }, RF_INIT_ZERO, 1);
  b.w[2] = rf_params_add (b.params, "w2", 4, (size_t[]) { 3, 3, 32, 64 }, RF_INIT_HE, 1);
  b.w[3] = rf_params_add (b.params, "b2", 1, (size_t[]) { 64 }, RF_INIT_ZERO, 1);
  b.w[4] = rf_params_add (b.params, "w3", 2, (size_t[]) { flat, 64 }, RF_INIT_XAVIER, 1);
  b.w[5] = rf_params_add (b.params, "b3", 1, (size_t[]) { 64 }, RF_INIT_ZERO, 1);
  rf_params_seal (b.params, 1);
  b.input = malloc (BATCH * s * s * 3 * sizeof (float));
  fill (b.input, BATCH * s * s * 3);
  snprintf (name, sizeof name, "CNN %zux%zu, batch 256", s, s);
  measure (name, &b, build_cnn, 2 * BATCH * (2 * one + 3 * two + 3 * three), BATCH); /* no gradient of the pictures */
  free (b.input);
  rf_tape_free (b.tape);
  rf_params_free (b.params);
}

static void
bench_gru (void)
{
  Bench b = { .tape = rf_tape_new (), .params = rf_params_new () };
  RfRng rng = rf_rng_new (2, 0);

  b.w[0] = rf_params_add_table (b.params, "words", 10000, 64, RF_INIT_NORMAL, 1);
  b.w[1] = rf_params_add (b.params, "w", 2, (size_t[]) { 64, 192 }, RF_INIT_XAVIER, 1);
  b.w[2] = rf_params_add (b.params, "u", 2, (size_t[]) { 64, 192 }, RF_INIT_XAVIER, 1);
  b.w[3] = rf_params_add (b.params, "bw", 1, (size_t[]) { 192 }, RF_INIT_ZERO, 1);
  b.w[4] = rf_params_add (b.params, "bu", 1, (size_t[]) { 192 }, RF_INIT_ZERO, 1);
  b.w[5] = rf_params_add (b.params, "wl", 2, (size_t[]) { 64, 64 }, RF_INIT_XAVIER, 1);
  b.w[6] = rf_params_add (b.params, "bl", 1, (size_t[]) { 64 }, RF_INIT_ZERO, 1);
  rf_params_seal (b.params, 1);
  b.tokens = malloc (32 * BATCH * sizeof (uint32_t));
  for (size_t i = 0; i < 32 * BATCH; i++)
    b.tokens[i] = rf_rng_below (&rng, 10000);
  measure ("GRU 32 x 64 -> 64, batch 256", &b, build_gru, 2.0 * BATCH * 3 * (32 * 2 * 64 * 192 + 64 * 64), BATCH);
  free (b.tokens);
  rf_tape_free (b.tape);
  rf_params_free (b.params);
}

static void
bench_linear (void)
{
  Bench b = { .tape = rf_tape_new (), .params = rf_params_new () };

  b.w[0] = rf_params_add (b.params, "w", 2, (size_t[]) { 4096, 64 }, RF_INIT_XAVIER, 1);
  rf_params_seal (b.params, 1);
  b.input = malloc ((size_t) 4096 * 4096 * sizeof (float));
  fill (b.input, (size_t) 4096 * 4096);
  measure ("linear 4096 -> 64, batch 4096", &b, build_linear, 2.0 * 4096 * 4096 * 64 * 2, 4096);
  free (b.input);
  rf_tape_free (b.tape);
  rf_params_free (b.params);
}

int
main (int argc, char **argv)
{
  int threads = argc > 1 ? atoi (argv[1]) : 1;

  rf_linalg_choose_kernel (argv);
  rf_linalg_init ();
  rf_parallel_set_threads (threads);
  if (threads == 1)
    clock_id = CLOCK_PROCESS_CPUTIME_ID;
  printf ("%d thread(s), OpenBLAS kernel %s\n", threads, rf_linalg_get_kernel ());
  bench_cnn (28);
  bench_cnn (64);
  bench_gru ();
  bench_linear ();
  return 0;
}
