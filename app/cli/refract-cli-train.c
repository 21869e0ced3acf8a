/* refract-cli-train.c: `refract-cli train`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "app/cli/refract-cli.h"
#include "core/base/rf-error.h"
#include "core/train/rf-checkpoint.h"
#include "core/train/rf-estimate.h"
#include "core/train/rf-trainer.h"

static gboolean
apply_settings (RfConfig *config, char **settings, const char *seed, GError **error)
{
  for (guint i = 0; settings && settings[i]; i++)
    if (!rf_config_set_assignment (config, settings[i], error))
      return FALSE;
  return seed == NULL || rf_config_set (config, "seed", seed, error);
}

/* The run's result with its id in front, as one JSON object. */
static JsonNode *
result_node (const RfRun *run)
{
  JsonNode *root = json_from_string (run->result_json, NULL);

  json_object_set_string_member (json_node_get_object (root), "run", run->id);
  json_object_set_string_member (json_node_get_object (root), "data_hash", run->data_hash);
  json_object_set_string_member (json_node_get_object (root), "split_hash", run->split_hash);
  return root;
}

static double
metric (JsonObject *metrics, const char *name)
{
  return json_object_has_member (metrics, name) ? json_object_get_double_member (metrics, name) : 0;
}

static void
print_row (const char *name, JsonObject *metrics)
{
  cli_print ("  %-18s %8.4f %8.4f %8.4f %8.4f\n", name, metric (metrics, "recall@20"), metric (metrics, "ndcg@20"),
             metric (metrics, "precision@20"), metric (metrics, "map@20"));
}

/* What the auxiliary terms of a network have learned: of the items that they saw, and of those that were held out of them. */
static void
print_auxiliary (JsonObject *auxiliary)
{
  JsonObject *seen = json_object_get_object_member (auxiliary, "measures"), *held_out = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (json_object_get_size (seen) == 0)
    return;
  if (json_object_has_member (auxiliary, "held_out"))
    held_out = json_object_get_object_member (auxiliary, "held_out");
  cli_print (_("Auxiliary terms                      items learned from   items held out\n"));
  json_object_iter_init_ordered (&iter, seen);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    if (held_out && json_object_has_member (held_out, name))
      cli_print ("  %-34s %18.4g %16.4g\n", name, json_node_get_double (node), json_object_get_double_member (held_out, name));
    else
      cli_print ("  %-34s %18.4g %16s\n", name, json_node_get_double (node), "-");
}

static void
print_result (const RfRun *run, JsonObject *result)
{
  JsonObject *valid = json_object_get_object_member (json_object_get_object_member (result, "metrics"), "valid");
  JsonObjectIter iter;
  JsonArray *notes = json_object_get_array_member (result, "notes");
  const char *name;
  JsonNode *node;

  cli_print (_("%s, trained in %.1f s (%.1f s of it fitting), peak memory %.0f MB\n"), run->id, json_object_get_double_member (result, "seconds"),
             json_object_get_double_member (result, "fitting_seconds"), (double) json_object_get_int_member (result, "peak_memory_bytes") / 1e6);
  cli_print (_("Validation        %8s %8s %8s %8s\n"), "Recall@20", "NDCG@20", "Prec@20", "MAP@20");
  print_row (_("this model"), valid);
  json_object_iter_init_ordered (&iter, json_object_get_object_member (result, "baselines"));
  while (json_object_iter_next_ordered (&iter, &name, &node))
    print_row (name, json_node_get_object (node));
  if (json_object_has_member (result, "auxiliary"))
    print_auxiliary (json_object_get_object_member (result, "auxiliary"));
  for (guint i = 0; i < json_array_get_length (notes); i++)
    cli_print (_("Note: %s\n"), json_array_get_string_element (notes, i));
}

static void
add_cost (JsonBuilder *b, const char *name, RfCost cost)
{
  json_builder_set_member_name (b, name);
  json_builder_begin_object (b);
  cli_json_number (b, "seconds", cost.wall);
  cli_json_number (b, "processor_seconds", cost.processor);
  json_builder_end_object (b);
}

static void
add_estimate (JsonBuilder *b, const RfEstimate *e)
{
  json_builder_begin_object (b);
  cli_json_number (b, "seconds", e->total.wall);
  cli_json_number (b, "processor_seconds", e->total.processor);
  for (RfStage s = 0; s < RF_N_STAGES; s++)
    add_cost (b, rf_stage_get_name (s), e->stage[s]);
  if (e->epochs > 0)
    {
      cli_json_int (b, "epochs", e->epochs);
      add_cost (b, "epoch", e->epoch);
    }
  cli_json_int (b, "peak_memory_bytes", (gint64) e->bytes);
  cli_json_int (b, "physical_memory_bytes", (gint64) e->physical_bytes);
  add_cost (b, "estimate", e->spent);
  json_builder_end_object (b);
}

