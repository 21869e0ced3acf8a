/* refract-train-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-train-page.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/plot/rf-plot-lines.h"
#include "ui/charts/refract-plot.h"
#include "ui/pages/refract-ladder-view.h"
#include "ui/pages/refract-train-presets.h"
#include "ui/refract-names.h"

#define VISIBLE  5e-5 /* smaller differences are not seen in four digits */
#define COLLAPSE 0.95 /* one modality that takes more than this of gradient or attention leaves the others unheard */

struct _RefractTrainPage
{
  AdwBin parent_instance;

  GHashTable *editors; /* key -> GtkEditable or GtkSwitch or AdwComboRow, borrowed */
  GtkButton *train_button, *pause_button, *cancel_button, *ladder_button;
  GtkDropDown *preset;
  GtkWidget *preset_row, *resume_row;
  gboolean setting; /* editors are being filled by a preset */
  RefractLadderView *ladder_view;
  RefractPlot *gradient_plot, *attention_plot;
  GtkLabel *collapse_label;
  GtkLabel *stage_label;
  GtkProgressBar *progress_bar;
  GtkStack *stack;
  RefractPlot *loss_plot, *metric_plot;
  GtkGrid *table;
  GtkLabel *result_label;
  GtkLabel *verdict_label;
  GtkListBox *runs_list;
  GtkWidget *runs_group;

  RefractSession *session;
  RefractJob *job; /* a training or a ladder */
  RefractRun *run;

  GArray *steps, *loss, *metric; /* double */
  RfPlotSeries loss_series, metric_series, gradient_series[RF_MAX_MODALITIES], attention_series[RF_MAX_MODALITIES];
  RfPlotLines loss_lines, metric_lines, gradient_lines, attention_lines;
  GArray *gradient[RF_MAX_MODALITIES], *attention[RF_MAX_MODALITIES]; /* double */
};

G_DEFINE_FINAL_TYPE (RefractTrainPage, refract_train_page, ADW_TYPE_BIN)

/* What most people want to set; everything else stands under Advanced. */
static const char *const basic_keys[] = { "model.modalities", "seed", "split.max_train", NULL };

GtkWidget *
refract_train_page_new (void)
{
  return g_object_new (REFRACT_TYPE_TRAIN_PAGE, NULL);
}

static GtkWidget *
make_editor (RefractTrainPage *self, const RfConfigKey *key)
{
  GtkWidget *editor;

  if (key->type == RF_CONFIG_BOOL)
    {
      editor = gtk_switch_new ();
      gtk_switch_set_active (GTK_SWITCH (editor), strcmp (key->initial, "true") == 0);
    }
  else if (key->type == RF_CONFIG_CHOICE)
    {
      g_auto(GStrv) choices = g_strsplit (key->choices, "|", -1);

      editor = gtk_drop_down_new_from_strings ((const char *const *) choices);
      for (guint c = 0; choices[c]; c++)
        if (strcmp (choices[c], key->initial) == 0)
          gtk_drop_down_set_selected (GTK_DROP_DOWN (editor), c);
    }
  else if (key->type == RF_CONFIG_INT)
    {
      editor = gtk_spin_button_new_with_range (key->minimum, key->maximum, 1);
      gtk_spin_button_set_value (GTK_SPIN_BUTTON (editor), g_ascii_strtod (key->initial, NULL));
      gtk_editable_set_width_chars (GTK_EDITABLE (editor), 5);
      gtk_editable_set_max_width_chars (GTK_EDITABLE (editor), 5);
    }
  else
    {
      editor = gtk_entry_new ();
      gtk_editable_set_text (GTK_EDITABLE (editor), key->initial);
      gtk_editable_set_width_chars (GTK_EDITABLE (editor), key->type == RF_CONFIG_REAL ? 6 : 18);
      gtk_editable_set_max_width_chars (GTK_EDITABLE (editor), key->type == RF_CONFIG_REAL ? 6 : 18);
    }
  gtk_widget_set_valign (editor, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (editor), GTK_ACCESSIBLE_PROPERTY_LABEL, refract_setting_title (key->key), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _(key->help), -1);
  g_hash_table_insert (self->editors, (gpointer) key->key, editor);
  return editor;
}

