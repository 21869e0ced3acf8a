/* refract-explore-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-explore-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/plot/rf-plot-bars.h"
#include "core/plot/rf-plot-ternary.h"
#include "ui/cells/refract-bar-cell.h"
#include "ui/cells/refract-thumbnail.h"
#include "ui/charts/refract-plot.h"
#include "ui/models/refract-index-model.h"
#include "ui/pages/refract-why-panel.h"
#include "ui/refract-thumbnails.h"

#define TERNARY_POINTS 50 /* places of the ranking in the triangle; one more point is the mean attention */
#define REACH          12
#define MIN_TITLE_CHARS 9
#define NARROW         1000 /* pixels of the window */
#define SCROLL_AFTER_MS 100

struct _RefractExplorePage
{
  AdwBin parent_instance;

  GtkStack *stack;
  GtkSearchEntry *user_search;
  RefractIndexModel *users;
  GtkSingleSelection *user_selection;
  GtkListView *user_list;
  GtkLabel *heading_label;
  GtkBox *slider_box;
  GtkButton *reset_button;
  GtkRange *sliders[RF_MAX_MODALITIES];
  guint n_sliders;
  RefractIndexModel *places;
  GtkSingleSelection *place_selection;
  GtkColumnView *ranking_view;
  GtkColumnViewColumn *driver_column, *contribution_column; /* left out in a narrow window */
  GtkWindow *window;
  RefractWhyPanel *why;
  GtkWidget *why_pane;
  RefractPlot *ternary_plot;

  RefractSession *session;
  RefractRanker *ranker;
  RefractRanking *ranking;
  guint32 *user_order; /* all users, most active first */
  guint wanted_place;
  gboolean setting_sliders;
  double low, high; /* common scale of the contribution bars */

  RfPlotTernary ternary;
  float ternary_shares[(TERNARY_POINTS + 1) * 3];
  float ternary_sizes[TERNARY_POINTS + 1];
  int ternary_drivers[TERNARY_POINTS + 1];
  guint scroll_id;
};

G_DEFINE_FINAL_TYPE (RefractExplorePage, refract_explore_page, ADW_TYPE_BIN)

GtkWidget *
refract_explore_page_new (void)
{
  return g_object_new (REFRACT_TYPE_EXPLORE_PAGE, NULL);
}

/* The users. */

static int
by_activity (gconstpointer a, gconstpointer b, gpointer data)
{
  const guint32 *counts = data;
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  if (counts[x] != counts[y])
    return counts[x] > counts[y] ? -1 : 1;
  return x < y ? -1 : x > y;
}

static void
update_users (RefractExplorePage *self)
{
  RfCatalog *catalog = self->session ? refract_session_get_catalog (self->session) : NULL;
  guint32 n = catalog ? rf_catalog_get_n_users (catalog) : 0, *found = g_new (guint32, n + 1);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->user_search));
  guint32 user = refract_explore_page_get_user (self);
  guint n_found = 0, position;

  for (guint32 u = 0; u < n; u++)
    if (*text == '\0' || strstr (rf_catalog_get_user_id (catalog, self->user_order[u]), text) != NULL)
      found[n_found++] = self->user_order[u];
  refract_index_model_take (self->users, found, n_found);
  position = user == RF_NO_INDEX ? G_MAXUINT : refract_index_model_find (self->users, user);
  gtk_single_selection_set_selected (self->user_selection, position == G_MAXUINT ? GTK_INVALID_LIST_POSITION : position);
}

static void
setup_user (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *id = gtk_label_new (NULL), *count = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (id), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (id), 0);
  gtk_widget_set_hexpand (id, TRUE);
  gtk_widget_add_css_class (count, "numeric");
  gtk_widget_add_css_class (count, "dim-label");
  gtk_box_append (GTK_BOX (box), id);
  gtk_box_append (GTK_BOX (box), count);
  gtk_list_item_set_child (item, box);
}

