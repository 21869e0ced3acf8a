/* refract-explore-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-explore-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/plot/rf-plot.h"
#include "ui/charts/refract-plot.h"
#include "ui/pages/refract-overview-view.h"
#include "ui/pages/refract-ranking-text.h"
#include "ui/pages/refract-ranking-view.h"
#include "ui/pages/refract-share-view.h"
#include "ui/pages/refract-user-list.h"
#include "ui/pages/refract-why-panel.h"
#include "ui/refract-thumbnails.h"

#define NARROW     1000 /* pixels of the window */
#define TABLE      1200 /* with fewer, all columns of the table would leave hardly any room for titles */
#define TOP        20   /* places of which a sentence speaks */
#define USERS      205
#define USERS_NARROW 160
#define WHY        250
#define WHY_NARROW 220
#define LOW        700
#define MOST_BESIDE 3 /* modalities: of more, names stand above the sliders */

struct _RefractExplorePage
{
  AdwBin parent_instance;

  GtkStack *stack, *centre_stack;
  RefractUserList *users;
  GtkLabel *heading_label, *moves_label, *note_label;
  GtkWidget *beaten_icon; /* the model loses to a baseline */
  GtkButton *note_button;
  GtkWidget *tools; /* of the ranking, beside its heading */
  GtkToggleButton *ranking_button, *overview_button;
  GtkWidget *slider_bar;
  GtkBox *slider_box;
  GtkButton *reset_button;
  GtkRange *sliders[RF_MAX_MODALITIES];
  guint n_sliders;
  RefractRankingView *ranking_view;
  RefractShareView *shares;
  RefractOverviewView *overview;
  RefractWhyPanel *why;
  GtkPaned *paned, *centre_paned;
  GtkWindow *window;

  RefractSession *session;
  RefractRanker *ranker;
  RefractRanking *ranking;
  guint wanted_place; /* from 1; 0: none */
  gboolean setting_sliders, narrow;
};

G_DEFINE_FINAL_TYPE (RefractExplorePage, refract_explore_page, ADW_TYPE_BIN)

GtkWidget *
refract_explore_page_new (void)
{
  return g_object_new (REFRACT_TYPE_EXPLORE_PAGE, NULL);
}

/* The ranking. */

static void
show_why (RefractExplorePage *self)
{
  guint place = refract_ranking_view_get_selected (self->ranking_view);

  refract_why_panel_set (self->why, self->session, place == G_MAXUINT ? NULL : self->ranking, place);
  refract_share_view_select (self->shares, place);
}

static void
update_beaten (RefractExplorePage *self)
{
  RfTrained *trained = self->session ? refract_session_get_trained (self->session) : NULL;
  RefractRun *run = trained ? refract_session_find_run (self->session, trained->run->id) : NULL;
  const char *beaten = run ? refract_run_get_beaten (run) : NULL;

  gtk_widget_set_visible (self->beaten_icon, beaten != NULL);
  gtk_widget_set_tooltip_text (self->beaten_icon, beaten);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->beaten_icon), GTK_ACCESSIBLE_PROPERTY_LABEL, beaten ? beaten : "", -1);
}

static void
update_heading (RefractExplorePage *self)
{
  g_autofree char *text = NULL, *drivers = NULL, *moves = NULL, *below = NULL;
  const char *who;
  guint hits = 0, n;

  update_beaten (self);
  gtk_widget_set_visible (GTK_WIDGET (self->moves_label), self->ranking != NULL);
  if (gtk_toggle_button_get_active (self->overview_button))
    {
      gtk_label_set_text (self->heading_label, _("What Drives All Recommendations"));
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->heading_label), NULL);
      return;
    }
  if (self->ranking == NULL)
    {
      gtk_label_set_text (self->heading_label, refract_user_list_get_composing (self->users) ? _("Add items to the history on the left") : _("Choose a user"));
      return;
    }
  n = MIN (self->ranking->ranking->n, TOP);
  for (guint p = 0; p < n; p++)
    hits += self->ranking->ranking->items[p].held_out_hit;
  who = self->ranking->user != RF_NO_INDEX ? rf_catalog_get_user_id (refract_session_get_catalog (self->session), self->ranking->user) : _("Composed history");
  if (self->ranking->user != RF_NO_INDEX)
    text = g_strdup_printf (_("%s · %zu past items · %u of the top %u chosen later ✓"), who, self->ranking->n_history, hits, n);
  else
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s · %zu past item", "%s · %zu past items", self->ranking->n_history), who, self->ranking->n_history);
  drivers = refract_ranking_describe_drivers (self->ranking, TOP);
  moves = refract_ranking_describe_moves (self->ranking, TOP);
  /* Where the heading has no room for all of it, it goes on below. */
  below = self->narrow ? g_strdup_printf ("%s\n%s", text, *moves ? moves : drivers) : g_strdup (*moves ? moves : drivers);
  gtk_label_set_text (self->heading_label, self->narrow ? who : text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->heading_label), text);
  gtk_label_set_text (self->moves_label, below);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->moves_label), *moves ? moves : drivers);
}

