/* test-attribution.c: Shapley values against the definition over all orders, sums, and past items.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-rng.h"
#include "core/explain/rf-attribution.h"

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
  g_test_add_func ("/attribution/history-shares", test_history_shares);
  return g_test_run ();
}
