/* test-tensor.c: the tape's memory, parameters and their gradients, optimisers and schedules.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>

#include "core/tensor/rf-kernel.h"
#include "core/tensor/rf-ops.h"
#include "core/tensor/rf-optim.h"
#include "tests/grad/harness.h"

static void
test_no_allocation_after_first_batch (void)
{
  RfParams *params = rf_params_new ();
  int table = rf_params_add_table (params, "table", 500, 16, RF_INIT_NORMAL, 1);
  int w = rf_params_add (params, "w", 2, (size_t[]) { 16, 64 }, RF_INIT_HE, 1);
  RfTape *tape = rf_tape_new ();
  uint32_t rows[3000];
  size_t after_first = 0;

  rf_params_seal (params, 1);
  for (uint32_t i = 0; i < G_N_ELEMENTS (rows); i++)
    rows[i] = i * 7 % 500;
  for (int batch = 0; batch < 5; batch++)
    {
      rf_tape_reset (tape);
      rf_tape_bind (tape, params, NULL);
      rf_tape_backward (tape, rf_mean (tape, rf_tanh (tape, rf_linear (tape, rf_rows (tape, rf_param (tape, table), rows, G_N_ELEMENTS (rows)), rf_param (tape, w), NULL))));
      rf_grads_zero (rf_params_get_grads (params));
      if (batch == 1) /* the first reset makes one block of many */
        after_first = rf_tape_get_n_allocations (tape);
    }
  g_assert_cmpuint (after_first, >, 0);
  g_assert_cmpuint (rf_tape_get_n_allocations (tape), ==, after_first);
  g_assert_cmpuint (rf_tape_get_peak_bytes (tape), >, 3000 * (16 + 64) * 2 * sizeof (rf_real));
  g_assert_cmpuint (rf_tape_get_peak_bytes (tape), <, 3000 * (16 + 2 * 64) * 3 * sizeof (rf_real));
  rf_tape_free (tape);
  rf_params_free (params);
}

static void
test_touched_rows_only (void)
{
  RfParams *params = rf_params_new ();
  int table = rf_params_add_table (params, "table", 1000000, 4, RF_INIT_CONSTANT, 2);
  RfTape *tape = rf_tape_new ();
  const uint32_t rows[] = { 999999, 5, 999999 };
  RfRowGrads *grads;
  RfOptim *optim;
  rf_real *x;

  rf_params_seal (params, 1);
  optim = rf_optim_new (params, &(RfOptimOptions) { .kind = RF_OPTIM_SGD, .rate = 0.5 });
  rf_tape_bind (tape, params, NULL);
  rf_tape_backward (tape, rf_sum (tape, rf_rows (tape, rf_param (tape, table), rows, 3)));
  grads = rf_grads_rows (rf_params_get_grads (params), table);
  g_assert_cmpuint (grads->n, ==, 2);
  g_assert_cmpuint (grads->capacity, <=, 3);
  g_assert_cmpuint (grads->row[0], ==, 999999);
  g_assert_cmpfloat (grads->g[0], ==, 2);
  g_assert_cmpfloat (grads->g[4], ==, 1);
  g_assert_cmpfloat_with_epsilon (rf_optim_step (optim), sqrt (4 * 4 + 4), 1e-6);
  x = rf_params_values (params, table);
  g_assert_cmpfloat (x[4 * 999999], ==, 1);
  g_assert_cmpfloat (x[4 * 5], ==, 1.5);
  g_assert_cmpfloat (x[4 * 6], ==, 2);
  g_assert_cmpuint (grads->n, ==, 0);
  rf_optim_free (optim);
  rf_tape_free (tape);
  rf_params_free (params);
}

/* Three steps of each optimiser on f = x^2 / 2 or, straight, f = |x|, and decay, by hand. (Adam does not see a decay in proportion to the
 * gradient.) */
