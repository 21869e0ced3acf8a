/* refract-plot.h: a widget that shows a drawing of core/plot in the colours of the desktop, and says it in words.
 *
 * The plot is a struct of the owner; it must live as long as it is set, and refract_plot_changed() is to be called when it changes.
 * CSS name: plot. Accessible role: img; the description is the plot's own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/plot/rf-plot.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_PLOT (refract_plot_get_type ())
G_DECLARE_FINAL_TYPE (RefractPlot, refract_plot, REFRACT, PLOT, GtkWidget)

/* label: its accessible name. */
GtkWidget *refract_plot_new (const char *label, int width, int height);
void refract_plot_set (RefractPlot *self, const RfPlotKind *kind, gconstpointer plot); /* kind NULL: nothing */
void refract_plot_changed (RefractPlot *self);
/* Only what is hovered, selected or brushed has changed. */
void refract_plot_marks_changed (RefractPlot *self);

const RfPlotKind *refract_plot_get_kind (RefractPlot *self, gconstpointer *plot); /* NULL: shows nothing */
/* What is saved and copied instead, in its proportions: a plot that on the screen lies over something has that with it then. kind NULL: itself.
 * Forgotten with refract_plot_set(). */
void refract_plot_set_saved (RefractPlot *self, const RfPlotKind *kind, gconstpointer plot);
const RfPlotKind *refract_plot_get_saved (RefractPlot *self, gconstpointer *plot, gboolean *proportional);

void refract_plot_set_natural_height (RefractPlot *self, int height);

/* How much larger than usual the desktop wants texts, 1 to 2. */
double refract_text_scale (void);

/* The theme it is drawn with now, for hit tests. */
void refract_plot_get_theme (RefractPlot *self, RfPlotTheme *theme);

/* Signals: "hovered" (double x, double y; -1, -1 when the pointer leaves), "pressed" (double x, double y), "moved" (int
 * direction) for the arrow keys, and "brushed" (double x, y, width, height) while a rectangle is drawn. */

G_END_DECLS
