/* refract-cli-report.c: refract-cli report: rankings with their reasons as a file (core/report).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "app/cli/refract-cli.h"
#include "core/base/rf-error.h"
#include "core/report/rf-report.h"

static GBytes *
load_picture (guint32 item, void *data)
{
  return rf_workspace_load_picture (data, item, NULL);
}

static gboolean
find_users (const RfCatalog *catalog, char **ids, GArray *users, GError **error)
{
  for (char **id = ids; *id != NULL; id++)
    {
      guint32 user = rf_catalog_find_user (catalog, *id);

      if (user == RF_NO_INDEX)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_NOT_FOUND, _("There is no user “%s” in this catalog."), *id);
          return FALSE;
        }
      g_array_append_val (users, user);
    }
  return TRUE;
}

static int
print_done (Cli *cli, const RfReport *report, const char *path)
{
  g_autoptr(JsonBuilder) builder = NULL;

  if (!cli->json)
    {
      cli_print (g_dngettext (GETTEXT_PACKAGE, "%s: %u user, %u places each, %s.\n", "%s: %u users, %u places each, %s.\n", report->n_users), path,
                 report->n_users, report->k, report->trained->run->id);
      return CLI_FINE;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  cli_json_string (builder, "file", path);
  cli_json_string (builder, "run", report->trained->run->id);
  cli_json_int (builder, "users", report->n_users);
  cli_json_int (builder, "k", report->k);
  json_builder_end_object (builder);
  return cli_print_json (cli, builder);
}

static int
write_report (Cli *cli, const char *run, char **ids, int k, const char *columns, double budget, const char *path)
{
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(RfTrained) trained = NULL;
  g_autoptr(GArray) users = g_array_new (FALSE, FALSE, sizeof (guint32));
  GError *error = NULL;
  g_autoptr(GPtrArray) notes = NULL;
  RfReport report = { .k = (guint) k, .picture = load_picture, .budget = (gsize) (budget * 1e6) };

  if ((workspace = rf_workspace_open (cli->arguments[0], &error)) == NULL || (trained = rf_trained_load (workspace, run, &error)) == NULL ||
      !find_users (trained->catalog, ids, users, &error) || (columns && !rf_report_parse_columns (columns, &report.columns, &error)) ||
      (notes = rf_workspace_list_notes (workspace, &error)) == NULL)
    return cli_failed (cli, error);
  report.trained = trained;
  report.users = (const guint32 *) (gpointer) users->data;
  report.n_users = users->len;
  report.picture_data = workspace;
  report.notes = notes;
  if (!rf_report_write (&report, path, &cli->progress, &error))
    return cli_failed (cli, error);
  return print_done (cli, &report, path);
}

int
cli_run_report (int argc, char **argv)
{
  g_autofree char *run = NULL, *path = NULL, *columns = NULL;
  double budget = 0;
  g_auto(GStrv) ids = NULL;
  int k = 20, status;
  const GOptionEntry entries[] = {
    { "user", 'u', 0, G_OPTION_ARG_FILENAME_ARRAY, &ids, N_ ("A user; may be given several times"), "ID" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &path, N_ ("The file: .html, .csv, .json or .pdf"), "FILE" },
    { "top", 'k', 0, G_OPTION_ARG_INT, &k, N_ ("How many places; default 20"), "N" },
    { "columns", 'c', 0, G_OPTION_ARG_FILENAME, &columns, N_ ("Which columns: picture, score, attention, contribution, driver; default all"), "COLUMN,…" },
    { "max-size", 0, 0, G_OPTION_ARG_DOUBLE, &budget, N_ ("Of an .html file: beyond so many MB pictures, then users, are left out"), "MB" },
    { "run", 'r', 0, G_OPTION_ARG_FILENAME, &run, N_ ("Which run; the newest if not given"), "RUN" },
    { NULL },
  };
  Cli cli;

  if (!cli_begin (&cli, "report", "FILE.refract --user ID… -o OUT.html|.csv|.json|.pdf",
                  _("Writes users' rankings with their reasons: .html and .pdf to read, .csv and .json to compute with."), entries, 1, 1, argc, argv,
                  &status))
    return status;
  if (ids == NULL)
    return cli_end (&cli, cli_wrong_usage (&cli, _("Say whose ranking: --user ID, once for each user.")));
  if (path == NULL)
    return cli_end (&cli, cli_wrong_usage (&cli, _("Say where to: -o OUT.html, .csv, .json or .pdf.")));
  if (k < 1 || k > 10000)
    return cli_end (&cli, cli_wrong_usage (&cli, _("-k takes a number from 1 to 10000.")));
  if (!(budget >= 0 && budget <= 1e5))
    return cli_end (&cli, cli_wrong_usage (&cli, _("--max-size takes a number of megabytes.")));
  return cli_end (&cli, write_report (&cli, run, ids, k, columns, budget, path));
}
