/* refract-screenshot.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/refract-screenshot.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "core/base/rf-error.h"
#include "ui/refract-window.h"

#define POLL_MS      100
#define SETTLED_FOR  6 /* polls: late thumbnails, transitions */
#define GIVE_UP_AFTER 3000

typedef struct
{
  GtkApplication *application;
  char *path, *page, *user, *item, *runs, *tab;
  int place, width, height;
  guint settled, polls;
  gboolean prepared;
} Shot;

static void
shot_free (gpointer data)
{
  Shot *shot = data;

  g_free (shot->path);
  g_free (shot->page);
  g_free (shot->user);
  g_free (shot->item);
  g_free (shot->runs);
  g_free (shot->tab);
  g_free (shot);
}

gboolean
refract_screenshot_write (GtkWidget *widget, const char *path, GError **error)
{
  g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  int width = gdk_paintable_get_intrinsic_width (paintable), height = gdk_paintable_get_intrinsic_height (paintable);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;
  cairo_surface_t *surface;
  cairo_t *cr;
  gboolean ok;

  gdk_paintable_snapshot (paintable, GDK_SNAPSHOT (snapshot), width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_NOT_FOUND, _("The window has not been drawn yet."));
      return FALSE;
    }
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, MAX (width, 1), MAX (height, 1));
  cr = cairo_create (surface);
  gsk_render_node_draw (node, cr);
  cairo_destroy (cr);
  g_clear_pointer (&node, gsk_render_node_unref);
  ok = cairo_surface_write_to_png (surface, path) == CAIRO_STATUS_SUCCESS;
  cairo_surface_destroy (surface);
  if (!ok)
    g_set_error (error, RF_ERROR, RF_ERROR_IO, _("%s cannot be written."), path);
  return ok;
}

/* FALSE: a new layout was due just now; try again. */
static gboolean
finish (Shot *shot, RefractWindow *window)
{
  g_autoptr(GError) error = NULL;
  gboolean ok = refract_screenshot_write (GTK_WIDGET (window), shot->path, &error);

  if (g_error_matches (error, RF_ERROR, RF_ERROR_NOT_FOUND) && shot->polls < GIVE_UP_AFTER)
    return FALSE;
  if (!ok)
    g_printerr ("refract: %s\n", error->message);
  gtk_window_destroy (GTK_WINDOW (window));
  return TRUE;
}

/* Once: what a page would show after a click more. */
static void
show_parts (Shot *shot, RefractWindow *window)
{
  g_auto(GStrv) runs = shot->runs ? g_strsplit (shot->runs, ",", 2) : NULL;

  if (runs && g_strv_length (runs) == 2)
    refract_window_compare (window, runs[0], runs[1]);
  if (shot->tab)
    refract_window_show_tab (window, shot->tab);
  g_clear_pointer (&shot->runs, g_free);
  g_clear_pointer (&shot->tab, g_free);
}

static gboolean
poll_cb (gpointer data)
{
  Shot *shot = data;
  GtkWindow *window = gtk_application_get_active_window (shot->application);

  shot->polls++;
  if (!REFRACT_IS_WINDOW (window))
    return shot->polls < GIVE_UP_AFTER ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
  if (!shot->prepared)
    {
      shot->prepared = TRUE;
      if (shot->width > 0)
        gtk_window_set_default_size (window, shot->width, shot->height);
      if (shot->user)
        refract_window_choose (REFRACT_WINDOW (window), shot->user, (guint) MAX (shot->place, 1));
    }
  shot->settled = refract_window_is_settled (REFRACT_WINDOW (window)) ? shot->settled + 1 : 0;
  if (shot->settled == 1 && shot->page)
    refract_window_show_page (REFRACT_WINDOW (window), shot->page);
  if (shot->settled == 1 && shot->item && refract_window_choose_item (REFRACT_WINDOW (window), shot->item))
    g_clear_pointer (&shot->item, g_free);
  if (shot->settled == 1)
    show_parts (shot, REFRACT_WINDOW (window));
  if (shot->settled < SETTLED_FOR && shot->polls < GIVE_UP_AFTER)
    return G_SOURCE_CONTINUE;
  if (shot->path && !finish (shot, REFRACT_WINDOW (window)))
    return G_SOURCE_CONTINUE;
  return G_SOURCE_REMOVE;
}

static void
force_dark_cb (GtkApplication *application)
{
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
}

static void
force_right_to_left_cb (GtkApplication *application)
{
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
}

static void
force_large_text_cb (GtkApplication *application)
{
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 96 * 1024 * 3 / 2, NULL);
}

static void
parse_size (Shot *shot, const char *text)
{
  g_auto(GStrv) parts = g_strsplit (text ? text : "", "x", 2);

  if (g_strv_length (parts) == 2)
    {
      shot->width = (int) g_ascii_strtoll (parts[0], NULL, 10);
      shot->height = (int) g_ascii_strtoll (parts[1], NULL, 10);
    }
}

void
refract_screenshot_read_options (GtkApplication *application, GVariantDict *options)
{
  Shot *shot = g_new0 (Shot, 1);
  const char *size = NULL;

  shot->application = application;
  g_variant_dict_lookup (options, "screenshot", "^ay", &shot->path);
  g_variant_dict_lookup (options, "page", "s", &shot->page);
  g_variant_dict_lookup (options, "user", "s", &shot->user);
  g_variant_dict_lookup (options, "item", "s", &shot->item);
  g_variant_dict_lookup (options, "runs", "s", &shot->runs);
  g_variant_dict_lookup (options, "tab", "s", &shot->tab);
  g_variant_dict_lookup (options, "place", "i", &shot->place);
  g_variant_dict_lookup (options, "size", "&s", &size);
  parse_size (shot, size);
  if (g_variant_dict_contains (options, "right-to-left"))
    g_signal_connect_after (application, "startup", G_CALLBACK (force_right_to_left_cb), NULL);
  if (g_variant_dict_contains (options, "large-text"))
    g_signal_connect_after (application, "startup", G_CALLBACK (force_large_text_cb), NULL);
  if (g_variant_dict_contains (options, "dark"))
    g_signal_connect_after (application, "startup", G_CALLBACK (force_dark_cb), NULL);
  if (shot->path || shot->page || shot->user || shot->item || shot->runs || shot->tab || shot->width > 0)
    g_timeout_add_full (G_PRIORITY_LOW, POLL_MS, poll_cb, shot, shot_free);
  else
    shot_free (shot);
}