static void
update_note (RefractExplorePage *self)
{
  guint32 user = refract_user_list_get_user (self->users);
  const char *id = self->session && user != RF_NO_INDEX ? rf_catalog_get_user_id (refract_session_get_catalog (self->session), user) : NULL;
  const char *note = id ? refract_session_get_note (self->session, "user", id) : NULL;

  gtk_label_set_text (self->note_label, note ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), note != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->note_button), id != NULL);
}

static void
note_clicked_cb (RefractExplorePage *self)
{
  guint32 user = refract_user_list_get_user (self->users);

  if (self->session && user != RF_NO_INDEX)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.note-user", "s", rf_catalog_get_user_id (refract_session_get_catalog (self->session), user));
}

static void
ranking_changed_cb (RefractExplorePage *self)
{
  RefractRanking *ranking = refract_ranker_get_ranking (self->ranker);
  gboolean same_user = ranking && self->ranking && ranking->user == self->ranking->user && ranking->trained == self->ranking->trained;

  if (ranking)
    refract_ranking_ref (ranking);
  g_clear_pointer (&self->ranking, refract_ranking_unref);
  self->ranking = ranking;
  refract_share_view_set (self->shares, self->session, ranking);
  refract_ranking_view_set (self->ranking_view, self->session, ranking);
  if (ranking && self->wanted_place > 0)
    refract_ranking_view_select (self->ranking_view, self->wanted_place - 1);
  else if (!same_user)
    refract_ranking_view_select (self->ranking_view, 0);
  if (ranking)
    self->wanted_place = 0;
  update_heading (self);
  show_why (self);
}

static void
item_activated_cb (RefractExplorePage *self, guint item)
{
  if (refract_user_list_get_composing (self->users))
    refract_user_list_toggle_item (self->users, item);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show-item", "s", rf_catalog_get_item_id (refract_session_get_catalog (self->session), item));
}

static void
past_item_cb (RefractExplorePage *self, guint item)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-item", "s", rf_catalog_get_item_id (refract_session_get_catalog (self->session), item));
}

static void
filtered_cb (RefractExplorePage *self)
{
  g_autofree gboolean *keep = refract_share_view_dup_keep (self->shares);

  refract_ranking_view_filter (self->ranking_view, keep);
}

static void
every_item_cb (RefractExplorePage *self, gboolean every_item)
{
  refract_ranker_set_every_item (self->ranker, every_item);
}

static void
shares_selected_cb (RefractExplorePage *self, guint place)
{
  refract_ranking_view_select (self->ranking_view, place);
}

static void
shares_user_cb (RefractExplorePage *self, guint user)
{
  refract_user_list_choose (self->users, user);
}

/* The user. */

static void
user_chosen_cb (RefractExplorePage *self)
{
  gsize n;
  const guint32 *items;

  if (refract_user_list_get_composing (self->users))
    {
      items = refract_user_list_get_composed (self->users, &n);
      refract_ranker_set_history (self->ranker, items, n);
    }
  else
    refract_ranker_set_user (self->ranker, refract_user_list_get_user (self->users));
  if (refract_ranker_get_ranking (self->ranker) == NULL)
    update_heading (self);
  update_note (self);
}

guint32
refract_explore_page_get_user (RefractExplorePage *self)
{
  return refract_user_list_get_user (self->users);
}

guint32 *
refract_explore_page_dup_shown_users (RefractExplorePage *self, guint *n)
{
  return refract_user_list_dup_shown (self->users, n);
}

