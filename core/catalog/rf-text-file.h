/* rf-text-file.h: a file of text as UTF-8 in memory, whatever its encoding and whether gzip-compressed. Private to core/catalog.
 *
 * Encodings: UTF-8 with or without a byte order mark, UTF-16 with one, GB18030, Shift_JIS, EUC-JP, EUC-KR, Big5 and the single-byte
 * code pages, detected by ICU when the bytes are no UTF-8; what was detected is told in the import report ("encoding").
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/catalog/rf-import-report.h"

G_BEGIN_DECLS

typedef struct
{
  const char *text; /* UTF-8 without byte order mark, size bytes, not NUL-terminated */
  gsize size;
  GBytes *bytes; /* what holds text */
} RfTextFile;

/* What a compressed file may hold. Only tests set another limit. */
#define RF_TEXT_FILE_MAX_INFLATED ((gsize) 2048 << 20)
void rf_text_file_set_max_inflated (gsize n_bytes);

/* name: how the report calls the file. Errors: RF_ERROR_IO; RF_ERROR_FORMAT for a damaged gzip file; RF_ERROR_LIMIT for one that holds too much. */
gboolean rf_text_file_open (RfTextFile *self, const char *path, const char *name, RfImportReport *report, GError **error);
void rf_text_file_close (RfTextFile *self);

/* The first bytes of a file, decompressed, as valid UTF-8, NUL-terminated; NULL if it cannot be read. For probes. */
char *rf_text_file_peek (const char *path, gsize n_bytes) G_GNUC_WARN_UNUSED_RESULT;

/* Is all of it ASCII? 8 bytes at a time. */
gsize rf_ascii_prefix (const char *text, gsize size);

G_END_DECLS
