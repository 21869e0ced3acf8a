/* rf-net-calibrate.c: how long an epoch takes, from some of its batches. Declared in rf-net-train.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/train/rf-net-train-private.h"

#define WARM_UP 2 /* batches that are not counted: the first ones ask for their memory */
#define FEWEST  3 /* counted, unless they take SLOW times as long as all of this should */
#define SLOW    3
#define MOST    64

/* Batch k of `of` to be looked at, at even distances over the n of an epoch, in an order that goes all over it. */
static guint
pick (guint k, guint n)
{
  return (guint) ((double) n * fmod (0.5 + k * 0.6180339887498949, 1));
}

static gboolean
run_one (RfNetTrainer *self, guint k, guint n, RfProgress *progress, GError **error)
{
  double norm;

  if (!rf_progress_step (progress, _("Trying some batches"), -1, error))
    return FALSE;
  if (!isnan (rf_net_trainer_run_batch (self, pick (k, n), &norm)))
    return TRUE;
  g_set_error_literal (error, RF_ERROR, RF_ERROR_NUMERIC, _("The loss is no longer a number after a few batches. Lower learning_rate, or set clip."));
  return FALSE;
}

static gboolean
run_some (RfNetTrainer *self, double seconds, RfNetCalibration *out, RfProgress *progress, GError **error)
{
  RfCost began = rf_cost_now ();
  guint warm = 0, timed = 0;
  double passed;

  while (warm < WARM_UP && rf_cost_since (began, 1).wall < seconds)
    if (!run_one (self, warm++, out->n_batches, progress, error))
      return FALSE;
  began = rf_cost_now ();
  do
    {
      if (!run_one (self, warm + timed++, out->n_batches, progress, error))
        return FALSE;
      passed = rf_cost_since (began, 1).wall;
    }
  while (timed < MOST && passed < (timed < FEWEST ? SLOW * seconds : seconds));
  out->batches = rf_cost_since (began, (double) out->n_batches / timed);
  return TRUE;
}

gboolean
rf_net_trainer_calibrate (RfNetTrainer *self, double seconds, RfNetCalibration *out, RfProgress *progress, GError **error)
{
  g_autoptr(RfModel) model = NULL;
  RfNetEpoch epoch = { 0 };
  RfCost began;

  memset (out, 0, sizeof *out);
  self->epoch = 1;
  out->n_batches = rf_sampler_begin (self->sampler, self->epoch);
  if (out->n_batches > 0 && !run_some (self, seconds, out, progress, error))
    return FALSE;
  began = rf_cost_now ();
  model = rf_net_freeze (self->net, self->tape);
  rf_net_trainer_look_at_model (self, model, &epoch);
  out->freezing = rf_cost_since (began, 1);
  began = rf_cost_now ();
  if (!rf_net_trainer_validate (self, model, &epoch, progress, error))
    return FALSE;
  out->validation = rf_cost_since (began, 1);
  out->model = g_steal_pointer (&model);
  return TRUE;
}
