/* refract-cli-import.c: `refract-cli import`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/cli/refract-cli-counts.h"
#include "app/cli/refract-cli.h"
#include "core/catalog/rf-importer.h"
#include "core/catalog/rf-workspace.h"

static gboolean
run (Cli *cli, const char *output, const RfImportOptions *options, const char *problems, JsonBuilder *builder, GError **error)
{
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autofree char *reason = NULL;
  const RfImporter *importer = rf_import_detect (cli->arguments[0], options->format, &reason, error);
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(RfCatalog) catalog = NULL;

  if (importer == NULL || !rf_import_to_workspace (cli->arguments[0], output, options, report, &cli->progress, error) ||
      (workspace = rf_workspace_open (output, error)) == NULL || (catalog = rf_workspace_load_catalog (workspace, error)) == NULL)
    return FALSE;
  if (problems)
    {
      g_autofree char *csv = rf_import_report_to_csv (report);

      if (!g_file_set_contents (problems, csv, -1, error))
        return FALSE;
    }
  if (cli->json)
    {
      json_builder_begin_object (builder);
      cli_json_string (builder, "format", importer->name);
      cli_json_string (builder, "format_reason", reason);
      cli_counts_to_json (builder, catalog, report, TRUE);
      json_builder_end_object (builder);
    }
  else
    {
      cli_print (_("%s: %s.\n"), importer->name, reason);
      cli_counts_print (catalog, report);
    }
  return TRUE;
}

int
cli_run_import (int argc, char **argv)
{
  g_autofree char *output = NULL, *format = NULL, *problems = NULL;
  g_auto(GStrv) map = NULL;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("The document to write"), "FILE.refract" },
    { "format", 'f', 0, G_OPTION_ARG_FILENAME, &format, N_("The format, if it is not recognised"), "NAME" },
    { "map", 'm', 0, G_OPTION_ARG_FILENAME_ARRAY, &map, N_("A column of the tables for a role, as item_id=sku; may be repeated"), "ROLE=COLUMN" },
    { "problems", 'p', 0, G_OPTION_ARG_FILENAME, &problems, N_("Also write the list of problems"), "FILE.csv" },
    { NULL },
  };
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  RfImportOptions options = { 0 };
  GError *error = NULL;
  Cli cli;
  int status;

  if (!cli_begin (&cli, "import", "SOURCE -o FILE.refract", N_("Reads a catalog into a document and says what was wrong with it."), entries, 1, 1, argc, argv, &status))
    return status;
  if (output == NULL)
    return cli_end (&cli, cli_wrong_usage (&cli, _("Say where to write: -o FILE.refract.")));
  for (guint m = 0; map != NULL && map[m] != NULL; m++)
    if (strchr (map[m], '=') == NULL)
      return cli_end (&cli, cli_wrong_usage (&cli, _("--map wants ROLE=COLUMN, not “%s”."), map[m]));
  options.format = format;
  options.map = (const char *const *) map;
  if (!run (&cli, output, &options, problems, builder, &error))
    return cli_end (&cli, cli_failed (&cli, error));
  status = cli.json ? cli_print_json (&cli, builder) : CLI_FINE;
  return cli_end (&cli, status);
}
