/* refract-preview-job.h: looks at a source before it is imported: what it is, its tables, and what an import would give: counts before
 * and after the filters, and every problem of the tables.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/refract-import-plan.h"
#include "app/refract-job.h"
#include "core/catalog/rf-import-preview.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_PREVIEW_JOB (refract_preview_job_get_type ())
G_DECLARE_FINAL_TYPE (RefractPreviewJob, refract_preview_job, REFRACT, PREVIEW_JOB, RefractJob)

/* Copies the plan. The tables are there early (property "fraction" tells), the counts at the end. */
RefractPreviewJob *refract_preview_job_new (const char *source, const RefractImportPlan *plan) G_GNUC_WARN_UNUSED_RESULT;

/* Main context. NULL while it is not known; owned by the job, unchanged from then on. */
RfImportPreview *refract_preview_job_get_preview (RefractPreviewJob *self);

/* After success. */
RfCatalog *refract_preview_job_get_catalog (RefractPreviewJob *self);
const RfImportReport *refract_preview_job_get_report (RefractPreviewJob *self);
const RfImportCounts *refract_preview_job_get_unfiltered (RefractPreviewJob *self);

G_END_DECLS
