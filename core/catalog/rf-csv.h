/* rf-csv.h: reads separated values (RFC 4180 and what people make of it) from memory, without an allocation per field.
 *
 * Fields point into the data; only a quoted field with doubled quotes is copied. A record ends at a line feed, with or without a
 * carriage return before it; in data without any line feed at a carriage return. Rules where RFC 4180 is silent:
 *  - records may have any number of fields; empty lines are skipped and are no rows;
 *  - a quote inside an unquoted field is a letter like others;
 *  - text after a closing quote belongs to the field;
 *  - a quoted field that never ends, or that spans lines and is followed by more text, is not quoted at all: its quote is a
 *    letter, and bad_quote is set. So one stray quote costs one field, never the rest of the file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char separator;             /* ',', '\t', ... */
  char quote;                 /* '"', or 0: none */
  char record_end;            /* '\n' or '\r' */
  const char *long_separator; /* "::", or NULL; then separator and quote are not used */
} RfCsvDialect;

typedef struct
{
  const char *text; /* not NUL-terminated; valid until the next record */
  gsize length;
} RfCsvField;

typedef struct
{
  /* The current record. */
  RfCsvField *fields;
  guint n_fields;
  guint64 line;       /* 1-based line where it starts */
  guint64 row;        /* how many records were read, this one included */
  const char *start;  /* its first byte */
  gboolean bad_quote; /* see above */

  /* Private. */
  RfCsvDialect dialect;
  const char *at, *end, *block;
  guint64 mask, next_line;
  guint room;
  gboolean quotes_off;
  GStringChunk *copies;
  gboolean has_copies;
} RfCsvReader;

/* Guesses from the first records: which of TAB , ; | :: gives the most even table, and how lines end. */
RfCsvDialect rf_csv_sniff (const char *data, gsize size);
char rf_csv_find_record_end (const char *data, gsize size);

/* data must outlive the reader and is not changed. */
void rf_csv_reader_init (RfCsvReader *self, const char *data, gsize size, const RfCsvDialect *dialect);
void rf_csv_reader_clear (RfCsvReader *self);
/* FALSE: there are no more records. */
gboolean rf_csv_reader_next (RfCsvReader *self);

G_END_DECLS
