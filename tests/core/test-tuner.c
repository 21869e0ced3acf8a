/* test-tuner.c: what is drawn, who goes on, going on after a stop; on a made-up objective.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/catalog/rf-importer.h"
#include "core/train/rf-tuner.h"
#include "tests/support/folder.h"

static const char space_text[] = "# what to try\n"
                                 "ease.lambda = 10..1000 log; evidence.guard = true|false\n"
                                 "knn.neighbours = 5..9\n";

typedef struct
{
  gint calls;
  gint stop_after; /* < 0: never */
  RfProgress *progress;
} Objective;

/* Best at lambda = 100 with the guard; a small budget adds an error that falls with it. Neighbours of 5 cannot be trained. */
static double
measure (const RfConfig *config, char **run_id, RfProgress *progress, void *data, GError **error)
{
  Objective *o = data;
  double lambda = rf_config_get_real (config, "ease.lambda"), users = (double) rf_config_get_int (config, "evidence.users");
  gint calls = g_atomic_int_add (&o->calls, 1) + 1;

  if (o->stop_after >= 0 && calls >= o->stop_after)
    rf_progress_cancel (o->progress);
  if (rf_config_get_int (config, "knn.neighbours") == 5)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_DATA, "five are too few");
      return NAN;
    }
  *run_id = g_strdup_printf ("run-%g", lambda);
  return (rf_config_get_bool (config, "evidence.guard") ? .1 : 0) - pow (log10 (lambda) - 2, 2) + sin (lambda) / sqrt (users);
}

static RfTuneSpace *
space_of (const char *text)
{
  g_autoptr(GError) error = NULL;
  RfTuneSpace *space = rf_tune_space_new (text, &error);

  g_assert_no_error (error);
  return space;
}

static void
test_draws (void)
{
  g_autoptr(RfTuneSpace) space = space_of (space_text);
  g_autoptr(RfConfig) base = rf_config_new ();
  guint below = 0, guarded = 0, counts[5] = { 0 };

  for (guint i = 0; i < 2000; i++)
    {
      g_autoptr(RfConfig) a = rf_tune_space_draw (space, base, 1, i), b = rf_tune_space_draw (space, base, 1, i);
      double lambda = rf_config_get_real (a, "ease.lambda");

      g_assert_cmpstr (rf_config_get (a, "ease.lambda"), ==, rf_config_get (b, "ease.lambda"));
      g_assert_cmpfloat (lambda, >=, 10);
      g_assert_cmpfloat (lambda, <=, 1000);
      below += lambda < 100;
      guarded += rf_config_get_bool (a, "evidence.guard");
      counts[rf_config_get_int (a, "knn.neighbours") - 5]++;
      g_assert_cmpstr (rf_config_get (a, "seed"), ==, rf_config_get (base, "seed"));
    }
  /* In the logarithm half is below 100; 2000 draws: within four deviations. */
  g_assert_cmpuint (below, >, 910);
  g_assert_cmpuint (below, <, 1090);
  g_assert_cmpuint (guarded, >, 910);
  g_assert_cmpuint (guarded, <, 1090);
  for (int c = 0; c < 5; c++)
    g_assert_cmpuint (counts[c], >, 320);
}

static void
test_refuses (void)
{
  static const char *const wrong[] = { "", "# nothing", "ease.lamda = 1..2", "ease.lambda = 2..1", "ease.lambda = 0..10 log", "ease.lambda = -1..10", "knn.neighbours = 1..x",
                                       "evidence.guard = true|maybe", "evidence.guard = 0..1", "ease.lambda", "ease.lambda = 1..2 lg" };
  g_autoptr(RfTuneSpace) space = space_of ("ease.lambda = 1..2");
  g_autoptr(RfConfig) base = rf_config_new ();
  g_autoptr(GError) error = NULL;
  const RfTuneOptions no_budget = { .trials = 3, .rungs = 2, .resource_key = "ease.lambda" };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_assert_null (rf_tune_space_new (wrong[i], &error));
      g_assert_error (error, RF_ERROR, RF_ERROR_CONFIG);
      g_clear_error (&error);
    }
  g_assert_null (rf_tune (space, base, &no_budget, measure, NULL, NULL, NULL, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CONFIG);
}

