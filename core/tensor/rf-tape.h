/* rf-tape.h: tensors and the eager tape that differentiates what was computed with them.
 *
 * An operation (rf-ops.h) computes at once and, when a gradient is wanted, pushes one node with a function that knows how to
 * send gradients back. rf_tape_backward() runs the nodes in reverse. Everything lives in the tape's arena until
 * rf_tape_reset(); after the first batch of a size nothing is allocated any more.
 *
 * Tensors are dense and row-major, images are channels-last (N, H, W, C), sequences time-major (T, B, D). A wrong shape is a
 * programming error: the program ends and names the operation and the shapes.
 *
 * One tape belongs to one thread at a time. Large operations split themselves over rf_parallel_for() in blocks that do not
 * depend on the number of threads, so results are the same bits for any thread count.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/rf-types.h"

typedef struct _RfRowGrads RfRowGrads;
typedef struct _RfParams RfParams;
typedef struct _RfGrads RfGrads;
typedef struct _RfTape RfTape;

typedef struct
{
  int ndim; /* 1 .. 4 */
  size_t dim[4];
  size_t len;       /* product of dim */
  rf_real *x;       /* values */
  rf_real *g;       /* gradient of the loss, or NULL: none flows here */
  RfRowGrads *rows; /* a table whose gradient is kept for touched rows only: differentiable by rf_rows() alone; g is NULL */
  bool fresh;       /* g was not written yet in this batch: the first writer overwrites it */
} RfTensor;

RfTape *rf_tape_new (void);
void rf_tape_free (RfTape *self);

/* Forgets all tensors and nodes. Memory is kept; if a batch did not fit into one block, the next one will. */
void rf_tape_reset (RfTape *self);

/* Training (the default): dropout drops. Recording (the default): gradients are possible. Saliency wants recording without
 * training; ranking wants neither. */
void rf_tape_set_training (RfTape *self, bool training);
void rf_tape_set_recording (RfTape *self, bool recording);

/* Where random numbers of dropout come from: operation number k since the reset draws from stream hash (stream, k) of seed.
 * Set a new `stream` for every batch. */
void rf_tape_set_random (RfTape *self, uint64_t seed, uint64_t stream);

/* Parameters that rf_param() hands out, and where their gradients go; grads NULL: those of params itself. */
void rf_tape_bind (RfTape *self, RfParams *params, RfGrads *grads);

/* Sends d loss / d loss = 1 backwards. loss is a single number. Gradients of leaves and parameters are added to what is there. */
void rf_tape_backward (RfTape *self, RfTensor *loss);

/* Tensors whose numbers belong to the caller and outlive the tape's next reset; g NULL: a constant. */
RfTensor *rf_leaf (RfTape *self, int ndim, const size_t *dim, rf_real *x, rf_real *g);
RfTensor *rf_leaf_1d (RfTape *self, size_t n, rf_real *x, rf_real *g);
RfTensor *rf_leaf_2d (RfTape *self, size_t rows, size_t cols, rf_real *x, rf_real *g);
RfTensor *rf_leaf_3d (RfTape *self, size_t d0, size_t d1, size_t d2, rf_real *x, rf_real *g);
RfTensor *rf_leaf_4d (RfTape *self, size_t d0, size_t d1, size_t d2, size_t d3, rf_real *x, rf_real *g);

/* An uninitialised constant in the arena, to be filled by the caller. */
RfTensor *rf_constant_2d (RfTape *self, size_t rows, size_t cols);

/* Parameter number `index` of the bound RfParams. */
RfTensor *rf_param (RfTape *self, int index);

/* Memory until the next reset, 64-byte aligned, not initialised. */
void *rf_tape_scratch (RfTape *self, size_t bytes);

/* What was in use at most, and how often the tape asked the system for memory: for budgets and tests. */
size_t rf_tape_get_peak_bytes (const RfTape *self);
size_t rf_tape_get_n_allocations (const RfTape *self);

static inline size_t
rf_tensor_cols (const RfTensor *t)
{
  return t->dim[t->ndim - 1];
}

/* A tensor seen as a matrix: all but the last dimension are rows. */
static inline size_t
rf_tensor_rows (const RfTensor *t)
{
  return t->len / t->dim[t->ndim - 1];
}
