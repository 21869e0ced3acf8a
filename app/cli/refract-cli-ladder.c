/* refract-cli-ladder.c: `refract-cli ladder`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "app/cli/refract-cli.h"
#include "core/explain/rf-ladder.h"

static void
print_share (double share)
{
  if (isnan (share))
    cli_print (" %7s", "-");
  else
    cli_print (" %6.1f%%", 100 * share);
}

static void
print_rung (const RfRung *rung, void *data)
{
  const Cli *cli = data;

  if (cli->json)
    return;
  if (rung->baseline)
    {
      cli_print ("%-16s %9.4f %9.4f\n", rung->name, rung->recall, rung->ndcg);
      return;
    }
  cli_print ("%-16s %9.4f %9.4f %6u %6u %8.1f %11zu", rung->name, rung->recall, rung->ndcg, rung->epochs, rung->best_epoch, rung->seconds, rung->parameters);
  print_share (rung->has_attention ? rung->top1 : NAN);
  print_share (rung->has_attention ? rung->truth_attention : NAN);
  print_share (rung->truth_shapley);
  cli_print ("  %s%s%s\n", rung->run_id, rung->changed ? ", " : "", rung->changed ? rung->changed : "");
}

static void
print_head (void)
{
  cli_print ("%-16s %9s %9s %6s %6s %8s %11s %7s %7s %7s\n", _("fusion"), "Recall@20", "NDCG@20", _("epochs"), _("best"), _("seconds"), _("parameters"),
             _("agree"), _("driver"), "Shapley");
}

static void
add_rung (JsonBuilder *b, const RfRung *rung)
{
  json_builder_begin_object (b);
  cli_json_string (b, "name", rung->name);
  cli_json_bool (b, "baseline", rung->baseline);
  cli_json_number (b, "recall@20", rung->recall);
  cli_json_number (b, "ndcg@20", rung->ndcg);
  if (!rung->baseline)
    {
      cli_json_string (b, "run", rung->run_id);
      cli_json_int (b, "epochs", rung->epochs);
      cli_json_int (b, "best_epoch", rung->best_epoch);
      cli_json_number (b, "seconds", rung->seconds);
      cli_json_int (b, "parameters", (gint64) rung->parameters);
      cli_json_bool (b, "has_attention", rung->has_attention);
      cli_json_number (b, "top1", rung->top1);
    }
  if (rung->changed)
    cli_json_string (b, "changed", rung->changed);
  if (!isnan (rung->truth_shapley))
    {
      cli_json_number (b, "truth_by_attention", rung->truth_attention);
      cli_json_number (b, "truth_by_shapley", rung->truth_shapley);
    }
  json_builder_end_object (b);
}

static void
build_json (JsonBuilder *b, const GPtrArray *rungs)
{
  json_builder_begin_object (b);
  json_builder_set_member_name (b, "rungs");
  json_builder_begin_array (b);
  for (guint r = 0; r < rungs->len; r++)
    add_rung (b, rungs->pdata[r]);
  json_builder_end_array (b);
  json_builder_end_object (b);
}

int
cli_run_ladder (int argc, char **argv)
{
  g_auto(GStrv) settings = NULL;
  g_autofree char *truth = NULL;
  const GOptionEntry entries[] = {
    { "set", 's', 0, G_OPTION_ARG_FILENAME_ARRAY, &settings, N_("A setting of all rungs; may be repeated"), "KEY=VALUE" },
    { "truth", 't', 0, G_OPTION_ARG_FILENAME, &truth, N_("truth.csv of a sample catalog: also whether the real driver is named"), "FILE" },
    { NULL },
  };
  g_autoptr(RfConfig) config = rf_config_new ();
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(GPtrArray) rungs = NULL;
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  GError *error = NULL;
  Cli cli;
  int status;

  if (!cli_begin (&cli, "ladder", "FILE.refract", N_("Trains every fusion on the same split with the same budget, and shows them beside the baselines."), entries, 1, 1, argc, argv, &status))
    return status;
  for (guint s = 0; settings && settings[s]; s++)
    if (!rf_config_set_assignment (config, settings[s], &error))
      return cli_end (&cli, cli_failed (&cli, error));
  if ((workspace = rf_workspace_open (cli.arguments[0], &error)) == NULL)
    return cli_end (&cli, cli_failed (&cli, error));
  if (!cli.json)
    print_head ();
  rungs = rf_ladder_run (workspace, config, truth, print_rung, &cli, &cli.progress, &error);
  if (rungs == NULL)
    return cli_end (&cli, cli_failed (&cli, error));
  if (!cli.json)
    return cli_end (&cli, CLI_FINE);
  build_json (builder, rungs);
  status = cli_print_json (&cli, builder);
  return cli_end (&cli, status);
}
