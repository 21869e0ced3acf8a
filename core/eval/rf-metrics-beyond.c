/* rf-metrics-beyond.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/eval/rf-metrics-beyond.h"

#include <math.h>
#include <string.h>

#include "core/catalog/rf-catalog.h"

/* The user's places that are filled, at most k. */
static guint
filled (const RfLists *lists, guint32 user)
{
  const guint32 *row = lists->items + (gsize) user * lists->width;
  guint n = 0;

  while (n < lists->k && row[n] != RF_NO_INDEX)
    n++;
  return n;
}

/* Mean over users of the mean over their places of weight[item]. */
static double
mean_of_places (const RfLists *lists, const double *weight)
{
  double sum = 0;
  guint32 users = 0;

  for (guint32 u = 0; u < lists->n_users; u++)
    {
      const guint32 *row = lists->items + (gsize) u * lists->width;
      guint n = filled (lists, u);
      double user = 0;

      for (guint j = 0; j < n; j++)
        user += weight[row[j]];
      if (n > 0)
        {
          sum += user / n;
          users++;
        }
    }
  return users ? sum / users : NAN;
}

guint32 *
rf_lists_count (const RfLists *lists)
{
  guint32 *count = g_new0 (guint32, (gsize) lists->n_items + 1);

  for (guint32 u = 0; u < lists->n_users; u++)
    for (guint j = 0, n = filled (lists, u); j < n; j++)
      count[lists->items[(gsize) u * lists->width + j]]++;
  return count;
}

guint32 *
rf_metrics_train_counts (const RfCsr *train)
{
  guint32 *count = g_new0 (guint32, (gsize) train->cols + 1);

  for (gsize e = 0; e < train->ptr[train->rows]; e++)
    count[train->idx[e]]++;
  return count;
}

double
rf_metrics_coverage (const RfLists *lists)
{
  g_autofree guint32 *count = rf_lists_count (lists);
  gsize shown = 0;

  for (guint32 i = 0; i < lists->n_items; i++)
    shown += count[i] > 0;
  return (double) shown / lists->n_items;
}

static int
ascending (const void *a, const void *b)
{
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  return x < y ? -1 : x > y;
}

double
rf_metrics_gini (const RfLists *lists)
{
  g_autofree guint32 *count = rf_lists_count (lists);
  double n = lists->n_items, weighted = 0, total = 0;

  qsort (count, lists->n_items, sizeof *count, ascending);
  for (guint32 i = 0; i < lists->n_items; i++)
    {
      weighted += (2.0 * (i + 1) - n - 1) * count[i];
      total += count[i];
    }
  return total > 0 ? weighted / (n * total) : NAN;
}

double
rf_metrics_entropy (const RfLists *lists)
{
  g_autofree guint32 *count = rf_lists_count (lists);
  double total = 0, bits = 0;

  for (guint32 i = 0; i < lists->n_items; i++)
    total += count[i];
  for (guint32 i = 0; i < lists->n_items; i++)
    if (count[i] > 0)
      bits -= count[i] / total * log2 (count[i] / total);
  return total > 0 ? bits : NAN;
}

double
rf_metrics_average_popularity (const RfLists *lists, const guint32 *count)
{
  g_autofree double *weight = g_new (double, (gsize) lists->n_items + 1);

  for (guint32 i = 0; i < lists->n_items; i++)
    weight[i] = count[i];
  return mean_of_places (lists, weight);
}

typedef struct
{
  guint32 item, count;
} Counted;

static int
rarest_first (const void *a, const void *b)
{
  const Counted *x = a, *y = b;

  if (x->count != y->count)
    return x->count < y->count ? -1 : 1;
  return x->item < y->item ? -1 : x->item > y->item;
}

static int
most_popular_first (const void *a, const void *b)
{
  const Counted *x = a, *y = b;

  if (x->count != y->count)
    return x->count > y->count ? -1 : 1;
  return x->item < y->item ? -1 : x->item > y->item;
}