char *
refract_explore_page_dup_segment (RefractExplorePage *self)
{
  return refract_user_list_dup_segment (self->users);
}

gboolean
refract_explore_page_choose_user (RefractExplorePage *self, const char *id)
{
  guint32 user = self->session ? rf_catalog_find_user (refract_session_get_catalog (self->session), id) : RF_NO_INDEX;

  if (user == RF_NO_INDEX)
    return FALSE;
  refract_user_list_choose (self->users, user);
  return TRUE;
}

void
refract_explore_page_show_users (RefractExplorePage *self, const guint32 *users, guint n, const char *name)
{
  refract_user_list_show_only (self->users, users, n, name);
}

void
refract_explore_page_compose (RefractExplorePage *self, const guint32 *items, gsize n)
{
  refract_user_list_compose (self->users, items, n);
}

void
refract_explore_page_focus_search (RefractExplorePage *self)
{
  refract_user_list_focus_search (self->users);
}

void
refract_explore_page_choose_place (RefractExplorePage *self, guint place)
{
  self->wanted_place = place;
  if (self->ranking && refract_ranker_is_current (self->ranker) && place >= 1)
    {
      refract_ranking_view_select (self->ranking_view, place - 1);
      self->wanted_place = 0;
    }
}

RefractRanking *
refract_explore_page_get_ranking (RefractExplorePage *self)
{
  return self->ranking;
}

void
refract_explore_page_copy (RefractExplorePage *self)
{
  refract_ranking_view_copy (self->ranking_view);
}

gboolean
refract_explore_page_is_ranked (RefractExplorePage *self)
{
  return refract_ranker_is_current (self->ranker);
}

gboolean
refract_explore_page_is_settled (RefractExplorePage *self)
{
  return refract_user_list_is_settled (self->users) && refract_ranker_is_current (self->ranker) && refract_why_panel_is_settled (self->why) &&
         refract_overview_view_is_settled (self->overview) && (self->session == NULL || refract_thumbnails_is_idle (refract_thumbnails_get_for_session (self->session)));
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
add_slider (RefractExplorePage *self, const RfModel *model, guint m)
{
  GtkWidget *label = gtk_label_new (rf_plot_modality_label (model->names[m])), *both, *scale = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, 2, 0.05);
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
  if (model->n_modalities <= MOST_BESIDE)
    {
      gtk_box_append (self->slider_box, label);
      gtk_box_append (self->slider_box, scale);
      return;
    }
  both = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (both), label);
  gtk_box_append (GTK_BOX (both), scale);
  gtk_box_append (self->slider_box, both);
}

static void
make_sliders (RefractExplorePage *self, const RfModel *model)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->slider_box))) != NULL)
    gtk_box_remove (self->slider_box, child);
  self->n_sliders = model ? rf_model_get_n_modalities (model) : 0;
  for (guint m = 0; m < self->n_sliders; m++)
    add_slider (self, model, m);
  gtk_widget_set_sensitive (GTK_WIDGET (self->reset_button), FALSE);
}

static GtkButton *
make_button (const char *icon, const char *tip, const char *name)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (button, tip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_add_css_class (button, "flat");
  return GTK_BUTTON (button);
}

/* Ranking or overview. */

void
refract_explore_page_show_overview (RefractExplorePage *self, gboolean overview)
{
  gtk_toggle_button_set_active (overview ? self->overview_button : self->ranking_button, TRUE);
  if (overview)
    refract_overview_view_start (self->overview);
}

static void
centre_cb (RefractExplorePage *self)
{
  gboolean overview = gtk_toggle_button_get_active (self->overview_button);

  gtk_stack_set_visible_child_name (self->centre_stack, overview ? "overview" : "ranking");
  gtk_widget_set_visible (self->slider_bar, !overview);
  gtk_widget_set_visible (self->tools, !overview);
  gtk_widget_set_visible (GTK_WIDGET (self->why), !overview);
  update_heading (self);
}

static void
worked_out_cb (RefractExplorePage *self)
{
  refract_share_view_set_overview (self->shares, refract_overview_view_get_overview (self->overview));
}

static void
with_history_cb (GtkToggleButton *button, GParamSpec *pspec, RefractExplorePage *self)
{
  refract_ranker_set_with_history (self->ranker, gtk_toggle_button_get_active (button));
}

