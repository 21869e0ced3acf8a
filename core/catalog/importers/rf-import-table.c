/* rf-import-table.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/catalog/importers/rf-import-table.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/catalog/importers/rf-import-preview-private.h"
#include "core/catalog/rf-import-values.h"

#define MAX_TEXT   20000 /* bytes of a description */
#define MAX_TITLE  2000
#define MAX_ID     512
#define MAX_VALUE  1000 /* bytes of a further column's value */
#define MAX_EXTRA  32   /* further columns */
#define TELL_EVERY 4096

const RfImportRole rf_item_roles[RF_N_ITEM_ROLES] = {
  { "item_id", "itemid|item|id|asin|movieid|sku|productid|parentasin|articleid|videoid" },
  { "title", "title|name|productname|itemname|movietitle|itemtitle" },
  { "description", "description|text|overview|plot|summary|details|content" },
  { "category", "category|categories|genre|genres|type|class" },
  { "image", "image|images|imagepath|img|picture|poster|photo|imagefile|cover" },
};

const RfImportRole rf_interaction_roles[RF_N_INTERACTION_ROLES] = {
  { "user_id", "userid|user|customerid|reviewerid|customer|visitorid|uid" },
  { "item_id", "itemid|item|asin|movieid|sku|productid|parentasin|articleid|iid|videoid" },
  { "rating", "rating|score|stars|overall|value" },
  { "timestamp", "timestamp|time|date|unixreviewtime|datetime|ts" },
  { "part", "part|split|xlabel|fold" },
  { "event", "event|eventtype|action|behavior|behaviour" },
};

void
rf_import_table_clear (RfImportTable *self)
{
  rf_csv_reader_clear (&self->reader);
  rf_text_file_close (&self->text);
  g_clear_pointer (&self->file, g_free);
  g_clear_pointer (&self->names, g_ptr_array_unref);
}

/* "Item ID" -> "itemid", "user_id:token" -> "userid" */
static char *
plain_name (const RfCsvField *field)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < field->length && field->text[i] != ':'; i++)
    if (g_ascii_isalnum (field->text[i]))
      g_string_append_c (out, g_ascii_tolower (field->text[i]));
  return g_string_free (out, FALSE);
}

static int
find_name (const RfCsvReader *header, const char *name)
{
  for (guint c = 0; c < header->n_fields; c++)
    {
      g_autofree char *plain = plain_name (&header->fields[c]);

      if (strcmp (plain, name) == 0)
        return (int) c;
    }
  return -1;
}

/* The column that --map gives to a role: by its name as it stands in the header. */
static int
find_mapped (const RfCsvReader *header, const RfImportOptions *options, const char *role)
{
  gsize length = strlen (role);

  for (guint m = 0; options != NULL && options->map != NULL && options->map[m] != NULL; m++)
    if (strncmp (options->map[m], role, length) == 0 && options->map[m][length] == '=')
      for (guint c = 0; c < header->n_fields; c++)
        if (strlen (options->map[m] + length + 1) == header->fields[c].length &&
            memcmp (options->map[m] + length + 1, header->fields[c].text, header->fields[c].length) == 0)
          return (int) c;
  return -1;
}

/* "title=": nobody plays the role. */
static gboolean
is_unmapped (const RfImportOptions *options, const char *role)
{
  gsize length = strlen (role);

  for (guint m = 0; options != NULL && options->map != NULL && options->map[m] != NULL; m++)
    if (strncmp (options->map[m], role, length) == 0 && strcmp (options->map[m] + length, "=") == 0)
      return TRUE;
  return FALSE;
}

/* A column that plays another role by --map is not guessed. */
static gboolean
is_taken (const RfCsvReader *header, const RfImportOptions *options, guint column)
{
  const RfCsvField *field = &header->fields[column];

  for (guint m = 0; options != NULL && options->map != NULL && options->map[m] != NULL; m++)
    {
      const char *name = strchr (options->map[m], '=');

      if (name != NULL && strlen (name + 1) == field->length && memcmp (name + 1, field->text, field->length) == 0)
        return TRUE;
    }
  return FALSE;
}

