/* refract-catalog-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-catalog-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ui/cells/refract-thumbnail.h"
#include "ui/models/refract-index-model.h"
#include "ui/pages/refract-item-panel.h"
#include "ui/refract-thumbnails.h"

#define TILE     112
#define PROBLEMS 200 /* of a kind, shown */

struct _RefractCatalogPage
{
  AdwBin parent_instance;

  GtkLabel *summary_label;
  GtkSearchEntry *search_entry;
  GtkDropDown *filter_drop;
  GtkStack *stack;
  GtkGridView *grid;
  RefractIndexModel *items;
  GtkSingleSelection *selection;
  RefractItemPanel *item_panel;
  GtkToggleButton *problems_button;
  GtkBox *problems_box;
  GtkWidget *problems_pane;

  RefractSession *session;
};

G_DEFINE_FINAL_TYPE (RefractCatalogPage, refract_catalog_page, ADW_TYPE_BIN)

enum
{
  SHOW_ALL,
  SHOW_NO_PICTURE,
  SHOW_NO_TEXT,
  SHOW_NEVER_CHOSEN,
};

GtkWidget *
refract_catalog_page_new (void)
{
  return g_object_new (REFRACT_TYPE_CATALOG_PAGE, NULL);
}

static gboolean
contains (const char *text, const char *folded)
{
  g_autofree char *copy = NULL;

  if (*folded == '\0')
    return TRUE;
  copy = g_utf8_casefold (text, -1);
  return strstr (copy, folded) != NULL;
}

static gboolean
matches (RefractCatalogPage *self, RfCatalog *catalog, guint32 item, const char *folded, guint filter)
{
  if (filter == SHOW_NO_PICTURE && rf_catalog_item_has_image (catalog, item))
    return FALSE;
  if (filter == SHOW_NO_TEXT && rf_catalog_item_has_text (catalog, item))
    return FALSE;
  if (filter == SHOW_NEVER_CHOSEN && refract_session_get_item_counts (self->session)[item] > 0)
    return FALSE;
  return *folded == '\0' || contains (rf_catalog_get_item_title (catalog, item), folded) || contains (rf_catalog_get_item_id (catalog, item), folded) ||
         contains (rf_catalog_get_item_category (catalog, item), folded) || contains (rf_catalog_get_item_description (catalog, item), folded);
}

static void
update_items (RefractCatalogPage *self)
{
  RfCatalog *catalog = self->session ? refract_session_get_catalog (self->session) : NULL;
  guint32 n = catalog ? rf_catalog_get_n_items (catalog) : 0, *found = g_new (guint32, n + 1);
  g_autofree char *folded = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)), -1);
  guint filter = gtk_drop_down_get_selected (self->filter_drop), n_found = 0;

  for (guint32 i = 0; i < n; i++)
    if (matches (self, catalog, i, folded, filter))
      found[n_found++] = i;
  refract_index_model_take (self->items, found, n_found);
  gtk_stack_set_visible_child_name (self->stack, n_found > 0 ? "grid" : "empty");
}

static void
update_summary (RefractCatalogPage *self)
{
  RfCatalog *catalog = refract_session_get_catalog (self->session);
  gsize problems = rf_import_report_get_count (refract_session_get_report (self->session));
  guint32 n = rf_catalog_get_n_items (catalog);
  g_autofree char *text = g_strdup_printf (_("%u items · %u users · %zu interactions · pictures %.0f %% · texts %.0f %%"), n,
                                           rf_catalog_get_n_users (catalog), rf_catalog_get_n_interactions (catalog),
                                           n ? 100.0 * rf_catalog_count_images (catalog) / n : 0, n ? 100.0 * rf_catalog_count_texts (catalog) / n : 0);
  g_autofree char *label = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%zu Problem", "%zu Problems", problems), problems);

  gtk_label_set_text (self->summary_label, text);
  gtk_button_set_label (GTK_BUTTON (self->problems_button), label);
  gtk_widget_set_sensitive (GTK_WIDGET (self->problems_button), problems > 0);
  if (problems == 0)
    gtk_toggle_button_set_active (self->problems_button, FALSE);
}

