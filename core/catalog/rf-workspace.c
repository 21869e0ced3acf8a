/* rf-workspace.c: opening, checking and closing; statements, transactions and large blobs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/catalog/rf-workspace-private.h"

#define BUSY_MILLISECONDS 20000
#define CHUNK             (4u << 20)

static gint64 check_limit = RF_WORKSPACE_CHECK_LIMIT;

static const char schema[] =
  "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);"
  "CREATE TABLE user (user INTEGER PRIMARY KEY, id TEXT NOT NULL);"
  "CREATE TABLE item (item INTEGER PRIMARY KEY, id TEXT NOT NULL, title TEXT NOT NULL, description TEXT NOT NULL,"
  " category TEXT NOT NULL, image TEXT NOT NULL, has_image INTEGER NOT NULL);"
  "CREATE TABLE user_column (number INTEGER PRIMARY KEY, name TEXT NOT NULL);"
  "CREATE TABLE user_value (user INTEGER NOT NULL REFERENCES user, number INTEGER NOT NULL REFERENCES user_column, value TEXT NOT NULL,"
  " PRIMARY KEY (user, number)) WITHOUT ROWID;"
  "CREATE TABLE event (event INTEGER PRIMARY KEY, name TEXT NOT NULL);"
  "CREATE TABLE interaction (user INTEGER NOT NULL REFERENCES user, item INTEGER NOT NULL REFERENCES item, rating REAL,"
  " timestamp INTEGER, part INTEGER, event INTEGER);"
  "CREATE TABLE item_column (number INTEGER PRIMARY KEY, name TEXT NOT NULL);"
  "CREATE TABLE item_value (item INTEGER NOT NULL REFERENCES item, number INTEGER NOT NULL REFERENCES item_column, value TEXT NOT NULL,"
  " PRIMARY KEY (item, number)) WITHOUT ROWID;"
  "CREATE TABLE entity (entity INTEGER PRIMARY KEY, id TEXT NOT NULL, item INTEGER REFERENCES item);"
  "CREATE TABLE relation (relation INTEGER PRIMARY KEY, name TEXT NOT NULL);"
  "CREATE TABLE fact (head INTEGER NOT NULL REFERENCES entity, relation INTEGER NOT NULL REFERENCES relation, tail INTEGER NOT NULL REFERENCES entity);"
  "CREATE TABLE problem (file TEXT NOT NULL, line INTEGER NOT NULL, row INTEGER NOT NULL, kind TEXT NOT NULL, message TEXT NOT NULL,"
  " action TEXT NOT NULL);"
  "CREATE TABLE problem_count (kind TEXT PRIMARY KEY, count INTEGER NOT NULL);"
  "CREATE TABLE picture (item INTEGER PRIMARY KEY REFERENCES item, jpeg BLOB NOT NULL);"
  "CREATE TABLE matrix (name TEXT PRIMARY KEY, key TEXT NOT NULL, rows INTEGER NOT NULL, cols INTEGER NOT NULL, available BLOB NOT NULL);"
  "CREATE TABLE blob (name TEXT PRIMARY KEY, key TEXT NOT NULL);"
  "CREATE TABLE run (run INTEGER PRIMARY KEY AUTOINCREMENT, created INTEGER NOT NULL, config TEXT NOT NULL, data_hash TEXT NOT NULL,"
  " split_hash TEXT NOT NULL, result TEXT NOT NULL);"
  "CREATE TABLE chunk (owner TEXT NOT NULL, part INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (owner, part));";

gboolean
rf_workspace_fail (RfWorkspace *self, GError **error)
{
  int code = sqlite3_errcode (self->db) & 0xff;
  g_autofree char *name = g_path_get_basename (self->path);

  if (sqlite3_extended_errcode (self->db) == SQLITE_IOERR_DATA)
    g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("%s is damaged or was changed by another program (a page does not match its checksum); import the catalog again, or use a copy."), name);
  else if (code == SQLITE_FULL)
    g_set_error (error, RF_ERROR, RF_ERROR_IO, _("%s: the disk is full; nothing was changed. Make room and try again."), name);
  else if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
    g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("%s is damaged (%s); import the catalog again."), name, sqlite3_errmsg (self->db));
  else if (code == SQLITE_READONLY || code == SQLITE_CANTOPEN)
    g_set_error (error, RF_ERROR, RF_ERROR_IO, _("%s cannot be written: %s. Check the permissions of the file and its folder."), name, sqlite3_errmsg (self->db));
  else if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
    g_set_error (error, RF_ERROR, RF_ERROR_IO, _("%s is in use by another program; wait until that is done."), name);
  else if (code == SQLITE_IOERR && sqlite3_system_errno (self->db) != 0)
    g_set_error (error, RF_ERROR, RF_ERROR_IO, _("%s could not be read or written: %s."), name, g_strerror (sqlite3_system_errno (self->db)));
  else
    g_set_error (error, RF_ERROR, RF_ERROR_IO, _("%s: %s."), name, sqlite3_errmsg (self->db));
  return FALSE;
}

gboolean
rf_workspace_exec (RfWorkspace *self, const char *sql, GError **error)
{
  return sqlite3_exec (self->db, sql, NULL, NULL, NULL) == SQLITE_OK || rf_workspace_fail (self, error);
}

sqlite3_stmt *
rf_workspace_prepare (RfWorkspace *self, const char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) != SQLITE_OK)
    rf_workspace_fail (self, error);
  return statement;
}

gboolean
rf_workspace_run (RfWorkspace *self, sqlite3_stmt *statement, GError **error)
{
  gboolean ok = sqlite3_step (statement) == SQLITE_DONE || rf_workspace_fail (self, error);

  sqlite3_reset (statement);
  return ok;
}

gboolean
rf_workspace_transaction (RfWorkspace *self, RfWorkspaceFunc func, void *data, GError **error)
{
  if (!rf_workspace_exec (self, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (func (self, data, error) && rf_workspace_exec (self, "COMMIT", error))
    return TRUE;
  sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
}

const char *
rf_workspace_text (sqlite3_stmt *statement, int column)
{
  const char *text = (const char *) sqlite3_column_text (statement, column);

  return text ? text : "";
}

/* Brings the write-ahead log into the document and empties it. The log's pages carry no seals, so a program that does not know of them must
 * never find one to bring over: that happens when it read while we wrote and closes last, or comes first after a crash. Whoever is in the
 * middle of reading is not waited for; the next commit, or the close, tries again. */