static void
compose_from_user_cb (RefractExplorePage *self)
{
  if (self->ranking)
    refract_user_list_compose (self->users, self->ranking->history, self->ranking->n_history);
}

static GtkWidget *
make_switcher (RefractExplorePage *self)
{
  GtkWidget *switcher = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->ranking_button = GTK_TOGGLE_BUTTON (gtk_toggle_button_new_with_label (_("Ranking")));
  self->overview_button = GTK_TOGGLE_BUTTON (gtk_toggle_button_new_with_label (_("Overview")));
  gtk_widget_add_css_class (GTK_WIDGET (self->ranking_button), "slim");
  gtk_widget_add_css_class (GTK_WIDGET (self->overview_button), "slim");
  gtk_toggle_button_set_group (self->overview_button, self->ranking_button);
  gtk_toggle_button_set_active (self->ranking_button, TRUE);
  gtk_widget_add_css_class (switcher, "linked");
  gtk_box_append (GTK_BOX (switcher), GTK_WIDGET (self->ranking_button));
  gtk_box_append (GTK_BOX (switcher), GTK_WIDGET (self->overview_button));
  g_signal_connect_swapped (self->overview_button, "notify::active", G_CALLBACK (centre_cb), self);
  return switcher;
}

/* What is done with the user whose ranking is shown. */
static GtkWidget *
make_tools (RefractExplorePage *self)
{
  GtkWidget *tools = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *past = gtk_toggle_button_new (), *columns = gtk_menu_button_new ();
  GtkButton *compose = make_button ("list-add-symbolic", _("Compose a History from This User's"), _("Compose a history from this user's"));

  gtk_button_set_icon_name (GTK_BUTTON (past), "document-open-recent-symbolic");
  gtk_widget_set_tooltip_text (past, _("Rank Past Items, Too"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (past), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Rank past items, too"), -1);
  gtk_widget_add_css_class (past, "flat");
  g_signal_connect (past, "notify::active", G_CALLBACK (with_history_cb), self);
  g_signal_connect_swapped (compose, "clicked", G_CALLBACK (compose_from_user_cb), self);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (columns), "view-more-symbolic");
  gtk_widget_set_tooltip_text (columns, _("Columns"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (columns), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Columns"), -1);
  gtk_widget_add_css_class (columns, "flat");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (columns), refract_ranking_view_get_menu (self->ranking_view));
  gtk_widget_insert_action_group (columns, "ranking", refract_ranking_view_get_actions (self->ranking_view));
  self->note_button = make_button ("document-edit-symbolic", _("Write a Note on This User"), _("Write a note on this user"));
  g_signal_connect_swapped (self->note_button, "clicked", G_CALLBACK (note_clicked_cb), self);
  gtk_box_append (GTK_BOX (tools), GTK_WIDGET (self->note_button));
  gtk_box_append (GTK_BOX (tools), GTK_WIDGET (compose));
  gtk_box_append (GTK_BOX (tools), past);
  gtk_box_append (GTK_BOX (tools), columns);
  return tools;
}

static GtkLabel *
make_note (void)
{
  GtkLabel *note = GTK_LABEL (gtk_label_new (NULL));

  gtk_label_set_xalign (note, 0);
  gtk_label_set_wrap (note, TRUE);
  gtk_label_set_lines (note, 2);
  gtk_label_set_ellipsize (note, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (GTK_WIDGET (note), "note");
  gtk_widget_set_visible (GTK_WIDGET (note), FALSE);
  return note;
}

static GtkWidget *
make_slider_bar (RefractExplorePage *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2), *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->slider_box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));
  gtk_widget_set_hexpand (GTK_WIDGET (self->slider_box), TRUE);
  self->reset_button = make_button ("edit-undo-symbolic", _("Reset the Weights"), _("Reset the weights"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->reset_button), FALSE);
  g_signal_connect_swapped (self->reset_button, "clicked", G_CALLBACK (reset_cb), self);
  gtk_box_append (GTK_BOX (row), GTK_WIDGET (self->slider_box));
  gtk_box_append (GTK_BOX (row), GTK_WIDGET (self->reset_button));
  self->moves_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->moves_label, 0);
  gtk_label_set_ellipsize (self->moves_label, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (GTK_WIDGET (self->moves_label), "dim-label");
  gtk_box_append (GTK_BOX (bar), row);
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->moves_label));
  return bar;
}

