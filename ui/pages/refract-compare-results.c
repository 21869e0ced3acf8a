/* refract-compare-results.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-compare-results.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/eval/rf-run-diff.h"
#include "core/plot/rf-plot-deltas.h"
#include "core/plot/rf-plot-intervals.h"
#include "ui/charts/refract-plot-menu.h"
#include "ui/pages/refract-ab-planner.h"
#include "ui/pages/refract-aligned-lists.h"
#include "ui/refract-csv.h"
#include "ui/refract-names.h"

#define MOST_SLICES 100

struct _RefractCompareResults
{
  AdwBin parent_instance;

  GtkStack *stack;
  GtkStack *inner[5]; /* "none" or "some", of every tab that shows a comparison */
  GtkDropDown *pair_drop;
  GtkLabel *verdict_label, *budget_label, *interleaving_label, *bin_label;
  RefractPlot *metrics_plot, *deltas_plot;
  GtkGrid *metrics_grid, *slices_grid, *settings_grid;
  GtkButton *losers_button, *winners_button;
  RefractAlignedLists *lists;

  RefractComparisonJob *job;
  gboolean filling;
  double *deltas; /* per user, b - a */
  RfPlotInterval rows[RF_COMPARED_METRICS];
  char *names[RF_COMPARED_METRICS];
  RfPlotIntervals intervals;
  RfPlotDeltas plot;
  char *plot_label;
};

enum
{
  USERS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RefractCompareResults, refract_compare_results, ADW_TYPE_BIN)

GtkWidget *
refract_compare_results_new (void)
{
  return g_object_new (REFRACT_TYPE_COMPARE_RESULTS, NULL);
}

static const RfRunComparison *
comparison (RefractCompareResults *self)
{
  return self->job ? refract_comparison_job_get_comparison (self->job) : NULL;
}

static const RfRunPair *
pair (RefractCompareResults *self)
{
  const RfRunComparison *all = comparison (self);
  guint selected = gtk_drop_down_get_selected (self->pair_drop);

  if (all == NULL || all->pairs->len == 0)
    return NULL;
  return all->pairs->pdata[selected < all->pairs->len ? selected : 0];
}

static const char *
first_id (RefractCompareResults *self)
{
  return comparison (self)->ids[0];
}

static const char *
other_id (RefractCompareResults *self)
{
  return comparison (self)->ids[pair (self)->other];
}

/* Metrics. */

static void
clear_grid (GtkGrid *grid)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (grid))) != NULL)
    gtk_grid_remove (grid, child);
}

static GtkWidget *
attach (GtkGrid *grid, const char *text, const char *css, gboolean number, int column, int row)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), number ? 1 : 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), number ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_END);
  if (!number)
    {
      gtk_widget_set_tooltip_text (label, text);
      gtk_widget_set_hexpand (label, TRUE);
    }
  if (css)
    gtk_widget_add_css_class (label, css);
  if (number)
    gtk_widget_add_css_class (label, "numeric");
  gtk_grid_attach (grid, label, column, row, 1, 1);
  return label;
}

static void
attach_number (GtkGrid *grid, const char *format, double value, int column, int row)
{
  g_autofree char *text = NULL;

  if (isnan (value))
    text = g_strdup ("–");
  else if (strcmp (format, "%+.4f") == 0)
    text = g_strdup_printf ("%+.4f", value);
  else if (strcmp (format, "%.2g") == 0)
    text = value < 1e-4 ? g_strdup ("< 0.0001") : g_strdup_printf ("%.2g", value);
  else
    text = g_strdup_printf ("%.4f", value);
  attach (grid, text, NULL, TRUE, column, row);
}

