/* refract-import-table-view.h: the first records of a table with the role of every column, which can be changed.
 *
 * Signal "role-changed" (const char *column, const char *role, const char *before): the user chose a role; "" means none.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "core/catalog/rf-import-preview.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_IMPORT_TABLE_VIEW (refract_import_table_view_get_type ())
G_DECLARE_FINAL_TYPE (RefractImportTableView, refract_import_table_view, REFRACT, IMPORT_TABLE_VIEW, AdwBin)

GtkWidget *refract_import_table_view_new (void);

/* Copies what it shows. The same table with other roles is shown without being built again, so that the focus stays. */
void refract_import_table_view_set_table (RefractImportTableView *self, const RfPreviewTable *table);

/* A role's name for people: "Item id", "Title", ... */
const char *refract_import_role_title (const char *role);

G_END_DECLS
