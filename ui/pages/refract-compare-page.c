/* refract-compare-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-compare-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/refract-comparison-job.h"
#include "ui/pages/refract-compare-results.h"
#include "ui/refract-compat.h"
#include "ui/refract-names.h"
#include "ui/refract-narrow-drop.h"
#include "ui/refract-report-error.h"

#define DEFAULT_METRIC 1 /* ndcg */

struct _RefractComparePage
{
  AdwBin parent_instance;

  GtkDropDown *drops[2], *metric_drop;
  GtkSpinButton *places;
  GtkButton *compare_button;
  GtkMenuButton *more_button;
  GtkWidget *test_button;
  GtkListBox *more_list;
  GtkProgressBar *progress;
  GtkWidget *cancel_button;
  RefractCompareResults *results;

  RefractSession *session;
  RefractComparisonJob *job;
  GHashTable *more; /* ids of further runs */
};

enum
{
  USERS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RefractComparePage, refract_compare_page, ADW_TYPE_BIN)

GtkWidget *
refract_compare_page_new (void)
{
  return g_object_new (REFRACT_TYPE_COMPARE_PAGE, NULL);
}

static const char *
chosen (RefractComparePage *self, guint side)
{
  RefractRun *run = gtk_drop_down_get_selected_item (self->drops[side]);

  return run ? refract_run_get_id (run) : NULL;
}

static void
update_buttons (RefractComparePage *self)
{
  gboolean ready = chosen (self, 0) && chosen (self, 1) && strcmp (chosen (self, 0), chosen (self, 1)) != 0;

  gtk_widget_set_sensitive (GTK_WIDGET (self->compare_button), ready && self->job == NULL);
  gtk_widget_set_sensitive (self->test_button, ready && self->job == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), self->job != NULL);
  gtk_widget_set_visible (self->cancel_button, self->job != NULL);
}

static void
progress_cb (RefractComparePage *self)
{
  double fraction = refract_job_get_fraction (REFRACT_JOB (self->job));

  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->progress, fraction);
  else
    gtk_progress_bar_pulse (self->progress);
}

static void
drop_job (RefractComparePage *self)
{
  if (self->job == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->job, self);
  refract_job_cancel (REFRACT_JOB (self->job));
  g_clear_object (&self->job);
}

static void
ended_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(RefractComparePage) self = data;
  RefractComparisonJob *job = REFRACT_COMPARISON_JOB (object);
  g_autoptr(GError) error = NULL;
  gboolean ok = refract_job_run_finish (REFRACT_JOB (job), result, &error);

  if (self->job != job)
    return;
  g_signal_handlers_disconnect_by_data (job, self);
  if (ok)
    refract_compare_results_set (self->results, job);
  else
    refract_report_error (GTK_WIDGET (self), _("The runs could not be compared"), error);
  g_clear_object (&self->job);
  update_buttons (self);
}

static void
start (RefractComparePage *self, RfPart part)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer id;

  if (self->session == NULL || self->job || !chosen (self, 0) || !chosen (self, 1))
    return;
  g_ptr_array_add (ids, (gpointer) chosen (self, 0));
  g_ptr_array_add (ids, (gpointer) chosen (self, 1));
  g_hash_table_iter_init (&iter, self->more);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (strcmp (id, chosen (self, 0)) != 0 && strcmp (id, chosen (self, 1)) != 0)
      g_ptr_array_add (ids, id);
  g_ptr_array_add (ids, NULL);
  self->job = refract_comparison_job_new (refract_session_get_path (self->session), (const char *const *) ids->pdata, rf_compared_metric (gtk_drop_down_get_selected (self->metric_drop)),
                                          (guint) gtk_spin_button_get_value_as_int (self->places), part);
  g_signal_connect_swapped (self->job, "notify::fraction", G_CALLBACK (progress_cb), self);
  gtk_progress_bar_set_fraction (self->progress, 0);
  update_buttons (self);
  refract_job_run_async (REFRACT_JOB (self->job), ended_cb, g_object_ref (self));
}

static void
compare_cb (RefractComparePage *self)
{
  start (self, RF_PART_VALID);
}

static void
confirmed_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(RefractComparePage) self = data;

  if (refract_compat_confirm_finish (result, NULL))
    start (self, RF_PART_TEST);
}

static void
test_cb (RefractComparePage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (GTK_IS_WINDOW (root))
    refract_compat_confirm_async (GTK_WINDOW (root), _("Look at the Test Part?"),
                                  _("The test part is there to judge once, at the end. Whoever chooses by it can no longer trust it. This look is written down in the document."), _("_Look Once"), FALSE,
                                  confirmed_cb, g_object_ref (self));
}

