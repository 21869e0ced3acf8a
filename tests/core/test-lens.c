/* test-lens.c: looking into trained networks: encoders of pixels and words give the model's own contributions back, gradients add up.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-linalg.h"
#include "core/eval/rf-ranker.h"
#include "core/explain/rf-lens.h"
#include "core/train/rf-modality.h"
#include "tests/support/sample-world.h"

#define N_ITEMS 120

static SampleWorld *world;

static void
set (RfConfig *config, const char *key, const char *value)
{
  g_autoptr(GError) error = NULL;

  rf_config_set (config, key, value, &error);
  g_assert_no_error (error);
}

/* A joint model on the world's catalog. */
static RfTrained *
train (const char *fusion, const char *text_encoder, const char *normalise)
{
  g_autoptr(RfConfig) config = rf_config_new ();
  g_autoptr(RfRun) run = NULL;
  g_autoptr(GError) error = NULL;
  RfTrained *trained;

  set (config, "fusion", fusion);
  set (config, "fusion.normalise", normalise);
  set (config, "encoder.image", "cnn");
  set (config, "encoder.text", text_encoder);
  set (config, "cnn.size", "16");
  set (config, "encoder.width", "16");
  set (config, "encoder.max_words", "100"); /* more than any text here has */
  set (config, "embedding_size", "16");
  set (config, "epochs", "2");
  run = rf_train (world->workspace, config, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  trained = rf_trained_load (world->workspace, run->id, &error);
  g_assert_no_error (error);
  return trained;
}

static RfLens *
open_lens (RfTrained *trained, guint modality)
{
  g_autoptr(GError) error = NULL;
  RfLens *lens = rf_lens_new (world->workspace, trained, modality, NULL, &error);

  g_assert_no_error (error);
  return lens;
}

typedef struct
{
  RfScores *scores;
  RfRanking *ranking;
  const guint32 *history;
  gsize n;
} Person;

static Person
person_new (RfTrained *t, guint32 user)
{
  RfRankOptions options = { .k = 5 };
  Person p = { rf_scores_new (t->model, 1), NULL, rf_csr_row (t->split->history, user), rf_csr_row_length (t->split->history, user) };

  rf_model_score (t->model, t->split->history, user, 1, user, NULL, p.scores);
  p.ranking = rf_rank_scores (t->model, p.scores, 0, p.history, p.n, &options);
  return p;
}

static void
person_clear (Person *p)
{
  rf_scores_free (p->scores);
  rf_ranking_free (p->ranking);
}

static void
check_picture (RfTrained *t, RfLens *lens, guint32 user)
{
  Person p = person_new (t, user);
  guint32 item = p.ranking->items[0].item;
  g_autoptr(RfTaste) taste = rf_taste_new (rf_lens_get_map (lens), t->model, p.scores, 0, 0, p.history, p.n, user, item);
  RfPictureEncoder encoder = rf_lens_get_picture_encoder (lens);
  RfPictureTarget target = { taste->g, taste->scale };
  RfSaliencyOptions options = { 8, 2, RF_FILL_BLUR };
  const guint8 *rgb = rf_lens_get_picture (lens, item);
  g_autofree float *h = g_new (float, encoder.dims);
  g_autoptr(RfSaliency) occlusion = NULL, cam = rf_lens_grad_cam (lens, &target, rgb), gradients = NULL, fine = NULL;
  double gap, fine_gap, sum = 0;
  float contribution = p.ranking->items[0].contribution[0];

  encoder.encode (encoder.data, rgb, 1, h);
  g_assert_cmpfloat_with_epsilon (rf_taste_value (taste, h), contribution, 1e-4 + 1e-3 * fabsf (contribution));
  occlusion = rf_saliency_occlusion (&encoder, &target, rgb, &options, NULL, NULL);
  g_assert_cmpfloat_with_epsilon (occlusion->whole, cam->whole, 1e-6 + 1e-5 * fabs (cam->whole));
  g_assert_cmpuint (cam->cells, ==, 4); /* 16 pixels, halved twice */
  for (guint c = 0; c < 16; c++)
    g_assert_cmpfloat (cam->loss[c], >=, 0);
  gradients = rf_lens_integrated_gradients (lens, &target, rgb, RF_FILL_BLUR, 32, 8, &gap);
  fine = rf_lens_integrated_gradients (lens, &target, rgb, RF_FILL_BLUR, 256, 8, &fine_gap);
  for (guint c = 0; c < 64; c++)
    sum += (double) fine->loss[c];
  g_assert_cmpfloat_with_epsilon (fine->whole, cam->whole, 1e-6 + 1e-5 * fabs (cam->whole));
  g_assert_cmpfloat (gap, <, 0.1);
  g_assert_cmpfloat (fine_gap, <, 0.02);
  g_assert_cmpfloat_with_epsilon (sum, fine->whole - fine->covered, 0.02 * MAX (fabs (fine->whole), fabs (fine->covered)) + 1e-6);
  person_clear (&p);
}

static void
check_words (RfTrained *t, RfLens *lens, guint32 user, gboolean linear)
{
  Person p = person_new (t, user);
  guint32 item = p.ranking->items[0].item;
  g_autoptr(RfTaste) taste = rf_taste_new (rf_lens_get_map (lens), t->model, p.scores, 0, 1, p.history, p.n, user, item);
  g_autofree char *text = rf_modality_item_text (t->catalog, t->config, item);
  g_autoptr(RfTokens) tokens = rf_lens_tokens (lens, taste, text, 64), fine = rf_lens_tokens (lens, taste, text, 512), none = rf_lens_tokens (lens, taste, "", 8);
  float contribution = p.ranking->items[0].contribution[1];
  double sum = 0;
  guint struck = 0;

  g_assert_cmpfloat_with_epsilon (tokens->contribution, contribution, 1e-4 + 1e-3 * fabsf (contribution));
  for (guint k = 0; k < tokens->tokens->len; k++)
    {
      const RfTokenShare *token = &g_array_index (tokens->tokens, RfTokenShare, k);
      g_autofree char *without = g_strdup (text);
      g_autoptr(RfTokens) left = NULL;

      sum += token->share;
      g_assert_cmpfloat_with_epsilon (token->share, g_array_index (fine->tokens, RfTokenShare, k).share, 1e-3 * (fabs ((double) contribution) + 0.01));
      if (token->word == RF_NO_WORD || struck >= 8)
        continue;
      memset (without + token->begin, ' ', token->end - token->begin);
      left = rf_lens_tokens (lens, taste, without, 8);
      g_assert_cmpfloat_with_epsilon (token->without, tokens->contribution - left->contribution, 1e-5 * (1 + fabs (tokens->contribution)));
      struck++;
    }
  g_assert_cmpfloat_with_epsilon (sum + tokens->constant, tokens->contribution, 1e-9 * (1 + fabs (tokens->contribution)));
  if (linear) /* a bag without words is a bag of zeros */
    g_assert_cmpfloat_with_epsilon (tokens->constant, none->contribution, 1e-5 * (1 + fabs (none->contribution)));
  g_assert_cmpuint (struck, ==, 8);
  person_clear (&p);
}

static void
check_run (const char *fusion, const char *text_encoder, const char *normalise)
{
  g_autoptr(RfTrained) trained = train (fusion, text_encoder, normalise);
  g_autoptr(RfLens) image = open_lens (trained, 0), text = open_lens (trained, 1);
  g_autoptr(GError) error = NULL;

  for (guint32 u = 0; u < 3; u++)
    {
      check_picture (trained, image, u);
      check_words (trained, text, u, strcmp (text_encoder, "bag") == 0 && strcmp (normalise, "false") == 0);
    }
  g_assert_false (rf_lens_is_needed (trained, 2));
  g_assert_null (rf_lens_new (world->workspace, trained, 2, NULL, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_DATA);
}

static void
test_attention_gru (void)
{
  check_run ("attention", "gru", "false");
}

static void
test_sum_bag (void)
{
  check_run ("sum", "bag", "false");
}

static void
test_normalised (void)
{
  check_run ("attention", "bag", "true");
}

/* The default model reads computed features: no lens. */
static void
test_default (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (rf_lens_is_needed (world->trained, 0));
  g_assert_null (rf_lens_new (world->workspace, world->trained, 0, NULL, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_DATA);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  world = sample_world_new (3, 150, N_ITEMS);
  g_test_add_func ("/lens/attention-gru", test_attention_gru);
  g_test_add_func ("/lens/sum-bag", test_sum_bag);
  g_test_add_func ("/lens/normalised", test_normalised);
  g_test_add_func ("/lens/default", test_default);
  status = g_test_run ();
  sample_world_free (world);
  return status;
}
