/* refract-open-job.h: opens a document (.refract).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/refract-job.h"
#include "app/refract-session.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_OPEN_JOB (refract_open_job_get_type ())
G_DECLARE_FINAL_TYPE (RefractOpenJob, refract_open_job, REFRACT, OPEN_JOB, RefractJob)

RefractOpenJob *refract_open_job_new (const char *path) G_GNUC_WARN_UNUSED_RESULT;

/* The document, once the job has succeeded; NULL before. */
RefractSession *refract_open_job_get_session (RefractOpenJob *self);

G_END_DECLS
