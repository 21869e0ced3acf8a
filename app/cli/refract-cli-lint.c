/* refract-cli-lint.c: `refract-cli lint`: what to know about a run's numbers before believing them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "app/cli/refract-cli.h"
#include "core/eval/rf-protocol.h"
#include "core/train/rf-trainer.h"

static void
add_finding (JsonBuilder *b, const RfFinding *finding)
{
  json_builder_begin_object (b);
  cli_json_string (b, "level", rf_finding_level_name (finding->level));
  cli_json_string (b, "id", finding->id);
  cli_json_int (b, "count", (gint64) finding->count);
  cli_json_string (b, "sentence", finding->sentence);
  json_builder_end_object (b);
}

int
cli_run_lint (int argc, char **argv)
{
  g_autofree char *run = NULL;
  const GOptionEntry entries[] = {
    { "run", 'r', 0, G_OPTION_ARG_FILENAME, &run, N_("Which run; the newest if not given"), "RUN" },
    { NULL },
  };
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(RfTrained) trained = NULL;
  g_autoptr(GPtrArray) findings = NULL;
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  RfProtocolFacts facts = { 0 };
  RfSplitOptions options;
  GError *error = NULL;
  Cli cli;
  int status;

  if (!cli_begin (&cli, "lint", "FILE.refract", N_("Checks the protocol of a run: leaks, duplicates, looks at the test part."), entries, 1, 1, argc, argv, &status))
    return status;
  if ((workspace = rf_workspace_open (cli.arguments[0], &error)) == NULL || (trained = rf_trained_load (workspace, run, &error)) == NULL ||
      !rf_protocol_count_looks (workspace, trained->run->id, &facts.test_looks, NULL, &error))
    return cli_end (&cli, cli_failed (&cli, error));
  options = rf_split_options_from_config (trained->config);
  for (guint m = 0; m < trained->model->n_modalities; m++)
    facts.features_see_test += g_strcmp0 (trained->model->names[m], "behaviour") != 0;
  findings = rf_protocol_check (rf_catalog_get_interactions (trained->catalog), trained->split, &options, &facts);
  json_builder_begin_array (builder);
  for (guint f = 0; f < findings->len; f++)
    {
      const RfFinding *finding = findings->pdata[f];

      if (cli.json)
        add_finding (builder, finding);
      else
        cli_print ("%s: %s\n", rf_finding_level_name (finding->level), finding->sentence);
    }
  json_builder_end_array (builder);
  status = cli.json ? cli_print_json (&cli, builder) : CLI_FINE;
  return cli_end (&cli, status);
}
