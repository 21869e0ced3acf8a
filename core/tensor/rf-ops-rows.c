/* rf-ops-rows.c: gathering rows, and what is done row by row: products, norms, attention.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rf-parallel.h"
#include "core/tensor/rf-ops.h"
#include "core/tensor/rf-tape-private.h"

#define GRAIN     256 /* rows of a block */
#define EPSILON   ((rf_real) 1e-5)
#define TINY_NORM ((rf_real) 1e-6)

/* Blocks of rows on all threads; every row is written by one block only. */
static void
for_rows (size_t rows, size_t cols, RfParallelFunc func, RfNode *node)
{
  rf_parallel_for (rows, rows * cols < 65536 ? rows : GRAIN, func, node);
}

/* ---- gather ---- */

typedef struct
{
  const uint32_t *index;
  size_t n;
} Gather;

static void
rows_back (RfTape *tape, RfNode *node)
{
  const Gather *gather = node->aux;
  RfTensor *table = node->in[0];
  size_t cols = rf_tensor_cols (table);
  rf_real *to = table->rows ? NULL : rf_grad (table);

  if (table->rows != NULL)
    rf_row_grads_reserve (table->rows, table->rows->n + gather->n < table->rows->n_rows ? table->rows->n + gather->n : table->rows->n_rows);
  for (size_t i = 0; i < gather->n; i++)
    {
      rf_real *row = to ? to + gather->index[i] * cols : rf_row_grads_touch (table->rows, gather->index[i]);
      const rf_real *g = node->out->g + i * cols;

      for (size_t j = 0; j < cols; j++)
        row[j] += g[j];
    }
}

RfTensor *
rf_rows (RfTape *tape, RfTensor *table, const uint32_t *index, size_t n)
{
  size_t rows = rf_tensor_rows (table), cols = rf_tensor_cols (table);
  RfTensor *out = rf_tape_out_2d (tape, n, cols, rf_wants (table));
  RfNode *node;

  for (size_t i = 0; i < n; i++)
    {
      RF_CHECK (index[i] < rows, "row %u of %s", index[i], rf_shape_text (table));
      memcpy (out->x + i * cols, table->x + index[i] * cols, cols * sizeof *out->x);
    }
  node = rf_tape_push (tape, rows_back, out, table, NULL, NULL);
  if (node != NULL)
    {
      Gather *gather = node->aux = rf_tape_scratch (tape, sizeof *gather);

      *gather = (Gather) { index, n };
    }
  return out;
}

/* ---- dot product, norm, scale ---- */

RF_VECTORIZE static void
row_dot_forward (size_t rows, size_t cols, const rf_real *restrict a, const rf_real *restrict b, rf_real *restrict out)
{
  for (size_t i = 0; i < rows; i++)
    {
      rf_real lanes[16] = { 0 }, sum = 0;
      size_t j = 0;

      for (; j + 16 <= cols; j += 16)
        for (int l = 0; l < 16; l++)
          lanes[l] += a[i * cols + j + l] * b[i * cols + j + l];
      for (; j < cols; j++)
        sum += a[i * cols + j] * b[i * cols + j];
      for (int l = 0; l < 16; l++)
        sum += lanes[l];
      out[i] = sum;
    }
}

/* to[i,:] += w[i] a[i,:] */
RF_VECTORIZE static void
scale_rows_add (size_t rows, size_t cols, const rf_real *restrict w, const rf_real *restrict a, rf_real *restrict to)
{
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < cols; j++)
      to[i * cols + j] += w[i] * a[i * cols + j];
}

static void
row_dot_back (RfTape *tape, RfNode *node)
{
  RfTensor *a = node->in[0], *b = node->in[1];

  if (a->g != NULL)
    scale_rows_add (rf_tensor_rows (a), rf_tensor_cols (a), node->out->g, b->x, rf_grad (a));
  if (b->g != NULL)
    scale_rows_add (rf_tensor_rows (a), rf_tensor_cols (a), node->out->g, a->x, rf_grad (b));
}

