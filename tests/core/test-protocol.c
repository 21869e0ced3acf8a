/* test-protocol.c: each finding is provoked by hand, with its count; and a clean evaluation has none.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/catalog/rf-importer.h"
#include "core/eval/rf-protocol.h"
#include "tests/support/folder.h"

static const RfFinding *
find (GPtrArray *findings, const char *id)
{
  for (guint f = 0; f < findings->len; f++)
    if (strcmp (((RfFinding *) findings->pdata[f])->id, id) == 0)
      return findings->pdata[f];
  return NULL;
}

static void
assert_found (GPtrArray *findings, const char *id, RfFindingLevel level, guint64 count)
{
  const RfFinding *f = find (findings, id);
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, count);

  g_assert_nonnull (f);
  g_assert_cmpint (f->level, ==, level);
  g_assert_cmpuint (f->count, ==, count);
  g_assert_nonnull (strstr (f->sentence, number));
}

static RfSplit *
split_of (guint32 n_users, guint32 n_items, const RfInteractions *x, const RfSplitOptions *options)
{
  g_autoptr(GError) error = NULL;
  RfSplit *split = rf_split_new (n_users, n_items, x, options, &error);

  g_assert_no_error (error);
  return split;
}

/* User 0: train items 0 (time 10) and 1 (time 30), test 2 (time 20): leaked. Item 0 twice. User 1: train 0 (5), test 3 (40): item 3 unseen.
 * User 2: test only: left out. User 0 has item 1 in train and test. */
static void
test_given (void)
{
  const guint32 user[] = { 0, 0, 0, 0, 1, 1, 2, 0 }, item[] = { 0, 1, 2, 0, 0, 3, 1, 1 };
  const gint64 time[] = { 10, 30, 20, 50, 5, 40, 60, 31 };
  const guint8 part[] = { 0, 0, 2, 0, 0, 2, 2, 2 };
  const RfInteractions x = { .n = 8, .user = user, .item = item, .timestamp = time, .part = part };
  const RfSplitOptions options = { .method = RF_SPLIT_GIVEN, .valid = .1, .test = .1 };
  const RfProtocolFacts facts = { .test_looks = 3, .tuned_on_test = 2, .sampled_negatives = 99, .features_see_test = 2 };
  g_autoptr(RfSplit) split = split_of (3, 4, &x, &options);
  g_autoptr(GPtrArray) findings = rf_protocol_check (&x, split, &options, &facts);

  assert_found (findings, "duplicate-records", RF_FINDING_NOTE, 2);
  assert_found (findings, "across-parts", RF_FINDING_ERROR, 1);
  assert_found (findings, "no-training", RF_FINDING_WARNING, 1);
  assert_found (findings, "future-leakage", RF_FINDING_WARNING, 1);
  assert_found (findings, "unseen-items", RF_FINDING_NOTE, 2);
  assert_found (findings, "few-users", RF_FINDING_WARNING, 2);
  assert_found (findings, "tuned-on-test", RF_FINDING_ERROR, 2);
  assert_found (findings, "sampled-metrics", RF_FINDING_WARNING, 99);
  assert_found (findings, "test-looks", RF_FINDING_WARNING, 3);
  assert_found (findings, "features-see-test", RF_FINDING_NOTE, 2);
  /* Test times 20, 40: nothing of training is later than 40. */
  g_assert_null (find (findings, "future-of-others"));
  for (guint f = 1; f < findings->len; f++)
    g_assert_cmpint (((RfFinding *) findings->pdata[f - 1])->level, >=, ((RfFinding *) findings->pdata[f])->level);
}

/* 120 users with ten items each, all of which everybody has; a split by a moment leaks nothing, one at random does. */
static void
test_clean_and_random (void)
{
  enum { USERS = 120, EACH = 10 };
  g_autofree guint32 *user = g_new (guint32, USERS * EACH), *item = g_new (guint32, USERS * EACH);
  g_autofree gint64 *time = g_new (gint64, USERS * EACH);
  const RfInteractions x = { .n = USERS * EACH, .user = user, .item = item, .timestamp = time };
  RfSplitOptions options = { .method = RF_SPLIT_GLOBAL_TIME, .seed = 1, .valid = .1, .test = .1 };
  const RfProtocolFacts facts = { .test_looks = 1 };
  g_autoptr(RfSplit) clean = NULL, random = NULL;
  g_autoptr(GPtrArray) none = NULL, some = NULL;

  for (guint32 e = 0; e < USERS * EACH; e++)
    {
      user[e] = e % USERS;
      item[e] = (e / USERS + e % USERS) % EACH;
      time[e] = e;
    }
  clean = split_of (USERS, EACH, &x, &options);
  none = rf_protocol_check (&x, clean, &options, &facts);
  g_assert_cmpuint (none->len, ==, 0);
  options.method = RF_SPLIT_RANDOM;
  random = split_of (USERS, EACH, &x, &options);
  some = rf_protocol_check (&x, random, &options, &facts);
  g_assert_cmpuint (some->len, ==, 2);
  /* The last of eight training items is later than a tenth one with a chance of 8/9. */
  g_assert_cmpuint (find (some, "future-leakage")->count, >, 90);
  g_assert_cmpuint (find (some, "future-leakage")->count, <, 119);
  g_assert_nonnull (find (some, "future-of-others"));
}

/* Without times nothing is said about time. */
static void
test_timeless (void)
{
  const guint32 user[] = { 0, 0, 0 }, item[] = { 0, 1, 2 };
  const RfInteractions x = { .n = 3, .user = user, .item = item };
  const RfSplitOptions options = { .method = RF_SPLIT_RANDOM, .valid = .1, .test = .1 };
  const RfProtocolFacts facts = { 0 };
  g_autoptr(RfSplit) split = split_of (1, 3, &x, &options);
  g_autoptr(GPtrArray) findings = rf_protocol_check (&x, split, &options, &facts);

  g_assert_null (find (findings, "future-leakage"));
  g_assert_null (find (findings, "future-of-others"));
}

static void
test_looks (void)
{
  char *folder = test_folder_new ();
  g_autofree char *source = g_build_filename (folder, "source", NULL), *path = g_build_filename (folder, "a.refract", NULL), *log = NULL;
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(GError) error = NULL;
  guint n;

  test_folder_fill (source);
  rf_import_to_workspace (source, path, NULL, report, NULL, &error);
  g_assert_no_error (error);
  workspace = rf_workspace_open (path, &error);
  g_assert_no_error (error);
  g_assert_true (rf_protocol_count_looks (workspace, "run-1", &n, NULL, &error));
  g_assert_cmpuint (n, ==, 0);
  g_assert_true (rf_protocol_record_look (workspace, "run-1", "evaluate\n--split test", &error));
  g_assert_true (rf_protocol_record_look (workspace, "run-1", "report", &error));
  g_assert_true (rf_protocol_record_look (workspace, "run-2", "report", &error));
  g_assert_true (rf_protocol_count_looks (workspace, "run-1", &n, &log, &error));
  g_assert_cmpuint (n, ==, 2);
  g_assert_nonnull (strstr (log, "\tevaluate --split test\t-\n"));
  g_clear_pointer (&workspace, rf_workspace_close);
  test_folder_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/given", test_given);
  g_test_add_func ("/protocol/clean-and-random", test_clean_and_random);
  g_test_add_func ("/protocol/timeless", test_timeless);
  g_test_add_func ("/protocol/looks", test_looks);
  return g_test_run ();
}
