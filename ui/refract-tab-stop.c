/* refract-tab-stop.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/refract-tab-stop.h"

/* What comes after the widget, or before it, in the order of the window. */
static gboolean
leave (GtkWidget *list, gboolean back)
{
  GtkDirectionType direction = back ? GTK_DIR_TAB_BACKWARD : GTK_DIR_TAB_FORWARD;

  for (GtkWidget *widget = list; widget && !GTK_IS_ROOT (widget); widget = gtk_widget_get_parent (widget))
    for (GtkWidget *next = back ? gtk_widget_get_prev_sibling (widget) : gtk_widget_get_next_sibling (widget); next;
         next = back ? gtk_widget_get_prev_sibling (next) : gtk_widget_get_next_sibling (next))
      if (gtk_widget_get_mapped (next) && gtk_widget_child_focus (next, direction))
        return TRUE;
  return FALSE;
}

/* At the end of the window it goes on at the other end. */
static gboolean
wrap (GtkWidget *list, gboolean back)
{
  GtkRoot *root = gtk_widget_get_root (list);

  gtk_root_set_focus (root, NULL);
  return gtk_widget_child_focus (GTK_WIDGET (root), back ? GTK_DIR_TAB_BACKWARD : GTK_DIR_TAB_FORWARD);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, gpointer data)
{
  GtkWidget *list = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));
  gboolean back = key == GDK_KEY_ISO_Left_Tab || (state & GDK_SHIFT_MASK) != 0;

  if ((key != GDK_KEY_Tab && key != GDK_KEY_KP_Tab && key != GDK_KEY_ISO_Left_Tab) || (state & GDK_CONTROL_MASK) != 0)
    return FALSE;
  return leave (list, back) || wrap (list, back);
}

void
refract_tab_stop_add (GtkWidget *list)
{
  GtkEventController *controller = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect (controller, "key-pressed", G_CALLBACK (key_pressed_cb), NULL);
  gtk_widget_add_controller (list, controller);
}
