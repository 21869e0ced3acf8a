/* rf-import-cornac.c: interactions in a text file of one record a line, any separator, no header: user item [rating [time]] (Cornac's
 * UI, UIR and UIRT), or user item item item ... (UI lines). Items have nothing but their ids, unless images/ has pictures of them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/catalog/importers/rf-import-table.h"
#include "core/catalog/importers/rf-importers.h"

/* What the first lines look like. */
typedef struct
{
  RfCsvDialect dialect;
  guint n_columns; /* 0: lines of several lengths: lists of items */
  gboolean is_table;
} Shape;

static gboolean
is_number (RfCsvField f)
{
  g_autofree char *text = g_strndup (f.text, f.length);
  char *end;

  g_ascii_strtod (g_strstrip (text), &end);
  return end != text && *end == '\0';
}

static Shape
look (const char *folder, const char *file)
{
  g_autofree char *path = g_build_filename (folder, file, NULL), *text = rf_text_file_peek (path, 16384);
  Shape shape = { { ' ', 0, '\n', NULL }, 0, FALSE };
  gboolean numbers = TRUE;
  RfCsvReader reader;
  gsize size;

  if (text == NULL)
    return shape;
  size = strlen (text);
  if (size == 16383 || size == 16384)
    while (size > 0 && text[size - 1] != '\n') /* the last line may go on */
      size--;
  shape.dialect = rf_csv_sniff (text, size);
  shape.dialect.quote = 0;
  rf_csv_reader_init (&reader, text, size, &shape.dialect);
  if (rf_csv_reader_next (&reader) && reader.n_fields < 2)
    {
      shape.dialect.separator = ' ';
      shape.dialect.long_separator = NULL;
    }
  rf_csv_reader_clear (&reader);
  rf_csv_reader_init (&reader, text, size, &shape.dialect);
  for (guint r = 0; rf_csv_reader_next (&reader); r++)
    {
      shape.n_columns = r == 0 || reader.n_fields == shape.n_columns ? reader.n_fields : 0;
      for (guint c = 2; c < MIN (reader.n_fields, 4); c++)
        numbers = numbers && is_number (reader.fields[c]);
      if (shape.n_columns == 0)
        break;
    }
  rf_csv_reader_clear (&reader);
  shape.is_table = numbers && shape.n_columns >= 2 && shape.n_columns <= 4;
  return shape;
}

static char *
find_text (const char *folder, const char *file)
{
  g_autoptr(GPtrArray) texts = NULL;

  if (file != NULL)
    return g_strdup (file);
  texts = rf_import_find_files (folder, "*.txt");
  return texts->len == 1 ? g_strdup (g_ptr_array_index (texts, 0)) : NULL;
}

static char *
probe (const char *folder, const char *file)
{
  g_autofree char *text = find_text (folder, file);
  Shape shape;

  if (text == NULL)
    return NULL;
  shape = look (folder, text);
  /* Two columns without a number to hold on to may be anything: only when asked for. */
  return shape.is_table && shape.n_columns >= 3 ? g_strdup_printf (_("looks like Cornac: %s has lines of user, item%s"), text, shape.n_columns == 4 ? ", rating, time" : ", rating") : NULL;
}

static void
find_pictures (const RfImportContext *context)
{
  g_autoptr(GHashTable) pictures = rf_import_list_pictures (context->source, "images");

  for (guint32 i = 0; i < rf_catalog_builder_get_n_items (context->builder); i++)
    {
      const char *path = g_hash_table_lookup (pictures, rf_catalog_builder_get_item_id (context->builder, i));

      if (path != NULL)
        rf_catalog_builder_set_item_image (context->builder, i, path);
    }
}

static gboolean
read_source (const RfImportContext *context, const char *file, GError **error)
{
  g_autofree char *text = find_text (context->source, file);
  g_autoptr(RfInteractionReader) reader = rf_interaction_reader_new (context->builder, FALSE, context->report);
  g_auto(RfImportTable) table = { 0 };
  Shape shape;

  if (text == NULL)
    return rf_import_missing (context, "*.txt", error);
  shape = look (context->source, text);
  if (!rf_import_table_open (&table, context, text, &shape.dialect, FALSE, error))
    return FALSE;
  for (int c = 0; c < (int) MIN (shape.n_columns, 4); c++)
    table.column[c] = c;
  table.n_columns = shape.n_columns;
  if (!(shape.is_table ? rf_import_table_read_interactions (&table, reader, -1, error) : rf_import_read_item_lists (&table, reader, error)))
    return FALSE;
  rf_interaction_reader_finish (reader);
  find_pictures (context);
  return TRUE;
}

const RfImporter rf_importer_cornac = {
  .name = "cornac",
  .title = N_("Cornac: text lines of user, item, rating, time"),
  .probe = probe,
  .read = read_source,
};