static void watch_editor (RefractTrainPage *self, GtkWidget *editor);

static GtkWidget *
make_row (RefractTrainPage *self, const RfConfigKey *key)
{
  GtkWidget *row = adw_action_row_new (), *editor = make_editor (self, key);
  g_autofree char *subtitle = NULL;

  watch_editor (self, editor);
  if (key->type == RF_CONFIG_REAL || (key->type == RF_CONFIG_INT && key->maximum < G_MAXINT32))
    subtitle = g_strdup_printf (_("%s. %g – %g %s"), _(key->help), key->minimum, key->maximum, *key->unit ? _(key->unit) : "");
  else
    subtitle = g_strdup_printf ("%s.", _(key->help));
  g_object_set (row, "use-markup", FALSE, "title", refract_setting_title (key->key), "subtitle", g_strchomp (subtitle), "subtitle-lines", 0,
                "tooltip-text", key->key, NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), editor);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), editor);
  return row;
}

/* ---- presets ---- */

static void
set_editor (RefractTrainPage *self, const char *key, const char *value)
{
  GtkWidget *editor = g_hash_table_lookup (self->editors, key);

  if (GTK_IS_SWITCH (editor))
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
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->preset_row), preset < n ? _(presets[preset].help) : _("Settings of your own, see Advanced"));
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
}

/* A setting was changed by hand: which preset is it now, if any? */
static void
setting_changed_cb (RefractTrainPage *self)
{
  g_autoptr(RfConfig) config = NULL;
  const RefractTrainPreset *presets = refract_train_presets_get ();
  guint n = 0;
  int found;

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
  const char *signal = GTK_IS_SWITCH (editor) ? "notify::active" : GTK_IS_DROP_DOWN (editor) ? "notify::selected" : "changed";

  g_signal_connect_object (editor, signal, G_CALLBACK (setting_changed_cb), self, G_CONNECT_SWAPPED);
}

static GtkWidget *
make_preset_row (RefractTrainPage *self)
{
  const RefractTrainPreset *presets = refract_train_presets_get ();
  GtkStringList *titles = gtk_string_list_new (NULL);

  for (guint p = 0; presets[p].title; p++)
    gtk_string_list_append (titles, _(presets[p].title));
  gtk_string_list_append (titles, _("Custom"));
  self->preset = GTK_DROP_DOWN (gtk_drop_down_new (G_LIST_MODEL (titles), NULL));
  gtk_widget_set_valign (GTK_WIDGET (self->preset), GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->preset), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Preset"), -1);
  self->preset_row = adw_action_row_new ();
  g_object_set (self->preset_row, "use-markup", FALSE, "title", _("Preset"), "subtitle-lines", 0, NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self->preset_row), GTK_WIDGET (self->preset));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self->preset_row), GTK_WIDGET (self->preset));
  gtk_drop_down_set_selected (self->preset, 1);
  show_preset (self, 1);
  g_signal_connect_object (self->preset, "notify::selected", G_CALLBACK (preset_cb), self, G_CONNECT_SWAPPED);
  return self->preset_row;
}

static GtkWidget *
make_settings (RefractTrainPage *self)
{
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18), *basic = adw_preferences_group_new (), *advanced_group = adw_preferences_group_new ();
  GtkWidget *advanced = adw_expander_row_new (), *scrolled = gtk_scrolled_window_new (), *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (basic), _("Settings"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (advanced), _("Advanced"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (basic), make_preset_row (self));
  for (const RfConfigKey *key = rf_config_get_keys (); key->key; key++)
    if (g_strv_contains (basic_keys, key->key))
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (basic), make_row (self, key));
    else
      adw_expander_row_add_row (ADW_EXPANDER_ROW (advanced), make_row (self, key));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (advanced_group), advanced);
  self->train_button = GTK_BUTTON (gtk_button_new_with_mnemonic (_("_Train")));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->train_button), "win.train");
  gtk_widget_add_css_class (GTK_WIDGET (self->train_button), "suggested-action");
  gtk_widget_set_hexpand (GTK_WIDGET (self->train_button), FALSE);
  gtk_widget_set_size_request (GTK_WIDGET (self->train_button), 100, -1);
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
  gtk_box_append (GTK_BOX (page), GTK_WIDGET (self->ladder_button));
  gtk_box_append (GTK_BOX (page), self->resume_row);
  gtk_box_append (GTK_BOX (page), basic);
  gtk_box_append (GTK_BOX (page), advanced_group);
  gtk_widget_add_css_class (page, "side-pane");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), page);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_size_request (scrolled, 316, -1);
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
      g_autofree char *text = editor_text (g_hash_table_lookup (self->editors, key->key));

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

      if (g_strv_length (parts) == 2 && g_hash_table_contains (self->editors, parts[0]))
        set_editor (self, parts[0], parts[1]);
    }
}

