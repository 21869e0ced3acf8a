/* refract-train-settings.c: the settings of the Train page, their editors and presets.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ui/pages/refract-train-page-private.h"
#include "ui/pages/refract-train-presets.h"
#include "ui/refract-names.h"

/* What most people want to set; everything else stands under Advanced. */
static const char *const basic_keys[] = { "model.modalities", "seed", "split.max_train", NULL };

#define ROWS_A_TURN 2

static GtkWidget *
make_editor (RefractTrainPage *self, const RfConfigKey *key)
{
  const char *value = rf_config_get (self->values, key->key);
  GtkWidget *editor;

  if (key->type == RF_CONFIG_BOOL)
    {
      editor = gtk_switch_new ();
      gtk_switch_set_active (GTK_SWITCH (editor), strcmp (value, "true") == 0);
    }
  else if (key->type == RF_CONFIG_CHOICE)
    {
      g_auto(GStrv) choices = g_strsplit (key->choices, "|", -1);

      editor = gtk_drop_down_new_from_strings ((const char *const *) choices);
      for (guint c = 0; choices[c]; c++)
        if (strcmp (choices[c], value) == 0)
          gtk_drop_down_set_selected (GTK_DROP_DOWN (editor), c);
    }
  else if (key->type == RF_CONFIG_INT)
    {
      editor = gtk_spin_button_new_with_range (key->minimum, key->maximum, 1);
      gtk_spin_button_set_value (GTK_SPIN_BUTTON (editor), g_ascii_strtod (value, NULL));
      gtk_editable_set_width_chars (GTK_EDITABLE (editor), 5);
      gtk_editable_set_max_width_chars (GTK_EDITABLE (editor), 5);
    }
  else
    {
      editor = gtk_entry_new ();
      gtk_editable_set_text (GTK_EDITABLE (editor), value);
      gtk_editable_set_width_chars (GTK_EDITABLE (editor), key->type == RF_CONFIG_REAL ? 6 : 18);
      gtk_editable_set_max_width_chars (GTK_EDITABLE (editor), key->type == RF_CONFIG_REAL ? 6 : 18);
    }
  gtk_widget_set_valign (editor, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (editor), GTK_ACCESSIBLE_PROPERTY_LABEL, refract_setting_title (key->key), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _(key->help), -1);
  g_hash_table_insert (self->editors, (gpointer) key->key, editor);
  return editor;
}

static void watch_editor (RefractTrainPage *self, GtkWidget *editor);

/* The title beside a short editor, a long one below it, and the help over the whole width: the pane is narrow. */
static GtkWidget *
make_setting_row (const char *title, const char *help, GtkWidget *editor, GtkLabel **help_label)
{
  GtkWidget *row = adw_preferences_row_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *label = gtk_label_new (title), *below = gtk_label_new (help);
  gboolean wide = GTK_IS_ENTRY (editor) && gtk_editable_get_width_chars (GTK_EDITABLE (editor)) > 6;
  GtkWidget *line = gtk_box_new (wide ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_label_set_xalign (GTK_LABEL (below), 0);
  gtk_label_set_wrap (GTK_LABEL (below), TRUE);
  gtk_widget_add_css_class (below, "caption");
  gtk_widget_add_css_class (below, "dim-label");
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), editor);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), below);
  gtk_widget_add_css_class (box, "setting");
  g_object_set (row, "use-markup", FALSE, "title", title, "child", box, "activatable", FALSE, "focusable", FALSE, NULL);
  if (help_label)
    *help_label = GTK_LABEL (below);
  return row;
}

static GtkWidget *
make_row (RefractTrainPage *self, const RfConfigKey *key)
{
  GtkWidget *row, *editor = make_editor (self, key);
  g_autofree char *subtitle = NULL;

  watch_editor (self, editor);
  if (key->type == RF_CONFIG_REAL || (key->type == RF_CONFIG_INT && key->maximum < G_MAXINT32))
    subtitle = g_strdup_printf (_("%s. %g – %g %s"), _(key->help), key->minimum, key->maximum, *key->unit ? _(key->unit) : "");
  else
    subtitle = g_strdup_printf (_("%s."), _(key->help));
  row = make_setting_row (refract_setting_title (key->key), g_strchomp (subtitle), editor, NULL);
  gtk_widget_set_tooltip_text (row, key->key);
  return row;
}

/* ---- presets ---- */

