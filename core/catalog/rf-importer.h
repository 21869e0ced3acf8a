/* rf-importer.h: from a folder (or file) of the field's formats to a workspace.
 *
 * An importer is one format: importers/rf-import-<format>.c. It says how sure it is that a source is its own, and reads it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/catalog/rf-catalog-filter.h"
#include "core/catalog/rf-catalog.h"
#include "core/catalog/rf-import-report.h"

G_BEGIN_DECLS

/* How much a catalog has. */
typedef struct
{
  guint32 n_users, n_items;
  gsize n_interactions;
} RfImportCounts;

typedef struct
{
  const char *format;     /* an importer's name, or NULL: detect */
  guint64 max_pixels;     /* pictures with more are refused before decoding; 0: 64 million */
  guint thumbnail_pixels; /* longer side of the pictures stored in the workspace; 0: 128 */
  const RfFilterOptions *filter; /* which interactions to keep, or NULL: all */
  const char *const *map; /* "role=column" (roles: item_id, title, ..., user_id, rating, ...), NULL-terminated, or NULL; "role=": no column */
  RfImportCounts *unfiltered; /* filled with what there is before the filter, or NULL */
} RfImportOptions;

typedef struct _RfImportPreview RfImportPreview; /* rf-import-preview.h */

/* What an import is about, for its importer. */
typedef struct
{
  const char *source; /* the folder */
  const RfImportOptions *options;
  RfCatalogBuilder *builder;
  RfImportReport *report;
  RfProgress *progress;
  RfImportPreview *preview; /* NULL: import; else nothing is to be read but the first records, into it */
} RfImportContext;

typedef struct
{
  const char *name;  /* "folder" */
  const char *title; /* "Folder with items.csv and interactions.csv" */

  /* file: the name of the file in the folder that was asked for, NULL when the folder itself was. NULL: not mine; else why it looks
   * like mine, a translated sentence to be freed by the caller. */
  char *(*probe) (const char *folder, const char *file);

  /* Fills the builder. Bad records go to the report and never fail the import; an unreadable or unrecognisable source does. */
  gboolean (*read) (const RfImportContext *context, const char *file, GError **error);
} RfImporter;

/* All importers, NULL-terminated, in order of preference. */
const RfImporter *const *rf_importers_get_all (void);

/* Which importer reads a source (a folder or a file), and why; format NULL: the first that takes it for its own. *reason may be NULL,
 * else free it. RF_ERROR_CONFIG: there is no such format; RF_ERROR_FORMAT: none knows it. */
const RfImporter *rf_import_detect (const char *source, const char *format, char **reason, GError **error);

/* The folder of a source, and the file in it if the source is a file (else NULL); free both. FALSE: there is neither. */
gboolean rf_import_split_source (const char *source, char **folder, char **file);

/* Reads the tables only, no pictures decoded (has_image means: the file exists inside the source). */
RfCatalog *rf_import_catalog (const char *source, const RfImportOptions *options, RfImportReport *report, RfProgress *progress,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads the tables, decodes every picture on all cores, and writes it all to a new workspace file: under a temporary name,
 * renamed at the end, so that a failure leaves what was there. */
gboolean rf_import_to_workspace (const char *source, const char *workspace_path, const RfImportOptions *options,
                                 RfImportReport *report, RfProgress *progress, GError **error);

G_END_DECLS
