/* refract-overview-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-overview-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/plot/rf-plot-bars.h"
#include "core/plot/rf-plot-intervals.h"
#include "ui/charts/refract-plot-menu.h"
#include "ui/refract-names.h"
#include "ui/refract-report-error.h"
#include "ui/refract-row-tooltip.h"

#define BAR_WIDTH   180
#define BAR_HEIGHT  18
#define MOST_VALUES 12 /* of an attribute that are shown */

struct _RefractOverviewView
{
  AdwBin parent_instance;

  GtkStack *stack;
  GtkProgressBar *progress;
  GtkLabel *stage_label, *sentence_label, *knock_label;
  GtkDropDown *segment_drop;
  RefractPlot *knock_plot;
  GtkGrid *grid;
  GPtrArray *bars; /* Bar, owned: what the plots of the grid show */

  RfTrained *trained;
  RefractOverviewJob *job;
  RefractOverview *overview;
  gboolean filling;
  RfPlotInterval rows[RF_MAX_MODALITIES];
  RfPlotIntervals intervals;
};

typedef struct
{
  RefractPlot *plot;
  float share[RF_MAX_MODALITIES];
  RfPlotShares shares;
} Bar;

enum
{
  WORKED_OUT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RefractOverviewView, refract_overview_view, ADW_TYPE_BIN)

GtkWidget *
refract_overview_view_new (void)
{
  return g_object_new (REFRACT_TYPE_OVERVIEW_VIEW, NULL);
}

RefractOverview *
refract_overview_view_get_overview (RefractOverviewView *self)
{
  return self->overview;
}

gboolean
refract_overview_view_is_settled (RefractOverviewView *self)
{
  return self->job == NULL;
}

/* The numbers. */

static void
clear_grid (RefractOverviewView *self)
{
  GtkWidget *child;

  for (guint b = 0; b < self->bars->len; b++)
    refract_plot_set (((Bar *) self->bars->pdata[b])->plot, NULL, NULL);
  g_ptr_array_set_size (self->bars, 0);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);
}

static GtkWidget *
add_label (RefractOverviewView *self, const char *text, const char *css, gboolean number, int column, int row, int width)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), number ? 1 : 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  refract_row_tooltip_set_from (label, label);
  if (css)
    gtk_widget_add_css_class (label, css);
  gtk_grid_attach (self->grid, label, column, row, width, 1);
  return label;
}

/* What a group is of; the same for all groups of one section. */
static char *
name_section (const RfGroup *group)
{
  switch (group->kind)
    {
    case RF_GROUP_ITEMS:
      return g_strdup_printf (_("By item: %s"), refract_attribute_title (group->attribute));
    case RF_GROUP_LENS_ITEM:
      return g_strdup (_("Held-out items by how often they were chosen before"));
    case RF_GROUP_LENS_HISTORY:
      return g_strdup (_("Held-out items by the length of the user's history"));
    case RF_GROUP_USERS:
    default:
      return g_strdup_printf (_("By user: %s"), refract_attribute_title (group->attribute));
    }
}

static void
add_bar (RefractOverviewView *self, const double *share, const char *name, int row)
{
  const RfModel *model = self->overview->trained->model;
  Bar *bar = g_new0 (Bar, 1);

  for (guint m = 0; m < rf_model_get_n_modalities (model); m++)
    bar->share[m] = (float) share[m];
  bar->shares = (RfPlotShares){ model->n_modalities, (const char *const *) model->names, bar->share, _("What drives it") };
  bar->plot = REFRACT_PLOT (refract_plot_new (name, BAR_WIDTH, BAR_HEIGHT));
  gtk_widget_set_hexpand (GTK_WIDGET (bar->plot), TRUE);
  gtk_widget_set_valign (GTK_WIDGET (bar->plot), GTK_ALIGN_CENTER);
  refract_plot_set (bar->plot, &rf_plot_shares_kind, &bar->shares);
  refract_plot_add_menu (bar->plot, "driven-by");
  g_ptr_array_add (self->bars, bar);
  gtk_grid_attach (self->grid, GTK_WIDGET (bar->plot), 3, row, 1, 1);
}