static void
fill_metrics_grid (RefractCompareResults *self)
{
  const char *const titles[] = { "", first_id (self), other_id (self), _("Difference"), _("Interval (95 %)"), _("Chance (p)"), _("Better"), _("Same"), _("Worse") };
  const char *const helps[] = { NULL, NULL, NULL, _("Second run less the first, mean over the users"), _("Where the difference would lie in 95 of 100 such groups of users"),
                                _("How often chance alone would make such a difference (Wilcoxon's signed-rank test); small: it is no chance"),
                                _("Users for whom the second run is better"), _("Users for whom both runs are the same"), _("Users for whom the second run is worse") };
  const RfRunPair *p = pair (self);

  clear_grid (self->metrics_grid);
  for (gsize t = 0; t < G_N_ELEMENTS (titles); t++)
    gtk_widget_set_tooltip_text (attach (self->metrics_grid, titles[t], "heading", t > 0, (int) t, 0), helps[t]);
  for (guint m = 0; m < RF_COMPARED_METRICS; m++)
    {
      const RfComparison *c = &p->metrics[m];
      g_autofree char *interval = g_strdup_printf ("%+.4f … %+.4f", c->low, c->high), *wins = g_strdup_printf ("%zu", c->wins), *ties = g_strdup_printf ("%zu", c->ties),
                      *losses = g_strdup_printf ("%zu", c->losses);
      int row = (int) m + 1;

      gtk_widget_set_tooltip_text (attach (self->metrics_grid, self->names[m], NULL, FALSE, 0, row), refract_metric_help (rf_compared_metric (m)));
      attach_number (self->metrics_grid, "%.4f", c->mean_a, 1, row);
      attach_number (self->metrics_grid, "%.4f", c->mean_b, 2, row);
      attach_number (self->metrics_grid, "%+.4f", c->difference, 3, row);
      attach (self->metrics_grid, interval, NULL, TRUE, 4, row);
      attach_number (self->metrics_grid, "%.2g", c->w_p, 5, row);
      attach (self->metrics_grid, wins, NULL, TRUE, 6, row);
      attach (self->metrics_grid, ties, NULL, TRUE, 7, row);
      attach (self->metrics_grid, losses, NULL, TRUE, 8, row);
    }
}

static void
fill_intervals (RefractCompareResults *self)
{
  const RfRunPair *p = pair (self);
  RfPlotTheme theme;

  refract_plot_set (self->metrics_plot, NULL, NULL);
  for (guint m = 0; m < RF_COMPARED_METRICS; m++)
    {
      g_free (self->names[m]);
      self->names[m] = g_strdup_printf ("%s@%u", refract_metric_title (rf_compared_metric (m)), refract_comparison_job_get_k (self->job));
      self->rows[m] = (RfPlotInterval){ self->names[m], p->metrics[m].difference, p->metrics[m].low, p->metrics[m].high, -1 };
    }
  self->intervals = (RfPlotIntervals){ _("Difference, second run less the first, interval of 95 %"), RF_COMPARED_METRICS, self->rows, 4 };
  refract_plot_get_theme (self->metrics_plot, &theme);
  refract_plot_set_natural_height (self->metrics_plot, (int) ceil (rf_plot_intervals_get_height (RF_COMPARED_METRICS, &theme)));
  refract_plot_set (self->metrics_plot, &rf_plot_intervals_kind, &self->intervals);
}

/* "run-3 is worse than run-1: NDCG@20 0.1118 against 0.1378, a difference of -0.0260 (-0.0302 to -0.0219)." */
static char *
say_verdict (RefractCompareResults *self)
{
  const RfRunPair *p = pair (self);
  const char *format = p->c.low > 0    ? _("%s is better than %s: %s@%u %.4f against %.4f, %+.4f (%+.4f to %+.4f).")
                       : p->c.high < 0 ? _("%s is worse than %s: %s@%u %.4f against %.4f, %+.4f (%+.4f to %+.4f).")
                                       : _("%s and %s cannot be told apart: %s@%u %.4f and %.4f, %+.4f (%+.4f to %+.4f).");
  GString *text = g_string_new (NULL);

  g_string_printf (text, format, other_id (self), first_id (self), refract_metric_title (refract_comparison_job_get_metric (self->job)), refract_comparison_job_get_k (self->job), p->c.mean_b,
                   p->c.mean_a, p->c.difference, p->c.low, p->c.high);
  if (refract_comparison_job_get_part (self->job) == RF_PART_TEST)
    g_string_append_printf (text, " %s", _("Judged on the test part; this look was written down."));
  return g_string_free (text, FALSE);
}

static char *
say_interleaving (RefractCompareResults *self)
{
  const RfInterleaving *i = &pair (self)->interleaving;

  return g_strdup_printf (_("Interleaved for %u simulated readers: %s gets more clicks from %u of them, %s from %u, %u are even (sign test p %.2g). The lists overlap by %.0f %% (rank-biased, p = .9)."), i->users,
                          first_id (self), i->wins_a, other_id (self), i->wins_b, i->ties, i->p, 100 * pair (self)->overlap);
}

