/* test-ops-rows.c: gathering, row products, attention, norms, sparse products.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "tests/grad/harness.h"

#define N 6
#define D 5

static const uint32_t picks[] = { 3, 0, 3, 5, 1, 3, 2 };
static const uint8_t mask[N * 3] = { 1, 1, 1, 1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 1, 1, 1 };

static RfTensor *gather (RfTape *tape, RfTensor **in) { return rf_rows (tape, in[0], picks, G_N_ELEMENTS (picks)); }
static RfTensor *row_dot (RfTape *tape, RfTensor **in) { return rf_row_dot (tape, in[0], in[1]); }
static RfTensor *row_square (RfTape *tape, RfTensor **in) { return rf_row_dot (tape, in[0], in[0]); }
static RfTensor *normalize (RfTape *tape, RfTensor **in) { return rf_normalize_rows (tape, in[0]); }
static RfTensor *scale_rows (RfTape *tape, RfTensor **in) { return rf_scale_rows (tape, in[0], in[1]); }
static RfTensor *softmax (RfTape *tape, RfTensor **in) { return rf_softmax_rows (tape, in[0], NULL); }
static RfTensor *masked (RfTape *tape, RfTensor **in) { return rf_softmax_rows (tape, in[0], mask); }
static RfTensor *mix (RfTape *tape, RfTensor **in) { return rf_mix (tape, in[0], 3, in + 1); }
static RfTensor *layer_norm (RfTape *tape, RfTensor **in) { return rf_layer_norm (tape, in[0], in[1], in[2]); }

/* Attention as the fusion uses it: scores by a query, softmax with missing modalities, mix. */
static RfTensor *
attention (RfTape *tape, RfTensor **in)
{
  RfTensor *scores[3];

  for (int k = 0; k < 3; k++)
    scores[k] = rf_matmul (tape, in[k], false, in[3], false);
  return rf_mix (tape, rf_softmax_rows (tape, rf_concat_cols (tape, 3, scores), mask), 3, in);
}

static void
naive_gather (const Array *in, double *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (picks); i++)
    for (int j = 0; j < D; j++)
      out[i * D + j] = (double) in[0].x[picks[i] * D + j];
}

static void
naive_row_dot (const Array *in, double *out)
{
  for (int i = 0; i < N * D; i++)
    out[i / D] += (double) in[0].x[i] * (double) in[1].x[i];
}

static void
naive_normalize (const Array *in, double *out)
{
  for (int i = 0; i < N; i++)
    {
      double square = 0;

      for (int j = 0; j < D; j++)
        square += (double) in[0].x[i * D + j] * (double) in[0].x[i * D + j];
      for (int j = 0; j < D; j++)
        out[i * D + j] = (double) in[0].x[i * D + j] / sqrt (square);
    }
}

static void
naive_scale_rows (const Array *in, double *out)
{
  for (int i = 0; i < N * D; i++)
    out[i] = (double) in[0].x[i] * (double) in[1].x[i / D];
}

static void
softmax_of (const Array *in, const uint8_t *there, double *out)
{
  for (int i = 0; i < N; i++)
    {
      double sum = 0;

      for (int j = 0; j < 3; j++)
        sum += there == NULL || there[i * 3 + j] ? exp ((double) in[0].x[i * 3 + j]) : 0;
      for (int j = 0; j < 3; j++)
        out[i * 3 + j] = sum > 0 && (there == NULL || there[i * 3 + j]) ? exp ((double) in[0].x[i * 3 + j]) / sum : 0;
    }
}

static void naive_softmax (const Array *in, double *out) { softmax_of (in, NULL, out); }
static void naive_masked (const Array *in, double *out) { softmax_of (in, mask, out); }

static void
naive_mix (const Array *in, double *out)
{
  for (int i = 0; i < N; i++)
    for (int k = 0; k < 3; k++)
      for (int j = 0; j < D; j++)
        out[i * D + j] += (double) in[0].x[i * 3 + k] * (double) in[k + 1].x[i * D + j];
}

