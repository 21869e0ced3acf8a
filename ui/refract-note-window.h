/* refract-note-window.h: a window to write a note on a user, an item or a run.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/refract-session.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_NOTE_WINDOW (refract_note_window_get_type ())
G_DECLARE_FINAL_TYPE (RefractNoteWindow, refract_note_window, REFRACT, NOTE_WINDOW, AdwWindow)

/* kind: "user", "item" or "run". */
GtkWidget *refract_note_window_new (GtkWindow *parent, RefractSession *session, const char *kind, const char *id);
void refract_note_window_set_text (RefractNoteWindow *self, const char *text);
/* Keeps what is written, in the session and, from a thread, in the document; closes the window. */
void refract_note_window_save (RefractNoteWindow *self);

G_END_DECLS
