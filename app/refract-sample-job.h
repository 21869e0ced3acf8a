/* refract-sample-job.h: makes a small sample catalog, imports it and trains on it, so that a newcomer sees every page full.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/refract-job.h"
#include "app/refract-session.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_SAMPLE_JOB (refract_sample_job_get_type ())
G_DECLARE_FINAL_TYPE (RefractSampleJob, refract_sample_job, REFRACT, SAMPLE_JOB, RefractJob)

/* Everything is written below `folder`; a sample that is there and whole is opened again instead. */
RefractSampleJob *refract_sample_job_new (const char *folder) G_GNUC_WARN_UNUSED_RESULT;
RefractSession *refract_sample_job_get_session (RefractSampleJob *self);

G_END_DECLS
