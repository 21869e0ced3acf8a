/* rf-ops-gru.c: the gated recurrent unit over a padded batch, fused.
 *
 * Rows are sorted by length, longest first, and dealt into parts for the threads. Within a part the rows that are still running
 * at step t are the first ones, so the running steps of all rows are packed without gaps: block t of `active[t]` rows. One
 * product makes W x for a whole part, one product a step makes U h, and backwards dW, dU, dx are one product each. Padding is
 * never read.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rf-parallel.h"
#include "core/tensor/rf-kernel.h"
#include "core/tensor/rf-ops.h"
#include "core/tensor/rf-tape-private.h"

#define PART_ROWS 64
#define MAX_PARTS 8

typedef struct
{
  size_t n_rows, n_steps;
  uint32_t *row;    /* n_rows: which row of the batch, by falling length */
  uint32_t *active; /* n_steps: rows with length > t */
  size_t *start;    /* n_steps + 1: where block t begins */
  rf_real *x;       /* packed inputs, D wide */
  rf_real *gates;   /* packed, 3 H wide: W x + b, then r, z, n, then their gradients */
  rf_real *before;  /* packed, H wide: the state before the step */
  rf_real *recur;   /* packed, 3 H wide: U h + c; its last third is kept for the way back, then their gradients */
  rf_real *state;   /* n_rows x H: running state; backwards its gradient */
  rf_real *grad;    /* sums of this part: w, u, bw, bu */
} Part;

typedef struct
{
  size_t t, b, d, h, n_parts;
  bool all_states;
  RfTensor *x, *w, *u, *bw, *bu, *h0, *out;
  Part *parts;
} Gru;

static size_t
weights_length (const Gru *g)
{
  return g->w->len + g->u->len + 6 * g->h;
}

/* Which rows go where: falling length, dealt in turn, so that parts have like work. */
static void
make_parts (RfTape *tape, Gru *g, const uint32_t *lengths)
{
  uint32_t *order = rf_tape_scratch (tape, g->b * sizeof *order), *first = rf_tape_scratch (tape, (g->t + 2) * sizeof *first);

  memset (first, 0, (g->t + 2) * sizeof *first);
  for (size_t i = 0; i < g->b; i++)
    {
      size_t length = lengths ? lengths[i] : g->t;

      RF_CHECK (length <= g->t, "a row of length %zu in a batch of %zu steps", length, g->t);
      first[g->t - length + 1]++;
    }
  for (size_t l = 1; l < g->t + 2; l++)
    first[l] += first[l - 1];
  for (size_t i = 0; i < g->b; i++)
    order[first[g->t - (lengths ? lengths[i] : g->t)]++] = (uint32_t) i;
  for (size_t p = 0; p < g->n_parts; p++)
    {
      Part *part = &g->parts[p];

      part->n_rows = (g->b - p + g->n_parts - 1) / g->n_parts;
      part->row = rf_tape_scratch (tape, part->n_rows * sizeof *part->row);
      for (size_t j = 0; j < part->n_rows; j++)
        part->row[j] = order[j * g->n_parts + p];
      part->n_steps = part->n_rows == 0 ? 0 : lengths ? lengths[part->row[0]] : g->t;
      part->active = rf_tape_scratch (tape, (part->n_steps + 1) * sizeof *part->active);
      part->start = rf_tape_scratch (tape, (part->n_steps + 1) * sizeof *part->start);
      part->start[0] = 0;
      for (size_t t = 0, n = part->n_rows; t < part->n_steps; t++)
        {
          while (n > 0 && lengths != NULL && lengths[part->row[n - 1]] <= t)
            n--;
          part->active[t] = (uint32_t) n;
          part->start[t + 1] = part->start[t] + n;
        }
    }
}

/* r, z, n in place of W x + b, and the next state. recur: U h + c, whose last third is kept. */
RF_VECTORIZE static void
step_forward (size_t rows, size_t h, rf_real *restrict gates, const rf_real *restrict recur, const rf_real *restrict before,
              rf_real *restrict after)
{
  for (size_t i = 0; i < rows; i++)
    {
      rf_real *restrict a = gates + i * 3 * h;
      const rf_real *restrict q = recur + i * 3 * h;

      for (size_t j = 0; j < 2 * h; j++)
        a[j] = rf_logistic (a[j] + q[j]);
      for (size_t j = 0; j < h; j++)
        {
          rf_real n = rf_tanh_fast (a[2 * h + j] + a[j] * q[2 * h + j]);

          a[2 * h + j] = n;
          after[i * h + j] = n + a[h + j] * (before[i * h + j] - n);
        }
    }
}

/* From the gradient of the state after the step to those of the gates (over r, z, n), of U h + c, and of the state before it
 * (all but the way through U). */
