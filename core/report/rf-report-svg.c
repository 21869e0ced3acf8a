/* rf-report-svg.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/report/rf-report-svg.h"

#include <libxml/parser.h>
#include <math.h>
#include <string.h>

/* What the ids of one of Cairo's documents are called in the page. */
typedef struct
{
  GHashTable *letters; /* id -> number of a symbol */
  GHashTable *others;  /* id -> number within the drawing */
} Ids;

void
report_svg_init (ReportSvg *self)
{
  rf_plot_theme_init (&self->theme, FALSE);
  self->theme.paint_background = FALSE;
  self->symbols = g_hash_table_new (g_str_hash, g_str_equal);
  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->n_drawings = 0;
}

void
report_svg_clear (ReportSvg *self)
{
  g_clear_pointer (&self->symbols, g_hash_table_unref);
  g_clear_pointer (&self->paths, g_ptr_array_unref);
}

void
report_escape (GString *out, const char *text)
{
  for (const char *at = text; *at != '\0'; at++)
    switch (*at)
      {
      case '&':
        g_string_append (out, "&amp;");
        break;
      case '<':
        g_string_append (out, "&lt;");
        break;
      case '>':
        g_string_append (out, "&gt;");
        break;
      case '"':
        g_string_append (out, "&quot;");
        break;
      case '\'':
        g_string_append (out, "&#39;");
        break;
      default:
        if (((guchar) *at < 0x20 && *at != '\t' && *at != '\n') || *at == 0x7f)
          g_string_append (out, "\xef\xbf\xbd");
        else
          g_string_append_c (out, *at);
      }
}

static void
append_attribute (GString *out, const char *name, const char *value)
{
  g_string_append_printf (out, " %s=\"", name);
  report_escape (out, value);
  g_string_append_c (out, '"');
}

/* The class of a colour that Cairo wrote as "rgb(R%,G%,B%)", or NULL when it is none of the theme's own. */
static const char *
find_class (const ReportSvg *self, const char *value)
{
  const struct { const char *name; const RfPlotColor *color; } classes[] = {
    { "fg", &self->theme.foreground }, { "dim", &self->theme.dim },       { "grid", &self->theme.grid },
    { "bg", &self->theme.background }, { "accent", &self->theme.accent },
  };
  double channels[3];

  if (!g_str_has_prefix (value, "rgb("))
    return NULL;
  value += strlen ("rgb(");
  for (guint c = 0; c < 3; c++)
    {
      char *end;

      channels[c] = g_ascii_strtod (value, &end) / 100;
      value = end + strspn (end, "%, ");
    }
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (fabs (channels[0] - classes[i].color->red) < 1e-4 && fabs (channels[1] - classes[i].color->green) < 1e-4 &&
        fabs (channels[2] - classes[i].color->blue) < 1e-4)
      return classes[i].name;
  return NULL;
}

/* White as ink on a coloured bar must stay white: only what is drawn in the page's own colours may follow the page. The ink is
 * pure white and so is the light theme's background; the background is never used for text, and ink never for strokes. */
static void
append_paint (const ReportSvg *self, GString *attributes, GString *classes, const char *name, const char *value)
{
  gboolean is_fill = strcmp (name, "fill") == 0;
  const char *class = find_class (self, value);

  if (class == NULL || (is_fill && strcmp (class, "bg") == 0))
    append_attribute (attributes, name, value);
  else
    g_string_append_printf (classes, "%s%c-%s", classes->len > 0 ? " " : "", is_fill ? 'f' : 's', class);
}

