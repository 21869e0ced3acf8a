/* refract-ranker.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-ranker.h"

#include <stdlib.h>
#include <string.h>

#include "app/refract-job.h"
#include "core/eval/rf-evaluate.h"

#define PLACES 500

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
  g_free (self->parts);
  g_free (self);
}

/* The job: one wish worked out. `scores` is lent to it by the ranker: the numbers of the same subject if they are there. */

#define REFRACT_TYPE_RANKING_JOB (refract_ranking_job_get_type ())
G_DECLARE_FINAL_TYPE (RefractRankingJob, refract_ranking_job, REFRACT, RANKING_JOB, RefractJob)

struct _RefractRankingJob
{
  RefractJob parent_instance;

  RfTrained *trained;
  guint32 user;     /* RF_NO_INDEX: the composed history */
  guint32 *history; /* ascending */
  gsize n_history;
  guint subject;    /* tells one user or history from the next */
  gboolean with_history, every_item;
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
rank_as_trained (RefractRankingJob *self)
{
  guint32 n_items = rf_model_get_n_items (self->trained->model);
  guint32 *rank = g_new0 (guint32, (gsize) n_items + 1);
  g_autofree guint32 *order = g_new (guint32, (gsize) n_items + 1);

  rf_top_of_scores (self->scores->score, n_items, self->history, self->with_history ? 0 : self->n_history, n_items, order);
  for (guint32 i = 0; i < n_items && order[i] != RF_NO_INDEX; i++)
    rank[order[i]] = i + 1;
  return rank;
}

static float *
make_parts (RefractRankingJob *self)
{
  const RfModel *model = self->trained->model;
  guint32 n_items = rf_model_get_n_items (model);
  guint n = rf_model_get_n_modalities (model);
  float *parts = g_new (float, (gsize) n_items * n + 1);

  for (guint32 i = 0; i < n_items; i++)
    {
      RfRanked ranked;

      rf_ranked_fill (model, self->scores, 0, i, &ranked);
      memcpy (parts + (gsize) i * n, ranked.contribution, n * sizeof *parts);
    }
  return parts;
}

static gboolean
refract_ranking_job_run (RefractJob *job, RfProgress *progress, GError **error)
{
  RefractRankingJob *self = REFRACT_RANKING_JOB (job);
  const RfModel *model = self->trained->model;
  gsize ptr[2] = { 0, self->n_history };
  RfCsr row = { .rows = 1, .cols = rf_model_get_n_items (model), .ptr = ptr, .idx = self->history };
  RfRankOptions options = { .k = PLACES, .weights = self->weights, .include_history = self->with_history };
  g_autofree guint32 *held_out = self->user != RF_NO_INDEX ? rf_trained_dup_held_out (self->trained, self->user, &options.n_relevant) : NULL;
  RefractRanking *ranking;

  options.relevant = held_out;
  if (self->scores == NULL)
    self->scores = rf_scores_new (model, 1);
  if (!self->scored)
    {
      rf_model_score (model, &row, 0, 1, self->user, NULL, self->scores);
      g_clear_pointer (&self->trained_rank, g_free);
      self->trained_rank = rank_as_trained (self);
      self->scored = TRUE;
    }
  rf_model_reweight (model, self->weights, self->scores);

  ranking = self->ranking = g_new0 (RefractRanking, 1);
  g_atomic_ref_count_init (&ranking->ref_count);
  ranking->trained = rf_trained_ref (self->trained);
  ranking->user = self->user;
  ranking->history = g_memdup2 (self->history, self->n_history * sizeof *self->history);
  ranking->n_history = self->n_history;
  memcpy (ranking->weights, self->weights, sizeof ranking->weights);
  ranking->reweighted = !all_ones (self->weights, rf_model_get_n_modalities (model));
  ranking->ranking = rf_rank_scores (model, self->scores, 0, self->history, self->n_history, &options);
  ranking->trained_rank = g_memdup2 (self->trained_rank, rf_model_get_n_items (model) * sizeof *self->trained_rank);
  if (self->every_item)
    ranking->parts = make_parts (self);
  return TRUE;
}

static void
refract_ranking_job_finalize (GObject *object)
{
  RefractRankingJob *self = REFRACT_RANKING_JOB (object);

  g_clear_pointer (&self->trained, rf_trained_unref);
  g_clear_pointer (&self->scores, rf_scores_free);
  g_free (self->history);
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
  guint32 *composed; /* ascending, distinct; NULL: nothing composed */
  gsize n_composed;
  guint subject; /* counts the changes of user, history and what is left out */
  gboolean with_history, every_item;
  float weights[RF_MAX_MODALITIES];
  guint serial; /* of the wish */

  RefractRankingJob *job; /* running, or NULL */
  RfScores *scores;       /* of scored_subject, for scored_trained */
  RfTrained *scored_trained;
  guint scored_subject;
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
  g_autoptr(RefractRanker) self = user_data;
  RefractRankingJob *job = REFRACT_RANKING_JOB (source);
  g_autoptr(RefractRankingJob) held = g_steal_pointer (&self->job);

  g_assert (held == job);
  if (refract_job_run_finish (REFRACT_JOB (job), result, NULL))
    {
      forget_scores (self);
      self->scores = g_steal_pointer (&job->scores);
      self->scored_trained = g_steal_pointer (&job->trained);
      self->scored_subject = job->subject;
      self->trained_rank = g_steal_pointer (&job->trained_rank);
      /* A result for a run or a user that is no longer wanted is not shown; one for older weights is: a slider then moves
       * smoothly instead of waiting until the hand rests. */
      if (self->scored_trained == self->trained && self->scored_subject == self->subject)
        take_ranking (self, g_steal_pointer (&job->ranking), job->serial);
    }
  start_if_needed (self);
}

/* A history kept from the split of the run, or the composed one: only items that the model knows. */
static void
give_history (RefractRanker *self, RefractRankingJob *job)
{
  const RfCsr *history = self->trained->split->history;
  guint32 n_items = rf_model_get_n_items (self->trained->model);

  job->user = self->user;
  if (self->user != RF_NO_INDEX)
    {
      job->n_history = rf_csr_row_length (history, self->user);
      job->history = g_memdup2 (rf_csr_row (history, self->user), job->n_history * sizeof *job->history);
      return;
    }
  job->history = g_new (guint32, self->n_composed + 1);
  for (gsize i = 0; i < self->n_composed; i++)
    if (self->composed[i] < n_items)
      job->history[job->n_history++] = self->composed[i];
}

static void
start_if_needed (RefractRanker *self)
{
  RefractRankingJob *job;

  if (self->job != NULL)
    return;
  if (self->trained == NULL || (self->user == RF_NO_INDEX && self->composed == NULL))
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
  give_history (self, job);
  job->subject = self->subject;
  job->with_history = self->with_history;
  job->every_item = self->every_item;
  memcpy (job->weights, self->weights, sizeof job->weights);
  job->serial = self->serial;
  if (self->scores != NULL && self->scored_trained == self->trained)
    {
      job->scores = g_steal_pointer (&self->scores);
      job->scored = self->scored_subject == self->subject;
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
  if (self->user == user && self->composed == NULL)
    return;
  self->user = user;
  g_clear_pointer (&self->composed, g_free);
  self->n_composed = 0;
  self->subject++;
  wish_changed (self);
}

static int
by_index (gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  return x < y ? -1 : x > y;
}

void
refract_ranker_set_history (RefractRanker *self, const guint32 *items, gsize n)
{
  guint32 *sorted = n > 0 ? g_memdup2 (items, n * sizeof *items) : NULL;
  gsize kept = 0;

  if (sorted)
    qsort (sorted, n, sizeof *sorted, by_index);
  for (gsize i = 0; i < n; i++)
    if (i == 0 || sorted[i] != sorted[i - 1])
      sorted[kept++] = sorted[i];
  g_free (self->composed);
  self->composed = sorted;
  self->n_composed = kept;
  self->user = RF_NO_INDEX;
  self->subject++;
  wish_changed (self);
}

void
refract_ranker_set_with_history (RefractRanker *self, gboolean with_history)
{
  if (self->with_history == with_history)
    return;
  self->with_history = with_history;
  self->subject++;
  wish_changed (self);
}

void
refract_ranker_set_every_item (RefractRanker *self, gboolean every_item)
{
  if (self->every_item == every_item)
    return;
  self->every_item = every_item;
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
  g_free (self->composed);
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
  for (guint m = 0; m < RF_MAX_MODALITIES; m++)
    self->weights[m] = 1;
}
