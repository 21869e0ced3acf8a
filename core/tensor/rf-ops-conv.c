/* rf-ops-conv.c: convolution with or without pooling; channels last.
 *
 * One picture at a time, so that everything but the result stays in the cache: with pooling the full-size result of the
 * convolution never reaches memory. The convolution itself is rf-direct.h where that is possible, elsewhere a product of the
 * picture's patches (im2col) with the weights as they lie in memory. Pictures are cut into at most N_PARTS parts for the
 * threads; each part adds up its own weight gradient, and the parts are added in order.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rf-parallel.h"
#include "core/tensor/rf-direct.h"
#include "core/tensor/rf-kernel.h"
#include "core/tensor/rf-ops.h"
#include "core/tensor/rf-pool.h"
#include "core/tensor/rf-tape-private.h"

#define N_PARTS 8

typedef struct
{
  size_t n, h, w, c;        /* in */
  size_t kh, kw, oh, ow, o; /* kernel and result before pooling */
  size_t stride, padding, groups;
  size_t k;                 /* numbers of a patch of one group */
  size_t pool;              /* 0: none */
  bool relu;
  size_t part;              /* pictures of a part */
  bool direct, direct_x;    /* rf-direct.h for the result and the weights; for the input's gradient */
  const RfTensor *x, *weights, *bias;
  RfTensor *out;
  uint8_t *winner;          /* of pooling, as long as out */
  size_t scratch_len;       /* of a part */
  rf_real *scratch;
  rf_real *turned;          /* weights (kh, kw, o, c), turned round, for direct_x */
  rf_real *weight_grad;     /* a part's sum each, or NULL */
  rf_real *bias_grad;
  rf_real *x_grad;          /* or NULL */
  bool add_x;
} Conv;

/* A part's scratch memory, cut up. */
typedef struct
{
  rf_real *padded;     /* the picture with its border, or its patches */
  rf_real *result;     /* before pooling, or its gradient */
  rf_real *grad_border; /* the gradient with its border, or of the patches */
} Scratch;

static size_t
round_up (size_t n)
{
  return (n + RF_DIRECT_SLACK + 15) / 16 * 16;
}

static size_t
padded_length (const Conv *c)
{
  return c->direct ? round_up ((c->h + 2 * c->padding) * (c->w + 2 * c->padding) * c->c) : round_up (c->oh * c->ow * c->k);
}

static size_t
border_length (const Conv *c)
{
  size_t direct = (c->oh + 2 * (c->kh - 1)) * (c->ow + 2 * (c->kw - 1)) * c->o, patches = c->oh * c->ow * c->k;

  return round_up (direct > patches ? direct : patches);
}

static Scratch
scratch_of (const Conv *c, size_t part)
{
  rf_real *start = c->scratch + part * c->scratch_len;

  return (Scratch) { start, start + padded_length (c), start + padded_length (c) + round_up (c->oh * c->ow * c->o) };
}

static size_t
conv_n_parts (const Conv *c)
{
  return (c->n + c->part - 1) / c->part;
}

/* The patches of group `group` of one picture: (oh ow) x (kh kw c/groups); outside the picture zeros. */
static void
im2col (const Conv *c, const rf_real *picture, size_t group, rf_real *patches)
{
  size_t width = c->c / c->groups;

  for (size_t y = 0; y < c->oh; y++)
    for (size_t x = 0; x < c->ow; x++)
      for (size_t ky = 0; ky < c->kh; ky++)
        for (size_t kx = 0; kx < c->kw; kx++, patches += width)
          {
            size_t from_y = y * c->stride + ky, from_x = x * c->stride + kx; /* shifted by the padding */

            if (from_y < c->padding || from_x < c->padding || from_y - c->padding >= c->h || from_x - c->padding >= c->w)
              memset (patches, 0, width * sizeof *patches);
            else
              memcpy (patches, picture + ((from_y - c->padding) * c->w + from_x - c->padding) * c->c + group * width,
                      width * sizeof *patches);
          }
}

