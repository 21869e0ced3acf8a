/* rf-import-json.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/catalog/importers/rf-import-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/rf-json.h"
#include "core/catalog/importers/rf-import-preview-private.h"
#include "core/catalog/importers/rf-import-python.h"

#define TELL_EVERY 4096

static JsonObject *
parse_line (JsonParser *parser, const char *line, gsize length)
{
  JsonNode *root;

  if (!rf_json_load (parser, line, (gssize) length, NULL))
    {
      g_autofree char *json = rf_import_python_to_json (line, length);

      if (json == NULL || !rf_json_load (parser, json, -1, NULL))
        return NULL;
    }
  root = json_parser_get_root (parser);
  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
}

/* The members of the first objects, as columns. */
static GPtrArray *
list_members (const GPtrArray *objects)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  for (guint o = 0; o < objects->len; o++)
    {
      JsonObjectIter iter;
      const char *name;

      json_object_iter_init (&iter, g_ptr_array_index (objects, o));
      while (json_object_iter_next (&iter, &name, NULL))
        if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
          g_ptr_array_add (names, g_strdup (name));
    }
  return names;
}

static void
preview_roles (const RfImportContext *context, RfPreviewTable *table)
{
  const RfImportRole *roles = table->kind == RF_PREVIEW_ITEMS ? rf_item_roles : rf_interaction_roles;
  guint n_roles = table->kind == RF_PREVIEW_ITEMS ? RF_N_ITEM_ROLES : table->kind == RF_PREVIEW_INTERACTIONS ? RF_N_INTERACTION_ROLES : 0, n_required = table->kind == RF_PREVIEW_ITEMS ? 1 : 2;

  for (guint r = 0; r < n_roles; r++)
    {
      guint best = G_MAXUINT, best_rank = G_MAXUINT;

      for (guint c = 0; c < table->n_columns; c++)
        {
          guint rank = rf_import_rank_name (table->columns[c], strlen (table->columns[c]), &roles[r], context->options);

          if (rank < best_rank)
            {
              best = c;
              best_rank = rank;
            }
        }
      if (best < table->n_columns)
        table->roles[best] = roles[r].role;
      else if (r < n_required && table->missing == NULL)
        table->missing = roles[r].role;
    }
}

static gboolean
preview_lines (const RfImportContext *context, const char *file, RfPreviewKind kind, GError **error)
{
  g_autofree char *path = g_build_filename (context->source, file, NULL);
  g_autoptr(GPtrArray) objects = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref), names = NULL;
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  RfPreviewTable *table;
  RfTextFile text;

  if (!rf_text_file_open (&text, path, file, context->report, error))
    return FALSE;
  for (const char *at = text.text, *end = text.text + text.size; at < end && objects->len < RF_PREVIEW_ROWS;)
    {
      const char *stop = memchr (at, '\n', (gsize) (end - at));
      JsonObject *object = parse_line (parser, at, (gsize) ((stop ? stop : end) - at));

      if (object != NULL)
        g_ptr_array_add (objects, json_object_ref (object));
      at = stop ? stop + 1 : end;
    }
  rf_text_file_close (&text);
  names = list_members (objects);
  table = rf_import_preview_add (context->preview, file, kind, names->len);
  table->has_names = TRUE;
  for (guint c = 0; c < names->len; c++)
    {
      g_free (table->columns[c]);
      table->columns[c] = g_strdup (g_ptr_array_index (names, c));
    }
  preview_roles (context, table);
  for (guint o = 0; o < objects->len; o++)
    {
      g_autofree RfCsvField *fields = g_new0 (RfCsvField, names->len + 1);
      g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

      for (guint c = 0; c < names->len; c++)
        {
          const char *const members[] = { g_ptr_array_index (names, c), NULL };
          GString *value = rf_import_json_text (g_ptr_array_index (objects, o), "|", members);

          if (value->len == 0)
            rf_import_json_append (value, g_ptr_array_index (objects, o), members);
          fields[c] = (RfCsvField) { value->str, value->len };
          g_ptr_array_add (texts, g_string_free (value, FALSE));
        }
      rf_import_preview_add_row (table, fields, names->len);
    }
  return TRUE;
}

