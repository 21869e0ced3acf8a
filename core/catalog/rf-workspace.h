/* rf-workspace.h: the document, one SQLite file (extension .refract): catalog, pictures, features, runs, models, problems.
 *
 * A handle belongs to one thread at a time; every thread opens its own. WAL while open, one file after the last close.
 * The tables are documented in HACKING.md: analysts may read them with sqlite3.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-matrix.h"
#include "core/catalog/rf-catalog.h"
#include "core/catalog/rf-import-report.h"

G_BEGIN_DECLS

typedef struct _RfWorkspace RfWorkspace;

/* Errors: RF_ERROR_IO, RF_ERROR_FORMAT (not a workspace, damaged, or written by a newer version: says which). A file that is
 * not recognised is never written to. */
RfWorkspace *rf_workspace_open (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_workspace_close (RfWorkspace *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfWorkspace, rf_workspace_close)

RfCatalog *rf_workspace_load_catalog (RfWorkspace *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
RfImportReport *rf_workspace_load_report (RfWorkspace *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The stored picture of an item as a JPEG or PNG of at most thumbnail_pixels, or NULL if it has none (no error set then). */
GBytes *rf_workspace_load_picture (RfWorkspace *self, guint32 item, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Named matrices with an availability mask (features, caches). `key` says what they were made from (options, version): a
 * different key is a miss. load returns NULL without error on a miss. available has `rows` bytes, 0 or 1; free with g_free(). */
gboolean rf_workspace_save_matrix (RfWorkspace *self, const char *name, const char *key, const RfMatrix *matrix,
                                   const guint8 *available, GError **error);
RfMatrix *rf_workspace_load_matrix (RfWorkspace *self, const char *name, const char *key, guint8 **available,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Ready features that came with the data ("trailer" from trailer_feat.npy) are matrices with this key; their names, NULL-terminated
 * (free with g_strfreev()). Each is a modality of its own. */
#define RF_IMPORTED_KEY "imported"
char **rf_workspace_list_imported (RfWorkspace *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* How many items have a row in it; *dimensions: its length. 0 if there is no such matrix. Reads no numbers. */
guint32 rf_workspace_count_imported (RfWorkspace *self, const char *name, guint32 *dimensions, GError **error);

/* Other blobs by name, same key rule (text vocabulary, PCA, ...). */
gboolean rf_workspace_save_blob (RfWorkspace *self, const char *name, const char *key, GBytes *bytes, GError **error);
GBytes *rf_workspace_load_blob (RfWorkspace *self, const char *name, const char *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Names of the blobs that begin so, NULL-terminated (free with g_strfreev()). */
char **rf_workspace_list_blobs (RfWorkspace *self, const char *prefix, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Nothing happens if there is none. */
gboolean rf_workspace_delete_blob (RfWorkspace *self, const char *name, GError **error);

/* Runs. A run's id is given by the workspace ("run-1", "run-2", ...). */
typedef struct
{
  char *id;
  gint64 created;    /* Unix seconds */
  char *config;      /* every setting, "key=value" lines */
  char *data_hash;   /* of the catalog */
  char *split_hash;
  char *result_json; /* what `train --json` printed */
} RfRun;

void rf_run_free (RfRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfRun, rf_run_free)

/* Saves a run with its model (one safetensors document) in one transaction; run->id is filled in. */
gboolean rf_workspace_save_run (RfWorkspace *self, RfRun *run, GBytes *model, GError **error);
/* Newest first. Elements are RfRun; free with g_ptr_array_unref(). */
GPtrArray *rf_workspace_list_runs (RfWorkspace *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* id NULL: the newest. RF_ERROR_NOT_FOUND if there is none (says how to train one). */
RfRun *rf_workspace_load_run (RfWorkspace *self, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *rf_workspace_load_model (RfWorkspace *self, const char *run_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean rf_workspace_delete_run (RfWorkspace *self, const char *run_id, GError **error);

/* Notes: what somebody wrote about a "user", an "item" or a "run", by its id. */
#define RF_NOTE_LONGEST 65536 /* bytes */

typedef struct
{
  char *kind, *id, *text;
  gint64 changed; /* Unix seconds */
} RfNote;

void rf_note_free (RfNote *self);
/* text "": the note goes. RF_ERROR_LIMIT: too long. */
gboolean rf_workspace_save_note (RfWorkspace *self, const char *kind, const char *id, const char *text, GError **error);
/* By kind and id. Elements are RfNote; free with g_ptr_array_unref(). */
GPtrArray *rf_workspace_list_notes (RfWorkspace *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The text, or NULL. notes may be NULL. */
const char *rf_notes_find (const GPtrArray *notes, const char *kind, const char *id);

/* What a training told epoch by epoch (table training_log): "loss", "ndcg@20", "gradient_share.image", ... */
typedef struct
{
  guint epoch;
  char *name;
  double value;
} RfLogEntry;

GArray *rf_log_new (void) G_GNUC_WARN_UNUSED_RESULT; /* of RfLogEntry; free with g_array_unref() */
void rf_log_add (GArray *log, guint epoch, const char *name, double value);

gboolean rf_workspace_save_log (RfWorkspace *self, const char *run_id, const GArray *entries, GError **error);

G_END_DECLS
