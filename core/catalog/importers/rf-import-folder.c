/* rf-import-folder.c: a folder with items.csv and interactions.csv (or .tsv, or .jsonl: JSON objects, one a line) and a folder
 * of pictures.
 *
 * items:        item_id [, title] [, description] [, category] [, image]
 * users (optional): user_id and anything that is known of them
 * interactions: user_id, item_id [, rating] [, timestamp] [, part] [, event]
 * Columns are found by name, in any order; the usual other names are known. Without an image column, or where it is empty,
 * images/<item_id>.{jpg,jpeg,png,webp,gif} is looked for. A source that is a file, items_all.csv or interactions_all.csv, means the
 * pair with that ending.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/catalog/importers/rf-import-json.h"
#include "core/catalog/importers/rf-import-users.h"
#include "core/catalog/importers/rf-importers.h"

/* The table of a kind ("items"), with the tail of the pair that was asked for. */
static char *
find_table (const char *folder, const char *stem, const char *tail)
{
  static const char *const endings[] = { "csv", "tsv", "txt", "jsonl", "csv.gz", "tsv.gz", "jsonl.gz" };

  for (gsize e = 0; e < G_N_ELEMENTS (endings); e++)
    {
      g_autofree char *name = g_strdup_printf ("%s%s.%s", stem, tail, endings[e]), *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&name);
    }
  return NULL;
}

/* "items_all.csv" -> "_all"; NULL when the file is none of a pair. */
static char *
tail_of (const char *file)
{
  static const char *const stems[] = { "interactions", "items" };

  if (file == NULL)
    return g_strdup ("");
  for (gsize s = 0; s < G_N_ELEMENTS (stems); s++)
    if (g_str_has_prefix (file, stems[s]))
      return g_strndup (file + strlen (stems[s]), strcspn (file + strlen (stems[s]), "."));
  return NULL;
}

static gboolean
find_pair (const char *folder, const char *file, char **items, char **interactions)
{
  g_autofree char *tail = tail_of (file);

  *items = tail ? find_table (folder, "items", tail) : NULL;
  *interactions = tail ? find_table (folder, "interactions", tail) : NULL;
  return *items != NULL && *interactions != NULL;
}

static char *
probe (const char *folder, const char *file)
{
  g_autofree char *items = NULL, *interactions = NULL;

  return find_pair (folder, file, &items, &interactions) ? g_strdup_printf (_("looks like a catalog folder: %s and %s"), items, interactions) : NULL;
}

static gboolean
read_items (const RfImportContext *context, const char *file, GError **error)
{
  g_autoptr(GHashTable) pictures = rf_import_list_pictures (context->source, "images");
  g_auto(RfImportTable) table = { 0 };

  if (strstr (file, ".jsonl") != NULL)
    return rf_import_json_items (context, file, pictures, error);
  return rf_import_table_open (&table, context, file, NULL, TRUE, error) &&
         rf_import_table_find_roles (&table, rf_item_roles, RF_N_ITEM_ROLES, 1, error) &&
         rf_import_table_read_items (&table, pictures, error);
}

static gboolean
read_interactions (const RfImportContext *context, const char *file, GError **error)
{
  g_autoptr(RfInteractionReader) reader = rf_interaction_reader_new (context->builder, TRUE, context->report);
  g_auto(RfImportTable) table = { 0 };
  gboolean ok;

  if (strstr (file, ".jsonl") != NULL)
    ok = rf_import_json_interactions (context, file, reader, error);
  else
    ok = rf_import_table_open (&table, context, file, NULL, TRUE, error) &&
         rf_import_table_find_roles (&table, rf_interaction_roles, RF_N_INTERACTION_ROLES, 2, error) &&
         rf_import_table_read_interactions (&table, reader, -1, error);
  if (!ok)
    return FALSE;
  rf_interaction_reader_finish (reader);
  return TRUE;
}

static gboolean
read_source (const RfImportContext *context, const char *file, GError **error)
{
  g_autofree char *items = NULL, *interactions = NULL, *tail = tail_of (file), *users = tail ? find_table (context->source, "users", tail) : NULL;

  if (!find_pair (context->source, file, &items, &interactions))
    return rf_import_missing (context, items == NULL ? "items.csv" : "interactions.csv", error);
  if (!read_items (context, items, error) || !read_interactions (context, interactions, error))
    return FALSE;
  if (users != NULL && !rf_import_read_users (context, users, NULL, NULL, error))
    return FALSE;
  rf_import_read_matrices (context, NULL, rf_catalog_builder_get_n_items (context->builder));
  return TRUE;
}

const RfImporter rf_importer_folder = {
  .name = "folder",
  .title = N_("Folder with items.csv, interactions.csv and images"),
  .probe = probe,
  .read = read_source,
};