static void
fill_shares (RfPlotSeries *series, RfPlotLines *lines, GArray **values, const char *const *names, guint n_modalities, guint n, double last, const double *x)
{
  for (guint m = 0; m < n_modalities; m++)
    series[m] = (RfPlotSeries) { .label = refract_value_title (names[m]), .slot = rf_plot_modality_slot (names, n_modalities, m), .best = RF_PLOT_BEST_NONE, .n = n, .x = x, .y = (const double *) (void *) values[m]->data };
  lines->n_series = n_modalities;
  lines->series = series;
  lines->x_low = n ? 1 : 0;
  lines->x_high = MAX (last, lines->x_low);
}

/* Of a network: who moves, and who is listened to. One modality that takes nearly all of it is told in words. */
static void
update_shares (RefractTrainPage *self, const GArray *points)
{
  const RfTrainPoint *last = points->len ? &g_array_index (points, RfTrainPoint, points->len - 1) : NULL;
  guint n = last ? last->n_modalities : 0;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->gradient_plot), n > 1);
  gtk_widget_set_visible (GTK_WIDGET (self->attention_plot), n > 1);
  for (guint m = 0; m < n; m++)
    {
      g_array_set_size (self->gradient[m], 0);
      g_array_set_size (self->attention[m], 0);
      for (guint p = 0; p < points->len; p++)
        {
          const RfTrainPoint *point = &g_array_index (points, RfTrainPoint, p);

          g_array_append_val (self->gradient[m], point->gradient[m]);
          g_array_append_val (self->attention[m], point->attention[m]);
        }
      if (n > 1 && MAX (last->gradient[m], last->attention[m]) > COLLAPSE)
        text = text ? text : g_strdup_printf (_("%s takes nearly all of the training; the other modalities are hardly heard."), refract_value_title (last->names[m]));
    }
  if (n > 1)
    {
      const double *x = (const double *) (void *) self->steps->data;

      fill_shares (self->gradient_series, &self->gradient_lines, self->gradient, last->names, n, points->len, last->n_steps, x);
      fill_shares (self->attention_series, &self->attention_lines, self->attention, last->names, n, points->len, last->n_steps, x);
      refract_plot_changed (self->gradient_plot);
      refract_plot_changed (self->attention_plot);
    }
  gtk_label_set_text (self->collapse_label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->collapse_label), text != NULL);
}

static void
update_curves (RefractTrainPage *self, const GArray *points)
{
  double last = 0;

  g_array_set_size (self->steps, 0);
  g_array_set_size (self->loss, 0);
  g_array_set_size (self->metric, 0);
  for (guint p = 0; p < points->len; p++)
    {
      const RfTrainPoint *point = &g_array_index (points, RfTrainPoint, p);
      double step = point->step;

      g_array_append_val (self->steps, step);
      g_array_append_val (self->loss, point->loss);
      g_array_append_val (self->metric, point->metric);
      last = point->n_steps;
    }
  self->loss_series.n = self->metric_series.n = points->len;
  self->loss_series.x = self->metric_series.x = (const double *) (void *) self->steps->data;
  self->loss_series.y = (const double *) (void *) self->loss->data;
  self->metric_series.y = (const double *) (void *) self->metric->data;
  self->loss_lines.x_low = self->metric_lines.x_low = points->len ? 1 : 0;
  self->loss_lines.x_high = self->metric_lines.x_high = MAX (last, self->loss_lines.x_low);
  refract_plot_changed (self->loss_plot);
  refract_plot_changed (self->metric_plot);
  update_shares (self, points);
}

