/* rf-ops-dense.c: products, elementwise functions, shapes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/tensor/rf-kernel.h"
#include "core/tensor/rf-ops.h"
#include "core/tensor/rf-panel.h"
#include "core/tensor/rf-tape-private.h"

#define PANEL_ROWS 96 /* rows of a block of work: whole tiles */

static void
check_same (const char *name, const RfTensor *a, const RfTensor *b)
{
  RF_CHECK (a->len == b->len && rf_tensor_cols (a) == rf_tensor_cols (b), "%s of %s and %s", name, rf_shape_text (a), rf_shape_text (b));
}

/* ---- products ---- */

typedef struct
{
  bool trans_a, trans_b;
  size_t m, n, k;
} Product;

static void
matmul_back (RfTape *tape, RfNode *node)
{
  const Product *p = node->aux;
  RfTensor *a = node->in[0], *b = node->in[1];
  const rf_real *g = node->out->g;
  size_t m = p->m, n = p->n, k = p->k, lda = rf_tensor_cols (a), ldb = rf_tensor_cols (b);

  if (a->g != NULL)
    {
      rf_real beta = rf_grad_beta (a);

      if (p->trans_a)
        rf_mm_parallel (p->trans_b, true, k, m, n, 1, b->x, ldb, g, n, beta, a->g, lda);
      else
        rf_mm_parallel (false, !p->trans_b, m, k, n, 1, g, n, b->x, ldb, beta, a->g, lda);
    }
  if (b->g != NULL)
    {
      rf_real beta = rf_grad_beta (b);

      if (p->trans_b)
        rf_mm_parallel (true, p->trans_a, n, k, m, 1, g, n, a->x, lda, beta, b->g, ldb);
      else
        rf_mm_parallel (!p->trans_a, false, k, n, m, 1, a->x, lda, g, n, beta, b->g, ldb);
    }
}

RfTensor *
rf_matmul (RfTape *tape, RfTensor *a, bool trans_a, RfTensor *b, bool trans_b)
{
  size_t m = trans_a ? rf_tensor_cols (a) : rf_tensor_rows (a), k = trans_a ? rf_tensor_rows (a) : rf_tensor_cols (a);
  size_t n = trans_b ? rf_tensor_rows (b) : rf_tensor_cols (b), k_b = trans_b ? rf_tensor_cols (b) : rf_tensor_rows (b);
  RfTensor *out;
  RfNode *node;

  RF_CHECK (k == k_b, "product of %s%s and %s%s", rf_shape_text (a), trans_a ? "'" : "", rf_shape_text (b), trans_b ? "'" : "");
  RF_CHECK (a->rows == NULL && b->rows == NULL, "product with a table of rows");
  out = rf_tape_out_2d (tape, m, n, rf_wants (a) || rf_wants (b));
  rf_mm_parallel (trans_a, trans_b, m, n, k, 1, a->x, rf_tensor_cols (a), b->x, rf_tensor_cols (b), 0, out->x, n);
  node = rf_tape_push (tape, matmul_back, out, a, b, NULL);
  if (node != NULL)
    {
      Product *p = node->aux = rf_tape_scratch (tape, sizeof *p);

      *p = (Product) { trans_a, trans_b, m, n, k };
    }
  return out;
}

static void
linear_back (RfTape *tape, RfNode *node)
{
  RfTensor *x = node->in[0], *w = node->in[1], *bias = node->in[2];
  size_t rows = rf_tensor_rows (x), in = rf_tensor_cols (x), n = rf_tensor_cols (w);
  const rf_real *g = node->out->g;

  if (x->g != NULL)
    {
      rf_real beta = rf_grad_beta (x);

      rf_mm_parallel (false, true, rows, in, n, 1, g, n, w->x, n, beta, x->g, in);
    }
  if (w->g != NULL)
    {
      rf_real beta = rf_grad_beta (w);

      rf_mm_parallel (true, false, in, n, rows, 1, x->x, in, g, n, beta, w->g, n);
    }
  if (bias != NULL && bias->g != NULL)
    rf_add_column_sums (g, rows, n, rf_grad (bias));
}

