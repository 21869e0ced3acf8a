/* refract-sample-job.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-sample-job.h"

#include <glib/gi18n-lib.h>

#include "core/catalog/rf-importer.h"
#include "core/catalog/rf-sample.h"
#include "core/train/rf-trainer.h"

/* Small enough for some seconds, large enough that the model has something to find. */
#define USERS 1200
#define ITEMS 600

struct _RefractSampleJob
{
  RefractJob parent_instance;

  char *folder;
  RefractSession *session;
};

G_DEFINE_FINAL_TYPE (RefractSampleJob, refract_sample_job, REFRACT_TYPE_JOB)

RefractSampleJob *
refract_sample_job_new (const char *folder)
{
  RefractSampleJob *self = g_object_new (REFRACT_TYPE_SAMPLE_JOB, "title", _("Making the sample"), NULL);

  self->folder = g_strdup (folder);
  return self;
}

RefractSession *
refract_sample_job_get_session (RefractSampleJob *self)
{
  return self->session;
}

static gboolean
make (const char *catalog, const char *path, RfProgress *progress, GError **error)
{
  RfSampleOptions options = { .seed = RF_SAMPLE_DEFAULT_SEED, .n_users = USERS, .n_items = ITEMS };
  RfImportOptions import_options = { 0 };
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(RfConfig) config = rf_config_new ();
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(RfRun) run = NULL;

  if (!rf_sample_write (catalog, &options, NULL, progress, error) || !rf_import_to_workspace (catalog, path, &import_options, report, progress, error))
    return FALSE;
  workspace = rf_workspace_open (path, error);
  if (workspace == NULL)
    return FALSE;
  run = rf_train (workspace, config, progress, NULL, NULL, error);
  return run != NULL;
}

static gboolean
refract_sample_job_run (RefractJob *job, RfProgress *progress, GError **error)
{
  RefractSampleJob *self = REFRACT_SAMPLE_JOB (job);
  g_autofree char *catalog = g_build_filename (self->folder, "sample", NULL), *path = g_build_filename (self->folder, "sample.refract", NULL);

  self->session = refract_session_new_from_file (path, NULL);
  if (self->session && refract_session_get_trained (self->session))
    return TRUE;
  g_clear_object (&self->session);
  if (!make (catalog, path, progress, error))
    return FALSE;
  self->session = refract_session_new_from_file (path, error);
  return self->session != NULL;
}

static void
refract_sample_job_finalize (GObject *object)
{
  RefractSampleJob *self = REFRACT_SAMPLE_JOB (object);

  g_free (self->folder);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (refract_sample_job_parent_class)->finalize (object);
}

static void
refract_sample_job_class_init (RefractSampleJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_sample_job_finalize;
  REFRACT_JOB_CLASS (klass)->run = refract_sample_job_run;
}

static void
refract_sample_job_init (RefractSampleJob *self)
{
}
