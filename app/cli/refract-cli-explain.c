/* refract-cli-explain.c: `refract-cli explain`: one recommendation, taken apart.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/cli/refract-cli-model.h"
#include "core/base/rf-error.h"
#include "core/eval/rf-ranker.h"
#include "core/explain/rf-attribution.h"
#include "core/explain/rf-counterfactual.h"
#include "core/explain/rf-games.h"
#include "core/explain/rf-lens.h"
#include "core/explain/rf-saliency.h"
#include "core/explain/rf-tokens.h"
#include "core/explain/rf-words.h"
#include "core/features/rf-image-picture.h"
#include "core/train/rf-modality.h"
#include "core/train/rf-trainer.h"

#define TOP         10
#define MAX_REMOVED 6
#define CHECK_STEPS  16
#define CHECK_ORDERS 4
#define TOP_TOKENS  5
#define STEPS       64 /* of integrated gradients */

typedef struct
{
  const RfTrained *trained;
  RfScores *scores;
  const guint32 *history;
  gsize n_history;
  guint32 item;
  guint place;
  RfRemoval removal;
  RfRanked ranked;
  guint32 user;
  double phi[RF_MAX_MODALITIES], dividends[1 << RF_MAX_MODALITIES], v_all;
  double *past; /* n_history: over all modalities */
  gboolean past_is_exact; /* else by leaving one out */
  RfHistoryChange change;
  char *words;
  double mean[RF_MAX_MODALITIES + 1]; /* contributions over the candidates */
  double places[RF_MAX_MODALITIES];   /* the rank game */
  guint place_of_none;
  char *text;                       /* of the item, as the model reads it */
  RfTokens *tokens;
  RfSaliency *saliency, *cam, *gradients; /* the latter two of networks that read pixels */
  double gap;
  RfSaliencyCheck check;
} Why;

static int
find_modality (const RfModel *model, const char *name)
{
  for (guint m = 0; m < model->n_modalities; m++)
    if (strcmp (model->names[m], name) == 0)
      return (int) m;
  return -1;
}

static RfTaste *
make_taste (const Why *why, const RfFeatureMap *map, guint m)
{
  return rf_taste_new (map, why->trained->model, why->scores, 0, m, why->history, why->n_history, why->user, why->item);
}

/* How computed features become the model's vectors. */
static RfFeatureMap *
make_map (const Why *why, RfWorkspace *workspace, guint m, RfProgress *progress, GError **error)
{
  const RfTrained *t = why->trained;
  g_autoptr(RfFeatures) features = rf_modality_features_of (workspace, t->catalog, t->split->part[RF_PART_TRAIN], t->config, t->model->names[m], progress, error);

  return features ? rf_feature_map_new (features, t->model, m, error) : NULL;
}

static gboolean
explain_text_with_network (Why *why, RfWorkspace *workspace, guint m, RfProgress *progress, GError **error)
{
  g_autoptr(RfLens) lens = rf_lens_new (workspace, why->trained, m, progress, error);
  g_autoptr(RfTaste) taste = lens ? make_taste (why, rf_lens_get_map (lens), m) : NULL;

  if (taste)
    why->tokens = rf_lens_tokens (lens, taste, why->text, STEPS);
  return taste != NULL;
}

/* Which words of the text speak for the item. */
static gboolean
explain_text (Why *why, RfWorkspace *workspace, RfProgress *progress, GError **error)
{
  int m = find_modality (why->trained->model, "text");
  g_autoptr(RfTextModel) text_model = NULL;
  g_autoptr(RfFeatureMap) map = NULL;
  g_autoptr(RfTaste) taste = NULL;

  if (m < 0 || !rf_catalog_item_has_text (why->trained->catalog, why->item))
    return TRUE;
  why->text = rf_modality_item_text (why->trained->catalog, why->trained->config, why->item);
  if (rf_lens_is_needed (why->trained, (guint) m))
    return explain_text_with_network (why, workspace, (guint) m, progress, error);
  text_model = rf_modality_text_model (workspace, why->trained->catalog, why->trained->config, progress, error);
  map = text_model ? make_map (why, workspace, (guint) m, progress, error) : NULL;
  if (map == NULL)
    return FALSE;
  taste = make_taste (why, map, (guint) m);
  why->tokens = rf_tokens_explain (text_model, taste, why->text);
  return TRUE;
}

