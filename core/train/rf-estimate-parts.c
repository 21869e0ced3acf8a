/* rf-estimate-parts.c: the pieces of a training that are not epochs of a network, each run for a moment.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/eval/rf-evaluate.h"
#include "core/model/rf-content-knn.h"
#include "core/model/rf-content.h"
#include "core/model/rf-ease.h"
#include "core/model/rf-item-knn.h"
#include "core/train/rf-baselines.h"
#include "core/train/rf-channel-fit.h"
#include "core/train/rf-estimate-private.h"
#include "core/train/rf-evidence-data.h"
#include "core/train/rf-evidence.h"
#include "core/train/rf-joint.h"
#include "core/train/rf-modality.h"

#define JUDGED_USERS    128  /* whole blocks of rf_evaluate() */
#define FITTED_USERS    96   /* of the attention */
#define CORNER_USERS    300  /* EASE by users */
#define CORNER_ITEMS    1500 /* EASE by items */
#define CORNER_ROWS     20000
#define KNN_PAIRS       2e7 /* counted together */
#define KNN_ITEMS       1500
#define QUICK_STEPS     40 /* as rf-trainer.c asks which rule new items want */
#define NETWORK_SECONDS 0.5

/* ---- users and items to measure on ---- */

static gboolean
counts (const RfSplit *split, guint32 u)
{
  return rf_csr_row_length (split->part[RF_PART_TRAIN], u) > 0 && rf_csr_row_length (split->part[RF_PART_VALID], u) > 0;
}

guint
rf_estimate_count_users (const RfSplit *split)
{
  guint n = 0;

  for (guint32 u = 0; u < split->part[RF_PART_VALID]->rows; u++)
    n += counts (split, u);
  return n;
}

/* The first rows (those for which keep is TRUE, or all) and columns of x; the shape stays unless cut. */
static RfCsr *
corner (const RfCsr *x, guint32 rows, guint32 cols, guint32 new_rows, guint32 new_cols)
{
  RfCsr *out = g_new0 (RfCsr, 1);

  *out = (RfCsr){ .rows = new_rows, .cols = new_cols, .ptr = g_new0 (gsize, (gsize) new_rows + 1), .idx = g_new (guint32, x->ptr[MIN (rows, x->rows)] + 1) };
  for (guint32 u = 0; u < new_rows; u++)
    {
      out->ptr[u + 1] = out->ptr[u];
      for (gsize e = x->ptr[u]; u < rows && e < x->ptr[u + 1]; e++)
        if (x->idx[e] < cols)
          out->idx[out->ptr[u + 1]++] = x->idx[e];
    }
  return out;
}

RfCsr *
rf_estimate_some_users (const RfSplit *split, guint most, guint *n)
{
  const RfCsr *valid = split->part[RF_PART_VALID];
  guint32 u = 0;

  for (*n = 0; u < valid->rows && *n < most; u++)
    *n += counts (split, u);
  return corner (valid, u, valid->cols, valid->rows, valid->cols);
}

/* Pairs of items that meet in a history. */
static double
count_pairs (const RfCsr *x, guint32 rows)
{
  double n = 0;

  for (guint32 u = 0; u < rows; u++)
    n += (double) rf_csr_row_length (x, u) * (double) rf_csr_row_length (x, u);
  return n;
}

/* What judging costs, at one cut-off or at four, per user. */
static gboolean
judge (const RfEstimating *e, RfScoreFunc func, const void *scorer, const RfCsr *history, const RfCsr *held, guint n_users, RfCost *per_user, GError **error)
{
  RfEvaluation evaluation = { .n = 1, .k = { 20 } };
  RfCost began = rf_cost_now ();

  if (!rf_evaluate (&evaluation, func, scorer, history->cols, history, held, e->progress, error))
    return FALSE;
  *per_user = rf_cost_since (began, 1.0 / MAX (n_users, 1));
  return TRUE;
}

static gboolean
judge_here (const RfEstimating *e, RfScoreFunc func, const void *scorer, RfCost *per_user, GError **error)
{
  guint n;
  g_autoptr(RfCsr) held = rf_estimate_some_users (e->split, JUDGED_USERS, &n);

  return judge (e, func, scorer, e->split->part[RF_PART_TRAIN], held, n, per_user, error);
}

/* ---- bytes ---- */

static gsize
matrix_bytes (const RfMatrix *x)
{
  return x ? x->rows * x->cols * sizeof (float) : 0;
}

