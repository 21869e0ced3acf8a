/* test-baselines.c: our popularity, item-kNN and EASE on the split of a real MMRec file against tests/golden/baselines.py, which shares no
 * code with them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-rng.h"
#include "core/eval/rf-beaten.h"
#include "core/eval/rf-evaluate.h"
#include "core/eval/rf-split.h"
#include "core/model/rf-content-knn.h"
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

/* Items 0 and 1 look alike, 2 and 3 too, the other way round; 4 has no features. Centred they are (1 0) (1 0) (-1 0) (-1 0): neighbours with cosine 1,
 * and nobody else. */
static void
test_content_neighbours (void)
{
  float numbers[] = { 2, 1, 2, 1, 0, 1, 0, 1, 7, 7 };
  RfMatrix *x = rf_matrix_new (5, 2);
  guint8 *available = g_memdup2 ((const guint8[]) { 1, 1, 1, 1, 0 }, 5);
  g_autoptr(RfFeatures) features = NULL;
  g_autoptr(RfChannel) channel = NULL;

  memcpy (x->x, numbers, sizeof numbers);
  features = rf_features_new ("image", "test", x, available);
  channel = rf_content_knn_fit (features, 2, NULL, NULL);
  for (guint32 i = 0; i < 5; i++)
    for (guint32 j = 0; j < 5; j++)
      g_assert_cmpfloat (rf_channel_get_weight (channel, i, j), ==, i != j && i < 4 && j < 4 && i / 2 == j / 2 ? 1 : 0);
  g_assert_cmpint (channel->available[4], ==, 0);
}

/* On random features, against sorting all pairs. */
static void
test_content_neighbours_against_all_pairs (void)
{
  enum { N = 83, D = 5, K = 7 };
  RfRng rng = rf_rng_new (8, 8);
  RfMatrix *x = rf_matrix_new (N, D);
  guint8 *available = g_malloc (N);
  g_autoptr(RfFeatures) features = NULL;
  g_autoptr(RfChannel) channel = NULL;
  double mean[D] = { 0 };

  memset (available, 1, N);
  for (int e = 0; e < N * D; e++)
    x->x[e] = (float) rf_rng_normal (&rng) + 3;
  for (int e = 0; e < N * D; e++)
    mean[e % D] += (double) x->x[e] / N;
  features = rf_features_new ("image", "test", x, available);
  channel = rf_content_knn_fit (features, K, NULL, NULL);
  for (guint32 i = 0; i < N; i++)
    {
      double cosine[N];
      guint kept = 0;

      for (guint32 j = 0; j < N; j++)
        {
          double a = 0, b = 0, c = 0;

          for (int k = 0; k < D; k++)
            {
              double p = (double) x->x[i * D + k] - mean[k], q = (double) x->x[j * D + k] - mean[k];

              a += p * p;
              b += q * q;
              c += p * q;
            }
          cosine[j] = c / sqrt (a * b);
        }
      for (guint32 j = 0; j < N; j++)
        {
          double w = (double) rf_channel_get_weight (channel, j, i);
          guint nearer = 0;

          for (guint32 o = 0; o < N; o++)
            nearer += o != i && o != j && cosine[o] > cosine[j];
          if (i != j && nearer < K)
            g_assert_cmpfloat_with_epsilon (w, cosine[j], 1e-5);
          else
            g_assert_cmpfloat (w, ==, 0);
          kept += w != 0;
        }
      g_assert_cmpuint (kept, ==, K);
    }
}

static const char result[] = "{\"metrics\":{\"valid\":{\"ndcg@20\":0.2,\"recall@20\":0.3}},\"baselines\":{\"popular\":{\"ndcg@20\":0.1,\"recall@20\":0.1},"
                             "\"ease\":{\"ndcg@20\":0.25,\"recall@20\":0.31},\"item-knn\":{\"ndcg@20\":0.20004,\"recall@20\":0.4}}}";

static void
test_beaten (void)
{
  g_autoptr(GPtrArray) beaten = rf_beaten_of_text (result), nobody = rf_beaten_of_text ("{\"baselines\":[1]}"), nothing = rf_beaten_of_text (NULL), broken = rf_beaten_of_text ("{");
  g_autofree char *sentence = rf_beaten_say (beaten), *names = rf_beaten_names (beaten, ";"), *none = rf_beaten_names (nobody, ";");
  g_autoptr(JsonArray) array = rf_beaten_to_json (beaten);

  g_assert_cmpuint (beaten->len, ==, 3);
  g_assert_cmpstr (((RfBeaten *) beaten->pdata[0])->baseline, ==, "ease");
  g_assert_cmpstr (((RfBeaten *) beaten->pdata[0])->metric, ==, "NDCG@20");
  g_assert_nonnull (strstr (sentence, "The baseline “ease” is better in NDCG@20: 0.2500 against 0.2000. The baseline “ease” is better in Recall@20"));
  g_assert_cmpstr (names, ==, "ease;item-knn");
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpuint (nobody->len + nothing->len + broken->len, ==, 0);
  g_assert_null (rf_beaten_say (nobody));
  g_assert_cmpuint (json_array_get_length (array), ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  g_test_add_func ("/baselines/against-numpy", test_against_numpy);
  g_test_add_func ("/baselines/content-neighbours", test_content_neighbours);
  g_test_add_func ("/baselines/content-neighbours/against-all-pairs", test_content_neighbours_against_all_pairs);
  g_test_add_func ("/baselines/beaten", test_beaten);
  return g_test_run ();
}
