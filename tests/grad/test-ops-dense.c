/* test-ops-dense.c: products, elementwise functions, shapes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "tests/grad/harness.h"

#define M 5
#define N 7
#define K 6

#define MATMUL_TEST(name_, ta, tb)                                                                  \
  static RfTensor *matmul_##name_ (RfTape *tape, RfTensor **in) { return rf_matmul (tape, in[0], ta, in[1], tb); } \
  static void naive_##name_ (const Array *in, double *out)                                          \
  {                                                                                                 \
    for (int i = 0; i < M; i++)                                                                     \
      for (int j = 0; j < N; j++)                                                                   \
        for (int k = 0; k < K; k++)                                                                 \
          out[i * N + j] += (double) in[0].x[ta ? k * M + i : i * K + k] * (double) in[1].x[tb ? j * K + k : k * N + j]; \
  }
MATMUL_TEST (nn, false, false)
MATMUL_TEST (nt, false, true)
MATMUL_TEST (tn, true, false)
MATMUL_TEST (tt, true, true)

static RfTensor *
square (RfTape *tape, RfTensor **in)
{
  return rf_matmul (tape, in[0], false, in[0], true); /* one tensor on both sides: gradients add up */
}

static RfTensor *
linear (RfTape *tape, RfTensor **in)
{
  return rf_linear (tape, in[0], in[1], in[2]);
}

static void
naive_linear (const Array *in, double *out)
{
  for (int i = 0; i < M; i++)
    for (int j = 0; j < N; j++)
      {
        out[i * N + j] = (double) in[2].x[j];
        for (int k = 0; k < K; k++)
          out[i * N + j] += (double) in[0].x[i * K + k] * (double) in[1].x[k * N + j];
      }
}

/* A constant table, some of whose rows are taken, one of them twice. */
#define TABLE_ROWS 9

static const uint32_t taken[] = { 7, 0, 3, 3, 8, 1, 2, 7, 5, 4, 6, 0, 1 };

static RfTable
table_of (size_t cols)
{
  static float numbers[TABLE_ROWS * 720];

  for (size_t i = 0; i < TABLE_ROWS * cols; i++)
    numbers[i] = sinf ((float) i * 1.7f) + 0.1f;
  return (RfTable) { numbers, TABLE_ROWS, cols };
}

static RfTensor *
linear_rows (RfTape *tape, RfTensor **in)
{
  RfTable table = table_of (rf_tensor_rows (in[0]));

  return rf_linear_rows (tape, &table, taken, G_N_ELEMENTS (taken), in[0], in[1]);
}

static void
naive_linear_rows (const Array *in, double *out)
{
  size_t cols = in[1].len, depth = in[0].len / cols;
  RfTable table = table_of (depth);

  for (size_t i = 0; i < G_N_ELEMENTS (taken); i++)
    for (size_t j = 0; j < cols; j++)
      {
        out[i * cols + j] = (double) in[1].x[j];
        for (size_t k = 0; k < depth; k++)
          out[i * cols + j] += (double) table.x[taken[i] * depth + k] * (double) in[0].x[k * cols + j];
      }
}

static RfTensor *
add_bias (RfTape *tape, RfTensor **in)
{
  return rf_add_bias (tape, in[0], in[1]);
}

static void
naive_add_bias (const Array *in, double *out)
{
  for (int i = 0; i < M * N; i++)
    out[i] = (double) in[0].x[i] + (double) in[1].x[i % N];
}

static RfTensor *
add_scaled (RfTape *tape, RfTensor **in)
{
  return rf_add (tape, rf_add_scaled (tape, in[0], in[1], -0.5), in[0]);
}

static void
naive_add_scaled (const Array *in, double *out)
{
  for (int i = 0; i < M * N; i++)
    out[i] = 2 * (double) in[0].x[i] - 0.5 * (double) in[1].x[i];
}

static RfTensor *
mul_scale (RfTape *tape, RfTensor **in)
{
  return rf_scale (tape, rf_mul (tape, in[0], in[1]), 1.5);
}

