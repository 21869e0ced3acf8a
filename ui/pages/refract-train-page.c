/* refract-train-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-train-page-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "ui/charts/refract-plot-menu.h"
#include "ui/refract-names.h"

#define VISIBLE  5e-5 /* smaller differences are not seen in four digits */
#define COLLAPSE 0.95 /* one modality that takes more than this of gradient or attention leaves the others unheard */

G_DEFINE_FINAL_TYPE (RefractTrainPage, refract_train_page, ADW_TYPE_BIN)

GtkWidget *
refract_train_page_new (void)
{
  return g_object_new (REFRACT_TYPE_TRAIN_PAGE, NULL);
}

static void
fill_shares (RfPlotSeries *series, RfPlotLines *lines, GArray **values, const char *const *names, guint n_modalities, guint n, double last, const double *x)
{
  for (guint m = 0; m < n_modalities; m++)
    series[m] = (RfPlotSeries){ .label = refract_value_title (names[m]), .slot = rf_plot_modality_slot (names, n_modalities, m), .best = RF_PLOT_BEST_NONE, .n = n, .x = x, .y = (const double *) (void *) values[m]->data };
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
  gtk_widget_set_visible (GTK_WIDGET (self->loss_plot), points->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->metric_plot), points->len > 0);
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
  else if (REFRACT_IS_TUNE_JOB (self->job))
    refract_tune_view_update (self->tune_view);
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
  gtk_stack_set_visible_child_name (self->stack, running || self->run || gtk_widget_get_visible (GTK_WIDGET (self->tune_view)) ? "result" : "empty");
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
      gtk_widget_set_visible (GTK_WIDGET (self->loss_plot), FALSE);
      gtk_widget_set_visible (GTK_WIDGET (self->metric_plot), FALSE);
      refract_ladder_view_set_rungs (self->ladder_view, NULL);
      refract_tune_view_set_job (self->tune_view, REFRACT_IS_TUNE_JOB (job) ? REFRACT_TUNE_JOB (job) : NULL);
    }
  if (training)
    update_curves (self, refract_training_job_get_points (REFRACT_TRAINING_JOB (job)));
  refract_train_page_update_pause (self);
  update_stack (self);
  refract_train_page_cost_changed (self);
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
attach (GtkGrid *grid, const char *text, const char *help, int column, int row, gboolean number, gboolean strong)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), number ? 1 : 0);
  gtk_widget_set_tooltip_text (label, help);
  if (number)
    gtk_widget_add_css_class (label, "numeric");
  if (strong)
    gtk_widget_add_css_class (label, "heading");
  gtk_grid_attach (grid, label, column, row, 1, 1);
}

static const char *const shown_metrics[] = { "ndcg@20", "recall@20", "map@20" };

static void
attach_titles (RefractTrainPage *self)
{
  for (gsize m = 0; m < G_N_ELEMENTS (shown_metrics); m++)
    {
      g_auto(GStrv) parts = g_strsplit (shown_metrics[m], "@", 2);
      g_autofree char *title = g_strdup_printf ("%s@%s", refract_metric_title (parts[0]), parts[1]);

      attach (self->table, title, refract_metric_help (parts[0]), (int) m + 1, 0, TRUE, TRUE);
    }
}

