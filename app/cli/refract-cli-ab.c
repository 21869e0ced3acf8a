/* refract-cli-ab.c: `refract-cli ab plan|assign|analyse|simulate`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "app/cli/refract-cli.h"
#include "core/eval/rf-ab-simulate.h"
#include "core/eval/rf-ab.h"
#include "core/eval/rf-evaluate.h"
#include "core/train/rf-trainer.h"

/* Every option of the four; each uses its own. */
typedef struct
{
  double base, deviation, effect, lift, alpha, power, per_day, users;
  int arms, k;
  char *salt, *weights, *control;
  guint64 seed;
} Options;

static int
plan (Cli *cli, const Options *o, JsonBuilder *b)
{
  RfAbDesign design = { o->deviation > 0, o->base, o->deviation, o->alpha, o->power, (guint) MAX (o->arms, 0) };
  double effect = o->effect != 0 ? o->effect : o->lift / 100 * o->base, detectable = NAN, power = NAN;
  GError *error = NULL;
  guint64 n = 0;

  if (!rf_ab_design_check (&design, &error))
    return cli_failed (cli, error);
  if (effect == 0 && !(o->users > 0))
    return cli_wrong_usage (cli, _("Say what is to be detected (--effect or --lift) or how many users there are (--users)."));
  if (effect != 0)
    {
      n = rf_ab_sample_size (&design, effect);
      if (n == G_MAXUINT64)
        return cli_wrong_usage (cli, _("A proportion of %g cannot change by %g."), o->base, effect);
    }
  if (o->users > 0)
    {
      detectable = rf_ab_detectable (&design, o->users);
      power = effect != 0 ? rf_ab_power (&design, effect, o->users) : NAN;
    }
  if (cli->json)
    {
      json_builder_begin_object (b);
      cli_json_int (b, "users_per_arm", (gint64) n);
      cli_json_int (b, "users_total", (gint64) n * o->arms);
      cli_json_number (b, "days", o->per_day > 0 && n > 0 ? rf_ab_days (&design, n, o->per_day) : NAN);
      cli_json_number (b, "detectable", detectable);
      cli_json_number (b, "power", power);
      json_builder_end_object (b);
      return cli_print_json (cli, b);
    }
  if (n > 0)
    cli_print (_("%" PRIu64 " users in each of %d arms, %" PRIu64 " in all\n"), n, o->arms, n * (guint64) o->arms);
  if (n > 0 && o->per_day > 0)
    cli_print (_("%.0f days at %g users a day\n"), rf_ab_days (&design, n, o->per_day), o->per_day);
  if (o->users > 0)
    cli_print (_("%g users an arm detect a change of %.6g (%+.2f %%)\n"), o->users, detectable, 100 * detectable / o->base);
  if (!isnan (power))
    cli_print (_("and one of %g with power %.3f\n"), effect, power);
  return CLI_FINE;
}

static gboolean
parse_weights (const char *text, double *weights, guint *n)
{
  g_auto(GStrv) parts = g_strsplit (text, ",", -1);

  for (*n = 0; parts[*n]; (*n)++)
    {
      char *end;

      if (*n == 100)
        return FALSE;
      weights[*n] = g_ascii_strtod (g_strstrip (parts[*n]), &end);
      if (*end || !(weights[*n] > 0 && weights[*n] < 1e9))
        return FALSE;
    }
  return *n >= 2;
}

/* User ids, one a line, in; "user_id,arm" out. */
static int
assign (Cli *cli, const Options *o)
{
  double weights[100];
  guint64 counts[100] = { 0 };
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  GError *error = NULL;
  double ratio;
  guint n;

  if (o->salt == NULL || cli->n_arguments != 2)
    return cli_wrong_usage (cli, _("ab assign needs --salt and a file with one user id a line."));
  if (!parse_weights (o->weights ? o->weights : "1,1", weights, &n))
    return cli_wrong_usage (cli, _("--weights are 2 to 100 numbers above 0 with commas between."));
  if (!g_file_get_contents (cli->arguments[1], &text, NULL, &error))
    return cli_failed (cli, error);
  lines = g_strsplit (text, "\n", -1);
  cli_print ("user_id,arm\n");
  for (guint l = 0; lines[l]; l++)
    {
      const char *id = g_strchomp (lines[l]);
      guint arm;

      if (id[0] == '\0')
        continue;
      arm = rf_ab_assign (o->salt, id, weights, n);
      counts[arm]++;
      cli_print (strpbrk (id, ",\"") ? "\"%s\",%u\n" : "%s,%u\n", id, arm);
    }
  ratio = rf_ab_sample_ratio (counts, weights, n);
  for (guint a = 0; a < n; a++)
    cli_note (cli, _("arm %u: %" PRIu64 " users"), a, counts[a]);
  cli_note (cli, ratio < RF_AB_RATIO_ALARM ? _("The arms do not have the shares that were asked for (p %.2g).") : _("The shares are as asked for (p %.2g)."), ratio);
  return CLI_FINE;
}

