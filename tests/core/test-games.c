/* test-games.c: modalities as players, against brute force: scores, places and lists, with 2 to 6 modalities and both removal rules.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/eval/rf-metrics.h"
#include "core/eval/rf-ranker.h"
#include "core/explain/rf-games.h"
#include "core/explain/rf-scramble.h"

#define N_ITEMS 70
#define N_USERS 24

static const char *const names[] = { "image", "text", "behaviour", "price", "audio", "place" };

/* The definition: the mean over all m! orders of arrival of what a player adds when it arrives. */
static void
by_orders (guint m, const double *values, guint *order, guint depth, double *sum, guint *count)
{
  guint t = 0;

  for (guint p = depth; p < m && depth < m; p++)
    {
      guint held = order[depth];

      order[depth] = order[p];
      order[p] = held;
      by_orders (m, values, order, depth + 1, sum, count);
      order[p] = order[depth];
      order[depth] = held;
    }
  if (depth < m)
    return;
  for (guint p = 0; p < m; p++)
    {
      sum[order[p]] += values[t | 1u << order[p]] - values[t];
      t |= 1u << order[p];
    }
  (*count)++;
}

static void
oracle_shapley (guint m, const double *values, double *phi)
{
  guint order[6] = { 0, 1, 2, 3, 4, 5 }, count = 0;

  memset (phi, 0, m * sizeof *phi);
  by_orders (m, values, order, 0, phi, &count);
  for (guint p = 0; p < m; p++)
    phi[p] /= count;
}

static RfModel *
make_model (guint m_count, guint64 seed)
{
  RfRng rng = rf_rng_new (seed, m_count);
  RfAttention attention = { .pi = 0.3f, .temperature = 1 };
  RfChannel *channels[6];
  float popularity[N_ITEMS];
  RfModel *model;

  for (guint32 i = 0; i < N_ITEMS; i++)
    popularity[i] = (float) rf_rng_normal (&rng);
  for (guint m = 0; m < m_count; m++)
    {
      RfMatrix *key = rf_matrix_new (N_ITEMS, 4), *value = rf_matrix_new (N_ITEMS, 4);
      guint8 *available = g_malloc (N_ITEMS);

      attention.theta[m] = (float) rf_rng_normal (&rng);
      attention.kappa[m] = (float) rf_rng_uniform (&rng);
      attention.psi[m] = 0.3f * (float) rf_rng_normal (&rng);
      for (guint32 i = 0; i < N_ITEMS; i++)
        {
          available[i] = (i + 3 * m) % 11 != 0; /* every modality is missing somewhere */
          for (int c = 0; c < 4 && available[i]; c++)
            {
              rf_matrix_row (key, i)[c] = (float) rf_rng_normal (&rng);
              rf_matrix_row (value, i)[c] = (float) rf_rng_normal (&rng);
            }
        }
      channels[m] = rf_channel_new_factors ("test", key, value, available);
    }
  model = rf_model_new (m_count, names, channels, &attention, popularity);
  for (guint m = 0; m < m_count; m++)
    rf_channel_unref (channels[m]);
  return model;
}

static RfCsr *
make_pairs (guint per_user, guint64 seed)
{
  RfRng rng = rf_rng_new (seed, 77);
  g_autofree guint32 *row = g_new (guint32, per_user * N_USERS), *col = g_new (guint32, per_user * N_USERS);

  for (guint32 e = 0; e < per_user * N_USERS; e++)
    {
      row[e] = e / per_user;
      col[e] = rf_rng_below (&rng, N_ITEMS);
    }
  return rf_csr_new_from_pairs (N_USERS, N_ITEMS, per_user * N_USERS, row, col, NULL);
}

