/* rf-plot.h: drawings in pure Cairo: the same drawing on the screen, as PNG, SVG and PDF.
 *
 * A plot is a plain struct that borrows its numbers from the caller (RfPlotLines, RfPlotShares, ...), and a kind: how to draw
 * it, and how to say its message in words for those who do not see it. Drawing changes nothing and needs no display; text is
 * laid out by Pango. Lengths are in pixels of the cairo_t (points in a PDF); the drawing fills (0, 0) .. (width, height).
 *
 *   RfPlotTheme theme;
 *   rf_plot_theme_init (&theme, dark);
 *   rf_plot_ternary_draw (&plot, cr, width, height, &theme);
 *   rf_plot_write ("weights.svg", &rf_plot_ternary_kind, &plot, 480, 420, &theme, &error);
 *
 * A modality has one colour (of Okabe and Ito 2008, told apart with any colour vision) AND one letter AND one pattern,
 * the same in every plot, so that colour never carries a meaning alone.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include <glib.h>

#include "core/base/rf-types.h"

G_BEGIN_DECLS

typedef struct
{
  double red, green, blue, alpha; /* 0 .. 1 */
} RfPlotColor;

/* Plain data: copy it and change what you like (the application puts in the colours and the font of the desktop). */
typedef struct
{
  RfPlotColor background;
  RfPlotColor foreground; /* text and axes */
  RfPlotColor dim;        /* secondary text */
  RfPlotColor grid;
  RfPlotColor neutral;    /* popularity, and what belongs to no modality */
  RfPlotColor accent;     /* what is chosen or best */
  RfPlotColor modality[RF_MAX_MODALITIES]; /* by slot, see rf_plot_modality_slot() */
  const char *font;       /* a Pango family list; static or owned by the caller */
  double font_size;       /* pixels */
  gboolean paint_background; /* off: leave what is below (widgets, inline SVG) */
} RfPlotTheme;

void rf_plot_theme_init (RfPlotTheme *theme, gboolean dark);

/* Which colour and pattern modality m of a list of names has: fixed for image, text and behaviour; others take the free ones in
 * their order. 0 .. RF_MAX_MODALITIES - 1. */
guint rf_plot_modality_slot (const char *const *names, guint n, guint m);

/* Its letter, upper case and unique in the list, as a UTF-8 string: "I", "T", "B". */
#define RF_PLOT_LETTER_SIZE 8
void rf_plot_modality_letter (const char *const *names, guint n, guint m, char letter[RF_PLOT_LETTER_SIZE]);

/* Its name for a reader: translated for image, text and behaviour ("Image"), else the name as it is. */
const char *rf_plot_modality_label (const char *name);

/* What every plot type gives. */
typedef struct
{
  void (*draw) (gconstpointer plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme);
  char *(*describe) (gconstpointer plot);
  void (*table) (gconstpointer plot, GString *csv); /* its numbers as CSV (RFC 4180) with a heading row; NULL: has none */

  /* For plots of very many points, both or neither: draw() is base() and then mark(). A widget keeps what base() drew and calls
   * mark() again for what is hovered and selected. */
  void (*base) (gconstpointer plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme);
  void (*mark) (gconstpointer plot, cairo_t *cr, double width, double height, const RfPlotTheme *theme);
} RfPlotKind;

/* The numbers of a plot as CSV, "" if its kind has none. */
char *rf_plot_to_csv (const RfPlotKind *kind, gconstpointer plot) G_GNUC_WARN_UNUSED_RESULT;

/* Writes a drawing of width x height to a file, atomically. The ending of path says how: .png (at 2 pixels per unit), .svg,
 * .pdf (1 unit = 1 point), .csv (its numbers). RF_ERROR_CONFIG: another ending; RF_ERROR_IO. */
gboolean rf_plot_write (const char *path, const RfPlotKind *kind, gconstpointer plot, double width, double height,
                        const RfPlotTheme *theme, GError **error);

/* The drawing as a PNG at 2 pixels per unit, and as an SVG document. */
GBytes *rf_plot_to_png (const RfPlotKind *kind, gconstpointer plot, double width, double height,
                        const RfPlotTheme *theme) G_GNUC_WARN_UNUSED_RESULT;
GBytes *rf_plot_to_svg (const RfPlotKind *kind, gconstpointer plot, double width, double height,
                        const RfPlotTheme *theme) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
