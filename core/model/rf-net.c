/* rf-net.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/model/rf-net-private.h"

#include <math.h>
#include <string.h>

#include "core/base/rf-rng.h"

static const char *const fusion_names[] = { "concat", "sum", "attention", "user-attention", "gate", "late" };

gboolean
rf_fusion_from_name (const char *name, RfFusion *fusion)
{
  for (guint f = 0; f < G_N_ELEMENTS (fusion_names); f++)
    if (g_strcmp0 (name, fusion_names[f]) == 0)
      {
        *fusion = (RfFusion) f;
        return TRUE;
      }
  return FALSE;
}

const char *
rf_fusion_get_name (RfFusion fusion)
{
  return fusion_names[fusion];
}

static int
add (RfNet *self, const char *name, size_t rows, size_t cols, RfInit init, double scale)
{
  return cols ? rf_params_add (self->params, name, 2, (size_t[]) { rows, cols }, init, scale)
              : rf_params_add (self->params, name, 1, (size_t[]) { rows }, init, scale);
}

static void
add_fusion (RfNet *self)
{
  const RfNetOptions *o = &self->options;
  size_t d = o->dim, m_count = self->in.n_modalities;

  switch (o->fusion)
    {
    case RF_FUSION_CONCAT:
      if (o->hidden)
        {
          self->concat[0] = add (self, "concat.hidden.weight", m_count * d, o->hidden, RF_INIT_XAVIER, 1);
          self->concat[1] = add (self, "concat.hidden.bias", o->hidden, 0, RF_INIT_ZERO, 0);
        }
      self->concat[2] = add (self, "concat.weight", o->hidden ? o->hidden : m_count * d, d, RF_INIT_XAVIER, 1);
      break;
    case RF_FUSION_SUM:
      self->weights = add (self, "sum.weights", 1, m_count, RF_INIT_ZERO, 0);
      break;
    case RF_FUSION_ATTENTION:
      self->weights = add (self, "attention.query", d, 1, RF_INIT_NORMAL, 0.1);
      break;
    case RF_FUSION_USER_ATTENTION:
    case RF_FUSION_GATE:
      for (size_t m = 0; m < m_count; m++)
        {
          gboolean gate = o->fusion == RF_FUSION_GATE;
          g_autofree char *weight = g_strdup_printf ("%s.%s", self->in.input[m].name, gate ? "gate.weight" : "query.weight");
          g_autofree char *bias = g_strdup_printf ("%s.gate.bias", self->in.input[m].name);

          self->map[m] = add (self, weight, d, d, RF_INIT_XAVIER, gate ? 1 : 0.3);
          if (gate)
            self->map_bias[m] = add (self, bias, d, 0, RF_INIT_ZERO, 0);
        }
      break;
    case RF_FUSION_LATE:
    default:
      break;
    }
}

static void
add_users (RfNet *self)
{
  const RfNetOptions *o = &self->options;
  size_t width = rf_net_get_user_width (self);

  switch (o->user)
    {
    case RF_USER_HISTORY:
      self->user = rf_params_add_table (self->params, "user.keys", self->in.n_items, width, RF_INIT_NORMAL, 0.1);
      break;
    case RF_USER_CONTENT:
      RF_CHECK (self->in.input[0].kind == RF_ENCODER_FEATURES, "content keys without features");
      self->user = add (self, "user.key.weight", self->in.input[0].x->cols, width, RF_INIT_XAVIER, rf_encoder_input_scale (&self->in.input[0]));
      rf_params_get (self->params, self->user)->rate = rf_encoder_input_scale (&self->in.input[0]);
      break;
    case RF_USER_STATS:
      self->user = add (self, "user.hidden.weight", self->in.user_stats->cols, width, RF_INIT_XAVIER, 1);
      self->user_hidden_bias = add (self, "user.hidden.bias", width, 0, RF_INIT_ZERO, 0);
      self->user_out = add (self, "user.weight", width, width, RF_INIT_XAVIER, 1);
      break;
    case RF_USER_EMBEDDING:
    default:
      self->user = rf_params_add_table (self->params, "user.embedding", self->in.n_users, width, RF_INIT_NORMAL, 0.1);
      break;
    }
}

RfNet *
rf_net_new (const RfNetInput *input, const RfNetOptions *options)
{
  RfNet *self = g_new0 (RfNet, 1);
  RfEncoderOptions encoder = { .dim = options->dim, .hidden = options->encoder_hidden, .width = options->width, .seed = options->seed };

  self->in = *input;
  self->options = *options;
  self->params = rf_params_new ();
  self->graph = -1;
  for (guint m = 0; m < input->n_modalities; m++)
    {
      self->encoder[m] = rf_encoder_new (&input->input[m], &encoder, self->params);
      if (input->input[m].kind == RF_ENCODER_GRAPH)
        self->graph = (int) m;
    }
  add_fusion (self);
  add_users (self);
  if (options->head == RF_HEAD_MLP)
    {
      self->head[0] = add (self, "head.user.weight", options->dim, options->hidden, RF_INIT_XAVIER, 1);
      self->head[1] = add (self, "head.item.weight", options->dim, options->hidden, RF_INIT_XAVIER, 1);
      self->head[2] = add (self, "head.bias", options->hidden, 0, RF_INIT_ZERO, 0);
      self->head[3] = add (self, "head.weight", options->hidden, 1, RF_INIT_XAVIER, 1);
    }
  if (options->bias)
    self->bias = rf_params_add_table (self->params, "item.bias", input->n_items, 1, RF_INIT_ZERO, 0);
  return self;
}

void
rf_net_start (RfNet *self)
{
  rf_params_seal (self->params, self->options.seed);
  for (guint m = 0; m < self->in.n_modalities; m++)
    rf_encoder_start (self->encoder[m], self->params);
}

void
rf_net_free (RfNet *self)
{
  if (self == NULL)
    return;
  for (guint m = 0; m < self->in.n_modalities; m++)
    rf_encoder_free (self->encoder[m]);
  rf_params_free (self->params);
  g_free (self->slot_of_item);
  g_free (self);
}

RfParams *
rf_net_get_params (RfNet *self)
{
  return self->params;
}

const RfNetOptions *
rf_net_get_options (const RfNet *self)
{
  return &self->options;
}

const RfNetInput *
rf_net_get_input (const RfNet *self)
{
  return &self->in;
}

RfEncoder *
rf_net_get_encoder (RfNet *self, guint m)
{
  return self->encoder[m];
}

gboolean
rf_net_user_per_modality (const RfNet *self)
{
  return self->options.head == RF_HEAD_PER_MODALITY || self->options.fusion == RF_FUSION_LATE;
}

guint
rf_net_get_user_width (const RfNet *self)
{
  return self->options.dim * (rf_net_user_per_modality (self) ? self->in.n_modalities : 1);
}

gboolean
rf_net_splits (const RfNet *self)
{
  return self->options.head != RF_HEAD_MLP && !(self->options.fusion == RF_FUSION_CONCAT && self->options.hidden > 0);
}

void
rf_net_begin (RfNet *self, RfTape *tape)
{
  self->keys = NULL;
  for (guint m = 0; m < self->in.n_modalities; m++)
    rf_encoder_begin (self->encoder[m], tape);
  if (self->options.user == RF_USER_CONTENT)
    {
      const RfMatrix *x = self->in.input[0].x;
      rf_real *values = rf_tape_scratch (tape, x->rows * x->cols * sizeof *values);

      for (gsize e = 0; e < x->rows * x->cols; e++)
        values[e] = (rf_real) x->x[e];
      self->keys = rf_matmul (tape, rf_leaf_2d (tape, x->rows, x->cols, values, NULL), false, rf_param (tape, self->user), false);
    }
}

/* ---- items ---- */

