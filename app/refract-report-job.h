/* refract-report-job.h: writes a ranking report of chosen users.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/refract-job.h"
#include "core/train/rf-trainer.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_REPORT_JOB (refract_report_job_get_type ())
G_DECLARE_FINAL_TYPE (RefractReportJob, refract_report_job, REFRACT, REPORT_JOB, RefractJob)

/* document: the workspace, for the pictures. output ends in .html, .pdf, .csv or .json; NULL: nothing is written, but drawn for
 * paper. Copies the users. */
RefractReportJob *refract_report_job_new (const char *document, RfTrained *trained, const guint32 *users, guint n_users, guint k,
                                          const char *output) G_GNUC_WARN_UNUSED_RESULT;
/* See RfReport; default: all columns, no limit. To be called before it runs. Notes of the document are always in it. */
void refract_report_job_set_columns (RefractReportJob *self, guint columns);
void refract_report_job_set_budget (RefractReportJob *self, gsize budget);
const char *refract_report_job_get_output (RefractReportJob *self); /* NULL: it makes pages for a printer */

/* Of a job without output, when it has succeeded: see rf_report_record(). Owned by the job. */
GPtrArray *refract_report_job_get_pages (RefractReportJob *self);

G_END_DECLS
