/* test-train-page.c: presets, a network with its shares, pause and cancel and taking up again, the ladder, and SIGTERM.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "app/refract-settings.h"
#include "core/base/rf-linalg.h"
#include "core/plot/rf-plot-trials.h"
#include "tests/support/folder.h"
#include "tests/support/ui-helpers.h"
#include "ui/pages/refract-train-page-private.h"
#include "ui/pages/refract-train-presets.h"
#include "ui/refract-names.h"
#include "ui/refract-window-private.h"

static RefractApplication *application;
static char *folder, *document;

static gboolean
is_idle (gpointer window)
{
  return REFRACT_WINDOW (window)->training == NULL && refract_window_is_settled (window);
}

static gboolean
has_epochs (gpointer window)
{
  RefractJob *job = REFRACT_WINDOW (window)->training;

  return job == NULL || refract_training_job_get_points (REFRACT_TRAINING_JOB (job))->len >= 2;
}

static GtkWidget *
find_named (GtkWidget *widget, GType type, const char *action)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type) && GTK_IS_ACTIONABLE (widget) && g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), action) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_named (child, type, action);

      if (found)
        return found;
    }
  return NULL;
}

static void
test_presets (void)
{
  g_autoptr(RfConfig) config = rf_config_new ();
  const RefractTrainPreset *presets = refract_train_presets_get ();

  g_assert_cmpint (refract_train_presets_find (config), ==, 1); /* the defaults are the balanced ones */
  for (int p = 0; presets[p].title; p++)
    {
      g_autoptr(RfConfig) own = rf_config_new ();

      for (guint s = 0; presets[p].settings[s]; s++)
        g_assert_true (rf_config_set_assignment (own, presets[p].settings[s], NULL));
      g_assert_cmpint (refract_train_presets_find (own), ==, p);
      g_assert_true (rf_config_set (own, "seed", "77", NULL)); /* which is left aside */
      g_assert_cmpint (refract_train_presets_find (own), ==, p);
      g_assert_true (rf_config_set (own, "dropout", "0.123", NULL));
      g_assert_cmpint (refract_train_presets_find (own), ==, -1);
    }
}

/* What it will cost is told before it starts, and follows the settings. */
static void
test_cost (RefractWindow *window)
{
  RefractTrainPage *page = window->train_page;

  refract_train_page_apply (page, (const char *const[]){ "fusion=attention", "epochs=4000", NULL });
  g_assert_false (refract_train_page_is_settled (page));
  refract_train_page_apply (page, (const char *const[]){ "epochs=7", NULL }); /* the one of 4000 is never told */
  wait_until (is_idle, window);
  g_assert_nonnull (strstr (gtk_label_get_text (page->cost_label), " 7 epochs"));
  g_assert_nonnull (strstr (gtk_label_get_text (page->cost_label), "MB"));
  refract_train_page_apply (page, (const char *const[]){ "encoder.behaviour=ease", NULL });
  wait_until (is_idle, window);
  g_assert_nonnull (strstr (gtk_label_get_text (page->cost_label), "encoder.behaviour=ease")); /* the reason why it would not start */
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (page->cost_label), "warning"));
  refract_train_page_apply (page, (const char *const[]){ "encoder.behaviour=auto", NULL });
  wait_until (is_idle, window);
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (page->cost_label), "warning"));
}

