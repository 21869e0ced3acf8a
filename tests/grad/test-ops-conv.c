/* test-ops-conv.c: convolution and pooling.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "tests/grad/harness.h"

typedef struct
{
  size_t n, h, w, c, kh, kw, o;
  RfConv conv;
} Sizes;

/* The definition: seven loops. */
static void
naive_conv (const Array *in, double *out, const Sizes *s)
{
  size_t stride = s->conv.stride ? s->conv.stride : 1, groups = s->conv.groups ? s->conv.groups : 1, pad = s->conv.padding;
  size_t oh = (s->h + 2 * pad - s->kh) / stride + 1, ow = (s->w + 2 * pad - s->kw) / stride + 1, cg = s->c / groups;

  for (size_t i = 0; i < s->n; i++)
    for (size_t y = 0; y < oh; y++)
      for (size_t x = 0; x < ow; x++)
        for (size_t o = 0; o < s->o; o++)
          {
            double sum = (double) in[2].x[o];

            for (size_t ky = 0; ky < s->kh; ky++)
              for (size_t kx = 0; kx < s->kw; kx++)
                for (size_t c = 0; c < cg; c++)
                  {
                    gssize py = (gssize) (y * stride + ky) - (gssize) pad, px = (gssize) (x * stride + kx) - (gssize) pad;
                    size_t channel = o / (s->o / groups) * cg + c;

                    if (py < 0 || px < 0 || py >= (gssize) s->h || px >= (gssize) s->w)
                      continue;
                    sum += (double) in[0].x[((i * s->h + (size_t) py) * s->w + (size_t) px) * s->c + channel]
                           * (double) in[1].x[((ky * s->kw + kx) * cg + c) * s->o + o];
                  }
            out[((i * oh + y) * ow + x) * s->o + o] = sum;
          }
}

#define CONV_TEST(name_, ...)                                                                                               \
  static const Sizes sizes_##name_ = { __VA_ARGS__ };                                                                       \
  static RfTensor *conv_##name_ (RfTape *tape, RfTensor **in) { return rf_conv2d (tape, in[0], in[1], in[2], sizes_##name_.conv); } \
  static void naive_##name_ (const Array *in, double *out) { naive_conv (in, out, &sizes_##name_); }

CONV_TEST (plain, 2, 5, 6, 3, 3, 3, 4, { 1, 0, 1 })
CONV_TEST (padded, 3, 5, 4, 2, 3, 3, 3, { 1, 1, 1 })
CONV_TEST (strided, 2, 7, 6, 2, 3, 2, 3, { 2, 1, 1 })
CONV_TEST (grouped, 2, 5, 5, 4, 3, 3, 6, { 1, 1, 2 })
CONV_TEST (pointwise, 2, 3, 4, 3, 1, 1, 5, { 0, 0, 0 })
CONV_TEST (many, 11, 4, 4, 2, 3, 3, 2, { 1, 1, 1 })     /* more pictures than parts */
CONV_TEST (wide, 2, 6, 6, 4, 3, 3, 32, { 1, 1, 1 })     /* widths that the fast loops like */
CONV_TEST (uneven, 2, 7, 9, 5, 3, 3, 21, { 1, 1, 1 })   /* and that they do not */
CONV_TEST (deep, 1, 3, 4, 16, 3, 3, 112, { 1, 1, 1 })  /* 64 + 32 + 16 */
CONV_TEST (five, 1, 8, 7, 3, 5, 5, 16, { 1, 2, 1 })

static RfTensor *
conv_twice (RfTape *tape, RfTensor **in)
{
  return rf_add (tape, rf_conv2d (tape, in[0], in[1], in[2], (RfConv) { 1, 1, 1 }),
                 rf_conv2d (tape, in[0], in[1], NULL, (RfConv) { 1, 1, 1 })); /* gradients of two users add up */
}

static RfTensor *fused (RfTape *tape, RfTensor **in) { return rf_conv2d_pool (tape, in[0], in[1], in[2], (RfConv) { 1, 1, 1 }, 2, true); }
static RfTensor *apart (RfTape *tape, RfTensor **in) { return rf_max_pool2d (tape, rf_conv2d (tape, in[0], in[1], in[2], (RfConv) { 1, 1, 1 }), 2, true); }