gboolean
rf_import_each_line (const RfImportContext *context, const char *file, RfImportLineFunc func, gpointer data, GError **error)
{
  g_autofree char *path = g_build_filename (context->source, file, NULL);
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  RfTextFile text;
  guint64 line = 0;
  gboolean ok = TRUE;

  if (context->preview != NULL)
    return preview_lines (context, file, RF_PREVIEW_OTHER, error);
  if (!rf_text_file_open (&text, path, file, context->report, error))
    return FALSE;
  for (const char *at = text.text, *end = text.text + text.size; at < end && ok;)
    {
      const char *stop = memchr (at, '\n', (gsize) (end - at));
      gsize length = (gsize) ((stop ? stop : end) - at);
      JsonObject *object = NULL;

      line++;
      if (length > 1)
        object = parse_line (parser, at, length);
      if (object == NULL && length > 1)
        rf_import_report_add (context->report, file, line, line, "bad-json", RF_IMPORT_DROPPED, _("The line is no JSON object (nor a Python dictionary)."));
      func (context, file, line, object, data);
      if (line % TELL_EVERY == 0)
        ok = rf_progress_step (context->progress, _("Reading the tables"), (double) (at - text.text) / (double) text.size, error);
      at = stop ? stop + 1 : end;
    }
  rf_text_file_close (&text);
  return ok;
}

/* A text of a member: of a list its texts one after the other, of a list of lists those of the last list. */
static void
append_text (GString *out, JsonNode *node, const char *between)
{
  if (node == NULL)
    return;
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    {
      if (json_node_get_string (node)[0] != '\0')
        g_string_append_printf (out, "%s%s", out->len ? between : "", json_node_get_string (node));
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);
      guint n = json_array_get_length (array);

      if (n > 0 && JSON_NODE_HOLDS_ARRAY (json_array_get_element (array, n - 1)))
        append_text (out, json_array_get_element (array, n - 1), between);
      else
        for (guint e = 0; e < n; e++)
          append_text (out, json_array_get_element (array, e), between);
    }
}

GString *
rf_import_json_text (JsonObject *object, const char *between, const char *const *members)
{
  GString *out = g_string_new (NULL);

  for (guint m = 0; members[m] != NULL && out->len == 0; m++)
    if (json_object_has_member (object, members[m]))
      append_text (out, json_object_get_member (object, members[m]), between);
  return out;
}

void
rf_import_json_append (GString *out, JsonObject *object, const char *const *members)
{
  for (guint m = 0; members[m] != NULL; m++)
    {
      JsonNode *node = json_object_has_member (object, members[m]) ? json_object_get_member (object, members[m]) : NULL;
      gsize start = out->len;

      if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
        continue;
      if (json_node_get_value_type (node) == G_TYPE_STRING)
        g_string_append (out, json_node_get_string (node));
      else if (json_node_get_value_type (node) == G_TYPE_INT64)
        g_string_append_printf (out, "%" G_GINT64_FORMAT, json_node_get_int (node));
      else
        {
          char number[G_ASCII_DTOSTR_BUF_SIZE];

          g_string_append (out, g_ascii_formatd (number, sizeof number, "%.9g", json_node_get_double (node)));
        }
      for (gsize c = start; c < out->len; c++)
        if (g_ascii_iscntrl (out->str[c]))
          out->str[c] = ' ';
      return;
    }
}

/* The member that plays a role, NULL if there is none. */
static const char *
find_member (const RfImportContext *context, JsonObject *object, const RfImportRole *role)
{
  JsonObjectIter iter;
  const char *name, *best = NULL;
  guint rank, best_rank = G_MAXUINT;
  JsonNode *node;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node))
    {
      rank = rf_import_rank_name (name, strlen (name), role, context->options);
      if (rank < best_rank)
        {
          best = name;
          best_rank = rank;
        }
    }
  return best;
}

