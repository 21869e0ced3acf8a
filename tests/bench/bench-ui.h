/* bench-ui.h: shared by the files of bench-ui.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/support/ui-helpers.h"
#include "ui/refract-window-private.h"

/* A row of the table: a figure beside its budget, "held" or "missed"; budget 0: there is none. */
void bench_row (const char *name, double value, const char *unit, double budget);
/* The same of many frames: their median and their 99th percentile, which the budget is for. Sorts ms. */
void bench_frames (const char *name, double *ms, guint n, double budget);

/* Turns the loop for some milliseconds by the clock. */
void bench_turn_for (guint ms);
gboolean bench_is_ranked (gpointer window); /* Explore shows what was asked for last */

/* Frames of the window that a widget is in: their processor time, from before they are laid out until they are painted. */
typedef struct
{
  gpointer widget;
  GdkFrameClock *clock;
  gulong before, after;
  double started, ms;
  gboolean painted;
} BenchFrame;

void bench_frame_watch (BenchFrame *frame, gpointer widget);
void bench_frame_leave (BenchFrame *frame);
/* Draws the widget again and waits until that is seen: what the frame cost. */
double bench_frame_paint (BenchFrame *frame);

RefractWindow *bench_new_window (void);
RefractWindow *bench_open_document (const char *path); /* on Catalog */

/* bench-journey.c: through all pages as an analyst would, with a model in training; prints the turns of the loop above note_ms with the functions that
 * they went to (profile), and the longest of each part. */
void bench_journey (const char *folder, gboolean profile);

/* bench-explore-page.c: Explore with 50,000 items of three modalities: users, sliders, the triangle, charts that do not change.
 * path: such a document, trained; NULL: one is made in the folder, which takes minutes. */
void bench_explore (const char *folder, const char *path);

/* bench-stopping.c: trains with these settings ("key=value", NULL-terminated), pauses and cancels it, so many times, each time so much later: the longest
 * it took to answer. */
void bench_stopping (RefractWindow *window, const char *name, const char *const *settings, guint times, guint step_ms);
