/* refract-cli-compare.c: `refract-cli compare`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "app/cli/refract-cli-protocol.h"
#include "core/train/rf-compare-runs.h"

static void
add_slices (JsonBuilder *b, const char *name, GPtrArray *slices)
{
  json_builder_set_member_name (b, name);
  json_builder_begin_array (b);
  for (guint s = 0; s < slices->len; s++)
    {
      const RfSlice *slice = slices->pdata[s];

      json_builder_begin_object (b);
      cli_json_string (b, "slice", slice->name);
      cli_json_int (b, "users", (gint64) slice->n);
      cli_json_number (b, "a", slice->mean_a);
      cli_json_number (b, "b", slice->mean_b);
      cli_json_number (b, "difference", slice->difference);
      cli_json_number (b, "rest", slice->rest);
      cli_json_number (b, "effect", slice->effect);
      cli_json_number (b, "p", slice->p);
      cli_json_number (b, "q", slice->q);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

static void
add_pair (JsonBuilder *b, const RfRunComparison *all, const RfRunPair *pair)
{
  const RfComparison *c = &pair->c;

  json_builder_begin_object (b);
  cli_json_string (b, "a", all->ids[0]);
  cli_json_string (b, "b", all->ids[pair->other]);
  cli_json_int (b, "users", (gint64) c->n);
  cli_json_number (b, "difference", c->difference);
  cli_json_number (b, "low", c->low);
  cli_json_number (b, "high", c->high);
  cli_json_number (b, "t", c->t);
  cli_json_number (b, "t_p", c->t_p);
  cli_json_number (b, "t_p_holm", pair->t_holm);
  cli_json_number (b, "wilcoxon", c->w);
  cli_json_number (b, "wilcoxon_p", c->w_p);
  cli_json_number (b, "wilcoxon_p_holm", pair->w_holm);
  cli_json_number (b, "effect", c->effect);
  cli_json_number (b, "rank_biserial", c->rank_biserial);
  cli_json_int (b, "wins", (gint64) c->wins);
  cli_json_int (b, "ties", (gint64) c->ties);
  cli_json_int (b, "losses", (gint64) c->losses);
  cli_json_number (b, "overlap", pair->overlap);
  cli_json_string (b, "budget", pair->budget);
  add_slices (b, "slices", pair->table);
  add_slices (b, "found", pair->found);
  json_builder_end_object (b);
}

/* Into an open object. */
static void
add_all (JsonBuilder *b, GPtrArray *runs, const RfRunComparison *all, const RfRunCompareOptions *o)
{
  cli_json_string (b, "metric", o->metric);
  cli_json_int (b, "k", o->k);
  cli_json_string (b, "split", o->part == RF_PART_TEST ? "test" : "valid");
  cli_json_int (b, "users", all->counted);
  json_builder_set_member_name (b, "runs");
  json_builder_begin_array (b);
  for (guint r = 0; r < all->n; r++)
    {
      json_builder_begin_object (b);
      cli_json_string (b, "run", all->ids[r]);
      cli_json_number (b, "mean", all->mean[r]);
      cli_json_beaten_by (b, ((RfTrained *) runs->pdata[r])->run->result_json);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
  cli_json_number (b, "mean_of_runs", all->average);
  cli_json_number (b, "deviation_of_runs", all->deviation);
  json_builder_set_member_name (b, "pairs");
  json_builder_begin_array (b);
  for (guint p = 0; p < all->pairs->len; p++)
    add_pair (b, all, all->pairs->pdata[p]);
  json_builder_end_array (b);
}

/* A number, or a dash where there is none (differences that are all alike have no t and no effect). */
static const char *
number (char *text, gsize size, const char *format, double value)
{
  if (isnan (value))
    return "–";
  g_snprintf (text, size, format, value);
  return text;
}

static void
print_slices (const char *title, GPtrArray *slices)
{
  cli_print ("  %s\n  %-44s %7s %8s %8s %8s %7s %8s\n", title, "", _("users"), "A", "B", "B - A", _("effect"), "q");
  for (guint s = 0; s < slices->len; s++)
    {
      const RfSlice *x = slices->pdata[s];
      char effect[32];

      cli_print ("  %-44s %7" G_GSIZE_FORMAT " %8.4f %8.4f %+8.4f ", x->name, x->n, x->mean_a, x->mean_b, x->difference);
      cli_print (isnan (x->effect) ? "%9s" : "%7s", number (effect, sizeof effect, "%+.2f", x->effect)); /* a dash is three bytes wide */
      cli_print (" %8.4f\n", x->q);
    }
}

static void
print_pair (const RfRunComparison *all, const RfRunPair *pair, double alpha, gboolean slices)
{
  const RfComparison *c = &pair->c;
  char t_p[32], t_holm[32], effect[32], low[32], high[32];

  cli_print (_("\nA = %s, B = %s: B - A = %+.4f, %.0f %% interval %s to %s\n"), all->ids[0], all->ids[pair->other], c->difference, 100 * (1 - alpha),
             number (low, sizeof low, "%+.4f", c->low), number (high, sizeof high, "%+.4f", c->high));
  cli_print (_("  paired t: p %s (Holm %s)   Wilcoxon: p %.4g (Holm %.4g)   effect %s\n"), number (t_p, sizeof t_p, "%.4g", c->t_p),
             number (t_holm, sizeof t_holm, "%.4g", isnan (c->t_p) ? NAN : pair->t_holm), c->w_p, pair->w_holm, number (effect, sizeof effect, "%+.3f", c->effect));
  cli_print (_("  B wins for %zu users, ties %zu, loses %zu; overlap of the lists %.3f\n"), c->wins, c->ties, c->losses, pair->overlap);
  cli_print ("  %s\n", pair->budget);
  if (slices)
    print_slices (_("By slice"), pair->table);
  if (pair->found->len > 0)
    print_slices (_("Where it is different from the rest"), pair->found);
}

static void
print_all (GPtrArray *runs, const RfRunComparison *all, const RfRunCompareOptions *o, gboolean slices)
{
  cli_print (_("%s@%u, %s part, %u users\n"), o->metric, o->k, o->part == RF_PART_TEST ? "test" : "valid", all->counted);
  for (guint r = 0; r < all->n; r++)
    cli_print ("  %-12s %.4f\n", all->ids[r], all->mean[r]);
  for (guint r = 0; r < all->n; r++)
    cli_print_beaten_by (all->ids[r], ((RfTrained *) runs->pdata[r])->run->result_json);
  if (all->n > 2)
    cli_print (_("  mean %.4f, deviation %.4f\n"), all->average, all->deviation);
  for (guint p = 0; p < all->pairs->len; p++)
    print_pair (all, all->pairs->pdata[p], o->alpha, slices);
}

static gboolean
load_runs (Cli *cli, RfWorkspace *workspace, GPtrArray *runs, const RfRunCompareOptions *o, GError **error)
{
  g_autofree char *by = g_strdup_printf ("compare -k %u -m %s", o->k, o->metric);

  for (guint a = 1; a < cli->n_arguments; a++)
    {
      RfTrained *run = rf_trained_load (workspace, cli->arguments[a], error);

      if (run == NULL)
        return FALSE;
      g_ptr_array_add (runs, run);
      if (o->part == RF_PART_TEST && !rf_protocol_record_look (workspace, run->run->id, by, error))
        return FALSE;
    }
  return TRUE;
}

int
cli_run_compare (int argc, char **argv)
{
  g_autofree char *metric = NULL, *split = NULL;
  int k = 20, resamples = 2000, support = 20;
  double alpha = .05;
  gboolean slices = FALSE;
  const GOptionEntry entries[] = {
    { "metric", 'm', 0, G_OPTION_ARG_FILENAME, &metric, N_("recall, ndcg (default), precision, map, hit_rate or mrr"), "METRIC" },
    { "cutoff", 'k', 0, G_OPTION_ARG_INT, &k, N_("Length of the lists; default 20"), "K" },
    { "split", 0, 0, G_OPTION_ARG_FILENAME, &split, N_("Which held-out part: valid (default) or test"), "PART" },
    { "alpha", 0, 0, G_OPTION_ARG_DOUBLE, &alpha, N_("Error rate; default 0.05"), "A" },
    { "resamples", 0, 0, G_OPTION_ARG_INT, &resamples, N_("Of the bootstrap; default 2000"), "N" },
    { "min-support", 0, 0, G_OPTION_ARG_INT, &support, N_("Users a slice must have to be reported; default 20"), "N" },
    { "slices", 's', 0, G_OPTION_ARG_NONE, &slices, N_("Print every slice, not only those that stand out"), NULL },
    { NULL },
  };
  g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_trained_unref);
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(RfRunComparison) all = NULL;
  g_autoptr(RfWorkspace) workspace = NULL;
  RfRunCompareOptions o;
  GError *error = NULL;
  Cli cli;
  int status;

  if (!cli_begin (&cli, "compare", "FILE.refract RUN RUN [RUN…]", N_("Holds runs against the first one, user by user."), entries, 3, 32, argc, argv, &status))
    return status;
  if (split && strcmp (split, "valid") != 0 && strcmp (split, "test") != 0)
    return cli_end (&cli, cli_wrong_usage (&cli, _("--split is valid or test, not “%s”."), split));
  if (k < 1 || k > 1000 || resamples < 0 || resamples > 1000000 || support < 2 || !(alpha > 0 && alpha < 1))
    return cli_end (&cli, cli_wrong_usage (&cli, _("--cutoff is 1 to 1000, --resamples at most 1000000, --min-support at least 2, --alpha between 0 and 1.")));
  o = (RfRunCompareOptions) { metric ? metric : "ndcg", (guint) k, g_strcmp0 (split, "test") == 0 ? RF_PART_TEST : RF_PART_VALID, alpha, (guint) resamples, (guint) support };
  if ((workspace = rf_workspace_open (cli.arguments[0], &error)) == NULL || !load_runs (&cli, workspace, runs, &o, &error) || (all = rf_compare_runs ((RfTrained *const *) runs->pdata, runs->len, &o, &cli.progress, &error)) == NULL)
    return cli_end (&cli, cli_failed (&cli, error));
  json_builder_begin_object (builder);
  add_all (builder, runs, all, &o);
  /* All are held out alike, so what there is to know of one goes for all. */
  if (!cli_protocol_check (&cli, workspace, runs->pdata[0], 0, NULL, builder, &error))
    return cli_end (&cli, cli_failed (&cli, error));
  json_builder_end_object (builder);
  status = CLI_FINE;
  if (cli.json)
    status = cli_print_json (&cli, builder);
  else
    print_all (runs, all, &o, slices);
  return cli_end (&cli, status);
}
