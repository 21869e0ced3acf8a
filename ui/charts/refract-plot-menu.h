/* refract-plot-menu.h: what can be done with a chart: save it as a picture or as numbers, copy it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/charts/refract-plot.h"

G_BEGIN_DECLS

/* A menu on the secondary button, the Menu key and Shift+F10. name: what a file is called ("ternary"); static. */
void refract_plot_add_menu (RefractPlot *plot, const char *name);

/* Writes it as it is shown, in light colours on white; the ending of path says how, see rf_plot_write(). */
gboolean refract_plot_save (RefractPlot *plot, const char *path, GError **error);
void refract_plot_copy (RefractPlot *plot);

G_END_DECLS