static GtkWidget *
make_head (RefractExplorePage *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4), *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->beaten_icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");
  gtk_widget_add_css_class (self->beaten_icon, "warning");
  gtk_widget_set_visible (self->beaten_icon, FALSE);
  self->heading_label = GTK_LABEL (gtk_label_new (_("Choose a user")));
  gtk_label_set_xalign (self->heading_label, 0);
  gtk_label_set_ellipsize (self->heading_label, PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (GTK_WIDGET (self->heading_label), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->heading_label), "heading");
  self->tools = make_tools (self);
  self->note_label = make_note ();
  self->slider_bar = make_slider_bar (self);
  gtk_box_append (GTK_BOX (row), self->beaten_icon);
  gtk_box_append (GTK_BOX (row), GTK_WIDGET (self->heading_label));
  gtk_box_append (GTK_BOX (row), self->tools);
  gtk_box_append (GTK_BOX (row), make_switcher (self));
  gtk_box_append (GTK_BOX (bar), row);
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->note_label));
  gtk_box_append (GTK_BOX (bar), self->slider_bar);
  gtk_widget_add_css_class (bar, "ranking-bar");
  return bar;
}

static GtkWidget *
make_centre (RefractExplorePage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->ranking_view = REFRACT_RANKING_VIEW (refract_ranking_view_new ());
  self->shares = REFRACT_SHARE_VIEW (refract_share_view_new ());
  self->overview = REFRACT_OVERVIEW_VIEW (refract_overview_view_new ());
  self->centre_paned = GTK_PANED (gtk_paned_new (GTK_ORIENTATION_VERTICAL));
  gtk_paned_set_start_child (self->centre_paned, GTK_WIDGET (self->ranking_view));
  gtk_paned_set_end_child (self->centre_paned, GTK_WIDGET (self->shares));
  gtk_paned_set_resize_end_child (self->centre_paned, FALSE);
  gtk_paned_set_shrink_end_child (self->centre_paned, FALSE);
  gtk_paned_set_shrink_start_child (self->centre_paned, FALSE);
  self->centre_stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_hhomogeneous (self->centre_stack, FALSE);
  gtk_stack_set_vhomogeneous (self->centre_stack, FALSE);
  gtk_stack_add_named (self->centre_stack, GTK_WIDGET (self->centre_paned), "ranking");
  gtk_stack_add_named (self->centre_stack, GTK_WIDGET (self->overview), "overview");
  gtk_widget_set_vexpand (GTK_WIDGET (self->centre_stack), TRUE);
  gtk_box_append (GTK_BOX (box), make_head (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->centre_stack));
  gtk_widget_set_hexpand (box, TRUE);
  g_signal_connect_swapped (self->ranking_view, "selected", G_CALLBACK (show_why), self);
  g_signal_connect_swapped (self->ranking_view, "activated", G_CALLBACK (item_activated_cb), self);
  g_signal_connect_swapped (self->shares, "selected", G_CALLBACK (shares_selected_cb), self);
  g_signal_connect_swapped (self->shares, "user", G_CALLBACK (shares_user_cb), self);
  g_signal_connect_swapped (self->shares, "item", G_CALLBACK (item_activated_cb), self);
  g_signal_connect_swapped (self->shares, "filtered", G_CALLBACK (filtered_cb), self);
  g_signal_connect_swapped (self->shares, "every-item", G_CALLBACK (every_item_cb), self);
  g_signal_connect_swapped (self->overview, "worked-out", G_CALLBACK (worked_out_cb), self);
  return box;
}

/* The document. */

static void
trained_changed_cb (RefractExplorePage *self)
{
  RfTrained *trained = self->session ? refract_session_get_trained (self->session) : NULL;

  make_sliders (self, trained ? trained->model : NULL);
  refract_ranker_set_weights (self->ranker, NULL);
  refract_ranker_set_trained (self->ranker, trained);
  refract_user_list_set_trained (self->users, trained);
  refract_overview_view_set_trained (self->overview, trained);
  gtk_stack_set_visible_child_name (self->stack, trained ? "explore" : "empty");
  /* The first user is chosen: an analyst sees a full page at once. */
  if (trained && !refract_user_list_get_composing (self->users) && refract_user_list_get_user (self->users) == RF_NO_INDEX)
    refract_user_list_choose_first (self->users);
}

