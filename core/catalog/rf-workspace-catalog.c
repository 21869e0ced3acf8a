/* rf-workspace-catalog.c: users, items, interactions, pictures and the import report, in and out of the database.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/catalog/rf-import-report-private.h"
#include "core/catalog/rf-picture.h"
#include "core/catalog/rf-workspace-private.h"

#define MAX_STORED_SIDE 4096

static gboolean
store_meta (RfWorkspace *self, const char *key, const char *value, GError **error)
{
  sqlite3_stmt *statement = rf_workspace_prepare (self, "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", error);
  gboolean ok;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, key, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, value, -1, SQLITE_STATIC);
  ok = rf_workspace_run (self, statement, error);
  sqlite3_finalize (statement);
  return ok;
}

static char *
load_meta (RfWorkspace *self, const char *key, GError **error)
{
  sqlite3_stmt *statement = rf_workspace_prepare (self, "SELECT value FROM meta WHERE key = ?", error);
  char *value = NULL;
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_text (statement, 1, key, -1, SQLITE_STATIC);
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW || code == SQLITE_DONE)
    value = g_strdup (code == SQLITE_ROW ? rf_workspace_text (statement, 0) : "");
  else
    rf_workspace_fail (self, error);
  sqlite3_finalize (statement);
  return value;
}

static gboolean
store_users (RfWorkspace *self, const RfCatalog *catalog, GError **error)
{
  sqlite3_stmt *statement = rf_workspace_prepare (self, "INSERT INTO user (user, id) VALUES (?, ?)", error);
  gboolean ok = statement != NULL;

  for (guint32 u = 0; u < rf_catalog_get_n_users (catalog) && ok; u++)
    {
      sqlite3_bind_int64 (statement, 1, u);
      sqlite3_bind_text (statement, 2, rf_catalog_get_user_id (catalog, u), -1, SQLITE_STATIC);
      ok = rf_workspace_run (self, statement, error);
    }
  sqlite3_finalize (statement);
  return ok;
}

static gboolean
store_items (RfWorkspace *self, const RfCatalog *catalog, GError **error)
{
  sqlite3_stmt *statement = rf_workspace_prepare (self, "INSERT INTO item (item, id, title, description, category, image, has_image) VALUES (?, ?, ?, ?, ?, ?, ?)", error);
  gboolean ok = statement != NULL;

  for (guint32 i = 0; i < rf_catalog_get_n_items (catalog) && ok; i++)
    {
      sqlite3_bind_int64 (statement, 1, i);
      sqlite3_bind_text (statement, 2, rf_catalog_get_item_id (catalog, i), -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 3, rf_catalog_get_item_title (catalog, i), -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 4, rf_catalog_get_item_description (catalog, i), -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 5, rf_catalog_get_item_category (catalog, i), -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 6, rf_catalog_get_item_image (catalog, i), -1, SQLITE_STATIC);
      sqlite3_bind_int (statement, 7, rf_catalog_item_has_image (catalog, i));
      ok = rf_workspace_run (self, statement, error);
    }
  sqlite3_finalize (statement);
  return ok;
}

static gboolean
store_events (RfWorkspace *self, const RfCatalog *catalog, GError **error)
{
  sqlite3_stmt *statement = rf_workspace_prepare (self, "INSERT INTO event (event, name) VALUES (?, ?)", error);
  gboolean ok = statement != NULL;

  for (guint e = 0; e < rf_catalog_get_n_events (catalog) && ok; e++)
    {
      sqlite3_bind_int64 (statement, 1, e);
      sqlite3_bind_text (statement, 2, rf_catalog_get_event (catalog, e), -1, SQLITE_STATIC);
      ok = rf_workspace_run (self, statement, error);
    }
  sqlite3_finalize (statement);
  return ok;
}

static gboolean
store_interactions (RfWorkspace *self, const RfCatalog *catalog, GError **error)
{
  const RfInteractions *x = rf_catalog_get_interactions (catalog);
  sqlite3_stmt *statement = rf_workspace_prepare (self, "INSERT INTO interaction (user, item, rating, timestamp, part, event) VALUES (?, ?, ?, ?, ?, ?)", error);
  gboolean ok = statement != NULL;

  for (gsize e = 0; e < x->n && ok; e++)
    {
      sqlite3_clear_bindings (statement);
      sqlite3_bind_int64 (statement, 1, x->user[e]);
      sqlite3_bind_int64 (statement, 2, x->item[e]);
      if (!isnan (x->rating[e]))
        sqlite3_bind_double (statement, 3, (double) x->rating[e]);
      if (x->timestamp[e] != RF_NO_TIMESTAMP)
        sqlite3_bind_int64 (statement, 4, x->timestamp[e]);
      if (x->part)
        sqlite3_bind_int (statement, 5, x->part[e]);
      if (x->event)
        sqlite3_bind_int (statement, 6, x->event[e]);
      ok = rf_workspace_run (self, statement, error);
    }
  sqlite3_finalize (statement);
  return ok;
}

gboolean
rf_workspace_store_catalog (RfWorkspace *self, const RfCatalog *catalog, GError **error)
{
  return store_meta (self, "name", rf_catalog_get_name (catalog), error) && store_meta (self, "source", rf_catalog_get_source (catalog), error) &&
         store_meta (self, "pictures_hash", catalog->pictures_hash, error) && store_users (self, catalog, error) &&
         store_items (self, catalog, error) && store_events (self, catalog, error) && store_interactions (self, catalog, error) && rf_workspace_store_facts (self, catalog, error);
}

gboolean
rf_workspace_store_picture (RfWorkspace *self, guint32 item, GBytes *jpeg, GError **error)
{
  sqlite3_stmt *statement = rf_workspace_prepare (self, "INSERT INTO picture (item, jpeg) VALUES (?, ?)", error);
  gboolean ok;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, item);
  sqlite3_bind_blob64 (statement, 2, g_bytes_get_data (jpeg, NULL), g_bytes_get_size (jpeg), SQLITE_STATIC);
  ok = rf_workspace_run (self, statement, error);
  sqlite3_finalize (statement);
  return ok;
}

gboolean
rf_workspace_store_report (RfWorkspace *self, const RfImportReport *report, GError **error)
{
  sqlite3_stmt *statement = rf_workspace_prepare (self, "INSERT INTO problem (file, line, row, kind, message, action) VALUES (?, ?, ?, ?, ?, ?)", error);
  gboolean ok = statement != NULL;

  for (gsize p = 0; p < rf_import_report_get_n (report) && ok; p++)
    {
      const RfProblem *problem = rf_import_report_get (report, p);

      sqlite3_bind_text (statement, 1, problem->file, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 2, (gint64) problem->line);
      sqlite3_bind_int64 (statement, 3, (gint64) problem->row);
      sqlite3_bind_text (statement, 4, problem->kind, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 5, problem->message, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 6, rf_import_action_to_string (problem->action), -1, SQLITE_STATIC);
      ok = rf_workspace_run (self, statement, error);
    }
  sqlite3_finalize (statement);
  statement = ok ? rf_workspace_prepare (self, "INSERT INTO problem_count (kind, count) VALUES (?, ?)", error) : NULL;
  ok = ok && statement != NULL;
  for (guint k = 0; k < rf_import_report_get_n_kinds (report) && ok; k++)
    {
      gsize count;
      const char *kind = rf_import_report_get_kind (report, k, &count);

      sqlite3_bind_text (statement, 1, kind, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 2, (gint64) count);
      ok = rf_workspace_run (self, statement, error);
    }
  sqlite3_finalize (statement);
  return ok;
}

static RfImportAction
action_from_text (const char *text)
{
  return strcmp (text, "dropped") == 0 ? RF_IMPORT_DROPPED : strcmp (text, "repaired") == 0 ? RF_IMPORT_REPAIRED : RF_IMPORT_KEPT;
}

RfImportReport *
rf_workspace_load_report (RfWorkspace *self, GError **error)
{
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  sqlite3_stmt *statement = rf_workspace_prepare (self, "SELECT file, line, row, kind, message, action FROM problem ORDER BY rowid", error);
  int code = SQLITE_ERROR;

  if (statement == NULL)
    return NULL;
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    rf_import_report_add (report, rf_workspace_text (statement, 0), (guint64) sqlite3_column_int64 (statement, 1), (guint64) sqlite3_column_int64 (statement, 2),
                          rf_workspace_text (statement, 3), action_from_text (rf_workspace_text (statement, 5)), "%s", rf_workspace_text (statement, 4));
  sqlite3_finalize (statement);
  statement = code == SQLITE_DONE ? rf_workspace_prepare (self, "SELECT kind, count FROM problem_count ORDER BY rowid", error) : NULL;
  if (statement == NULL)
    return code == SQLITE_DONE ? NULL : (rf_workspace_fail (self, error), NULL);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      gsize all = (gsize) sqlite3_column_int64 (statement, 1), have = rf_import_report_count_kind (report, rf_workspace_text (statement, 0));

      if (all > have)
        rf_import_report_add_count (report, rf_workspace_text (statement, 0), all - have);
    }
  if (code != SQLITE_DONE)
    rf_workspace_fail (self, error);
  sqlite3_finalize (statement);
  return code == SQLITE_DONE ? g_steal_pointer (&report) : NULL;
}

/* The rows of a table must be as we wrote them: anything else means somebody changed the file. */
gboolean
rf_workspace_refuse_table (RfWorkspace *self, const char *table, GError **error)
{
  g_autofree char *name = g_path_get_basename (self->path);

  g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("%s: the table “%s” is not as Refract wrote it; import the catalog again."), name, table);
  return FALSE;
}