/* The score when only T speaks, from the header's formula alone. */
static double
oracle_score (const RfModel *model, const RfScores *scores, guint32 item, RfRemoval removal, guint t)
{
  float attention[RF_MAX_MODALITIES];
  double value = 0, share = 0;

  rf_model_get_attention (model, scores, 0, item, attention);
  for (guint m = 0; m < model->n_modalities; m++)
    if (t & 1u << m)
      {
        value += (double) attention[m] * (double) scores->z[m][item];
        share += (double) attention[m];
      }
  if (removal == RF_REMOVAL_RENORMALISE)
    value = share > 0 ? value / share : 0;
  return value + (double) (model->attention.pi * model->popularity[item]);
}

static void
test_coalition_scores (void)
{
  for (guint m = 2; m <= 6; m++)
    {
      g_autoptr(RfModel) model = make_model (m, 1);
      g_autoptr(RfCsr) history = make_pairs (6, 1);
      g_autoptr(RfScores) scores = rf_scores_new (model, 1);
      float out[N_ITEMS];

      for (guint32 u = 0; u < 4; u++)
        {
          rf_model_score (model, history, u, 1, u, NULL, scores);
          for (int removal = 0; removal < 2; removal++)
            for (guint t = 0; t < 1u << m; t++)
              {
                rf_coalition_scores (model, scores, 0, (RfRemoval) removal, t, out);
                for (guint32 i = 0; i < N_ITEMS; i++)
                  g_assert_cmpfloat_with_epsilon (out[i], oracle_score (model, scores, i, (RfRemoval) removal, t), 2e-5);
              }
        }
    }
}

/* Contributions to the score, and phi to v(all) - v(none), over more than 10,000 pairs, to 1e-5 of the sizes involved. */
static void
test_sums (void)
{
  gsize pairs = 0;

  for (guint m = 2; m <= 6; m++)
    for (guint64 seed = 1; seed <= 2; seed++)
      {
        g_autoptr(RfModel) model = make_model (m, seed);
        g_autoptr(RfCsr) history = make_pairs (6, seed);
        g_autoptr(RfScores) scores = rf_scores_new (model, 1);

        for (guint32 u = 0; u < N_USERS; u++)
          {
            rf_model_score (model, history, u, 1, u, NULL, scores);
            for (guint32 i = 0; i < N_ITEMS; i++)
              {
                RfRanked ranked;
                double sum, size;

                rf_ranked_fill (model, scores, 0, i, &ranked);
                sum = (double) ranked.popularity;
                size = fabs (sum);
                for (guint p = 0; p < m; p++)
                  {
                    sum += (double) ranked.contribution[p];
                    size += fabs ((double) ranked.contribution[p]);
                  }
                g_assert_cmpfloat_with_epsilon (sum, (double) ranked.score, 1e-5 * MAX (size, 1));
                for (int removal = 0; removal < 2; removal++)
                  {
                    double values[64], phi[6], truth[6], total = 0, largest = 1;

                    rf_coalition_values (model, scores, 0, i, (RfRemoval) removal, values);
                    rf_shapley_values (m, values, phi);
                    for (guint t = 0; t < 1u << m; t++)
                      largest = MAX (largest, fabs (values[t]));
                    for (guint p = 0; p < m; p++)
                      total += phi[p];
                    g_assert_cmpfloat_with_epsilon (total, values[(1u << m) - 1] - values[0], 1e-5 * largest);
                    g_assert_cmpfloat_with_epsilon (values[(1u << m) - 1], (double) ranked.score - (double) ranked.popularity, 1e-5 * largest);
                    if (i % 35 == 0 && u % 12 == 0)
                      {
                        oracle_shapley (m, values, truth);
                        for (guint p = 0; p < m; p++)
                          g_assert_cmpfloat_with_epsilon (phi[p], truth[p], 1e-9 * largest);
                      }
                  }
                pairs++;
              }
          }
      }
  g_test_message ("%zu pairs", pairs);
  g_assert_cmpuint (pairs, >, 10000);
}