/* A network is paused, stopped, and taken up again from its last epoch. */
static void
test_network (RefractWindow *window)
{
  GtkWidget *widget = GTK_WIDGET (window), *pause;
  RefractTrainPage *page = window->train_page;
  const RfUnfinished *unfinished;
  g_autoptr(RfConfig) config = NULL;

  refract_train_page_apply (page, (const char *const[]){ "fusion=attention", "epochs=4000", "stopping_step=4000", NULL });
  config = refract_train_page_dup_config (page, NULL);
  g_assert_cmpstr (rf_config_get (config, "fusion"), ==, "attention");
  gtk_widget_activate_action (widget, "win.train", NULL);
  wait_until (has_epochs, window);
  g_assert_nonnull (window->training);
  pause = find_named (widget, GTK_TYPE_BUTTON, "win.pause-training");
  gtk_widget_activate_action (widget, "win.pause-training", NULL);
  g_assert_true (refract_job_is_paused (window->training));
  g_assert_nonnull (strstr (gtk_button_get_label (GTK_BUTTON (pause)), "Go"));
  gtk_widget_activate_action (widget, "win.pause-training", NULL);
  g_assert_false (refract_job_is_paused (window->training));
  gtk_widget_activate_action (widget, "win.cancel-training", NULL);
  wait_until (is_idle, window);
  unfinished = refract_session_get_unfinished (window->session);
  g_assert_nonnull (unfinished);
  g_assert_cmpuint (unfinished->epoch, >=, 1);
  g_assert_true (gtk_widget_get_visible (find_named (widget, GTK_TYPE_BUTTON, "win.resume-training")));
  gtk_widget_activate_action (widget, "win.resume-training", NULL);
  wait_until (has_epochs, window);
  gtk_widget_activate_action (widget, "win.cancel-training", NULL);
  wait_until (is_idle, window);
}

static gboolean
offers_resume (gpointer window)
{
  return find_named (GTK_WIDGET (REFRACT_WINDOW (window)->welcome_page), GTK_TYPE_BUTTON, "win.resume-path") != NULL;
}

static gboolean
trains (gpointer window)
{
  return REFRACT_WINDOW (window)->training != NULL && has_epochs (window);
}

static RefractWindow *
open_window (void)
{
  RefractWindow *window = refract_window_new (GTK_APPLICATION (application));

  gtk_window_present (GTK_WINDOW (window));
  return window;
}

/* A window that starts with nothing: the document is on its list, with the training that waits in it. */
static void
test_welcome (void)
{
  RefractWindow *window = open_window ();
  GtkWidget *button;
  const RfTrainPoint *first;

  wait_until (offers_resume, window);
  button = find_named (GTK_WIDGET (window->welcome_page), GTK_TYPE_BUTTON, "win.resume-path");
  g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (button), "of 4000"));
  g_assert_true (gtk_widget_activate (button));
  wait_until (trains, window);
  first = &g_array_index (refract_training_job_get_points (REFRACT_TRAINING_JOB (window->training)), RfTrainPoint, 0);
  g_assert_cmpuint (first->step, >, 1); /* it goes on, it does not begin */
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (window->view_stack), ==, "train");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.cancel-training", NULL);
  wait_until (is_idle, window);
  close_window (window);
}

static GtkDropTarget *
find_drop_target (GtkWidget *widget)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint c = 0; c < g_list_model_get_n_items (controllers); c++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, c);

      if (GTK_IS_DROP_TARGET (controller))
        return GTK_DROP_TARGET (controller);
    }
  return NULL;
}

static void
drop (RefractWindow *window, const char *path)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_auto(GValue) value = G_VALUE_INIT;
  gboolean taken = FALSE;
  GSList list = { file, NULL };

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_set_boxed (&value, &list);
  g_signal_emit_by_name (find_drop_target (GTK_WIDGET (window)), "drop", &value, 10.0, 10.0, &taken);
  g_assert_true (taken);
}

/* A folder that is dropped goes to the assistant, a document is opened. */
static void
test_drop (void)
{
  RefractWindow *window = open_window ();
  g_autofree char *catalog = g_build_filename (folder, "sample", NULL);

  drop (window, catalog);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (window->main_stack), ==, "import");
  drop (window, document);
  wait_until (window_has_document, window);
  g_assert_cmpstr (refract_session_get_path (window->session), ==, document);
  close_window (window);
}

