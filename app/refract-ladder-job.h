/* refract-ladder-job.h: trains every fusion beside the others (core/explain/rf-ladder.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/refract-job.h"
#include "core/explain/rf-ladder.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_LADDER_JOB (refract_ladder_job_get_type ())
G_DECLARE_FINAL_TYPE (RefractLadderJob, refract_ladder_job, REFRACT, LADDER_JOB, RefractJob)

/* Copies the configuration. */
RefractLadderJob *refract_ladder_job_new (const char *path, const RfConfig *config) G_GNUC_WARN_UNUSED_RESULT;

/* The rungs so far (RfRung, owned by the job); grows just before "fraction" is notified, in the main context only. */
GPtrArray *refract_ladder_job_get_rungs (RefractLadderJob *self);

G_END_DECLS
