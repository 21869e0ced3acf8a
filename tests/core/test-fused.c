/* test-fused.c: lists made from one product are those of the split that explains them, item by item and bit by bit.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/eval/rf-evaluate.h"
#include "core/eval/rf-ranker.h"
#include "core/model/rf-net.h"
#include "tests/support/planted.h"

#define USERS 150
#define ITEMS 211

/* ---- the best of a product ---- */

/* Rows that are scored together, rows alone, and sorted sums: ties, holes, NAN and infinities among them. */
static void
check_top (gsize count, gsize d, gsize n, guint k)
{
  RfRng rng = rf_rng_new (3, rf_hash_mix (count, n + d));
  g_autoptr(RfMatrix) rows = rf_matrix_new (count, d), table = rf_matrix_new (n, d), all = rf_matrix_new (count, n);
  g_autofree float *bias = g_new0 (float, n + 1);
  g_autofree guint32 *out = g_new (guint32, count * k + 1), *wanted = g_new (guint32, k + 1), *number = g_new (guint32, count + 1);
  g_autofree guint32 *from = g_new (guint32, count * 9 + 1), *to = g_new (guint32, count * 9 + 1);
  g_autoptr(RfCsr) excluded = NULL;

  for (gsize e = 0; e < count * d; e++) /* few different numbers: many ties */
    rows->x[e] = (float) rf_rng_below (&rng, 3) - 1;
  for (gsize e = 0; e < n * d; e++)
    table->x[e] = (float) rf_rng_below (&rng, 3) - 1;
  for (gsize i = 0; i < n; i++)
    bias[i] = i % 29 == 7 ? NAN : i % 31 == 5 ? -INFINITY
                              : i % 37 == 3   ? INFINITY
                                              : (float) rf_rng_below (&rng, 2);
  for (gsize e = 0; e < count * 9; e++)
    {
      from[e] = (guint32) (e / 9);
      to[e] = rf_rng_below (&rng, (guint32) n);
    }
  excluded = rf_csr_new_from_pairs ((guint32) count, (guint32) n, count * 9, from, to, NULL);
  for (gsize r = 0; r < count; r++)
    number[r] = (guint32) (count - 1 - r);
  rf_score_top (rows->x, count, d, table->x, n, bias, excluded, number, k, out);
  rf_score_rows (rows->x, count, d, table->x, n, all->x);
  for (gsize r = 0; r < count; r++)
    {
      for (gsize i = 0; i < n; i++)
        rf_matrix_row (all, r)[i] += bias[i];
      rf_top_of_scores (rf_matrix_row (all, r), (guint32) n, rf_csr_row (excluded, number[r]), rf_csr_row_length (excluded, number[r]), k, wanted);
      g_assert_cmpmem (out + r * k, k * sizeof *out, wanted, k * sizeof *wanted);
    }
}

static void
test_top_of_product (void)
{
  check_top (1, 5, 7, 3);
  check_top (16, 8, 96, 20);
  check_top (17, 64, 97, 1);
  check_top (64, 3, 500, 20);
  check_top (50, 16, 40, 60); /* more places than items */
  check_top (3, 4, 30, 0);
}

/* The k best by sorting all of them: an oracle without a heap. */
static void
test_against_sorting (void)
{
  enum
  {
    N = 300,
    K = 25
  };
  RfRng rng = rf_rng_new (5, 1);
  float row[4], bias[N] = { 0 }, score[N];
  g_autoptr(RfMatrix) table = rf_matrix_new (N, 4);
  g_autoptr(RfCsr) nothing = rf_csr_new_from_pairs (1, N, 0, NULL, NULL, NULL);
  guint32 zero = 0, out[K];
  gboolean taken[N] = { FALSE };

  for (int c = 0; c < 4; c++)
    row[c] = (float) rf_rng_below (&rng, 5) - 2;
  for (int e = 0; e < 4 * N; e++)
    table->x[e] = (float) rf_rng_below (&rng, 5) - 2;
  for (gsize i = 0; i < N; i++)
    for (int c = score[i] = 0; c < 4; c++)
      score[i] += row[c] * rf_matrix_row (table, i)[c]; /* whole numbers: exact in any order */
  rf_score_top (row, 1, 4, table->x, N, bias, nothing, &zero, K, out);
  for (int place = 0; place < K; place++)
    {
      guint32 best = G_MAXUINT32;

      for (guint32 i = 0; i < N; i++)
        if (!taken[i] && (best == G_MAXUINT32 || score[i] > score[best]))
          best = i;
      taken[best] = TRUE;
      g_assert_cmpuint (out[place], ==, best);
    }
}

