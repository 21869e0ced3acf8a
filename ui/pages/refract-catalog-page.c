/* refract-catalog-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-catalog-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/refract-catalog-search.h"
#include "ui/cells/refract-thumbnail.h"
#include "ui/models/refract-index-model.h"
#include "ui/pages/refract-catalog-charts.h"
#include "ui/pages/refract-item-panel.h"
#include "ui/pages/refract-problem-list.h"
#include "ui/refract-row-tooltip.h"
#include "ui/refract-tab-stop.h"
#include "ui/refract-thumbnails.h"

#define TILE        112
#define FIRST_TILES 24 /* of about 48 that are seen: as many new ones as a frame has time for */
#define STEP_TILES  12

struct _RefractCatalogPage
{
  AdwBin parent_instance;

  GtkLabel *summary_label;
  GtkSearchEntry *search_entry;
  GtkMenuButton *filter_button;
  GtkDropDown *category_drop, *missing_drop, *band_drop, *order_drop;
  GtkToggleButton *charts_button;
  GtkStack *stack;
  GtkGridView *grid;
  RefractIndexModel *items;
  GtkSingleSelection *selection;
  RefractItemPanel *item_panel;
  RefractCatalogCharts *charts;
  GtkToggleButton *problems_button;
  RefractProblemList *problems;
  GtkWidget *problems_pane;

  RefractSession *session;
  RefractCatalogSearch *search;
  char *pending_item; /* to be chosen when the search has answered */
  guint32 chosen;
  gboolean all_shown; /* the model is 0 .. n - 1 */
  gboolean facets_known;
  gboolean updating;
  gboolean taking; /* other items are being shown */
};

G_DEFINE_FINAL_TYPE (RefractCatalogPage, refract_catalog_page, ADW_TYPE_BIN)

GtkWidget *
refract_catalog_page_new (void)
{
  return g_object_new (REFRACT_TYPE_CATALOG_PAGE, NULL);
}

gboolean
refract_catalog_page_is_settled (RefractCatalogPage *self)
{
  return refract_catalog_search_is_settled (self->search) && refract_index_model_is_complete (self->items) && refract_catalog_charts_is_settled (self->charts) && refract_item_panel_is_settled (self->item_panel);
}

guint
refract_catalog_page_get_n_shown (RefractCatalogPage *self)
{
  return refract_index_model_get_count (self->items);
}

static void
show_stack (RefractCatalogPage *self)
{
  gtk_stack_set_visible_child_name (self->stack, gtk_toggle_button_get_active (self->charts_button) ? "charts" : refract_catalog_page_get_n_shown (self) > 0 ? "grid"
                                                                                                                                                             : "empty");
}

void
refract_catalog_page_show_charts (RefractCatalogPage *self, gboolean show)
{
  gtk_toggle_button_set_active (self->charts_button, show);
}

static void
update_summary (RefractCatalogPage *self)
{
  RfCatalog *catalog = refract_session_get_catalog (self->session);
  gsize problems = rf_import_report_get_count (refract_session_get_report (self->session));
  guint32 n = rf_catalog_get_n_items (catalog);
  guint shown = refract_catalog_page_get_n_shown (self);
  g_autofree char *some = g_strdup_printf (_("%u of %u items"), shown, n);
  g_autofree char *text = g_strdup_printf (_("%u items · %u users · %zu interactions · pictures %.0f %% · texts %.0f %%"), n,
                                           rf_catalog_get_n_users (catalog), rf_catalog_get_n_interactions (catalog),
                                           n ? 100.0 * rf_catalog_count_images (catalog) / n : 0, n ? 100.0 * rf_catalog_count_texts (catalog) / n : 0);
  g_autofree char *label = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%zu Problem", "%zu Problems", problems), problems);

  gtk_label_set_text (self->summary_label, shown < n ? some : text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->summary_label), text);
  gtk_button_set_label (GTK_BUTTON (self->problems_button), label);
  gtk_widget_set_sensitive (GTK_WIDGET (self->problems_button), problems > 0);
  if (problems == 0)
    gtk_toggle_button_set_active (self->problems_button, FALSE);
}

