/* rf-counterfactual.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/explain/rf-counterfactual.h"

#include <math.h>
#include <string.h>

#include "core/eval/rf-ranker.h"
#include "core/explain/rf-attribution.h"

#define MAX_SETS     4096
#define WEIGHT_STEPS 40 /* of 0.05: the slider's own steps */

static RfCsr
one_row (const RfModel *model, const guint32 *history, gsize n, gsize ptr[2])
{
  ptr[0] = 0;
  ptr[1] = n;
  return (RfCsr) { .rows = 1, .cols = model->n_items, .ptr = ptr, .idx = (guint32 *) history };
}

/* Among the items outside the history. */
static guint
place_in_scores (const RfScores *scores, const guint32 *history, gsize n_history, guint32 item)
{
  return rf_place_of_score (scores->score, scores->n_items, history, n_history, item, scores->score[item]);
}

static guint
place_without (const RfModel *model, RfScores *scores, const guint32 *full, gsize n_full, const guint8 *removed, guint32 user, const float *weights, guint32 item)
{
  g_autofree guint32 *kept = g_new (guint32, n_full + 1);
  gsize n = 0, ptr[2];
  RfCsr row;

  for (gsize j = 0; j < n_full; j++)
    if (removed == NULL || !removed[j])
      kept[n++] = full[j];
  row = one_row (model, kept, n, ptr);
  rf_model_score (model, &row, 0, 1, removed ? RF_NO_USER : user, weights, scores);
  /* The whole history stays out of the competition: taking a past item back must not make it a rival. */
  return place_in_scores (scores, full, n_full, item);
}

guint
rf_place_of_item (const RfModel *model, const guint32 *history, gsize n_history, guint32 user, const float *weights, guint32 item)
{
  g_autoptr(RfScores) scores = rf_scores_new (model, 1);

  return place_without (model, scores, history, n_history, NULL, user, weights, item);
}

void
rf_history_change_clear (RfHistoryChange *self)
{
  g_clear_pointer (&self->items, g_free);
}

typedef struct
{
  gsize index;
  double share;
} Share;

static int
by_share (gconstpointer a, gconstpointer b)
{
  const Share *x = a, *y = b;

  if (x->share != y->share)
    return x->share > y->share ? -1 : 1;
  return x->index < y->index ? -1 : x->index > y->index;
}

/* Past items, what adds most first. */
static Share *
order_by_share (const RfModel *model, const guint32 *history, gsize n, guint32 item)
{
  gsize ptr[2];
  RfCsr row = one_row (model, history, n, ptr);
  g_autoptr(RfScores) scores = rf_scores_new (model, 1);
  g_autofree double *part = g_new (double, n + 1);
  Share *order = g_new0 (Share, n + 1);

  rf_model_score (model, &row, 0, 1, RF_NO_USER, NULL, scores);
  for (gsize j = 0; j < n; j++)
    order[j].index = j;
  for (guint m = 0; m < model->n_modalities; m++)
    {
      rf_history_shares (model, scores, 0, m, history, n, item, part);
      for (gsize j = 0; j < n; j++)
        order[j].share += part[j];
    }
  qsort (order, n, sizeof *order, by_share);
  return order;
}

static double
binomial (gsize n, guint k)
{
  double value = 1;

  for (guint i = 1; i <= k; i++)
    value = value * (double) (n - k + i) / i;
  return value;
}

static void
take (RfHistoryChange *result, const guint32 *history, gsize n, const guint8 *removed, guint place, gboolean minimal)
{
  result->found = TRUE;
  result->minimal = minimal;
  result->place = place;
  result->items = g_new (guint32, n + 1);
  for (gsize j = 0; j < n; j++)
    if (removed[j])
      result->items[result->n++] = history[j];
}

/* All sets of `size` past items in order; TRUE when one drops the item. */
static gboolean
try_sets (const RfModel *model, RfScores *scores, const guint32 *history, gsize n, guint32 item, guint k, guint size, RfHistoryChange *result)
{
  g_autofree gsize *pick = g_new (gsize, size + 1);
  g_autofree guint8 *removed = g_new (guint8, n + 1);

  for (guint p = 0; p < size; p++)
    pick[p] = p;
  for (;;)
    {
      guint place;
      gssize p;

      memset (removed, 0, n);
      for (guint q = 0; q < size; q++)
        removed[pick[q]] = 1;
      place = place_without (model, scores, history, n, removed, RF_NO_USER, NULL, item);
      if (place > k)
        {
          take (result, history, n, removed, place, TRUE);
          return TRUE;
        }
      for (p = (gssize) size - 1; p >= 0 && pick[p] == n - size + (gsize) p; p--)
        ;
      if (p < 0)
        return FALSE;
      pick[p]++;
      for (gsize q = (gsize) p + 1; q < size; q++)
        pick[q] = pick[q - 1] + 1;
    }
}

void
rf_smallest_history_change (const RfModel *model, const guint32 *history, gsize n_history, guint32 item, guint k, guint max_removed,
                            RfHistoryChange *result)
{
  g_autoptr(RfScores) scores = rf_scores_new (model, 1);
  g_autofree Share *order = NULL;
  g_autofree guint8 *removed = g_new0 (guint8, n_history + 1);
  guint limit = (guint) MIN (n_history, max_removed), size = 1;
  double sets = 0;

  memset (result, 0, sizeof *result);
  for (; size <= limit && sets + binomial (n_history, size) <= MAX_SETS; size++)
    {
      sets += binomial (n_history, size);
      if (try_sets (model, scores, history, n_history, item, k, size, result))
        return;
    }
  if (size > limit)
    return;
  order = order_by_share (model, history, n_history, item);
  for (guint r = 1; r <= limit; r++)
    {
      guint place;

      removed[order[r - 1].index] = 1;
      if (r < size)
        continue; /* smaller sets were all tried */
      place = place_without (model, scores, history, n_history, removed, RF_NO_USER, NULL, item);
      if (place > k)
        {
          take (result, history, n_history, removed, place, FALSE);
          return;
        }
    }
}

void
rf_smallest_weight_change (const RfModel *model, const guint32 *history, gsize n_history, guint32 user, guint32 item, guint k, gboolean enter,
                           RfWeightChange *result)
{
  gsize ptr[2];
  RfCsr row = one_row (model, history, n_history, ptr);
  g_autoptr(RfScores) scores = rf_scores_new (model, 1);

  memset (result, 0, sizeof *result);
  rf_model_score (model, &row, 0, 1, user, NULL, scores);
  for (int step = 1; step <= WEIGHT_STEPS / 2; step++)
    for (guint m = 0; m < model->n_modalities; m++)
      for (int sign = -1; sign <= 1; sign += 2)
        {
          float weights[RF_MAX_MODALITIES];
          guint place;

          for (guint o = 0; o < model->n_modalities; o++)
            weights[o] = 1;
          weights[m] = 1 + (float) (sign * step) / (WEIGHT_STEPS / 2);
          rf_model_reweight (model, weights, scores);
          place = place_in_scores (scores, history, n_history, item);
          if ((place <= k) == enter)
            {
              *result = (RfWeightChange) { TRUE, m, weights[m], place };
              return;
            }
        }
}