/* The map and its check, of any function from pixels to a vector. */
static gboolean
cover (Why *why, const RfPictureEncoder *encoder, const RfPictureTarget *target, const guint8 *rgb, RfProgress *progress, GError **error)
{
  RfSaliencyOptions options = rf_saliency_options_default ();

  why->saliency = rf_saliency_occlusion (encoder, target, rgb, &options, progress, error);
  return why->saliency && rf_saliency_check (encoder, target, rgb, why->saliency, RF_FILL_BLUR, CHECK_STEPS, CHECK_ORDERS, 1, &why->check, progress, error);
}

static gboolean
explain_picture_with_network (Why *why, RfWorkspace *workspace, guint m, RfProgress *progress, GError **error)
{
  g_autoptr(RfLens) lens = rf_lens_new (workspace, why->trained, m, progress, error);
  g_autoptr(RfTaste) taste = lens ? make_taste (why, rf_lens_get_map (lens), m) : NULL;
  RfPictureEncoder encoder;
  RfPictureTarget target;
  const guint8 *rgb;

  if (taste == NULL)
    return FALSE;
  encoder = rf_lens_get_picture_encoder (lens);
  target = (RfPictureTarget) { taste->g, taste->scale };
  rgb = rf_lens_get_picture (lens, why->item);
  why->cam = rf_lens_grad_cam (lens, &target, rgb);
  why->gradients = rf_lens_integrated_gradients (lens, &target, rgb, RF_FILL_BLUR, STEPS, rf_saliency_options_default ().cells, &why->gap);
  return cover (why, &encoder, &target, rgb, progress, error);
}

static gboolean
explain_picture_with_descriptors (Why *why, RfWorkspace *workspace, guint m, GBytes *encoded, RfProgress *progress, GError **error)
{
  const RfTrained *t = why->trained;
  g_autofree guint8 *rgb = g_malloc (RF_PICTURE_AREA * 3);
  g_autoptr(RfImageModel) image_model = rf_modality_image_model (workspace, t->catalog, t->config, progress, error);
  g_autoptr(RfFeatureMap) map = image_model ? make_map (why, workspace, m, progress, error) : NULL;
  g_autoptr(RfTaste) taste = map ? make_taste (why, map, m) : NULL;
  RfPictureEncoder encoder;
  RfPictureTarget target;

  if (taste == NULL)
    return FALSE;
  encoder = rf_picture_encoder_descriptors (image_model);
  target = (RfPictureTarget) { taste->g, taste->scale };
  rf_picture_decode (encoded, rgb);
  return cover (why, &encoder, &target, rgb, progress, error);
}

/* Which places of the picture do. */
static gboolean
explain_picture (Why *why, RfWorkspace *workspace, RfProgress *progress, GError **error)
{
  const RfTrained *t = why->trained;
  int m = find_modality (t->model, "image");
  g_autoptr(GBytes) encoded = NULL;

  if (m < 0 || !rf_catalog_item_has_image (t->catalog, why->item) || (encoded = rf_workspace_load_picture (workspace, why->item, NULL)) == NULL)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_NOT_FOUND, _("There is no picture of “%s” that this run reads, so it cannot be explained; leave --picture out."), rf_catalog_get_item_id (t->catalog, why->item));
      return FALSE;
    }
  if (rf_lens_is_needed (t, (guint) m))
    return explain_picture_with_network (why, workspace, (guint) m, progress, error);
  return explain_picture_with_descriptors (why, workspace, (guint) m, encoded, progress, error);
}

static void
explain_place (Why *why)
{
  guint n = why->trained->model->n_modalities;
  double values[1 << RF_MAX_MODALITIES];

  rf_rank_game (why->trained->model, why->scores, 0, why->history, why->n_history, why->item, why->removal, values);
  rf_shapley_values (n, values, why->places);
  why->place_of_none = (guint) -values[0];
}

