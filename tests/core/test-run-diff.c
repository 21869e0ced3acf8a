/* test-run-diff.c: what differs between two runs, by hand.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/eval/rf-run-diff.h"
#include "core/model/rf-config.h"

static const RfDifference *
find (const GPtrArray *all, const char *name)
{
  for (guint d = 0; d < all->len; d++)
    if (g_strcmp0 (((const RfDifference *) all->pdata[d])->name, name) == 0)
      return all->pdata[d];
  return NULL;
}

static void
check (const GPtrArray *all, const char *name, RfDifferenceKind kind, const char *a, const char *b)
{
  const RfDifference *found = find (all, name);

  g_assert_nonnull (found);
  g_assert_cmpint (found->kind, ==, kind);
  g_assert_cmpstr (found->a, ==, a);
  g_assert_cmpstr (found->b, ==, b);
}

static void
test_differences (void)
{
  g_autoptr(RfConfig) config = rf_config_new ();
  g_autofree char *all_keys = NULL;
  RfRun a = { 0 }, b = { 0 };
  g_autoptr(GPtrArray) all = NULL;

  rf_config_set (config, "seed", "7", NULL);
  rf_config_set (config, "fusion", "gate", NULL);
  all_keys = rf_config_to_text (config);
  a.config = all_keys;
  b.config = (char *) "seed=8"; /* of an older version: what it does not name has its default */
  a.data_hash = (char *) "0123456789abcdef0123";
  b.data_hash = (char *) "0123456789abcdef0123";
  a.split_hash = (char *) "aaaaaaaaaaaabbbb";
  b.split_hash = (char *) "ccccccccccccdddd";
  a.result_json = (char *) "{\"metrics\": {\"valid\": {\"ndcg@20\": 0.125, \"recall@20\": 0.5}}, \"epochs\": 12, \"seconds\": 3.5}";
  b.result_json = (char *) "{\"metrics\": {\"valid\": {\"ndcg@20\": 0.25}}, \"seconds\": [1]}";
  all = rf_run_diff (&a, &b);
  check (all, "seed", RF_DIFFERS_SETTING, "7", "8");
  check (all, "fusion", RF_DIFFERS_SETTING, "gate", "evidence");
  check (all, "split", RF_DIFFERS_DATA, "aaaaaaaaaaaa", "cccccccccccc");
  check (all, "ndcg@20", RF_DIFFERS_RESULT, "0.125", "0.25");
  check (all, "recall@20", RF_DIFFERS_RESULT, "0.5", "");
  check (all, "epochs", RF_DIFFERS_RESULT, "12", "");
  check (all, "seconds", RF_DIFFERS_RESULT, "3.5", "");
  g_assert_null (find (all, "catalog"));
  g_assert_cmpuint (all->len, ==, 7);
}

/* A run against itself: nothing but its results, twice. */
static void
test_same (void)
{
  RfRun run = { .config = (char *) "seed=3", .data_hash = (char *) "d", .split_hash = (char *) "s", .result_json = (char *) "not JSON" };
  g_autoptr(GPtrArray) all = rf_run_diff (&run, &run);

  g_assert_cmpuint (all->len, ==, 4);
  check (all, "ndcg@20", RF_DIFFERS_RESULT, "", "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run-diff/differences", test_differences);
  g_test_add_func ("/run-diff/same", test_same);
  return g_test_run ();
}
