/* refract-cli-knockout.c: `refract-cli knockout`: what each modality is worth, to everybody and to whom.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "app/cli/refract-cli-model.h"
#include "core/eval/rf-protocol.h"
#include "core/explain/rf-groups.h"
#include "core/explain/rf-knockout.h"

typedef struct
{
  const RfTrained *trained;
  RfKnockouts *knockouts;
  RfListGames games;
  RfGroups *groups;
} Worth;

static void
add_slices (JsonBuilder *b, GPtrArray *slices)
{
  json_builder_set_member_name (b, "slices");
  json_builder_begin_array (b);
  for (guint s = 0; s < slices->len; s++)
    {
      const RfSlice *slice = slices->pdata[s];

      json_builder_begin_object (b);
      cli_json_string (b, "slice", slice->name);
      cli_json_int (b, "users", (gint64) slice->n);
      cli_json_number (b, "with", slice->mean_b);
      cli_json_number (b, "without", slice->mean_a);
      cli_json_number (b, "loss", slice->difference);
      cli_json_number (b, "rest", slice->rest);
      cli_json_number (b, "q", slice->q);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

static void
add_knockout (JsonBuilder *b, const RfModel *model, const RfKnockout *x)
{
  json_builder_begin_object (b);
  cli_json_string (b, "modality", model->names[x->modality]);
  cli_json_string (b, "way", rf_knockout_get_name (x->kind));
  cli_json_bool (b, "possible", x->possible);
  if (x->possible)
    {
      cli_json_number (b, "without", x->without);
      cli_json_number (b, "loss", x->loss.difference);
      cli_json_number (b, "low", x->loss.low);
      cli_json_number (b, "high", x->loss.high);
      cli_json_number (b, "wilcoxon_p", x->loss.w_p);
      cli_json_number (b, "coverage", x->coverage);
      if (x->slices)
        add_slices (b, x->slices);
    }
  json_builder_end_object (b);
}

static void
add_games (JsonBuilder *b, const RfModel *model, const RfListGames *games)
{
  json_builder_set_member_name (b, "list_games");
  json_builder_begin_object (b);
  cli_json_string (b, "removal", rf_removal_get_name (games->removal));
  for (int kind = 0; kind < RF_N_LIST_GAMES; kind++)
    {
      json_builder_set_member_name (b, rf_list_game_get_name ((RfListGameKind) kind));
      json_builder_begin_object (b);
      cli_json_number (b, "none", games->value[kind][0]);
      cli_json_number (b, "all", games->value[kind][(1u << model->n_modalities) - 1]);
      cli_json_modalities (b, "shapley", model, games->phi[kind]);
      json_builder_set_member_name (b, "interactions");
      json_builder_begin_object (b);
      for (guint m = 0; m < model->n_modalities; m++)
        for (guint o = m + 1; o < model->n_modalities; o++)
          {
            g_autofree char *pair = g_strdup_printf ("%s+%s", model->names[m], model->names[o]);

            cli_json_number (b, pair, games->dividend[kind][1u << m | 1u << o]);
          }
      json_builder_end_object (b);
      json_builder_end_object (b);
    }
  json_builder_end_object (b);
}

static const char *
kind_name (RfGroupKind kind)
{
  static const char *const names[] = { "users", "items", "lens by training count", "lens by history" };

  return names[kind];
}

static void
add_groups (JsonBuilder *b, const RfModel *model, const RfGroups *groups)
{
  json_builder_set_member_name (b, "groups");
  json_builder_begin_array (b);
  for (guint g = 0; g < groups->groups->len; g++)
    {
      const RfGroup *group = groups->groups->pdata[g];

      json_builder_begin_object (b);
      cli_json_string (b, "of", kind_name (group->kind));
      cli_json_string (b, "attribute", group->attribute);
      cli_json_string (b, "value", group->value);
      cli_json_int (b, "users", (gint64) group->users);
      cli_json_int (b, "pairs", (gint64) group->pairs);
      cli_json_modalities (b, "mean_abs_shapley", model, group->phi);
      cli_json_modalities (b, "share", model, group->share);
      cli_json_int (b, "held_out", (gint64) group->held);
      cli_json_number (b, "recall", group->recall);
      cli_json_number (b, "ndcg", group->ndcg);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

static void
build_json (JsonBuilder *b, const Worth *w, gboolean groups)
{
  const RfModel *model = w->trained->model;
  const RfKnockoutOptions *o = &w->knockouts->options;

  json_builder_begin_object (b);
  cli_json_string (b, "run", w->trained->run->id);
  cli_json_string (b, "split", o->part == RF_PART_TEST ? "test" : "valid");
  cli_json_string (b, "metric", o->metric);
  cli_json_int (b, "k", o->k);
  cli_json_int (b, "users", w->knockouts->users);
  cli_json_number (b, "with", w->knockouts->with);
  cli_json_number (b, "coverage", w->knockouts->coverage);
  cli_json_number (b, "alpha", o->alpha);
  json_builder_set_member_name (b, "knockouts");
  json_builder_begin_array (b);
  for (guint i = 0; i < w->knockouts->all->len; i++)
    add_knockout (b, model, w->knockouts->all->pdata[i]);
  json_builder_end_array (b);
  json_builder_set_member_name (b, "sentences");
  json_builder_begin_array (b);
  for (guint m = 0; m < model->n_modalities; m++)
    {
      g_autofree char *sentence = rf_knockouts_to_sentence (w->knockouts, w->trained, m);

      json_builder_add_string_value (b, sentence);
    }
  json_builder_end_array (b);
  add_games (b, model, &w->games);
  if (groups)
    add_groups (b, model, w->groups);
  json_builder_end_object (b);
}

static void
print_slices (const RfKnockout *x)
{
  for (guint s = 0; x->slices && s < x->slices->len; s++)
    {
      const RfSlice *slice = x->slices->pdata[s];

      cli_print ("    %-44s %7" G_GSIZE_FORMAT " %8.4f %8.4f %+8.4f  q %.3f\n", slice->name, slice->n, slice->mean_b, slice->mean_a, slice->difference, slice->q);
    }
}

static void
print_games (const RfModel *model, const RfListGames *games)
{
  cli_print (_("\nShapley values of the lists (%s): %s\n"), rf_removal_get_name (games->removal), rf_removal_get_sentence (games->removal));
  cli_print ("  %-10s %9s %9s", "", _("none"), _("all"));
  for (guint m = 0; m < model->n_modalities; m++)
    cli_print (" %10.10s", model->names[m]);
  cli_print ("\n");
  for (int kind = 0; kind < RF_N_LIST_GAMES; kind++)
    {
      cli_print ("  %-10s %9.4f %9.4f", rf_list_game_get_name ((RfListGameKind) kind), games->value[kind][0], games->value[kind][(1u << model->n_modalities) - 1]);
      for (guint m = 0; m < model->n_modalities; m++)
        cli_print (" %+10.4f", games->phi[kind][m]);
      cli_print ("\n");
    }
}

/* A number, or a dash where there is none. */
static void
print_number (const char *format, int width, double value)
{
  if (isnan (value))
    cli_print (" %*s", width, "–");
  else
    cli_print (format, value);
}