/* Which modalities an item may use: those it has; while training some are dropped, but never the last one. */
static void
fill_mask (const RfNet *self, const guint32 *items, gsize n, guint32 round, gboolean training, guint8 *mask)
{
  guint m_count = self->in.n_modalities;
  double drop = training ? self->options.modality_dropout : 0;

  for (gsize k = 0; k < n; k++)
    {
      guint8 *row = mask + k * m_count;
      RfRng rng = rf_rng_new (self->options.seed ^ 0x6d6f64u, rf_hash_mix (round, items[k]));
      guint left = 0;

      for (guint m = 0; m < m_count; m++)
        left += row[m] = self->in.input[m].available[items[k]];
      for (guint m = 0; m < m_count && drop > 0; m++)
        if (rf_rng_uniform (&rng) < drop && row[m] && left > 1)
          {
            row[m] = 0;
            left--;
          }
    }
}

static RfTensor *
column_of_mask (const RfNet *self, RfTape *tape, const RfNetItems *items, guint m, gboolean *any_missing)
{
  RfTensor *column = rf_constant_2d (tape, items->n, 1);

  *any_missing = FALSE;
  for (gsize k = 0; k < items->n; k++)
    {
      column->x[k] = items->mask[k * self->in.n_modalities + m];
      *any_missing |= !items->mask[k * self->in.n_modalities + m];
    }
  return column;
}

