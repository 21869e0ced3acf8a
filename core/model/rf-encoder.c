/* rf-encoder.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/model/rf-encoder.h"

#include <math.h>
#include <string.h>

#include "core/base/rf-parallel.h"
#include "core/tensor/rf-ops.h"

#define CHANNELS_1 32
#define CHANNELS_2 64

typedef struct
{
  int w, b;
} Linear;

struct _RfEncoder
{
  RfEncoderInput in;
  RfEncoderOptions options;
  Linear hidden, out;
  Linear conv1, conv2;
  int table;               /* words, ids or nodes of a graph */
  int gru_w, gru_u, gru_bw, gru_bu;
  float mean[3], deviation[3];
  RfTensor *all;           /* of this batch: the whole table after propagation */
  RfTensor *feature_map;
};

static int
add (RfParams *params, const RfEncoder *self, const char *part, int ndim, const size_t *dim, RfInit init, double scale)
{
  g_autofree char *name = g_strdup_printf ("%s.%s", self->in.name, part);

  return rf_params_add (params, name, ndim, dim, init, scale);
}

static Linear
add_linear (RfParams *params, const RfEncoder *self, const char *part, size_t in, size_t out)
{
  g_autofree char *weight = g_strdup_printf ("%s.weight", part), *bias = g_strdup_printf ("%s.bias", part);

  return (Linear) { add (params, self, weight, 2, (size_t[]) { in, out }, RF_INIT_XAVIER, 1), add (params, self, bias, 1, &out, RF_INIT_ZERO, 0) };
}

static Linear
add_conv (RfParams *params, const RfEncoder *self, const char *part, size_t in, size_t out)
{
  g_autofree char *weight = g_strdup_printf ("%s.weight", part), *bias = g_strdup_printf ("%s.bias", part);

  return (Linear) { add (params, self, weight, 4, (size_t[]) { 3, 3, in, out }, RF_INIT_HE, 1), add (params, self, bias, 1, &out, RF_INIT_ZERO, 0) };
}

static void
add_table (RfParams *params, RfEncoder *self, const char *part, size_t rows, size_t cols, gboolean dense)
{
  g_autofree char *name = g_strdup_printf ("%s.%s", self->in.name, part);

  self->table = dense ? rf_params_add (params, name, 2, (size_t[]) { rows, cols }, RF_INIT_NORMAL, 0.1)
                      : rf_params_add_table (params, name, rows, cols, RF_INIT_NORMAL, 0.1);
}

double
rf_encoder_input_scale (const RfEncoderInput *input)
{
  double square = 0;
  gsize n = 0, d = input->x->cols;

  for (guint32 i = 0; i < input->n_items; i++)
    if (input->available[i])
      {
        for (gsize c = 0; c < d; c++)
          square += (double) input->x->x[i * d + c] * (double) input->x->x[i * d + c];
        n++;
      }
  return square > 0 ? sqrt ((double) n * (double) d / square) : 1;
}

/* Features come in any unit. Weights that start 1 / rms as large and move 1 / rms as far make the network the same for all units. */
static void
follow_unit (RfParams *params, int index, double scale)
{
  RfParam *param = rf_params_get (params, index);

  param->scale *= scale;
  param->rate *= scale;
}

