/* refract-cli-rank.c: `refract-cli rank`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/cli/refract-cli-model.h"
#include "core/base/rf-error.h"
#include "core/eval/rf-ranker.h"
#include "core/train/rf-trainer.h"

static void
add_per_modality (JsonBuilder *b, const char *member, const RfModel *model, const float *values)
{
  json_builder_set_member_name (b, member);
  json_builder_begin_object (b);
  for (guint m = 0; m < model->n_modalities; m++)
    cli_json_number (b, model->names[m], (double) values[m]);
  json_builder_end_object (b);
}

static const char *
driver_name (const RfModel *model, const RfRanked *ranked)
{
  return ranked->driver >= 0 ? model->names[ranked->driver] : NULL;
}

static void
build_json (JsonBuilder *b, const RfTrained *trained, const char *user, const RfRanking *ranking)
{
  json_builder_begin_object (b);
  cli_json_string (b, "user", user);
  cli_json_string (b, "run", trained->run->id);
  cli_json_int (b, "history", ranking->n_history);
  add_per_modality (b, "evidence", trained->model, ranking->evidence);
  json_builder_set_member_name (b, "items");
  json_builder_begin_array (b);
  for (guint j = 0; j < ranking->n; j++)
    {
      const RfRanked *r = &ranking->items[j];

      json_builder_begin_object (b);
      cli_json_int (b, "rank", j + 1);
      cli_json_string (b, "item", rf_catalog_get_item_id (trained->catalog, r->item));
      cli_json_string (b, "title", rf_catalog_get_item_title (trained->catalog, r->item));
      cli_json_number (b, "score", (double) r->score);
      add_per_modality (b, "attention", trained->model, r->attention);
      add_per_modality (b, "contribution", trained->model, r->contribution);
      cli_json_number (b, "popularity", (double) r->popularity);
      cli_json_string (b, "driver", driver_name (trained->model, r));
      cli_json_bool (b, "in_history", r->in_history);
      cli_json_bool (b, "held_out_hit", r->held_out_hit);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
  json_builder_end_object (b);
}

static void
print_table (const RfTrained *trained, const char *user, const RfRanking *ranking)
{
  const RfModel *model = trained->model;

  cli_print (_("Recommendations for %s (%s, from %u past items)\n"), user, trained->run->id, ranking->n_history);
  cli_print ("%4s %7s ", "", _("score"));
  for (guint m = 0; m < model->n_modalities; m++)
    cli_print (" %9.9s", model->names[m]);
  cli_print ("  %-10s %s\n", _("driver"), _("item"));
  for (guint j = 0; j < ranking->n; j++)
    {
      const RfRanked *r = &ranking->items[j];

      cli_print ("%4u %7.3f ", j + 1, (double) r->score);
      for (guint m = 0; m < model->n_modalities; m++)
        cli_print (" %8.0f%%", 100 * (double) r->attention[m]);
      cli_print ("  %-10s %s%s\n", r->driver >= 0 ? driver_name (model, r) : "–", rf_catalog_get_item_label (trained->catalog, r->item),
                 r->held_out_hit ? _("  (chosen later)") : r->in_history ? _("  (already chosen)") : "");
    }
}

int
cli_run_rank (int argc, char **argv)
{
  g_autofree char *run = NULL, *user_id = NULL, *weights_text = NULL;
  gboolean with_history = FALSE;
  int k = 20;
  const GOptionEntry entries[] = {
    { "user", 'u', 0, G_OPTION_ARG_FILENAME, &user_id, N_("Whose ranking"), "ID" },
    { "top", 'k', 0, G_OPTION_ARG_INT, &k, N_("How many places; default 20"), "N" },
    { "run", 'r', 0, G_OPTION_ARG_FILENAME, &run, N_("Which run; the newest if not given"), "RUN" },
    { "weights", 'w', 0, G_OPTION_ARG_FILENAME, &weights_text, N_("What if: weight of modalities from 0 (muted) to 2; default 1"), "M=X,…" },
    { "with-history", 0, 0, G_OPTION_ARG_NONE, &with_history, N_("Rank what the user already has, too"), NULL },
    { NULL },
  };
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(RfTrained) trained = NULL;
  g_autoptr(RfRanking) ranking = NULL;
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autofree guint32 *held_out = NULL;
  float weights[RF_MAX_MODALITIES];
  RfRankOptions options = { 0 };
  const RfCsr *train;
  GError *error = NULL;
  guint32 user;
  Cli cli;
  int status;

  if (!cli_begin (&cli, "rank", "FILE.refract --user ID", N_("Prints a user's ranking with the weight and the exact contribution of every modality."), entries, 1, 1, argc, argv, &status))
    return status;
  if (user_id == NULL || k < 1)
    return cli_end (&cli, cli_wrong_usage (&cli, user_id ? _("-k takes a number of at least 1.") : _("Say whose ranking: --user ID.")));
  if ((workspace = rf_workspace_open (cli.arguments[0], &error)) == NULL || (trained = rf_trained_load (workspace, run, &error)) == NULL ||
      (weights_text && !cli_parse_weights (trained->model, weights_text, weights, &error)))
    return cli_end (&cli, cli_failed (&cli, error));
  user = rf_catalog_find_user (trained->catalog, user_id);
  if (user == RF_NO_INDEX)
    return cli_end (&cli, cli_failed (&cli, g_error_new (RF_ERROR, RF_ERROR_NOT_FOUND, _("There is no user “%s” in this catalog."), user_id)));
  held_out = rf_trained_dup_held_out (trained, user, &options.n_relevant);
  options.k = (guint) k;
  options.relevant = held_out;
  options.include_history = with_history;
  options.weights = weights_text ? weights : NULL;
  train = trained->split->history;
  ranking = rf_rank_history (trained->model, rf_csr_row (train, user), rf_csr_row_length (train, user), user, &options);
  if (!cli.json)
    {
      print_table (trained, user_id, ranking);
      return cli_end (&cli, CLI_FINE);
    }
  build_json (builder, trained, user_id, ranking);
  status = cli_print_json (&cli, builder);
  return cli_end (&cli, status);
}
