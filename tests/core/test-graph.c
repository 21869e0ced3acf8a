/* test-graph.c: graphs against slow, literal versions of their definitions.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/model/rf-graph.h"

static RfCsr *
random_interactions (guint32 users, guint32 items, gsize n, guint64 seed)
{
  RfRng rng = rf_rng_new (seed, 0);
  g_autofree guint32 *row = g_new (guint32, n), *col = g_new (guint32, n);

  for (gsize e = 0; e < n; e++)
    {
      row[e] = rf_rng_below (&rng, users);
      col[e] = rf_rng_below (&rng, items);
    }
  return rf_csr_new_from_pairs (users, items, n, row, col, NULL);
}

static RfMatrix *
random_matrix (gsize rows, gsize cols, guint64 seed)
{
  RfMatrix *x = rf_matrix_new (rows, cols);
  RfRng rng = rf_rng_new (seed, 1);

  for (gsize e = 0; e < rows * cols; e++)
    x->x[e] = (float) rf_rng_normal (&rng);
  return x;
}

static double *
dense (const RfCsr *a)
{
  double *x = g_new0 (double, (gsize) a->rows * a->cols);

  for (guint32 r = 0; r < a->rows; r++)
    for (gsize e = a->ptr[r]; e < a->ptr[r + 1]; e++)
      x[(gsize) r * a->cols + a->idx[e]] = a->val ? (double) a->val[e] : 1;
  return x;
}

static void
test_interactions (void)
{
  g_autoptr(RfCsr) train = random_interactions (30, 20, 150, 3); /* some nodes stay alone */
  g_autoptr(RfCsr) graph = rf_graph_of_interactions (train);
  g_autofree double *a = dense (graph), *x = dense (train);
  gsize n = 50;

  g_assert_cmpuint (graph->rows, ==, n);
  g_assert_cmpuint (graph->ptr[n], ==, 2 * train->ptr[30]);
  for (gsize r = 0; r < n; r++)
    for (gsize c = 0; c < n; c++)
      {
        double expected = 0, degree[2] = { 0, 0 };
        gsize user = MIN (r, c), item = MAX (r, c);

        g_assert_cmpfloat (a[r * n + c], ==, a[c * n + r]);
        if (user < 30 && item >= 30 && x[user * 20 + item - 30] > 0)
          {
            for (gsize i = 0; i < 20; i++)
              degree[0] += x[user * 20 + i];
            for (gsize u = 0; u < 30; u++)
              degree[1] += x[u * 20 + item - 30];
            expected = 1 / sqrt (degree[0] * degree[1]);
          }
        g_assert_cmpfloat_with_epsilon (a[r * n + c], expected, 1e-7);
      }
}

static double
cosine (const RfMatrix *x, gsize a, gsize b)
{
  double ab = 0, aa = 0, bb = 0;

  for (gsize j = 0; j < x->cols; j++)
    {
      double p = (double) rf_matrix_row (x, a)[j], q = (double) rf_matrix_row (x, b)[j];

      ab += p * q;
      aa += p * p;
      bb += q * q;
    }
  return aa > 0 && bb > 0 ? ab / sqrt (aa * bb) : -2;
}

/* Is every neighbour at least as near as everything that is none? By brute force, over more rows than one block holds. */
static void
test_knn (void)
{
  enum { N = 150, K = 7 };
  g_autoptr(RfMatrix) x = random_matrix (N, 5, 4);
  g_autofree guint8 *available = g_new (guint8, N);
  g_autoptr(RfCsr) graph = NULL;

  memset (available, 1, N);
  for (gsize i = 0; i < N; i += 10)
    available[i] = 0;
  memset (rf_matrix_row (x, 5), 0, 5 * sizeof (float)); /* there, but without a direction */
  graph = rf_graph_knn (x, available, K);
  for (guint32 i = 0; i < N; i++)
    {
      gboolean takes_part = available[i] && i != 5;
      double worst = 2;

      g_assert_cmpuint (rf_csr_row_length (graph, i), ==, takes_part ? K : 0);
      for (gsize e = graph->ptr[i]; e < graph->ptr[i + 1]; e++)
        {
          g_assert_true (graph->idx[e] != i && available[graph->idx[e]] && graph->idx[e] != 5);
          g_assert_cmpfloat_with_epsilon (graph->val[e], 1.0 / K, 1e-7);
          worst = MIN (worst, cosine (x, i, graph->idx[e]));
        }
      for (guint32 j = 0; takes_part && j < N; j++)
        if (j != i && available[j] && j != 5 && !rf_csr_contains (graph, i, j))
          g_assert_cmpfloat (cosine (x, i, j), <=, worst + 1e-6);
    }
}