static void
add_row (RefractOverviewView *self, const char *name, gsize number, double recall, const double *share, int row)
{
  g_autofree char *text = g_strdup_printf ("%zu", number), *found = isnan (recall) ? g_strdup ("–") : g_strdup_printf ("%.3f", recall);

  add_label (self, name, NULL, FALSE, 0, row, 1);
  add_label (self, text, "numeric", TRUE, 1, row, 1);
  add_label (self, found, "numeric", TRUE, 2, row, 1);
  add_bar (self, share, name, row);
}

static void
fill_grid (RefractOverviewView *self)
{
  const RfGroups *groups = self->overview->groups;
  g_autofree char *section = NULL;
  int row = 0;
  guint in_section = 0;

  clear_grid (self);
  add_label (self, _("Recommendations"), "heading", FALSE, 0, row, 1);
  add_label (self, _("Users"), "heading", TRUE, 1, row, 1);
  add_label (self, _("Recall@20"), "heading", TRUE, 2, row, 1);
  add_label (self, _("Driven by (Shapley)"), "heading", FALSE, 3, row++, 1);
  add_row (self, _("All"), groups->users, groups->recall, groups->share, row++);
  for (guint g = 0; g < groups->groups->len; g++)
    {
      const RfGroup *group = groups->groups->pdata[g];
      g_autofree char *title = name_section (group);

      if (g_strcmp0 (title, section) != 0)
        {
          add_label (self, title, "heading", FALSE, 0, row++, 4);
          in_section = 0;
        }
      g_free (section);
      section = g_steal_pointer (&title);
      if (in_section++ < MOST_VALUES)
        add_row (self, refract_value_title (group->value), group->users, group->recall, group->share, row++);
    }
}

static void
fill_sentence (RefractOverviewView *self)
{
  const RefractOverview *overview = self->overview;
  const RfModel *model = overview->trained->model;
  guint counts[RF_MAX_MODALITIES] = { 0 }, first = 0;
  g_autofree char *text = NULL, *worth = NULL;

  for (guint32 u = 0; u < overview->n_users; u++)
    if (overview->first[u].driver >= 0)
      counts[overview->first[u].driver]++;
  for (guint m = 1; m < rf_model_get_n_modalities (model); m++)
    if (counts[m] > counts[first])
      first = m;
  worth = rf_knockouts_to_sentence (overview->knockouts, overview->trained, first);
  text = g_strdup_printf (_("%s drives the first recommendation of %u of %u users. %s"), rf_plot_modality_label (model->names[first]), counts[first], overview->n_users, worth);
  gtk_label_set_text (self->sentence_label, text);
}

/* The loss and its interval: of all users, or of the slice with this number (the difference of a slice is without less with, and
 * slices have no interval of their own). */
static RfPlotInterval
make_interval (RefractOverviewView *self, const RfKnockout *knockout, int slice)
{
  const RfModel *model = self->overview->trained->model;
  const char *label = rf_plot_modality_label (model->names[knockout->modality]);
  int slot = (int) rf_plot_modality_slot ((const char *const *) model->names, model->n_modalities, knockout->modality);

  if (slice < 0)
    return (RfPlotInterval){ label, knockout->loss.difference, knockout->loss.low, knockout->loss.high, slot };
  return (RfPlotInterval){ label, ((const RfSlice *) knockout->slices->pdata[slice])->difference, NAN, NAN, slot };
}

static void
show_knock_outs (RefractOverviewView *self, int slice)
{
  const RfKnockouts *knockouts = self->overview->knockouts;
  RfPlotTheme theme;
  guint n = 0;

  for (guint k = 0; k < knockouts->all->len; k++)
    {
      const RfKnockout *knockout = knockouts->all->pdata[k];

      if (knockout->possible && n < RF_MAX_MODALITIES && (slice < 0 || (knockout->slices && (guint) slice < knockout->slices->len)))
        self->rows[n++] = make_interval (self, knockout, slice);
    }
  if (knockouts->n_modalities < 2)
    n = 0;
  refract_plot_get_theme (self->knock_plot, &theme);
  self->intervals = (RfPlotIntervals){ slice < 0 ? _("NDCG@20 lost without it, interval of 95 %") : _("NDCG@20 lost without it"), n, self->rows, 4 };
  refract_plot_set_natural_height (self->knock_plot, (int) ceil (rf_plot_intervals_get_height (MAX (n, 1), &theme)));
  refract_plot_set (self->knock_plot, n > 0 ? &rf_plot_intervals_kind : NULL, &self->intervals);
  gtk_widget_set_visible (GTK_WIDGET (self->knock_plot), n > 0);
  gtk_label_set_text (self->knock_label, n > 0 ? _("Each modality is removed in turn and the others take over its attention; the lists of the validation part are judged again.")
                                               : _("With one modality there is nothing to remove."));
}