/* Nobody chose anything: the page says so instead of asking to press Train. */
static void
test_nothing_to_learn (void)
{
  RefractWindow *window = open_window ();
  g_autofree char *catalog = g_build_filename (folder, "bare", NULL), *path = g_build_filename (folder, "bare.refract", NULL);
  g_autoptr(RfImportReport) report = rf_import_report_new ();

  test_folder_write (catalog, "items.csv", "item_id,title\na,Anchor\n", -1);
  test_folder_write (catalog, "interactions.csv", "user_id,item_id\nu,Za\n", -1);
  g_assert_true (rf_import_to_workspace (catalog, path, NULL, report, NULL, NULL));
  refract_window_open (window, path);
  wait_until (window_has_document, window);
  refract_window_show_page (window, "train");
  g_assert_true (has_text (GTK_WIDGET (window->train_page), "Nothing to Learn From"));
  close_window (window);
}

static gboolean
is_some_way (gpointer window)
{
  RefractJob *job = REFRACT_WINDOW (window)->training;

  return job == NULL || (refract_job_get_fraction (job) > 0.002 && refract_job_get_seconds (job) > 1.5);
}

static void
assert_drawn_lines (RefractTrainPage *page, guint n)
{
  gconstpointer data;

  g_assert_true (refract_plot_get_kind (REFRACT_PLOT (find_widget (page->tune_view, REFRACT_TYPE_PLOT)), &data) == &rf_plot_trials_kind);
  g_assert_cmpuint (((const RfPlotTrials *) data)->n, ==, n);
}

/* The drawing of the trials: a line each, in words, and what is pointed at. */
static void
assert_drawn (RefractTrainPage *page, guint n)
{
  RefractPlot *plot = REFRACT_PLOT (find_widget (page->tune_view, REFRACT_TYPE_PLOT));
  gconstpointer data;
  const RfPlotKind *kind = refract_plot_get_kind (plot, &data);
  g_autofree char *words = NULL, *csv = NULL, *expected = g_strdup_printf ("%u trials; the best has NDCG@20 ", n);
  g_auto(GStrv) lines = NULL;
  RfPlotTheme theme;
  int width = gtk_widget_get_width (GTK_WIDGET (plot)), height = gtk_widget_get_height (GTK_WIDGET (plot));

  g_assert_true (kind == &rf_plot_trials_kind);
  words = kind->describe (data);
  if (!g_str_has_prefix (words, expected))
    g_error ("“%s” does not begin with “%s”", words, expected);
  csv = rf_plot_to_csv (kind, data);
  lines = g_strsplit (csv, "\r\n", -1);
  g_assert_cmpstr (lines[0], ==, "trial,embedding_size,epochs,learning_rate,NDCG@20");
  g_assert_cmpuint (g_strv_length (lines), ==, n + 2);
  g_assert_true (has_text (page->tune_view, "Point at a line"));
  refract_plot_get_theme (plot, &theme);
  for (int y = 0; y < height && ((const RfPlotTrials *) data)->hovered < 0; y++)
    g_signal_emit_by_name (plot, "hovered", width * 0.3, (double) y);
  g_assert_true (has_text (page->tune_view, "embedding_size"));
  g_signal_emit_by_name (plot, "hovered", -1.0, -1.0);
  g_assert_cmpint (((const RfPlotTrials *) data)->hovered, ==, -1);
  g_signal_emit_by_name (plot, "moved", 1);
  g_assert_cmpint (((const RfPlotTrials *) data)->selected, ==, 0);
}

static void
take_config_cb (RefractTuneView *view, const RfConfig *config, RefractTrainPage *page)
{
  g_object_set_data_full (G_OBJECT (view), "used", rf_config_copy (config), (GDestroyNotify) rf_config_free);
}

