/* refract-import-job.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-import-job.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "core/catalog/rf-importer.h"

struct _RefractImportJob
{
  RefractJob parent_instance;

  char *source;
  char *path;
  RefractImportPlan *plan;
  RefractSession *session;
};

G_DEFINE_FINAL_TYPE (RefractImportJob, refract_import_job, REFRACT_TYPE_JOB)

RefractImportJob *
refract_import_job_new (const char *source, const char *path, const RefractImportPlan *plan)
{
  g_autofree char *name = g_path_get_basename (source);
  /* Translators: %s is the name of a folder */
  g_autofree char *title = g_strdup_printf (_("Importing “%s”"), name);
  RefractImportJob *self = g_object_new (REFRACT_TYPE_IMPORT_JOB, "title", title, NULL);

  self->source = g_strdup (source);
  self->path = g_strdup (path);
  self->plan = plan ? refract_import_plan_copy (plan) : refract_import_plan_new ();
  return self;
}

RefractSession *
refract_import_job_get_session (RefractImportJob *self)
{
  return self->session;
}

const char *
refract_import_job_get_path (RefractImportJob *self)
{
  return self->path;
}

char *
refract_import_job_suggest_path (const char *source, const char *fallback_folder)
{
  g_autofree char *absolute = g_canonicalize_filename (source, NULL);
  g_autofree char *name = g_path_get_basename (absolute);
  g_autofree char *parent = g_path_get_dirname (absolute);
  const char *folder = access (parent, W_OK) == 0 ? parent : fallback_folder;
  g_autofree char *file = g_strconcat (name, ".refract", NULL);
  char *path = g_build_filename (folder, file, NULL);

  for (int i = 2; g_file_test (path, G_FILE_TEST_EXISTS); i++)
    {
      g_autofree char *numbered = g_strdup_printf ("%s-%d.refract", name, i);

      g_free (path);
      path = g_build_filename (folder, numbered, NULL);
    }
  return path;
}

static gboolean
refract_import_job_run (RefractJob *job, RfProgress *progress, GError **error)
{
  RefractImportJob *self = REFRACT_IMPORT_JOB (job);
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_auto(RefractImportOptions) options = { 0 };

  refract_import_options_init (&options, self->plan);
  if (!rf_import_to_workspace (self->source, self->path, &options.options, report, progress, error))
    return FALSE;
  self->session = refract_session_new_from_file (self->path, error);
  return self->session != NULL;
}

static void
refract_import_job_finalize (GObject *object)
{
  RefractImportJob *self = REFRACT_IMPORT_JOB (object);

  g_free (self->source);
  g_free (self->path);
  refract_import_plan_free (self->plan);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (refract_import_job_parent_class)->finalize (object);
}

static void
refract_import_job_class_init (RefractImportJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_import_job_finalize;
  REFRACT_JOB_CLASS (klass)->run = refract_import_job_run;
}

static void
refract_import_job_init (RefractImportJob *self)
{
}