static void
naive_mul_scale (const Array *in, double *out)
{
  for (int i = 0; i < M * N; i++)
    out[i] = 1.5 * (double) in[0].x[i] * (double) in[1].x[i];
}

static RfTensor *relu (RfTape *tape, RfTensor **in) { return rf_relu (tape, in[0]); }
static RfTensor *hyperbolic (RfTape *tape, RfTensor **in) { return rf_tanh (tape, in[0]); }
static RfTensor *logistic (RfTape *tape, RfTensor **in) { return rf_sigmoid (tape, in[0]); }
static RfTensor *total (RfTape *tape, RfTensor **in) { return rf_add (tape, rf_sum (tape, in[0]), rf_mean (tape, in[0])); }

static void
naive_relu (const Array *in, double *out)
{
  for (int i = 0; i < M * N; i++)
    out[i] = in[0].x[i] > 0 ? (double) in[0].x[i] : 0;
}

static void
naive_tanh (const Array *in, double *out)
{
  for (int i = 0; i < M * N; i++)
    out[i] = tanh ((double) in[0].x[i]);
}

static void
naive_sigmoid (const Array *in, double *out)
{
  for (int i = 0; i < M * N; i++)
    out[i] = 1 / (1 + exp (-(double) in[0].x[i]));
}

static void
naive_total (const Array *in, double *out)
{
  for (int i = 0; i < M * N; i++)
    out[0] += (double) in[0].x[i] * (1 + 1.0 / (M * N));
}

static RfTensor *
dropout (RfTape *tape, RfTensor **in)
{
  return rf_dropout (tape, in[0], 0.4);
}

static RfTensor *
reshape_twice (RfTape *tape, RfTensor **in)
{
  RfTensor *hidden = rf_scale (tape, in[0], 2);
  RfTensor *view = rf_reshape (tape, hidden, 3, (size_t[]) { 5, 1, 7 });

  return rf_add (tape, rf_tanh (tape, view), rf_mul (tape, view, view)); /* a view used three times */
}

static void
naive_reshape (const Array *in, double *out)
{
  for (int i = 0; i < M * N; i++)
    out[i] = tanh (2 * (double) in[0].x[i]) + 4 * (double) in[0].x[i] * (double) in[0].x[i];
}

static RfTensor *
concat (RfTape *tape, RfTensor **in)
{
  return rf_concat_cols (tape, 3, (RfTensor *[]) { in[0], in[1], in[0] });
}

static void
naive_concat (const Array *in, double *out)
{
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 8; j++)
      out[i * 8 + j] = j < 3 ? (double) in[0].x[i * 3 + j] : j < 5 ? (double) in[1].x[i * 2 + j - 3] : (double) in[0].x[i * 3 + j - 5];
}

static RfTensor *
slices (RfTape *tape, RfTensor **in)
{
  return rf_mul (tape, rf_slice_cols (tape, rf_slice_rows (tape, in[0], 1, 3), 2, 4), rf_slice_cols (tape, rf_slice_rows (tape, in[0], 2, 3), 0, 4));
}

static void
naive_slices (const Array *in, double *out)
{
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 4; j++)
      out[i * 4 + j] = (double) in[0].x[(i + 1) * N + j + 2] * (double) in[0].x[(i + 2) * N + j];
}

