/* rf-import-amazon.c: Amazon's product data of 2014, 2018 and 2023.
 *   reviews: ratings_*.csv without a header (user,item,rating,time; 2014), *.csv with user_id,parent_asin,... (2023), or JSON lines
 *            (reviewerID, asin, overall, unixReviewTime; 2023: user_id, parent_asin, rating, timestamp), .gz or not
 *   items:   meta_*.json or .jsonl: JSON lines; of 2014 dictionaries as Python writes them
 *   image_features_*.b: 10 bytes of ASIN, 4,096 floats (little endian): the modality "image"
 * Products are joined on parent_asin where there is one. Addresses of pictures are never fetched: images/<asin>.jpg is looked for.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "core/base/rf-file.h"
#include "core/catalog/importers/rf-import-json.h"
#include "core/catalog/importers/rf-import-table.h"
#include "core/catalog/importers/rf-importers.h"

#define FEATURES    4096
#define ASIN        10
#define MAX_FLOATS  ((gsize) 1 << 29) /* 2 GB of ready features */

static const RfCsvDialect tab = { '\t', 0, '\n', NULL };

static gboolean
is_json (const char *name)
{
  static const char *const endings[] = { ".json", ".jsonl", ".json.gz", ".jsonl.gz" };

  for (gsize e = 0; e < G_N_ELEMENTS (endings); e++)
    if (g_str_has_suffix (name, endings[e]))
      return TRUE;
  return FALSE;
}

/* The file of items (meta TRUE) or of reviews in JSON lines. */
static char *
find_json (const char *folder, gboolean meta)
{
  g_autoptr(GPtrArray) files = rf_import_find_files (folder, "*");

  for (guint f = 0; f < files->len; f++)
    {
      const char *name = g_ptr_array_index (files, f);

      if (is_json (name) && g_str_has_prefix (name, "meta_") == meta)
        return g_strdup (name);
    }
  return NULL;
}

static gboolean
has_keys (const char *folder, const char *file)
{
  g_autofree char *line = file ? rf_import_first_line (folder, file) : NULL;

  return line != NULL && line[0] == '{' && (strstr (line, "asin") != NULL) && (strstr (line, "reviewerID") != NULL || strstr (line, "user_id") != NULL);
}

static char *
probe (const char *folder, const char *file)
{
  g_autofree char *ratings = rf_import_find_file (folder, "ratings_*.csv"), *reviews = find_json (folder, FALSE), *meta = find_json (folder, TRUE);

  if (file != NULL && g_strcmp0 (file, ratings) != 0 && g_strcmp0 (file, reviews) != 0 && g_strcmp0 (file, meta) != 0)
    return NULL;
  if (has_keys (folder, reviews))
    return g_strdup_printf (_("looks like Amazon: %s holds reviews as JSON lines"), reviews);
  return ratings != NULL ? g_strdup_printf (_("looks like Amazon (2014): %s"), ratings) : NULL;
}

typedef struct
{
  GHashTable *pictures;
  guint64 n_addresses;
} Items;

static RfCsvField
field_of (const GString *text)
{
  return (RfCsvField) { text->str, text->len };
}

static void
read_item (const RfImportContext *context, const char *file, guint64 line, JsonObject *object, gpointer data)
{
  static const char *const ids[] = { "parent_asin", "asin", NULL }, *const titles[] = { "title", NULL };
  static const char *const descriptions[] = { "description", "features", "feature", NULL }, *const categories[] = { "categories", "category", "main_category", "main_cat", NULL }, *const brands[] = { "brand", "store", NULL };
  Items *items = data;
  g_autoptr(GString) id = NULL, title = NULL, description = NULL, category = NULL, brand = NULL;
  RfImportItem item = { .file = file, .line = line, .row = line };
  guint32 index;

  if (object == NULL)
    return;
  id = rf_import_json_text (object, " ", ids);
  title = rf_import_json_text (object, " ", titles);
  description = rf_import_json_text (object, "\n", descriptions);
  category = rf_import_json_text (object, "|", categories);
  item.id = field_of (id);
  item.text[RF_ITEM_TITLE] = field_of (title);
  item.text[RF_ITEM_DESCRIPTION] = field_of (description);
  item.text[RF_ITEM_CATEGORY] = field_of (category);
  if (!g_hash_table_contains (items->pictures, id->str) &&
      (json_object_has_member (object, "imUrl") || json_object_has_member (object, "images") || json_object_has_member (object, "imageURL") || json_object_has_member (object, "imageURLHighRes")))
    items->n_addresses++;
  index = rf_import_add_item (context, &item, items->pictures);
  brand = rf_import_json_text (object, "|", brands);
  if (index != RF_NO_INDEX)
    rf_import_add_value (context, index, "brand", brand->str, brand->len);
}

static gboolean
read_items (const RfImportContext *context, const char *file, GError **error)
{
  g_autoptr(GHashTable) pictures = rf_import_list_pictures (context->source, "images");
  Items items = { pictures, 0 };

  if (!rf_import_each_line (context, file, read_item, &items, error))
    return FALSE;
  if (items.n_addresses > 0)
    rf_import_report_add (context->report, file, 0, 0, "image-url", RF_IMPORT_KEPT,
                          _("%" PRIu64 " items name pictures on a network, which are never fetched; put them into images/ as ID.jpg."), items.n_addresses);
  return TRUE;
}

