/* rf-import-preview.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/catalog/rf-import-preview.h"

#include <string.h>

#include "core/base/rf-error.h"
#include "core/catalog/importers/rf-import-preview-private.h"
#include "core/catalog/rf-picture.h"

#define LONGEST_FIELD 400 /* bytes shown */
#define PICTURE_SIDE  256
#define MAX_PIXELS    64000000

static void
table_free (gpointer data)
{
  RfPreviewTable *table = data;

  g_free (table->file);
  for (guint c = 0; c < table->n_columns; c++)
    g_free (table->columns[c]);
  g_free (table->columns);
  g_free (table->roles);
  g_ptr_array_unref (table->rows);
  g_free (table);
}

void
rf_import_preview_free (RfImportPreview *self)
{
  if (self == NULL)
    return;
  g_free (self->reason);
  g_free (self->folder);
  g_ptr_array_unref (self->tables);
  g_free (self);
}

static char *
show_field (const RfCsvField *field)
{
  gsize length = MIN (field->length, LONGEST_FIELD);
  g_autofree char *raw = g_strndup (field->text ? field->text : "", length);

  return g_utf8_make_valid (raw, -1);
}

RfPreviewTable *
rf_import_preview_add (RfImportPreview *self, const char *file, RfPreviewKind kind, guint n_columns)
{
  RfPreviewTable *table = g_new0 (RfPreviewTable, 1);

  table->file = g_strdup (file);
  table->kind = kind;
  table->n_columns = n_columns;
  table->columns = g_new0 (char *, n_columns + 1);
  table->roles = g_new0 (const char *, n_columns + 1);
  table->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  for (guint c = 0; c < n_columns; c++)
    table->columns[c] = g_strdup_printf ("%u", c + 1);
  g_ptr_array_add (self->tables, table);
  return table;
}

void
rf_import_preview_add_row (RfPreviewTable *table, const RfCsvField *fields, guint n_fields)
{
  char **row = g_new0 (char *, table->n_columns + 1);

  for (guint c = 0; c < table->n_columns; c++)
    row[c] = c < n_fields ? show_field (&fields[c]) : g_strdup ("");
  g_ptr_array_add (table->rows, row);
}

void
rf_import_preview_add_table (RfImportPreview *self, const RfImportTable *table, RfPreviewKind kind)
{
  const RfImportRole *roles = kind == RF_PREVIEW_ITEMS ? rf_item_roles : rf_interaction_roles;
  guint n_roles = kind == RF_PREVIEW_ITEMS ? RF_N_ITEM_ROLES : kind == RF_PREVIEW_INTERACTIONS ? RF_N_INTERACTION_ROLES : 0, n_required = kind == RF_PREVIEW_ITEMS ? 1 : 2;
  RfPreviewTable *shown = NULL;
  RfCsvReader reader;

  rf_csv_reader_init (&reader, table->text.text, table->text.size, &table->dialect);
  while (rf_csv_reader_next (&reader) && (shown == NULL || shown->rows->len < RF_PREVIEW_ROWS))
    {
      if (shown == NULL)
        shown = rf_import_preview_add (self, table->file, kind, MAX (reader.n_fields, table->n_columns));
      if (table->has_header && !shown->has_names)
        {
          for (guint c = 0; c < reader.n_fields; c++)
            {
              g_free (shown->columns[c]);
              shown->columns[c] = show_field (&reader.fields[c]);
            }
          shown->has_names = TRUE;
          continue;
        }
      rf_import_preview_add_row (shown, reader.fields, reader.n_fields);
    }
  rf_csv_reader_clear (&reader);
  for (guint r = 0; shown != NULL && r < n_roles; r++)
    if (table->column[r] >= 0 && (guint) table->column[r] < shown->n_columns)
      shown->roles[table->column[r]] = roles[r].role;
    else if (table->column[r] < 0 && r < n_required && shown->missing == NULL)
      shown->missing = roles[r].role;
}

RfImportPreview *
rf_import_preview_new (const char *source, const RfImportOptions *options, RfProgress *progress, GError **error)
{
  g_autoptr(RfImportPreview) self = g_new0 (RfImportPreview, 1);
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(RfCatalogBuilder) builder = rf_catalog_builder_new ("", "");
  g_autofree char *file = NULL;
  RfImportContext context = { .options = options, .builder = builder, .report = report, .progress = progress, .preview = self };

  self->tables = g_ptr_array_new_with_free_func (table_free);
  self->importer = rf_import_detect (source, options ? options->format : NULL, &self->reason, error);
  if (self->importer == NULL)
    return NULL;
  rf_import_split_source (source, &self->folder, &file);
  context.source = self->folder;
  if (!self->importer->read (&context, file, error))
    return NULL;
  return g_steal_pointer (&self);
}