static void
update_stage (RefractTrainPage *self)
{
  double fraction = refract_job_get_fraction (self->job), seconds = refract_job_get_seconds (self->job);
  g_autofree char *text = NULL;

  if (refract_job_is_cancelled (self->job))
    text = g_strdup (_("Stopping…"));
  else if (refract_job_is_paused (self->job))
    text = g_strdup (_("Paused"));
  else if (fraction > 0.02 && seconds > 2)
    text = g_strdup_printf (_("%s; %.0f s so far, at most %.0f s left in this stage"), refract_job_get_message (self->job), seconds, seconds / fraction - seconds);
  else
    text = g_strdup (refract_job_get_message (self->job));
  gtk_label_set_text (self->stage_label, text);
}

static void
job_progress_cb (RefractTrainPage *self)
{
  double fraction = refract_job_get_fraction (self->job);

  update_stage (self);
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->progress_bar, fraction);
  else
    gtk_progress_bar_pulse (self->progress_bar);
  if (REFRACT_IS_LADDER_JOB (self->job))
    refract_ladder_view_set_rungs (self->ladder_view, refract_ladder_job_get_rungs (REFRACT_LADDER_JOB (self->job)));
  else
    update_curves (self, refract_training_job_get_points (REFRACT_TRAINING_JOB (self->job)));
}

static void
update_stack (RefractTrainPage *self)
{
  gboolean running = self->job != NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->cancel_button), running);
  gtk_widget_set_visible (GTK_WIDGET (self->pause_button), running);
  gtk_widget_set_visible (GTK_WIDGET (self->ladder_button), !running);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), running);
  gtk_widget_set_visible (GTK_WIDGET (self->stage_label), running);
  gtk_widget_set_visible (GTK_WIDGET (self->table), !running && self->run != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->result_label), !running && self->run != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->verdict_label), !running && self->run != NULL);
  gtk_stack_set_visible_child_name (self->stack, running || self->run ? "result" : "empty");
}

void
refract_train_page_set_job (RefractTrainPage *self, RefractJob *job)
{
  gboolean training = job && REFRACT_IS_TRAINING_JOB (job);

  if (self->job)
    g_signal_handlers_disconnect_by_data (self->job, self);
  if (!g_set_object (&self->job, job))
    return;
  if (job)
    {
      g_signal_connect_object (job, "notify::fraction", G_CALLBACK (job_progress_cb), self, G_CONNECT_SWAPPED);
      gtk_widget_set_visible (GTK_WIDGET (self->loss_plot), training);
      gtk_widget_set_visible (GTK_WIDGET (self->metric_plot), training);
      refract_ladder_view_set_rungs (self->ladder_view, NULL);
    }
  if (training)
    update_curves (self, refract_training_job_get_points (REFRACT_TRAINING_JOB (job)));
  refract_train_page_update_pause (self);
  update_stack (self);
}

void
refract_train_page_update_pause (RefractTrainPage *self)
{
  gboolean paused = self->job && refract_job_is_paused (self->job);

  gtk_button_set_label (self->pause_button, paused ? _("_Go On") : _("_Pause"));
  if (self->job)
    update_stage (self);
}

void
refract_train_page_show_unfinished (RefractTrainPage *self, const char *what)
{
  gtk_widget_set_visible (self->resume_row, what != NULL);
  if (what)
    gtk_button_set_label (GTK_BUTTON (self->resume_row), what);
}

static void
attach (GtkGrid *grid, const char *text, int column, int row, gboolean number, gboolean strong)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), number ? 1 : 0);
  if (number)
    gtk_widget_add_css_class (label, "numeric");
  if (strong)
    gtk_widget_add_css_class (label, "heading");
  gtk_grid_attach (grid, label, column, row, 1, 1);
}

static const char *const shown_metrics[] = { "ndcg@20", "recall@20", "map@20" };

static void
attach_numbers (RefractTrainPage *self, const char *baseline, int row, gboolean strong)
{
  for (gsize m = 0; m < G_N_ELEMENTS (shown_metrics); m++)
    {
      double value = baseline ? refract_run_get_baseline_metric (self->run, baseline, shown_metrics[m]) : refract_run_get_metric (self->run, shown_metrics[m]);
      g_autofree char *text = isnan (value) ? g_strdup ("–") : g_strdup_printf ("%.4f", value);

      attach (self->table, text, (int) m + 1, row, TRUE, strong);
    }
}

