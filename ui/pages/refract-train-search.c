/* refract-train-search.c: what a search for settings tries: the left side of the Train page, below the settings.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ui/pages/refract-train-page-private.h"

#define TRIALS 27
#define RUNGS  3 /* of successive halving */
#define STEPS  3 /* values of a range in a grid */

/* What is proposed fits the kind of model; what somebody wrote stays. */
void
refract_train_page_propose_space (RefractTrainPage *self)
{
  g_autoptr(RfConfig) config = self->search_buffer ? refract_train_page_dup_config (self, NULL) : NULL;

  if (config == NULL || (self->search_proposed && gtk_text_buffer_get_modified (self->search_buffer)))
    return;
  if (g_strcmp0 (self->search_proposed, rf_tune_default_space (config)) == 0)
    return;
  self->search_proposed = rf_tune_default_space (config);
  gtk_text_buffer_set_text (self->search_buffer, self->search_proposed, -1);
  gtk_text_buffer_set_modified (self->search_buffer, FALSE);
}

char *
refract_train_page_dup_space (RefractTrainPage *self, guint *trials, guint *rungs, guint *grid)
{
  GtkTextIter start, end;

  refract_train_page_propose_space (self);
  gtk_text_buffer_get_bounds (self->search_buffer, &start, &end);
  *trials = (guint) gtk_spin_button_get_value_as_int (self->search_trials);
  *grid = gtk_drop_down_get_selected (self->search_method) == 1 ? (guint) gtk_spin_button_get_value_as_int (self->search_steps) : 0;
  *rungs = gtk_switch_get_active (self->search_halving) ? RUNGS : 1;
  return gtk_text_buffer_get_text (self->search_buffer, &start, &end, FALSE);
}

static void
use_cb (RefractTrainPage *self, const RfConfig *config)
{
  g_autofree char *text = rf_config_to_text (config);
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  refract_train_page_apply (self, (const char *const *) lines);
}

GtkWidget *
refract_train_page_make_trials (RefractTrainPage *self)
{
  self->tune_view = REFRACT_TUNE_VIEW (refract_tune_view_new ());
  g_signal_connect_object (self->tune_view, "use", G_CALLBACK (use_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self->tune_view);
}

static GtkWidget *
make_row (const char *title, const char *subtitle, GtkWidget *editor)
{
  GtkWidget *row = adw_action_row_new ();

  g_object_set (row, "use-markup", FALSE, "title", title, "subtitle", subtitle, "subtitle-lines", 0, NULL);
  gtk_widget_set_valign (editor, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (editor), GTK_ACCESSIBLE_PROPERTY_LABEL, title, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, subtitle, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), editor);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), editor);
  return row;
}

static GtkWidget *
make_space (RefractTrainPage *self)
{
  GtkWidget *view = gtk_text_view_new (), *scrolled = gtk_scrolled_window_new ();

  self->search_buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (view), TRUE);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (view), 6);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (view), 6);
  gtk_widget_set_tooltip_text (view, _("One setting a line: key = low..high, key = low..high log, or key = a|b|c"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Settings to search, one a line"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), 140);
  return scrolled;
}

/* A grid has its own number of trials. */
static void
method_cb (RefractTrainPage *self)
{
  gboolean grid = gtk_drop_down_get_selected (self->search_method) == 1;

  gtk_widget_set_visible (self->search_trials_row, !grid);
  gtk_widget_set_visible (self->search_steps_row, grid);
}

static void
add_method (RefractTrainPage *self, AdwExpanderRow *expander)
{
  const char *const methods[] = { _("At random"), _("Grid"), NULL };

  self->search_method = GTK_DROP_DOWN (gtk_drop_down_new_from_strings (methods));
  self->search_trials = GTK_SPIN_BUTTON (gtk_spin_button_new_with_range (2, 1000, 1));
  gtk_spin_button_set_value (self->search_trials, TRIALS);
  self->search_trials_row = make_row (_("Trials"), _("The first one has the settings as they are"), GTK_WIDGET (self->search_trials));
  self->search_steps = GTK_SPIN_BUTTON (gtk_spin_button_new_with_range (2, 20, 1));
  gtk_spin_button_set_value (self->search_steps, STEPS);
  self->search_steps_row = make_row (_("Values of a range"), _("Every combination is a trial, and the settings as they are"), GTK_WIDGET (self->search_steps));
  adw_expander_row_add_row (expander, make_row (_("Which trials"), _("Drawn from the ranges, or every combination"), GTK_WIDGET (self->search_method)));
  adw_expander_row_add_row (expander, self->search_trials_row);
  adw_expander_row_add_row (expander, self->search_steps_row);
  g_signal_connect_object (self->search_method, "notify::selected", G_CALLBACK (method_cb), self, G_CONNECT_SWAPPED);
  method_cb (self);
}

GtkWidget *
refract_train_page_make_search (RefractTrainPage *self)
{
  GtkWidget *group = adw_preferences_group_new (), *expander = adw_expander_row_new (), *button = gtk_button_new_with_mnemonic (_("_Search for Settings"));

  g_object_set (expander, "title", _("Search"), "subtitle", _("Tries settings on the validation items; trials are no runs"), NULL);
  self->search_halving = GTK_SWITCH (gtk_switch_new ());
  gtk_switch_set_active (self->search_halving, TRUE);
  add_method (self, ADW_EXPANDER_ROW (expander));
  adw_expander_row_add_row (ADW_EXPANDER_ROW (expander), make_row (_("Successive halving"), _("All trials get a ninth of the budget, the best third of them three times as much, and so on; off: every trial is trained in full"), GTK_WIDGET (self->search_halving)));
  adw_expander_row_add_row (ADW_EXPANDER_ROW (expander), make_space (self));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.tune");
  gtk_widget_set_margin_top (button, 6);
  gtk_widget_set_margin_bottom (button, 6);
  gtk_widget_set_margin_start (button, 6);
  gtk_widget_set_margin_end (button, 6);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (expander), button);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), expander);
  refract_train_page_propose_space (self);
  return group;
}
