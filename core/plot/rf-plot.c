/* rf-plot.c: themes, modalities, and drawings to files.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/plot/rf-plot.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/plot/rf-plot-private.h"
#include "core/train/rf-modality.h"

#define PNG_SCALE 2

#define RGB(hex) { ((hex) >> 16 & 0xff) / 255.0, ((hex) >> 8 & 0xff) / 255.0, ((hex) & 0xff) / 255.0, 1 }

static const RfPlotTheme light_theme = {
  .background = RGB (0xffffff),
  .foreground = RGB (0x2b2b30),
  .dim = RGB (0x66666e),
  .grid = RGB (0xd6d6dd),
  .neutral = RGB (0x8f8f98),
  .accent = RGB (0x1a1a1e),
  .modality = { RGB (0x0072b2), RGB (0xe69f00), RGB (0x009e73), RGB (0xcc79a7), RGB (0xd55e00), RGB (0x56b4e9) },
  .font = "Cantarell, Sans",
  .font_size = 12,
  .paint_background = TRUE,
};

/* The same hues; the blue and the green are lifted, because they sink on black. */
static const RfPlotTheme dark_theme = {
  .background = RGB (0x1e1e22),
  .foreground = RGB (0xececf0),
  .dim = RGB (0xa9a9b2),
  .grid = RGB (0x43434b),
  .neutral = RGB (0x8f8f98),
  .accent = RGB (0xffffff),
  .modality = { RGB (0x3d9fdd), RGB (0xf0b030), RGB (0x1fb98d), RGB (0xdd92bb), RGB (0xea7a2a), RGB (0x8fd0f5) },
  .font = "Cantarell, Sans",
  .font_size = 12,
  .paint_background = TRUE,
};

static const char *const known_modalities[] = { "image", "text", "behaviour" };

void
rf_plot_theme_init (RfPlotTheme *theme, gboolean dark)
{
  *theme = dark ? dark_theme : light_theme;
}

static int
find_known (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (known_modalities); i++)
    if (strcmp (name, known_modalities[i]) == 0)
      return (int) i;
  return -1;
}

guint
rf_plot_modality_slot (const char *const *names, guint n, guint m)
{
  gboolean taken[RF_MAX_MODALITIES] = { FALSE };
  guint slot = 0;

  RF_CHECK (n <= RF_MAX_MODALITIES && m < n, "modality %u of %u", m, n);
  if (find_known (names[m]) >= 0)
    return (guint) find_known (names[m]);
  for (guint i = 0; i < n; i++)
    if (find_known (names[i]) >= 0)
      taken[find_known (names[i])] = TRUE;

  /* Those of the three that are away are given only when the others are used up. */
  for (guint i = 0; i <= m; i++)
    {
      if (find_known (names[i]) >= 0)
        continue;
      slot = G_N_ELEMENTS (known_modalities);
      while (taken[slot % RF_MAX_MODALITIES])
        slot++;
      slot %= RF_MAX_MODALITIES;
      taken[slot] = TRUE;
    }
  return slot;
}

static void
first_letter (const char *name, char letter[RF_PLOT_LETTER_SIZE])
{
  const char *label = rf_plot_modality_label (name);

  memset (letter, 0, RF_PLOT_LETTER_SIZE);
  if (*label != '\0')
    g_unichar_to_utf8 (g_unichar_toupper (g_utf8_get_char (label)), letter);
}

void
rf_plot_modality_letter (const char *const *names, guint n, guint m, char letter[RF_PLOT_LETTER_SIZE])
{
  RF_CHECK (m < n, "modality %u of %u", m, n);
  first_letter (names[m], letter);
  for (guint i = 0; i < m; i++)
    {
      char other[RF_PLOT_LETTER_SIZE];

      first_letter (names[i], other);
      if (strcmp (letter, other) == 0)
        g_snprintf (letter, RF_PLOT_LETTER_SIZE, "%u", m + 1);
    }
}

const char *
rf_plot_modality_label (const char *name)
{
  return rf_modality_get_title (name);
}

static cairo_status_t
append_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static void
draw_on (cairo_surface_t *surface, const RfPlotKind *kind, gconstpointer plot, double width, double height, const RfPlotTheme *theme)
{
  cairo_t *cr = cairo_create (surface);

  kind->draw (plot, cr, width, height, theme);
  cairo_destroy (cr);
}

