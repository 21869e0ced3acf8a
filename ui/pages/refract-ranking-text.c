/* refract-ranking-text.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-ranking-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/refract-place-order.h"
#include "core/plot/rf-plot-bars.h"

#define NAMED 4 /* items that a sentence names */

char *
refract_ranking_describe_place (const RefractRanking *ranking, guint place)
{
  const RfModel *model = ranking->trained->model;
  const RfRanked *ranked = &ranking->ranking->items[place];
  RfPlotShares shares = { model->n_modalities, (const char *const *) model->names, ranked->attention, NULL };
  g_autofree char *attention = rf_plot_shares_describe (&shares);
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, _("%u: %s. Score %.3f."), place + 1, rf_catalog_get_item_label (ranking->trained->catalog, ranked->item), (double) ranked->score);
  if (ranked->driver >= 0)
    g_string_append_printf (text, _(" Driven by %s."), rf_plot_modality_label (model->names[ranked->driver]));
  g_string_append_printf (text, " %s", attention);
  if (ranked->held_out_hit)
    g_string_append_printf (text, " %s.", _("Chosen later"));
  if (ranked->in_history)
    g_string_append_printf (text, " %s.", _("In the history"));
  return g_strdup (text->str);
}

typedef void (*PutCell) (GString *out, const char *text);

static void
put_tab_cell (GString *out, const char *text)
{
  if (out->len > 0 && out->str[out->len - 1] != '\n')
    g_string_append_c (out, '\t');
  for (; *text; text++)
    g_string_append_c (out, *text == '\t' || *text == '\n' || *text == '\r' ? ' ' : *text);
}

static void
put_html_cell (GString *out, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append_printf (out, "<td>%s</td>", escaped);
}

static void
put_head (GString *out, const RfModel *model, PutCell put)
{
  static const char *const fixed[] = { N_("Place"), N_("Id"), N_("Item"), N_("Score"), N_("Driver") };

  for (gsize i = 0; i < G_N_ELEMENTS (fixed); i++)
    put (out, _(fixed[i]));
  for (guint m = 0; m < model->n_modalities; m++)
    {
      g_autofree char *text = g_strdup_printf (_("Attention %s"), rf_plot_modality_label (model->names[m]));

      put (out, text);
    }
  for (guint m = 0; m < model->n_modalities; m++)
    {
      g_autofree char *text = g_strdup_printf (_("Contribution %s"), rf_plot_modality_label (model->names[m]));

      put (out, text);
    }
  put (out, _("Popularity"));
  put (out, _("Marks"));
}

static void
put_number (GString *out, PutCell put, float value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  put (out, g_ascii_formatd (text, sizeof text, "%.6g", (double) value));
}

static void
put_place (GString *out, const RefractRanking *ranking, guint32 place, PutCell put)
{
  const RfModel *model = ranking->trained->model;
  const RfCatalog *catalog = ranking->trained->catalog;
  const RfRanked *ranked = &ranking->ranking->items[place];
  g_autofree char *number = g_strdup_printf ("%u", place + 1);

  put (out, number);
  put (out, rf_catalog_get_item_id (catalog, ranked->item));
  put (out, rf_catalog_get_item_title (catalog, ranked->item));
  put_number (out, put, ranked->score);
  put (out, ranked->driver >= 0 ? rf_plot_modality_label (model->names[ranked->driver]) : "–");
  for (guint m = 0; m < model->n_modalities; m++)
    put_number (out, put, ranked->attention[m]);
  for (guint m = 0; m < model->n_modalities; m++)
    put_number (out, put, ranked->contribution[m]);
  put_number (out, put, ranked->popularity);
  put (out, ranked->held_out_hit ? _("Chosen later") : ranked->in_history ? _("In the history") : "");
}

char *
refract_ranking_to_tsv (const RefractRanking *ranking, const guint32 *places, guint n)
{
  g_autoptr(GString) out = g_string_new (NULL);

  if (ranking == NULL)
    return g_strdup ("");
  put_head (out, ranking->trained->model, put_tab_cell);
  g_string_append_c (out, '\n');
  for (guint i = 0; i < n; i++)
    {
      put_place (out, ranking, places[i], put_tab_cell);
      g_string_append_c (out, '\n');
    }
  return g_strdup (out->str);
}

