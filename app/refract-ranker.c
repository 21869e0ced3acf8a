/* refract-ranker.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-ranker.h"

#include <string.h>

#include "app/refract-job.h"

#define DEFAULT_PLACES 500

RefractRanking *
refract_ranking_ref (RefractRanking *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
refract_ranking_unref (RefractRanking *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  rf_trained_unref (self->trained);
  g_free (self->history);
  rf_ranking_free (self->ranking);
  g_free (self->trained_rank);
  g_free (self);
}

/* The job: one wish worked out. `scores` is lent to it by the ranker: the numbers of `scored_user` if they are there. */

#define REFRACT_TYPE_RANKING_JOB (refract_ranking_job_get_type ())
G_DECLARE_FINAL_TYPE (RefractRankingJob, refract_ranking_job, REFRACT, RANKING_JOB, RefractJob)

struct _RefractRankingJob
{
  RefractJob parent_instance;

  RfTrained *trained;
  guint32 user;
  guint places;
  float weights[RF_MAX_MODALITIES];
  guint serial;

  RfScores *scores;
  gboolean scored;
  guint32 *trained_rank; /* of the same user, if scored */
  RefractRanking *ranking;
};

G_DEFINE_FINAL_TYPE (RefractRankingJob, refract_ranking_job, REFRACT_TYPE_JOB)

static gboolean
all_ones (const float *weights, guint n)
{
  for (guint m = 0; m < n; m++)
    if (weights[m] != 1)
      return FALSE;
  return TRUE;
}

/* Where every item stands as trained. */
static guint32 *
rank_as_trained (RefractRankingJob *self, const guint32 *history, gsize n_history)
{
  guint32 n_items = rf_model_get_n_items (self->trained->model);
  guint32 *rank = g_new0 (guint32, (gsize) n_items + 1);
  RfRankOptions options = { 0 };
  g_autoptr (RfRanking) all = rf_rank_scores (self->trained->model, self->scores, 0, history, n_history, &options);

  for (guint i = 0; i < all->n; i++)
    rank[all->items[i].item] = i + 1;
  return rank;
}

static gboolean
refract_ranking_job_run (RefractJob *job, RfProgress *progress, GError **error)
{
  RefractRankingJob *self = REFRACT_RANKING_JOB (job);
  const RfModel *model = self->trained->model;
  const RfCsr *train = self->trained->split->part[RF_PART_TRAIN];
  const guint32 *history = rf_csr_row (train, self->user);
  gsize n_history = rf_csr_row_length (train, self->user);
  guint n_modalities = rf_model_get_n_modalities (model);
  RfRankOptions options = {
    .k = self->places,
    .weights = self->weights,
  };
  g_autofree guint32 *held_out = rf_trained_dup_held_out (self->trained, self->user, &options.n_relevant);
  RefractRanking *ranking;

  options.relevant = held_out;
  if (self->scores == NULL)
    self->scores = rf_scores_new (model, 1);
  if (!self->scored)
    {
      rf_model_score (model, train, self->user, 1, self->user, NULL, self->scores);
      g_clear_pointer (&self->trained_rank, g_free);
      self->trained_rank = rank_as_trained (self, history, n_history);
      self->scored = TRUE;
    }
  rf_model_reweight (model, self->weights, self->scores);

  ranking = self->ranking = g_new0 (RefractRanking, 1);
  g_atomic_ref_count_init (&ranking->ref_count);
  ranking->trained = rf_trained_ref (self->trained);
  ranking->user = self->user;
  ranking->history = g_memdup2 (history, n_history * sizeof *history);
  ranking->n_history = n_history;
  memcpy (ranking->weights, self->weights, sizeof ranking->weights);
  ranking->reweighted = !all_ones (self->weights, n_modalities);
  ranking->ranking = rf_rank_scores (model, self->scores, 0, history, n_history, &options);
  ranking->trained_rank = g_memdup2 (self->trained_rank, rf_model_get_n_items (model) * sizeof *self->trained_rank);
  return TRUE;
}

static void
refract_ranking_job_finalize (GObject *object)
{
  RefractRankingJob *self = REFRACT_RANKING_JOB (object);

  g_clear_pointer (&self->trained, rf_trained_unref);
  g_clear_pointer (&self->scores, rf_scores_free);
  g_free (self->trained_rank);
  g_clear_pointer (&self->ranking, refract_ranking_unref);
  G_OBJECT_CLASS (refract_ranking_job_parent_class)->finalize (object);
}

static void
refract_ranking_job_class_init (RefractRankingJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_ranking_job_finalize;
  REFRACT_JOB_CLASS (klass)->run = refract_ranking_job_run;
}

static void
refract_ranking_job_init (RefractRankingJob *self)
{
}

struct _RefractRanker
{
  GObject parent_instance;

  RfTrained *trained;
  guint32 user;
  guint places;
  float weights[RF_MAX_MODALITIES];
  guint serial; /* of the wish */

  RefractRankingJob *job; /* running, or NULL */
  RfScores *scores;       /* of scored_user, for scored_trained */
  RfTrained *scored_trained;
  guint32 scored_user;
  guint32 *trained_rank;

  RefractRanking *ranking;
  guint ranking_serial;
};

