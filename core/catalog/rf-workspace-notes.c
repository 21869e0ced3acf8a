/* rf-workspace-notes.c: what somebody wrote about a user, an item or a run.
 *
 * The table is made with the first note, so that a document without notes stays as it is and older versions read one that has some.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/catalog/rf-workspace-private.h"

static const char schema[] = "CREATE TABLE IF NOT EXISTS note (kind TEXT NOT NULL, id TEXT NOT NULL, text TEXT NOT NULL, changed INTEGER NOT NULL, PRIMARY KEY (kind, id))";

void
rf_note_free (RfNote *self)
{
  if (self == NULL)
    return;
  g_free (self->kind);
  g_free (self->id);
  g_free (self->text);
  g_free (self);
}

static gboolean
has_table (RfWorkspace *self, gboolean *has, GError **error)
{
  sqlite3_stmt *statement = rf_workspace_prepare (self, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'note'", error);
  gboolean ok;

  if (statement == NULL)
    return FALSE;
  ok = sqlite3_step (statement) == SQLITE_ROW || rf_workspace_fail (self, error);
  *has = ok && sqlite3_column_int (statement, 0) > 0;
  sqlite3_finalize (statement);
  return ok;
}

static gboolean
write_note (RfWorkspace *self, void *data, GError **error)
{
  const RfNote *note = data;
  gboolean drop = *note->text == '\0', ok;
  sqlite3_stmt *statement;

  if (!rf_workspace_exec (self, schema, error))
    return FALSE;
  statement = rf_workspace_prepare (self, drop ? "DELETE FROM note WHERE kind = ? AND id = ?" : "INSERT OR REPLACE INTO note (kind, id, text, changed) VALUES (?, ?, ?, ?)", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, note->kind, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, note->id, -1, SQLITE_STATIC);
  if (!drop)
    {
      sqlite3_bind_text (statement, 3, note->text, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 4, note->changed);
    }
  ok = rf_workspace_run (self, statement, error);
  sqlite3_finalize (statement);
  return ok;
}

gboolean
rf_workspace_save_note (RfWorkspace *self, const char *kind, const char *id, const char *text, GError **error)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  RfNote note = { (char *) kind, (char *) id, valid, g_get_real_time () / G_USEC_PER_SEC };
  gboolean has;

  if (strlen (valid) > RF_NOTE_LONGEST)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_LIMIT, _("A note may have at most %d bytes; this one has %zu."), RF_NOTE_LONGEST, strlen (valid));
      return FALSE;
    }
  if (!has_table (self, &has, error))
    return FALSE;
  return (*valid == '\0' && !has) || rf_workspace_transaction (self, write_note, &note, error);
}

GPtrArray *
rf_workspace_list_notes (RfWorkspace *self, GError **error)
{
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_note_free);
  sqlite3_stmt *statement;
  gboolean has;
  int step;

  if (!has_table (self, &has, error))
    return NULL;
  if (!has)
    return g_steal_pointer (&notes);
  statement = rf_workspace_prepare (self, "SELECT kind, id, text, changed FROM note ORDER BY kind, id", error);
  if (statement == NULL)
    return NULL;
  while ((step = sqlite3_step (statement)) == SQLITE_ROW)
    {
      RfNote *note = g_new0 (RfNote, 1);

      /* Somebody else may have written the table. */
      note->kind = g_utf8_make_valid (rf_workspace_text (statement, 0), -1);
      note->id = g_utf8_make_valid (rf_workspace_text (statement, 1), -1);
      note->text = g_utf8_make_valid (rf_workspace_text (statement, 2), -1);
      note->changed = sqlite3_column_int64 (statement, 3);
      g_ptr_array_add (notes, note);
    }
  if (step != SQLITE_DONE)
    rf_workspace_fail (self, error);
  sqlite3_finalize (statement);
  return step == SQLITE_DONE ? g_steal_pointer (&notes) : NULL;
}

const char *
rf_notes_find (const GPtrArray *notes, const char *kind, const char *id)
{
  for (guint i = 0; notes && i < notes->len; i++)
    {
      const RfNote *note = notes->pdata[i];

      if (strcmp (note->kind, kind) == 0 && strcmp (note->id, id) == 0)
        return note->text;
    }
  return NULL;
}