static void
set_editor (RefractTrainPage *self, const char *key, const char *value)
{
  GtkWidget *editor = g_hash_table_lookup (self->editors, key);

  if (editor == NULL)
    {
      rf_config_set (self->values, key, value, NULL);
    }
  else if (GTK_IS_SWITCH (editor))
    {
      gtk_switch_set_active (GTK_SWITCH (editor), strcmp (value, "true") == 0);
    }
  else if (GTK_IS_DROP_DOWN (editor))
    {
      GListModel *model = gtk_drop_down_get_model (GTK_DROP_DOWN (editor));

      for (guint c = 0; c < g_list_model_get_n_items (model); c++)
        if (strcmp (gtk_string_list_get_string (GTK_STRING_LIST (model), c), value) == 0)
          gtk_drop_down_set_selected (GTK_DROP_DOWN (editor), c);
    }
  else if (GTK_IS_SPIN_BUTTON (editor))
    {
      gtk_spin_button_set_value (GTK_SPIN_BUTTON (editor), g_ascii_strtod (value, NULL));
    }
  else
    {
      gtk_editable_set_text (GTK_EDITABLE (editor), value);
    }
}

static void
show_preset (RefractTrainPage *self, guint preset)
{
  const RefractTrainPreset *presets = refract_train_presets_get ();
  guint n = 0;

  while (presets[n].title)
    n++;
  gtk_label_set_text (self->preset_label, preset < n ? _(presets[preset].help) : _("Settings of your own, see Advanced"));
}

static void
preset_cb (RefractTrainPage *self)
{
  const RefractTrainPreset *presets = refract_train_presets_get ();
  guint chosen = gtk_drop_down_get_selected (self->preset), n = 0;
  g_autoptr(RfConfig) wanted = rf_config_new ();

  while (presets[n].title)
    n++;
  show_preset (self, chosen);
  if (self->setting || chosen >= n)
    return;
  for (guint s = 0; presets[chosen].settings[s]; s++)
    rf_config_set_assignment (wanted, presets[chosen].settings[s], NULL);
  self->setting = TRUE;
  for (const RfConfigKey *key = rf_config_get_keys (); key->key; key++)
    if (!g_strv_contains (basic_keys, key->key) && !g_str_has_prefix (key->key, "split."))
      set_editor (self, key->key, rf_config_get (wanted, key->key));
  self->setting = FALSE;
  refract_train_page_cost_changed (self);
  refract_train_page_propose_space (self);
}

/* A setting was changed by hand: which preset is it now, if any? */
static void
setting_changed_cb (RefractTrainPage *self)
{
  g_autoptr(RfConfig) config = NULL;
  const RefractTrainPreset *presets = refract_train_presets_get ();
  guint n = 0;
  int found;

  refract_train_page_cost_changed (self);
  if (!self->setting)
    refract_train_page_propose_space (self);
  if (self->setting || self->preset == NULL)
    return;
  while (presets[n].title)
    n++;
  config = refract_train_page_dup_config (self, NULL);
  found = config ? refract_train_presets_find (config) : -1;
  self->setting = TRUE;
  gtk_drop_down_set_selected (self->preset, found < 0 ? n : (guint) found);
  self->setting = FALSE;
  show_preset (self, found < 0 ? n : (guint) found);
}

static void
watch_editor (RefractTrainPage *self, GtkWidget *editor)
{
  const char *signal = GTK_IS_SWITCH (editor) ? "notify::active" : GTK_IS_DROP_DOWN (editor) ? "notify::selected"
                                                                                             : "changed";

  g_signal_connect_object (editor, signal, G_CALLBACK (setting_changed_cb), self, G_CONNECT_SWAPPED);
}

static GtkWidget *
make_preset_row (RefractTrainPage *self)
{
  const RefractTrainPreset *presets = refract_train_presets_get ();
  GtkStringList *titles = gtk_string_list_new (NULL);
  GtkWidget *row;

  for (guint p = 0; presets[p].title; p++)
    gtk_string_list_append (titles, _(presets[p].title));
  gtk_string_list_append (titles, _("Custom"));
  self->preset = GTK_DROP_DOWN (gtk_drop_down_new (G_LIST_MODEL (titles), NULL));
  gtk_widget_set_valign (GTK_WIDGET (self->preset), GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->preset), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Preset"), -1);
  row = make_setting_row (_("Preset"), NULL, GTK_WIDGET (self->preset), &self->preset_label);
  gtk_drop_down_set_selected (self->preset, 1);
  show_preset (self, 1);
  g_signal_connect_object (self->preset, "notify::selected", G_CALLBACK (preset_cb), self, G_CONNECT_SWAPPED);
  return row;
}

/* Some seventy rows under Advanced, which most people never open: they are made when it is opened first, a few in each turn of the main
 * loop. Until then self->values stands for their editors. */
static gboolean
fill_advanced_cb (gpointer data)
{
  RefractTrainPage *self = data;

  for (guint rows = 0; rows < ROWS_A_TURN && self->next_key->key; self->next_key++)
    if (!g_hash_table_contains (self->editors, self->next_key->key))
      {
        adw_expander_row_add_row (self->advanced, make_row (self, self->next_key));
        rows++;
      }
  if (self->next_key->key)
    return G_SOURCE_CONTINUE;
  self->filling_id = 0;
  return G_SOURCE_REMOVE;
}

