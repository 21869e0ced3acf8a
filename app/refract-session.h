/* refract-session.h: the open document: its catalog, its runs, and the run that is being looked at.
 *
 * Lives in the main context. It holds immutable snapshots only (RfCatalog, RfTrained) and never a workspace handle: a handle
 * belongs to one thread, so every job opens its own from the path.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "app/refract-run.h"
#include "core/catalog/rf-catalog.h"
#include "core/catalog/rf-import-report.h"
#include "core/train/rf-checkpoint.h"
#include "core/train/rf-trainer.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_SESSION (refract_session_get_type ())
G_DECLARE_FINAL_TYPE (RefractSession, refract_session, REFRACT, SESSION, GObject)

/* Opens the document: catalog, problems, runs, and the newest run if there is one. Blocks: call it in a job's thread; what it
 * returns may then be handed to the main context. */
RefractSession *refract_session_new_from_file (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

const char *refract_session_get_path (RefractSession *self);
const char *refract_session_get_title (RefractSession *self); /* the file's name without its extension */
RfCatalog *refract_session_get_catalog (RefractSession *self);
const RfImportReport *refract_session_get_report (RefractSession *self);

/* How many interactions each item / user has in the catalog. Owned by the session. */
const guint32 *refract_session_get_item_counts (RefractSession *self);
const guint32 *refract_session_get_user_counts (RefractSession *self);
/* All users, those with the most interactions first, equal ones by index. */
const guint32 *refract_session_get_most_active (RefractSession *self);

/* RefractRun, newest first. */
GListModel *refract_session_get_runs (RefractSession *self);
RefractRun *refract_session_find_run (RefractSession *self, const char *id); /* NULL if there is none */
void refract_session_add_run (RefractSession *self, RefractRun *run);
void refract_session_remove_run (RefractSession *self, const char *id);

void refract_session_insert_run (RefractSession *self, RefractRun *run, guint position);

/* The newest training that was interrupted and can be taken up, or NULL. */
const RfUnfinished *refract_session_get_unfinished (RefractSession *self);

/* Looks for interrupted trainings again, and with_runs for runs (after something that made several), in a thread; finish() makes
 * known what it found. FALSE: failed; everything stays as it was. */
void refract_session_read_async (RefractSession *self, gboolean with_runs, GAsyncReadyCallback callback, gpointer user_data);
gboolean refract_session_read_finish (RefractSession *self, GAsyncResult *result, GError **error);

/* What somebody wrote about a "user", an "item" or a "run"; NULL: nothing. */
const char *refract_session_get_note (RefractSession *self, const char *kind, const char *id);
/* Changes what get_note() gives and emits "notes-changed"; the document is written by whoever calls it
 * (rf_workspace_save_note(), in a thread). text "": none. */
void refract_session_set_note (RefractSession *self, const char *kind, const char *id, const char *text);

/* Property "trained": the run that Explore shows, or NULL. */
RfTrained *refract_session_get_trained (RefractSession *self);
void refract_session_set_trained (RefractSession *self, RfTrained *trained);

G_END_DECLS
