/* rf-ops-conv.c: convolution, pooling; channels last.
 *
 * A convolution is a product: the patches of a picture as rows (im2col), one picture at a time so that they stay in the cache,
 * times the weights as they lie in memory. Pictures are cut into at most N_PARTS parts for the threads; each part adds up its
 * own weight gradient, and the parts are added in order.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rf-parallel.h"
#include "core/tensor/rf-kernel.h"
#include "core/tensor/rf-ops.h"
#include "core/tensor/rf-tape-private.h"

#define N_PARTS 8

typedef struct
{
  size_t n, h, w, c;       /* in */
  size_t kh, kw, oh, ow, o; /* kernel and out */
  size_t stride, padding, groups;
  size_t k;                /* numbers of a patch of one group */
  size_t part;             /* pictures of a part */
  const RfTensor *x, *weights, *bias;
  RfTensor *out;
  rf_real *patches;        /* a part's im2col of one picture */
  rf_real *patch_grad;
  rf_real *weight_grad;    /* a part's sum */
  rf_real *x_grad;         /* or NULL */
  bool add_x;
} Conv;

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

static void
conv_forward_part (size_t begin, size_t end, int worker, void *data)
{
  const Conv *c = data;
  size_t pixels = c->oh * c->ow, width = c->o / c->groups;
  rf_real *patches = c->patches + begin / c->part * pixels * c->k;

  for (size_t i = begin; i < end; i++)
    {
      rf_real *out = c->out->x + i * pixels * c->o;

      if (c->bias != NULL)
        for (size_t p = 0; p < pixels; p++)
          memcpy (out + p * c->o, c->bias->x, c->o * sizeof *out);
      for (size_t group = 0; group < c->groups; group++)
        {
          im2col (c, c->x->x + i * c->h * c->w * c->c, group, patches);
          rf_mm (false, false, pixels, width, c->k, 1, patches, c->k, c->weights->x + group * width, c->o, c->bias != NULL,
                 out + group * width, c->o);
        }
    }
}

static void
conv_back_part (size_t begin, size_t end, int worker, void *data)
{
  const Conv *c = data;
  size_t pixels = c->oh * c->ow, width = c->o / c->groups, part = begin / c->part, picture = c->h * c->w * c->c;
  rf_real *patches = c->patches + part * pixels * c->k, *patch_grad = c->patch_grad + part * pixels * c->k;
  rf_real *weight_grad = c->weight_grad ? c->weight_grad + part * c->k * c->o : NULL;

  for (size_t i = begin; i < end; i++)
    {
      const rf_real *g = c->out->g + i * pixels * c->o;

      if (c->x_grad != NULL && !c->add_x)
        memset (c->x_grad + i * picture, 0, picture * sizeof (rf_real));
      for (size_t group = 0; group < c->groups; group++)
        {
          if (weight_grad != NULL)
            {
              im2col (c, c->x->x + i * picture, group, patches);
              rf_mm (true, false, c->k, width, pixels, 1, patches, c->k, g + group * width, c->o, i > begin,
                     weight_grad + group * width, c->o);
            }
          if (c->x_grad != NULL)
            {
              rf_mm (false, true, pixels, c->k, width, 1, g + group * width, c->o, c->weights->x + group * width, c->o, 0,
                     patch_grad, c->k);
              col2im_add (c, patch_grad, group, c->x_grad + i * picture);
            }
        }
    }
}

static void
conv_back (RfTape *tape, RfNode *node)
{
  Conv *c = node->aux;
  RfTensor *x = node->in[0], *weights = node->in[1], *bias = node->in[2];
  size_t n_parts = conv_n_parts (c);

  c->patch_grad = c->patches + n_parts * c->oh * c->ow * c->k;
  c->weight_grad = weights->g ? rf_tape_scratch (tape, n_parts * weights->len * sizeof (rf_real)) : NULL;
  c->x_grad = x->g;
  c->add_x = x->g && rf_grad_beta (x) != 0;
  rf_parallel_for (c->n, c->part, conv_back_part, c);
  if (weights->g != NULL)
    {
      rf_real *to = rf_grad (weights);

      for (size_t p = 0; p < n_parts; p++)
        for (size_t i = 0; i < weights->len; i++)
          to[i] += c->weight_grad[p * weights->len + i];
    }
  if (bias != NULL && bias->g != NULL)
    rf_add_column_sums (node->out->g, c->n * c->oh * c->ow, c->o, rf_grad (bias));
}