GBytes *
rf_workspace_load_picture (RfWorkspace *self, guint32 item, GError **error)
{
  sqlite3_stmt *statement = rf_workspace_prepare (self, "SELECT jpeg FROM picture WHERE item = ?", error);
  GBytes *bytes = NULL;
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, item);
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    {
      const guint8 *jpeg = sqlite3_column_blob (statement, 0);
      gsize length = (gsize) sqlite3_column_bytes (statement, 0);

      if (rf_picture_is_small_jpeg (jpeg, length, MAX_STORED_SIDE))
        bytes = g_bytes_new (jpeg, length);
      else
        rf_workspace_refuse_table (self, "picture", error);
    }
  else if (code != SQLITE_DONE)
    rf_workspace_fail (self, error);
  sqlite3_finalize (statement);
  return bytes;
}

gboolean
rf_workspace_each_row (RfWorkspace *self, const char *sql, const char *table, RfWorkspaceRowFunc row, RfCatalogBuilder *builder,
                       GError **error)
{
  sqlite3_stmt *statement = rf_workspace_prepare (self, sql, error);
  gboolean ok = TRUE;
  int code = SQLITE_DONE;

  if (statement == NULL)
    return FALSE;
  while (ok && (code = sqlite3_step (statement)) == SQLITE_ROW)
    ok = row (statement, builder);
  if (!ok)
    rf_workspace_refuse_table (self, table, error);
  else if (code != SQLITE_DONE)
    ok = rf_workspace_fail (self, error);
  sqlite3_finalize (statement);
  return ok;
}

