/* test-guard.c: what the guard of the attention promises, on small worlds that tempt it: never worse than the best channel alone, popularity
 * where nothing else counts, and no choice by what was fitted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-rng.h"
#include "core/train/rf-evidence-data.h"
#include "core/train/rf-evidence.h"

enum { N_USERS = 120, N_ITEMS = 80, PER_USER = 10, N_CHANNELS = 3, N_WORLDS = 12 };

static const char *const names[] = { "image", "text", "behaviour" };

typedef struct
{
  RfCsr *train, *valid;
  RfModel *draft;
} World;

/* Users choose items of their taste (one of four, item i has taste i % 4), or popular ones. truth[m]: how much of the taste channel m sees. */
static World
world_new (guint64 seed, double taste, double popular, const double *truth)
{
  RfRng rng = rf_rng_new (seed, 5);
  guint32 user[2][N_USERS * PER_USER], item[2][N_USERS * PER_USER];
  float popularity[N_ITEMS];
  gsize n[2] = { 0, 0 };
  RfChannel *channels[N_CHANNELS];
  const RfAttention neutral = { .temperature = 1 };
  World w;

  for (guint32 u = 0; u < N_USERS; u++)
    {
      guint8 taken[N_ITEMS] = { 0 };

      for (guint k = 0; k < PER_USER;)
        {
          guint32 i = rf_rng_below (&rng, N_ITEMS);
          int part = k >= PER_USER - 3;
          double odds = .05 + (i % 4 == u % 4 ? taste : 0) + popular * exp (-(double) (i / 4) / 3);

          if (taken[i] || rf_rng_uniform (&rng) > odds)
            continue;
          taken[i] = 1;
          user[part][n[part]] = u;
          item[part][n[part]++] = i;
          k++;
        }
    }
  w.train = rf_csr_new_from_pairs (N_USERS, N_ITEMS, n[0], user[0], item[0], NULL);
  w.valid = rf_csr_new_from_pairs (N_USERS, N_ITEMS, n[1], user[1], item[1], NULL);
  for (int m = 0; m < N_CHANNELS; m++)
    {
      RfMatrix *weights = rf_matrix_new (N_ITEMS, N_ITEMS);
      guint8 *available = g_malloc (N_ITEMS);

      memset (available, 1, N_ITEMS);
      for (guint32 i = 0; i < N_ITEMS; i++)
        for (guint32 j = 0; j < N_ITEMS; j++)
          rf_matrix_row (weights, i)[j] = i == j ? 0 : (float) (rf_rng_normal (&rng) + (i % 4 == j % 4 ? truth[m] : 0));
      channels[m] = rf_channel_new_dense ("test", weights, available);
    }
  for (guint32 i = 0; i < N_ITEMS; i++)
    popularity[i] = 0;
  for (gsize e = 0; e < n[0]; e++)
    popularity[item[0][e]] += .1f;
  w.draft = rf_model_new (N_CHANNELS, names, channels, &neutral, popularity);
  for (int m = 0; m < N_CHANNELS; m++)
    rf_channel_unref (channels[m]);
  return w;
}

static void
world_clear (World *w)
{
  rf_csr_free (w->train);
  rf_csr_free (w->valid);
  rf_model_unref (w->draft);
}

/* Twelve worlds of a kind: how often what was chosen, and how often it was worse than the first channel alone on all held-out items. */
typedef struct
{
  guint popular, equal, fitted, single, worse;
} Choices;

static double
ndcg_of_single (const RfEvidenceData *data, int m)
{
  float p[RF_EVIDENCE_MAX_PARAMETERS] = { 0 };

  p[m] = 20;
  return rf_evidence_data_ndcg (data, p, 2);
}

static Choices
choose (const char *what, double taste, double popular, const double *truth)
{
  const RfEvidenceOptions options = { .max_users = N_USERS, .n_steps = 100, .learning_rate = 0.05, .guard = TRUE, .seed = 1 };
  Choices c = { 0 };

  for (guint64 seed = 1; seed <= N_WORLDS; seed++)
    {
      World w = world_new (seed, taste, popular, truth);
      g_autoptr(RfEvidenceData) data = rf_evidence_data_new (w.draft, w.train, w.valid, N_USERS, 1, NULL, NULL);
      RfEvidenceResult result;

      g_assert_true (rf_evidence_fit (w.draft, w.train, w.valid, &options, &result, NULL, NULL, NULL, NULL));
      c.popular += strcmp (result.chosen, "popular") == 0;
      c.equal += strcmp (result.chosen, "equal") == 0;
      c.fitted += g_str_has_prefix (result.chosen, "fitted");
      c.single += strcmp (result.chosen, "single") == 0;
      c.worse += result.ndcg < ndcg_of_single (data, 0);
      world_clear (&w);
    }
  g_test_message ("%s: popular %u, equal %u, fitted %u, single %u of %d; worse than the first channel %u", what, c.popular, c.equal, c.fitted, c.single, N_WORLDS, c.worse);
  return c;
}

/* Nothing but popularity: it is left to decide alone in most worlds. */
static void
test_popularity (void)
{
  const double nothing[N_CHANNELS] = { 0, 0, 0 };

  g_assert_cmpuint (choose ("popularity", 0, .8, nothing).popular, >=, 5);
}

/* One channel sees, two are noise: never worse than that one. */
static void
test_one_channel (void)
{
  const double first[N_CHANNELS] = { 1, 0, 0 };
  Choices c = choose ("one channel", .5, 0, first);

  g_assert_cmpuint (c.worse, ==, 0);
  g_assert_cmpuint (c.single, >=, 5);
}

/* Three channels that see alike: often no attention is better than equal shares. */
static void
test_alike (void)
{
  const double alike[N_CHANNELS] = { .3, .3, .3 };

  g_assert_cmpuint (choose ("alike", .5, 0, alike).equal, >=, 3);
}

/* Nothing to be learned: eleven numbers fit noise best, which only the half that they have not seen can tell. */
static void
test_noise (void)
{
  const double nothing[N_CHANNELS] = { 0, 0, 0 };

  g_assert_cmpuint (choose ("noise", 0, 0, nothing).fitted, <=, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  g_test_add_func ("/guard/popularity", test_popularity);
  g_test_add_func ("/guard/one-channel", test_one_channel);
  g_test_add_func ("/guard/alike", test_alike);
  g_test_add_func ("/guard/noise", test_noise);
  return g_test_run ();
}
