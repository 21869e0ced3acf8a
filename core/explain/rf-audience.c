/* rf-audience.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/explain/rf-audience.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-sort.h"
#include "core/eval/rf-metrics-beyond.h"
#include "core/eval/rf-ranker.h"
#include "core/explain/rf-attribution.h"
#include "core/explain/rf-feature-map.h"

#define GRAIN 8

/* A new item: its vectors in the channels of the modalities it has. */
typedef struct
{
  guint8 has[RF_MAX_MODALITIES];
  float *value[RF_MAX_MODALITIES];
  float popularity;
} NewItem;

typedef struct
{
  const RfTrained *trained;
  guint32 item;         /* of the catalog, or RF_NO_INDEX */
  const NewItem *fresh; /* then */
  guint32 *users, n_users;
  guint *place;         /* by place in users */
  float *score;
  gint8 *driver;
  RfProgress *progress;
  gint done, stop;
} Audience;

/* What is added of each past item to the contribution of modality m: as rf_history_shares(), for an item that is not in the catalog. */
static void
fresh_shares (const Audience *a, const RfChannel *channel, guint m, const guint32 *history, gsize n, double *out)
{
  for (gsize j = 0; j < n; j++)
    out[j] = (double) cblas_sdot ((int) channel->key->cols, rf_matrix_row (channel->key, history[j]), 1, a->fresh->value[m], 1);
}

/* z_m of the new item: its raw score on the scale that this user's scores over the catalog are on. */
static float
fresh_z (const Audience *a, const RfScores *scores, guint m, const guint32 *history, gsize n)
{
  const RfChannel *channel = a->trained->model->channels[m];
  g_autofree double *shares = g_new (double, n + 1);
  double raw = 0, catalog = 0;
  guint32 other = 0;
  gsize j = 0;

  if (!(scores->deviation[0][m] > 0))
    return 0;
  /* any item outside the history tells the mean: z = (s - mean) / std */
  for (; other < channel->n_items; other++)
    {
      while (j < n && history[j] < other)
        j++;
      if (channel->available[other] && !(j < n && history[j] == other))
        break;
    }
  if (other == channel->n_items)
    return 0;
  fresh_shares (a, channel, m, history, n, shares);
  for (gsize h = 0; h < n; h++)
    {
      raw += shares[h];
      catalog += (double) rf_channel_get_weight (channel, history[h], other);
    }
  return scores->z[m][other] + (float) ((raw - catalog) / (double) scores->deviation[0][m]);
}

static void
fill_fresh (const Audience *a, const RfScores *scores, const guint32 *history, gsize n, RfRanked *out)
{
  const RfModel *model = a->trained->model;

  memset (out, 0, sizeof *out);
  out->item = RF_NO_INDEX;
  out->driver = -1;
  rf_model_weigh_new_item (model, scores, 0, a->fresh->has, a->fresh->popularity, out->attention, &out->popularity);
  out->score = out->popularity;
  for (guint m = 0; m < model->n_modalities; m++)
    if (out->attention[m] > 0)
      {
        out->contribution[m] = out->attention[m] * fresh_z (a, scores, m, history, n);
        out->score += out->contribution[m];
        if (out->contribution[m] > 0 && (out->driver < 0 || out->contribution[m] > out->contribution[out->driver]))
          out->driver = (int) m;
      }
}

static guint
rank_for (const Audience *a, RfScores *scores, guint32 user, RfRanked *ranked)
{
  const RfCsr *history = a->trained->split->history;
  const guint32 *items = rf_csr_row (history, user);
  gsize n = rf_csr_row_length (history, user);

  rf_model_score (a->trained->model, history, user, 1, user, NULL, scores);
  if (a->fresh)
    fill_fresh (a, scores, items, n, ranked);
  else
    rf_ranked_fill (a->trained->model, scores, 0, a->item, ranked);
  return rf_place_of_score (scores->score, scores->n_items, items, n, a->item, ranked->score);
}