/* What the widgets say; *category is to be freed. */
static RefractItemQuery
get_query (RefractCatalogPage *self)
{
  const char *const *categories = refract_catalog_search_get_categories (self->search);
  guint category = gtk_drop_down_get_selected (self->category_drop);
  RefractItemQuery query = { .text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry)) };

  query.category = category > 0 && category != GTK_INVALID_LIST_POSITION && categories != NULL && self->facets_known ? categories[category - 1] : NULL;
  query.missing = (RefractMissing) gtk_drop_down_get_selected (self->missing_drop);
  query.band = (RefractBand) gtk_drop_down_get_selected (self->band_drop);
  query.order = (RefractItemOrder) gtk_drop_down_get_selected (self->order_drop);
  return query;
}

static void
query_changed_cb (RefractCatalogPage *self)
{
  RefractItemQuery query;

  if (self->updating || self->session == NULL)
    return;
  query = get_query (self);
  if (query.category != NULL || query.missing != REFRACT_MISSING_ANY || query.band != REFRACT_BAND_ANY)
    gtk_widget_add_css_class (GTK_WIDGET (self->filter_button), "accent");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->filter_button), "accent");
  refract_catalog_search_set_query (self->search, &query);
}

static void
set_names (GtkDropDown *drop, const char *const *names)
{
  g_autoptr(GtkStringList) list = gtk_string_list_new (names);

  gtk_drop_down_set_model (drop, G_LIST_MODEL (list));
  gtk_drop_down_set_selected (drop, 0);
}

static void
show_facets (RefractCatalogPage *self)
{
  const char *const *categories = refract_catalog_search_get_categories (self->search);
  const guint32 *counts = refract_catalog_search_get_category_counts (self->search);
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  g_autofree char *head_name = NULL, *middle_name = NULL, *tail_name = NULL;
  guint32 head, middle;

  self->updating = TRUE;
  gtk_string_list_append (names, _("Any category"));
  for (guint c = 0; categories[c] != NULL; c++)
    gtk_string_list_take (names, g_strdup_printf ("%s (%u)", categories[c], counts[c]));
  gtk_drop_down_set_model (self->category_drop, G_LIST_MODEL (names));
  gtk_widget_set_sensitive (GTK_WIDGET (self->category_drop), categories[0] != NULL);
  refract_catalog_search_get_bands (self->search, &head, &middle);
  /* Translators: %u is a number of interactions */
  head_name = g_strdup_printf (_("Most chosen (from %u)"), head);
  middle_name = g_strdup_printf (_("Middle (from %u)"), middle);
  tail_name = g_strdup_printf (_("Rarely chosen (below %u)"), middle);
  set_names (self->band_drop, (const char *const[]){ _("Any popularity"), head_name, middle_name, tail_name, _("Never chosen"), NULL });
  self->facets_known = TRUE;
  self->updating = FALSE;
}

static void item_selected_cb (RefractCatalogPage *self);

/* Other items, from the first. A selection looks for its item among all that come, and makes an object of each to do so: it must not have one. */
static void
take_items (RefractCatalogPage *self, guint32 *items, guint n)
{
  gboolean had = gtk_single_selection_get_selected (self->selection) != GTK_INVALID_LIST_POSITION;
  guint32 chosen = self->chosen;
  guint position;

  self->taking = TRUE;
  gtk_adjustment_set_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->grid)), 0);
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  refract_index_model_take_slowly (self->items, items, n, FIRST_TILES, STEP_TILES);
  position = chosen != RF_NO_INDEX ? refract_index_model_find (self->items, chosen) : G_MAXUINT;
  gtk_single_selection_set_selected (self->selection, position != G_MAXUINT ? position : GTK_INVALID_LIST_POSITION);
  self->taking = FALSE;
  if (had || position != G_MAXUINT)
    item_selected_cb (self);
}

