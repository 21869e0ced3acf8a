/* refract-cli-tune.c: `refract-cli tune`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "app/cli/refract-cli.h"
#include "core/train/rf-tuner.h"

static char *
read_space (const char *path, char **lines, const RfConfig *base, GError **error)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *file = NULL;

  if (path != NULL && !g_file_get_contents (path, &file, NULL, error))
    return NULL;
  if (file)
    g_string_append (text, file);
  for (guint l = 0; lines && lines[l]; l++)
    g_string_append_printf (text, "\n%s", lines[l]);
  return g_strdup (text->len ? text->str : rf_tune_default_space (base));
}

static char *
describe (const RfConfig *config)
{
  g_autoptr(RfConfig) initial = rf_config_new ();
  g_autoptr(GString) text = g_string_new (NULL);

  for (const RfConfigKey *key = rf_config_get_keys (); key->key; key++)
    if (strcmp (rf_config_get (config, key->key), rf_config_get (initial, key->key)) != 0)
      g_string_append_printf (text, "%s%s=%s", text->len ? " " : "", key->key, rf_config_get (config, key->key));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* What the settings that were not searched have, in full. */
static double
base_metric (const RfTuneResult *r)
{
  double metric = NAN;

  for (guint j = 0; j < r->jobs->len; j++)
    if (g_array_index (r->jobs, RfTuneJob, j).trial == 0)
      metric = g_array_index (r->jobs, RfTuneJob, j).metric;
  return metric;
}

static void
add_result (JsonBuilder *b, const RfTuneResult *r, double seconds)
{
  const RfTuneJob *best = &g_array_index (r->jobs, RfTuneJob, r->best);
  g_autofree char *settings = describe (r->config);

  json_builder_begin_object (b);
  cli_json_string (b, "run", best->run_id);
  cli_json_int (b, "trial", best->trial);
  cli_json_number (b, "base_ndcg@20", base_metric (r));
  cli_json_number (b, "ndcg@20", best->metric);
  cli_json_string (b, "settings", settings);
  cli_json_number (b, "seconds", seconds);
  cli_json_int (b, "resumed", r->resumed);
  json_builder_set_member_name (b, "jobs");
  json_builder_begin_array (b);
  for (guint j = 0; j < r->jobs->len; j++)
    {
      const RfTuneJob *job = &g_array_index (r->jobs, RfTuneJob, j);

      json_builder_begin_object (b);
      cli_json_int (b, "rung", job->rung);
      cli_json_int (b, "trial", job->trial);
      cli_json_number (b, "ndcg@20", job->metric);
      cli_json_string (b, "run", job->run_id);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
  json_builder_end_object (b);
}

static void
print_result (const RfTuneResult *r, double seconds)
{
  const RfTuneJob *best = &g_array_index (r->jobs, RfTuneJob, r->best);
  g_autofree char *settings = describe (r->config);

  for (guint j = 0; j < r->jobs->len; j++)
    {
      const RfTuneJob *job = &g_array_index (r->jobs, RfTuneJob, j);

      cli_print (_("rung %u  trial %-4u NDCG@20 %.4f  %s\n"), job->rung, job->trial, job->metric, job->run_id ? job->run_id : isnan (job->metric) ? _("failed") : "");
    }
  cli_print (_("Best: trial %u, NDCG@20 %.4f on validation (as it was: %.4f), %s (%.0f s, %u of %u trainings from before)\n  %s\n"), best->trial, best->metric, base_metric (r),
             best->run_id ? best->run_id : _("not kept"), seconds, r->resumed, r->jobs->len, settings);
}

int
cli_run_tune (int argc, char **argv)
{
  g_autofree char *space_path = NULL, *resource = NULL, *text = NULL;
  g_auto(GStrv) lines = NULL, settings = NULL;
  gboolean discard = FALSE;
  int trials = 27, rungs = 3, parallel = 1, seed = 1, grid = 0;
  const GOptionEntry entries[] = {
    { "space", 0, 0, G_OPTION_ARG_FILENAME, &space_path, N_("A file with one setting a line: key = low..high, key = low..high log, key = a|b|c"), "FILE" },
    { "try", 't', 0, G_OPTION_ARG_FILENAME_ARRAY, &lines, N_("One such line; may be repeated"), "LINE" },
    { "set", 's', 0, G_OPTION_ARG_FILENAME_ARRAY, &settings, N_("A setting of all trials; may be repeated"), "KEY=VALUE" },
    { "trials", 'n', 0, G_OPTION_ARG_INT, &trials, N_("Default 27"), "N" },
    { "grid", 'g', 0, G_OPTION_ARG_INT, &grid, N_("Every combination, with so many values of each range, in place of trials drawn at random"), "N" },
    { "rungs", 0, 0, G_OPTION_ARG_INT, &rungs, N_("Successive halving: the best third goes on so often, less one; 1: every trial in full; default 3"), "N" },
    { "resource", 0, 0, G_OPTION_ARG_FILENAME, &resource, N_("The setting that is the budget; default evidence.users, of networks epochs"), "KEY" },
    { "discard", 0, 0, G_OPTION_ARG_NONE, &discard, N_("Keep no trial as a run; only say which settings were the best"), NULL },
    { "parallel", 0, 0, G_OPTION_ARG_INT, &parallel, N_("Trials at once; default 1, each with all threads"), "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &seed, N_("Of the search; default 1"), "N" },
    { NULL },
  };
  g_autoptr(RfConfig) base = rf_config_new ();
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(RfTuneSpace) space = NULL;
  g_autoptr(RfTuneResult) result = NULL;
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  gint64 began = g_get_monotonic_time ();
  RfTuneOptions options;
  GError *error = NULL;
  double seconds;
  Cli cli;
  int status;

  if (!cli_begin (&cli, "tune", "FILE.refract", N_("Searches for settings that rank better on validation; every trial is a run, unless --discard is given."), entries, 1, 1, argc, argv, &status))
    return status;
  for (guint s = 0; settings && settings[s]; s++)
    if (!rf_config_set_assignment (base, settings[s], &error))
      return cli_end (&cli, cli_failed (&cli, error));
  options = (RfTuneOptions) { (guint) MAX (trials, 0), (guint64) MAX (seed, 0), (guint) MAX (rungs, 0), resource ? resource : rf_tune_default_resource (base), (guint) CLAMP (parallel, 1, 64), (guint) CLAMP (grid, 0, 1000) };
  if ((text = read_space (space_path, lines, base, &error)) == NULL || (space = rf_tune_space_new (text, &error)) == NULL ||
      (workspace = rf_workspace_open (cli.arguments[0], &error)) == NULL ||
      (result = rf_tune (space, base, &options, discard ? rf_tune_by_trying : rf_tune_by_training, cli.arguments[0], workspace, &cli.progress, &error)) == NULL)
    return cli_end (&cli, cli_failed (&cli, error));
  seconds = (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC;
  status = CLI_FINE;
  if (cli.json)
    {
      add_result (builder, result, seconds);
      status = cli_print_json (&cli, builder);
    }
  else
    print_result (result, seconds);
  return cli_end (&cli, status);
}
