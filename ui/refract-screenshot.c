/* refract-screenshot.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/refract-screenshot.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "core/base/rf-error.h"
#include "ui/refract-window.h"

#define POLL_MS       100
#define SETTLED_FOR   6 /* polls: late thumbnails, transitions */
#define GIVE_UP_AFTER 3000

typedef struct
{
  GtkApplication *application;
  char *path, *page, *user, *item, *runs, *tab, *compose;
  char **actions;
  int place, width, height, delay;
  guint settled, polls;
  gboolean prepared, acted;
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
  g_free (shot->compose);
  g_strfreev (shot->actions);
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
      g_set_error (error, RF_ERROR, RF_ERROR_NOT_FOUND, _ ("The window has not been drawn yet."));
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
    g_set_error (error, RF_ERROR, RF_ERROR_IO, _ ("%s cannot be written."), path);
  return ok;
}

/* The window that an action opened in front of this one, if there is one. */
static GtkWidget *
find_front (GtkWindow *window)
{
  GListModel *windows = gtk_window_get_toplevels ();
  GtkWidget *front = GTK_WIDGET (window);

  for (guint w = 0; w < g_list_model_get_n_items (windows); w++)
    {
      g_autoptr(GtkWindow) other = g_list_model_get_item (windows, w);

      if (gtk_window_get_transient_for (other) == window && gtk_widget_get_mapped (GTK_WIDGET (other)))
        front = GTK_WIDGET (other);
    }
  return front;
}

/* FALSE: a new layout was due just now; try again. */
static gboolean
finish (Shot *shot, RefractWindow *window)
{
  g_autoptr(GError) error = NULL;
  gboolean ok = refract_screenshot_write (find_front (GTK_WINDOW (window)), shot->path, &error);

  if (g_error_matches (error, RF_ERROR, RF_ERROR_NOT_FOUND) && shot->polls < GIVE_UP_AFTER)
    return FALSE;
  if (!ok)
    g_printerr ("refract: %s\n", error->message);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.cancel-training", NULL);
  if (find_front (GTK_WINDOW (window)) != GTK_WIDGET (window))
    gtk_window_destroy (GTK_WINDOW (find_front (GTK_WINDOW (window))));
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

static void
compose (Shot *shot, RefractWindow *window)
{
  g_auto(GStrv) ids = g_strsplit (shot->compose, ",", -1);

  refract_window_compose (window, (const char *const *) ids);
  g_clear_pointer (&shot->compose, g_free);
}

/* What a menu or a key would do: "win.about", "win.note-user::U1". */
static void
act (Shot *shot, RefractWindow *window)
{
  for (gsize a = 0; shot->actions && shot->actions[a]; a++)
    {
      g_autofree char *name = NULL;
      g_autoptr(GVariant) target = NULL;
      g_autoptr(GError) error = NULL;

      if (!g_action_parse_detailed_name (shot->actions[a], &name, &target, &error))
        g_printerr ("refract: %s\n", error->message);
      else if (!gtk_widget_activate_action_variant (GTK_WIDGET (window), name, target))
        g_printerr (_ ("refract: there is no action \u201c%s\u201d.\n"), name);
    }
}

/* In turn, each when what came before it is shown: choices, actions; then TRUE. */
static gboolean
is_ready (Shot *shot, RefractWindow *window)
{
  if (shot->acted && shot->delay > 0)
    return (shot->delay -= POLL_MS) <= 0;
  shot->settled = refract_window_is_settled (window) ? shot->settled + 1 : 0;
  if (shot->settled == 1)
    {
      if (shot->page)
        refract_window_show_page (window, shot->page);
      if (shot->item && refract_window_choose_item (window, shot->item))
        g_clear_pointer (&shot->item, g_free);
      if (shot->compose)
        compose (shot, window);
      show_parts (shot, window);
    }
  if (shot->settled < SETTLED_FOR && shot->polls < GIVE_UP_AFTER)
    return FALSE;
  if (shot->acted || shot->actions == NULL)
    return TRUE;
  act (shot, window);
  shot->acted = TRUE;
  shot->settled = 0;
  g_clear_pointer (&shot->page, g_free);
  return FALSE;
}

/* The document's, not one that an action opened. */
static GtkWindow *
find_window (GtkApplication *application)
{
  for (GList *l = gtk_application_get_windows (application); l; l = l->next)
    if (REFRACT_IS_WINDOW (l->data))
      return l->data;
  return NULL;
}

static gboolean
poll_cb (gpointer data)
{
  Shot *shot = data;
  GtkWindow *window = find_window (shot->application);

  shot->polls++;
  if (window == NULL)
    return shot->polls < GIVE_UP_AFTER ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
  if (!shot->prepared)
    {
      shot->prepared = TRUE;
      if (shot->width > 0)
        gtk_window_set_default_size (window, shot->width, shot->height);
      if (shot->user)
        refract_window_choose (REFRACT_WINDOW (window), shot->user, (guint) MAX (shot->place, 1));
    }
  if (!is_ready (shot, REFRACT_WINDOW (window)))
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
  g_variant_dict_lookup (options, "compose", "s", &shot->compose);
  g_variant_dict_lookup (options, "action", "^as", &shot->actions);
  g_variant_dict_lookup (options, "delay", "i", &shot->delay);
  g_variant_dict_lookup (options, "place", "i", &shot->place);
  g_variant_dict_lookup (options, "size", "&s", &size);
  parse_size (shot, size);
  if (g_variant_dict_contains (options, "right-to-left"))
    g_signal_connect_after (application, "startup", G_CALLBACK (force_right_to_left_cb), NULL);
  if (g_variant_dict_contains (options, "large-text"))
    g_signal_connect_after (application, "startup", G_CALLBACK (force_large_text_cb), NULL);
  if (g_variant_dict_contains (options, "dark"))
    g_signal_connect_after (application, "startup", G_CALLBACK (force_dark_cb), NULL);
  if (shot->path || shot->page || shot->user || shot->item || shot->runs || shot->tab || shot->compose || shot->actions || shot->width > 0)
    g_timeout_add_full (G_PRIORITY_LOW, POLL_MS, poll_cb, shot, shot_free);
  else
    shot_free (shot);
}