static void
print_groups (const RfModel *model, const RfGroups *groups)
{
  const char *shown = "";

  cli_print (_("\nShare of mean |Shapley value|, %s, top %u of %u users\n"), rf_removal_get_name (groups->options.removal), groups->options.k, groups->users);
  for (guint g = 0; g < groups->groups->len; g++)
    {
      const RfGroup *group = groups->groups->pdata[g];
      g_autofree char *heading = g_strdup_printf ("%s: %s", kind_name (group->kind), group->attribute);

      if (g == 0 || strcmp (shown, group->attribute) != 0)
        {
          cli_print ("  %-36s %8s", heading, _("users"));
          for (guint m = 0; m < model->n_modalities; m++)
            cli_print (" %10.10s", model->names[m]);
          cli_print (" %8s %8s\n", "Recall", "NDCG");
        }
      shown = group->attribute;
      cli_print ("    %-34s %8" G_GSIZE_FORMAT, group->value, group->users);
      for (guint m = 0; m < model->n_modalities; m++)
        print_number (" %9.1f%%", 10, 100 * group->share[m]);
      print_number (" %8.4f", 8, group->recall);
      print_number (" %8.4f", 8, group->ndcg);
      cli_print ("\n");
    }
}

static void
print_worth (const Worth *w, gboolean slices, gboolean groups)
{
  const RfModel *model = w->trained->model;
  const RfKnockouts *all = w->knockouts;

  cli_print (_("%s, %s part, %u users: %s@%u %.4f, coverage %.3f\n"), w->trained->run->id, all->options.part == RF_PART_TEST ? "test" : "valid", all->users,
             all->options.metric, all->options.k, all->with, all->coverage);
  cli_print ("  %-12s %-10s %9s %9s  %s\n", _("without"), "", all->options.metric, _("lost"), _("interval"));
  for (guint i = 0; i < all->all->len; i++)
    {
      const RfKnockout *x = all->all->pdata[i];

      if (!x->possible)
        {
          cli_print ("  %-12s %-10s %s\n", model->names[x->modality], rf_knockout_get_name (x->kind), _("not possible: this model does not split into modalities"));
          continue;
        }
      cli_print ("  %-12s %-10s %9.4f %+9.4f  %+.4f … %+.4f\n", model->names[x->modality], rf_knockout_get_name (x->kind), x->without, x->loss.difference, x->loss.low, x->loss.high);
      if (slices)
        print_slices (x);
    }
  for (guint m = 0; m < model->n_modalities; m++)
    {
      g_autofree char *sentence = rf_knockouts_to_sentence (all, w->trained, m);

      cli_print ("%s\n", sentence);
    }
  print_games (model, &w->games);
  if (groups)
    print_groups (model, w->groups);
}

