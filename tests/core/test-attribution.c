/* test-attribution.c: Shapley values against the definition over all orders, sums, and past items.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-rng.h"
#include "core/explain/rf-attribution.h"
#include "core/explain/rf-faithfulness.h"

/* The definition by orders: the mean, over all m! orders of arrival, of what m adds when it arrives. */
static void
by_orders (guint m, const double *values, guint *order, guint depth, double *sum, guint *count)
{
  if (depth == m)
    {
      guint t = 0;

      for (guint p = 0; p < m; p++)
        {
          sum[order[p]] += values[t | 1u << order[p]] - values[t];
          t |= 1u << order[p];
        }
      (*count)++;
      return;
    }
  for (guint p = depth; p < m; p++)
    {
      guint held = order[depth];

      order[depth] = order[p];
      order[p] = held;
      by_orders (m, values, order, depth + 1, sum, count);
      order[p] = order[depth];
      order[depth] = held;
    }
}

static void
test_shapley_by_orders (void)
{
  RfRng rng = rf_rng_new (2, 2);

  for (guint m = 1; m <= 6; m++)
    for (int trial = 0; trial < 20; trial++)
      {
        double values[64] = { 0 }, phi[6], sum[6] = { 0 }, total = 0;
        guint order[6] = { 0, 1, 2, 3, 4, 5 }, count = 0;

        for (guint t = 1; t < 1u << m; t++)
          values[t] = rf_rng_normal (&rng);
        rf_shapley_values (m, values, phi);
        by_orders (m, values, order, 0, sum, &count);
        for (guint p = 0; p < m; p++)
          {
            g_assert_cmpfloat_with_epsilon (phi[p], sum[p] / count, 1e-12);
            total += phi[p];
          }
        g_assert_cmpfloat_with_epsilon (total, values[(1u << m) - 1], 1e-12);
      }
}

static void
test_dividends (void)
{
  /* v(1) = 3, v(2) = 4, v(12) = 5: the pair is redundant by 2. Three players: inclusion and exclusion by hand. */
  double two[] = { 0, 3, 4, 5 }, three[] = { 0, 1, 2, 4, 3, 5, 7, 11 };

  rf_harsanyi_dividends (2, two);
  g_assert_cmpfloat (two[1], ==, 3);
  g_assert_cmpfloat (two[3], ==, -2);
  rf_harsanyi_dividends (3, three);
  g_assert_cmpfloat (three[3], ==, 4 - 1 - 2);
  g_assert_cmpfloat (three[7], ==, 11 - 4 - 5 - 7 + 1 + 2 + 3);
}

/* A small model with every kind of channel and missing items. */
static RfModel *
make_model (guint32 n)
{
  static const char *const names[] = { "image", "text", "behaviour" };
  RfRng rng = rf_rng_new (4, 4);
  RfMatrix *key = rf_matrix_new (n, 5), *value = rf_matrix_new (n, 5), *dense = rf_matrix_new (n, n);
  g_autofree guint32 *row = g_new (guint32, 5 * n), *col = g_new (guint32, 5 * n);
  g_autofree float *val = g_new (float, 5 * n), *popularity = g_new (float, n);
  guint8 *available[3];
  RfChannel *channels[3];
  RfAttention attention = { .theta = { 0.2f, -0.3f, 0.1f }, .kappa = { 0.5f, 1, 0.7f }, .psi = { 0.3f, 0, -0.2f }, .pi = 0.4f, .temperature = 1 };
  RfModel *model;
  gsize edges = 0;

  for (int m = 0; m < 3; m++)
    {
      available[m] = g_new (guint8, n);
      for (guint32 i = 0; i < n; i++)
        available[m][i] = (i + (guint32) m) % 9 != 0;
    }
  for (guint32 i = 0; i < n; i++)
    {
      popularity[i] = (float) rf_rng_normal (&rng);
      for (int c = 0; c < 5 && available[0][i]; c++)
        {
          rf_matrix_row (key, i)[c] = (float) rf_rng_normal (&rng);
          rf_matrix_row (value, i)[c] = (float) rf_rng_normal (&rng);
        }
      for (guint32 j = 0; j < n; j++)
        if (i != j && available[1][i] && available[1][j])
          rf_matrix_row (dense, i)[j] = (float) rf_rng_normal (&rng);
      for (int e = 0; e < 5; e++)
        {
          row[edges] = i;
          col[edges] = rf_rng_below (&rng, n);
          val[edges] = (float) rf_rng_uniform (&rng);
          edges += col[edges] != i && available[2][i] && available[2][col[edges]];
        }
    }
  channels[0] = rf_channel_new_factors ("test", key, value, available[0]);
  channels[1] = rf_channel_new_dense ("test", dense, available[1]);
  channels[2] = rf_channel_new_sparse ("test", rf_csr_new_from_pairs (n, n, edges, row, col, val), available[2]);
  model = rf_model_new (3, names, channels, &attention, popularity);
  for (int m = 0; m < 3; m++)
    rf_channel_unref (channels[m]);
  return model;
}