gsize
rf_estimate_channel_bytes (const RfChannel *c)
{
  gsize bytes = matrix_bytes (c->key) + matrix_bytes (c->value) + matrix_bytes (c->user) + matrix_bytes (c->dense);

  if (c->sparse)
    bytes += c->sparse->ptr[c->sparse->rows] * 8;
  return bytes;
}

gsize
rf_estimate_model_bytes (const RfModel *model)
{
  gsize bytes = 0;

  for (guint m = 0; m < model->n_modalities; m++)
    bytes += rf_estimate_channel_bytes (model->channels[m]);
  return bytes;
}

static void
raise_peak (RfEstimating *e, gsize bytes)
{
  e->peak = MAX (e->peak, bytes);
}

/* ---- content ---- */

static gboolean
measure_content (RfEstimating *e, const RfFeatures *features, RfChannel **channel, GError **error)
{
  double epsilon = rf_config_get_real (e->config, "content.epsilon"), lambda = rf_config_get_real (e->config, "content.lambda");
  RfChannelWork work = rf_fit_content_work (e->config);
  guint users = MIN (rf_estimate_count_users (e->split), RF_FIT_USERS);
  RfCost began = rf_cost_now (), fit, solution, judging;
  g_autoptr(RfContentSpace) space = rf_content_space_new (features, e->split->part[RF_PART_TRAIN], error);
  g_autoptr(RfContentSolver) solver = NULL;

  if (space == NULL)
    return FALSE;
  fit = rf_cost_since (began, 1);
  began = rf_cost_now ();
  solver = rf_content_solver_new (space, epsilon > 0 ? epsilon : 0.1, error);
  if (solver == NULL)
    return FALSE;
  fit = rf_cost_add (fit, rf_cost_since (began, work.solvers));
  began = rf_cost_now ();
  *channel = rf_content_solver_solve (solver, lambda > 0 ? lambda : 1);
  solution = rf_cost_since (began, work.solutions);
  if (!judge_here (e, rf_score_with_channel, *channel, &judging, error))
    return FALSE;
  rf_estimating_add (e, RF_STAGE_FITTING, rf_cost_add (fit, rf_cost_add (solution, rf_cost_scale (judging, (double) users * work.solutions))));
  raise_peak (e, rf_fit_content_bytes (e->config, features->x->rows, (*channel)->key->cols));
  return TRUE;
}

/* A content channel that is trained: a small network. */
static gboolean
measure_trained (RfEstimating *e, const RfFeatures *features, RfChannel **channel, GError **error)
{
  const RfCsr *train = e->split->part[RF_PART_TRAIN];
  g_autoptr(RfNetData) data = rf_net_data_new_channel (features, train, e->config);
  g_autoptr(RfNet) net = rf_net_new (&data->input, &data->options);
  RfNetTrainOptions options = rf_joint_options (e->config);
  g_autoptr(RfNetTrainer) trainer = NULL;
  RfNetCalibration c;
  RfCost epoch;

  options.loss = RF_LOSS_CE;
  rf_net_start (net);
  trainer = rf_net_trainer_new (net, train, e->split->part[RF_PART_VALID], &options);
  if (!rf_net_trainer_calibrate (trainer, NETWORK_SECONDS, &c, e->progress, error))
    return FALSE;
  epoch = rf_cost_add (c.batches, rf_cost_add (c.freezing, c.validation));
  rf_estimating_add (e, RF_STAGE_FITTING, rf_cost_scale (epoch, options.epochs));
  *channel = rf_channel_ref (c.model->channels[0]);
  raise_peak (e, rf_net_trainer_get_peak_bytes (trainer) + 4 * rf_params_block_length (rf_net_get_params (net)) * sizeof (rf_real) + rf_estimate_channel_bytes (*channel));
  rf_model_unref (c.model);
  return TRUE;
}

/* ---- behaviour ---- */

/* Neighbours of items as far as some users tell. */
static gboolean
measure_item_knn (RfEstimating *e, GError **error)
{
  const RfCsr *train = e->split->part[RF_PART_TRAIN];
  guint32 rows = 0;
  double pairs = 0;
  g_autoptr(RfCsr) some = NULL;
  RfCost began;

  if (e->item_knn)
    return TRUE;
  if (!rf_progress_step (e->progress, _("Trying neighbours"), -1, error))
    return FALSE;
  for (; rows < train->rows && pairs < KNN_PAIRS; rows++)
    pairs += (double) rf_csr_row_length (train, rows) * (double) rf_csr_row_length (train, rows);
  some = corner (train, rows, train->cols, train->rows, train->cols);
  began = rf_cost_now ();
  e->item_knn = rf_item_knn_fit (some, (guint) rf_config_get_int (e->config, "knn.neighbours"), rf_config_get_real (e->config, "knn.shrinkage"));
  e->item_knn_cost = rf_cost_since (began, count_pairs (train, train->rows) / MAX (pairs, 1));
  return TRUE;
}

