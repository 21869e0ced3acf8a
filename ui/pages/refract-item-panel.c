/* refract-item-panel.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-item-panel.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "app/refract-item-facts.h"
#include "core/plot/rf-plot.h"
#include "ui/cells/refract-thumbnail.h"
#include "ui/refract-thumbnails.h"

#define PICTURE   160
#define WIDTH     300
#define NEIGHBOUR 72

struct _RefractItemPanel
{
  AdwBin parent_instance;

  RefractThumbnail *picture;
  GtkLabel *title;
  GtkLabel *category;
  GtkLabel *facts;
  GtkLabel *text, *words;
  GtkWidget *text_box;
  GtkGrid *stats;
  GtkBox *neighbours;
  GtkLabel *neighbours_hint;

  RefractSession *session;
  guint32 item;
  RefractItemLooker *looker;
  guint n_looks;
};

enum
{
  ITEM_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RefractItemPanel, refract_item_panel, ADW_TYPE_BIN)

GtkWidget *
refract_item_panel_new (void)
{
  return g_object_new (REFRACT_TYPE_ITEM_PANEL, NULL);
}

gboolean
refract_item_panel_is_settled (RefractItemPanel *self)
{
  return self->n_looks == 0;
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

static void
clear_box (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

static char *
format_stat (RfBehaviourStat stat, float value)
{
  switch (stat)
    {
    case RF_STAT_COUNT:
    case RF_STAT_PARTNERS:
    case RF_STAT_ACTIVE_DAYS:
      return g_strdup_printf ("%.0f", (double) value);
    case RF_STAT_REPEAT_RATE:
    case RF_STAT_PERCENTILE:
    case RF_STAT_PURCHASE_SHARE:
      return g_strdup_printf ("%.0f %%", 100 * (double) value);
    case RF_STAT_RECENCY:
    case RF_STAT_SPAN:
    case RF_STAT_GAP:
      return g_strdup_printf (_("%.1f days"), (double) value);
    default:
      return g_strdup_printf ("%.2f", (double) value);
    }
}

static void
show_stats (RefractItemPanel *self, const RefractItemFacts *facts)
{
  GtkWidget *child;
  int row = 0;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->stats))) != NULL)
    gtk_grid_remove (self->stats, child);
  for (guint s = 0; s < RF_N_STATS; s++)
    {
      g_autofree char *text = NULL;
      GtkWidget *name, *value;

      if (!isfinite (facts->stats[s]) || (s == RF_STAT_PURCHASE_SHARE && facts->stats[s] == 0))
        continue;
      text = format_stat (s, facts->stats[s]);
      name = gtk_label_new (s == RF_STAT_PARTNERS ? _("Different users") : rf_behaviour_stat_get_title (s));
      value = gtk_label_new (text);
      gtk_label_set_xalign (GTK_LABEL (name), 0);
      gtk_label_set_wrap (GTK_LABEL (name), TRUE);
      gtk_label_set_xalign (GTK_LABEL (value), 1);
      gtk_widget_set_hexpand (name, TRUE);
      gtk_widget_add_css_class (name, "dim-label");
      gtk_widget_add_css_class (value, "numeric");
      gtk_accessible_update_relation (GTK_ACCESSIBLE (value), GTK_ACCESSIBLE_RELATION_LABELLED_BY, name, NULL, -1);
      gtk_grid_attach (self->stats, name, 0, row, 1, 1);
      gtk_grid_attach (self->stats, value, 1, row++, 1, 1);
    }
}

static void
neighbour_cb (GtkButton *button, RefractItemPanel *self)
{
  g_signal_emit (self, signals[ITEM_CHOSEN], 0, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "item")));
}

static GtkWidget *
make_neighbour (RefractItemPanel *self, guint32 item, const char *modality)
{
  const char *label = rf_catalog_get_item_label (refract_session_get_catalog (self->session), item);
  GtkWidget *button = gtk_button_new (), *picture = refract_thumbnail_new (NEIGHBOUR, NEIGHBOUR), *title = gtk_label_new (label), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  /* Translators: the title of an item, and a modality */
  g_autofree char *name = g_strdup_printf (_("%s, like it by %s"), label, modality);

  refract_thumbnail_set_item (REFRACT_THUMBNAIL (picture), refract_thumbnails_get_for_session (self->session), item);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (title), 9);
  gtk_widget_add_css_class (title, "caption");
  gtk_box_append (GTK_BOX (box), picture);
  gtk_box_append (GTK_BOX (box), title);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "neighbour");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data (G_OBJECT (button), "item", GUINT_TO_POINTER (item));
  g_signal_connect (button, "clicked", G_CALLBACK (neighbour_cb), self);
  return button;
}

static void
show_neighbours (RefractItemPanel *self, const RefractItemFacts *facts)
{
  clear_box (self->neighbours);
  for (guint m = 0; m < facts->n_modalities; m++)
    {
      const char *label = rf_plot_modality_label (facts->modality[m]);
      GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3), *name = gtk_label_new (label);

      gtk_widget_add_css_class (name, "caption-heading");
      gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
      gtk_box_append (GTK_BOX (column), name);
      for (guint k = 0; k < facts->n_neighbours[m]; k++)
        gtk_box_append (GTK_BOX (column), make_neighbour (self, facts->neighbour[m][k], label));
      if (facts->n_neighbours[m] == 0)
        gtk_box_append (GTK_BOX (column), gtk_label_new ("–"));
      gtk_box_append (self->neighbours, column);
    }
  gtk_label_set_text (self->neighbours_hint, facts->n_modalities > 0 ? _("What each modality finds most like it, in the run that is shown.") : _("Train a model to see which items each modality finds most like it."));
}