static GBytes *
draw_document (gboolean pdf, const RfPlotKind *kind, gconstpointer plot, double width, double height, const RfPlotTheme *theme)
{
  GByteArray *bytes = g_byte_array_new ();
  cairo_surface_t *surface = pdf ? cairo_pdf_surface_create_for_stream (append_bytes, bytes, width, height)
                                 : cairo_svg_surface_create_for_stream (append_bytes, bytes, width, height);

  if (!pdf)
    cairo_svg_surface_set_document_unit (surface, CAIRO_SVG_UNIT_PX);
  draw_on (surface, kind, plot, width, height, theme);
  cairo_surface_destroy (surface);
  return g_byte_array_free_to_bytes (bytes);
}

static GBytes *
draw_png (const RfPlotKind *kind, gconstpointer plot, double width, double height, const RfPlotTheme *theme)
{
  GByteArray *bytes = g_byte_array_new ();
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) ceil (width * PNG_SCALE), (int) ceil (height * PNG_SCALE));

  cairo_surface_set_device_scale (surface, PNG_SCALE, PNG_SCALE);
  draw_on (surface, kind, plot, width, height, theme);
  cairo_surface_write_to_png_stream (surface, append_bytes, bytes);
  cairo_surface_destroy (surface);
  return g_byte_array_free_to_bytes (bytes);
}

GBytes *
rf_plot_to_png (const RfPlotKind *kind, gconstpointer plot, double width, double height, const RfPlotTheme *theme)
{
  return draw_png (kind, plot, width, height, theme);
}

char *
rf_plot_to_csv (const RfPlotKind *kind, gconstpointer plot)
{
  GString *csv = g_string_new (NULL);

  if (kind->table)
    kind->table (plot, csv);
  return g_string_free (csv, FALSE);
}

void
plot_csv_text (GString *csv, const char *text)
{
  gboolean guarded = text[0] != '\0' && strchr ("=+-@\t\r", text[0]) != NULL;

  if (csv->len > 0 && csv->str[csv->len - 1] != '\n')
    g_string_append_c (csv, ',');
  if (guarded || strpbrk (text, ",\"\r\n") != NULL)
    {
      g_string_append (csv, guarded ? "\"'" : "\"");
      for (; *text != '\0'; text++)
        g_string_append (csv, (*text == '"' ? "\"\"" : (char[]) { *text, '\0' })); /* a macro in newer GLib: one argument */
      g_string_append_c (csv, '"');
      return;
    }
  g_string_append (csv, text);
}

void
plot_csv_number (GString *csv, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (csv->len > 0 && csv->str[csv->len - 1] != '\n')
    g_string_append_c (csv, ',');
  if (isfinite (value))
    g_string_append (csv, g_ascii_formatd (text, sizeof text, "%.9g", value));
}

void
plot_csv_end (GString *csv)
{
  g_string_append (csv, "\r\n");
}

GBytes *
rf_plot_to_svg (const RfPlotKind *kind, gconstpointer plot, double width, double height, const RfPlotTheme *theme)
{
  return draw_document (FALSE, kind, plot, width, height, theme);
}

gboolean
rf_plot_write (const char *path, const RfPlotKind *kind, gconstpointer plot, double width, double height,
               const RfPlotTheme *theme, GError **error)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) raw = NULL;

  if (g_str_has_suffix (lower, ".png"))
    bytes = draw_png (kind, plot, width, height, theme);
  else if (g_str_has_suffix (lower, ".svg"))
    bytes = draw_document (FALSE, kind, plot, width, height, theme);
  else if (g_str_has_suffix (lower, ".pdf"))
    bytes = draw_document (TRUE, kind, plot, width, height, theme);
  else if (g_str_has_suffix (lower, ".csv") && kind->table)
    {
      char *csv = rf_plot_to_csv (kind, plot);

      bytes = g_bytes_new_take (csv, strlen (csv));
    }
  else
    {
      g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("“%s” ends in none of .png, .svg, .pdf and .csv; give the picture such a name."), path);
      return FALSE;
    }
  if (g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), &raw))
    return TRUE;
  g_set_error (error, RF_ERROR, RF_ERROR_IO, _("The drawing could not be written: %s"), raw->message);
  return FALSE;
}
