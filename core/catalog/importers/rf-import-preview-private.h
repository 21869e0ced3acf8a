/* rf-import-preview-private.h: how the readers of tables fill a preview instead of a catalog. Private to core/catalog.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/catalog/importers/rf-import-table.h"
#include "core/catalog/rf-import-preview.h"

G_BEGIN_DECLS

RfPreviewTable *rf_import_preview_add (RfImportPreview *self, const char *file, RfPreviewKind kind, guint n_columns);
void rf_import_preview_add_row (RfPreviewTable *table, const RfCsvField *fields, guint n_fields);
/* An open table: its header and first records, with the roles of table->column. */
void rf_import_preview_add_table (RfImportPreview *self, const RfImportTable *table, RfPreviewKind kind);

G_END_DECLS
