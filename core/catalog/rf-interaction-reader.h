/* rf-interaction-reader.h: the interactions of any table of separated values, on all cores. Private to core/catalog.
 *
 * A text without quotation marks is cut into one piece per thread, each read with an id map of its own; the pieces are joined in
 * order, so that users and items are numbered by first appearance whatever the number of threads. What cannot be known row by
 * row (the scale of the ratings, duplicates) is judged at the end; of each kept record its place in the file is known then.
 *
 * What more than half of the first records of a column are (milliseconds, dates, nothing at all) is told once for the file, not row by row.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/rf-progress.h"
#include "core/catalog/rf-catalog-private.h"
#include "core/catalog/rf-csv.h"
#include "core/catalog/rf-import-report.h"

G_BEGIN_DECLS

/* Columns, counted from 0; -1: there is none. */
typedef struct
{
  int user, item, rating, timestamp;
  int part;  /* 0/1/2 or train/valid/test */
  int event; /* "view", "purchase", ... */
} RfInteractionColumns;


typedef struct
{
  const char *name; /* as the report calls it */
  const char *text; /* valid UTF-8 without NUL */
  gsize size;
  RfCsvDialect dialect;
  gboolean has_header;
  guint n_columns; /* 0: rows may have any number of fields */
  int part;        /* of all its records (a file of a split), or -1 */
} RfInteractionFile;

typedef struct _RfInteractionReader RfInteractionReader;

/* items_known: an item that the builder does not have is a problem; else it is added. */
RfInteractionReader *rf_interaction_reader_new (RfCatalogBuilder *builder, gboolean items_known, RfImportReport *report) G_GNUC_WARN_UNUSED_RESULT;
void rf_interaction_reader_free (RfInteractionReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfInteractionReader, rf_interaction_reader_free)

/* May be called for several files. FALSE only when cancelled. */
gboolean rf_interaction_reader_add (RfInteractionReader *self, const RfInteractionFile *file, const RfInteractionColumns *columns,
                                    RfProgress *progress, GError **error);

/* Judges scale and duplicates and hands everything to the builder. */
void rf_interaction_reader_finish (RfInteractionReader *self);

G_END_DECLS