RfTensor *
rf_linear (RfTape *tape, RfTensor *x, RfTensor *w, RfTensor *bias)
{
  size_t rows = rf_tensor_rows (x), in = rf_tensor_cols (x), n = rf_tensor_cols (w), dim[4];
  RfTensor *out;

  RF_CHECK (in == rf_tensor_rows (w) && (bias == NULL || bias->len == n), "linear map of %s by %s", rf_shape_text (x), rf_shape_text (w));
  memcpy (dim, x->dim, sizeof dim);
  dim[x->ndim - 1] = n;
  out = rf_tape_out (tape, x->ndim, dim, rf_wants (x) || rf_wants (w) || rf_wants (bias));
  if (bias != NULL)
    for (size_t i = 0; i < rows; i++)
      memcpy (out->x + i * n, bias->x, n * sizeof *bias->x);
  rf_mm_parallel (false, false, rows, n, in, 1, x->x, in, w->x, n, bias != NULL, out->x, n);
  rf_tape_push (tape, linear_back, out, x, w, bias);
  return out;
}

/* ---- a linear map of rows of a table ---- */

typedef struct
{
  size_t n, in, out;
  const float **row;      /* n, where panels are; else */
  const rf_real *gathered;
  const rf_real *w, *bias, *g;
  rf_real *to;
  bool add;
} RowsMap;

#ifdef RF_REAL_DOUBLE

static bool
run_panels (RowsMap *map, bool back)
{
  return false;
}

#else

static void
map_rows (size_t begin, size_t end, int worker, void *data)
{
  const RowsMap *map = data;

  rf_panel_product (end - begin, map->in, map->out, map->row + begin, map->w, map->out, map->bias, false, map->to + begin * map->out, map->out);
}

static void
map_places (size_t begin, size_t end, int worker, void *data)
{
  const RowsMap *map = data;

  rf_panel_outer (map->n, begin, end - begin, map->out, map->row, map->g, map->out, map->add, map->to + begin * map->out, map->out);
}

static bool
run_panels (RowsMap *map, bool back)
{
  if (map->row == NULL)
    return false;
  if (back)
    rf_parallel_for (map->in, RF_PANEL_DEPTH, map_places, map);
  else
    rf_parallel_for (map->n, PANEL_ROWS, map_rows, map);
  return true;
}

#endif

static void
linear_rows_back (RfTape *tape, RfNode *node)
{
  RowsMap *map = node->aux;
  RfTensor *w = node->in[0], *bias = node->in[1];

  if (w->g != NULL)
    {
      map->add = rf_grad_beta (w) != 0;
      map->g = node->out->g;
      map->to = w->g;
      if (!run_panels (map, true))
        rf_mm_parallel (true, false, map->in, map->out, map->n, 1, map->gathered, map->in, map->g, map->out, map->add, map->to, map->out);
    }
  if (bias != NULL && bias->g != NULL)
    rf_add_column_sums (node->out->g, map->n, map->out, rf_grad (bias));
}

RfTensor *
rf_linear_rows (RfTape *tape, const RfTable *x, const uint32_t *index, size_t n, RfTensor *w, RfTensor *bias)
{
  size_t in = x->cols, width = rf_tensor_cols (w);
  RfTensor *out;
  RowsMap *map = rf_tape_scratch (tape, sizeof *map);
  RfNode *node;

  RF_CHECK (in == rf_tensor_rows (w) && (bias == NULL || bias->len == width), "linear map of rows of %zu by %s", in, rf_shape_text (w));
  for (size_t i = 0; i < n; i++)
    RF_CHECK (index[i] < x->rows, "row %u of %zu", index[i], x->rows);
  out = rf_tape_out_2d (tape, n, width, rf_wants (w) || rf_wants (bias));
  *map = (RowsMap) { .n = n, .in = in, .out = width, .w = w->x, .bias = bias ? bias->x : NULL, .to = out->x };
  if (rf_panel_available (width))
    {
      map->row = rf_tape_scratch (tape, (n + 1) * sizeof *map->row);
      for (size_t i = 0; i < n; i++)
        map->row[i] = x->x + index[i] * in;
    }
  if (!run_panels (map, false))
    {
      rf_real *gathered = rf_tape_scratch (tape, (n * in + 1) * sizeof *gathered);

      for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < in; j++)
          gathered[i * in + j] = (rf_real) x->x[index[i] * in + j];
      for (size_t i = 0; i < n && bias != NULL; i++)
        memcpy (out->x + i * width, bias->x, width * sizeof *bias->x);
      rf_mm_parallel (false, false, n, width, in, 1, gathered, in, w->x, width, bias != NULL, out->x, width);
      map->gathered = gathered;
    }
  node = rf_tape_push (tape, linear_rows_back, out, w, bias, NULL);
  if (node != NULL)
    node->aux = map;
  return out;
}

/* ---- elementwise ---- */

RF_VECTORIZE static void
axpy (size_t n, rf_real scale, const rf_real *restrict x, rf_real *restrict y)
{
  for (size_t i = 0; i < n; i++)
    y[i] += scale * x[i];
}

