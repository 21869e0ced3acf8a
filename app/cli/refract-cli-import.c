/* refract-cli-import.c: `refract-cli import`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/cli/refract-cli-counts.h"
#include "app/cli/refract-cli.h"
#include "core/catalog/rf-import-values.h"
#include "core/catalog/rf-importer.h"
#include "core/catalog/rf-workspace.h"

/* What each filter left out and what is left, in words. */
static void
print_filters (const RfImportReport *report)
{
  for (gsize p = 0; p < rf_import_report_get_n (report); p++)
    if (g_str_has_prefix (rf_import_report_get (report, p)->kind, "filter-"))
      cli_print ("%s\n", rf_import_report_get (report, p)->message);
}

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
      cli_counts_to_json (builder, workspace, catalog, report, TRUE);
      json_builder_end_object (builder);
    }
  else
    {
      cli_print (_("%s: %s.\n"), importer->name, reason);
      print_filters (report);
      cli_counts_print (workspace, catalog, report);
    }
  return TRUE;
}

/* What the options say about which interactions to keep, as texts. */
typedef struct
{
  char *min_rating, *min_weight, *since, *until, *abnormal;
  int per_minute, k_core;
  char **events;
} FilterTexts;

/* "2015-01-01", or seconds; NULL: no date. */
static gboolean
parse_date (const char *text, gint64 *value)
{
  RfValueState state;

  *value = RF_NO_TIMESTAMP;
  if (text == NULL)
    return TRUE;
  state = rf_import_parse_timestamp (text, strlen (text), G_MAXINT32, value);
  return state == RF_VALUE_FINE || state == RF_VALUE_ISO;
}

/* FALSE: *wrong is the option that is. */
static gboolean
parse_filter (const FilterTexts *texts, RfFilterOptions *filter, const char **wrong)
{
  static const char *const abnormal[] = { "off", "flag", "drop" };
  char *end = NULL, *weight_end = NULL;
  guint choice = 0;

  filter->events = (const char *const *) texts->events;
  filter->has_min_rating = texts->min_rating != NULL;
  if (texts->min_rating != NULL)
    filter->min_rating = g_ascii_strtod (texts->min_rating, &end);
  if (texts->min_weight != NULL)
    filter->min_weight = g_ascii_strtod (texts->min_weight, &weight_end);
  while (texts->abnormal != NULL && choice < G_N_ELEMENTS (abnormal) && strcmp (texts->abnormal, abnormal[choice]) != 0)
    choice++;
  *wrong = end != NULL && (end == texts->min_rating || *end != '\0') ? "--min-rating"
           : weight_end != NULL && (weight_end == texts->min_weight || *weight_end != '\0' || !(filter->min_weight >= 0)) ? "--min-weight"
           : !parse_date (texts->since, &filter->since)              ? "--since"
           : !parse_date (texts->until, &filter->until)              ? "--until"
           : choice == G_N_ELEMENTS (abnormal)                       ? "--abnormal"
           : texts->per_minute < 0                                   ? "--max-per-minute"
           : texts->k_core < 0                                       ? "--k-core"
                                                                     : NULL;
  filter->abnormal = (RfAbnormal) choice;
  filter->max_per_minute = (guint) texts->per_minute;
  filter->k_core = (guint) texts->k_core;
  return *wrong == NULL;
}

static void
clear_texts (FilterTexts *texts)
{
  g_free (texts->min_rating);
  g_free (texts->min_weight);
  g_free (texts->since);
  g_free (texts->until);
  g_free (texts->abnormal);
  g_strfreev (texts->events);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FilterTexts, clear_texts)

int
cli_run_import (int argc, char **argv)
{
  g_autofree char *output = NULL, *format = NULL, *problems = NULL;
  g_auto(GStrv) map = NULL;
  g_auto(FilterTexts) texts = { 0 };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("The document to write"), "FILE.refract" },
    { "format", 'f', 0, G_OPTION_ARG_FILENAME, &format, N_("The format, if it is not recognised"), "NAME" },
    { "map", 'm', 0, G_OPTION_ARG_FILENAME_ARRAY, &map, N_("A column of the tables for a role, as item_id=sku; may be repeated"), "ROLE=COLUMN" },
    { "min-rating", 0, 0, G_OPTION_ARG_FILENAME, &texts.min_rating, N_("Leave out interactions rated lower"), "RATING" },
    { "since", 0, 0, G_OPTION_ARG_FILENAME, &texts.since, N_("Leave out interactions before this day"), "DATE" },
    { "until", 0, 0, G_OPTION_ARG_FILENAME, &texts.until, N_("Leave out interactions from this day on"), "DATE" },
    { "event", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &texts.events, N_("Weight of a kind of event; 0 leaves it out; may be repeated"), "NAME=WEIGHT" },
    { "min-weight", 0, 0, G_OPTION_ARG_FILENAME, &texts.min_weight, N_("Leave out what a user did with an item if its weights add up to less"), "WEIGHT" },
    { "abnormal", 0, 0, G_OPTION_ARG_FILENAME, &texts.abnormal, N_("Users that look like machines: off, flag or drop"), "WHAT" },
    { "max-per-minute", 0, 0, G_OPTION_ARG_INT, &texts.per_minute, N_("More interactions in a minute are a machine's (100)"), "N" },
    { "k-core", 0, 0, G_OPTION_ARG_INT, &texts.k_core, N_("Keep users and items with at least K interactions"), "K" },
    { "problems", 'p', 0, G_OPTION_ARG_FILENAME, &problems, N_("Also write the list of problems"), "FILE.csv" },
    { NULL },
  };
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  RfFilterOptions filter = { 0 };
  RfImportOptions options = { 0 };
  const char *wrong;
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
  if (!parse_filter (&texts, &filter, &wrong))
    return cli_end (&cli, cli_wrong_usage (&cli, _("%s has a value that means nothing."), wrong));
  if (texts.min_rating || texts.min_weight || texts.since || texts.until || texts.events || texts.abnormal || texts.k_core > 0)
    options.filter = &filter;
  options.format = format;
  options.map = (const char *const *) map;
  if (!run (&cli, output, &options, problems, builder, &error))
    return cli_end (&cli, cli_failed (&cli, error));
  status = cli.json ? cli_print_json (&cli, builder) : CLI_FINE;
  return cli_end (&cli, status);
}
