/* refract-comparison-job.h: opens two or more runs of a document and holds them against the first one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/refract-job.h"
#include "core/train/rf-compare-runs.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_COMPARISON_JOB (refract_comparison_job_get_type ())
G_DECLARE_FINAL_TYPE (RefractComparisonJob, refract_comparison_job, REFRACT, COMPARISON_JOB, RefractJob)

/* ids: NULL-terminated, at least two. metric: of core, e.g. "ndcg". part RF_PART_TEST is written down in the document as a look at
 * the test part (rf-protocol.h). Copies everything. */
RefractComparisonJob *refract_comparison_job_new (const char *document, const char *const *ids, const char *metric, guint k, RfPart part) G_GNUC_WARN_UNUSED_RESULT;

/* Once it has succeeded; NULL before. Owned by the job, immutable. */
const RfRunComparison *refract_comparison_job_get_comparison (RefractComparisonJob *self);
/* The opened runs, in the order of the ids. */
RfTrained *refract_comparison_job_get_run (RefractComparisonJob *self, guint run);
RfPart refract_comparison_job_get_part (RefractComparisonJob *self);
guint refract_comparison_job_get_k (RefractComparisonJob *self);
const char *refract_comparison_job_get_metric (RefractComparisonJob *self);

G_END_DECLS
