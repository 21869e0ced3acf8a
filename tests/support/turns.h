/* turns.h: what keeps the main loop from its next turn, in processor time of the thread that runs it.
 *
 * A turn is what happens between two waits for events: sources that are ready, a frame that is laid out and painted, and whatever the
 * program does between two iterations (a test that chooses a user stands in for the click). While a turn lasts the window answers nothing.
 * One observer a program, in the default main context.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Starts to watch. Turns above note_ms milliseconds are noted. With sample, the stack is looked at every millisecond of processor time, so that
 * a note says which functions the time went to (the program must be built so that its functions have names: see addr2line). */
void test_turns_start (double note_ms, gboolean sample);
void test_turns_stop (void);

/* What the turns that follow belong to. Not copied. */
void test_turns_set_phase (const char *phase);

/* What the turn that is going on has cost so far is left out: work of the test itself. */
void test_turns_forget (void);

/* Milliseconds of the longest turn since the start or the last reset, and the phase it was in (may be NULL). */
double test_turns_get_longest (const char **phase);
void test_turns_reset (void);

/* Every turn that was noted: phase, processor time, clock, source, functions. */
void test_turns_print (void);
