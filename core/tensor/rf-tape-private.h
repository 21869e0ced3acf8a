/* rf-tape-private.h: for the files that define operations.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <math.h>
#include <string.h>

#include "core/base/rf-vecmath.h"
#include "core/tensor/rf-params.h"
#include "core/tensor/rf-tape.h"

#define RF_NODE_INPUTS 8

typedef struct _RfNode RfNode;
typedef void (*RfBackFunc) (RfTape *tape, RfNode *node);

struct _RfNode
{
  RfBackFunc back; /* reads out->g, adds to the g of inputs that have one */
  RfTensor *out;
  RfTensor *in[RF_NODE_INPUTS];
  void *aux;       /* in the arena */
};

#ifdef RF_REAL_DOUBLE
# define RF_EXP exp
# define RF_SQRT sqrt
# define RF_FABS fabs
#else
# define RF_EXP rf_expf
# define RF_SQRT sqrtf
# define RF_FABS fabsf
#endif

static inline rf_real
rf_logistic (rf_real x)
{
  return 1 / (1 + RF_EXP (-x));
}

/* tanh through the same exponential, so that loops over it vectorise; absolute error below 2e-7 in float. */
static inline rf_real
rf_tanh_fast (rf_real x)
{
  return 2 / (1 + RF_EXP (-2 * x)) - 1;
}

bool rf_tape_is_training (const RfTape *self);

/* The random stream of the next operation that needs one. */
void rf_tape_next_random (RfTape *self, uint64_t *seed, uint64_t *stream);

/* A result; `wants`: some input wants a gradient. It gets a g only while recording. */
RfTensor *rf_tape_out (RfTape *self, int ndim, const size_t *dim, bool wants);
RfTensor *rf_tape_out_1d (RfTape *self, size_t n, bool wants);
RfTensor *rf_tape_out_2d (RfTape *self, size_t rows, size_t cols, bool wants);
RfTensor *rf_tape_out_like (RfTape *self, const RfTensor *shape, bool wants);

/* Pushes a node if out has a gradient; returns it to be filled further, or NULL. */
RfNode *rf_tape_push (RfTape *self, RfBackFunc back, RfTensor *out, RfTensor *in0, RfTensor *in1, RfTensor *in2);

static inline bool
rf_wants (const RfTensor *t)
{
  return t != NULL && (t->g != NULL || t->rows != NULL);
}

/* The gradient of t to be added to: zero at first. */
static inline rf_real *
rf_grad (RfTensor *t)
{
  if (t->fresh)
    {
      memset (t->g, 0, t->len * sizeof *t->g);
      t->fresh = false;
    }
  return t->g;
}

/* For writers that can either set or add: 0 for the first writer, 1 afterwards. */
static inline rf_real
rf_grad_beta (RfTensor *t)
{
  rf_real beta = t->fresh ? 0 : 1;

  t->fresh = false;
  return beta;
}

/* Text of a shape, for messages of RF_CHECK; a static buffer per thread, four in turn. */
const char *rf_shape_text (const RfTensor *t);
