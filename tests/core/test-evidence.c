/* test-evidence.c: the two-stage model on a world whose truth is planted: its gradient, its ranking, and whether its attention
 * tells the truth.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/eval/rf-evaluate.h"
#include "core/eval/rf-ranker.h"
#include "core/train/rf-channel-fit.h"
#include "core/train/rf-evidence-data.h"
#include "core/train/rf-evidence.h"
#include "tests/support/planted.h"

static const char *const names[] = { "image", "text", "behaviour" };

typedef struct
{
  Planted *world;
  RfChannel *channels[3];
  float *popularity;
  RfModel *equal, *model;
  RfEvidenceResult result;
} Fixture;

static Fixture shared;

static void
fit_world (Fixture *f, guint32 n_users, guint32 n_items, double noise, guint64 seed)
{
  g_autoptr(RfConfig) config = rf_config_new ();
  g_autoptr(GError) error = NULL;
  RfAttention neutral = { .temperature = 1 };
  RfEvidenceOptions options = { .max_users = 2000, .n_steps = 100, .learning_rate = 0.05, .guard = TRUE, .seed = 1 };
  RfChannelChoice choice;

  f->world = planted_new (n_users, n_items, noise, seed);
  for (int m = 0; m < 2; m++)
    f->channels[m] = rf_fit_content (f->world->features[m], f->world->part[0], f->world->part[1], config, &choice, NULL, &error);
  f->channels[2] = rf_fit_behaviour (f->world->part[0], f->world->part[1], config, &choice, NULL, &error);
  g_assert_no_error (error);
  f->popularity = rf_model_popularity_from (f->world->part[0]);
  f->equal = rf_model_new (3, names, f->channels, &neutral, f->popularity);
  g_assert_true (rf_evidence_fit (f->equal, f->world->part[0], f->world->part[1], &options, &f->result, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  f->model = rf_model_new (3, names, f->channels, &f->result.attention, f->popularity);
}

static void
clear_world (Fixture *f)
{
  for (int m = 0; m < 3; m++)
    rf_channel_unref (f->channels[m]);
  rf_model_unref (f->equal);
  rf_model_unref (f->model);
  g_free (f->popularity);
  planted_free (f->world);
}

static double
recall_of (const Fixture *f, RfScoreFunc func, const void *scorer)
{
  RfEvaluation e = { .n = 1, .k = { 20 } };

  g_assert_true (rf_evaluate (&e, func, scorer, f->world->n_items, f->world->part[0], f->world->part[2], NULL, NULL));
  return e.mean[0].recall;
}

/* Mean attention over the top 20 of a user. */
static void
mean_attention (const RfModel *model, const RfCsr *history, guint32 user, double *attention)
{
  RfRankOptions options = { .k = 20 };
  g_autoptr(RfRanking) ranking = rf_rank_history (model, rf_csr_row (history, user), rf_csr_row_length (history, user), user, &options);

  memset (attention, 0, RF_MAX_MODALITIES * sizeof *attention);
  for (guint j = 0; j < ranking->n; j++)
    for (guint m = 0; m < model->n_modalities; m++)
      attention[m] += ranking->items[j].attention[m] / ranking->n;
}

static double
share_of_drivers_named (const Fixture *f)
{
  int right = 0, pure = 0;

  for (guint32 u = 0; u < f->world->n_users; u++)
    {
      double attention[RF_MAX_MODALITIES];
      int top = 0;

      if (f->world->driver[u] == 3)
        continue;
      mean_attention (f->model, f->world->part[0], u, attention);
      for (int m = 1; m < 3; m++)
        if (attention[m] > attention[top])
          top = m;
      right += top == f->world->driver[u];
      pure++;
    }
  return (double) right / pure;
}

static void
test_ranks_better_than_its_parts (void)
{
  double fused = recall_of (&shared, rf_score_with_model, shared.model), late = recall_of (&shared, rf_score_with_model, shared.equal), best = 0;

  for (int m = 0; m < 3; m++)
    {
      double alone = recall_of (&shared, rf_score_with_channel, shared.channels[m]);

      g_test_message ("%s alone: R@20 %.4f", names[m], alone);
      best = MAX (best, alone);
    }
  g_test_message ("fused %.4f, best alone %.4f, equal weights %.4f, chosen %s", fused, best, late, shared.result.chosen);
  g_assert_cmpfloat (fused, >=, 1.25 * best);
  g_assert_cmpfloat (fused, >=, 1.2 * late);
}