static const OpTest tests[] = {
  { "matmul/nn", { { 2, { M, K } }, { 2, { K, N } } }, .run = matmul_nn, .oracle = naive_nn },
  { "matmul/nt", { { 2, { M, K } }, { 2, { N, K } } }, .run = matmul_nt, .oracle = naive_nt },
  { "matmul/tn", { { 2, { K, M } }, { 2, { K, N } } }, .run = matmul_tn, .oracle = naive_tn },
  { "matmul/tt", { { 2, { K, M } }, { 2, { N, K } } }, .run = matmul_tt, .oracle = naive_tt },
  { "matmul/square", { { 2, { M, K } } }, .run = square, .oracle = NULL },
  { "linear", { { 2, { M, K } }, { 2, { K, N } }, { 1, { N } } }, .run = linear, .oracle = naive_linear },
  { "linear-rows/odd", { { 2, { K, N } }, { 1, { N } } }, .run = linear_rows, .oracle = naive_linear_rows },
  { "linear-rows/narrow", { { 2, { 6, 16 } }, { 1, { 16 } } }, .run = linear_rows, .oracle = naive_linear_rows },
  { "linear-rows/wide", { { 2, { 200, 80 } }, { 1, { 80 } } }, .run = linear_rows, .oracle = naive_linear_rows },
  { "add-bias", { { 2, { M, N } }, { 1, { N } } }, .run = add_bias, .oracle = naive_add_bias },
  { "add", { { 2, { M, N } }, { 2, { M, N } } }, .run = add_scaled, .oracle = naive_add_scaled },
  { "mul-scale", { { 2, { M, N } }, { 2, { M, N } } }, .run = mul_scale, .oracle = naive_mul_scale },
  { "relu", { { 2, { M, N } } }, .run = relu, .oracle = naive_relu },
  { "tanh", { { 2, { M, N } } }, .run = hyperbolic, .oracle = naive_tanh },
  { "sigmoid", { { 2, { M, N } } }, .run = logistic, .oracle = naive_sigmoid },
  { "sum-mean", { { 2, { M, N } } }, .run = total, .oracle = naive_total },
  { "dropout", { { 2, { M, N } } }, .run = dropout, .oracle = NULL, .training = true },
  { "reshape", { { 2, { M, N } } }, .run = reshape_twice, .oracle = naive_reshape },
  { "concat", { { 2, { 4, 3 } }, { 2, { 4, 2 } } }, .run = concat, .oracle = naive_concat },
  { "slices", { { 2, { M, N } } }, .run = slices, .oracle = naive_slices },
};

/* Larger than any block: against the product of rows that were gathered. Twice, so that gradients are added to what is there. */
static void
test_linear_rows_blocks (void)
{
  size_t depth = 720, cols = 80, n = 150;
  RfTable table = table_of (depth);
  g_autofree rf_real *w = g_new (rf_real, depth * cols), *g = g_new0 (rf_real, depth * cols), *expected_g = g_new0 (rf_real, depth * cols);
  g_autofree rf_real *rows = g_new (rf_real, n * depth);
  g_autofree uint32_t *index = g_new (uint32_t, n);
  RfTape *tape = rf_tape_new (), *other = rf_tape_new ();
  RfTensor *out, *expected;

  fill_normal (w, depth * cols, 5);
  for (size_t i = 0; i < n; i++)
    {
      index[i] = (uint32_t) (i * 5 % TABLE_ROWS);
      for (size_t k = 0; k < depth; k++)
        rows[i * depth + k] = (rf_real) table.x[index[i] * depth + k];
    }
  for (int round = 0; round < 2; round++)
    {
      rf_tape_reset (tape);
      rf_tape_reset (other);
      out = rf_linear_rows (tape, &table, index, n, rf_leaf_2d (tape, depth, cols, w, g), NULL);
      expected = rf_linear (other, rf_leaf_2d (other, n, depth, rows, NULL), rf_leaf_2d (other, depth, cols, w, expected_g), NULL);
      rf_tape_backward (tape, rf_l2 (tape, out));
      for (size_t i = 0; i < out->len; i++)
        g_assert_cmpfloat_with_epsilon ((double) out->x[i], (double) expected->x[i], 1e-3);
      rf_tape_backward (other, rf_l2 (other, expected));
    }
  for (size_t i = 0; i < depth * cols; i++)
    g_assert_cmpfloat_with_epsilon ((double) g[i], (double) expected_g[i], 1e-3 * (1 + fabs ((double) expected_g[i])));
  rf_tape_free (tape);
  rf_tape_free (other);
}