static void
cancel_cb (RefractComparePage *self)
{
  if (self->job)
    refract_job_cancel (REFRACT_JOB (self->job));
}

static void
users_cb (RefractComparePage *self, gpointer users, guint n, const char *name)
{
  g_signal_emit (self, signals[USERS], 0, users, n, name);
}

/* Runs. */

static char *
run_title (RefractRun *run)
{
  g_autofree char *summary = refract_summary_title (run ? refract_run_get_summary (run) : "");
  const char *beaten = run && refract_run_get_beaten (run) ? _(" ⚠ loses to a baseline") : "";

  if (run == NULL)
    return g_strdup ("");
  return *summary ? g_strdup_printf ("%s%s · %s", refract_run_get_id (run), beaten, summary) : g_strdup_printf ("%s%s", refract_run_get_id (run), beaten);
}

static char *
expression_title (GObject *run, gpointer data)
{
  return run_title (REFRACT_RUN (run));
}

static void
toggled_cb (GtkCheckButton *check, GParamSpec *pspec, RefractComparePage *self)
{
  const char *id = g_object_get_data (G_OBJECT (check), "run");

  if (gtk_check_button_get_active (check))
    g_hash_table_add (self->more, g_strdup (id));
  else
    g_hash_table_remove (self->more, id);
}

static GtkWidget *
make_more_row (gpointer item, gpointer data)
{
  g_autofree char *title = run_title (item);
  GtkWidget *check = gtk_check_button_new_with_label (title);

  g_object_set_data_full (G_OBJECT (check), "run", g_strdup (refract_run_get_id (item)), g_free);
  g_signal_connect (check, "notify::active", G_CALLBACK (toggled_cb), data);
  return check;
}

static gboolean
find_run (RefractComparePage *self, const char *id, guint *position)
{
  GListModel *runs = self->session ? refract_session_get_runs (self->session) : NULL;

  for (guint r = 0; runs && r < g_list_model_get_n_items (runs); r++)
    {
      g_autoptr(RefractRun) run = g_list_model_get_item (runs, r);

      if (strcmp (refract_run_get_id (run), id) == 0)
        {
          *position = r;
          return TRUE;
        }
    }
  return FALSE;
}

gboolean
refract_compare_page_compare (RefractComparePage *self, const char *first, const char *second)
{
  guint positions[2];

  if (!find_run (self, first, &positions[0]) || !find_run (self, second, &positions[1]))
    return FALSE;
  gtk_drop_down_set_selected (self->drops[0], positions[0]);
  gtk_drop_down_set_selected (self->drops[1], positions[1]);
  start (self, RF_PART_VALID);
  return TRUE;
}

gboolean
refract_compare_page_is_settled (RefractComparePage *self)
{
  return self->job == NULL && refract_compare_results_is_settled (self->results);
}

char *
refract_compare_page_dup_csv (RefractComparePage *self)
{
  return refract_compare_results_dup_csv (self->results);
}

void
refract_compare_page_show_tab (RefractComparePage *self, const char *tab)
{
  refract_compare_results_show_tab (self->results, tab);
}

void
refract_compare_page_set_session (RefractComparePage *self, RefractSession *session)
{
  GListModel *runs = session ? refract_session_get_runs (session) : NULL;

  drop_job (self);
  g_set_object (&self->session, session);
  g_hash_table_remove_all (self->more);
  refract_compare_results_set (self->results, NULL);
  for (guint side = 0; side < 2; side++)
    gtk_drop_down_set_model (self->drops[side], runs);
  gtk_list_box_bind_model (self->more_list, runs, make_more_row, self, NULL);
  if (runs && g_list_model_get_n_items (runs) > 1)
    {
      gtk_drop_down_set_selected (self->drops[0], 1);
      gtk_drop_down_set_selected (self->drops[1], 0);
    }
  update_buttons (self);
}

static GtkDropDown *
make_run_drop (RefractComparePage *self, const char *label)
{
  GtkExpression *expression = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL, G_CALLBACK (expression_title), NULL, NULL);
  GtkWidget *drop = gtk_drop_down_new (NULL, expression);

  gtk_widget_set_tooltip_text (drop, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (drop), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_hexpand (drop, TRUE);
  gtk_widget_set_size_request (drop, 90, -1);
  refract_drop_down_make_narrow (GTK_DROP_DOWN (drop));
  g_signal_connect_swapped (drop, "notify::selected", G_CALLBACK (update_buttons), self);
  return GTK_DROP_DOWN (drop);
}

