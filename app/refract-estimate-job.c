/* refract-estimate-job.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-estimate-job.h"

#include <glib/gi18n-lib.h>

struct _RefractEstimateJob
{
  RefractJob parent_instance;

  char *path;
  RfConfig *config;
  RfEstimate estimate;
};

G_DEFINE_FINAL_TYPE (RefractEstimateJob, refract_estimate_job, REFRACT_TYPE_JOB)

RefractEstimateJob *
refract_estimate_job_new (const char *path, const RfConfig *config)
{
  RefractEstimateJob *self = g_object_new (REFRACT_TYPE_ESTIMATE_JOB, "title", _("Estimating the cost"), NULL);

  self->path = g_strdup (path);
  self->config = rf_config_copy (config);
  return self;
}

const RfEstimate *
refract_estimate_job_get_estimate (RefractEstimateJob *self)
{
  return &self->estimate;
}

static gboolean
refract_estimate_job_run (RefractJob *job, RfProgress *progress, GError **error)
{
  RefractEstimateJob *self = REFRACT_ESTIMATE_JOB (job);
  g_autoptr(RfWorkspace) workspace = rf_workspace_open (self->path, error);

  return workspace && rf_estimate_training (workspace, self->config, &self->estimate, progress, error);
}

static void
refract_estimate_job_finalize (GObject *object)
{
  RefractEstimateJob *self = REFRACT_ESTIMATE_JOB (object);

  g_free (self->path);
  rf_config_free (self->config);
  G_OBJECT_CLASS (refract_estimate_job_parent_class)->finalize (object);
}

static void
refract_estimate_job_class_init (RefractEstimateJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_estimate_job_finalize;
  REFRACT_JOB_CLASS (klass)->run = refract_estimate_job_run;
}

static void
refract_estimate_job_init (RefractEstimateJob *self)
{
}
