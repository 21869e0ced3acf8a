/* test-window.c: the whole journey in one window: import, train with cancel, look, move a slider, export; and widgets that go away.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/rf-linalg.h"
#include "core/catalog/rf-sample.h"
#include "tests/support/folder.h"
#include "tests/support/ui-helpers.h"
#include "ui/charts/refract-plot.h"
#include "ui/pages/refract-item-panel.h"
#include "ui/refract-screenshot.h"
#include "ui/refract-window-private.h"

/* Budget of a turn, with slack for slower processors. Processor time says nothing under a sanitizer or without optimisation, and too much where
 * threads of others share the cores. */
#define LONGEST_TURN_MS 50
#define SLACK           2
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(__clang__) || !defined(__OPTIMIZE__)
#  define TURNS_ARE_JUDGED FALSE
#else
#  define TURNS_ARE_JUDGED TRUE
#endif

static RefractApplication *application;
static char *folder;

static gboolean
has_points (gpointer window)
{
  RefractJob *job = REFRACT_WINDOW (window)->training;

  return job == NULL || refract_training_job_get_points (REFRACT_TRAINING_JOB (job))->len > 0;
}

static gboolean
has_ranking (gpointer window)
{
  return refract_window_is_settled (window) && refract_explore_page_get_ranking (REFRACT_WINDOW (window)->explore_page) != NULL;
}

/* How long this thread has run and how long it has waited for a processor, in ns; FALSE where the system does not tell. */
static gboolean
read_schedule (guint64 *ran, guint64 *waited)
{
  g_autofree char *text = NULL;

  return g_file_get_contents ("/proc/thread-self/schedstat", &text, NULL, NULL) && sscanf (text, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, ran, waited) == 2 && *ran > 0;
}

/* Since then, did this thread get a processor when it wanted one? */
static gboolean
machine_has_time (guint64 ran_before, guint64 waited_before)
{
  guint64 ran, waited;
  double load;

  if (!read_schedule (&ran, &waited))
    return getloadavg (&load, 1) == 1 && load <= g_get_num_processors ();
  g_test_message ("the main thread ran for %.1f s and waited %.1f s for a processor", (double) (ran - ran_before) / 1e9, (double) (waited - waited_before) / 1e9);
  return waited - waited_before <= ran - ran_before;
}

static RefractWindow *
open_window (void)
{
  RefractWindow *window = refract_window_new (GTK_APPLICATION (application));

  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
test_empty_window (void)
{
  RefractWindow *window = open_window ();

  wait_until (window_is_settled, window);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (window->main_stack), ==, "welcome");
  g_assert_false (gtk_widget_is_sensitive (GTK_WIDGET (window->export_button)));
  close_window (window);
}

static void
test_broken_document (void)
{
  RefractWindow *window = open_window ();
  g_autofree char *path = g_build_filename (folder, "broken.refract", NULL);

  g_assert_true (g_file_set_contents (path, "this is no document", -1, NULL));
  refract_window_open (window, path);
  wait_until (window_is_settled, window);
  g_assert_null (refract_window_get_session (window));
  g_assert_cmpstr (gtk_stack_get_visible_child_name (window->main_stack), ==, "welcome");
  close_window (window);
}

/* What the page shows is what core ranks. */
static void
assert_shows (RefractWindow *window, const float *weights)
{
  RfTrained *trained = refract_session_get_trained (window->session);
  guint32 user = refract_explore_page_get_user (window->explore_page);
  const RfCsr *train = trained->split->part[RF_PART_TRAIN];
  RfRankOptions options = { .k = 50, .weights = weights };
  g_autoptr(RfRanking) expected = rf_rank_history (trained->model, rf_csr_row (train, user), rf_csr_row_length (train, user), user, &options);
  RefractRanking *shown = refract_explore_page_get_ranking (window->explore_page);

  for (guint j = 0; j < expected->n; j++)
    {
      g_assert_cmpuint (shown->ranking->items[j].item, ==, expected->items[j].item);
      g_assert_cmpfloat (shown->ranking->items[j].score, ==, expected->items[j].score);
      g_assert_cmpfloat (shown->ranking->items[j].contribution[0], ==, expected->items[j].contribution[0]);
    }
}

static void
explore (RefractWindow *window)
{
  const float muted[RF_MAX_MODALITIES] = { 0, 1, 1, 1, 1, 1 };

  refract_window_show_page (window, "explore");
  g_assert_true (refract_window_choose (window, "U0005", 3));
  g_assert_false (refract_window_choose (window, "nobody", 1));
  wait_until (has_ranking, window);
  g_assert_cmpstr (rf_catalog_get_user_id (refract_session_get_catalog (window->session), refract_explore_page_get_user (window->explore_page)), ==, "U0005");
  assert_shows (window, NULL);
  refract_explore_page_set_weight (window->explore_page, 0, 0);
  wait_until (has_ranking, window);
  g_assert_true (refract_explore_page_get_ranking (window->explore_page)->reweighted);
  assert_shows (window, muted);
  refract_explore_page_set_weight (window->explore_page, 0, 1);
  wait_until (has_ranking, window);
  assert_shows (window, NULL);
}