static void
expanded_cb (RefractTrainPage *self)
{
  if (self->next_key)
    return;
  self->next_key = rf_config_get_keys ();
  self->filling_id = g_idle_add (fill_advanced_cb, self);
}

GtkWidget *
refract_train_page_make_settings (RefractTrainPage *self)
{
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18), *basic = adw_preferences_group_new (), *advanced_group = adw_preferences_group_new ();
  GtkWidget *advanced = adw_expander_row_new (), *scrolled = gtk_scrolled_window_new (), *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (basic), _("Settings"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (advanced), _("Advanced"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (basic), make_preset_row (self));
  for (const RfConfigKey *key = rf_config_get_keys (); key->key; key++)
    if (g_strv_contains (basic_keys, key->key))
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (basic), make_row (self, key));
  self->advanced = ADW_EXPANDER_ROW (advanced);
  g_signal_connect_object (advanced, "notify::expanded", G_CALLBACK (expanded_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (advanced_group), advanced);
  self->train_button = GTK_BUTTON (gtk_button_new_with_mnemonic (_("_Train")));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->train_button), "win.train");
  gtk_widget_add_css_class (GTK_WIDGET (self->train_button), "suggested-action");
  gtk_widget_set_hexpand (GTK_WIDGET (self->train_button), FALSE);
  self->cancel_button = GTK_BUTTON (gtk_button_new_with_mnemonic (_("_Cancel")));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->cancel_button), "win.cancel-training");
  self->pause_button = GTK_BUTTON (gtk_button_new_with_mnemonic (_("_Pause")));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->pause_button), "win.pause-training");
  self->ladder_button = GTK_BUTTON (gtk_button_new_with_mnemonic (_("Train _Every Fusion")));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->ladder_button), _("Trains each way of fusing with these settings, one after the other, and ranks them"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->ladder_button), "win.ladder");
  self->resume_row = gtk_button_new_with_label ("");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->resume_row), "win.resume-training");
  gtk_widget_set_visible (self->resume_row, FALSE);
  gtk_box_append (GTK_BOX (buttons), GTK_WIDGET (self->train_button));
  gtk_box_append (GTK_BOX (buttons), GTK_WIDGET (self->pause_button));
  gtk_box_append (GTK_BOX (buttons), GTK_WIDGET (self->cancel_button));
  gtk_box_append (GTK_BOX (page), buttons);
  refract_train_page_make_cost (self, GTK_BOX (page));
  gtk_box_append (GTK_BOX (page), GTK_WIDGET (self->ladder_button));
  gtk_box_append (GTK_BOX (page), self->resume_row);
  gtk_box_append (GTK_BOX (page), basic);
  gtk_box_append (GTK_BOX (page), advanced_group);
  gtk_box_append (GTK_BOX (page), refract_train_page_make_search (self));
  gtk_widget_add_css_class (page, "side-pane");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), page);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_size_request (scrolled, 270, -1);
  gtk_widget_set_hexpand (scrolled, FALSE);
  return scrolled;
}

static char *
editor_text (GtkWidget *editor)
{
  if (GTK_IS_SWITCH (editor))
    return g_strdup (gtk_switch_get_active (GTK_SWITCH (editor)) ? "true" : "false");
  if (GTK_IS_DROP_DOWN (editor))
    return g_strdup (gtk_string_object_get_string (gtk_drop_down_get_selected_item (GTK_DROP_DOWN (editor))));
  if (GTK_IS_SPIN_BUTTON (editor))
    return g_strdup_printf ("%.0f", gtk_spin_button_get_value (GTK_SPIN_BUTTON (editor)));
  return g_strdup (gtk_editable_get_text (GTK_EDITABLE (editor)));
}

RfConfig *
refract_train_page_dup_config (RefractTrainPage *self, GError **error)
{
  g_autoptr(RfConfig) config = rf_config_new ();

  for (const RfConfigKey *key = rf_config_get_keys (); key->key; key++)
    {
      GtkWidget *editor = g_hash_table_lookup (self->editors, key->key);
      g_autofree char *text = editor ? editor_text (editor) : g_strdup (rf_config_get (self->values, key->key));

      if (!rf_config_set (config, key->key, text, error))
        return NULL;
    }
  return g_steal_pointer (&config);
}

void
refract_train_page_apply (RefractTrainPage *self, const char *const *assignments)
{
  for (guint a = 0; assignments[a]; a++)
    {
      g_auto(GStrv) parts = g_strsplit (assignments[a], "=", 2);

      if (g_strv_length (parts) == 2)
        set_editor (self, parts[0], parts[1]);
    }
  setting_changed_cb (self);
}
