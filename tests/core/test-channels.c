/* test-channels.c: the closed forms against slow, literal versions of their formulas.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-rng.h"
#include "core/model/rf-content.h"
#include "core/model/rf-ease.h"
#include "core/model/rf-item-knn.h"

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

/* The score of one (user, item) by the definition: the weights of the past items, not the item itself. */
static double
literal_score (const RfChannel *channel, const RfCsr *history, guint32 user, guint32 item)
{
  double sum = 0;

  for (gsize e = history->ptr[user]; e < history->ptr[user + 1]; e++)
    if (history->idx[e] != item)
      sum += rf_channel_get_weight (channel, history->idx[e], item);
  return sum;
}

static void
assert_scores_are_sums_of_weights (const RfChannel *channel, const RfCsr *history)
{
  gsize n = channel->n_items;
  g_autofree float *scores = g_new (float, n * history->rows);

  rf_channel_score (channel, history, 0, history->rows, RF_NO_USER, scores);
  for (guint32 u = 0; u < history->rows; u++)
    for (guint32 i = 0; i < n; i++)
      g_assert_cmpfloat_with_epsilon (scores[u * n + i], literal_score (channel, history, u, i), 2e-4);
}

/* P = (X'X + lambda I)^(-1) by Gauss-Jordan in double; B = -P_ji / P_ii. */
static double *
literal_ease (const RfCsr *x, double lambda)
{
  gsize n = x->cols, w = 2 * n;
  g_autofree double *a = g_new0 (double, n * w);
  double *b = g_new0 (double, n * n);

  for (guint32 u = 0; u < x->rows; u++)
    for (gsize e = x->ptr[u]; e < x->ptr[u + 1]; e++)
      for (gsize f = x->ptr[u]; f < x->ptr[u + 1]; f++)
        a[x->idx[e] * w + x->idx[f]] += 1;
  for (gsize i = 0; i < n; i++)
    {
      a[i * w + i] += lambda;
      a[i * w + n + i] = 1;
    }
  for (gsize p = 0; p < n; p++)
    {
      double pivot = a[p * w + p];

      for (gsize c = 0; c < w; c++)
        a[p * w + c] /= pivot;
      for (gsize r = 0; r < n; r++)
        {
          double factor = a[r * w + p];

          for (gsize c = 0; c < w && r != p; c++)
            a[r * w + c] -= factor * a[p * w + c];
        }
    }
  for (gsize j = 0; j < n; j++)
    for (gsize i = 0; i < n; i++)
      b[j * n + i] = i == j ? 0 : -a[j * w + n + i] / a[i * w + n + i];
  return b;
}

static void
check_ease (guint32 users, guint32 items, gboolean factored)
{
  g_autoptr(RfCsr) x = random_interactions (users, items, 8 * users, 4);
  g_autoptr(GError) error = NULL;
  g_autoptr(RfEaseSolver) solver = rf_ease_solver_new (x, &error);
  g_autoptr(RfChannel) channel = rf_ease_solver_solve (solver, 5, &error);
  g_autofree double *expected = literal_ease (x, 5);

  g_assert_no_error (error);
  g_assert_true (rf_ease_solver_is_factored (solver) == factored);
  for (guint32 j = 0; j < items; j++)
    for (guint32 i = 0; i < items; i++)
      if (channel->available[i] && channel->available[j])
        g_assert_cmpfloat_with_epsilon (rf_channel_get_weight (channel, j, i), expected[j * items + i], 1e-4);
  assert_scores_are_sums_of_weights (channel, x);
}

static void
test_ease_factored (void)
{
  check_ease (30, 60, TRUE);
}

static void
test_ease_direct (void)
{
  check_ease (90, 50, FALSE);
}

static void
test_item_knn (void)
{
  g_autoptr(RfCsr) x = random_interactions (40, 25, 300, 6), t = rf_csr_transpose (x);
  g_autoptr(RfChannel) all = rf_item_knn_fit (x, 25, 3), few = rf_item_knn_fit (x, 4, 3);

  for (guint32 i = 0; i < 25; i++)
    {
      guint kept = 0;

      for (guint32 j = 0; j < 25; j++)
        {
          double both = 0, expected;

          for (guint32 u = 0; u < 40; u++)
            both += rf_csr_contains (x, u, i) && rf_csr_contains (x, u, j);
          expected = both / (sqrt ((double) (rf_csr_row_length (t, i) * rf_csr_row_length (t, j))) + 3);
          g_assert_cmpfloat_with_epsilon (rf_channel_get_weight (all, j, i), i == j ? 0 : expected, 1e-6);
          kept += rf_channel_get_weight (few, j, i) > 0;
        }
      g_assert_cmpuint (kept, <=, 4);
    }
  assert_scores_are_sums_of_weights (few, x);
}