/* Users. */

static void
fill_deltas (RefractCompareResults *self)
{
  const RfRunComparison *all = comparison (self);
  const RfRunPair *p = pair (self);

  refract_plot_set (self->deltas_plot, NULL, NULL);
  g_free (self->deltas);
  g_free (self->plot_label);
  self->deltas = g_new (double, (gsize) all->n_users + 1);
  for (guint32 u = 0; u < all->n_users; u++)
    self->deltas[u] = all->per_user[p->other][u] - all->per_user[0][u]; /* NAN where one is */
  self->plot_label = g_strdup_printf (_("%s@%u of each user, %s less %s"), refract_metric_title (refract_comparison_job_get_metric (self->job)), refract_comparison_job_get_k (self->job),
                                      other_id (self), first_id (self));
  self->plot = (RfPlotDeltas){ .label = self->plot_label, .hovered = -1, .selected = -1 };
  rf_plot_deltas_count (&self->plot, self->deltas, all->n_users);
  refract_plot_set (self->deltas_plot, &rf_plot_deltas_kind, &self->plot);
  gtk_label_set_text (self->bin_label, _("Click a bar to see those users in Explore."));
}

/* Those whose difference lies in one bin, or all on one side of zero (side -1, 1). */
static void
show_users (RefractCompareResults *self, int bin, int side, const char *name)
{
  guint32 n_users = comparison (self)->n_users, n = 0;
  g_autofree guint32 *users = g_new (guint32, (gsize) n_users + 1);

  for (guint32 u = 0; u < n_users; u++)
    if (!isnan (self->deltas[u]) && (side != 0 ? (side < 0 ? self->deltas[u] < 0 : self->deltas[u] > 0) : rf_plot_deltas_bin (&self->plot, self->deltas[u]) == bin))
      users[n++] = u;
  if (n > 0)
    g_signal_emit (self, signals[USERS], 0, users, n, name);
}

static char *
name_bin (RefractCompareResults *self, int bin)
{
  double low, high;

  if (bin == RF_PLOT_DELTA_EQUAL)
    return g_strdup_printf (_("The same in %s and %s"), first_id (self), other_id (self));
  rf_plot_deltas_get_range (&self->plot, bin, &low, &high);
  return g_strdup_printf (_("%+.3f to %+.3f, %s less %s"), low, high, other_id (self), first_id (self));
}

static void
say_bin (RefractCompareResults *self, int bin)
{
  g_autofree char *name = NULL, *text = NULL;
  guint count = bin == RF_PLOT_DELTA_EQUAL ? self->plot.equal : bin >= 0 ? self->plot.counts[bin]
                                                                         : 0;

  if (bin < 0)
    {
      gtk_label_set_text (self->bin_label, _("Click a bar to see those users in Explore."));
      return;
    }
  name = name_bin (self, bin);
  text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s: %u user", "%s: %u users", count), name, count);
  gtk_label_set_text (self->bin_label, text);
}

static int
bin_at (RefractCompareResults *self, double x, double y)
{
  RfPlotTheme theme;

  if (comparison (self) == NULL || x < 0)
    return -1;
  refract_plot_get_theme (self->deltas_plot, &theme);
  return rf_plot_deltas_find (&self->plot, gtk_widget_get_width (GTK_WIDGET (self->deltas_plot)), gtk_widget_get_height (GTK_WIDGET (self->deltas_plot)), &theme, x, y);
}

static void
deltas_hovered_cb (RefractCompareResults *self, double x, double y)
{
  int bin = bin_at (self, x, y);

  if (comparison (self) == NULL || bin == self->plot.hovered)
    return;
  self->plot.hovered = bin;
  say_bin (self, bin);
  refract_plot_changed (self->deltas_plot);
}

static void
deltas_pressed_cb (RefractCompareResults *self, double x, double y)
{
  int bin = bin_at (self, x, y);
  g_autofree char *name = NULL;

  if (bin < 0)
    return;
  name = name_bin (self, bin);
  show_users (self, bin, 0, name);
}