static void
col2im_add (const Conv *c, const rf_real *patches, size_t group, rf_real *picture)
{
  size_t width = c->c / c->groups;

  for (size_t y = 0; y < c->oh; y++)
    for (size_t x = 0; x < c->ow; x++)
      for (size_t ky = 0; ky < c->kh; ky++)
        for (size_t kx = 0; kx < c->kw; kx++, patches += width)
          {
            size_t from_y = y * c->stride + ky, from_x = x * c->stride + kx;
            rf_real *to;

            if (from_y < c->padding || from_x < c->padding || from_y - c->padding >= c->h || from_x - c->padding >= c->w)
              continue;
            to = picture + ((from_y - c->padding) * c->w + from_x - c->padding) * c->c + group * width;
            for (size_t j = 0; j < width; j++)
              to[j] += patches[j];
          }
}

/* A picture (h, w, channels) with a border of zeros. */
static void
add_border (const rf_real *picture, size_t h, size_t w, size_t channels, size_t border_y, size_t border_x, rf_real *out)
{
  size_t pw = w + 2 * border_x;

  memset (out, 0, border_y * pw * channels * sizeof *out);
  memset (out + (border_y + h) * pw * channels, 0, border_y * pw * channels * sizeof *out);
  for (size_t y = 0; y < h; y++)
    {
      rf_real *row = out + (border_y + y) * pw * channels;

      memset (row, 0, border_x * channels * sizeof *out);
      memcpy (row + border_x * channels, picture + y * w * channels, w * channels * sizeof *out);
      memset (row + (border_x + w) * channels, 0, border_x * channels * sizeof *out);
    }
  memset (out + (2 * border_y + h) * pw * channels, 0, RF_DIRECT_SLACK * sizeof *out);
}

static RfDirect
direct_sizes (const Conv *c)
{
  return (RfDirect) { .pw = c->w + 2 * c->padding, .c = c->c, .o = c->o, .kh = c->kh, .kw = c->kw, .oh = c->oh, .ow = c->ow };
}

static void
picture_forward (const Conv *c, const rf_real *picture, const Scratch *s, rf_real *out)
{
  size_t pixels = c->oh * c->ow, width = c->o / c->groups;

  if (c->direct)
    {
      RfDirect d = direct_sizes (c);

      add_border (picture, c->h, c->w, c->c, c->padding, c->padding, s->padded);
      rf_direct_conv (&d, s->padded, c->weights->x, c->bias ? c->bias->x : NULL, false, out);
      return;
    }
  for (size_t p = 0; c->bias != NULL && p < pixels; p++)
    memcpy (out + p * c->o, c->bias->x, c->o * sizeof *out);
  for (size_t group = 0; group < c->groups; group++)
    {
      im2col (c, picture, group, s->padded);
      rf_mm (false, false, pixels, width, c->k, 1, s->padded, c->k, c->weights->x + group * width, c->o, c->bias != NULL,
             out + group * width, c->o);
    }
}

static void
conv_forward_part (size_t begin, size_t end, int worker, void *data)
{
  const Conv *c = data;
  size_t full = c->oh * c->ow * c->o, kept = c->out->len / c->n;
  Scratch s = scratch_of (c, begin / c->part);

  for (size_t i = begin; i < end; i++)
    {
      picture_forward (c, c->x->x + i * c->h * c->w * c->c, &s, c->pool ? s.result : c->out->x + i * full);
      if (c->pool)
        rf_pool_forward (c->pool, c->relu, c->oh, c->ow, c->o, s.result, c->out->x + i * kept, c->winner + i * kept);
    }
}

static void
picture_weight_grad (const Conv *c, const rf_real *picture, const rf_real *g, const Scratch *s, rf_real *weight_grad)
{
  size_t pixels = c->oh * c->ow, width = c->o / c->groups;

  if (c->direct)
    {
      RfDirect d = direct_sizes (c);

      add_border (picture, c->h, c->w, c->c, c->padding, c->padding, s->padded);
      rf_direct_weight_grad (&d, s->padded, g, weight_grad);
      return;
    }
  for (size_t group = 0; group < c->groups; group++)
    {
      im2col (c, picture, group, s->padded);
      rf_mm (true, false, c->k, width, pixels, 1, s->padded, c->k, g + group * width, c->o, 1, weight_grad + group * width, c->o);
    }
}