static void
empty_log (sqlite3 *db)
{
  sqlite3_busy_timeout (db, 0);
  sqlite3_wal_checkpoint_v2 (db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  sqlite3_busy_timeout (db, BUSY_MILLISECONDS);
}

static int
committed_cb (void *data, sqlite3 *db, const char *name, int n_pages)
{
  empty_log (db);
  return SQLITE_OK; /* it is committed, whatever became of the log */
}

static RfWorkspace *
workspace_new (const char *path, const char *shown_path, int flags, GError **error)
{
  RfWorkspace *self = g_new0 (RfWorkspace, 1);

  self->path = g_strdup (shown_path);
  if (sqlite3_open_v2 (path, &self->db, flags, rf_workspace_vfs ()) != SQLITE_OK)
    {
      rf_workspace_fail (self, error);
      rf_workspace_close (self);
      return NULL;
    }
  sqlite3_busy_timeout (self->db, BUSY_MILLISECONDS);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  /* Our schema has neither of these. */
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
  sqlite3_extended_result_codes (self->db, 1);
  sqlite3_wal_hook (self->db, committed_cb, NULL);
  return self;
}

void
rf_workspace_close (RfWorkspace *self)
{
  if (self == NULL)
    return;
  if (self->db != NULL)
    empty_log (self->db);
  sqlite3_close_v2 (self->db);
  g_free (self->path);
  g_free (self);
}

/* The first n bytes as they are on the disk, through SQLite's own file: whoever opens and closes the file by other means drops the locks of
 * every handle that this process has on it (POSIX), and another program may then take the write-ahead log away from under them. */
static gboolean
read_start (const char *path, guint8 *bytes, int n)
{
  sqlite3 *db = NULL;
  sqlite3_file *file = NULL;
  gboolean ok = sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
                sqlite3_file_control (db, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK && file->pMethods != NULL;

  if (ok)
    file->pMethods->xRead (file, bytes, n, 0); /* a shorter file is filled up with zeros */
  sqlite3_close_v2 (db);
  return ok;
}

static gboolean
check_version (const char *name, guint32 version, GError **error)
{
  if (version >= 1 && version <= RF_WORKSPACE_VERSION)
    return TRUE;
  if (version > RF_WORKSPACE_VERSION && version <= G_MAXINT32)
    g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("%s was written by a newer Refract (format %d, this one reads up to %d); please update."), name, (int) version, RF_WORKSPACE_VERSION);
  else
    g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("%s is not finished; import the catalog again."), name);
  return FALSE;
}

/* Is it a database of SQLite with our application id at byte 68 (big-endian), and the format at byte 60? Nothing is written, whatever it is. */
static gboolean
check_header (const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  guint8 header[100] = { 0 };
  guint32 id, version;

  if (!read_start (path, header, sizeof header))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_IO, _("%s cannot be opened; check the name and the permissions."), path);
      return FALSE;
    }
  memcpy (&id, header + 68, sizeof id);
  memcpy (&version, header + 60, sizeof version);
  if (memcmp (header, "SQLite format 3", 16) == 0 && GUINT32_FROM_BE (id) == RF_WORKSPACE_APPLICATION_ID)
    return check_version (name, GUINT32_FROM_BE (version), error);
  g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("%s is not a Refract document; import a catalog to make one."), name);
  return FALSE;
}

