/* refract-plot.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/charts/refract-plot.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <math.h>

#include "ui/refract-compat.h"

#define DRAW_US 8000 /* of a frame for new drawings */

struct _RefractPlot
{
  GtkWidget parent_instance;

  const RfPlotKind *kind;
  gconstpointer plot;
  const RfPlotKind *saved_kind;
  gconstpointer saved;
  int width, height;
  char *label;

  GdkTexture *kept; /* the drawing, or its base; NULL: to be drawn */
  gboolean stale;   /* it is of before: to be drawn again */
  guint later_id;
  int kept_scale;
  GskRenderNode *marks; /* what lies over it */
};

enum
{
  HOVERED,
  PRESSED,
  MOVED,
  BRUSHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gint64 drawing_frame, drawing_us; /* main thread: the frame that charts are drawn in, and what they have taken of it */

G_DEFINE_FINAL_TYPE (RefractPlot, refract_plot, GTK_TYPE_WIDGET)

static void
describe (RefractPlot *self)
{
  g_autofree char *text = self->kind ? self->kind->describe (self->plot) : NULL;

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->label, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text ? text : _("Nothing to show yet"), -1);
}

static void
draw_again (RefractPlot *self)
{
  self->stale = TRUE;
  if (self->kind == NULL)
    g_clear_object (&self->kept);
  g_clear_pointer (&self->marks, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

double
refract_text_scale (void)
{
  int dpi = 96 * 1024;

  g_object_get (gtk_settings_get_default (), "gtk-xft-dpi", &dpi, NULL);
  return CLAMP (dpi / (96.0 * 1024), 1, 2);
}

GtkWidget *
refract_plot_new (const char *label, int width, int height)
{
  RefractPlot *self = g_object_new (REFRACT_TYPE_PLOT, NULL);

  self->label = g_strdup (label);
  self->width = width;
  self->height = (int) (height * refract_text_scale ());
  describe (self);
  return GTK_WIDGET (self);
}

void
refract_plot_set (RefractPlot *self, const RfPlotKind *kind, gconstpointer plot)
{
  self->kind = kind;
  self->plot = plot;
  refract_plot_set_saved (self, NULL, NULL);
  refract_plot_changed (self);
}

void
refract_plot_set_saved (RefractPlot *self, const RfPlotKind *kind, gconstpointer plot)
{
  self->saved_kind = kind;
  self->saved = plot;
}

const RfPlotKind *
refract_plot_get_saved (RefractPlot *self, gconstpointer *plot, gboolean *proportional)
{
  *proportional = self->saved_kind != NULL;
  *plot = self->saved_kind ? self->saved : self->plot;
  return self->saved_kind ? self->saved_kind : self->kind;
}

void
refract_plot_changed (RefractPlot *self)
{
  describe (self);
  draw_again (self);
}

void
refract_plot_marks_changed (RefractPlot *self)
{
  if (self->kind && self->kind->mark)
    {
      g_clear_pointer (&self->marks, gsk_render_node_unref);
      gtk_widget_queue_draw (GTK_WIDGET (self));
    }
  else
    draw_again (self);
}

const RfPlotKind *
refract_plot_get_kind (RefractPlot *self, gconstpointer *plot)
{
  *plot = self->plot;
  return self->kind;
}

void
refract_plot_set_natural_height (RefractPlot *self, int height)
{
  if (self->height == height)
    return;
  self->height = height;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
refract_plot_get_theme (RefractPlot *self, RfPlotTheme *theme)
{
  GdkRGBA color;

  rf_plot_theme_init (theme, adw_style_manager_get_dark (adw_style_manager_get_default ()));
  refract_compat_get_color (GTK_WIDGET (self), &color);
  theme->foreground = (RfPlotColor){ color.red, color.green, color.blue, color.alpha };
  theme->font_size *= refract_text_scale ();
  theme->paint_background = FALSE;
}

static void
refract_plot_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  RefractPlot *self = REFRACT_PLOT (widget);

  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN (self->width, 40) : self->height;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? self->width : self->height;
}

/* Drawn once into a texture: a frame in which nothing changed costs the renderer nothing. */
static GdkTexture *
draw_texture (RefractPlot *self, int width, int height, int scale, const RfPlotTheme *theme)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width * scale, height * scale);
  g_autoptr(GBytes) bytes = NULL;
  GdkTexture *texture;
  cairo_t *cr;

  cairo_surface_set_device_scale (surface, scale, scale);
  cr = cairo_create (surface);
  (self->kind->base ? self->kind->base : self->kind->draw) (self->plot, cr, width, height, theme);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (surface), (gsize) cairo_image_surface_get_stride (surface) * (gsize) (height * scale),
                                      (GDestroyNotify) cairo_surface_destroy, surface);
  texture = gdk_memory_texture_new (width * scale, height * scale, GDK_MEMORY_DEFAULT, bytes, (gsize) cairo_image_surface_get_stride (surface));
  return texture;
}

