/* refract-import-page.h: the import assistant: what a source is, its tables and the role of every column, what the filters leave,
 * and what is wrong, all before anything is written.
 *
 * Whatever is changed is worked out again in the background by the functions that import. Signal "changed": whether an import can be
 * started may have changed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/refract-preview-job.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_IMPORT_PAGE (refract_import_page_get_type ())
G_DECLARE_FINAL_TYPE (RefractImportPage, refract_import_page, REFRACT, IMPORT_PAGE, AdwBin)

GtkWidget *refract_import_page_new (void);

/* A folder or a file to look at; NULL: forget everything. */
void refract_import_page_set_source (RefractImportPage *self, const char *source);
const char *refract_import_page_get_source (RefractImportPage *self);

/* Where the document will be written. */
void refract_import_page_set_path (RefractImportPage *self, const char *path);
const char *refract_import_page_get_path (RefractImportPage *self);

/* Borrowed; changed by what the user does. After a change from outside call refract_import_page_look_again(). */
RefractImportPlan *refract_import_page_get_plan (RefractImportPage *self);
void refract_import_page_look_again (RefractImportPage *self);

/* The newest finished look, or NULL. */
RefractPreviewJob *refract_import_page_get_result (RefractImportPage *self);

/* The tables can be read. */
gboolean refract_import_page_can_import (RefractImportPage *self);

gboolean refract_import_page_is_settled (RefractImportPage *self);

G_END_DECLS
