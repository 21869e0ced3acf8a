/* bench-explore-page.c: what Explore costs with a large catalog: 50,000 items of three modalities.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bench-ui.h"

#include "core/base/rf-npy.h"
#include "core/base/rf-rng.h"
#include "core/catalog/rf-importer.h"
#include "core/train/rf-trainer.h"
#include "tests/support/folder.h"
#include "tests/support/turns.h"
#include "ui/charts/refract-plot.h"
#include "ui/pages/refract-share-view.h"

#define ITEMS  50000
#define USERS  40
#define MOVES  100
#define FRAMES 100
#define COLUMNS 16 /* of the third modality */

static void
write_tables (const char *folder)
{
  g_autoptr(GString) items = g_string_new ("item_id,title,description\n"), interactions = g_string_new ("user_id,item_id\n");
  RfRng rng = rf_rng_new (5, 6);

  for (guint i = 0; i < ITEMS; i++)
    g_string_append_printf (items, "i%u,thing %u,w%u w%u w%u w%u\n", i, i, rf_rng_below (&rng, 500), rf_rng_below (&rng, 500), rf_rng_below (&rng, 500), i % 500);
  for (guint u = 0; u < 2000; u++)
    for (guint j = 0, centre = rf_rng_below (&rng, ITEMS); j < 15; j++)
      g_string_append_printf (interactions, "u%u,i%u\n", u, (centre + rf_rng_below (&rng, 300)) % ITEMS);
  test_folder_write (folder, "items.csv", items->str, (gssize) items->len);
  test_folder_write (folder, "interactions.csv", interactions->str, (gssize) interactions->len);
}

static void
write_shapes (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "shape_feat.npy", NULL);
  g_autoptr(RfMatrix) matrix = rf_matrix_new (ITEMS, COLUMNS);
  g_autoptr(GError) error = NULL;
  RfRng rng = rf_rng_new (7, 8);

  for (gsize i = 0; i < (gsize) ITEMS * COLUMNS; i++)
    matrix->x[i] = (float) rf_rng_uniform (&rng);
  if (!rf_npy_save (path, matrix, RF_NPY_F4, FALSE, &error))
    g_error ("%s", error->message);
}

static char *
make_trained (const char *folder)
{
  g_autofree char *source = g_build_filename (folder, "trained", NULL);
  char *path = g_build_filename (folder, "trained.refract", NULL);
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(RfConfig) config = rf_config_new ();
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(RfRun) run = NULL;

  write_tables (source);
  write_shapes (source);
  if (!rf_import_to_workspace (source, path, NULL, report, NULL, &error) || (workspace = rf_workspace_open (path, &error)) == NULL ||
      !rf_config_set (config, "model.modalities", "text,behaviour,shape", &error) || (run = rf_train (workspace, config, NULL, NULL, NULL, &error)) == NULL)
    g_error ("%s", error->message);
  return path;
}

/* From the click to the picture of what it asked for: everything that the main loop does, whatever it does meanwhile. */
static double
until_seen (RefractWindow *window, BenchFrame *frame, double started)
{
  turn_until (bench_is_ranked, window);
  bench_frame_paint (frame);
  return thread_ms () - started;
}

static void
choose_users (RefractWindow *window, BenchFrame *frame)
{
  RfCatalog *catalog = refract_session_get_catalog (window->session);
  double ms[USERS], wall[USERS];

  for (guint u = 0; u < USERS; u++)
    {
      double started = thread_ms ();
      gint64 clock = g_get_monotonic_time ();

      refract_explore_page_choose_user (window->explore_page, rf_catalog_get_user_id (catalog, 7 * u + 3));
      ms[u] = until_seen (window, frame, started);
      wall[u] = (double) (g_get_monotonic_time () - clock) / 1e3;
      turn_until (window_is_settled, window);
      bench_turn_for (100);
    }
  bench_frames ("select a user of 50,000 items, main loop", ms, USERS, 50);
  bench_frames ("select a user of 50,000 items, by the clock", wall, USERS, 0);
}

