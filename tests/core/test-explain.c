/* test-explain.c: faithfulness and counterfactuals on a world whose truth is planted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-linalg.h"
#include "core/eval/rf-ranker.h"
#include "core/explain/rf-counterfactual.h"
#include "core/explain/rf-faithfulness.h"
#include "core/explain/rf-words.h"
#include "core/train/rf-channel-fit.h"
#include "core/train/rf-evidence.h"
#include "tests/support/planted.h"

static Planted *world;
static RfModel *model;
static int *truth;

static void
fit (void)
{
  static const char *const names[] = { "image", "text", "behaviour" };
  g_autoptr(RfConfig) config = rf_config_new ();
  RfAttention neutral = { .temperature = 1 };
  RfEvidenceOptions options = { .max_users = 2000, .n_steps = 60, .learning_rate = 0.05, .guard = TRUE, .seed = 1 };
  RfEvidenceResult result;
  RfChannelChoice choice;
  RfChannel *channels[3];
  g_autofree float *popularity = NULL;
  g_autoptr(RfModel) draft = NULL;

  world = planted_new (800, 400, 0.5, 3);
  popularity = rf_model_popularity_from (world->part[0]);
  for (int m = 0; m < 2; m++)
    channels[m] = rf_fit_content (world->features[m], world->part[0], world->part[1], config, &choice, NULL, NULL);
  channels[2] = rf_fit_behaviour (world->part[0], world->part[1], config, &choice, NULL, NULL);
  draft = rf_model_new (3, names, channels, &neutral, popularity);
  g_assert_true (rf_evidence_fit (draft, world->part[0], world->part[1], &options, &result, NULL, NULL, NULL, NULL));
  model = rf_model_new (3, names, channels, &result.attention, popularity);
  for (int m = 0; m < 3; m++)
    rf_channel_unref (channels[m]);
  truth = g_new (int, world->n_users);
  for (guint32 u = 0; u < world->n_users; u++)
    truth[u] = world->driver[u] < 3 ? world->driver[u] : -1;
}

static void
test_faithfulness (void)
{
  RfFaithfulness f;
  g_autofree char *sentence = NULL;
  double total = 0;

  g_assert_true (rf_faithfulness_measure (model, world->part[0], 20, 10000, RF_REMOVAL_RENORMALISE, truth, &f, NULL, NULL));
  sentence = rf_faithfulness_to_sentence (&f, 20);
  g_test_message ("%s tau %.2f, truth by attention %.3f, by Shapley %.3f", sentence, f.kendall, f.truth_attention, f.truth_shapley);
  g_assert_cmpuint (f.users, ==, world->n_users);
  g_assert_cmpuint (f.truth_users, ==, world->n_users * 3 / 4);
  g_assert_cmpfloat (f.truth_attention, >=, 0.85);
  g_assert_cmpfloat (f.truth_shapley, >=, 0.85);
  g_assert_cmpfloat (f.top1, >, f.shuffled_top1 + 0.1);
  g_assert_false (f.collapsed);
  for (int m = 0; m < 3; m++)
    total += f.share[m];
  g_assert_cmpfloat_with_epsilon (total, 1, 1e-9);
  for (int r = 1; r < 3; r++)
    {
      g_assert_cmpfloat (f.deletion_attention[r], >, f.deletion_random[r]);
      g_assert_cmpfloat (f.deletion_attention[r], <=, f.deletion_worst[r]);
    }
}

/* The place told is the place in the ranking; a change told does what it says. */
/* Every item has one of three scores: of equals the first in the catalog comes first, in the list and in its place alike. */
static void
test_places_of_equals (void)
{
  enum { N = 40 };
  static const char *const one[] = { "text" };
  const RfAttention attention = { .temperature = 1 };
  const float popularity[N] = { 0 };
  const guint32 history[] = { 3, 17 };
  RfMatrix *weights = rf_matrix_new (N, N);
  guint8 *available = g_malloc (N);
  g_autoptr(RfChannel) channel = NULL;
  g_autoptr(RfModel) tied = NULL;
  g_autoptr(RfRanking) ranking = NULL;

  memset (available, 1, N);
  for (guint32 i = 0; i < N; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (history); j++)
      rf_matrix_row (weights, history[j])[i] = (float) (i % 3);
  channel = rf_channel_new_dense ("test", weights, available);
  tied = rf_model_new (1, one, &channel, &attention, popularity);
  ranking = rf_rank_history (tied, history, 2, RF_NO_USER, NULL);
  g_assert_cmpuint (ranking->n, ==, N - 2);
  for (guint j = 0; j < ranking->n; j++)
    g_assert_cmpuint (rf_place_of_item (tied, history, 2, RF_NO_USER, NULL, ranking->items[j].item), ==, j + 1);
}

