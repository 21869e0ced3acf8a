/* refract-application.c: one instance, several windows; documents as arguments; pictures of a window for the documentation.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/refract-application.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

#include "ui/refract-help.h"
#include "ui/refract-screenshot.h"
#include "ui/refract-window.h"

struct _RefractApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (RefractApplication, refract_application, ADW_TYPE_APPLICATION)

RefractApplication *
refract_application_new (void)
{
  return g_object_new (REFRACT_TYPE_APPLICATION, "application-id", APP_ID, "flags", G_APPLICATION_HANDLES_OPEN, "resource-base-path",
                       "/io/github/refract/Refract", NULL);
}

static RefractWindow *
find_empty_window (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (REFRACT_IS_WINDOW (window) && refract_window_get_session (REFRACT_WINDOW (window)) == NULL)
    return REFRACT_WINDOW (window);
  return refract_window_new (GTK_APPLICATION (application));
}

static void
refract_application_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  gtk_window_present (window ? window : GTK_WINDOW (refract_window_new (GTK_APPLICATION (application))));
}

static void
refract_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  for (int f = 0; f < n_files; f++)
    {
      RefractWindow *window = find_empty_window (application);
      g_autofree char *path = g_file_get_path (files[f]);

      gtk_window_present (GTK_WINDOW (window));
      if (path)
        refract_window_open (window, path);
    }
}

static void
new_window_action (GSimpleAction *action, GVariant *parameter, gpointer application)
{
  gtk_window_present (GTK_WINDOW (refract_window_new (application)));
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer application)
{
  GList *windows;

  while ((windows = gtk_application_get_windows (application)) != NULL)
    {
      GtkWindow *window = windows->data;

      gtk_window_close (window);
      if (g_list_find (gtk_application_get_windows (application), window))
        gtk_window_destroy (window);
    }
}

/* From a notification. */
/* SIGTERM, SIGINT, SIGHUP: as if all windows were closed, so that a training stops with what it has done kept. A second one ends the program. */
static gboolean
signal_cb (gpointer application)
{
  quit_action (NULL, NULL, application);
  return G_SOURCE_REMOVE;
}

static void
present_action (GSimpleAction *action, GVariant *parameter, gpointer application)
{
  GtkWindow *window = gtk_application_get_window_by_id (application, g_variant_get_uint32 (parameter));

  if (window)
    gtk_window_present (window);
}

static void
help_shown_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(GtkApplication) application = data;
  GtkWindow *window = gtk_application_get_active_window (application);
  g_autoptr(GError) error = NULL;

  if (!g_app_info_launch_default_for_uri_finish (result, &error) && REFRACT_IS_WINDOW (window))
    refract_window_toast (REFRACT_WINDOW (window), _("There is no program to show the help pages; they are on the command line too: man refract."));
}

static void
help_action (GSimpleAction *action, GVariant *parameter, gpointer application)
{
  g_autofree char *path = refract_help_find ();
  g_autofree char *uri = path ? g_filename_to_uri (path, NULL, NULL) : NULL;

  if (uri)
    g_app_info_launch_default_for_uri_async (uri, NULL, NULL, help_shown_cb, g_object_ref (application));
}

static void
set_accels (GtkApplication *application, const char *action, const char *accel, const char *other)
{
  const char *accels[] = { accel, other, NULL };

  gtk_application_set_accels_for_action (application, action, accels);
}

