/* rf-workspace-facts.c: further columns of the items and the knowledge graph, in and out of the database.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/catalog/rf-workspace-private.h"

/* ---- in ---- */

/* Columns of items or of users. */
typedef struct
{
  const char *insert_name, *insert_value;
  guint n_columns;
  guint32 n;
  const char *(*name) (const RfCatalog *catalog, guint column);
  const char *(*value) (const RfCatalog *catalog, guint column, guint32 index);
} Columns;

static gboolean
store_columns (RfWorkspace *self, const RfCatalog *catalog, const Columns *columns, GError **error)
{
  sqlite3_stmt *name = rf_workspace_prepare (self, columns->insert_name, error);
  sqlite3_stmt *value = name ? rf_workspace_prepare (self, columns->insert_value, error) : NULL;
  gboolean ok = value != NULL;

  for (guint c = 0; c < columns->n_columns && ok; c++)
    {
      sqlite3_bind_int64 (name, 1, c);
      sqlite3_bind_text (name, 2, columns->name (catalog, c), -1, SQLITE_STATIC);
      ok = rf_workspace_run (self, name, error);
    }
  for (guint32 i = 0; i < columns->n; i++)
    for (guint c = 0; c < columns->n_columns && ok; c++)
      {
        const char *text = columns->value (catalog, c, i);

        if (*text == '\0')
          continue;
        sqlite3_bind_int64 (value, 1, i);
        sqlite3_bind_int64 (value, 2, c);
        sqlite3_bind_text (value, 3, text, -1, SQLITE_STATIC);
        ok = rf_workspace_run (self, value, error);
      }
  sqlite3_finalize (name);
  sqlite3_finalize (value);
  return ok;
}

static gboolean
store_all_columns (RfWorkspace *self, const RfCatalog *catalog, GError **error)
{
  const Columns of_items = {
    "INSERT INTO item_column (number, name) VALUES (?, ?)", "INSERT INTO item_value (item, number, value) VALUES (?, ?, ?)",
    rf_catalog_get_n_columns (catalog), rf_catalog_get_n_items (catalog), rf_catalog_get_column, rf_catalog_get_item_value,
  };
  const Columns of_users = {
    "INSERT INTO user_column (number, name) VALUES (?, ?)", "INSERT INTO user_value (user, number, value) VALUES (?, ?, ?)",
    rf_catalog_get_n_user_columns (catalog), rf_catalog_get_n_users (catalog), rf_catalog_get_user_column, rf_catalog_get_user_value,
  };

  return store_columns (self, catalog, &of_items, error) && store_columns (self, catalog, &of_users, error);
}

static gboolean
store_entities (RfWorkspace *self, const RfCatalog *catalog, const RfTriples *t, GError **error)
{
  sqlite3_stmt *entity = rf_workspace_prepare (self, "INSERT INTO entity (entity, id, item) VALUES (?, ?, ?)", error);
  sqlite3_stmt *relation = entity ? rf_workspace_prepare (self, "INSERT INTO relation (relation, name) VALUES (?, ?)", error) : NULL;
  gboolean ok = relation != NULL;

  for (guint32 e = 0; e < t->n_entities && ok; e++)
    {
      sqlite3_clear_bindings (entity);
      sqlite3_bind_int64 (entity, 1, e);
      sqlite3_bind_text (entity, 2, rf_catalog_get_entity (catalog, e), -1, SQLITE_STATIC);
      if (t->item[e] != RF_NO_INDEX)
        sqlite3_bind_int64 (entity, 3, t->item[e]);
      ok = rf_workspace_run (self, entity, error);
    }
  for (guint32 r = 0; r < t->n_relations && ok; r++)
    {
      sqlite3_bind_int64 (relation, 1, r);
      sqlite3_bind_text (relation, 2, rf_catalog_get_relation (catalog, r), -1, SQLITE_STATIC);
      ok = rf_workspace_run (self, relation, error);
    }
  sqlite3_finalize (entity);
  sqlite3_finalize (relation);
  return ok;
}

static gboolean
store_triples (RfWorkspace *self, const RfTriples *t, GError **error)
{
  sqlite3_stmt *fact = rf_workspace_prepare (self, "INSERT INTO fact (head, relation, tail) VALUES (?, ?, ?)", error);
  gboolean ok = fact != NULL;

  for (gsize k = 0; k < t->n && ok; k++)
    {
      sqlite3_bind_int64 (fact, 1, t->head[k]);
      sqlite3_bind_int64 (fact, 2, t->relation[k]);
      sqlite3_bind_int64 (fact, 3, t->tail[k]);
      ok = rf_workspace_run (self, fact, error);
    }
  sqlite3_finalize (fact);
  return ok;
}

gboolean
rf_workspace_store_facts (RfWorkspace *self, const RfCatalog *catalog, GError **error)
{
  RfTriples t = rf_catalog_get_triples (catalog);

  return store_all_columns (self, catalog, error) && store_entities (self, catalog, &t, error) && store_triples (self, &t, error);
}

