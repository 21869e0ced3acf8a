/* test-metrics.c: every metric by hand, and the top-k selection against sorting.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/base/rf-sort.h"
#include "core/eval/rf-evaluate.h"
#include "core/eval/rf-metrics.h"

#define NONE G_MAXUINT32

/* One list, one relevant set, the values worked out on paper. log2(2)=1, log2(3)=1.58496..., 1/log2(3)=0.63093, 1/log2(4)=0.5,
 * 1/log2(5)=0.43068, 1/log2(6)=0.38685. */
typedef struct
{
  guint k;
  guint32 list[5];
  guint32 relevant[4];
  gsize n_relevant;
  double recall, precision, hit, ndcg, map, mrr;
} Case;

static const Case cases[] = {
  /* Hits at places 1 and 3 of 3 relevant: DCG = 1 + 0.5; IDCG = 1 + 0.63093 + 0.5; AP = (1/1 + 2/3) / 3. */
  { 5, { 7, 1, 9, 2, 3 }, { 5, 7, 9 }, 3, 2.0 / 3, 2.0 / 5, 1, 1.5 / (1.5 + 0.63092975357145743), (1 + 2.0 / 3) / 3, 1 },
  /* No hit. */
  { 5, { 1, 2, 3, 4, 6 }, { 5, 7 }, 2, 0, 0, 0, 0, 0, 0 },
  /* More relevant than places: the ideal list has k hits; AP over min(|R|, k) = 2. */
  { 2, { 4, 1 }, { 1, 2, 3, 9 }, 4, 1.0 / 4, 1.0 / 2, 1, 0.63092975357145743 / (1 + 0.63092975357145743), (1.0 / 2) / 2, 1.0 / 2 },
  /* A short list, padded: precision still divides by k. */
  { 4, { 3, NONE, NONE, NONE }, { 3 }, 1, 1, 1.0 / 4, 1, 1, 1, 1 },
  /* The hit beyond the cut does not count. */
  { 2, { 1, 2, 3 }, { 3 }, 1, 0, 0, 0, 0, 0, 0 },
  /* Last place of five: NDCG = 1/log2(6). */
  { 5, { 1, 2, 3, 4, 8 }, { 8 }, 1, 1, 1.0 / 5, 1, 0.38685280723454158, 1.0 / 5, 1.0 / 5 },
};

static void
test_by_hand (void)
{
  for (gsize c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      const Case *x = &cases[c];
      RfMetrics m = rf_metrics_of_list (x->list, x->k, x->relevant, x->n_relevant);

      g_assert_cmpfloat_with_epsilon (m.recall, x->recall, 1e-12);
      g_assert_cmpfloat_with_epsilon (m.precision, x->precision, 1e-12);
      g_assert_cmpfloat_with_epsilon (m.hit_rate, x->hit, 1e-12);
      g_assert_cmpfloat_with_epsilon (m.ndcg, x->ndcg, 1e-12);
      g_assert_cmpfloat_with_epsilon (m.map, x->map, 1e-12);
      g_assert_cmpfloat_with_epsilon (m.mrr, x->mrr, 1e-12);
    }
}

static void
test_mean_skips_users_without_relevant (void)
{
  const guint32 row[] = { 0, 2 }, col[] = { 1, 5 };
  g_autoptr(RfCsr) relevant = rf_csr_new_from_pairs (3, 6, 2, row, col, NULL);
  const guint32 lists[] = { 1, 2, NONE, NONE, 0, 1 };
  RfMetrics mean, per_user[3];

  g_assert_cmpuint (rf_metrics_mean (lists, 2, 2, relevant, &mean, per_user), ==, 2);
  g_assert_cmpfloat (mean.recall, ==, 0.5);
  g_assert_cmpfloat (per_user[0].recall, ==, 1);
  g_assert_true (isnan (per_user[1].recall));
  g_assert_cmpfloat (per_user[2].recall, ==, 0);
}

static int
by_score (gconstpointer a, gconstpointer b, gpointer data)
{
  const float *scores = data;
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  if (scores[x] != scores[y])
    return scores[x] > scores[y] ? -1 : 1;
  return x < y ? -1 : x > y;
}