char *
refract_ranking_to_html (const RefractRanking *ranking, const guint32 *places, guint n)
{
  g_autoptr(GString) out = g_string_new ("<meta charset=\"utf-8\"><table><tr>");

  if (ranking == NULL)
    return g_strdup ("");
  put_head (out, ranking->trained->model, put_html_cell);
  g_string_append (out, "</tr>");
  for (guint i = 0; i < n; i++)
    {
      g_string_append (out, "<tr>");
      put_place (out, ranking, places[i], put_html_cell);
      g_string_append (out, "</tr>");
    }
  g_string_append (out, "</table>");
  return g_strdup (out->str);
}

static void
append_names (GString *text, const RfCatalog *catalog, const guint32 *items, guint n)
{
  for (guint i = 0; i < MIN (n, NAMED); i++)
    g_string_append_printf (text, "%s%s", i ? ", " : " ", rf_catalog_get_item_label (catalog, items[i]));
  if (n > NAMED)
    g_string_append_printf (text, _(" and %u more"), n - NAMED);
  g_string_append_c (text, '.');
}

char *
refract_ranking_describe_moves (const RefractRanking *ranking, guint top)
{
  const RfCatalog *catalog = ranking->trained->catalog;
  guint32 n_items = rf_model_get_n_items (ranking->trained->model);
  g_autofree guint32 *enter = g_new (guint32, top + 1), *leave = g_new (guint32, top + 1);
  g_autoptr(GHashTable) now = g_hash_table_new (NULL, NULL);
  g_autoptr(GString) text = g_string_new (NULL);
  guint n_enter = 0, n_leave = 0;

  if (!ranking->reweighted)
    return g_strdup ("");
  for (guint p = 0; p < MIN (top, ranking->ranking->n); p++)
    {
      guint32 item = ranking->ranking->items[p].item;

      g_hash_table_add (now, GUINT_TO_POINTER (item));
      if (ranking->trained_rank[item] > top)
        enter[n_enter++] = item;
    }
  for (guint32 i = 0; i < n_items && n_leave < top; i++)
    if (ranking->trained_rank[i] >= 1 && ranking->trained_rank[i] <= top && !g_hash_table_contains (now, GUINT_TO_POINTER (i)))
      leave[n_leave++] = i;
  if (n_enter == 0 && n_leave == 0)
    return g_strdup_printf (_("The same items stand in the top %u."), top);
  g_string_append_printf (text, _("Enter the top %u:"), top);
  append_names (text, catalog, enter, n_enter);
  g_string_append (text, _(" Leave it:"));
  append_names (text, catalog, leave, n_leave);
  return g_strdup (text->str);
}

char *
refract_ranking_describe_drivers (const RefractRanking *ranking, guint top)
{
  const RfModel *model = ranking->trained->model;
  guint counts[RF_MAX_MODALITIES] = { 0 }, n = MIN (top, ranking->ranking->n), first = 0;
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint p = 0; p < n; p++)
    if (ranking->ranking->items[p].driver >= 0)
      counts[ranking->ranking->items[p].driver]++;
  for (guint m = 1; m < model->n_modalities; m++)
    if (counts[m] > counts[first])
      first = m;
  if (n == 0)
    return g_strdup (_("There is nothing to recommend."));
  g_string_append_printf (text, _("%s drives %u of the first %u"), rf_plot_modality_label (model->names[first]), counts[first], n);
  for (guint m = 0; m < model->n_modalities; m++)
    if (m != first)
      {
        g_autofree char *lower = g_utf8_strdown (rf_plot_modality_label (model->names[m]), -1);

        g_string_append_printf (text, _(", %s %u"), lower, counts[m]);
      }
  /* Translators: the end of a sentence */
  g_string_append (text, _("."));
  return g_strdup (text->str);
}