/* How EASE grows from the corner to the whole. */
typedef struct
{
  RfCsr *train;  /* the corner */
  double solver; /* times as long */
  double solution;
  double judging; /* per user */
  gsize bytes;    /* of the real channel */
} EaseCorner;

static EaseCorner
cut_ease (const RfCsr *train)
{
  double u = train->rows, i = train->cols;
  EaseCorner c = { .solver = 1, .solution = 1, .judging = 1 };
  guint32 users = train->rows, items = train->cols;

  if (rf_ease_is_factored (train->rows, train->cols))
    {
      users = MIN (users, CORNER_USERS);
      c.solver = (9 * u * u * u + 2 * u * u * i) / (9 * pow (users, 3) + 2 * pow (users, 2) * i);
      c.solution = c.judging = u / users;
      c.bytes = (gsize) (8 * u * i);
      c.train = corner (train, users, items, users, items);
      return c;
    }
  items = MIN (items, CORNER_ITEMS);
  users = MIN (users, CORNER_ROWS);
  /* More rows than columns, or it would go the other way. */
  c.train = corner (train, users, items, MAX (users, items), items);
  c.solver = count_pairs (train, train->rows) / MAX (count_pairs (c.train, users), 1);
  c.solution = pow (i / items, 3);
  c.judging = i / items * (double) train->ptr[users] / MAX ((double) c.train->ptr[users], 1);
  c.bytes = (gsize) (4 * i * i);
  return c;
}

/* What EASE costs, whatever it is for; *channel (may be NULL): the real one, or NULL where only a corner was solved. */
static gboolean
measure_ease (RfEstimating *e, RfCost *cost, RfChannel **channel, gsize *bytes, GError **error)
{
  const RfCsr *train = e->split->part[RF_PART_TRAIN];
  EaseCorner c = cut_ease (train);
  g_autoptr(RfCsr) cut = c.train;
  RfChannelWork work = rf_fit_ease_work (train, e->config);
  g_autoptr(RfEaseSolver) solver = NULL;
  g_autoptr(RfChannel) solved = NULL;
  g_autoptr(RfCsr) held = NULL;
  guint n, users = MIN (rf_estimate_count_users (e->split), RF_FIT_USERS);
  RfCost began, judging;

  if (!rf_progress_step (e->progress, _("Trying the behaviour channel"), -1, error))
    return FALSE;
  began = rf_cost_now ();
  solver = rf_ease_solver_new (cut, error);
  if (solver == NULL)
    return FALSE;
  *cost = rf_cost_since (began, c.solver);
  began = rf_cost_now ();
  solved = rf_ease_solver_solve (solver, 200, error);
  if (solved == NULL)
    return FALSE;
  *cost = rf_cost_add (*cost, rf_cost_since (began, c.solution * work.solutions));
  held = rf_estimate_some_users (e->split, MIN (JUDGED_USERS, cut->rows), &n);
  if (cut->cols < train->cols)
    {
      g_autoptr(RfCsr) narrow = corner (held, MIN (held->rows, cut->rows), cut->cols, cut->rows, cut->cols);

      if (!judge (e, rf_score_with_channel, solved, cut, narrow, n, &judging, error))
        return FALSE;
    }
  else if (!judge (e, rf_score_with_channel, solved, train, held, n, &judging, error))
    return FALSE;
  *cost = rf_cost_add (*cost, rf_cost_scale (judging, c.judging * users * work.solutions));
  *bytes = c.bytes;
  if (channel && cut->cols == train->cols)
    *channel = g_steal_pointer (&solved);
  return TRUE;
}

static gboolean
measure_behaviour (RfEstimating *e, RfChannel **channel, GError **error)
{
  const RfCsr *train = e->split->part[RF_PART_TRAIN];
  RfCost cost;

  if (train->cols > rf_config_get_int (e->config, "ease.max_items") || strcmp (rf_config_get (e->config, "encoder.behaviour"), "knn") == 0)
    {
      if (!measure_item_knn (e, error))
        return FALSE;
      rf_estimating_add (e, RF_STAGE_FITTING, e->item_knn_cost);
      *channel = rf_channel_ref (e->item_knn);
      return TRUE;
    }
  if (!rf_fit_ease_check (train, error) || !measure_ease (e, &cost, channel, &e->behaviour_bytes, error))
    return FALSE;
  rf_estimating_add (e, RF_STAGE_FITTING, cost);
  /* While it is searched for, there is the best one so far besides. */
  raise_peak (e, rf_ease_estimate_bytes (train->rows, train->cols) + e->behaviour_bytes);
  if (*channel == NULL && measure_item_knn (e, error))
    *channel = rf_channel_ref (e->item_knn);
  return *channel != NULL;
}

