/* test-ops-loss.c: every loss against its definition.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "tests/grad/harness.h"

#define N 5
#define D 7

static const uint32_t classes[N] = { 3, 0, UINT32_MAX, 6, 3 };
static const float labels[N * D] = { 1, 0, 0.5f, 1, 1, 0, 0, 0, 1, 0.25f };
static const size_t many_ptr[N + 1] = { 0, 2, 2, 3, 6, 7 };
static const uint32_t many_idx[] = { 0, 4, 2, 1, 5, 6, 3 };
static const size_t hidden_ptr[N + 1] = { 0, 1, 2, 4, 4, 5 };
static const uint32_t hidden_idx[] = { 1, 0, 0, 6, 2 };
static const RfSparse hidden = { N, D, hidden_ptr, hidden_idx, NULL };
static const float q_pos[N] = { -1, -2, -0.5f, -3, -1.5f };
static const uint8_t hit[N * D] = { 0, 1, 0, 0, 0, 0, 0, 1, 1 };
static float q_neg[N * D];

static RfTensor *bpr (RfTape *tape, RfTensor **in) { return rf_bpr (tape, in[0], in[1]); }
static RfTensor *margin (RfTape *tape, RfTensor **in) { return rf_margin (tape, in[0], in[1], 0.7); }
static RfTensor *entropy (RfTape *tape, RfTensor **in) { return rf_cross_entropy (tape, in[0], classes, 0); }
static RfTensor *smoothed (RfTape *tape, RfTensor **in) { return rf_cross_entropy (tape, in[0], classes, 0.2); }
static RfTensor *many (RfTape *tape, RfTensor **in) { return rf_cross_entropy_rows (tape, in[0], many_ptr, many_idx, &hidden, 7); }
static RfTensor *sampled (RfTape *tape, RfTensor **in) { return rf_sampled_cross_entropy (tape, in[0], in[1], q_pos, q_neg, hit); }
static RfTensor *binary (RfTape *tape, RfTensor **in) { return rf_bce (tape, in[0], labels); }
static RfTensor *infonce (RfTape *tape, RfTensor **in) { return rf_infonce (tape, in[0], in[1], 0.4); }
static RfTensor *transe_1 (RfTape *tape, RfTensor **in) { return rf_transe (tape, in[0], in[1], in[2], 1); }
static RfTensor *transe_2 (RfTape *tape, RfTensor **in) { return rf_transe (tape, in[0], in[1], in[2], 2); }
static RfTensor *squared (RfTape *tape, RfTensor **in) { return rf_squared_error (tape, in[0], labels); }
static RfTensor *norms (RfTape *tape, RfTensor **in) { return rf_add_scaled (tape, rf_l2 (tape, in[0]), rf_l1 (tape, in[0]), 0.3); }

static RfTensor *
uncertain (RfTape *tape, RfTensor **in)
{
  RfTensor *losses[2] = { rf_l2 (tape, in[0]), rf_bpr (tape, in[0], in[1]) };

  return rf_uncertainty_sum (tape, 2, losses, in[2]);
}

static void
naive_bpr (const Array *in, double *out)
{
  for (int i = 0; i < N * D; i++)
    out[0] -= log (1 / (1 + exp ((double) in[1].x[i] - (double) in[0].x[i]))) / (N * D);
}

static void
naive_margin (const Array *in, double *out)
{
  for (int i = 0; i < N * D; i++)
    out[0] += fmax (0, 0.7 - (double) in[0].x[i] + (double) in[1].x[i]) / (N * D);
}

static double
log_softmax (const rf_real *x, int n, int at)
{
  double sum = 0;

  for (int j = 0; j < n; j++)
    sum += exp ((double) x[j]);
  return (double) x[at] - log (sum);
}

static void
naive_entropy_of (const Array *in, double *out, double smoothing)
{
  for (int i = 0; i < N; i++)
    for (int j = 0; j < D && classes[i] != UINT32_MAX; j++)
      out[0] -= ((1 - smoothing) * (j == (int) classes[i]) + smoothing / D) * log_softmax (in[0].x + i * D, D, j) / 4;
}

static void naive_entropy (const Array *in, double *out) { naive_entropy_of (in, out, 0); }
static void naive_smoothed (const Array *in, double *out) { naive_entropy_of (in, out, 0.2); }

static void
naive_many (const Array *in, double *out)
{
  for (int i = 0; i < N; i++)
    for (size_t e = many_ptr[i]; e < many_ptr[i + 1]; e++)
      {
        double sum = 0;

        for (uint32_t j = 0; j < D; j++)
          {
            bool candidate = true;

            for (size_t k = hidden_ptr[i]; k < hidden_ptr[i + 1]; k++)
              candidate = candidate && hidden_idx[k] != j;
            sum += candidate ? exp ((double) in[0].x[(uint32_t) i * D + j]) : 0;
          }
        out[0] += (log (sum) - (double) in[0].x[(uint32_t) i * D + many_idx[e]]) / 7;
      }
}

static void
naive_sampled (const Array *in, double *out)
{
  for (int i = 0; i < N; i++)
    {
      double top = (double) in[0].x[i] - (double) q_pos[i], sum = exp (top);

      for (int j = i * D; j < (i + 1) * D; j++)
        sum += hit[j] ? 0 : exp ((double) in[1].x[j] - (double) q_neg[j]);
      out[0] += (log (sum) - top) / N;
    }
}

static void
naive_binary (const Array *in, double *out)
{
  for (int i = 0; i < N * D; i++)
    {
      double p = 1 / (1 + exp (-(double) in[0].x[i])), y = (double) labels[i];

      out[0] -= (y * log (p) + (1 - y) * log (1 - p)) / (N * D);
    }
}

static void
naive_infonce (const Array *in, double *out)
{
  double cosine[N][N], sum;

  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      {
        double dot = 0, aa = 0, bb = 0;

        for (int d = 0; d < D; d++)
          {
            dot += (double) in[0].x[i * D + d] * (double) in[1].x[j * D + d];
            aa += (double) in[0].x[i * D + d] * (double) in[0].x[i * D + d];
            bb += (double) in[1].x[j * D + d] * (double) in[1].x[j * D + d];
          }
        cosine[i][j] = dot / sqrt (aa * bb) / 0.4;
      }
  for (int i = 0; i < N; i++)
    {
      sum = 0;
      for (int j = 0; j < N; j++)
        sum += exp (cosine[i][j]);
      out[0] += (log (sum) - cosine[i][i]) / (2 * N);
      sum = 0;
      for (int j = 0; j < N; j++)
        sum += exp (cosine[j][i]);
      out[0] += (log (sum) - cosine[i][i]) / (2 * N);
    }
}

static void
naive_transe_of (const Array *in, double *out, int p)
{
  for (int i = 0; i < N; i++)
    {
      for (int j = i * D; j < (i + 1) * D; j++)
        out[i] += pow (fabs ((double) in[0].x[j] + (double) in[1].x[j] - (double) in[2].x[j]), p);
      out[i] = -pow (out[i], 1.0 / p);
    }
}

static void naive_transe_1 (const Array *in, double *out) { naive_transe_of (in, out, 1); }
static void naive_transe_2 (const Array *in, double *out) { naive_transe_of (in, out, 2); }

static void
naive_squared (const Array *in, double *out)
{
  for (int i = 0; i < N * D; i++)
    out[0] += pow ((double) in[0].x[i] - (double) labels[i], 2) / (N * D);
}

static void
naive_norms (const Array *in, double *out)
{
  for (int i = 0; i < N * D; i++)
    out[0] += (double) in[0].x[i] * (double) in[0].x[i] / 2 + 0.3 * fabs ((double) in[0].x[i]);
}

static void
naive_uncertain (const Array *in, double *out)
{
  double one = 0, two = 0;

  for (int i = 0; i < N * D; i++)
    one += (double) in[0].x[i] * (double) in[0].x[i] / 2;
  naive_bpr (in, &two);
  out[0] = exp (-(double) in[2].x[0]) * one + (double) in[2].x[0] + exp (-(double) in[2].x[1]) * two + (double) in[2].x[1];
}

static const OpTest tests[] = {
  { "bpr", { { 2, { N, D } }, { 2, { N, D } } }, .run = bpr, .oracle = naive_bpr },
  { "margin", { { 2, { N, D } }, { 2, { N, D } } }, .run = margin, .oracle = naive_margin },
  { "cross-entropy/plain", { { 2, { N, D } } }, .run = entropy, .oracle = naive_entropy },
  { "cross-entropy/smoothed", { { 2, { N, D } } }, .run = smoothed, .oracle = naive_smoothed },
  { "cross-entropy/rows", { { 2, { N, D } } }, .run = many, .oracle = naive_many },
  { "cross-entropy/sampled", { { 2, { N, 1 } }, { 2, { N, D } } }, .run = sampled, .oracle = naive_sampled },
  { "bce", { { 2, { N, D } } }, .run = binary, .oracle = naive_binary },
  { "infonce", { { 2, { N, D } }, { 2, { N, D } } }, .run = infonce, .oracle = naive_infonce },
  { "transe/city-block", { { 2, { N, D } }, { 2, { N, D } }, { 2, { N, D } } }, .run = transe_1, .oracle = naive_transe_1 },
  { "transe/euclidean", { { 2, { N, D } }, { 2, { N, D } }, { 2, { N, D } } }, .run = transe_2, .oracle = naive_transe_2 },
  { "squared-error", { { 2, { N, D } } }, .run = squared, .oracle = naive_squared },
  { "l1-l2", { { 2, { N, D } } }, .run = norms, .oracle = naive_norms },
  { "uncertainty", { { 2, { N, D } }, { 2, { N, D } }, { 1, { 2 } } }, .run = uncertain, .oracle = naive_uncertain },
};

/* Where the definition overflows, the operations must not. */
static void
test_extremes (void)
{
  rf_real big[] = { 500, -500, 0 }, small[] = { -500, 500, 0 }, g[3] = { 0 };
  float label[] = { 0, 1, 1 };
  uint32_t class[] = { 1 };
  RfTape *tape = rf_tape_new ();
  RfTensor *loss = rf_bpr (tape, rf_leaf_1d (tape, 3, small, g), rf_leaf_1d (tape, 3, big, NULL));

  rf_tape_backward (tape, loss);
  g_assert_cmpfloat_with_epsilon (loss->x[0], (1000 + log (2)) / 3, 1e-3);
  g_assert_cmpfloat_with_epsilon (g[0], -1.0 / 3, 1e-6);
  loss = rf_bce (tape, rf_leaf_1d (tape, 3, big, NULL), label);
  g_assert_cmpfloat_with_epsilon (loss->x[0], (1000 + log (2)) / 3, 1e-3);
  loss = rf_cross_entropy (tape, rf_leaf_2d (tape, 1, 3, big, NULL), class, 0);
  g_assert_cmpfloat_with_epsilon (loss->x[0], 1000, 1e-3);
  rf_tape_free (tape);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (int i = 0; i < N * D; i++)
    q_neg[i] = -0.1f * (float) (i % 9);
  for (gsize t = 0; t < G_N_ELEMENTS (tests); t++)
    op_test_add (&tests[t]);
  g_test_add_func ("/extremes", test_extremes);
  return g_test_run ();
}
