/* refract-plot-menu.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/charts/refract-plot-menu.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/base/rf-error.h"
#include "ui/refract-compat.h"
#include "ui/refract-report-error.h"

#define LEAST_WIDTH  360 /* of a saved picture: a chart in a narrow pane is widened */
#define LEAST_HEIGHT 120

static void
saved_theme (RfPlotTheme *theme)
{
  rf_plot_theme_init (theme, FALSE);
}

static void
saved_size (RefractPlot *plot, gboolean proportional, double *width, double *height)
{
  if (proportional)
    {
      double w = MAX (1, gtk_widget_get_width (GTK_WIDGET (plot))), h = MAX (1, gtk_widget_get_height (GTK_WIDGET (plot))); /* 0: not laid out yet */
      double factor = fmax (1, LEAST_WIDTH / w);

      *width = factor * w;
      *height = factor * h;
      return;
    }
  *width = MAX (gtk_widget_get_width (GTK_WIDGET (plot)), LEAST_WIDTH);
  *height = MAX (gtk_widget_get_height (GTK_WIDGET (plot)), LEAST_HEIGHT);
}

gboolean
refract_plot_save (RefractPlot *plot, const char *path, GError **error)
{
  gconstpointer data;
  gboolean proportional;
  const RfPlotKind *kind = refract_plot_get_saved (plot, &data, &proportional);
  RfPlotTheme theme;
  double width, height;

  if (kind == NULL)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_DATA, _("The chart is empty: there is nothing to save."));
      return FALSE;
    }
  saved_theme (&theme);
  saved_size (plot, proportional, &width, &height);
  return rf_plot_write (path, kind, data, width, height, &theme, error);
}

void
refract_plot_copy (RefractPlot *plot)
{
  gconstpointer data;
  gboolean proportional;
  const RfPlotKind *kind = refract_plot_get_saved (plot, &data, &proportional);
  g_autoptr(GBytes) png = NULL;
  g_autoptr(GdkTexture) texture = NULL;
  RfPlotTheme theme;
  double width, height;

  if (kind == NULL)
    return;
  saved_theme (&theme);
  saved_size (plot, proportional, &width, &height);
  png = rf_plot_to_png (kind, data, width, height, &theme);
  texture = gdk_texture_new_from_bytes (png, NULL);
  if (texture)
    gdk_clipboard_set_texture (gtk_widget_get_clipboard (GTK_WIDGET (plot)), texture);
}

static void
chosen_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(RefractPlot) plot = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = refract_compat_choose_file_finish (result, &error);
  g_autofree char *path = file ? g_file_get_path (file) : NULL;

  if (path && !refract_plot_save (plot, path, &error))
    refract_report_error (GTK_WIDGET (plot), _("Could not save the chart"), error);
  else if (path)
    {
      g_autofree char *name = g_path_get_basename (path), *message = g_strdup_printf (_("Wrote %s"), name);

      refract_report_message (GTK_WIDGET (plot), message);
    }
}

static void
ask (RefractPlot *plot, const char *title, const char *ending)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (plot));
  g_autofree char *proposal = g_strdup_printf ("%s.%s", (const char *) g_object_get_data (G_OBJECT (plot), "file-name"), ending);

  if (GTK_IS_WINDOW (root))
    refract_compat_choose_file_async (GTK_WINDOW (root), REFRACT_COMPAT_SAVE_FILE, title, NULL, proposal, NULL, chosen_cb, g_object_ref (plot));
}

static void
save_cb (GSimpleAction *action, GVariant *parameter, gpointer plot)
{
  ask (plot, _("Save the Chart (.png, .svg, .pdf)"), "png");
}

static void
save_data_cb (GSimpleAction *action, GVariant *parameter, gpointer plot)
{
  ask (plot, _("Save the Numbers of the Chart (.csv)"), "csv");
}

static void
copy_cb (GSimpleAction *action, GVariant *parameter, gpointer plot)
{
  refract_plot_copy (plot);
  refract_report_message (plot, _("The chart is in the clipboard"));
}

static void
popover_closed_cb (GtkWidget *popover)
{
  gtk_widget_unparent (popover);
}

/* Unparenting inside "closed" would pull the popover away under its own action. */
static void
closed_cb (GtkWidget *popover)
{
  g_idle_add_once ((GSourceOnceFunc) popover_closed_cb, g_object_ref (popover));
  g_idle_add_once ((GSourceOnceFunc) g_object_unref, popover);
}

static void
pop_up (RefractPlot *plot, double x, double y)
{
  g_autoptr(GMenu) menu = g_menu_new ();
  gconstpointer data;
  const RfPlotKind *kind = refract_plot_get_kind (plot, &data);
  GtkWidget *popover;

  if (kind == NULL)
    return;
  g_menu_append (menu, _("_Save Chart…"), "plot.save");
  if (kind->table)
    g_menu_append (menu, _("Save _Numbers…"), "plot.save-data");
  g_menu_append (menu, _("_Copy Picture"), "plot.copy");
  popover = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
  gtk_widget_set_parent (popover, GTK_WIDGET (plot));
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  g_signal_connect (popover, "closed", G_CALLBACK (closed_cb), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}

static void
pressed_cb (GtkGestureClick *gesture, int n, double x, double y, RefractPlot *plot)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  pop_up (plot, x, y);
}

static gboolean
key_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  pop_up (REFRACT_PLOT (widget), gtk_widget_get_width (widget) / 2.0, gtk_widget_get_height (widget) / 2.0);
  return GDK_EVENT_STOP;
}

void
refract_plot_add_menu (RefractPlot *plot, const char *name)
{
  static const GActionEntry entries[] = {
    { .name = "save", .activate = save_cb },
    { .name = "save-data", .activate = save_data_cb },
    { .name = "copy", .activate = copy_cb },
  };
  g_autoptr(GSimpleActionGroup) actions = g_simple_action_group_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_object_set_data (G_OBJECT (plot), "file-name", (gpointer) name);
  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), plot);
  gtk_widget_insert_action_group (GTK_WIDGET (plot), "plot", G_ACTION_GROUP (actions));
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), plot);
  gtk_widget_add_controller (GTK_WIDGET (plot), GTK_EVENT_CONTROLLER (click));
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys), gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("Menu|<Shift>F10"), gtk_callback_action_new (key_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (plot), keys);
  gtk_widget_set_focusable (GTK_WIDGET (plot), TRUE);
}