/* The NDCG as a bar beside the numbers, all on one scale: the eye compares lengths faster than digits. */
static void
attach_bar (RefractTrainPage *self, const char *baseline, double best, int row)
{
  double value = baseline ? refract_run_get_baseline_metric (self->run, baseline, "ndcg@20") : refract_run_get_metric (self->run, "ndcg@20");
  GtkWidget *bar;

  if (isnan (value) || best <= 0)
    return;
  bar = gtk_progress_bar_new ();
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (bar), CLAMP (value / best, 0, 1));
  gtk_widget_set_hexpand (bar, TRUE);
  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (bar, "comparison");
  if (baseline)
    gtk_widget_add_css_class (bar, "baseline");
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, baseline ? refract_baseline_title (baseline) : _("This model"),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _("NDCG@20 in proportion to the best"), -1);
  gtk_grid_attach (self->table, bar, (int) G_N_ELEMENTS (shown_metrics) + 1, row, 1, 1);
}

static double
find_best_ndcg (RefractRun *run)
{
  const char *const *baselines = refract_run_get_baselines (run);
  double best = refract_run_get_metric (run, "ndcg@20");

  for (guint b = 0; baselines[b]; b++)
    best = fmax (best, refract_run_get_baseline_metric (run, baselines[b], "ndcg@20"));
  return best;
}

static void
update_verdict (RefractTrainPage *self)
{
  const char *const *baselines = refract_run_get_baselines (self->run);
  double own = refract_run_get_metric (self->run, "ndcg@20"), best = -1;
  const char *best_name = NULL;
  g_autofree char *text = NULL;

  for (guint b = 0; baselines[b]; b++)
    {
      double value = refract_run_get_baseline_metric (self->run, baselines[b], "ndcg@20");

      if (value > best)
        {
          best = value;
          best_name = baselines[b];
        }
    }
  if (best_name == NULL || isnan (own))
    text = g_strdup ("");
  else if (best > own + VISIBLE)
    text = g_strdup_printf (_("The baseline %s ranks better than this model (%.4f against %.4f). Use the baseline, or find out why."), refract_baseline_title (best_name), best, own);
  else
    text = g_strdup_printf (_("At least as good as every baseline: %+.1f %% NDCG@20 against the best of them, %s."), 100 * MAX (own / best - 1, 0), refract_baseline_title (best_name));
  gtk_label_set_text (self->verdict_label, text);
  if (best > own + VISIBLE)
    gtk_widget_add_css_class (GTK_WIDGET (self->verdict_label), "warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->verdict_label), "warning");
}

void
refract_train_page_show_run (RefractTrainPage *self, RefractRun *run)
{
  static const char *const titles[] = { "", "NDCG@20", "Recall@20", "MAP@20" };
  GtkWidget *child;
  const char *const *baselines;
  g_autofree char *heading = NULL;
  double seconds, best;

  g_set_object (&self->run, run);
  update_stack (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->table))) != NULL)
    gtk_grid_remove (self->table, child);
  if (run == NULL)
    return;
  seconds = refract_run_get_seconds (run);
  heading = isnan (seconds) ? g_strdup_printf (_("%s, on validation items"), refract_run_get_id (run))
                            : g_strdup_printf (_("%s, on validation items; trained in %.1f s"), refract_run_get_id (run), seconds);
  gtk_label_set_text (self->result_label, heading);
  for (gsize t = 0; t < G_N_ELEMENTS (titles); t++)
    attach (self->table, titles[t], (int) t, 0, t > 0, TRUE);
  attach (self->table, _("This model"), 0, 1, FALSE, TRUE);
  attach_numbers (self, NULL, 1, TRUE);
  best = find_best_ndcg (run);
  attach_bar (self, NULL, best, 1);
  baselines = refract_run_get_baselines (run);
  for (guint b = 0; baselines[b]; b++)
    {
      attach (self->table, refract_baseline_title (baselines[b]), 0, (int) b + 2, FALSE, FALSE);
      attach_numbers (self, baselines[b], (int) b + 2, FALSE);
      attach_bar (self, baselines[b], best, (int) b + 2);
    }
  update_verdict (self);
}

