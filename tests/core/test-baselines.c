/* test-baselines.c: our popularity, item-kNN and EASE on the split of a real MMRec file against tests/golden/baselines.py, which shares no
 * code with them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "core/base/rf-linalg.h"
#include "core/eval/rf-evaluate.h"
#include "core/eval/rf-split.h"
#include "core/model/rf-ease.h"
#include "core/model/rf-item-knn.h"

/* What the script printed for movielens-posters.inter (NumPy 1.24.2, double precision). */
static const double popular = 0.071970, knn = 0.118793, ease = 0.122596;

static RfSplit *
read_split (const char *text, guint32 *n_items)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  gsize n = 0, room = g_strv_length (lines);
  g_autofree guint32 *user = g_new (guint32, room), *item = g_new (guint32, room);
  g_autofree guint8 *part = g_new (guint8, room);
  const RfSplitOptions options = { .method = RF_SPLIT_GIVEN, .valid = .1, .test = .1 };
  g_autoptr(GError) error = NULL;
  guint32 n_users = 0;
  RfInteractions x;
  RfSplit *split;

  *n_items = 0;
  for (gsize l = 1; l < room; l++)
    {
      g_auto(GStrv) cells = g_strsplit (lines[l], "\t", -1);

      if (g_strv_length (cells) != 5)
        continue;
      user[n] = (guint32) strtoul (cells[0], NULL, 10);
      item[n] = (guint32) strtoul (cells[1], NULL, 10);
      part[n] = (guint8) strtoul (cells[4], NULL, 10);
      n_users = MAX (n_users, user[n] + 1);
      *n_items = MAX (*n_items, item[n] + 1);
      n++;
    }
  x = (RfInteractions) { .n = n, .user = user, .item = item, .part = part };
  split = rf_split_new (n_users, *n_items, &x, &options, &error);
  g_assert_no_error (error);
  return split;
}

static void
assert_recall (const char *name, RfScoreFunc func, const void *scorer, guint32 n_items, const RfSplit *split, double expected)
{
  RfEvaluation e;

  g_assert_true (rf_evaluation_parse_cutoffs (&e, "20", NULL));
  g_assert_true (rf_evaluate (&e, func, scorer, n_items, split->part[RF_PART_TRAIN], split->part[RF_PART_TEST], NULL, NULL));
  g_test_message ("%s: Recall@20 %.6f, NumPy %.6f", name, e.mean[0].recall, expected);
  g_assert_cmpfloat_with_epsilon (e.mean[0].recall, expected, .002);
}

static void
test_against_numpy (void)
{
  const char *data = g_getenv ("RF_TEST_DATA");
  g_autofree char *path = g_build_filename (data ? data : "", "movielens-posters", "mmrec", "movielens-posters.inter", NULL), *text = NULL;
  g_autoptr(RfSplit) split = NULL;
  g_autoptr(RfChannel) by_knn = NULL, by_ease = NULL;
  g_autoptr(RfEaseSolver) solver = NULL;
  g_autofree float *count = NULL;
  g_autoptr(GError) error = NULL;
  guint32 n_items;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    {
      g_test_skip ("the data set movielens-posters is not here");
      return;
    }
  split = read_split (text, &n_items);
  count = g_new0 (float, n_items);
  for (gsize e = 0; e < split->part[RF_PART_TRAIN]->ptr[split->part[RF_PART_TRAIN]->rows]; e++)
    count[split->part[RF_PART_TRAIN]->idx[e]] += 1;
  assert_recall ("popular", rf_score_with_vector, count, n_items, split, popular);
  by_knn = rf_item_knn_fit (split->part[RF_PART_TRAIN], 100, 10);
  assert_recall ("item-knn", rf_score_with_channel, by_knn, n_items, split, knn);
  solver = rf_ease_solver_new (split->part[RF_PART_TRAIN], &error);
  g_assert_no_error (error);
  by_ease = rf_ease_solver_solve (solver, 500, &error);
  g_assert_no_error (error);
  assert_recall ("ease", rf_score_with_channel, by_ease, n_items, split, ease);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  g_test_add_func ("/baselines/against-numpy", test_against_numpy);
  return g_test_run ();
}