/* One line of the file is one line of the table, so that problems are told at the right one. */
static void
read_review (const RfImportContext *context, const char *file, guint64 line, JsonObject *object, gpointer data)
{
  static const char *const users[] = { "user_id", "reviewerID", NULL }, *const items[] = { "parent_asin", "asin", NULL };
  static const char *const ratings[] = { "rating", "overall", NULL }, *const times[] = { "timestamp", "unixReviewTime", "sort_timestamp", NULL };
  GString *out = data;

  if (object != NULL)
    {
      rf_import_json_append (out, object, users);
      g_string_append_c (out, '\t');
      rf_import_json_append (out, object, items);
      g_string_append_c (out, '\t');
      rf_import_json_append (out, object, ratings);
      g_string_append_c (out, '\t');
      rf_import_json_append (out, object, times);
    }
  g_string_append_c (out, '\n');
}

static gboolean
read_json_reviews (const RfImportContext *context, const char *file, RfInteractionReader *reader, GError **error)
{
  const RfInteractionColumns columns = { 0, 1, 2, 3, -1, -1 };
  g_autoptr(GString) table = g_string_new (NULL);
  RfInteractionFile lines = { .name = file, .dialect = tab, .n_columns = 4, .part = -1 };

  if (!rf_import_each_line (context, file, read_review, table, error))
    return FALSE;
  lines.text = table->str;
  lines.size = table->len;
  return rf_interaction_reader_add (reader, &lines, &columns, context->progress, error);
}

static gboolean
read_csv_reviews (const RfImportContext *context, const char *file, RfInteractionReader *reader, GError **error)
{
  g_autofree char *first = rf_import_first_line (context->source, file);
  gboolean has_header = first != NULL && strstr (first, "asin") != NULL;
  g_auto(RfImportTable) table = { 0 };

  if (!rf_import_table_open (&table, context, file, NULL, has_header, error) ||
      (has_header && !rf_import_table_find_roles (&table, rf_interaction_roles, RF_N_INTERACTION_ROLES, 2, error)))
    return FALSE;
  for (int c = 0; c < 4 && !has_header; c++)
    table.column[c] = c;
  if (!has_header)
    table.n_columns = 4;
  return rf_import_table_read_interactions (&table, reader, -1, error);
}

static void
read_features (const RfImportContext *context, const char *file)
{
  g_autofree char *path = g_build_filename (context->source, file, NULL);
  g_autoptr(GBytes) bytes = rf_file_read (path, NULL);
  guint32 n_items = rf_catalog_builder_get_n_items (context->builder);
  const gsize record = ASIN + FEATURES * sizeof (float);
  gsize size = 0;
  const char *data = bytes ? g_bytes_get_data (bytes, &size) : NULL;
  guint8 *available;
  RfMatrix *x;

  if (size == 0 || size % record != 0 || (gsize) n_items * FEATURES > MAX_FLOATS)
    {
      rf_import_report_add (context->report, file, 0, 0, "features-unreadable", RF_IMPORT_DROPPED,
                            size % record != 0 || size == 0 ? _("The file is no list of 10-byte ids with 4,096 numbers each.") : _("Features for so many items would need more than 2 GB of memory."));
      return;
    }
  x = rf_matrix_new (n_items, FEATURES);
  available = g_malloc0 (MAX (n_items, 1));
  for (gsize at = 0; at < size; at += record)
    {
      guint32 item = rf_id_map_find (rf_catalog_builder_get_items (context->builder), data + at, ASIN);

      if (item == RF_NO_INDEX)
        continue;
      memcpy (rf_matrix_row (x, item), data + at + ASIN, FEATURES * sizeof (float));
      available[item] = 1;
    }
  rf_catalog_builder_take_matrix (context->builder, "image", x, available);
}

static gboolean
read_source (const RfImportContext *context, const char *file, GError **error)
{
  g_autofree char *ratings = rf_import_find_file (context->source, "ratings_*.csv"), *reviews = find_json (context->source, FALSE);
  g_autofree char *meta = find_json (context->source, TRUE), *features = rf_import_find_file (context->source, "image_features_*.b");
  g_autoptr(RfInteractionReader) reader = rf_interaction_reader_new (context->builder, meta != NULL, context->report);

  if (reviews == NULL && ratings == NULL)
    ratings = rf_import_find_file (context->source, "*.csv");
  if (reviews == NULL && ratings == NULL)
    return rf_import_missing (context, "ratings_*.csv", error);
  if (meta != NULL && !read_items (context, meta, error))
    return FALSE;
  if (!(reviews != NULL ? read_json_reviews (context, reviews, reader, error) : read_csv_reviews (context, ratings, reader, error)))
    return FALSE;
  rf_interaction_reader_finish (reader);
  if (features != NULL && context->preview == NULL)
    read_features (context, features);
  return TRUE;
}

const RfImporter rf_importer_amazon = {
  .name = "amazon",
  .title = N_("Amazon reviews 2014, 2018, 2023"),
  .probe = probe,
  .read = read_source,
};