RfEncoder *
rf_encoder_new (const RfEncoderInput *input, const RfEncoderOptions *options, RfParams *params)
{
  RfEncoder *self = g_new0 (RfEncoder, 1);
  size_t d = options->dim, width = options->width, map;

  self->in = *input;
  self->options = *options;
  switch (input->kind)
    {
    case RF_ENCODER_CNN:
      map = input->pixels->size / 4;
      rf_pixels_get_statistics (input->pixels, self->mean, self->deviation);
      self->conv1 = add_conv (params, self, "conv1", 3, CHANNELS_1);
      self->conv2 = add_conv (params, self, "conv2", CHANNELS_1, CHANNELS_2);
      self->out = add_linear (params, self, "out", map * map * CHANNELS_2, d);
      break;
    case RF_ENCODER_GRU:
      add_table (params, self, "words", input->n_words, width, FALSE);
      self->gru_w = add (params, self, "gru.w", 2, (size_t[]) { width, 3 * width }, RF_INIT_XAVIER, 1);
      self->gru_u = add (params, self, "gru.u", 2, (size_t[]) { width, 3 * width }, RF_INIT_XAVIER, 1);
      self->gru_bw = add (params, self, "gru.bw", 1, (size_t[]) { 3 * width }, RF_INIT_ZERO, 0);
      self->gru_bu = add (params, self, "gru.bu", 1, (size_t[]) { 3 * width }, RF_INIT_ZERO, 0);
      self->out = add_linear (params, self, "out", width, d);
      break;
    case RF_ENCODER_BAG:
      add_table (params, self, "words", input->n_words, width, FALSE);
      self->out = add_linear (params, self, "out", width, d);
      break;
    case RF_ENCODER_IDS:
      add_table (params, self, "items", input->n_items, d, input->graph != NULL);
      break;
    case RF_ENCODER_GRAPH:
      add_table (params, self, "nodes", (size_t) input->n_users + input->n_items, d, TRUE);
      break;
    case RF_ENCODER_FEATURES:
    default:
      if (options->hidden > 0)
        self->hidden = add_linear (params, self, "hidden", input->x->cols, options->hidden);
      self->out = add_linear (params, self, "out", options->hidden > 0 ? options->hidden : input->x->cols, d);
      follow_unit (params, options->hidden > 0 ? self->hidden.w : self->out.w, rf_encoder_input_scale (input));
      break;
    }
  return self;
}

void
rf_encoder_free (RfEncoder *self)
{
  g_free (self);
}

const RfEncoderInput *
rf_encoder_get_input (const RfEncoder *self)
{
  return &self->in;
}

void
rf_encoder_start (RfEncoder *self, RfParams *params)
{
  const RfMatrix *from = self->in.word_vectors;
  rf_real *to;

  if (from == NULL || (self->in.kind != RF_ENCODER_GRU && self->in.kind != RF_ENCODER_BAG))
    return;
  RF_CHECK (from->rows == self->in.n_words && from->cols == self->options.width, "word vectors %zu x %zu", from->rows, from->cols);
  to = rf_params_values (params, self->table);
  for (gsize e = 0; e < from->rows * from->cols; e++)
    to[e] = (rf_real) from->x[e];
}

static RfSparse
as_sparse (const RfCsr *csr)
{
  return (RfSparse) { csr->rows, csr->cols, csr->ptr, csr->idx, csr->val };
}

/* The view must live as long as the tape's nodes. */
static const RfSparse *
view (RfTape *tape, const RfCsr *csr)
{
  RfSparse *sparse = rf_tape_scratch (tape, sizeof *sparse);

  *sparse = as_sparse (csr);
  return sparse;
}

void
rf_encoder_begin (RfEncoder *self, RfTape *tape)
{
  const RfSparse *graph, *transposed;
  RfTensor *layer;
  gboolean symmetric = self->in.kind == RF_ENCODER_GRAPH;

  self->all = NULL;
  if (self->in.graph == NULL)
    return;
  graph = view (tape, self->in.graph);
  transposed = symmetric ? graph : view (tape, self->in.graph_transposed);
  self->all = layer = rf_param (tape, self->table);
  for (guint l = 0; l < self->in.layers; l++)
    {
      layer = rf_spmm (tape, graph, transposed, layer);
      self->all = rf_add (tape, self->all, layer);
    }
  if (symmetric && self->in.layers > 0)
    self->all = rf_scale (tape, self->all, 1.0 / (self->in.layers + 1));
}

