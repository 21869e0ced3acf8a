/* rf-import-microlens.c: MicroLens: *_pairs.csv or .tsv (user, item, timestamp, with a header or without; or user and a list of items
 * in order of time), *titles*.csv (item, title), a folder of covers with <item>.jpg.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/catalog/importers/rf-import-table.h"
#include "core/catalog/importers/rf-importers.h"

static char *
find_pairs (const char *folder, const char *file)
{
  if (file != NULL)
    return strstr (file, "pairs.") != NULL ? g_strdup (file) : NULL;
  return rf_import_find_file (folder, "*pairs.?sv");
}

static char *
probe (const char *folder, const char *file)
{
  g_autofree char *pairs = find_pairs (folder, file), *titles = rf_import_find_file (folder, "*title*.csv");

  return pairs != NULL && titles != NULL ? g_strdup_printf (_("looks like MicroLens: %s and %s"), pairs, titles) : NULL;
}

static char *
find_covers (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (strstr (name, "cover") != NULL && g_utf8_validate (name, -1, NULL) && g_file_test (path, G_FILE_TEST_IS_DIR))
        return g_strdup (name);
    }
  return g_strdup ("images");
}

/* Does the first line name columns? */
static gboolean
names_columns (const char *folder, const char *file)
{
  g_autofree char *line = rf_import_first_line (folder, file), *lower = line ? g_ascii_strdown (line, -1) : NULL;

  return lower != NULL && (strstr (lower, "item") != NULL || strstr (lower, "title") != NULL || strstr (lower, "video") != NULL);
}

static gboolean
read_titles (const RfImportContext *context, GError **error)
{
  g_autofree char *titles = rf_import_find_file (context->source, "*title*.csv"), *covers = find_covers (context->source);
  g_autoptr(GHashTable) pictures = rf_import_list_pictures (context->source, covers);
  gboolean has_header;
  g_auto(RfImportTable) table = { 0 };

  if (titles == NULL)
    return rf_import_missing (context, "*titles.csv", error);
  has_header = names_columns (context->source, titles);
  if (!rf_import_table_open (&table, context, titles, NULL, has_header, error) ||
      (has_header && !rf_import_table_find_roles (&table, rf_item_roles, RF_N_ITEM_ROLES, 1, error)))
    return FALSE;
  if (!has_header)
    {
      table.column[RF_ITEM_ID] = 0;
      table.column[RF_ITEM_TITLE] = 1;
      table.n_columns = 2;
    }
  return rf_import_table_read_items (&table, pictures, error);
}

static gboolean
read_pairs (const RfImportContext *context, const char *file, GError **error)
{
  g_autofree char *line = rf_import_first_line (context->source, file);
  gboolean has_header = names_columns (context->source, file), lists = line != NULL && !has_header && strchr (line, '\t') != NULL && strchr (line, ' ') != NULL;
  g_autoptr(RfInteractionReader) reader = rf_interaction_reader_new (context->builder, TRUE, context->report);
  g_auto(RfImportTable) table = { 0 };

  if (!rf_import_table_open (&table, context, file, NULL, has_header, error) ||
      (has_header && !rf_import_table_find_roles (&table, rf_interaction_roles, RF_N_INTERACTION_ROLES, 2, error)))
    return FALSE;
  if (!has_header)
    {
      table.column[RF_INTERACTION_USER] = 0;
      table.column[RF_INTERACTION_ITEM] = 1;
      table.column[RF_INTERACTION_TIMESTAMP] = 2;
      table.n_columns = 3;
    }
  if (!(lists ? rf_import_read_item_lists (&table, reader, error) : rf_import_table_read_interactions (&table, reader, -1, error)))
    return FALSE;
  rf_interaction_reader_finish (reader);
  return TRUE;
}

static gboolean
read_source (const RfImportContext *context, const char *file, GError **error)
{
  g_autofree char *pairs = find_pairs (context->source, file);

  if (pairs == NULL)
    return rf_import_missing (context, "*_pairs.csv", error);
  return read_titles (context, error) && read_pairs (context, pairs, error);
}

const RfImporter rf_importer_microlens = {
  .name = "microlens",
  .title = N_("MicroLens: pairs, titles and covers"),
  .probe = probe,
  .read = read_source,
};
