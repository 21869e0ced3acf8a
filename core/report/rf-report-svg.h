/* rf-report-svg.h: drawings of core/plot as SVG inside an HTML page. Private to core/report.
 *
 * Cairo's SVG is a document of its own: ids that would clash, colours that ignore a dark page, style attributes that a strict
 * content security policy forbids, and every letter drawn anew. Here it is rewritten: ids are made unique, colours of the theme
 * become CSS classes (f-… fill, s-… stroke), the rest of the style becomes attributes, and letters go into one set of symbols
 * for the whole page.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/plot/rf-plot.h"

G_BEGIN_DECLS

typedef struct
{
  RfPlotTheme theme;    /* the one to draw with */
  GHashTable *symbols;  /* path data of a letter -> number */
  GPtrArray *paths;     /* the same, in order of their numbers */
  guint n_drawings;
} ReportSvg;

void report_svg_init (ReportSvg *self);
void report_svg_clear (ReportSvg *self);

/* One <svg> element, with the plot's own words as its label. */
void report_svg_append (ReportSvg *self, GString *out, const RfPlotKind *kind, gconstpointer plot, double width, double height);

/* The symbols that the drawings use: once, anywhere in the page. */
void report_svg_append_symbols (const ReportSvg *self, GString *out);

/* Text for HTML and SVG: what is special is escaped, what HTML cannot hold (control characters) becomes U+FFFD. */
void report_escape (GString *out, const char *text);

G_END_DECLS