gboolean
rf_workspace_is_document (const char *path)
{
  return check_header (path, NULL);
}

void
rf_workspace_set_check_limit (gint64 n_bytes)
{
  check_limit = n_bytes;
}

static gboolean
check_integrity (RfWorkspace *self, GError **error)
{
  sqlite3_stmt *statement;
  GStatBuf info;
  int code;
  gboolean ok;

  if (g_stat (self->path, &info) == 0 && info.st_size > check_limit)
    return TRUE;
  statement = rf_workspace_prepare (self, "PRAGMA quick_check(1)", error);
  if (statement == NULL)
    return FALSE;
  code = sqlite3_step (statement);
  ok = code == SQLITE_ROW && strcmp (rf_workspace_text (statement, 0), "ok") == 0;
  if (code != SQLITE_ROW)
    rf_workspace_fail (self, error);
  else if (!ok)
    {
      g_autofree char *name = g_path_get_basename (self->path);

      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("%s is damaged (%s); import the catalog again."), name, rf_workspace_text (statement, 0));
    }
  sqlite3_finalize (statement);
  return ok;
}

RfWorkspace *
rf_workspace_open (const char *path, GError **error)
{
  RfWorkspace *self;

  if (!check_header (path, error))
    return NULL;
  self = workspace_new (path, path, SQLITE_OPEN_READWRITE, error);
  if (self == NULL)
    return NULL;
  if (!check_integrity (self, error) ||
      !rf_workspace_exec (self, "PRAGMA foreign_keys=ON; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL", error))
    {
      rf_workspace_close (self);
      return NULL;
    }
  return self;
}

RfWorkspace *
rf_workspace_create (const char *path, const char *final_path, GError **error)
{
  RfWorkspace *self = workspace_new (path, final_path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
  g_autofree char *setup = NULL;
  int seal = RF_WORKSPACE_SEAL;

  if (self == NULL)
    return NULL;
  sqlite3_file_control (self->db, "main", SQLITE_FCNTL_RESERVE_BYTES, &seal);
  /* No journal and no waiting for the disk: a file under a temporary name may be lost; the importer syncs it before it is renamed. */
  setup = g_strdup_printf ("PRAGMA page_size=8192; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA application_id=%d; PRAGMA user_version=%d;",
                           RF_WORKSPACE_APPLICATION_ID, RF_WORKSPACE_VERSION);
  if (!rf_workspace_exec (self, setup, error) || !rf_workspace_exec (self, schema, error))
    {
      rf_workspace_close (self);
      return NULL;
    }
  return self;
}

gboolean
rf_workspace_delete_chunks (RfWorkspace *self, const char *owner, GError **error)
{
  sqlite3_stmt *statement = rf_workspace_prepare (self, "DELETE FROM chunk WHERE owner = ?", error);
  gboolean ok;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, owner, -1, SQLITE_STATIC);
  ok = rf_workspace_run (self, statement, error);
  sqlite3_finalize (statement);
  return ok;
}

gboolean
rf_workspace_save_chunks (RfWorkspace *self, const char *owner, const void *bytes, gsize length, GError **error)
{
  sqlite3_stmt *statement;
  gboolean ok = TRUE;

  if (!rf_workspace_delete_chunks (self, owner, error))
    return FALSE;
  statement = rf_workspace_prepare (self, "INSERT INTO chunk (owner, part, bytes) VALUES (?, ?, ?)", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, owner, -1, SQLITE_STATIC);
  for (gsize at = 0; at < length && ok; at += CHUNK)
    {
      sqlite3_bind_int64 (statement, 2, (gint64) (at / CHUNK));
      sqlite3_bind_blob64 (statement, 3, (const guint8 *) bytes + at, MIN (CHUNK, length - at), SQLITE_STATIC);
      ok = rf_workspace_run (self, statement, error);
    }
  sqlite3_finalize (statement);
  return ok;
}

GBytes *
rf_workspace_load_chunks (RfWorkspace *self, const char *owner, GError **error)
{
  sqlite3_stmt *statement = rf_workspace_prepare (self, "SELECT bytes FROM chunk WHERE owner = ? ORDER BY part", error);
  g_autofree guint8 *all = NULL; /* no GByteArray: it ends at 4 GB, and the program with it */
  gsize length = 0, room = 0;
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_text (statement, 1, owner, -1, SQLITE_STATIC);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      const void *part = sqlite3_column_blob (statement, 0);
      gsize n = (gsize) sqlite3_column_bytes (statement, 0);

      if (n == 0)
        continue;
      if (length + n > room)
        {
          room = MAX (length + n, room + room / 2);
          all = g_realloc (all, room);
        }
      memcpy (all + length, part, n);
      length += n;
    }
  if (code != SQLITE_DONE)
    rf_workspace_fail (self, error);
  sqlite3_finalize (statement);
  return code == SQLITE_DONE && length > 0 ? g_bytes_new_take (g_realloc (g_steal_pointer (&all), length), length) : NULL;
}
