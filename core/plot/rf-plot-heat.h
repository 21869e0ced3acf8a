/* rf-plot-heat.h: where in a picture something happens, laid over the picture: the more a cell counts, the denser its colour.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/plot/rf-plot.h"

G_BEGIN_DECLS

typedef struct
{
  guint cells;         /* cells x cells over the whole picture */
  const float *values; /* row by row; only what is > 0 is drawn, densest at the largest */
  double aspect;       /* width / height of the picture, which is centred in the area; <= 0: fills it */
  cairo_surface_t *picture; /* of any size, drawn under the cells; NULL: it is there already */
} RfPlotHeat;

void rf_plot_heat_draw (const RfPlotHeat *plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme);
/* "Counts most at the top left; the strongest quarter of the picture holds 61 % of it." */
char *rf_plot_heat_describe (const RfPlotHeat *plot) G_GNUC_WARN_UNUSED_RESULT;
extern const RfPlotKind rf_plot_heat_kind;

G_END_DECLS