/* Places against rankings that are made again with the others muted (the program's own way), and against the formula. */
static void
test_rank_game (void)
{
  for (guint m = 2; m <= 6; m++)
    {
      g_autoptr(RfModel) model = make_model (m, 3);
      g_autoptr(RfCsr) history = make_pairs (6, 3);
      g_autoptr(RfScores) scores = rf_scores_new (model, 1);

      for (guint32 u = 0; u < 3; u++)
        {
          const guint32 *items = rf_csr_row (history, u);
          gsize n = rf_csr_row_length (history, u);

          rf_model_score (model, history, u, 1, u, NULL, scores);
          for (guint32 item = u; item < N_ITEMS; item += 23)
            {
              double values[64], phi[6], truth[6], total = 0;

              if (rf_csr_contains (history, u, item))
                continue;
              rf_rank_game (model, scores, 0, items, n, item, RF_REMOVAL_RENORMALISE, values);
              for (guint t = 0; t < 1u << m; t++)
                {
                  float weights[RF_MAX_MODALITIES];
                  RfRankOptions options = { .weights = weights };
                  g_autoptr(RfRanking) ranking = NULL;

                  for (guint p = 0; p < m; p++)
                    weights[p] = (t & 1u << p) != 0;
                  ranking = rf_rank_history (model, items, n, u, &options);
                  g_assert_cmpuint (ranking->items[(guint) -values[t] - 1].item, ==, item);
                }
              rf_shapley_values (m, values, phi);
              oracle_shapley (m, values, truth);
              for (guint p = 0; p < m; p++)
                {
                  g_assert_cmpfloat_with_epsilon (phi[p], truth[p], 1e-9);
                  total += phi[p];
                }
              g_assert_cmpfloat_with_epsilon (total, values[(1u << m) - 1] - values[0], 1e-9);
              rf_rank_game (model, scores, 0, items, n, item, RF_REMOVAL_MEAN, values);
              for (guint t = 0; t < 1u << m; t++)
                {
                  double own = oracle_score (model, scores, item, RF_REMOVAL_MEAN, t);
                  guint above = 0, close = 0;

                  for (guint32 i = 0; i < N_ITEMS; i++)
                    if (i != item && !rf_csr_contains (history, u, i))
                      {
                        double other = oracle_score (model, scores, i, RF_REMOVAL_MEAN, t);

                        above += other > own + 2e-5;
                        close += fabs (other - own) <= 2e-5; /* float and double may order these differently */
                      }
                  g_assert_cmpfloat (-values[t], >=, above + 1);
                  g_assert_cmpfloat (-values[t], <=, above + close + 1);
                }
            }
        }
    }
}