static gboolean
is_everything (const guint32 *found, guint n, guint n_items)
{
  for (guint i = 0; i < n; i++)
    if (found[i] != i)
      return FALSE;
  return n == n_items;
}

static void
found_cb (RefractCatalogPage *self)
{
  guint n;
  g_autofree guint32 *found = refract_catalog_search_take (self->search, &n);
  gboolean all;

  if (self->session == NULL)
    return;
  if (!self->facets_known)
    show_facets (self);
  all = is_everything (found, n, rf_catalog_get_n_items (refract_session_get_catalog (self->session)));
  if (!all || !self->all_shown) /* nothing jumps when nothing changes */
    take_items (self, g_steal_pointer (&found), n);
  self->all_shown = all;
  show_stack (self);
  update_summary (self);
  if (self->pending_item)
    {
      g_autofree char *id = g_steal_pointer (&self->pending_item);

      refract_catalog_page_choose_item (self, id);
    }
}

/* Rows are made when the list is opened, not before: most never look. */
static void
update_problems (RefractCatalogPage *self)
{
  gboolean open = self->session != NULL && gtk_toggle_button_get_active (self->problems_button);
  RfCatalog *catalog = open ? refract_session_get_catalog (self->session) : NULL;

  refract_problem_list_set_report (self->problems, open ? refract_session_get_report (self->session) : NULL, catalog, catalog ? rf_catalog_get_source (catalog) : NULL);
}

void
refract_catalog_page_set_session (RefractCatalogPage *self, RefractSession *session)
{
  if (!g_set_object (&self->session, session))
    return;
  self->updating = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  gtk_drop_down_set_selected (self->category_drop, 0);
  gtk_drop_down_set_selected (self->missing_drop, 0);
  gtk_drop_down_set_selected (self->band_drop, 0);
  gtk_drop_down_set_selected (self->order_drop, 0);
  gtk_toggle_button_set_active (self->charts_button, FALSE);
  self->updating = FALSE;
  self->facets_known = FALSE;
  self->chosen = RF_NO_INDEX;
  g_clear_pointer (&self->pending_item, g_free);
  refract_item_panel_set_item (self->item_panel, NULL, RF_NO_INDEX);
  take_items (self, NULL, session ? rf_catalog_get_n_items (refract_session_get_catalog (session)) : 0);
  self->all_shown = TRUE;
  refract_catalog_charts_set_session (self->charts, session);
  refract_catalog_search_set_query (self->search, &(RefractItemQuery){ 0 });
  refract_catalog_search_set_session (self->search, session);
  update_problems (self);
  show_stack (self);
  if (session)
    update_summary (self);
}

void
refract_catalog_page_search (RefractCatalogPage *self, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), text);
}

void
refract_catalog_page_focus_search (RefractCatalogPage *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/* A fixed size and no measuring when the text changes: what scrolling costs. */
static GtkWidget *
make_line (void)
{
  GtkWidget *line = gtk_inscription_new (NULL);

  gtk_inscription_set_min_chars (GTK_INSCRIPTION (line), 14);
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (line), 14);
  gtk_inscription_set_xalign (GTK_INSCRIPTION (line), 0.5);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (line), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  return line;
}

static void
setup_tile (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *picture = refract_thumbnail_new (TILE, TILE), *title = make_line (), *detail = make_line ();

  gtk_widget_add_css_class (detail, "caption");
  gtk_widget_add_css_class (detail, "dim-label");
  gtk_box_append (GTK_BOX (box), picture);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), detail);
  gtk_widget_add_css_class (box, "tile");
  refract_row_tooltip_set_from (box, title);
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
  gtk_inscription_set_text (GTK_INSCRIPTION (title), rf_catalog_get_item_label (catalog, item));
  gtk_inscription_set_text (GTK_INSCRIPTION (detail), text);
}

