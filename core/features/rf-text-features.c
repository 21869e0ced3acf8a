/* rf-text-features.c: the text of a catalog's items, handed to the text model.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/features/rf-features.h"

char *
rf_item_text (const RfCatalog *catalog, guint32 item, gboolean with_category)
{
  const char *title = rf_catalog_get_item_title (catalog, item), *description = rf_catalog_get_item_description (catalog, item);
  g_autofree char *category = NULL;

  if (!with_category)
    return g_strconcat (title, "\n", description, NULL);
  category = g_strdup (rf_catalog_get_item_category (catalog, item));
  return g_strconcat (title, "\n", description, "\n", g_strdelimit (category, "|", ' '), NULL);
}

RfFeatures *
rf_text_features_fit (const RfCatalog *catalog, const RfTextOptions *options, RfTextModel **model, RfProgress *progress, GError **error)
{
  guint32 n = rf_catalog_get_n_items (catalog);
  g_auto(GStrv) texts = g_new0 (char *, (gsize) n + 1);
  g_autofree guint8 *mask = g_new0 (guint8, (gsize) n + 1);
  g_autofree char *key = rf_text_options_get_key (options);
  g_autoptr(RfTextModel) fitted = NULL;
  RfMatrix *x = NULL;
  guint8 *available = NULL;

  for (guint32 i = 0; i < n; i++)
    {
      mask[i] = rf_catalog_item_has_text (catalog, i);
      texts[i] = mask[i] ? rf_item_text (catalog, i, options->with_category) : g_strdup ("");
    }
  fitted = rf_text_model_fit ((const char *const *) texts, mask, n, options, &x, &available, progress, error);
  if (fitted == NULL)
    return NULL;
  if (model != NULL)
    *model = g_steal_pointer (&fitted);
  return rf_features_new ("text", key, x, available);
}

