/* refract-bar-cell.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/cells/refract-bar-cell.h"

#include <glib/gi18n-lib.h>

#include "core/plot/rf-plot-bars.h"
#include "ui/charts/refract-plot.h"

struct _RefractBarCell
{
  GtkWidget parent_instance;

  RefractBarKind kind;
  RefractPlot *plot;
  RfModel *model;
  RfRanked ranked;
  RfPlotShares shares;
  RfPlotSigned parts;
  RfPlotBadge badge;
};

G_DEFINE_FINAL_TYPE (RefractBarCell, refract_bar_cell, GTK_TYPE_WIDGET)

GtkWidget *
refract_bar_cell_new (RefractBarKind kind)
{
  RefractBarCell *self = g_object_new (REFRACT_TYPE_BAR_CELL, NULL);

  self->kind = kind;
  self->plot = REFRACT_PLOT (refract_plot_new (kind == REFRACT_BAR_ATTENTION ? _("Attention") : kind == REFRACT_BAR_DRIVER ? _("Driver") : _("Contribution"),
                                               kind == REFRACT_BAR_DRIVER ? 90 : 130, kind == REFRACT_BAR_DRIVER ? 20 : 18));
  gtk_widget_set_can_target (GTK_WIDGET (self->plot), FALSE);
  gtk_widget_set_valign (GTK_WIDGET (self->plot), GTK_ALIGN_CENTER);
  gtk_widget_set_parent (GTK_WIDGET (self->plot), GTK_WIDGET (self));
  return GTK_WIDGET (self);
}

void
refract_bar_cell_set (RefractBarCell *self, const RfModel *model, const RfRanked *ranked, double low, double high)
{
  if (ranked == NULL)
    {
      refract_plot_set (self->plot, NULL, NULL);
      g_clear_pointer (&self->model, rf_model_unref);
      return;
    }
  if (self->model != model)
    {
      g_clear_pointer (&self->model, rf_model_unref);
      self->model = rf_model_ref ((RfModel *) model);
    }
  self->ranked = *ranked;
  if (self->kind == REFRACT_BAR_DRIVER)
    {
      self->badge = (RfPlotBadge) { model->n_modalities, (const char *const *) model->names, self->ranked.driver };
      refract_plot_set (self->plot, &rf_plot_badge_kind, &self->badge);
      return;
    }
  if (self->kind == REFRACT_BAR_ATTENTION)
    {
      self->shares = (RfPlotShares) { model->n_modalities, (const char *const *) model->names, self->ranked.attention, NULL };
      refract_plot_set (self->plot, &rf_plot_shares_kind, &self->shares);
    }
  else
    {
      self->parts = (RfPlotSigned) { model->n_modalities, (const char *const *) model->names, self->ranked.contribution, (double) self->ranked.popularity, low, high, FALSE };
      refract_plot_set (self->plot, &rf_plot_signed_kind, &self->parts);
    }
}

void
refract_bar_cell_fit (const RfModel *model, const RfRanked *ranked, double *low, double *high)
{
  RfPlotSigned parts = { model->n_modalities, (const char *const *) model->names, ranked->contribution, (double) ranked->popularity, 0, 0, FALSE };

  rf_plot_signed_fit (&parts, low, high);
}

static void
refract_bar_cell_dispose (GObject *object)
{
  RefractBarCell *self = REFRACT_BAR_CELL (object);

  if (self->plot)
    gtk_widget_unparent (GTK_WIDGET (self->plot));
  self->plot = NULL;
  g_clear_pointer (&self->model, rf_model_unref);
  G_OBJECT_CLASS (refract_bar_cell_parent_class)->dispose (object);
}

static void
refract_bar_cell_class_init (RefractBarCellClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = refract_bar_cell_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "barcell");
}

static void
refract_bar_cell_init (RefractBarCell *self)
{
}
