/* refract-overview.h: which modality drives what is recommended, over all users and by group, and what is lost without it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/refract-job.h"
#include "core/eval/rf-ranker.h"
#include "core/explain/rf-groups.h"
#include "core/explain/rf-knockout.h"
#include "core/train/rf-trainer.h"

G_BEGIN_DECLS

#define REFRACT_OVERVIEW_USERS 20000 /* at most so many users are looked at for the first recommendations and the groups, evenly over the catalog */
#define REFRACT_OVERVIEW_K     20

typedef struct
{
  gatomicrefcount ref_count;
  RfTrained *trained;
  guint32 n_users;         /* looked at */
  guint32 *users;
  RfRanked *first;         /* the first recommendation of each; item RF_NO_INDEX: none */
  RfGroups *groups;        /* as `refract-cli groups` */
  RfKnockouts *knockouts;  /* as `refract-cli knockout`: modalities removed, on the validation part, with slices, by what drives the users, too */
} RefractOverview;

RefractOverview *refract_overview_ref (RefractOverview *self);
void refract_overview_unref (RefractOverview *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RefractOverview, refract_overview_unref)

/* Blocks; NULL only when cancelled. The result does not depend on the number of threads. */
RefractOverview *refract_overview_new (RfTrained *trained, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#define REFRACT_TYPE_OVERVIEW_JOB (refract_overview_job_get_type ())
G_DECLARE_FINAL_TYPE (RefractOverviewJob, refract_overview_job, REFRACT, OVERVIEW_JOB, RefractJob)

RefractOverviewJob *refract_overview_job_new (RfTrained *trained) G_GNUC_WARN_UNUSED_RESULT;
RefractOverview *refract_overview_job_get_overview (RefractOverviewJob *self); /* NULL until it has succeeded */

G_END_DECLS
