/* rf-beyond.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/train/rf-beyond.h"

#include <math.h>
#include <string.h>

#include "core/eval/rf-evaluate.h"
#include "core/eval/rf-metrics-beyond.h"
#include "core/eval/rf-metrics-scores.h"
#include "core/train/rf-modality.h"

#define TAIL .8

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
  return rf_metrics_auc (rf_score_with_model, trained->model, n_items, history, held, &out->pairwise_accuracy, NULL, progress, error) &&
         fill_diversity (workspace, trained, &lists, out, progress, error);
}
