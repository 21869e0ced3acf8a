/* rf-games.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/explain/rf-games.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-matrix.h"
#include "core/base/rf-parallel.h"
#include "core/eval/rf-evaluate.h"
#include "core/eval/rf-ranker.h"

#define GRAIN 8 /* users whose sums are added up before those of the next ones; fixed, so that threads change nothing */

const char *
rf_removal_get_name (RfRemoval removal)
{
  return removal == RF_REMOVAL_MEAN ? "mean" : "renormalise";
}

gboolean
rf_removal_from_name (const char *name, RfRemoval *removal)
{
  for (int r = RF_REMOVAL_RENORMALISE; r <= RF_REMOVAL_MEAN; r++)
    if (g_strcmp0 (name, rf_removal_get_name ((RfRemoval) r)) == 0)
      {
        *removal = (RfRemoval) r;
        return TRUE;
      }
  return FALSE;
}

const char *
rf_removal_get_sentence (RfRemoval removal)
{
  return removal == RF_REMOVAL_MEAN ? _("A removed modality says of every item what it says on average.")
                                    : _("A removed modality hands its attention to the others.");
}

/* score - v(all): what no modality is responsible for. */
static void
find_rest (const RfModel *model, const RfScores *scores, guint32 row, RfRemoval removal, float *rest)
{
  gsize n = model->n_items;
  const float *score = scores->score + (gsize) row * n;

  rf_coalition_all_items (model, scores, row, removal, (1u << model->n_modalities) - 1, rest);
  for (gsize i = 0; i < n; i++)
    rest[i] = score[i] - rest[i];
}

static void
score_coalition (const RfModel *model, const RfScores *scores, guint32 row, RfRemoval removal, guint t, const float *rest, float *out)
{
  gsize n = model->n_items;

  if (t == (1u << model->n_modalities) - 1) /* to the last bit, so that ties fall as they do in the ranking */
    {
      memcpy (out, scores->score + (gsize) row * n, n * sizeof (float));
      return;
    }
  rf_coalition_all_items (model, scores, row, removal, t, out);
  for (gsize i = 0; i < n; i++)
    out[i] += rest[i];
}

void
rf_coalition_scores (const RfModel *model, const RfScores *scores, guint32 row, RfRemoval removal, guint t, float *out)
{
  float *rest = rf_floats_new (model->n_items);

  find_rest (model, scores, row, removal, rest);
  score_coalition (model, scores, row, removal, t, rest, out);
  g_aligned_free (rest);
}

void
rf_rank_game (const RfModel *model, const RfScores *scores, guint32 row, const guint32 *history, gsize n_history, guint32 item,
              RfRemoval removal, double *values)
{
  gsize n = model->n_items;
  float *score = rf_floats_new (2 * n), *rest = score + n;

  find_rest (model, scores, row, removal, rest);
  for (guint t = 0; t < 1u << model->n_modalities; t++)
    {
      score_coalition (model, scores, row, removal, t, rest, score);
      values[t] = -(double) rf_place_of_score (score, model->n_items, history, n_history, item, score[item]);
    }
  g_aligned_free (score);
}

const char *
rf_list_game_get_name (RfListGameKind kind)
{
  static const char *const names[] = { "recall", "ndcg", "coverage" };

  return names[kind];
}

/* What one chunk of users adds. */
typedef struct
{
  double recall[1 << RF_MAX_MODALITIES], ndcg[1 << RF_MAX_MODALITIES];
  guint32 users;
} ChunkSums;

typedef struct
{
  const RfModel *model;
  const RfCsr *history, *relevant;
  guint k;
  RfRemoval removal;
  const guint32 *users; /* who is looked at */
  guint32 n_users;
  ChunkSums *chunks;
  guint8 **shown; /* per worker: 2^M x n_items, was the item shown? */
  RfProgress *progress;
  gint done, stop;
} Games;

static void
play_user (Games *g, RfScores *scores, float *score, float *rest, guint32 *list, guint32 user, guint8 *shown, ChunkSums *sums)
{
  guint32 n = g->model->n_items;
  const guint32 *history = rf_csr_row (g->history, user);
  gsize n_history = rf_csr_row_length (g->history, user);

  rf_model_score (g->model, g->history, user, 1, user, NULL, scores);
  find_rest (g->model, scores, 0, g->removal, rest);
  for (guint t = 0; t < 1u << g->model->n_modalities; t++)
    {
      RfMetrics metrics;

      score_coalition (g->model, scores, 0, g->removal, t, rest, score);
      rf_top_of_scores (score, n, history, n_history, g->k, list);
      metrics = rf_metrics_of_list (list, g->k, rf_csr_row (g->relevant, user), rf_csr_row_length (g->relevant, user));
      sums->recall[t] += metrics.recall;
      sums->ndcg[t] += metrics.ndcg;
      for (guint j = 0; j < g->k && list[j] != G_MAXUINT32; j++)
        shown[(gsize) t * n + list[j]] = 1;
    }
  sums->users++;
}