static RfTensor *
run_linear (RfTape *tape, RfTensor *x, Linear layer)
{
  return rf_linear (tape, x, rf_param (tape, layer.w), rf_param (tape, layer.b));
}

/* The rows of a batch are read where they lie. */
static RfTensor *
run_features (RfEncoder *self, RfTape *tape, const guint32 *items, gsize n)
{
  RfTable x = { self->in.x->x, self->in.x->rows, self->in.x->cols };
  Linear first = self->options.hidden > 0 ? self->hidden : self->out;
  RfTensor *h = rf_linear_rows (tape, &x, items, n, rf_param (tape, first.w), rf_param (tape, first.b));

  return self->options.hidden > 0 ? run_linear (tape, rf_relu (tape, h), self->out) : h;
}

/* ---- pictures ---- */

void
rf_encoder_normalise (const RfEncoder *self, const guint8 *rgb, rf_real *out)
{
  gsize n = (gsize) self->in.pixels->size * self->in.pixels->size;
  float scale[3], shift[3];

  for (int c = 0; c < 3; c++)
    {
      float deviation = MAX (self->deviation[c], 1e-3f);

      scale[c] = 1 / (255 * deviation);
      shift[c] = self->mean[c] / deviation;
    }
  for (gsize p = 0; p < n; p++)
    for (int c = 0; c < 3; c++)
      out[p * 3 + (gsize) c] = (rf_real) rgb[p * 3 + (gsize) c] * (rf_real) scale[c] - (rf_real) shift[c];
}

RfTensor *
rf_encoder_get_feature_map (const RfEncoder *self)
{
  return self->feature_map;
}

RfTensor *
rf_encoder_run_pixels (RfEncoder *self, RfTape *tape, RfTensor *pixels)
{
  RfConv same = { .stride = 1, .padding = 1, .groups = 1 };
  RfTensor *x = rf_conv2d_pool (tape, pixels, rf_param (tape, self->conv1.w), rf_param (tape, self->conv1.b), same, 2, true);

  x = rf_conv2d_pool (tape, x, rf_param (tape, self->conv2.w), rf_param (tape, self->conv2.b), same, 2, true);
  self->feature_map = x;
  x = rf_reshape (tape, x, 2, (size_t[]) { x->dim[0], x->len / x->dim[0] });
  return run_linear (tape, x, self->out);
}

typedef struct
{
  const RfEncoder *encoder;
  const guint32 *items;
  rf_real *out;
  guint32 round;
  gboolean augment;
} Pictures;

static void
prepare_pictures (size_t begin, size_t end, int worker, void *data)
{
  const Pictures *job = data;
  const RfPixels *pixels = job->encoder->in.pixels;
  gsize length = (gsize) pixels->size * pixels->size * 3;
  g_autofree guint8 *changed = g_malloc (length);

  for (size_t k = begin; k < end; k++)
    {
      const guint8 *rgb = rf_pixels_get (pixels, job->items[k]);

      if (job->augment)
        {
          RfAugmentOptions options = *job->encoder->in.augment;
          RfAugmentation drawn;

          options.seed = job->encoder->options.seed;
          drawn = rf_augment_draw (&options, job->items[k], job->round);
          rf_augment_apply (&drawn, pixels->size, rgb, changed);
          rgb = changed;
        }
      rf_encoder_normalise (job->encoder, rgb, job->out + k * length);
    }
}

static RfTensor *
run_pictures (RfEncoder *self, RfTape *tape, const guint32 *items, gsize n, guint32 round, gboolean training)
{
  size_t size = self->in.pixels->size;
  rf_real *x = rf_tape_scratch (tape, n * size * size * 3 * sizeof *x);
  Pictures job = { self, items, x, round, training && self->in.augment != NULL };

  rf_parallel_for (n, 8, prepare_pictures, &job);
  return rf_encoder_run_pixels (self, tape, rf_leaf_4d (tape, n, size, size, 3, x, NULL));
}

