/* refract-report-job.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-report-job.h"

#include <glib/gi18n-lib.h>

#include "core/report/rf-report.h"

struct _RefractReportJob
{
  RefractJob parent_instance;

  char *document, *output;
  RfTrained *trained;
  guint32 *users;
  guint n_users, k, columns;
  gsize budget;
  GPtrArray *pages;
};

G_DEFINE_FINAL_TYPE (RefractReportJob, refract_report_job, REFRACT_TYPE_JOB)

RefractReportJob *
refract_report_job_new (const char *document, RfTrained *trained, const guint32 *users, guint n_users, guint k, const char *output)
{
  RefractReportJob *self = g_object_new (REFRACT_TYPE_REPORT_JOB, "title", output ? _("Writing the report") : _("Drawing the pages"), NULL);

  self->document = g_strdup (document);
  self->output = g_strdup (output);
  self->trained = rf_trained_ref (trained);
  self->users = g_memdup2 (users, n_users * sizeof *users);
  self->n_users = n_users;
  self->k = k;
  return self;
}

void
refract_report_job_set_columns (RefractReportJob *self, guint columns)
{
  self->columns = columns;
}

void
refract_report_job_set_budget (RefractReportJob *self, gsize budget)
{
  self->budget = budget;
}

GPtrArray *
refract_report_job_get_pages (RefractReportJob *self)
{
  return self->pages;
}

const char *
refract_report_job_get_output (RefractReportJob *self)
{
  return self->output;
}

static GBytes *
load_picture (guint32 item, void *data)
{
  return rf_workspace_load_picture (data, item, NULL);
}

static gboolean
refract_report_job_run (RefractJob *job, RfProgress *progress, GError **error)
{
  RefractReportJob *self = REFRACT_REPORT_JOB (job);
  g_autoptr(RfWorkspace) workspace = rf_workspace_open (self->document, error);
  g_autoptr(GPtrArray) notes = workspace ? rf_workspace_list_notes (workspace, error) : NULL;
  RfReport report = {
    .trained = self->trained,
    .users = self->users,
    .n_users = self->n_users,
    .k = self->k,
    .columns = self->columns,
    .budget = self->budget,
    .notes = notes,
    .picture = load_picture,
    .picture_data = workspace,
  };

  if (notes == NULL)
    return FALSE;
  if (self->output)
    return rf_report_write (&report, self->output, progress, error);
  self->pages = rf_report_record (&report, progress, error);
  return self->pages != NULL;
}

static void
refract_report_job_finalize (GObject *object)
{
  RefractReportJob *self = REFRACT_REPORT_JOB (object);

  g_free (self->document);
  g_free (self->output);
  g_free (self->users);
  g_clear_pointer (&self->pages, g_ptr_array_unref);
  rf_trained_unref (self->trained);
  G_OBJECT_CLASS (refract_report_job_parent_class)->finalize (object);
}

static void
refract_report_job_class_init (RefractReportJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_report_job_finalize;
  REFRACT_JOB_CLASS (klass)->run = refract_report_job_run;
}

static void
refract_report_job_init (RefractReportJob *self)
{
}