static gboolean
draw_later_cb (gpointer data)
{
  RefractPlot *self = data;

  self->later_id = 0;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return G_SOURCE_REMOVE;
}

/* Many charts that are new in the same frame would be felt: those for which there is no time left come with the next one. */
static gboolean
has_time (RefractPlot *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));
  gint64 frame = clock ? gdk_frame_clock_get_frame_counter (clock) : 0;

  if (clock == NULL || frame != drawing_frame)
    {
      drawing_frame = frame;
      drawing_us = 0;
    }
  if (drawing_us < DRAW_US)
    return TRUE;
  if (self->later_id == 0)
    self->later_id = g_idle_add (draw_later_cb, self);
  return FALSE;
}

static void
refresh (RefractPlot *self, int width, int height, int scale, const RfPlotTheme *theme)
{
  gboolean fits = self->kept && self->kept_scale == scale && gdk_texture_get_width (self->kept) == width * scale && gdk_texture_get_height (self->kept) == height * scale;
  gint64 started = g_get_monotonic_time ();

  if (fits && !self->stale)
    return;
  if (!fits)
    g_clear_object (&self->kept);
  if (!has_time (self))
    return;
  g_clear_object (&self->kept);
  g_clear_pointer (&self->marks, gsk_render_node_unref);
  self->kept = draw_texture (self, width, height, scale, theme);
  self->kept_scale = scale;
  self->stale = FALSE;
  drawing_us += g_get_monotonic_time () - started;
}

static void
refract_plot_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RefractPlot *self = REFRACT_PLOT (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget), scale = gtk_widget_get_scale_factor (widget);
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);
  RfPlotTheme theme;

  if (self->kind == NULL || width < 1 || height < 1)
    return;
  refract_plot_get_theme (self, &theme);
  refresh (self, width, height, scale, &theme);
  if (self->kept == NULL)
    return;
  gtk_snapshot_append_texture (snapshot, self->kept, &area);
  if (self->kind->base == NULL || self->stale)
    return;
  if (self->marks == NULL)
    {
      cairo_t *cr;

      self->marks = gsk_cairo_node_new (&area);
      cr = gsk_cairo_node_get_draw_context (self->marks);
      self->kind->mark (self->plot, cr, width, height, &theme);
      cairo_destroy (cr);
    }
  gtk_snapshot_append_node (snapshot, self->marks);
}

static void
refract_plot_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (refract_plot_parent_class)->css_changed (widget, change);
  draw_again (REFRACT_PLOT (widget));
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

static void
drag_update_cb (GtkGestureDrag *gesture, double dx, double dy, RefractPlot *self)
{
  double x, y;

  if (gtk_gesture_drag_get_start_point (gesture, &x, &y))
    g_signal_emit (self, signals[BRUSHED], 0, MIN (x, x + dx), MIN (y, y + dy), fabs (dx), fabs (dy));
}

static gboolean
key_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, RefractPlot *self)
{
  int direction = key == GDK_KEY_Right || key == GDK_KEY_Down ? 1 : key == GDK_KEY_Left || key == GDK_KEY_Up ? -1
                                                                                                             : 0;

  if (direction != 0)
    g_signal_emit (self, signals[MOVED], 0, direction);
  return direction != 0;
}

static void
refract_plot_finalize (GObject *object)
{
  g_free (REFRACT_PLOT (object)->label);
  g_clear_handle_id (&REFRACT_PLOT (object)->later_id, g_source_remove);
  g_clear_object (&REFRACT_PLOT (object)->kept);
  g_clear_pointer (&REFRACT_PLOT (object)->marks, gsk_render_node_unref);
  G_OBJECT_CLASS (refract_plot_parent_class)->finalize (object);
}

static void
refract_plot_class_init (RefractPlotClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = refract_plot_finalize;
  widget_class->measure = refract_plot_measure;
  widget_class->snapshot = refract_plot_snapshot;
  widget_class->css_changed = refract_plot_css_changed;
  gtk_widget_class_set_css_name (widget_class, "plot");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  signals[HOVERED] = g_signal_new ("hovered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[PRESSED] = g_signal_new ("pressed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[BRUSHED] = g_signal_new ("brushed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 4, G_TYPE_DOUBLE, G_TYPE_DOUBLE, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[MOVED] = g_signal_new ("moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
refract_plot_init (RefractPlot *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new (), *key = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new (), *drag = gtk_gesture_drag_new ();

  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  g_signal_connect (key, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), key);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (draw_again), self, G_CONNECT_SWAPPED);
}
