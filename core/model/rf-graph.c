/* rf-graph.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/model/rf-graph.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-parallel.h"
#include "core/base/rf-types.h"

#define ROWS 64   /* rows of similarities at once */
#define COLS 4096 /* and columns: so the block stays near the processor however many items there are */

RfCsr *
rf_graph_of_interactions (const RfCsr *train)
{
  gsize n = train->ptr[train->rows], at = 0;
  g_autofree guint32 *row = g_new (guint32, 2 * n + 1), *col = g_new (guint32, 2 * n + 1);
  g_autofree float *val = g_new (float, 2 * n + 1);
  g_autofree guint32 *degree = g_new0 (guint32, (gsize) train->cols + 1);

  RF_CHECK ((guint64) train->rows + train->cols < G_MAXUINT32, "a graph of %u users and %u items", train->rows, train->cols);
  for (gsize e = 0; e < n; e++)
    degree[train->idx[e]]++;
  for (guint32 u = 0; u < train->rows; u++)
    for (gsize e = train->ptr[u]; e < train->ptr[u + 1]; e++)
      {
        double degrees = (double) rf_csr_row_length (train, u) * degree[train->idx[e]];

        row[at] = col[at + 1] = u;
        col[at] = row[at + 1] = train->rows + train->idx[e];
        val[at] = val[at + 1] = (float) (1 / sqrt (degrees));
        at += 2;
      }
  return rf_csr_new_from_pairs (train->rows + train->cols, train->rows + train->cols, at, row, col, val);
}

/* ---- nearest rows ---- */

typedef struct
{
  RfMatrix *unit;     /* the rows that take part, of length 1 */
  guint k;
  guint32 *neighbour; /* unit->rows x k */
  float *likeness;    /* the same shape */
  guint *n_kept;      /* unit->rows */
} Search;

/* Keeps `likeness` among the k largest of a row, in order. Nearly every candidate is turned away by the first comparison; candidates
 * come in ascending order, so of equal ones the first stays in front. */
static void
offer (const Search *search, gsize row, guint32 candidate, float likeness)
{
  float *best = search->likeness + row * search->k;
  guint32 *who = search->neighbour + row * search->k;
  guint at = search->n_kept[row];

  if (at == search->k && !(likeness > best[at - 1]))
    return;
  if (at < search->k)
    search->n_kept[row]++;
  else
    at--;
  for (; at > 0 && likeness > best[at - 1]; at--)
    {
      best[at] = best[at - 1];
      who[at] = who[at - 1];
    }
  best[at] = likeness;
  who[at] = candidate;
}

static void
search_rows (size_t begin, size_t end, int worker, void *data)
{
  const Search *search = data;
  const RfMatrix *x = search->unit;
  gsize n = end - begin, width = MIN (x->rows, COLS);
  float *block = rf_floats_new (n * width);

  for (gsize first = 0; first < x->rows; first += COLS)
    {
      gsize count = MIN (x->rows - first, COLS);

      cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (int) n, (int) count, (int) x->cols, 1, rf_matrix_row (x, begin), (int) x->cols,
                   rf_matrix_row (x, first), (int) x->cols, 0, block, (int) width);
      for (gsize r = 0; r < n; r++)
        for (gsize c = 0; c < count; c++)
          if (first + c != begin + r)
            offer (search, begin + r, (guint32) (first + c), block[r * width + c]);
    }
  g_aligned_free (block);
}

/* The rows that have a direction, at length 1; `original` gets their numbers. */
static RfMatrix *
unit_rows (const RfMatrix *x, const guint8 *available, guint32 *original)
{
  RfMatrix *unit = rf_matrix_new (x->rows, x->cols);

  unit->rows = 0;
  for (gsize i = 0; i < x->rows; i++)
    {
      float length = available == NULL || available[i] ? cblas_snrm2 ((int) x->cols, rf_matrix_row (x, i), 1) : 0;
      float *to = rf_matrix_row (unit, unit->rows);

      if (!(length > 0) || !isfinite (length))
        continue;
      memcpy (to, rf_matrix_row (x, i), x->cols * sizeof *to);
      cblas_sscal ((int) x->cols, 1 / length, to, 1);
      original[unit->rows++] = (guint32) i;
    }
  return unit;
}