RfTensor *
rf_row_dot (RfTape *tape, RfTensor *a, RfTensor *b)
{
  RfTensor *out = rf_tape_out_2d (tape, rf_tensor_rows (a), 1, rf_wants (a) || rf_wants (b));

  RF_CHECK (a->len == b->len && rf_tensor_cols (a) == rf_tensor_cols (b), "row products of %s and %s", rf_shape_text (a), rf_shape_text (b));
  row_dot_forward (rf_tensor_rows (a), rf_tensor_cols (a), a->x, b->x, out->x);
  rf_tape_push (tape, row_dot_back, out, a, b, NULL);
  return out;
}

static void
scale_rows_back (RfTape *tape, RfNode *node)
{
  RfTensor *a = node->in[0], *w = node->in[1];
  size_t rows = rf_tensor_rows (a), cols = rf_tensor_cols (a);

  if (a->g != NULL)
    scale_rows_add (rows, cols, w->x, node->out->g, rf_grad (a));
  if (w->g != NULL)
    {
      rf_real *to = rf_grad (w);

      for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j++)
          to[i] += node->out->g[i * cols + j] * a->x[i * cols + j];
    }
}

RfTensor *
rf_scale_rows (RfTape *tape, RfTensor *a, RfTensor *w)
{
  size_t rows = rf_tensor_rows (a), cols = rf_tensor_cols (a);
  RfTensor *out = rf_tape_out_2d (tape, rows, cols, rf_wants (a) || rf_wants (w));

  RF_CHECK (w->len == rows, "%s scaled by %s", rf_shape_text (a), rf_shape_text (w));
  memset (out->x, 0, out->len * sizeof *out->x);
  scale_rows_add (rows, cols, w->x, a->x, out->x);
  rf_tape_push (tape, scale_rows_back, out, a, w, NULL);
  return out;
}

static void
normalize_back (RfTape *tape, RfNode *node)
{
  const rf_real *y = node->out->x, *g = node->out->g, *inverse = node->aux;
  size_t rows = rf_tensor_rows (node->out), cols = rf_tensor_cols (node->out);
  rf_real *to = rf_grad (node->in[0]);

  for (size_t i = 0; i < rows; i++)
    {
      rf_real along = 0;

      if (inverse[i] < 1 / TINY_NORM)
        for (size_t j = 0; j < cols; j++)
          along += g[i * cols + j] * y[i * cols + j];
      for (size_t j = 0; j < cols; j++)
        to[i * cols + j] += (g[i * cols + j] - along * y[i * cols + j]) * inverse[i];
    }
}

RfTensor *
rf_normalize_rows (RfTape *tape, RfTensor *a)
{
  size_t rows = rf_tensor_rows (a), cols = rf_tensor_cols (a);
  RfTensor *out = rf_tape_out_2d (tape, rows, cols, rf_wants (a));
  rf_real *inverse = rf_tape_scratch (tape, rows * sizeof *inverse);
  RfNode *node;

  row_dot_forward (rows, cols, a->x, a->x, inverse);
  for (size_t i = 0; i < rows; i++)
    {
      rf_real norm = RF_SQRT (inverse[i]);

      inverse[i] = 1 / (norm > TINY_NORM ? norm : TINY_NORM);
      for (size_t j = 0; j < cols; j++)
        out->x[i * cols + j] = a->x[i * cols + j] * inverse[i];
    }
  node = rf_tape_push (tape, normalize_back, out, a, NULL, NULL);
  if (node != NULL)
    node->aux = inverse;
  return out;
}

/* ---- attention ---- */

static void
softmax_back (RfTape *tape, RfNode *node)
{
  const rf_real *y = node->out->x, *g = node->out->g;
  size_t rows = rf_tensor_rows (node->out), cols = rf_tensor_cols (node->out);
  rf_real *to = rf_grad (node->in[0]);

  for (size_t i = 0; i < rows * cols; i += cols)
    {
      rf_real mean = 0;

      for (size_t j = 0; j < cols; j++)
        mean += y[i + j] * g[i + j];
      for (size_t j = 0; j < cols; j++)
        to[i + j] += y[i + j] * (g[i + j] - mean);
    }
}