/* Scores with many ties; the order must be that of a full sort: score, then index. */
static void
test_top_against_sorting (void)
{
  RfRng rng = rf_rng_new (3, 0);

  for (int trial = 0; trial < 200; trial++)
    {
      float scores[97];
      guint32 order[97], exclude[97], best[40], n_exclude = 0, at = 0;
      guint k = 1 + rf_rng_below (&rng, 40);

      for (guint32 i = 0; i < 97; i++)
        {
          scores[i] = (float) rf_rng_below (&rng, trial % 2 ? 8 : 100000);
          order[i] = i;
          if (rf_rng_below (&rng, 4) == 0)
            exclude[n_exclude++] = i;
        }
      rf_sort (order, 97, sizeof *order, by_score, scores);
      rf_top_of_scores (scores, 97, exclude, n_exclude, k, best);
      for (guint32 i = 0; i < 97 && at < k; i++)
        {
          gboolean excluded = FALSE;

          for (guint32 e = 0; e < n_exclude; e++)
            excluded |= exclude[e] == order[i];
          if (!excluded)
            g_assert_cmpuint (best[at++], ==, order[i]);
        }
      for (; at < k; at++)
        g_assert_cmpuint (best[at], ==, NONE);
    }
}

static void
test_top_survives_nan (void)
{
  const float scores[] = { NAN, 1, NAN, 2 };
  guint32 best[4];

  rf_top_of_scores (scores, 4, NULL, 0, 4, best);
  g_assert_cmpuint (best[0], ==, 3);
  g_assert_cmpuint (best[1], ==, 1);
  g_assert_cmpuint (best[2], ==, NONE);
}