static void
add_result (JsonBuilder *b, const char *arm, RfAbMetric metric, const RfAbResult *r)
{
  json_builder_begin_object (b);
  cli_json_string (b, "arm", arm);
  cli_json_string (b, "metric", rf_ab_metric_name (metric));
  cli_json_int (b, "users_control", (gint64) r->n_a);
  cli_json_int (b, "users", (gint64) r->n_b);
  cli_json_number (b, "control", r->a);
  cli_json_number (b, "treatment", r->b);
  cli_json_number (b, "difference", r->difference);
  cli_json_number (b, "low", r->low);
  cli_json_number (b, "high", r->high);
  cli_json_number (b, "lift", r->lift);
  cli_json_number (b, "lift_low", r->lift_low);
  cli_json_number (b, "lift_high", r->lift_high);
  cli_json_number (b, "p", r->p);
  cli_json_number (b, "sequential_p", r->sequential_p);
  cli_json_number (b, "variance_reduction", r->reduction);
  json_builder_end_object (b);
}

static void
print_result (const char *arm, RfAbMetric metric, const RfAbResult *r)
{
  cli_print ("%-10s %-22s %10.5g %10.5g %+9.2f%% [%+.2f%%, %+.2f%%] %8.4g", arm, rf_ab_metric_name (metric), r->a, r->b, 100 * r->lift, 100 * r->lift_low, 100 * r->lift_high, r->p);
  cli_print (isnan (r->sequential_p) ? "        –\n" : " %8.4g\n", r->sequential_p);
}

static double
check_ratio (const RfAbLog *log, const double *weights, guint n)
{
  g_autofree guint64 *counts = g_new0 (guint64, log->arms->len);
  g_autofree double *even = g_new (double, log->arms->len);

  for (guint a = 0; a < log->arms->len; a++)
    even[a] = n == log->arms->len ? weights[a] : 1;
  for (guint u = 0; u < log->users->len; u++)
    counts[g_array_index (log->users, RfAbUser, u).arm]++;
  return rf_ab_sample_ratio (counts, even, log->arms->len);
}

static int
analyse (Cli *cli, const Options *o, JsonBuilder *b)
{
  g_autoptr(RfAbLog) log = NULL;
  GError *error = NULL;
  double weights[100], ratio;
  guint n = 0;

  if (cli->n_arguments != 2)
    return cli_wrong_usage (cli, _("ab analyse needs a log: user_id,arm,impressions,clicks,conversions,value[,pre]."));
  if (o->weights && !parse_weights (o->weights, weights, &n))
    return cli_wrong_usage (cli, _("--weights are 2 to 100 numbers above 0 with commas between."));
  if ((log = rf_ab_log_read (cli->arguments[1], &error)) == NULL || (o->control && !rf_ab_log_set_control (log, o->control, &error)))
    return cli_failed (cli, error);
  if (n > 0 && n != log->arms->len)
    return cli_wrong_usage (cli, _("There are %u arms in the log and %u --weights."), log->arms->len, n);
  ratio = check_ratio (log, weights, n);
  json_builder_begin_object (b);
  cli_json_int (b, "users", log->users->len);
  cli_json_int (b, "crossed_users", (gint64) log->crossed);
  cli_json_number (b, "sample_ratio_p", ratio);
  cli_json_bool (b, "sample_ratio_alarm", ratio < RF_AB_RATIO_ALARM);
  cli_json_string (b, "control", log->arms->pdata[0]);
  json_builder_set_member_name (b, "results");
  json_builder_begin_array (b);
  if (ratio < RF_AB_RATIO_ALARM)
    cli_note (cli, _("ALARM: the arms do not have the shares that they should (p %.2g); find out why before reading the results."), ratio);
  if (log->crossed > 0)
    cli_note (cli, _("%zu users were seen in two arms and are left out."), log->crossed);
  if (!cli->json)
    cli_print ("%-10s %-22s %10s %10s %10s %s %14s %8s\n", _("arm"), _("metric"), (const char *) log->arms->pdata[0], _("treated"), _("lift"), _("interval"), "p", _("any time"));
  for (guint arm = 1; arm < log->arms->len; arm++)
    for (RfAbMetric m = 0; m < RF_AB_N_METRICS; m++)
      {
        RfAbResult r;

        if (!rf_ab_analyse (log, arm, m, o->alpha, &r))
          continue;
        if (cli->json)
          add_result (b, log->arms->pdata[arm], m, &r);
        else
          print_result (log->arms->pdata[arm], m, &r);
      }
  json_builder_end_array (b);
  json_builder_end_object (b);
  return cli->json ? cli_print_json (cli, b) : CLI_FINE;
}

