/* rf-import-users.h: a table of users: what is known of them besides what they did. Private to core/catalog.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/catalog/importers/rf-import-table.h"

G_BEGIN_DECLS

/* Every column but the user's id is kept as a text ("age", "gender"). To be called behind the interactions: a user who did nothing is told
 * ("idle-user") and left out; one who did something and has no row is told once ("unknown-user") and kept. names: of the columns, NULL-terminated,
 * the first one the id; NULL: they stand in the header. A table without such a column is told and left ("file-not-read"). */
gboolean rf_import_read_users (const RfImportContext *context, const char *file, const RfCsvDialect *dialect, const char *const *names, GError **error);

G_END_DECLS