static void
item_selected_cb (RefractCatalogPage *self)
{
  RefractIndexRow *row = gtk_single_selection_get_selected_item (self->selection);
  guint32 item = row ? refract_index_row_get_index (row) : RF_NO_INDEX;

  if (self->taking || (item == self->chosen && item != RF_NO_INDEX))
    return;
  self->chosen = item;
  refract_item_panel_set_item (self->item_panel, self->session, item);
  if (row) /* there is room for one pane */
    gtk_toggle_button_set_active (self->problems_button, FALSE);
}

gboolean
refract_catalog_page_choose_item (RefractCatalogPage *self, const char *id)
{
  guint32 item = self->session ? rf_catalog_find_item (refract_session_get_catalog (self->session), id) : RF_NO_INDEX;
  guint position;

  if (item != RF_NO_INDEX && !refract_catalog_search_is_settled (self->search))
    {
      g_free (self->pending_item);
      self->pending_item = g_strdup (id);
      return TRUE;
    }
  position = item != RF_NO_INDEX ? refract_index_model_find (self->items, item) : G_MAXUINT;
  if (position == G_MAXUINT)
    return FALSE;
  gtk_single_selection_set_selected (self->selection, position);
  return TRUE;
}

/* A neighbour that was clicked: shown in the panel, and in the grid where it is there. */
static void
neighbour_chosen_cb (RefractItemPanel *panel, guint item, RefractCatalogPage *self)
{
  guint position = refract_index_model_find (self->items, item);

  if (position != G_MAXUINT)
    {
      gtk_single_selection_set_selected (self->selection, position);
      if (gtk_widget_get_mapped (GTK_WIDGET (self->grid)))
        gtk_widget_activate_action (GTK_WIDGET (self->grid), "list.scroll-to-item", "u", position);
      return;
    }
  self->chosen = item;
  refract_item_panel_set_item (self->item_panel, self->session, item);
}

static void
charts_toggled_cb (RefractCatalogPage *self)
{
  if (gtk_toggle_button_get_active (self->charts_button))
    gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  show_stack (self);
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
  refract_tab_stop_add (GTK_WIDGET (self->grid));
  gtk_grid_view_set_min_columns (self->grid, 2);
  gtk_grid_view_set_max_columns (self->grid, 12);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->grid), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Items"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->grid));
  gtk_widget_set_vexpand (scrolled, TRUE);
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (empty), "system-search-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (empty), _("No Items Found"));
  adw_status_page_set_description (ADW_STATUS_PAGE (empty), _("Try other words, or show all items."));
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_hhomogeneous (self->stack, FALSE);
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  gtk_stack_add_named (self->stack, scrolled, "grid");
  gtk_stack_add_named (self->stack, empty, "empty");
  self->charts = REFRACT_CATALOG_CHARTS (refract_catalog_charts_new ());
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->charts), "charts");
  gtk_widget_set_hexpand (GTK_WIDGET (self->stack), TRUE);
  return GTK_WIDGET (self->stack);
}