static int
find_column (const RfCsvReader *header, const RfImportOptions *options, const RfImportRole *role)
{
  g_auto(GStrv) names = g_strsplit (role->names, "|", -1);
  int column = find_mapped (header, options, role->role);

  if (column < 0 && is_unmapped (options, role->role))
    return -1;
  for (guint n = 0; names[n] && column < 0; n++)
    {
      column = find_name (header, names[n]);
      if (column >= 0 && is_taken (header, options, (guint) column))
        column = -1;
    }
  return column;
}

guint
rf_import_rank_name (const char *name, gsize length, const RfImportRole *role, const RfImportOptions *options)
{
  RfCsvField field = { name, length };
  const RfCsvReader header = { .fields = &field, .n_fields = 1 };
  g_auto(GStrv) names = NULL;

  if (find_mapped (&header, options, role->role) == 0)
    return 0;
  if (is_unmapped (options, role->role) || is_taken (&header, options, 0))
    return G_MAXUINT;
  names = g_strsplit (role->names, "|", -1);
  for (guint n = 0; names[n] != NULL; n++)
    if (find_name (&header, names[n]) == 0)
      return n + 1;
  return G_MAXUINT;
}

static char *
list_header (const RfCsvReader *header)
{
  GString *out = g_string_new (NULL);

  for (guint c = 0; c < header->n_fields && c < 20; c++)
    g_string_append_printf (out, "%s%.*s", c ? ", " : "", (int) MIN (header->fields[c].length, 40), header->fields[c].text);
  return g_string_free (out, FALSE);
}

gboolean
rf_import_table_open (RfImportTable *self, const RfImportContext *context, const char *file, const RfCsvDialect *dialect, gboolean has_header, GError **error)
{
  g_autofree char *path = g_build_filename (context->source, file, NULL);

  memset (self, 0, sizeof *self);
  for (gsize r = 0; r < G_N_ELEMENTS (self->column); r++)
    self->column[r] = -1;
  self->context = context;
  self->file = g_strdup (file);
  self->has_header = has_header;
  if (!rf_text_file_open (&self->text, path, file, context->report, error))
    return FALSE;
  self->dialect = dialect != NULL ? *dialect : rf_csv_sniff (self->text.text, self->text.size);
  self->dialect.record_end = rf_csv_find_record_end (self->text.text, self->text.size);
  rf_csv_reader_init (&self->reader, self->text.text, self->text.size, &self->dialect);
  if (has_header && !rf_csv_reader_next (&self->reader))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("%s is empty; its first line should name the columns."), file);
      return FALSE;
    }
  self->n_columns = self->reader.n_fields;
  if (has_header)
    self->names = g_ptr_array_new_with_free_func (g_free);
  for (guint c = 0; has_header && c < self->n_columns; c++)
    g_ptr_array_add (self->names, g_strndup (self->reader.fields[c].text, self->reader.fields[c].length));
  return TRUE;
}