static void
bind_user (GtkSignalListItemFactory *factory, GtkListItem *item, RefractExplorePage *self)
{
  guint32 user = refract_index_row_get_index (gtk_list_item_get_item (item));
  GtkWidget *id = gtk_widget_get_first_child (gtk_list_item_get_child (item)), *count = gtk_widget_get_next_sibling (id);
  g_autofree char *text = NULL;

  if (self->session == NULL)
    return;
  text = g_strdup_printf ("%u", refract_session_get_user_counts (self->session)[user]);
  gtk_label_set_text (GTK_LABEL (id), rf_catalog_get_user_id (refract_session_get_catalog (self->session), user));
  gtk_label_set_text (GTK_LABEL (count), text);
}

static void
user_selected_cb (RefractExplorePage *self)
{
  RefractIndexRow *row = gtk_single_selection_get_selected_item (self->user_selection);

  if (row)
    refract_ranker_set_user (self->ranker, refract_index_row_get_index (row));
}

guint32
refract_explore_page_get_user (RefractExplorePage *self)
{
  RefractIndexRow *row = gtk_single_selection_get_selected_item (self->user_selection);

  return row ? refract_index_row_get_index (row) : RF_NO_INDEX;
}

/* A list that has not been laid out yet cannot scroll. */
static gboolean
scroll_to_user_cb (gpointer data)
{
  RefractExplorePage *self = data;
  guint position = gtk_single_selection_get_selected (self->user_selection);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self->user_list)) || gtk_widget_get_height (GTK_WIDGET (self->user_list)) == 0)
    return G_SOURCE_CONTINUE;
  self->scroll_id = 0;
  if (position != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (GTK_WIDGET (self->user_list), "list.scroll-to-item", "u", position);
  return G_SOURCE_REMOVE;
}

gboolean
refract_explore_page_choose_user (RefractExplorePage *self, const char *id)
{
  guint32 user = self->session ? rf_catalog_find_user (refract_session_get_catalog (self->session), id) : RF_NO_INDEX;
  guint position;

  if (user == RF_NO_INDEX)
    return FALSE;
  gtk_editable_set_text (GTK_EDITABLE (self->user_search), "");
  update_users (self);
  position = refract_index_model_find (self->users, user);
  gtk_single_selection_set_selected (self->user_selection, position);
  if (self->scroll_id == 0)
    self->scroll_id = g_timeout_add (SCROLL_AFTER_MS, scroll_to_user_cb, self);
  return TRUE;
}

void
refract_explore_page_focus_search (RefractExplorePage *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->user_search));
}

static GtkWidget *
make_users (RefractExplorePage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *scrolled = gtk_scrolled_window_new (), *bar = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  self->users = refract_index_model_new ();
  self->user_search = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  g_object_set (self->user_search, "placeholder-text", _("Search users"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->user_search), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search users"), -1);
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->user_search));
  gtk_widget_add_css_class (bar, "toolbar");
  g_signal_connect (factory, "setup", G_CALLBACK (setup_user), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_user), self);
  self->user_selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->users)));
  gtk_single_selection_set_autoselect (self->user_selection, FALSE);
  gtk_single_selection_set_can_unselect (self->user_selection, TRUE);
  self->user_list = GTK_LIST_VIEW (gtk_list_view_new (GTK_SELECTION_MODEL (self->user_selection), factory));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->user_list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Users, most active first"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (self->user_list), "navigation-sidebar");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->user_list));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_widget_set_size_request (box, 130, -1);
  g_signal_connect_swapped (self->user_selection, "notify::selected-item", G_CALLBACK (user_selected_cb), self);
  g_signal_connect_swapped (self->user_search, "search-changed", G_CALLBACK (update_users), self);
  return box;
}

/* The ranking. */

static const RfRanked *
ranked_at (RefractExplorePage *self, guint place)
{
  return self->ranking && place < self->ranking->ranking->n ? &self->ranking->ranking->items[place] : NULL;
}

static guint32
place_of (GtkListItem *item)
{
  return refract_index_row_get_index (gtk_list_item_get_item (item));
}

