/* rf-import-folder.c: a folder with items.csv and interactions.csv (or .tsv) and a folder of pictures.
 *
 * items:        item_id [, title] [, description] [, category] [, image]
 * interactions: user_id, item_id [, rating] [, timestamp] [, part] [, event]
 * Columns are found by name, in any order; the usual other names are known (aliases below). Without an image column, or where it is
 * empty, images/<item_id>.{jpg,jpeg,png,webp,gif} is looked for.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/catalog/importers/rf-importers.h"
#include "core/catalog/rf-catalog-private.h"
#include "core/catalog/rf-csv.h"
#include "core/catalog/rf-import-values.h"
#include "core/catalog/rf-interaction-reader.h"
#include "core/catalog/rf-text-file.h"

#define MAX_TEXT  20000 /* bytes of a description */
#define MAX_TITLE 2000
#define MAX_ID    512
#define TELL_EVERY 4096

/* Column roles with their names, the usual one first; all lower case, without separators. */
typedef struct
{
  const char *role;
  const char *names; /* '|' between */
} Role;

enum
{
  ITEM_ID,
  TITLE,
  DESCRIPTION,
  CATEGORY,
  IMAGE,
  N_ITEM_ROLES
};

static const Role item_roles[N_ITEM_ROLES] = {
  { "item_id", "itemid|item|id|asin|movieid|sku|productid|parentasin|articleid" },
  { "title", "title|name|productname|itemname" },
  { "description", "description|text|overview|plot|summary|details|content" },
  { "category", "category|categories|genre|genres|type|class" },
  { "image", "image|images|imagepath|img|picture|poster|photo|imagefile|cover" },
};

enum
{
  USER_ID,
  OF_ITEM,
  RATING,
  TIMESTAMP,
  PART,
  EVENT,
  N_INTERACTION_ROLES
};

static const Role interaction_roles[N_INTERACTION_ROLES] = {
  { "user_id", "userid|user|customerid|reviewerid|customer|visitorid|uid" },
  { "item_id", "itemid|item|asin|movieid|sku|productid|parentasin|articleid|iid" },
  { "rating", "rating|score|stars|overall|value" },
  { "timestamp", "timestamp|time|date|unixreviewtime|datetime|ts" },
  { "part", "part|split|xlabel|fold" },
  { "event", "event|eventtype|action|behavior|behaviour" },
};

typedef struct
{
  const char *source;
  char *file; /* name relative to the source */
  RfTextFile text;
  RfCsvDialect dialect;
  RfCsvReader reader;
  int column[8]; /* of each role, -1: none */
  guint n_columns;
  RfCatalogBuilder *builder;
  RfImportReport *report;
  RfProgress *progress;
} Table;

static void
table_clear (Table *t)
{
  rf_csv_reader_clear (&t->reader);
  rf_text_file_close (&t->text);
  g_free (t->file);
}

static char *
find_table (const char *source, const char *stem)
{
  static const char *const endings[] = { "csv", "tsv", "txt" };

  for (gsize e = 0; e < G_N_ELEMENTS (endings); e++)
    {
      g_autofree char *name = g_strdup_printf ("%s.%s", stem, endings[e]), *path = g_build_filename (source, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&name);
    }
  return NULL;
}

/* "Item ID" -> "itemid" */
static char *
plain_name (const RfCsvField *field)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < field->length; i++)
    if (g_ascii_isalnum (field->text[i]))
      g_string_append_c (out, g_ascii_tolower (field->text[i]));
  return g_string_free (out, FALSE);
}

static int
find_column (const RfCsvReader *header, const Role *role)
{
  g_auto(GStrv) names = g_strsplit (role->names, "|", -1);

  for (guint n = 0; names[n]; n++)
    for (guint c = 0; c < header->n_fields; c++)
      {
        g_autofree char *plain = plain_name (&header->fields[c]);

        if (strcmp (plain, names[n]) == 0)
          return (int) c;
      }
  return -1;
}

static char *
list_header (const RfCsvReader *header)
{
  GString *out = g_string_new (NULL);

  for (guint c = 0; c < header->n_fields && c < 20; c++)
    g_string_append_printf (out, "%s%.*s", c ? ", " : "", (int) MIN (header->fields[c].length, 40), header->fields[c].text);
  return g_string_free (out, FALSE);
}