static RfTensor *
fused_minus_apart (RfTape *tape, RfTensor **in)
{
  return rf_add_scaled (tape, fused (tape, in), apart (tape, in), -1);
}

static void naive_zero (const Array *in, double *out) { }

static RfTensor *pool (RfTape *tape, RfTensor **in) { return rf_max_pool2d (tape, in[0], 2, false); }
static RfTensor *pool_relu (RfTape *tape, RfTensor **in) { return rf_max_pool2d (tape, in[0], 3, true); }
static RfTensor *mean_hw (RfTape *tape, RfTensor **in) { return rf_mean_hw (tape, in[0]); }

static void
naive_pool_of (const Array *in, double *out, size_t size, double least)
{
  for (size_t i = 0; i < 2; i++)
    for (size_t y = 0; y < 7 / size; y++)
      for (size_t x = 0; x < 6 / size; x++)
        for (size_t c = 0; c < 3; c++)
          {
            double top = least;

            for (size_t k = 0; k < size * size; k++)
              top = fmax (top, (double) in[0].x[((i * 7 + y * size + k / size) * 6 + x * size + k % size) * 3 + c]);
            *out++ = top;
          }
}

static void naive_pool (const Array *in, double *out) { naive_pool_of (in, out, 2, -INFINITY); }
static void naive_pool_relu (const Array *in, double *out) { naive_pool_of (in, out, 3, 0); }

static void
naive_mean_hw (const Array *in, double *out)
{
  for (int i = 0; i < 2 * 42 * 3; i++)
    out[i / (42 * 3) * 3 + i % 3] += (double) in[0].x[i] / 42;
}

#define CONV(n, h, w, c, kh, kw, cg, o) { { 4, { n, h, w, c } }, { 4, { kh, kw, cg, o } }, { 1, { o } } }

static const OpTest tests[] = {
  { "conv2d/plain", CONV (2, 5, 6, 3, 3, 3, 3, 4), .run = conv_plain, .oracle = naive_plain },
  { "conv2d/padded", CONV (3, 5, 4, 2, 3, 3, 2, 3), .run = conv_padded, .oracle = naive_padded },
  { "conv2d/strided", CONV (2, 7, 6, 2, 3, 2, 2, 3), .run = conv_strided, .oracle = naive_strided },
  { "conv2d/grouped", CONV (2, 5, 5, 4, 3, 3, 2, 6), .run = conv_grouped, .oracle = naive_grouped },
  { "conv2d/pointwise", CONV (2, 3, 4, 3, 1, 1, 3, 5), .run = conv_pointwise, .oracle = naive_pointwise },
  { "conv2d/many", CONV (11, 4, 4, 2, 3, 3, 2, 2), .run = conv_many, .oracle = naive_many },
  { "conv2d/wide", CONV (2, 6, 6, 4, 3, 3, 4, 32), .run = conv_wide, .oracle = naive_wide },
  { "conv2d/uneven", CONV (2, 7, 9, 5, 3, 3, 5, 21), .run = conv_uneven, .oracle = naive_uneven },
  { "conv2d/deep", CONV (1, 3, 4, 16, 3, 3, 16, 112), .run = conv_deep, .oracle = naive_deep, .constant = { false, true } },
  { "conv2d/five", CONV (1, 8, 7, 3, 5, 5, 3, 16), .run = conv_five, .oracle = naive_five },
  { "conv2d/twice", CONV (2, 4, 4, 2, 3, 3, 2, 3), .run = conv_twice },
  { "conv2d/pooled", CONV (2, 5, 4, 16, 3, 3, 16, 16), .run = fused },
  { "conv2d/pooled-same", CONV (3, 7, 6, 4, 3, 3, 4, 48), .run = fused_minus_apart, .oracle = naive_zero },
  { "max-pool/two", { { 4, { 2, 7, 6, 3 } } }, .run = pool, .oracle = naive_pool },
  { "max-pool/three-relu", { { 4, { 2, 7, 6, 3 } } }, .run = pool_relu, .oracle = naive_pool_relu },
  { "mean-hw", { { 4, { 2, 7, 6, 3 } } }, .run = mean_hw, .oracle = naive_mean_hw },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize t = 0; t < G_N_ELEMENTS (tests); t++)
    op_test_add (&tests[t]);
  return g_test_run ();
}