/* A search leaves no runs, shows its trials, and hands the settings of one to the page with the full budget. */
static void
test_search (RefractWindow *window)
{
  RefractTrainPage *page = window->train_page;
  guint before = g_list_model_get_n_items (refract_session_get_runs (window->session)), n;
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  g_autoptr(RfConfig) config = NULL;
  const RfConfig *used;
  GtkWidget *grid, *button;

  refract_train_page_apply (page, (const char *const[]){ "fusion=sum", "epochs=9", "stopping_step=9", "embedding_size=8", NULL });
  gtk_text_buffer_set_text (page->search_buffer, "embedding_size = 4|12\nlearning_rate = 0.005..0.02 log\n", -1);
  gtk_spin_button_set_value (page->search_trials, 5);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.tune", NULL);
  g_assert_nonnull (window->training);
  wait_until (is_idle, window);
  workspace = rf_workspace_open (refract_session_get_path (window->session), NULL);
  runs = rf_workspace_list_runs (workspace, NULL);
  g_assert_cmpuint (runs->len, ==, before);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (page->tune_view)));
  grid = find_widget (page->tune_view, GTK_TYPE_GRID);
  button = gtk_grid_get_child_at (GTK_GRID (grid), 3, 1);
  g_signal_connect (page->tune_view, "use", G_CALLBACK (take_config_cb), page);
  g_signal_emit_by_name (button, "clicked");
  config = refract_train_page_dup_config (page, NULL);
  used = g_object_get_data (G_OBJECT (page->tune_view), "used");
  g_assert_cmpstr (rf_config_get (config, "epochs"), ==, "9");
  g_assert_cmpstr (rf_config_get (config, "embedding_size"), ==, rf_config_get (used, "embedding_size"));
  g_assert_cmpstr (rf_config_get (config, "learning_rate"), ==, rf_config_get (used, "learning_rate"));
  /* 5 trials, the best third, that and the first, which are the page's own settings: one trial where they are the best, as another processor's
   * rounding may have it. */
  n = rf_config_get_int (used, "embedding_size") == 8 && rf_config_get_real (used, "learning_rate") == 0.005 ? 5 + 1 + 1 : 5 + 1 + 2;
  g_assert_null (gtk_grid_get_child_at (GTK_GRID (grid), 3, (int) n + 1));
  g_assert_nonnull (gtk_grid_get_child_at (GTK_GRID (grid), 3, (int) n));
  assert_drawn (page, n);
}

/* A grid has as many trials as combinations; one that is stopped leaves nothing to take up. */
static void
test_grid (RefractWindow *window)
{
  RefractTrainPage *page = window->train_page;
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(GPtrArray) unfinished = NULL;
  guint trials, rungs, grid;
  g_autofree char *space = NULL;

  g_assert_true (gtk_widget_get_visible (page->search_trials_row));
  gtk_drop_down_set_selected (page->search_method, 1);
  g_assert_false (gtk_widget_get_visible (page->search_trials_row));
  gtk_spin_button_set_value (page->search_steps, 2);
  space = refract_train_page_dup_space (page, &trials, &rungs, &grid);
  g_assert_cmpuint (grid, ==, 2);
  gtk_switch_set_active (page->search_halving, FALSE);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.tune", NULL);
  wait_until (is_idle, window);
  assert_drawn_lines (page, 5);
  refract_train_page_apply (page, (const char *const[]){ "epochs=3000", "stopping_step=3000", NULL });
  gtk_widget_activate_action (GTK_WIDGET (window), "win.tune", NULL);
  wait_until (is_some_way, window);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.cancel-training", NULL);
  wait_until (window_is_settled, window);
  workspace = rf_workspace_open (refract_session_get_path (window->session), NULL);
  unfinished = rf_unfinished_list (workspace, NULL);
  for (guint u = 0; u < unfinished->len; u++)
    g_assert_cmpstr (rf_config_get (((const RfUnfinished *) unfinished->pdata[u])->config, "epochs"), !=, "3000");
}