static void
setup_label (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer numeric)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), numeric ? 1 : 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), numeric ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_END);
  if (numeric)
    gtk_widget_add_css_class (label, "numeric");
  else
    gtk_label_set_width_chars (GTK_LABEL (label), MIN_TITLE_CHARS);
  gtk_list_item_set_child (item, label);
}

/* The place, and while weights are changed where it came from. */
static void
bind_place (GtkSignalListItemFactory *factory, GtkListItem *item, RefractExplorePage *self)
{
  guint32 place = place_of (item);
  const RfRanked *ranked = ranked_at (self, place);
  guint32 before = ranked && self->ranking->reweighted ? self->ranking->trained_rank[ranked->item] : 0;
  g_autofree char *text = NULL;

  if (before > place + 1)
    text = g_strdup_printf ("%u ▲%u", place + 1, before - place - 1);
  else if (before > 0 && before < place + 1)
    text = g_strdup_printf ("%u ▼%u", place + 1, place + 1 - before);
  else
    text = g_strdup_printf ("%u", place + 1);
  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

static void
setup_picture (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  gtk_list_item_set_child (item, refract_thumbnail_new (40, 40));
}

static void
bind_picture (GtkSignalListItemFactory *factory, GtkListItem *item, RefractExplorePage *self)
{
  const RfRanked *ranked = ranked_at (self, place_of (item));
  GtkWidget *picture = gtk_list_item_get_child (item);

  if (ranked == NULL || self->session == NULL)
    return;
  refract_thumbnail_set_item (REFRACT_THUMBNAIL (picture), refract_thumbnails_get_for_session (self->session), ranked->item);
  gtk_accessible_update_property (GTK_ACCESSIBLE (picture), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  rf_catalog_get_item_label (refract_session_get_catalog (self->session), ranked->item), -1);
}

static void
bind_title (GtkSignalListItemFactory *factory, GtkListItem *item, RefractExplorePage *self)
{
  const RfRanked *ranked = ranked_at (self, place_of (item));
  GtkWidget *label = gtk_list_item_get_child (item);
  const char *title;
  g_autofree char *text = NULL;

  if (ranked == NULL || self->session == NULL)
    return;
  title = rf_catalog_get_item_label (refract_session_get_catalog (self->session), ranked->item);
  text = ranked->held_out_hit ? g_strdup_printf ("✓ %s", title) : g_strdup (title);
  gtk_label_set_text (GTK_LABEL (label), text);
  gtk_widget_set_tooltip_text (label, ranked->held_out_hit ? _("The user did choose this item: it was held out from training") : title);
}

static void
bind_score (GtkSignalListItemFactory *factory, GtkListItem *item, RefractExplorePage *self)
{
  const RfRanked *ranked = ranked_at (self, place_of (item));
  g_autofree char *text = ranked ? g_strdup_printf ("%.3f", (double) ranked->score) : g_strdup ("");

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

static void
bind_driver (GtkSignalListItemFactory *factory, GtkListItem *item, RefractExplorePage *self)
{
  const RfRanked *ranked = ranked_at (self, place_of (item));
  const RfModel *model = self->ranking ? self->ranking->trained->model : NULL;

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)), ranked && ranked->driver >= 0 ? rf_plot_modality_label (model->names[ranked->driver]) : "–");
}

static void
setup_bar (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer kind)
{
  gtk_list_item_set_child (item, refract_bar_cell_new ((RefractBarKind) GPOINTER_TO_INT (kind)));
}

static void
bind_bar (GtkSignalListItemFactory *factory, GtkListItem *item, RefractExplorePage *self)
{
  const RfRanked *ranked = ranked_at (self, place_of (item));

  refract_bar_cell_set (REFRACT_BAR_CELL (gtk_list_item_get_child (item)), ranked ? self->ranking->trained->model : NULL, ranked, self->low, self->high);
}

static void
unbind_bar (GtkSignalListItemFactory *factory, GtkListItem *item, RefractExplorePage *self)
{
  refract_bar_cell_set (REFRACT_BAR_CELL (gtk_list_item_get_child (item)), NULL, NULL, 0, 0);
}

