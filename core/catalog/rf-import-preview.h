/* rf-import-preview.h: what an import would read, before it is started: which format and why, the tables with the role of every column
 * and their first records; and a single record of a table, to look at a problem.
 *
 * The importers themselves fill the preview: each runs as for an import, but of every table only the first records are read and nothing
 * is kept of them. So the roles shown are the roles used.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/catalog/rf-importer.h"

G_BEGIN_DECLS

#define RF_PREVIEW_ROWS 50

typedef enum
{
  RF_PREVIEW_ITEMS,
  RF_PREVIEW_INTERACTIONS,
  RF_PREVIEW_OTHER, /* a map of ids, lists of items */
} RfPreviewKind;

typedef struct
{
  char *file; /* relative to the source */
  RfPreviewKind kind;
  gboolean has_names;  /* the columns have names, so roles can be changed by RfImportOptions.map */
  guint n_columns;
  char **columns;      /* n_columns; "1", "2", ... without names */
  const char **roles;  /* n_columns; a role's static name, or NULL */
  const char *missing; /* a role that must be there and is not, or NULL */
  GPtrArray *rows;     /* char **, n_columns each, NULL-terminated; at most RF_PREVIEW_ROWS */
} RfPreviewTable;

struct _RfImportPreview
{
  const RfImporter *importer;
  char *reason;
  char *folder;      /* of the source, absolute */
  GPtrArray *tables; /* RfPreviewTable */
};

/* options: format and map are used. Errors as rf_import_detect(), and those of files that cannot be read. Reads files whole: call it in
 * a thread. */
RfImportPreview *rf_import_preview_new (const char *source, const RfImportOptions *options, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_import_preview_free (RfImportPreview *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfImportPreview, rf_import_preview_free)

/* The table of a file, or NULL. */
const RfPreviewTable *rf_import_preview_find (const RfImportPreview *self, const char *file);

/* The roles that a column of a table of this kind can play, NULL-terminated. Static. */
const char *const *rf_import_preview_get_roles (RfPreviewKind kind);

/* The fields of the record that starts at a line of a file, NULL-terminated; of a file that is not one of the tables the line as one
 * field. NULL without error: there is no such line. Free with g_strfreev(). */
char **rf_import_preview_read_record (const RfImportPreview *self, const char *file, guint64 line, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A picture of the source as a small JPEG: the one that the record's item names, or has in the folder of pictures; NULL if there is
 * none or it cannot be shown. catalog: what rf_import_catalog() gave. */
GBytes *rf_import_preview_load_picture (const RfImportPreview *self, const RfCatalog *catalog, const char *file, char *const *record) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