static void
explain (Why *why)
{
  const RfModel *model = why->trained->model;
  double means[1 << RF_MAX_MODALITIES];
  g_autofree double *part = g_new (double, why->n_history + 1);
  gsize ptr[2] = { 0, why->n_history };
  RfCsr row = { .rows = 1, .cols = model->n_items, .ptr = ptr, .idx = (guint32 *) why->history };

  why->scores = rf_scores_new (model, 1);
  rf_model_score (model, &row, 0, 1, why->user, NULL, why->scores);
  rf_ranked_fill (model, why->scores, 0, why->item, &why->ranked);
  why->place = rf_place_of_item (model, why->history, why->n_history, why->user, NULL, why->item);
  rf_coalition_means (model, why->scores, 0, why->removal, why->history, why->n_history, means);
  rf_coalition_advantages (model, why->scores, 0, why->item, why->removal, means, why->dividends);
  why->v_all = why->dividends[(1u << model->n_modalities) - 1];
  rf_shapley_values (model->n_modalities, why->dividends, why->phi);
  rf_harsanyi_dividends (model->n_modalities, why->dividends);
  rf_contribution_means (model, why->scores, 0, why->history, why->n_history, why->mean);
  explain_place (why);
  why->past = g_new0 (double, why->n_history + 1);
  why->past_is_exact = rf_model_is_linear_in_history (model, why->user);
  if (!why->past_is_exact)
    rf_history_leave_one_out (model, why->history, why->n_history, why->item, why->past);
  for (guint m = 0; m < model->n_modalities && why->past_is_exact; m++)
    {
      rf_history_shares (model, why->scores, 0, m, why->history, why->n_history, why->item, part);
      for (gsize j = 0; j < why->n_history; j++)
        why->past[j] += part[j];
    }
  if (why->place <= TOP)
    rf_smallest_history_change (model, why->history, why->n_history, why->item, TOP, MAX_REMOVED, &why->change);
  why->words = rf_words_explain (model, why->trained->catalog, why->scores, why->history, why->n_history, why->user, why->item, why->place);
}

static void
why_clear (Why *why)
{
  g_clear_pointer (&why->scores, rf_scores_free);
  g_free (why->past);
  g_free (why->words);
  g_free (why->text);
  rf_tokens_free (why->tokens);
  rf_saliency_free (why->saliency);
  rf_saliency_free (why->cam);
  rf_saliency_free (why->gradients);
  rf_saliency_check_clear (&why->check);
  rf_history_change_clear (&why->change);
}

static void
add_modalities (const Why *why, JsonBuilder *b)
{
  const RfModel *model = why->trained->model;

  json_builder_set_member_name (b, "modalities");
  json_builder_begin_object (b);
  for (guint m = 0; m < model->n_modalities; m++)
    {
      json_builder_set_member_name (b, model->names[m]);
      json_builder_begin_object (b);
      cli_json_number (b, "z", (double) why->scores->z[m][why->item]);
      cli_json_number (b, "evidence", (double) why->scores->evidence[0][m]);
      cli_json_number (b, "attention", (double) why->ranked.attention[m]);
      cli_json_number (b, "contribution", (double) why->ranked.contribution[m]);
      cli_json_number (b, "moves", (double) why->ranked.contribution[m] - why->mean[m]);
      cli_json_number (b, "shapley", why->phi[m]);
      cli_json_number (b, "places", why->places[m]);
      json_builder_end_object (b);
    }
  json_builder_end_object (b);
  json_builder_set_member_name (b, "interactions");
  json_builder_begin_object (b);
  for (guint a = 0; a < model->n_modalities; a++)
    for (guint c = a + 1; c < model->n_modalities; c++)
      {
        g_autofree char *pair = g_strdup_printf ("%s+%s", model->names[a], model->names[c]);

        cli_json_number (b, pair, why->dividends[1u << a | 1u << c]);
      }
  json_builder_end_object (b);
}