static GtkColumnViewColumn *
add_column (RefractExplorePage *self, const char *title, GCallback setup, gpointer setup_data, GCallback bind, int width, gboolean expand)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *column;

  g_signal_connect (factory, "setup", setup, setup_data);
  g_signal_connect (factory, "bind", bind, self);
  if (bind == G_CALLBACK (bind_bar))
    g_signal_connect (factory, "unbind", G_CALLBACK (unbind_bar), self);
  column = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_expand (column, expand);
  if (width > 0)
    gtk_column_view_column_set_fixed_width (column, width);
  gtk_column_view_append_column (self->ranking_view, column);
  g_object_unref (column); /* the view holds it */
  return column;
}

static void
show_why (RefractExplorePage *self)
{
  guint place = gtk_single_selection_get_selected (self->place_selection);

  refract_why_panel_set (self->why, self->session, place == GTK_INVALID_LIST_POSITION ? NULL : self->ranking, place);
  self->ternary.selected = place + 1 < self->ternary.n ? (int) place : -1; /* the last point is the attention */
  refract_plot_changed (self->ternary_plot);
}

/* A point for each place: what each modality adds there, as shares of what speaks for the item. Attention differs little between
 * the items of one user; its mean is the large point. */
static void
fill_ternary (RefractExplorePage *self, guint n_modalities)
{
  guint n = MIN (self->ranking->ranking->n, TERNARY_POINTS);
  float *mean = self->ternary_shares + 3 * n;

  memset (mean, 0, 3 * sizeof *mean);
  for (guint p = 0; p < n; p++)
    {
      const RfRanked *ranked = &self->ranking->ranking->items[p];

      for (guint m = 0; m < MIN (n_modalities, 3); m++)
        {
          self->ternary_shares[3 * p + m] = MAX (ranked->contribution[m], 0);
          mean[m] += ranked->attention[m];
        }
      self->ternary_drivers[p] = ranked->driver < 3 ? ranked->driver : -1;
      self->ternary_sizes[p] = 1;
    }
  self->ternary_drivers[n] = -1;
  self->ternary_sizes[n] = 2;
  self->ternary.n = n > 0 ? n + 1 : 0;
}

static void
update_ternary (RefractExplorePage *self)
{
  const RfModel *model = self->ranking ? self->ranking->trained->model : NULL;
  const guint corners[3] = { 0, 1, 2 };

  self->ternary.n = 0;
  if (model)
    {
      rf_plot_ternary_set_corners (&self->ternary, (const char *const *) model->names, model->n_modalities, corners);
      memset (self->ternary_shares, 0, sizeof self->ternary_shares);
      fill_ternary (self, model->n_modalities);
    }
  self->ternary.shares = self->ternary_shares;
  self->ternary.drivers = self->ternary_drivers;
  self->ternary.sizes = self->ternary_sizes;
  self->ternary.hovered = self->ternary.selected = -1;
  refract_plot_set (self->ternary_plot, model ? &rf_plot_ternary_kind : NULL, &self->ternary);
}

static void
update_scale (RefractExplorePage *self)
{
  const RfModel *model = self->ranking->trained->model;

  self->low = self->high = 0;
  for (guint p = 0; p < self->ranking->ranking->n && p < 100; p++)
    {
      const RfRanked *r = &self->ranking->ranking->items[p];
      RfPlotSigned parts = { model->n_modalities, (const char *const *) model->names, r->contribution, (double) r->popularity, 0, 0, FALSE };

      rf_plot_signed_fit (&parts, &self->low, &self->high);
    }
}

static void
update_heading (RefractExplorePage *self)
{
  g_autofree char *text = NULL;
  guint hits = 0, n;

  if (self->ranking == NULL)
    {
      gtk_label_set_text (self->heading_label, _("Choose a user"));
      return;
    }
  n = MIN (self->ranking->ranking->n, 20);
  for (guint p = 0; p < n; p++)
    hits += self->ranking->ranking->items[p].held_out_hit;
  text = g_strdup_printf (_("%s · %zu past items · %u of the top %u chosen later ✓"),
                          rf_catalog_get_user_id (refract_session_get_catalog (self->session), self->ranking->user), self->ranking->n_history, hits, n);
  gtk_label_set_text (self->heading_label, text);
}

