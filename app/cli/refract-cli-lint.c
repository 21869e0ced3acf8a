/* refract-cli-lint.c: `refract-cli lint`: what to know about a run's numbers before believing them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "app/cli/refract-cli-protocol.h"

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
  GError *error = NULL;
  Cli cli;
  int status;

  if (!cli_begin (&cli, "lint", "FILE.refract", N_("Checks the protocol of a run: leaks, duplicates, looks at the test part."), entries, 1, 1, argc, argv, &status))
    return status;
  if ((workspace = rf_workspace_open (cli.arguments[0], &error)) == NULL || (trained = rf_trained_load (workspace, run, &error)) == NULL ||
      (findings = cli_protocol_findings (workspace, trained, 0, &error)) == NULL)
    return cli_end (&cli, cli_failed (&cli, error));
  for (guint f = 0; f < findings->len && !cli.json; f++)
    {
      const RfFinding *finding = findings->pdata[f];

      cli_print ("%s: %s\n", rf_finding_level_name (finding->level), finding->sentence);
    }
  cli_protocol_to_json (findings, builder);
  status = cli.json ? cli_print_json (&cli, builder) : CLI_FINE;
  return cli_end (&cli, status);
}