static void
test_counterfactuals (void)
{
  guint found = 0, weights_found = 0;

  for (guint32 u = 0; u < 12; u++)
    {
      const guint32 *history = rf_csr_row (world->part[0], u);
      gsize n = rf_csr_row_length (world->part[0], u);
      g_autoptr(RfRanking) ranking = rf_rank_history (model, history, n, RF_NO_USER, NULL);
      guint32 item = ranking->items[7].item, outside = ranking->items[24].item;
      RfHistoryChange change;
      RfWeightChange weight;

      for (guint j = 0; j < ranking->n; j += 13)
        g_assert_cmpuint (rf_place_of_item (model, history, n, RF_NO_USER, NULL, ranking->items[j].item), ==, j + 1);
      rf_smallest_history_change (model, history, n, item, 10, 6, &change);
      if (change.found)
        {
          guint32 kept[64];
          gsize n_kept = 0;
          guint before = 0;
          g_autoptr(RfRanking) again = NULL;

          for (gsize j = 0; j < n; j++)
            {
              gboolean gone = FALSE;

              for (guint r = 0; r < change.n; r++)
                gone |= change.items[r] == history[j];
              if (!gone)
                kept[n_kept++] = history[j];
            }
          g_assert_cmpuint (n_kept + change.n, ==, n);
          again = rf_rank_history (model, kept, n_kept, RF_NO_USER, NULL);
          for (guint j = 0; again->items[j].item != item; j++)
            {
              gboolean past = FALSE;

              for (gsize h = 0; h < n; h++)
                past |= history[h] == again->items[j].item;
              before += !past;
            }
          g_assert_cmpuint (before + 1, ==, change.place);
          g_assert_cmpuint (change.place, >, 10);
          found++;
        }
      rf_history_change_clear (&change);
      rf_smallest_weight_change (model, history, n, RF_NO_USER, outside, 10, TRUE, &weight);
      if (weight.found)
        {
          float w[RF_MAX_MODALITIES] = { 1, 1, 1 };

          w[weight.modality] = weight.weight;
          g_assert_cmpuint (rf_place_of_item (model, history, n, RF_NO_USER, w, outside), ==, weight.place);
          g_assert_cmpuint (weight.place, <=, 10);
          weights_found++;
        }
    }
  g_test_message ("%u of 12 history changes, %u of 12 weight changes", found, weights_found);
  g_assert_cmpuint (found, >=, 6);
}

/* A catalog with a title for every item of the world. */
static RfCatalog *
make_catalog (void)
{
  RfCatalogBuilder *builder = rf_catalog_builder_new ("world", "");

  for (guint32 i = 0; i < world->n_items; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i), *title = g_strdup_printf ("Item %u", i);

      rf_catalog_builder_add_item (builder, id, title, "", "", "");
    }
  return rf_catalog_builder_build (builder);
}

/* The sentence says what the numbers say: the driver with its share, a past item, and where the item would stand without it. */
static void
test_words (void)
{
  static const char *const words[] = { "its picture", "its text", "what people with similar taste chose" };
  g_autoptr(RfCatalog) catalog = make_catalog ();

  for (guint32 u = 0; u < 30; u++)
    {
      const guint32 *history = rf_csr_row (world->part[0], u);
      gsize n = rf_csr_row_length (world->part[0], u);
      g_autoptr(RfRanking) ranking = rf_rank_history (model, history, n, RF_NO_USER, NULL);
      g_autoptr(RfScores) scores = rf_scores_new (model, 1);
      const RfRanked *r = &ranking->items[2];
      float without[RF_MAX_MODALITIES] = { 1, 1, 1 };
      double positive = MAX (r->popularity, 0);
      g_autofree char *text = NULL, *share = NULL, *place = NULL;
      gboolean names_past = FALSE;

      rf_model_score (model, world->part[0], u, 1, RF_NO_USER, NULL, scores);
      text = rf_words_explain (model, catalog, scores, history, n, RF_NO_USER, r->item, 3);
      for (int m = 0; m < 3; m++)
        positive += MAX (r->contribution[m], 0);
      g_assert_cmpint (r->driver, >=, 0);
      if (r->popularity > r->contribution[r->driver])
        continue;
      share = g_strdup_printf ("%s (%.0f %%)", words[r->driver], 100 * r->contribution[r->driver] / positive);
      g_assert_nonnull (strstr (text, share));
      without[r->driver] = 0;
      place = g_strdup_printf (" %u ", rf_place_of_item (model, history, n, RF_NO_USER, without, r->item));
      g_assert_nonnull (strstr (text, place));
      for (gsize j = 0; j < n; j++)
        {
          g_autofree char *past = g_strdup_printf ("“Item %u”", history[j]);

          names_past |= strstr (text, past) != NULL;
        }
      g_assert_true (names_past);
    }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  fit ();
  g_test_add_func ("/explain/faithfulness", test_faithfulness);
  g_test_add_func ("/explain/places-of-equals", test_places_of_equals);
  g_test_add_func ("/explain/counterfactuals", test_counterfactuals);
  g_test_add_func ("/explain/words", test_words);
  status = g_test_run ();
  rf_model_unref (model);
  planted_free (world);
  g_free (truth);
  return status;
}
