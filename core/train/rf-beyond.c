/* rf-beyond.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/train/rf-beyond.h"

#include <math.h>
#include <string.h>

#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/eval/rf-evaluate.h"
#include "core/eval/rf-metrics-beyond.h"
#include "core/eval/rf-metrics-scores.h"
#include "core/train/rf-modality.h"

#define TAIL  .8
#define USERS 16 /* scored by one thread at a time */

static guint32
count_users (const RfCsr *train)
{
  guint32 users = 0;

  for (guint32 u = 0; u < train->rows; u++)
    users += rf_csr_row_length (train, u) > 0;
  return users;
}

static gboolean
fill_diversity (RfWorkspace *workspace, const RfTrained *trained, const RfLists *lists, RfBeyond *out, RfProgress *progress, GError **error)
{
  const RfModel *model = trained->model;

  out->n_modalities = model->n_modalities;
  for (guint m = 0; m < model->n_modalities; m++)
    {
      g_autoptr(RfFeatures) features = NULL;

      out->diversity[m] = NAN;
      if (strcmp (model->names[m], "behaviour") == 0)
        continue;
      features = rf_modality_features_of (workspace, trained->catalog, trained->split->part[RF_PART_TRAIN], trained->config, model->names[m], progress, error);
      if (features == NULL)
        return FALSE;
      out->diversity[m] = rf_metrics_diversity (lists, features->x, features->available);
    }
  return TRUE;
}

typedef struct
{
  const RfModel *model;
  const RfCsr *history, *held;
  double *p;  /* two for each held-out item: of it, and of one that was not chosen */
  guint8 *y;
  guint64 seed;
} Odds;

static void
odds_of_users (size_t begin, size_t end, int worker, void *data)
{
  const Odds *o = data;
  guint32 n_items = o->model->n_items;
  g_autofree float *scores = g_new (float, (gsize) n_items + 1);

  for (size_t u = begin; u < end; u++)
    {
      guint32 user = (guint32) u;
      gsize length = rf_csr_row_length (o->held, user), at = 2 * o->held->ptr[user];
      RfRng rng = rf_rng_new (o->seed, user);

      if (length == 0)
        continue;
      rf_score_with_model (o->model, o->history, user, 1, scores);
      for (gsize e = 0; e < length; e++, at += 2)
        {
          guint32 other;
          guint tries = 0;

          do
            other = rf_rng_below (&rng, n_items);
          while (tries++ < 1000 && (rf_csr_contains (o->history, user, other) || rf_csr_contains (o->held, user, other)));
          o->p[at] = 1 / (1 + exp (-(double) scores[rf_csr_row (o->held, user)[e]]));
          o->p[at + 1] = 1 / (1 + exp (-(double) scores[other]));
          o->y[at] = 1;
          o->y[at + 1] = 0;
        }
    }
}

static void
fill_probabilities (const RfTrained *trained, const RfCsr *held, RfBeyond *out)
{
  gsize n = 2 * held->ptr[held->rows];
  g_autofree double *p = NULL;
  g_autofree guint8 *y = NULL;
  Odds odds = { trained->model, trained->split->history, held, NULL, NULL, 1 };

  out->accuracy = out->log_loss = out->brier = NAN;
  if (strcmp (trained->model->fusion, "evidence") == 0 || strcmp (trained->model->fusion, "late") == 0 || strcmp (rf_config_get (trained->config, "loss"), "bce") != 0)
    return;
  odds.p = p = g_new (double, n + 1);
  odds.y = y = g_new (guint8, n + 1);
  rf_parallel_for (held->rows, USERS, odds_of_users, &odds);
  out->accuracy = rf_metrics_accuracy (p, y, n);
  out->log_loss = rf_metrics_log_loss (p, y, n);
  out->brier = rf_metrics_brier (p, y, n);
}

gboolean
rf_beyond_evaluate (RfWorkspace *workspace, const RfTrained *trained, RfPart part, guint k, RfBeyond *out, RfProgress *progress, GError **error)
{
  const RfCsr *train = trained->split->part[RF_PART_TRAIN], *held = trained->split->part[part], *history = trained->split->history;
  guint32 n_items = trained->model->n_items;
  g_autofree guint32 *items = rf_top_lists (rf_score_with_model, trained->model, n_items, history, held, k, progress, error);
  g_autofree guint32 *count = rf_metrics_train_counts (train);
  RfLists lists = { items, held->rows, k, k, n_items };

  if (items == NULL)
    return FALSE;
  *out = (RfBeyond) {
    .k = k,
    .coverage = rf_metrics_coverage (&lists),
    .gini = rf_metrics_gini (&lists),
    .entropy = rf_metrics_entropy (&lists),
    .average_popularity = rf_metrics_average_popularity (&lists, count),
    .tail_share = rf_metrics_tail_share (&lists, count, TAIL),
    .novelty = rf_metrics_novelty (&lists, count, count_users (train)),
    .serendipity = rf_metrics_serendipity (&lists, count, held),
  };
  fill_probabilities (trained, held, out);
  return rf_metrics_auc (rf_score_with_model, trained->model, n_items, history, held, &out->pairwise_accuracy, NULL, progress, error) &&
         fill_diversity (workspace, trained, &lists, out, progress, error);
}