static void
append_property (const ReportSvg *self, GString *attributes, GString *classes, const char *name, const char *value)
{
  static const char *const defaults[][2] = {
    { "fill-opacity", "1" }, { "stroke-opacity", "1" }, { "stroke-miterlimit", "10" }, { "fill-rule", "nonzero" },
    { "stroke-linecap", "butt" }, { "clip-rule", "nonzero" }, { "stroke", "none" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (defaults); i++)
    if (strcmp (name, defaults[i][0]) == 0 && strcmp (value, defaults[i][1]) == 0)
      return;
  if (strcmp (name, "fill") == 0 || strcmp (name, "stroke") == 0)
    append_paint (self, attributes, classes, name, value);
  else
    append_attribute (attributes, name, value);
}

static void
append_style (const ReportSvg *self, GString *attributes, GString *classes, const char *style)
{
  g_auto(GStrv) properties = g_strsplit (style, ";", -1);

  for (char **property = properties; *property != NULL; property++)
    {
      char *colon = strchr (*property, ':');

      if (colon == NULL)
        continue;
      *colon = '\0';
      append_property (self, attributes, classes, g_strstrip (*property), g_strstrip (colon + 1));
    }
}

/* Cairo numbers some ids through the whole life of the program; ours count from 1 in each drawing, so that equal drawings are
 * equal bytes. */
static guint
number_of (GHashTable *ids, const char *id, gsize length)
{
  g_autofree char *key = g_strndup (id, length);
  gpointer number;

  if (!g_hash_table_lookup_extended (ids, key, NULL, &number))
    {
      number = GUINT_TO_POINTER (g_hash_table_size (ids) + 1);
      g_hash_table_insert (ids, g_steal_pointer (&key), number);
    }
  return GPOINTER_TO_UINT (number);
}

/* "#clip3" and "url(#clip3)" point to what is renamed. */
static void
append_reference (const ReportSvg *self, GString *attributes, const char *name, const char *value, const Ids *ids)
{
  const char *id = strchr (value, '#') + 1;
  gboolean is_url = g_str_has_prefix (value, "url(");
  gpointer number;

  if (!is_url && g_hash_table_lookup_extended (ids->letters, id, NULL, &number))
    g_string_append_printf (attributes, " href=\"#g%u\"", GPOINTER_TO_UINT (number));
  else
    g_string_append_printf (attributes, is_url ? " %s=\"url(#d%u-%u)\"" : " %s=\"#d%u-%u\"", name, self->n_drawings,
                            number_of (ids->others, id, strcspn (id, ")")));
}

static void
append_attributes (const ReportSvg *self, GString *out, xmlNode *node, const Ids *ids)
{
  g_autoptr(GString) classes = g_string_new (NULL);

  for (xmlAttr *attribute = node->properties; attribute != NULL; attribute = attribute->next)
    {
      const char *name = (const char *) attribute->name;
      xmlChar *raw = xmlNodeListGetString (node->doc, attribute->children, 1);
      const char *value = raw != NULL ? (const char *) raw : "";

      if (strcmp (name, "style") == 0)
        append_style (self, out, classes, value);
      else if (strcmp (name, "id") == 0)
        g_string_append_printf (out, " id=\"d%u-%u\"", self->n_drawings, number_of (ids->others, value, strlen (value)));
      else if (strchr (value, '#') != NULL)
        append_reference (self, out, name, value, ids);
      else
        append_property (self, out, classes, name, value);
      xmlFree (raw);
    }
  if (classes->len > 0)
    append_attribute (out, "class", classes->str);
}

static xmlNode *
first_element (xmlNode *parent, const char *name)
{
  for (xmlNode *child = parent->children; child != NULL; child = child->next)
    if (child->type == XML_ELEMENT_NODE && strcmp ((const char *) child->name, name) == 0)
      return child;
  return NULL;
}

/* A letter: its outline becomes a symbol of the page, found again by the outline itself. */
static void
learn_letter (ReportSvg *self, xmlNode *symbol, GHashTable *letters)
{
  xmlNode *group = first_element (symbol, "g"), *path = first_element (group != NULL ? group : symbol, "path");
  xmlChar *id = xmlGetProp (symbol, (const xmlChar *) "id"), *data = path != NULL ? xmlGetProp (path, (const xmlChar *) "d") : NULL;
  gpointer number;

  if (data == NULL) /* Cairo 1.18 gives a blank no path at all */
    data = xmlStrdup ((const xmlChar *) "");
  if (id != NULL)
    {
      if (!g_hash_table_lookup_extended (self->symbols, data, NULL, &number))
        {
          char *kept = g_strdup ((const char *) data);

          number = GUINT_TO_POINTER (self->paths->len);
          g_ptr_array_add (self->paths, kept);
          g_hash_table_insert (self->symbols, kept, number);
        }
      g_hash_table_insert (letters, g_strdup ((const char *) id), number);
    }
  xmlFree (id);
  xmlFree (data);
}

/* Letters are <symbol id="glyph0-1"> in Cairo up to 1.16, <g id="glyph-0-1"> from 1.18 on. */
static gboolean
is_letter (xmlNode *node)
{
  xmlChar *id;
  gboolean found;

  if (node->type != XML_ELEMENT_NODE)
    return FALSE;
  id = xmlGetProp (node, (const xmlChar *) "id");
  found = id != NULL && g_str_has_prefix ((const char *) id, "glyph");
  xmlFree (id);
  return found;
}

static void
learn_letters (ReportSvg *self, xmlNode *node, GHashTable *letters)
{
  for (; node != NULL; node = node->next)
    if (is_letter (node))
      learn_letter (self, node, letters);
    else
      learn_letters (self, node->children, letters);
}

static void
append_nodes (ReportSvg *self, GString *out, xmlNode *node, const Ids *ids)
{
  for (; node != NULL; node = node->next)
    {
      if (node->type != XML_ELEMENT_NODE || is_letter (node))
        continue;
      g_string_append_printf (out, "<%s", (const char *) node->name);
      append_attributes (self, out, node, ids);
      if (node->children == NULL)
        g_string_append (out, "/>");
      else
        {
          g_string_append_c (out, '>');
          append_nodes (self, out, node->children, ids);
          g_string_append_printf (out, "</%s>", (const char *) node->name);
        }
    }
}

void
report_svg_append (ReportSvg *self, GString *out, const RfPlotKind *kind, gconstpointer plot, double width, double height)
{
  g_autoptr(GBytes) bytes = rf_plot_to_svg (kind, plot, width, height, &self->theme);
  g_autoptr(GHashTable) letters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) others = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *words = kind->describe (plot);
  Ids ids = { letters, others };
  xmlDoc *document = xmlReadMemory (g_bytes_get_data (bytes, NULL), (int) g_bytes_get_size (bytes), NULL, "UTF-8", XML_PARSE_NONET | XML_PARSE_NOBLANKS);
  xmlNode *root = document != NULL ? xmlDocGetRootElement (document) : NULL;

  RF_CHECK (root != NULL, "cairo wrote an SVG that is no XML");
  self->n_drawings++;
  learn_letters (self, root->children, letters);
  g_string_append_printf (out, "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"", (int) width, (int) height,
                          (int) width, (int) height);
  report_escape (out, words);
  g_string_append (out, "\"><title>");
  report_escape (out, words);
  g_string_append (out, "</title>");
  append_nodes (self, out, root->children, &ids);
  g_string_append (out, "</svg>\n");
  xmlFreeDoc (document);
}

void
report_svg_append_symbols (const ReportSvg *self, GString *out)
{
  g_string_append (out, "<svg class=\"symbols\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>\n");
  for (guint i = 0; i < self->paths->len; i++)
    g_string_append_printf (out, "<path id=\"g%u\" d=\"%s\"/>\n", i, (const char *) self->paths->pdata[i]);
  g_string_append (out, "</defs></svg>\n");
}