static void
test_attention_names_the_driver (void)
{
  double share = share_of_drivers_named (&shared);

  g_test_message ("attention names the driver of %.1f %% of the pure users", 100 * share);
  g_assert_cmpfloat (share, >=, 0.9);
}

/* Noise in place of the picture: no user is told that pictures drive the list. */
static void
test_noise_gets_no_attention (void)
{
  Fixture f = { 0 };
  double image = 0;
  int n = 0;

  fit_world (&f, 1200, 500, 100, 5); /* the features carry 1 part of signal in 10,000 of noise, by power */
  for (guint32 u = 0; u < f.world->n_users; u++)
    if (f.world->driver[u] == 0)
      {
        double attention[RF_MAX_MODALITIES];

        mean_attention (f.model, f.world->part[0], u, attention);
        image += attention[0];
        n++;
      }
  g_test_message ("mean image weight of picture-driven users: %.3f", image / n);
  g_assert_cmpfloat (image / n, <, 0.34);
  clear_world (&f);
}

static void
test_gradient (void)
{
  g_autoptr(RfEvidenceData) data = rf_evidence_data_new (shared.equal, shared.world->part[0], shared.world->part[1], 60, 3, NULL, NULL);
  float p[RF_EVIDENCE_MAX_PARAMETERS] = { 0.3f, -0.2f, 0.1f, 0.8f, 1.1f, 0.5f, 0.2f, -0.3f, 0.1f, 0.4f, 0.2f };
  double gradient[RF_EVIDENCE_MAX_PARAMETERS], ignored[RF_EVIDENCE_MAX_PARAMETERS];

  rf_evidence_data_loss (data, p, 0, gradient);
  for (int i = 0; i < 11; i++)
    {
      float before = p[i], step = 1e-2f;
      double up, down, numeric;

      p[i] = before + step;
      up = rf_evidence_data_loss (data, p, 0, ignored);
      p[i] = before - step;
      down = rf_evidence_data_loss (data, p, 0, ignored);
      p[i] = before;
      numeric = (up - down) / (2 * (double) step);
      g_assert_cmpfloat_with_epsilon (gradient[i], numeric, 2e-3 + 2e-3 * fabs (numeric));
    }
}

/* sum of attention = 1, contributions + popularity = score, for the whole ranking of many users, muted or not. */
static void
test_sums (void)
{
  const float muted[RF_MAX_MODALITIES] = { 0, 1.5f, 0.5f };

  for (guint32 u = 0; u < 40; u++)
    {
      RfRankOptions options = { .weights = u % 2 ? muted : NULL };
      const RfCsr *train = shared.world->part[0];
      g_autoptr(RfRanking) ranking = rf_rank_history (shared.model, rf_csr_row (train, u), rf_csr_row_length (train, u), u, &options);

      g_assert_cmpuint (ranking->n, ==, shared.world->n_items - rf_csr_row_length (train, u));
      for (guint j = 0; j < ranking->n; j++)
        {
          const RfRanked *r = &ranking->items[j];
          double attention = 0, score = r->popularity;

          for (int m = 0; m < 3; m++)
            {
              attention += r->attention[m];
              score += r->contribution[m];
            }
          g_assert_cmpfloat_with_epsilon (attention, 1, 1e-6);
          g_assert_cmpfloat_with_epsilon (score, r->score, 1e-5);
          if (u % 2)
            g_assert_cmpfloat (r->attention[0], ==, 0);
          if (j > 0)
            g_assert_true (ranking->items[j - 1].score > r->score || (ranking->items[j - 1].score == r->score && ranking->items[j - 1].item < r->item));
        }
    }
}

