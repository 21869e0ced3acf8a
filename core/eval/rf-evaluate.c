/* rf-evaluate.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/eval/rf-evaluate.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/base/rf-top.h"

/* Users per block: gemm likes many rows, caches like few. About 16 MB of scores. */
#define BLOCK_FLOATS (4u << 20)

static gint wanted_block; /* atomic */

void
rf_evaluate_set_block (guint users)
{
  g_atomic_int_set (&wanted_block, (gint) MIN (users, 4096));
}

guint
rf_evaluate_get_block (guint otherwise)
{
  gint users = g_atomic_int_get (&wanted_block);

  return users > 0 ? (guint) users : otherwise;
}

void
rf_score_with_model (const void *model, const RfCsr *history, guint32 first, guint32 count, float *out)
{
  g_autoptr(RfScores) scores = rf_scores_new_lean (model, count);

  rf_model_score (model, history, first, count, first, NULL, scores);
  memcpy (out, scores->score, (gsize) count * scores->n_items * sizeof (float));
}

void
rf_score_weighted (const void *weighted_model, const RfCsr *history, guint32 first, guint32 count, float *out)
{
  const RfWeightedModel *weighted = weighted_model;
  g_autoptr(RfScores) scores = rf_model_is_additive (weighted->model) ? rf_scores_new_lean (weighted->model, count) : rf_scores_new (weighted->model, count);

  rf_model_score (weighted->model, history, first, count, first, weighted->weights, scores);
  memcpy (out, scores->score, (gsize) count * scores->n_items * sizeof (float));
}

void
rf_score_with_channel (const void *channel, const RfCsr *history, guint32 first, guint32 count, float *out)
{
  rf_channel_score (channel, history, first, count, first, out);
}

void
rf_score_with_vector (const void *vector, const RfCsr *history, guint32 first, guint32 count, float *out)
{
  for (guint32 u = 0; u < count; u++)
    memcpy (out + (gsize) u * history->cols, vector, history->cols * sizeof (float));
}

guint8 *
rf_items_seen (const RfCsr *train)
{
  guint8 *seen = g_malloc0 ((gsize) train->cols + 1);

  for (gsize e = 0; e < train->ptr[train->rows]; e++)
    seen[train->idx[e]] = 1;
  return seen;
}

void
rf_score_kept (const void *kept_items, const RfCsr *history, guint32 first, guint32 count, float *out)
{
  const RfKeptItems *kept = kept_items;

  kept->func (kept->scorer, history, first, count, out);
  for (guint32 u = 0; u < count; u++)
    for (guint32 i = 0; i < history->cols; i++)
      if (!kept->keep[i])
        out[(gsize) u * history->cols + i] = NAN;
}

/* Marks in `chosen` what is ranked for one user: the relevant items and n others, or all others if there are fewer. */
static void
draw_candidates (const RfSampledItems *sampled, const RfCsr *history, guint32 user, guint8 *chosen)
{
  guint32 n_items = history->cols;
  gsize n_out = rf_csr_row_length (history, user) + rf_csr_row_length (sampled->relevant, user);
  guint32 left = n_items > n_out ? n_items - (guint32) n_out : 0, wanted = MIN (sampled->n, left);
  RfRng rng = rf_rng_new (sampled->seed, user);

  memset (chosen, 0, n_items);
  for (gsize j = 0; j < rf_csr_row_length (sampled->relevant, user); j++)
    chosen[rf_csr_row (sampled->relevant, user)[j]] = 1;
  /* One pass (Knuth, algorithm S): each remaining item with the chance that is still needed. */
  for (guint32 i = 0; i < n_items && wanted > 0; i++)
    if (!chosen[i] && !rf_csr_contains (history, user, i))
      {
        if (rf_rng_below (&rng, left) < wanted)
          {
            chosen[i] = 1;
            wanted--;
          }
        left--;
      }
}