static void
test_cutoffs (void)
{
  RfEvaluation e;
  g_autoptr(GError) error = NULL;

  g_assert_true (rf_evaluation_parse_cutoffs (&e, "20, 5,10,5", &error));
  g_assert_cmpuint (e.n, ==, 3);
  g_assert_cmpuint (e.k[0], ==, 5);
  g_assert_cmpuint (e.k[2], ==, 20);
  g_assert_false (rf_evaluation_parse_cutoffs (&e, "10,zero", &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CONFIG);
  g_clear_error (&error);
  g_assert_false (rf_evaluation_parse_cutoffs (&e, "", &error));
}

/* The lists of many users do not depend on how many threads made them. */
static void
test_lists_do_not_depend_on_threads (void)
{
  guint32 n_users = 150, n_items = 300;
  RfRng rng = rf_rng_new (9, 9);
  g_autofree float *scores = g_new (float, n_items);
  g_autofree guint32 *row = g_new (guint32, 2000), *col = g_new (guint32, 2000);
  g_autoptr(RfCsr) history = NULL;
  g_autofree guint32 *one = NULL, *many = NULL;

  for (guint32 i = 0; i < n_items; i++)
    scores[i] = (float) rf_rng_below (&rng, 50);
  for (int e = 0; e < 2000; e++)
    {
      row[e] = rf_rng_below (&rng, n_users);
      col[e] = rf_rng_below (&rng, n_items);
    }
  history = rf_csr_new_from_pairs (n_users, n_items, 2000, row, col, NULL);
  rf_parallel_set_threads (1);
  one = rf_top_lists (rf_score_with_vector, scores, n_items, history, NULL, 20, NULL, NULL);
  rf_parallel_set_threads (4);
  many = rf_top_lists (rf_score_with_vector, scores, n_items, history, NULL, 20, NULL, NULL);
  rf_parallel_set_threads (0);
  g_assert_cmpmem (one, n_users * 20 * sizeof *one, many, n_users * 20 * sizeof *many);
  for (guint32 u = 0; u < n_users; u++)
    for (int j = 0; j < 20; j++)
      g_assert_false (rf_csr_contains (history, u, one[u * 20 + j]));
}

static RfMatrix *
random_matrix (RfRng *rng, gsize rows, gsize cols)
{
  RfMatrix *m = rf_matrix_new (rows, cols);

  for (gsize e = 0; e < rows * cols; e++)
    m->x[e] = (float) rf_rng_normal (rng);
  return m;
}

/* A user's scores are the same bits whoever is scored beside: OpenBLAS's kernels sum the rows of a whole group and a rest in different orders. */
static void
test_scores_do_not_depend_on_blocks (void)
{
  enum { USERS = 60, ITEMS = 331, D = 67 };
  static const guint32 blocks[] = { 1, 2, 5, 7, 12, 13, 24, 59 };
  RfRng rng = rf_rng_new (5, 5);
  guint32 row[900], col[900];
  guint8 *available = g_malloc (ITEMS);
  g_autoptr(RfCsr) history = NULL;
  g_autoptr(RfChannel) channel = NULL;
  g_autofree float *whole = g_new (float, USERS * ITEMS), *part = g_new (float, USERS * ITEMS);

  memset (available, 1, ITEMS);
  channel = rf_channel_new_factors ("random", random_matrix (&rng, ITEMS, D), random_matrix (&rng, ITEMS, D), available);
  for (int e = 0; e < 900; e++)
    {
      row[e] = rf_rng_below (&rng, USERS);
      col[e] = rf_rng_below (&rng, ITEMS);
    }
  history = rf_csr_new_from_pairs (USERS, ITEMS, 900, row, col, NULL);
  rf_score_with_channel (channel, history, 0, USERS, whole);
  for (gsize b = 0; b < G_N_ELEMENTS (blocks); b++)
    {
      for (guint32 u = 0; u < USERS; u += blocks[b])
        rf_score_with_channel (channel, history, u, MIN (blocks[b], USERS - u), part + u * ITEMS);
      g_assert_cmpmem (whole, USERS * ITEMS * sizeof *whole, part, USERS * ITEMS * sizeof *part);
    }
}

/* Scores 9 8 .. 0; user 0 has 1 and wants 7. Among 7 and 3 of the 8 others it is between place 1 and 4; with all others it is where full ranking has it. */
static void
test_sampled (void)
{
  const float scores[] = { 9, 8, 7, 6, 5, 4, 3, 2, 1, 0 };
  const guint32 zero[] = { 0 }, one[] = { 1 }, seven[] = { 7 };
  g_autoptr(RfCsr) history = rf_csr_new_from_pairs (1, 10, 1, zero, one, NULL), relevant = rf_csr_new_from_pairs (1, 10, 1, zero, seven, NULL);
  guint seen[10] = { 0 };

  for (guint64 seed = 0; seed < 800; seed++)
    {
      const RfSampledItems sampled = { rf_score_with_vector, scores, relevant, 3, seed };
      float out[10];
      guint kept = 0;

      rf_score_sampled (&sampled, history, 0, 1, out);
      g_assert_cmpfloat (out[7], ==, 2);
      g_assert_true (isnan (out[1]));
      for (int i = 0; i < 10; i++)
        if (i != 7 && !isnan (out[i]))
          {
            g_assert_cmpfloat (out[i], ==, scores[i]);
            seen[i]++;
            kept++;
          }
      g_assert_cmpuint (kept, ==, 3);
    }
  /* Each of the 8 others is drawn in 3/8 of the samples: 300 of 800, deviation 13.7. */
  for (int i = 0; i < 10; i++)
    if (i != 1 && i != 7)
      {
        g_assert_cmpuint (seen[i], >, 245);
        g_assert_cmpuint (seen[i], <, 355);
      }
  {
    const RfSampledItems all = { rf_score_with_vector, scores, relevant, 100, 1 };
    RfEvaluation full = { .n = 1, .k = { 10 } }, drawn = full;

    g_assert_true (rf_evaluate (&full, rf_score_with_vector, scores, 10, history, relevant, NULL, NULL));
    g_assert_true (rf_evaluate (&drawn, rf_score_sampled, &all, 10, history, relevant, NULL, NULL));
    g_assert_cmpfloat (full.mean[0].mrr, ==, 1.0 / 7);
    g_assert_cmpfloat (drawn.mean[0].mrr, ==, full.mean[0].mrr);
  }
}

/* What is not kept is not ranked. */
static void
test_kept (void)
{
  const float scores[] = { 4, 3, 2, 1 };
  const guint8 keep[] = { 0, 1, 0, 1 };
  const RfKeptItems kept = { rf_score_with_vector, scores, keep };
  g_autoptr(RfCsr) history = rf_csr_new_from_pairs (1, 4, 0, NULL, NULL, NULL);
  g_autofree guint32 *list = rf_top_lists (rf_score_kept, &kept, 4, history, NULL, 3, NULL, NULL);

  g_assert_cmpuint (list[0], ==, 1);
  g_assert_cmpuint (list[1], ==, 3);
  g_assert_cmpuint (list[2], ==, NONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics/by-hand", test_by_hand);
  g_test_add_func ("/metrics/mean", test_mean_skips_users_without_relevant);
  g_test_add_func ("/metrics/cutoffs", test_cutoffs);
  g_test_add_func ("/top/against-sorting", test_top_against_sorting);
  g_test_add_func ("/top/nan", test_top_survives_nan);
  g_test_add_func ("/metrics/blocks", test_scores_do_not_depend_on_blocks);
  g_test_add_func ("/metrics/sampled", test_sampled);
  g_test_add_func ("/metrics/kept", test_kept);
  g_test_add_func ("/top/threads", test_lists_do_not_depend_on_threads);
  return g_test_run ();
}