enum
{
  PROP_0,
  PROP_RANKING,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RefractRanker, refract_ranker, G_TYPE_OBJECT)

RefractRanker *
refract_ranker_new (void)
{
  return g_object_new (REFRACT_TYPE_RANKER, NULL);
}

static void
take_ranking (RefractRanker *self, RefractRanking *ranking, guint serial)
{
  g_clear_pointer (&self->ranking, refract_ranking_unref);
  self->ranking = ranking;
  self->ranking_serial = serial;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RANKING]);
}

static void
forget_scores (RefractRanker *self)
{
  g_clear_pointer (&self->scores, rf_scores_free);
  g_clear_pointer (&self->scored_trained, rf_trained_unref);
  g_clear_pointer (&self->trained_rank, g_free);
}

static void start_if_needed (RefractRanker *self);

static void
job_ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RefractRanker) self = user_data;
  RefractRankingJob *job = REFRACT_RANKING_JOB (source);
  g_autoptr (RefractRankingJob) held = g_steal_pointer (&self->job);

  g_assert (held == job);
  if (refract_job_run_finish (REFRACT_JOB (job), result, NULL))
    {
      forget_scores (self);
      self->scores = g_steal_pointer (&job->scores);
      self->scored_trained = g_steal_pointer (&job->trained);
      self->scored_user = job->user;
      self->trained_rank = g_steal_pointer (&job->trained_rank);
      /* A result for a run or a user that is no longer wanted is not shown; one for older weights is: a slider then moves
       * smoothly instead of waiting until the hand rests. */
      if (self->scored_trained == self->trained && self->scored_user == self->user)
        take_ranking (self, g_steal_pointer (&job->ranking), job->serial);
    }
  start_if_needed (self);
}

static void
start_if_needed (RefractRanker *self)
{
  RefractRankingJob *job;

  if (self->job != NULL)
    return;
  if (self->trained == NULL || self->user == RF_NO_INDEX)
    {
      forget_scores (self);
      if (self->ranking != NULL)
        take_ranking (self, NULL, self->serial);
      self->ranking_serial = self->serial;
      return;
    }
  if (self->ranking_serial == self->serial)
    return;
  job = self->job = g_object_new (REFRACT_TYPE_RANKING_JOB, NULL);
  job->trained = rf_trained_ref (self->trained);
  job->user = self->user;
  job->places = self->places;
  memcpy (job->weights, self->weights, sizeof job->weights);
  job->serial = self->serial;
  if (self->scores != NULL && self->scored_trained == self->trained)
    {
      job->scores = g_steal_pointer (&self->scores);
      job->scored = self->scored_user == self->user;
      job->trained_rank = g_steal_pointer (&self->trained_rank);
    }
  forget_scores (self);
  refract_job_run_async (REFRACT_JOB (job), job_ended_cb, g_object_ref (self));
}

static void
wish_changed (RefractRanker *self)
{
  self->serial++;
  start_if_needed (self);
}

void
refract_ranker_set_places (RefractRanker *self, guint places)
{
  if (self->places == places)
    return;
  self->places = places;
  wish_changed (self);
}

void
refract_ranker_set_trained (RefractRanker *self, RfTrained *trained)
{
  if (self->trained == trained)
    return;
  g_clear_pointer (&self->trained, rf_trained_unref);
  self->trained = trained != NULL ? rf_trained_ref (trained) : NULL;
  wish_changed (self);
}

void
refract_ranker_set_user (RefractRanker *self, guint32 user)
{
  if (self->user == user)
    return;
  self->user = user;
  wish_changed (self);
}

void
refract_ranker_set_weights (RefractRanker *self, const float *weights)
{
  guint n = self->trained != NULL ? rf_model_get_n_modalities (self->trained->model) : 0;
  float wanted[RF_MAX_MODALITIES];

  for (guint m = 0; m < RF_MAX_MODALITIES; m++)
    wanted[m] = weights != NULL && m < n ? weights[m] : 1;
  if (memcmp (wanted, self->weights, sizeof wanted) == 0)
    return;
  memcpy (self->weights, wanted, sizeof wanted);
  wish_changed (self);
}

RefractRanking *
refract_ranker_get_ranking (RefractRanker *self)
{
  return self->ranking;
}

gboolean
refract_ranker_is_current (RefractRanker *self)
{
  return self->ranking_serial == self->serial;
}

static void
refract_ranker_finalize (GObject *object)
{
  RefractRanker *self = REFRACT_RANKER (object);

  forget_scores (self);
  g_clear_pointer (&self->trained, rf_trained_unref);
  g_clear_pointer (&self->ranking, refract_ranking_unref);
  G_OBJECT_CLASS (refract_ranker_parent_class)->finalize (object);
}

static void
refract_ranker_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_RANKING:
      g_value_set_pointer (value, REFRACT_RANKER (object)->ranking);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
refract_ranker_class_init (RefractRankerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = refract_ranker_finalize;
  object_class->get_property = refract_ranker_get_property;
  props[PROP_RANKING] = g_param_spec_pointer ("ranking", NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
refract_ranker_init (RefractRanker *self)
{
  self->user = RF_NO_INDEX;
  self->places = DEFAULT_PLACES;
  for (guint m = 0; m < RF_MAX_MODALITIES; m++)
    self->weights[m] = 1;
}
