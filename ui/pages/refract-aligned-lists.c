/* refract-aligned-lists.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-aligned-lists.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-sort.h"
#include "core/eval/rf-ranker.h"
#include "core/plot/rf-plot-slopes.h"
#include "ui/charts/refract-plot-menu.h"

#define PLACES 15

/* What a thread works out: two lists of one user. */
typedef struct
{
  RfTrained *runs[2];
  guint32 user;
  guint ticket;
  guint32 items[2][PLACES];
  gboolean hits[2][PLACES];
} Lists;

struct _RefractAlignedLists
{
  AdwBin parent_instance;

  GtkSearchEntry *search;
  GtkButton *previous, *next;
  GtkLabel *label;
  RefractPlot *plot;

  RfTrained *runs[2];
  double *deltas;
  guint32 *order; /* users with a difference, the largest change first */
  guint n_order, at;
  guint n_working, ticket;

  Lists *lists; /* what is shown */
  const char *labels[2][PLACES];
  RfPlotSlopes slopes;
};

G_DEFINE_FINAL_TYPE (RefractAlignedLists, refract_aligned_lists, ADW_TYPE_BIN)

GtkWidget *
refract_aligned_lists_new (void)
{
  return g_object_new (REFRACT_TYPE_ALIGNED_LISTS, NULL);
}

static void
lists_free (gpointer data)
{
  Lists *lists = data;

  rf_trained_unref (lists->runs[0]);
  rf_trained_unref (lists->runs[1]);
  g_free (lists);
}

static void
rank (Lists *lists, guint side)
{
  const RfTrained *run = lists->runs[side];
  const RfCsr *history = run->split->history;
  RfRankOptions options = { .k = PLACES };
  g_autofree guint32 *held_out = rf_trained_dup_held_out (run, lists->user, &options.n_relevant);
  g_autoptr(RfRanking) ranking = NULL;

  options.relevant = held_out;
  ranking = rf_rank_history (run->model, rf_csr_row (history, lists->user), rf_csr_row_length (history, lists->user), lists->user, &options);
  for (guint p = 0; p < PLACES; p++)
    {
      lists->items[side][p] = p < ranking->n ? ranking->items[p].item : G_MAXUINT32;
      lists->hits[side][p] = p < ranking->n && ranking->items[p].held_out_hit;
    }
}

static void
work_out (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  rank (data, 0);
  rank (data, 1);
  g_task_return_boolean (task, TRUE);
}

static void
clear_lists (RefractAlignedLists *self)
{
  refract_plot_set (self->plot, NULL, NULL);
  g_clear_pointer (&self->lists, lists_free);
}

static void
show_lists (RefractAlignedLists *self)
{
  const RfCatalog *catalog = self->lists->runs[0]->catalog;
  RfPlotTheme theme;
  guint n = PLACES;

  for (guint side = 0; side < 2; side++)
    for (guint p = 0; p < PLACES; p++)
      self->labels[side][p] = self->lists->items[side][p] != G_MAXUINT32 ? rf_catalog_get_item_label (catalog, self->lists->items[side][p]) : "";
  self->slopes = (RfPlotSlopes) { self->lists->runs[0]->run->id, self->lists->runs[1]->run->id, n, self->lists->items[0], self->lists->items[1], self->labels[0], self->labels[1],
                                  self->lists->hits[0], self->lists->hits[1], -1 };
  refract_plot_get_theme (self->plot, &theme);
  refract_plot_set_natural_height (self->plot, (int) ceil (rf_plot_slopes_get_height (n, &theme)));
  refract_plot_set (self->plot, &rf_plot_slopes_kind, &self->slopes);
}

static void
worked_out_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(RefractAlignedLists) self = data;
  const Lists *lists = g_task_get_task_data (G_TASK (result));

  self->n_working--;
  if (lists->ticket != self->ticket || self->plot == NULL)
    return;
  clear_lists (self);
  self->lists = g_memdup2 (lists, sizeof *lists);
  rf_trained_ref (self->lists->runs[0]);
  rf_trained_ref (self->lists->runs[1]);
  show_lists (self);
}

static void
show_user (RefractAlignedLists *self, guint32 user)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, worked_out_cb, g_object_ref (self));
  Lists *lists = g_new0 (Lists, 1);
  g_autofree char *text = NULL;
  const char *id = rf_catalog_get_user_id (self->runs[0]->catalog, user);

  lists->runs[0] = rf_trained_ref (self->runs[0]);
  lists->runs[1] = rf_trained_ref (self->runs[1]);
  lists->user = user;
  lists->ticket = ++self->ticket;
  g_task_set_task_data (task, lists, lists_free);
  self->n_working++;
  text = isnan (self->deltas[user]) ? g_strdup (id) : g_strdup_printf ("%s: %+.4f", id, self->deltas[user]);
  gtk_label_set_text (self->label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->label), _("What this user gains in the metric that is compared, second run less the first"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->previous), self->at > 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->next), self->at + 1 < self->n_order);
  g_task_run_in_thread (task, work_out);
}