/* By keys: the next bar that holds somebody. */
static void
deltas_moved_cb (RefractCompareResults *self, int direction)
{
  int bin = self->plot.selected >= 0 ? self->plot.selected + direction : direction > 0 ? 0
                                                                                       : RF_PLOT_DELTA_EQUAL - 1;

  if (comparison (self) == NULL)
    return;
  while (bin >= 0 && bin < RF_PLOT_DELTA_EQUAL && self->plot.counts[bin] == 0)
    bin += direction;
  if (bin < 0 || bin >= RF_PLOT_DELTA_EQUAL)
    return;
  self->plot.selected = bin;
  say_bin (self, bin);
  refract_plot_changed (self->deltas_plot);
}

static void
deltas_activated_cb (RefractCompareResults *self)
{
  g_autofree char *name = NULL;

  if (comparison (self) == NULL || self->plot.selected < 0)
    return;
  name = name_bin (self, self->plot.selected);
  show_users (self, self->plot.selected, 0, name);
}

static void
losers_cb (RefractCompareResults *self)
{
  g_autofree char *name = g_strdup_printf (_("Worse with %s than with %s"), other_id (self), first_id (self));

  show_users (self, 0, -1, name);
}

static void
winners_cb (RefractCompareResults *self)
{
  g_autofree char *name = g_strdup_printf (_("Better with %s than with %s"), other_id (self), first_id (self));

  show_users (self, 0, 1, name);
}

/* Slices. */

static void
slice_cb (GtkButton *button, RefractCompareResults *self)
{
  const RfSlice *slice = g_object_get_data (G_OBJECT (button), "slice");
  guint32 n_users = comparison (self)->n_users, n = 0;
  g_autofree guint32 *users = g_new (guint32, (gsize) n_users + 1);
  g_autofree char *title = refract_slice_title (slice->name);

  for (guint32 u = 0; u < n_users; u++)
    if (!isnan (self->deltas[u]) && rf_slice_has (slice, u))
      users[n++] = u;
  if (n > 0)
    g_signal_emit (self, signals[USERS], 0, users, n, title);
}

/* Its users are a click away. */
static void
attach_slice (RefractCompareResults *self, const RfSlice *slice, int row)
{
  g_autofree char *title = refract_slice_title (slice->name), *hint = g_strdup_printf (_("Show the users of “%s” in Explore"), title);
  GtkWidget *button = gtk_button_new (), *label = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_lines (GTK_LABEL (label), 2);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_hexpand (button, TRUE);
  gtk_widget_set_tooltip_text (button, hint);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, hint, -1);
  g_object_set_data (G_OBJECT (button), "slice", (gpointer) slice);
  g_signal_connect (button, "clicked", G_CALLBACK (slice_cb), self);
  gtk_grid_attach (self->slices_grid, button, 0, row, 1, 1);
}

static void
fill_slices (RefractCompareResults *self)
{
  const char *const titles[] = { _("Users"), _("Number"), first_id (self), other_id (self), _("Difference"), _("The rest"), _("Effect"), "q" };
  GPtrArray *found = pair (self)->found;

  clear_grid (self->slices_grid);
  for (gsize t = 0; t < G_N_ELEMENTS (titles); t++)
    attach (self->slices_grid, titles[t], "heading", t > 0, (int) t, 0);
  for (guint s = 0; s < MIN (found->len, MOST_SLICES); s++)
    {
      const RfSlice *slice = found->pdata[s];
      g_autofree char *n = g_strdup_printf ("%zu", slice->n), *effect = g_strdup_printf ("%+.2f", slice->effect);
      int row = (int) s + 1;

      attach_slice (self, slice, row);
      attach (self->slices_grid, n, NULL, TRUE, 1, row);
      attach_number (self->slices_grid, "%.4f", slice->mean_a, 2, row);
      attach_number (self->slices_grid, "%.4f", slice->mean_b, 3, row);
      attach_number (self->slices_grid, "%+.4f", slice->difference, 4, row);
      attach_number (self->slices_grid, "%+.4f", slice->rest, 5, row);
      attach (self->slices_grid, effect, NULL, TRUE, 6, row);
      attach_number (self->slices_grid, "%.2g", slice->q, 7, row);
    }
  if (found->len == 0)
    attach (self->slices_grid, _("Nowhere is the difference another than for the rest of the users."), NULL, FALSE, 0, 1);
}

/* Settings. */