typedef struct
{
  RfInterleaving interleaving;
  RfReplay replay;
  double truth;
} Simulated;

static gboolean
simulate_runs (Cli *cli, const Options *o, Simulated *s, GError **error)
{
  static const RfClickModel model = { 1, .6, .05 };
  g_autoptr(RfWorkspace) workspace = rf_workspace_open (cli->arguments[1], error);
  g_autoptr(RfTrained) a = workspace ? rf_trained_load (workspace, cli->arguments[2], error) : NULL, b = a ? rf_trained_load (workspace, cli->arguments[3], error) : NULL;
  g_autofree guint32 *list_a = NULL, *list_b = NULL;
  const RfCsr *held;

  if (b == NULL)
    return FALSE;
  held = a->split->part[RF_PART_VALID];
  if (strcmp (a->run->split_hash, b->run->split_hash) != 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_DATA, _("%s and %s hold out different interactions; train both with the same seed and split.* settings."), a->run->id, b->run->id);
      return FALSE;
    }
  list_a = rf_top_lists (rf_score_with_model, a->model, a->model->n_items, a->split->history, held, (guint) o->k, &cli->progress, error);
  if (list_a != NULL)
    list_b = rf_top_lists (rf_score_with_model, b->model, b->model->n_items, b->split->history, held, (guint) o->k, &cli->progress, error);
  if (list_b == NULL)
    return FALSE;
  rf_simulate_interleaving (list_a, list_b, (guint) o->k, held, &model, o->seed, &s->interleaving);
  rf_simulate_replay (list_a, list_b, (guint) o->k, a->model->n_items, held, &model, .2, o->seed, &s->replay, &s->truth);
  return TRUE;
}

static int
simulate (Cli *cli, const Options *o, JsonBuilder *b)
{
  GError *error = NULL;
  Simulated s;

  if (cli->n_arguments != 4)
    return cli_wrong_usage (cli, _("ab simulate needs FILE.refract and two runs."));
  if (o->k < 1 || o->k > 1000)
    return cli_wrong_usage (cli, _("--cutoff is 1 to 1000."));
  if (!simulate_runs (cli, o, &s, &error))
    return cli_failed (cli, error);
  if (cli->json)
    {
      json_builder_begin_object (b);
      cli_json_int (b, "users", s.interleaving.users);
      cli_json_int (b, "wins_a", s.interleaving.wins_a);
      cli_json_int (b, "wins_b", s.interleaving.wins_b);
      cli_json_int (b, "ties", s.interleaving.ties);
      cli_json_number (b, "p", s.interleaving.p);
      cli_json_number (b, "expected_clicks_a", s.interleaving.clicks_a);
      cli_json_number (b, "expected_clicks_b", s.interleaving.clicks_b);
      cli_json_number (b, "replay_ips", s.replay.ips);
      cli_json_number (b, "replay_error", s.replay.ips_error);
      cli_json_number (b, "replay_snips", s.replay.snips);
      cli_json_number (b, "replay_effective_n", s.replay.effective_n);
      cli_json_number (b, "replay_truth", s.truth);
      json_builder_end_object (b);
      return cli_print_json (cli, b);
    }
  cli_print (_("Simulated readers who like their held-out items (position-based clicks), %u users\n"), s.interleaving.users);
  cli_print (_("  interleaved: %s wins %u, %s wins %u, ties %u, p %.4g\n"), cli->arguments[2], s.interleaving.wins_a, cli->arguments[3], s.interleaving.wins_b, s.interleaving.ties, s.interleaving.p);
  cli_print (_("  expected clicks a list: %.4f against %.4f\n"), s.interleaving.clicks_a, s.interleaving.clicks_b);
  cli_print (_("  replay of %s from logs of %s: %.4f ± %.4f (self-normalised %.4f, effective users %.0f); truth %.4f\n"), cli->arguments[3], cli->arguments[2], s.replay.ips, s.replay.ips_error, s.replay.snips, s.replay.effective_n, s.truth);
  return CLI_FINE;
}

