/* refract-cli-compat.c: `refract-cli compat`: one run under the definitions of five tools.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "app/cli/refract-cli-protocol.h"
#include "core/eval/rf-presets.h"

/* Into an open object. */
static void
add_json (JsonBuilder *b, const RfTrained *trained, const char *split, int k, const RfPresetResult *results)
{
  cli_json_string (b, "run", trained->run->id);
  cli_json_string (b, "split", split);
  cli_json_int (b, "k", k);
  json_builder_set_member_name (b, "presets");
  json_builder_begin_object (b);
  for (guint p = 0; p < RF_N_PRESETS; p++)
    {
      json_builder_set_member_name (b, rf_preset_get_name (p));
      json_builder_begin_object (b);
      cli_json_int (b, "users", results[p].users);
      for (guint m = 0; m < RF_N_PRESET_METRICS; m++)
        cli_json_number (b, rf_preset_metric_name (m), rf_preset_metric (&results[p], m));
      json_builder_end_object (b);
    }
  json_builder_end_object (b);
}

static void
print_table (const RfTrained *trained, const char *split, int k, const RfPresetResult *results)
{
  cli_print (_("%s, %s part, lists of %d\n%-14s"), trained->run->id, split, k, "");
  for (guint p = 0; p < RF_N_PRESETS; p++)
    cli_print (" %10s", rf_preset_get_name (p));
  cli_print ("\n");
  for (guint m = 0; m < RF_N_PRESET_METRICS; m++)
    {
      cli_print ("%-14s", rf_preset_metric_name (m));
      for (guint p = 0; p < RF_N_PRESETS; p++)
        {
          double value = rf_preset_metric (&results[p], m);

          if (isnan (value))
            cli_print (" %10s", "–");
          else
            cli_print (value >= 100 ? " %10.0f" : " %10.4f", value);
        }
      cli_print ("\n");
    }
  for (guint p = 0; p < RF_N_PRESETS; p++)
    cli_print ("%s: %s\n", rf_preset_get_name (p), rf_preset_get_help (p));
}

static gboolean
evaluate (Cli *cli, const RfTrained *trained, RfPart part, int k, RfPresetResult *results, GError **error)
{
  const RfSplit *split = trained->split;
  RfPresetData data = { split->history, split->part[RF_PART_TRAIN], part == RF_PART_TEST ? split->part[RF_PART_VALID] : NULL, split->part[part], 0, (guint) k };

  for (guint p = 0; p < RF_N_PRESETS; p++)
    if (!rf_preset_evaluate (p, rf_score_with_model, trained->model, trained->model->n_items, &data, &results[p], &cli->progress, error))
      return FALSE;
  return TRUE;
}

int
cli_run_compat (int argc, char **argv)
{
  g_autofree char *run = NULL, *split = NULL;
  int k = 20;
  const GOptionEntry entries[] = {
    { "run", 'r', 0, G_OPTION_ARG_FILENAME, &run, N_("Which run; the newest if not given"), "RUN" },
    { "split", 0, 0, G_OPTION_ARG_FILENAME, &split, N_("Which held-out part: valid (default) or test"), "PART" },
    { "cutoff", 'k', 0, G_OPTION_ARG_INT, &k, N_("Length of the lists; default 20"), "K" },
    { NULL },
  };
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(RfTrained) trained = NULL;
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  RfPresetResult results[RF_N_PRESETS];
  gboolean test;
  GError *error = NULL;
  Cli cli;
  int status;

  if (!cli_begin (&cli, "compat", "FILE.refract", N_("Scores the same predictions as MMRec, RecBole, Cornac, RecTools and Elliot would."), entries, 1, 1, argc, argv, &status))
    return status;
  if (split && strcmp (split, "valid") != 0 && strcmp (split, "test") != 0)
    return cli_end (&cli, cli_wrong_usage (&cli, _("--split is valid or test, not “%s”."), split));
  if (k < 1 || k > 1000)
    return cli_end (&cli, cli_wrong_usage (&cli, _("--cutoff is 1 to 1000.")));
  test = g_strcmp0 (split, "test") == 0;
  if ((workspace = rf_workspace_open (cli.arguments[0], &error)) == NULL || (trained = rf_trained_load (workspace, run, &error)) == NULL ||
      (test && !rf_protocol_record_look (workspace, trained->run->id, "compat", &error)) ||
      !evaluate (&cli, trained, test ? RF_PART_TEST : RF_PART_VALID, k, results, &error))
    return cli_end (&cli, cli_failed (&cli, error));
  json_builder_begin_object (builder);
  add_json (builder, trained, test ? "test" : "valid", k, results);
  if (!cli_protocol_check (&cli, workspace, trained, 0, NULL, builder, &error))
    return cli_end (&cli, cli_failed (&cli, error));
  json_builder_end_object (builder);
  status = CLI_FINE;
  if (cli.json)
    status = cli_print_json (&cli, builder);
  else
    print_table (trained, test ? "test" : "valid", k, results);
  return cli_end (&cli, status);
}