static const char *
difference_title (const RfDifference *difference)
{
  if (difference->kind == RF_DIFFERS_SETTING)
    return refract_setting_title (difference->name);
  if (strcmp (difference->name, "catalog") == 0)
    return _("Fingerprint of the catalog");
  if (strcmp (difference->name, "split") == 0)
    return _("Fingerprint of the split");
  if (strcmp (difference->name, "epochs") == 0)
    return _("Epochs");
  if (strcmp (difference->name, "seconds") == 0)
    return _("Seconds of training");
  return strcmp (difference->name, "ndcg@20") == 0 ? "NDCG@20" : "Recall@20";
}

static void
fill_settings (RefractCompareResults *self)
{
  const RfTrained *first = refract_comparison_job_get_run (self->job, 0), *other = refract_comparison_job_get_run (self->job, pair (self)->other);
  g_autoptr(GPtrArray) all = rf_run_diff (first->run, other->run);

  clear_grid (self->settings_grid);
  attach (self->settings_grid, _("What Differs"), "heading", FALSE, 0, 0);
  attach (self->settings_grid, first_id (self), "heading", TRUE, 1, 0);
  attach (self->settings_grid, other_id (self), "heading", TRUE, 2, 0);
  for (guint d = 0; d < all->len; d++)
    {
      const RfDifference *difference = all->pdata[d];

      attach (self->settings_grid, difference_title (difference), difference->kind == RF_DIFFERS_SETTING ? NULL : "dim-label", FALSE, 0, (int) d + 1);
      attach (self->settings_grid, *difference->a ? difference->a : "–", NULL, TRUE, 1, (int) d + 1);
      attach (self->settings_grid, *difference->b ? difference->b : "–", NULL, TRUE, 2, (int) d + 1);
    }
}

/* All. */

static void
update (RefractCompareResults *self)
{
  const RfRunPair *p = pair (self);
  g_autofree char *verdict = NULL, *interleaving = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (self->inner); i++)
    gtk_stack_set_visible_child_name (self->inner[i], p ? "some" : "none");
  if (p == NULL)
    {
      refract_plot_set (self->metrics_plot, NULL, NULL);
      refract_plot_set (self->deltas_plot, NULL, NULL);
      refract_aligned_lists_set (self->lists, NULL, NULL, NULL);
      return;
    }
  fill_intervals (self);
  fill_metrics_grid (self);
  fill_deltas (self);
  fill_slices (self);
  fill_settings (self);
  verdict = say_verdict (self);
  interleaving = say_interleaving (self);
  gtk_label_set_text (self->verdict_label, verdict);
  gtk_label_set_text (self->budget_label, p->budget);
  gtk_label_set_text (self->interleaving_label, interleaving);
  gtk_widget_set_sensitive (GTK_WIDGET (self->losers_button), p->c.losses > 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->winners_button), p->c.wins > 0);
  refract_aligned_lists_set (self->lists, refract_comparison_job_get_run (self->job, 0), refract_comparison_job_get_run (self->job, p->other), self->deltas);
}

static void
pair_cb (RefractCompareResults *self)
{
  if (!self->filling)
    update (self);
}

void
refract_compare_results_set (RefractCompareResults *self, RefractComparisonJob *job)
{
  g_autoptr(GtkStringList) pairs = gtk_string_list_new (NULL);
  const RfRunComparison *all;

  g_set_object (&self->job, job);
  all = comparison (self);
  for (guint p = 0; all && p < all->pairs->len; p++)
    {
      const RfRunPair *one = all->pairs->pdata[p];
      g_autofree char *text = g_strdup_printf (_("%s against %s: %+.4f"), all->ids[one->other], all->ids[0], one->c.difference);

      gtk_string_list_append (pairs, text);
    }
  self->filling = TRUE;
  gtk_drop_down_set_model (self->pair_drop, G_LIST_MODEL (pairs));
  gtk_drop_down_set_selected (self->pair_drop, 0);
  self->filling = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->pair_drop), all && all->pairs->len > 1);
  update (self);
}

