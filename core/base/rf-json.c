/* rf-json.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/base/rf-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/rf-error.h"

/* The parser also takes comments and texts in single quotes, which could hide a double quote from us; JSON has neither, so what begins
 * them counts as too deep. */
static gboolean
is_shallow (const char *text, gsize length)
{
  gsize depth = 0;
  gboolean quoted = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];

      if (quoted && c == '\\')
        i++;
      else if (c == '"')
        quoted = !quoted;
      else if (quoted)
        continue;
      else if (c == '/' || c == '#' || c == '\'')
        return FALSE;
      else if ((c == '[' || c == '{') && ++depth > RF_JSON_MAX_DEPTH)
        return FALSE;
      else if ((c == ']' || c == '}') && depth > 0)
        depth--;
    }
  return TRUE;
}

/* Few brackets can not be deep, wherever they stand. */
static gboolean
has_few_brackets (const char *text, gsize length)
{
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    n += (gsize) (text[i] == '[') + (gsize) (text[i] == '{');
  return n <= RF_JSON_MAX_DEPTH;
}

gboolean
rf_json_load (JsonParser *parser, const char *text, gssize length, GError **error)
{
  gsize n = length < 0 ? strlen (text) : (gsize) length;

  if (!has_few_brackets (text, n) && !is_shallow (text, n))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("The JSON is nested more than %d levels deep."), RF_JSON_MAX_DEPTH);
      return FALSE;
    }
  return json_parser_load_from_data (parser, text, length, error);
}
