/* rf-batch.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tensor/rf-batch.h"

#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/tensor/rf-tape-private.h"

typedef struct
{
  RfTape *tape;
  RfGrads *grads; /* NULL: the first part uses those of the parameters */
  double loss;
} Part;

struct _RfBatch
{
  RfParams *params;
  int n_parts;
  Part *parts;
  size_t n;
  uint64_t seed, stream;
  RfBatchFunc func;
  void *data;
};

RfBatch *
rf_batch_new (RfParams *params, int n_parts)
{
  RfBatch *self = calloc (1, sizeof *self);

  RF_CHECK (self != NULL && n_parts >= 1, "a batch in %d parts", n_parts);
  self->params = params;
  self->n_parts = n_parts;
  self->parts = calloc ((size_t) n_parts, sizeof *self->parts);
  RF_CHECK (self->parts != NULL, "out of memory");
  for (int p = 0; p < n_parts; p++)
    {
      self->parts[p].tape = rf_tape_new ();
      self->parts[p].grads = p == 0 ? NULL : rf_grads_new (params);
    }
  return self;
}

void
rf_batch_free (RfBatch *self)
{
  if (self == NULL)
    return;
  for (int p = 0; p < self->n_parts; p++)
    {
      rf_tape_free (self->parts[p].tape);
      rf_grads_free (self->parts[p].grads);
    }
  free (self->parts);
  free (self);
}

static void
run_parts (size_t begin, size_t end, int worker, void *data)
{
  RfBatch *self = data;

  for (size_t p = begin; p < end; p++)
    {
      Part *part = &self->parts[p];
      size_t first = self->n * p / (size_t) self->n_parts, last = self->n * (p + 1) / (size_t) self->n_parts;
      RfTensor *loss;

      part->loss = 0;
      if (first == last)
        continue;
      rf_tape_reset (part->tape);
      rf_tape_bind (part->tape, self->params, part->grads);
      rf_tape_set_random (part->tape, self->seed, rf_hash_mix (self->stream, p));
      loss = self->func (part->tape, first, last, (int) p, self->data);
      rf_tape_backward (part->tape, loss);
      part->loss = (double) loss->x[0];
    }
}

double
rf_batch_run (RfBatch *self, size_t n, uint64_t seed, uint64_t stream, RfBatchFunc func, void *data)
{
  double sum = 0;

  self->n = n;
  self->seed = seed;
  self->stream = stream;
  self->func = func;
  self->data = data;
  rf_parallel_for ((size_t) self->n_parts, 1, run_parts, self);
  for (int p = 0; p < self->n_parts; p++)
    {
      sum += self->parts[p].loss;
      if (self->parts[p].grads != NULL)
        {
          rf_grads_add (rf_params_get_grads (self->params), self->parts[p].grads);
          rf_grads_zero (self->parts[p].grads);
        }
    }
  return sum;
}
