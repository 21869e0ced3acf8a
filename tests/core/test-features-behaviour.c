/* test-features-behaviour.c: statistics of interactions, by hand.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/features/rf-behaviour-stats.h"

#define DAY 86400

static const guint32 users[] = { 0, 0, 0, 0, 1, 2, 2 };
static const guint32 items[] = { 5, 6, 5, 7, 5, 6, 6 };
static const float ratings[] = { 4, 2, NAN, 3, NAN, 5, 5 };
static const gint64 times[] = { 0, 3600, 4 * DAY, 10 * DAY, RF_NO_TIMESTAMP, 12 * DAY, -1 };
static const guint8 events[] = { 0, 1, 0, 1, 0, 1, 1 };
static const RfInteractions interactions = { .n = 7, .user = users, .item = items, .rating = ratings, .timestamp = times, .event = events };

static void
test_users (void)
{
  g_autoptr(RfMatrix) x = rf_behaviour_stats_new (&interactions, NULL, 1, 4, TRUE);
  const float *first = rf_matrix_row (x, 0), *second = rf_matrix_row (x, 1), *third = rf_matrix_row (x, 2), *idle = rf_matrix_row (x, 3);

  g_assert_cmpfloat (first[RF_STAT_COUNT], ==, 4);
  g_assert_cmpfloat (first[RF_STAT_PARTNERS], ==, 3);
  g_assert_cmpfloat (first[RF_STAT_REPEAT_RATE], ==, .25f);
  g_assert_cmpfloat (first[RF_STAT_PERCENTILE], ==, 1);
  g_assert_cmpfloat (first[RF_STAT_PURCHASE_SHARE], ==, .5f);
  g_assert_cmpfloat (first[RF_STAT_RECENCY], ==, 2);
  g_assert_cmpfloat (first[RF_STAT_SPAN], ==, 10);
  g_assert_cmpfloat (first[RF_STAT_ACTIVE_DAYS], ==, 3);
  g_assert_cmpfloat_with_epsilon (first[RF_STAT_FREQUENCY], 4 / 3.0, 1e-6);
  g_assert_cmpfloat_with_epsilon (first[RF_STAT_GAP], 10 / 3.0, 1e-6);
  g_assert_cmpfloat (first[RF_STAT_RATING_MEAN], ==, 3);
  g_assert_cmpfloat_with_epsilon (first[RF_STAT_RATING_DEVIATION], sqrt (2 / 3.0), 1e-6);

  g_assert_cmpfloat (second[RF_STAT_COUNT], ==, 1); /* neither time nor rating */
  g_assert_cmpfloat_with_epsilon (second[RF_STAT_PERCENTILE], 1 / 3.0, 1e-6);
  for (int s = RF_STAT_RECENCY; s < RF_N_STATS; s++)
    g_assert_true (isnan (second[s]));

  g_assert_cmpfloat (third[RF_STAT_REPEAT_RATE], ==, .5f);
  g_assert_cmpfloat (third[RF_STAT_RECENCY], ==, 0);
  g_assert_cmpfloat (third[RF_STAT_ACTIVE_DAYS], ==, 2); /* a second before 1970 is another day */
  g_assert_cmpfloat (third[RF_STAT_RATING_DEVIATION], ==, 0);

  g_assert_cmpfloat (idle[RF_STAT_COUNT], ==, 0);
  g_assert_cmpfloat (idle[RF_STAT_PERCENTILE], ==, 0);
  g_assert_true (isnan (idle[RF_STAT_REPEAT_RATE]) && isnan (idle[RF_STAT_RECENCY]) && isnan (idle[RF_STAT_RATING_MEAN]));
}

static void
test_items (void)
{
  g_autoptr(RfMatrix) x = rf_behaviour_stats_new (&interactions, NULL, -1, 8, FALSE);

  g_assert_cmpfloat (rf_matrix_row (x, 5)[RF_STAT_COUNT], ==, 3);
  g_assert_true (isnan (rf_matrix_row (x, 5)[RF_STAT_PURCHASE_SHARE])); /* no event counts as a purchase */
  g_assert_cmpfloat (rf_matrix_row (x, 5)[RF_STAT_PARTNERS], ==, 2);
  g_assert_cmpfloat (rf_matrix_row (x, 6)[RF_STAT_RATING_MEAN], ==, 4);
  g_assert_cmpfloat_with_epsilon (rf_matrix_row (x, 5)[RF_STAT_PERCENTILE], 6.5 / 7, 1e-6); /* of the other seven six are below, one is equal */
  g_assert_cmpfloat_with_epsilon (rf_matrix_row (x, 0)[RF_STAT_PERCENTILE], 2 / 7.0, 1e-6); /* five without any: 4 equal others, half */
}

/* What is held out does not count, nor does it move the end of the catalog. */
static void
test_mask (void)
{
  guint8 mask[] = { 1, 1, 1, 0, 1, 0, 1 };
  g_autoptr(RfMatrix) x = rf_behaviour_stats_new (&interactions, mask, 1, 3, TRUE);

  g_assert_cmpfloat (rf_matrix_row (x, 0)[RF_STAT_COUNT], ==, 3);
  g_assert_cmpfloat (rf_matrix_row (x, 0)[RF_STAT_RECENCY], ==, 0);
  g_assert_cmpfloat (rf_matrix_row (x, 0)[RF_STAT_SPAN], ==, 4);
  g_assert_cmpfloat (rf_matrix_row (x, 2)[RF_STAT_COUNT], ==, 1);
}

