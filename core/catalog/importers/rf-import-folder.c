/* rf-import-folder.c: a folder with items.csv and interactions.csv (or .tsv) and a folder of pictures.
 *
 * items:        item_id [, title] [, description] [, category] [, image]
 * interactions: user_id, item_id [, rating] [, timestamp]
 * Columns are found by name, in any order; the usual other names are known (aliases below). Without an image column, or where it is
 * empty, images/<item_id>.{jpg,jpeg,png,webp,gif} is looked for.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/catalog/importers/rf-importers.h"
#include "core/catalog/rf-catalog-private.h"
#include "core/catalog/rf-csv.h"
#include "core/catalog/rf-import-values.h"

#define MAX_TEXT  20000 /* bytes of a description */
#define MAX_TITLE 2000
#define MAX_ID    512
#define TELL_EVERY 65536

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
  N_INTERACTION_ROLES
};

static const Role interaction_roles[N_INTERACTION_ROLES] = {
  { "user_id", "userid|user|customerid|reviewerid|customer|visitorid|uid" },
  { "item_id", "itemid|item|asin|movieid|sku|productid|parentasin|articleid|iid" },
  { "rating", "rating|score|stars|overall|value" },
  { "timestamp", "timestamp|time|date|unixreviewtime|datetime|ts" },
};

typedef struct
{
  const char *source;
  char *file; /* name relative to the source */
  char *text;
  gsize length;
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
  g_free (t->file);
  g_free (t->text);
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
  RfCsvDialect dialect;

  t->file = find_table (t->source, stem);
  if (t->file == NULL)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("There is no %s.csv (or .tsv) in %s; the README says what a catalog folder looks like."), stem, t->source);
      return FALSE;
    }
  path = g_build_filename (t->source, t->file, NULL);
  t->text = rf_import_read_text (path, t->file, &t->length, t->report, error);
  if (t->text == NULL)
    return FALSE;
  dialect = rf_csv_sniff (t->text, t->length);
  rf_csv_reader_init (&t->reader, t->text, t->length, &dialect);
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
      !rf_progress_step (t->progress, _("Reading the tables"), (double) (t->reader.start - t->text) / (double) MAX (t->length, 1), error))
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

/* Lines and rows of what may turn out wrong later, when the scale is known. */
typedef struct
{
  guint64 line, row;
} Place;

static float
read_rating (Table *t)
{
  RfCsvField f = field (t, RATING);
  float value;
  RfValueState state;

  if (t->column[RATING] < 0)
    return NAN;
  state = rf_import_parse_rating (f.text, f.length, &value);
  if (state == RF_VALUE_EMPTY)
    PROBLEM (t, "rating-missing", RF_IMPORT_KEPT, _("The row has no rating; it counts as an interaction without one."));
  else if (state == RF_VALUE_DECIMAL_COMMA)
    PROBLEM (t, "rating-decimal-comma", RF_IMPORT_REPAIRED, _("The rating “%.*s” was read with a decimal comma."), (int) f.length, f.text);
  else if (state == RF_VALUE_NAN)
    PROBLEM (t, "rating-nan", RF_IMPORT_REPAIRED, _("The rating is “%.*s”; it was taken out and the interaction kept."), (int) MIN (f.length, 40), f.text);
  else if (state == RF_VALUE_NOT_A_NUMBER)
    PROBLEM (t, "rating-not-a-number", RF_IMPORT_REPAIRED, _("The rating “%.*s” is not a number; it was taken out and the interaction kept."), (int) MIN (f.length, 40), f.text);
  return value;
}

static gint64
read_time (Table *t, gint64 now)
{
  RfCsvField f = field (t, TIMESTAMP);
  gint64 value;
  int shown = (int) MIN (f.length, 40);

  if (t->column[TIMESTAMP] < 0)
    return RF_NO_TIMESTAMP;
  switch (rf_import_parse_timestamp (f.text, f.length, now, &value))
    {
    case RF_VALUE_EMPTY:
      PROBLEM (t, "timestamp-missing", RF_IMPORT_KEPT, _("The row has no time."));
      break;
    case RF_VALUE_MILLISECONDS:
      PROBLEM (t, "timestamp-milliseconds", RF_IMPORT_REPAIRED, _("The time “%.*s” is in milliseconds; it was converted."), shown, f.text);
      break;
    case RF_VALUE_ISO:
      PROBLEM (t, "timestamp-iso", RF_IMPORT_REPAIRED, _("The time “%.*s” was converted to seconds."), shown, f.text);
      break;
    case RF_VALUE_NEGATIVE:
      PROBLEM (t, "timestamp-negative", RF_IMPORT_REPAIRED, _("The time “%.*s” is negative; it was taken out and the interaction kept."), shown, f.text);
      break;
    case RF_VALUE_FUTURE:
      PROBLEM (t, "timestamp-future", RF_IMPORT_REPAIRED, _("The time “%.*s” lies in the future; it was taken out and the interaction kept."), shown, f.text);
      break;
    case RF_VALUE_NOT_A_NUMBER:
    case RF_VALUE_NAN:
    case RF_VALUE_DECIMAL_COMMA:
      PROBLEM (t, "timestamp-not-a-time", RF_IMPORT_REPAIRED, _("“%.*s” is no time; it was taken out and the interaction kept."), shown, f.text);
      break;
    case RF_VALUE_FINE:
    default:
      break;
    }
  return value;
}

