/* refract-welcome-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-welcome-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/refract-settings.h"
#include "core/catalog/rf-workspace.h"
#include "core/train/rf-checkpoint.h"

#define MAX_RECENT 5
#define PART       48 /* pixels of a quarter of a document's picture */
#define LOOK_AT    60 /* items that may have one */

struct _RefractWelcomePage
{
  AdwBin parent_instance;

  AdwPreferencesGroup *recent_group;
  GPtrArray *rows; /* borrowed */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (RefractWelcomePage, refract_welcome_page, ADW_TYPE_BIN)

GtkWidget *
refract_welcome_page_new (void)
{
  return g_object_new (REFRACT_TYPE_WELCOME_PAGE, NULL);
}

/* "today", "3 days ago", or a date. */
static char *
describe_age (const char *path)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_TIME_MODIFIED, 0, NULL, NULL);
  g_autoptr(GDateTime) time = info ? g_file_info_get_modification_date_time (info) : NULL, now = g_date_time_new_now_local ();
  g_autoptr(GDateTime) local = time ? g_date_time_to_local (time) : NULL;
  GDate day, today;
  int days;

  if (local == NULL)
    return g_strdup ("");
  g_date_set_dmy (&day, (GDateDay) g_date_time_get_day_of_month (local), g_date_time_get_month (local), (GDateYear) g_date_time_get_year (local));
  g_date_set_dmy (&today, (GDateDay) g_date_time_get_day_of_month (now), g_date_time_get_month (now), (GDateYear) g_date_time_get_year (now));
  days = g_date_days_between (&day, &today);
  if (days == 0)
    return g_strdup (_("today"));
  if (days == 1)
    return g_strdup (_("yesterday"));
  if (days > 1 && days < 31)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d day ago", "%d days ago", (gulong) days), days);
  return g_date_time_format (local, "%x");
}

/* What is found in a document without opening it. */
typedef struct
{
  GdkTexture *texture;   /* NULL: there are no pictures */
  guint epoch, n_epochs; /* of a training that was interrupted; 0: there is none */
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  g_clear_object (&look->texture);
  g_free (look);
}

/* The first pictures of a document in a square; NULL: it has none. */
static GdkTexture *
make_texture (RfWorkspace *workspace, GCancellable *cancellable)
{
  g_autoptr(GdkPixbuf) square = gdk_pixbuf_new (GDK_COLORSPACE_RGB, TRUE, 8, 2 * PART, 2 * PART);
  guint n = 0;

  gdk_pixbuf_fill (square, 0);
  for (guint32 item = 0; item < LOOK_AT && n < 4 && !g_cancellable_is_cancelled (cancellable); item++)
    {
      g_autoptr(GBytes) bytes = rf_workspace_load_picture (workspace, item, NULL);
      g_autoptr(GInputStream) stream = bytes ? g_memory_input_stream_new_from_bytes (bytes) : NULL;
      g_autoptr(GdkPixbuf) pixbuf = stream ? gdk_pixbuf_new_from_stream_at_scale (stream, PART - 2, PART - 2, TRUE, NULL, NULL) : NULL;
      int width, height;

      if (pixbuf == NULL)
        continue;
      width = gdk_pixbuf_get_width (pixbuf);
      height = gdk_pixbuf_get_height (pixbuf);
      if (!gdk_pixbuf_get_has_alpha (pixbuf) && width <= PART && height <= PART)
        gdk_pixbuf_composite (pixbuf, square, (int) (n % 2) * PART + (PART - width) / 2, (int) (n / 2) * PART + (PART - height) / 2, width, height, (int) (n % 2) * PART + (PART - width) / 2,
                              (int) (n / 2) * PART + (PART - height) / 2, 1, 1, GDK_INTERP_NEAREST, 255);
      n++;
    }
  return n > 0 ? gdk_texture_new_for_pixbuf (square) : NULL;
}

static void
look_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr(RfWorkspace) workspace = rf_workspace_open (data, NULL);
  g_autoptr(GPtrArray) unfinished = workspace ? rf_unfinished_list (workspace, NULL) : NULL;
  Look *look = g_new0 (Look, 1);

  if (workspace)
    look->texture = make_texture (workspace, cancellable);
  if (unfinished && unfinished->len > 0)
    {
      const RfUnfinished *newest = unfinished->pdata[0];

      look->epoch = newest->epoch;
      look->n_epochs = newest->n_epochs;
    }
  g_task_return_pointer (task, look, look_free);
}

