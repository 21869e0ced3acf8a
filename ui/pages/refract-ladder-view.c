/* refract-ladder-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-ladder-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/explain/rf-ladder.h"
#include "ui/refract-names.h"

struct _RefractLadderView
{
  AdwBin parent_instance;

  GtkGrid *grid;
};

G_DEFINE_FINAL_TYPE (RefractLadderView, refract_ladder_view, ADW_TYPE_BIN)

GtkWidget *
refract_ladder_view_new (void)
{
  return g_object_new (REFRACT_TYPE_LADDER_VIEW, NULL);
}

static void
attach (RefractLadderView *self, const char *text, int column, int row, gboolean number, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), number ? 1 : 0);
  if (number)
    gtk_widget_add_css_class (label, "numeric");
  if (style)
    gtk_widget_add_css_class (label, style);
  gtk_grid_attach (self->grid, label, column, row, 1, 1);
}

static int
by_ndcg (gconstpointer a, gconstpointer b)
{
  const RfRung *x = *(const RfRung *const *) a, *y = *(const RfRung *const *) b;

  return x->ndcg > y->ndcg ? -1 : x->ndcg < y->ndcg;
}

static void
attach_rung (RefractLadderView *self, const RfRung *rung, int row)
{
  const char *style = rung->baseline ? "dim-label" : NULL;
  g_autofree char *ndcg = g_strdup_printf ("%.4f", rung->ndcg), *recall = g_strdup_printf ("%.4f", rung->recall);
  g_autofree char *seconds = rung->baseline ? g_strdup ("") : g_strdup_printf (_("%.1f s"), rung->seconds);
  g_autofree char *agree = rung->has_attention ? g_strdup_printf ("%.0f %%", 100 * rung->top1) : g_strdup ("–");

  attach (self, rung->baseline ? refract_baseline_title (rung->name) : refract_fusion_title (rung->name), 0, row, FALSE, style);
  attach (self, ndcg, 1, row, TRUE, style);
  attach (self, recall, 2, row, TRUE, style);
  attach (self, seconds, 3, row, TRUE, style);
  attach (self, rung->baseline ? "" : agree, 4, row, TRUE, style);
}

void
refract_ladder_view_set_rungs (RefractLadderView *self, const GPtrArray *rungs)
{
  static const char *const titles[] = { N_("Fusion"), "NDCG@20", "Recall@20", N_("Time"), N_("Attention agrees") };
  g_autoptr(GPtrArray) sorted = g_ptr_array_new ();
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);
  gtk_widget_set_visible (GTK_WIDGET (self), rungs && rungs->len > 0);
  if (rungs == NULL)
    return;
  for (guint r = 0; r < rungs->len; r++)
    g_ptr_array_add (sorted, rungs->pdata[r]);
  g_ptr_array_sort (sorted, by_ndcg);
  for (gsize t = 0; t < G_N_ELEMENTS (titles); t++)
    attach (self, _(titles[t]), (int) t, 0, t > 0, "heading");
  for (guint r = 0; r < sorted->len; r++)
    attach_rung (self, sorted->pdata[r], (int) r + 1);
}

static void
refract_ladder_view_class_init (RefractLadderViewClass *klass)
{
}

static void
refract_ladder_view_init (RefractLadderView *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->grid, 18);
  gtk_grid_set_row_spacing (self->grid, 6);
  gtk_widget_add_css_class (GTK_WIDGET (self->grid), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self->grid), "comparison-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->grid), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Every fusion, best first"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->grid));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_AUTOMATIC, GTK_POLICY_NEVER);
  adw_bin_set_child (ADW_BIN (self), scrolled);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