RF_VECTORIZE static void
multiply_add (size_t n, const rf_real *restrict a, const rf_real *restrict b, rf_real *restrict y)
{
  for (size_t i = 0; i < n; i++)
    y[i] += a[i] * b[i];
}

static void
add_bias_back (RfTape *tape, RfNode *node)
{
  RfTensor *out = node->out, *x = node->in[0], *bias = node->in[1];

  if (x->g != NULL)
    axpy (x->len, 1, out->g, rf_grad (x));
  if (bias->g != NULL)
    rf_add_column_sums (out->g, rf_tensor_rows (x), bias->len, rf_grad (bias));
}

RfTensor *
rf_add_bias (RfTape *tape, RfTensor *x, RfTensor *bias)
{
  size_t cols = rf_tensor_cols (x);
  RfTensor *out = rf_tape_out_like (tape, x, rf_wants (x) || rf_wants (bias));

  RF_CHECK (bias->len == cols, "bias %s to %s", rf_shape_text (bias), rf_shape_text (x));
  for (size_t i = 0; i < x->len; i += cols)
    for (size_t j = 0; j < cols; j++)
      out->x[i + j] = x->x[i + j] + bias->x[j];
  rf_tape_push (tape, add_bias_back, out, x, bias, NULL);
  return out;
}

static void
add_scaled_back (RfTape *tape, RfNode *node)
{
  RfTensor *a = node->in[0], *b = node->in[1];

  if (a->g != NULL)
    axpy (a->len, 1, node->out->g, rf_grad (a));
  if (b->g != NULL)
    axpy (b->len, *(rf_real *) node->aux, node->out->g, rf_grad (b));
}

RfTensor *
rf_add_scaled (RfTape *tape, RfTensor *a, RfTensor *b, double scale)
{
  RfTensor *out = rf_tape_out_like (tape, a, rf_wants (a) || rf_wants (b));
  rf_real by = (rf_real) scale;
  RfNode *node;

  check_same ("sum", a, b);
  for (size_t i = 0; i < a->len; i++)
    out->x[i] = a->x[i] + by * b->x[i];
  node = rf_tape_push (tape, add_scaled_back, out, a, b, NULL);
  if (node != NULL)
    {
      node->aux = rf_tape_scratch (tape, sizeof by);
      *(rf_real *) node->aux = by;
    }
  return out;
}

RfTensor *
rf_add (RfTape *tape, RfTensor *a, RfTensor *b)
{
  return rf_add_scaled (tape, a, b, 1);
}

static void
mul_back (RfTape *tape, RfNode *node)
{
  RfTensor *a = node->in[0], *b = node->in[1];

  if (a->g != NULL)
    multiply_add (a->len, node->out->g, b->x, rf_grad (a));
  if (b->g != NULL)
    multiply_add (b->len, node->out->g, a->x, rf_grad (b));
}

RfTensor *
rf_mul (RfTape *tape, RfTensor *a, RfTensor *b)
{
  RfTensor *out = rf_tape_out_like (tape, a, rf_wants (a) || rf_wants (b));

  check_same ("product of elements", a, b);
  for (size_t i = 0; i < a->len; i++)
    out->x[i] = a->x[i] * b->x[i];
  rf_tape_push (tape, mul_back, out, a, b, NULL);
  return out;
}

static void
scale_back (RfTape *tape, RfNode *node)
{
  axpy (node->out->len, *(rf_real *) node->aux, node->out->g, rf_grad (node->in[0]));
}

RfTensor *
rf_scale (RfTape *tape, RfTensor *a, double scale)
{
  RfTensor *out = rf_tape_out_like (tape, a, rf_wants (a));
  rf_real by = (rf_real) scale;
  RfNode *node;

  for (size_t i = 0; i < a->len; i++)
    out->x[i] = by * a->x[i];
  node = rf_tape_push (tape, scale_back, out, a, NULL, NULL);
  if (node != NULL)
    {
      node->aux = rf_tape_scratch (tape, sizeof by);
      *(rf_real *) node->aux = by;
    }
  return out;
}

RF_VECTORIZE static void
relu_forward (size_t n, const rf_real *restrict x, rf_real *restrict y)
{
  for (size_t i = 0; i < n; i++)
    y[i] = x[i] > 0 ? x[i] : 0;
}

RF_VECTORIZE static void
relu_add (size_t n, const rf_real *restrict y, const rf_real *restrict g, rf_real *restrict to)
{
  for (size_t i = 0; i < n; i++)
    to[i] += y[i] > 0 ? g[i] : 0;
}

