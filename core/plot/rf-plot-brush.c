/* rf-plot-brush.c: colours, patterns and text for the plots.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "core/plot/rf-plot-private.h"

#define PATTERN_PITCH 6.0 /* pixels between the lines or dots */

void
plot_set_color (cairo_t *cr, const RfPlotColor *color)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha);
}

void
plot_set_color_alpha (cairo_t *cr, const RfPlotColor *color, double alpha)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha * alpha);
}

void
plot_begin (cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  if (!theme->paint_background)
    return;
  plot_set_color (cr, &theme->background);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
}

static double
linear (double channel)
{
  return channel <= 0.04045 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

RfPlotColor
plot_ink_on (const RfPlotColor *color)
{
  double luminance = 0.2126 * linear (color->red) + 0.7152 * linear (color->green) + 0.0722 * linear (color->blue);
  gboolean black = (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05);

  return black ? (RfPlotColor) { 0, 0, 0, 1 } : (RfPlotColor) { 1, 1, 1, 1 };
}

void
plot_round_rectangle (cairo_t *cr, double x, double y, double width, double height, double radius)
{
  double r = fmin (radius, fmin (width, height) / 2);

  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - r, y + r, r, -M_PI / 2, 0);
  cairo_arc (cr, x + width - r, y + height - r, r, 0, M_PI / 2);
  cairo_arc (cr, x + r, y + height - r, r, M_PI / 2, M_PI);
  cairo_arc (cr, x + r, y + r, r, M_PI, 1.5 * M_PI);
  cairo_close_path (cr);
}

static void
add_diagonals (cairo_t *cr, double x, double y, double width, double height, gboolean falling)
{
  for (double at = -height; at < width; at += PATTERN_PITCH)
    {
      cairo_move_to (cr, x + at, falling ? y : y + height);
      cairo_line_to (cr, x + at + height, falling ? y + height : y);
    }
}

/* The pattern of a slot as a path to be stroked: none, /, dots, \, |, -. */
static void
add_pattern (cairo_t *cr, int slot, double x, double y, double width, double height)
{
  switch (slot)
    {
    case 1:
      add_diagonals (cr, x, y, width, height, FALSE);
      break;
    case 2:
      for (double at_y = y + PATTERN_PITCH / 2; at_y < y + height; at_y += PATTERN_PITCH)
        for (double at_x = x + PATTERN_PITCH / 2; at_x < x + width; at_x += PATTERN_PITCH)
          {
            cairo_new_sub_path (cr);
            cairo_arc (cr, at_x, at_y, 0.5, 0, 2 * M_PI);
          }
      break;
    case 3:
      add_diagonals (cr, x, y, width, height, TRUE);
      break;
    case 4:
      for (double at = x + PATTERN_PITCH / 2; at < x + width; at += PATTERN_PITCH)
        {
          cairo_move_to (cr, at, y);
          cairo_line_to (cr, at, y + height);
        }
      break;
    case 5:
      for (double at = y + PATTERN_PITCH / 2; at < y + height; at += PATTERN_PITCH)
        {
          cairo_move_to (cr, x, at);
          cairo_line_to (cr, x + width, at);
        }
      break;
    default:
      break;
    }
}

void
plot_fill_slot (cairo_t *cr, const RfPlotTheme *theme, int slot, double x, double y, double width, double height)
{
  const RfPlotColor *color = slot < 0 ? &theme->neutral : &theme->modality[slot];
  RfPlotColor ink = plot_ink_on (color);

  if (width <= 0 || height <= 0)
    return;
  plot_set_color (cr, color);
  cairo_rectangle (cr, x, y, width, height);
  cairo_fill (cr);
  if (slot <= 0)
    return;
  cairo_save (cr);
  cairo_rectangle (cr, x, y, width, height);
  cairo_clip (cr);
  add_pattern (cr, slot, x, y, width, height);
  plot_set_color_alpha (cr, &ink, 0.28);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
  cairo_restore (cr);
}

static PangoLayout *
lay_out_text (cairo_t *cr, const RfPlotTheme *theme, const PlotText *style, const char *text)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_from_string (theme->font);

  pango_font_description_set_absolute_size (font, theme->font_size * (style->scale > 0 ? style->scale : 1) * PANGO_SCALE);
  if (style->bold)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  if (style->max_width > 0)
    {
      pango_layout_set_width (layout, (int) (style->max_width * PANGO_SCALE));
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
    }
  pango_layout_set_text (layout, text, -1);
  return layout;
}

static void
measure (PangoLayout *layout, double *width, double *height)
{
  PangoRectangle logical;

  pango_layout_get_extents (layout, NULL, &logical);
  *width = (double) logical.width / PANGO_SCALE;
  *height = (double) logical.height / PANGO_SCALE;
}

void
plot_text (cairo_t *cr, const RfPlotTheme *theme, const PlotText *style, double x, double y, const char *text)
{
  static const PlotText defaults = { 0 };
  PangoLayout *layout;
  double width, height;

  if (style == NULL)
    style = &defaults;
  layout = lay_out_text (cr, theme, style, text);
  measure (layout, &width, &height);
  plot_set_color (cr, style->color != NULL ? style->color : &theme->foreground);
  cairo_move_to (cr, x - style->align_x * width, y - style->align_y * height);
  pango_cairo_show_layout (cr, layout);
  cairo_new_path (cr);
  g_object_unref (layout);
}

void
plot_text_size (cairo_t *cr, const RfPlotTheme *theme, const PlotText *style, const char *text, double *width, double *height)
{
  static const PlotText defaults = { 0 };
  PangoLayout *layout = lay_out_text (cr, theme, style != NULL ? style : &defaults, text);

  measure (layout, width, height);
  g_object_unref (layout);
}

void
plot_grid_line (cairo_t *cr, const RfPlotTheme *theme, double left, double right, double y, const char *label)
{
  const PlotText style = { .color = &theme->dim, .align_x = 1, .align_y = 0.5 };
  double at = round (y) + 0.5;

  plot_set_color (cr, &theme->grid);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, left, at);
  cairo_line_to (cr, right, at);
  cairo_stroke (cr);
  plot_text (cr, theme, &style, left - theme->font_size * 0.5, at, label);
}

void
plot_brush (cairo_t *cr, const RfPlotTheme *theme, double x, double y, double width, double height)
{
  cairo_rectangle (cr, x, y, width, height);
  plot_set_color_alpha (cr, &theme->accent, 0.15);
  cairo_fill_preserve (cr);
  plot_set_color (cr, &theme->accent);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

char *
plot_format (double value, int decimals)
{
  g_autofree char *text = NULL;

  if (isnan (value))
    return g_strdup ("–");
  text = decimals < 0 ? g_strdup_printf ("%.4g", value) : g_strdup_printf ("%.*f", decimals, value);
  if (text[0] != '-')
    return g_steal_pointer (&text);
  if (strspn (text, "-0.,") == strlen (text)) /* no "-0.00" */
    return g_strdup (text + 1);
  return g_strconcat ("\u2212", text + 1, NULL);
}

double
plot_axis_x (const PlotFrame *frame, guint axis, guint n_axes)
{
  return n_axes < 2 ? (frame->left + frame->right) / 2 : frame->left + (frame->right - frame->left) * axis / (n_axes - 1);
}

void
plot_axis_line (cairo_t *cr, const RfPlotTheme *theme, const PlotFrame *frame, double x)
{
  plot_set_color (cr, &theme->dim);
  cairo_set_line_width (cr, 1.2);
  cairo_move_to (cr, x, frame->top);
  cairo_line_to (cr, x, frame->bottom);
  cairo_stroke (cr);
}
