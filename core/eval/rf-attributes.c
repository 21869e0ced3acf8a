/* rf-attributes.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/eval/rf-attributes.h"

#include <math.h>
#include <string.h>

#include "core/eval/rf-metrics-beyond.h"

static RfAttribute *
activity_of (const RfSplit *split)
{
  guint32 n = split->history->rows;
  g_autofree double *number = g_new (double, (gsize) n + 1);

  for (guint32 u = 0; u < n; u++)
    number[u] = (double) rf_csr_row_length (split->history, u);
  return rf_attribute_new_thirds ("activity", number, n);
}

static RfAttribute *
popularity_of (const RfSplit *split, RfPart part)
{
  const RfCsr *held = split->part[part];
  g_autofree guint32 *count = rf_metrics_train_counts (split->part[RF_PART_TRAIN]);
  g_autofree double *number = g_new (double, (gsize) held->rows + 1);

  for (guint32 u = 0; u < held->rows; u++)
    {
      gsize n = rf_csr_row_length (held, u);
      double sum = 0;

      for (gsize j = 0; j < n; j++)
        sum += count[rf_csr_row (held, u)[j]];
      number[u] = n ? sum / (double) n : NAN;
    }
  return rf_attribute_new_thirds ("popularity", number, held->rows);
}

/* The categories of every item as indices of values that are added to x: one GArray of guint32 an item, NULL where there is none. */
static GArray **
index_categories (const RfCatalog *catalog, RfAttribute *x)
{
  guint32 n = rf_catalog_get_n_items (catalog);
  g_autoptr(GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  GArray **of_item = g_new0 (GArray *, (gsize) n + 1);

  for (guint32 i = 0; i < n; i++)
    {
      const char *text = rf_catalog_get_item_category (catalog, i);
      g_auto(GStrv) parts = text[0] ? g_strsplit (text, "|", -1) : NULL;

      for (guint p = 0; parts && parts[p]; p++)
        {
          guint32 value = GPOINTER_TO_UINT (g_hash_table_lookup (known, parts[p]));

          if (value == 0)
            {
              g_ptr_array_add (x->values, g_strdup (parts[p]));
              value = x->values->len;
              g_hash_table_insert (known, x->values->pdata[value - 1], GUINT_TO_POINTER (value));
            }
          value--;
          if (of_item[i] == NULL)
            of_item[i] = g_array_new (FALSE, FALSE, sizeof (guint32));
          g_array_append_val (of_item[i], value);
        }
    }
  return of_item;
}

static RfAttribute *
category_of (const RfCatalog *catalog, const RfSplit *split)
{
  const RfCsr *history = split->history;
  RfAttribute *x = rf_attribute_new ("category", history->rows);
  GArray **of_item = index_categories (catalog, x);
  g_autofree guint32 *count = g_new0 (guint32, x->values->len + 1);

  for (guint32 u = 0; u < history->rows; u++)
    {
      guint32 best = 0;

      memset (count, 0, x->values->len * sizeof *count);
      for (gsize e = history->ptr[u]; e < history->ptr[u + 1]; e++)
        for (guint c = 0; of_item[history->idx[e]] && c < of_item[history->idx[e]]->len; c++)
          count[g_array_index (of_item[history->idx[e]], guint32, c)]++;
      for (guint32 v = 0; v < x->values->len; v++)
        if (count[v] > best)
          {
            best = count[v];
            x->of_user[u] = v;
          }
    }
  for (guint32 i = 0; i < history->cols; i++)
    if (of_item[i])
      g_array_unref (of_item[i]);
  g_free (of_item);
  return x;
}

static RfAttribute *
availability_of (const char *name, const RfCatalog *catalog, const RfSplit *split, gboolean (*has) (const RfCatalog *, guint32))
{
  static const char *const values[] = { "all", "some", "none" };
  const RfCsr *history = split->history;
  RfAttribute *x = rf_attribute_new (name, history->rows);

  for (guint v = 0; v < G_N_ELEMENTS (values); v++)
    g_ptr_array_add (x->values, g_strdup (values[v]));
  for (guint32 u = 0; u < history->rows; u++)
    {
      gsize n = rf_csr_row_length (history, u), with = 0;

      for (gsize j = 0; j < n; j++)
        with += has (catalog, rf_csr_row (history, u)[j]) != FALSE;
      if (n > 0)
        x->of_user[u] = with == n ? 0 : with > 0 ? 1 : 2;
    }
  return x;
}

GPtrArray *
rf_user_attributes (const RfCatalog *catalog, const RfSplit *split, RfPart part)
{
  GPtrArray *attributes = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_attribute_free);
  RfAttribute *category = category_of (catalog, split);

  g_ptr_array_add (attributes, activity_of (split));
  g_ptr_array_add (attributes, popularity_of (split, part));
  if (category->values->len > 0)
    g_ptr_array_add (attributes, category);
  else
    rf_attribute_free (category);
  g_ptr_array_add (attributes, availability_of ("pictures", catalog, split, rf_catalog_item_has_image));
  g_ptr_array_add (attributes, availability_of ("texts", catalog, split, rf_catalog_item_has_text));
  return attributes;
}
