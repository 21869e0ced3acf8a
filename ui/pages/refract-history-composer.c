/* refract-history-composer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-history-composer.h"

#include <glib/gi18n-lib.h>

#include "app/refract-catalog-search.h"
#include "ui/cells/refract-thumbnail.h"
#include "ui/models/refract-index-model.h"
#include "ui/refract-row-tooltip.h"
#include "ui/refract-tab-stop.h"
#include "ui/refract-thumbnails.h"

#define PICTURE    32
#define FIRST_ROWS 40

struct _RefractHistoryComposer
{
  AdwBin parent_instance;

  GtkSearchEntry *search_entry;
  RefractCatalogSearch *search;
  gboolean searchable;       /* it knows the catalog */
  RefractIndexModel *found;  /* items of the catalog that fit the search */
  RefractIndexModel *chosen; /* the history */
  GtkLabel *chosen_label;
  GtkWidget *clear_button;

  RefractSession *session;
  GArray *items; /* guint32 */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RefractHistoryComposer, refract_history_composer, ADW_TYPE_BIN)

GtkWidget *
refract_history_composer_new (void)
{
  return g_object_new (REFRACT_TYPE_HISTORY_COMPOSER, NULL);
}

static gboolean
is_searching (RefractHistoryComposer *self)
{
  return *gtk_editable_get_text (GTK_EDITABLE (self->search_entry)) != '\0';
}

static void
found_cb (RefractHistoryComposer *self)
{
  guint n;
  guint32 *found = refract_catalog_search_take (self->search, &n);

  if (self->session && is_searching (self))
    refract_index_model_take_slowly (self->found, found, n, FIRST_ROWS, FIRST_ROWS);
  else
    g_free (found);
}

/* Looked for in a thread; the search learns of the catalog when somebody types first. */
static void
update_found (RefractHistoryComposer *self)
{
  RefractItemQuery query = { .text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry)) };

  if (self->session && is_searching (self))
    {
      refract_catalog_search_set_query (self->search, &query);
      if (!self->searchable)
        refract_catalog_search_set_session (self->search, self->session);
      self->searchable = TRUE;
      return;
    }
  refract_index_model_take_slowly (self->found, NULL, self->session ? rf_catalog_get_n_items (refract_session_get_catalog (self->session)) : 0, FIRST_ROWS, FIRST_ROWS);
}

static void
update_chosen (RefractHistoryComposer *self)
{
  guint n = self->items->len;
  g_autofree char *text = n == 0 ? g_strdup (_("Choose items below to make a history"))
                                 : g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u past item", "%u past items", n), n);

  refract_index_model_take (self->chosen, g_memdup2 (self->items->data, n * sizeof (guint32)), n);
  gtk_label_set_text (self->chosen_label, text);
  gtk_widget_set_sensitive (self->clear_button, n > 0);
}

static void
changed (RefractHistoryComposer *self)
{
  update_chosen (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

const guint32 *
refract_history_composer_get_items (RefractHistoryComposer *self, gsize *n)
{
  *n = self->items->len;
  return (const guint32 *) (void *) self->items->data;
}

void
refract_history_composer_set_items (RefractHistoryComposer *self, const guint32 *items, gsize n)
{
  g_array_set_size (self->items, 0);
  if (n > 0)
    g_array_append_vals (self->items, items, (guint) n);
  changed (self);
}

void
refract_history_composer_toggle_item (RefractHistoryComposer *self, guint32 item)
{
  for (guint i = 0; i < self->items->len; i++)
    if (g_array_index (self->items, guint32, i) == item)
      {
        g_array_remove_index (self->items, i);
        changed (self);
        return;
      }
  g_array_append_val (self->items, item);
  changed (self);
}

void
refract_history_composer_focus_search (RefractHistoryComposer *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

void
refract_history_composer_set_session (RefractHistoryComposer *self, RefractSession *session)
{
  if (!g_set_object (&self->session, session))
    return;
  self->searchable = FALSE;
  refract_catalog_search_set_session (self->search, NULL);
  g_array_set_size (self->items, 0);
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  update_found (self);
  update_chosen (self);
}

static void
setup_row (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer icon)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *picture = refract_thumbnail_new (PICTURE, PICTURE), *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), picture);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (icon));
  refract_row_tooltip_set_from (box, label);
  gtk_list_item_set_child (item, box);
}

