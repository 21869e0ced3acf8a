/* refract-training-job.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-training-job.h"

#include <glib/gi18n-lib.h>

struct _RefractTrainingJob
{
  RefractJob parent_instance;

  char *path;
  RfConfig *config;
  gboolean resume;
  GArray *points; /* main context */
  RefractRun *run;
  RfTrained *trained;

  GMutex mutex;
  GArray *new_points; /* guarded by mutex */
};

G_DEFINE_FINAL_TYPE (RefractTrainingJob, refract_training_job, REFRACT_TYPE_JOB)

RefractTrainingJob *
refract_training_job_new (const char *path, const RfConfig *config)
{
  RefractTrainingJob *self = g_object_new (REFRACT_TYPE_TRAINING_JOB, "title", _("Training"), NULL);

  self->path = g_strdup (path);
  self->config = rf_config_copy (config);
  return self;
}

void
refract_training_job_set_resume (RefractTrainingJob *self, gboolean resume)
{
  self->resume = resume;
}

const GArray *
refract_training_job_get_points (RefractTrainingJob *self)
{
  return self->points;
}

RefractRun *
refract_training_job_get_run (RefractTrainingJob *self)
{
  return self->run;
}

RfTrained *
refract_training_job_get_trained (RefractTrainingJob *self)
{
  return self->trained;
}

/* In the training thread. */
static void
point_cb (const RfTrainPoint *point, void *data)
{
  RefractTrainingJob *self = data;

  g_mutex_lock (&self->mutex);
  g_array_append_val (self->new_points, *point);
  g_mutex_unlock (&self->mutex);
  refract_job_queue_update (REFRACT_JOB (self));
}

static void
refract_training_job_update (RefractJob *job)
{
  RefractTrainingJob *self = REFRACT_TRAINING_JOB (job);

  g_mutex_lock (&self->mutex);
  if (self->new_points->len > 0)
    g_array_append_vals (self->points, self->new_points->data, self->new_points->len);
  g_array_set_size (self->new_points, 0);
  g_mutex_unlock (&self->mutex);
}

static gboolean
refract_training_job_run (RefractJob *job, RfProgress *progress, GError **error)
{
  RefractTrainingJob *self = REFRACT_TRAINING_JOB (job);
  g_autoptr(RfWorkspace) workspace = rf_workspace_open (self->path, error);
  g_autoptr(RfRun) run = NULL;

  if (workspace == NULL)
    return FALSE;
  run = self->resume ? rf_train_on (workspace, self->config, progress, point_cb, self, error)
                     : rf_train (workspace, self->config, progress, point_cb, self, error);
  if (run == NULL)
    return FALSE;
  self->run = refract_run_new (run);
  self->trained = rf_trained_load (workspace, run->id, error);
  return self->trained != NULL;
}

static void
refract_training_job_finalize (GObject *object)
{
  RefractTrainingJob *self = REFRACT_TRAINING_JOB (object);

  g_free (self->path);
  rf_config_free (self->config);
  g_array_unref (self->points);
  g_array_unref (self->new_points);
  g_mutex_clear (&self->mutex);
  g_clear_object (&self->run);
  g_clear_pointer (&self->trained, rf_trained_unref);
  G_OBJECT_CLASS (refract_training_job_parent_class)->finalize (object);
}

static void
refract_training_job_class_init (RefractTrainingJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_training_job_finalize;
  REFRACT_JOB_CLASS (klass)->run = refract_training_job_run;
  REFRACT_JOB_CLASS (klass)->update = refract_training_job_update;
}

static void
refract_training_job_init (RefractTrainingJob *self)
{
  g_mutex_init (&self->mutex);
  self->points = g_array_new (FALSE, FALSE, sizeof (RfTrainPoint));
  self->new_points = g_array_new (FALSE, FALSE, sizeof (RfTrainPoint));
}