/* ---- out ---- */

static gboolean
load_column (sqlite3_stmt *s, RfCatalogBuilder *builder)
{
  return rf_catalog_builder_ensure_column (builder, rf_workspace_text (s, 1)) == sqlite3_column_int64 (s, 0);
}

static gboolean
load_value (sqlite3_stmt *s, RfCatalogBuilder *builder)
{
  gint64 item = sqlite3_column_int64 (s, 0), column = sqlite3_column_int64 (s, 1);

  if (item < 0 || item >= rf_catalog_builder_get_n_items (builder) || column < 0 || column >= rf_catalog_builder_peek (builder)->columns->len)
    return FALSE;
  rf_catalog_builder_set_item_value (builder, (guint) column, (guint32) item, rf_workspace_text (s, 2));
  return TRUE;
}

static gboolean
load_user_column (sqlite3_stmt *s, RfCatalogBuilder *builder)
{
  return rf_catalog_builder_ensure_user_column (builder, rf_workspace_text (s, 1)) == sqlite3_column_int64 (s, 0);
}

static gboolean
load_user_value (sqlite3_stmt *s, RfCatalogBuilder *builder)
{
  gint64 user = sqlite3_column_int64 (s, 0), column = sqlite3_column_int64 (s, 1);

  if (user < 0 || user >= rf_catalog_builder_get_users (builder)->n_ids || column < 0 || column >= rf_catalog_builder_peek (builder)->user_columns->len)
    return FALSE;
  rf_catalog_builder_set_user_value (builder, (guint) column, (guint32) user, rf_workspace_text (s, 2));
  return TRUE;
}

static gboolean
load_entity (sqlite3_stmt *s, RfCatalogBuilder *builder)
{
  guint32 entity = rf_catalog_builder_ensure_entity (builder, rf_workspace_text (s, 1));
  gint64 item = sqlite3_column_int64 (s, 2);

  if (entity != sqlite3_column_int64 (s, 0))
    return FALSE;
  if (sqlite3_column_type (s, 2) == SQLITE_NULL)
    return TRUE;
  if (item < 0 || item >= rf_catalog_builder_get_n_items (builder))
    return FALSE;
  rf_catalog_builder_link_entity (builder, entity, (guint32) item);
  return TRUE;
}

static gboolean
load_fact (sqlite3_stmt *s, RfCatalogBuilder *builder)
{
  const RfGraphOfFacts *facts = rf_catalog_builder_peek (builder)->facts;
  gint64 n = facts ? facts->entities.n_ids : 0, head = sqlite3_column_int64 (s, 0), tail = sqlite3_column_int64 (s, 2);

  if (head < 0 || head >= n || tail < 0 || tail >= n || sqlite3_column_type (s, 1) == SQLITE_NULL)
    return FALSE;
  rf_catalog_builder_add_triple (builder, (guint32) head, rf_workspace_text (s, 1), (guint32) tail);
  return TRUE;
}

/* Was the document written by a version that keeps these tables (names in SQL, n of them)? */
static gboolean
has_tables (RfWorkspace *self, const char *names, int n)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM sqlite_schema WHERE name IN (%s)", names);
  sqlite3_stmt *statement = rf_workspace_prepare (self, sql, NULL);
  gboolean all = statement != NULL && sqlite3_step (statement) == SQLITE_ROW && sqlite3_column_int (statement, 0) == n;

  sqlite3_finalize (statement);
  return all;
}

static gboolean
load_users (RfWorkspace *self, RfCatalogBuilder *builder, GError **error)
{
  return !has_tables (self, "'user_column', 'user_value'", 2) ||
         (rf_workspace_each_row (self, "SELECT number, name FROM user_column ORDER BY number", "user_column", load_user_column, builder, error) &&
          rf_workspace_each_row (self, "SELECT user, number, value FROM user_value ORDER BY user, number", "user_value", load_user_value, builder, error));
}

gboolean
rf_workspace_load_facts (RfWorkspace *self, RfCatalogBuilder *builder, GError **error)
{
  if (!load_users (self, builder, error))
    return FALSE;
  return !has_tables (self, "'item_column', 'item_value', 'entity', 'relation', 'fact'", 5) ||
         (rf_workspace_each_row (self, "SELECT number, name FROM item_column ORDER BY number", "item_column", load_column, builder, error) &&
          rf_workspace_each_row (self, "SELECT item, number, value FROM item_value ORDER BY item, number", "item_value", load_value, builder, error) &&
          rf_workspace_each_row (self, "SELECT entity, id, item FROM entity ORDER BY entity", "entity", load_entity, builder, error) &&
          rf_workspace_each_row (self, "SELECT head, name, tail FROM fact LEFT JOIN relation USING (relation) ORDER BY fact.rowid", "fact", load_fact, builder, error));
}