static GtkWidget *
make_problem_row (const RfProblem *problem)
{
  GtkWidget *row = adw_action_row_new ();
  const char *action = rf_import_action_to_string (problem->action);
  g_autofree char *line = g_strdup_printf ("%" G_GUINT64_FORMAT, problem->line);
  /* Translators: file, line, and what was done with the record: kept, repaired or dropped */
  g_autofree char *place = problem->line ? g_strdup_printf (_("%s, line %s · %s"), problem->file, line, action)
                                         : g_strdup_printf ("%s · %s", problem->file, action);

  g_object_set (row, "use-markup", FALSE, "title", problem->message, "subtitle", place, "title-lines", 3, NULL);
  return row;
}

static void
add_kind (RefractCatalogPage *self, const RfImportReport *report, const char *kind, gsize count)
{
  GtkWidget *group = adw_preferences_group_new (), *expander = adw_expander_row_new ();
  g_autofree char *subtitle = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%zu record", "%zu records", count), count);
  guint shown = 0;

  g_object_set (expander, "use-markup", FALSE, "title", kind, "subtitle", subtitle, NULL);
  for (gsize p = 0; p < rf_import_report_get_n (report) && shown < PROBLEMS; p++)
    {
      const RfProblem *problem = rf_import_report_get (report, p);

      if (strcmp (problem->kind, kind) != 0)
        continue;
      adw_expander_row_add_row (ADW_EXPANDER_ROW (expander), make_problem_row (problem));
      shown++;
    }
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), expander);
  gtk_box_append (self->problems_box, group);
}

/* Rows are made when the list is opened, not before: most never look. */
static void
update_problems (RefractCatalogPage *self)
{
  const RfImportReport *report = self->session ? refract_session_get_report (self->session) : NULL;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->problems_box))) != NULL)
    gtk_box_remove (self->problems_box, child);
  if (report == NULL || !gtk_toggle_button_get_active (self->problems_button))
    return;
  for (guint k = 0; k < rf_import_report_get_n_kinds (report); k++)
    {
      gsize count;
      const char *kind = rf_import_report_get_kind (report, k, &count);

      add_kind (self, report, kind, count);
    }
}

void
refract_catalog_page_set_session (RefractCatalogPage *self, RefractSession *session)
{
  if (!g_set_object (&self->session, session))
    return;
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  update_items (self);
  update_problems (self);
  if (session)
    update_summary (self);
}

void
refract_catalog_page_focus_search (RefractCatalogPage *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
setup_tile (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *picture = refract_thumbnail_new (TILE, TILE), *title = gtk_label_new (NULL), *detail = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (title), 14);
  gtk_label_set_ellipsize (GTK_LABEL (detail), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (detail), 14);
  gtk_widget_add_css_class (detail, "caption");
  gtk_widget_add_css_class (detail, "dim-label");
  gtk_box_append (GTK_BOX (box), picture);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), detail);
  gtk_widget_add_css_class (box, "tile");
  gtk_list_item_set_child (item, box);
}

static void
bind_tile (GtkSignalListItemFactory *factory, GtkListItem *list_item, RefractCatalogPage *self)
{
  guint32 item = refract_index_row_get_index (gtk_list_item_get_item (list_item));
  GtkWidget *picture = gtk_widget_get_first_child (gtk_list_item_get_child (list_item)), *title = gtk_widget_get_next_sibling (picture);
  GtkWidget *detail = gtk_widget_get_next_sibling (title);
  RfCatalog *catalog;
  guint32 count;
  g_autofree char *text = NULL;

  if (self->session == NULL)
    return;
  catalog = refract_session_get_catalog (self->session);
  count = refract_session_get_item_counts (self->session)[item];
  text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "chosen once", "chosen %u times", count), count);
  refract_thumbnail_set_item (REFRACT_THUMBNAIL (picture), refract_thumbnails_get_for_session (self->session), item);
  gtk_accessible_update_property (GTK_ACCESSIBLE (picture), GTK_ACCESSIBLE_PROPERTY_LABEL, rf_catalog_get_item_label (catalog, item), -1);
  gtk_label_set_text (GTK_LABEL (title), rf_catalog_get_item_label (catalog, item));
  gtk_widget_set_tooltip_text (gtk_list_item_get_child (list_item), rf_catalog_get_item_label (catalog, item));
  gtk_label_set_text (GTK_LABEL (detail), text);
}

static void
item_selected_cb (RefractCatalogPage *self)
{
  RefractIndexRow *row = gtk_single_selection_get_selected_item (self->selection);

  refract_item_panel_set_item (self->item_panel, self->session, row ? refract_index_row_get_index (row) : RF_NO_INDEX);
  if (row) /* there is room for one pane */
    gtk_toggle_button_set_active (self->problems_button, FALSE);
}

