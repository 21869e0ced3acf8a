/* rf-baselines.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/train/rf-baselines.h"

#include "core/model/rf-item-knn.h"

typedef struct
{
  const RfModel *model;
  const RfSplit *split;
  RfPart part;
  const RfEvaluation *cutoffs;
  RfBaselineFunc func;
  void *data;
  RfProgress *progress;
} Baselines;

static gboolean
evaluate (const Baselines *b, const char *name, RfScoreFunc func, const void *scorer, GError **error)
{
  RfEvaluation evaluation = *b->cutoffs;

  if (!rf_evaluate (&evaluation, func, scorer, b->model->n_items, b->split->history, b->split->part[b->part], b->progress, error))
    return FALSE;
  b->func (name, &evaluation, b->data);
  return TRUE;
}

/* Late fusion: the same weight for every modality, no popularity. */
static gboolean
evaluate_equal (const Baselines *b, GError **error)
{
  RfAttention neutral = { .temperature = 1 };
  g_autoptr(RfModel) equal = rf_model_new (b->model->n_modalities, (const char *const *) b->model->names, b->model->channels, &neutral, b->model->popularity);

  return b->model->n_modalities < 2 || evaluate (b, "equal-weights", rf_score_with_model, equal, error);
}

gboolean
rf_baselines_evaluate (const RfModel *model, const RfSplit *split, RfPart part, const RfConfig *config, const RfEvaluation *cutoffs,
                       RfBaselineFunc func, void *data, RfProgress *progress, GError **error)
{
  Baselines b = { model, split, part, cutoffs, func, data, progress };
  g_autoptr(RfChannel) knn = rf_item_knn_fit (split->part[RF_PART_TRAIN], (guint) rf_config_get_int (config, "knn.neighbours"),
                                              rf_config_get_real (config, "knn.shrinkage"));
  gboolean ok = evaluate (&b, "popular", rf_score_with_vector, model->popularity, error) &&
                evaluate (&b, "item-knn", rf_score_with_channel, knn, error);

  for (guint m = 0; m < model->n_modalities && ok; m++)
    {
      gboolean is_ease = g_strcmp0 (model->channels[m]->method, "ease") == 0;
      g_autofree char *name = is_ease ? g_strdup ("ease") : g_strdup_printf ("%s-only", model->names[m]);

      ok = evaluate (&b, name, rf_score_with_channel, model->channels[m], error);
    }
  return ok && evaluate_equal (&b, error);
}
