/* refract-tune-job.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-tune-job.h"

#include <glib/gi18n-lib.h>

#include "core/base/rf-error.h"

#define SEED 1 /* of the search, as `refract-cli tune` */

struct _RefractTuneJob
{
  RefractJob parent_instance;

  char *path, *space;
  RfConfig *base;
  guint trials, rungs, grid;
  GPtrArray *done; /* main context */
  RfTuneResult *result;

  GMutex mutex;
  GPtrArray *new_done; /* guarded by mutex */
};

G_DEFINE_FINAL_TYPE (RefractTuneJob, refract_tune_job, REFRACT_TYPE_JOB)

static void
trial_free (gpointer data)
{
  RefractTrial *trial = data;

  rf_config_free (trial->config);
  g_free (trial);
}

RefractTuneJob *
refract_tune_job_new (const char *path, const RfConfig *base, const char *space, guint trials, guint rungs)
{
  RefractTuneJob *self = g_object_new (REFRACT_TYPE_TUNE_JOB, "title", _("Searching for settings"), NULL);

  self->path = g_strdup (path);
  self->space = g_strdup (space);
  self->base = rf_config_copy (base);
  self->trials = trials;
  self->rungs = rungs;
  return self;
}

void
refract_tune_job_set_grid (RefractTuneJob *self, guint grid)
{
  self->grid = grid;
}

const GPtrArray *
refract_tune_job_get_trials (RefractTuneJob *self)
{
  return self->done;
}

const RfConfig *
refract_tune_job_get_base (RefractTuneJob *self)
{
  return self->base;
}

/* In the job's thread: one trial. */
static double
try_cb (const RfConfig *config, char **run_id, RfProgress *progress, void *data, GError **error)
{
  RefractTuneJob *self = data;
  g_autoptr(GError) failure = NULL;
  RefractTrial *trial;
  double metric = rf_tune_by_trying (config, run_id, progress, self->path, &failure);

  if (failure == NULL || !g_error_matches (failure, RF_ERROR, RF_ERROR_CANCELLED))
    {
      trial = g_new (RefractTrial, 1);
      *trial = (RefractTrial){ rf_config_copy (config), metric };
      g_mutex_lock (&self->mutex);
      g_ptr_array_add (self->new_done, trial);
      g_mutex_unlock (&self->mutex);
      refract_job_queue_update (REFRACT_JOB (self));
    }
  if (failure)
    g_propagate_error (error, g_steal_pointer (&failure));
  return metric;
}

static void
refract_tune_job_update (RefractJob *job)
{
  RefractTuneJob *self = REFRACT_TUNE_JOB (job);

  g_mutex_lock (&self->mutex);
  g_ptr_array_extend_and_steal (self->done, g_steal_pointer (&self->new_done));
  self->new_done = g_ptr_array_new_with_free_func (trial_free);
  g_mutex_unlock (&self->mutex);
}

static gboolean
refract_tune_job_run (RefractJob *job, RfProgress *progress, GError **error)
{
  RefractTuneJob *self = REFRACT_TUNE_JOB (job);
  const RfTuneOptions options = { self->trials, SEED, self->rungs, rf_tune_default_resource (self->base), 1, self->grid };
  g_autoptr(RfTuneSpace) space = rf_tune_space_new (self->space, error);

  if (space == NULL)
    return FALSE;
  /* Nothing is stored: a search that is begun again shows all of its trials again. */
  self->result = rf_tune (space, self->base, &options, try_cb, self, NULL, progress, error);
  return self->result != NULL;
}

static void
refract_tune_job_finalize (GObject *object)
{
  RefractTuneJob *self = REFRACT_TUNE_JOB (object);

  g_free (self->path);
  g_free (self->space);
  rf_config_free (self->base);
  g_clear_pointer (&self->result, rf_tune_result_free);
  g_ptr_array_unref (self->done);
  g_ptr_array_unref (self->new_done);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (refract_tune_job_parent_class)->finalize (object);
}

static void
refract_tune_job_class_init (RefractTuneJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_tune_job_finalize;
  REFRACT_JOB_CLASS (klass)->run = refract_tune_job_run;
  REFRACT_JOB_CLASS (klass)->update = refract_tune_job_update;
}

static void
refract_tune_job_init (RefractTuneJob *self)
{
  g_mutex_init (&self->mutex);
  self->done = g_ptr_array_new_with_free_func (trial_free);
  self->new_done = g_ptr_array_new_with_free_func (trial_free);
}
