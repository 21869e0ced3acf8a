/* refract-bar-cell.h: the attention or contribution bar of a row of the ranking, or the badge of its driver.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/eval/rf-ranker.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_BAR_CELL (refract_bar_cell_get_type ())
G_DECLARE_FINAL_TYPE (RefractBarCell, refract_bar_cell, REFRACT, BAR_CELL, GtkWidget)

typedef enum
{
  REFRACT_BAR_ATTENTION,
  REFRACT_BAR_CONTRIBUTION,
  REFRACT_BAR_DRIVER, /* a badge */
} RefractBarKind;

GtkWidget *refract_bar_cell_new (RefractBarKind kind);

/* Copies what it shows; model must outlive it or be unset (ranked NULL). low, high: the common scale of signed bars. */
void refract_bar_cell_set (RefractBarCell *self, const RfModel *model, const RfRanked *ranked, double low, double high);

/* Widens the common scale of the signed bars so that this one fits. */
void refract_bar_cell_fit (const RfModel *model, const RfRanked *ranked, double *low, double *high);

G_END_DECLS
