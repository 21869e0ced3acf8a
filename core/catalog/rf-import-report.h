/* rf-import-report.h: everything that was wrong with a catalog, in words, with file and line.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RF_IMPORT_KEPT,     /* the record was kept as it is */
  RF_IMPORT_REPAIRED, /* the record was kept, a value changed or removed */
  RF_IMPORT_DROPPED,  /* the record is not in the catalog */
} RfImportAction;

typedef struct
{
  const char *file; /* relative to the source */
  guint64 line;     /* 1-based line of the file where the record starts; 0 for a whole file */
  guint64 row;      /* 1-based data row (the first record after the header is 1); 0 for a whole file */
  const char *kind; /* a stable machine name: "missing-image", "duplicate-item", ... */
  const char *message; /* one sentence */
  RfImportAction action;
} RfProblem;

typedef struct _RfImportReport RfImportReport;

RfImportReport *rf_import_report_new (void) G_GNUC_WARN_UNUSED_RESULT;
void rf_import_report_free (RfImportReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfImportReport, rf_import_report_free)

/* Copies its strings. Safe from several threads. Of each kind at most 10,000 problems are kept in full; all are counted. */
void rf_import_report_add (RfImportReport *self, const char *file, guint64 line, guint64 row, const char *kind,
                           RfImportAction action, const char *format, ...) G_GNUC_PRINTF (7, 8);
gsize rf_import_report_get_n (const RfImportReport *self);     /* kept in full */
gsize rf_import_report_get_count (const RfImportReport *self); /* all */
const RfProblem *rf_import_report_get (const RfImportReport *self, gsize index);
gsize rf_import_report_count_kind (const RfImportReport *self, const char *kind);

/* The kinds that occurred, in order of first appearance, with how often. */
guint rf_import_report_get_n_kinds (const RfImportReport *self);
const char *rf_import_report_get_kind (const RfImportReport *self, guint index, gsize *count);

/* The message of what makes a catalog nearly useless ("no-match", "few-match", "no-interactions"), to be shown before all else; NULL: nothing. */
const char *rf_import_report_get_warning (const RfImportReport *self);

/* "file,line,row,kind,message,action", one record per problem kept in full (RFC 4180, UTF-8). */
char *rf_import_report_to_csv (const RfImportReport *self) G_GNUC_WARN_UNUSED_RESULT;

const char *rf_import_action_to_string (RfImportAction action); /* "kept", "repaired", "dropped" */

G_END_DECLS