static void
test_list_games (void)
{
  for (guint m = 2; m <= 4; m++)
    {
      g_autoptr(RfModel) model = make_model (m, 5);
      g_autoptr(RfCsr) history = make_pairs (6, 5), relevant = make_pairs (3, 6);
      RfListGames games, threads;
      double recall[64] = { 0 }, ndcg[64] = { 0 }, coverage[64] = { 0 };

      for (guint t = 0; t < 1u << m; t++)
        {
          guint8 shown[N_ITEMS] = { 0 };

          for (guint32 u = 0; u < N_USERS; u++)
            {
              float weights[RF_MAX_MODALITIES];
              RfRankOptions options = { .weights = weights, .k = 10 };
              g_autoptr(RfRanking) ranking = NULL;
              guint32 list[10];
              RfMetrics metrics;

              for (guint p = 0; p < m; p++)
                weights[p] = (t & 1u << p) != 0;
              ranking = rf_rank_history (model, rf_csr_row (history, u), rf_csr_row_length (history, u), u, &options);
              for (guint j = 0; j < 10; j++)
                {
                  list[j] = ranking->items[j].item;
                  shown[list[j]] = 1;
                }
              metrics = rf_metrics_of_list (list, 10, rf_csr_row (relevant, u), rf_csr_row_length (relevant, u));
              recall[t] += metrics.recall / N_USERS;
              ndcg[t] += metrics.ndcg / N_USERS;
            }
          for (guint32 i = 0; i < N_ITEMS; i++)
            coverage[t] += shown[i] / (double) N_ITEMS;
        }
      g_assert_true (rf_list_games (model, history, relevant, 10, RF_REMOVAL_RENORMALISE, 0, &games, NULL, NULL));
      g_assert_cmpuint (games.users, ==, N_USERS);
      for (int kind = 0; kind < RF_N_LIST_GAMES; kind++)
        {
          const double *truth = kind == RF_LIST_RECALL ? recall : kind == RF_LIST_NDCG ? ndcg : coverage;
          double phi[6], total = 0;

          oracle_shapley (m, truth, phi);
          for (guint t = 0; t < 1u << m; t++)
            g_assert_cmpfloat_with_epsilon (games.value[kind][t], truth[t], 1e-9);
          for (guint p = 0; p < m; p++)
            {
              g_assert_cmpfloat_with_epsilon (games.phi[kind][p], phi[p], 1e-9);
              total += games.phi[kind][p];
            }
          g_assert_cmpfloat_with_epsilon (total, truth[(1u << m) - 1] - truth[0], 1e-9);
          g_assert_cmpfloat_with_epsilon (games.dividend[kind][3], truth[3] - truth[1] - truth[2] + truth[0], 1e-9);
        }
      rf_parallel_set_threads (3);
      g_assert_true (rf_list_games (model, history, relevant, 10, RF_REMOVAL_RENORMALISE, 0, &threads, NULL, NULL));
      rf_parallel_set_threads (0);
      g_assert_cmpmem (&games, sizeof games, &threads, sizeof threads);
    }
}

/* Centred over the candidates, the terms sum to the score beyond its mean. */
static void
test_means (void)
{
  g_autoptr(RfModel) model = make_model (4, 8);
  g_autoptr(RfCsr) history = make_pairs (6, 8);
  g_autoptr(RfScores) scores = rf_scores_new (model, 1);

  for (guint32 u = 0; u < N_USERS; u++)
    {
      gsize n = rf_csr_row_length (history, u);
      double mean[RF_MAX_MODALITIES + 1], total[5] = { 0 }, average = 0;

      rf_model_score (model, history, u, 1, u, NULL, scores);
      rf_contribution_means (model, scores, 0, rf_csr_row (history, u), n, mean);
      for (guint32 i = 0; i < N_ITEMS; i++)
        if (!rf_csr_contains (history, u, i))
          average += (double) scores->score[i] / (double) (N_ITEMS - n);
      for (guint32 i = 0; i < N_ITEMS; i++)
        if (!rf_csr_contains (history, u, i))
          {
            RfRanked ranked;
            double sum;

            rf_ranked_fill (model, scores, 0, i, &ranked);
            sum = (double) ranked.popularity - mean[4];
            total[4] += sum;
            for (guint m = 0; m < 4; m++)
              {
                sum += (double) ranked.contribution[m] - mean[m];
                total[m] += (double) ranked.contribution[m] - mean[m];
              }
            g_assert_cmpfloat_with_epsilon (sum, (double) ranked.score - average, 1e-5);
          }
      for (guint m = 0; m < 5; m++)
        g_assert_cmpfloat_with_epsilon (total[m], 0, 1e-4);
    }
}

/* Leaving one out is ranking again without it. */
static void
test_leave_one_out (void)
{
  g_autoptr(RfModel) model = make_model (3, 12);
  g_autoptr(RfCsr) history = make_pairs (6, 12);
  const guint32 *items = rf_csr_row (history, 0);
  gsize n = rf_csr_row_length (history, 0);
  RfRankOptions options = { .include_history = TRUE };
  double lost[6];

  rf_history_leave_one_out (model, items, n, 20, lost);
  for (gsize j = 0; j < n; j++)
    {
      guint32 left[6];
      gsize n_left = 0;
      float score[2] = { 0 };

      for (gsize k = 0; k < n; k++)
        if (k != j)
          left[n_left++] = items[k];
      for (int side = 0; side < 2; side++)
        {
          g_autoptr(RfRanking) ranking = rf_rank_history (model, side ? left : items, side ? n_left : n, RF_NO_USER, &options);

          for (guint p = 0; p < ranking->n; p++)
            if (ranking->items[p].item == 20)
              score[side] = ranking->items[p].score;
        }
      g_assert_cmpfloat_with_epsilon (lost[j], (double) score[0] - (double) score[1], 1e-5);
    }
}