static void
test_standardise (void)
{
  g_autoptr(RfMatrix) raw = rf_behaviour_stats_new (&interactions, NULL, 1, 4, TRUE);
  g_autoptr(RfFeatures) features = rf_behaviour_stats_standardise (raw);
  double mean = (log (5) + log (2) + log (3)) / 3;
  double deviation = sqrt ((pow (log (5) - mean, 2) + pow (log (2) - mean, 2) + pow (log (3) - mean, 2)) / 3);

  g_assert_cmpuint (features->available[0] + features->available[1] + features->available[2], ==, 3);
  g_assert_cmpuint (features->available[3], ==, 0);
  g_assert_cmpfloat_with_epsilon (rf_matrix_row (features->x, 0)[RF_STAT_COUNT], (log (5) - mean) / deviation, 1e-5);
  g_assert_cmpfloat (rf_matrix_row (features->x, 1)[RF_STAT_RATING_MEAN], ==, 0);   /* unknown: the mean */
  g_assert_cmpfloat_with_epsilon (rf_matrix_row (features->x, 0)[RF_STAT_RATING_MEAN], -1, 1e-5); /* 3 and 5 */
  for (int s = 0; s < RF_N_STATS; s++)
    g_assert_cmpfloat (rf_matrix_row (features->x, 3)[s], ==, 0);
}

static void
test_threads (void)
{
  enum { N = 20000 };
  g_autofree guint32 *u = g_new (guint32, N), *i = g_new (guint32, N);
  g_autofree float *r = g_new (float, N);
  g_autofree gint64 *t = g_new (gint64, N);
  RfInteractions many = { .n = N, .user = u, .item = i, .rating = r, .timestamp = t };
  RfRng rng = rf_rng_new (1, 1);
  g_autoptr(RfMatrix) one = NULL, more = NULL;
  g_autoptr(RfFeatures) features_one = NULL, features_more = NULL;

  for (int k = 0; k < N; k++)
    {
      u[k] = rf_rng_below (&rng, 3000);
      i[k] = rf_rng_below (&rng, 100);
      r[k] = (float) rf_rng_below (&rng, 6);
      t[k] = rf_rng_below (&rng, 100000000);
    }
  rf_parallel_set_threads (1);
  one = rf_behaviour_stats_new (&many, NULL, -1, 3000, TRUE);
  rf_parallel_set_threads (4);
  more = rf_behaviour_stats_new (&many, NULL, -1, 3000, TRUE);
  rf_parallel_set_threads (0);
  features_one = rf_behaviour_stats_standardise (one);
  features_more = rf_behaviour_stats_standardise (more);
  g_assert_cmpmem (features_one->x->x, 3000 * RF_N_STATS * sizeof (float), features_more->x->x, 3000 * RF_N_STATS * sizeof (float));
}

static void
test_names (void)
{
  for (int a = 0; a < RF_N_STATS; a++)
    {
      g_assert_cmpstr (rf_behaviour_stat_get_title ((RfBehaviourStat) a), !=, "");
      for (int b = 0; b < a; b++)
        g_assert_cmpstr (rf_behaviour_stat_get_name ((RfBehaviourStat) a), !=, rf_behaviour_stat_get_name ((RfBehaviourStat) b));
    }
}

static void
test_summary (void)
{
  RfMatrix raw = { .rows = 5, .cols = RF_N_STATS };
  g_autofree float *x = g_new (float, 5 * RF_N_STATS);
  static const float counts[] = { 4, 1, 0, 3, 2 };
  RfStatSummary count, rating, gap;

  raw.x = x;
  for (int e = 0; e < 5; e++)
    {
      for (int s = 0; s < RF_N_STATS; s++)
        x[e * RF_N_STATS + s] = NAN;
      x[e * RF_N_STATS + RF_STAT_COUNT] = counts[e];
    }
  x[RF_STAT_RATING_MEAN] = 2;
  x[RF_N_STATS + RF_STAT_RATING_MEAN] = 5;
  count = rf_behaviour_stats_summarise (&raw, RF_STAT_COUNT);
  rating = rf_behaviour_stats_summarise (&raw, RF_STAT_RATING_MEAN);
  gap = rf_behaviour_stats_summarise (&raw, RF_STAT_GAP);
  g_assert_cmpuint (count.known, ==, 5);
  g_assert_cmpfloat (count.mean, ==, 2);
  g_assert_cmpfloat (count.median, ==, 2);
  g_assert_cmpfloat (count.least, ==, 0);
  g_assert_cmpfloat (count.most, ==, 4);
  g_assert_cmpfloat_with_epsilon (count.deviation, sqrt (2), 1e-12);
  g_assert_cmpuint (rating.known, ==, 2);
  g_assert_cmpfloat (rating.median, ==, 3.5);
  g_assert_cmpuint (gap.known, ==, 0);
  g_assert_true (isnan (gap.mean));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/behaviour-stats/users", test_users);
  g_test_add_func ("/behaviour-stats/items", test_items);
  g_test_add_func ("/behaviour-stats/mask", test_mask);
  g_test_add_func ("/behaviour-stats/standardise", test_standardise);
  g_test_add_func ("/behaviour-stats/threads", test_threads);
  g_test_add_func ("/behaviour-stats/names", test_names);
  g_test_add_func ("/behaviour-stats/summary", test_summary);
  return g_test_run ();
}
