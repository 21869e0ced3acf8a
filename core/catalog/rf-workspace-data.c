/* rf-workspace-data.c: matrices, blobs and runs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/catalog/rf-workspace-private.h"

typedef struct
{
  const char *name, *key;
  const RfMatrix *matrix;
  const guint8 *available;
  GBytes *bytes;
  RfRun *run;
} Saving;

static gboolean
save_matrix (RfWorkspace *self, void *data, GError **error)
{
  const Saving *s = data;
  g_autofree char *owner = g_strdup_printf ("matrix:%s", s->name);
  sqlite3_stmt *statement = rf_workspace_prepare (self, "INSERT OR REPLACE INTO matrix (name, key, rows, cols, available) VALUES (?, ?, ?, ?, ?)", error);
  gboolean ok;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, s->name, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, s->key, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, (gint64) s->matrix->rows);
  sqlite3_bind_int64 (statement, 4, (gint64) s->matrix->cols);
  sqlite3_bind_blob64 (statement, 5, s->available, s->matrix->rows, SQLITE_STATIC);
  ok = rf_workspace_run (self, statement, error);
  sqlite3_finalize (statement);
  return ok && rf_workspace_save_chunks (self, owner, s->matrix->x, s->matrix->rows * s->matrix->cols * sizeof (float), error);
}

gboolean
rf_workspace_save_matrix (RfWorkspace *self, const char *name, const char *key, const RfMatrix *matrix, const guint8 *available, GError **error)
{
  Saving s = { .name = name, .key = key, .matrix = matrix, .available = available };

  return rf_workspace_transaction (self, save_matrix, &s, error);
}

gboolean
rf_workspace_store_matrix (RfWorkspace *self, const char *name, const char *key, const RfMatrix *matrix, const guint8 *available, GError **error)
{
  Saving s = { .name = name, .key = key, .matrix = matrix, .available = available };

  return save_matrix (self, &s, error);
}

char **
rf_workspace_list_imported (RfWorkspace *self, GError **error)
{
  sqlite3_stmt *statement = rf_workspace_prepare (self, "SELECT name FROM matrix WHERE key = ? ORDER BY name", error);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_text (statement, 1, RF_IMPORTED_KEY, -1, SQLITE_STATIC);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    g_ptr_array_add (names, g_strdup (rf_workspace_text (statement, 0)));
  if (code != SQLITE_DONE)
    rf_workspace_fail (self, error);
  sqlite3_finalize (statement);
  if (code != SQLITE_DONE)
    return NULL;
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_steal (names, NULL);
}

guint32
rf_workspace_count_imported (RfWorkspace *self, const char *name, guint32 *dimensions, GError **error)
{
  sqlite3_stmt *statement = rf_workspace_prepare (self, "SELECT cols, available FROM matrix WHERE name = ? AND key = ?", error);
  guint32 n = 0;
  int code;

  *dimensions = 0;
  if (statement == NULL)
    return 0;
  sqlite3_bind_text (statement, 1, name, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, RF_IMPORTED_KEY, -1, SQLITE_STATIC);
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    {
      const guint8 *available = sqlite3_column_blob (statement, 1);
      int rows = sqlite3_column_bytes (statement, 1);

      *dimensions = (guint32) sqlite3_column_int64 (statement, 0);
      for (int r = 0; r < rows; r++)
        n += available[r] != 0;
    }
  else if (code != SQLITE_DONE)
    rf_workspace_fail (self, error);
  sqlite3_finalize (statement);
  return n;
}

/* Numbers of a matrix from its chunks; wrong sizes mean the file was changed: as good as absent. */
static RfMatrix *
read_numbers (RfWorkspace *self, const char *name, gint64 rows, gint64 cols, GError **error)
{
  g_autofree char *owner = g_strdup_printf ("matrix:%s", name);
  g_autoptr(GBytes) bytes = rf_workspace_load_chunks (self, owner, error);
  gsize n;
  RfMatrix *matrix;

  if (bytes == NULL || rows < 1 || cols < 1 || !g_size_checked_mul (&n, (gsize) rows, (gsize) cols) || g_bytes_get_size (bytes) / sizeof (float) != n)
    return NULL;
  matrix = rf_matrix_new ((gsize) rows, (gsize) cols);
  memcpy (matrix->x, g_bytes_get_data (bytes, NULL), n * sizeof (float));
  return matrix;
}