static void
bind_row (GtkSignalListItemFactory *factory, GtkListItem *item, RefractHistoryComposer *self)
{
  guint32 index = refract_index_row_get_index (gtk_list_item_get_item (item));
  GtkWidget *box = gtk_list_item_get_child (item), *picture = gtk_widget_get_first_child (box), *label = gtk_widget_get_next_sibling (picture);
  const char *text;

  if (self->session == NULL)
    return;
  text = rf_catalog_get_item_label (refract_session_get_catalog (self->session), index);
  refract_thumbnail_set_item (REFRACT_THUMBNAIL (picture), refract_thumbnails_get_for_session (self->session), index);
  gtk_accessible_update_property (GTK_ACCESSIBLE (picture), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_label_set_text (GTK_LABEL (label), text);
}

static void
found_activated_cb (RefractHistoryComposer *self, guint position)
{
  g_autoptr(RefractIndexRow) row = g_list_model_get_item (G_LIST_MODEL (self->found), position);

  if (row)
    refract_history_composer_toggle_item (self, refract_index_row_get_index (row));
}

static void
chosen_activated_cb (RefractHistoryComposer *self, guint position)
{
  refract_history_composer_toggle_item (self, refract_index_model_get (self->chosen, position));
}

static void
clear_cb (RefractHistoryComposer *self)
{
  refract_history_composer_set_items (self, NULL, 0);
}

static GtkWidget *
make_list (RefractHistoryComposer *self, RefractIndexModel *model, const char *icon, const char *label, GCallback activated)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *list, *scrolled = gtk_scrolled_window_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_row), (gpointer) icon);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row), self);
  list = gtk_list_view_new (GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (model)))), factory);
  refract_tab_stop_add (list);
  gtk_list_view_set_single_click_activate (GTK_LIST_VIEW (list), TRUE);
  gtk_widget_add_css_class (list, "navigation-sidebar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_swapped (list, "activate", activated, self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (scrolled, TRUE);
  return scrolled;
}

static void
refract_history_composer_dispose (GObject *object)
{
  RefractHistoryComposer *self = REFRACT_HISTORY_COMPOSER (object);

  g_clear_object (&self->session);
  g_clear_object (&self->search);
  g_clear_object (&self->found);
  g_clear_object (&self->chosen);
  G_OBJECT_CLASS (refract_history_composer_parent_class)->dispose (object);
}

static void
refract_history_composer_finalize (GObject *object)
{
  g_array_unref (REFRACT_HISTORY_COMPOSER (object)->items);
  G_OBJECT_CLASS (refract_history_composer_parent_class)->finalize (object);
}

static void
refract_history_composer_class_init (RefractHistoryComposerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = refract_history_composer_dispose;
  G_OBJECT_CLASS (klass)->finalize = refract_history_composer_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
refract_history_composer_init (RefractHistoryComposer *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *bar = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->items = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->search = refract_catalog_search_new ();
  g_signal_connect_object (self->search, "found", G_CALLBACK (found_cb), self, G_CONNECT_SWAPPED);
  self->found = refract_index_model_new ();
  self->chosen = refract_index_model_new ();
  self->chosen_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->chosen_label, TRUE);
  gtk_label_set_xalign (self->chosen_label, 0);
  gtk_widget_set_hexpand (GTK_WIDGET (self->chosen_label), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->chosen_label), "dim-label");
  self->clear_button = gtk_button_new_from_icon_name ("edit-clear-all-symbolic");
  gtk_widget_set_tooltip_text (self->clear_button, _("Empty the History"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->clear_button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Empty the history"), -1);
  gtk_widget_add_css_class (self->clear_button, "flat");
  gtk_widget_set_valign (self->clear_button, GTK_ALIGN_START);
  g_signal_connect_swapped (self->clear_button, "clicked", G_CALLBACK (clear_cb), self);
  gtk_box_append (GTK_BOX (head), GTK_WIDGET (self->chosen_label));
  gtk_box_append (GTK_BOX (head), self->clear_button);
  gtk_widget_add_css_class (head, "toolbar");
  self->search_entry = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  g_object_set (self->search_entry, "placeholder-text", _("Search"), NULL);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->search_entry), 5);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search_entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search items"), -1);
  g_signal_connect_swapped (self->search_entry, "search-changed", G_CALLBACK (update_found), self);
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->search_entry));
  gtk_widget_add_css_class (bar, "toolbar");
  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), make_list (self, self->chosen, "list-remove-symbolic", _("Items of the composed history; activate one to take it away"), G_CALLBACK (chosen_activated_cb)));
  gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), make_list (self, self->found, "list-add-symbolic", _("Items of the catalog; activate one to add it"), G_CALLBACK (found_activated_cb)));
  adw_bin_set_child (ADW_BIN (self), box);
  update_chosen (self);
}