static void
ranking_changed_cb (RefractExplorePage *self)
{
  RefractRanking *ranking = refract_ranker_get_ranking (self->ranker);
  guint place = self->wanted_place ? self->wanted_place - 1 : 0;

  if (ranking)
    refract_ranking_ref (ranking);
  g_clear_pointer (&self->ranking, refract_ranking_unref);
  self->ranking = ranking;
  if (ranking)
    update_scale (self);
  update_ternary (self);
  refract_index_model_set_count (self->places, ranking ? ranking->ranking->n : 0);
  gtk_single_selection_set_selected (self->place_selection, ranking && place < ranking->ranking->n ? place : GTK_INVALID_LIST_POSITION);
  update_heading (self);
  show_why (self);
}

void
refract_explore_page_choose_place (RefractExplorePage *self, guint place)
{
  self->wanted_place = place;
  if (self->ranking && place >= 1 && place <= self->ranking->ranking->n)
    gtk_single_selection_set_selected (self->place_selection, place - 1);
}

RefractRanking *
refract_explore_page_get_ranking (RefractExplorePage *self)
{
  return self->ranking;
}

gboolean
refract_explore_page_is_settled (RefractExplorePage *self)
{
  gboolean scrolling = self->scroll_id != 0 && gtk_widget_get_mapped (GTK_WIDGET (self->user_list));

  return !scrolling && refract_ranker_is_current (self->ranker) && refract_why_panel_is_settled (self->why) && (self->session == NULL || refract_thumbnails_is_idle (refract_thumbnails_get_for_session (self->session)));
}

/* The sliders. */

static void
slider_moved_cb (RefractExplorePage *self)
{
  float weights[RF_MAX_MODALITIES];
  gboolean changed = FALSE;

  if (self->setting_sliders)
    return;
  for (guint m = 0; m < self->n_sliders; m++)
    {
      weights[m] = (float) gtk_range_get_value (self->sliders[m]);
      changed |= weights[m] != 1;
    }
  gtk_widget_set_sensitive (GTK_WIDGET (self->reset_button), changed);
  refract_ranker_set_weights (self->ranker, changed ? weights : NULL);
}

void
refract_explore_page_set_weight (RefractExplorePage *self, guint m, double weight)
{
  g_return_if_fail (m < self->n_sliders);
  gtk_range_set_value (self->sliders[m], weight);
}

static void
reset_cb (RefractExplorePage *self)
{
  self->setting_sliders = TRUE;
  for (guint m = 0; m < self->n_sliders; m++)
    gtk_range_set_value (self->sliders[m], 1);
  self->setting_sliders = FALSE;
  slider_moved_cb (self);
}