static void
attach_numbers (RefractTrainPage *self, const char *baseline, int row, gboolean strong)
{
  for (gsize m = 0; m < G_N_ELEMENTS (shown_metrics); m++)
    {
      double value = baseline ? refract_run_get_baseline_metric (self->run, baseline, shown_metrics[m]) : refract_run_get_metric (self->run, shown_metrics[m]);
      g_autofree char *text = isnan (value) ? g_strdup ("–") : g_strdup_printf ("%.4f", value);

      attach (self->table, text, NULL, (int) m + 1, row, TRUE, strong);
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
  attach_titles (self);
  attach (self->table, _("This model"), NULL, 0, 1, FALSE, TRUE);
  attach_numbers (self, NULL, 1, TRUE);
  best = find_best_ndcg (run);
  attach_bar (self, NULL, best, 1);
  baselines = refract_run_get_baselines (run);
  for (guint b = 0; baselines[b]; b++)
    {
      attach (self->table, refract_baseline_title (baselines[b]), refract_baseline_help (baselines[b]), 0, (int) b + 2, FALSE, FALSE);
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
  g_autofree char *summary = refract_summary_title (refract_run_get_summary (run));

  g_object_set (row, "use-markup", FALSE, "title", refract_run_get_id (run), "subtitle", *summary ? summary : _("Default settings"), "activatable", TRUE, NULL);
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

static RefractPlot *
make_plot (const char *label, const char *name, int height, const RfPlotLines *lines)
{
  RefractPlot *plot = REFRACT_PLOT (refract_plot_new (label, 400, height));

  refract_plot_add_menu (plot, name);
  refract_plot_set (plot, &rf_plot_lines_kind, lines);
  gtk_widget_set_visible (GTK_WIDGET (plot), FALSE);
  return plot;
}

static GtkLabel *
make_label (const char *style)
{
  GtkLabel *label = GTK_LABEL (gtk_label_new (NULL));

  gtk_label_set_xalign (label, 0);
  gtk_label_set_wrap (label, TRUE);
  if (style)
    gtk_widget_add_css_class (GTK_WIDGET (label), style);
  return label;
}

static GtkWidget *
make_runs (RefractTrainPage *self)
{
  GtkWidget *group = adw_preferences_group_new ();

  self->runs_list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->runs_list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->runs_list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->runs_list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Runs"), -1);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Runs"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), _("NDCG@20 on validation items, 1 at best; click a run to explore it"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (self->runs_list));
  return group;
}

static GtkWidget *
make_results (RefractTrainPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *scrolled = gtk_scrolled_window_new ();

  self->stage_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->stage_label, 0);
  self->progress_bar = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress_bar), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Training progress"), -1);
  self->loss_plot = make_plot (_("Training loss"), "loss", 170, &self->loss_lines);
  self->metric_plot = make_plot (_("Validation NDCG@20"), "validation", 170, &self->metric_lines);
  self->gradient_plot = make_plot (_("Share of the gradient"), "gradient", 150, &self->gradient_lines);
  self->attention_plot = make_plot (_("Share of the attention"), "attention", 150, &self->attention_lines);
  self->collapse_label = make_label ("warning");
  gtk_widget_set_visible (GTK_WIDGET (self->collapse_label), FALSE);
  self->ladder_view = REFRACT_LADDER_VIEW (refract_ladder_view_new ());
  self->result_label = make_label ("title-4");
  self->verdict_label = make_label (NULL);
  self->table = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->table, 12);
  gtk_grid_set_row_spacing (self->table, 9);
  gtk_widget_add_css_class (GTK_WIDGET (self->table), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self->table), "comparison-table");
  self->runs_group = make_runs (self);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stage_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->progress_bar));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->ladder_view));
  gtk_box_append (GTK_BOX (box), refract_train_page_make_trials (self));
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
  self->empty = ADW_STATUS_PAGE (adw_status_page_new ());
  adw_status_page_set_icon_name (self->empty, "refract-train-symbolic");
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, scrolled, "result");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->empty), "empty");
  gtk_widget_set_hexpand (GTK_WIDGET (self->stack), TRUE);
  return GTK_WIDGET (self->stack);
}

static void
update_empty (RefractTrainPage *self)
{
  gboolean hopeless = self->session && rf_catalog_get_n_interactions (refract_session_get_catalog (self->session)) == 0;

  adw_status_page_set_title (self->empty, hopeless ? _("Nothing to Learn From") : _("Nothing Trained Yet"));
  adw_status_page_set_description (self->empty, hopeless ? _("This catalog has no interactions: nobody has chosen any of its items. The problems on the Catalog page may say why; import it again with interactions of its items.")
                                                         : _("The settings on the left are good to begin with: press Train. It takes some seconds to a minute, and you can go on looking around."));
}

void
refract_train_page_set_session (RefractTrainPage *self, RefractSession *session)
{
  GListModel *runs = session ? refract_session_get_runs (session) : NULL;

  if (g_set_object (&self->session, session))
    refract_tune_view_set_job (self->tune_view, NULL);
  update_empty (self);
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
  refract_train_page_cost_changed (self);
}

static void
refract_train_page_dispose (GObject *object)
{
  RefractTrainPage *self = REFRACT_TRAIN_PAGE (object);

  g_clear_handle_id (&self->filling_id, g_source_remove);
  refract_train_page_stop_estimate (self);
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
  rf_config_free (self->values);
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
  self->values = rf_config_new ();
  self->steps = g_array_new (FALSE, FALSE, sizeof (double));
  self->loss = g_array_new (FALSE, FALSE, sizeof (double));
  self->metric = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint m = 0; m < RF_MAX_MODALITIES; m++)
    {
      self->gradient[m] = g_array_new (FALSE, FALSE, sizeof (double));
      self->attention[m] = g_array_new (FALSE, FALSE, sizeof (double));
    }
  self->gradient_lines = self->attention_lines = (RfPlotLines){ .x_label = _("Epoch"), .hovered_x = NAN };
  self->loss_series = (RfPlotSeries){ .label = _("Training loss"), .slot = 0, .best = RF_PLOT_BEST_NONE };
  self->metric_series = (RfPlotSeries){ .label = _("Validation NDCG@20"), .slot = 1, .best = RF_PLOT_BEST_HIGHEST };
  self->loss_lines = (RfPlotLines){ .x_label = _("Step"), .n_series = 1, .series = &self->loss_series, .hovered_x = NAN };
  self->metric_lines = (RfPlotLines){ .x_label = _("Step"), .n_series = 1, .series = &self->metric_series, .hovered_x = NAN };
  gtk_box_append (GTK_BOX (box), refract_train_page_make_settings (self));
  gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_VERTICAL));
  gtk_box_append (GTK_BOX (box), make_results (self));
  adw_bin_set_child (ADW_BIN (self), box);
  update_stack (self);
}
