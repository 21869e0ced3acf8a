/* test-jobs.c: the jobs of the application, without a window: look, import as planned, open, measure, make the sample; and stop.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <time.h>

#include "app/refract-import-job.h"
#include "app/refract-open-job.h"
#include "app/refract-preview-job.h"
#include "app/refract-sample-job.h"
#include "app/refract-stats-job.h"
#include "core/base/rf-error.h"
#include "core/base/rf-linalg.h"
#include "tests/support/folder.h"

typedef struct
{
  gboolean ended, ok;
  GError *error;
} Outcome;

static void
ended_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  Outcome *outcome = data;

  outcome->ok = refract_job_run_finish (REFRACT_JOB (object), result, &outcome->error);
  outcome->ended = TRUE;
}

/* Runs a job to its end in the main context. */
static gboolean
run (gpointer job, GError **error)
{
  Outcome outcome = { FALSE, FALSE, NULL };

  refract_job_run_async (job, ended_cb, &outcome);
  g_assert_true (refract_job_get_running (job));
  while (!outcome.ended)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (refract_job_get_running (job));
  if (outcome.error != NULL)
    g_propagate_error (error, outcome.error);
  return outcome.ok;
}

static void
test_plan (void)
{
  g_autoptr(RefractImportPlan) plan = refract_import_plan_new (), copy = NULL;
  g_auto(RefractImportOptions) options = { 0 };

  g_assert_false (refract_import_plan_is_filtered (plan));
  refract_import_options_init (&options, plan);
  g_assert_null (options.options.filter);
  refract_import_options_clear (&options);
  refract_import_plan_set_role (plan, "name", "title", "");
  refract_import_plan_set_role (plan, "label", "title", NULL); /* the later one comes first */
  g_assert_cmpstr (plan->map->pdata[0], ==, "title=label");
  refract_import_plan_set_role (plan, "label", "", "title"); /* and goes again: nobody but the earlier one */
  g_assert_cmpuint (plan->map->len, ==, 2);
  g_assert_true (g_ptr_array_find_with_equal_func (plan->map, "title=name", g_str_equal, NULL));
  g_assert_true (g_ptr_array_find_with_equal_func (plan->map, "title=", g_str_equal, NULL));
  g_ptr_array_add (plan->events, g_strdup ("view=0"));
  plan->filter.k_core = 5;
  copy = refract_import_plan_copy (plan);
  g_assert_true (refract_import_plan_is_filtered (copy));
  refract_import_options_init (&options, copy);
  g_assert_nonnull (options.options.filter);
  g_assert_cmpstr (options.filter.events[0], ==, "view=0");
  g_assert_cmpuint (options.filter.k_core, ==, 5);
}

/* What the assistant shows is what is imported. */
static void
test_look_and_import (void)
{
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "out.refract", NULL);
  g_autoptr(RefractImportPlan) plan = refract_import_plan_new ();
  g_autoptr(RefractPreviewJob) look = NULL;
  g_autoptr(RefractImportJob) import = NULL;
  g_autoptr(GError) error = NULL;
  RfCatalog *shown, *imported;

  test_folder_fill (folder);
  plan->filter.has_min_rating = TRUE;
  plan->filter.min_rating = 4;
  refract_import_plan_set_role (plan, "description", "", "description");
  look = refract_preview_job_new (folder, plan);
  g_assert_null (refract_preview_job_get_preview (look));
  g_assert_true (run (look, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (refract_preview_job_get_preview (look)->tables->len, ==, 2);
  g_assert_cmpuint (refract_preview_job_get_unfiltered (look)->n_interactions, ==, 6);
  shown = refract_preview_job_get_catalog (look);
  import = refract_import_job_new (folder, path, plan);
  g_assert_true (run (import, &error));
  g_assert_no_error (error);
  imported = refract_session_get_catalog (refract_import_job_get_session (import));
  g_assert_cmpuint (rf_catalog_get_n_interactions (shown), ==, 3);
  g_assert_cmpuint (rf_catalog_get_n_interactions (imported), ==, 3);
  g_assert_cmpuint (rf_catalog_get_n_users (imported), ==, rf_catalog_get_n_users (shown));
  g_assert_cmpuint (rf_catalog_count_images (imported), ==, rf_catalog_count_images (shown));
  g_assert_cmpstr (rf_catalog_get_item_description (imported, 0), ==, "");
  g_assert_cmpuint (rf_import_report_get_n_kinds (refract_session_get_report (refract_import_job_get_session (import))), ==,
                    rf_import_report_get_n_kinds (refract_preview_job_get_report (look)));
  test_folder_remove (folder);
}

static void
test_cancel (void)
{
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "out.refract", NULL);
  g_autoptr(RefractImportJob) import = NULL;
  g_autoptr(GError) error = NULL;

  test_folder_fill (folder);
  import = refract_import_job_new (folder, path, NULL);
  refract_job_cancel (REFRACT_JOB (import));
  g_assert_false (run (import, &error));
  g_assert_true (refract_job_error_is_cancelled (error));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (test_folder_count (folder), ==, 3); /* items, interactions, images: no temporary file is left */
  test_folder_remove (folder);
}

