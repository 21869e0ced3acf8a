/* refract-stats-job.h: the numbers of the catalog's charts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/refract-job.h"
#include "app/refract-session.h"
#include "core/features/rf-catalog-stats.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_STATS_JOB (refract_stats_job_get_type ())
G_DECLARE_FINAL_TYPE (RefractStatsJob, refract_stats_job, REFRACT, STATS_JOB, RefractJob)

RefractStatsJob *refract_stats_job_new (RefractSession *session) G_GNUC_WARN_UNUSED_RESULT;
/* After success; owned by the job. */
const RfCatalogStats *refract_stats_job_get_stats (RefractStatsJob *self);

G_END_DECLS
