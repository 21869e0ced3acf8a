/* refract-welcome-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-welcome-page.h"

#include <glib/gi18n-lib.h>

#include "app/refract-settings.h"

#define MAX_RECENT 5

struct _RefractWelcomePage
{
  AdwBin parent_instance;

  AdwPreferencesGroup *recent_group;
  GPtrArray *rows; /* borrowed */
};

G_DEFINE_FINAL_TYPE (RefractWelcomePage, refract_welcome_page, ADW_TYPE_BIN)

GtkWidget *
refract_welcome_page_new (void)
{
  return g_object_new (REFRACT_TYPE_WELCOME_PAGE, NULL);
}

static char *
describe_age (const char *path)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_TIME_MODIFIED, 0, NULL, NULL);
  g_autoptr(GDateTime) time = info ? g_file_info_get_modification_date_time (info) : NULL;
  g_autoptr(GDateTime) local = time ? g_date_time_to_local (time) : NULL;
  g_autofree char *folder = g_path_get_dirname (path), *when = local ? g_date_time_format (local, "%x") : NULL;

  return when ? g_strdup_printf ("%s · %s", when, folder) : g_steal_pointer (&folder);
}

void
refract_welcome_page_refresh (RefractWelcomePage *self)
{
  g_auto(GStrv) recent = refract_settings_dup_recent ();
  guint shown = 0;

  for (guint r = 0; r < self->rows->len; r++)
    adw_preferences_group_remove (self->recent_group, self->rows->pdata[r]);
  g_ptr_array_set_size (self->rows, 0);
  for (guint r = 0; recent && recent[r] && shown < MAX_RECENT; r++)
    {
      g_autofree char *name = NULL, *subtitle = NULL;
      GtkWidget *row;

      if (!g_file_test (recent[r], G_FILE_TEST_EXISTS))
        continue;
      name = g_path_get_basename (recent[r]);
      subtitle = describe_age (recent[r]);
      row = adw_action_row_new ();
      g_object_set (row, "use-markup", FALSE, "title", name, "subtitle", subtitle, "activatable", TRUE, NULL);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("document-open-recent-symbolic"));
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
      gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (row), "win.open-path");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", recent[r]);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.open-path");
      adw_preferences_group_add (self->recent_group, row);
      g_ptr_array_add (self->rows, row);
      shown++;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->recent_group), shown > 0);
}

static GtkWidget *
make_button (const char *label, const char *action, gboolean suggested)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_add_css_class (button, "pill");
  if (suggested)
    gtk_widget_add_css_class (button, "suggested-action");
  return button;
}

static void
refract_welcome_page_dispose (GObject *object)
{
  g_clear_pointer (&REFRACT_WELCOME_PAGE (object)->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (refract_welcome_page_parent_class)->dispose (object);
}

static void
refract_welcome_page_class_init (RefractWelcomePageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = refract_welcome_page_dispose;
}

static void
refract_welcome_page_init (RefractWelcomePage *self)
{
  GtkWidget *status = adw_status_page_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24), *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *hint = gtk_label_new (_("A catalog is a folder with items.csv (item_id, title, description, category, image), interactions.csv (user_id, item_id, rating, timestamp) and a folder images. Drop it here.")), *clamp = adw_clamp_new ();

  self->rows = g_ptr_array_new ();
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (status), APP_ID);
  adw_status_page_set_title (ADW_STATUS_PAGE (status), _("See Why a Recommender Recommends"));
  adw_status_page_set_description (ADW_STATUS_PAGE (status), _("Picture, text or behaviour: what really drives each recommendation, in your own data."));
  gtk_widget_set_halign (buttons, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (buttons), make_button (_("_Import a Catalog…"), "win.import", TRUE));
  gtk_box_append (GTK_BOX (buttons), make_button (_("_Open…"), "win.open", FALSE));
  gtk_box_append (GTK_BOX (buttons), make_button (_("Try the _Sample"), "win.sample", FALSE));
  gtk_label_set_wrap (GTK_LABEL (hint), TRUE);
  gtk_label_set_justify (GTK_LABEL (hint), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (hint, "dim-label");
  self->recent_group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_preferences_group_set_title (self->recent_group, _("Recent Documents"));
  gtk_box_append (GTK_BOX (box), buttons);
  gtk_box_append (GTK_BOX (box), hint);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->recent_group));
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  adw_status_page_set_child (ADW_STATUS_PAGE (status), clamp);
  adw_bin_set_child (ADW_BIN (self), status);
  refract_welcome_page_refresh (self);
}
