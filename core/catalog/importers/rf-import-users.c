/* rf-import-users.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/catalog/importers/rf-import-users.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/catalog/importers/rf-import-preview-private.h"
#include "core/catalog/rf-import-values.h"

#define MAX_COLUMNS 32
#define MAX_VALUE   1000 /* bytes */

static const RfImportRole user_roles[] = { { "user_id", "userid|user|id|customerid|reviewerid|customer|visitorid|uid" } };

typedef struct
{
  RfImportTable *table;
  const char *const *names;
  guint8 *has_row; /* of the users there are */
} Users;

/* "age:token" -> "age" */
static char *
column_name (const Users *u, guint column)
{
  if (u->names)
    return column < g_strv_length ((char **) u->names) ? g_strdup (u->names[column]) : NULL;
  if (column >= u->table->names->len)
    return NULL;
  return g_strndup (g_ptr_array_index (u->table->names, column), strcspn (g_ptr_array_index (u->table->names, column), ":"));
}

static void
keep_values (const Users *u, guint32 user)
{
  RfCatalogBuilder *builder = u->table->context->builder;
  const RfCsvReader *r = &u->table->reader;

  for (guint c = 0; c < r->n_fields && c < MAX_COLUMNS; c++)
    {
      g_autofree char *name = (int) c == u->table->column[0] ? NULL : column_name (u, c), *value = NULL;
      RfTextChange changes;

      if (name == NULL || *name == '\0')
        continue;
      value = rf_import_clean_text (r->fields[c].text, r->fields[c].length, MAX_VALUE, &changes);
      if (*value != '\0')
        rf_catalog_builder_set_user_value (builder, rf_catalog_builder_ensure_user_column (builder, name), user, value);
    }
}

static void
read_user (Users *u)
{
  const RfImportContext *context = u->table->context;
  RfCsvField field = rf_import_table_field (u->table, 0);
  g_autofree char *id = g_strndup (field.text, field.length);
  guint32 user = rf_id_map_find (rf_catalog_builder_get_users (context->builder), id, strlen (id));
  guint64 line = u->table->reader.line, row = rf_import_table_row (u->table);

  if (*id == '\0')
    rf_import_report_add (context->report, u->table->file, line, row, "empty-user", RF_IMPORT_DROPPED, _("The row names no user."));
  else if (user == RF_NO_INDEX)
    rf_import_report_add (context->report, u->table->file, line, row, "idle-user", RF_IMPORT_DROPPED, _("The user “%s” did nothing; the row was left out."), id);
  else if (u->has_row[user])
    rf_import_report_add (context->report, u->table->file, line, row, "duplicate-user", RF_IMPORT_DROPPED, _("The user “%s” has a row already; the first one counts."), id);
  else
    {
      u->has_row[user] = 1;
      keep_values (u, user);
    }
}

static void
tell_unknown (const Users *u)
{
  const RfImportContext *context = u->table->context;
  const RfIdMap *users = rf_catalog_builder_get_users (context->builder);

  for (guint32 user = 0; user < users->n_ids; user++)
    if (!u->has_row[user])
      rf_import_report_add (context->report, u->table->file, 0, 0, "unknown-user", RF_IMPORT_KEPT, _("The user “%s” did something and has no row here."), rf_id_map_get (users, user));
}

gboolean
rf_import_read_users (const RfImportContext *context, const char *file, const RfCsvDialect *dialect, const char *const *names, GError **error)
{
  g_auto(RfImportTable) table = { 0 };
  g_autofree guint8 *has_row = NULL;
  Users users = { &table, names, NULL };
  GError *stopped = NULL;

  if (!rf_import_table_open (&table, context, file, dialect, names == NULL, error))
    return FALSE;
  if (names == NULL)
    rf_import_table_find_roles (&table, user_roles, 1, 0, NULL);
  else
    table.column[0] = 0;
  if (context->preview != NULL)
    {
      rf_import_preview_add_table (context->preview, &table, RF_PREVIEW_OTHER);
      return TRUE;
    }
  if (table.column[0] < 0)
    {
      rf_import_report_add (context->report, file, 1, 0, "file-not-read", RF_IMPORT_DROPPED, _("The table of users has no column “user_id”; it was not read."));
      return TRUE;
    }
  users.has_row = has_row = g_new0 (guint8, (gsize) rf_catalog_builder_get_users (context->builder)->n_ids + 1);
  while (rf_import_table_next (&table, &stopped))
    read_user (&users);
  if (stopped != NULL)
    {
      g_propagate_error (error, stopped);
      return FALSE;
    }
  tell_unknown (&users);
  return TRUE;
}