static void
make_sliders (RefractExplorePage *self, const RfModel *model)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->slider_box))) != NULL)
    gtk_box_remove (self->slider_box, child);
  self->n_sliders = model ? model->n_modalities : 0;
  for (guint m = 0; m < self->n_sliders; m++)
    {
      GtkWidget *label = gtk_label_new (rf_plot_modality_label (model->names[m])), *scale = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, 2, 0.05);
      g_autofree char *name = g_strdup_printf (_("Weight of %s"), rf_plot_modality_label (model->names[m]));

      gtk_range_set_value (GTK_RANGE (scale), 1);
      gtk_scale_add_mark (GTK_SCALE (scale), 1, GTK_POS_BOTTOM, NULL);
      gtk_widget_set_hexpand (scale, TRUE);
      gtk_widget_set_size_request (scale, 50, -1);
      gtk_widget_set_tooltip_text (scale, _("What if it counted less or more? 0 mutes it, 1 is as trained."));
      gtk_accessible_update_property (GTK_ACCESSIBLE (scale), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
      gtk_widget_add_css_class (label, "caption");
      self->sliders[m] = GTK_RANGE (scale);
      g_signal_connect_swapped (scale, "value-changed", G_CALLBACK (slider_moved_cb), self);
      gtk_box_append (self->slider_box, label);
      gtk_box_append (self->slider_box, scale);
    }
  self->reset_button = GTK_BUTTON (gtk_button_new_from_icon_name ("edit-undo-symbolic"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->reset_button), _("Reset the Weights"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->reset_button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Reset the weights"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (self->reset_button), "flat");
  gtk_widget_set_sensitive (GTK_WIDGET (self->reset_button), FALSE);
  g_signal_connect_swapped (self->reset_button, "clicked", G_CALLBACK (reset_cb), self);
  gtk_box_append (self->slider_box, GTK_WIDGET (self->reset_button));
}

/* The triangle. */

static void
ternary_hovered_cb (RefractExplorePage *self, double x, double y)
{
  GtkWidget *plot = GTK_WIDGET (self->ternary_plot);
  RfPlotTheme theme;
  int found = -1;
  const RfRanked *ranked;

  refract_plot_get_theme (self->ternary_plot, &theme);
  if (x >= 0)
    found = rf_plot_ternary_find (&self->ternary, gtk_widget_get_width (plot), gtk_widget_get_height (plot), &theme, x, y, REACH);
  if (found == self->ternary.hovered)
    return;
  self->ternary.hovered = found;
  ranked = found >= 0 && found + 1 < (int) self->ternary.n ? ranked_at (self, (guint) found) : NULL;
  gtk_widget_set_tooltip_text (plot, ranked       ? rf_catalog_get_item_label (refract_session_get_catalog (self->session), ranked->item)
                                     : found >= 0 ? _("Mean attention of the top 50")
                                                  : NULL);
  gtk_widget_queue_draw (plot);
}

static void
select_place (RefractExplorePage *self, guint place)
{
  gtk_single_selection_set_selected (self->place_selection, place);
  gtk_widget_activate_action (GTK_WIDGET (self->ranking_view), "list.scroll-to-item", "u", place);
}

static void
ternary_pressed_cb (RefractExplorePage *self, double x, double y)
{
  ternary_hovered_cb (self, x, y);
  if (self->ternary.hovered >= 0 && self->ternary.hovered + 1 < (int) self->ternary.n)
    select_place (self, (guint) self->ternary.hovered);
}

static void
ternary_moved_cb (RefractExplorePage *self, int direction)
{
  int place = self->ternary.selected + direction;

  if (place >= 0 && place + 1 < (int) self->ternary.n)
    select_place (self, (guint) place);
}

static GtkWidget *
make_ranking (RefractExplorePage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *scrolled = gtk_scrolled_window_new (), *paned = gtk_paned_new (GTK_ORIENTATION_VERTICAL);
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  self->heading_label = GTK_LABEL (gtk_label_new (_("Choose a user")));
  gtk_label_set_xalign (self->heading_label, 0);
  gtk_label_set_ellipsize (self->heading_label, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (GTK_WIDGET (self->heading_label), "heading");
  self->slider_box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->heading_label));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->slider_box));
  gtk_widget_add_css_class (bar, "ranking-bar");
  self->places = refract_index_model_new ();
  self->place_selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->places)));
  gtk_single_selection_set_autoselect (self->place_selection, FALSE);
  self->ranking_view = GTK_COLUMN_VIEW (gtk_column_view_new (GTK_SELECTION_MODEL (self->place_selection)));
  gtk_widget_add_css_class (GTK_WIDGET (self->ranking_view), "data-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->ranking_view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Ranking"), -1);
  add_column (self, "#", G_CALLBACK (setup_label), GINT_TO_POINTER (TRUE), G_CALLBACK (bind_place), 58, FALSE);
  add_column (self, "", G_CALLBACK (setup_picture), NULL, G_CALLBACK (bind_picture), 56, FALSE);
  add_column (self, _("Item"), G_CALLBACK (setup_label), NULL, G_CALLBACK (bind_title), 0, TRUE);
  add_column (self, _("Score"), G_CALLBACK (setup_label), GINT_TO_POINTER (TRUE), G_CALLBACK (bind_score), 66, FALSE);
  add_column (self, _("Attention"), G_CALLBACK (setup_bar), GINT_TO_POINTER (REFRACT_BAR_ATTENTION), G_CALLBACK (bind_bar), 130, FALSE);
  self->driver_column = add_column (self, _("Driver"), G_CALLBACK (setup_label), NULL, G_CALLBACK (bind_driver), 84, FALSE);
  self->contribution_column = add_column (self, _("Contribution"), G_CALLBACK (setup_bar), GINT_TO_POINTER (REFRACT_BAR_CONTRIBUTION), G_CALLBACK (bind_bar), 150, FALSE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->ranking_view));
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_widget_set_size_request (scrolled, 300, 160);
  self->ternary_plot = REFRACT_PLOT (refract_plot_new (_("What each modality adds to the top 50 items; the large point is their mean attention"), 320, 190));
  gtk_widget_set_focusable (GTK_WIDGET (self->ternary_plot), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->ternary_plot), "ternary");
  g_signal_connect_swapped (self->ternary_plot, "hovered", G_CALLBACK (ternary_hovered_cb), self);
  g_signal_connect_swapped (self->ternary_plot, "pressed", G_CALLBACK (ternary_pressed_cb), self);
  g_signal_connect_swapped (self->ternary_plot, "moved", G_CALLBACK (ternary_moved_cb), self);
  gtk_paned_set_start_child (GTK_PANED (paned), scrolled);
  gtk_paned_set_end_child (GTK_PANED (paned), GTK_WIDGET (self->ternary_plot));
  gtk_paned_set_resize_end_child (GTK_PANED (paned), FALSE);
  gtk_paned_set_shrink_end_child (GTK_PANED (paned), FALSE);
  gtk_paned_set_shrink_start_child (GTK_PANED (paned), FALSE);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), paned);
  gtk_widget_set_hexpand (box, TRUE);
  g_signal_connect_swapped (self->place_selection, "notify::selected", G_CALLBACK (show_why), self);
  return box;
}

