/* rf-batch.h: a batch split over threads: one tape and one set of gradients for each part, added in the order of the parts.
 *
 * The number of parts is fixed when the helper is made; the same number gives the same bits, whatever threads run them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/tensor/rf-params.h"

typedef struct _RfBatch RfBatch;

/* Builds the loss of items begin .. end-1 of the batch on the tape, whose parameters are bound, and returns it; a share of the
 * whole batch's loss (divided by the whole batch's size). part is 0 .. n_parts-1, for memory of its own. */
typedef RfTensor *(*RfBatchFunc) (RfTape *tape, size_t begin, size_t end, int part, void *data);

RfBatch *rf_batch_new (RfParams *params, int n_parts);
void rf_batch_free (RfBatch *self);

/* Runs func and the way back for all parts of 0 .. n-1; gradients are added to those of params. Part p of batch number `stream`
 * draws its random numbers from (seed, stream, p). Returns the sum of the losses. */
double rf_batch_run (RfBatch *self, size_t n, uint64_t seed, uint64_t stream, RfBatchFunc func, void *data);
