/* refract-open-job.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-open-job.h"

#include <glib/gi18n-lib.h>

struct _RefractOpenJob
{
  RefractJob parent_instance;

  char *path;
  RefractSession *session;
};

G_DEFINE_FINAL_TYPE (RefractOpenJob, refract_open_job, REFRACT_TYPE_JOB)

RefractOpenJob *
refract_open_job_new (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  /* Translators: %s is the name of a file */
  g_autofree char *title = g_strdup_printf (_("Opening “%s”"), name);
  RefractOpenJob *self = g_object_new (REFRACT_TYPE_OPEN_JOB, "title", title, NULL);

  self->path = g_strdup (path);
  return self;
}

RefractSession *
refract_open_job_get_session (RefractOpenJob *self)
{
  return self->session;
}

static gboolean
refract_open_job_run (RefractJob *job, RfProgress *progress, GError **error)
{
  RefractOpenJob *self = REFRACT_OPEN_JOB (job);

  if (!rf_progress_step (progress, _("Reading the document"), -1, error))
    return FALSE;
  self->session = refract_session_new_from_file (self->path, error);
  return self->session != NULL;
}

static void
refract_open_job_finalize (GObject *object)
{
  RefractOpenJob *self = REFRACT_OPEN_JOB (object);

  g_free (self->path);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (refract_open_job_parent_class)->finalize (object);
}

static void
refract_open_job_class_init (RefractOpenJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_open_job_finalize;
  REFRACT_JOB_CLASS (klass)->run = refract_open_job_run;
}

static void
refract_open_job_init (RefractOpenJob *self)
{
}