/* ---- texts ---- */

static gsize
text_length (const RfEncoder *self, guint32 item)
{
  gsize length = self->in.words->ptr[item + 1] - self->in.words->ptr[item];

  return MIN (length, self->in.max_words);
}

/* The mean of the first `length` vectors of every column. */
static RfTensor *
mean_vectors (RfTape *tape, RfTensor *vectors, const guint32 *lengths)
{
  size_t steps = vectors->dim[0], n = vectors->dim[1], width = vectors->dim[2];
  RfTensor *rows = rf_reshape (tape, vectors, 2, (size_t[]) { steps * n, width }), *sum = NULL;

  for (size_t t = 0; t < steps; t++)
    {
      RfTensor *weight = rf_constant_2d (tape, n, 1), *part;

      for (size_t k = 0; k < n; k++)
        weight->x[k] = t < lengths[k] ? (rf_real) 1 / (rf_real) lengths[k] : 0;
      part = rf_scale_rows (tape, rf_slice_rows (tape, rows, t * n, n), weight);
      sum = sum ? rf_add (tape, sum, part) : part;
    }
  return sum;
}

RfTensor *
rf_encoder_run_vectors (RfEncoder *self, RfTape *tape, RfTensor *vectors, const guint32 *lengths)
{
  RfGruWeights weights;

  RF_CHECK (self->in.kind == RF_ENCODER_GRU || self->in.kind == RF_ENCODER_BAG, "an encoder that reads no words");
  if (self->in.kind == RF_ENCODER_BAG)
    return run_linear (tape, mean_vectors (tape, vectors, lengths), self->out);
  weights = (RfGruWeights) { rf_param (tape, self->gru_w), rf_param (tape, self->gru_u), rf_param (tape, self->gru_bw), rf_param (tape, self->gru_bu) };
  return run_linear (tape, rf_gru (tape, vectors, &weights, NULL, lengths), self->out);
}

const rf_real *
rf_encoder_get_word_vectors (const RfEncoder *self, RfParams *params)
{
  RF_CHECK (self->in.kind == RF_ENCODER_GRU || self->in.kind == RF_ENCODER_BAG, "an encoder that reads no words");
  return rf_params_values (params, self->table);
}

guint
rf_encoder_get_word_width (const RfEncoder *self)
{
  return self->options.width;
}

static RfTensor *
run_gru (RfEncoder *self, RfTape *tape, const guint32 *items, gsize n)
{
  guint32 *lengths = rf_tape_scratch (tape, n * sizeof *lengths), *words;
  gsize longest = 1;
  RfTensor *vectors;

  for (gsize k = 0; k < n; k++)
    {
      lengths[k] = (guint32) text_length (self, items[k]);
      longest = MAX (longest, lengths[k]);
    }
  words = rf_tape_scratch (tape, longest * n * sizeof *words);
  for (gsize k = 0; k < n; k++)
    {
      const guint32 *text = self->in.words->word + self->in.words->ptr[items[k]];

      for (gsize t = 0; t < longest; t++)
        words[t * n + k] = t < lengths[k] ? text[t] : 0; /* steps beyond the length are never read */
    }
  vectors = rf_rows (tape, rf_param (tape, self->table), words, longest * n);
  vectors = rf_reshape (tape, vectors, 3, (size_t[]) { longest, n, self->options.width });
  return rf_encoder_run_vectors (self, tape, vectors, lengths);
}

