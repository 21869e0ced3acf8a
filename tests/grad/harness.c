/* harness.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/grad/harness.h"

#include <math.h>

#include "core/base/rf-rng.h"

#ifdef RF_REAL_DOUBLE
# define STEP              1e-5
# define FORWARD_TOLERANCE 1e-12
# define GRAD_TOLERANCE    1e-6
# define GRAD_FLOOR        1e-3
#else
# define STEP              4e-3
# define FORWARD_TOLERANCE 2e-5
# define GRAD_TOLERANCE    3e-2
# define GRAD_FLOOR        5e-1
#endif

typedef struct
{
  const OpTest *test;
  Array in[MAX_INPUTS];
  rf_real *g[MAX_INPUTS];
  RfTape *tape;
} Run;

void
fill_normal (rf_real *x, size_t n, guint64 stream)
{
  RfRng rng = rf_rng_new (20, stream);

  for (size_t i = 0; i < n; i++)
    x[i] = (rf_real) (float) rf_rng_normal (&rng); /* through float: the same numbers in both builds */
}

static RfTensor *
forward (Run *run, bool with_gradient)
{
  RfTensor *in[MAX_INPUTS] = { NULL };

  rf_tape_reset (run->tape);
  rf_tape_set_random (run->tape, 3, 4);
  rf_tape_set_training (run->tape, run->test->training);
  for (int k = 0; k < MAX_INPUTS && run->test->in[k].ndim > 0; k++)
    in[k] = rf_leaf (run->tape, run->test->in[k].ndim, run->test->in[k].dim, run->in[k].x,
                     with_gradient && !run->test->constant[k] ? run->g[k] : NULL);
  return run->test->run (run->tape, in);
}

/* The output as one number: a weighted sum with fixed weights, so that every element counts differently. */
static RfTensor *
as_loss (Run *run, RfTensor *out)
{
  rf_real *weights = rf_tape_scratch (run->tape, out->len * sizeof *weights);

  fill_normal (weights, out->len, 99);
  return rf_sum (run->tape, rf_mul (run->tape, out, rf_leaf (run->tape, out->ndim, out->dim, weights, NULL)));
}

/* d loss / d *x by central differences. The difference is taken element by element before it is added up: the elements that do not
 * depend on x cancel exactly. */
static double
difference (Run *run, rf_real *x)
{
  rf_real held = *x;
  RfTensor *out;
  g_autofree rf_real *up = NULL;
  g_autofree rf_real *weights = NULL;
  double sum = 0;

  *x = held + (rf_real) STEP;
  out = forward (run, false);
  up = g_memdup2 (out->x, out->len * sizeof *up);
  *x = held - (rf_real) STEP;
  out = forward (run, false);
  *x = held;
  weights = g_new (rf_real, out->len);
  fill_normal (weights, out->len, 99);
  for (size_t i = 0; i < out->len; i++)
    sum += (double) weights[i] * ((double) up[i] - (double) out->x[i]);
  return sum / (2 * STEP);
}

static void
check_forward (Run *run)
{
  RfTensor *out = forward (run, false);
  g_autofree double *expected = g_new0 (double, out->len);

  if (run->test->oracle == NULL)
    return;
  run->test->oracle (run->in, expected);
  for (size_t i = 0; i < out->len; i++)
    if (!(fabs ((double) out->x[i] - expected[i]) <= FORWARD_TOLERANCE * MAX (1, fabs (expected[i]))))
      g_error ("%s: element %zu is %.9g, not %.9g", run->test->name, i, (double) out->x[i], expected[i]);
}

static void
check_gradient (Run *run, int k)
{
  double worst = 0, least = GRAD_FLOOR;

  for (size_t i = 0; i < run->in[k].len; i++) /* an element a thousand times smaller than the largest drowns in its rounding */
    least = MAX (least, 1e-3 * fabs ((double) run->g[k][i]));
  for (size_t i = 0; i < run->in[k].len; i++)
    {
      double numeric = difference (run, &run->in[k].x[i]), analytic = (double) run->g[k][i], error;

      error = fabs (numeric - analytic) / MAX (least, MAX (fabs (numeric), fabs (analytic)));
      if (!(error <= GRAD_TOLERANCE))
        g_error ("%s: the gradient of element %zu of input %d is %.9g, differences say %.9g", run->test->name, i, k, analytic, numeric);
      worst = MAX (worst, error);
    }
  g_test_message ("%s, input %d: worst relative error %.2g", run->test->name, k, worst);
}

static void
run_test (gconstpointer data)
{
  Run run = { .test = data, .tape = rf_tape_new () };

  for (int k = 0; k < MAX_INPUTS && run.test->in[k].ndim > 0; k++)
    {
      run.in[k].len = 1;
      for (int d = 0; d < run.test->in[k].ndim; d++)
        run.in[k].len *= run.test->in[k].dim[d];
      run.in[k].x = g_new (rf_real, run.in[k].len);
      run.g[k] = g_new0 (rf_real, run.in[k].len);
      fill_normal (run.in[k].x, run.in[k].len, (guint64) k);
    }
  check_forward (&run);
  rf_tape_backward (run.tape, as_loss (&run, forward (&run, true)));
  for (int k = 0; k < MAX_INPUTS && run.test->in[k].ndim > 0; k++)
    if (!run.test->constant[k])
      check_gradient (&run, k);
  for (int k = 0; k < MAX_INPUTS; k++)
    {
      g_free (run.in[k].x);
      g_free (run.g[k]);
    }
  rf_tape_free (run.tape);
}

void
op_test_add (const OpTest *test)
{
  g_autofree char *path = g_strconcat ("/", test->name, NULL);

  g_test_add_data_func (path, test, run_test);
}
