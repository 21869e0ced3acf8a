/* bench-journey.c: what an analyst does with the sample, and the longest turn of the main loop in each part of it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "bench-ui.h"
#include "core/plot/rf-plot.h"
#include "tests/support/turns.h"
#include "ui/pages/refract-share-view.h"
#include "ui/refract-export-window.h"

#define BUDGET 50
#define NOTE   25 /* milliseconds: turns above are told with what they were spent on */
#define USERS  50
#define ITEMS  12

static void
phase (const char *name)
{
  static const char *last;
  const char *where;
  double longest = test_turns_get_longest (&where);

  if (last)
    {
      g_autofree char *title = g_strdup_printf ("longest turn: %s", last);

      bench_row (title, longest, "ms", BUDGET);
    }
  last = name;
  test_turns_set_phase (name);
  test_turns_reset ();
}

static void
settle (RefractWindow *window)
{
  if (window->training == NULL) /* else it would be waited for, too */
    turn_until (window_is_settled, window);
  bench_turn_for (400); /* rows that are not seen, pictures, transitions */
}

static gboolean
is_trained (gpointer window)
{
  return REFRACT_WINDOW (window)->training == NULL;
}

static gboolean
is_under_way (gpointer window)
{
  RefractJob *job = REFRACT_WINDOW (window)->training;

  return job == NULL || refract_training_job_get_points (REFRACT_TRAINING_JOB (job))->len > 0;
}

static void
try_the_sample (RefractWindow *window)
{
  gint64 started = g_get_monotonic_time ();

  gtk_widget_activate_action (GTK_WIDGET (window), "win.sample", NULL);
  turn_until (window_has_document, window);
  bench_row ("Try the sample, by the clock", (double) (g_get_monotonic_time () - started) / 1e6, "s", 20);
  settle (window);
}

static void
look_through_catalog (RefractWindow *window)
{
  const char *const typed[] = { "s", "sh", "shi", "", NULL };
  GtkWidget *grid = find_widget (GTK_WIDGET (window->catalog_page), GTK_TYPE_GRID_VIEW);
  GtkAdjustment *adjustment;
  RfCatalog *catalog = refract_session_get_catalog (window->session);

  phase ("Catalog, first shown");
  refract_window_show_page (window, "catalog");
  settle (window);
  phase ("Catalog, scrolled");
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (gtk_widget_get_ancestor (grid, GTK_TYPE_SCROLLED_WINDOW)));
  for (guint f = 0; f < 60; f++)
    {
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + 240);
      bench_turn_for (17);
    }
  phase ("Catalog, searched");
  for (guint t = 0; typed[t]; t++)
    {
      refract_catalog_page_search (window->catalog_page, typed[t]);
      bench_turn_for (400);
    }
  phase ("Catalog, items chosen");
  for (guint i = 0; i < ITEMS; i++)
    {
      refract_catalog_page_choose_item (window->catalog_page, rf_catalog_get_item_id (catalog, 7 * i));
      settle (window);
    }
  phase ("Catalog, charts");
  refract_catalog_page_show_charts (window->catalog_page, TRUE);
  settle (window);
  refract_catalog_page_show_charts (window->catalog_page, FALSE);
  settle (window);
}

static void
choose_users (RefractWindow *window, guint n)
{
  RfCatalog *catalog = refract_session_get_catalog (window->session);

  for (guint u = 0; u < n; u++)
    {
      refract_explore_page_choose_user (window->explore_page, rf_catalog_get_user_id (catalog, 7 * u + 3));
      turn_until (bench_is_ranked, window);
      if (u % 4 == 0)
        settle (window);
      else
        bench_turn_for (50);
    }
}

static void
explore (RefractWindow *window)
{
  RefractShareView *shares = REFRACT_SHARE_VIEW (find_widget (GTK_WIDGET (window->explore_page), REFRACT_TYPE_SHARE_VIEW));

  phase ("Explore, first shown");
  refract_window_show_page (window, "explore");
  settle (window);
  phase ("Explore, users chosen");
  choose_users (window, USERS);
  phase ("Explore, items of a ranking chosen");
  for (guint p = 1; p <= ITEMS; p++)
    {
      refract_explore_page_choose_place (window->explore_page, 3 * p);
      settle (window);
    }
  phase ("Explore, slider moved");
  for (guint m = 0; m <= 40; m++)
    {
      refract_explore_page_set_weight (window->explore_page, 0, 0.05 * m);
      bench_turn_for (17);
    }
  refract_explore_page_set_weight (window->explore_page, 0, 1);
  settle (window);
  phase ("Explore, every item in the triangle");
  refract_share_view_show (shares, REFRACT_SHARES_EVERY_ITEM);
  settle (window);
  refract_share_view_show (shares, REFRACT_SHARES_TOP);
  settle (window);
  phase ("Explore, overview");
  refract_explore_page_show_overview (window->explore_page, TRUE);
  settle (window);
  refract_explore_page_show_overview (window->explore_page, FALSE);
  settle (window);
}