const RfPreviewTable *
rf_import_preview_find (const RfImportPreview *self, const char *file)
{
  for (guint t = 0; t < self->tables->len; t++)
    {
      const RfPreviewTable *table = g_ptr_array_index (self->tables, t);

      if (strcmp (table->file, file) == 0)
        return table;
    }
  return NULL;
}

const char *const *
rf_import_preview_get_roles (RfPreviewKind kind)
{
  static const char *items[RF_N_ITEM_ROLES + 1], *interactions[RF_N_INTERACTION_ROLES + 1];
  static const char *const nothing[] = { NULL };
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      for (guint r = 0; r < RF_N_ITEM_ROLES; r++)
        items[r] = rf_item_roles[r].role;
      for (guint r = 0; r < RF_N_INTERACTION_ROLES; r++)
        interactions[r] = rf_interaction_roles[r].role;
      g_once_init_leave (&ready, 1);
    }
  return kind == RF_PREVIEW_ITEMS ? items : kind == RF_PREVIEW_INTERACTIONS ? interactions : nothing;
}

/* Where a line begins; size if there is no such line. */
static gsize
find_line (const RfTextFile *text, guint64 line)
{
  gsize at = 0;

  for (guint64 l = 1; l < line && at < text->size; l++)
    {
      const char *end = memchr (text->text + at, '\n', text->size - at);

      at = end != NULL ? (gsize) (end - text->text) + 1 : text->size;
    }
  return at;
}

static char **
split_record (const char *data, gsize size, const RfCsvDialect *dialect)
{
  g_autoptr(GPtrArray) fields = g_ptr_array_new ();
  RfCsvReader reader;

  rf_csv_reader_init (&reader, data, size, dialect);
  if (rf_csv_reader_next (&reader))
    for (guint f = 0; f < reader.n_fields; f++)
      g_ptr_array_add (fields, show_field (&reader.fields[f]));
  rf_csv_reader_clear (&reader);
  g_ptr_array_add (fields, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&fields), FALSE);
}

char **
rf_import_preview_read_record (const RfImportPreview *self, const char *file, guint64 line, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, file, NULL);
  const RfPreviewTable *table = rf_import_preview_find (self, file);
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  char **record = NULL;
  RfTextFile text;
  gsize at;

  if (line == 0 || !rf_text_file_open (&text, path, file, report, error))
    return NULL;
  at = find_line (&text, line);
  if (at < text.size && table != NULL && strstr (file, ".json") == NULL)
    {
      RfCsvDialect dialect = rf_csv_sniff (text.text, text.size);

      record = split_record (text.text + at, text.size - at, &dialect);
    }
  else if (at < text.size)
    {
      const char *end = memchr (text.text + at, '\n', text.size - at);
      RfCsvField field = { text.text + at, (gsize) ((end ? end : text.text + text.size) - text.text) - at };

      record = g_new0 (char *, 2);
      record[0] = show_field (&field);
    }
  rf_text_file_close (&text);
  return record;
}

GBytes *
rf_import_preview_load_picture (const RfImportPreview *self, const RfCatalog *catalog, const char *file, char *const *record)
{
  const RfPreviewTable *table = rf_import_preview_find (self, file);
  guint32 item = RF_NO_INDEX;
  g_autofree char *path = NULL;
  RfPictureState state;
  gboolean repaired;

  for (guint c = 0; table != NULL && record != NULL && c < table->n_columns && record[c] != NULL; c++)
    if (table->roles[c] != NULL && strcmp (table->roles[c], rf_item_roles[RF_ITEM_ID].role) == 0)
      item = rf_catalog_find_item (catalog, record[c]);
  if (item == RF_NO_INDEX || rf_catalog_get_item_image (catalog, item)[0] == '\0')
    return NULL;
  if (rf_picture_find (self->folder, rf_catalog_get_item_image (catalog, item), &path, &repaired) != RF_PICTURE_FINE)
    return NULL;
  return rf_picture_load (path, MAX_PIXELS, PICTURE_SIDE, &state);
}