gboolean
rf_import_table_find_roles (RfImportTable *self, const RfImportRole *roles, guint n_roles, guint n_required, GError **error)
{
  for (guint r = 0; r < n_roles; r++)
    {
      self->column[r] = find_column (&self->reader, self->context->options, &roles[r]);
      if (self->column[r] < 0 && r < n_required && self->context->preview == NULL)
        {
          g_autofree char *have = list_header (&self->reader);

          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("%s, line 1: there is no column “%s”; the columns are: %s. Rename one of them, or say --map %s=COLUMN."),
                       self->file, roles[r].role, have, roles[r].role);
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
rf_import_table_next (RfImportTable *self, GError **error)
{
  if (!rf_csv_reader_next (&self->reader))
    return FALSE;
  return self->reader.row % TELL_EVERY != 0 ||
         rf_progress_step (self->context->progress, _("Reading the tables"), (double) (self->reader.start - self->text.text) / (double) MAX (self->text.size, 1), error);
}

guint64
rf_import_table_row (const RfImportTable *self)
{
  return self->reader.row - self->has_header;
}

/* Without the blanks around it; a field that was never set is empty. */
static RfCsvField
strip (RfCsvField f)
{
  if (f.text == NULL)
    f.text = "";
  while (f.length > 0 && g_ascii_isspace (f.text[0]))
    {
      f.text++;
      f.length--;
    }
  while (f.length > 0 && g_ascii_isspace (f.text[f.length - 1]))
    f.length--;
  return f;
}

static RfCsvField
raw_field (const RfImportTable *self, guint role)
{
  const RfCsvField nothing = { "", 0 };
  int column = self->column[role];

  return column >= 0 && (guint) column < self->reader.n_fields ? self->reader.fields[column] : nothing;
}

RfCsvField
rf_import_table_field (const RfImportTable *self, guint role)
{
  return strip (raw_field (self, role));
}

#define PROBLEM(context, item, kind, action, ...) rf_import_report_add ((context)->report, (item)->file, (item)->line, (item)->row, kind, action, __VA_ARGS__)

static char *
clean_field (const RfImportContext *context, const RfImportItem *item, guint role, gsize max_bytes)
{
  RfCsvField f = strip (item->text[role]);
  const char *name = rf_item_roles[role].role;
  RfTextChange changes;
  char *text = rf_import_clean_text (f.text, f.length, max_bytes, &changes);

  if (changes & RF_TEXT_CONTROLS)
    PROBLEM (context, item, "control-characters", RF_IMPORT_REPAIRED, _("The %s holds control characters; they were taken out."), name);
  if (changes & RF_TEXT_BIDI)
    PROBLEM (context, item, "bidi-characters", RF_IMPORT_REPAIRED, _("The %s holds characters that turn the direction of writing; they were taken out."), name);
  if (changes & RF_TEXT_RETURNS)
    PROBLEM (context, item, "carriage-return", RF_IMPORT_REPAIRED, _("The %s holds carriage returns; they were read as ends of lines."), name);
  if (changes & RF_TEXT_CUT)
    PROBLEM (context, item, "long-text", RF_IMPORT_REPAIRED, _("The %s has %zu bytes; it was cut after %zu."), name, f.length, max_bytes);
  return text;
}

static gboolean
same_content (RfCatalogBuilder *builder, guint32 item, const char *title, const char *description, const char *category)
{
  return strcmp (rf_catalog_builder_get_item_title (builder, item), title) == 0 &&
         strcmp (rf_catalog_builder_get_item_description (builder, item), description) == 0 &&
         strcmp (rf_catalog_builder_get_item_category (builder, item), category) == 0;
}

static void
tell_duplicate (const RfImportContext *context, const RfImportItem *item, const char *id, guint64 first_row, gboolean same)
{
  PROBLEM (context, item, same ? "duplicate-item" : "duplicate-item-different", RF_IMPORT_DROPPED,
           same ? _("The item “%s” stands in row %" PRIu64 " already, with the same content; the first one counts.")
                : _("The item “%s” stands in row %" PRIu64 " already, with other content; the first one counts."),
           id, first_row);
}

guint32
rf_import_add_item (const RfImportContext *context, const RfImportItem *item, GHashTable *pictures)
{
  RfCatalogBuilder *builder = context->builder;
  RfCsvField id_field = strip (item->id), image_field = strip (item->text[RF_ITEM_IMAGE]);
  g_autofree char *id = g_strndup (id_field.text, id_field.length), *image = g_strndup (image_field.text, image_field.length);
  g_autofree char *title = NULL, *description = NULL, *category = NULL;
  guint32 index;

  if (id_field.length == 0 || id_field.length > MAX_ID)
    {
      PROBLEM (context, item, id_field.length ? "long-id" : "empty-id", RF_IMPORT_DROPPED, id_field.length ? _("The item's id is longer than 512 bytes.") : _("The row has no item id."));
      return RF_NO_INDEX;
    }
  if (item->id.length != id_field.length)
    PROBLEM (context, item, "id-blanks", RF_IMPORT_REPAIRED, _("Blanks around the id “%s” were taken off."), id);
  title = clean_field (context, item, RF_ITEM_TITLE, MAX_TITLE);
  description = clean_field (context, item, RF_ITEM_DESCRIPTION, MAX_TEXT);
  category = clean_field (context, item, RF_ITEM_CATEGORY, MAX_TITLE);
  index = rf_catalog_builder_find_item (builder, id);
  if (index != RF_NO_INDEX)
    {
      tell_duplicate (context, item, id, rf_catalog_builder_get_origin (builder, index).row, same_content (builder, index, title, description, category));
      return RF_NO_INDEX;
    }
  if (image[0] == '\0' && pictures != NULL && g_hash_table_contains (pictures, id))
    {
      g_free (image);
      image = g_strdup (g_hash_table_lookup (pictures, id));
    }
  if (title[0] == '\0' && description[0] == '\0' && category[0] == '\0' && image[0] == '\0')
    PROBLEM (context, item, "empty-item", RF_IMPORT_KEPT, _("The item “%s” has neither text nor picture; only what users did with it can speak for it."), id);
  index = rf_catalog_builder_add_item (builder, id, title, description, category, image);
  rf_catalog_builder_set_origin (builder, index, (RfOrigin) { rf_catalog_builder_add_file (builder, item->file), item->line, item->row });
  return index;
}

void
rf_import_add_value (const RfImportContext *context, guint32 item, const char *column, const char *text, gsize length)
{
  const GPtrArray *columns = rf_catalog_builder_peek (context->builder)->columns;
  RfTextChange changes;
  g_autofree char *value = rf_import_clean_text (text, length, MAX_VALUE, &changes);

  if (*value == '\0' || *column == '\0')
    return;
  for (guint c = 0; c < columns->len && columns->len >= MAX_EXTRA; c++)
    if (strcmp (rf_catalog_get_column (rf_catalog_builder_peek (context->builder), c), column) == 0)
      break;
    else if (c + 1 == columns->len)
      return;
  rf_catalog_builder_set_item_value (context->builder, rf_catalog_builder_ensure_column (context->builder, column), item, value);
}

/* Is the cell of the header "name:token_seq"? Then its values have blanks between. */
static gboolean
is_sequence (const RfImportTable *t, int column)
{
  return t->names != NULL && column >= 0 && (guint) column < t->names->len && g_str_has_suffix (g_ptr_array_index (t->names, column), ":token_seq");
}

static char *
with_bars (RfCsvField f)
{
  return g_strdelimit (g_strndup (f.text, f.length), " ", '|');
}

/* The fields of columns that play no role. */
static void
add_extras (const RfImportTable *t, guint32 item)
{
  for (guint c = 0; t->names != NULL && c < t->names->len && c < t->reader.n_fields; c++)
    {
      RfCsvField f = strip (t->reader.fields[c]);
      g_auto(GStrv) cell = NULL;
      g_autofree char *value = NULL;
      gboolean has_role = FALSE;

      for (guint role = 0; role < RF_N_ITEM_ROLES; role++)
        has_role |= t->column[role] == (int) c;
      if (has_role || f.length == 0)
        continue;
      cell = g_strsplit (g_ptr_array_index (t->names, c), ":", 2);
      if (cell[0] == NULL || (cell[1] != NULL && g_str_has_prefix (cell[1], "float")))
        continue;
      value = is_sequence (t, (int) c) ? with_bars (f) : g_strndup (f.text, f.length);
      rf_import_add_value (t->context, item, g_strstrip (cell[0]), value, strlen (value));
    }
}

static void
check_row (const RfImportTable *t, const RfImportItem *item)
{
  if (t->reader.n_fields < t->n_columns)
    PROBLEM (t->context, item, "short-row", RF_IMPORT_KEPT, _("The row has %u fields instead of %u; the missing ones count as empty."), t->reader.n_fields, t->n_columns);
  else if (t->reader.n_fields > t->n_columns && t->n_columns > 0)
    PROBLEM (t->context, item, "long-row", RF_IMPORT_REPAIRED, _("The row has %u fields instead of %u; those beyond were left out."), t->reader.n_fields, t->n_columns);
  if (t->reader.bad_quote)
    PROBLEM (t->context, item, "bad-quote", RF_IMPORT_REPAIRED, _("A quotation mark is never closed; it was read as a letter."));
}

gboolean
rf_import_table_read_items (RfImportTable *self, GHashTable *pictures, GError **error)
{
  GError *stopped = NULL;

  if (self->context->preview != NULL)
    {
      rf_import_preview_add_table (self->context->preview, self, RF_PREVIEW_ITEMS);
      return TRUE;
    }
  while (rf_import_table_next (self, &stopped))
    {
      RfImportItem item = { .id = raw_field (self, RF_ITEM_ID), .file = self->file, .line = self->reader.line, .row = rf_import_table_row (self) };
      g_autofree char *categories = NULL;
      guint32 index;

      for (guint role = RF_ITEM_TITLE; role < RF_N_ITEM_ROLES; role++)
        item.text[role] = raw_field (self, role);
      if (is_sequence (self, self->column[RF_ITEM_CATEGORY]))
        {
          categories = with_bars (strip (item.text[RF_ITEM_CATEGORY]));
          item.text[RF_ITEM_CATEGORY] = (RfCsvField) { categories, strlen (categories) };
        }
      check_row (self, &item);
      index = rf_import_add_item (self->context, &item, pictures);
      if (index != RF_NO_INDEX)
        add_extras (self, index);
    }
  if (stopped == NULL)
    return TRUE;
  g_propagate_error (error, stopped);
  return FALSE;
}

gboolean
rf_import_table_read_interactions (RfImportTable *self, RfInteractionReader *reader, int part, GError **error)
{
  const RfInteractionColumns columns = {
    self->column[RF_INTERACTION_USER], self->column[RF_INTERACTION_ITEM], self->column[RF_INTERACTION_RATING],
    self->column[RF_INTERACTION_TIMESTAMP], self->column[RF_INTERACTION_PART], self->column[RF_INTERACTION_EVENT],
  };
  const RfInteractionFile file = { self->file, self->text.text, self->text.size, self->dialect, self->has_header, self->n_columns, part };

  if (self->context->preview != NULL)
    {
      rf_import_preview_add_table (self->context->preview, self, RF_PREVIEW_INTERACTIONS);
      return TRUE;
    }
  return rf_interaction_reader_add (reader, &file, &columns, self->context->progress, error);
}

gboolean
rf_import_read_item_lists (RfImportTable *self, RfInteractionReader *reader, GError **error)
{
  const RfInteractionColumns columns = { 0, 1, -1, -1, -1, -1 };
  g_autoptr(GString) pairs = g_string_new (NULL);
  RfInteractionFile file = { .name = self->file, .dialect = { '\t', 0, '\n', NULL }, .n_columns = 2, .part = -1 };
  GError *stopped = NULL;

  if (self->context->preview != NULL)
    {
      rf_import_preview_add_table (self->context->preview, self, RF_PREVIEW_OTHER);
      return TRUE;
    }
  while (rf_import_table_next (self, &stopped))
    {
      const RfCsvReader *r = &self->reader;

      for (guint f = 1; f < r->n_fields; f++)
        {
          g_autofree char *list = g_strndup (r->fields[f].text, r->fields[f].length);
          g_auto(GStrv) items = g_strsplit_set (list, " ,", -1);

          for (guint i = 0; items[i] != NULL; i++)
            if (items[i][0] != '\0')
              g_string_append_printf (pairs, "%.*s\t%s\n", (int) r->fields[0].length, r->fields[0].text, items[i]);
        }
    }
  if (stopped != NULL)
    {
      g_propagate_error (error, stopped);
      return FALSE;
    }
  file.text = pairs->str;
  file.size = pairs->len;
  return rf_interaction_reader_add (reader, &file, &columns, self->context->progress, error);
}
