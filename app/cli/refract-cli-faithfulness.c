/* refract-cli-faithfulness.c: `refract-cli faithfulness`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "app/cli/refract-cli-model.h"
#include "core/explain/rf-faithfulness.h"
#include "core/explain/rf-truth.h"
#include "core/train/rf-trainer.h"

static void
add_array (JsonBuilder *b, const char *member, const double *values, guint n)
{
  json_builder_set_member_name (b, member);
  json_builder_begin_array (b);
  for (guint i = 0; i < n; i++)
    json_builder_add_double_value (b, values[i]);
  json_builder_end_array (b);
}

static void
build_json (JsonBuilder *b, const RfTrained *trained, const RfFaithfulness *f, int k)
{
  guint n = trained->model->n_modalities;

  json_builder_begin_object (b);
  cli_json_string (b, "run", trained->run->id);
  cli_json_int (b, "k", k);
  cli_json_string (b, "removal", rf_removal_get_name (f->removal));
  cli_json_int (b, "users", f->users);
  cli_json_int (b, "pairs", (gint64) f->pairs);
  cli_json_number (b, "top1", f->top1);
  cli_json_number (b, "shuffled_top1", f->shuffled_top1);
  cli_json_number (b, "kendall_tau", f->kendall);
  cli_json_number (b, "entropy", f->entropy);
  cli_json_bool (b, "collapsed", f->collapsed);
  json_builder_set_member_name (b, "share");
  json_builder_begin_object (b);
  for (guint m = 0; m < n; m++)
    cli_json_number (b, trained->model->names[m], f->share[m]);
  json_builder_end_object (b);
  add_array (b, "deletion_by_attention", f->deletion_attention, n);
  add_array (b, "deletion_at_random", f->deletion_random, n);
  add_array (b, "deletion_worst", f->deletion_worst, n);
  if (f->random_pairs > 0)
    {
      cli_json_number (b, "random_weights_top1", f->random_top1);
      cli_json_number (b, "random_weights_same", f->random_same);
    }
  if (f->truth_users > 0)
    {
      if (f->random_pairs > 0)
        cli_json_number (b, "truth_by_random_weights", f->random_truth);
      cli_json_int (b, "truth_users", f->truth_users);
      cli_json_number (b, "truth_by_attention", f->truth_attention);
      cli_json_number (b, "truth_by_shapley", f->truth_shapley);
    }
  json_builder_end_object (b);
}

static void
print_result (const RfTrained *trained, const RfFaithfulness *f, int k)
{
  g_autofree char *sentence = rf_faithfulness_to_sentence (f, (guint) k);

  cli_print (_("%s: %s\n"), trained->run->id, sentence);
  cli_print (_("  %u users, %zu recommendations; removal rule %s: %s\n"), f->users, f->pairs, rf_removal_get_name (f->removal), rf_removal_get_sentence (f->removal));
  cli_print (_("  Kendall tau with Shapley values %.2f, entropy of attention %.2f\n"), f->kendall, f->entropy);
  for (guint m = 0; m < trained->model->n_modalities; m++)
    cli_print (_("  mean attention of %-10s %5.1f %%\n"), trained->model->names[m], 100 * f->share[m]);
  for (guint r = 1; r < trained->model->n_modalities; r++)
    cli_print (_("  score lost without %u: by attention %.3f, at random %.3f, at worst %.3f\n"), r, f->deletion_attention[r], f->deletion_random[r], f->deletion_worst[r]);
  if (f->random_pairs > 0)
    cli_print (_("  Sanity: under random weights attention would point right in %.0f %%, and stay the same in %.0f %%\n"), 100 * f->random_top1, 100 * f->random_same);
  if (f->collapsed)
    cli_print (_("  Collapsed: one modality has more than 95 %% of all attention.\n"));
  if (f->truth_users > 0)
    cli_print (_("  Planted truth of %u users: attention names the driver of %.1f %%, Shapley of %.1f %%\n"), f->truth_users, 100 * f->truth_attention, 100 * f->truth_shapley);
  if (f->truth_users > 0 && f->random_pairs > 0)
    cli_print (_("    and attention under random weights of %.1f %%\n"), 100 * f->random_truth);
}

int
cli_run_faithfulness (int argc, char **argv)
{
  g_autofree char *run = NULL, *truth_path = NULL, *removal_name = NULL;
  RfRemoval removal;
  g_autofree int *truth = NULL;
  int k = 20;
  const GOptionEntry entries[] = {
    { "run", 'r', 0, G_OPTION_ARG_FILENAME, &run, N_("Which run; the newest if not given"), "RUN" },
    { "top", 'k', 0, G_OPTION_ARG_INT, &k, N_("How many places of each user; default 20"), "N" },
    { "truth", 't', 0, G_OPTION_ARG_FILENAME, &truth_path, N_("truth.csv of a sample catalog: also against what really drives each user"), "FILE" },
    { "removal", 0, 0, G_OPTION_ARG_FILENAME, &removal_name, N_("What removing a modality means: renormalise (default) or mean"), "RULE" },
    { NULL },
  };
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(RfTrained) trained = NULL;
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  RfFaithfulness f;
  GError *error = NULL;
  Cli cli;
  int status;

  if (!cli_begin (&cli, "faithfulness", "FILE.refract", N_("Measures whether the attention of a run points at what really moves its rankings."), entries, 1, 1, argc, argv, &status))
    return status;
  if (k < 1 || k > 1000)
    return cli_end (&cli, cli_wrong_usage (&cli, _("-k takes a number from 1 to 1000.")));
  if (!cli_parse_removal (removal_name, &removal, &error) || (workspace = rf_workspace_open (cli.arguments[0], &error)) == NULL || (trained = rf_trained_load (workspace, run, &error)) == NULL ||
      (truth_path && (truth = rf_truth_load (truth_path, trained->catalog, trained->model, &error)) == NULL) ||
      !rf_faithfulness_measure (trained->model, trained->split->history, (guint) k, G_MAXUINT32, removal, truth, &f, &cli.progress, &error))
    return cli_end (&cli, cli_failed (&cli, error));
  if (!cli.json)
    {
      print_result (trained, &f, k);
      return cli_end (&cli, CLI_FINE);
    }
  build_json (builder, trained, &f, k);
  status = cli_print_json (&cli, builder);
  return cli_end (&cli, status);
}
