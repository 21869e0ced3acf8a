/* rf-item-knn.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/model/rf-item-knn.h"

#include <math.h>
#include <string.h>

#include "core/base/rf-parallel.h"

#define CHUNK 64

typedef struct
{
  guint32 item;
  float similarity;
} Neighbour;

typedef struct
{
  const RfCsr *train, *transpose; /* users x items, items x users */
  guint k;
  double shrinkage;
  Neighbour *kept; /* n_items x k */
  guint *n_kept;   /* n_items */
} Knn;

static int
compare_neighbours (gconstpointer a, gconstpointer b)
{
  const Neighbour *x = a, *y = b;

  if (x->similarity != y->similarity)
    return x->similarity > y->similarity ? -1 : 1;
  return x->item < y->item ? -1 : x->item > y->item;
}

/* Counts of one item against all others; `touched` lists who got a count, so that clearing costs no more than counting. */
static guint32
count_together (const Knn *knn, guint32 item, guint32 *counts, guint32 *touched)
{
  guint32 n = 0;

  for (gsize e = knn->transpose->ptr[item]; e < knn->transpose->ptr[item + 1]; e++)
    {
      guint32 user = knn->transpose->idx[e];

      for (gsize f = knn->train->ptr[user]; f < knn->train->ptr[user + 1]; f++)
        {
          guint32 other = knn->train->idx[f];

          if (counts[other]++ == 0)
            touched[n++] = other;
        }
    }
  return n;
}

static void
knn_items (size_t begin, size_t end, int worker, void *data)
{
  const Knn *knn = data;
  guint32 n_items = knn->train->cols;
  g_autofree guint32 *counts = g_new0 (guint32, n_items), *touched = g_new (guint32, n_items);
  g_autofree Neighbour *found = g_new (Neighbour, n_items);

  for (size_t i = begin; i < end; i++)
    {
      guint32 n = count_together (knn, (guint32) i, counts, touched), n_found = 0;
      double own = (double) rf_csr_row_length (knn->transpose, (guint32) i);

      for (guint32 t = 0; t < n; t++)
        {
          guint32 other = touched[t];
          double both = counts[other], theirs = (double) rf_csr_row_length (knn->transpose, other);

          counts[other] = 0;
          if (other != i)
            found[n_found++] = (Neighbour) { other, (float) (both / (sqrt (own * theirs) + knn->shrinkage)) };
        }
      qsort (found, n_found, sizeof *found, compare_neighbours);
      knn->n_kept[i] = MIN (n_found, knn->k);
      memcpy (knn->kept + i * knn->k, found, knn->n_kept[i] * sizeof *found);
    }
}

RfChannel *
rf_item_knn_fit (const RfCsr *train, guint n_neighbours, double shrinkage)
{
  guint32 n = train->cols;
  g_autoptr(RfCsr) transpose = rf_csr_transpose (train);
  g_autofree Neighbour *kept = g_new (Neighbour, (gsize) n * n_neighbours + 1);
  g_autofree guint *n_kept = g_new0 (guint, n + 1);
  Knn knn = { train, transpose, n_neighbours, shrinkage, kept, n_kept };
  g_autofree guint32 *from = NULL, *to = NULL;
  g_autofree float *weight = NULL;
  guint8 *available = g_new0 (guint8, n + 1);
  gsize total = 0, at = 0;

  rf_parallel_for (n, CHUNK, knn_items, &knn);
  for (guint32 i = 0; i < n; i++)
    {
      total += n_kept[i];
      available[i] = rf_csr_row_length (transpose, i) > 0;
    }
  from = g_new (guint32, total + 1);
  to = g_new (guint32, total + 1);
  weight = g_new (float, total + 1);
  for (guint32 i = 0; i < n; i++)
    for (guint t = 0; t < n_kept[i]; t++, at++)
      {
        from[at] = kept[(gsize) i * n_neighbours + t].item;
        to[at] = i;
        weight[at] = kept[(gsize) i * n_neighbours + t].similarity;
      }
  return rf_channel_new_sparse ("item-knn", rf_csr_new_from_pairs (n, n, total, from, to, weight), available);
}