static gboolean
measure (Worth *w, RfKnockoutOptions *o, RfRemoval removal, gboolean groups, RfProgress *progress, GError **error)
{
  const RfGroupOptions group_options = { o->k, o->part, removal, 0 };
  const RfSplit *split = w->trained->split;
  gboolean by_driver = o->by && strcmp (o->by, "driver") == 0;

  /* What drives a user is known from the explanations of the whole list. */
  if ((groups || by_driver) && (w->groups = rf_groups_new (w->trained, &group_options, progress, error)) == NULL)
    return FALSE;
  if (by_driver)
    o->driver = w->groups->driver;
  w->knockouts = rf_knockouts_new (w->trained, o, progress, error);
  return w->knockouts != NULL && rf_list_games (w->trained->model, split->history, split->part[o->part], o->k, removal, 0, &w->games, progress, error);
}

int
cli_run_knockout (int argc, char **argv)
{
  g_autofree char *run = NULL, *metric = NULL, *split = NULL, *removal_name = NULL, *by = NULL;
  int k = 20, resamples = 1000;
  double alpha = .05;
  gboolean slices = FALSE, groups = FALSE;
  const GOptionEntry entries[] = {
    { "run", 'r', 0, G_OPTION_ARG_FILENAME, &run, N_("Which run; the newest if not given"), "RUN" },
    { "metric", 'm', 0, G_OPTION_ARG_FILENAME, &metric, N_("recall, ndcg (default), precision, map, hit_rate or mrr"), "METRIC" },
    { "cutoff", 'k', 0, G_OPTION_ARG_INT, &k, N_("Length of the lists; default 20"), "K" },
    { "split", 0, 0, G_OPTION_ARG_FILENAME, &split, N_("Which held-out part: valid (default) or test"), "PART" },
    { "removal", 0, 0, G_OPTION_ARG_FILENAME, &removal_name, N_("What removing a modality means to Shapley values: renormalise (default) or mean"), "RULE" },
    { "alpha", 0, 0, G_OPTION_ARG_DOUBLE, &alpha, N_("Error rate; default 0.05"), "A" },
    { "resamples", 0, 0, G_OPTION_ARG_INT, &resamples, N_("Of the bootstrap; default 1000"), "N" },
    { "slices", 's', 0, G_OPTION_ARG_NONE, &slices, N_("Also what is lost by groups of users"), NULL },
    { "by", 'b', 0, G_OPTION_ARG_FILENAME, &by, N_("Also what is lost by users of one kind: activity, popularity, category, pictures, texts, or driver (what drives their lists)"), "KIND" },
    { "groups", 'g', 0, G_OPTION_ARG_NONE, &groups, N_("Also each modality's share by groups of users and items, and of cold items and new users"), NULL },
    { NULL },
  };
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(RfTrained) trained = NULL;
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  RfKnockoutOptions o = rf_knockout_options_default ();
  RfRemoval removal;
  Worth worth = { 0 };
  GError *error = NULL;
  Cli cli;
  int status;

  if (!cli_begin (&cli, "knockout", "FILE.refract", N_("Knocks out one modality after the other and tells what the lists lose: does it pay for itself?"), entries, 1, 1, argc, argv, &status))
    return status;
  if (k < 1 || k > 1000 || resamples < 0 || resamples > 1000000 || !(alpha > 0 && alpha < 1))
    return cli_end (&cli, cli_wrong_usage (&cli, _("--cutoff is 1 to 1000, --resamples at most 1000000, --alpha between 0 and 1.")));
  o.metric = metric ? metric : "ndcg";
  o.k = (guint) k;
  o.alpha = alpha;
  o.resamples = (guint) resamples;
  o.slices = slices || by || cli.json;
  o.by = by;
  if (!cli_parse_part (split, &o.part, &error) || !cli_parse_removal (removal_name, &removal, &error) ||
      (workspace = rf_workspace_open (cli.arguments[0], &error)) == NULL || (trained = rf_trained_load (workspace, run, &error)) == NULL ||
      (o.part == RF_PART_TEST && !rf_protocol_record_look (workspace, trained->run->id, "knockout", &error)))
    return cli_end (&cli, cli_failed (&cli, error));
  worth.trained = trained;
  if (!measure (&worth, &o, removal, groups, &cli.progress, &error))
    status = cli_failed (&cli, error);
  else if (cli.json)
    {
      build_json (builder, &worth, groups);
      status = cli_print_json (&cli, builder);
    }
  else
    {
      print_worth (&worth, o.slices, groups);
      status = CLI_FINE;
    }
  rf_knockouts_free (worth.knockouts);
  rf_groups_free (worth.groups);
  return cli_end (&cli, status);
}