/* What the training would cost, and nothing else. */
static int
estimate (Cli *cli, RfWorkspace *workspace, const RfConfig *config)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autofree char *text = NULL;
  GError *error = NULL;
  RfEstimate e;

  if (!rf_estimate_training (workspace, config, &e, &cli->progress, &error))
    return cli_failed (cli, error);
  if (cli->json)
    {
      add_estimate (builder, &e);
      return cli_print_json (cli, builder);
    }
  text = rf_estimate_describe (&e);
  cli_print ("%s\n", text);
  return CLI_FINE;
}

/* What is said of a training that was stopped: how it goes on, if anything of it was kept. */
static int
stopped (Cli *cli, RfWorkspace *workspace, const RfConfig *config, GError *error)
{
  g_autoptr(RfUnfinished) kept = g_error_matches (error, RF_ERROR, RF_ERROR_CANCELLED) ? rf_unfinished_find_config (workspace, config, NULL) : NULL;
  g_autofree char *path = g_shell_quote (cli->arguments[0]);

  if (kept == NULL)
    return cli_failed (cli, error);
  cli_note (cli, _("Stopped at your request; epoch %u of at most %u is kept, and “refract-cli train %s --resume %s” goes on from there."), kept->epoch,
            kept->n_epochs, path, kept->id);
  g_error_free (error);
  return CLI_FAILED;
}

int
cli_run_train (int argc, char **argv)
{
  g_auto(GStrv) settings = NULL;
  g_autofree char *seed = NULL, *resume = NULL;
  gboolean ask = FALSE;
  const GOptionEntry entries[] = {
    { "set", 's', 0, G_OPTION_ARG_FILENAME_ARRAY, &settings, N_("A setting (see “refract-cli config --explain”); may be repeated"), "KEY=VALUE" },
    { "seed", 0, 0, G_OPTION_ARG_FILENAME, &seed, N_("The same as --set seed=N"), "N" },
    { "resume", 0, 0, G_OPTION_ARG_FILENAME, &resume, N_("Go on with an interrupted training: its name as “refract-cli info” prints it, or last"), "NAME" },
    { "estimate", 0, 0, G_OPTION_ARG_NONE, &ask, N_("Only say what the training would cost in time and memory, from a short trial of its parts"), NULL },
    { NULL },
  };
  g_autoptr(RfConfig) config = rf_config_new ();
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(RfUnfinished) unfinished = NULL;
  g_autoptr(RfRun) run = NULL;
  g_autoptr(JsonNode) result = NULL;
  GError *error = NULL;
  Cli cli;
  int status;

  if (!cli_begin (&cli, "train", "FILE.refract", N_("Trains a model on the catalog of a workspace and saves it there as a run."), entries, 1, 1, argc, argv, &status))
    return status;
  if (resume && (settings || seed))
    return cli_end (&cli, cli_wrong_usage (&cli, _("--resume goes on with the settings of the interrupted training; leave --set and --seed out.")));
  if (resume && ask)
    return cli_end (&cli, cli_wrong_usage (&cli, _("--estimate is about a training from its beginning; leave --resume out.")));
  if (!apply_settings (config, settings, seed, &error) || (workspace = rf_workspace_open (cli.arguments[0], &error)) == NULL ||
      (resume && (unfinished = rf_unfinished_find (workspace, resume, &error)) == NULL))
    return cli_end (&cli, cli_failed (&cli, error));
  if (ask)
    return cli_end (&cli, estimate (&cli, workspace, config));
  run = unfinished ? rf_train_on (workspace, unfinished->config, &cli.progress, NULL, NULL, &error) : rf_train (workspace, config, &cli.progress, NULL, NULL, &error);
  if (run == NULL)
    return cli_end (&cli, stopped (&cli, workspace, unfinished ? unfinished->config : config, error));
  result = result_node (run);
  if (cli.json)
    {
      g_autofree char *text = json_to_string (result, FALSE);

      cli_print ("%s\n", text);
    }
  else
    {
      print_result (run, json_node_get_object (result));
    }
  return cli_end (&cli, CLI_FINE);
}