void
rf_score_sampled (const void *sampled_items, const RfCsr *history, guint32 first, guint32 count, float *out)
{
  const RfSampledItems *sampled = sampled_items;
  guint32 n_items = history->cols;
  g_autofree guint8 *chosen = g_malloc0 ((gsize) n_items + 1);

  sampled->func (sampled->scorer, history, first, count, out);
  for (guint32 u = 0; u < count; u++)
    {
      draw_candidates (sampled, history, first + u, chosen);
      for (guint32 i = 0; i < n_items; i++)
        if (!chosen[i])
          out[(gsize) u * n_items + i] = NAN;
    }
}

void
rf_top_of_scores (const float *scores, guint32 n_items, const guint32 *exclude, gsize n_exclude, guint k, guint32 *out)
{
  g_autofree RfPlace *heap = g_new (RfPlace, k + 1);
  RfTop top = { heap, k, 0 };
  float threshold = rf_top_get_threshold (&top);
  gsize x = 0;

  for (guint32 i = 0; i < n_items; i++)
    {
      /* The full heap turns nearly everything away here: equal scores too, since i grows. */
      if (scores[i] <= threshold)
        continue;
      while (x < n_exclude && exclude[x] < i)
        x++;
      if (x < n_exclude && exclude[x] == i)
        continue;
      rf_top_offer (&top, scores[i], i);
      threshold = rf_top_get_threshold (&top);
    }
  rf_top_finish (&top, out);
}

typedef struct
{
  RfScoreFunc func;
  const void *scorer;
  guint32 n_items;
  const RfCsr *history, *wanted;
  guint k;
  guint32 *lists;
  RfProgress *progress;
  gsize done; /* atomic: rows finished */
  gint stop;
} Top;

/* The rows of the block that are wanted, ascending. */
static guint32
find_wanted (const Top *top, guint32 begin, guint32 end, guint32 *rows)
{
  guint32 n = 0;

  for (guint32 row = begin; row < end; row++)
    if (top->wanted == NULL || rf_csr_row_length (top->wanted, row) > 0)
      rows[n++] = row;
  return n;
}

/* Scores of a fused model are one product, of which only the best are kept. */
static void
top_of_product (const Top *top, const RfModel *model, const guint32 *rows, guint32 n)
{
  const RfChannel *fused = model->fused;
  gsize d = fused->value->cols;
  g_autofree guint32 *lists = g_new (guint32, (gsize) n * top->k + 1);
  float *profiles = rf_floats_new (n * d);

  for (guint32 u = 0; u < n; u++)
    rf_channel_get_profiles (fused, top->history, rows[u], 1, rows[u], profiles + u * d);
  rf_score_top (profiles, n, d, fused->value->x, top->n_items, model->bias, top->history, rows, top->k, lists);
  for (guint32 u = 0; u < n; u++)
    memcpy (top->lists + (gsize) rows[u] * top->k, lists + (gsize) u * top->k, top->k * sizeof *lists);
  g_aligned_free (profiles);
}

static void
top_of_all_scores (const Top *top, guint32 first, guint32 count, const guint32 *rows, guint32 n)
{
  float *scores = g_aligned_alloc ((gsize) count * top->n_items + 1, sizeof (float), 64);

  top->func (top->scorer, top->history, first, count, scores);
  for (guint32 u = 0; u < n; u++)
    rf_top_of_scores (scores + (gsize) (rows[u] - first) * top->n_items, top->n_items, rf_csr_row (top->history, rows[u]),
                      rf_csr_row_length (top->history, rows[u]), top->k, top->lists + (gsize) rows[u] * top->k);
  g_aligned_free (scores);
}

static void
top_rows (size_t begin, size_t end, int worker, void *data)
{
  Top *top = data;
  guint32 count = (guint32) (end - begin), n;
  g_autofree guint32 *rows = g_new (guint32, count + 1);
  const RfModel *model = top->func == rf_score_with_model ? top->scorer : NULL;

  n = find_wanted (top, (guint32) begin, (guint32) end, rows);
  if (n == 0 || g_atomic_int_get (&top->stop))
    return;
  if (model && model->fused)
    top_of_product (top, model, rows, n);
  else
    top_of_all_scores (top, (guint32) begin, count, rows, n);
  if (!rf_progress_step (top->progress, _("Ranking"), (double) (g_atomic_pointer_add (&top->done, count) + count) / top->history->rows, NULL))
    g_atomic_int_set (&top->stop, 1);
}

