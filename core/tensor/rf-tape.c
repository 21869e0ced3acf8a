/* rf-tape.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tensor/rf-tape.h"

#include "core/base/rf-rng.h"
#include "core/tensor/rf-tape-private.h"

#define ALIGNMENT   64
#define FIRST_BLOCK ((size_t) 1 << 20)

typedef struct
{
  char *start;
  size_t size, used;
} Block;

struct _RfTape
{
  Block *blocks;
  int n_blocks, max_blocks;
  size_t in_use, peak, n_allocations;
  RfNode *nodes;
  size_t n_nodes, max_nodes;
  bool training, recording;
  uint64_t seed, stream, n_draws;
  RfParams *params;
  RfGrads *grads;
};

static void *
checked (void *memory)
{
  RF_CHECK (memory != NULL, "out of memory");
  return memory;
}

static void
add_block (RfTape *self, size_t size)
{
  if (self->n_blocks == self->max_blocks)
    {
      self->max_blocks = self->max_blocks ? 2 * self->max_blocks : 8;
      self->blocks = checked (realloc (self->blocks, (size_t) self->max_blocks * sizeof *self->blocks));
    }
  self->blocks[self->n_blocks++] = (Block) { checked (aligned_alloc (ALIGNMENT, size)), size, 0 };
  self->n_allocations++;
}

RfTape *
rf_tape_new (void)
{
  RfTape *self = checked (calloc (1, sizeof *self));

  self->training = self->recording = true;
  return self;
}

void
rf_tape_free (RfTape *self)
{
  if (self == NULL)
    return;
  for (int b = 0; b < self->n_blocks; b++)
    free (self->blocks[b].start);
  free (self->blocks);
  free (self->nodes);
  free (self);
}

void
rf_tape_reset (RfTape *self)
{
  if (self->n_blocks > 1)
    {
      size_t total = 0;

      for (int b = 0; b < self->n_blocks; b++)
        {
          total += self->blocks[b].size;
          free (self->blocks[b].start);
        }
      self->n_blocks = 0;
      add_block (self, total);
    }
  if (self->n_blocks == 1)
    self->blocks[0].used = 0;
  self->in_use = 0;
  self->n_nodes = 0;
  self->n_draws = 0;
}

void *
rf_tape_scratch (RfTape *self, size_t bytes)
{
  size_t size = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  Block *block = self->n_blocks ? &self->blocks[self->n_blocks - 1] : NULL;
  void *memory;

  if (block == NULL || block->size - block->used < size)
    {
      size_t next = block ? 2 * block->size : FIRST_BLOCK;

      add_block (self, next > size ? next : size);
      block = &self->blocks[self->n_blocks - 1];
    }
  memory = block->start + block->used;
  block->used += size;
  self->in_use += size;
  if (self->in_use > self->peak)
    self->peak = self->in_use;
  return memory;
}

size_t
rf_tape_get_peak_bytes (const RfTape *self)
{
  return self->peak;
}

size_t
rf_tape_get_n_allocations (const RfTape *self)
{
  return self->n_allocations;
}

void
rf_tape_set_training (RfTape *self, bool training)
{
  self->training = training;
}

void
rf_tape_set_recording (RfTape *self, bool recording)
{
  self->recording = recording;
}

bool
rf_tape_is_training (const RfTape *self)
{
  return self->training;
}

void
rf_tape_set_random (RfTape *self, uint64_t seed, uint64_t stream)
{
  self->seed = seed;
  self->stream = stream;
  self->n_draws = 0;
}

void
rf_tape_next_random (RfTape *self, uint64_t *seed, uint64_t *stream)
{
  *seed = self->seed;
  *stream = rf_hash_mix (self->stream, self->n_draws++);
}

void
rf_tape_bind (RfTape *self, RfParams *params, RfGrads *grads)
{
  self->params = params;
  self->grads = grads ? grads : rf_params_get_grads (params);
}

const char *
rf_shape_text (const RfTensor *t)
{
  static _Thread_local char buffers[4][64];
  static _Thread_local int turn;
  char *text = buffers[turn = (turn + 1) % 4];
  size_t at = 0;

  for (int d = 0; d < t->ndim; d++)
    at += (size_t) snprintf (text + at, sizeof buffers[0] - at, "%s%zu", d ? "x" : "", t->dim[d]);
  return text;
}

static RfTensor *
new_tensor (RfTape *self, int ndim, const size_t *dim)
{
  RfTensor *t = rf_tape_scratch (self, sizeof *t);

  RF_CHECK (ndim >= 1 && ndim <= 4, "a tensor of %d dimensions", ndim);
  *t = (RfTensor) { .ndim = ndim, .len = 1 };
  for (int d = 0; d < ndim; d++)
    {
      t->dim[d] = dim[d];
      t->len *= dim[d];
    }
  return t;
}

RfTensor *
rf_leaf (RfTape *self, int ndim, const size_t *dim, rf_real *x, rf_real *g)
{
  RfTensor *t = new_tensor (self, ndim, dim);

  t->x = x;
  t->g = self->recording ? g : NULL;
  return t;
}

RfTensor *
rf_leaf_1d (RfTape *self, size_t n, rf_real *x, rf_real *g)
{
  return rf_leaf (self, 1, &n, x, g);
}

RfTensor *
rf_leaf_2d (RfTape *self, size_t rows, size_t cols, rf_real *x, rf_real *g)
{
  return rf_leaf (self, 2, (size_t[]) { rows, cols }, x, g);
}

RfTensor *
rf_leaf_3d (RfTape *self, size_t d0, size_t d1, size_t d2, rf_real *x, rf_real *g)
{
  return rf_leaf (self, 3, (size_t[]) { d0, d1, d2 }, x, g);
}

RfTensor *
rf_leaf_4d (RfTape *self, size_t d0, size_t d1, size_t d2, size_t d3, rf_real *x, rf_real *g)
{
  return rf_leaf (self, 4, (size_t[]) { d0, d1, d2, d3 }, x, g);
}

RfTensor *
rf_constant_2d (RfTape *self, size_t rows, size_t cols)
{
  return rf_tape_out_2d (self, rows, cols, false);
}

RfTensor *
rf_param (RfTape *self, int index)
{
  const RfParam *param = rf_params_get (self->params, index);
  RfTensor *t = new_tensor (self, param->ndim, param->dim);

  t->x = rf_params_values (self->params, index);
  if (self->recording && !param->frozen)
    {
      if (param->rows)
        t->rows = rf_grads_rows (self->grads, index);
      else
        t->g = rf_grads_dense (self->grads, index);
    }
  return t;
}

RfTensor *
rf_tape_out (RfTape *self, int ndim, const size_t *dim, bool wants)
{
  RfTensor *t = new_tensor (self, ndim, dim);

  t->x = rf_tape_scratch (self, t->len * sizeof *t->x);
  if (wants && self->recording)
    {
      t->g = rf_tape_scratch (self, t->len * sizeof *t->g);
      t->fresh = true;
    }
  return t;
}

RfTensor *
rf_tape_out_1d (RfTape *self, size_t n, bool wants)
{
  return rf_tape_out (self, 1, &n, wants);
}

RfTensor *
rf_tape_out_2d (RfTape *self, size_t rows, size_t cols, bool wants)
{
  return rf_tape_out (self, 2, (size_t[]) { rows, cols }, wants);
}

RfTensor *
rf_tape_out_like (RfTape *self, const RfTensor *shape, bool wants)
{
  return rf_tape_out (self, shape->ndim, shape->dim, wants);
}

RfNode *
rf_tape_push (RfTape *self, RfBackFunc back, RfTensor *out, RfTensor *in0, RfTensor *in1, RfTensor *in2)
{
  RfNode *node;

  if (out->g == NULL)
    return NULL;
  if (self->n_nodes == self->max_nodes)
    {
      self->max_nodes = self->max_nodes ? 2 * self->max_nodes : 64;
      self->nodes = checked (realloc (self->nodes, self->max_nodes * sizeof *self->nodes));
      self->n_allocations++;
    }
  node = &self->nodes[self->n_nodes++];
  *node = (RfNode) { .back = back, .out = out, .in = { in0, in1, in2 } };
  return node;
}

void
rf_tape_backward (RfTape *self, RfTensor *loss)
{
  RF_CHECK (loss->len == 1, "the loss is %s, not a single number", rf_shape_text (loss));
  if (loss->g == NULL)
    return; /* nothing it depends on wants a gradient */
  rf_grad (loss)[0] += 1;
  for (size_t n = self->n_nodes; n > 0; n--)
    {
      RfNode *node = &self->nodes[n - 1];

      if (!node->out->fresh) /* fresh: no gradient has reached it */
        node->back (self, node);
    }
}