static void
play_users (size_t begin, size_t end, int worker, void *data)
{
  Games *g = data;
  g_autoptr(RfScores) scores = NULL;
  g_autofree guint32 *list = NULL;
  float *score;

  if (g_atomic_int_get (&g->stop))
    return;
  scores = rf_scores_new (g->model, 1);
  list = g_new (guint32, g->k + 1);
  score = rf_floats_new (2 * (gsize) g->model->n_items);
  if (g->shown[worker] == NULL)
    g->shown[worker] = g_new0 (guint8, ((gsize) 1 << g->model->n_modalities) * g->model->n_items);
  for (size_t u = begin; u < end; u++)
    play_user (g, scores, score, score + g->model->n_items, list, g->users[u], g->shown[worker], &g->chunks[begin / GRAIN]);
  g_aligned_free (score);
  if (!rf_progress_step (g->progress, _("Ranking with every set of modalities"), (double) (g_atomic_int_add (&g->done, 1) + 1) * GRAIN / MAX (g->n_users, 1), NULL))
    g_atomic_int_set (&g->stop, 1);
}

static guint32 *
choose_users (const RfCsr *history, const RfCsr *relevant, guint32 max_users, guint32 *n)
{
  guint32 *users = g_new (guint32, (gsize) history->rows + 1), all = 0;

  for (guint32 u = 0; u < history->rows; u++)
    if (rf_csr_row_length (relevant, u) > 0 && rf_csr_row_length (history, u) > 0)
      users[all++] = u;
  *n = max_users ? MIN (all, max_users) : all;
  for (guint32 u = 0; u < *n; u++)
    users[u] = users[(gsize) u * all / *n];
  return users;
}

static void
finish_games (const Games *g, int n_workers, RfListGames *result)
{
  guint n_sets = 1u << result->n_modalities;
  gsize n = g->model->n_items;

  for (guint32 c = 0; c * GRAIN < g->n_users; c++)
    {
      result->users += g->chunks[c].users;
      for (guint t = 0; t < n_sets; t++)
        {
          result->value[RF_LIST_RECALL][t] += g->chunks[c].recall[t];
          result->value[RF_LIST_NDCG][t] += g->chunks[c].ndcg[t];
        }
    }
  for (guint t = 0; t < n_sets; t++)
    {
      gsize count = 0;

      for (gsize i = 0; i < n; i++)
        {
          gboolean any = FALSE;

          for (int w = 0; w < n_workers; w++)
            any |= g->shown[w] && g->shown[w][t * n + i];
          count += any;
        }
      result->value[RF_LIST_RECALL][t] /= MAX (result->users, 1);
      result->value[RF_LIST_NDCG][t] /= MAX (result->users, 1);
      result->value[RF_LIST_COVERAGE][t] = n ? (double) count / (double) n : 0;
    }
  for (int kind = 0; kind < RF_N_LIST_GAMES; kind++)
    {
      rf_shapley_values (result->n_modalities, result->value[kind], result->phi[kind]);
      memcpy (result->dividend[kind], result->value[kind], sizeof result->value[kind]);
      rf_harsanyi_dividends (result->n_modalities, result->dividend[kind]);
    }
}

gboolean
rf_list_games (const RfModel *model, const RfCsr *history, const RfCsr *relevant, guint k, RfRemoval removal, guint32 max_users,
               RfListGames *result, RfProgress *progress, GError **error)
{
  int n_workers = rf_parallel_get_threads ();
  guint32 n_users;
  g_autofree guint32 *users = choose_users (history, relevant, max_users, &n_users);
  g_autofree ChunkSums *chunks = g_new0 (ChunkSums, n_users / GRAIN + 1);
  g_autofree guint8 **shown = g_new0 (guint8 *, n_workers);
  Games g = { model, history, relevant, k, removal, users, n_users, chunks, shown, progress, 0, 0 };

  memset (result, 0, sizeof *result);
  result->n_modalities = model->n_modalities;
  result->k = k;
  result->removal = removal;
  rf_parallel_for (n_users, GRAIN, play_users, &g);
  if (!g.stop)
    finish_games (&g, n_workers, result);
  for (int w = 0; w < n_workers; w++)
    g_free (shown[w]);
  return g.stop ? rf_progress_step (progress, "", 0, error) : TRUE;
}