gboolean
refract_catalog_page_choose_item (RefractCatalogPage *self, const char *id)
{
  guint32 item = self->session ? rf_catalog_find_item (refract_session_get_catalog (self->session), id) : RF_NO_INDEX;
  guint position = item != RF_NO_INDEX ? refract_index_model_find (self->items, item) : G_MAXUINT;

  if (position == G_MAXUINT)
    return FALSE;
  gtk_single_selection_set_selected (self->selection, position);
  return TRUE;
}

static void
problems_toggled_cb (RefractCatalogPage *self)
{
  if (gtk_toggle_button_get_active (self->problems_button))
    gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  update_problems (self);
}

static GtkWidget *
make_grid (RefractCatalogPage *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new (), *empty = adw_status_page_new ();

  self->items = refract_index_model_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (setup_tile), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_tile), self);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->items)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  self->grid = GTK_GRID_VIEW (gtk_grid_view_new (GTK_SELECTION_MODEL (self->selection), factory));
  gtk_grid_view_set_min_columns (self->grid, 2);
  gtk_grid_view_set_max_columns (self->grid, 12);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->grid), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Items"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->grid));
  gtk_widget_set_vexpand (scrolled, TRUE);
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (empty), "system-search-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (empty), _("No Items Found"));
  adw_status_page_set_description (ADW_STATUS_PAGE (empty), _("Try other words, or show all items."));
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, scrolled, "grid");
  gtk_stack_add_named (self->stack, empty, "empty");
  gtk_widget_set_hexpand (GTK_WIDGET (self->stack), TRUE);
  return GTK_WIDGET (self->stack);
}

static GtkWidget *
make_bar (RefractCatalogPage *self)
{
  const char *filters[] = { _("All Items"), _("Without Picture"), _("Without Text"), _("Never Chosen"), NULL };
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->search_entry = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  g_object_set (self->search_entry, "placeholder-text", _("Search title, text, category or id"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search_entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search items"), -1);
  gtk_widget_set_size_request (GTK_WIDGET (self->search_entry), 200, -1);
  self->filter_drop = GTK_DROP_DOWN (gtk_drop_down_new_from_strings (filters));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->filter_drop), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Which items"), -1);
  self->summary_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_ellipsize (self->summary_label, PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (self->summary_label, 0);
  gtk_widget_set_hexpand (GTK_WIDGET (self->summary_label), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->summary_label), "dim-label");
  self->problems_button = GTK_TOGGLE_BUTTON (gtk_toggle_button_new_with_label ("0"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->problems_button), _("What was wrong with the catalog, and what was done about it"));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->search_entry));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->filter_drop));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->summary_label));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->problems_button));
  gtk_widget_add_css_class (bar, "toolbar");
  return bar;
}

static GtkWidget *
make_problems (RefractCatalogPage *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->problems_box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  gtk_widget_add_css_class (GTK_WIDGET (self->problems_box), "side-pane");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->problems_box));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_size_request (scrolled, 320, -1);
  return scrolled;
}

static void
refract_catalog_page_dispose (GObject *object)
{
  RefractCatalogPage *self = REFRACT_CATALOG_PAGE (object);

  g_clear_object (&self->session);
  g_clear_object (&self->items);
  G_OBJECT_CLASS (refract_catalog_page_parent_class)->dispose (object);
}

static void
refract_catalog_page_class_init (RefractCatalogPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = refract_catalog_page_dispose;
}

static void
refract_catalog_page_init (RefractCatalogPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_box_append (GTK_BOX (box), make_bar (self));
  gtk_box_append (GTK_BOX (content), make_grid (self));
  self->problems_pane = make_problems (self);
  self->item_panel = REFRACT_ITEM_PANEL (refract_item_panel_new ());
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->item_panel));
  gtk_box_append (GTK_BOX (content), self->problems_pane);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (item_selected_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), content);
  adw_bin_set_child (ADW_BIN (self), box);
  g_object_bind_property (self->problems_button, "active", self->problems_pane, "visible", G_BINDING_SYNC_CREATE);
  g_signal_connect_swapped (self->problems_button, "toggled", G_CALLBACK (problems_toggled_cb), self);
  g_signal_connect_swapped (self->search_entry, "search-changed", G_CALLBACK (update_items), self);
  g_signal_connect_swapped (self->filter_drop, "notify::selected", G_CALLBACK (update_items), self);
  update_items (self);
}