static void
check_optim (RfOptimOptions options, gboolean as_table, gboolean straight)
{
  RfParams *params = rf_params_new ();
  int index = as_table ? rf_params_add_table (params, "x", 3, 2, RF_INIT_CONSTANT, 1) : rf_params_add (params, "x", 2, (size_t[]) { 3, 2 }, RF_INIT_CONSTANT, 1);
  const uint32_t all[] = { 0, 1, 2 };
  RfTape *tape = rf_tape_new ();
  RfOptim *optim = rf_optim_new (params, &options);
  double x = 1, m = 0, v = 0;

  rf_params_seal (params, 1);
  for (int step = 1; step <= 3; step++)
    {
      double g = straight ? 1 : x;
      RfTensor *rows;

      rf_tape_reset (tape);
      rf_tape_bind (tape, params, NULL);
      rows = rf_rows (tape, rf_param (tape, index), all, 3);
      rf_tape_backward (tape, straight ? rf_l1 (tape, rows) : rf_l2 (tape, rows));
      rf_optim_step (optim);
      if (options.kind == RF_OPTIM_SGD)
        {
          m = options.momentum * m + g + options.decay * x;
          x -= options.rate * m;
        }
      else
        {
          double apart = options.kind == RF_OPTIM_ADAMW ? options.rate * options.decay * x : 0;

          if (options.kind == RF_OPTIM_ADAM)
            g += options.decay * x;
          m = 0.9 * m + 0.1 * g;
          v = 0.999 * v + 0.001 * g * g;
          x -= options.rate * (m / (1 - pow (0.9, step))) / (sqrt (v / (1 - pow (0.999, step))) + 1e-8) + apart;
        }
      for (int i = 0; i < 6; i++)
        g_assert_cmpfloat_with_epsilon (rf_params_values (params, index)[i], x, 1e-6);
    }
  g_assert_cmpfloat (fabs (x - 1), >, 0.05);
  rf_optim_free (optim);
  rf_tape_free (tape);
  rf_params_free (params);
}

static void
test_optimisers (void)
{
  for (int kind = 0; kind < 4; kind++)
    {
      gboolean as_table = kind & 1, straight = kind & 2;

      check_optim ((RfOptimOptions) { .kind = RF_OPTIM_SGD, .rate = 0.1, .momentum = 0.9, .decay = 0.05 }, as_table, straight);
      check_optim ((RfOptimOptions) { .kind = RF_OPTIM_ADAM, .rate = 0.1, .decay = 0.05 }, as_table, straight);
      check_optim ((RfOptimOptions) { .kind = RF_OPTIM_ADAMW, .rate = 0.1, .decay = 0.05 }, as_table, straight);
    }
}

static void
test_clip_and_not_finite (void)
{
  RfParams *params = rf_params_new ();
  int index = rf_params_add (params, "x", 1, (size_t[]) { 4 }, RF_INIT_CONSTANT, 1);
  RfOptim *optim = rf_optim_new (params, &(RfOptimOptions) { .kind = RF_OPTIM_SGD, .rate = 1, .clip = 0.5 });
  rf_real *g;

  rf_params_seal (params, 1);
  g = rf_grads_dense (rf_params_get_grads (params), index);
  g[0] = 3;
  g[1] = 4;
  g_assert_cmpfloat_with_epsilon (rf_optim_step (optim), 5, 1e-6);
  g_assert_cmpfloat_with_epsilon (rf_params_values (params, index)[0], 1 - 0.3, 1e-6);
  g_assert_cmpfloat_with_epsilon (rf_params_values (params, index)[1], 1 - 0.4, 1e-6);
  g_assert_cmpfloat (g[0], ==, 0);
  g[2] = (rf_real) NAN;
  g_assert_false (isfinite (rf_optim_step (optim)));
  g_assert_cmpfloat (rf_params_values (params, index)[2], ==, 1);
  g_assert_cmpfloat (g[2], ==, 0);
  rf_optim_free (optim);
  rf_params_free (params);
}

static void
test_schedules (void)
{
  RfParams *params = rf_params_new ();
  RfOptim *cosine, *plateau;

  rf_params_add (params, "x", 1, (size_t[]) { 1 }, RF_INIT_ZERO, 1);
  rf_params_seal (params, 1);
  cosine = rf_optim_new (params, &(RfOptimOptions) { .rate = 1, .schedule = RF_SCHEDULE_COSINE, .warmup = 2, .n_steps = 12 });
  plateau = rf_optim_new (params, &(RfOptimOptions) { .rate = 1, .schedule = RF_SCHEDULE_PLATEAU, .patience = 1, .factor = 0.5 });
  g_assert_cmpfloat_with_epsilon (rf_optim_get_rate (cosine), 0.5, 1e-9);
  rf_optim_step (cosine);
  g_assert_cmpfloat_with_epsilon (rf_optim_get_rate (cosine), 1, 1e-9);
  for (int i = 0; i < 6; i++)
    rf_optim_step (cosine);
  g_assert_cmpfloat_with_epsilon (rf_optim_get_rate (cosine), 0.5, 1e-9);
  for (int i = 0; i < 9; i++)
    rf_optim_step (cosine);
  g_assert_cmpfloat_with_epsilon (rf_optim_get_rate (cosine), 0, 1e-9);
  rf_optim_report (plateau, 0.3);
  rf_optim_report (plateau, 0.2);
  g_assert_cmpfloat (rf_optim_get_rate (plateau), ==, 1);
  rf_optim_report (plateau, 0.3);
  g_assert_cmpfloat (rf_optim_get_rate (plateau), ==, 0.5);
  rf_optim_free (cosine);
  rf_optim_free (plateau);
  rf_params_free (params);
}

