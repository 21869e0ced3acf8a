/* refract-why-text.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-why-text.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/explain/rf-words.h"

#define DENSEST   0.6  /* alpha of the word that adds most */
#define FAINTEST  0.06 /* of the largest share: less is not marked */
#define SPOKEN    5    /* words that the description names */
#define LONGEST   1500 /* characters that are shown */

char *
refract_why_describe_agreement (const RefractReasons *reasons)
{
  const RfModel *model = reasons->ranking->trained->model;
  const char *attention, *shapley;

  if (rf_model_get_n_modalities (model) < 2 || reasons->most_attention < 0)
    return g_strdup ("");
  if (reasons->most_shapley < 0)
    return g_strdup (_("No modality moves the score up."));
  attention = rf_plot_modality_label (rf_model_get_modality (model, (guint) reasons->most_attention));
  shapley = rf_plot_modality_label (rf_model_get_modality (model, (guint) reasons->most_shapley));
  if (reasons->most_attention == reasons->most_shapley)
    return g_strdup_printf (_("They agree: %s counts most."), attention);
  return g_strdup_printf (_("They differ: attention points at %s, but %s moves the score most."), attention, shapley);
}

static char *
describe_history (const RefractReasons *reasons)
{
  const RfCatalog *catalog = reasons->ranking->trained->catalog;
  g_autoptr(GString) names = g_string_new (NULL);

  for (guint i = 0; i < reasons->history.n; i++)
    g_string_append_printf (names, _("%s“%s”"), i ? ", " : "", rf_catalog_get_item_label (catalog, reasons->history.items[i]));
  return g_strdup_printf (reasons->history.minimal ? _("Without %s in the history it would fall out of the top %u, to %u (no smaller change does).")
                                                   : _("Without %s in the history it would fall out of the top %u, to %u."),
                          names->str, reasons->top, reasons->history.place);
}

char **
refract_why_describe_changes (const RefractReasons *reasons)
{
  const RfModel *model = reasons->ranking->trained->model;
  g_autoptr(GStrvBuilder) lines = g_strv_builder_new ();

  for (guint m = 0; m < rf_model_get_n_modalities (model); m++)
    if (reasons->without[m] > 0)
      {
        const char *label = rf_plot_modality_label (rf_model_get_modality (model, m));
        g_autofree char *line = reasons->without[m] == reasons->place + 1 ? g_strdup_printf (_("Without %s: still place %u"), label, reasons->place + 1)
                                                                          : g_strdup_printf (_("Without %s: place %u instead of %u"), label, reasons->without[m], reasons->place + 1);

        g_strv_builder_add (lines, line);
      }
  if (reasons->complete && reasons->history.found)
    {
      g_autofree char *line = describe_history (reasons);

      g_strv_builder_add (lines, line);
    }
  if (reasons->complete && reasons->weight.found)
    {
      const char *label = rf_plot_modality_label (rf_model_get_modality (model, reasons->weight.modality));
      g_autofree char *line = reasons->enters ? g_strdup_printf (_("With the weight of %s at %.2f it would enter the top 10, at %u."), label, (double) reasons->weight.weight, reasons->weight.place)
                                              : g_strdup_printf (_("With the weight of %s at %.2f it would leave the top %u, to %u."), label, (double) reasons->weight.weight, reasons->top,
                                                                 reasons->weight.place);

      g_strv_builder_add (lines, line);
    }
  return g_strv_builder_end (lines);
}

static void
mark (PangoAttrList *list, const RfTokenShare *token, double most, const RfPlotColor *color, gsize length)
{
  double value = token->share;
  PangoAttribute *attribute;

  if (token->begin >= length || fabs (value) < FAINTEST * most)
    return;
  if (value < 0)
    {
      attribute = pango_attr_underline_new (PANGO_UNDERLINE_SINGLE);
    }
  else
    {
      attribute = pango_attr_background_alpha_new ((guint16) (65535 * DENSEST * value / most));
      attribute->start_index = token->begin;
      attribute->end_index = MIN (token->end, (guint32) length);
      pango_attr_list_insert (list, attribute);
      attribute = pango_attr_background_new ((guint16) (65535 * color->red), (guint16) (65535 * color->green), (guint16) (65535 * color->blue));
    }
  attribute->start_index = token->begin;
  attribute->end_index = MIN (token->end, (guint32) length);
  pango_attr_list_insert (list, attribute);
}

static char *
describe_tokens (const RefractReasons *reasons)
{
  guint top[SPOKEN], n = rf_tokens_top (reasons->tokens, SPOKEN, top);
  g_autoptr(GString) text = g_string_new (_("Words that speak for it:"));
  guint named = 0;

  for (guint i = 0; i < n; i++)
    {
      const RfTokenShare *token = &g_array_index (reasons->tokens->tokens, RfTokenShare, top[i]);

      if (token->share > 0)
        g_string_append_printf (text, "%s %.*s", named++ ? "," : "", (int) (token->end - token->begin), reasons->text + token->begin);
    }
  return named > 0 ? g_strdup (text->str) : g_strdup (_("No word speaks for it."));
}

void
refract_why_mark_text (GtkLabel *label, const RefractReasons *reasons, const RfPlotTheme *theme)
{
  static const char *const names[] = { "text" };
  const RfPlotColor *color = &theme->modality[rf_plot_modality_slot (names, 1, 0)];
  const GArray *tokens = reasons->tokens->tokens;
  g_autoptr(PangoAttrList) list = pango_attr_list_new ();
  g_autofree char *shown = NULL, *spoken = describe_tokens (reasons);
  gsize length = strlen (reasons->text);
  double most = 0;

  if (g_utf8_strlen (reasons->text, -1) > LONGEST)
    length = (gsize) (g_utf8_offset_to_pointer (reasons->text, LONGEST) - reasons->text);
  for (guint t = 0; t < tokens->len; t++)
    most = fmax (most, fabs (g_array_index (tokens, RfTokenShare, t).share));
  for (guint t = 0; t < tokens->len && most > 0; t++)
    mark (list, &g_array_index (tokens, RfTokenShare, t), most, color, length);
  shown = length < strlen (reasons->text) ? g_strdup_printf ("%.*s…", (int) length, reasons->text) : g_strdup (reasons->text);
  gtk_label_set_text (label, shown);
  gtk_label_set_attributes (label, list);
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, spoken, -1);
}
