/* rf-import-values.h: reading single values of a catalog: ratings, times, texts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RF_VALUE_FINE,
  RF_VALUE_EMPTY,
  RF_VALUE_DECIMAL_COMMA, /* repaired: value is set */
  RF_VALUE_NOT_A_NUMBER,
  RF_VALUE_NAN,           /* "NaN", "null", "inf": a number that is none */
  RF_VALUE_MILLISECONDS,  /* repaired */
  RF_VALUE_ISO,           /* repaired */
  RF_VALUE_NEGATIVE,
  RF_VALUE_FUTURE,
  RF_VALUE_N_STATES
} RfValueState;

/* Not NUL-terminated text. *value is NAN / RF_NO_TIMESTAMP unless fine or repaired. now: Unix seconds. */
RfValueState rf_import_parse_rating (const char *text, gsize length, float *value);
RfValueState rf_import_parse_timestamp (const char *text, gsize length, gint64 now, gint64 *value);

typedef enum
{
  RF_TEXT_CONTROLS = 1 << 0, /* control characters were taken out */
  RF_TEXT_BIDI = 1 << 1,     /* bidirectional overrides were taken out */
  RF_TEXT_RETURNS = 1 << 2,  /* lone carriage returns became line feeds */
  RF_TEXT_CUT = 1 << 3,      /* cut to max_bytes */
} RfTextChange;

/* A text for the catalog: surrounding blanks off; control characters and bidirectional overrides out; cut to at most max_bytes at a
 * letter's end. Never NULL. */
char *rf_import_clean_text (const char *text, gsize length, gsize max_bytes, RfTextChange *changes) G_GNUC_WARN_UNUSED_RESULT;

/* The upper end of a rating scale: the smallest of 1, 5, 10, 100 that at least 98 % of the values reach at most; INFINITY if none. */
double rf_import_guess_scale (const float *ratings, gsize n);

G_END_DECLS