static void
rank_some (size_t begin, size_t end, int worker, void *data)
{
  Audience *a = data;
  g_autoptr(RfScores) scores = NULL;

  if (g_atomic_int_get (&a->stop))
    return;
  scores = rf_scores_new (a->trained->model, 1);
  for (size_t u = begin; u < end; u++)
    {
      RfRanked ranked;

      a->place[u] = rank_for (a, scores, a->users[u], &ranked);
      a->score[u] = ranked.score;
      a->driver[u] = (gint8) ranked.driver;
    }
  if (!rf_progress_step (a->progress, _("Ranking for every user"), (double) (g_atomic_int_add (&a->done, 1) + 1) * GRAIN / MAX (a->n_users, 1), NULL))
    g_atomic_int_set (&a->stop, 1);
}

static int
by_place (gconstpointer x, gconstpointer y, gpointer data)
{
  const Audience *a = data;
  guint32 p = *(const guint32 *) x, q = *(const guint32 *) y;

  if (a->place[p] != a->place[q])
    return a->place[p] < a->place[q] ? -1 : 1;
  if (a->score[p] != a->score[q])
    return a->score[p] > a->score[q] ? -1 : 1;
  return p < q ? -1 : p > q;
}

/* The past items that add most to the driver. */
static void
find_past (const Audience *a, const RfScores *scores, RfAudienceMember *member)
{
  const RfCsr *history = a->trained->split->history;
  const guint32 *items = rf_csr_row (history, member->user);
  gsize n = rf_csr_row_length (history, member->user);
  g_autofree double *shares = g_new (double, n + 1);

  if (member->driver < 0)
    return;
  if (a->fresh)
    fresh_shares (a, a->trained->model->channels[member->driver], (guint) member->driver, items, n, shares);
  else
    rf_history_shares (a->trained->model, scores, 0, (guint) member->driver, items, n, a->item, shares);
  for (; member->n_past < RF_AUDIENCE_PAST; member->n_past++)
    {
      gsize best = n;

      for (gsize j = 0; j < n; j++)
        if (shares[j] > 0 && (best == n || shares[j] > shares[best]))
          best = j;
      if (best == n)
        break;
      member->past[member->n_past] = items[best];
      shares[best] = 0;
    }
}

static void
fill_member (const Audience *a, RfScores *scores, guint32 at, RfAudienceMember *member)
{
  RfRanked ranked;

  member->user = a->users[at];
  member->place = rank_for (a, scores, member->user, &ranked);
  member->score = ranked.score;
  memcpy (member->attention, ranked.attention, sizeof member->attention);
  memcpy (member->contribution, ranked.contribution, sizeof member->contribution);
  member->bias = ranked.popularity;
  member->driver = ranked.driver;
  find_past (a, scores, member);
}

static RfAudience *
collect (Audience *a, guint k, guint n_members, float popularity)
{
  RfAudience *self = g_new0 (RfAudience, 1);
  g_autofree guint32 *order = g_new (guint32, (gsize) a->n_users + 1);
  g_autoptr(RfScores) scores = rf_scores_new (a->trained->model, 1);

  self->n_modalities = a->trained->model->n_modalities;
  self->k = k;
  self->users = a->n_users;
  self->popularity = popularity;
  for (guint32 u = 0; u < a->n_users; u++)
    {
      order[u] = u;
      if (a->place[u] > k)
        continue;
      self->in_top++;
      if (a->driver[u] >= 0)
        self->share[a->driver[u]] += 1;
    }
  for (guint m = 0; m < self->n_modalities; m++)
    self->share[m] /= MAX (self->in_top, 1);
  rf_sort (order, a->n_users, sizeof *order, by_place, a);
  self->n = MIN (n_members, a->n_users);
  self->members = g_new0 (RfAudienceMember, self->n + 1);
  for (guint i = 0; i < self->n; i++)
    fill_member (a, scores, order[i], &self->members[i]);
  return self;
}

