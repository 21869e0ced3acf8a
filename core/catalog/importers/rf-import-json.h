/* rf-import-json.h: tables as lines of JSON objects (and of Python dictionaries). Private to core/catalog.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "core/catalog/importers/rf-import-table.h"

G_BEGIN_DECLS

/* Called for every line; object is NULL for an empty one and for one that is no object, which is told ("bad-json"). */
typedef void (*RfImportLineFunc) (const RfImportContext *context, const char *file, guint64 line, JsonObject *object, gpointer data);
gboolean rf_import_each_line (const RfImportContext *context, const char *file, RfImportLineFunc func, gpointer data, GError **error);

/* The text of the first member that has one: of a list its texts one after the other, of a list of lists those of the last list. */
GString *rf_import_json_text (JsonObject *object, const char *between, const char *const *members) G_GNUC_WARN_UNUSED_RESULT;
/* Appends the first member that is a text or a number, without control characters: a field of a table in memory. */
void rf_import_json_append (GString *out, JsonObject *object, const char *const *members);

/* items.jsonl and interactions.jsonl: members play roles as columns do. */
gboolean rf_import_json_items (const RfImportContext *context, const char *file, GHashTable *pictures, GError **error);
gboolean rf_import_json_interactions (const RfImportContext *context, const char *file, RfInteractionReader *reader, GError **error);

G_END_DECLS
