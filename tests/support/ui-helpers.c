/* ui-helpers.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/ui-helpers.h"

#include <string.h>
#include <time.h>

static double longest_turn;

RefractApplication *
new_application (void)
{
  RefractApplication *application = refract_application_new ();
  g_autoptr(GError) error = NULL;

  g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
  return application;
}

double
thread_ms (void)
{
  struct timespec t;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return (double) t.tv_sec * 1e3 + (double) t.tv_nsec * 1e-6;
}

gboolean
turn_loop (gboolean may_block)
{
  double before = thread_ms ();
  gboolean done = g_main_context_iteration (NULL, may_block);

  longest_turn = MAX (longest_turn, thread_ms () - before);
  return done;
}

double
take_longest_turn (void)
{
  double longest = longest_turn;

  longest_turn = 0;
  return longest;
}

void
turn_until (gboolean (*cond) (gpointer), gpointer data)
{
  while (!cond (data))
    turn_loop (TRUE);
}

static gboolean
late_cb (gpointer data)
{
  g_error ("What the test waits for has not come in two minutes.");
  return G_SOURCE_REMOVE;
}

void
wait_until (gboolean (*cond) (gpointer), gpointer data)
{
  guint late = g_timeout_add_seconds (120, late_cb, NULL);

  turn_until (cond, data);
  g_source_remove (late);
}

gboolean
window_is_settled (gpointer window)
{
  return refract_window_is_settled (window);
}

gboolean
window_has_document (gpointer window)
{
  return refract_window_is_settled (window) && refract_window_get_session (window) != NULL;
}

static gboolean
is_gone (gpointer location)
{
  return *(gpointer *) location == NULL;
}

void
close_window (gpointer window)
{
  gpointer location = window;

  g_object_add_weak_pointer (G_OBJECT (window), &location);
  gtk_window_destroy (GTK_WINDOW (window));
  wait_until (is_gone, &location);
}

GtkWidget *
find_widget (gpointer widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);

      if (found)
        return found;
    }
  return NULL;
}

guint
count_widgets (gpointer widget, GType type)
{
  guint n = G_TYPE_CHECK_INSTANCE_TYPE (widget, type) ? 1 : 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    n += count_widgets (child, type);
  return n;
}

gboolean
has_text (gpointer widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) && strstr (gtk_label_get_text (widget), text) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    if (has_text (child, text))
      return TRUE;
  return FALSE;
}

void
assert_widgets_go_away (GtkWidget **widgets, gsize n)
{
  for (gsize w = 0; w < n; w++)
    {
      g_object_ref_sink (widgets[w]);
      g_assert_finalize_object (widgets[w]);
    }
}