static RfCsr *
make_histories (guint32 n, guint32 users)
{
  RfRng rng = rf_rng_new (6, 6);
  g_autofree guint32 *row = g_new (guint32, 7 * users), *col = g_new (guint32, 7 * users);

  for (guint32 e = 0; e < 7 * users; e++)
    {
      row[e] = e / 7;
      col[e] = rf_rng_below (&rng, n);
    }
  return rf_csr_new_from_pairs (users, n, 7 * users, row, col, NULL);
}

static void
test_model_sums (void)
{
  guint32 n = 60;
  g_autoptr(RfModel) model = make_model (n);
  g_autoptr(RfCsr) histories = make_histories (n, 10);
  g_autoptr(RfScores) scores = rf_scores_new (model, 10);
  g_autofree float *block = g_new (float, 3 * n);
  float *phi[3] = { block, block + n, block + 2 * n };

  rf_model_score (model, histories, 0, 10, RF_NO_USER, NULL, scores);
  for (guint32 u = 0; u < 10; u++)
    for (int removal = 0; removal < 2; removal++)
      {
        rf_shapley_all_items (model, scores, u, (RfRemoval) removal, phi);
        for (guint32 i = 0; i < n; i++)
          {
            double values[8], one[3], sum = 0;
            float attention[RF_MAX_MODALITIES];
            double without_popularity = (double) scores->score[u * n + i] - (double) (model->attention.pi * model->popularity[i]);

            rf_coalition_values (model, scores, u, i, (RfRemoval) removal, values);
            rf_shapley_values (3, values, one);
            rf_model_get_attention (model, scores, u, i, attention);
            for (int m = 0; m < 3; m++)
              {
                g_assert_cmpfloat_with_epsilon (phi[m][i], one[m], 1e-5);
                if (removal == RF_REMOVAL_MEAN)
                  g_assert_cmpfloat_with_epsilon (one[m], attention[m] * scores->z[m][u * n + i], 1e-6);
                sum += one[m];
              }
            g_assert_cmpfloat_with_epsilon (sum, without_popularity, 1e-5);
          }
      }
}

/* The literal mean of v(T) over the candidates. */
static double
mean_of_candidates (const RfModel *model, const RfScores *scores, guint32 u, const RfCsr *histories, RfRemoval removal, guint t)
{
  double sum = 0, values[8];
  guint32 count = 0;

  for (guint32 i = 0; i < model->n_items; i++)
    if (!rf_csr_contains (histories, u, i))
      {
        rf_coalition_values (model, scores, u, i, removal, values);
        sum += values[t];
        count++;
      }
  return sum / count;
}

static void
test_advantages (void)
{
  guint32 n = 60;
  g_autoptr(RfModel) model = make_model (n);
  g_autoptr(RfCsr) histories = make_histories (n, 10);
  g_autoptr(RfScores) scores = rf_scores_new (model, 10);

  rf_model_score (model, histories, 0, 10, RF_NO_USER, NULL, scores);
  for (guint32 u = 0; u < 10; u++)
    for (int removal = 0; removal < 2; removal++)
      {
        const guint32 *history = rf_csr_row (histories, u);
        gsize length = rf_csr_row_length (histories, u);
        g_autofree guint32 *twice = g_new (guint32, 2 * length + 1);
        double means[8], again[8], values[8], plain[8], phi[3], centre[4];

        rf_coalition_means (model, scores, u, (RfRemoval) removal, history, length, means);
        rf_contribution_means (model, scores, u, history, length, centre);
        for (gsize j = 0; j < 2 * length; j++)
          twice[j] = history[j / 2];
        rf_coalition_means (model, scores, u, (RfRemoval) removal, twice, 2 * length, again); /* what was chosen twice is no candidate, once */
        g_assert_cmpmem (means, sizeof means, again, sizeof again);
        for (guint t = 0; t < 8; t++)
          g_assert_cmpfloat_with_epsilon (means[t], mean_of_candidates (model, scores, u, histories, (RfRemoval) removal, t), 1e-6);
        for (guint32 i = 0; i < n; i++)
          {
            float attention[RF_MAX_MODALITIES];

            rf_coalition_values (model, scores, u, i, (RfRemoval) removal, plain);
            rf_coalition_advantages (model, scores, u, i, (RfRemoval) removal, means, values);
            g_assert_cmpfloat (values[0], ==, 0);
            for (guint t = 1; t < 8; t++)
              g_assert_cmpfloat_with_epsilon (values[t], plain[t] - means[t], 1e-12);
            rf_shapley_values (3, values, phi);
            rf_model_get_attention (model, scores, u, i, attention);
            for (guint m = 0; m < 3 && removal == RF_REMOVAL_MEAN; m++) /* what moves the item, as rf_contribution_means() has it */
              g_assert_cmpfloat_with_epsilon (phi[m], attention[m] * scores->z[m][u * n + i] - centre[m], 1e-5);
          }
      }
}

