/* rf-workspace-private.h: the database behind a workspace. Private to core/catalog.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include "core/catalog/rf-catalog-private.h"
#include "core/catalog/rf-workspace.h"

G_BEGIN_DECLS

#define RF_WORKSPACE_APPLICATION_ID 0x52465254 /* "RFRT" */
#define RF_WORKSPACE_VERSION        3 /* 3: columns and facts; 2: pages carry checksums; older ones are read as they are */
#define RF_WORKSPACE_SEAL           8 /* bytes of a page's checksum */

/* Files of at most so many bytes are read whole at every opening. Only tests set another limit. */
#define RF_WORKSPACE_CHECK_LIMIT (G_GINT64_CONSTANT (512) << 20)
void rf_workspace_set_check_limit (gint64 n_bytes);

struct _RfWorkspace
{
  char *path; /* as messages call it */
  sqlite3 *db;
};

/* The name of the file layer that writes and checks the pages' checksums (for sqlite3_open_v2). */
const char *rf_workspace_vfs (void);

/* Sets RF_ERROR_IO (a full disk is named as such) and returns FALSE. */
gboolean rf_workspace_fail (RfWorkspace *self, GError **error);
gboolean rf_workspace_exec (RfWorkspace *self, const char *sql, GError **error);
/* NULL and error on failure. */
sqlite3_stmt *rf_workspace_prepare (RfWorkspace *self, const char *sql, GError **error);
/* Runs a statement that gives no rows, and resets it. */
gboolean rf_workspace_run (RfWorkspace *self, sqlite3_stmt *statement, GError **error);
/* begin, func, commit; rolls back when func fails. */
typedef gboolean (*RfWorkspaceFunc) (RfWorkspace *self, void *data, GError **error);
gboolean rf_workspace_transaction (RfWorkspace *self, RfWorkspaceFunc func, void *data, GError **error);

/* A column's text, never NULL. */
const char *rf_workspace_text (sqlite3_stmt *statement, int column);

/* An error: a table is not as we wrote it. Returns FALSE. */
gboolean rf_workspace_refuse_table (RfWorkspace *self, const char *table, GError **error);
/* Steps through a query; row handles one row, FALSE refuses the table (rows must be numbered 0, 1, 2, ...). */
typedef gboolean (*RfWorkspaceRowFunc) (sqlite3_stmt *statement, RfCatalogBuilder *builder);
gboolean rf_workspace_each_row (RfWorkspace *self, const char *sql, const char *table, RfWorkspaceRowFunc row, RfCatalogBuilder *builder, GError **error);

/* Large blobs in pieces, under an owner's name ("model:3"). replace is done inside the caller's transaction. NULL without error: none. */
gboolean rf_workspace_save_chunks (RfWorkspace *self, const char *owner, const void *bytes, gsize length, GError **error);
GBytes *rf_workspace_load_chunks (RfWorkspace *self, const char *owner, GError **error);
gboolean rf_workspace_delete_chunks (RfWorkspace *self, const char *owner, GError **error);

/* "run-3" or "3" -> 3; 0 when it is neither. */
gint64 rf_workspace_run_number (const char *id);
/* Inside the caller's transaction. */
gboolean rf_workspace_delete_log (RfWorkspace *self, gint64 run, GError **error);

/* Does the file begin as our documents do? It may still be damaged. */
gboolean rf_workspace_is_document (const char *path);

/* A new, empty workspace at a path where nothing is; not safe against crashes: the importer writes under a temporary name. Messages
 * speak of final_path. The caller closes it. */
RfWorkspace *rf_workspace_create (const char *path, const char *final_path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Columns and facts (rf-workspace-facts.c); loading leaves the builder as it is where the document is too old to have any. */
gboolean rf_workspace_store_facts (RfWorkspace *self, const RfCatalog *catalog, GError **error);
gboolean rf_workspace_load_facts (RfWorkspace *self, RfCatalogBuilder *builder, GError **error);
gboolean rf_workspace_store_catalog (RfWorkspace *self, const RfCatalog *catalog, GError **error);
/* As rf_workspace_save_matrix(), inside the caller's transaction. */
gboolean rf_workspace_store_matrix (RfWorkspace *self, const char *name, const char *key, const RfMatrix *matrix, const guint8 *available, GError **error);
gboolean rf_workspace_store_report (RfWorkspace *self, const RfImportReport *report, GError **error);
gboolean rf_workspace_store_picture (RfWorkspace *self, guint32 item, GBytes *jpeg, GError **error);

G_END_DECLS
