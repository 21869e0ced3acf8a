/* refract-estimate-job.h: what a training would cost (core/train/rf-estimate.h), found out in a thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/refract-job.h"
#include "core/model/rf-config.h"
#include "core/train/rf-estimate.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_ESTIMATE_JOB (refract_estimate_job_get_type ())
G_DECLARE_FINAL_TYPE (RefractEstimateJob, refract_estimate_job, REFRACT, ESTIMATE_JOB, RefractJob)

/* path: of the document. config is copied. */
RefractEstimateJob *refract_estimate_job_new (const char *path, const RfConfig *config) G_GNUC_WARN_UNUSED_RESULT;

/* After it has succeeded. */
const RfEstimate *refract_estimate_job_get_estimate (RefractEstimateJob *self);

G_END_DECLS