RfMatrix *
rf_workspace_load_matrix (RfWorkspace *self, const char *name, const char *key, guint8 **available, GError **error)
{
  sqlite3_stmt *statement = rf_workspace_prepare (self, "SELECT rows, cols, available FROM matrix WHERE name = ? AND key = ?", error);
  RfMatrix *matrix = NULL;
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_text (statement, 1, name, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, key, -1, SQLITE_STATIC);
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    matrix = read_numbers (self, name, sqlite3_column_int64 (statement, 0), sqlite3_column_int64 (statement, 1), error);
  else if (code != SQLITE_DONE)
    rf_workspace_fail (self, error);
  if (matrix && (gsize) sqlite3_column_bytes (statement, 2) != matrix->rows)
    g_clear_pointer (&matrix, rf_matrix_free);
  if (matrix && available)
    *available = g_memdup2 (sqlite3_column_blob (statement, 2), matrix->rows);
  sqlite3_finalize (statement);
  return matrix;
}

static gboolean
save_blob (RfWorkspace *self, void *data, GError **error)
{
  const Saving *s = data;
  g_autofree char *owner = g_strdup_printf ("blob:%s", s->name);
  sqlite3_stmt *statement = rf_workspace_prepare (self, "INSERT OR REPLACE INTO blob (name, key) VALUES (?, ?)", error);
  gboolean ok;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, s->name, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, s->key, -1, SQLITE_STATIC);
  ok = rf_workspace_run (self, statement, error);
  sqlite3_finalize (statement);
  return ok && rf_workspace_save_chunks (self, owner, g_bytes_get_data (s->bytes, NULL), g_bytes_get_size (s->bytes), error);
}

gboolean
rf_workspace_save_blob (RfWorkspace *self, const char *name, const char *key, GBytes *bytes, GError **error)
{
  Saving s = { .name = name, .key = key, .bytes = bytes };

  return rf_workspace_transaction (self, save_blob, &s, error);
}

GBytes *
rf_workspace_load_blob (RfWorkspace *self, const char *name, const char *key, GError **error)
{
  sqlite3_stmt *statement = rf_workspace_prepare (self, "SELECT 1 FROM blob WHERE name = ? AND key = ?", error);
  g_autofree char *owner = g_strdup_printf ("blob:%s", name);
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_text (statement, 1, name, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, key, -1, SQLITE_STATIC);
  code = sqlite3_step (statement);
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    rf_workspace_fail (self, error);
  sqlite3_finalize (statement);
  return code == SQLITE_ROW ? rf_workspace_load_chunks (self, owner, error) : NULL;
}

void
rf_run_free (RfRun *run)
{
  if (run == NULL)
    return;
  g_free (run->id);
  g_free (run->config);
  g_free (run->data_hash);
  g_free (run->split_hash);
  g_free (run->result_json);
  g_free (run);
}

static gboolean
save_run (RfWorkspace *self, void *data, GError **error)
{
  const Saving *s = data;
  RfRun *run = s->run;
  sqlite3_stmt *statement = rf_workspace_prepare (self, "INSERT INTO run (created, config, data_hash, split_hash, result) VALUES (?, ?, ?, ?, ?)", error);
  g_autofree char *owner = NULL;
  gint64 number;
  gboolean ok;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, run->created);
  sqlite3_bind_text (statement, 2, run->config, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 3, run->data_hash, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 4, run->split_hash, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 5, run->result_json, -1, SQLITE_STATIC);
  ok = rf_workspace_run (self, statement, error);
  sqlite3_finalize (statement);
  number = sqlite3_last_insert_rowid (self->db);
  owner = g_strdup_printf ("model:%" G_GINT64_FORMAT, number);
  if (!ok || !rf_workspace_save_chunks (self, owner, g_bytes_get_data (s->bytes, NULL), g_bytes_get_size (s->bytes), error))
    return FALSE;
  g_free (run->id);
  run->id = g_strdup_printf ("run-%" G_GINT64_FORMAT, number);
  return TRUE;
}

gboolean
rf_workspace_save_run (RfWorkspace *self, RfRun *run, GBytes *model, GError **error)
{
  Saving s = { .run = run, .bytes = model };

  return rf_workspace_transaction (self, save_run, &s, error);
}