guint32 *
rf_top_lists (RfScoreFunc func, const void *scorer, guint32 n_items, const RfCsr *history, const RfCsr *wanted, guint k,
              RfProgress *progress, GError **error)
{
  gsize n = (gsize) history->rows * k;
  g_autofree guint32 *lists = g_new (guint32, n + 1);
  gsize block = rf_evaluate_get_block (CLAMP (BLOCK_FLOATS / MAX (n_items, 1), 1, RF_EVALUATE_BLOCK));
  Top top = { func, scorer, n_items, history, wanted, k, lists, progress, 0, 0 };

  for (gsize e = 0; e < n; e++)
    lists[e] = G_MAXUINT32;
  rf_parallel_for (history->rows, block, top_rows, &top);
  if (top.stop)
    {
      rf_progress_step (progress, "", 0, error);
      return NULL;
    }
  return g_steal_pointer (&lists);
}

static gboolean
refuse_cutoffs (const char *text, GError **error)
{
  g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("Cut-offs are 1 to %d whole numbers from 1 to 1000 with commas between; “%s” is not."), RF_MAX_CUTOFFS, text);
  return FALSE;
}

gboolean
rf_evaluation_parse_cutoffs (RfEvaluation *self, const char *text, GError **error)
{
  g_auto(GStrv) parts = g_strsplit (text, ",", -1);

  memset (self, 0, sizeof *self);
  for (guint i = 0; parts[i]; i++)
    {
      guint64 k;
      guint at;

      if (!g_ascii_string_to_unsigned (g_strstrip (parts[i]), 10, 1, 1000, &k, NULL) || self->n == RF_MAX_CUTOFFS)
        return refuse_cutoffs (text, error);
      for (at = self->n; at > 0 && self->k[at - 1] >= k; at--)
        ;
      if (at < self->n && self->k[at] == k)
        continue;
      memmove (&self->k[at + 1], &self->k[at], (self->n - at) * sizeof self->k[0]);
      self->k[at] = (guint) k;
      self->n++;
    }
  return self->n > 0 || refuse_cutoffs (text, error);
}

gboolean
rf_evaluate (RfEvaluation *self, RfScoreFunc func, const void *scorer, guint32 n_items, const RfCsr *history, const RfCsr *relevant,
             RfProgress *progress, GError **error)
{
  guint width = self->k[self->n - 1];
  g_autofree guint32 *lists = rf_top_lists (func, scorer, n_items, history, relevant, width, progress, error);

  if (lists == NULL)
    return FALSE;
  for (guint c = 0; c < self->n; c++)
    self->users = rf_metrics_mean (lists, width, self->k[c], relevant, &self->mean[c], NULL);
  return TRUE;
}

static void
add_metric (JsonBuilder *builder, const char *name, guint k, double value)
{
  g_autofree char *member = g_strdup_printf ("%s@%u", name, k);

  json_builder_set_member_name (builder, member);
  json_builder_add_double_value (builder, value);
}

void
rf_evaluation_to_json (const RfEvaluation *self, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  for (guint c = 0; c < self->n; c++)
    {
      const RfMetrics *m = &self->mean[c];

      add_metric (builder, "recall", self->k[c], m->recall);
      add_metric (builder, "ndcg", self->k[c], m->ndcg);
      add_metric (builder, "precision", self->k[c], m->precision);
      add_metric (builder, "map", self->k[c], m->map);
      add_metric (builder, "hit_rate", self->k[c], m->hit_rate);
      add_metric (builder, "mrr", self->k[c], m->mrr);
    }
  json_builder_end_object (builder);
}
