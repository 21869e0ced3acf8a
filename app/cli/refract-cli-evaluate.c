/* refract-cli-evaluate.c: `refract-cli evaluate`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "app/cli/refract-cli-protocol.h"
#include "core/eval/rf-evaluate.h"
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
  if (!isnan (x.accuracy))
    {
      put (cli, b, "accuracy_at_half", x.accuracy);
      put (cli, b, "log_loss", x.log_loss);
      put (cli, b, "brier", x.brier);
    }
  for (guint m = 0; m < x.n_modalities; m++)
    {
      g_autofree char *name = g_strdup_printf ("diversity_%s", trained->model->names[m]);

      if (!isnan (x.diversity[m]))
        put (cli, b, name, x.diversity[m]);
    }
  json_builder_end_object (b);
  return TRUE;
}

/* What is asked for, from the command line. */
typedef struct
{
  RfPart part;
  const char *part_name;
  gboolean baselines, beyond;
  guint sampled; /* > 0: rank among so many drawn items instead of all */
  RfEvaluation cutoffs;
  const char *cutoffs_text;
} Request;

/* In a cold-item split all that can be hit are items without history, so that putting them first already pays. Among these items alone it does
 * not; and the order of the catalog, which decides ties, shows what a model that knows nothing gets. */
static gboolean
put_among_new (Cli *cli, const RfTrained *trained, const Request *r, Sink *sink, GError **error)
{
  const RfSplit *split = trained->split;
  guint32 n_items = trained->model->n_items, n_new = 0;
  g_autofree guint8 *fresh = rf_items_seen (split->part[RF_PART_TRAIN]);
  g_autofree float *nothing = g_new0 (float, n_items + 1);
  const RfKeptItems model = { rf_score_with_model, trained->model, fresh }, order = { rf_score_with_vector, nothing, fresh };
  RfEvaluation a = r->cutoffs, b = r->cutoffs;

  for (guint32 i = 0; i < n_items; i++)
    n_new += fresh[i] = !fresh[i];
  if (!rf_evaluate (&a, rf_score_kept, &model, n_items, split->history, split->part[r->part], &cli->progress, error) ||
      !rf_evaluate (&b, rf_score_kept, &order, n_items, split->history, split->part[r->part], &cli->progress, error))
    return FALSE;
  if (cli->json)
    {
      json_builder_set_member_name (sink->builder, "among_new");
      json_builder_begin_object (sink->builder);
      cli_json_int (sink->builder, "items", n_new);
    }
  else
    cli_print (_("Among the %u items without history only\n"), n_new);
  print_evaluation ("metrics", &a, sink);
  print_evaluation ("catalog-order", &b, sink);
  if (cli->json)
    json_builder_end_object (sink->builder);
  return TRUE;
}

static gboolean
judge (Cli *cli, const RfTrained *trained, Request *r, GError **error)
{
  const RfCsr *held = trained->split->part[r->part];
  const RfSampledItems sampled = { rf_score_with_model, trained->model, held, r->sampled, 1 };

  return rf_evaluate (&r->cutoffs, r->sampled ? rf_score_sampled : rf_score_with_model, r->sampled ? (const void *) &sampled : trained->model,
                      trained->model->n_items, trained->split->history, held, &cli->progress, error);
}

static gboolean
put_baselines (Cli *cli, RfWorkspace *workspace, const RfTrained *trained, const Request *r, Sink *sink, GError **error)
{
  const RfBaselines baselines = { workspace, trained->catalog, trained->config, trained->model, trained->split, r->part };

  if (cli->json)
    {
      json_builder_set_member_name (sink->builder, "baselines");
      json_builder_begin_object (sink->builder);
    }
  if (!rf_baselines_evaluate (&baselines, &r->cutoffs, print_evaluation, sink, &cli->progress, error))
    return FALSE;
  if (cli->json)
    json_builder_end_object (sink->builder);
  return TRUE;
}

static void
put_head (Cli *cli, const RfTrained *trained, const Request *r, JsonBuilder *b)
{
  cli_json_string (b, "run", trained->run->id);
  cli_json_string (b, "split", r->part_name);
  cli_json_int (b, "users", r->cutoffs.users);
  if (r->sampled)
    cli_json_int (b, "sampled_negatives", r->sampled);
  if (cli->json)
    return;
  cli_print (_("%s, %s part, %u users\n"), trained->run->id, r->part_name, r->cutoffs.users);
  if (r->sampled)
    cli_print (_("Each held-out item among %u drawn ones only: not comparable with full ranking\n"), r->sampled);
  cli_print ("  %-18s %-5s %8s %8s %8s %8s\n", "", "", "Recall", "NDCG", "Prec", "MAP");
}