static void
export_and_read (RefractWindow *window)
{
  g_autofree char *path = g_build_filename (folder, "report.csv", NULL), *text = NULL;
  RefractRanking *shown = refract_explore_page_get_ranking (window->explore_page);
  RfCatalog *catalog = refract_session_get_catalog (window->session);
  g_auto(GStrv) lines = NULL, cells = NULL;

  refract_window_export (window, path);
  wait_until (window_is_settled, window);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  cells = g_strsplit (lines[1], ",", -1);
  g_assert_cmpstr (cells[0], ==, "U0005");
  g_assert_cmpstr (cells[1], ==, rf_catalog_get_item_id (catalog, shown->ranking->items[0].item));
  g_assert_cmpfloat_with_epsilon (g_ascii_strtod (cells[3], NULL), shown->ranking->items[0].score, 1e-4);
}

static void
look_at_an_item (RefractWindow *window)
{
  GtkWidget *panel = find_widget (GTK_WIDGET (window->catalog_page), REFRACT_TYPE_ITEM_PANEL);

  refract_window_show_page (window, "catalog");
  g_assert_false (gtk_widget_get_visible (panel));
  g_assert_false (refract_catalog_page_choose_item (window->catalog_page, "nothing"));
  g_assert_true (refract_catalog_page_choose_item (window->catalog_page, rf_catalog_get_item_id (refract_session_get_catalog (window->session), 4)));
  g_assert_true (gtk_widget_get_visible (panel));
}

static void
pages_can_be_drawn (RefractWindow *window)
{
  static const char *const pages[] = { "catalog", "train", "explore" };

  for (gsize p = 0; p < G_N_ELEMENTS (pages); p++)
    {
      g_autofree char *name = g_strdup_printf ("%s.png", pages[p]), *path = g_build_filename (folder, name, NULL);

      refract_window_show_page (window, pages[p]);
      g_assert_cmpstr (adw_view_stack_get_visible_child_name (window->view_stack), ==, pages[p]);
      wait_until (window_is_settled, window);
      while (!refract_screenshot_write (GTK_WIDGET (window), path, NULL)) /* a layout is due: the next frame has it */
        g_main_context_iteration (NULL, TRUE);
    }
}

static void
test_journey (void)
{
  RefractWindow *window = open_window ();
  g_autofree char *catalog = g_build_filename (folder, "catalog", NULL);
  RfSampleOptions options = { .seed = 7, .n_users = 200, .n_items = 150 };
  guint64 ran = 0, waited = 0;
  double longest;

  read_schedule (&ran, &waited);
  g_assert_true (rf_sample_write (catalog, &options, NULL, NULL, NULL));
  take_longest_turn ();
  refract_window_open (window, catalog);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (window->main_stack), ==, "import");
  wait_until (window_is_settled, window);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.import-start", NULL);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (window->main_stack), ==, "busy");
  wait_until (window_has_document, window);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (window->main_stack), ==, "document");
  g_assert_cmpuint (rf_catalog_get_n_items (refract_session_get_catalog (window->session)), ==, 150);

  /* Cancelled: nothing is left of it. */
  gtk_widget_activate_action (GTK_WIDGET (window), "win.train", NULL);
  wait_until (has_points, window);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.cancel-training", NULL);
  wait_until (window_is_settled, window);
  if (refract_session_get_trained (window->session) == NULL)
    g_assert_cmpuint (g_list_model_get_n_items (refract_session_get_runs (window->session)), ==, 0);

  gtk_widget_activate_action (GTK_WIDGET (window), "win.train", NULL);
  wait_until (window_is_settled, window);
  g_assert_nonnull (refract_session_get_trained (window->session));
  g_assert_cmpuint (g_list_model_get_n_items (refract_session_get_runs (window->session)), >=, 1);

  explore (window);
  export_and_read (window);
  look_at_an_item (window);
  pages_can_be_drawn (window);
  longest = take_longest_turn ();
  g_test_message ("longest turn of the main loop: %.0f ms of CPU", longest);
  if (TURNS_ARE_JUDGED && machine_has_time (ran, waited))
    g_assert_cmpfloat (longest, <, SLACK * LONGEST_TURN_MS);
  else
    g_test_message ("not judged: sanitizers, no optimisation or a loaded machine");
  close_window (window);
}

static void
test_widgets_go_away (void)
{
  GtkWidget *pages[] = { refract_welcome_page_new (), refract_catalog_page_new (), refract_train_page_new (), refract_explore_page_new (),
                         refract_busy_page_new (), refract_item_panel_new (), refract_plot_new ("A plot", 10, 10) };

  assert_widgets_go_away (pages, G_N_ELEMENTS (pages));
}

int
main (int argc, char **argv)
{
  int status;

  gtk_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  folder = test_folder_new ();
  application = new_application ();
  g_test_add_func ("/ui/empty-window", test_empty_window);
  g_test_add_func ("/ui/broken-document", test_broken_document);
  g_test_add_func ("/ui/widgets-go-away", test_widgets_go_away);
  g_test_add_func ("/ui/journey", test_journey);
  status = g_test_run ();
  g_object_unref (application);
  test_folder_remove (folder);
  return status;
}
