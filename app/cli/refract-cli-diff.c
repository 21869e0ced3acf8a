/* refract-cli-diff.c: `refract-cli diff`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "app/cli/refract-cli.h"
#include "core/eval/rf-run-diff.h"

static void
add_kind (JsonBuilder *b, const char *member, const GPtrArray *all, RfDifferenceKind kind)
{
  json_builder_set_member_name (b, member);
  json_builder_begin_object (b);
  for (guint d = 0; d < all->len; d++)
    {
      const RfDifference *difference = all->pdata[d];

      if (difference->kind != kind)
        continue;
      json_builder_set_member_name (b, difference->name);
      json_builder_begin_array (b);
      json_builder_add_string_value (b, difference->a);
      json_builder_add_string_value (b, difference->b);
      json_builder_end_array (b);
    }
  json_builder_end_object (b);
}

static int
print_json (Cli *cli, const RfRun *a, const RfRun *b, const GPtrArray *all)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "runs");
  json_builder_begin_array (builder);
  json_builder_add_string_value (builder, a->id);
  json_builder_add_string_value (builder, b->id);
  json_builder_end_array (builder);
  add_kind (builder, "settings", all, RF_DIFFERS_SETTING);
  add_kind (builder, "data", all, RF_DIFFERS_DATA);
  add_kind (builder, "results", all, RF_DIFFERS_RESULT);
  json_builder_end_object (builder);
  return cli_print_json (cli, builder);
}

int
cli_run_diff (int argc, char **argv)
{
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(RfRun) a = NULL, b = NULL;
  g_autoptr(GPtrArray) all = NULL;
  GError *error = NULL;
  Cli cli;
  int status;

  if (!cli_begin (&cli, "diff", "FILE.refract RUN RUN", N_("Says in which settings two runs differ, whether they had the same catalog and split, and what came of it."), NULL, 3, 3, argc, argv, &status))
    return status;
  if ((workspace = rf_workspace_open (cli.arguments[0], &error)) == NULL || (a = rf_workspace_load_run (workspace, cli.arguments[1], &error)) == NULL ||
      (b = rf_workspace_load_run (workspace, cli.arguments[2], &error)) == NULL)
    return cli_end (&cli, cli_failed (&cli, error));
  all = rf_run_diff (a, b);
  if (cli.json)
    return cli_end (&cli, print_json (&cli, a, b, all));
  cli_print ("%-28s %-20s %s\n", "", a->id, b->id);
  for (guint d = 0; d < all->len; d++)
    {
      const RfDifference *difference = all->pdata[d];

      cli_print ("%-28s %-20s %s\n", difference->name, difference->a, difference->b);
    }
  return cli_end (&cli, CLI_FINE);
}