/* A network of two modalities whose users choose by text; the picture adds `constant` to every score, whatever the item. */
static RfModel *
make_constant (guint32 n, float constant)
{
  static const char *const names[] = { "image", "text" };
  RfRng rng = rf_rng_new (8, 8);
  RfMatrix *key[2], *value[2];
  RfChannel *channels[2];
  g_autofree float *popularity = g_new0 (float, n);
  RfModel *model;

  for (int m = 0; m < 2; m++)
    {
      guint8 *available = g_malloc (n);

      memset (available, 1, n);
      key[m] = rf_matrix_new (n, 2);
      value[m] = rf_matrix_new (n, 2);
      for (guint32 i = 0; i < n; i++)
        for (int c = 0; c < 2; c++)
          {
            rf_matrix_row (key[m], i)[c] = m ? (float) rf_rng_normal (&rng) : sqrtf (constant / 2);
            rf_matrix_row (value[m], i)[c] = m ? (float) rf_rng_normal (&rng) : sqrtf (constant / 2);
          }
      channels[m] = rf_channel_new_factors ("test", key[m], value[m], available);
    }
  model = rf_model_new_joint (&(RfJointParts){ .fusion = "sum", .n_modalities = 2, .names = names, .channels = channels, .popularity = popularity });
  for (int m = 0; m < 2; m++)
    rf_channel_unref (channels[m]);
  return model;
}

/* What all candidates share orders nothing and so drives nothing, however much of the score it is. */
static void
test_constant_drives_nothing (void)
{
  guint32 n = 60;
  g_autoptr(RfModel) model = make_constant (n, 50);
  g_autoptr(RfCsr) histories = make_histories (n, 10);
  g_autoptr(RfScores) scores = rf_scores_new (model, 1);
  int truth[10];

  for (guint32 u = 0; u < 10; u++)
    truth[u] = 1;
  for (int removal = 0; removal < 2; removal++)
    {
      RfFaithfulness f;

      g_assert_true (rf_faithfulness_measure (model, histories, 10, 10, (RfRemoval) removal, truth, &f, NULL, NULL));
      g_assert_cmpuint (f.truth_users, ==, 10);
      g_assert_cmpfloat (f.truth_shapley, ==, 1);
      rf_model_score (model, histories, 0, 1, RF_NO_USER, NULL, scores);
      for (guint32 i = 0; i < n; i++)
        {
          double means[4], values[4], phi[2];

          if (rf_csr_contains (histories, 0, i))
            continue;
          rf_coalition_means (model, scores, 0, (RfRemoval) removal, rf_csr_row (histories, 0), rf_csr_row_length (histories, 0), means);
          rf_coalition_advantages (model, scores, 0, i, (RfRemoval) removal, means, values);
          rf_shapley_values (2, values, phi);
          /* `mean`: the text alone moves it. `renormalise`: each has half of the attention, so the picture only thins the text out. */
          g_assert_cmpfloat_with_epsilon (phi[0], removal == RF_REMOVAL_MEAN ? 0 : -phi[1] / 3, 1e-3);
        }
    }
}

static void
test_history_shares (void)
{
  guint32 n = 60;
  g_autoptr(RfModel) model = make_model (n);
  g_autoptr(RfCsr) histories = make_histories (n, 10);
  g_autoptr(RfScores) scores = rf_scores_new (model, 10);

  rf_model_score (model, histories, 0, 10, RF_NO_USER, NULL, scores);
  for (guint32 u = 0; u < 10; u++)
    for (guint32 i = 0; i < n; i++)
      for (guint m = 0; m < 3; m++)
        {
          double shares[7], sum = 0;
          gsize length = rf_csr_row_length (histories, u);
          float attention[RF_MAX_MODALITIES];

          rf_history_shares (model, scores, u, m, rf_csr_row (histories, u), length, i, shares);
          rf_model_get_attention (model, scores, u, i, attention);
          for (gsize j = 0; j < length; j++)
            sum += shares[j];
          g_assert_cmpfloat_with_epsilon (sum, attention[m] * scores->z[m][u * n + i], 2e-5);
        }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  g_test_add_func ("/attribution/shapley-by-orders", test_shapley_by_orders);
  g_test_add_func ("/attribution/dividends", test_dividends);
  g_test_add_func ("/attribution/model-sums", test_model_sums);
  g_test_add_func ("/attribution/advantages", test_advantages);
  g_test_add_func ("/attribution/constant-drives-nothing", test_constant_drives_nothing);
  g_test_add_func ("/attribution/history-shares", test_history_shares);
  return g_test_run ();
}
