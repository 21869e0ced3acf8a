/* rf-pool.c: max pooling, and the mean over a picture.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tensor/rf-pool.h"

#include "core/base/rf-parallel.h"
#include "core/tensor/rf-kernel.h"
#include "core/tensor/rf-ops.h"
#include "core/tensor/rf-tape-private.h"

#define N_PARTS 8

/* One window of all channels; rows of the picture are `stride` numbers apart. */
static inline void
window_forward (size_t size, bool relu, size_t stride, size_t c, const rf_real *restrict x, rf_real *restrict out, uint8_t *restrict winner)
{
  for (size_t j = 0; j < c; j++)
    {
      out[j] = x[j];
      winner[j] = 0;
    }
  for (size_t s = 1; s < size * size; s++)
    {
      const rf_real *restrict place = x + s / size * stride + s % size * c;

      for (size_t j = 0; j < c; j++)
        {
          bool wins = place[j] > out[j];

          winner[j] = wins ? (uint8_t) s : winner[j];
          out[j] = wins ? place[j] : out[j];
        }
    }
  for (size_t j = 0; relu && j < c; j++)
    {
      winner[j] = out[j] > 0 ? winner[j] : 255;
      out[j] = out[j] > 0 ? out[j] : 0;
    }
}

/* The usual window, without a loop over places: four rows are read once. */
static inline void
window_forward_2 (bool relu, size_t stride, size_t c, const rf_real *restrict x, rf_real *restrict out, uint8_t *restrict winner)
{
  rf_real least = relu ? 0 : -(rf_real) INFINITY;

  for (size_t j = 0; j < c; j++)
    {
      rf_real a = x[j], b = x[j + c], d = x[j + stride], e = x[j + stride + c];
      rf_real top = a > b ? a : b, low = d > e ? d : e, best = top >= low ? top : low;
      int32_t place = top >= low ? (a >= b ? 0 : 1) : (d >= e ? 2 : 3);

      winner[j] = (uint8_t) (best > least ? place : 255);
      out[j] = best > least ? best : least;
    }
}

RF_VECTORIZE void
rf_pool_forward (size_t size, bool relu, size_t h, size_t w, size_t c, const rf_real *x, rf_real *out, uint8_t *winner)
{
  size_t stride = w * c;

  for (size_t y = 0; y < h / size; y++)
    for (size_t at = 0; at < w / size; at++, out += c, winner += c)
      if (size == 2)
        window_forward_2 (relu, stride, c, x + 2 * y * stride + 2 * at * c, out, winner);
      else
        window_forward (size, relu, stride, c, x + size * y * stride + size * at * c, out, winner);
}

static inline void
window_backward (size_t size, size_t stride, size_t c, const rf_real *restrict g, const uint8_t *restrict winner, bool add, rf_real *restrict x_grad)
{
  for (size_t s = 0; s < size * size; s++)
    {
      rf_real *restrict to = x_grad + s / size * stride + s % size * c;

      if (add)
        for (size_t j = 0; j < c; j++)
          to[j] += winner[j] == s ? g[j] : 0;
      else
        for (size_t j = 0; j < c; j++)
          to[j] = winner[j] == s ? g[j] : 0;
    }
}

RF_VECTORIZE void
rf_pool_backward (size_t size, size_t h, size_t w, size_t c, const rf_real *g, const uint8_t *winner, bool add, rf_real *x_grad)
{
  size_t stride = w * c, oh = h / size, ow = w / size;

  if (!add && (oh * size < h || ow * size < w)) /* the rest that no window covers */
    memset (x_grad, 0, h * stride * sizeof *x_grad);
  for (size_t y = 0; y < oh; y++)
    for (size_t at = 0; at < ow; at++, g += c, winner += c)
      window_backward (size, stride, c, g, winner, add, x_grad + size * y * stride + size * at * c);
}

typedef struct
{
  size_t size;
  bool relu, add;
  const RfTensor *x;
  RfTensor *out;
  uint8_t *winner;
} Pool;

static void
pool_forward (size_t begin, size_t end, int worker, void *data)
{
  const Pool *p = data;
  size_t full = p->x->len / p->x->dim[0], kept = p->out->len / p->x->dim[0];

  for (size_t i = begin; i < end; i++)
    rf_pool_forward (p->size, p->relu, p->x->dim[1], p->x->dim[2], p->x->dim[3], p->x->x + i * full, p->out->x + i * kept, p->winner + i * kept);
}

static void
pool_backward (size_t begin, size_t end, int worker, void *data)
{
  const Pool *p = data;
  size_t full = p->x->len / p->x->dim[0], kept = p->out->len / p->x->dim[0];

  for (size_t i = begin; i < end; i++)
    rf_pool_backward (p->size, p->x->dim[1], p->x->dim[2], p->x->dim[3], p->out->g + i * kept, p->winner + i * kept, p->add, p->x->g + i * full);
}

static void
pool_back (RfTape *tape, RfNode *node)
{
  Pool *p = node->aux;

  p->add = rf_grad_beta (node->in[0]) != 0;
  rf_parallel_for (p->x->dim[0], (p->x->dim[0] + N_PARTS - 1) / N_PARTS, pool_backward, p);
}

RfTensor *
rf_max_pool2d (RfTape *tape, RfTensor *x, size_t size, bool relu)
{
  Pool *p = rf_tape_scratch (tape, sizeof *p);
  RfNode *node;

  RF_CHECK (x->ndim == 4 && size >= 1 && size <= RF_POOL_MAX_SIZE && x->dim[1] >= size && x->dim[2] >= size, "pooling of %s by %zu", rf_shape_text (x), size);
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