static void
picture_x_grad (const Conv *c, const rf_real *g, const Scratch *s, rf_real *x_grad)
{
  size_t pixels = c->oh * c->ow, width = c->o / c->groups;

  if (c->direct_x)
    {
      size_t border_y = c->kh - 1 - c->padding, border_x = c->kw - 1 - c->padding;
      RfDirect d = { .pw = c->ow + 2 * border_x, .c = c->o, .o = c->c, .kh = c->kh, .kw = c->kw, .oh = c->h, .ow = c->w };

      add_border (g, c->oh, c->ow, c->o, border_y, border_x, s->grad_border);
      rf_direct_conv (&d, s->grad_border, c->turned, NULL, c->add_x, x_grad);
      return;
    }
  if (!c->add_x)
    memset (x_grad, 0, c->h * c->w * c->c * sizeof *x_grad);
  for (size_t group = 0; group < c->groups; group++)
    {
      rf_mm (false, true, pixels, c->k, width, 1, g + group * width, c->o, c->weights->x + group * width, c->o, 0, s->grad_border, c->k);
      col2im_add (c, s->grad_border, group, x_grad);
    }
}

static void
conv_back_part (size_t begin, size_t end, int worker, void *data)
{
  const Conv *c = data;
  size_t full = c->oh * c->ow * c->o, kept = c->out->len / c->n, part = begin / c->part, picture = c->h * c->w * c->c;
  Scratch s = scratch_of (c, part);
  rf_real *weight_grad = c->weight_grad ? c->weight_grad + part * c->weights->len : NULL;
  rf_real *bias_grad = c->bias_grad ? c->bias_grad + part * c->o : NULL;

  if (weight_grad != NULL)
    memset (weight_grad, 0, c->weights->len * sizeof *weight_grad);
  if (bias_grad != NULL)
    memset (bias_grad, 0, c->o * sizeof *bias_grad);
  for (size_t i = begin; i < end; i++)
    {
      const rf_real *g = c->out->g + i * full;

      if (c->pool)
        {
          rf_pool_backward (c->pool, c->oh, c->ow, c->o, c->out->g + i * kept, c->winner + i * kept, false, s.result);
          g = s.result;
        }
      if (bias_grad != NULL)
        rf_add_column_sums (g, c->oh * c->ow, c->o, bias_grad);
      if (weight_grad != NULL)
        picture_weight_grad (c, c->x->x + i * picture, g, &s, weight_grad);
      if (c->x_grad != NULL)
        picture_x_grad (c, g, &s, c->x_grad + i * picture);
    }
}

/* turned[ky, kx, o, c] = w[kh - 1 - ky, kw - 1 - kx, c, o] */
static void
turn_weights (const Conv *c)
{
  for (size_t k = 0; k < c->kh * c->kw; k++)
    for (size_t i = 0; i < c->c; i++)
      for (size_t o = 0; o < c->o; o++)
        c->turned[(k * c->o + o) * c->c + i] = c->weights->x[((c->kh * c->kw - 1 - k) * c->c + i) * c->o + o];
}

static void
add_parts (RfTensor *to, const rf_real *parts, size_t n_parts)
{
  rf_real *g = rf_grad (to);

  for (size_t p = 0; p < n_parts; p++)
    for (size_t i = 0; i < to->len; i++)
      g[i] += parts[p * to->len + i];
}

static void
conv_back (RfTape *tape, RfNode *node)
{
  Conv *c = node->aux;
  RfTensor *x = node->in[0], *weights = node->in[1], *bias = node->in[2];
  size_t n_parts = conv_n_parts (c);

  if (weights->g != NULL)
    c->weight_grad = rf_tape_scratch (tape, n_parts * weights->len * sizeof (rf_real));
  if (bias != NULL && bias->g != NULL)
    c->bias_grad = rf_tape_scratch (tape, n_parts * bias->len * sizeof (rf_real));
  c->x_grad = x->g;
  c->add_x = x->g && rf_grad_beta (x) != 0;
  if (x->g != NULL && c->direct_x)
    {
      c->turned = rf_tape_scratch (tape, weights->len * sizeof (rf_real));
      turn_weights (c);
    }
  rf_parallel_for (c->n, c->part, conv_back_part, c);
  if (weights->g != NULL)
    add_parts (weights, c->weight_grad, n_parts);
  if (bias != NULL && bias->g != NULL)
    add_parts (bias, c->bias_grad, n_parts);
}