/* Shapes that take every way through the kernels, and the ones beside them, against naive loops; once set, once added to. */
static void
test_products (void)
{
  static const size_t shapes[][3] = { { 50, 48, 40 }, { 31, 16, 300 }, { 200, 80, 33 }, { 25, 208, 70 }, { 23, 64, 64 }, { 260, 32, 600 }, { 100, 65, 40 } };
  RfTape *tape = rf_tape_new ();

  for (size_t s = 0; s < G_N_ELEMENTS (shapes); s++)
    for (int way = 0; way < 4; way++)
      {
        size_t m = shapes[s][0], n = shapes[s][1], k = shapes[s][2];
        bool ta = way & 1, tb = way & 2;
        g_autofree rf_real *a = g_new (rf_real, m * k), *b = g_new (rf_real, k * n), *g = g_new0 (rf_real, m * k), *h = g_new0 (rf_real, k * n);
        RfTensor *in, *by, *out;

        fill_normal (a, m * k, 1);
        fill_normal (b, k * n, 2);
        rf_tape_reset (tape);
        in = ta ? rf_leaf_2d (tape, k, m, a, g) : rf_leaf_2d (tape, m, k, a, g);
        by = tb ? rf_leaf_2d (tape, n, k, b, h) : rf_leaf_2d (tape, k, n, b, h);
        out = rf_matmul (tape, in, ta, by, tb);
        rf_tape_backward (tape, rf_add (tape, rf_sum (tape, out), rf_sum (tape, rf_matmul (tape, in, ta, by, tb)))); /* two writers of each gradient */
        for (size_t i = 0; i < m; i++)
          for (size_t j = 0; j < n; j++)
            {
              double sum = 0;

              for (size_t p = 0; p < k; p++)
                sum += (double) a[ta ? p * m + i : i * k + p] * (double) b[tb ? j * k + p : p * n + j];
              g_assert_cmpfloat_with_epsilon ((double) out->x[i * n + j], sum, 2e-4);
            }
        for (size_t i = 0; i < m; i++)
          for (size_t p = 0; p < k; p++)
            {
              double sum = 0;

              for (size_t j = 0; j < n; j++)
                sum += 2 * (double) b[tb ? j * k + p : p * n + j];
              g_assert_cmpfloat_with_epsilon ((double) g[ta ? p * m + i : i * k + p], sum, 2e-4);
            }
        for (size_t p = 0; p < k; p++)
          for (size_t j = 0; j < n; j++)
            {
              double sum = 0;

              for (size_t i = 0; i < m; i++)
                sum += 2 * (double) a[ta ? p * m + i : i * k + p];
              g_assert_cmpfloat_with_epsilon ((double) h[tb ? j * k + p : p * n + j], sum, 2e-4);
            }
      }
  rf_tape_free (tape);
}

static void
test_dropout_counts (void)
{
  size_t n = 40000;
  g_autofree rf_real *ones = g_new (rf_real, n);
  g_autofree rf_real *first = g_new (rf_real, n);
  RfTape *tape = rf_tape_new ();
  double sum = 0;
  RfTensor *out;

  for (size_t i = 0; i < n; i++)
    ones[i] = 1;
  for (int round = 0; round < 3; round++)
    {
      rf_tape_reset (tape);
      rf_tape_set_random (tape, 1, round == 2);
      out = rf_dropout (tape, rf_leaf_1d (tape, n, ones, NULL), 0.25);
      for (size_t i = 0; i < n; i++)
        {
          g_assert_true (out->x[i] == 0 || fabs ((double) out->x[i] - 4.0 / 3) < 1e-6);
          sum += (double) out->x[i] / (3.0 * (double) n);
        }
      if (round == 1)
        g_assert_cmpmem (first, n * sizeof *first, out->x, n * sizeof *first); /* same seed and stream, same places */
      if (round == 2)
        g_assert_true (memcmp (first, out->x, n * sizeof *first) != 0);
      memcpy (first, out->x, n * sizeof *first);
    }
  g_assert_cmpfloat_with_epsilon (sum, 1, 0.01);
  rf_tape_set_training (tape, false);
  out = rf_leaf_1d (tape, n, ones, NULL);
  g_assert_true (rf_dropout (tape, out, 0.25) == out);
  rf_tape_free (tape);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize t = 0; t < G_N_ELEMENTS (tests); t++)
    op_test_add (&tests[t]);
  g_test_add_func ("/linear-rows/blocks", test_linear_rows_blocks);
  g_test_add_func ("/matmul/shapes", test_products);
  g_test_add_func ("/dropout/counts", test_dropout_counts);
  return g_test_run ();
}
