/* test-ops-gru.c: the recurrence, and that padding cannot leak into it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "tests/grad/harness.h"

#define T 4
#define B 5
#define D 3
#define H 4

static const uint32_t lengths[B] = { 2, 4, 0, 1, 4 };

static RfTensor *
full (RfTape *tape, RfTensor **in)
{
  return rf_gru (tape, in[0], &(RfGruWeights) { in[1], in[2], in[3], in[4] }, NULL, NULL);
}

static RfTensor *
padded (RfTape *tape, RfTensor **in)
{
  return rf_gru (tape, in[0], &(RfGruWeights) { in[1], in[2], in[3], in[4] }, in[5], lengths);
}

static RfTensor *
states (RfTape *tape, RfTensor **in)
{
  return rf_gru_states (tape, in[0], &(RfGruWeights) { in[1], in[2], in[3], in[4] }, in[5], lengths);
}

/* Row by row, step by step, gate by gate. */
static void
naive (const Array *in, const uint32_t *length, bool with_start, double *last, double *all)
{
  const rf_real *x = in[0].x, *w = in[1].x, *u = in[2].x, *bw = in[3].x, *bu = in[4].x;

  for (int b = 0; b < B; b++)
    {
      double h[H] = { 0 }, gate[3][H];

      for (int j = 0; j < H && with_start; j++)
        h[j] = (double) in[5].x[b * H + j];
      for (int t = 0; t < (length ? (int) length[b] : T); t++)
        {
          for (int k = 0; k < 3; k++)
            for (int j = 0; j < H; j++)
              {
                double from_x = (double) bw[k * H + j], from_h = (double) bu[k * H + j];

                for (int i = 0; i < D; i++)
                  from_x += (double) x[(t * B + b) * D + i] * (double) w[i * 3 * H + k * H + j];
                for (int i = 0; i < H; i++)
                  from_h += h[i] * (double) u[i * 3 * H + k * H + j];
                gate[k][j] = k < 2 ? 1 / (1 + exp (-from_x - from_h)) : tanh (from_x + gate[0][j] * from_h);
              }
          for (int j = 0; j < H; j++)
            {
              h[j] = (1 - gate[1][j]) * gate[2][j] + gate[1][j] * h[j];
              if (all != NULL)
                all[(t * B + b) * H + j] = h[j];
            }
        }
      for (int j = 0; j < H && last != NULL; j++)
        last[b * H + j] = h[j];
    }
}

static void naive_full (const Array *in, double *out) { naive (in, NULL, false, out, NULL); }
static void naive_padded (const Array *in, double *out) { naive (in, lengths, true, out, NULL); }
static void naive_states (const Array *in, double *out) { naive (in, lengths, true, NULL, out); }

#define GRU { { 3, { T, B, D } }, { 2, { D, 3 * H } }, { 2, { H, 3 * H } }, { 1, { 3 * H } }, { 1, { 3 * H } } }
#define GRU_FROM { { 3, { T, B, D } }, { 2, { D, 3 * H } }, { 2, { H, 3 * H } }, { 1, { 3 * H } }, { 1, { 3 * H } }, { 2, { B, H } } }

static const OpTest tests[] = {
  { "gru/full", GRU, .run = full, .oracle = naive_full },
  { "gru/padded", GRU_FROM, .run = padded, .oracle = naive_padded },
  { "gru/states", GRU_FROM, .run = states, .oracle = naive_states },
};

#define BIG 150 /* rows: several parts */

typedef struct
{
  rf_real x[T * BIG * D], w[D * 3 * H], u[H * 3 * H], bias[6 * H];
  rf_real gx[T * BIG * D], gw[D * 3 * H], gu[H * 3 * H], gbias[6 * H];
  rf_real out[BIG * H];
  uint32_t length[BIG];
} Batch;

static void
run_batch (Batch *s)
{
  RfTape *tape = rf_tape_new ();
  RfTensor *x = rf_leaf_3d (tape, T, BIG, D, s->x, s->gx);
  RfGruWeights weights = { rf_leaf_2d (tape, D, 3 * H, s->w, s->gw), rf_leaf_2d (tape, H, 3 * H, s->u, s->gu),
                           rf_leaf_1d (tape, 3 * H, s->bias, s->gbias), rf_leaf_1d (tape, 3 * H, s->bias + 3 * H, s->gbias + 3 * H) };
  RfTensor *out = rf_gru (tape, x, &weights, NULL, s->length);

  memcpy (s->out, out->x, sizeof s->out);
  rf_tape_backward (tape, rf_sum (tape, rf_mul (tape, out, out)));
  rf_tape_free (tape);
}

static void
test_padding (void)
{
  g_autofree Batch *one = g_new0 (Batch, 1), *two = g_new0 (Batch, 1);

  fill_normal (one->x, G_N_ELEMENTS (one->x), 1);
  fill_normal (one->w, G_N_ELEMENTS (one->w), 2);
  fill_normal (one->u, G_N_ELEMENTS (one->u), 3);
  fill_normal (one->bias, G_N_ELEMENTS (one->bias), 4);
  for (uint32_t b = 0; b < BIG; b++)
    one->length[b] = b * 7 % (T + 1);
  *two = *one;
  for (size_t t = 0; t < T; t++)
    for (size_t b = 0; b < BIG; b++)
      for (size_t d = 0; d < D && t >= two->length[b]; d++)
        two->x[(t * BIG + b) * D + d] = (rf_real) NAN;
  run_batch (one);
  run_batch (two);
  g_assert_cmpmem (one->out, sizeof one->out, two->out, sizeof two->out);
  g_assert_cmpmem (one->gw, sizeof one->gw, two->gw, sizeof two->gw);
  g_assert_cmpmem (one->gu, sizeof one->gu, two->gu, sizeof two->gu);
  g_assert_cmpmem (one->gbias, sizeof one->gbias, two->gbias, sizeof two->gbias);
  g_assert_cmpmem (one->gx, sizeof one->gx, two->gx, sizeof two->gx);
  for (size_t t = 0; t < T; t++)
    for (size_t b = 0; b < BIG; b++)
      for (size_t d = 0; d < D && t >= one->length[b]; d++)
        g_assert_cmpfloat (one->gx[(t * BIG + b) * D + d], ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize t = 0; t < G_N_ELEMENTS (tests); t++)
    op_test_add (&tests[t]);
  g_test_add_func ("/gru/padding-cannot-leak", test_padding);
  return g_test_run ();
}