void
refract_explore_page_set_session (RefractExplorePage *self, RefractSession *session)
{
  if (self->session == session)
    return;
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  refract_share_view_set (self->shares, NULL, NULL);
  refract_ranking_view_set (self->ranking_view, NULL, NULL);
  refract_why_panel_set (self->why, NULL, NULL, 0);
  g_clear_pointer (&self->ranking, refract_ranking_unref);
  g_set_object (&self->session, session);
  refract_ranker_set_user (self->ranker, RF_NO_INDEX);
  if (session)
    {
      g_signal_connect_object (session, "notify::trained", G_CALLBACK (trained_changed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "notes-changed", G_CALLBACK (update_note), self, G_CONNECT_SWAPPED);
    }
  refract_user_list_set_session (self->users, session);
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

/* No room for everything: what is left out of the table stands in the panel on the right, too. */
static void
set_narrow (RefractExplorePage *self, gboolean narrow)
{
  self->narrow = narrow;
  refract_share_view_set_narrow (self->shares, narrow);
  gtk_widget_set_size_request (GTK_WIDGET (self->why), narrow ? WHY_NARROW : WHY, -1);
  gtk_paned_set_position (self->paned, narrow ? USERS_NARROW : USERS);
  update_heading (self);
}

static void
size_changed_cb (RefractExplorePage *self)
{
  int width, height;

  gtk_window_get_default_size (self->window, &width, &height);
  if ((width < NARROW) != self->narrow)
    set_narrow (self, width < NARROW);
  refract_ranking_view_set_narrow (self->ranking_view, width < TABLE * refract_text_scale ());
  refract_share_view_set_low (self->shares, height < LOW);
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
      g_signal_connect_object (root, "notify::default-width", G_CALLBACK (size_changed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (root, "notify::default-height", G_CALLBACK (size_changed_cb), self, G_CONNECT_SWAPPED);
      size_changed_cb (self);
    }
}

static void
refract_explore_page_dispose (GObject *object)
{
  RefractExplorePage *self = REFRACT_EXPLORE_PAGE (object);

  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  if (self->ranker)
    {
      g_signal_handlers_disconnect_by_data (self->ranker, self);
      g_signal_handlers_disconnect_by_data (self->users, self);
      g_signal_handlers_disconnect_by_data (self->ranking_view, self);
      g_signal_handlers_disconnect_by_data (self->shares, self);
      g_signal_handlers_disconnect_by_data (self->overview, self);
      g_signal_handlers_disconnect_by_data (self->why, self);
      g_signal_handlers_disconnect_by_data (self->overview_button, self);
    }
  g_clear_object (&self->ranker);
  g_clear_object (&self->session);
  g_clear_pointer (&self->ranking, refract_ranking_unref);
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
  self->users = REFRACT_USER_LIST (refract_user_list_new ());
  g_signal_connect_swapped (self->users, "chosen", G_CALLBACK (user_chosen_cb), self);
  gtk_paned_set_start_child (GTK_PANED (paned), GTK_WIDGET (self->users));
  gtk_paned_set_resize_start_child (GTK_PANED (paned), FALSE);
  gtk_paned_set_shrink_start_child (GTK_PANED (paned), FALSE);
  gtk_paned_set_position (GTK_PANED (paned), USERS);
  self->paned = GTK_PANED (paned);
  gtk_paned_set_start_child (GTK_PANED (inner), make_centre (self));
  gtk_paned_set_shrink_start_child (GTK_PANED (inner), TRUE);
  self->why = REFRACT_WHY_PANEL (refract_why_panel_new ());
  g_signal_connect_swapped (self->why, "item", G_CALLBACK (past_item_cb), self);
  gtk_widget_set_size_request (GTK_WIDGET (self->why), WHY, -1);
  gtk_paned_set_end_child (GTK_PANED (inner), GTK_WIDGET (self->why));
  gtk_paned_set_resize_end_child (GTK_PANED (inner), FALSE);
  gtk_paned_set_shrink_end_child (GTK_PANED (inner), FALSE);
  gtk_paned_set_end_child (GTK_PANED (paned), inner);
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_hhomogeneous (self->stack, FALSE);
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  gtk_stack_add_named (self->stack, make_empty (), "empty");
  gtk_stack_add_named (self->stack, paned, "explore");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
}