/* The list of a user in the screen's function equals that of the evaluation's. */
static void
test_one_ranking (void)
{
  const RfCsr *train = shared.world->part[0];
  g_autofree guint32 *all = rf_rank_all (shared.model, train, 20, NULL, NULL);

  for (guint32 u = 0; u < shared.world->n_users; u += 37)
    {
      RfRankOptions options = { .k = 20 };
      g_autoptr(RfRanking) ranking = rf_rank_history (shared.model, rf_csr_row (train, u), rf_csr_row_length (train, u), u, &options);

      for (guint j = 0; j < 20; j++)
        g_assert_cmpuint (all[u * 20 + j], ==, ranking->items[j].item);
    }
}

/* A user without a past gets the popular items; no attention is claimed. */
static void
test_new_user (void)
{
  RfRankOptions options = { .k = 5 };
  g_autoptr(RfRanking) ranking = rf_rank_history (shared.model, NULL, 0, RF_NO_USER, &options);

  g_assert_cmpuint (ranking->n, ==, 5);
  for (guint j = 0; j < 5; j++)
    {
      g_assert_cmpint (ranking->items[j].driver, ==, -1);
      g_assert_cmpfloat (ranking->items[j].attention[0], ==, 0);
      g_assert_cmpfloat_with_epsilon (ranking->items[j].score, ranking->items[j].popularity, 1e-6);
    }
}

static void
test_repeats (void)
{
  Fixture one = { 0 }, two = { 0 };
  g_autoptr(GBytes) a = NULL, b = NULL;

  rf_parallel_set_threads (1);
  fit_world (&one, 300, 200, 0.5, 8);
  rf_parallel_set_threads (3);
  fit_world (&two, 300, 200, 0.5, 8);
  rf_parallel_set_threads (0);
  a = rf_model_to_bytes (one.model);
  b = rf_model_to_bytes (two.model);
  g_assert_true (g_bytes_equal (a, b));
  clear_world (&one);
  clear_world (&two);
}

static void
assert_same_scores (const RfModel *a, const RfModel *b, const RfCsr *history)
{
  g_autoptr(RfScores) x = rf_scores_new (a, 4), y = rf_scores_new (b, 4);

  rf_model_score (a, history, 0, 4, RF_NO_USER, NULL, x);
  rf_model_score (b, history, 0, 4, RF_NO_USER, NULL, y);
  g_assert_cmpmem (x->score, 4 * a->n_items * sizeof (float), y->score, 4 * b->n_items * sizeof (float));
}

static void
test_model_bytes (void)
{
  g_autoptr(GBytes) bytes = rf_model_to_bytes (shared.model), half = g_bytes_new_from_bytes (bytes, 0, g_bytes_get_size (bytes) / 2);
  g_autoptr(GError) error = NULL;
  g_autoptr(RfModel) again = rf_model_from_bytes (bytes, &error), broken = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (rf_model_get_modality (again, 2), ==, "behaviour");
  assert_same_scores (shared.model, again, shared.world->part[0]);
  broken = rf_model_from_bytes (half, &error);
  g_assert_null (broken);
  g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
}

static void
test_cancel (void)
{
  RfProgress progress;
  RfEvidenceOptions options = { .max_users = 100, .n_steps = 100, .learning_rate = 0.05, .guard = TRUE, .seed = 1 };
  RfEvidenceResult result;
  g_autoptr(GError) error = NULL;

  rf_progress_init (&progress, NULL, NULL);
  rf_progress_cancel (&progress);
  g_assert_false (rf_evidence_fit (shared.equal, shared.world->part[0], shared.world->part[1], &options, &result, &progress, NULL, NULL, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  fit_world (&shared, 1200, 800, 0.5, 20260101);
  g_test_add_func ("/evidence/gradient", test_gradient);
  g_test_add_func ("/evidence/better-than-parts", test_ranks_better_than_its_parts);
  g_test_add_func ("/evidence/names-the-driver", test_attention_names_the_driver);
  g_test_add_func ("/evidence/noise", test_noise_gets_no_attention);
  g_test_add_func ("/evidence/sums", test_sums);
  g_test_add_func ("/evidence/one-ranking", test_one_ranking);
  g_test_add_func ("/evidence/new-user", test_new_user);
  g_test_add_func ("/evidence/repeats", test_repeats);
  g_test_add_func ("/evidence/model-bytes", test_model_bytes);
  g_test_add_func ("/evidence/cancel", test_cancel);
  status = g_test_run ();
  clear_world (&shared);
  return status;
}
