/* refract-overview.h: which modality drives what is recommended, over all users and by group, and what is lost without it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/refract-job.h"
#include "core/eval/rf-compare.h"
#include "core/eval/rf-ranker.h"
#include "core/train/rf-trainer.h"

G_BEGIN_DECLS

#define REFRACT_OVERVIEW_TOP   10    /* recommendations of a user that count */
#define REFRACT_OVERVIEW_USERS 20000 /* at most so many users are looked at, evenly over the catalog */
#define REFRACT_OVERVIEW_K     20    /* of the NDCG */

typedef enum
{
  REFRACT_GROUP_ALL,
  REFRACT_GROUP_CATEGORY,   /* of the recommended item; one with several categories counts in each */
  REFRACT_GROUP_POPULARITY, /* of the recommended item: thirds of the catalog by training count */
  REFRACT_GROUP_SEGMENT,    /* of the user, see rf_user_attributes() */
} RefractGroupKind;

typedef struct
{
  RefractGroupKind kind;
  char *attribute;  /* of a segment: "activity"; else "" */
  char *value;      /* "Drama", "3–9", "rare"; "" for all */
  gsize n;          /* recommendations */
  gsize driven[RF_MAX_MODALITIES]; /* of them, by driver */
  float share[RF_MAX_MODALITIES];  /* mean positive contribution, as shares of their sum */
} RefractGroup;

typedef struct
{
  guint modality;
  RfComparison c; /* NDCG@20 on the validation part, muted against whole: difference < 0 is what is lost */
  char *group;    /* NULL: all users; else a segment "activity = 3–9" */
} RefractKnockOut;

typedef struct
{
  gatomicrefcount ref_count;
  RfTrained *trained;
  guint32 n_users;   /* looked at */
  guint32 *users;
  RfRanked *first;   /* the first recommendation of each; item RF_NO_INDEX: none */
  GPtrArray *groups; /* RefractGroup */
  GPtrArray *knocked; /* RefractKnockOut: every modality for all users, then for every segment */
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