static GtkDropDown *
add_drop (RefractCatalogPage *self, GtkWidget *box, const char *label, const char *const *names)
{
  GtkWidget *drop = gtk_drop_down_new_from_strings (names);

  gtk_accessible_update_property (GTK_ACCESSIBLE (drop), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_swapped (drop, "notify::selected", G_CALLBACK (query_changed_cb), self);
  gtk_box_append (GTK_BOX (box), drop);
  return GTK_DROP_DOWN (drop);
}

static GtkWidget *
make_filter (RefractCatalogPage *self)
{
  GtkWidget *popover = gtk_popover_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  g_autoptr(GtkExpression) expression = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");

  self->category_drop = add_drop (self, box, _("Category"), (const char *const[]){ _("Any category"), NULL });
  self->missing_drop = add_drop (self, box, _("What is missing"), (const char *const[]){ _("With or without picture and text"), _("Without picture"), _("Without text"), NULL });
  self->band_drop = add_drop (self, box, _("Popularity"), (const char *const[]){ _("Any popularity"), NULL });
  self->order_drop = add_drop (self, box, _("Order"), (const char *const[]){ _("In the order of the catalog"), _("Most chosen first"), _("Least chosen first"), _("By title"), NULL });
  gtk_drop_down_set_enable_search (self->category_drop, TRUE);
  gtk_drop_down_set_expression (self->category_drop, expression);
  gtk_widget_add_css_class (box, "filter");
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  self->filter_button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_label (self->filter_button, _("_Filter"));
  gtk_menu_button_set_use_underline (self->filter_button, TRUE);
  gtk_menu_button_set_always_show_arrow (self->filter_button, TRUE);
  gtk_menu_button_set_popover (self->filter_button, popover);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->filter_button), _("Which items, in which order"));
  return GTK_WIDGET (self->filter_button);
}

static GtkWidget *
make_bar (RefractCatalogPage *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->search_entry = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  g_object_set (self->search_entry, "placeholder-text", _("Search title, text, category or id"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search_entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search items"), -1);
  gtk_widget_set_size_request (GTK_WIDGET (self->search_entry), 200, -1);
  self->summary_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_ellipsize (self->summary_label, PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (self->summary_label, 0);
  gtk_widget_set_hexpand (GTK_WIDGET (self->summary_label), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->summary_label), "dim-label");
  self->charts_button = GTK_TOGGLE_BUTTON (gtk_toggle_button_new_with_mnemonic (_("C_harts")));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->charts_button), _("The catalog as a whole"));
  self->problems_button = GTK_TOGGLE_BUTTON (gtk_toggle_button_new_with_label ("0"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->problems_button), _("What was wrong with the catalog, and what was done about it"));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->search_entry));
  gtk_box_append (GTK_BOX (bar), make_filter (self));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->summary_label));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->charts_button));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->problems_button));
  gtk_widget_add_css_class (bar, "toolbar");
  return bar;
}

static GtkWidget *
make_problems (RefractCatalogPage *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->problems = REFRACT_PROBLEM_LIST (refract_problem_list_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->problems), "side-pane");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->problems));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_size_request (scrolled, 340, -1);
  return scrolled;
}

static void
refract_catalog_page_dispose (GObject *object)
{
  RefractCatalogPage *self = REFRACT_CATALOG_PAGE (object);

  g_clear_object (&self->session);
  g_clear_object (&self->items);
  g_clear_object (&self->search);
  g_clear_pointer (&self->pending_item, g_free);
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

  self->chosen = RF_NO_INDEX;
  self->search = refract_catalog_search_new ();
  g_signal_connect_object (self->search, "found", G_CALLBACK (found_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), make_bar (self));
  gtk_box_append (GTK_BOX (content), make_grid (self));
  self->problems_pane = make_problems (self);
  self->item_panel = REFRACT_ITEM_PANEL (refract_item_panel_new ());
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->item_panel));
  gtk_box_append (GTK_BOX (content), self->problems_pane);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (item_selected_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect (self->item_panel, "item-chosen", G_CALLBACK (neighbour_chosen_cb), self);
  gtk_box_append (GTK_BOX (box), content);
  adw_bin_set_child (ADW_BIN (self), box);
  g_object_bind_property (self->problems_button, "active", self->problems_pane, "visible", G_BINDING_SYNC_CREATE);
  g_signal_connect_swapped (self->problems_button, "toggled", G_CALLBACK (problems_toggled_cb), self);
  g_signal_connect_swapped (self->charts_button, "toggled", G_CALLBACK (charts_toggled_cb), self);
  g_signal_connect_swapped (self->search_entry, "search-changed", G_CALLBACK (query_changed_cb), self);
  show_stack (self);
}