/* h_m with the rows that the mask hides as zeros. */
static RfTensor *
masked (const RfNet *self, RfTape *tape, const RfNetItems *items, guint m)
{
  gboolean any_missing;
  RfTensor *column = column_of_mask (self, tape, items, m, &any_missing);

  return any_missing ? rf_scale_rows (tape, items->h[m], column) : items->h[m];
}

static RfTensor *
fuse_concat (RfNet *self, RfTape *tape, const RfNetItems *items)
{
  RfTensor *parts[RF_MAX_MODALITIES] = { NULL }, *x;

  for (guint m = 0; m < self->in.n_modalities; m++)
    parts[m] = masked (self, tape, items, m);
  x = rf_concat_cols (tape, (int) self->in.n_modalities, parts);
  if (self->options.hidden)
    x = rf_relu (tape, rf_linear (tape, x, rf_param (tape, self->concat[0]), rf_param (tape, self->concat[1])));
  return rf_matmul (tape, x, false, rf_param (tape, self->concat[2]), false);
}

static RfTensor *
find_weights (RfNet *self, RfTape *tape, const RfNetItems *items)
{
  RfTensor *logits[RF_MAX_MODALITIES] = { NULL }, *ones;

  if (self->options.fusion == RF_FUSION_SUM)
    {
      ones = rf_constant_2d (tape, items->n, 1);
      for (gsize k = 0; k < items->n; k++)
        ones->x[k] = 1;
      return rf_softmax_rows (tape, rf_matmul (tape, ones, false, rf_param (tape, self->weights), false), items->mask);
    }
  for (guint m = 0; m < self->in.n_modalities; m++)
    logits[m] = rf_matmul (tape, items->h[m], false, rf_param (tape, self->weights), false);
  return rf_softmax_rows (tape, rf_concat_cols (tape, (int) self->in.n_modalities, logits), items->mask);
}

static RfTensor *
add_up (RfTape *tape, guint n, RfTensor *const *parts)
{
  RfTensor *sum = parts[0];

  for (guint m = 1; m < n; m++)
    sum = rf_add (tape, sum, parts[m]);
  return sum;
}

void
rf_net_fuse (RfNet *self, RfTape *tape, RfNetItems *items)
{
  guint m_count = self->in.n_modalities;
  RfTensor *parts[RF_MAX_MODALITIES] = { NULL };

  items->weights = items->z = items->table = NULL;
  switch (self->options.fusion)
    {
    case RF_FUSION_CONCAT:
      items->z = fuse_concat (self, tape, items);
      items->table = items->z;
      return;
    case RF_FUSION_SUM:
    case RF_FUSION_ATTENTION:
      items->weights = find_weights (self, tape, items);
      if (!rf_net_user_per_modality (self))
        {
          items->z = items->table = rf_mix (tape, items->weights, (int) m_count, items->h);
          return;
        }
      for (guint m = 0; m < m_count; m++)
        parts[m] = rf_scale_rows (tape, items->h[m], rf_slice_cols (tape, items->weights, m, 1));
      break;
    case RF_FUSION_GATE:
      for (guint m = 0; m < m_count; m++)
        parts[m] = rf_mul (tape, masked (self, tape, items, m),
                           rf_sigmoid (tape, rf_linear (tape, items->h[m], rf_param (tape, self->map[m]), rf_param (tape, self->map_bias[m]))));
      break;
    case RF_FUSION_USER_ATTENTION:
      for (guint m = 0; m < m_count; m++)
        items->query[m] = rf_matmul (tape, items->h[m], false, rf_param (tape, self->map[m]), false);
      return;
    case RF_FUSION_LATE:
    default:
      for (guint m = 0; m < m_count; m++)
        parts[m] = masked (self, tape, items, m);
      break;
    }
  if (self->options.fusion != RF_FUSION_LATE)
    items->z = add_up (tape, m_count, parts);
  items->table = rf_net_user_per_modality (self) ? rf_concat_cols (tape, (int) m_count, parts) : items->z;
}

