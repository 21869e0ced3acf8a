/* test-auxiliary.c: every auxiliary loss, as the composition of operations that the program uses, against its definition.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "core/model/rf-auxiliary-terms.h"
#include "tests/grad/harness.h"

#define N     5 /* items of the batch */
#define D     4
#define C     6 /* classes, entities, words */
#define R     3 /* relations */
#define H     3 /* hidden numbers, or the state of the decoder */
#define W     4 /* width of a word */
#define STEPS 3

static const uint32_t rows[] = { 0, 2, 4 }, other[] = { 1, 2, 0 };
static const size_t class_ptr[] = { 0, 2, 3, 6 };
static const uint32_t class_idx[] = { 0, 3, 5, 1, 2, 3 };
static const float rating[] = { 0.5f, -1, 2 };
static const uint32_t relation[] = { 2, 0, 2 }, tail[] = { 5, 1, 0 }, wrong[] = { 3, 1, 4 };
static const uint32_t input[STEPS * N] = { 0, 0, 0, 0, 0, 3, 1, 5, 2, 0, 4, 0, 1, 0, 0 }, lengths[N] = { 3, 2, 3, 2, 1 };
static const uint32_t real[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12 };
#define N_REAL G_N_ELEMENTS (real)

static double
dot (const rf_real *a, const rf_real *b, int n)
{
  double sum = 0;

  for (int j = 0; j < n; j++)
    sum += (double) a[j] * (double) b[j];
  return sum;
}

static double
cosine (const double *a, const rf_real *b)
{
  double ab = 0, aa = 0;

  for (int j = 0; j < D; j++)
    {
      ab += a[j] * (double) b[j];
      aa += a[j] * a[j];
    }
  return ab / sqrt (aa * dot (b, b, D));
}

/* out (n) = x w + b. */
static void
naive_linear (const double *x, const rf_real *w, const rf_real *b, int in, int n, double *out)
{
  for (int j = 0; j < n; j++)
    {
      out[j] = (double) b[j];
      for (int i = 0; i < in; i++)
        out[j] += x[i] * (double) w[i * n + j];
    }
}

/* in: x, then w, b or w1, b1, w, b. */
static void
naive_map (const double *x, const Array *in, bool hidden, int n_in, int n_out, double *out)
{
  double middle[H];

  if (!hidden)
    {
      naive_linear (x, in[0].x, in[1].x, n_in, n_out, out);
      return;
    }
  naive_linear (x, in[0].x, in[1].x, n_in, H, middle);
  for (int j = 0; j < H; j++)
    middle[j] = fmax (middle[j], 0);
  naive_linear (middle, in[2].x, in[3].x, H, n_out, out);
}

static RfTensor *
classes (RfTape *tape, RfTensor **in)
{
  return rf_term_classes (tape, in[0], rows, 3, in[1], in[2], class_ptr, class_idx);
}

static void
naive_classes (const Array *in, double *out)
{
  for (int k = 0; k < 3; k++)
    {
      double x[D], logits[C], sum = 0;

      for (int j = 0; j < D; j++)
        x[j] = (double) in[0].x[rows[k] * D + (size_t) j];
      naive_linear (x, in[1].x, in[2].x, D, C, logits);
      for (int c = 0; c < C; c++)
        sum += exp (logits[c]);
      for (size_t e = class_ptr[k]; e < class_ptr[k + 1]; e++)
        out[0] += (log (sum) - logits[class_idx[e]]) / 6;
    }
}

static RfTensor *
contrastive (RfTape *tape, RfTensor **in)
{
  return rf_term_contrastive (tape, in[0], in[1], rows, 3, 0.4);
}

static void
naive_contrastive (const Array *in, double *out)
{
  double s[3][3];

  for (int a = 0; a < 3; a++)
    for (int b = 0; b < 3; b++)
      {
        const rf_real *x = in[0].x + rows[a] * D, *y = in[1].x + rows[b] * D;

        s[a][b] = exp (dot (x, y, D) / sqrt (dot (x, x, D) * dot (y, y, D)) / 0.4);
      }
  for (int a = 0; a < 3; a++)
    out[0] -= (log (s[a][a] / (s[a][0] + s[a][1] + s[a][2])) + log (s[a][a] / (s[0][a] + s[1][a] + s[2][a]))) / 6;
}

static RfTensor *
translation (RfTape *tape, RfTensor **in)
{
  return rf_term_translation (tape, in[0], in[1], rows, 3, &(RfTermMap) { .w = in[2], .b = in[3] }, other, 0.3);
}

static RfTensor *
translation_hidden (RfTape *tape, RfTensor **in)
{
  return rf_term_translation (tape, in[0], in[1], rows, 3, &(RfTermMap) { in[2], in[3], in[4], in[5] }, other, 0.3);
}

static void
naive_translate (const Array *in, bool hidden, double *out)
{
  for (int k = 0; k < 3; k++)
    {
      double x[D], y[D], right, no;

      for (int j = 0; j < D; j++)
        x[j] = (double) in[0].x[rows[k] * D + (size_t) j];
      naive_map (x, in + 2, hidden, D, D, y);
      right = cosine (y, in[1].x + rows[k] * D);
      no = cosine (y, in[1].x + rows[other[k]] * D);
      out[0] += (1 - right + fmax (0, 0.3 - right + no)) / 3;
    }
}