char *
refract_compare_results_dup_csv (RefractCompareResults *self)
{
  const RfRunComparison *all = comparison (self);
  const RfCatalog *catalog;
  g_autoptr(GString) csv = NULL;

  if (all == NULL)
    return NULL;
  catalog = refract_comparison_job_get_run (self->job, 0)->catalog;
  csv = g_string_new ("user_id");
  for (guint r = 0; r < all->n; r++)
    g_string_append_printf (csv, ",%s %s@%u", all->ids[r], refract_comparison_job_get_metric (self->job), refract_comparison_job_get_k (self->job));
  g_string_append (csv, "\r\n");
  for (guint32 u = 0; u < all->n_users; u++)
    {
      g_autoptr(GString) id = g_string_new (NULL);

      if (isnan (all->per_user[0][u]))
        continue;
      refract_csv_append (id, rf_catalog_get_user_id (catalog, u));
      g_string_append (csv, id->str + 1);
      for (guint r = 0; r < all->n; r++)
        {
          char number[G_ASCII_DTOSTR_BUF_SIZE];

          g_string_append_printf (csv, ",%s", isnan (all->per_user[r][u]) ? "" : g_ascii_formatd (number, sizeof number, "%.9g", all->per_user[r][u]));
        }
      g_string_append (csv, "\r\n");
    }
  return g_strdup (csv->str);
}

void
refract_compare_results_show_tab (RefractCompareResults *self, const char *tab)
{
  if (gtk_stack_get_child_by_name (self->stack, tab))
    gtk_stack_set_visible_child_name (self->stack, tab);
}

gboolean
refract_compare_results_is_settled (RefractCompareResults *self)
{
  return refract_aligned_lists_is_settled (self->lists);
}

static GtkLabel *
make_label (const char *css)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  if (css)
    gtk_widget_add_css_class (label, css);
  return GTK_LABEL (label);
}

static GtkGrid *
make_grid (void)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  return GTK_GRID (grid);
}

static GtkWidget *
scroll (GtkWidget *child)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), child);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_AUTOMATIC, GTK_POLICY_AUTOMATIC);
  return scrolled;
}

static GtkWidget *
make_metrics (RefractCompareResults *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *wide = gtk_scrolled_window_new ();

  self->verdict_label = make_label ("title-4");
  self->budget_label = make_label ("dim-label");
  self->interleaving_label = make_label (NULL);
  self->metrics_plot = REFRACT_PLOT (refract_plot_new (_("Differences of the metrics"), 400, 160));
  refract_plot_add_menu (self->metrics_plot, "metrics");
  self->metrics_grid = make_grid ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (wide), GTK_WIDGET (self->metrics_grid));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (wide), GTK_POLICY_AUTOMATIC, GTK_POLICY_NEVER);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->verdict_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->metrics_plot));
  gtk_box_append (GTK_BOX (box), wide);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->budget_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->interleaving_label));
  gtk_widget_add_css_class (box, "content");
  return scroll (box);
}

static GtkWidget *
make_users (RefractCompareResults *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *show = gtk_button_new_with_label (_("Show the Chosen Bar in Explore"));

  self->deltas_plot = REFRACT_PLOT (refract_plot_new (_("Differences of the users"), 400, 220));
  refract_plot_add_menu (self->deltas_plot, "users");
  gtk_widget_set_vexpand (GTK_WIDGET (self->deltas_plot), TRUE);
  g_signal_connect_swapped (self->deltas_plot, "hovered", G_CALLBACK (deltas_hovered_cb), self);
  g_signal_connect_swapped (self->deltas_plot, "pressed", G_CALLBACK (deltas_pressed_cb), self);
  g_signal_connect_swapped (self->deltas_plot, "moved", G_CALLBACK (deltas_moved_cb), self);
  self->bin_label = make_label ("dim-label");
  self->losers_button = GTK_BUTTON (gtk_button_new_with_label (_("Show All Who Got Worse")));
  self->winners_button = GTK_BUTTON (gtk_button_new_with_label (_("Show All Who Got Better")));
  g_signal_connect_swapped (self->losers_button, "clicked", G_CALLBACK (losers_cb), self);
  g_signal_connect_swapped (self->winners_button, "clicked", G_CALLBACK (winners_cb), self);
  g_signal_connect_swapped (show, "clicked", G_CALLBACK (deltas_activated_cb), self);
  gtk_box_append (GTK_BOX (buttons), GTK_WIDGET (self->losers_button));
  gtk_box_append (GTK_BOX (buttons), GTK_WIDGET (self->winners_button));
  gtk_box_append (GTK_BOX (buttons), show);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->deltas_plot));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->bin_label));
  gtk_box_append (GTK_BOX (box), buttons);
  gtk_widget_add_css_class (box, "content");
  return box;
}

