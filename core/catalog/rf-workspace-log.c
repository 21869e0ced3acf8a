/* rf-workspace-log.c: what a training told epoch by epoch, and names of blobs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/base/rf-error.h"
#include "core/catalog/rf-workspace-private.h"

char **
rf_workspace_list_blobs (RfWorkspace *self, const char *prefix, GError **error)
{
  sqlite3_stmt *statement = rf_workspace_prepare (self, "SELECT name FROM blob WHERE substr (name, 1, length (?1)) = ?1 ORDER BY name", error);
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_text (statement, 1, prefix, -1, SQLITE_STATIC);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    g_strv_builder_add (names, rf_workspace_text (statement, 0));
  if (code != SQLITE_DONE)
    rf_workspace_fail (self, error);
  sqlite3_finalize (statement);
  return code == SQLITE_DONE ? g_strv_builder_end (names) : NULL;
}

static gboolean
delete_blob (RfWorkspace *self, void *data, GError **error)
{
  const char *name = data;
  g_autofree char *owner = g_strdup_printf ("blob:%s", name);
  sqlite3_stmt *statement = rf_workspace_prepare (self, "DELETE FROM blob WHERE name = ?", error);
  gboolean ok;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, name, -1, SQLITE_STATIC);
  ok = rf_workspace_run (self, statement, error);
  sqlite3_finalize (statement);
  return ok && rf_workspace_delete_chunks (self, owner, error);
}

gboolean
rf_workspace_delete_blob (RfWorkspace *self, const char *name, GError **error)
{
  return rf_workspace_transaction (self, delete_blob, (void *) name, error);
}

/* Documents of before have no such table; programs of before do not look at it. */
static gboolean
make_table (RfWorkspace *self, GError **error)
{
  return rf_workspace_exec (self, "CREATE TABLE IF NOT EXISTS training_log (run INTEGER NOT NULL, epoch INTEGER NOT NULL, name TEXT NOT NULL, value REAL,"
                                  " PRIMARY KEY (run, epoch, name))", error);
}

typedef struct
{
  gint64 run;
  const GArray *entries;
} Saving;

static gboolean
save_log (RfWorkspace *self, void *data, GError **error)
{
  const Saving *s = data;
  sqlite3_stmt *statement = make_table (self, error) ? rf_workspace_prepare (self, "INSERT OR REPLACE INTO training_log (run, epoch, name, value) VALUES (?, ?, ?, ?)", error) : NULL;
  gboolean ok = statement != NULL;

  for (guint e = 0; e < s->entries->len && ok; e++)
    {
      const RfLogEntry *entry = &g_array_index (s->entries, RfLogEntry, e);

      sqlite3_bind_int64 (statement, 1, s->run);
      sqlite3_bind_int64 (statement, 2, entry->epoch);
      sqlite3_bind_text (statement, 3, entry->name, -1, SQLITE_STATIC);
      sqlite3_bind_double (statement, 4, entry->value); /* NaN becomes NULL */
      ok = rf_workspace_run (self, statement, error);
    }
  sqlite3_finalize (statement);
  return ok;
}

gboolean
rf_workspace_save_log (RfWorkspace *self, const char *run_id, const GArray *entries, GError **error)
{
  Saving s = { rf_workspace_run_number (run_id), entries };

  return rf_workspace_transaction (self, save_log, &s, error);
}

gboolean
rf_workspace_delete_log (RfWorkspace *self, gint64 run, GError **error)
{
  sqlite3_stmt *statement = make_table (self, error) ? rf_workspace_prepare (self, "DELETE FROM training_log WHERE run = ?", error) : NULL;
  gboolean ok;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, run);
  ok = rf_workspace_run (self, statement, error);
  sqlite3_finalize (statement);
  return ok;
}

static void
entry_clear (gpointer data)
{
  g_free (((RfLogEntry *) data)->name);
}

GArray *
rf_log_new (void)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (RfLogEntry));

  g_array_set_clear_func (entries, entry_clear);
  return entries;
}

void
rf_log_add (GArray *log, guint epoch, const char *name, double value)
{
  RfLogEntry entry = { epoch, g_strdup (name), value };

  g_array_append_val (log, entry);
}