static void
test_initial_values (void)
{
  RfParams *params = rf_params_new ();
  int w = rf_params_add (params, "w", 2, (size_t[]) { 200, 300 }, RF_INIT_XAVIER, 1);
  int e = rf_params_add_table (params, "e", 1000, 50, RF_INIT_NORMAL, 0.1);
  double square = 0, bound = sqrt (6.0 / 500), largest = 0;

  rf_params_seal (params, 3);
  for (int i = 0; i < 60000; i++)
    largest = fmax (largest, fabs ((double) rf_params_values (params, w)[i]));
  for (int i = 0; i < 50000; i++)
    square += pow ((double) rf_params_values (params, e)[i], 2) / 50000;
  g_assert_cmpfloat (largest, <=, bound);
  g_assert_cmpfloat (largest, >, 0.99 * bound);
  g_assert_cmpfloat_with_epsilon (sqrt (square), 0.1, 0.002);
  g_assert_cmpint (rf_params_find (params, "e"), ==, e);
  g_assert_cmpint (rf_params_find (params, "f"), ==, -1);
  g_assert_cmpuint (rf_params_length (params), ==, 110000);
  rf_params_free (params);
}

/* The products below everything else, at sizes that cross every edge of their blocks. */
static void
test_products (void)
{
  const size_t sizes[][3] = { { 1, 1, 1 }, { 3, 64, 300 }, { 65, 65, 65 }, { 17, 33, 129 }, { 100, 16, 7 }, { 31, 192, 64 }, { 2, 7, 1000 }, { 290, 70, 5 }, { 40, 200, 530 } };

  for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (int kind = 0; kind < 8; kind++)
      {
        size_t m = sizes[s][0], n = sizes[s][1], k = sizes[s][2];
        bool ta = kind & 1, tb = kind & 2;
        rf_real beta = kind & 4 ? (rf_real) 0.5 : 0;
        g_autofree rf_real *a = g_new (rf_real, m * k);
        g_autofree rf_real *b = g_new (rf_real, n * k);
        g_autofree rf_real *c = g_new (rf_real, m * n);
        g_autofree rf_real *held = NULL;

        fill_normal (a, m * k, 1);
        fill_normal (b, n * k, 2);
        fill_normal (c, m * n, 3);
        held = g_memdup2 (c, m * n * sizeof *c);
        if (beta == 0)
          c[0] = (rf_real) NAN; /* must not be read */
        rf_mm_parallel (ta, tb, m, n, k, 2, a, ta ? m : k, b, tb ? k : n, beta, c, n);
        for (size_t i = 0; i < m; i++)
          for (size_t j = 0; j < n; j++)
            {
              double sum = 0, size = 1;

              for (size_t l = 0; l < k; l++)
                sum += (double) a[ta ? l * m + i : i * k + l] * (double) b[tb ? j * k + l : l * n + j];
              size += fabs (sum);
              sum = 2 * sum + (beta > 0 ? (double) beta * (double) held[i * n + j] : 0);
              if (!(fabs (sum - (double) c[i * n + j]) < (sizeof (rf_real) == 8 ? 1e-12 : 2e-5) * size * sqrt ((double) k)))
                g_error ("product %zux%zux%zu, kind %d: element %zu,%zu is %g, not %g", m, n, k, kind, i, j, (double) c[i * n + j], sum);
            }
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tape/no-allocation-after-first-batch", test_no_allocation_after_first_batch);
  g_test_add_func ("/params/touched-rows-only", test_touched_rows_only);
  g_test_add_func ("/params/initial-values", test_initial_values);
  g_test_add_func ("/optim/by-hand", test_optimisers);
  g_test_add_func ("/optim/clip-and-not-finite", test_clip_and_not_finite);
  g_test_add_func ("/optim/schedules", test_schedules);
  g_test_add_func ("/kernel/products", test_products);
  return g_test_run ();
}
