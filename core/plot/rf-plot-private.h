/* rf-plot-private.h: brushes and letters that the plots and the PDF report share. Private to core/plot and core/report.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/plot/rf-plot.h"

G_BEGIN_DECLS

void plot_set_color (cairo_t *cr, const RfPlotColor *color);
void plot_set_color_alpha (cairo_t *cr, const RfPlotColor *color, double alpha);

/* Paints the background if the theme wants it, and sets up line caps. Every draw function starts with it. */
void plot_begin (cairo_t *cr, double width, double height, const RfPlotTheme *theme);

/* Black or white, whichever is easier to read on a colour (WCAG 2 contrast ratio). */
RfPlotColor plot_ink_on (const RfPlotColor *color);

/* Fills a rectangle with the colour and the pattern of a slot. slot < 0: the neutral colour, no pattern. */
void plot_fill_slot (cairo_t *cr, const RfPlotTheme *theme, int slot, double x, double y, double width, double height);

/* A round-cornered rectangle as the current path. */
void plot_round_rectangle (cairo_t *cr, double x, double y, double width, double height, double radius);

typedef struct
{
  const RfPlotColor *color; /* NULL: the theme's foreground */
  double scale;             /* of the theme's font size; 0: 1 */
  double align_x, align_y;  /* which point of the text lies at (x, y): 0 left / top .. 1 right / bottom */
  double max_width;         /* ellipsised beyond; 0: no limit */
  gboolean bold;
} PlotText;

/* Draws one line of plain text (no markup). text_style NULL: defaults. */
void plot_text (cairo_t *cr, const RfPlotTheme *theme, const PlotText *style, double x, double y, const char *text);
void plot_text_size (cairo_t *cr, const RfPlotTheme *theme, const PlotText *style, const char *text, double *width, double *height);

/* A horizontal line of the grid from left to right at height y, and its label to the left of it. */
void plot_grid_line (cairo_t *cr, const RfPlotTheme *theme, double left, double right, double y, const char *label);

/* Parallel axes: where they stand, the place of one of n, and its line. */
typedef struct
{
  double left, right, top, bottom;
} PlotFrame;

double plot_axis_x (const PlotFrame *frame, guint axis, guint n_axes);
void plot_axis_line (cairo_t *cr, const RfPlotTheme *theme, const PlotFrame *frame, double x);

/* A rectangle that is being brushed. */
void plot_brush (cairo_t *cr, const RfPlotTheme *theme, double x, double y, double width, double height);

/* Cells of a table, in order: a comma before each but the first of a row. A text that a spreadsheet would compute gets an
 * apostrophe in front, a number that is not finite is an empty cell. */
void plot_csv_text (GString *csv, const char *text);
void plot_csv_number (GString *csv, double value);
void plot_csv_end (GString *csv); /* of the row */

/* A number with a true minus sign; decimals < 0: four significant digits. */
char *plot_format (double value, int decimals) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
