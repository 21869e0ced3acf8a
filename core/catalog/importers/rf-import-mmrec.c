/* rf-import-mmrec.c: a data set of MMRec: NAME.inter (TAB; userID itemID rating timestamp x_label, x_label 0/1/2 = train, validation,
 * test), *_feat.npy with one row per itemID, and the maps u_id_mapping.csv and i_id_mapping.csv from ids to numbers (TAB, whatever
 * their name says).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/catalog/importers/rf-import-preview-private.h"
#include "core/catalog/importers/rf-import-table.h"
#include "core/catalog/importers/rf-importers.h"

static const RfCsvDialect tab = { '\t', 0, '\n', NULL };

static char *
find_inter (const char *folder, const char *file)
{
  if (file != NULL)
    return g_str_has_suffix (file, ".inter") ? g_strdup (file) : NULL;
  return rf_import_find_file (folder, "*.inter");
}

static char *
probe (const char *folder, const char *file)
{
  g_autofree char *inter = find_inter (folder, file), *header = inter ? rf_import_first_line (folder, inter) : NULL;

  if (header == NULL || strchr (header, '\t') == NULL || strchr (header, ':') != NULL)
    return NULL;
  if (strstr (header, "x_label") == NULL && strstr (header, "userID") == NULL)
    return NULL;
  return g_strdup_printf (_("looks like MMRec: %s with the columns %s"), inter, g_strdelimit (header, "\t", ' '));
}

/* The column with exactly this name ("userID" is the number and "user_id" the id), -1: none. */
static int
exact_column (const RfCsvReader *header, const char *name)
{
  for (guint c = 0; c < header->n_fields; c++)
    if (header->fields[c].length == strlen (name) && memcmp (header->fields[c].text, name, strlen (name)) == 0)
      return (int) c;
  return -1;
}

/* number -> id, from a map whose number column is called userID or itemID. Items are added in the order of the map. */
static gboolean
read_map (const RfImportContext *context, const char *file, const char *number_name, GHashTable *names, gboolean add_items, GError **error)
{
  g_auto(RfImportTable) table = { 0 };
  GError *stopped = NULL;

  if (!rf_import_table_open (&table, context, file, &tab, TRUE, error))
    return FALSE;
  if (context->preview != NULL)
    {
      rf_import_preview_add_table (context->preview, &table, RF_PREVIEW_OTHER);
      return TRUE;
    }
  table.column[0] = exact_column (&table.reader, number_name);
  if (table.column[0] < 0 || table.n_columns != 2)
    {
      rf_import_report_add (context->report, file, 1, 0, "map-not-read", RF_IMPORT_DROPPED, _("The map has no column “%s”; its ids stay numbers."), number_name);
      return TRUE;
    }
  table.column[1] = 1 - table.column[0];
  while (rf_import_table_next (&table, &stopped))
    {
      RfCsvField number = rf_import_table_field (&table, 0), id = rf_import_table_field (&table, 1);

      if (number.length == 0 || id.length == 0)
        {
          rf_import_report_add (context->report, file, table.reader.line, rf_import_table_row (&table), "empty-id", RF_IMPORT_DROPPED, _("The row maps nothing."));
          continue;
        }
      g_hash_table_insert (names, g_strndup (number.text, number.length), g_strndup (id.text, id.length));
      if (add_items)
        {
          guint32 item = rf_catalog_builder_ensure_item_n (context->builder, number.text, number.length);

          rf_catalog_builder_set_origin (context->builder, item, (RfOrigin) { rf_catalog_builder_add_file (context->builder, file), table.reader.line, rf_import_table_row (&table) });
        }
    }
  if (stopped != NULL)
    g_propagate_error (error, stopped);
  return stopped == NULL;
}

static gboolean
read_maps (const RfImportContext *context, GHashTable *users, GHashTable *items, GError **error)
{
  g_autofree char *user_map = rf_import_find_file (context->source, "u_id_mapping.*"), *item_map = rf_import_find_file (context->source, "i_id_mapping.*");

  return (user_map == NULL || read_map (context, user_map, "userID", users, FALSE, error)) &&
         (item_map == NULL || read_map (context, item_map, "itemID", items, TRUE, error));
}

/* The row of each item's features is its number. */
static guint32 *
rows_of_items (RfCatalogBuilder *builder, gsize *n_rows)
{
  guint32 n_items = rf_catalog_builder_get_n_items (builder);
  guint32 *row = g_new (guint32, n_items + 1);

  *n_rows = 0;
  for (guint32 i = 0; i < n_items; i++)
    {
      guint64 number;

      row[i] = g_ascii_string_to_unsigned (rf_catalog_builder_get_item_id (builder, i), 10, 0, G_MAXUINT32 - 1, &number, NULL) ? (guint32) number : RF_NO_INDEX;
      if (row[i] != RF_NO_INDEX)
        *n_rows = MAX (*n_rows, (gsize) row[i] + 1);
    }
  return row;
}

static void
rename_ids (const RfImportContext *context, RfIdMap *ids, GHashTable *names, const char *file)
{
  guint32 n;

  if (g_hash_table_size (names) == 0)
    return;
  n = rf_catalog_builder_rename (ids, names);
  if (n > 0)
    rf_import_report_add (context->report, file, 0, 0, "unmapped-id", RF_IMPORT_KEPT, _("%u ids have no name of their own in the map; they keep their numbers."), n);
}

static gboolean
read_source (const RfImportContext *context, const char *file, GError **error)
{
  g_autofree char *inter = find_inter (context->source, file);
  g_autoptr(GHashTable) users = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GHashTable) items = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(RfInteractionReader) reader = NULL;
  g_auto(RfImportTable) table = { 0 };
  g_autofree guint32 *rows = NULL;
  gsize n_rows;

  if (inter == NULL)
    return rf_import_missing (context, "*.inter", error);
  if (!read_maps (context, users, items, error))
    return FALSE;
  reader = rf_interaction_reader_new (context->builder, FALSE, context->report);
  if (!rf_import_table_open (&table, context, inter, &tab, TRUE, error) ||
      !rf_import_table_find_roles (&table, rf_interaction_roles, RF_N_INTERACTION_ROLES, 2, error) ||
      !rf_import_table_read_interactions (&table, reader, -1, error))
    return FALSE;
  rf_interaction_reader_finish (reader);
  rows = rows_of_items (context->builder, &n_rows);
  rf_import_read_matrices (context, rows, n_rows);
  rename_ids (context, rf_catalog_builder_get_users (context->builder), users, "u_id_mapping");
  rename_ids (context, rf_catalog_builder_edit_items (context->builder), items, "i_id_mapping");
  return TRUE;
}

const RfImporter rf_importer_mmrec = {
  .name = "mmrec",
  .title = N_("MMRec: .inter with x_label, features as .npy"),
  .probe = probe,
  .read = read_source,
};