static void
refract_application_startup (GApplication *application)
{
  static const GActionEntry entries[] = {
    { .name = "new-window", .activate = new_window_action },
    { .name = "quit", .activate = quit_action },
    { .name = "present", .parameter_type = "u", .activate = present_action },
    { .name = "help", .activate = help_action },
  };
  GtkApplication *gtk_application = GTK_APPLICATION (application);

  G_APPLICATION_CLASS (refract_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries), application);
  g_unix_signal_add (SIGTERM, signal_cb, application);
  g_unix_signal_add (SIGINT, signal_cb, application);
  g_unix_signal_add (SIGHUP, signal_cb, application);
  gtk_window_set_default_icon_name (APP_ID);
  set_accels (gtk_application, "app.new-window", "<Control>n", NULL);
  set_accels (gtk_application, "app.quit", "<Control>q", NULL);
  set_accels (gtk_application, "window.close", "<Control>w", NULL);
  set_accels (gtk_application, "app.help", "F1", NULL);
  set_accels (gtk_application, "win.show-help-overlay", "<Control>question", NULL);
  set_accels (gtk_application, "win.open", "<Control>o", NULL);
  set_accels (gtk_application, "win.import", "<Control>i", NULL);
  set_accels (gtk_application, "win.train", "<Control>t", NULL);
  set_accels (gtk_application, "win.export", "<Control>e", NULL);
  set_accels (gtk_application, "win.search", "<Control>f", NULL);
  set_accels (gtk_application, "win.command-search", "<Control>k", NULL);
  set_accels (gtk_application, "win.undo", "<Control>z", NULL);
  set_accels (gtk_application, "win.copy-ranking", "<Control><Shift>c", NULL);
  set_accels (gtk_application, "win.page::catalog", "<Alt>1", NULL);
  set_accels (gtk_application, "win.page::train", "<Alt>2", NULL);
  set_accels (gtk_application, "win.page::explore", "<Alt>3", NULL);
  set_accels (gtk_application, "win.page::compare", "<Alt>4", NULL);
}

static int
refract_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("refract %s\n", PACKAGE_VERSION);
      return 0;
    }
  /* Of the program that runs already, if there is one; a first one shows its first window anyway. */
  if (g_variant_dict_contains (options, "new-window") && g_application_register (application, NULL, NULL) && g_application_get_is_remote (application))
    {
      g_action_group_activate_action (G_ACTION_GROUP (application), "new-window", NULL);
      return 0;
    }
  /* A window for a picture is one of its own, whatever else is running. */
  if (g_variant_dict_contains (options, "screenshot"))
    g_application_set_flags (application, g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
  refract_screenshot_read_options (GTK_APPLICATION (application), options);
  return -1;
}

static void
refract_application_class_init (RefractApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->activate = refract_application_activate;
  application_class->open = refract_application_open;
  application_class->startup = refract_application_startup;
  application_class->handle_local_options = refract_application_handle_local_options;
}

static void
refract_application_init (RefractApplication *self)
{
  const GOptionEntry entries[] = {
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Print the version"), NULL },
    { "new-window", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Open another window"), NULL },
    { "screenshot", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_("Draw the window into a PNG file when everything is shown, and quit"), "FILE.png" },
    { "page", 0, 0, G_OPTION_ARG_STRING, NULL, N_("Show this page: catalog, train, explore or compare"), "PAGE" },
    { "user", 0, 0, G_OPTION_ARG_STRING, NULL, N_("Choose this user on the Explore page"), "ID" },
    { "item", 0, 0, G_OPTION_ARG_STRING, NULL, N_("Choose this item on the Catalog page"), "ID" },
    { "place", 0, 0, G_OPTION_ARG_INT, NULL, N_("Choose this place of the ranking"), "N" },
    { "runs", 0, 0, G_OPTION_ARG_STRING, NULL, N_("Compare these two runs"), "RUN,RUN" },
    { "tab", 0, 0, G_OPTION_ARG_STRING, NULL, N_("Show this part of the page: charts of Catalog; overview of Explore; metrics, users, lists, slices or plan of Compare"), "TAB" },
    { "compose", 0, 0, G_OPTION_ARG_STRING, NULL, N_("Compose a user on the Explore page who chose these items"), "ID,ID,\u2026" },
    { "action", 0, 0, G_OPTION_ARG_STRING_ARRAY, NULL, N_("Do what a menu would do when everything is shown, for instance win.about"), "ACTION" },
    { "delay", 0, 0, G_OPTION_ARG_INT, NULL, N_("After the actions wait this long, not until they have ended"), "MS" },
    { "size", 0, 0, G_OPTION_ARG_STRING, NULL, N_("Size of the window"), "WIDTHxHEIGHT" },
    { "dark", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Dark style"), NULL },
    { "right-to-left", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Lay everything out from right to left"), NULL },
    { "large-text", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Text at one and a half times its size"), NULL },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), entries);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _("[FILE.refract|FOLDER]"));
}
