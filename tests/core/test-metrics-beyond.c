/* test-metrics-beyond.c: metrics of scores and of all lists together, worked out by hand.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/eval/rf-metrics-beyond.h"
#include "core/eval/rf-metrics-scores.h"

#define NONE G_MAXUINT32
#define assert_near(a, b) g_assert_cmpfloat_with_epsilon (a, b, 1e-9)

/* Five items; three users with lists (0 1), (0 2), (0); a fourth without a list. Recommended: item 0 three times, 1 and 2 once. */
static const guint32 items[] = { 0, 1, 4, 0, 2, 4, 0, NONE, NONE, NONE, NONE, NONE };
static const RfLists lists = { items, 4, 3, 2, 5 };
/* Training users of each item, of 8. */
static const guint32 count[] = { 8, 4, 2, 1, 0 };

static void
test_lists (void)
{
  assert_near (rf_metrics_coverage (&lists), 3.0 / 5);
  /* Ascending 0 0 1 1 3; weights 2i - 6: -4 -2 0 2 4: (2 + 12) / (5 * 5). */
  assert_near (rf_metrics_gini (&lists), 14.0 / 25);
  /* Shares .6 .2 .2. */
  assert_near (rf_metrics_entropy (&lists), 1.3709505944546687);
  /* Means 6, 5, 8. */
  assert_near (rf_metrics_average_popularity (&lists, count), 19.0 / 3);
  /* log2 (8/8) = 0, (8/4) = 1, (8/2) = 2: user means .5, 1, 0. */
  assert_near (rf_metrics_novelty (&lists, count, 8), .5);
  /* The tail of .6 x 5 = 3 items is 4, 3, 2: user shares 0, 1/2, 0. */
  assert_near (rf_metrics_tail_share (&lists, count, .6), 1.0 / 6);
  g_assert_cmpfloat (rf_metrics_tail_share (&lists, count, .2), ==, 0);
}

/* An item that nobody had counts as had by one: log2 8 = 3. */
static void
test_novelty_of_new_items (void)
{
  const guint32 only[] = { 4 };
  const RfLists one = { only, 1, 1, 1, 5 };

  assert_near (rf_metrics_novelty (&one, count, 8), 3);
}

/* Items 0 (1 0), 1 (0 2), 2 (3 3), 3 unknown. cos 01 = 0, cos 02 = cos 12 = sqrt (1/2). */
static void
test_diversity (void)
{
  float numbers[] = { 1, 0, 0, 2, 3, 3, 9, 9, 0, 0 };
  const RfMatrix features = { .rows = 5, .cols = 2, .x = numbers };
  const guint8 available[] = { 1, 1, 1, 0, 1 };
  const guint32 all[] = { 0, 1, 2, 3, 3, 0, NONE, NONE }, zero[] = { 0, 4 };
  const RfLists three = { all, 2, 4, 4, 5 }, with_zero = { zero, 1, 2, 2, 5 };

  /* Three known items: 1 - (2 * 2 * .70710678) / 6; the second list has one known item and does not count. */
  assert_near (rf_metrics_diversity (&three, &features, available), 1 - 4 * M_SQRT1_2 / 6);
  assert_near (rf_metrics_diversity (&with_zero, &features, NULL), 1);
}

/* User 0: hit on item 3 at place 2; p = (5+1-2)/5, its popularity place is 4: q = 2/5; (4/5 - 2/5) / 2 = .2. User 1: a hit on item 0,
 * place 1, the most popular: 0. User 2: nothing relevant: not counted. */
static void
test_serendipity (void)
{
  const guint32 rows[] = { 0, 1 }, cols[] = { 3, 0 };
  const guint32 shown[] = { 0, 3, 0, 1, 3, 2 };
  const RfLists three = { shown, 3, 2, 2, 5 };
  g_autoptr(RfCsr) relevant = rf_csr_new_from_pairs (3, 5, 2, rows, cols, NULL);

  assert_near (rf_metrics_serendipity (&three, count, relevant), .1);
}

