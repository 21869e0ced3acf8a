/* refract-tune-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-tune-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "app/refract-trial-lines.h"
#include "ui/charts/refract-plot-menu.h"

#define SHOWN 50 /* trials */
#define LINES 3  /* trials that are worth a drawing */
#define REACH 10 /* pixels */

struct _RefractTuneView
{
  AdwBin parent_instance;

  GtkLabel *label;
  RefractPlot *plot;
  GtkLabel *trial_label; /* the line that is pointed at */
  RefractTrialLines *lines;
  GtkGrid *grid;
  RefractTuneJob *job;
  guint n_shown; /* trials that were there when the table was filled */
};

enum
{
  USE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RefractTuneView, refract_tune_view, ADW_TYPE_BIN)

GtkWidget *
refract_tune_view_new (void)
{
  return g_object_new (REFRACT_TYPE_TUNE_VIEW, NULL);
}

/* In what the settings differ from those of the page, the budget left aside; "" if in nothing. */
static char *
describe (const RfConfig *config, const RfConfig *base)
{
  g_autoptr(GString) text = g_string_new (NULL);
  const char *budget = rf_tune_default_resource (base);

  for (const RfConfigKey *key = rf_config_get_keys (); key->key; key++)
    if (strcmp (key->key, budget) != 0 && strcmp (rf_config_get (config, key->key), rf_config_get (base, key->key)) != 0)
      g_string_append_printf (text, "%s%s=%s", text->len ? ", " : "", key->key, rf_config_get (config, key->key));
  return g_strdup (text->str);
}

static int
best_first (gconstpointer a, gconstpointer b)
{
  const RefractTrial *x = *(RefractTrial *const *) a, *y = *(RefractTrial *const *) b;
  double mx = isnan (x->metric) ? -1 : x->metric, my = isnan (y->metric) ? -1 : y->metric;

  return mx > my ? -1 : mx < my;
}

/* With the full budget, whatever the trial had. */
static void
use_cb (GtkButton *button, RefractTuneView *self)
{
  const RefractTrial *trial = g_object_get_data (G_OBJECT (button), "trial");
  const RfConfig *base = refract_tune_job_get_base (self->job);
  g_autoptr(RfConfig) config = rf_config_copy (trial->config);
  const char *budget = rf_tune_default_resource (base);

  if (rf_config_set (config, budget, rf_config_get (base, budget), NULL))
    g_signal_emit (self, signals[USE], 0, config);
}

static void
attach (RefractTuneView *self, const char *text, gboolean number, const char *style, int column, int row)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), number ? 1 : 0);
  if (number)
    gtk_widget_add_css_class (label, "numeric");
  else
    {
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_widget_set_hexpand (label, TRUE);
    }
  if (style)
    gtk_widget_add_css_class (label, style);
  gtk_grid_attach (self->grid, label, column, row, 1, 1);
}

static void
attach_trial (RefractTuneView *self, const RefractTrial *trial, int row)
{
  const RfConfig *base = refract_tune_job_get_base (self->job);
  g_autofree char *number = isnan (trial->metric) ? g_strdup (_("failed")) : g_strdup_printf ("%.4f", trial->metric);
  g_autofree char *what = describe (trial->config, base), *budget = NULL, *name = g_strdup_printf (_("Use the settings of place %d"), row);
  GtkWidget *button = gtk_button_new_with_label (_("Use"));

  budget = g_strdup_printf ("%s=%s", rf_tune_default_resource (base), rf_config_get (trial->config, rf_tune_default_resource (base)));
  attach (self, number, TRUE, row == 1 ? "heading" : NULL, 0, row);
  attach (self, *what ? what : _("The settings as they are"), FALSE, NULL, 1, row);
  attach (self, budget, TRUE, "dim-label", 2, row);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_sensitive (button, !isnan (trial->metric));
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data (G_OBJECT (button), "trial", (gpointer) trial);
  g_signal_connect (button, "clicked", G_CALLBACK (use_cb), self);
  gtk_grid_attach (self->grid, button, 3, row, 1, 1);
}

/* The drawing. */

static void
say_trial (RefractTuneView *self)
{
  int trial = self->lines->plot.hovered >= 0 ? self->lines->plot.hovered : self->lines->plot.selected;
  g_autofree char *text = trial >= 0 ? refract_trial_lines_describe (self->lines, (guint) trial) : g_strdup (_("Point at a line to see its settings; the thick one is the best."));

  gtk_label_set_text (self->trial_label, text);
  refract_plot_marks_changed (self->plot);
}

