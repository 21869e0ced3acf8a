/* refract-ladder-job.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-ladder-job.h"

#include <glib/gi18n-lib.h>

struct _RefractLadderJob
{
  RefractJob parent_instance;

  char *path;
  RfConfig *config;
  GPtrArray *rungs; /* main context */

  GMutex mutex;
  GPtrArray *new_rungs; /* guarded by mutex */
};

G_DEFINE_FINAL_TYPE (RefractLadderJob, refract_ladder_job, REFRACT_TYPE_JOB)

RefractLadderJob *
refract_ladder_job_new (const char *path, const RfConfig *config)
{
  RefractLadderJob *self = g_object_new (REFRACT_TYPE_LADDER_JOB, "title", _("Training every fusion"), NULL);

  self->path = g_strdup (path);
  self->config = rf_config_copy (config);
  return self;
}

GPtrArray *
refract_ladder_job_get_rungs (RefractLadderJob *self)
{
  return self->rungs;
}

static RfRung *
copy_rung (const RfRung *rung)
{
  RfRung *copy = g_memdup2 (rung, sizeof *rung);

  copy->name = g_strdup (rung->name);
  copy->run_id = g_strdup (rung->run_id);
  copy->changed = g_strdup (rung->changed);
  return copy;
}

/* In the training thread. */
static void
rung_cb (const RfRung *rung, void *data)
{
  RefractLadderJob *self = data;

  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->new_rungs, copy_rung (rung));
  g_mutex_unlock (&self->mutex);
  refract_job_queue_update (REFRACT_JOB (self));
}

static void
refract_ladder_job_update (RefractJob *job)
{
  RefractLadderJob *self = REFRACT_LADDER_JOB (job);

  g_mutex_lock (&self->mutex);
  g_ptr_array_extend_and_steal (self->rungs, g_steal_pointer (&self->new_rungs));
  self->new_rungs = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_rung_free);
  g_mutex_unlock (&self->mutex);
}

static gboolean
refract_ladder_job_run (RefractJob *job, RfProgress *progress, GError **error)
{
  RefractLadderJob *self = REFRACT_LADDER_JOB (job);
  g_autoptr(RfWorkspace) workspace = rf_workspace_open (self->path, error);
  g_autoptr(GPtrArray) rungs = workspace ? rf_ladder_run (workspace, self->config, NULL, rung_cb, self, progress, error) : NULL;

  return rungs != NULL;
}

static void
refract_ladder_job_finalize (GObject *object)
{
  RefractLadderJob *self = REFRACT_LADDER_JOB (object);

  g_free (self->path);
  rf_config_free (self->config);
  g_ptr_array_unref (self->rungs);
  g_ptr_array_unref (self->new_rungs);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (refract_ladder_job_parent_class)->finalize (object);
}

static void
refract_ladder_job_class_init (RefractLadderJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_ladder_job_finalize;
  REFRACT_JOB_CLASS (klass)->run = refract_ladder_job_run;
  REFRACT_JOB_CLASS (klass)->update = refract_ladder_job_update;
}

static void
refract_ladder_job_init (RefractLadderJob *self)
{
  g_mutex_init (&self->mutex);
  self->rungs = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_rung_free);
  self->new_rungs = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_rung_free);
}
