/* refract-item-panel.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-item-panel.h"

#include <glib/gi18n-lib.h>

#include "ui/cells/refract-thumbnail.h"
#include "ui/refract-thumbnails.h"

#define PICTURE 200
#define WIDTH   240

struct _RefractItemPanel
{
  AdwBin parent_instance;

  RefractThumbnail *picture;
  GtkLabel *title;
  GtkLabel *category;
  GtkLabel *facts;
  GtkLabel *text;
};

G_DEFINE_FINAL_TYPE (RefractItemPanel, refract_item_panel, ADW_TYPE_BIN)

GtkWidget *
refract_item_panel_new (void)
{
  return g_object_new (REFRACT_TYPE_ITEM_PANEL, NULL);
}

/* Empty texts leave no gap. */
static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), *text != '\0');
}

static char *
make_facts (RefractSession *session, guint32 item)
{
  RfCatalog *catalog = refract_session_get_catalog (session);
  guint32 count = refract_session_get_item_counts (session)[item];
  g_autofree char *chosen = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "chosen once", "chosen %u times", count), count);

  return g_strdup_printf ("%s · %s", rf_catalog_get_item_id (catalog, item), chosen);
}

void
refract_item_panel_set_item (RefractItemPanel *self, RefractSession *session, guint32 item)
{
  g_autofree char *facts = NULL, *categories = NULL;
  g_auto(GStrv) parts = NULL;
  RfCatalog *catalog;
  const char *label;

  gtk_widget_set_visible (GTK_WIDGET (self), session != NULL && item != RF_NO_INDEX);
  if (session == NULL || item == RF_NO_INDEX)
    {
      refract_thumbnail_set_item (self->picture, NULL, RF_NO_INDEX);
      return;
    }
  catalog = refract_session_get_catalog (session);
  label = rf_catalog_get_item_label (catalog, item);
  facts = make_facts (session, item);
  parts = g_strsplit (rf_catalog_get_item_category (catalog, item), "|", -1);
  categories = g_strjoinv (", ", parts);
  refract_thumbnail_set_item (self->picture, refract_thumbnails_get_for_session (session), item);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  set_text (self->title, label);
  set_text (self->category, categories);
  set_text (self->facts, facts);
  set_text (self->text, rf_catalog_get_item_description (catalog, item));
}

static GtkLabel *
add_label (GtkWidget *box, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static void
refract_item_panel_class_init (RefractItemPanelClass *klass)
{
}

static void
refract_item_panel_init (RefractItemPanel *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);

  self->picture = REFRACT_THUMBNAIL (refract_thumbnail_new (PICTURE, PICTURE));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->picture));
  self->title = add_label (box, "title-3");
  self->category = add_label (box, "dim-label");
  self->facts = add_label (box, "caption");
  self->text = add_label (box, NULL);
  gtk_widget_add_css_class (box, "side-pane");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_size_request (scrolled, WIDTH, -1);
  adw_bin_set_child (ADW_BIN (self), scrolled);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("The chosen item"), -1);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
