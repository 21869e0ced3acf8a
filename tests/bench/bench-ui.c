/* bench-ui.c: what the window costs, in processor time of the main thread (the clock of a loaded machine says little), each figure beside its budget.
 *
 *   bench-ui [--only PART] [--profile] [--items N] [--explore FILE.refract] [--check]
 *   PART: start (first frame, memory), catalog (scrolling and searching a million items), journey (all pages, a network in training), explore (50,000 items, three modalities)
 *   --profile: what the long turns of the journey were spent on; --explore: this trained document (else one with 50,000 items is made and trained: minutes)
 *   --check: exit code 1 when a budget is missed by more than a factor of 2
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bench-ui.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-rng.h"
#include "core/catalog/rf-importer.h"
#include "tests/support/folder.h"
#include "tests/support/turns.h"

#define FRAMES 300
#define SLACK  2

static RefractApplication *application;
static gboolean missed;

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

void
bench_row (const char *name, double value, const char *unit, double budget)
{
  missed = missed || (budget > 0 && value > SLACK * budget);
  if (budget > 0)
    g_print ("%-52s %9.1f %-3s budget %6.1f   %s\n", name, value, unit, budget, value <= budget ? "held" : "MISSED");
  else
    g_print ("%-52s %9.1f %-3s\n", name, value, unit);
}

void
bench_frames (const char *name, double *ms, guint n, double budget)
{
  g_autofree char *title = NULL;

  qsort (ms, n, sizeof *ms, compare_doubles);
  title = g_strdup_printf ("%s: p99 (p50 %.2f)", name, ms[n / 2]);
  bench_row (title, ms[(guint) (0.99 * n)], "ms", budget);
}

static gboolean
time_is_up (gpointer data)
{
  return *(gboolean *) data;
}

static gboolean
time_is_up_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

void
bench_turn_for (guint ms)
{
  gboolean up = FALSE;

  g_timeout_add (ms, time_is_up_cb, &up);
  turn_until (time_is_up, &up);
}

gboolean
bench_is_ranked (gpointer window)
{
  return refract_explore_page_is_ranked (REFRACT_WINDOW (window)->explore_page);
}

/* What one frame costs: everything between two paints of the clock. */

static void
before_cb (GdkFrameClock *clock, BenchFrame *frame)
{
  frame->started = thread_ms ();
}

static void
after_cb (GdkFrameClock *clock, BenchFrame *frame)
{
  frame->ms = thread_ms () - frame->started;
  frame->painted = TRUE;
}

void
bench_frame_watch (BenchFrame *frame, gpointer widget)
{
  *frame = (BenchFrame){ .widget = widget, .clock = g_object_ref (gtk_widget_get_frame_clock (widget)) };
  frame->before = g_signal_connect (frame->clock, "before-paint", G_CALLBACK (before_cb), frame);
  frame->after = g_signal_connect (frame->clock, "after-paint", G_CALLBACK (after_cb), frame);
}

void
bench_frame_leave (BenchFrame *frame)
{
  g_signal_handler_disconnect (frame->clock, frame->before);
  g_signal_handler_disconnect (frame->clock, frame->after);
  g_clear_object (&frame->clock);
}

static gboolean
was_painted (gpointer frame)
{
  return ((BenchFrame *) frame)->painted;
}

double
bench_frame_paint (BenchFrame *frame)
{
  frame->painted = FALSE;
  gtk_widget_queue_draw (frame->widget);
  turn_until (was_painted, frame);
  return frame->ms;
}

static void
scroll (RefractWindow *window, gboolean jump, double *ms)
{
  GtkWidget *grid = find_widget (GTK_WIDGET (window->catalog_page), GTK_TYPE_GRID_VIEW), *scrolled = gtk_widget_get_ancestor (grid, GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  double end = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);
  RfRng rng = rf_rng_new (1, 2);
  BenchFrame frame;

  bench_frame_watch (&frame, grid);
  for (guint f = 0; f < FRAMES; f++)
    {
      double moved = thread_ms ();

      gtk_adjustment_set_value (adjustment, jump ? rf_rng_uniform (&rng) * end : gtk_adjustment_get_value (adjustment) + 240);
      moved = thread_ms () - moved;
      ms[f] = bench_frame_paint (&frame) + moved;
    }
  bench_frame_leave (&frame);
}

static char *
make_document (const char *folder, guint n_items)
{
  g_autoptr(GString) items = g_string_new ("item_id,title,category\n"), interactions = g_string_new ("user_id,item_id\n");
  char *path = g_build_filename (folder, "large.refract", NULL);
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(GError) error = NULL;
  RfRng rng = rf_rng_new (3, 4);

  for (guint i = 0; i < n_items; i++)
    {
      g_string_append_printf (items, "i%u,A thing with number %u of many,category %u\n", i, i, i % 40);
      g_string_append_printf (interactions, "u%u,i%u\n", rf_rng_below (&rng, 1000), rf_rng_below (&rng, n_items));
    }
  test_folder_write (folder, "items.csv", items->str, (gssize) items->len);
  test_folder_write (folder, "interactions.csv", interactions->str, (gssize) interactions->len);
  if (!rf_import_to_workspace (folder, path, NULL, report, NULL, &error))
    g_error ("%s", error->message);
  return path;
}

