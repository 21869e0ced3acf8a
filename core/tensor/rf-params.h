/* rf-params.h: the numbers that are learned: named tensors inside one block of values, and where their gradients go.
 *
 * Small parameters have dense gradients, one block for all. A table of rows (an embedding of users, items, words) has gradients
 * for the rows that a batch touched only, so that neither memory nor time grows with the table; see rf_rows().
 *
 *   RfParams *params = rf_params_new ();
 *   int w = rf_params_add (params, "image.weight", 2, (size_t[]) { 512, 64 }, RF_INIT_XAVIER, 1);
 *   int e = rf_params_add_table (params, "user.embedding", n_users, 64, RF_INIT_NORMAL, .1);
 *   rf_params_seal (params, seed);
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/tensor/rf-tape.h"

typedef enum
{
  RF_INIT_ZERO,
  RF_INIT_CONSTANT, /* scale itself */
  RF_INIT_NORMAL,   /* mean 0, deviation scale */
  RF_INIT_UNIFORM,  /* -scale .. scale */
  RF_INIT_XAVIER,   /* uniform, +- scale sqrt (6 / (fan_in + fan_out)); last dimension: out, the others: in (Glorot, Bengio 2010) */
  RF_INIT_HE,       /* normal, deviation scale sqrt (2 / fan_in) (He et al. 2015) */
} RfInit;

typedef struct
{
  char *name;
  int ndim;
  size_t dim[4];
  size_t len;
  size_t offset;      /* in the blocks of values and moments */
  size_t grad_offset; /* dense: in the gradient block; table: number of the table */
  bool rows;          /* a table: gradients of touched rows only */
  bool frozen;        /* gets no gradient */
  double decay;       /* factor on the optimiser's weight decay; 0 for biases and gains */
  double rate;        /* factor on the learning rate */
  RfInit init;
  double scale;
} RfParam;

RfParams *rf_params_new (void);
void rf_params_free (RfParams *self);

/* Returns the number of the parameter. Tensors of one dimension start with decay 0, others with 1. */
int rf_params_add (RfParams *self, const char *name, int ndim, const size_t *dim, RfInit init, double scale);
int rf_params_add_table (RfParams *self, const char *name, size_t rows, size_t cols, RfInit init, double scale);

/* Allocates everything and draws the initial values; parameter k draws from stream k of seed. Nothing can be added after it. */
void rf_params_seal (RfParams *self, uint64_t seed);

int rf_params_count (const RfParams *self);
RfParam *rf_params_get (const RfParams *self, int index); /* decay, rate and frozen may be changed */
int rf_params_find (const RfParams *self, const char *name); /* -1 if absent */
size_t rf_params_length (const RfParams *self); /* numbers in all */
rf_real *rf_params_values (const RfParams *self, int index);
/* The block that holds them all, with gaps so that each begins aligned: block_length numbers, as have the moments. */
rf_real *rf_params_all_values (const RfParams *self);
size_t rf_params_block_length (const RfParams *self);

/* Moments of the optimiser, zero at first; allocated when first asked for. */
rf_real *rf_params_first_moments (RfParams *self);
rf_real *rf_params_second_moments (RfParams *self);

/* Gradients of its own; others can be made for workers. */
RfGrads *rf_params_get_grads (RfParams *self);

RfGrads *rf_grads_new (RfParams *params);
void rf_grads_free (RfGrads *self);
void rf_grads_zero (RfGrads *self);                   /* O(dense + touched rows) */
void rf_grads_add (RfGrads *self, const RfGrads *other);
double rf_grads_norm (const RfGrads *self);           /* Euclidean, over everything */
void rf_grads_scale (RfGrads *self, double factor);
rf_real *rf_grads_dense (RfGrads *self, int index);
RfRowGrads *rf_grads_rows (RfGrads *self, int index);

struct _RfRowGrads
{
  size_t n_rows, width; /* of the table */
  size_t n, capacity;   /* touched rows */
  uint32_t *slot;       /* n_rows: 1 + position among the touched, 0: untouched */
  uint32_t *row;        /* n: which row, in the order in which they were touched */
  rf_real *g;           /* n x width */
};

/* The gradient of a row to be added to; the first touch makes it zero. Valid until the next touch. */
rf_real *rf_row_grads_touch (RfRowGrads *self, uint32_t row);
/* Room for n touched rows, so that touching does not allocate. */
void rf_row_grads_reserve (RfRowGrads *self, size_t n);