/* Opens a table and reads its header; the first `n_required` roles must be there. */
static gboolean
table_open (Table *t, const char *stem, const Role *roles, guint n_roles, guint n_required, GError **error)
{
  g_autofree char *path = NULL;

  t->file = find_table (t->source, stem);
  if (t->file == NULL)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("There is no %s.csv (or .tsv) in %s; the README says what a catalog folder looks like."), stem, t->source);
      return FALSE;
    }
  path = g_build_filename (t->source, t->file, NULL);
  if (!rf_text_file_open (&t->text, path, t->file, t->report, error))
    return FALSE;
  t->dialect = rf_csv_sniff (t->text.text, t->text.size);
  rf_csv_reader_init (&t->reader, t->text.text, t->text.size, &t->dialect);
  if (!rf_csv_reader_next (&t->reader))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("%s is empty; its first line should name the columns."), t->file);
      return FALSE;
    }
  t->n_columns = t->reader.n_fields;
  for (guint r = 0; r < n_roles; r++)
    {
      t->column[r] = find_column (&t->reader, &roles[r]);
      if (t->column[r] < 0 && r < n_required)
        {
          g_autofree char *have = list_header (&t->reader);

          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("%s, line 1: there is no column “%s”; the columns are: %s. Rename one of them."), t->file, roles[r].role, have);
          return FALSE;
        }
    }
  return TRUE;
}

/* The next record with its length checked; blank lines do not count. */
static gboolean
table_next (Table *t, GError **error, gboolean *stopped)
{
  *stopped = FALSE;
  if (!rf_csv_reader_next (&t->reader))
    return FALSE;
  if (t->reader.row % TELL_EVERY == 0 &&
      !rf_progress_step (t->progress, _("Reading the tables"), (double) (t->reader.start - t->text.text) / (double) MAX (t->text.size, 1), error))
    {
      *stopped = TRUE;
      return FALSE;
    }
  return TRUE;
}

static guint64
data_row (const Table *t)
{
  return t->reader.row - 1; /* the header is a record, too */
}

#define PROBLEM(t, kind, action, ...) rf_import_report_add ((t)->report, (t)->file, (t)->reader.line, data_row (t), kind, action, __VA_ARGS__)

static void
check_row (Table *t)
{
  if (t->reader.n_fields < t->n_columns)
    PROBLEM (t, "short-row", RF_IMPORT_KEPT, _("The row has %u fields instead of %u; the missing ones count as empty."), t->reader.n_fields, t->n_columns);
  else if (t->reader.n_fields > t->n_columns)
    PROBLEM (t, "long-row", RF_IMPORT_REPAIRED, _("The row has %u fields instead of %u; those beyond were left out."), t->reader.n_fields, t->n_columns);
  if (t->reader.bad_quote)
    PROBLEM (t, "bad-quote", RF_IMPORT_REPAIRED, _("A quotation mark is never closed; it was read as a letter."));
}

static RfCsvField
field (const Table *t, guint role)
{
  static const RfCsvField nothing = { "", 0 };
  int column = t->column[role];

  return column >= 0 && (guint) column < t->reader.n_fields ? t->reader.fields[column] : nothing;
}

static RfCsvField
strip (RfCsvField f)
{
  while (f.length > 0 && g_ascii_isspace (f.text[0]))
    {
      f.text++;
      f.length--;
    }
  while (f.length > 0 && g_ascii_isspace (f.text[f.length - 1]))
    f.length--;
  return f;
}

static char *
clean_field (Table *t, guint role, gsize max_bytes)
{
  RfCsvField f = field (t, role);
  RfTextChange changes;
  char *text = rf_import_clean_text (f.text, f.length, max_bytes, &changes);

  if (changes & RF_TEXT_CONTROLS)
    PROBLEM (t, "control-characters", RF_IMPORT_REPAIRED, _("The %s holds control characters; they were taken out."), item_roles[role].role);
  if (changes & RF_TEXT_BIDI)
    PROBLEM (t, "bidi-characters", RF_IMPORT_REPAIRED, _("The %s holds characters that turn the direction of writing; they were taken out."), item_roles[role].role);
  if (changes & RF_TEXT_RETURNS)
    PROBLEM (t, "carriage-return", RF_IMPORT_REPAIRED, _("The %s holds carriage returns; they were read as ends of lines."), item_roles[role].role);
  if (changes & RF_TEXT_CUT)
    PROBLEM (t, "long-text", RF_IMPORT_REPAIRED, _("The %s has %zu bytes; it was cut after %zu."), item_roles[role].role, f.length, max_bytes);
  return text;
}

/* images/<id>.<ending> for items whose image column says nothing, from one listing of the folder: plain lower-case name -> name. */
static GHashTable *
list_images (const char *source)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *folder = g_build_filename (source, "images", NULL);
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)) != NULL)
    {
      const char *dot = strrchr (name, '.');
      g_autofree char *ending = dot ? g_ascii_strdown (dot + 1, -1) : NULL;

      if (dot && g_utf8_validate (name, -1, NULL) && g_strv_contains ((const char *const[]) { "jpg", "jpeg", "png", "webp", "gif", NULL }, ending))
        g_hash_table_insert (table, g_strndup (name, (gsize) (dot - name)), g_strconcat ("images/", name, NULL));
    }
  if (dir)
    g_dir_close (dir);
  return table;
}