static void
softmax_row (size_t cols, const rf_real *x, const uint8_t *mask, rf_real *y)
{
  rf_real top = 0, sum = 0;
  bool any = false;

  for (size_t j = 0; j < cols; j++)
    if ((mask == NULL || mask[j]) && (!any || x[j] > top))
      {
        top = x[j];
        any = true;
      }
  for (size_t j = 0; j < cols; j++)
    {
      y[j] = mask == NULL || mask[j] ? RF_EXP (x[j] - top) : 0;
      sum += y[j];
    }
  for (size_t j = 0; any && j < cols; j++)
    y[j] /= sum;
}

RfTensor *
rf_softmax_rows (RfTape *tape, RfTensor *a, const uint8_t *mask)
{
  size_t rows = rf_tensor_rows (a), cols = rf_tensor_cols (a);
  RfTensor *out = rf_tape_out_2d (tape, rows, cols, rf_wants (a));

  for (size_t i = 0; i < rows; i++)
    softmax_row (cols, a->x + i * cols, mask ? mask + i * cols : NULL, out->x + i * cols);
  rf_tape_push (tape, softmax_back, out, a, NULL, NULL);
  return out;
}

/* In the node of a mix: in[0] = w, in[1 ..] = m_k. */
static void
mix_rows_forward (size_t begin, size_t end, int worker, void *data)
{
  const RfNode *node = data;
  const RfTensor *w = node->in[0];
  size_t cols = rf_tensor_cols (node->out), n = rf_tensor_cols (w), step = rf_tensor_rows (w) == 1 ? 0 : n;

  for (size_t k = 0; k < n; k++)
    for (size_t i = begin; i < end; i++)
      {
        rf_real weight = w->x[i * step + k], *restrict to = node->out->x + i * cols;
        const rf_real *restrict from = node->in[k + 1]->x + i * cols;

        if (k == 0)
          for (size_t j = 0; j < cols; j++)
            to[j] = weight * from[j];
        else
          for (size_t j = 0; j < cols; j++)
            to[j] += weight * from[j];
      }
}

static void
mix_rows_back (size_t begin, size_t end, int worker, void *data)
{
  const RfNode *node = data;
  const RfTensor *w = node->in[0];
  size_t cols = rf_tensor_cols (node->out), n = rf_tensor_cols (w), step = rf_tensor_rows (w) == 1 ? 0 : n;

  for (size_t k = 0; k < n; k++)
    if (node->in[k + 1]->g != NULL)
      for (size_t i = begin; i < end; i++)
        {
          rf_real weight = w->x[i * step + k], *restrict to = node->in[k + 1]->g + i * cols;
          const rf_real *restrict g = node->out->g + i * cols;

          for (size_t j = 0; j < cols; j++)
            to[j] += weight * g[j];
        }
}

static void
mix_back (RfTape *tape, RfNode *node)
{
  RfTensor *w = node->in[0], *out = node->out;
  size_t rows = rf_tensor_rows (out), cols = rf_tensor_cols (out), n = rf_tensor_cols (w);
  bool shared = rf_tensor_rows (w) == 1;

  for (size_t k = 0; k < n; k++)
    if (node->in[k + 1]->g != NULL)
      rf_grad (node->in[k + 1]);
  for_rows (rows, cols, mix_rows_back, node);
  if (w->g != NULL)
    {
      rf_real *dots = rf_tape_scratch (tape, rows * sizeof *dots), *to = rf_grad (w);

      for (size_t k = 0; k < n; k++)
        {
          row_dot_forward (rows, cols, out->g, node->in[k + 1]->x, dots);
          for (size_t i = 0; i < rows; i++)
            to[(shared ? 0 : i * n) + k] += dots[i];
        }
    }
}