/* A training that a crash or a closed window has cut off goes on from here in one click. */
static GtkWidget *
make_resume (const char *path, guint epoch, guint n_epochs)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_("_Resume"));
  g_autofree char *what = g_strdup_printf (_("Resume the interrupted training (epoch %u of %u)"), epoch, n_epochs);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, what);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, what, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.resume-path");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", path);
  return button;
}

static void
looked_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(GtkWidget) row = data;
  Look *look = g_task_propagate_pointer (G_TASK (result), NULL);

  if (look == NULL)
    return;
  if (look->texture)
    gtk_image_set_from_paintable (g_object_get_data (G_OBJECT (row), "picture"), GDK_PAINTABLE (look->texture));
  if (look->n_epochs > 0)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_resume (g_task_get_task_data (G_TASK (result)), look->epoch, look->n_epochs));
  look_free (look);
}

/* Fills in what only reading the document tells: its pictures, and whether a training waits there. */
static void
look_into (RefractWelcomePage *self, GtkWidget *row, const char *path)
{
  g_autoptr(GTask) task = g_task_new (NULL, self->cancellable, looked_cb, g_object_ref_sink (row));

  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, look_thread);
}

static GtkWidget *
make_picture (GtkWidget *row)
{
  GtkWidget *image = gtk_image_new_from_icon_name ("document-open-recent-symbolic");

  gtk_image_set_pixel_size (GTK_IMAGE (image), PART);
  g_object_set_data (G_OBJECT (row), "picture", image);
  return image;
}

static void
forget_cb (GtkButton *button, RefractWelcomePage *self)
{
  refract_settings_remove_recent (g_object_get_data (G_OBJECT (button), "path"));
  refract_welcome_page_refresh (self);
}

static GtkWidget *
make_forget (RefractWelcomePage *self, const char *path, const char *name)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("window-close-symbolic");
  g_autofree char *label = g_strdup_printf (_("Forget %s"), name);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _("Take off the list; the file stays"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data_full (G_OBJECT (button), "path", g_strdup (path), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (forget_cb), self);
  return button;
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
      g_autofree char *name = NULL, *subtitle = NULL, *age = NULL, *parent = NULL;
      GtkWidget *row;

      if (!g_file_test (recent[r], G_FILE_TEST_EXISTS))
        continue;
      name = g_path_get_basename (recent[r]);
      age = describe_age (recent[r]);
      parent = g_path_get_dirname (recent[r]);
      subtitle = g_strdup_printf ("%s · %s", age, parent);
      row = adw_action_row_new ();
      if (g_str_has_suffix (name, ".refract"))
        name[strlen (name) - strlen (".refract")] = '\0';
      g_object_set (row, "use-markup", FALSE, "title", name, "subtitle", subtitle, "activatable", TRUE, "subtitle-lines", 1, NULL);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), make_picture (row));
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_forget (self, recent[r], name));
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
      gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (row), "win.open-path");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", recent[r]);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.open-path");
      adw_preferences_group_add (self->recent_group, row);
      g_ptr_array_add (self->rows, row);
      look_into (self, row, recent[r]);
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
  RefractWelcomePage *self = REFRACT_WELCOME_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
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
  GtkWidget *hint = gtk_label_new (_("A catalog is a folder with items.csv (item_id, title, description, category, image), interactions.csv (user_id, item_id, rating, timestamp) and a folder images; the formats of MovieLens, Amazon, RecBole, MMRec, Cornac and MicroLens are known too. Drop it here.")), *clamp = adw_clamp_new ();

  self->rows = g_ptr_array_new ();
  self->cancellable = g_cancellable_new ();
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (status), APP_ID);
  adw_status_page_set_title (ADW_STATUS_PAGE (status), _("See Why a Recommender Recommends"));
  adw_status_page_set_description (ADW_STATUS_PAGE (status), _("Picture, text or behaviour: what really drives each recommendation."));
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
