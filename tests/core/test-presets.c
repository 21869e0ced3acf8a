/* test-presets.c: the published quirks of five tools, each worked out by hand on the same predictions.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "core/base/rf-parallel.h"
#include "core/eval/rf-presets.h"

#define assert_near(a, b) g_assert_cmpfloat_with_epsilon (a, b, 1e-9)

enum
{
  USERS = 3,
  ITEMS = 7,
};

/* The order of scores is 0 1 2 3 4 5 6, items 4 and 5 are tied. */
static const float scores[ITEMS] = { 10, 9, 8, 7, 5, 5, 1 };

/* User 0: train 0, validation 1, test 3 and 5. User 1: train 1 and 4, validation 2, test 0. User 2: train 0, 2, 3, 5: no test.
 * Item 6 is in nobody's training. */
static const guint32 train_user[] = { 0, 1, 1, 2, 2, 2, 2 }, train_item[] = { 0, 1, 4, 0, 2, 3, 5 };
static const guint32 valid_user[] = { 0, 1 }, valid_item[] = { 1, 2 };
static const guint32 test_user[] = { 0, 0, 1 }, test_item[] = { 3, 5, 0 };

static RfPresetResult
judge (RfPreset preset, gsize n_test, const guint32 *user, const guint32 *item, const float *rating, guint k)
{
  g_autoptr(RfCsr) train = rf_csr_new_from_pairs (USERS, ITEMS, G_N_ELEMENTS (train_user), train_user, train_item, NULL);
  g_autoptr(RfCsr) valid = rf_csr_new_from_pairs (USERS, ITEMS, 2, valid_user, valid_item, NULL);
  g_autoptr(RfCsr) test = rf_csr_new_from_pairs (USERS, ITEMS, n_test, user, item, rating);
  RfPresetData data = { train, train, valid, test, rating ? 3 : 0, k };
  RfPresetResult result;

  g_assert_true (rf_preset_evaluate (preset, rf_score_with_vector, scores, ITEMS, &data, &result, NULL, NULL));
  return result;
}

static RfPresetResult
judge_default (RfPreset preset)
{
  return judge (preset, 3, test_user, test_item, NULL, 3);
}

/* log2 3 */
#define L3 1.5849625007211562

/* Validation items are candidates: user 0 sees 1 2 3 (hit at 3), user 1 sees 0 2 3 (hit at 1). */
static void
test_mmrec (void)
{
  RfPresetResult r = judge_default (RF_PRESET_MMREC);

  g_assert_cmpuint (r.users, ==, 2);
  assert_near (r.recall, (1.0 / 2 + 1) / 2);
  assert_near (r.recall_micro, 2.0 / 3);
  assert_near (r.precision, 1.0 / 3);
  assert_near (r.ndcg, (.5 / (1 + 1 / L3) + 1) / 2);
  assert_near (r.map, (1.0 / 3 / 2 + 1) / 2);
  g_assert_true (isnan (r.mrr) && isnan (r.hit_rate) && isnan (r.coverage));
}

/* Validation items are masked: user 0 sees 2 3 4 (hit at 2), user 1 sees 0 3 5 (hit at 1). */
static void
test_recbole (void)
{
  RfPresetResult r = judge_default (RF_PRESET_RECBOLE);

  assert_near (r.recall, (1.0 / 2 + 1) / 2);
  assert_near (r.ndcg, (1 / L3 / (1 + 1 / L3) + 1) / 2);
  assert_near (r.map, (1.0 / 2 / 2 + 1) / 2);
  assert_near (r.mrr, (1.0 / 2 + 1) / 2);
  assert_near (r.hit_rate, 1);
  /* GAUC: user 0: 3 beats 4 and 6, loses to 2; 5 ties with 4, beats 6, loses to 2: (2 + 1.5) / 6, weight 2. User 1: 1, weight 1. */
  assert_near (r.auc, (2 * 3.5 / 6 + 1) / 3);
  /* Items 0, 2, 3, 4, 5 are shown, of 7 and the padding. */
  assert_near (r.coverage, 5.0 / 8);
  /* Counts 0 0 0 1 1 1 1 2 of 8: weights 2i - 9: -1 + 1 + 3 + 5 + 7 * 2 = 22, over 8 * 6. */
  assert_near (r.gini, 22.0 / 48);
  /* Shares 1/6 four times, 1/3 once; nats, over 5 items. */
  assert_near (r.entropy, (4 * log (6) / 6 + log (3) / 3) / 5);
}

/* As RecBole, and item 6 is no candidate. */
static void
test_cornac (void)
{
  RfPresetResult r = judge_default (RF_PRESET_CORNAC);

  assert_near (r.recall, (1.0 / 2 + 1) / 2);
  assert_near (r.mrr, (1.0 / 2 + 1) / 2);
  /* User 0, candidates 2 3 4 5: item 3 has rank 2, item 5, tied with 4, rank 4: (1/2 + 2/4) / 2. User 1: 1. */
  assert_near (r.map, (.5 + 1) / 2);
  /* Strict: 3 beats 4, 5 beats nothing: 1 of 4. */
  assert_near (r.auc, (1.0 / 4 + 1) / 2);
}