RF_VECTORIZE static void
step_backward (size_t rows, size_t h, rf_real *restrict gates, rf_real *restrict recur, const rf_real *restrict before,
               rf_real *restrict grad)
{
  for (size_t i = 0; i < rows; i++)
    {
      rf_real *restrict a = gates + i * 3 * h, *restrict q = recur + i * 3 * h, *restrict g = grad + i * h;

      for (size_t j = 0; j < h; j++)
        {
          rf_real r = a[j], z = a[h + j], n = a[2 * h + j];
          rf_real to_n = g[j] * (1 - z) * (1 - n * n);
          rf_real to_z = g[j] * (before[i * h + j] - n) * z * (1 - z);
          rf_real to_r = to_n * q[2 * h + j] * r * (1 - r);

          g[j] *= z;
          a[j] = q[j] = to_r;
          a[h + j] = q[h + j] = to_z;
          a[2 * h + j] = to_n;
          q[2 * h + j] = to_n * r;
        }
    }
}

static void
fill_bias (rf_real *to, size_t rows, const RfTensor *bias)
{
  for (size_t i = 0; i < rows; i++)
    memcpy (to + i * bias->len, bias->x, bias->len * sizeof *to);
}

static void
part_forward (const Gru *g, Part *part)
{
  size_t d = g->d, h = g->h, n = part->start[part->n_steps];

  for (size_t j = 0; j < part->n_rows; j++)
    if (g->h0 != NULL)
      memcpy (part->state + j * h, g->h0->x + part->row[j] * h, h * sizeof (rf_real));
    else
      memset (part->state + j * h, 0, h * sizeof (rf_real));
  for (size_t t = 0; t < part->n_steps; t++)
    for (size_t j = 0; j < part->active[t]; j++)
      memcpy (part->x + (part->start[t] + j) * d, g->x->x + (t * g->b + part->row[j]) * d, d * sizeof (rf_real));
  fill_bias (part->gates, n, g->bw);
  rf_mm (false, false, n, 3 * h, d, 1, part->x, d, g->w->x, 3 * h, 1, part->gates, 3 * h);
  for (size_t t = 0; t < part->n_steps; t++)
    {
      size_t rows = part->active[t], at = part->start[t];
      rf_real *before = part->before + at * h, *recur = part->recur + at * 3 * h;

      memcpy (before, part->state, rows * h * sizeof (rf_real));
      fill_bias (recur, rows, g->bu);
      rf_mm (false, false, rows, 3 * h, h, 1, before, h, g->u->x, 3 * h, 1, recur, 3 * h);
      step_forward (rows, h, part->gates + at * 3 * h, recur, before, part->state);
      for (size_t j = 0; g->all_states && j < rows; j++)
        memcpy (g->out->x + (t * g->b + part->row[j]) * h, part->state + j * h, h * sizeof (rf_real));
    }
  for (size_t j = 0; !g->all_states && j < part->n_rows; j++)
    memcpy (g->out->x + part->row[j] * h, part->state + j * h, h * sizeof (rf_real));
}

static void
add_to (rf_real *to, const rf_real *from, size_t n)
{
  for (size_t j = 0; j < n; j++)
    to[j] += from[j];
}

static void
part_backward (const Gru *g, Part *part)
{
  size_t d = g->d, h = g->h, n = part->start[part->n_steps];
  rf_real *to_w = part->grad, *to_u = to_w + g->w->len, *to_bw = to_u + g->u->len, *to_bu = to_bw + 3 * h;

  memset (part->grad, 0, weights_length (g) * sizeof (rf_real));
  for (size_t j = 0; j < part->n_rows; j++)
    if (g->all_states)
      memset (part->state + j * h, 0, h * sizeof (rf_real));
    else
      memcpy (part->state + j * h, g->out->g + part->row[j] * h, h * sizeof (rf_real));
  for (size_t t = part->n_steps; t-- > 0;)
    {
      size_t rows = part->active[t], at = part->start[t];
      rf_real *recur = part->recur + at * 3 * h;

      for (size_t j = 0; g->all_states && j < rows; j++)
        add_to (part->state + j * h, g->out->g + (t * g->b + part->row[j]) * h, h);
      step_backward (rows, h, part->gates + at * 3 * h, recur, part->before + at * h, part->state);
      rf_mm (false, true, rows, h, 3 * h, 1, recur, 3 * h, g->u->x, 3 * h, 1, part->state, h);
    }
  rf_mm (true, false, d, 3 * h, n, 1, part->x, d, part->gates, 3 * h, 0, to_w, 3 * h);
  rf_mm (true, false, h, 3 * h, n, 1, part->before, h, part->recur, 3 * h, 0, to_u, 3 * h);
  rf_add_column_sums (part->gates, n, 3 * h, to_bw);
  rf_add_column_sums (part->recur, n, 3 * h, to_bu);
  if (g->x->g != NULL)
    {
      rf_mm (false, true, n, d, 3 * h, 1, part->gates, 3 * h, g->w->x, 3 * h, 0, part->x, d);
      for (size_t t = 0; t < part->n_steps; t++)
        for (size_t j = 0; j < part->active[t]; j++)
          add_to (g->x->g + (t * g->b + part->row[j]) * d, part->x + (part->start[t] + j) * d, d);
    }
  if (g->h0 != NULL && g->h0->g != NULL)
    for (size_t j = 0; j < part->n_rows; j++)
      add_to (g->h0->g + part->row[j] * h, part->state + j * h, h);
}

