/* refract-plot.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/charts/refract-plot.h"

#include <adwaita.h>

#include "ui/refract-compat.h"

struct _RefractPlot
{
  GtkWidget parent_instance;

  const RfPlotKind *kind;
  gconstpointer plot;
  int width, height;
  char *label;
};

enum
{
  HOVERED,
  PRESSED,
  MOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RefractPlot, refract_plot, GTK_TYPE_WIDGET)

static void
describe (RefractPlot *self)
{
  g_autofree char *text = self->kind ? self->kind->describe (self->plot) : NULL;

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->label, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text ? text : "", -1);
}

static void
dark_changed_cb (RefractPlot *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

GtkWidget *
refract_plot_new (const char *label, int width, int height)
{
  RefractPlot *self = g_object_new (REFRACT_TYPE_PLOT, NULL);

  self->label = g_strdup (label);
  self->width = width;
  self->height = height;
  describe (self);
  return GTK_WIDGET (self);
}

void
refract_plot_set (RefractPlot *self, const RfPlotKind *kind, gconstpointer plot)
{
  self->kind = kind;
  self->plot = plot;
  refract_plot_changed (self);
}

void
refract_plot_changed (RefractPlot *self)
{
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
refract_plot_get_theme (RefractPlot *self, RfPlotTheme *theme)
{
  GdkRGBA color;

  rf_plot_theme_init (theme, adw_style_manager_get_dark (adw_style_manager_get_default ()));
  refract_compat_get_color (GTK_WIDGET (self), &color);
  theme->foreground = (RfPlotColor) { color.red, color.green, color.blue, color.alpha };
  theme->paint_background = FALSE;
}

static void
refract_plot_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
                      int *natural_baseline)
{
  RefractPlot *self = REFRACT_PLOT (widget);

  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN (self->width, 40) : self->height;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? self->width : self->height;
}

static void
refract_plot_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RefractPlot *self = REFRACT_PLOT (widget);
  float width = (float) gtk_widget_get_width (widget), height = (float) gtk_widget_get_height (widget);
  RfPlotTheme theme;
  cairo_t *cr;

  if (self->kind == NULL || width < 1 || height < 1)
    return;
  refract_plot_get_theme (self, &theme);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  self->kind->draw (self->plot, cr, (double) width, (double) height, &theme);
  cairo_destroy (cr);
}

static void
motion_cb (GtkEventControllerMotion *controller, double x, double y, RefractPlot *self)
{
  g_signal_emit (self, signals[HOVERED], 0, x, y);
}

static void
leave_cb (GtkEventControllerMotion *controller, RefractPlot *self)
{
  g_signal_emit (self, signals[HOVERED], 0, -1.0, -1.0);
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, RefractPlot *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  g_signal_emit (self, signals[PRESSED], 0, x, y);
}

static gboolean
key_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, RefractPlot *self)
{
  int direction = key == GDK_KEY_Right || key == GDK_KEY_Down ? 1 : key == GDK_KEY_Left || key == GDK_KEY_Up ? -1 : 0;

  if (direction != 0)
    g_signal_emit (self, signals[MOVED], 0, direction);
  return direction != 0;
}

static void
refract_plot_finalize (GObject *object)
{
  g_free (REFRACT_PLOT (object)->label);
  G_OBJECT_CLASS (refract_plot_parent_class)->finalize (object);
}

static void
refract_plot_class_init (RefractPlotClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = refract_plot_finalize;
  widget_class->measure = refract_plot_measure;
  widget_class->snapshot = refract_plot_snapshot;
  gtk_widget_class_set_css_name (widget_class, "plot");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  signals[HOVERED] = g_signal_new ("hovered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[PRESSED] = g_signal_new ("pressed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[MOVED] = g_signal_new ("moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
refract_plot_init (RefractPlot *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new (), *key = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  g_signal_connect (key, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), key);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (dark_changed_cb), self, G_CONNECT_SWAPPED);
}