static void
hovered_cb (RefractTuneView *self, double x, double y)
{
  GtkWidget *plot = GTK_WIDGET (self->plot);
  RfPlotTheme theme;
  int found;

  if (self->lines == NULL)
    return;
  refract_plot_get_theme (self->plot, &theme);
  found = x < 0 ? -1 : rf_plot_trials_find (&self->lines->plot, gtk_widget_get_width (plot), gtk_widget_get_height (plot), &theme, x, y, REACH);
  if (found == self->lines->plot.hovered)
    return;
  self->lines->plot.hovered = found;
  say_trial (self);
}

static void
moved_cb (RefractTuneView *self, int direction)
{
  int next;

  if (self->lines == NULL)
    return;
  next = self->lines->plot.selected + direction;
  if (next < 0 || next >= (int) self->lines->plot.n)
    return;
  self->lines->plot.selected = next;
  self->lines->plot.hovered = -1;
  say_trial (self);
}

static void
draw_trials (RefractTuneView *self, const GPtrArray *trials)
{
  gboolean shown = trials && trials->len >= LINES;

  refract_plot_set (self->plot, NULL, NULL);
  g_clear_pointer (&self->lines, refract_trial_lines_free);
  gtk_widget_set_visible (GTK_WIDGET (self->plot), shown);
  gtk_widget_set_visible (GTK_WIDGET (self->trial_label), shown);
  if (!shown)
    return;
  self->lines = refract_trial_lines_new (trials);
  refract_plot_set (self->plot, &rf_plot_trials_kind, &self->lines->plot);
  say_trial (self);
}

void
refract_tune_view_update (RefractTuneView *self)
{
  const GPtrArray *trials = self->job ? refract_tune_job_get_trials (self->job) : NULL;
  g_autoptr(GPtrArray) sorted = g_ptr_array_new ();
  g_autofree char *text = NULL;
  GtkWidget *child;

  if (trials && trials->len == self->n_shown && trials->len > 0)
    return;
  self->n_shown = trials ? trials->len : 0;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);
  gtk_widget_set_visible (GTK_WIDGET (self), self->n_shown > 0);
  draw_trials (self, trials);
  if (self->n_shown == 0)
    return;
  text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u trial, best first by NDCG@20 on validation; a small budget and a full one do not compare", "%u trials, best first by NDCG@20 on validation; a small budget and a full one do not compare", self->n_shown), self->n_shown);
  gtk_label_set_text (self->label, text);
  for (guint t = 0; t < trials->len; t++)
    g_ptr_array_add (sorted, trials->pdata[t]);
  g_ptr_array_sort (sorted, best_first);
  attach (self, "NDCG@20", TRUE, "heading", 0, 0);
  attach (self, _("Settings"), FALSE, "heading", 1, 0);
  attach (self, _("Budget"), TRUE, "heading", 2, 0);
  for (guint t = 0; t < MIN (sorted->len, SHOWN); t++)
    attach_trial (self, sorted->pdata[t], (int) t + 1);
}

void
refract_tune_view_set_job (RefractTuneView *self, RefractTuneJob *job)
{
  g_set_object (&self->job, job);
  self->n_shown = G_MAXUINT;
  refract_tune_view_update (self);
}

static void
refract_tune_view_dispose (GObject *object)
{
  RefractTuneView *self = REFRACT_TUNE_VIEW (object);

  if (self->plot)
    refract_plot_set (self->plot, NULL, NULL);
  self->plot = NULL;
  g_clear_pointer (&self->lines, refract_trial_lines_free);
  g_clear_object (&self->job);
  G_OBJECT_CLASS (refract_tune_view_parent_class)->dispose (object);
}

static void
refract_tune_view_class_init (RefractTuneViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = refract_tune_view_dispose;
  signals[USE] = g_signal_new ("use", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
refract_tune_view_init (RefractTuneView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->label, TRUE);
  gtk_label_set_xalign (self->label, 0);
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->grid, 18);
  gtk_grid_set_row_spacing (self->grid, 6);
  gtk_widget_add_css_class (GTK_WIDGET (self->grid), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self->grid), "comparison-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->grid), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Trials of the search, best first"), -1);
  self->plot = REFRACT_PLOT (refract_plot_new (_("Trials of the search"), 400, 220));
  refract_plot_add_menu (self->plot, "trials");
  g_signal_connect_swapped (self->plot, "hovered", G_CALLBACK (hovered_cb), self);
  g_signal_connect_swapped (self->plot, "moved", G_CALLBACK (moved_cb), self);
  self->trial_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->trial_label, TRUE);
  gtk_label_set_xalign (self->trial_label, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->trial_label), "dim-label");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->plot));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->trial_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->grid));
  adw_bin_set_child (ADW_BIN (self), box);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
