/* rf-content-knn.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/model/rf-content-knn.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"

#define BLOCK 64 /* items whose neighbours are looked for together */

typedef struct
{
  float similarity;
  guint32 item;
} Neighbour;

typedef struct
{
  const RfMatrix *unit; /* centred, length 1; zero where there are no features */
  const guint8 *available;
  guint k;
  Neighbour *kept;      /* n_items x k, nearest first */
  guint *n_kept;
  RfProgress *progress;
  gint stop;
} Search;

static RfMatrix *
make_unit (const RfFeatures *features)
{
  gsize n = features->x->rows, d = features->x->cols, count = MAX (rf_features_count_available (features), 1);
  RfMatrix *unit = rf_matrix_new (n, d);
  g_autofree double *mean = g_new0 (double, d + 1);

  for (gsize i = 0; i < n; i++)
    for (gsize k = 0; k < d && features->available[i]; k++)
      mean[k] += (double) rf_matrix_row (features->x, i)[k] / (double) count;
  for (gsize i = 0; i < n; i++)
    {
      const float *from = rf_matrix_row (features->x, i);
      float *to = rf_matrix_row (unit, i);
      double square = 0;

      for (gsize k = 0; k < d && features->available[i]; k++)
        square += ((double) from[k] - mean[k]) * ((double) from[k] - mean[k]);
      for (gsize k = 0; k < d && square > 0; k++)
        to[k] = (float) (((double) from[k] - mean[k]) / sqrt (square));
    }
  return unit;
}

static gboolean
is_nearer (Neighbour a, Neighbour b)
{
  return a.similarity > b.similarity || (a.similarity == b.similarity && a.item < b.item);
}

/* Insertion into a sorted list: most items are turned away by its last place. */
static void
consider (Neighbour *kept, guint *n, guint k, Neighbour new)
{
  guint at = *n;

  if (at == k && !is_nearer (new, kept[k - 1]))
    return;
  at = at == k ? k - 1 : (*n)++;
  for (; at > 0 && is_nearer (new, kept[at - 1]); at--)
    kept[at] = kept[at - 1];
  kept[at] = new;
}

static void
search_items (size_t begin, size_t end, int worker, void *data)
{
  Search *s = data;
  gsize n = s->unit->rows, d = s->unit->cols;
  g_autofree float *similarity = NULL;

  if (g_atomic_int_get (&s->stop))
    return;
  similarity = g_new (float, (end - begin) * n + 1);
  rf_score_rows (rf_matrix_row (s->unit, begin), end - begin, d, s->unit->x, n, similarity);
  for (size_t i = begin; i < end; i++)
    for (guint32 j = 0; j < n; j++)
      if (j != i && s->available[i] && s->available[j] && similarity[(i - begin) * n + j] > 0)
        consider (s->kept + i * s->k, &s->n_kept[i], s->k, (Neighbour) { similarity[(i - begin) * n + j], j });
  if (!rf_progress_step (s->progress, _("Finding items alike"), -1, NULL))
    g_atomic_int_set (&s->stop, 1);
}

RfChannel *
rf_content_knn_fit (const RfFeatures *features, guint n_neighbours, RfProgress *progress, GError **error)
{
  guint32 n = (guint32) features->x->rows;
  g_autoptr(RfMatrix) unit = make_unit (features);
  g_autofree Neighbour *kept = g_new (Neighbour, (gsize) n * n_neighbours + 1);
  g_autofree guint *n_kept = g_new0 (guint, (gsize) n + 1);
  Search s = { unit, features->available, n_neighbours, kept, n_kept, progress, 0 };
  g_autofree guint32 *from = NULL, *to = NULL;
  g_autofree float *weight = NULL;
  gsize total = 0;

  rf_parallel_for (n, BLOCK, search_items, &s);
  if (s.stop)
    {
      rf_progress_step (progress, "", 0, error);
      return NULL;
    }
  for (guint32 i = 0; i < n; i++)
    total += n_kept[i];
  from = g_new (guint32, total + 1);
  to = g_new (guint32, total + 1);
  weight = g_new (float, total + 1);
  total = 0;
  for (guint32 i = 0; i < n; i++)
    for (guint t = 0; t < n_kept[i]; t++, total++)
      {
        from[total] = kept[(gsize) i * n_neighbours + t].item;
        to[total] = i;
        weight[total] = kept[(gsize) i * n_neighbours + t].similarity;
      }
  return rf_channel_new_sparse ("content-knn", rf_csr_new_from_pairs (n, n, total, from, to, weight), g_memdup2 (features->available, n));
}