/* ---- models ---- */

typedef struct
{
  Planted *world;
  RfNetInput input;
  guint8 *available[3];
} Fixture;

static void
fixture_init (Fixture *f)
{
  f->world = planted_new (USERS, ITEMS, 0.3, 7);
  f->input = (RfNetInput){ .n_users = USERS, .n_items = ITEMS, .train = f->world->part[0], .n_modalities = 3 };
  for (guint m = 0; m < 3; m++)
    {
      f->available[m] = g_new0 (guint8, ITEMS);
      for (guint32 i = 0; i < ITEMS; i++)
        f->available[m][i] = i % 11 != 3 * m + 1 && i % 50 != 49; /* some lack one, some lack all */
      f->input.input[m] = (RfEncoderInput){ .name = m == 0 ? "image" : m == 1 ? "text"
                                                                              : "behaviour",
                                            .n_items = ITEMS,
                                            .n_users = USERS,
                                            .kind = m < 2 ? RF_ENCODER_FEATURES : RF_ENCODER_IDS,
                                            .available = f->available[m],
                                            .x = m < 2 ? f->world->features[m]->x : NULL };
    }
}

static void
fixture_clear (Fixture *f)
{
  for (guint m = 0; m < 3; m++)
    g_free (f->available[m]);
  planted_free (f->world);
}

static RfModel *
freeze (const Fixture *f, RfFusion fusion, RfHead head, RfUserKind user)
{
  RfNetOptions options = { .fusion = fusion, .head = head, .user = user, .dim = 16, .hidden = 12, .width = 16, .bias = TRUE, .seed = 3 };
  g_autoptr(RfNet) net = rf_net_new (&f->input, &options);
  RfTape *tape = rf_tape_new ();
  RfModel *model;

  rf_net_start (net);
  model = rf_net_freeze (net, tape);
  rf_tape_free (tape);
  for (guint32 i = 0; i < model->n_items; i++) /* a bias that matters; nothing was trained */
    model->bias[i] = (float) sin (i) * 0.01f;
  return model;
}

/* The split adds up to the score; what only wants scores gets the same bits; equal weights change nothing. */
static void
check_scores (const RfModel *model, const RfCsr *history, guint32 user)
{
  const float twice[] = { 2, 2, 2 }, nearly[] = { 1, 1, 1.0001f };
  g_autoptr(RfScores) full = rf_scores_new (model, 1), lean = rf_scores_new_lean (model, 1), moved = rf_scores_new (model, 1);
  double largest = 0;

  rf_model_score (model, history, 3, 1, user, NULL, full);
  rf_model_score (model, history, 3, 1, user, NULL, lean);
  rf_model_score (model, history, 3, 1, user, twice, moved);
  g_assert_cmpmem (full->score, ITEMS * sizeof (float), lean->score, ITEMS * sizeof (float));
  g_assert_cmpmem (full->score, ITEMS * sizeof (float), moved->score, ITEMS * sizeof (float));
  rf_model_reweight (model, nearly, moved);
  for (guint32 i = 0; i < ITEMS; i++)
    largest = MAX (largest, (double) fabsf (full->score[i]));
  g_assert_cmpfloat (largest, >, 0);
  for (guint32 i = 0; i < ITEMS; i++)
    {
      RfRanked ranked;
      double sum;

      rf_ranked_fill (model, full, 0, i, &ranked);
      sum = (double) ranked.popularity;
      for (guint m = 0; m < 3; m++)
        sum += (double) ranked.contribution[m];
      g_assert_cmpfloat_with_epsilon (sum, (double) full->score[i], 1e-5 * largest);
      g_assert_cmpfloat_with_epsilon ((double) moved->score[i], (double) full->score[i], 1e-3 * largest); /* no jump beside equal weights */
    }
}

