/* test-quit.c: the program ends when its last window has gone and its threads are done; not before, and not never.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gtk/gtk.h>

#include "app/refract-training-job.h"
#include "core/base/rf-linalg.h"
#include "core/catalog/rf-workspace.h"
#include "core/train/rf-checkpoint.h"
#include "tests/support/folder.h"
#include "ui/pages/refract-train-page-private.h"
#include "ui/refract-application.h"
#include "ui/refract-note-window.h"
#include "ui/refract-window-private.h"

#define TOO_LONG 120 /* seconds */
#define LOOK_MS  20

static char *folder, *document;

/* One life of the program: what is to be done once the document is shown, and from when on the window may be closed. */
typedef struct
{
  void (*act) (RefractWindow *window);
  gboolean (*may_close) (RefractWindow *window);
  gboolean opened, acted;
  GApplication *application;
} Life;

static gboolean
live_cb (gpointer data)
{
  Life *life = data;
  RefractWindow *window = REFRACT_WINDOW (gtk_application_get_active_window (GTK_APPLICATION (life->application)));

  if (!life->opened)
    refract_window_open (window, document);
  life->opened = TRUE;
  if (refract_window_get_session (window) == NULL || window->opening)
    return G_SOURCE_CONTINUE;
  if (!life->acted)
    life->act (window);
  life->acted = TRUE;
  if (life->may_close && !life->may_close (window))
    return G_SOURCE_CONTINUE;
  gtk_window_close (GTK_WINDOW (window));
  return G_SOURCE_REMOVE;
}

static gboolean
late_cb (gpointer data)
{
  g_error ("The program has not ended.");
  return G_SOURCE_REMOVE;
}

static void
live (void (*act) (RefractWindow *), gboolean (*may_close) (RefractWindow *))
{
  g_autoptr(RefractApplication) application = refract_application_new ();
  Life life = { .act = act, .may_close = may_close, .application = G_APPLICATION (application) };
  guint late = g_timeout_add_seconds (TOO_LONG, late_cb, NULL);

  g_application_set_flags (life.application, G_APPLICATION_NON_UNIQUE);
  g_application_set_default (life.application);
  g_timeout_add (LOOK_MS, live_cb, &life);
  g_assert_cmpint (g_application_run (life.application, 0, NULL), ==, 0);
  g_assert_true (life.acted);
  g_source_remove (late);
}

static void
train (RefractWindow *window)
{
  refract_train_page_apply (window->train_page, (const char *const[]){ "fusion=attention", "epochs=4000", "stopping_step=4000", NULL });
  gtk_widget_activate_action (GTK_WIDGET (window), "win.train", NULL);
}

static gboolean
has_epochs (RefractWindow *window)
{
  return refract_training_job_get_points (REFRACT_TRAINING_JOB (window->training))->len >= 2;
}

/* Closed in the middle: what was trained is kept. */
static void
test_training (void)
{
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(RfUnfinished) unfinished = NULL;

  live (train, has_epochs);
  workspace = rf_workspace_open (document, NULL);
  unfinished = rf_unfinished_find (workspace, "last", NULL);
  g_assert_nonnull (unfinished);
  g_assert_cmpuint (unfinished->epoch, >=, 1);
}

static void
search (RefractWindow *window)
{
  refract_train_page_apply (window->train_page, (const char *const[]){ "fusion=sum", "epochs=1", "stopping_step=1", "embedding_size=8", NULL });
  gtk_text_buffer_set_text (window->train_page->search_buffer, "learning_rate = 0.005..0.02 log\n", -1);
  gtk_spin_button_set_value (window->train_page->search_trials, 1);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.tune", NULL);
}

static gboolean
is_idle (RefractWindow *window)
{
  return window->training == NULL;
}

static void
test_search (void)
{
  live (search, is_idle);
  live (search, NULL); /* closed before it has ended */
}

static void
note (RefractWindow *window)
{
  GtkWidget *note = refract_note_window_new (GTK_WINDOW (window), window->session, "user", "u00001");

  refract_note_window_set_text (REFRACT_NOTE_WINDOW (note), "likes blue");
  refract_note_window_save (REFRACT_NOTE_WINDOW (note));
}

/* The window is closed in the same turn of the main loop: the thread has hardly begun. */
static void
test_note (void)
{
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(GPtrArray) notes = NULL;

  live (note, NULL);
  workspace = rf_workspace_open (document, NULL);
  notes = rf_workspace_list_notes (workspace, NULL);
  g_assert_cmpstr (rf_notes_find (notes, "user", "u00001"), ==, "likes blue");
}

int
main (int argc, char **argv)
{
  int status;

  gtk_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  folder = test_folder_new ();
  document = test_folder_sample (folder, 11, 150, 60);
  g_test_add_func ("/quit/training", test_training);
  g_test_add_func ("/quit/search", test_search);
  g_test_add_func ("/quit/note", test_note);
  status = g_test_run ();
  test_folder_remove (folder);
  g_free (document);
  return status;
}
