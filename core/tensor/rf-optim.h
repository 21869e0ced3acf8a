/* rf-optim.h: from gradients to better parameters.
 *
 * Rows of tables are stepped lazily: a row moves, and its moments decay, only in the steps that touched it; the bias correction
 * uses the number of all steps (as PyTorch's SparseAdam). Weight decay reaches touched rows only, too.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/tensor/rf-params.h"

typedef enum
{
  RF_OPTIM_SGD,   /* v = momentum v + g; x -= rate v; decay is added to g */
  RF_OPTIM_ADAM,  /* Kingma, Ba 2015; decay is added to g */
  RF_OPTIM_ADAMW, /* Loshchilov, Hutter 2019: decay apart from the moments, x -= rate decay x */
} RfOptimKind;

typedef enum
{
  RF_SCHEDULE_CONSTANT,
  RF_SCHEDULE_COSINE,  /* from rate to 0 over n_steps (Loshchilov, Hutter 2017, without restarts) */
  RF_SCHEDULE_PLATEAU, /* times `factor` when the validation metric has not improved `patience` times */
} RfScheduleKind;

typedef struct
{
  RfOptimKind kind;
  double rate;         /* learning rate, > 0 */
  double momentum;     /* SGD, 0 .. 1 */
  double beta1, beta2; /* Adam; 0 is taken as .9 and .999 */
  double epsilon;      /* Adam; 0 is taken as 1e-8 */
  double decay;        /* weight decay; times RfParam.decay */
  double clip;         /* largest Euclidean norm of all gradients together; 0: no clipping */
  RfScheduleKind schedule;
  size_t warmup;       /* steps in which the rate grows linearly to its value */
  size_t n_steps;      /* of the cosine */
  int patience;        /* of the plateau */
  double factor;       /* of the plateau, 0 .. 1 */
} RfOptimOptions;

typedef struct _RfOptim RfOptim;

RfOptim *rf_optim_new (RfParams *params, const RfOptimOptions *options);
void rf_optim_free (RfOptim *self);

/* One step by the gradients of params, which are zero afterwards. Returns their norm before clipping; not finite: nothing was
 * changed but the gradients, and the caller should stop. */
double rf_optim_step (RfOptim *self);

/* A new validation metric, larger is better: for the plateau. */
void rf_optim_report (RfOptim *self, double metric);

double rf_optim_get_rate (const RfOptim *self); /* of the next step */

/* What an optimiser has counted besides the moments (which are in params), to be kept and taken up again. */
typedef struct
{
  uint64_t n_steps;
  double best;    /* of the plateau: best metric, how often it was not reached since, and the factor so far */
  int64_t n_worse;
  double reduced;
} RfOptimState;

RfOptimState rf_optim_get_state (const RfOptim *self);
void rf_optim_set_state (RfOptim *self, const RfOptimState *state);