/* Texts and lists of texts that play no role. */
static void
add_extras (const RfImportContext *context, JsonObject *object, const char *const *taken, guint32 item)
{
  JsonObjectIter iter;
  const char *name;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, NULL))
    {
      const char *const members[] = { name, NULL };
      g_autoptr(GString) text = NULL;
      gboolean has_role = FALSE;

      for (guint role = 0; role < RF_N_ITEM_ROLES; role++)
        has_role |= taken[role] != NULL && strcmp (taken[role], name) == 0;
      if (has_role)
        continue;
      text = rf_import_json_text (object, "|", members);
      rf_import_add_value (context, item, name, text->str, text->len);
    }
}

static void
read_item (const RfImportContext *context, const char *file, guint64 line, JsonObject *object, gpointer data)
{
  static const char *const between[RF_N_ITEM_ROLES] = { " ", " ", "\n", "|", " " };
  RfImportItem item = { .file = file, .line = line, .row = line };
  g_autoptr(GPtrArray) texts = g_ptr_array_new ();
  const char *taken[RF_N_ITEM_ROLES];
  guint32 index;

  if (object == NULL)
    return;
  for (guint role = 0; role < RF_N_ITEM_ROLES; role++)
    {
      const char *const members[] = { taken[role] = find_member (context, object, &rf_item_roles[role]), NULL };
      GString *text = rf_import_json_text (object, between[role], members);

      if (text->len == 0 && members[0] != NULL)
        rf_import_json_append (text, object, members); /* a number */
      g_ptr_array_add (texts, text);
      *(role == RF_ITEM_ID ? &item.id : &item.text[role]) = (RfCsvField) { text->str, text->len };
    }
  index = rf_import_add_item (context, &item, data);
  if (index != RF_NO_INDEX)
    add_extras (context, object, taken, index);
  for (guint role = 0; role < RF_N_ITEM_ROLES; role++)
    g_string_free (g_ptr_array_index (texts, role), TRUE);
}

gboolean
rf_import_json_items (const RfImportContext *context, const char *file, GHashTable *pictures, GError **error)
{
  if (context->preview != NULL)
    return preview_lines (context, file, RF_PREVIEW_ITEMS, error);
  return rf_import_each_line (context, file, read_item, pictures, error);
}

/* One line of the file is one line of a table in memory, so that problems are told at the right one. */
static void
read_interaction (const RfImportContext *context, const char *file, guint64 line, JsonObject *object, gpointer data)
{
  GString *out = data;

  for (guint role = 0; object != NULL && role < RF_N_INTERACTION_ROLES; role++)
    {
      const char *const members[] = { find_member (context, object, &rf_interaction_roles[role]), NULL };

      if (role > 0)
        g_string_append_c (out, '\t');
      rf_import_json_append (out, object, members);
    }
  g_string_append_c (out, '\n');
}

/* Which of the columns have something anywhere; columns without are none. */
static RfInteractionColumns
used_columns (const RfImportContext *context, const GString *table, const RfCsvDialect *dialect)
{
  int column[RF_N_INTERACTION_ROLES] = { 0, 1, -1, -1, -1, -1 };
  RfCsvReader reader;

  rf_csv_reader_init (&reader, table->str, table->len, dialect);
  while (rf_csv_reader_next (&reader))
    for (guint role = 2; role < MIN (reader.n_fields, RF_N_INTERACTION_ROLES); role++)
      if (reader.fields[role].length > 0)
        column[role] = (int) role;
  rf_csv_reader_clear (&reader);
  return (RfInteractionColumns) { column[0], column[1], column[2], column[3], column[4], column[5] };
}

gboolean
rf_import_json_interactions (const RfImportContext *context, const char *file, RfInteractionReader *reader, GError **error)
{
  g_autoptr(GString) table = g_string_new (NULL);
  RfInteractionFile lines = { .name = file, .dialect = { '\t', 0, '\n', NULL }, .n_columns = RF_N_INTERACTION_ROLES, .part = -1 };
  RfInteractionColumns columns;

  if (context->preview != NULL)
    return preview_lines (context, file, RF_PREVIEW_INTERACTIONS, error);
  if (!rf_import_each_line (context, file, read_interaction, table, error))
    return FALSE;
  columns = used_columns (context, table, &lines.dialect);
  lines.text = table->str;
  lines.size = table->len;
  return rf_interaction_reader_add (reader, &lines, &columns, context->progress, error);
}