int
cli_run_ab (int argc, char **argv)
{
  Options o = { .alpha = .05, .power = .8, .arms = 2, .k = 20, .seed = 1 };
  int seed = 1;
  const GOptionEntry entries[] = {
    { "base", 0, 0, G_OPTION_ARG_DOUBLE, &o.base, N_("plan: the proportion or mean now"), "X" },
    { "deviation", 0, 0, G_OPTION_ARG_DOUBLE, &o.deviation, N_("plan: standard deviation of one user; given: a mean, else a proportion"), "S" },
    { "effect", 0, 0, G_OPTION_ARG_DOUBLE, &o.effect, N_("plan: the change to detect"), "D" },
    { "lift", 0, 0, G_OPTION_ARG_DOUBLE, &o.lift, N_("plan: the same in per cent of --base"), "PERCENT" },
    { "users", 0, 0, G_OPTION_ARG_DOUBLE, &o.users, N_("plan: users an arm that there will be"), "N" },
    { "per-day", 0, 0, G_OPTION_ARG_DOUBLE, &o.per_day, N_("plan: new users a day"), "N" },
    { "power", 0, 0, G_OPTION_ARG_DOUBLE, &o.power, N_("plan: default 0.8"), "P" },
    { "arms", 0, 0, G_OPTION_ARG_INT, &o.arms, N_("plan: default 2"), "N" },
    { "alpha", 0, 0, G_OPTION_ARG_DOUBLE, &o.alpha, N_("plan, analyse: error rate; default 0.05"), "A" },
    { "salt", 0, 0, G_OPTION_ARG_FILENAME, &o.salt, N_("assign: the name of the test"), "TEXT" },
    { "weights", 0, 0, G_OPTION_ARG_FILENAME, &o.weights, N_("assign, analyse: shares of the arms; default equal"), "W,…" },
    { "control", 0, 0, G_OPTION_ARG_FILENAME, &o.control, N_("analyse: the arm to hold the others against; default the first"), "ARM" },
    { "cutoff", 'k', 0, G_OPTION_ARG_INT, &o.k, N_("simulate: length of the lists; default 20"), "K" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &seed, N_("simulate: default 1"), "N" },
    { NULL },
  };
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  Cli cli;
  int status;

  if (!cli_begin (&cli, "ab", "plan|assign|analyse|simulate [LOG.csv | IDS.txt | FILE.refract RUN RUN]", N_("Online A/B tests: how many users, who gets what, what came out, and a rehearsal on held-out items."), entries, 1, 4, argc, argv, &status))
    return status;
  o.seed = (guint64) MAX (seed, 0);
  if (!(o.alpha > 0 && o.alpha < 1))
    status = cli_wrong_usage (&cli, _("--alpha is between 0 and 1."));
  else if (strcmp (cli.arguments[0], "plan") == 0)
    status = plan (&cli, &o, builder);
  else if (strcmp (cli.arguments[0], "assign") == 0)
    status = assign (&cli, &o);
  else if (strcmp (cli.arguments[0], "analyse") == 0)
    status = analyse (&cli, &o, builder);
  else if (strcmp (cli.arguments[0], "simulate") == 0)
    status = simulate (&cli, &o, builder);
  else
    status = cli_wrong_usage (&cli, _("There is no “ab %s”; it is plan, assign, analyse or simulate."), cli.arguments[0]);
  g_free (o.salt);
  g_free (o.weights);
  g_free (o.control);
  return cli_end (&cli, status);
}