void
rf_net_encode (RfNet *self, RfTape *tape, const guint32 *items, gsize n, guint32 round, gboolean training, RfNetItems *out)
{
  memset (out, 0, sizeof *out);
  out->items = items;
  out->n = n;
  out->mask = rf_tape_scratch (tape, n * self->in.n_modalities);
  fill_mask (self, items, n, round, training, out->mask);
  for (guint m = 0; m < self->in.n_modalities; m++)
    {
      RfTensor *h = rf_encoder_run (self->encoder[m], tape, items, n, round, training);

      if (self->options.normalise)
        h = rf_normalize_rows (tape, h);
      if (self->options.dropout > 0)
        h = rf_dropout (tape, h, self->options.dropout);
      out->h[m] = h;
    }
  if (self->options.bias)
    out->bias = rf_rows (tape, rf_param (tape, self->bias), items, n);
  rf_net_fuse (self, tape, out);
}

/* ---- users ---- */

/* Sums of keys: one sparse product with the keys of all past items of these users, each gathered once per history it stands in. */
static RfTensor *
sum_keys (RfNet *self, RfTape *tape, const guint32 *users, gsize n)
{
  const RfCsr *train = self->in.train;
  gsize total = 0, at = 0;
  size_t *ptr = rf_tape_scratch (tape, (n + 1) * sizeof *ptr), *back_ptr;
  guint32 *idx, *back_idx, *items;
  float *val, *back_val;
  RfSparse *sparse = rf_tape_scratch (tape, sizeof *sparse), *back = rf_tape_scratch (tape, sizeof *back);
  guint32 *slot = self->slot_of_item, n_items = 0;

  for (gsize k = 0; k < n; k++)
    total += rf_csr_row_length (train, users[k]);
  idx = rf_tape_scratch (tape, (total + 1) * sizeof *idx);
  val = rf_tape_scratch (tape, (total + 1) * sizeof *val);
  items = rf_tape_scratch (tape, (MIN (total, self->in.n_items) + 1) * sizeof *items);
  if (slot == NULL)
    {
      slot = self->slot_of_item = g_new (guint32, self->in.n_items + 1);
      memset (slot, 0xff, (self->in.n_items + 1) * sizeof *slot);
    }
  ptr[0] = 0;
  for (gsize k = 0; k < n; k++)
    {
      gsize length = rf_csr_row_length (train, users[k]);
      float weight = 1 / sqrtf (MAX ((float) length, 1));

      for (gsize j = 0; j < length; j++, at++)
        {
          guint32 item = rf_csr_row (train, users[k])[j];

          if (slot[item] == G_MAXUINT32)
            {
              slot[item] = n_items;
              items[n_items++] = item;
            }
          idx[at] = slot[item];
          val[at] = weight;
        }
      ptr[k + 1] = at;
    }
  for (guint32 s = 0; s < n_items; s++)
    slot[items[s]] = G_MAXUINT32;
  if (n_items == 0)
    items[n_items++] = 0;
  back_ptr = rf_tape_scratch (tape, ((gsize) n_items + 2) * sizeof *back_ptr);
  back_idx = rf_tape_scratch (tape, (total + 1) * sizeof *back_idx);
  back_val = rf_tape_scratch (tape, (total + 1) * sizeof *back_val);
  *sparse = (RfSparse) { n, n_items, ptr, idx, val };
  rf_net_transpose (sparse, back_ptr, back_idx, back_val);
  *back = (RfSparse) { n_items, n, back_ptr, back_idx, back_val };
  return rf_spmm (tape, sparse, back, rf_rows (tape, self->keys ? self->keys : rf_param (tape, self->user), items, n_items));
}