static void
move_slider (RefractWindow *window, BenchFrame *frame)
{
  double ms[MOVES], wall[MOVES];

  for (guint m = 0; m < MOVES; m++)
    {
      double started = thread_ms ();
      gint64 clock = g_get_monotonic_time ();

      refract_explore_page_set_weight (window->explore_page, 0, 0.05 * (1 + m % 39));
      ms[m] = until_seen (window, frame, started);
      wall[m] = (double) (g_get_monotonic_time () - clock) / 1e3;
    }
  refract_explore_page_set_weight (window->explore_page, 0, 1);
  bench_frames ("slider with 50,000 items, main loop", ms, MOVES, 16);
  bench_frames ("slider with 50,000 items, by the clock", wall, MOVES, 0);
  turn_until (window_is_settled, window);
}

/* A frame in which a chart is asked to draw itself and has nothing new to draw, less one in which nothing at all is new. */
static void
draw_unchanged (const char *name, RefractWindow *window, GtkWidget *plot)
{
  BenchFrame frame;
  double ms[FRAMES], idle[FRAMES];

  bench_frame_watch (&frame, plot);
  for (guint f = 0; f < FRAMES; f++)
    ms[f] = bench_frame_paint (&frame);
  bench_frame_leave (&frame);
  bench_frame_watch (&frame, gtk_widget_get_parent (plot));
  for (guint f = 0; f < FRAMES; f++)
    idle[f] = bench_frame_paint (&frame);
  bench_frame_leave (&frame);
  bench_frames (name, ms, FRAMES, 1);
  bench_frames ("  the same without the chart", idle, FRAMES, 0);
}

static void
show_triangle (RefractWindow *window)
{
  RefractShareView *shares = REFRACT_SHARE_VIEW (find_widget (GTK_WIDGET (window->explore_page), REFRACT_TYPE_SHARE_VIEW));
  GtkWidget *plot = find_widget (shares, REFRACT_TYPE_PLOT);
  BenchFrame frame;
  double ms[FRAMES];

  test_turns_start (20, FALSE);
  refract_share_view_show (shares, REFRACT_SHARES_EVERY_ITEM);
  turn_until (window_is_settled, window);
  bench_turn_for (600);
  bench_row ("triangle of 50,000 points, longest turn", test_turns_get_longest (NULL), "ms", 40);
  test_turns_stop ();
  bench_frame_watch (&frame, plot);
  for (guint f = 0; f < FRAMES; f++)
    {
      double started = thread_ms ();

      g_signal_emit_by_name (plot, "hovered", gtk_widget_get_width (plot) * (0.4 + 0.002 * f), gtk_widget_get_height (plot) * (0.35 + 0.003 * f));
      bench_frame_paint (&frame);
      ms[f] = thread_ms () - started;
    }
  bench_frame_leave (&frame);
  bench_frames ("pointer over 50,000 points", ms, FRAMES, 16);
  draw_unchanged ("unchanged triangle of 50,000 points", window, plot);
  refract_share_view_show (shares, REFRACT_SHARES_TOP);
  turn_until (window_is_settled, window);
}

void
bench_explore (const char *folder, const char *given)
{
  g_autofree char *path = given ? g_strdup (given) : make_trained (folder);
  RefractWindow *window = bench_open_document (path);
  BenchFrame frame;

  refract_window_show_page (window, "explore");
  turn_until (window_is_settled, window);
  bench_turn_for (2000); /* rows that are not seen */
  bench_frame_watch (&frame, window->explore_page);
  choose_users (window, &frame);
  move_slider (window, &frame);
  bench_frame_leave (&frame);
  bench_turn_for (2000);
  refract_explore_page_set_weight (window->explore_page, 0, 1.6);
  turn_until (window_is_settled, window);
  bench_turn_for (2000);
  draw_unchanged ("unchanged chart of the first 50, re-ranked", window, find_widget (find_widget (GTK_WIDGET (window->explore_page), REFRACT_TYPE_SHARE_VIEW), REFRACT_TYPE_PLOT));
  refract_explore_page_set_weight (window->explore_page, 0, 1);
  turn_until (window_is_settled, window);
  draw_unchanged ("unchanged chart of the first 50", window, find_widget (find_widget (GTK_WIDGET (window->explore_page), REFRACT_TYPE_SHARE_VIEW), REFRACT_TYPE_PLOT));
  show_triangle (window);
  bench_stopping (window, "50,000 items", (const char *const[]){ NULL }, 8, 700);
  gtk_window_destroy (GTK_WINDOW (window));
}