static void
segment_cb (RefractOverviewView *self)
{
  guint selected = gtk_drop_down_get_selected (self->segment_drop);

  if (!self->filling && self->overview && selected != GTK_INVALID_LIST_POSITION)
    show_knock_outs (self, (int) selected - 1);
}

static void
fill_segments (RefractOverviewView *self)
{
  const RfKnockouts *knockouts = self->overview->knockouts;
  const RfKnockout *first = knockouts->all->len > 0 ? knockouts->all->pdata[0] : NULL;
  g_autoptr(GtkStringList) list = gtk_string_list_new (NULL);

  gtk_string_list_append (list, _("All users"));
  for (guint s = 0; first && first->slices && s < first->slices->len; s++)
    {
      const RfSlice *slice = first->slices->pdata[s];
      g_autofree char *name = refract_slice_title (slice->name), *title = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s (%zu user)", "%s (%zu users)", slice->n), name, slice->n);

      gtk_string_list_append (list, title);
    }
  self->filling = TRUE;
  gtk_drop_down_set_model (self->segment_drop, G_LIST_MODEL (list));
  gtk_drop_down_set_selected (self->segment_drop, 0);
  self->filling = FALSE;
}

/* The job. */

static void
progress_cb (RefractOverviewView *self)
{
  gtk_label_set_text (self->stage_label, refract_job_get_message (REFRACT_JOB (self->job)));
  gtk_progress_bar_set_fraction (self->progress, MAX (0, refract_job_get_fraction (REFRACT_JOB (self->job))));
}

static void
ended_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(RefractOverviewView) self = data;
  RefractOverviewJob *job = REFRACT_OVERVIEW_JOB (object);
  g_autoptr(GError) error = NULL;
  gboolean ok = refract_job_run_finish (REFRACT_JOB (job), result, &error);

  if (self->job != job)
    return;
  g_signal_handlers_disconnect_by_data (job, self);
  g_clear_object (&self->job);
  if (!ok)
    {
      gtk_stack_set_visible_child_name (self->stack, "start");
      refract_report_error (GTK_WIDGET (self), _("The overview failed"), error);
      return;
    }
  self->overview = refract_overview_ref (refract_overview_job_get_overview (job));
  fill_sentence (self);
  fill_grid (self);
  fill_segments (self);
  show_knock_outs (self, -1);
  gtk_stack_set_visible_child_name (self->stack, "numbers");
  g_signal_emit (self, signals[WORKED_OUT], 0);
}

void
refract_overview_view_start (RefractOverviewView *self)
{
  if (self->trained == NULL || self->job || self->overview)
    return;
  self->job = refract_overview_job_new (self->trained);
  g_signal_connect_swapped (self->job, "notify::fraction", G_CALLBACK (progress_cb), self);
  gtk_label_set_text (self->stage_label, "");
  gtk_progress_bar_set_fraction (self->progress, 0);
  gtk_stack_set_visible_child_name (self->stack, "working");
  refract_job_run_async (REFRACT_JOB (self->job), ended_cb, g_object_ref (self));
}

static void
cancel_cb (RefractOverviewView *self)
{
  if (self->job)
    refract_job_cancel (REFRACT_JOB (self->job));
}

static void
drop_job (RefractOverviewView *self)
{
  if (self->job == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->job, self);
  refract_job_cancel (REFRACT_JOB (self->job));
  g_clear_object (&self->job);
}

