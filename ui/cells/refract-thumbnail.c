/* refract-thumbnail.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/cells/refract-thumbnail.h"

#define RADIUS 6

struct _RefractThumbnail
{
  GtkWidget parent_instance;

  int width, height;
  RefractThumbnails *thumbnails;
  guint32 item;
  GdkTexture *texture;
  gboolean known;
  GSignalGroup *signals;
};

enum
{
  PROP_0,
  PROP_WIDTH,
  PROP_HEIGHT,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RefractThumbnail, refract_thumbnail, GTK_TYPE_WIDGET)

GtkWidget *
refract_thumbnail_new (int width, int height)
{
  return g_object_new (REFRACT_TYPE_THUMBNAIL, "width", width, "height", height, NULL);
}

void
refract_thumbnail_set_size (RefractThumbnail *self, int width, int height)
{
  self->width = width;
  self->height = height;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/* Takes the texture if it is there, asks for it if not. */
static void
look (RefractThumbnail *self, gboolean ask)
{
  GdkTexture *texture = refract_thumbnails_peek (self->thumbnails, self->item, &self->known);

  if (!self->known && ask)
    refract_thumbnails_request (self->thumbnails, self->item);
  if (g_set_object (&self->texture, texture) || self->known)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
loaded_cb (RefractThumbnail *self, guint item)
{
  if (item == self->item)
    look (self, FALSE);
}

void
refract_thumbnail_set_item (RefractThumbnail *self, RefractThumbnails *thumbnails, guint32 item)
{
  if (self->thumbnails == thumbnails && self->item == item)
    return;
  g_set_object (&self->thumbnails, thumbnails);
  self->item = item;
  self->known = FALSE;
  g_clear_object (&self->texture);
  g_signal_group_set_target (self->signals, thumbnails);
  if (thumbnails != NULL)
    look (self, gtk_widget_get_mapped (GTK_WIDGET (self)));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

GdkTexture *
refract_thumbnail_get_texture (RefractThumbnail *self)
{
  return self->texture;
}

static void
refract_thumbnail_map (GtkWidget *widget)
{
  RefractThumbnail *self = REFRACT_THUMBNAIL (widget);

  GTK_WIDGET_CLASS (refract_thumbnail_parent_class)->map (widget);
  if (self->thumbnails != NULL && !self->known)
    look (self, TRUE);
}

static void
refract_thumbnail_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                           int *minimum_baseline, int *natural_baseline)
{
  RefractThumbnail *self = REFRACT_THUMBNAIL (widget);

  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? self->width : self->height;
}

static void
snapshot_placeholder (RefractThumbnail *self, GtkSnapshot *snapshot, float width, float height)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
  float side = CLAMP (MIN (width, height) / 2, 8, 48);
  g_autoptr(GtkIconPaintable) icon = gtk_icon_theme_lookup_icon (theme, "image-missing-symbolic", NULL, side,
                                                                  gtk_widget_get_scale_factor (GTK_WIDGET (self)),
                                                                  gtk_widget_get_direction (GTK_WIDGET (self)), 0);
  GdkRGBA color = { 0.5, 0.5, 0.5, 0.8 };

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((width - side) / 2, (height - side) / 2));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), GDK_SNAPSHOT (snapshot), side, side, &color, 1);
  gtk_snapshot_restore (snapshot);
}

static void
refract_thumbnail_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RefractThumbnail *self = REFRACT_THUMBNAIL (widget);
  float width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  graphene_rect_t place = GRAPHENE_RECT_INIT (0, 0, width, height);
  GskRoundedRect clip;

  if (width <= 0 || height <= 0)
    return;
  if (self->texture != NULL)
    {
      float w = gdk_texture_get_width (self->texture), h = gdk_texture_get_height (self->texture);
      float scale = MIN (width / w, height / h);

      place = GRAPHENE_RECT_INIT ((width - w * scale) / 2, (height - h * scale) / 2, w * scale, h * scale);
    }
  gsk_rounded_rect_init_from_rect (&clip, &place, MIN (RADIUS, MIN (width, height) / 6));
  gtk_snapshot_push_rounded_clip (snapshot, &clip);
  if (self->texture != NULL)
    gtk_snapshot_append_texture (snapshot, self->texture, &place);
  else
    {
      gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 0.5, 0.5, 0.5, 0.12 }, &place);
      if (self->known)
        snapshot_placeholder (self, snapshot, width, height);
    }
  gtk_snapshot_pop (snapshot);
}

static void
refract_thumbnail_dispose (GObject *object)
{
  RefractThumbnail *self = REFRACT_THUMBNAIL (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->thumbnails);
  g_clear_object (&self->texture);
  G_OBJECT_CLASS (refract_thumbnail_parent_class)->dispose (object);
}

static void
refract_thumbnail_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RefractThumbnail *self = REFRACT_THUMBNAIL (object);

  switch (prop_id)
    {
    case PROP_WIDTH:
      g_value_set_int (value, self->width);
      break;
    case PROP_HEIGHT:
      g_value_set_int (value, self->height);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
refract_thumbnail_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  RefractThumbnail *self = REFRACT_THUMBNAIL (object);

  switch (prop_id)
    {
    case PROP_WIDTH:
      refract_thumbnail_set_size (self, g_value_get_int (value), self->height);
      break;
    case PROP_HEIGHT:
      refract_thumbnail_set_size (self, self->width, g_value_get_int (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
refract_thumbnail_class_init (RefractThumbnailClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = refract_thumbnail_dispose;
  object_class->get_property = refract_thumbnail_get_property;
  object_class->set_property = refract_thumbnail_set_property;
  props[PROP_WIDTH] = g_param_spec_int ("width", NULL, NULL, 1, 4096, 48, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_HEIGHT] = g_param_spec_int ("height", NULL, NULL, 1, 4096, 48, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  widget_class->map = refract_thumbnail_map;
  widget_class->measure = refract_thumbnail_measure;
  widget_class->snapshot = refract_thumbnail_snapshot;
  gtk_widget_class_set_css_name (widget_class, "thumbnail");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
refract_thumbnail_init (RefractThumbnail *self)
{
  self->width = self->height = 48;
  self->item = RF_NO_INDEX;
  self->signals = g_signal_group_new (REFRACT_TYPE_THUMBNAILS);
  g_signal_group_connect_swapped (self->signals, "loaded", G_CALLBACK (loaded_cb), self);
}