static void naive_translation (const Array *in, double *out) { naive_translate (in, false, out); }
static void naive_translation_hidden (const Array *in, double *out) { naive_translate (in, true, out); }

static RfTensor *
rate (RfTape *tape, RfTensor **in)
{
  return rf_term_rating (tape, in[0], in[1], rows, 3, &(RfTermMap) { in[2], in[3], in[4], in[5] }, rating);
}

static void
naive_rate (const Array *in, double *out)
{
  for (int k = 0; k < 3; k++)
    {
      double x[3 * D], y;

      for (size_t j = 0; j < D; j++)
        {
          x[j] = (double) in[0].x[rows[k] * D + j];
          x[D + j] = (double) in[1].x[rows[k] * D + j];
          x[2 * D + j] = x[j] * x[D + j];
        }
      naive_map (x, in + 2, true, 3 * D, 1, &y);
      out[0] += (y - (double) rating[k]) * (y - (double) rating[k]) / 3;
    }
}

static RfTensor *
facts (RfTape *tape, RfTensor **in)
{
  return rf_term_facts (tape, in[0], rows, in[1], relation, in[2], tail, wrong, 3, 0.9);
}

static double
distance (const rf_real *z, const rf_real *r, const rf_real *t)
{
  double sum = 0, z_length = sqrt (dot (z, z, D)), t_length = sqrt (dot (t, t, D));

  for (int j = 0; j < D; j++)
    sum += pow ((double) z[j] / z_length + (double) r[j] - (double) t[j] / t_length, 2);
  return sqrt (sum);
}

static void
naive_facts (const Array *in, double *out)
{
  for (int k = 0; k < 3; k++)
    {
      const rf_real *z = in[0].x + rows[k] * D, *r = in[1].x + relation[k] * D;

      out[0] += fmax (0, 0.9 + distance (z, r, in[2].x + tail[k] * D) - distance (z, r, in[2].x + wrong[k] * D)) / 3;
    }
}

/* in: z, words, start w, b, gru w, u, bw, bu, out w, b. */
static RfTensor *
decoder (RfTape *tape, RfTensor **in)
{
  RfTermDecoder d = { in[1], { .w = in[2], .b = in[3] }, { in[4], in[5], in[6], in[7] }, in[8], in[9] };

  return rf_term_decoder (tape, &d, in[0], input, lengths, STEPS, real, N_REAL);
}

static double
logistic (double x)
{
  return 1 / (1 + exp (-x));
}

static void
naive_decoder (const Array *in, double *out)
{
  double h[N][H], x[D], a[3 * H], b[3 * H];

  for (int k = 0; k < N; k++)
    {
      for (int j = 0; j < D; j++)
        x[j] = (double) in[0].x[k * D + j];
      naive_linear (x, in[2].x, in[3].x, D, H, h[k]);
      for (int j = 0; j < H; j++)
        h[k][j] = tanh (h[k][j]);
    }
  for (uint32_t s = 0, at = 0; s < STEPS; s++)
    for (uint32_t k = 0; k < N; k++)
      {
        double word[W], r, z, n;

        if (s >= lengths[k])
          continue;
        for (uint32_t j = 0; j < W; j++)
          word[j] = (double) in[1].x[input[s * N + k] * W + j];
        naive_linear (word, in[4].x, in[6].x, W, 3 * H, a);
        naive_linear (h[k], in[5].x, in[7].x, H, 3 * H, b);
        for (int j = 0; j < H; j++)
          {
            r = logistic (a[j] + b[j]);
            z = logistic (a[H + j] + b[H + j]);
            n = tanh (a[2 * H + j] + r * b[2 * H + j]);
            h[k][j] = (1 - z) * n + z * h[k][j];
          }
        g_assert_cmpuint (real[at], ==, s * N + k);
        naive_linear (h[k], in[8].x, in[9].x, H, C, out + C * at++);
      }
}

static const OpTest tests[] = {
  { "classes", { { 2, { N, D } }, { 2, { D, C } }, { 1, { C } } }, .run = classes, .oracle = naive_classes },
  { "contrastive", { { 2, { N, D } }, { 2, { N, D } } }, .run = contrastive, .oracle = naive_contrastive },
  { "translation/linear", { { 2, { N, D } }, { 2, { N, D } }, { 2, { D, D } }, { 1, { D } } }, .run = translation, .oracle = naive_translation },
  { "translation/hidden", { { 2, { N, D } }, { 2, { N, D } }, { 2, { D, H } }, { 1, { H } }, { 2, { H, D } }, { 1, { D } } }, .run = translation_hidden, .oracle = naive_translation_hidden },
  { "rating", { { 2, { N, D } }, { 2, { N, D } }, { 2, { 3 * D, H } }, { 1, { H } }, { 2, { H, 1 } }, { 1, { 1 } } }, .run = rate, .oracle = naive_rate },
  { "facts", { { 2, { N, D } }, { 2, { R, D } }, { 2, { C, D } } }, .run = facts, .oracle = naive_facts },
  { "decoder", { { 2, { N, D } }, { 2, { C, W } }, { 2, { D, H } }, { 1, { H } }, { 2, { W, 3 * H } }, { 2, { H, 3 * H } }, { 1, { 3 * H } }, { 1, { 3 * H } }, { 2, { H, C } }, { 1, { C } } }, .run = decoder, .oracle = naive_decoder },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize t = 0; t < G_N_ELEMENTS (tests); t++)
    op_test_add (&tests[t]);
  return g_test_run ();
}