/* A test positive that training has not seen is no positive for Cornac; for the others it is one that may be missed. */
static void
test_cornac_leaves_out_unknown_positives (void)
{
  const guint32 user[] = { 0, 0 }, item[] = { 3, 6 };

  assert_near (judge (RF_PRESET_CORNAC, 2, user, item, NULL, 3).recall, 1);
  assert_near (judge (RF_PRESET_RECBOLE, 2, user, item, NULL, 3).recall, 1.0 / 2);
  assert_near (judge (RF_PRESET_ELLIOT, 2, user, item, NULL, 6).recall, 1.0 / 2);
  assert_near (judge (RF_PRESET_MMREC, 2, user, item, NULL, 6).recall, 1);
}

/* Whole list: with one place only Cornac still sees the hits further down; RecBole does not. */
static void
test_cornac_looks_beyond_k (void)
{
  RfPresetResult c = judge (RF_PRESET_CORNAC, 3, test_user, test_item, NULL, 1), r = judge (RF_PRESET_RECBOLE, 3, test_user, test_item, NULL, 1);

  assert_near (c.mrr, (1.0 / 2 + 1) / 2);
  assert_near (r.mrr, (0.0 + 1) / 2);
}

/* The lists of MMRec; ndcg over three hits for everybody, map over |R|. */
static void
test_rectools (void)
{
  RfPresetResult r = judge_default (RF_PRESET_RECTOOLS), one = judge (RF_PRESET_RECTOOLS, 3, test_user, test_item, NULL, 1);
  double ideal = 1 + 1 / L3 + .5;

  assert_near (r.ndcg, (.5 / ideal + 1 / ideal) / 2);
  assert_near (r.map, (1.0 / 3 / 2 + 1) / 2);
  assert_near (r.coverage, 4); /* 0 1 2 3 */
  assert_near (r.mrr, (1.0 / 3 + 1) / 2);
  /* K = 1 < |R| of user 0, whose first place is no hit; of user 1 it is. */
  assert_near (one.map, 1.0 / 2);
}

/* map / |R| differs from / min (|R|, K) when more is relevant than fits. */
static void
test_map_of_short_lists (void)
{
  const guint32 user[] = { 0, 0, 0 }, item[] = { 2, 3, 5 };

  assert_near (judge (RF_PRESET_RECBOLE, 3, user, item, NULL, 2).map, (1 + 1.0) / 2);
  assert_near (judge (RF_PRESET_RECTOOLS, 3, user, item, NULL, 2).map, 1.0 / 2 / 3);
}

static void
test_elliot (void)
{
  RfPresetResult r = judge_default (RF_PRESET_ELLIOT);

  /* User 0 sees 1 2 3: precision 0, 0, 1/3. User 1 sees 0 2 3: 1, 1/2, 1/3. */
  assert_near (r.map, ((1.0 / 3) / 3 + (1 + .5 + 1.0 / 3) / 3) / 2);
  /* With gains of 1 the usual ndcg. */
  assert_near (r.ndcg, (.5 / (1 + 1 / L3) + 1) / 2);
  assert_near (r.coverage, 4);
  /* Counts 0 0 0 1 1 2 2, weights 2i - 8: 0 + 2 + 4 * 2 + 6 * 2 = 22, over 6 * 6. */
  assert_near (r.gini, 1 - 22.0 / 36);
  /* Shares 1/6, 1/6, 1/3, 1/3 in bits. */
  assert_near (r.entropy, 2 * log2 (6) / 6 + 2 * log2 (3) / 3);
}

/* Ratings 3 and 5, threshold 3: gains 1 and 7; the rating 2 of user 1 is not relevant. */
static void
test_elliot_grades (void)
{
  const float rating[] = { 3, 5, 2 };
  RfPresetResult r = judge (RF_PRESET_ELLIOT, 3, test_user, test_item, rating, 5);

  g_assert_cmpuint (r.users, ==, 1);
  /* User 0 sees 1 2 3 4 5. */
  assert_near (r.ndcg, (1 / 2.0 + 7 / log2 (6)) / (7 + 1 / L3));
}

static void
test_threads (void)
{
  RfPresetResult one, two;

  for (RfPreset p = 0; p < RF_N_PRESETS; p++)
    {
      rf_parallel_set_threads (1);
      one = judge_default (p);
      rf_parallel_set_threads (3);
      two = judge_default (p);
      for (guint m = 0; m < RF_N_PRESET_METRICS; m++)
        g_assert_true (rf_preset_metric (&one, m) == rf_preset_metric (&two, m) || isnan (rf_preset_metric (&one, m)));
    }
  rf_parallel_set_threads (0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/presets/mmrec", test_mmrec);
  g_test_add_func ("/presets/recbole", test_recbole);
  g_test_add_func ("/presets/cornac", test_cornac);
  g_test_add_func ("/presets/cornac/unknown", test_cornac_leaves_out_unknown_positives);
  g_test_add_func ("/presets/cornac/beyond-k", test_cornac_looks_beyond_k);
  g_test_add_func ("/presets/rectools", test_rectools);
  g_test_add_func ("/presets/map-of-short-lists", test_map_of_short_lists);
  g_test_add_func ("/presets/elliot", test_elliot);
  g_test_add_func ("/presets/elliot/grades", test_elliot_grades);
  g_test_add_func ("/presets/threads", test_threads);
  return g_test_run ();
}
