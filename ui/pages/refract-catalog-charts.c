/* refract-catalog-charts.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-catalog-charts.h"

#include <glib/gi18n-lib.h>

#include "app/refract-stats-job.h"
#include "core/plot/rf-plot-columns.h"
#include "core/plot/rf-plot-curve.h"
#include "core/plot/rf-plot-histogram.h"
#include "ui/charts/refract-plot-menu.h"
#include "ui/charts/refract-plot.h"
#include "ui/refract-report-error.h"

#define WIDTH  360
#define HEIGHT 230

struct _RefractCatalogCharts
{
  AdwBin parent_instance;

  GtkStack *stack;
  GtkFlowBox *flow;
  AdwStatusPage *busy;

  RefractSession *session;
  RefractStatsJob *job;  /* under way */
  RefractStatsJob *done; /* owns the numbers that the plots show */
  guint n;

  RfPlotCurve items, users, items_lorenz, users_lorenz;
  RfPlotColumns time, ratings, availability;
  RfPlotHistogram words, sizes;
  int *slots;
  char **modalities;
  char *available; /* in words */
};

G_DEFINE_FINAL_TYPE (RefractCatalogCharts, refract_catalog_charts, ADW_TYPE_BIN)

GtkWidget *
refract_catalog_charts_new (void)
{
  return g_object_new (REFRACT_TYPE_CATALOG_CHARTS, NULL);
}

gboolean
refract_catalog_charts_is_settled (RefractCatalogCharts *self)
{
  return self->job == NULL;
}

guint
refract_catalog_charts_get_n (RefractCatalogCharts *self)
{
  return self->n;
}

static void
clear (RefractCatalogCharts *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->flow))) != NULL)
    gtk_flow_box_remove (self->flow, child);
  self->n = 0;
  g_clear_object (&self->done);
  g_clear_pointer (&self->slots, g_free);
  g_clear_pointer (&self->modalities, g_strfreev);
  g_clear_pointer (&self->available, g_free);
}

/* The sentence as it stands below the chart: with a capital. */
static char *
make_sentence (const char *message)
{
  gunichar first = g_utf8_get_char (message);
  char upper[8] = { 0 };

  g_unichar_to_utf8 (g_unichar_toupper (first), upper);
  return g_strconcat (upper, g_utf8_next_char (message), NULL);
}

static void
add (RefractCatalogCharts *self, const char *title, const char *message, const char *name, const RfPlotKind *kind, gconstpointer plot)
{
  GtkWidget *box, *heading, *text, *chart, *child;
  g_autofree char *sentence = NULL;

  if (message == NULL)
    return;
  sentence = make_sentence (message);
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  heading = gtk_label_new (title);
  text = gtk_label_new (sentence);
  chart = refract_plot_new (title, WIDTH, HEIGHT);
  refract_plot_set (REFRACT_PLOT (chart), kind, plot);
  refract_plot_add_menu (REFRACT_PLOT (chart), name);
  gtk_widget_set_vexpand (chart, TRUE);
  gtk_widget_add_css_class (heading, "heading");
  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_label_set_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_width_chars (GTK_LABEL (text), 30);
  gtk_label_set_max_width_chars (GTK_LABEL (text), 44);
  gtk_widget_add_css_class (text, "dim-label");
  gtk_box_append (GTK_BOX (box), heading);
  gtk_box_append (GTK_BOX (box), chart);
  gtk_box_append (GTK_BOX (box), text);
  gtk_widget_add_css_class (box, "card");
  gtk_widget_add_css_class (box, "chart");
  gtk_flow_box_append (self->flow, box);
  child = gtk_widget_get_parent (box);
  gtk_widget_set_focusable (child, FALSE);
  self->n++;
}

static void
add_counts (RefractCatalogCharts *self, const RfCountStats *stats, gboolean of_items)
{
  RfPlotCurve *plot = of_items ? &self->items : &self->users, *lorenz = of_items ? &self->items_lorenz : &self->users_lorenz;

  *plot = (RfPlotCurve) { .label = of_items ? _("Interactions per item") : _("Interactions per user"),
                          .x_label = of_items ? _("Interactions of an item") : _("Interactions of a user"),
                          .y_label = of_items ? _("Items") : _("Users"),
                          .message = stats->message, .n = stats->n, .x = stats->count, .y = stats->entities, .log_x = TRUE, .log_y = TRUE, .slot = 2 };
  *lorenz = (RfPlotCurve) { .label = of_items ? _("How unevenly items are chosen") : _("How unevenly users are active"),
                            .x_label = of_items ? _("Share of the items, least chosen first") : _("Share of the users, least active first"), .y_label = _("Share of the interactions"),
                            .message = stats->lorenz_message, .n = stats->n_lorenz, .x = stats->lorenz_x, .y = stats->lorenz_y, .line = TRUE, .diagonal = TRUE, .slot = 2 };
  add (self, plot->label, stats->message, of_items ? "interactions-per-item" : "interactions-per-user", &rf_plot_curve_kind, plot);
  add (self, lorenz->label, stats->lorenz_message, of_items ? "lorenz-items" : "lorenz-users", &rf_plot_curve_kind, lorenz);
}

static void
set_columns (RfPlotColumns *plot, const RfColumnStats *stats, const char *label)
{
  *plot = (RfPlotColumns) { .label = label, .message = stats->message, .n = stats->n, .names = (const char *const *) stats->names, .values = stats->values };
}