static void
add_tokens (const Why *why, JsonBuilder *b)
{
  json_builder_set_member_name (b, "text");
  json_builder_begin_object (b);
  cli_json_string (b, "original", why->text);
  cli_json_number (b, "contribution", why->tokens->contribution);
  cli_json_number (b, "constant", why->tokens->constant);
  json_builder_set_member_name (b, "tokens");
  json_builder_begin_array (b);
  for (guint t = 0; t < why->tokens->tokens->len; t++)
    {
      const RfTokenShare *token = &g_array_index (why->tokens->tokens, RfTokenShare, t);
      g_autofree char *word = g_strndup (why->text + token->begin, token->end - token->begin);

      json_builder_begin_object (b);
      cli_json_string (b, "token", word);
      cli_json_int (b, "begin", token->begin);
      cli_json_int (b, "end", token->end);
      cli_json_bool (b, "known", token->word != RF_NO_WORD);
      cli_json_number (b, "share", token->share);
      cli_json_number (b, "without", token->without);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
  json_builder_end_object (b);
}

static void
add_map (JsonBuilder *b, const char *name, const RfSaliency *s)
{
  json_builder_set_member_name (b, name);
  json_builder_begin_array (b);
  for (guint y = 0; y < s->cells; y++)
    {
      json_builder_begin_array (b);
      for (guint x = 0; x < s->cells; x++)
        json_builder_add_double_value (b, (double) s->loss[y * s->cells + x]);
      json_builder_end_array (b);
    }
  json_builder_end_array (b);
}

static void
add_saliency (const Why *why, JsonBuilder *b)
{
  const RfSaliency *s = why->saliency;

  json_builder_set_member_name (b, "picture");
  json_builder_begin_object (b);
  cli_json_string (b, "method", "occlusion");
  cli_json_number (b, "whole", s->whole);
  cli_json_number (b, "covered", s->covered);
  cli_json_number (b, "deletion", why->check.deletion);
  cli_json_number (b, "deletion_at_random", why->check.random_deletion);
  cli_json_number (b, "insertion", why->check.insertion);
  cli_json_number (b, "insertion_at_random", why->check.random_insertion);
  add_map (b, "loss", s);
  if (why->cam)
    {
      add_map (b, "grad_cam", why->cam);
      add_map (b, "integrated_gradients", why->gradients);
      cli_json_number (b, "integrated_gradients_gap", why->gap);
    }
  json_builder_end_object (b);
}

static void
build_json (const Why *why, const char *user, JsonBuilder *b)
{
  const RfCatalog *catalog = why->trained->catalog;

  json_builder_begin_object (b);
  cli_json_string (b, "user", user);
  cli_json_string (b, "run", why->trained->run->id);
  cli_json_string (b, "item", rf_catalog_get_item_id (catalog, why->item));
  cli_json_string (b, "title", rf_catalog_get_item_title (catalog, why->item));
  cli_json_int (b, "place", why->place);
  cli_json_number (b, "score", (double) why->ranked.score);
  cli_json_number (b, "popularity", (double) why->ranked.popularity);
  cli_json_string (b, "removal", rf_removal_get_name (why->removal));
  cli_json_int (b, "place_of_none", why->place_of_none);
  cli_json_string (b, "words", why->words);
  add_modalities (why, b);
  cli_json_string (b, "past_items_method", why->past_is_exact ? "exact" : "leave-one-out");
  json_builder_set_member_name (b, "past_items");
  json_builder_begin_array (b);
  for (gsize j = 0; j < why->n_history; j++)
    {
      json_builder_begin_object (b);
      cli_json_string (b, "item", rf_catalog_get_item_id (catalog, why->history[j]));
      cli_json_number (b, "share", why->past[j]);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
  if (why->tokens)
    add_tokens (why, b);
  if (why->saliency)
    add_saliency (why, b);
  json_builder_set_member_name (b, "leaves_top_10_without");
  json_builder_begin_array (b);
  for (guint r = 0; r < why->change.n; r++)
    json_builder_add_string_value (b, rf_catalog_get_item_id (catalog, why->change.items[r]));
  json_builder_end_array (b);
  json_builder_end_object (b);
}

static void
print_tokens (const Why *why)
{
  guint top[TOP_TOKENS], n = rf_tokens_top (why->tokens, TOP_TOKENS, top);

  for (guint t = 0; t < n; t++)
    {
      const RfTokenShare *token = &g_array_index (why->tokens->tokens, RfTokenShare, top[t]);

      cli_print ("%s“%.*s” %+.3f", t ? ", " : _("Words that speak for it: "), (int) (token->end - token->begin), why->text + token->begin, token->share);
    }
  if (n > 0)
    cli_print ("\n");
}

/* The map in characters: cells that give at least 3/4, 1/2, 1/4 of the largest loss, others, and those that speak against it. */
static void
print_saliency (const Why *why)
{
  const RfSaliency *s = why->saliency;
  float top = 0;

  for (guint c = 0; c < s->cells * s->cells; c++)
    top = MAX (top, s->loss[c]);
  cli_print (_("What the picture's places give (covered one by one; # + : much to little, - against):\n"));
  for (guint y = 0; y < s->cells; y++)
    {
      cli_print ("  ");
      for (guint x = 0; x < s->cells; x++)
        {
          float loss = s->loss[y * s->cells + x];

          cli_print ("%s", loss >= 0.5f * top && top > 0 ? " #" : loss >= 0.25f * top && top > 0 ? " +" : loss >= 0.1f * top && top > 0 ? " :" : loss <= -0.25f * top ? " -" : " .");
        }
      cli_print ("\n");
    }
  cli_print (_("Check: deletion %.3f (at random %.3f), insertion %.3f (at random %.3f)\n"), why->check.deletion, why->check.random_deletion, why->check.insertion, why->check.random_insertion);
}

static void
print_why (const Why *why, const char *user)
{
  const RfModel *model = why->trained->model;
  const RfCatalog *catalog = why->trained->catalog;

  cli_print (_("%s for %s: place %u, score %.3f (%s)\n%s\n"), rf_catalog_get_item_label (catalog, why->item), user, why->place, (double) why->ranked.score,
             why->trained->run->id, why->words);
  cli_print ("  %-12s %9s %9s %12s %9s %9s %9s\n", "", _("evidence"), _("attention"), _("contribution"), _("moves it"), "Shapley", _("places"));
  for (guint m = 0; m < model->n_modalities; m++)
    cli_print ("  %-12s %9.3f %8.1f%% %+12.3f %+9.3f %+9.3f %+9.1f\n", model->names[m], (double) why->scores->evidence[0][m], 100 * (double) why->ranked.attention[m],
               (double) why->ranked.contribution[m], (double) why->ranked.contribution[m] - why->mean[m], why->phi[m], why->places[m]);
  cli_print ("  %-12s %9s %9s %+12.3f %+9.3f\n", _("popularity"), "", "", (double) why->ranked.popularity, (double) why->ranked.popularity - why->mean[model->n_modalities]);
  cli_print (_("Shapley values sum to %.3f, what the score without popularity is beyond that of the user's mean candidate; removing a modality: %s.\n"), why->v_all, rf_removal_get_name (why->removal));
  cli_print (_("Without any modality it would stand at %u; the places add up to %+d.\n"), why->place_of_none, (int) why->place_of_none - (int) why->place);
  if (why->tokens)
    print_tokens (why);
  if (why->saliency)
    print_saliency (why);
  for (guint r = 0; r < why->change.n; r++)
    cli_print ("%s%s%s", r ? ", " : _("It would leave the top 10 without: "), rf_catalog_get_item_label (catalog, why->change.items[r]), r + 1 == why->change.n ? "\n" : "");
}

int
cli_run_explain (int argc, char **argv)
{
  g_autofree char *run = NULL, *user_id = NULL, *item_id = NULL, *removal = NULL;
  gboolean picture = FALSE;
  const GOptionEntry entries[] = {
    { "user", 'u', 0, G_OPTION_ARG_FILENAME, &user_id, N_("For whom"), "ID" },
    { "item", 'i', 0, G_OPTION_ARG_FILENAME, &item_id, N_("Which item"), "ID" },
    { "run", 'r', 0, G_OPTION_ARG_FILENAME, &run, N_("Which run; the newest if not given"), "RUN" },
    { "removal", 0, 0, G_OPTION_ARG_FILENAME, &removal, N_("What removing a modality means: renormalise (default) or mean"), "RULE" },
    { "picture", 'p', 0, G_OPTION_ARG_NONE, &picture, N_("Also which places of the picture speak for the item, by covering them"), NULL },
    { NULL },
  };
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(RfTrained) trained = NULL;
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  GError *error = NULL;
  Why why = { 0 };
  Cli cli;
  int status = CLI_FINE;

  if (!cli_begin (&cli, "explain", "FILE.refract --user ID --item ID", N_("Takes one recommendation apart: contributions, exact Shapley values, past items, and what would change it."), entries, 1, 1, argc, argv, &status))
    return status;
  if (user_id == NULL || item_id == NULL)
    return cli_end (&cli, cli_wrong_usage (&cli, _("Say for whom and which item: --user ID --item ID.")));
  if (!cli_parse_removal (removal, &why.removal, &error) || (workspace = rf_workspace_open (cli.arguments[0], &error)) == NULL || (trained = rf_trained_load (workspace, run, &error)) == NULL ||
      !cli_find_user (trained, user_id, &why.user, &error) || !cli_find_item (trained, item_id, &why.item, &error))
    return cli_end (&cli, cli_failed (&cli, error));
  why.trained = trained;
  why.history = rf_csr_row (trained->split->history, why.user);
  why.n_history = rf_csr_row_length (trained->split->history, why.user);
  explain (&why);
  if (!explain_text (&why, workspace, &cli.progress, &error))
    {
      cli_note (&cli, _("The words are not explained: %s"), error->message);
      g_clear_error (&error);
    }
  if (picture && !explain_picture (&why, workspace, &cli.progress, &error))
    {
      status = cli_failed (&cli, error);
      why_clear (&why);
      return cli_end (&cli, status);
    }
  if (cli.json)
    {
      build_json (&why, user_id, builder);
      status = cli_print_json (&cli, builder);
    }
  else
    {
      print_why (&why, user_id);
    }
  why_clear (&why);
  return cli_end (&cli, status);
}