static void
parts_forward (size_t begin, size_t end, int worker, void *data)
{
  const Gru *g = data;

  for (size_t p = begin; p < end; p++)
    part_forward (g, &g->parts[p]);
}

static void
parts_backward (size_t begin, size_t end, int worker, void *data)
{
  const Gru *g = data;

  for (size_t p = begin; p < end; p++)
    part_backward (g, &g->parts[p]);
}

static void
gru_back (RfTape *tape, RfNode *node)
{
  Gru *g = node->aux;

  for (size_t p = 0; p < g->n_parts; p++)
    g->parts[p].grad = rf_tape_scratch (tape, weights_length (g) * sizeof (rf_real));
  if (g->x->g != NULL)
    rf_grad (g->x);
  if (g->h0 != NULL && g->h0->g != NULL)
    rf_grad (g->h0);
  rf_parallel_for (g->n_parts, 1, parts_backward, g);
  for (size_t p = 0; p < g->n_parts; p++)
    {
      RfTensor *weights[4] = { g->w, g->u, g->bw, g->bu };
      const rf_real *from = g->parts[p].grad;

      for (int k = 0; k < 4; k++)
        {
          if (weights[k]->g != NULL)
            add_to (rf_grad (weights[k]), from, weights[k]->len);
          from += weights[k]->len;
        }
    }
}

static RfTensor *
gru (RfTape *tape, RfTensor *x, const RfGruWeights *weights, RfTensor *h0, const uint32_t *lengths, bool all_states)
{
  Gru *g = rf_tape_scratch (tape, sizeof *g);
  bool wants = rf_wants (x) || rf_wants (h0) || rf_wants (weights->w) || rf_wants (weights->u) || rf_wants (weights->bw) || rf_wants (weights->bu);
  RfNode *node;

  RF_CHECK (x->ndim == 3, "recurrence over %s", rf_shape_text (x));
  *g = (Gru) { .t = x->dim[0], .b = x->dim[1], .d = x->dim[2], .h = rf_tensor_rows (weights->u), .all_states = all_states,
               .x = x, .w = weights->w, .u = weights->u, .bw = weights->bw, .bu = weights->bu, .h0 = h0 };
  RF_CHECK (rf_tensor_rows (g->w) == g->d && rf_tensor_cols (g->w) == 3 * g->h && rf_tensor_cols (g->u) == 3 * g->h
              && g->bw->len == 3 * g->h && g->bu->len == 3 * g->h,
            "recurrence over %s with %s and %s", rf_shape_text (x), rf_shape_text (g->w), rf_shape_text (g->u));
  RF_CHECK (h0 == NULL || (rf_tensor_rows (h0) == g->b && rf_tensor_cols (h0) == g->h), "recurrence from %s", rf_shape_text (h0));
  g->n_parts = (g->b + PART_ROWS - 1) / PART_ROWS;
  if (g->n_parts > MAX_PARTS)
    g->n_parts = MAX_PARTS;
  if (all_states)
    {
      g->out = rf_tape_out (tape, 3, (size_t[]) { g->t, g->b, g->h }, wants);
      memset (g->out->x, 0, g->out->len * sizeof (rf_real));
    }
  else
    g->out = rf_tape_out_2d (tape, g->b, g->h, wants);
  g->parts = rf_tape_scratch (tape, g->n_parts * sizeof *g->parts);
  make_parts (tape, g, lengths);
  for (size_t p = 0; p < g->n_parts; p++)
    {
      Part *part = &g->parts[p];
      size_t n = part->start[part->n_steps];

      part->x = rf_tape_scratch (tape, n * g->d * sizeof (rf_real));
      part->gates = rf_tape_scratch (tape, n * 3 * g->h * sizeof (rf_real));
      part->recur = rf_tape_scratch (tape, n * 3 * g->h * sizeof (rf_real));
      part->before = rf_tape_scratch (tape, n * g->h * sizeof (rf_real));
      part->state = rf_tape_scratch (tape, part->n_rows * g->h * sizeof (rf_real));
    }
  rf_parallel_for (g->n_parts, 1, parts_forward, g);
  node = rf_tape_push (tape, gru_back, g->out, NULL, NULL, NULL);
  if (node != NULL)
    node->aux = g;
  return g->out;
}

RfTensor *
rf_gru (RfTape *tape, RfTensor *x, const RfGruWeights *weights, RfTensor *h0, const uint32_t *lengths)
{
  return gru (tape, x, weights, h0, lengths, false);
}

RfTensor *
rf_gru_states (RfTape *tape, RfTensor *x, const RfGruWeights *weights, RfTensor *h0, const uint32_t *lengths)
{
  return gru (tape, x, weights, h0, lengths, true);
}
