/* rf-import-values.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/catalog/rf-import-values.h"

#include <math.h>
#include <string.h>

#include "core/catalog/rf-catalog.h"

#define DAY              86400
#define MAX_SECONDS      G_GINT64_CONSTANT (100000000000) /* the year 5138; larger numbers are milliseconds */
#define MAX_MILLISECONDS (MAX_SECONDS * 1000)

/* A stripped copy in `buffer`; FALSE when it is too long for a number or a time. */
static gboolean
copy_stripped (const char *text, gsize length, char buffer[64])
{
  while (length > 0 && g_ascii_isspace (*text))
    {
      text++;
      length--;
    }
  while (length > 0 && g_ascii_isspace (text[length - 1]))
    length--;
  if (length >= 64)
    return FALSE;
  memcpy (buffer, text, length);
  buffer[length] = '\0';
  return TRUE;
}

static gboolean
says_nan (const char *text)
{
  static const char *const words[] = { "nan", "-nan", "null", "none", "na", "n/a", "inf", "-inf", "infinity" };

  for (gsize w = 0; w < G_N_ELEMENTS (words); w++)
    if (g_ascii_strcasecmp (text, words[w]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
parse_number (const char *text, double *value)
{
  char *end;

  *value = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && isfinite (*value);
}

RfValueState
rf_import_parse_rating (const char *text, gsize length, float *value)
{
  char buffer[64], *comma;
  double number;

  *value = NAN;
  if (!copy_stripped (text, length, buffer))
    return RF_VALUE_NOT_A_NUMBER;
  if (buffer[0] == '\0')
    return RF_VALUE_EMPTY;
  if (parse_number (buffer, &number))
    {
      *value = (float) number;
      return RF_VALUE_FINE;
    }
  if (says_nan (buffer))
    return RF_VALUE_NAN;
  comma = strchr (buffer, ',');
  if (comma != NULL && strchr (comma + 1, ',') == NULL)
    {
      *comma = '.';
      if (parse_number (buffer, &number))
        {
          *value = (float) number;
          return RF_VALUE_DECIMAL_COMMA;
        }
    }
  return RF_VALUE_NOT_A_NUMBER;
}

static gboolean
parse_iso (const char *text, gint64 *value)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *midnight = strlen (text) == 10 ? g_strconcat (text, "T00:00:00", NULL) : g_strdup (text);
  g_autoptr(GDateTime) time = NULL;

  if (strlen (midnight) > 10 && midnight[10] == ' ')
    midnight[10] = 'T';
  time = g_date_time_new_from_iso8601 (midnight, utc);
  if (time == NULL)
    return FALSE;
  *value = g_date_time_to_unix (time);
  return TRUE;
}

static RfValueState
check_time (gint64 seconds, gint64 now, RfValueState fine, gint64 *value)
{
  if (seconds < 0)
    return RF_VALUE_NEGATIVE;
  if (seconds > now + DAY)
    return RF_VALUE_FUTURE;
  *value = seconds;
  return fine;
}

RfValueState
rf_import_parse_timestamp (const char *text, gsize length, gint64 now, gint64 *value)
{
  char buffer[64];
  double number;
  gint64 seconds;

  *value = RF_NO_TIMESTAMP;
  if (!copy_stripped (text, length, buffer))
    return RF_VALUE_NOT_A_NUMBER;
  if (buffer[0] == '\0')
    return RF_VALUE_EMPTY;
  if (parse_number (buffer, &number))
    {
      if (number >= (double) MAX_SECONDS && number < (double) MAX_MILLISECONDS)
        return check_time ((gint64) (number / 1000), now, RF_VALUE_MILLISECONDS, value);
      if (fabs (number) >= (double) MAX_MILLISECONDS)
        return RF_VALUE_NOT_A_NUMBER;
      return check_time ((gint64) number, now, RF_VALUE_FINE, value);
    }
  if (parse_iso (buffer, &seconds))
    return check_time (seconds, now, RF_VALUE_ISO, value);
  return RF_VALUE_NOT_A_NUMBER;
}

static RfTextChange
unwanted (gunichar c)
{
  if ((c < 0x20 && c != '\n' && c != '\t' && c != '\r') || (c >= 0x7f && c < 0xa0))
    return RF_TEXT_CONTROLS;
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ? RF_TEXT_BIDI : 0;
}

char *
rf_import_clean_text (const char *text, gsize length, gsize max_bytes, RfTextChange *changes)
{
  GString *out = g_string_sized_new (length);
  const char *end = text + length;

  *changes = 0;
  for (const char *at = text; at < end; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      RfTextChange bad = unwanted (c);

      if (c == '\r' && at + 1 < end && at[1] == '\n')
        continue;
      if (c == '\r')
        {
          *changes |= RF_TEXT_RETURNS;
          c = '\n';
        }
      if (bad != 0)
        {
          *changes |= bad;
          continue;
        }
      if (out->len + 4 > max_bytes)
        {
          *changes |= RF_TEXT_CUT;
          break;
        }
      g_string_append_unichar (out, c);
    }
  return g_strstrip (g_string_free (out, FALSE));
}

double
rf_import_guess_scale (const float *ratings, gsize n)
{
  static const double scales[] = { 1, 5, 10, 100 };
  gsize known = 0, within[G_N_ELEMENTS (scales)] = { 0 };

  for (gsize i = 0; i < n; i++)
    if (!isnan (ratings[i]))
      {
        known++;
        for (gsize s = 0; s < G_N_ELEMENTS (scales); s++)
          within[s] += (double) ratings[i] <= scales[s];
      }
  for (gsize s = 0; s < G_N_ELEMENTS (scales); s++)
    if ((double) within[s] >= 0.98 * (double) known)
      return scales[s];
  return INFINITY;
}
