/* refract-cli-info.c: `refract-cli info`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "app/cli/refract-cli-counts.h"
#include "app/cli/refract-cli.h"
#include "core/catalog/rf-workspace.h"
#include "core/features/rf-behaviour-stats.h"
#include "core/eval/rf-beaten.h"
#include "core/eval/rf-protocol.h"
#include "core/train/rf-checkpoint.h"

static double
validation_ndcg (const RfRun *run)
{
  g_autoptr(JsonNode) root = json_from_string (run->result_json, NULL);
  JsonObject *metrics, *valid;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root) || !json_object_has_member (json_node_get_object (root), "metrics"))
    return 0;
  metrics = json_object_get_object_member (json_node_get_object (root), "metrics");
  valid = metrics && json_object_has_member (metrics, "valid") ? json_object_get_object_member (metrics, "valid") : NULL;
  return valid && json_object_has_member (valid, "ndcg@20") ? json_object_get_double_member (valid, "ndcg@20") : 0;
}

static char *
format_time (gint64 seconds)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (seconds);

  return time ? g_date_time_format (time, "%Y-%m-%d %H:%M") : g_strdup ("");
}

/* Every look at the test part of a run: when, by what, with which settings. */
static void
add_looks (JsonBuilder *b, RfWorkspace *workspace, const RfRun *run)
{
  g_autofree char *log = NULL;
  g_auto(GStrv) lines = NULL;
  guint n = 0;

  if (!rf_protocol_count_looks (workspace, run->id, &n, &log, NULL))
    return;
  lines = g_strsplit (log, "\n", -1);
  json_builder_set_member_name (b, "test_looks");
  json_builder_begin_array (b);
  for (guint l = 0; l < n; l++)
    {
      g_auto(GStrv) cells = g_strsplit (lines[l], "\t", -1);
      guint cells_there = g_strv_length (cells);

      json_builder_begin_object (b);
      cli_json_int (b, "time", cells_there > 0 ? g_ascii_strtoll (cells[0], NULL, 10) : 0);
      cli_json_string (b, "by", cells_there > 1 ? cells[1] : NULL);
      cli_json_string (b, "settings", cells_there > 2 ? cells[2] : NULL);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

static void
print_looks (RfWorkspace *workspace, const RfRun *run)
{
  g_autofree char *log = NULL, *time = NULL;
  g_auto(GStrv) lines = NULL, cells = NULL;
  guint n = 0;

  if (!rf_protocol_count_looks (workspace, run->id, &n, &log, NULL) || n == 0)
    return;
  lines = g_strsplit (log, "\n", -1);
  cells = g_strsplit (lines[n - 1], "\t", -1);
  time = format_time (cells[0] ? g_ascii_strtoll (cells[0], NULL, 10) : 0);
  cli_print (_("           looks at its test part: %u, the last one %s by “%s”\n"), n, time, cells[0] && cells[1] ? cells[1] : "");
}

static void
add_run (JsonBuilder *b, RfWorkspace *workspace, const RfRun *run)
{
  json_builder_begin_object (b);
  cli_json_string (b, "run", run->id);
  cli_json_int (b, "created", run->created);
  cli_json_string (b, "config", run->config);
  cli_json_string (b, "data_hash", run->data_hash);
  cli_json_string (b, "split_hash", run->split_hash);
  cli_json_number (b, "valid_ndcg@20", validation_ndcg (run));
  cli_json_beaten_by (b, run->result_json);
  add_looks (b, workspace, run);
  json_builder_end_object (b);
}

static void
print_run (RfWorkspace *workspace, const RfRun *run)
{
  g_autofree char *time = format_time (run->created), *names = NULL;
  g_autoptr(GPtrArray) beaten = rf_beaten_of_text (run->result_json);

  names = rf_beaten_names (beaten, ", ");
  cli_print (_("  %-8s %s   validation NDCG@20 %.4f"), run->id, time, validation_ndcg (run));
  if (beaten->len > 0)
    cli_print (_("   loses to %s"), names);
  cli_print ("\n");
  print_looks (workspace, run);
}

static void
add_unfinished (JsonBuilder *b, const RfUnfinished *one)
{
  g_autofree char *config = rf_config_to_text (one->config);

  json_builder_begin_object (b);
  cli_json_string (b, "name", one->id);
  cli_json_int (b, "time", one->time);
  cli_json_int (b, "epoch", one->epoch);
  cli_json_int (b, "epochs", one->n_epochs);
  cli_json_string (b, "part", one->part);
  cli_json_string (b, "config", config);
  json_builder_end_object (b);
}

static void
print_unfinished (const RfUnfinished *one)
{
  g_autofree char *time = format_time (one->time), *what = g_strconcat (rf_config_get (one->config, "fusion"), one->part ? ", " : NULL, one->part, NULL);

  cli_print (_("  %s   %s   fusion %s, epoch %u of at most %u: “refract-cli train --resume %s” goes on\n"), one->id, time, what, one->epoch, one->n_epochs, one->id);
}

static RfMatrix *
measure (const RfCatalog *catalog, gboolean of_users)
{
  return rf_behaviour_stats_new (rf_catalog_get_interactions (catalog), NULL, rf_behaviour_find_purchase (catalog),
                                 of_users ? rf_catalog_get_n_users (catalog) : rf_catalog_get_n_items (catalog), of_users);
}

static void
add_statistics (JsonBuilder *b, const RfCatalog *catalog, gboolean of_users)
{
  g_autoptr(RfMatrix) stats = measure (catalog, of_users);

  json_builder_set_member_name (b, of_users ? "users" : "items");
  json_builder_begin_object (b);
  for (int s = 0; s < RF_N_STATS; s++)
    {
      RfStatSummary summary = rf_behaviour_stats_summarise (stats, (RfBehaviourStat) s);

      json_builder_set_member_name (b, rf_behaviour_stat_get_name ((RfBehaviourStat) s));
      json_builder_begin_object (b);
      cli_json_int (b, "known", (gint64) summary.known);
      cli_json_number (b, "mean", summary.mean);
      cli_json_number (b, "deviation", summary.deviation);
      cli_json_number (b, "least", summary.least);
      cli_json_number (b, "median", summary.median);
      cli_json_number (b, "most", summary.most);
      json_builder_end_object (b);
    }
  json_builder_end_object (b);
}

static void
print_statistics (const RfCatalog *catalog, gboolean of_users)
{
  g_autoptr(RfMatrix) stats = measure (catalog, of_users);

  cli_print ("%-32s %10s %10s %10s %10s\n", of_users ? _("Per user") : _("Per item"), _("mean"), _("least"), _("median"), _("most"));
  for (int s = 0; s < RF_N_STATS; s++)
    {
      RfStatSummary summary = rf_behaviour_stats_summarise (stats, (RfBehaviourStat) s);

      if (summary.known > 0)
        cli_print ("  %-30s %10.4g %10.4g %10.4g %10.4g\n", rf_behaviour_stat_get_title ((RfBehaviourStat) s), summary.mean, summary.least, summary.median, summary.most);
    }
}

static gboolean
describe (Cli *cli, JsonBuilder *builder, GError **error)
{
  g_autoptr(RfWorkspace) workspace = rf_workspace_open (cli->arguments[0], error);
  g_autoptr(RfCatalog) catalog = workspace ? rf_workspace_load_catalog (workspace, error) : NULL;
  g_autoptr(RfImportReport) report = catalog ? rf_workspace_load_report (workspace, error) : NULL;
  g_autoptr(GPtrArray) runs = report ? rf_workspace_list_runs (workspace, error) : NULL;
  g_autoptr(GPtrArray) unfinished = runs ? rf_unfinished_list (workspace, error) : NULL;

  if (unfinished == NULL)
    return FALSE;
  if (!cli->json)
    {
      cli_counts_print (workspace, catalog, report);
      print_statistics (catalog, TRUE);
      print_statistics (catalog, FALSE);
      cli_print (runs->len ? _("Runs, the newest first:\n") : _("Nothing was trained yet.\n"));
      for (guint r = 0; r < runs->len; r++)
        print_run (workspace, runs->pdata[r]);
      if (unfinished->len > 0)
        cli_print (_("Interrupted trainings:\n"));
      for (guint u = 0; u < unfinished->len; u++)
        print_unfinished (unfinished->pdata[u]);
      return TRUE;
    }
  json_builder_begin_object (builder);
  cli_json_string (builder, "name", rf_catalog_get_name (catalog));
  cli_json_string (builder, "source", rf_catalog_get_source (catalog));
  cli_counts_to_json (builder, workspace, catalog, report, FALSE);
  json_builder_set_member_name (builder, "statistics");
  json_builder_begin_object (builder);
  add_statistics (builder, catalog, TRUE);
  add_statistics (builder, catalog, FALSE);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "runs");
  json_builder_begin_array (builder);
  for (guint r = 0; r < runs->len; r++)
    add_run (builder, workspace, runs->pdata[r]);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "unfinished");
  json_builder_begin_array (builder);
  for (guint u = 0; u < unfinished->len; u++)
    add_unfinished (builder, unfinished->pdata[u]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return TRUE;
}

int
cli_run_info (int argc, char **argv)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  GError *error = NULL;
  Cli cli;
  int status;

  if (!cli_begin (&cli, "info", "FILE.refract", N_("Says what a document holds: catalog, problems, runs."), NULL, 1, 1, argc, argv, &status))
    return status;
  if (!describe (&cli, builder, &error))
    return cli_end (&cli, cli_failed (&cli, error));
  status = cli.json ? cli_print_json (&cli, builder) : CLI_FINE;
  return cli_end (&cli, status);
}