static void
naive_mix_shared (const Array *in, double *out)
{
  for (int i = 0; i < N; i++)
    for (int k = 0; k < 3; k++)
      for (int j = 0; j < D; j++)
        out[i * D + j] += (double) in[0].x[k] * (double) in[k + 1].x[i * D + j];
}

static void
naive_layer_norm (const Array *in, double *out)
{
  for (int i = 0; i < N; i++)
    {
      double mean = 0, square = 0;

      for (int j = 0; j < D; j++)
        mean += (double) in[0].x[i * D + j] / D;
      for (int j = 0; j < D; j++)
        square += ((double) in[0].x[i * D + j] - mean) * ((double) in[0].x[i * D + j] - mean) / D;
      for (int j = 0; j < D; j++)
        out[i * D + j] = ((double) in[0].x[i * D + j] - mean) / sqrt (square + 1e-5) * (double) in[1].x[j] + (double) in[2].x[j];
    }
}

/* A (3 x 4) = [ 2 0 1 0; 0 0 0 0; 0 3 1 4 ] and its transpose. */
static const size_t a_ptr[] = { 0, 2, 2, 5 }, at_ptr[] = { 0, 1, 2, 4, 5 };
static const uint32_t a_idx[] = { 0, 2, 1, 2, 3 }, at_idx[] = { 0, 2, 0, 2, 2 };
static const float a_val[] = { 2, 1, 3, 1, 4 }, at_val[] = { 2, 3, 1, 1, 4 };
static const RfSparse a = { 3, 4, a_ptr, a_idx, a_val }, at = { 4, 3, at_ptr, at_idx, at_val };
static const RfSparse ones = { 3, 4, a_ptr, a_idx, NULL }, ones_t = { 4, 3, at_ptr, at_idx, NULL };

static RfTensor *
sparse (RfTape *tape, RfTensor **in)
{
  return rf_add (tape, rf_spmm (tape, &a, &at, in[0]), rf_spmm (tape, &ones, &ones_t, in[0]));
}

static void
naive_sparse (const Array *in, double *out)
{
  for (size_t i = 0; i < a.rows; i++)
    for (size_t e = a_ptr[i]; e < a_ptr[i + 1]; e++)
      for (size_t j = 0; j < D; j++)
        out[i * D + j] += ((double) a_val[e] + 1) * (double) in[0].x[a_idx[e] * D + j];
}

static const OpTest tests[] = {
  { "rows", { { 2, { N, D } } }, .run = gather, .oracle = naive_gather },
  { "row-dot", { { 2, { N, D } }, { 2, { N, D } } }, .run = row_dot, .oracle = naive_row_dot },
  { "row-dot/wide", { { 2, { N, 37 } }, { 2, { N, 37 } } }, .run = row_dot },
  { "row-dot/square", { { 2, { N, D } } }, .run = row_square },
  { "normalize-rows", { { 2, { N, D } } }, .run = normalize, .oracle = naive_normalize },
  { "scale-rows", { { 2, { N, D } }, { 2, { N, 1 } } }, .run = scale_rows, .oracle = naive_scale_rows },
  { "softmax", { { 2, { N, 3 } } }, .run = softmax, .oracle = naive_softmax },
  { "softmax/masked", { { 2, { N, 3 } } }, .run = masked, .oracle = naive_masked },
  { "mix", { { 2, { N, 3 } }, { 2, { N, D } }, { 2, { N, D } }, { 2, { N, D } } }, .run = mix, .oracle = naive_mix },
  { "mix/shared", { { 2, { 1, 3 } }, { 2, { N, D } }, { 2, { N, D } }, { 2, { N, D } } }, .run = mix, .oracle = naive_mix_shared },
  { "layer-norm", { { 2, { N, D } }, { 1, { D } }, { 1, { D } } }, .run = layer_norm, .oracle = naive_layer_norm },
  { "attention", { { 2, { N, D } }, { 2, { N, D } }, { 2, { N, D } }, { 2, { D, 1 } } }, .run = attention },
  { "spmm", { { 2, { 4, D } } }, .run = sparse, .oracle = naive_sparse },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize t = 0; t < G_N_ELEMENTS (tests); t++)
    op_test_add (&tests[t]);
  return g_test_run ();
}