gboolean
rf_estimate_channel (RfEstimating *e, const char *name, RfFeatures *features, GError **error)
{
  g_autofree char *key = g_strdup_printf ("channel.%s", name);
  RfChannel *channel = NULL;
  gboolean trained = (strcmp (name, "image") == 0 || strcmp (name, "text") == 0) && strcmp (rf_config_get (e->config, key), "trained") == 0, ok;

  if (features == NULL)
    ok = measure_behaviour (e, &channel, error);
  else
    ok = trained ? measure_trained (e, features, &channel, error) : measure_content (e, features, &channel, error);
  if (ok)
    {
      e->names[e->n] = g_strdup (name);
      e->features[e->n] = features;
      e->channels[e->n++] = channel;
    }
  else
    {
      rf_channel_unref (channel);
      rf_features_free (features);
    }
  return ok;
}

/* ---- attention ---- */

static gboolean
has_unchosen_items (const RfEstimating *e)
{
  g_autofree guint8 *seen = rf_items_seen (e->split->part[RF_PART_TRAIN]);

  return e->n > 1 && memchr (seen, 0, e->split->part[RF_PART_TRAIN]->cols) != NULL;
}

gboolean
rf_estimate_attention (RfEstimating *e, RfModel **model, GError **error)
{
  const RfCsr *train = e->split->part[RF_PART_TRAIN], *valid = e->split->part[RF_PART_VALID];
  RfEvidenceOptions options = { .n_steps = (guint) rf_config_get_int (e->config, "evidence.steps"), .guard = rf_config_get_bool (e->config, "evidence.guard") };
  RfEvidenceOptions quick = { .n_steps = MIN (options.n_steps, QUICK_STEPS) };
  RfAttention neutral = { .temperature = 1 };
  g_autofree float *popularity = rf_model_popularity_from (train);
  g_autoptr(RfEvidenceData) data = NULL;
  RfEvidenceWork work = rf_evidence_count_work (e->n, &options), trials = rf_evidence_count_work (e->n, &quick);
  double gradient[RF_EVIDENCE_MAX_PARAMETERS], ratio, tries = has_unchosen_items (e) ? 2 : 0;
  const float start[RF_EVIDENCE_MAX_PARAMETERS] = { 0 };
  RfCost began = rf_cost_now (), reading, loss, metric;
  guint32 users;

  *model = rf_model_new (e->n, (const char *const *) e->names, e->channels, &neutral, popularity);
  data = rf_evidence_data_new (*model, train, valid, FITTED_USERS, 1, e->progress, error);
  if (data == NULL)
    return FALSE;
  users = rf_evidence_data_count_users (train, valid, (guint) rf_config_get_int (e->config, "evidence.users"));
  ratio = (double) users / data->n_users;
  reading = rf_cost_since (began, ratio * (1 + tries));
  rf_evidence_data_loss (data, start, 0, gradient);
  began = rf_cost_now ();
  rf_evidence_data_loss (data, start, 0, gradient);
  rf_evidence_data_loss (data, start, 1, gradient);
  loss = rf_cost_since (began, ratio / 2 * (work.losses + tries * trials.losses));
  rf_evidence_data_ndcg (data, start, 0);
  began = rf_cost_now ();
  rf_evidence_data_ndcg (data, start, 0);
  rf_evidence_data_ndcg (data, start, 1);
  metric = rf_cost_since (began, ratio / 2 * (work.metrics + tries * trials.metrics));
  rf_estimating_add (e, RF_STAGE_FITTING, rf_cost_add (reading, rf_cost_add (loss, metric)));
  raise_peak (e, (gsize) users * train->cols * e->n * sizeof (float) + e->behaviour_bytes);
  return TRUE;
}

/* ---- judging and baselines ---- */