/* More rows than one column tile: the planted twin of each row must be found across the border, by one thread as by three. */
static void
test_knn_tiles (void)
{
  enum { N = 5000 };
  g_autoptr(RfMatrix) x = random_matrix (N, 8, 6);
  g_autoptr(RfCsr) one = NULL, three = NULL;
  int threads = rf_parallel_get_threads ();

  for (gsize i = 0; i < N / 2; i++)
    for (gsize j = 0; j < 8; j++)
      rf_matrix_row (x, N - 1 - i)[j] = 3 * rf_matrix_row (x, i)[j];
  rf_parallel_set_threads (1);
  one = rf_graph_knn (x, NULL, 2);
  rf_parallel_set_threads (3);
  three = rf_graph_knn (x, NULL, 2);
  rf_parallel_set_threads (threads);
  for (guint32 i = 0; i < N; i++)
    g_assert_true (rf_csr_contains (one, i, N - 1 - i));
  g_assert_cmpmem (one->idx, 2 * N * sizeof *one->idx, three->idx, 2 * N * sizeof *three->idx);
}

static void
test_few (void)
{
  g_autoptr(RfMatrix) x = random_matrix (4, 3, 8);
  const guint8 one[] = { 0, 1, 0, 0 }, two[] = { 0, 1, 0, 1 };
  g_autoptr(RfCsr) alone = rf_graph_knn (x, one, 10), pair = rf_graph_knn (x, two, 10);

  g_assert_cmpuint (alone->ptr[4], ==, 0);
  g_assert_cmpuint (pair->ptr[4], ==, 2);
  g_assert_true (rf_csr_contains (pair, 1, 3) && rf_csr_contains (pair, 3, 1));
  g_assert_cmpfloat (pair->val[0], ==, 1);
}

static void
test_mean (void)
{
  g_autoptr(RfMatrix) x = random_matrix (40, 4, 9), y = random_matrix (40, 6, 10);
  g_autofree guint8 *available = g_new (guint8, 40);
  g_autoptr(RfCsr) a = NULL, b = NULL, mean = NULL;
  g_autofree double *p = NULL, *q = NULL, *r = NULL;
  const double weights[] = { 1, 3 };

  memset (available, 1, 40);
  memset (available, 0, 10);
  a = rf_graph_knn (x, NULL, 5);
  b = rf_graph_knn (y, available, 5);
  mean = rf_graph_mean ((const RfCsr *const[]) { a, b }, weights, 2);
  p = dense (a);
  q = dense (b);
  r = dense (mean);
  for (gsize i = 0; i < 40; i++)
    for (gsize j = 0; j < 40; j++)
      g_assert_cmpfloat_with_epsilon (r[i * 40 + j], i < 10 ? p[i * 40 + j] : (p[i * 40 + j] + 3 * q[i * 40 + j]) / 4, 1e-6);
}

static void
test_of_features (void)
{
  RfMatrix *x = random_matrix (60, 4, 11), *y = random_matrix (60, 6, 12);
  guint8 *all = g_new (guint8, 60), *none = g_new0 (guint8, 60);
  g_autoptr(RfFeatures) image = NULL, text = NULL;
  g_autoptr(RfCsr) graph = NULL, transposed = NULL, alone = NULL;
  g_autofree double *a = NULL, *b = NULL, *c = NULL;

  memset (all, 1, 60);
  image = rf_features_new ("image", "key", x, all);
  text = rf_features_new ("text", "key", y, none);
  graph = rf_graph_of_features ((const RfFeatures *const[]) { image, text }, 2, 3, &transposed);
  alone = rf_graph_knn (x, all, 3);
  a = dense (graph);
  b = dense (transposed);
  c = dense (alone);
  for (gsize i = 0; i < 60; i++)
    for (gsize j = 0; j < 60; j++)
      {
        g_assert_cmpfloat (a[i * 60 + j], ==, b[j * 60 + i]);
        g_assert_cmpfloat_with_epsilon (a[i * 60 + j], c[i * 60 + j], 1e-7);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/graph/interactions", test_interactions);
  g_test_add_func ("/graph/knn", test_knn);
  g_test_add_func ("/graph/knn-tiles", test_knn_tiles);
  g_test_add_func ("/graph/few", test_few);
  g_test_add_func ("/graph/mean", test_mean);
  g_test_add_func ("/graph/of-features", test_of_features);
  return g_test_run ();
}