/* Item 0 stands beside 1, 2 and 3 once each: of equals the first is kept. */
static void
test_item_knn_ties (void)
{
  const guint32 user[] = { 0, 0, 1, 1, 2, 2 }, item[] = { 0, 3, 0, 1, 0, 2 };
  g_autoptr(RfCsr) x = rf_csr_new_from_pairs (3, 4, 6, user, item, NULL);
  g_autoptr(RfChannel) channel = rf_item_knn_fit (x, 2, 0);

  g_assert_cmpfloat (rf_channel_get_weight (channel, 1, 0), >, 0);
  g_assert_cmpfloat (rf_channel_get_weight (channel, 2, 0), >, 0);
  g_assert_cmpfloat (rf_channel_get_weight (channel, 3, 0), ==, 0);
}

static RfFeatures
random_features (guint32 items, gsize d, guint64 seed)
{
  RfRng rng = rf_rng_new (seed, 1);
  RfFeatures features = { .name = (char *) "text", .x = rf_matrix_new (items, d), .available = g_new (guint8, items) };

  for (guint32 i = 0; i < items; i++)
    {
      features.available[i] = i % 7 != 3;
      for (gsize c = 0; c < d && features.available[i]; c++)
        rf_matrix_row (features.x, i)[c] = (float) (rf_rng_normal (&rng) * (1 + (double) c));
    }
  return features;
}

static void
clear_features (RfFeatures *features)
{
  rf_matrix_free (features->x);
  g_free (features->available);
}

/* The channel of one epsilon and lambda; its values are the whitened features. */
static RfChannel *
solve_content (const RfFeatures *features, const RfCsr *train, double epsilon, double lambda)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RfContentSpace) space = rf_content_space_new (features, train, &error);
  g_autoptr(RfContentSolver) solver = rf_content_solver_new (space, epsilon, &error);

  g_assert_no_error (error);
  return rf_content_solver_solve (solver, lambda);
}

static void
test_whitening (void)
{
  g_autoptr(RfCsr) x = random_interactions (50, 200, 400, 7);
  RfFeatures features = random_features (200, 5, 8);
  g_autoptr(RfChannel) plain = solve_content (&features, x, 0, 1), damped = solve_content (&features, x, 0.1, 1);
  gsize d = plain->value->cols;

  g_assert_cmpuint (d, ==, 5);
  for (gsize a = 0; a < d; a++)
    for (gsize b = 0; b < d; b++)
      {
        double dot = 0;

        for (gsize i = 0; i < 200; i++)
          dot += (double) rf_matrix_row (plain->value, i)[a] * rf_matrix_row (plain->value, i)[b];
        g_assert_cmpfloat_with_epsilon (dot, a == b, 1e-4); /* epsilon 0: F'F = I */
      }
  for (gsize i = 0; i < 200; i++)
    if (!features.available[i])
      for (gsize c = 0; c < d; c++)
        g_assert_cmpfloat (rf_matrix_row (plain->value, i)[c], ==, 0);
  /* s^2 / (s^2 + eps s_1^2): the first direction keeps 1 / 1.1 of its square, later ones less. */
  for (gsize c = 0; c < damped->value->cols; c++)
    {
      double square = 0;

      for (gsize i = 0; i < 200; i++)
        square += pow (rf_matrix_row (damped->value, i)[c], 2);
      if (c == 0)
        g_assert_cmpfloat_with_epsilon (square, 1 / 1.1, 1e-3);
      else
        g_assert_cmpfloat (square, <, 1 / 1.1);
    }
  clear_features (&features);
}

/* The objective of rf-content.h, literally: sum_u w_u |x_u - (x_u without i) ... |. Its minimiser satisfies
 * A M B + lambda max(a) max(b) M = C in the eigenbases; we check that equation on the M behind the weights. */