/* Everybody's lists at once, and each one's own. */
static void
check_lists (const RfModel *model, const RfCsr *history)
{
  static const guint blocks[] = { 1, 7, 64 };
  RfRankOptions options = { .k = 20 };

  for (guint b = 0; b < G_N_ELEMENTS (blocks); b++)
    {
      g_autofree guint32 *lists = NULL;

      rf_evaluate_set_block (blocks[b]);
      rf_parallel_set_threads (b == 1 ? 2 : 1);
      lists = rf_rank_all (model, history, 20, NULL, NULL);
      for (guint32 u = 0; u < history->rows; u++)
        {
          g_autoptr(RfRanking) ranking = rf_rank_history (model, rf_csr_row (history, u), rf_csr_row_length (history, u), u, &options);

          for (guint j = 0; j < 20; j++)
            g_assert_cmpuint (lists[u * 20 + j], ==, j < ranking->n ? ranking->items[j].item : G_MAXUINT32);
        }
    }
  rf_evaluate_set_block (0);
}

static void
check_model (const Fixture *f, RfFusion fusion, RfHead head, RfUserKind user, gboolean has_product)
{
  g_autoptr(RfModel) model = freeze (f, fusion, head, user);
  g_autoptr(GBytes) bytes = rf_model_to_bytes (model);
  g_autoptr(RfModel) loaded = rf_model_from_bytes (bytes, NULL);

  g_test_message ("fusion %d, head %d, user %d", fusion, head, user);
  g_assert_cmpint (model->fused != NULL, ==, has_product);
  g_assert_cmpint (loaded->fused != NULL, ==, has_product);
  check_scores (model, f->world->part[0], 3);
  check_scores (loaded, f->world->part[0], RF_NO_USER);
  check_lists (loaded, f->world->part[0]);
}

static void
test_models (void)
{
  Fixture f;

  fixture_init (&f);
  for (int user = 0; user < 2; user++)
    {
      RfUserKind side = user ? RF_USER_HISTORY : RF_USER_EMBEDDING;

      check_model (&f, RF_FUSION_SUM, RF_HEAD_DOT, side, TRUE);
      check_model (&f, RF_FUSION_ATTENTION, RF_HEAD_DOT, side, TRUE);
      check_model (&f, RF_FUSION_GATE, RF_HEAD_DOT, side, TRUE);
      check_model (&f, RF_FUSION_SUM, RF_HEAD_PER_MODALITY, side, TRUE);
      check_model (&f, RF_FUSION_USER_ATTENTION, RF_HEAD_DOT, side, FALSE);
    }
  fixture_clear (&f);
}

/* Weights count for all scores of a block, also where the model does not split. */
static void
test_weights (void)
{
  static const RfFusion fusions[] = { RF_FUSION_ATTENTION, RF_FUSION_CONCAT };
  const float weights[] = { 1, 0, 0.5f };
  g_autofree float *out = g_new (float, 2 * ITEMS);
  Fixture f;

  fixture_init (&f);
  for (guint k = 0; k < G_N_ELEMENTS (fusions); k++)
    {
      g_autoptr(RfModel) model = freeze (&f, fusions[k], RF_HEAD_DOT, RF_USER_EMBEDDING);
      g_autoptr(RfScores) full = rf_scores_new (model, 2), plain = rf_scores_new (model, 2);
      RfWeightedModel weighted = { model, weights };

      g_assert_cmpint (rf_model_is_additive (model), ==, fusions[k] == RF_FUSION_ATTENTION);
      rf_score_weighted (&weighted, f.world->part[0], 5, 2, out);
      rf_model_score (model, f.world->part[0], 5, 2, 5, weights, full);
      rf_model_score (model, f.world->part[0], 5, 2, 5, NULL, plain);
      g_assert_cmpmem (out, 2 * ITEMS * sizeof *out, full->score, 2 * ITEMS * sizeof *out);
      g_assert_true (memcmp (out, plain->score, 2 * ITEMS * sizeof *out) != 0);
    }
  fixture_clear (&f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  g_test_add_func ("/fused/top-of-product", test_top_of_product);
  g_test_add_func ("/fused/against-sorting", test_against_sorting);
  g_test_add_func ("/fused/models", test_models);
  g_test_add_func ("/fused/weights", test_weights);
  return g_test_run ();
}