/* A network that does not end by itself while the pages are used, and one that does. */
static void
train (RefractWindow *window)
{
  const char *const endless[] = { "fusion=user-attention", "head=per-modality", "epochs=2000", "stopping_step=2000", NULL };
  const char *const network[] = { "fusion=user-attention", "head=per-modality", "epochs=12", "stopping_step=12", NULL };

  phase ("Train, first shown");
  refract_window_show_page (window, "train");
  settle (window);
  phase ("Train, a network in training");
  refract_train_page_apply (window->train_page, endless);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.train", NULL);
  turn_until (is_under_way, window);
  bench_turn_for (3000);
  phase ("Explore, while a network is trained");
  refract_window_show_page (window, "explore");
  choose_users (window, 8);
  phase ("Catalog, while a network is trained");
  refract_window_show_page (window, "catalog");
  refract_catalog_page_search (window->catalog_page, "s");
  bench_turn_for (800);
  refract_catalog_page_search (window->catalog_page, "");
  phase ("Train, a network in training, again");
  refract_window_show_page (window, "train");
  bench_turn_for (2000);
  g_assert_nonnull (window->training);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.cancel-training", NULL);
  turn_until (is_trained, window);
  settle (window);
  phase ("Train, a network trained to its end");
  refract_train_page_apply (window->train_page, network);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.train", NULL);
  turn_until (is_trained, window);
  settle (window);
}

static void
compare (RefractWindow *window)
{
  static const char *const tabs[] = { "users", "lists", "slices", "plan", "metrics" };
  GListModel *runs = refract_session_get_runs (window->session);
  g_autoptr(RefractRun) newer = g_list_model_get_item (runs, 0), older = g_list_model_get_item (runs, 1);

  phase ("Compare, first shown");
  refract_window_show_page (window, "compare");
  settle (window);
  phase ("Compare, two runs");
  if (newer && older)
    refract_window_compare (window, refract_run_get_id (older), refract_run_get_id (newer));
  settle (window);
  phase ("Compare, its tabs");
  for (gsize t = 0; t < G_N_ELEMENTS (tabs); t++)
    {
      refract_window_show_tab (window, tabs[t]);
      settle (window);
    }
}

static void export(RefractWindow *window, const char *folder)
{
  static const char *const names[] = { "report.html", "report.pdf", "report.csv" };
  GtkWidget *dialog;

  phase ("Export, the window");
  refract_window_show_page (window, "explore");
  settle (window);
  dialog = refract_export_window_new (GTK_WINDOW (window), window->session, refract_explore_page_get_user (window->explore_page), NULL, 0, NULL);
  gtk_window_present (GTK_WINDOW (dialog));
  bench_turn_for (400);
  gtk_window_destroy (GTK_WINDOW (dialog));
  phase ("Export, reports written");
  for (gsize f = 0; f < G_N_ELEMENTS (names); f++)
    {
      g_autofree char *path = g_build_filename (folder, names[f], NULL);

      refract_window_export (window, path);
      settle (window);
    }
}

static void
import (RefractWindow *window)
{
  g_autofree char *source = g_build_filename (g_get_user_data_dir (), "refract", "sample", NULL);

  phase ("Import assistant, the sample's files");
  refract_window_open (window, source);
  settle (window);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.import-leave", NULL);
  settle (window);
}

void
bench_journey (const char *folder, gboolean profile)
{
  RefractWindow *window;

  window = bench_new_window ();
  turn_until (window_is_settled, window);
  bench_turn_for (400);
  test_turns_start (NOTE, profile);
  phase ("Welcome, the sample made and opened");
  try_the_sample (window);
  look_through_catalog (window);
  train (window);
  explore (window);
  compare (window);
  export(window, folder);
  import (window);
  phase (NULL);
  if (profile)
    {
      g_print ("\nTurns above %d ms of processor time:\n", NOTE);
      test_turns_print ();
    }
  test_turns_stop ();
  bench_stopping (window, "sample", (const char *const[]){ NULL }, 5, 60);
  bench_stopping (window, "sample, network", (const char *const[]){ "fusion=user-attention", "head=per-modality", "epochs=2000", "stopping_step=2000", NULL }, 5, 400);
  gtk_window_destroy (GTK_WINDOW (window));
}
