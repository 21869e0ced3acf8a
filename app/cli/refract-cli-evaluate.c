/* refract-cli-evaluate.c: `refract-cli evaluate`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "app/cli/refract-cli.h"
#include "core/eval/rf-evaluate.h"
#include "core/eval/rf-protocol.h"
#include "core/train/rf-baselines.h"
#include "core/train/rf-beyond.h"
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

/* What to know before believing the numbers: problems to standard error, all of it into the document. How often the test part was
 * looked at stays out of the document: the same call must print the same bytes again. */
static void
check_protocol (Cli *cli, const RfTrained *trained, guint looks, JsonBuilder *b)
{
  RfProtocolFacts facts = { .test_looks = looks };
  RfSplitOptions options = rf_split_options_from_config (trained->config);
  g_autoptr(GPtrArray) findings = NULL;

  for (guint m = 0; m < trained->model->n_modalities; m++)
    facts.features_see_test += strcmp (trained->model->names[m], "behaviour") != 0;
  findings = rf_protocol_check (rf_catalog_get_interactions (trained->catalog), trained->split, &options, &facts);
  json_builder_set_member_name (b, "protocol");
  json_builder_begin_array (b);
  for (guint f = 0; f < findings->len; f++)
    {
      const RfFinding *finding = findings->pdata[f];

      if (finding->level != RF_FINDING_NOTE)
        cli_note (cli, "%s: %s", rf_finding_level_name (finding->level), finding->sentence);
      if (strcmp (finding->id, "test-looks") == 0)
        continue;
      json_builder_begin_object (b);
      cli_json_string (b, "level", rf_finding_level_name (finding->level));
      cli_json_string (b, "id", finding->id);
      cli_json_int (b, "count", (gint64) finding->count);
      cli_json_string (b, "sentence", finding->sentence);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

static void
put (Cli *cli, JsonBuilder *b, const char *name, double value)
{
  if (cli->json)
    cli_json_number (b, name, value);
  else
    cli_print ("  %-28s %10.4f\n", name, value);
}

static gboolean
put_beyond (Cli *cli, RfWorkspace *workspace, const RfTrained *trained, RfPart part, guint k, JsonBuilder *b, GError **error)
{
  RfBeyond x;

  if (!rf_beyond_evaluate (workspace, trained, part, k, &x, &cli->progress, error))
    return FALSE;
  json_builder_set_member_name (b, "beyond");
  json_builder_begin_object (b);
  cli_json_int (b, "k", k);
  if (!cli->json)
    cli_print (_("Beyond hitting, lists of %u\n"), k);
  put (cli, b, "pairwise_accuracy", x.pairwise_accuracy);
  put (cli, b, "coverage", x.coverage);
  put (cli, b, "gini", x.gini);
  put (cli, b, "entropy_bits", x.entropy);
  put (cli, b, "average_popularity", x.average_popularity);
  put (cli, b, "tail_share", x.tail_share);
  put (cli, b, "novelty", x.novelty);
  put (cli, b, "serendipity", x.serendipity);
  for (guint m = 0; m < x.n_modalities; m++)
    {
      g_autofree char *name = g_strdup_printf ("diversity_%s", trained->model->names[m]);

      if (!isnan (x.diversity[m]))
        put (cli, b, name, x.diversity[m]);
    }
  json_builder_end_object (b);
  return TRUE;
}

static gboolean
evaluate (Cli *cli, RfWorkspace *workspace, const RfTrained *trained, RfPart part, const char *part_name, gboolean baselines, gboolean beyond, RfEvaluation *e, Sink *sink, GError **error)
{
  const RfCsr *train = trained->split->history;
  guint looks = 0;

  if ((part == RF_PART_TEST && !rf_protocol_record_look (workspace, trained->run->id, "evaluate", error)) ||
      !rf_protocol_count_looks (workspace, trained->run->id, &looks, NULL, error) ||
      !rf_evaluate (e, rf_score_with_model, trained->model, trained->model->n_items, train, trained->split->part[part], &cli->progress, error))
    return FALSE;
  json_builder_begin_object (sink->builder);
  cli_json_string (sink->builder, "run", trained->run->id);
  cli_json_string (sink->builder, "split", part_name);
  cli_json_int (sink->builder, "users", e->users);
  if (!cli->json)
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
  if (beyond && !put_beyond (cli, workspace, trained, part, e->k[e->n - 1], sink->builder, error))
    return FALSE;
  check_protocol (cli, trained, looks, sink->builder);
  json_builder_end_object (sink->builder);
  return TRUE;
}

int
cli_run_evaluate (int argc, char **argv)
{
  g_autofree char *run = NULL, *split = NULL, *cutoffs = NULL;
  gboolean baselines = FALSE, beyond = FALSE;
  const GOptionEntry entries[] = {
    { "run", 'r', 0, G_OPTION_ARG_FILENAME, &run, N_("Which run; the newest if not given"), "RUN" },
    { "split", 0, 0, G_OPTION_ARG_FILENAME, &split, N_("Which held-out part: valid (default) or test"), "PART" },
    { "cutoffs", 'k', 0, G_OPTION_ARG_FILENAME, &cutoffs, N_("Lengths of the lists; default 10,20"), "K,…" },
    { "baselines", 'b', 0, G_OPTION_ARG_NONE, &baselines, N_("Also the baselines, on the same part"), NULL },
    { "beyond", 0, 0, G_OPTION_ARG_NONE, &beyond, N_("Also coverage, novelty, diversity and others, of the longest lists"), NULL },
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
      !evaluate (&cli, workspace, trained, g_strcmp0 (split, "test") == 0 ? RF_PART_TEST : RF_PART_VALID, split ? split : "valid", baselines, beyond, &e, &sink, &error))
    return cli_end (&cli, cli_failed (&cli, error));
  status = cli.json ? cli_print_json (&cli, builder) : CLI_FINE;
  return cli_end (&cli, status);
}