static RfTuneResult *
tune (guint rungs, guint threads, Objective *o, RfWorkspace *workspace, RfProgress *progress, GError **error)
{
  g_autoptr(RfTuneSpace) space = space_of (space_text);
  g_autoptr(RfConfig) base = rf_config_new ();
  const RfTuneOptions options = { .trials = 27, .seed = 3, .rungs = rungs, .resource_key = "evidence.users", .threads = threads };

  g_assert_true (rf_config_set (base, "ease.lambda", "10", NULL)); /* of trial 0: far from the best */
  return rf_tune (space, base, &options, measure, o, workspace, progress, error);
}

/* 27 trials, then 9, 3, 1 and the base settings, with 1/27 of the budget at first; the same with three threads. */
static void
test_halving (void)
{
  Objective o = { .stop_after = -1 }, p = { .stop_after = -1 };
  g_autoptr(GError) error = NULL;
  g_autoptr(RfTuneResult) one = tune (4, 1, &o, NULL, NULL, &error), three = tune (4, 3, &p, NULL, NULL, &error);
  guint in_rung[4] = { 0 };

  g_assert_no_error (error);
  g_assert_cmpint (o.calls, ==, 41);
  g_assert_cmpint (p.calls, ==, 41);
  g_assert_cmpuint (one->jobs->len, ==, 41);
  for (guint j = 0; j < 41; j++)
    {
      const RfTuneJob *a = &g_array_index (one->jobs, RfTuneJob, j), *b = &g_array_index (three->jobs, RfTuneJob, j);

      in_rung[a->rung]++;
      g_assert_cmpuint (a->trial, ==, b->trial);
      g_assert_true (a->metric == b->metric || (isnan (a->metric) && isnan (b->metric)));
    }
  g_assert_cmpuint (in_rung[0], ==, 27);
  g_assert_cmpuint (in_rung[1], ==, 9);
  g_assert_cmpuint (in_rung[2], ==, 3);
  g_assert_cmpuint (in_rung[3], ==, 2);
  g_assert_cmpuint (one->best, ==, 40);
  g_assert_cmpuint (g_array_index (one->jobs, RfTuneJob, 39).trial, ==, 0);
  g_assert_cmpfloat (g_array_index (one->jobs, RfTuneJob, 40).metric, >, g_array_index (one->jobs, RfTuneJob, 39).metric);
  g_assert_cmpint (rf_config_get_int (one->config, "evidence.users"), ==, 2000);
  g_assert_true (rf_config_get_bool (one->config, "evidence.guard"));
  g_assert_cmpfloat (fabs (log10 (rf_config_get_real (one->config, "ease.lambda")) - 2), <, .4);
}