static void
show_words (RefractItemPanel *self, const RefractItemFacts *facts)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint w = 0; w < facts->words->len; w++)
    g_string_append_printf (text, "%s%s", w > 0 ? " · " : "", (char *) facts->words->pdata[w]);
  gtk_label_set_text (self->words, text->len > 0 ? text->str : _("No words are left."));
}

static void
looked_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(RefractItemPanel) self = data;
  g_autoptr(RefractItemFacts) facts = refract_item_looker_look_finish (REFRACT_ITEM_LOOKER (object), result, NULL);

  self->n_looks--;
  if (facts == NULL || facts->item != self->item || self->session == NULL || self->n_looks > 0)
    return;
  show_words (self, facts);
  show_stats (self, facts);
  show_neighbours (self, facts);
}

static void
look (RefractItemPanel *self)
{
  if (self->session == NULL || self->item == RF_NO_INDEX)
    return;
  self->n_looks++;
  refract_item_looker_look_async (self->looker, self->session, self->item, looked_cb, g_object_ref (self));
}

static void
set_session (RefractItemPanel *self, RefractSession *session)
{
  if (self->session == session)
    return;
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session != NULL)
    g_signal_connect_object (session, "notify::trained", G_CALLBACK (look), self, G_CONNECT_SWAPPED);
}

void
refract_item_panel_set_item (RefractItemPanel *self, RefractSession *session, guint32 item)
{
  g_autofree char *facts = NULL, *categories = NULL;
  g_auto(GStrv) parts = NULL;
  RfCatalog *catalog;
  const char *label;

  set_session (self, session);
  self->item = item;
  gtk_widget_set_visible (GTK_WIDGET (self), session != NULL && item != RF_NO_INDEX);
  if (session == NULL || item == RF_NO_INDEX)
    {
      refract_thumbnail_set_item (self->picture, NULL, RF_NO_INDEX);
      clear_box (self->neighbours);
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
  gtk_label_set_text (self->text, rf_catalog_get_item_description (catalog, item));
  gtk_widget_set_visible (self->text_box, rf_catalog_item_has_text (catalog, item));
  look (self);
}

static GtkLabel *
make_label (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return GTK_LABEL (label);
}

static GtkLabel *
add_label (GtkWidget *box, const char *css_class)
{
  GtkLabel *label = make_label (css_class);

  gtk_box_append (GTK_BOX (box), GTK_WIDGET (label));
  return label;
}

static GtkWidget *
make_text (RefractItemPanel *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *switcher = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *written = gtk_toggle_button_new_with_label (_("As written"));
  /* Translators: the text of an item as the model reads it, cleaned and cut into words; keep it short */
  GtkWidget *read = gtk_toggle_button_new_with_label (_("As the model reads it"));

  self->text = make_label (NULL);
  self->words = make_label (NULL);
  gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (read), GTK_TOGGLE_BUTTON (written));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (written), TRUE);
  g_object_bind_property (written, "active", self->text, "visible", G_BINDING_SYNC_CREATE);
  g_object_bind_property (read, "active", self->words, "visible", G_BINDING_SYNC_CREATE);
  gtk_widget_set_hexpand (written, TRUE);
  gtk_widget_set_hexpand (read, TRUE);
  gtk_box_append (GTK_BOX (switcher), written);
  gtk_box_append (GTK_BOX (switcher), read);
  gtk_widget_add_css_class (switcher, "linked");
  gtk_widget_add_css_class (switcher, "small");
  gtk_box_append (GTK_BOX (box), switcher);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->text));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->words));
  self->text_box = box;
  return box;
}

static void
add_heading (GtkWidget *box, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_box_append (GTK_BOX (box), label);
}

static void
refract_item_panel_dispose (GObject *object)
{
  RefractItemPanel *self = REFRACT_ITEM_PANEL (object);

  set_session (self, NULL);
  g_clear_object (&self->looker);
  G_OBJECT_CLASS (refract_item_panel_parent_class)->dispose (object);
}

static void
refract_item_panel_class_init (RefractItemPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = refract_item_panel_dispose;
  signals[ITEM_CHOSEN] = g_signal_new ("item-chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
refract_item_panel_init (RefractItemPanel *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);

  self->item = RF_NO_INDEX;
  self->looker = refract_item_looker_new ();
  self->picture = REFRACT_THUMBNAIL (refract_thumbnail_new (PICTURE, PICTURE));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->picture));
  self->title = add_label (box, "title-3");
  self->category = add_label (box, "dim-label");
  self->facts = add_label (box, "caption");
  gtk_box_append (GTK_BOX (box), make_text (self));
  add_heading (box, _("Behaviour"));
  self->stats = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->stats, 12);
  gtk_grid_set_row_spacing (self->stats, 3);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stats));
  add_heading (box, _("Most Like It"));
  self->neighbours_hint = add_label (box, "dim-label");
  self->neighbours = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));
  gtk_box_set_homogeneous (self->neighbours, TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->neighbours));
  gtk_widget_add_css_class (box, "side-pane");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_size_request (scrolled, WIDTH, -1);
  gtk_widget_set_hexpand (GTK_WIDGET (self), FALSE); /* its numbers want to, inside */
  adw_bin_set_child (ADW_BIN (self), scrolled);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("The chosen item"), -1);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