RF_VECTORIZE static void
tanh_forward (size_t n, const rf_real *restrict x, rf_real *restrict y)
{
  for (size_t i = 0; i < n; i++)
    y[i] = rf_tanh_fast (x[i]);
}

RF_VECTORIZE static void
tanh_add (size_t n, const rf_real *restrict y, const rf_real *restrict g, rf_real *restrict to)
{
  for (size_t i = 0; i < n; i++)
    to[i] += g[i] * (1 - y[i] * y[i]);
}

RF_VECTORIZE static void
sigmoid_forward (size_t n, const rf_real *restrict x, rf_real *restrict y)
{
  for (size_t i = 0; i < n; i++)
    y[i] = rf_logistic (x[i]);
}

RF_VECTORIZE static void
sigmoid_add (size_t n, const rf_real *restrict y, const rf_real *restrict g, rf_real *restrict to)
{
  for (size_t i = 0; i < n; i++)
    to[i] += g[i] * y[i] * (1 - y[i]);
}

static void
relu_back (RfTape *tape, RfNode *node)
{
  relu_add (node->out->len, node->out->x, node->out->g, rf_grad (node->in[0]));
}

static void
tanh_back (RfTape *tape, RfNode *node)
{
  tanh_add (node->out->len, node->out->x, node->out->g, rf_grad (node->in[0]));
}

static void
sigmoid_back (RfTape *tape, RfNode *node)
{
  sigmoid_add (node->out->len, node->out->x, node->out->g, rf_grad (node->in[0]));
}

RfTensor *
rf_relu (RfTape *tape, RfTensor *a)
{
  RfTensor *out = rf_tape_out_like (tape, a, rf_wants (a));

  relu_forward (a->len, a->x, out->x);
  rf_tape_push (tape, relu_back, out, a, NULL, NULL);
  return out;
}

RfTensor *
rf_tanh (RfTape *tape, RfTensor *a)
{
  RfTensor *out = rf_tape_out_like (tape, a, rf_wants (a));

  tanh_forward (a->len, a->x, out->x);
  rf_tape_push (tape, tanh_back, out, a, NULL, NULL);
  return out;
}

RfTensor *
rf_sigmoid (RfTape *tape, RfTensor *a)
{
  RfTensor *out = rf_tape_out_like (tape, a, rf_wants (a));

  sigmoid_forward (a->len, a->x, out->x);
  rf_tape_push (tape, sigmoid_back, out, a, NULL, NULL);
  return out;
}

static void
dropout_back (RfTape *tape, RfNode *node)
{
  multiply_add (node->out->len, node->out->g, node->aux, rf_grad (node->in[0]));
}

RfTensor *
rf_dropout (RfTape *tape, RfTensor *a, double p)
{
  RfTensor *out;
  RfNode *node;
  rf_real *keep, kept;
  uint64_t seed, stream;
  uint32_t bits[4] = { 0 }, threshold;

  RF_CHECK (p >= 0 && p < 1, "dropout of %g", p);
  if (p == 0 || !rf_tape_is_training (tape))
    return a;
  out = rf_tape_out_like (tape, a, rf_wants (a));
  keep = rf_tape_scratch (tape, a->len * sizeof *keep);
  kept = (rf_real) (1 / (1 - p));
  threshold = (uint32_t) (p * 4294967296.0);
  rf_tape_next_random (tape, &seed, &stream);
  for (size_t i = 0; i < a->len; i++)
    {
      if (i % 4 == 0)
        rf_philox (seed, stream, i / 4, bits);
      keep[i] = bits[i % 4] < threshold ? 0 : kept;
      out->x[i] = keep[i] * a->x[i];
    }
  node = rf_tape_push (tape, dropout_back, out, a, NULL, NULL);
  if (node != NULL)
    node->aux = keep;
  return out;
}

/* ---- shapes ---- */

RfTensor *
rf_reshape (RfTape *tape, RfTensor *a, int ndim, const size_t *dim)
{
  RfTensor *out;
  size_t len = 1;

  for (int d = 0; d < ndim; d++)
    len *= dim[d];
  RF_CHECK (len == a->len, "%s reshaped to %zu numbers", rf_shape_text (a), len);
  RF_CHECK (a->rows == NULL, "reshape of a table of rows");
  if (a->g != NULL)
    rf_grad (a); /* the two share it from now on: it must be zero before either is added to */
  out = rf_leaf (tape, ndim, dim, a->x, a->g);
  return out;
}