RfTensor *
rf_conv2d (RfTape *tape, RfTensor *x, RfTensor *w, RfTensor *bias, RfConv conv)
{
  Conv *c = rf_tape_scratch (tape, sizeof *c);
  RfNode *node;

  RF_CHECK (x->ndim == 4 && w->ndim == 4, "convolution of %s with %s", rf_shape_text (x), rf_shape_text (w));
  *c = (Conv) { .n = x->dim[0], .h = x->dim[1], .w = x->dim[2], .c = x->dim[3], .kh = w->dim[0], .kw = w->dim[1], .o = w->dim[3],
                .stride = conv.stride ? conv.stride : 1, .padding = conv.padding, .groups = conv.groups ? conv.groups : 1,
                .x = x, .weights = w, .bias = bias };
  RF_CHECK (c->c % c->groups == 0 && c->o % c->groups == 0 && w->dim[2] == c->c / c->groups, "convolution of %s with %s in %zu groups",
            rf_shape_text (x), rf_shape_text (w), c->groups);
  RF_CHECK (c->h + 2 * c->padding >= c->kh && c->w + 2 * c->padding >= c->kw, "convolution of %s with the larger %s", rf_shape_text (x), rf_shape_text (w));
  RF_CHECK (bias == NULL || bias->len == c->o, "convolution with %s and bias %s", rf_shape_text (w), rf_shape_text (bias));
  c->oh = (c->h + 2 * c->padding - c->kh) / c->stride + 1;
  c->ow = (c->w + 2 * c->padding - c->kw) / c->stride + 1;
  c->k = c->kh * c->kw * (c->c / c->groups);
  c->part = (c->n + N_PARTS - 1) / N_PARTS;
  c->out = rf_tape_out (tape, 4, (size_t[]) { c->n, c->oh, c->ow, c->o }, rf_wants (x) || rf_wants (w) || rf_wants (bias));
  c->patches = rf_tape_scratch (tape, 2 * conv_n_parts (c) * c->oh * c->ow * c->k * sizeof (rf_real));
  rf_parallel_for (c->n, c->part, conv_forward_part, c);
  node = rf_tape_push (tape, conv_back, c->out, x, w, bias);
  if (node != NULL)
    node->aux = c;
  return c->out;
}

/* ---- pooling ---- */

typedef struct
{
  size_t size;
  bool relu;
  const RfTensor *x;
  RfTensor *out;
  uint8_t *winner; /* which place of the window; 255: nobody, the maximum was cut to 0 */
  rf_real *x_grad;
} Pool;

RF_VECTORIZE static void
pool_place (size_t n, const rf_real *restrict x, uint8_t place, bool first, rf_real *restrict best, uint8_t *restrict winner)
{
  if (first)
    for (size_t j = 0; j < n; j++)
      {
        best[j] = x[j];
        winner[j] = place;
      }
  else
    for (size_t j = 0; j < n; j++)
      {
        winner[j] = x[j] > best[j] ? place : winner[j];
        best[j] = x[j] > best[j] ? x[j] : best[j];
      }
}

RF_VECTORIZE static void
pool_cut (size_t n, rf_real *restrict best, uint8_t *restrict winner)
{
  for (size_t j = 0; j < n; j++)
    {
      winner[j] = best[j] > 0 ? winner[j] : 255;
      best[j] = best[j] > 0 ? best[j] : 0;
    }
}

RF_VECTORIZE static void
pool_send (size_t n, const rf_real *restrict g, const uint8_t *restrict winner, uint8_t place, rf_real *restrict to)
{
  for (size_t j = 0; j < n; j++)
    to[j] += winner[j] == place ? g[j] : 0;
}