static void
test_ladder (RefractWindow *window)
{
  GtkWidget *widget = GTK_WIDGET (window);
  guint before = g_list_model_get_n_items (refract_session_get_runs (window->session));

  refract_train_page_apply (window->train_page, (const char *const[]){ "epochs=2", "stopping_step=2", "embedding_size=8", NULL });
  gtk_widget_activate_action (widget, "win.ladder", NULL);
  g_assert_nonnull (window->training);
  wait_until (is_idle, window);
  g_assert_cmpuint (g_list_model_get_n_items (refract_session_get_runs (window->session)), ==, before + 7);
}

static gboolean
is_null (gpointer location)
{
  return *(gpointer *) location == NULL;
}

/* In the middle of a training that would take hours. */
static void
end_by_signal (RefractWindow *window)
{
  gpointer location = window;

  g_object_add_weak_pointer (G_OBJECT (window), &location);
  refract_train_page_apply (window->train_page, (const char *const[]){ "fusion=attention", "epochs=4000", "stopping_step=4000", "learning_rate=0.004", NULL });
  gtk_widget_activate_action (GTK_WIDGET (window), "win.train", NULL);
  wait_until (has_epochs, window);
  g_assert_cmpint (kill (getpid (), SIGTERM), ==, 0);
  wait_until (is_null, &location);
}

/* What was trained when the window went is in the document. */
static void
assert_kept (void)
{
  g_autoptr(RfWorkspace) workspace = rf_workspace_open (document, NULL);
  g_autoptr(RfUnfinished) unfinished = rf_unfinished_find (workspace, "last", NULL);

  g_assert_nonnull (unfinished);
  g_assert_cmpuint (unfinished->epoch, >=, 1);
  g_assert_cmpstr (rf_config_get (unfinished->config, "learning_rate"), ==, "0.004");
}

static void
test_titles (void)
{
  g_autofree char *both = refract_summary_title ("model.modalities=image,text, fusion=sum, epochs=40"), *nothing = refract_summary_title ("");

  g_assert_cmpstr (both, ==, "Modalities: Image, Text; Fusion: Weighted sum; Epochs: 40");
  g_assert_cmpstr (nothing, ==, "");
}

static gboolean
is_narrow (gpointer window)
{
  return gtk_widget_get_width (window) > 0 && gtk_widget_get_width (window) <= 800;
}

/* All pages have room in a window of 800 pixels, whatever was trained. */
static void
test_room (RefractWindow *window)
{
  static const char *const pages[] = { "catalog", "train", "explore", "compare" };

  gtk_window_set_default_size (GTK_WINDOW (window), 800, 600);
  wait_until (is_narrow, window);
  for (gsize p = 0; p < G_N_ELEMENTS (pages); p++)
    {
      int least;

      refract_window_show_page (window, pages[p]);
      gtk_widget_measure (GTK_WIDGET (window), GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
      g_assert_cmpint (least, <=, 800);
    }
  refract_window_show_page (window, "train");
}

static void
test_page (void)
{
  RefractWindow *window = open_window ();

  refract_window_open (window, document);
  wait_until (window_has_document, window);
  refract_window_show_page (window, "train");
  test_cost (window);
  test_network (window);
  test_search (window);
  test_grid (window);
  test_ladder (window);
  test_room (window);
  end_by_signal (window);
  assert_kept ();
}

int
main (int argc, char **argv)
{
  int status;

  gtk_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  folder = test_folder_new ();
  document = test_folder_sample (folder, 11, 150, 60);
  application = new_application ();
  g_test_add_func ("/train-page/titles", test_titles);
  g_test_add_func ("/train-page/presets", test_presets);
  g_test_add_func ("/train-page/networks", test_page);
  g_test_add_func ("/train-page/welcome", test_welcome);
  g_test_add_func ("/train-page/drop", test_drop);
  g_test_add_func ("/train-page/nothing-to-learn", test_nothing_to_learn);
  status = g_test_run ();
  g_object_unref (application);
  test_folder_remove (folder);
  g_free (document);
  return status;
}