RefractWindow *
bench_new_window (void)
{
  RefractWindow *window = refract_window_new (GTK_APPLICATION (application));

  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 800);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

RefractWindow *
bench_open_document (const char *path)
{
  RefractWindow *window = bench_new_window ();

  turn_until (window_is_settled, window);
  refract_window_open (window, path);
  turn_until (window_has_document, window);
  refract_window_show_page (window, "catalog");
  return window;
}

static void
bench_catalog (const char *folder, guint n_items, gboolean profile)
{
  g_autofree char *path = make_document (folder, n_items), *title = g_strdup_printf ("scroll %u items by 240 px", n_items), *jump = g_strdup_printf ("jump to a random place of %u items", n_items);
  RefractWindow *window = bench_open_document (path);
  const char *const typed[] = { "t", "th", "thi", "thing", "thing 12", "thing 1234", "", NULL };
  double ms[FRAMES];

  scroll (window, FALSE, ms);
  bench_frames (title, ms, FRAMES, 16);
  scroll (window, TRUE, ms);
  bench_frames (jump, ms, FRAMES, 17);
  test_turns_start (16, profile);
  for (guint t = 0; typed[t] != NULL; t++)
    {
      refract_catalog_page_search (window->catalog_page, typed[t]);
      bench_turn_for (400);
      turn_until (window_is_settled, window);
    }
  bench_row ("longest turn: typing a search in them", test_turns_get_longest (NULL), "ms", 16);
  if (profile)
    test_turns_print ();
  test_turns_stop ();
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Another process, so that it starts cold: from exec to a picture of the first page; the pauses of the camera are taken off. */
static void
bench_start (const char *program, const char *folder)
{
  g_autofree char *shot = g_build_filename (folder, "first.png", NULL);
  const char *argv[] = { program, "--screenshot", shot, NULL };
  struct rusage before, after;
  gint64 started = g_get_monotonic_time ();
  double cpu, wall;
  int status;

  getrusage (RUSAGE_CHILDREN, &before);
  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL, &status, NULL) || status != 0)
    return;
  wall = (double) (g_get_monotonic_time () - started) / 1000 - 600;
  getrusage (RUSAGE_CHILDREN, &after);
  cpu = (double) (after.ru_utime.tv_sec - before.ru_utime.tv_sec + after.ru_stime.tv_sec - before.ru_stime.tv_sec) * 1e3 +
        (double) (after.ru_utime.tv_usec - before.ru_utime.tv_usec + after.ru_stime.tv_usec - before.ru_stime.tv_usec) * 1e-3;
  bench_row ("start to first frame, processor time", cpu / 1e3, "s", 1);
  bench_row ("start to first frame, by the clock", wall / 1e3, "s", 1.5);
}

static double
read_pss_mb (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/smaps_rollup", (int) pid), *text = NULL;
  const char *line;

  if (!g_file_get_contents (path, &text, NULL, NULL) || (line = strstr (text, "\nPss:")) == NULL)
    return 0;
  return g_ascii_strtod (line + strlen ("\nPss:"), NULL) / 1024;
}

/* The program with no document, when it has come to rest. */
static void
bench_memory (const char *program)
{
  const char *argv[] = { program, NULL };
  GPid pid;

  if (!g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL))
    return;
  g_usleep (4 * G_USEC_PER_SEC);
  bench_row ("memory (PSS) without a document", read_pss_mb (pid), "MB", 80);
  kill (pid, SIGTERM);
  g_spawn_close_pid (pid);
}

static gboolean
wants (const char *only, const char *part)
{
  return only == NULL || strcmp (only, part) == 0;
}

int
main (int argc, char **argv)
{
  guint n_items = 1000000;
  gboolean check = FALSE, profile = FALSE;
  const char *explore = NULL, *only = NULL, *program = g_getenv ("REFRACT");
  char *folder = test_folder_new ();

  for (int a = 1; a < argc; a++)
    if (strcmp (argv[a], "--check") == 0)
      check = TRUE;
    else if (strcmp (argv[a], "--profile") == 0)
      profile = TRUE;
    else if (strcmp (argv[a], "--only") == 0 && a + 1 < argc)
      only = argv[++a];
    else if (strcmp (argv[a], "--items") == 0 && a + 1 < argc)
      n_items = (guint) g_ascii_strtoull (argv[++a], NULL, 10);
    else if (strcmp (argv[a], "--explore") == 0 && a + 1 < argc)
      explore = argv[++a];
  g_setenv ("XDG_DATA_HOME", folder, TRUE); /* where the sample is made */
  gtk_init ();
  rf_linalg_init ();
  application = new_application ();
  if (program && wants (only, "start"))
    {
      bench_start (program, folder);
      bench_memory (program);
    }
  if (wants (only, "journey"))
    bench_journey (folder, profile);
  if (wants (only, "catalog"))
    bench_catalog (folder, n_items, profile);
  if (wants (only, "explore"))
    bench_explore (folder, explore);
  g_object_unref (application);
  test_folder_remove (folder);
  return check && missed ? 1 : 0;
}
