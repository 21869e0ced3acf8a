/* rf-what-if.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/explain/rf-what-if.h"

#include <math.h>
#include <string.h>

#include "core/eval/rf-evaluate.h"
#include "core/eval/rf-metrics-beyond.h"
#include "core/eval/rf-ranker.h"

#define OVERLAP_P .9

static int
by_number (gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  return x < y ? -1 : x > y;
}

static gboolean
is_among (const guint32 *items, gsize n, guint32 item)
{
  for (gsize j = 0; j < n; j++)
    if (items[j] == item)
      return TRUE;
  return FALSE;
}

guint32 *
rf_history_edit (const guint32 *history, gsize n_history, const guint32 *add, gsize n_add, const guint32 *removed, gsize n_removed, gsize *n)
{
  guint32 *out = g_new (guint32, n_history + n_add + 1);

  *n = 0;
  for (gsize j = 0; j < n_history + n_add; j++)
    {
      guint32 item = j < n_history ? history[j] : add[j - n_history];

      if (!is_among (removed, n_removed, item) && !is_among (out, *n, item))
        out[(*n)++] = item;
    }
  qsort (out, *n, sizeof *out, by_number);
  return out;
}

static void
score_row (const RfModel *model, const guint32 *history, gsize n, guint32 user, const float *weights, RfScores *scores)
{
  gsize ptr[2] = { 0, n };
  RfCsr row = { .rows = 1, .cols = model->n_items, .ptr = ptr, .idx = (guint32 *) history };

  rf_model_score (model, &row, 0, 1, user, weights, scores);
}

guint
rf_what_if_moves (const RfModel *model, const guint32 *history, gsize n_history, guint32 user, const guint32 *edited, gsize n_edited,
                  const float *weights, guint k, RfMove *out)
{
  g_autoptr(RfScores) before = rf_scores_new (model, 1), after = rf_scores_new (model, 1);
  g_autofree guint32 *list = g_new (guint32, k + 1), *both = NULL;
  gsize n_both;
  guint n = 0;

  both = rf_history_edit (history, n_history, edited, edited ? n_edited : 0, NULL, 0, &n_both);
  score_row (model, history, n_history, user, NULL, before);
  score_row (model, edited ? edited : history, edited ? n_edited : n_history, edited ? RF_NO_USER : user, weights, after);
  rf_top_of_scores (after->score, model->n_items, both, n_both, k, list);
  for (; n < k && list[n] != G_MAXUINT32; n++)
    out[n] = (RfMove) { list[n], rf_place_of_score (before->score, model->n_items, both, n_both, list[n], before->score[list[n]]), n + 1, after->score[list[n]] };
  return n;
}

static gboolean
judge (const guint32 *lists, const RfCsr *held, const RfWhatIfOptions *o, double *per_user, GError **error)
{
  g_autofree RfMetrics *all = g_new (RfMetrics, (gsize) held->rows + 1);
  RfMetrics mean;

  rf_metrics_mean (lists, o->k, o->k, held, &mean, all);
  for (guint32 u = 0; u < held->rows; u++)
    if (!rf_metrics_get (&all[u], o->metric, &per_user[u], error))
      return FALSE;
  return TRUE;
}

gboolean
rf_what_if_all (const RfTrained *trained, const float *weights, const RfWhatIfOptions *o, RfWhatIf *result, RfProgress *progress, GError **error)
{
  const RfCsr *history = trained->split->history, *held = trained->split->part[o->part];
  const RfCompareOptions compare = { o->alpha, o->resamples, 1 };
  guint32 n_items = trained->model->n_items, n = held->rows;
  RfWeightedModel weighted = { trained->model, weights };
  g_autofree guint32 *before = rf_top_lists (rf_score_with_model, trained->model, n_items, history, held, o->k, progress, error);
  g_autofree guint32 *after = before ? rf_top_lists (rf_score_weighted, &weighted, n_items, history, held, o->k, progress, error) : NULL;
  g_autofree double *a = g_new (double, (gsize) n + 1), *b = g_new (double, (gsize) n + 1);
  RfLists lists = { before, n, o->k, o->k, n_items };
  double overlap = 0;

  if (after == NULL || !judge (before, held, o, a, error) || !judge (after, held, o, b, error))
    return FALSE;
  memset (result, 0, sizeof *result);
  result->coverage_before = rf_metrics_coverage (&lists);
  lists.items = after;
  result->coverage_after = rf_metrics_coverage (&lists);
  for (guint32 u = 0; u < n; u++)
    if (rf_csr_row_length (held, u) > 0)
      {
        const guint32 *x = before + (gsize) u * o->k, *y = after + (gsize) u * o->k;

        overlap += rf_rank_biased_overlap (x, y, o->k, OVERLAP_P);
        result->changed += memcmp (x, y, o->k * sizeof *x) != 0;
        result->users++;
      }
  result->overlap = result->users ? overlap / result->users : NAN;
  return rf_compare (a, b, n, &compare, &result->metric, progress, error);
}