/* A job that looks at its progress once in half a second. */
#define TEST_TYPE_DEAF_JOB (test_deaf_job_get_type ())
G_DECLARE_FINAL_TYPE (TestDeafJob, test_deaf_job, TEST, DEAF_JOB, RefractJob)

struct _TestDeafJob
{
  RefractJob parent_instance;
};

G_DEFINE_FINAL_TYPE (TestDeafJob, test_deaf_job, REFRACT_TYPE_JOB)

static gboolean
test_deaf_job_run (RefractJob *job, RfProgress *progress, GError **error)
{
  do
    g_usleep (G_USEC_PER_SEC / 2);
  while (rf_progress_step (progress, "", -1, error));
  return FALSE;
}

static void
test_deaf_job_class_init (TestDeafJobClass *klass)
{
  REFRACT_JOB_CLASS (klass)->run = test_deaf_job_run;
}

static void
test_deaf_job_init (TestDeafJob *self)
{
}

static void
count_cb (guint *count)
{
  (*count)++;
}

/* Whoever cancels is answered at once; the thread ends later, and says so. */
static void
test_let_go (void)
{
  RefractJob *job = g_object_new (TEST_TYPE_DEAF_JOB, NULL);
  Outcome outcome = { FALSE, FALSE, NULL };
  guint ended = 0;
  gint64 clicked;

  g_signal_connect_swapped (job, "ended", G_CALLBACK (count_cb), &ended);
  refract_job_run_async (job, ended_cb, &outcome);
  clicked = g_get_monotonic_time ();
  refract_job_let_go (job);
  refract_job_let_go (job);
  while (!outcome.ended)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpfloat ((double) (g_get_monotonic_time () - clicked) / 1e6, <, 0.4); /* 0.06 where nothing else runs */
  g_assert_true (refract_job_error_is_cancelled (outcome.error));
  g_assert_true (refract_job_is_ending (job));
  g_assert_cmpuint (ended, ==, 0);
  while (ended == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (refract_job_is_ending (job));
  g_assert_false (refract_job_get_running (job));
  g_clear_error (&outcome.error);
  g_assert_finalize_object (job);
}

static void
test_nothing_there (void)
{
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "none.refract", NULL);
  g_autoptr(RefractImportPlan) plan = refract_import_plan_new ();
  g_autoptr(RefractOpenJob) open = refract_open_job_new (path);
  g_autoptr(RefractPreviewJob) look = refract_preview_job_new (folder, plan);
  g_autoptr(GError) error = NULL, unknown = NULL;

  g_assert_false (run (open, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_IO);
  g_assert_false (run (look, &unknown));
  g_assert_error (unknown, RF_ERROR, RF_ERROR_FORMAT);
  g_assert_null (refract_preview_job_get_preview (look));
  test_folder_remove (folder);
}

static void
test_stats (void)
{
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "out.refract", NULL);
  g_autoptr(RefractImportJob) import = NULL;
  g_autoptr(RefractStatsJob) stats = NULL;
  g_autoptr(GError) error = NULL;

  test_folder_fill (folder);
  import = refract_import_job_new (folder, path, NULL);
  g_assert_true (run (import, &error));
  stats = refract_stats_job_new (refract_import_job_get_session (import));
  g_assert_true (run (stats, &error));
  g_assert_cmpuint (refract_stats_job_get_stats (stats)->ratings.n, ==, 5);
  test_folder_remove (folder);
}

static double
cpu_seconds (void)
{
  struct timespec t;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double) t.tv_sec + (double) t.tv_nsec * 1e-9;
}

/* A newcomer waits for it: made, imported and trained; the second time it is only opened. */
static void
test_sample (void)
{
  char *folder = test_folder_new ();
  g_autoptr(RefractSampleJob) first = refract_sample_job_new (folder), second = refract_sample_job_new (folder);
  g_autoptr(GError) error = NULL;
  double before = cpu_seconds (), made, opened;

  g_assert_true (run (first, &error));
  g_assert_no_error (error);
  made = cpu_seconds () - before;
  g_assert_nonnull (refract_session_get_trained (refract_sample_job_get_session (first)));
  before = cpu_seconds ();
  g_assert_true (run (second, &error));
  opened = cpu_seconds () - before;
  g_test_message ("the sample: %.1f s of CPU to make (%.1f s by the clock), %.2f s to open", made, refract_job_get_seconds (REFRACT_JOB (first)), opened);
  g_assert_cmpfloat (opened, <, made);
  test_folder_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  g_test_add_func ("/app/plan", test_plan);
  g_test_add_func ("/app/look-and-import", test_look_and_import);
  g_test_add_func ("/app/cancel", test_cancel);
  g_test_add_func ("/app/let-go", test_let_go);
  g_test_add_func ("/app/nothing-there", test_nothing_there);
  g_test_add_func ("/app/stats", test_stats);
  g_test_add_func ("/app/sample", test_sample);
  return g_test_run ();
}