static void
set_histogram (RfPlotHistogram *plot, const RfSpreadStats *stats, const char *label, int slot)
{
  *plot = (RfPlotHistogram) { .label = label, .low = stats->low, .high = stats->high, .n_bins = RF_STATS_BINS, .counts = stats->counts, .slot = slot, .hovered = -1 };
}

/* In the modalities' colours and with their names. */
static void
add_availability (RefractCatalogCharts *self, const RfColumnStats *stats)
{
  guint n = MIN (stats->n, RF_MAX_MODALITIES);
  g_autoptr(GString) words = g_string_new (NULL);

  set_columns (&self->availability, stats, _("Items that have the modality"));
  self->slots = g_new (int, stats->n + 1);
  self->modalities = g_new0 (char *, stats->n + 1);
  for (guint m = 0; m < stats->n; m++)
    {
      self->slots[m] = m < n ? (int) rf_plot_modality_slot ((const char *const *) stats->names, n, m) : -1;
      self->modalities[m] = g_strdup (rf_plot_modality_label (stats->names[m]));
      g_string_append_printf (words, "%s%s %.1f %%", m > 0 ? " · " : "", self->modalities[m], 100 * stats->values[m]);
    }
  self->available = g_string_free (g_steal_pointer (&words), FALSE);
  self->availability.message = self->available;
  self->availability.names = (const char *const *) self->modalities;
  self->availability.slots = self->slots;
  self->availability.share = TRUE;
  add (self, _("Modalities"), self->available, "modalities", &rf_plot_columns_kind, &self->availability);
}

static void
show (RefractCatalogCharts *self)
{
  const RfCatalogStats *stats = refract_stats_job_get_stats (self->done);

  add_counts (self, &stats->items, TRUE);
  add_counts (self, &stats->users, FALSE);
  set_columns (&self->time, &stats->time, stats->time_unit == 'd' ? _("Interactions per day") : stats->time_unit == 'm' ? _("Interactions per month") : _("Interactions per year"));
  add (self, _("Over time"), stats->time.message, "time", &rf_plot_columns_kind, &self->time);
  add_availability (self, &stats->availability);
  set_columns (&self->ratings, &stats->ratings, _("Ratings"));
  add (self, _("Ratings"), stats->ratings.message, "ratings", &rf_plot_columns_kind, &self->ratings);
  set_histogram (&self->words, &stats->words, _("Words in a text"), 1);
  add (self, _("Length of texts"), stats->words.message, "text-length", &rf_plot_histogram_kind, &self->words);
  set_histogram (&self->sizes, &stats->sizes, _("Longer side of a picture in pixels"), 0);
  add (self, _("Size of pictures"), stats->sizes.message, "picture-size", &rf_plot_histogram_kind, &self->sizes);
  gtk_stack_set_visible_child_name (self->stack, "charts");
}

static void
measured_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(RefractCatalogCharts) self = data;
  g_autoptr(GError) error = NULL;
  gboolean ok = refract_job_run_finish (REFRACT_JOB (object), result, &error);

  if (self->job != REFRACT_STATS_JOB (object)) /* another document by now */
    return;
  self->done = g_steal_pointer (&self->job);
  if (ok)
    {
      show (self);
      return;
    }
  g_clear_object (&self->done);
  refract_report_error (GTK_WIDGET (self), _("Could not measure the catalog"), error);
}

static void
stop (RefractCatalogCharts *self)
{
  if (self->job != NULL)
    refract_job_cancel (REFRACT_JOB (self->job));
  g_clear_object (&self->job);
}

static void
measure_if_needed (RefractCatalogCharts *self)
{
  if (self->session == NULL || self->job != NULL || self->done != NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  gtk_stack_set_visible_child_name (self->stack, "busy");
  self->job = refract_stats_job_new (self->session);
  refract_job_run_async (REFRACT_JOB (self->job), measured_cb, g_object_ref (self));
}

void
refract_catalog_charts_set_session (RefractCatalogCharts *self, RefractSession *session)
{
  if (!g_set_object (&self->session, session))
    return;
  stop (self);
  clear (self);
  measure_if_needed (self);
}

static void
refract_catalog_charts_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (refract_catalog_charts_parent_class)->map (widget);
  measure_if_needed (REFRACT_CATALOG_CHARTS (widget));
}

static void
refract_catalog_charts_dispose (GObject *object)
{
  RefractCatalogCharts *self = REFRACT_CATALOG_CHARTS (object);

  stop (self);
  if (self->flow != NULL)
    clear (self);
  self->flow = NULL;
  g_clear_object (&self->session);
  G_OBJECT_CLASS (refract_catalog_charts_parent_class)->dispose (object);
}

static void
refract_catalog_charts_class_init (RefractCatalogChartsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = refract_catalog_charts_dispose;
  GTK_WIDGET_CLASS (klass)->map = refract_catalog_charts_map;
}

static void
refract_catalog_charts_init (RefractCatalogCharts *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->flow = GTK_FLOW_BOX (gtk_flow_box_new ());
  gtk_flow_box_set_selection_mode (self->flow, GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (self->flow, 4);
  gtk_flow_box_set_homogeneous (self->flow, TRUE);
  gtk_widget_set_valign (GTK_WIDGET (self->flow), GTK_ALIGN_START);
  gtk_widget_add_css_class (GTK_WIDGET (self->flow), "charts");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->flow));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  self->busy = ADW_STATUS_PAGE (adw_status_page_new ());
  adw_status_page_set_title (self->busy, _("Measuring the Catalog"));
  adw_status_page_set_description (self->busy, _("Counting interactions, words and pixels."));
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->busy), "busy");
  gtk_stack_add_named (self->stack, scrolled, "charts");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
}
