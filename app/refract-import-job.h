/* refract-import-job.h: from a catalog's folder to a new document, opened.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/refract-import-plan.h"
#include "app/refract-job.h"
#include "app/refract-session.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_IMPORT_JOB (refract_import_job_get_type ())
G_DECLARE_FINAL_TYPE (RefractImportJob, refract_import_job, REFRACT, IMPORT_JOB, RefractJob)

/* `path` is the document to be written; an existing file is replaced only when the import has succeeded. plan: copied; NULL: as it is. */
RefractImportJob *refract_import_job_new (const char *source, const char *path, const RefractImportPlan *plan) G_GNUC_WARN_UNUSED_RESULT;

RefractSession *refract_import_job_get_session (RefractImportJob *self);
const char *refract_import_job_get_path (RefractImportJob *self);

/* A name for the document of a source that is not taken yet: beside the source where that folder can be written to, else in
 * `fallback_folder`. Touches the disk, but only names. */
char *refract_import_job_suggest_path (const char *source, const char *fallback_folder) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
