/* rf-ranker.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/eval/rf-ranker.h"

#include <string.h>

#include "core/catalog/rf-catalog.h"
#include "core/eval/rf-evaluate.h"

void
rf_ranking_free (RfRanking *self)
{
  if (self == NULL)
    return;
  g_free (self->items);
  g_free (self);
}

static gboolean
contains (const guint32 *sorted, gsize n, guint32 value)
{
  gsize low = 0, high = n;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (sorted[middle] < value)
        low = middle + 1;
      else
        high = middle;
    }
  return low < n && sorted[low] == value;
}

void
rf_ranked_fill (const RfModel *model, const RfScores *scores, guint32 row, guint32 item, RfRanked *out)
{
  float best = 0;

  memset (out, 0, sizeof *out);
  out->item = item;
  out->score = scores->score[(gsize) row * scores->n_items + item];
  out->popularity = rf_model_get_bias (model, scores, row, item);
  out->driver = -1;
  rf_model_get_attention (model, scores, row, item, out->attention);
  for (guint m = 0; m < model->n_modalities; m++)
    {
      out->contribution[m] = out->attention[m] * scores->z[m][(gsize) row * scores->n_items + item];
      if (out->contribution[m] > best)
        {
          best = out->contribution[m];
          out->driver = (int) m;
        }
    }
}

guint
rf_place_of_score (const float *scores, guint32 n_items, const guint32 *left_out, gsize n_left_out, guint32 item, float own)
{
  guint place = 1;

  for (guint32 i = 0; i < n_items; i++)
    place += scores[i] > own || (scores[i] == own && i < item);
  for (gsize j = 0; j < n_left_out; j++)
    place -= scores[left_out[j]] > own || (scores[left_out[j]] == own && left_out[j] < item);
  return place;
}

RfRanking *
rf_rank_scores (const RfModel *model, const RfScores *scores, guint32 row, const guint32 *history, gsize n_history,
                const RfRankOptions *options)
{
  static const RfRankOptions defaults = { 0 };
  const RfRankOptions *o = options ? options : &defaults;
  gsize n_excluded = o->include_history ? 0 : n_history;
  guint k = (guint) MIN ((gsize) model->n_items - n_excluded, o->k ? o->k : G_MAXUINT);
  RfRanking *self = g_new0 (RfRanking, 1);
  g_autofree guint32 *best = g_new (guint32, k + 1);

  rf_top_of_scores (scores->score + (gsize) row * scores->n_items, model->n_items, history, n_excluded, k, best);
  self->items = g_new (RfRanked, k + 1);
  self->n_history = (guint) n_history;
  for (guint m = 0; m < model->n_modalities; m++)
    {
      self->evidence[m] = scores->evidence[row][m];
      self->available[m] = scores->known[row][m];
    }
  for (guint j = 0; j < k && best[j] != RF_NO_INDEX; j++)
    {
      RfRanked *ranked = &self->items[self->n++];

      rf_ranked_fill (model, scores, row, best[j], ranked);
      ranked->in_history = contains (history, n_history, best[j]);
      ranked->held_out_hit = contains (o->relevant, o->n_relevant, best[j]);
    }
  return self;
}

RfRanking *
rf_rank_history (const RfModel *model, const guint32 *history, gsize n_history, guint32 user, const RfRankOptions *options)
{
  gsize ptr[2] = { 0, n_history };
  RfCsr one = { .rows = 1, .cols = model->n_items, .ptr = ptr, .idx = (guint32 *) history };
  g_autoptr(RfScores) scores = rf_scores_new (model, 1);

  rf_model_score (model, &one, 0, 1, user, options ? options->weights : NULL, scores);
  return rf_rank_scores (model, scores, 0, history, n_history, options);
}

guint32 *
rf_rank_all (const RfModel *model, const RfCsr *history, guint k, RfProgress *progress, GError **error)
{
  return rf_top_lists (rf_score_with_model, model, model->n_items, history, NULL, k, progress, error);
}
