/* refract-preview-job.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-preview-job.h"

#include <glib/gi18n-lib.h>

struct _RefractPreviewJob
{
  RefractJob parent_instance;

  char *source;
  RefractImportPlan *plan;
  gpointer made; /* atomic: the preview, from the thread */
  RfImportCounts unfiltered;
  RfImportReport *report;
  RfCatalog *catalog;
};

G_DEFINE_FINAL_TYPE (RefractPreviewJob, refract_preview_job, REFRACT_TYPE_JOB)

RefractPreviewJob *
refract_preview_job_new (const char *source, const RefractImportPlan *plan)
{
  RefractPreviewJob *self = g_object_new (REFRACT_TYPE_PREVIEW_JOB, "title", _("Looking at the catalog"), NULL);

  self->source = g_strdup (source);
  self->plan = refract_import_plan_copy (plan);
  return self;
}

RfImportPreview *
refract_preview_job_get_preview (RefractPreviewJob *self)
{
  return g_atomic_pointer_get (&self->made);
}

RfCatalog *
refract_preview_job_get_catalog (RefractPreviewJob *self)
{
  return self->catalog;
}

const RfImportReport *
refract_preview_job_get_report (RefractPreviewJob *self)
{
  return self->report;
}

const RfImportCounts *
refract_preview_job_get_unfiltered (RefractPreviewJob *self)
{
  return &self->unfiltered;
}

static gboolean
refract_preview_job_run (RefractJob *job, RfProgress *progress, GError **error)
{
  RefractPreviewJob *self = REFRACT_PREVIEW_JOB (job);
  g_auto(RefractImportOptions) options = { 0 };
  RfImportPreview *preview;

  refract_import_options_init (&options, self->plan);
  options.options.unfiltered = &self->unfiltered;
  preview = rf_import_preview_new (self->source, &options.options, progress, error);
  if (preview == NULL)
    return FALSE;
  g_atomic_pointer_set (&self->made, preview);
  refract_job_queue_update (job);
  self->report = rf_import_report_new ();
  self->catalog = rf_import_catalog (self->source, &options.options, self->report, progress, error);
  return self->catalog != NULL;
}

static void
refract_preview_job_finalize (GObject *object)
{
  RefractPreviewJob *self = REFRACT_PREVIEW_JOB (object);

  g_free (self->source);
  refract_import_plan_free (self->plan);
  g_clear_pointer (&self->report, rf_import_report_free);
  g_clear_pointer (&self->catalog, rf_catalog_unref);
  rf_import_preview_free (self->made);
  G_OBJECT_CLASS (refract_preview_job_parent_class)->finalize (object);
}

static void
refract_preview_job_class_init (RefractPreviewJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_preview_job_finalize;
  REFRACT_JOB_CLASS (klass)->run = refract_preview_job_run;
}

static void
refract_preview_job_init (RefractPreviewJob *self)
{
}