static GtkWidget *
make_more (RefractComparePage *self)
{
  GtkWidget *popover = gtk_popover_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *scrolled = gtk_scrolled_window_new ();

  self->more_list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->more_list, GTK_SELECTION_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->more_list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Further runs"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->more_list));
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 240);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_box_append (GTK_BOX (box), gtk_label_new (_("Hold these against the first run, too")));
  gtk_box_append (GTK_BOX (box), scrolled);
  self->test_button = gtk_button_new_with_mnemonic (_("Compare on the _Test Part…"));
  g_signal_connect_swapped (self->test_button, "clicked", G_CALLBACK (test_cb), self);
  gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (GTK_BOX (box), self->test_button);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  self->more_button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_icon_name (self->more_button, "view-more-symbolic");
  gtk_menu_button_set_popover (self->more_button, popover);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->more_button), _("More Runs, and the Test Part"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->more_button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("More runs, and the test part"), -1);
  return GTK_WIDGET (self->more_button);
}

static GtkWidget *
make_bar (RefractComparePage *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  g_autoptr(GtkStringList) metrics = gtk_string_list_new (NULL);

  for (guint m = 0; m < RF_COMPARED_METRICS; m++)
    gtk_string_list_append (metrics, refract_metric_title (rf_compared_metric (m)));
  self->drops[0] = make_run_drop (self, _("First run"));
  self->drops[1] = make_run_drop (self, _("Second run"));
  self->metric_drop = GTK_DROP_DOWN (gtk_drop_down_new (NULL, NULL));
  gtk_drop_down_set_model (self->metric_drop, G_LIST_MODEL (metrics));
  gtk_drop_down_set_selected (self->metric_drop, DEFAULT_METRIC);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->metric_drop), _("Metric of the users and slices"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->metric_drop), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Metric of the users and slices"), -1);
  self->places = GTK_SPIN_BUTTON (gtk_spin_button_new_with_range (1, 1000, 1));
  gtk_spin_button_set_value (self->places, 20);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->places), 3);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (self->places), 4);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->places), _("Length of the lists"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->places), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Length of the lists"), -1);
  self->compare_button = GTK_BUTTON (gtk_button_new_with_mnemonic (_("Co_mpare")));
  gtk_widget_add_css_class (GTK_WIDGET (self->compare_button), "suggested-action");
  g_signal_connect_swapped (self->compare_button, "clicked", G_CALLBACK (compare_cb), self);
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->drops[0]));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->drops[1]));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->metric_drop));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->places));
  gtk_box_append (GTK_BOX (bar), make_more (self));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->compare_button));
  gtk_widget_add_css_class (bar, "toolbar");
  return bar;
}

static GtkWidget *
make_progress (RefractComparePage *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->progress = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  gtk_widget_set_hexpand (GTK_WIDGET (self->progress), TRUE);
  gtk_widget_set_valign (GTK_WIDGET (self->progress), GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Progress of the comparison"), -1);
  self->cancel_button = gtk_button_new_with_mnemonic (_("_Cancel"));
  g_signal_connect_swapped (self->cancel_button, "clicked", G_CALLBACK (cancel_cb), self);
  gtk_box_append (GTK_BOX (row), GTK_WIDGET (self->progress));
  gtk_box_append (GTK_BOX (row), self->cancel_button);
  gtk_widget_set_margin_start (row, 12);
  gtk_widget_set_margin_end (row, 12);
  return row;
}

static void
refract_compare_page_dispose (GObject *object)
{
  RefractComparePage *self = REFRACT_COMPARE_PAGE (object);

  drop_job (self);
  for (guint side = 0; side < 2 && self->drops[side]; side++)
    {
      g_signal_handlers_disconnect_by_data (self->drops[side], self);
      self->drops[side] = NULL;
    }
  g_clear_object (&self->session);
  G_OBJECT_CLASS (refract_compare_page_parent_class)->dispose (object);
}

static void
refract_compare_page_finalize (GObject *object)
{
  g_hash_table_unref (REFRACT_COMPARE_PAGE (object)->more);
  G_OBJECT_CLASS (refract_compare_page_parent_class)->finalize (object);
}

static void
refract_compare_page_class_init (RefractComparePageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = refract_compare_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = refract_compare_page_finalize;
  signals[USERS] = g_signal_new ("users", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3, G_TYPE_POINTER, G_TYPE_UINT, G_TYPE_STRING);
}

static void
refract_compare_page_init (RefractComparePage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->more = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->results = REFRACT_COMPARE_RESULTS (refract_compare_results_new ());
  g_signal_connect_swapped (self->results, "users", G_CALLBACK (users_cb), self);
  gtk_box_append (GTK_BOX (box), make_bar (self));
  gtk_box_append (GTK_BOX (box), make_progress (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->results));
  gtk_widget_set_vexpand (GTK_WIDGET (self->results), TRUE);
  adw_bin_set_child (ADW_BIN (self), box);
  update_buttons (self);
}