RfTensor *
rf_mix (RfTape *tape, RfTensor *w, int n, RfTensor *const *m)
{
  size_t rows = rf_tensor_rows (m[0]), cols = rf_tensor_cols (m[0]);
  bool wants = rf_wants (w);
  RfNode shape = { 0 }, *node;

  RF_CHECK (n >= 1 && n < RF_NODE_INPUTS && rf_tensor_cols (w) == (size_t) n, "mix of %d with weights %s", n, rf_shape_text (w));
  RF_CHECK (rf_tensor_rows (w) == rows || rf_tensor_rows (w) == 1, "mix of %s with weights %s", rf_shape_text (m[0]), rf_shape_text (w));
  shape.in[0] = w;
  for (int k = 0; k < n; k++)
    {
      RF_CHECK (rf_tensor_rows (m[k]) == rows && rf_tensor_cols (m[k]) == cols, "mix of %s and %s", rf_shape_text (m[0]), rf_shape_text (m[k]));
      wants = wants || rf_wants (m[k]);
      shape.in[k + 1] = m[k];
    }
  shape.out = rf_tape_out_2d (tape, rows, cols, wants);
  for_rows (rows, cols, mix_rows_forward, &shape);
  node = rf_tape_push (tape, mix_back, shape.out, NULL, NULL, NULL);
  if (node != NULL)
    memcpy (node->in, shape.in, sizeof node->in);
  return shape.out;
}

/* ---- layer norm ---- */

static void
layer_norm_back (RfTape *tape, RfNode *node)
{
  RfTensor *a = node->in[0], *gain = node->in[1], *bias = node->in[2];
  size_t rows = rf_tensor_rows (a), cols = rf_tensor_cols (a);
  const rf_real *normal = node->aux, *inverse = normal + a->len, *g = node->out->g;
  rf_real *to = a->g ? rf_grad (a) : NULL, *to_gain = gain->g ? rf_grad (gain) : NULL, *to_bias = bias->g ? rf_grad (bias) : NULL;

  for (size_t i = 0; i < rows; i++)
    {
      const rf_real *h = normal + i * cols, *gi = g + i * cols;
      rf_real mean = 0, along = 0;

      for (size_t j = 0; j < cols; j++)
        {
          if (to_gain != NULL)
            to_gain[j] += gi[j] * h[j];
          if (to_bias != NULL)
            to_bias[j] += gi[j];
          mean += gi[j] * gain->x[j];
          along += gi[j] * gain->x[j] * h[j];
        }
      mean /= (rf_real) cols;
      along /= (rf_real) cols;
      for (size_t j = 0; to != NULL && j < cols; j++)
        to[i * cols + j] += (gi[j] * gain->x[j] - mean - h[j] * along) * inverse[i];
    }
}

RfTensor *
rf_layer_norm (RfTape *tape, RfTensor *a, RfTensor *gain, RfTensor *bias)
{
  size_t rows = rf_tensor_rows (a), cols = rf_tensor_cols (a);
  RfTensor *out = rf_tape_out_like (tape, a, rf_wants (a) || rf_wants (gain) || rf_wants (bias));
  rf_real *normal = rf_tape_scratch (tape, (a->len + rows) * sizeof *normal), *inverse = normal + a->len;
  RfNode *node;

  RF_CHECK (gain->len == cols && bias->len == cols, "layer norm of %s with %s", rf_shape_text (a), rf_shape_text (gain));
  for (size_t i = 0; i < rows; i++)
    {
      const rf_real *x = a->x + i * cols;
      rf_real mean = 0, square = 0;

      for (size_t j = 0; j < cols; j++)
        mean += x[j];
      mean /= (rf_real) cols;
      for (size_t j = 0; j < cols; j++)
        square += (x[j] - mean) * (x[j] - mean);
      inverse[i] = 1 / RF_SQRT (square / (rf_real) cols + EPSILON);
      for (size_t j = 0; j < cols; j++)
        {
          normal[i * cols + j] = (x[j] - mean) * inverse[i];
          out->x[i * cols + j] = normal[i * cols + j] * gain->x[j] + bias->x[j];
        }
    }
  node = rf_tape_push (tape, layer_norm_back, out, a, gain, bias);
  if (node != NULL)
    node->aux = normal;
  return out;
}