/* Relevant 1 (.5) and 4 (.9); item 3 is history. Others: 0 (.5), 2 (.7). Pairs: .5 against .5 tie, .5 against .7 lost, .9 wins both. */
static void
test_auc (void)
{
  const float scores[] = { .5f, .5f, .7f, 5, .9f };
  const guint32 relevant[] = { 1, 4 }, exclude[] = { 3 };

  assert_near (rf_metrics_auc_of_user (scores, 5, relevant, 2, exclude, 1, FALSE), 2.5 / 4);
  assert_near (rf_metrics_auc_of_user (scores, 5, relevant, 2, exclude, 1, TRUE), 2.0 / 4);
  /* With item 3 a candidate: it beats both. */
  assert_near (rf_metrics_auc_of_user (scores, 5, relevant, 2, NULL, 0, FALSE), 2.5 / 6);
  g_assert_true (isnan (rf_metrics_auc_of_user (scores, 5, relevant, 0, exclude, 1, FALSE)));
}

/* Against all pairs one by one, with ties; and the mean over users with any number of threads. */
static void
test_auc_against_pairs (void)
{
  enum { USERS = 40, ITEMS = 60 };
  RfRng rng = rf_rng_new (4, 4);
  float scores[ITEMS];
  guint32 row[300], col[300];
  g_autoptr(RfCsr) history = NULL, relevant = NULL, nothing = NULL;
  double one, two, per_user[USERS], sum = 0;
  guint users = 0;

  for (int i = 0; i < ITEMS; i++)
    scores[i] = (float) rf_rng_below (&rng, 10);
  for (int e = 0; e < 300; e++)
    {
      row[e] = rf_rng_below (&rng, USERS - 1);
      col[e] = rf_rng_below (&rng, ITEMS);
    }
  nothing = rf_csr_new_from_pairs (USERS, ITEMS, 0, row, col, NULL);
  relevant = rf_csr_new_from_pairs (USERS, ITEMS, 300, row, col, NULL);
  rf_parallel_set_threads (1);
  g_assert_true (rf_metrics_auc (rf_score_with_vector, scores, ITEMS, nothing, relevant, &one, NULL, NULL, NULL));
  rf_parallel_set_threads (3);
  g_assert_true (rf_metrics_auc (rf_score_with_vector, scores, ITEMS, nothing, relevant, &two, per_user, NULL, NULL));
  rf_parallel_set_threads (0);
  g_assert_cmpfloat (one, ==, two);
  g_assert_true (isnan (per_user[USERS - 1]));
  for (guint32 u = 0; u < USERS; u++)
    {
      double won = 0, pairs = 0;

      for (guint32 p = 0; p < ITEMS; p++)
        for (guint32 n = 0; n < ITEMS; n++)
          if (rf_csr_contains (relevant, u, p) && !rf_csr_contains (relevant, u, n))
            {
              won += scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? .5 : 0;
              pairs++;
            }
      if (pairs > 0)
        {
          assert_near (per_user[u], won / pairs);
          sum += won / pairs;
          users++;
        }
    }
  assert_near (one, sum / users);
}

static void
test_probabilities (void)
{
  const double p[] = { .9, .5, .2, .4 };
  const guint8 y[] = { 1, 0, 0, 1 };

  /* .9 right, .5 counts as yes: wrong, .2 right, .4 wrong. */
  assert_near (rf_metrics_accuracy (p, y, 4), .5);
  assert_near (rf_metrics_log_loss (p, y, 4), -(log (.9) + log (.5) + log (.8) + log (.4)) / 4);
  assert_near (rf_metrics_brier (p, y, 4), (.01 + .25 + .04 + .36) / 4);
  /* A certain mistake is bad, not infinite. */
  assert_near (rf_metrics_log_loss ((const double[]) { 0 }, (const guint8[]) { 1 }, 1), -log (1e-15));
  g_assert_true (isnan (rf_metrics_brier (p, y, 0)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics/lists", test_lists);
  g_test_add_func ("/metrics/novelty-of-new-items", test_novelty_of_new_items);
  g_test_add_func ("/metrics/diversity", test_diversity);
  g_test_add_func ("/metrics/serendipity", test_serendipity);
  g_test_add_func ("/metrics/auc", test_auc);
  g_test_add_func ("/metrics/auc-against-pairs", test_auc_against_pairs);
  g_test_add_func ("/metrics/probabilities", test_probabilities);
  return g_test_run ();
}
