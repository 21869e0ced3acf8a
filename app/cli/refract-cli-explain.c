/* refract-cli-explain.c: `refract-cli explain`: one recommendation, taken apart.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/cli/refract-cli.h"
#include "core/base/rf-error.h"
#include "core/eval/rf-ranker.h"
#include "core/explain/rf-attribution.h"
#include "core/explain/rf-counterfactual.h"
#include "core/explain/rf-words.h"
#include "core/train/rf-trainer.h"

#define TOP         10
#define MAX_REMOVED 6

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
  RfHistoryChange change;
  char *words;
} Why;

static void
explain (Why *why)
{
  const RfModel *model = why->trained->model;
  g_autofree double *part = g_new (double, why->n_history + 1);
  gsize ptr[2] = { 0, why->n_history };
  RfCsr row = { .rows = 1, .cols = model->n_items, .ptr = ptr, .idx = (guint32 *) why->history };

  why->scores = rf_scores_new (model, 1);
  rf_model_score (model, &row, 0, 1, why->user, NULL, why->scores);
  rf_ranked_fill (model, why->scores, 0, why->item, &why->ranked);
  why->place = rf_place_of_item (model, why->history, why->n_history, why->user, NULL, why->item);
  rf_coalition_values (model, why->scores, 0, why->item, why->removal, why->dividends);
  why->v_all = why->dividends[(1u << model->n_modalities) - 1];
  rf_shapley_values (model->n_modalities, why->dividends, why->phi);
  rf_harsanyi_dividends (model->n_modalities, why->dividends);
  why->past = g_new0 (double, why->n_history + 1);
  for (guint m = 0; m < model->n_modalities; m++)
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
  rf_history_change_clear (&why->change);
}

static const char *
removal_name (const Why *why)
{
  return why->removal == RF_REMOVAL_MEAN ? "mean" : "renormalise";
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
      cli_json_number (b, "shapley", why->phi[m]);
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
  cli_json_string (b, "removal", removal_name (why));
  cli_json_string (b, "words", why->words);
  add_modalities (why, b);
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
  json_builder_set_member_name (b, "leaves_top_10_without");
  json_builder_begin_array (b);
  for (guint r = 0; r < why->change.n; r++)
    json_builder_add_string_value (b, rf_catalog_get_item_id (catalog, why->change.items[r]));
  json_builder_end_array (b);
  json_builder_end_object (b);
}

static void
print_why (const Why *why, const char *user)
{
  const RfModel *model = why->trained->model;
  const RfCatalog *catalog = why->trained->catalog;

  cli_print (_("%s for %s: place %u, score %.3f (%s)\n%s\n"), rf_catalog_get_item_label (catalog, why->item), user, why->place, (double) why->ranked.score,
             why->trained->run->id, why->words);
  cli_print ("  %-12s %9s %9s %12s %9s\n", "", _("evidence"), _("attention"), _("contribution"), "Shapley");
  for (guint m = 0; m < model->n_modalities; m++)
    cli_print ("  %-12s %9.3f %8.1f%% %+12.3f %+9.3f\n", model->names[m], (double) why->scores->evidence[0][m], 100 * (double) why->ranked.attention[m],
               (double) why->ranked.contribution[m], why->phi[m]);
  cli_print ("  %-12s %9s %9s %+12.3f\n", _("popularity"), "", "", (double) why->ranked.popularity);
  cli_print (_("Shapley values sum to %.3f, the score without popularity; removing a modality: %s.\n"), why->v_all, removal_name (why));
  for (guint r = 0; r < why->change.n; r++)
    cli_print ("%s%s%s", r ? ", " : _("It would leave the top 10 without: "), rf_catalog_get_item_label (catalog, why->change.items[r]), r + 1 == why->change.n ? "\n" : "");
}

static gboolean
find_pair (const RfTrained *trained, const char *user_id, const char *item_id, guint32 *user, guint32 *item, GError **error)
{
  *user = rf_catalog_find_user (trained->catalog, user_id);
  *item = rf_catalog_find_item (trained->catalog, item_id);
  if (*user == RF_NO_INDEX)
    g_set_error (error, RF_ERROR, RF_ERROR_NOT_FOUND, _("There is no user “%s” in this catalog."), user_id);
  else if (*item == RF_NO_INDEX)
    g_set_error (error, RF_ERROR, RF_ERROR_NOT_FOUND, _("There is no item “%s” in this catalog."), item_id);
  return *user != RF_NO_INDEX && *item != RF_NO_INDEX;
}

int
cli_run_explain (int argc, char **argv)
{
  g_autofree char *run = NULL, *user_id = NULL, *item_id = NULL, *removal = NULL;
  const GOptionEntry entries[] = {
    { "user", 'u', 0, G_OPTION_ARG_FILENAME, &user_id, N_("For whom"), "ID" },
    { "item", 'i', 0, G_OPTION_ARG_FILENAME, &item_id, N_("Which item"), "ID" },
    { "run", 'r', 0, G_OPTION_ARG_FILENAME, &run, N_("Which run; the newest if not given"), "RUN" },
    { "removal", 0, 0, G_OPTION_ARG_FILENAME, &removal, N_("What removing a modality means: renormalise (default) or mean"), "RULE" },
    { NULL },
  };
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(RfTrained) trained = NULL;
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  GError *error = NULL;
  Why why = { 0 };
  Cli cli;
  int status;

  if (!cli_begin (&cli, "explain", "FILE.refract --user ID --item ID", N_("Takes one recommendation apart: contributions, exact Shapley values, past items, and what would change it."), entries, 1, 1, argc, argv, &status))
    return status;
  if (user_id == NULL || item_id == NULL || (removal && strcmp (removal, "mean") != 0 && strcmp (removal, "renormalise") != 0))
    return cli_end (&cli, cli_wrong_usage (&cli, _("Say for whom and which item: --user ID --item ID; --removal is renormalise or mean.")));
  if ((workspace = rf_workspace_open (cli.arguments[0], &error)) == NULL || (trained = rf_trained_load (workspace, run, &error)) == NULL ||
      !find_pair (trained, user_id, item_id, &why.user, &why.item, &error))
    return cli_end (&cli, cli_failed (&cli, error));
  why.trained = trained;
  why.removal = g_strcmp0 (removal, "mean") == 0 ? RF_REMOVAL_MEAN : RF_REMOVAL_RENORMALISE;
  why.history = rf_csr_row (trained->split->part[RF_PART_TRAIN], why.user);
  why.n_history = rf_csr_row_length (trained->split->part[RF_PART_TRAIN], why.user);
  explain (&why);
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
