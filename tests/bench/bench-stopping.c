/* bench-stopping.c: how soon a training answers when it is told to pause or to stop, by the clock.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bench-ui.h"

#include <math.h>
#include <time.h>

#define BUDGET   100
#define QUIET_MS 250 /* so long no thread but the main one has worked: the training rests */
#define BUSY_MS  1.0 /* of processor time in one look: it does not */

/* Milliseconds that the threads beside this one have had. */
static double
others_ms (void)
{
  struct timespec t;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double) t.tv_sec * 1e3 + (double) t.tv_nsec * 1e-6 - thread_ms ();
}

static double
now_ms (void)
{
  return (double) g_get_monotonic_time () / 1e3;
}

static gboolean
is_idle (gpointer window)
{
  return REFRACT_WINDOW (window)->training == NULL;
}

static gboolean
is_busy (gpointer window)
{
  return REFRACT_WINDOW (window)->training != NULL;
}

static void
start (RefractWindow *window, const char *const *settings)
{
  refract_train_page_apply (window->train_page, settings);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.train", NULL);
  turn_until (is_busy, window);
}

/* From the click until the training's threads rest. */
static double
pause_ms (RefractWindow *window)
{
  double clicked = now_ms (), worked = clicked, before = others_ms ();

  gtk_widget_activate_action (GTK_WIDGET (window), "win.pause-training", NULL);
  while (now_ms () - worked < QUIET_MS && window->training)
    {
      double others;

      bench_turn_for (5);
      others = others_ms ();
      if (others - before > BUSY_MS)
        worked = now_ms ();
      before = others;
    }
  gtk_widget_activate_action (GTK_WIDGET (window), "win.pause-training", NULL);
  return worked - clicked;
}

/* From the click until the page can train again. */
static double
cancel_ms (RefractWindow *window)
{
  double clicked = now_ms ();

  gtk_widget_activate_action (GTK_WIDGET (window), "win.cancel-training", NULL);
  turn_until (is_idle, window);
  return now_ms () - clicked;
}

void
bench_stopping (RefractWindow *window, const char *name, const char *const *settings, guint times, guint step_ms)
{
  double paused = 0, cancelled = 0;
  g_autofree char *pause = g_strdup_printf ("pause a training (%s), by the clock", name), *cancel = g_strdup_printf ("cancel a training (%s), by the clock", name);

  for (guint t = 0; t < times; t++)
    {
      start (window, settings);
      bench_turn_for ((t + 1) * step_ms); /* at another stage each time */
      if (window->training)
        paused = fmax (paused, pause_ms (window));
      bench_turn_for (200);
      if (window->training)
        cancelled = fmax (cancelled, cancel_ms (window));
      turn_until (window_is_settled, window);
    }
  bench_row (pause, paused, "ms", BUDGET);
  bench_row (cancel, cancelled, "ms", BUDGET);
}