static GtkWidget *
make_run_button (const char *icon, const char *action, const char *id, const char *format)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);
  g_autofree char *name = g_strdup_printf (format, id);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", id);
  return button;
}

static GtkWidget *
make_beaten_icon (const char *beaten)
{
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

  gtk_widget_add_css_class (icon, "warning");
  gtk_widget_set_tooltip_text (icon, beaten);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, beaten, -1);
  return icon;
}

static GtkWidget *
make_run_row (gpointer item, gpointer data)
{
  RefractRun *run = item;
  GtkWidget *row = adw_action_row_new (), *label;
  double ndcg = refract_run_get_metric (run, "ndcg@20");
  g_autofree char *number = isnan (ndcg) ? g_strdup ("–") : g_strdup_printf ("%.4f", ndcg);
  const char *summary = refract_run_get_summary (run);

  g_object_set (row, "use-markup", FALSE, "title", refract_run_get_id (run), "subtitle", *summary ? summary : _("default settings"), "activatable", TRUE, NULL);
  if (refract_run_get_beaten (run))
    adw_action_row_add_prefix (ADW_ACTION_ROW (row), make_beaten_icon (refract_run_get_beaten (run)));
  label = gtk_label_new (number);
  gtk_widget_add_css_class (label, "numeric");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_run_button ("document-edit-symbolic", "win.note-run", refract_run_get_id (run), _("Note on %s")));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_run_button ("user-trash-symbolic", "win.delete-run", refract_run_get_id (run), _("Delete %s")));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.show-run");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", refract_run_get_id (run));
  return row;
}

static GtkWidget *
make_results (RefractTrainPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *scrolled = gtk_scrolled_window_new (), *empty = adw_status_page_new ();

  self->stage_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->stage_label, 0);
  self->progress_bar = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress_bar), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Training progress"), -1);
  self->loss_plot = REFRACT_PLOT (refract_plot_new (_("Training loss"), 400, 170));
  self->metric_plot = REFRACT_PLOT (refract_plot_new (_("Validation NDCG@20"), 400, 170));
  refract_plot_set (self->loss_plot, &rf_plot_lines_kind, &self->loss_lines);
  refract_plot_set (self->metric_plot, &rf_plot_lines_kind, &self->metric_lines);
  gtk_widget_set_visible (GTK_WIDGET (self->loss_plot), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->metric_plot), FALSE);
  self->gradient_plot = REFRACT_PLOT (refract_plot_new (_("Share of the gradient"), 400, 150));
  self->attention_plot = REFRACT_PLOT (refract_plot_new (_("Share of the attention"), 400, 150));
  refract_plot_set (self->gradient_plot, &rf_plot_lines_kind, &self->gradient_lines);
  refract_plot_set (self->attention_plot, &rf_plot_lines_kind, &self->attention_lines);
  gtk_widget_set_visible (GTK_WIDGET (self->gradient_plot), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->attention_plot), FALSE);
  self->collapse_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->collapse_label, 0);
  gtk_label_set_wrap (self->collapse_label, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->collapse_label), "warning");
  gtk_widget_set_visible (GTK_WIDGET (self->collapse_label), FALSE);
  self->ladder_view = REFRACT_LADDER_VIEW (refract_ladder_view_new ());
  self->result_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->result_label, 0);
  gtk_label_set_wrap (self->result_label, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->result_label), "title-4");
  self->verdict_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->verdict_label, 0);
  gtk_label_set_wrap (self->verdict_label, TRUE);
  self->table = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->table, 12);
  gtk_grid_set_row_spacing (self->table, 9);
  gtk_widget_add_css_class (GTK_WIDGET (self->table), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self->table), "comparison-table");
  self->runs_list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->runs_list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->runs_list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->runs_list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Runs"), -1);
  self->runs_group = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self->runs_group), _("Runs"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->runs_group), _("Validation NDCG@20; activate a run to explore it"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->runs_group), GTK_WIDGET (self->runs_list));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stage_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->progress_bar));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->ladder_view));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->result_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->verdict_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->table));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->loss_plot));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->metric_plot));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->collapse_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->gradient_plot));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->attention_plot));
  gtk_box_append (GTK_BOX (box), self->runs_group);
  gtk_widget_add_css_class (box, "content");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (empty), "refract-train-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (empty), _("Nothing Trained Yet"));
  adw_status_page_set_description (ADW_STATUS_PAGE (empty), _("The settings on the left are good to begin with: press Train. It takes some seconds to a minute, and you can go on looking around."));
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, scrolled, "result");
  gtk_stack_add_named (self->stack, empty, "empty");
  gtk_widget_set_hexpand (GTK_WIDGET (self->stack), TRUE);
  return GTK_WIDGET (self->stack);
}