static RfAudience *
find_audience (Audience *a, guint k, guint n_members, float popularity, GError **error)
{
  const RfCsr *history = a->trained->split->history;
  RfAudience *self = NULL;

  a->users = g_new (guint32, (gsize) history->rows + 1);
  for (guint32 u = 0; u < history->rows; u++)
    if (rf_csr_row_length (history, u) > 0 && (a->fresh || !rf_csr_contains (history, u, a->item)))
      a->users[a->n_users++] = u;
  a->place = g_new (guint, (gsize) a->n_users + 1);
  a->score = g_new (float, (gsize) a->n_users + 1);
  a->driver = g_new (gint8, (gsize) a->n_users + 1);
  rf_parallel_for (a->n_users, GRAIN, rank_some, a);
  if (!a->stop)
    self = collect (a, k, n_members, popularity);
  else
    rf_progress_step (a->progress, "", 0, error);
  g_free (a->users);
  g_free (a->place);
  g_free (a->score);
  g_free (a->driver);
  return self;
}

void
rf_audience_free (RfAudience *self)
{
  if (self == NULL)
    return;
  g_free (self->members);
  g_free (self);
}

RfAudience *
rf_audience_of_item (const RfTrained *trained, guint32 item, guint k, guint n_members, RfProgress *progress, GError **error)
{
  Audience a = { .trained = trained, .item = item, .progress = progress };

  return find_audience (&a, k, n_members, trained->model->popularity[item], error);
}

/* l of an item with no training count, on the scale of rf_model_popularity_from(). */
static float
popularity_of_none (const RfCsr *train)
{
  g_autofree guint32 *count = rf_metrics_train_counts (train);
  double sum = 0, square = 0, mean, deviation;

  for (guint32 i = 0; i < train->cols; i++)
    {
      sum += log1p (count[i]);
      square += log1p (count[i]) * log1p (count[i]);
    }
  mean = sum / MAX (train->cols, 1);
  deviation = sqrt (MAX (square / MAX (train->cols, 1) - mean * mean, 0));
  return deviation > 0 ? (float) (-mean / deviation) : 0;
}

/* The vectors of the query in every channel that it speaks to. */
static gboolean
place_item (const RfTrained *trained, const RfRetrieval *retrieval, const RfQuery *query, NewItem *item, GError **error)
{
  gboolean any = FALSE;

  for (guint m = 0; m < trained->model->n_modalities; m++)
    {
      const RfFeatures *features = rf_retrieval_get_features (retrieval, m);
      g_autoptr(RfFeatureMap) map = NULL;

      if (features == NULL || query->x[m] == NULL)
        continue;
      map = rf_feature_map_new (features, trained->model, m, error);
      if (map == NULL)
        return FALSE;
      item->has[m] = 1;
      item->value[m] = g_new (float, map->width + 1);
      rf_feature_map_apply (map, query->x[m], item->value[m]);
      any = TRUE;
    }
  if (!any)
    g_set_error_literal (error, RF_ERROR, RF_ERROR_DATA, _("A new item needs a picture or a text that this run's model reads."));
  return any;
}

RfAudience *
rf_audience_of_new_item (const RfTrained *trained, const RfRetrieval *retrieval, const RfQuery *query, RfNewPopularity popularity, guint k,
                         guint n_members, RfProgress *progress, GError **error)
{
  NewItem item = { .popularity = popularity == RF_POPULARITY_NONE ? popularity_of_none (trained->split->part[RF_PART_TRAIN]) : 0 };
  Audience a = { .trained = trained, .item = RF_NO_INDEX, .fresh = &item, .progress = progress };
  RfAudience *self = NULL;

  if (strcmp (trained->model->fusion, "evidence") != 0)
    g_set_error (error, RF_ERROR, RF_ERROR_DATA, _("The model of %s was trained jointly and knows its items one by one; train one with fusion=evidence to place new items."), trained->run->id);
  else if (place_item (trained, retrieval, query, &item, error))
    self = find_audience (&a, k, n_members, item.popularity, error);
  for (guint m = 0; m < RF_MAX_MODALITIES; m++)
    g_free (item.value[m]);
  return self;
}
