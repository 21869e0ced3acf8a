/* refract-overview.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-overview.h"

#include <glib/gi18n-lib.h>
#include "core/base/rf-parallel.h"

#define BATCH 256 /* users between two looks at the progress */
#define GRAIN 8   /* users that a thread takes at once */

RefractOverview *
refract_overview_ref (RefractOverview *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
refract_overview_unref (RefractOverview *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  rf_trained_unref (self->trained);
  g_free (self->users);
  g_free (self->first);
  g_clear_pointer (&self->groups, rf_groups_free);
  g_clear_pointer (&self->knockouts, rf_knockouts_free);
  g_free (self);
}

/* Evenly over the users that have a history. */
static void
choose_users (RefractOverview *self)
{
  const RfCsr *history = self->trained->split->history;
  guint32 n_all = 0, at = 0;

  for (guint32 u = 0; u < history->rows; u++)
    n_all += rf_csr_row_length (history, u) > 0;
  self->users = g_new (guint32, (gsize) MIN (n_all, REFRACT_OVERVIEW_USERS) + 1);
  for (guint32 u = 0; u < history->rows; u++)
    if (rf_csr_row_length (history, u) > 0)
      {
        if ((guint64) at * MIN (n_all, REFRACT_OVERVIEW_USERS) / n_all >= self->n_users)
          self->users[self->n_users++] = u;
        at++;
      }
}

typedef struct
{
  const RfTrained *trained;
  const guint32 *users;
  RfRanked *first;
} Batch;

static void
rank_users (size_t begin, size_t end, int worker, void *data)
{
  Batch *batch = data;
  const RfModel *model = batch->trained->model;
  const RfCsr *history = batch->trained->split->history;
  g_autoptr(RfScores) scores = rf_scores_new (model, 1);
  RfRankOptions options = { .k = 1 };

  for (size_t i = begin; i < end; i++)
    {
      guint32 user = batch->users[i];
      g_autoptr(RfRanking) ranking = NULL;

      rf_model_score (model, history, user, 1, user, NULL, scores);
      ranking = rf_rank_scores (model, scores, 0, rf_csr_row (history, user), rf_csr_row_length (history, user), &options);
      batch->first[i] = ranking->n > 0 ? ranking->items[0] : (RfRanked) { .item = RF_NO_INDEX, .driver = -1 };
    }
}

static gboolean
rank_all (RefractOverview *self, RfProgress *progress, GError **error)
{
  self->first = g_new0 (RfRanked, (gsize) self->n_users + 1);
  for (guint32 begin = 0; begin < self->n_users; begin += BATCH)
    {
      Batch batch = { self->trained, self->users + begin, self->first + begin };

      if (!rf_progress_step (progress, _("Ranking for every user"), begin / (double) self->n_users, error))
        return FALSE;
      rf_parallel_for (MIN (BATCH, self->n_users - begin), GRAIN, rank_users, &batch);
    }
  return TRUE;
}

RefractOverview *
refract_overview_new (RfTrained *trained, RfProgress *progress, GError **error)
{
  g_autoptr(RefractOverview) self = g_new0 (RefractOverview, 1);
  const RfGroupOptions group_options = { REFRACT_OVERVIEW_K, RF_PART_VALID, RF_REMOVAL_RENORMALISE, REFRACT_OVERVIEW_USERS };
  RfKnockoutOptions knockout_options = rf_knockout_options_default ();

  g_atomic_ref_count_init (&self->ref_count);
  self->trained = rf_trained_ref (trained);
  knockout_options.kinds = 1 << RF_KNOCKOUT_REMOVED;
  knockout_options.k = REFRACT_OVERVIEW_K;
  choose_users (self);
  if (!rank_all (self, progress, error))
    return NULL;
  self->groups = rf_groups_new (trained, &group_options, progress, error);
  if (self->groups == NULL)
    return NULL;
  knockout_options.driver = self->groups->driver;
  self->knockouts = rf_knockouts_new (trained, &knockout_options, progress, error);
  return self->knockouts ? g_steal_pointer (&self) : NULL;
}

/* The job. */

struct _RefractOverviewJob
{
  RefractJob parent_instance;

  RfTrained *trained;
  RefractOverview *overview;
};

G_DEFINE_FINAL_TYPE (RefractOverviewJob, refract_overview_job, REFRACT_TYPE_JOB)

RefractOverviewJob *
refract_overview_job_new (RfTrained *trained)
{
  RefractOverviewJob *self = g_object_new (REFRACT_TYPE_OVERVIEW_JOB, "title", _("Overview of all users"), NULL);

  self->trained = rf_trained_ref (trained);
  return self;
}

RefractOverview *
refract_overview_job_get_overview (RefractOverviewJob *self)
{
  return self->overview;
}

static gboolean
refract_overview_job_run (RefractJob *job, RfProgress *progress, GError **error)
{
  RefractOverviewJob *self = REFRACT_OVERVIEW_JOB (job);

  self->overview = refract_overview_new (self->trained, progress, error);
  return self->overview != NULL;
}

static void
refract_overview_job_finalize (GObject *object)
{
  RefractOverviewJob *self = REFRACT_OVERVIEW_JOB (object);

  rf_trained_unref (self->trained);
  g_clear_pointer (&self->overview, refract_overview_unref);
  G_OBJECT_CLASS (refract_overview_job_parent_class)->finalize (object);
}

static void
refract_overview_job_class_init (RefractOverviewJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_overview_job_finalize;
  REFRACT_JOB_CLASS (klass)->run = refract_overview_job_run;
}

static void
refract_overview_job_init (RefractOverviewJob *self)
{
}