static void
pool_forward (size_t begin, size_t end, int worker, void *data)
{
  const Pool *p = data;
  size_t h = p->x->dim[1], w = p->x->dim[2], c = p->x->dim[3], oh = p->out->dim[1], ow = p->out->dim[2];

  for (size_t i = begin; i < end; i++)
    for (size_t y = 0; y < oh; y++)
      for (size_t x = 0; x < ow; x++)
        {
          size_t at = ((i * oh + y) * ow + x) * c;

          for (size_t s = 0; s < p->size * p->size; s++)
            pool_place (c, p->x->x + ((i * h + y * p->size + s / p->size) * w + x * p->size + s % p->size) * c, (uint8_t) s, s == 0,
                        p->out->x + at, p->winner + at);
          if (p->relu)
            pool_cut (c, p->out->x + at, p->winner + at);
        }
}

static void
pool_backward (size_t begin, size_t end, int worker, void *data)
{
  const Pool *p = data;
  size_t h = p->x->dim[1], w = p->x->dim[2], c = p->x->dim[3], oh = p->out->dim[1], ow = p->out->dim[2];

  for (size_t i = begin; i < end; i++)
    for (size_t y = 0; y < oh; y++)
      for (size_t x = 0; x < ow; x++)
        {
          size_t at = ((i * oh + y) * ow + x) * c;

          for (size_t s = 0; s < p->size * p->size; s++)
            pool_send (c, p->out->g + at, p->winner + at, (uint8_t) s,
                       p->x_grad + ((i * h + y * p->size + s / p->size) * w + x * p->size + s % p->size) * c);
        }
}

static void
pool_back (RfTape *tape, RfNode *node)
{
  Pool *p = node->aux;

  p->x_grad = rf_grad (node->in[0]);
  rf_parallel_for (p->x->dim[0], (p->x->dim[0] + N_PARTS - 1) / N_PARTS, pool_backward, p);
}

RfTensor *
rf_max_pool2d (RfTape *tape, RfTensor *x, size_t size, bool relu)
{
  Pool *p = rf_tape_scratch (tape, sizeof *p);
  RfNode *node;

  RF_CHECK (x->ndim == 4 && size >= 1 && size <= 15 && x->dim[1] >= size && x->dim[2] >= size, "pooling of %s by %zu", rf_shape_text (x), size);
  *p = (Pool) { .size = size, .relu = relu, .x = x };
  p->out = rf_tape_out (tape, 4, (size_t[]) { x->dim[0], x->dim[1] / size, x->dim[2] / size, x->dim[3] }, rf_wants (x));
  p->winner = rf_tape_scratch (tape, p->out->len);
  rf_parallel_for (x->dim[0], (x->dim[0] + N_PARTS - 1) / N_PARTS, pool_forward, p);
  node = rf_tape_push (tape, pool_back, p->out, x, NULL, NULL);
  if (node != NULL)
    node->aux = p;
  return p->out;
}

static void
mean_hw_back (RfTape *tape, RfNode *node)
{
  RfTensor *x = node->in[0];
  size_t places = x->dim[1] * x->dim[2], c = x->dim[3];
  rf_real *to = rf_grad (x), share = 1 / (rf_real) places;

  for (size_t i = 0; i < x->dim[0]; i++)
    for (size_t p = 0; p < places; p++)
      for (size_t j = 0; j < c; j++)
        to[(i * places + p) * c + j] += share * node->out->g[i * c + j];
}

RfTensor *
rf_mean_hw (RfTape *tape, RfTensor *x)
{
  size_t places, c;
  RfTensor *out;

  RF_CHECK (x->ndim == 4, "mean over height and width of %s", rf_shape_text (x));
  places = x->dim[1] * x->dim[2];
  c = x->dim[3];
  out = rf_tape_out_2d (tape, x->dim[0], c, rf_wants (x));
  memset (out->x, 0, out->len * sizeof *out->x);
  for (size_t i = 0; i < x->dim[0]; i++)
    {
      rf_add_column_sums (x->x + i * places * c, places, c, out->x + i * c);
      for (size_t j = 0; j < c; j++)
        out->x[i * c + j] /= (rf_real) places;
    }
  rf_tape_push (tape, mean_hw_back, out, x, NULL, NULL);
  return out;
}