static void
concat_back (RfTape *tape, RfNode *node)
{
  size_t cols = rf_tensor_cols (node->out), rows = rf_tensor_rows (node->out), at = 0;

  for (int p = 0; p < RF_NODE_INPUTS && node->in[p] != NULL; p++)
    {
      RfTensor *part = node->in[p];
      size_t width = rf_tensor_cols (part);

      if (part->g != NULL)
        {
          rf_real *to = rf_grad (part);

          for (size_t i = 0; i < rows; i++)
            axpy (width, 1, node->out->g + i * cols + at, to + i * width);
        }
      at += width;
    }
}

RfTensor *
rf_concat_cols (RfTape *tape, int n, RfTensor *const *parts)
{
  size_t rows = rf_tensor_rows (parts[0]), cols = 0, at = 0;
  bool wants = false;
  RfTensor *out;
  RfNode *node;

  RF_CHECK (n >= 1 && n <= RF_NODE_INPUTS, "%d matrices side by side", n);
  for (int p = 0; p < n; p++)
    {
      RF_CHECK (rf_tensor_rows (parts[p]) == rows, "%s beside %s", rf_shape_text (parts[0]), rf_shape_text (parts[p]));
      cols += rf_tensor_cols (parts[p]);
      wants = wants || rf_wants (parts[p]);
    }
  out = rf_tape_out_2d (tape, rows, cols, wants);
  for (int p = 0; p < n; p++)
    {
      size_t width = rf_tensor_cols (parts[p]);

      for (size_t i = 0; i < rows; i++)
        memcpy (out->x + i * cols + at, parts[p]->x + i * width, width * sizeof *out->x);
      at += width;
    }
  node = rf_tape_push (tape, concat_back, out, NULL, NULL, NULL);
  if (node != NULL)
    for (int p = 0; p < n; p++)
      node->in[p] = parts[p];
  return out;
}

static void
slice_cols_back (RfTape *tape, RfNode *node)
{
  RfTensor *a = node->in[0];
  size_t cols = rf_tensor_cols (a), width = rf_tensor_cols (node->out), first = *(size_t *) node->aux;
  rf_real *to = rf_grad (a);

  for (size_t i = 0; i < rf_tensor_rows (a); i++)
    axpy (width, 1, node->out->g + i * width, to + i * cols + first);
}

RfTensor *
rf_slice_cols (RfTape *tape, RfTensor *a, size_t first, size_t count)
{
  size_t rows = rf_tensor_rows (a), cols = rf_tensor_cols (a);
  RfTensor *out = rf_tape_out_2d (tape, rows, count, rf_wants (a));
  RfNode *node;

  RF_CHECK (first + count <= cols, "columns %zu+%zu of %s", first, count, rf_shape_text (a));
  for (size_t i = 0; i < rows; i++)
    memcpy (out->x + i * count, a->x + i * cols + first, count * sizeof *out->x);
  node = rf_tape_push (tape, slice_cols_back, out, a, NULL, NULL);
  if (node != NULL)
    {
      node->aux = rf_tape_scratch (tape, sizeof first);
      *(size_t *) node->aux = first;
    }
  return out;
}

RfTensor *
rf_slice_rows (RfTape *tape, RfTensor *a, size_t first, size_t count)
{
  size_t cols = rf_tensor_cols (a);

  RF_CHECK (first + count <= rf_tensor_rows (a), "rows %zu+%zu of %s", first, count, rf_shape_text (a));
  RF_CHECK (a->rows == NULL, "slice of a table of rows");
  return rf_leaf_2d (tape, count, cols, a->x + first * cols, a->g ? rf_grad (a) + first * cols : NULL);
}

static void
sum_back (RfTape *tape, RfNode *node)
{
  rf_real g = node->out->g[0] * *(rf_real *) node->aux, *to = rf_grad (node->in[0]);

  for (size_t i = 0; i < node->in[0]->len; i++)
    to[i] += g;
}

static RfTensor *
sum_times (RfTape *tape, RfTensor *a, double scale)
{
  RfTensor *out = rf_tape_out_1d (tape, 1, rf_wants (a));
  RfNode *node = rf_tape_push (tape, sum_back, out, a, NULL, NULL);
  double sum = 0;

  for (size_t i = 0; i < a->len; i++)
    sum += (double) a->x[i];
  out->x[0] = (rf_real) (scale * sum);
  if (node != NULL)
    {
      node->aux = rf_tape_scratch (tape, sizeof (rf_real));
      *(rf_real *) node->aux = (rf_real) scale;
    }
  return out;
}

RfTensor *
rf_sum (RfTape *tape, RfTensor *a)
{
  return sum_times (tape, a, 1);
}

RfTensor *
rf_mean (RfTape *tape, RfTensor *a)
{
  return sum_times (tape, a, 1 / (double) a->len);
}
