/* rf-optim.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tensor/rf-optim.h"

#include <math.h>

#include "core/base/rf-parallel.h"
#include "core/tensor/rf-tape-private.h"

#define GRAIN ((size_t) 16384) /* numbers of a block */

struct _RfOptim
{
  RfParams *params;
  RfOptimOptions options;
  size_t n_steps;
  double best;    /* of the plateau */
  int n_worse;
  double reduced; /* factor so far */
};

/* What one parameter needs in one step. */
typedef struct
{
  RfOptimKind kind;
  rf_real rate, decay, momentum, beta1, beta2, rest1, rest2, epsilon, correct1, correct2; /* rest: 1 - beta, rounded once */
  rf_real *x, *m, *v;
  const rf_real *g;
  const RfRowGrads *rows;
} Step;

RfOptim *
rf_optim_new (RfParams *params, const RfOptimOptions *options)
{
  RfOptim *self = calloc (1, sizeof *self);

  RF_CHECK (self != NULL, "out of memory");
  *self = (RfOptim) { .params = params, .options = *options, .best = -INFINITY, .reduced = 1 };
  if (self->options.beta1 <= 0)
    self->options.beta1 = 0.9;
  if (self->options.beta2 <= 0)
    self->options.beta2 = 0.999;
  if (self->options.epsilon <= 0)
    self->options.epsilon = 1e-8;
  return self;
}

void
rf_optim_free (RfOptim *self)
{
  free (self);
}

double
rf_optim_get_rate (const RfOptim *self)
{
  const RfOptimOptions *o = &self->options;
  double rate = o->rate * self->reduced, at = (double) (self->n_steps + 1);

  if (o->schedule == RF_SCHEDULE_COSINE && o->n_steps > o->warmup)
    {
      double done = ((double) self->n_steps - (double) o->warmup) / (double) (o->n_steps - o->warmup);

      rate *= 0.5 * (1 + cos (M_PI * (done < 0 ? 0 : done > 1 ? 1 : done)));
    }
  return self->n_steps < o->warmup ? rate * at / (double) o->warmup : rate;
}

RfOptimState
rf_optim_get_state (const RfOptim *self)
{
  return (RfOptimState) { self->n_steps, self->best, self->n_worse, self->reduced };
}

void
rf_optim_set_state (RfOptim *self, const RfOptimState *state)
{
  self->n_steps = (size_t) state->n_steps;
  self->best = state->best;
  self->n_worse = (int) state->n_worse;
  self->reduced = state->reduced;
}

void
rf_optim_report (RfOptim *self, double metric)
{
  if (metric > self->best)
    {
      self->best = metric;
      self->n_worse = 0;
    }
  else if (self->options.schedule == RF_SCHEDULE_PLATEAU && ++self->n_worse > self->options.patience)
    {
      self->reduced *= self->options.factor;
      self->n_worse = 0;
    }
}

RF_VECTORIZE static void
step_sgd (size_t n, const Step *s, rf_real *restrict x, rf_real *restrict m, const rf_real *restrict g)
{
  rf_real rate = s->rate, decay = s->decay, momentum = s->momentum;

  for (size_t i = 0; i < n; i++)
    {
      m[i] = momentum * m[i] + g[i] + decay * x[i];
      x[i] -= rate * m[i];
    }
}

RF_VECTORIZE static void
step_adam (size_t n, const Step *s, rf_real *restrict x, rf_real *restrict m, rf_real *restrict v, const rf_real *restrict g)
{
  rf_real beta1 = s->beta1, beta2 = s->beta2, rest1 = s->rest1, rest2 = s->rest2, epsilon = s->epsilon;
  rf_real rate = s->rate * s->correct1, correct2 = s->correct2;
  rf_real into_g = s->kind == RF_OPTIM_ADAM ? s->decay : 0, apart = s->kind == RF_OPTIM_ADAMW ? s->rate * s->decay : 0;

  for (size_t i = 0; i < n; i++)
    {
      rf_real gradient = g[i] + into_g * x[i];

      m[i] = beta1 * m[i] + rest1 * gradient;
      v[i] = beta2 * v[i] + rest2 * gradient * gradient;
      x[i] -= rate * m[i] / (RF_SQRT (v[i] * correct2) + epsilon) + apart * x[i];
    }
}

static void
step_range (const Step *s, size_t at, size_t n, const rf_real *g)
{
  if (s->kind == RF_OPTIM_SGD)
    step_sgd (n, s, s->x + at, s->m + at, g);
  else
    step_adam (n, s, s->x + at, s->m + at, s->v + at, g);
}

static void
step_dense (size_t begin, size_t end, int worker, void *data)
{
  const Step *s = data;

  step_range (s, begin, end - begin, s->g + begin);
}

static void
step_rows (size_t begin, size_t end, int worker, void *data)
{
  const Step *s = data;

  for (size_t i = begin; i < end; i++)
    step_range (s, s->rows->row[i] * s->rows->width, s->rows->width, s->rows->g + i * s->rows->width);
}

static void
step_param (RfOptim *self, int index, double rate)
{
  const RfOptimOptions *o = &self->options;
  const RfParam *param = rf_params_get (self->params, index);
  RfGrads *grads = rf_params_get_grads (self->params);
  double n = (double) self->n_steps;
  Step s = { .kind = o->kind, .rate = (rf_real) (rate * param->rate), .decay = (rf_real) (o->decay * param->decay),
             .momentum = (rf_real) o->momentum, .beta1 = (rf_real) o->beta1, .beta2 = (rf_real) o->beta2,
             .rest1 = (rf_real) (1 - o->beta1), .rest2 = (rf_real) (1 - o->beta2), .epsilon = (rf_real) o->epsilon,
             .correct1 = (rf_real) (1 / (1 - pow (o->beta1, n))), .correct2 = (rf_real) (1 / (1 - pow (o->beta2, n))) };

  if (param->frozen)
    return;
  s.x = rf_params_values (self->params, index);
  s.m = rf_params_first_moments (self->params) + param->offset;
  s.v = o->kind == RF_OPTIM_SGD ? NULL : rf_params_second_moments (self->params) + param->offset;
  if (param->rows)
    {
      s.rows = rf_grads_rows (grads, index);
      rf_parallel_for (s.rows->n, s.rows->n * s.rows->width <= GRAIN ? s.rows->n : GRAIN / s.rows->width + 1, step_rows, &s);
    }
  else
    {
      s.g = rf_grads_dense (grads, index);
      rf_parallel_for (param->len, GRAIN, step_dense, &s);
    }
}

double
rf_optim_step (RfOptim *self)
{
  RfGrads *grads = rf_params_get_grads (self->params);
  double norm = rf_grads_norm (grads), rate = rf_optim_get_rate (self);

  if (isfinite (norm))
    {
      if (self->options.clip > 0 && norm > self->options.clip)
        rf_grads_scale (grads, self->options.clip / norm);
      self->n_steps++;
      for (int i = 0; i < rf_params_count (self->params); i++)
        step_param (self, i, rate);
    }
  rf_grads_zero (grads);
  return norm;
}