static void
test_names (void)
{
  RfRemoval removal = RF_REMOVAL_RENORMALISE;

  g_assert_cmpstr (rf_removal_get_name (RF_REMOVAL_MEAN), ==, "mean");
  g_assert_true (rf_removal_from_name ("mean", &removal));
  g_assert_cmpint (removal, ==, RF_REMOVAL_MEAN);
  g_assert_true (rf_removal_from_name ("renormalise", &removal));
  g_assert_cmpint (removal, ==, RF_REMOVAL_RENORMALISE);
  g_assert_false (rf_removal_from_name ("zero", &removal));
}

/* A shuffled modality says the same about other items: its values are a permutation, the other modalities do not move. */
static void
test_scramble (void)
{
  g_autoptr(RfModel) model = make_model (3, 7), shuffled = rf_model_new_scrambled (model, 1, RF_SCRAMBLE_SHUFFLE, 9);
  g_autoptr(RfModel) noise = rf_model_new_scrambled (model, 1, RF_SCRAMBLE_NOISE, 9), random = rf_model_new_random_attention (model, 9);
  const RfChannel *before = model->channels[1], *after = shuffled->channels[1];
  double mean[2] = { 0 }, square[2] = { 0 };
  guint moved = 0;

  g_assert_true (shuffled->channels[0] == model->channels[0] && random->channels[1] == model->channels[1]);
  g_assert_cmpmem (after->available, N_ITEMS, before->available, N_ITEMS);
  for (guint32 i = 0; i < N_ITEMS; i++)
    {
      guint matches = 0;

      for (guint32 j = 0; j < N_ITEMS && before->available[i]; j++)
        matches += memcmp (rf_matrix_row (before->value, i), rf_matrix_row (after->value, j), 4 * sizeof (float)) == 0 &&
                   memcmp (rf_matrix_row (before->key, i), rf_matrix_row (after->key, j), 4 * sizeof (float)) == 0;
      g_assert_cmpuint (matches, ==, before->available[i]);
      moved += memcmp (rf_matrix_row (before->value, i), rf_matrix_row (after->value, i), 4 * sizeof (float)) != 0;
      for (int c = 0; c < 4; c++)
        {
          mean[0] += (double) rf_matrix_row (before->value, i)[c];
          mean[1] += (double) rf_matrix_row (noise->channels[1]->value, i)[c];
          square[0] += pow ((double) rf_matrix_row (before->value, i)[c], 2);
          square[1] += pow ((double) rf_matrix_row (noise->channels[1]->value, i)[c], 2);
        }
    }
  g_assert_cmpuint (moved, >, N_ITEMS / 2);
  g_assert_cmpfloat (fabs (mean[0] - mean[1]) / (4 * N_ITEMS), <, 0.25);
  g_assert_cmpfloat (square[1] / square[0], >, 0.6);
  g_assert_cmpfloat (square[1] / square[0], <, 1.6);
  g_assert_cmpfloat (random->attention.theta[0], !=, model->attention.theta[0]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  g_test_add_func ("/games/coalition-scores", test_coalition_scores);
  g_test_add_func ("/games/sums", test_sums);
  g_test_add_func ("/games/places", test_rank_game);
  g_test_add_func ("/games/lists", test_list_games);
  g_test_add_func ("/games/means", test_means);
  g_test_add_func ("/games/leave-one-out", test_leave_one_out);
  g_test_add_func ("/games/names", test_names);
  g_test_add_func ("/games/scramble", test_scramble);
  return g_test_run ();
}
