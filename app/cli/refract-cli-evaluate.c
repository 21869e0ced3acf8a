/* refract-cli-evaluate.c: `refract-cli evaluate`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/cli/refract-cli.h"
#include "core/eval/rf-evaluate.h"
#include "core/train/rf-baselines.h"
#include "core/train/rf-trainer.h"

typedef struct
{
  gboolean json;
  JsonBuilder *builder;
} Sink;

static void
print_evaluation (const char *name, const RfEvaluation *e, void *data)
{
  Sink *sink = data;

  if (sink->json)
    {
      json_builder_set_member_name (sink->builder, name);
      rf_evaluation_to_json (e, sink->builder);
      return;
    }
  for (guint c = 0; c < e->n; c++)
    cli_print ("  %-18s @%-4u %8.4f %8.4f %8.4f %8.4f\n", c ? "" : name, e->k[c], e->mean[c].recall, e->mean[c].ndcg, e->mean[c].precision, e->mean[c].map);
}

static gboolean
evaluate (Cli *cli, const RfTrained *trained, RfPart part, const char *part_name, gboolean baselines, RfEvaluation *e, Sink *sink, GError **error)
{
  const RfCsr *train = trained->split->history;

  if (!rf_evaluate (e, rf_score_with_model, trained->model, trained->model->n_items, train, trained->split->part[part], &cli->progress, error))
    return FALSE;
  if (cli->json)
    {
      json_builder_begin_object (sink->builder);
      cli_json_string (sink->builder, "run", trained->run->id);
      cli_json_string (sink->builder, "split", part_name);
      cli_json_int (sink->builder, "users", e->users);
    }
  else
    {
      cli_print (_("%s, %s part, %u users\n"), trained->run->id, part_name, e->users);
      cli_print ("  %-18s %-5s %8s %8s %8s %8s\n", "", "", "Recall", "NDCG", "Prec", "MAP");
    }
  print_evaluation ("metrics", e, sink);
  if (baselines)
    {
      if (cli->json)
        {
          json_builder_set_member_name (sink->builder, "baselines");
          json_builder_begin_object (sink->builder);
        }
      if (!rf_baselines_evaluate (trained->model, trained->split, part, trained->config, e, print_evaluation, sink, &cli->progress, error))
        return FALSE;
      if (cli->json)
        json_builder_end_object (sink->builder);
    }
  if (cli->json)
    json_builder_end_object (sink->builder);
  return TRUE;
}

int
cli_run_evaluate (int argc, char **argv)
{
  g_autofree char *run = NULL, *split = NULL, *cutoffs = NULL;
  gboolean baselines = FALSE;
  const GOptionEntry entries[] = {
    { "run", 'r', 0, G_OPTION_ARG_FILENAME, &run, N_("Which run; the newest if not given"), "RUN" },
    { "split", 0, 0, G_OPTION_ARG_FILENAME, &split, N_("Which held-out part: valid (default) or test"), "PART" },
    { "cutoffs", 'k', 0, G_OPTION_ARG_FILENAME, &cutoffs, N_("Lengths of the lists; default 10,20"), "K,…" },
    { "baselines", 'b', 0, G_OPTION_ARG_NONE, &baselines, N_("Also the baselines, on the same part"), NULL },
    { NULL },
  };
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(RfTrained) trained = NULL;
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  Sink sink = { FALSE, builder };
  RfEvaluation e;
  GError *error = NULL;
  Cli cli;
  int status;

  if (!cli_begin (&cli, "evaluate", "FILE.refract", N_("Judges a run by full ranking of all items on held-out interactions."), entries, 1, 1, argc, argv, &status))
    return status;
  sink.json = cli.json;
  if (split && strcmp (split, "valid") != 0 && strcmp (split, "test") != 0)
    return cli_end (&cli, cli_wrong_usage (&cli, _("--split is valid or test, not “%s”."), split));
  if (!rf_evaluation_parse_cutoffs (&e, cutoffs ? cutoffs : "10,20", &error) || (workspace = rf_workspace_open (cli.arguments[0], &error)) == NULL ||
      (trained = rf_trained_load (workspace, run, &error)) == NULL ||
      !evaluate (&cli, trained, g_strcmp0 (split, "test") == 0 ? RF_PART_TEST : RF_PART_VALID, split ? split : "valid", baselines, &e, &sink, &error))
    return cli_end (&cli, cli_failed (&cli, error));
  status = cli.json ? cli_print_json (&cli, builder) : CLI_FINE;
  return cli_end (&cli, status);
}