static gboolean
evaluate (Cli *cli, RfWorkspace *workspace, const RfTrained *trained, Request *r, Sink *sink, GError **error)
{
  g_autofree char *by = g_strdup_printf ("evaluate -k %s", r->cutoffs_text);

  if ((r->part == RF_PART_TEST && !rf_protocol_record_look (workspace, trained->run->id, by, error)) || !judge (cli, trained, r, error))
    return FALSE;
  json_builder_begin_object (sink->builder);
  put_head (cli, trained, r, sink->builder);
  print_evaluation ("metrics", &r->cutoffs, sink);
  if (r->baselines && !put_baselines (cli, workspace, trained, r, sink, error))
    return FALSE;
  if (!r->sampled && strcmp (rf_config_get (trained->config, "split.method"), "cold-item") == 0 && !put_among_new (cli, trained, r, sink, error))
    return FALSE;
  if (r->beyond && !put_beyond (cli, workspace, trained, r->part, r->cutoffs.k[r->cutoffs.n - 1], sink->builder, error))
    return FALSE;
  cli_json_beaten_by (sink->builder, trained->run->result_json);
  if (!cli->json)
    cli_print_beaten_by (trained->run->id, trained->run->result_json);
  if (!cli_protocol_check (cli, workspace, trained, r->sampled, NULL, sink->builder, error))
    return FALSE;
  json_builder_end_object (sink->builder);
  return TRUE;
}

int
cli_run_evaluate (int argc, char **argv)
{
  g_autofree char *run = NULL, *split = NULL, *cutoffs = NULL, *export = NULL;
  int block = 0, sampled = 0;
  Request r = { 0 };
  const GOptionEntry entries[] = {
    { "run", 'r', 0, G_OPTION_ARG_FILENAME, &run, N_("Which run; the newest if not given"), "RUN" },
    { "split", 0, 0, G_OPTION_ARG_FILENAME, &split, N_("Which held-out part: valid (default) or test"), "PART" },
    { "cutoffs", 'k', 0, G_OPTION_ARG_FILENAME, &cutoffs, N_("Lengths of the lists; default 10,20"), "K,…" },
    { "baselines", 'b', 0, G_OPTION_ARG_NONE, &r.baselines, N_("Also the baselines, on the same part"), NULL },
    { "beyond", 0, 0, G_OPTION_ARG_NONE, &r.beyond, N_("Also coverage, novelty, diversity and others, of the longest lists"), NULL },
    { "sampled", 0, 0, G_OPTION_ARG_INT, &sampled, N_("Rank each user's held-out items among N drawn items instead of all, to compare with such numbers only"), "N" },
    { "export-split", 0, 0, G_OPTION_ARG_FILENAME, &export, N_("Also write the split as an MMRec file with the column x_label"), "FILE.inter" },
    { "block", 0, 0, G_OPTION_ARG_INT, &block, N_("Score so many users together; changes time and memory, never a result"), "USERS" },
    { NULL },
  };
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(RfTrained) trained = NULL;
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  Sink sink = { FALSE, builder };
  GError *error = NULL;
  Cli cli;
  int status;

  if (!cli_begin (&cli, "evaluate", "FILE.refract", N_("Judges a run by full ranking of all items on held-out interactions."), entries, 1, 1, argc, argv, &status))
    return status;
  sink.json = cli.json;
  if (block < 0 || block > 4096)
    return cli_end (&cli, cli_wrong_usage (&cli, _("--block is 1 to 4096 users.")));
  if (sampled < 0 || sampled > 100000)
    return cli_end (&cli, cli_wrong_usage (&cli, _("--sampled is 1 to 100000 items.")));
  if (split && strcmp (split, "valid") != 0 && strcmp (split, "test") != 0)
    return cli_end (&cli, cli_wrong_usage (&cli, _("--split is valid or test, not “%s”."), split));
  rf_evaluate_set_block ((guint) block);
  r.part = g_strcmp0 (split, "test") == 0 ? RF_PART_TEST : RF_PART_VALID;
  r.part_name = r.part == RF_PART_TEST ? "test" : "valid";
  r.sampled = (guint) sampled;
  r.cutoffs_text = cutoffs ? cutoffs : "10,20";
  if (!rf_evaluation_parse_cutoffs (&r.cutoffs, r.cutoffs_text, &error) || (workspace = rf_workspace_open (cli.arguments[0], &error)) == NULL ||
      (trained = rf_trained_load (workspace, run, &error)) == NULL ||
      (export && !rf_split_export (trained->split, rf_catalog_get_interactions (trained->catalog), export, &error)) || !evaluate (&cli, workspace, trained, &r, &sink, &error))
    return cli_end (&cli, cli_failed (&cli, error));
  status = cli.json ? cli_print_json (&cli, builder) : CLI_FINE;
  return cli_end (&cli, status);
}
