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

RefractWindow *bench_new_window (void);

/* bench-journey.c: through all pages as an analyst would, with a model in training; prints the turns of the loop above note_ms with the functions that
 * they went to (profile), and the longest of each part. */
void bench_journey (const char *folder, gboolean profile);