void
refract_overview_view_set_trained (RefractOverviewView *self, RfTrained *trained)
{
  if (self->trained == trained)
    return;
  drop_job (self);
  clear_grid (self);
  refract_plot_set (self->knock_plot, NULL, NULL);
  g_clear_pointer (&self->overview, refract_overview_unref);
  g_clear_pointer (&self->trained, rf_trained_unref);
  self->trained = trained ? rf_trained_ref (trained) : NULL;
  gtk_stack_set_visible_child_name (self->stack, "start");
  g_signal_emit (self, signals[WORKED_OUT], 0);
}

static GtkWidget *
make_start (RefractOverviewView *self)
{
  GtkWidget *status = adw_status_page_new (), *button = gtk_button_new_with_mnemonic (_("_Rank for Every User"));

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (status), "refract-explore-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (status), _("What Drives Everybody's Recommendations?"));
  adw_status_page_set_description (ADW_STATUS_PAGE (status), _("Ranks for every user and counts which modality drives what, by category, popularity and segment; then mutes each modality and measures what is lost."));
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "pill");
  gtk_widget_add_css_class (button, "suggested-action");
  gtk_widget_add_css_class (status, "compact");
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (refract_overview_view_start), self);
  adw_status_page_set_child (ADW_STATUS_PAGE (status), button);
  return status;
}

static GtkWidget *
make_working (RefractOverviewView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *button = gtk_button_new_with_mnemonic (_("_Cancel"));

  self->stage_label = GTK_LABEL (gtk_label_new (NULL));
  self->progress = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Progress of the overview"), -1);
  gtk_widget_set_size_request (GTK_WIDGET (self->progress), 280, -1);
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (cancel_cb), self);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stage_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->progress));
  gtk_box_append (GTK_BOX (box), button);
  return box;
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

static GtkWidget *
make_numbers (RefractOverviewView *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->sentence_label = make_label ("title-4");
  self->knock_label = make_label ("dim-label");
  self->segment_drop = GTK_DROP_DOWN (gtk_drop_down_new (NULL, NULL));
  gtk_widget_set_halign (GTK_WIDGET (self->segment_drop), GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->segment_drop), _("For which users"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->segment_drop), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Knock-out for which users"), -1);
  g_signal_connect_swapped (self->segment_drop, "notify::selected", G_CALLBACK (segment_cb), self);
  self->knock_plot = REFRACT_PLOT (refract_plot_new (_("Knock-out"), 320, 120));
  refract_plot_add_menu (self->knock_plot, "knock-out");
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->grid, 12);
  gtk_grid_set_row_spacing (self->grid, 6);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->sentence_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->segment_drop));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->knock_plot));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->knock_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->grid));
  gtk_widget_add_css_class (box, "side-pane");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  return scrolled;
}

static void
refract_overview_view_dispose (GObject *object)
{
  RefractOverviewView *self = REFRACT_OVERVIEW_VIEW (object);

  drop_job (self);
  if (self->knock_plot)
    {
      clear_grid (self);
      refract_plot_set (self->knock_plot, NULL, NULL);
      g_signal_handlers_disconnect_by_data (self->segment_drop, self);
    }
  self->knock_plot = NULL;
  g_clear_pointer (&self->overview, refract_overview_unref);
  g_clear_pointer (&self->trained, rf_trained_unref);
  G_OBJECT_CLASS (refract_overview_view_parent_class)->dispose (object);
}

static void
refract_overview_view_finalize (GObject *object)
{
  g_ptr_array_unref (REFRACT_OVERVIEW_VIEW (object)->bars);
  G_OBJECT_CLASS (refract_overview_view_parent_class)->finalize (object);
}

static void
refract_overview_view_class_init (RefractOverviewViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = refract_overview_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = refract_overview_view_finalize;
  signals[WORKED_OUT] = g_signal_new ("worked-out", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
refract_overview_view_init (RefractOverviewView *self)
{
  self->bars = g_ptr_array_new_with_free_func (g_free);
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, make_start (self), "start");
  gtk_stack_add_named (self->stack, make_working (self), "working");
  gtk_stack_add_named (self->stack, make_numbers (self), "numbers");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
}