/* The keys lie in a string chunk, which aligns nothing. */
static guint64
read_pair (gconstpointer key)
{
  guint64 pair;

  memcpy (&pair, key, sizeof pair);
  return pair;
}

static guint
hash_pair (gconstpointer key)
{
  guint64 pair = read_pair (key);

  return (guint) (pair ^ pair >> 29) * 2654435761u;
}

static gboolean
equal_pair (gconstpointer a, gconstpointer b)
{
  return read_pair (a) == read_pair (b);
}

/* TRUE: this record says nothing new. Another record of the same pair with another time or rating is told and kept. */
static gboolean
is_duplicate (Table *t, GHashTable *seen, GStringChunk *keys, const RfInteractionArrays *x, guint32 user, guint32 item, float rating, gint64 time)
{
  guint64 pair = (guint64) user << 32 | item;
  gsize before = GPOINTER_TO_SIZE (g_hash_table_lookup (seen, &pair));
  gboolean same_rating;

  if (before == 0)
    {
      char *key = g_string_chunk_insert_len (keys, (const char *) &pair, sizeof pair);

      g_hash_table_insert (seen, key, GSIZE_TO_POINTER (x->n + 1));
      return FALSE;
    }
  same_rating = x->rating[before - 1] == rating || (isnan (x->rating[before - 1]) && isnan (rating));
  if (same_rating && x->timestamp[before - 1] == time)
    {
      PROBLEM (t, "duplicate-interaction", RF_IMPORT_DROPPED, _("The same interaction stands above already."));
      return TRUE;
    }
  PROBLEM (t, "repeated-interaction", RF_IMPORT_KEPT, _("The user has this item above already, with another rating or time; for training it counts once."));
  return FALSE;
}

static gboolean
find_pair (Table *t, guint32 *user, guint32 *item)
{
  RfCsvField u = strip (field (t, USER_ID)), i = strip (field (t, OF_ITEM));
  g_autofree char *item_id = g_strndup (i.text, i.length);

  if (u.length == 0 || u.length > MAX_ID)
    {
      PROBLEM (t, u.length ? "long-id" : "empty-user", RF_IMPORT_DROPPED, u.length ? _("The user's id is longer than 512 bytes.") : _("The row has no user id."));
      return FALSE;
    }
  if (i.length == 0)
    {
      PROBLEM (t, "empty-id", RF_IMPORT_DROPPED, _("The row has no item id."));
      return FALSE;
    }
  *item = rf_catalog_builder_find_item (t->builder, item_id);
  if (*item == RF_NO_INDEX)
    {
      PROBLEM (t, "unknown-item", RF_IMPORT_DROPPED, _("The item “%s” is not among the items."), item_id);
      return FALSE;
    }
  *user = rf_catalog_builder_ensure_user_n (t->builder, u.text, u.length);
  return TRUE;
}

/* 99 stars of 5: taken out, once the scale is known. */
static void
check_scale (Table *t, RfInteractionArrays *x, const GArray *places)
{
  double scale = rf_import_guess_scale (x->rating, x->n);

  for (gsize k = 0; k < x->n; k++)
    if (!isnan (x->rating[k]) && ((double) x->rating[k] > scale || x->rating[k] < 0))
      {
        const Place *place = &g_array_index (places, Place, k);
        char value[G_ASCII_DTOSTR_BUF_SIZE];

        rf_import_report_add (t->report, t->file, place->line, place->row, "rating-out-of-range", RF_IMPORT_REPAIRED,
                              _("The rating %s is outside 0 … %g; it was taken out and the interaction kept."),
                              g_ascii_formatd (value, sizeof value, "%g", (double) x->rating[k]), scale);
        x->rating[k] = NAN;
      }
}

static gboolean
read_interactions (Table *t, GError **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (hash_pair, equal_pair);
  g_autoptr(GStringChunk) keys = g_string_chunk_new (1 << 16);
  g_autoptr(GArray) places = g_array_new (FALSE, FALSE, sizeof (Place));
  RfInteractionArrays x = { 0 };
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gboolean stopped;

  if (!table_open (t, "interactions", interaction_roles, N_INTERACTION_ROLES, 2, error))
    return FALSE;
  while (table_next (t, error, &stopped))
    {
      guint32 user, item;
      float rating;
      gint64 time;
      Place place = { t->reader.line, data_row (t) };

      check_row (t);
      if (!find_pair (t, &user, &item))
        continue;
      rating = read_rating (t);
      time = read_time (t, now);
      if (is_duplicate (t, seen, keys, &x, user, item, rating, time))
        continue;
      rf_interaction_arrays_reserve (&x, 1);
      x.user[x.n] = user;
      x.item[x.n] = item;
      x.rating[x.n] = rating;
      x.timestamp[x.n] = time;
      x.n++;
      g_array_append_val (places, place);
    }
  if (!stopped)
    {
      check_scale (t, &x, places);
      rf_catalog_builder_take_interactions (t->builder, &x);
    }
  rf_interaction_arrays_clear (&x);
  return !stopped;
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