static gboolean
same_content (RfCatalogBuilder *builder, guint32 item, const char *title, const char *description, const char *category)
{
  return strcmp (rf_catalog_builder_get_item_title (builder, item), title) == 0 &&
         strcmp (rf_catalog_builder_get_item_description (builder, item), description) == 0 &&
         strcmp (rf_catalog_builder_get_item_category (builder, item), category) == 0;
}

static void
read_item (Table *t, GHashTable *images)
{
  RfCsvField raw = field (t, ITEM_ID), id_field = strip (raw), image_field;
  g_autofree char *id = g_strndup (id_field.text, id_field.length), *title = NULL, *description = NULL, *category = NULL, *image = NULL;
  guint32 item;

  if (id_field.length == 0 || id_field.length > MAX_ID)
    {
      PROBLEM (t, id_field.length ? "long-id" : "empty-id", RF_IMPORT_DROPPED, id_field.length ? _("The item's id is longer than 512 bytes.") : _("The row has no item id."));
      return;
    }
  if (raw.length != id_field.length)
    PROBLEM (t, "id-blanks", RF_IMPORT_REPAIRED, _("Blanks around the id “%s” were taken off."), id);
  title = clean_field (t, TITLE, MAX_TITLE);
  description = clean_field (t, DESCRIPTION, MAX_TEXT);
  category = clean_field (t, CATEGORY, MAX_TITLE);
  item = rf_catalog_builder_find_item (t->builder, id);
  if (item != RF_NO_INDEX)
    {
      RfOrigin first = rf_catalog_builder_get_origin (t->builder, item);
      gboolean same = same_content (t->builder, item, title, description, category);

      PROBLEM (t, same ? "duplicate-item" : "duplicate-item-different", RF_IMPORT_DROPPED,
               same ? _("The item “%s” stands in row %" G_GUINT64_FORMAT " already, with the same content; the first one counts.")
                    : _("The item “%s” stands in row %" G_GUINT64_FORMAT " already, with other content; the first one counts."),
               id, first.row);
      return;
    }
  image_field = strip (field (t, IMAGE));
  image = g_strndup (image_field.text, image_field.length);
  if (image[0] == '\0' && g_hash_table_contains (images, id))
    {
      g_free (image);
      image = g_strdup (g_hash_table_lookup (images, id));
    }
  if (title[0] == '\0' && description[0] == '\0' && category[0] == '\0' && image[0] == '\0')
    PROBLEM (t, "empty-item", RF_IMPORT_KEPT, _("The item “%s” has neither text nor picture; only what users did with it can speak for it."), id);
  item = rf_catalog_builder_add_item (t->builder, id, title, description, category, image);
  rf_catalog_builder_set_origin (t->builder, item, (RfOrigin) { rf_catalog_builder_add_file (t->builder, t->file), t->reader.line, data_row (t) });
}

static gboolean
read_items (Table *t, GError **error)
{
  g_autoptr(GHashTable) images = list_images (t->source);
  gboolean stopped;

  if (!table_open (t, "items", item_roles, N_ITEM_ROLES, 1, error))
    return FALSE;
  while (table_next (t, error, &stopped))
    {
      check_row (t);
      read_item (t, images);
    }
  return !stopped;
}

static gboolean
read_interactions (Table *t, GError **error)
{
  g_autoptr(RfInteractionReader) reader = NULL;
  RfInteractionColumns columns;
  RfInteractionFile file;

  if (!table_open (t, "interactions", interaction_roles, N_INTERACTION_ROLES, 2, error))
    return FALSE;
  reader = rf_interaction_reader_new (t->builder, TRUE, t->report);
  columns = (RfInteractionColumns) { t->column[USER_ID], t->column[OF_ITEM], t->column[RATING], t->column[TIMESTAMP], t->column[PART], t->column[EVENT] };
  file = (RfInteractionFile) { t->file, t->text.text, t->text.size, t->dialect, TRUE, t->n_columns, -1 };
  if (!rf_interaction_reader_add (reader, &file, &columns, t->progress, error))
    return FALSE;
  rf_interaction_reader_finish (reader);
  return TRUE;
}

static char *
probe (const char *source)
{
  g_autofree char *items = find_table (source, "items"), *interactions = find_table (source, "interactions");

  return items && interactions ? g_strdup_printf (_("a folder with %s and %s"), items, interactions) : NULL;
}

static gboolean
read_source (const char *source, const RfImportOptions *options, RfCatalogBuilder *builder, RfImportReport *report, RfProgress *progress, GError **error)
{
  Table items = { .source = source, .builder = builder, .report = report, .progress = progress };
  Table interactions = items;
  gboolean ok = read_items (&items, error) && read_interactions (&interactions, error);

  table_clear (&items);
  table_clear (&interactions);
  return ok;
}

const RfImporter rf_importer_folder = {
  .name = "folder",
  .title = N_("Folder with items.csv, interactions.csv and images"),
  .probe = probe,
  .read = read_source,
};