gboolean
refract_aligned_lists_choose_user (RefractAlignedLists *self, const char *id)
{
  guint32 user = self->runs[0] ? rf_catalog_find_user (self->runs[0]->catalog, id) : RF_NO_INDEX;

  if (user == RF_NO_INDEX)
    return FALSE;
  for (guint i = 0; i < self->n_order; i++)
    if (self->order[i] == user)
      self->at = i;
  show_user (self, user);
  return TRUE;
}

gboolean
refract_aligned_lists_is_settled (RefractAlignedLists *self)
{
  return self->n_working == 0;
}

static void
step (RefractAlignedLists *self, int direction)
{
  if (self->n_order == 0)
    return;
  self->at = (guint) CLAMP ((int) self->at + direction, 0, (int) self->n_order - 1);
  show_user (self, self->order[self->at]);
}

static void
previous_cb (RefractAlignedLists *self)
{
  step (self, -1);
}

static void
next_cb (RefractAlignedLists *self)
{
  step (self, 1);
}

static void
search_cb (RefractAlignedLists *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));

  if (*text && !refract_aligned_lists_choose_user (self, text))
    gtk_widget_add_css_class (GTK_WIDGET (self->search), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->search), "error");
}

static int
by_change (gconstpointer a, gconstpointer b, gpointer data)
{
  const double *deltas = data;
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;
  double p = fabs (deltas[x]), q = fabs (deltas[y]);

  if (p != q)
    return p > q ? -1 : 1;
  return (x > y) - (x < y);
}

void
refract_aligned_lists_set (RefractAlignedLists *self, RfTrained *first, RfTrained *second, const double *deltas)
{
  guint32 n;

  clear_lists (self);
  self->ticket++;
  g_clear_pointer (&self->runs[0], rf_trained_unref);
  g_clear_pointer (&self->runs[1], rf_trained_unref);
  g_clear_pointer (&self->deltas, g_free);
  g_clear_pointer (&self->order, g_free);
  self->n_order = self->at = 0;
  if (first == NULL)
    return;
  n = rf_catalog_get_n_users (first->catalog);
  self->runs[0] = rf_trained_ref (first);
  self->runs[1] = rf_trained_ref (second);
  self->deltas = g_memdup2 (deltas, n * sizeof *deltas);
  self->order = g_new (guint32, (gsize) n + 1);
  for (guint32 u = 0; u < n; u++)
    if (!isnan (deltas[u]))
      self->order[self->n_order++] = u;
  rf_sort (self->order, self->n_order, sizeof *self->order, by_change, self->deltas);
  step (self, 0);
}

static void
hovered_cb (RefractAlignedLists *self, double x, double y)
{
  RfPlotTheme theme;
  int found = -1;

  if (self->lists == NULL)
    return;
  refract_plot_get_theme (self->plot, &theme);
  if (x >= 0)
    found = rf_plot_slopes_find (&self->slopes, gtk_widget_get_width (GTK_WIDGET (self->plot)), gtk_widget_get_height (GTK_WIDGET (self->plot)), &theme, x, y);
  if (found == self->slopes.hovered)
    return;
  self->slopes.hovered = found;
  refract_plot_changed (self->plot);
}

static GtkButton *
make_step (const char *icon, const char *tip, GCallback callback, RefractAlignedLists *self)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (button, tip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tip, -1);
  g_signal_connect_swapped (button, "clicked", callback, self);
  return GTK_BUTTON (button);
}

static void
refract_aligned_lists_dispose (GObject *object)
{
  RefractAlignedLists *self = REFRACT_ALIGNED_LISTS (object);

  if (self->plot)
    refract_aligned_lists_set (self, NULL, NULL, NULL);
  self->plot = NULL;
  G_OBJECT_CLASS (refract_aligned_lists_parent_class)->dispose (object);
}

static void
refract_aligned_lists_class_init (RefractAlignedListsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = refract_aligned_lists_dispose;
}

static void
refract_aligned_lists_init (RefractAlignedLists *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *scrolled = gtk_scrolled_window_new (), *legend = gtk_label_new (NULL);

  self->search = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  g_object_set (self->search, "placeholder-text", _("User id"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL, _("User whose lists are shown"), -1);
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (search_cb), self);
  self->previous = make_step ("go-previous-symbolic", _("A user with a larger change"), G_CALLBACK (previous_cb), self);
  self->next = make_step ("go-next-symbolic", _("A user with a smaller change"), G_CALLBACK (next_cb), self);
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "heading");
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->search));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->previous));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->next));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->label));
  gtk_label_set_text (GTK_LABEL (legend), _("Bold: only in this list · line: the same item in both · ✓ chosen later"));
  gtk_label_set_xalign (GTK_LABEL (legend), 0);
  gtk_label_set_wrap (GTK_LABEL (legend), TRUE);
  gtk_widget_add_css_class (legend, "dim-label");
  self->plot = REFRACT_PLOT (refract_plot_new (_("The two lists of one user"), 400, 300));
  refract_plot_add_menu (self->plot, "lists");
  g_signal_connect_swapped (self->plot, "hovered", G_CALLBACK (hovered_cb), self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->plot));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), legend);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_widget_add_css_class (box, "content");
  adw_bin_set_child (ADW_BIN (self), box);
}