static void
trained_changed_cb (RefractExplorePage *self)
{
  RfTrained *trained = self->session ? refract_session_get_trained (self->session) : NULL;

  make_sliders (self, trained ? trained->model : NULL);
  refract_ranker_set_weights (self->ranker, NULL);
  refract_ranker_set_trained (self->ranker, trained);
  gtk_stack_set_visible_child_name (self->stack, trained ? "explore" : "empty");
  /* The most active user comes first: an analyst sees a full page at once. */
  if (trained && refract_explore_page_get_user (self) == RF_NO_INDEX && g_list_model_get_n_items (G_LIST_MODEL (self->users)) > 0)
    gtk_single_selection_set_selected (self->user_selection, 0);
}

void
refract_explore_page_set_session (RefractExplorePage *self, RefractSession *session)
{
  guint32 n;

  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  if (!g_set_object (&self->session, session))
    return;
  g_clear_pointer (&self->user_order, g_free);
  refract_ranker_set_user (self->ranker, RF_NO_INDEX);
  if (session)
    {
      n = rf_catalog_get_n_users (refract_session_get_catalog (session));
      self->user_order = g_new (guint32, n + 1);
      for (guint32 u = 0; u < n; u++)
        self->user_order[u] = u;
      g_qsort_with_data (self->user_order, (int) n, sizeof *self->user_order, by_activity, (gpointer) refract_session_get_user_counts (session));
      g_signal_connect_object (session, "notify::trained", G_CALLBACK (trained_changed_cb), self, G_CONNECT_SWAPPED);
    }
  gtk_single_selection_set_selected (self->user_selection, GTK_INVALID_LIST_POSITION);
  gtk_editable_set_text (GTK_EDITABLE (self->user_search), "");
  update_users (self);
  trained_changed_cb (self);
}

