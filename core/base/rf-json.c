/* rf-json.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/base/rf-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/rf-error.h"

typedef enum
{
  SHAPE_FINE,
  SHAPE_DEEP,
  SHAPE_OTHER, /* not one value and nothing else */
} Shape;

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* What the parser must not be given: brackets it would follow with the call stack; comments and single quotes, which it takes and JSON
 * has not, and which could hide a double quote from us; and a second value behind the first, of which it loses the memory. */
static Shape
find_shape (const char *text, gsize length)
{
  gsize depth = 0;
  gboolean quoted = FALSE, begun = FALSE, closed = FALSE; /* a value, outside of brackets or behind them */

  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];

      if (quoted && c == '\\')
        i++;
      else if (c == '"' && !closed)
        quoted = !quoted;
      else if (quoted || is_blank (c))
        continue;
      else if (closed || c == '/' || c == '#' || c == '\'' || ((c == '[' || c == '{') && begun && depth == 0))
        return SHAPE_OTHER;
      else if ((c == '[' || c == '{') && ++depth > RF_JSON_MAX_DEPTH)
        return SHAPE_DEEP;
      else if (c == ']' || c == '}')
        {
          if (depth == 0)
            return SHAPE_OTHER;
          closed = --depth == 0;
        }
      begun = TRUE;
    }
  return SHAPE_FINE;
}

gboolean
rf_json_load (JsonParser *parser, const char *text, gssize length, GError **error)
{
  gsize n = length < 0 ? strlen (text) : (gsize) length;

  switch (find_shape (text, n))
    {
    case SHAPE_DEEP:
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("The JSON is nested more than %d levels deep."), RF_JSON_MAX_DEPTH);
      return FALSE;
    case SHAPE_OTHER:
      g_set_error_literal (error, RF_ERROR, RF_ERROR_FORMAT, _("This is not JSON: it should be one value, without comments and single quotes."));
      return FALSE;
    case SHAPE_FINE:
    default:
      return json_parser_load_from_data (parser, text, length, error);
    }
}