void
refract_train_page_set_session (RefractTrainPage *self, RefractSession *session)
{
  GListModel *runs = session ? refract_session_get_runs (session) : NULL;

  g_set_object (&self->session, session);
  gtk_list_box_bind_model (self->runs_list, runs, make_run_row, self, NULL);
  if (runs && g_list_model_get_n_items (runs) > 0)
    {
      g_autoptr(RefractRun) newest = g_list_model_get_item (runs, 0);

      refract_train_page_show_run (self, newest);
    }
  else
    {
      refract_train_page_show_run (self, NULL);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->loss_plot), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->metric_plot), FALSE);
}

static void
refract_train_page_dispose (GObject *object)
{
  RefractTrainPage *self = REFRACT_TRAIN_PAGE (object);

  if (self->loss_plot)
    {
      refract_plot_set (self->loss_plot, NULL, NULL);
      refract_plot_set (self->metric_plot, NULL, NULL);
      refract_plot_set (self->gradient_plot, NULL, NULL);
      refract_plot_set (self->attention_plot, NULL, NULL);
      self->loss_plot = self->metric_plot = self->gradient_plot = self->attention_plot = NULL;
    }
  if (self->job)
    g_signal_handlers_disconnect_by_data (self->job, self);
  g_clear_object (&self->job);
  g_clear_object (&self->run);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (refract_train_page_parent_class)->dispose (object);
}

static void
refract_train_page_finalize (GObject *object)
{
  RefractTrainPage *self = REFRACT_TRAIN_PAGE (object);

  g_hash_table_unref (self->editors);
  g_array_unref (self->steps);
  g_array_unref (self->loss);
  g_array_unref (self->metric);
  for (guint m = 0; m < RF_MAX_MODALITIES; m++)
    {
      g_array_unref (self->gradient[m]);
      g_array_unref (self->attention[m]);
    }
  G_OBJECT_CLASS (refract_train_page_parent_class)->finalize (object);
}

static void
refract_train_page_class_init (RefractTrainPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = refract_train_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = refract_train_page_finalize;
}

static void
refract_train_page_init (RefractTrainPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->editors = g_hash_table_new (g_str_hash, g_str_equal);
  self->steps = g_array_new (FALSE, FALSE, sizeof (double));
  self->loss = g_array_new (FALSE, FALSE, sizeof (double));
  self->metric = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint m = 0; m < RF_MAX_MODALITIES; m++)
    {
      self->gradient[m] = g_array_new (FALSE, FALSE, sizeof (double));
      self->attention[m] = g_array_new (FALSE, FALSE, sizeof (double));
    }
  self->gradient_lines = self->attention_lines = (RfPlotLines) { .x_label = _("Epoch"), .hovered_x = NAN };
  self->loss_series = (RfPlotSeries) { .label = _("Training loss"), .slot = 0, .best = RF_PLOT_BEST_NONE };
  self->metric_series = (RfPlotSeries) { .label = _("Validation NDCG@20"), .slot = 1, .best = RF_PLOT_BEST_HIGHEST };
  self->loss_lines = (RfPlotLines) { .x_label = _("Step"), .n_series = 1, .series = &self->loss_series, .hovered_x = NAN };
  self->metric_lines = (RfPlotLines) { .x_label = _("Step"), .n_series = 1, .series = &self->metric_series, .hovered_x = NAN };
  gtk_box_append (GTK_BOX (box), make_settings (self));
  gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_VERTICAL));
  gtk_box_append (GTK_BOX (box), make_results (self));
  adw_bin_set_child (ADW_BIN (self), box);
  update_stack (self);
}