static void
check_content_equation (guint32 users, guint32 items, gsize n, double epsilon, double lambda)
{
  gsize d = 4;
  g_autoptr(RfCsr) x = random_interactions (users, items, n, 12);
  RfFeatures features = random_features (items, d, 13);
  g_autoptr(RfChannel) channel = solve_content (&features, x, epsilon, lambda);
  const RfMatrix *f = channel->value;
  double a[16] = { 0 }, b[16] = { 0 }, c[16] = { 0 }, m[16] = { 0 }, gram[16], rhs[16] = { 0 }, ea[4], eb[4], copy[16];

  g_assert_cmpuint (f->cols, ==, d);
  for (guint32 u = 0; u < users; u++)
    {
      double profile[4] = { 0 }, weight = 1.0 / (double) MAX (rf_csr_row_length (x, u), 1);

      for (gsize e = x->ptr[u]; e < x->ptr[u + 1]; e++)
        for (gsize p = 0; p < d; p++)
          {
            profile[p] += rf_matrix_row (f, x->idx[e])[p];
            for (gsize q = 0; q < d; q++)
              c[p * d + q] -= weight * rf_matrix_row (f, x->idx[e])[p] * rf_matrix_row (f, x->idx[e])[q];
          }
      for (gsize p = 0; p < d; p++)
        for (gsize q = 0; q < d; q++)
          a[p * d + q] += weight * profile[p] * profile[q];
    }
  for (gsize p = 0; p < d; p++)
    for (gsize q = 0; q < d; q++)
      {
        c[p * d + q] += a[p * d + q];
        for (guint32 i = 0; i < items; i++)
          {
            b[p * d + q] += (double) rf_matrix_row (f, i)[p] * rf_matrix_row (f, i)[q];
            rhs[p * d + q] += (double) rf_matrix_row (f, i)[p] * rf_matrix_row (channel->key, i)[q];
          }
      }
  /* M from key = F M: M = (F'F)^(-1) F' key; F'F is diagonal here. */
  memcpy (gram, b, sizeof gram);
  for (gsize p = 0; p < d; p++)
    for (gsize q = 0; q < d; q++)
      m[p * d + q] = rhs[p * d + q] / gram[p * d + p];
  memcpy (copy, a, sizeof a);
  g_assert_true (rf_eigen_symmetric (d, copy, ea, NULL));
  memcpy (copy, b, sizeof b);
  g_assert_true (rf_eigen_symmetric (d, copy, eb, NULL));
  for (gsize p = 0; p < d; p++)
    for (gsize q = 0; q < d; q++)
      {
        double left = lambda * ea[d - 1] * eb[d - 1] * m[p * d + q];

        for (gsize r = 0; r < d; r++)
          for (gsize s = 0; s < d; s++)
            left += a[p * d + r] * m[r * d + s] * b[s * d + q];
        g_assert_cmpfloat_with_epsilon (left, c[p * d + q], 1e-4);
      }
  if (users < 100)
    assert_scores_are_sums_of_weights (channel, x);
  clear_features (&features);
}

static void
test_content_solves_its_equation (void)
{
  check_content_equation (60, 40, 500, 0.05, 0.01);
  check_content_equation (60, 40, 500, 1, 0.01);
  check_content_equation (60, 40, 500, 0.001, 1);
  check_content_equation (4200, 2100, 9000, 0.05, 0.01); /* several blocks of users and of items */
}

/* One space, several solvers, in any order: each gives what a space of its own gives. */
static void
test_content_space_is_shared (void)
{
  static const double epsilons[] = { 1, 0.001, 0.1 };
  g_autoptr(RfCsr) x = random_interactions (90, 70, 900, 14);
  RfFeatures features = random_features (70, 6, 15);
  g_autoptr(RfContentSpace) space = rf_content_space_new (&features, x, NULL);

  for (gsize e = 0; e < G_N_ELEMENTS (epsilons); e++)
    {
      g_autoptr(RfContentSolver) solver = rf_content_solver_new (space, epsilons[e], NULL);
      g_autoptr(RfChannel) shared = rf_content_solver_solve (solver, 0.1), own = solve_content (&features, x, epsilons[e], 0.1);

      g_assert_cmpmem (shared->key->x, 70 * shared->key->cols * sizeof (float), own->key->x, 70 * own->key->cols * sizeof (float));
    }
  clear_features (&features);
}

static void
test_standardise (void)
{
  g_autoptr(RfCsr) x = random_interactions (30, 60, 200, 2);
  RfFeatures features = random_features (60, 6, 3);
  g_autoptr(RfChannel) channel = solve_content (&features, x, 0.01, 0.1);
  float scores[60], flat[60];
  double mean = 0, square = 0;
  int n = 0;

  rf_channel_score (channel, x, 5, 1, RF_NO_USER, scores);
  g_assert_cmpfloat (rf_channel_standardise (channel, scores, NULL), >, 0);
  for (int i = 0; i < 60; i++)
    if (channel->available[i])
      {
        mean += scores[i];
        square += scores[i] * scores[i];
        n++;
      }
    else
      {
        g_assert_cmpfloat (scores[i], ==, 0);
      }
  g_assert_cmpfloat_with_epsilon (mean / n, 0, 1e-5);
  g_assert_cmpfloat_with_epsilon (square / n, 1, 1e-4);
  for (int i = 0; i < 60; i++)
    flat[i] = 3;
  g_assert_cmpfloat (rf_channel_standardise (channel, flat, NULL), ==, 0);
  g_assert_cmpfloat (flat[0], ==, 0);
  clear_features (&features);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  g_test_add_func ("/channel/ease/factored", test_ease_factored);
  g_test_add_func ("/channel/ease/direct", test_ease_direct);
  g_test_add_func ("/channel/item-knn", test_item_knn);
  g_test_add_func ("/channel/item-knn/ties", test_item_knn_ties);
  g_test_add_func ("/channel/whitening", test_whitening);
  g_test_add_func ("/channel/content", test_content_solves_its_equation);
  g_test_add_func ("/channel/content-space", test_content_space_is_shared);
  g_test_add_func ("/channel/standardise", test_standardise);
  return g_test_run ();
}