static GtkWidget *
make_slices (RefractCompareResults *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkLabel *label = make_label ("dim-label");

  gtk_label_set_text (label, _("Groups of users for whom the difference is not that of the rest, largest effect first; q is the false-discovery rate over all groups that were looked at."));
  self->slices_grid = make_grid ();
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->slices_grid));
  gtk_widget_add_css_class (box, "content");
  return scroll (box);
}

static GtkWidget *
make_settings (RefractCompareResults *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->settings_grid = make_grid ();
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->settings_grid));
  gtk_widget_add_css_class (box, "content");
  return scroll (box);
}

static void
add_tab (RefractCompareResults *self, guint index, GtkWidget *content, const char *name, const char *title)
{
  GtkWidget *status = adw_status_page_new ();

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (status), "refract-compare-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (status), _("Two Runs, User by User"));
  adw_status_page_set_description (ADW_STATUS_PAGE (status), _("Choose two runs above and press Compare. They must hold out the same interactions: the same seed and split."));
  gtk_widget_add_css_class (status, "compact");
  self->inner[index] = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->inner[index], status, "none");
  gtk_stack_add_named (self->inner[index], content, "some");
  gtk_stack_add_titled (self->stack, GTK_WIDGET (self->inner[index]), name, title);
}

static void
refract_compare_results_dispose (GObject *object)
{
  RefractCompareResults *self = REFRACT_COMPARE_RESULTS (object);

  if (self->metrics_plot)
    {
      refract_plot_set (self->metrics_plot, NULL, NULL);
      refract_plot_set (self->deltas_plot, NULL, NULL);
      refract_aligned_lists_set (self->lists, NULL, NULL, NULL);
      g_signal_handlers_disconnect_by_data (self->pair_drop, self);
    }
  self->metrics_plot = NULL;
  g_clear_object (&self->job);
  G_OBJECT_CLASS (refract_compare_results_parent_class)->dispose (object);
}

static void
refract_compare_results_finalize (GObject *object)
{
  RefractCompareResults *self = REFRACT_COMPARE_RESULTS (object);

  for (guint m = 0; m < RF_COMPARED_METRICS; m++)
    g_free (self->names[m]);
  g_free (self->deltas);
  g_free (self->plot_label);
  G_OBJECT_CLASS (refract_compare_results_parent_class)->finalize (object);
}

static void
refract_compare_results_class_init (RefractCompareResultsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = refract_compare_results_dispose;
  G_OBJECT_CLASS (klass)->finalize = refract_compare_results_finalize;
  signals[USERS] = g_signal_new ("users", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3, G_TYPE_POINTER, G_TYPE_UINT, G_TYPE_STRING);
}

static void
refract_compare_results_init (RefractCompareResults *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *switcher = gtk_stack_switcher_new (), *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->stack = GTK_STACK (gtk_stack_new ());
  self->pair_drop = GTK_DROP_DOWN (gtk_drop_down_new (NULL, NULL));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->pair_drop), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Which runs to show"), -1);
  gtk_widget_set_visible (GTK_WIDGET (self->pair_drop), FALSE);
  g_signal_connect_swapped (self->pair_drop, "notify::selected", G_CALLBACK (pair_cb), self);
  self->lists = REFRACT_ALIGNED_LISTS (refract_aligned_lists_new ());
  add_tab (self, 0, make_metrics (self), "metrics", _("Metrics"));
  add_tab (self, 1, make_users (self), "users", _("Users"));
  add_tab (self, 2, GTK_WIDGET (self->lists), "lists", _("Lists"));
  add_tab (self, 3, make_slices (self), "slices", _("Slices"));
  add_tab (self, 4, make_settings (self), "settings", _("Settings"));
  gtk_stack_add_titled (self->stack, refract_ab_planner_new (), "plan", _("A/B Plan"));
  gtk_stack_switcher_set_stack (GTK_STACK_SWITCHER (switcher), self->stack);
  gtk_widget_set_vexpand (GTK_WIDGET (self->stack), TRUE);
  gtk_widget_add_css_class (switcher, "tabs");
  gtk_box_append (GTK_BOX (bar), switcher);
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->pair_drop));
  gtk_widget_add_css_class (bar, "toolbar");
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));
  adw_bin_set_child (ADW_BIN (self), box);
  update (self);
}