RfCsr *
rf_graph_knn (const RfMatrix *x, const guint8 *available, guint k)
{
  g_autofree guint32 *original = g_new (guint32, x->rows + 1);
  g_autoptr(RfMatrix) unit = unit_rows (x, available, original);
  gsize n = unit->rows, kept = n > 0 ? MIN (k, n - 1) : 0, total = n * kept;
  g_autofree guint32 *neighbour = g_new (guint32, total + 1), *row = g_new (guint32, total + 1);
  g_autofree float *likeness = g_new (float, total + 1), *val = g_new (float, total + 1);
  g_autofree guint *n_kept = g_new0 (guint, n + 1);
  Search search = { unit, (guint) kept, neighbour, likeness, n_kept };

  if (kept > 0)
    rf_parallel_for (n, ROWS, search_rows, &search);
  for (gsize e = 0; e < total; e++)
    {
      row[e] = original[e / kept];
      neighbour[e] = original[neighbour[e]];
      val[e] = 1 / (float) kept; /* 1 / sqrt (kept kept) */
    }
  return rf_csr_new_from_pairs ((guint32) x->rows, (guint32) x->rows, total, row, neighbour, val);
}

/* ---- several graphs ---- */

RfCsr *
rf_graph_mean (const RfCsr *const *graphs, const double *weights, guint n)
{
  guint32 rows = graphs[0]->rows, cols = graphs[0]->cols;
  g_autofree gsize *place = g_new0 (gsize, (gsize) cols + 1); /* 1 + where the column's entry of this row is */
  g_autofree guint32 *row = NULL, *col = NULL;
  g_autofree float *val = NULL;
  gsize capacity = 0, at = 0;

  for (guint g = 0; g < n; g++)
    {
      RF_CHECK (graphs[g]->rows == rows && graphs[g]->cols == cols, "the mean of graphs of %ux%u and %ux%u", rows, cols, graphs[g]->rows, graphs[g]->cols);
      capacity += graphs[g]->ptr[rows];
    }
  row = g_new (guint32, capacity + 1);
  col = g_new (guint32, capacity + 1);
  val = g_new0 (float, capacity + 1);
  for (guint32 r = 0; r < rows; r++)
    {
      gsize first = at;
      double all = 0;

      for (guint g = 0; g < n; g++)
        all += rf_csr_row_length (graphs[g], r) > 0 ? (weights ? weights[g] : 1) : 0;
      for (guint g = 0; g < n && all > 0; g++)
        for (gsize e = graphs[g]->ptr[r]; e < graphs[g]->ptr[r + 1]; e++)
          {
            gsize *slot = &place[graphs[g]->idx[e]];

            if (*slot == 0)
              {
                row[at] = r;
                col[at] = graphs[g]->idx[e];
                *slot = ++at;
              }
            val[*slot - 1] += (float) ((weights ? weights[g] : 1) / all) * (graphs[g]->val ? graphs[g]->val[e] : 1);
          }
      for (gsize e = first; e < at; e++)
        place[col[e]] = 0;
    }
  return rf_csr_new_from_pairs (rows, cols, at, row, col, val);
}

RfCsr *
rf_graph_of_features (const RfFeatures *const *features, guint n, guint k, RfCsr **transposed)
{
  RfCsr *graphs[RF_MAX_MODALITIES] = { NULL }, *mean;

  RF_CHECK (n >= 1 && n <= RF_MAX_MODALITIES, "%u feature matrices", n);
  for (guint f = 0; f < n; f++)
    graphs[f] = rf_graph_knn (features[f]->x, features[f]->available, k);
  mean = rf_graph_mean ((const RfCsr *const *) graphs, NULL, n);
  for (guint f = 0; f < n; f++)
    rf_csr_free (graphs[f]);
  *transposed = rf_csr_transpose (mean);
  return mean;
}