static Counted *
sorted_counts (guint32 n_items, const guint32 *count, int (*compare) (const void *, const void *))
{
  Counted *order = g_new (Counted, (gsize) n_items + 1);

  for (guint32 i = 0; i < n_items; i++)
    order[i] = (Counted) { i, count[i] };
  qsort (order, n_items, sizeof *order, compare);
  return order;
}

double
rf_metrics_tail_share (const RfLists *lists, const guint32 *count, double tail)
{
  g_autofree Counted *order = sorted_counts (lists->n_items, count, rarest_first);
  g_autofree double *weight = g_new0 (double, (gsize) lists->n_items + 1);
  gsize n = MAX ((gsize) floor (tail * lists->n_items + 1e-9), 1);

  for (gsize i = 0; i < MIN (n, lists->n_items); i++)
    weight[order[i].item] = 1;
  return mean_of_places (lists, weight);
}

double
rf_metrics_novelty (const RfLists *lists, const guint32 *count, guint32 n_train_users)
{
  g_autofree double *weight = g_new (double, (gsize) lists->n_items + 1);

  for (guint32 i = 0; i < lists->n_items; i++)
    weight[i] = -log2 ((double) MAX (count[i], 1) / n_train_users);
  return mean_of_places (lists, weight);
}

static double
norm_of (const float *x, gsize n)
{
  double sum = 0;

  for (gsize c = 0; c < n; c++)
    sum += (double) x[c] * (double) x[c];
  return sqrt (sum);
}

/* With unit rows, sum_{i != j} cos (f_i, f_j) = |sum_i f_i|^2 - sum_i |f_i|^2: linear in the list. A row of zeros has cosine 0 with
 * everything. Returns NAN for fewer than two items. */
static double
diversity_of_list (const guint32 *row, guint n, const RfMatrix *features, const guint8 *available, double *sum)
{
  double own = 0, all = 0;
  guint known = 0;

  memset (sum, 0, features->cols * sizeof *sum);
  for (guint j = 0; j < n; j++)
    {
      const float *x = rf_matrix_row (features, row[j]);
      double norm;

      if (available && !available[row[j]])
        continue;
      known++;
      norm = norm_of (x, features->cols);
      if (norm == 0)
        continue;
      own += 1;
      for (gsize c = 0; c < features->cols; c++)
        sum[c] += (double) x[c] / norm;
    }
  for (gsize c = 0; c < features->cols; c++)
    all += sum[c] * sum[c];
  return known < 2 ? NAN : 1 - (all - own) / ((double) known * (known - 1));
}

double
rf_metrics_diversity (const RfLists *lists, const RfMatrix *features, const guint8 *available)
{
  g_autofree double *scratch = g_new (double, features->cols + 1);
  double sum = 0;
  guint32 users = 0;

  for (guint32 u = 0; u < lists->n_users; u++)
    {
      double d = diversity_of_list (lists->items + (gsize) u * lists->width, filled (lists, u), features, available, scratch);

      if (isnan (d))
        continue;
      sum += d;
      users++;
    }
  return users ? sum / users : NAN;
}

double
rf_metrics_serendipity (const RfLists *lists, const guint32 *count, const RfCsr *relevant)
{
  g_autofree Counted *order = sorted_counts (lists->n_items, count, most_popular_first);
  g_autofree guint32 *place = g_new (guint32, (gsize) lists->n_items + 1);
  double sum = 0;
  guint32 users = 0;

  for (guint32 i = 0; i < lists->n_items; i++)
    place[order[i].item] = i;
  for (guint32 u = 0; u < lists->n_users; u++)
    {
      const guint32 *row = lists->items + (gsize) u * lists->width;
      double user = 0;

      if (rf_csr_row_length (relevant, u) == 0)
        continue;
      users++;
      for (guint j = 0, n = filled (lists, u); j < n; j++)
        if (place[row[j]] > j && rf_csr_contains (relevant, u, row[j]))
          user += ((double) place[row[j]] - j) / lists->n_items;
      sum += user / lists->k;
    }
  return users ? sum / users : NAN;
}