static GtkWidget *
make_empty (void)
{
  GtkWidget *status = adw_status_page_new (), *button = gtk_button_new_with_mnemonic (_("_Train a Model"));

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (status), "refract-explore-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (status), _("No Model Yet"));
  adw_status_page_set_description (ADW_STATUS_PAGE (status), _("Once a model is trained, every user's ranking stands here, with the weight and the exact contribution of picture, text and behaviour."));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.train");
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "pill");
  gtk_widget_add_css_class (button, "suggested-action");
  adw_status_page_set_child (ADW_STATUS_PAGE (status), button);
  return status;
}

/* No room for everything: the bars of contributions and the driver's name stand in the panel on the right, too. */
static void
width_changed_cb (RefractExplorePage *self)
{
  int width, height;

  gtk_window_get_default_size (self->window, &width, &height);
  gtk_column_view_column_set_visible (self->contribution_column, width >= NARROW);
  gtk_column_view_column_set_visible (self->driver_column, width >= NARROW);
}

static void
refract_explore_page_map (GtkWidget *widget)
{
  RefractExplorePage *self = REFRACT_EXPLORE_PAGE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);

  GTK_WIDGET_CLASS (refract_explore_page_parent_class)->map (widget);
  if (GTK_IS_WINDOW (root) && self->window == NULL)
    {
      self->window = GTK_WINDOW (root);
      g_signal_connect_object (root, "notify::default-width", G_CALLBACK (width_changed_cb), self, G_CONNECT_SWAPPED);
      width_changed_cb (self);
    }
}

static void
refract_explore_page_dispose (GObject *object)
{
  RefractExplorePage *self = REFRACT_EXPLORE_PAGE (object);

  g_clear_handle_id (&self->scroll_id, g_source_remove);
  if (self->ternary_plot)
    {
      refract_plot_set (self->ternary_plot, NULL, NULL);
      self->ternary_plot = NULL;
    }
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  if (self->ranker)
    g_signal_handlers_disconnect_by_data (self->ranker, self);
  if (self->user_selection)
    g_signal_handlers_disconnect_by_data (self->user_selection, self);
  if (self->place_selection)
    g_signal_handlers_disconnect_by_data (self->place_selection, self);
  self->user_selection = self->place_selection = NULL;
  g_clear_object (&self->ranker);
  g_clear_object (&self->session);
  g_clear_object (&self->users);
  g_clear_object (&self->places);
  g_clear_pointer (&self->ranking, refract_ranking_unref);
  g_clear_pointer (&self->user_order, g_free);
  G_OBJECT_CLASS (refract_explore_page_parent_class)->dispose (object);
}

static void
refract_explore_page_class_init (RefractExplorePageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = refract_explore_page_dispose;
  GTK_WIDGET_CLASS (klass)->map = refract_explore_page_map;
}

static void
refract_explore_page_init (RefractExplorePage *self)
{
  GtkWidget *paned = gtk_paned_new (GTK_ORIENTATION_HORIZONTAL), *inner = gtk_paned_new (GTK_ORIENTATION_HORIZONTAL);

  self->ranker = refract_ranker_new ();
  g_signal_connect_swapped (self->ranker, "notify::ranking", G_CALLBACK (ranking_changed_cb), self);
  gtk_paned_set_start_child (GTK_PANED (paned), make_users (self));
  gtk_paned_set_resize_start_child (GTK_PANED (paned), FALSE);
  gtk_paned_set_shrink_start_child (GTK_PANED (paned), FALSE);
  gtk_paned_set_position (GTK_PANED (paned), 150);
  gtk_paned_set_start_child (GTK_PANED (inner), make_ranking (self));
  gtk_paned_set_shrink_start_child (GTK_PANED (inner), TRUE);
  self->why = REFRACT_WHY_PANEL (refract_why_panel_new ());
  gtk_widget_set_size_request (GTK_WIDGET (self->why), 230, -1);
  gtk_paned_set_end_child (GTK_PANED (inner), GTK_WIDGET (self->why));
  gtk_paned_set_resize_end_child (GTK_PANED (inner), FALSE);
  gtk_paned_set_shrink_end_child (GTK_PANED (inner), FALSE);
  gtk_paned_set_end_child (GTK_PANED (paned), inner);
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, make_empty (), "empty");
  gtk_stack_add_named (self->stack, paned, "explore");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
}