/* 3 values of lambda x 2 x 3 of the five whole numbers, each once, and the base settings. */
static void
test_grid (void)
{
  Objective o = { .stop_after = -1 };
  g_autoptr(RfTuneSpace) space = space_of (space_text), large = space_of ("ease.lambda = 1..9\ncontent.lambda = 0.1..0.9\ncontent.epsilon = 0.1..0.3\n");
  g_autoptr(RfConfig) base = rf_config_new ();
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GError) error = NULL;
  RfTuneOptions options = { .rungs = 1, .threads = 2, .grid = 3, .seed = 5, .trials = 2 };
  g_autoptr(RfTuneResult) result = rf_tune (space, base, &options, measure, &o, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (rf_tune_space_count (space, 3), ==, 18);
  g_assert_cmpuint (rf_tune_space_count (space, 7), ==, 7 * 2 * 5);
  g_assert_cmpint (o.calls, ==, 19);
  for (guint i = 0; i < 18; i++)
    {
      g_autoptr(RfConfig) config = rf_tune_space_pick (space, base, 3, i);
      double lambda = rf_config_get_real (config, "ease.lambda");
      gint64 neighbours = rf_config_get_int (config, "knn.neighbours");

      g_assert_true (fabs (lambda - 10) < 1e-3 || fabs (lambda - 100) < 1e-3 || fabs (lambda - 1000) < 1e-3);
      g_assert_true (neighbours == 5 || neighbours == 7 || neighbours == 9);
      g_assert_true (g_hash_table_add (seen, rf_config_to_text (config)));
    }
  g_assert_cmpfloat_with_epsilon (rf_config_get_real (result->config, "ease.lambda"), 100, 1e-3);
  g_assert_true (rf_config_get_bool (result->config, "evidence.guard"));
  options.grid = 30; /* 27,000 */
  g_assert_null (rf_tune (large, base, &options, measure, &o, NULL, NULL, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CONFIG);
}

static void
test_random_search (void)
{
  Objective o = { .stop_after = -1 };
  g_autoptr(GError) error = NULL;
  g_autoptr(RfTuneResult) result = tune (1, 2, &o, NULL, NULL, &error);
  const RfTuneJob *best;
  guint failed = 0;

  g_assert_no_error (error);
  g_assert_cmpint (o.calls, ==, 27);
  best = &g_array_index (result->jobs, RfTuneJob, result->best);
  for (guint j = 0; j < 27; j++)
    {
      const RfTuneJob *job = &g_array_index (result->jobs, RfTuneJob, j);

      failed += isnan (job->metric);
      g_assert_true (isnan (job->metric) || job->metric <= best->metric);
    }
  g_assert_cmpuint (failed, >, 0); /* some drew five neighbours; the search went on */
}

/* Stopped in the eleventh training; the second call does the other 31 and finds what an unbroken one finds. */
/* The spaces that are searched when nothing is said are spaces, and the base settings beat everything where nothing is better. */
static double
prefer_base (const RfConfig *config, char **run_id, RfProgress *progress, void *data, GError **error)
{
  return strcmp (rf_config_get (config, "ease.lambda"), "0") == 0 ? 1 - 1e-6 * (double) (2000 - rf_config_get_int (config, "evidence.users")) : .5;
}

static void
test_defaults (void)
{
  g_autoptr(RfConfig) base = rf_config_new (), network = rf_config_new ();
  g_autoptr(RfTuneSpace) first = space_of (rf_tune_default_space (base)), second = NULL;
  const RfTuneOptions options = { .trials = 9, .seed = 3, .rungs = 3, .resource_key = rf_tune_default_resource (base), .threads = 1 };
  g_autoptr(RfTuneResult) result = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (rf_config_set (network, "fusion", "attention", NULL));
  second = space_of (rf_tune_default_space (network));
  g_assert_cmpstr (rf_tune_default_resource (network), ==, "epochs");
  for (guint i = 1; i < 200; i++)
    {
      g_autoptr(RfConfig) drawn = rf_tune_space_draw (second, network, 1, i);

      g_assert_cmpstr (rf_config_get (drawn, "fusion"), !=, "evidence");
    }
  result = rf_tune (first, base, &options, prefer_base, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_array_index (result->jobs, RfTuneJob, result->best).trial, ==, 0);
  g_assert_cmpuint (result->jobs->len, ==, 9 + 3 + 1);
  g_assert_cmpstr (rf_config_get (result->config, "ease.lambda"), ==, "0");
}

static void
test_resume (void)
{
  char *folder = test_folder_new ();
  g_autofree char *source = g_build_filename (folder, "source", NULL), *path = g_build_filename (folder, "a.refract", NULL);
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(RfTuneResult) whole = NULL, result = NULL;
  g_autoptr(GError) error = NULL;
  RfProgress progress;
  Objective first = { .stop_after = 11, .progress = &progress }, second = { .stop_after = -1 }, third = { .stop_after = -1 };
  guint failed = 0;

  test_folder_fill (source);
  rf_import_to_workspace (source, path, NULL, report, NULL, &error);
  g_assert_no_error (error);
  workspace = rf_workspace_open (path, &error);
  g_assert_no_error (error);
  rf_progress_init (&progress, NULL, NULL);
  g_assert_null (tune (4, 1, &first, workspace, &progress, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpint (first.calls, ==, 11);
  result = tune (4, 1, &second, workspace, NULL, &error);
  g_assert_no_error (error);
  whole = tune (4, 1, &third, NULL, NULL, &error);
  /* Trials that failed are tried again: they may have failed for want of memory. */
  for (guint j = 0; j < 11; j++)
    failed += isnan (g_array_index (whole->jobs, RfTuneJob, j).metric);
  g_assert_cmpint (second.calls, ==, 41 - 11 + (int) failed);
  g_assert_cmpuint (result->resumed, ==, 11 - failed);
  g_assert_cmpstr (g_array_index (result->jobs, RfTuneJob, result->best).run_id, ==, g_array_index (whole->jobs, RfTuneJob, whole->best).run_id);
  g_clear_pointer (&workspace, rf_workspace_close);
  test_folder_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/draws", test_draws);
  g_test_add_func ("/tuner/refuses", test_refuses);
  g_test_add_func ("/tuner/halving", test_halving);
  g_test_add_func ("/tuner/random-search", test_random_search);
  g_test_add_func ("/tuner/grid", test_grid);
  g_test_add_func ("/tuner/defaults", test_defaults);
  g_test_add_func ("/tuner/resume", test_resume);
  return g_test_run ();
}
