/* refract-cli-sample.c: refract-cli sample DIR: a catalog whose truth is known (core/catalog/rf-sample.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <inttypes.h>

#include "app/cli/refract-cli.h"
#include "core/catalog/rf-sample.h"

static int
print_counts (Cli *cli, const RfSampleOptions *options, const RfSampleCounts *counts)
{
  g_autoptr(JsonBuilder) builder = NULL;

  if (!cli->json)
    {
      cli_print (_("%s: %u users, %u items with pictures and texts, %" PRIu64 " interactions (seed %" PRIu64 ").\n"),
                 cli->arguments[0], counts->n_users, counts->n_items, counts->n_interactions, options->seed);
      cli_print (_("What drives each user and what each item is stands in truth.csv, which no import reads.\n"));
      return CLI_FINE;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  cli_json_string (builder, "directory", cli->arguments[0]);
  cli_json_int (builder, "seed", (gint64) options->seed);
  cli_json_int (builder, "users", counts->n_users);
  cli_json_int (builder, "items", counts->n_items);
  cli_json_int (builder, "interactions", (gint64) counts->n_interactions);
  json_builder_end_object (builder);
  return cli_print_json (cli, builder);
}

int
cli_run_sample (int argc, char **argv)
{
  gint64 seed = RF_SAMPLE_DEFAULT_SEED, users = RF_SAMPLE_DEFAULT_USERS, items = RF_SAMPLE_DEFAULT_ITEMS;
  const GOptionEntry entries[] = {
    { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, N_ ("Equal seeds give equal bytes (default: 20260101)"), "N" },
    { "users", 0, 0, G_OPTION_ARG_INT64, &users, N_ ("How many users (default: 4000)"), "N" },
    { "items", 0, 0, G_OPTION_ARG_INT64, &items, N_ ("How many items (default: 2000)"), "N" },
    { NULL },
  };
  RfSampleOptions options;
  RfSampleCounts counts;
  GError *error = NULL;
  Cli cli;
  int status;

  if (!cli_begin (&cli, "sample", "DIR",
                  _("Writes a catalog whose truth is known: pictures, texts and interactions of users who choose by what items look like, by what their texts say, by something only co-choice reveals, or by a mixture."),
                  entries, 1, 1, argc, argv, &status))
    return status;
  if (seed < 0 || users < 0 || items < 0)
    return cli_end (&cli, cli_wrong_usage (&cli, _("--seed, --users and --items must not be negative.")));
  options = (RfSampleOptions) { (guint64) seed, (guint) MIN (users, G_MAXUINT), (guint) MIN (items, G_MAXUINT) };
  if (!rf_sample_write (cli.arguments[0], &options, &counts, &cli.progress, &error))
    return cli_end (&cli, cli_failed (&cli, error));
  return cli_end (&cli, print_counts (&cli, &options, &counts));
}