static RfRun *
read_run (sqlite3_stmt *statement)
{
  RfRun *run = g_new0 (RfRun, 1);

  run->id = g_strdup_printf ("run-%" G_GINT64_FORMAT, (gint64) sqlite3_column_int64 (statement, 0));
  run->created = sqlite3_column_int64 (statement, 1);
  run->config = g_strdup (rf_workspace_text (statement, 2));
  run->data_hash = g_strdup (rf_workspace_text (statement, 3));
  run->split_hash = g_strdup (rf_workspace_text (statement, 4));
  run->result_json = g_strdup (rf_workspace_text (statement, 5));
  return run;
}

static void
free_run (gpointer data)
{
  rf_run_free (data);
}

GPtrArray *
rf_workspace_list_runs (RfWorkspace *self, GError **error)
{
  sqlite3_stmt *statement = rf_workspace_prepare (self, "SELECT run, created, config, data_hash, split_hash, result FROM run ORDER BY run DESC", error);
  g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func (free_run);
  int code;

  if (statement == NULL)
    return NULL;
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    g_ptr_array_add (runs, read_run (statement));
  if (code != SQLITE_DONE)
    rf_workspace_fail (self, error);
  sqlite3_finalize (statement);
  return code == SQLITE_DONE ? g_steal_pointer (&runs) : NULL;
}

gint64
rf_workspace_run_number (const char *id)
{
  guint64 number = 0;

  if (!g_ascii_string_to_unsigned (g_str_has_prefix (id, "run-") ? id + 4 : id, 10, 1, G_MAXINT64, &number, NULL))
    return 0;
  return (gint64) number;
}

RfRun *
rf_workspace_load_run (RfWorkspace *self, const char *id, GError **error)
{
  sqlite3_stmt *statement = rf_workspace_prepare (self, id ? "SELECT run, created, config, data_hash, split_hash, result FROM run WHERE run = ?"
                                                          : "SELECT run, created, config, data_hash, split_hash, result FROM run ORDER BY run DESC LIMIT 1",
                                                  error);
  RfRun *run = NULL;
  int code;

  if (statement == NULL)
    return NULL;
  if (id)
    sqlite3_bind_int64 (statement, 1, rf_workspace_run_number (id));
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    run = read_run (statement);
  else if (code != SQLITE_DONE)
    rf_workspace_fail (self, error);
  else if (id)
    g_set_error (error, RF_ERROR, RF_ERROR_NOT_FOUND, _("There is no run “%s” in this document; “refract-cli info” lists the runs."), id);
  else
    g_set_error_literal (error, RF_ERROR, RF_ERROR_NOT_FOUND, _("Nothing was trained in this document yet; “refract-cli train” does it."));
  sqlite3_finalize (statement);
  return run;
}

GBytes *
rf_workspace_load_model (RfWorkspace *self, const char *run_id, GError **error)
{
  g_autofree char *owner = g_strdup_printf ("model:%" G_GINT64_FORMAT, rf_workspace_run_number (run_id));
  g_autoptr(GError) failed = NULL;
  GBytes *bytes = rf_workspace_load_chunks (self, owner, &failed);

  if (failed)
    g_propagate_error (error, g_steal_pointer (&failed));
  else if (bytes == NULL)
    g_set_error (error, RF_ERROR, RF_ERROR_NOT_FOUND, _("There is no model of “%s” in this document; “refract-cli info” lists the runs."), run_id);
  return bytes;
}

static gboolean
delete_run (RfWorkspace *self, void *data, GError **error)
{
  const Saving *s = data;
  g_autofree char *owner = g_strdup_printf ("model:%" G_GINT64_FORMAT, rf_workspace_run_number (s->name));
  sqlite3_stmt *statement = rf_workspace_prepare (self, "DELETE FROM run WHERE run = ?", error);
  gboolean ok;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, rf_workspace_run_number (s->name));
  ok = rf_workspace_run (self, statement, error);
  sqlite3_finalize (statement);
  return ok && rf_workspace_delete_chunks (self, owner, error) && rf_workspace_delete_log (self, rf_workspace_run_number (s->name), error);
}

gboolean
rf_workspace_delete_run (RfWorkspace *self, const char *run_id, GError **error)
{
  Saving s = { .name = run_id };

  return rf_workspace_transaction (self, delete_run, &s, error);
}