static RfTensor *
conv2d (RfTape *tape, RfTensor *x, RfTensor *w, RfTensor *bias, RfConv conv, size_t pool, bool relu)
{
  Conv *c = rf_tape_scratch (tape, sizeof *c);
  size_t shrink = pool ? pool : 1;
  bool can;
  RfNode *node;

  RF_CHECK (x->ndim == 4 && w->ndim == 4, "convolution of %s with %s", rf_shape_text (x), rf_shape_text (w));
  *c = (Conv) { .n = x->dim[0], .h = x->dim[1], .w = x->dim[2], .c = x->dim[3], .kh = w->dim[0], .kw = w->dim[1], .o = w->dim[3],
                .stride = conv.stride ? conv.stride : 1, .padding = conv.padding, .groups = conv.groups ? conv.groups : 1,
                .pool = pool, .relu = relu, .x = x, .weights = w, .bias = bias };
  RF_CHECK (c->c % c->groups == 0 && c->o % c->groups == 0 && w->dim[2] == c->c / c->groups, "convolution of %s with %s in %zu groups",
            rf_shape_text (x), rf_shape_text (w), c->groups);
  RF_CHECK (c->h + 2 * c->padding >= c->kh && c->w + 2 * c->padding >= c->kw, "convolution of %s with the larger %s", rf_shape_text (x), rf_shape_text (w));
  RF_CHECK (bias == NULL || bias->len == c->o, "convolution with %s and bias %s", rf_shape_text (w), rf_shape_text (bias));
  c->oh = (c->h + 2 * c->padding - c->kh) / c->stride + 1;
  c->ow = (c->w + 2 * c->padding - c->kw) / c->stride + 1;
  RF_CHECK (pool <= RF_POOL_MAX_SIZE && c->oh >= shrink && c->ow >= shrink, "pooling of %zux%zu by %zu", c->oh, c->ow, pool);
  c->k = c->kh * c->kw * (c->c / c->groups);
  c->part = (c->n + N_PARTS - 1) / N_PARTS;
  can = rf_direct_available () && c->stride == 1 && c->groups == 1;
  c->direct = can && c->o % RF_DIRECT_CHANNELS == 0;
  c->direct_x = can && c->c % RF_DIRECT_CHANNELS == 0 && c->padding < c->kh && c->padding < c->kw;
  c->scratch_len = padded_length (c) + round_up (c->oh * c->ow * c->o) + border_length (c);
  c->out = rf_tape_out (tape, 4, (size_t[]) { c->n, c->oh / shrink, c->ow / shrink, c->o }, rf_wants (x) || rf_wants (w) || rf_wants (bias));
  c->winner = pool ? rf_tape_scratch (tape, c->out->len) : NULL;
  c->scratch = rf_tape_scratch (tape, conv_n_parts (c) * c->scratch_len * sizeof (rf_real));
  rf_parallel_for (c->n, c->part, conv_forward_part, c);
  node = rf_tape_push (tape, conv_back, c->out, x, w, bias);
  if (node != NULL)
    node->aux = c;
  return c->out;
}

RfTensor *
rf_conv2d (RfTape *tape, RfTensor *x, RfTensor *w, RfTensor *bias, RfConv conv)
{
  return conv2d (tape, x, w, bias, conv, 0, false);
}

RfTensor *
rf_conv2d_pool (RfTape *tape, RfTensor *x, RfTensor *w, RfTensor *bias, RfConv conv, size_t size, bool relu)
{
  RF_CHECK (size >= 1, "pooling by 0");
  return conv2d (tape, x, w, bias, conv, size, relu);
}