static gboolean
measure_content_knn (RfEstimating *e, const char *name, RfCost *cost, GError **error)
{
  g_autoptr(RfFeatures) all = rf_modality_features_of (e->workspace, e->catalog, e->split->part[RF_PART_TRAIN], e->config, name, e->progress, error);
  gsize rows;
  RfMatrix *x;
  g_autoptr(RfFeatures) some = NULL;
  g_autoptr(RfChannel) channel = NULL;
  RfCost began;

  if (all == NULL)
    return FALSE;
  if (rf_features_count_available (all) == 0)
    return TRUE;
  rows = MIN (all->x->rows, KNN_ITEMS);
  x = rf_matrix_new (rows, all->x->cols);
  memcpy (x->x, all->x->x, rows * x->cols * sizeof (float));
  some = rf_features_new (all->name, all->key, x, g_memdup2 (all->available, rows));
  began = rf_cost_now ();
  channel = rf_content_knn_fit (some, (guint) rf_config_get_int (e->config, "knn.neighbours"), e->progress, error);
  *cost = rf_cost_since (began, pow ((double) all->x->rows / (double) rows, 2));
  return channel != NULL;
}

static gboolean
add_content_baselines (RfEstimating *e, const RfBaselines *baselines, const RfEvaluation *cutoffs, RfCost sparse, GError **error)
{
  g_auto(GStrv) wanted = g_strsplit (rf_config_get (e->config, "model.modalities"), ",", -1);

  for (guint w = 0; wanted[w]; w++)
    {
      g_autofree char *name = g_strdup_printf ("%s-knn", g_strstrip (wanted[w]));
      RfCost cost = { 0 };

      if (strcmp (wanted[w], "behaviour") == 0 || rf_baselines_is_kept (baselines, cutoffs, name))
        continue;
      if (!measure_content_knn (e, wanted[w], &cost, error))
        return FALSE;
      rf_estimating_add (e, RF_STAGE_BASELINES, rf_cost_add (cost, sparse));
    }
  return TRUE;
}

/* The closed-form baselines that are not kept; sparse: what judging a sparse channel costs, for all users. */
static gboolean
add_kept_baselines (RfEstimating *e, const RfModel *model, RfCost sparse, GError **error)
{
  const RfBaselines baselines = { e->workspace, e->catalog, e->config, model, e->split, RF_PART_VALID };
  const RfCsr *train = e->split->part[RF_PART_TRAIN];
  RfEvaluation cutoffs = { 0 };
  gboolean is_ease = FALSE;

  if (!rf_evaluation_parse_cutoffs (&cutoffs, "5,10,20,50", error))
    return FALSE;
  if (!rf_baselines_is_kept (&baselines, &cutoffs, "item-knn"))
    rf_estimating_add (e, RF_STAGE_BASELINES, rf_cost_add (e->item_knn_cost, sparse));
  for (guint m = 0; m < e->n; m++)
    is_ease = is_ease || g_strcmp0 (e->channels[m]->method, "ease") == 0 || e->behaviour_bytes > 0;
  if (!rf_baselines_is_kept (&baselines, &cutoffs, "ease") && train->cols <= rf_config_get_int (e->config, "ease.max_items") && rf_fit_ease_check (train, NULL))
    {
      RfCost cost = { 0 };
      gsize bytes;

      if (!is_ease && !measure_ease (e, &cost, NULL, &bytes, error))
        return FALSE;
      if (!is_ease)
        raise_peak (e, rf_ease_estimate_bytes (train->rows, train->cols) + bytes);
      rf_estimating_add (e, RF_STAGE_BASELINES, rf_cost_add (cost, sparse));
    }
  return add_content_baselines (e, &baselines, &cutoffs, sparse, error);
}

gboolean
rf_estimate_judging (RfEstimating *e, const RfModel *model, GError **error)
{
  guint n_users = rf_estimate_count_users (e->split);
  gboolean closed = strcmp (model->fusion, "evidence") == 0;
  RfCost whole, vector, sparse, part;

  if (!judge_here (e, rf_score_with_model, model, &whole, error) || !judge_here (e, rf_score_with_vector, model->popularity, &vector, error) ||
      !measure_item_knn (e, error) || !judge_here (e, rf_score_with_channel, e->item_knn, &sparse, error))
    return FALSE;
  rf_estimating_add (e, RF_STAGE_JUDGING, rf_cost_scale (whole, n_users));
  rf_estimating_add (e, RF_STAGE_BASELINES, rf_cost_scale (vector, n_users));
  /* The parts of the default model are judged each time. */
  for (guint m = 0; closed && m < model->n_modalities; m++)
    {
      if (strcmp (model->names[m], "behaviour") == 0)
        continue;
      if (!judge_here (e, rf_score_with_channel, model->channels[m], &part, error))
        return FALSE;
      rf_estimating_add (e, RF_STAGE_BASELINES, rf_cost_scale (part, n_users));
    }
  if (closed && model->n_modalities > 1)
    rf_estimating_add (e, RF_STAGE_BASELINES, rf_cost_scale (whole, n_users));
  return add_kept_baselines (e, model, rf_cost_scale (sparse, n_users), error);
}