static gboolean
load_user (sqlite3_stmt *s, RfCatalogBuilder *builder)
{
  return rf_catalog_builder_ensure_user (builder, rf_workspace_text (s, 1)) == sqlite3_column_int64 (s, 0);
}

static gboolean
load_item (sqlite3_stmt *s, RfCatalogBuilder *builder)
{
  guint32 item = rf_catalog_builder_add_item (builder, rf_workspace_text (s, 1), rf_workspace_text (s, 2), rf_workspace_text (s, 3),
                                              rf_workspace_text (s, 4), rf_workspace_text (s, 5));

  if (item != sqlite3_column_int64 (s, 0))
    return FALSE;
  rf_catalog_builder_set_has_image (builder, item, sqlite3_column_int (s, 6) != 0);
  return TRUE;
}

static gboolean
load_event (sqlite3_stmt *s, RfCatalogBuilder *builder)
{
  return rf_catalog_builder_ensure_event (builder, rf_workspace_text (s, 1)) == sqlite3_column_int64 (s, 0);
}

static gboolean
load_interactions (RfWorkspace *self, RfCatalogBuilder *builder, GError **error)
{
  sqlite3_stmt *s = rf_workspace_prepare (self, "SELECT user, item, rating, timestamp, part, event FROM interaction ORDER BY rowid", error);
  gint64 n_users = rf_catalog_builder_get_users (builder)->n_ids, n_items = rf_catalog_builder_get_n_items (builder);
  RfInteractionArrays x = { 0 };
  gboolean ok = TRUE;
  int code = SQLITE_DONE;

  if (s == NULL)
    return FALSE;
  while (ok && (code = sqlite3_step (s)) == SQLITE_ROW)
    {
      gint64 user = sqlite3_column_int64 (s, 0), item = sqlite3_column_int64 (s, 1), part = sqlite3_column_int64 (s, 4);

      if (x.n == 0 && sqlite3_column_type (s, 4) != SQLITE_NULL)
        x.part = g_new (guint8, MAX (x.room, 1));
      if (x.n == 0 && sqlite3_column_type (s, 5) != SQLITE_NULL)
        x.event = g_new (guint8, MAX (x.room, 1));
      ok = user >= 0 && user < n_users && item >= 0 && item < n_items && part >= 0 && part <= 2;
      if (!ok)
        break;
      rf_interaction_arrays_reserve (&x, 1);
      x.user[x.n] = (guint32) user;
      x.item[x.n] = (guint32) item;
      x.rating[x.n] = sqlite3_column_type (s, 2) == SQLITE_NULL ? NAN : (float) sqlite3_column_double (s, 2);
      x.timestamp[x.n] = sqlite3_column_type (s, 3) == SQLITE_NULL ? RF_NO_TIMESTAMP : sqlite3_column_int64 (s, 3);
      if (x.part)
        x.part[x.n] = (guint8) part;
      if (x.event)
        x.event[x.n] = (guint8) sqlite3_column_int (s, 5);
      x.n++;
    }
  if (!ok)
    rf_workspace_refuse_table (self, "interaction", error);
  else if (code != SQLITE_DONE)
    ok = rf_workspace_fail (self, error);
  sqlite3_finalize (s);
  if (ok)
    rf_catalog_builder_take_interactions (builder, &x);
  rf_interaction_arrays_clear (&x);
  return ok;
}

RfCatalog *
rf_workspace_load_catalog (RfWorkspace *self, GError **error)
{
  g_autofree char *name = load_meta (self, "name", error), *source = name ? load_meta (self, "source", error) : NULL;
  g_autofree char *pictures_hash = source ? load_meta (self, "pictures_hash", error) : NULL;
  g_autoptr(RfCatalogBuilder) builder = NULL;

  if (pictures_hash == NULL)
    return NULL;
  builder = rf_catalog_builder_new (name, source);
  rf_catalog_builder_set_pictures_hash (builder, pictures_hash);
  if (!rf_workspace_each_row (self, "SELECT user, id FROM user ORDER BY user", "user", load_user, builder, error) ||
      !rf_workspace_each_row (self, "SELECT item, id, title, description, category, image, has_image FROM item ORDER BY item", "item", load_item, builder, error) ||
      !rf_workspace_each_row (self, "SELECT event, name FROM event ORDER BY event", "event", load_event, builder, error) ||
      !rf_workspace_load_facts (self, builder, error) || !load_interactions (self, builder, error))
    return NULL;
  return rf_catalog_builder_build (g_steal_pointer (&builder));
}
