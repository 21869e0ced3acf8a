/* ui-helpers.h: what every test with a window does: turn the main loop until something has come, find a widget, let a window go.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/refract-application.h"
#include "ui/refract-window.h"

/* An application that owns no name on the bus, registered; the caller owns it. */
RefractApplication *new_application (void) G_GNUC_WARN_UNUSED_RESULT;

/* Processor time of this thread, in ms: the clock of a loaded machine says little. */
double thread_ms (void);

/* One turn of the main loop, measured; whether anything was done. */
gboolean turn_loop (gboolean may_block);
/* The longest turn since this was last asked, in ms of processor time. */
double take_longest_turn (void);

/* Turns the main loop until cond(data), however long it takes. */
void turn_until (gboolean (*cond) (gpointer), gpointer data);
/* The same, for tests: aborts after two minutes. */
void wait_until (gboolean (*cond) (gpointer), gpointer data);

/* Conditions on a RefractWindow: nothing is under way; and a document is open. */
gboolean window_is_settled (gpointer window);
gboolean window_has_document (gpointer window);

/* Destroys a GtkWindow and waits until nothing holds it any more. */
void close_window (gpointer window);

/* `widget` or its first descendant of a type, or NULL; how many there are; whether a label that is shown holds `text`. */
GtkWidget *find_widget (gpointer widget, GType type);
guint count_widgets (gpointer widget, GType type);
gboolean has_text (gpointer widget, const char *text);

/* Takes n floating widgets that stand in no window, and asserts that the last reference frees each. */
void assert_widgets_go_away (GtkWidget **widgets, gsize n);