void
rf_net_transpose (const RfSparse *from, size_t *ptr, guint32 *idx, float *val)
{
  memset (ptr, 0, (from->cols + 2) * sizeof *ptr);
  for (size_t e = 0; e < from->ptr[from->rows]; e++)
    ptr[from->idx[e] + 2]++;
  for (size_t c = 2; c < from->cols + 2; c++)
    ptr[c] += ptr[c - 1];
  for (size_t r = 0; r < from->rows; r++) /* ptr[c + 1] runs from the start of column c to its end */
    for (size_t e = from->ptr[r]; e < from->ptr[r + 1]; e++)
      {
        size_t to = ptr[from->idx[e] + 1]++;

        idx[to] = (guint32) r;
        val[to] = from->val[e];
      }
}

static RfTensor *
stats_of_users (RfNet *self, RfTape *tape, const guint32 *users, gsize n)
{
  const RfMatrix *x = self->in.user_stats;
  RfTensor *rows = rf_constant_2d (tape, n, x->cols);

  for (gsize k = 0; k < n; k++)
    for (gsize c = 0; c < x->cols; c++)
      rows->x[k * x->cols + c] = (rf_real) x->x[users[k] * x->cols + c];
  rows = rf_relu (tape, rf_linear (tape, rows, rf_param (tape, self->user), rf_param (tape, self->user_hidden_bias)));
  return rf_matmul (tape, rows, false, rf_param (tape, self->user_out), false);
}

/* LightGCN knows the users, too: its user rows stand for the behaviour part of the user, or for all of it. */
static RfTensor *
replace_by_graph (RfNet *self, RfTape *tape, const guint32 *users, gsize n, RfTensor *rows)
{
  size_t d = self->options.dim;
  RfTensor *parts[RF_MAX_MODALITIES] = { NULL }, *own = rf_encoder_run_users (self->encoder[self->graph], tape, users, n);

  if (!rf_net_user_per_modality (self))
    return own;
  for (guint m = 0; m < self->in.n_modalities; m++)
    parts[m] = (int) m == self->graph ? own : rf_slice_cols (tape, rows, m * d, d);
  return rf_concat_cols (tape, (int) self->in.n_modalities, parts);
}

RfTensor *
rf_net_users (RfNet *self, RfTape *tape, const guint32 *users, gsize n)
{
  RfTensor *rows;

  if (self->graph >= 0 && !rf_net_user_per_modality (self))
    return replace_by_graph (self, tape, users, n, NULL);
  if (self->options.user == RF_USER_HISTORY || self->options.user == RF_USER_CONTENT)
    rows = sum_keys (self, tape, users, n);
  else if (self->options.user == RF_USER_STATS)
    rows = stats_of_users (self, tape, users, n);
  else
    rows = rf_rows (tape, rf_param (tape, self->user), users, n);
  return self->graph >= 0 ? replace_by_graph (self, tape, users, n, rows) : rows;
}

RfTensor *
rf_net_keys (RfNet *self, RfTape *tape, const guint32 *items, gsize n)
{
  if (self->options.user != RF_USER_HISTORY && self->options.user != RF_USER_CONTENT)
    return NULL;
  return rf_rows (tape, self->keys ? self->keys : rf_param (tape, self->user), items, n);
}

RfTensor *
rf_net_own_keys (RfNet *self, RfTape *tape, const guint32 *users, const guint32 *items, gsize n)
{
  RfTensor *keys = rf_net_keys (self, tape, items, n), *scale;

  if (keys == NULL)
    return NULL;
  scale = rf_constant_2d (tape, n, 1);
  for (gsize k = 0; k < n; k++)
    scale->x[k] = (rf_real) (1 / sqrt (MAX ((double) rf_csr_row_length (self->in.train, users[k]), 1)));
  return rf_scale_rows (tape, keys, scale);
}