/* Mean word vectors by one sparse product with the distinct words of the batch. */
static RfTensor *
run_bag (RfEncoder *self, RfTape *tape, const guint32 *items, gsize n)
{
  gsize total = 0, at = 0;
  size_t *ptr = rf_tape_scratch (tape, (n + 1) * sizeof *ptr), *back_ptr;
  guint32 *idx, *back_idx, *words;
  float *val, *back_val;
  RfSparse *sparse = rf_tape_scratch (tape, sizeof *sparse), *back = rf_tape_scratch (tape, sizeof *back);

  for (gsize k = 0; k < n; k++)
    total += text_length (self, items[k]);
  /* One column per word of the batch, not per distinct word: rf_rows() adds up what repeats. */
  idx = rf_tape_scratch (tape, (total + 1) * sizeof *idx);
  words = rf_tape_scratch (tape, (total + 1) * sizeof *words);
  val = rf_tape_scratch (tape, (total + 1) * sizeof *val);
  back_ptr = rf_tape_scratch (tape, (total + 2) * sizeof *back_ptr);
  back_idx = rf_tape_scratch (tape, (total + 1) * sizeof *back_idx);
  back_val = rf_tape_scratch (tape, (total + 1) * sizeof *back_val);
  ptr[0] = 0;
  for (gsize k = 0; k < n; k++)
    {
      gsize length = text_length (self, items[k]);
      const guint32 *text = self->in.words->word + self->in.words->ptr[items[k]];

      for (gsize t = 0; t < length; t++, at++)
        {
          idx[at] = (guint32) at;
          words[at] = text[t];
          val[at] = back_val[at] = 1 / (float) length;
          back_ptr[at] = at;
          back_idx[at] = (guint32) k;
        }
      ptr[k + 1] = at;
    }
  if (total == 0) /* a batch without a word: one column that nobody uses */
    words[0] = 0;
  back_ptr[total] = total;
  if (total == 0)
    back_ptr[1] = 0;
  *sparse = (RfSparse) { n, MAX (total, 1), ptr, idx, val };
  *back = (RfSparse) { MAX (total, 1), n, back_ptr, back_idx, back_val };
  return run_linear (tape, rf_spmm (tape, sparse, back, rf_rows (tape, rf_param (tape, self->table), words, MAX (total, 1))), self->out);
}

/* ---- all ---- */

/* Rows of items that lack the modality become zeros. */
static RfTensor *
hide_missing (const RfEncoder *self, RfTape *tape, const guint32 *items, gsize n, RfTensor *h)
{
  RfTensor *there;
  gboolean all = TRUE;

  for (gsize k = 0; k < n && all; k++)
    all = self->in.available[items[k]];
  if (all)
    return h;
  there = rf_constant_2d (tape, n, 1);
  for (gsize k = 0; k < n; k++)
    there->x[k] = self->in.available[items[k]];
  return rf_scale_rows (tape, h, there);
}

RfTensor *
rf_encoder_run (RfEncoder *self, RfTape *tape, const guint32 *items, gsize n, guint32 round, gboolean training)
{
  guint32 *nodes;

  switch (self->in.kind)
    {
    case RF_ENCODER_CNN:
      return hide_missing (self, tape, items, n, run_pictures (self, tape, items, n, round, training));
    case RF_ENCODER_GRU:
      return hide_missing (self, tape, items, n, run_gru (self, tape, items, n));
    case RF_ENCODER_BAG:
      return hide_missing (self, tape, items, n, run_bag (self, tape, items, n));
    case RF_ENCODER_IDS:
      return rf_rows (tape, self->all ? self->all : rf_param (tape, self->table), items, n);
    case RF_ENCODER_GRAPH:
      nodes = rf_tape_scratch (tape, n * sizeof *nodes);
      for (gsize k = 0; k < n; k++)
        nodes[k] = self->in.n_users + items[k];
      return rf_rows (tape, self->all, nodes, n);
    case RF_ENCODER_FEATURES:
    default:
      return hide_missing (self, tape, items, n, run_features (self, tape, items, n));
    }
}

RfTensor *
rf_encoder_run_users (RfEncoder *self, RfTape *tape, const guint32 *users, gsize n)
{
  RF_CHECK (self->in.kind == RF_ENCODER_GRAPH && self->all, "an encoder that knows no users");
  return rf_rows (tape, self->all, users, n);
}
