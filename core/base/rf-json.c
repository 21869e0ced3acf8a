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
  SHAPE_OTHER, /* not one value of JSON and nothing else */
} Shape;

/* What may come next. */
typedef enum
{
  WANT_VALUE,
  WANT_VALUE_OR_END, /* behind [ */
  WANT_NAME,
  WANT_NAME_OR_END, /* behind { */
  WANT_COLON,
  WANT_COMMA_OR_END, /* behind a value in brackets */
  WANT_NOTHING,
} Want;

typedef struct
{
  const char *at, *end;
  Want want;
  guint depth;
  gboolean object[RF_JSON_MAX_DEPTH + 1]; /* by depth: braces, or brackets? */
} Scan;

static void
skip_digits (Scan *s)
{
  while (s->at < s->end && g_ascii_isdigit (*s->at))
    s->at++;
}

static gboolean
skip_some_digits (Scan *s)
{
  const char *from = s->at;

  skip_digits (s);
  return s->at > from;
}

static gboolean
skip_char (Scan *s, const char *any_of)
{
  gboolean is = s->at < s->end && *s->at != '\0' && strchr (any_of, *s->at) != NULL;

  s->at += is;
  return is;
}

static gboolean
skip_number (Scan *s)
{
  skip_char (s, "-");
  if (!skip_char (s, "0") && !skip_some_digits (s))
    return FALSE;
  if (skip_char (s, ".") && !skip_some_digits (s))
    return FALSE;
  if (!skip_char (s, "eE"))
    return TRUE;
  skip_char (s, "+-");
  return skip_some_digits (s);
}

static gboolean
skip_word (Scan *s, const char *word)
{
  gsize n = strlen (word);
  gboolean is = (gsize) (s->end - s->at) >= n && memcmp (s->at, word, n) == 0;

  if (is)
    s->at += n;
  return is;
}

/* Control characters in texts are no JSON, but the parser takes them, and they are seen in the wild. */
static gboolean
skip_text (Scan *s)
{
  for (s->at++; s->at < s->end && *s->at != '"' && *s->at != '\0';)
    {
      if (*s->at++ != '\\')
        continue;
      if (skip_char (s, "u"))
        {
          for (int digit = 0; digit < 4; digit++)
            if (!skip_char (s, "0123456789abcdefABCDEF"))
              return FALSE;
        }
      else if (!skip_char (s, "\"\\/bfnrt"))
        return FALSE;
    }
  return skip_char (s, "\"");
}

static Want
want_behind_value (const Scan *s)
{
  return s->depth > 0 ? WANT_COMMA_OR_END : WANT_NOTHING;
}

static gboolean
skip_value (Scan *s)
{
  gboolean fine;

  switch (*s->at)
    {
    case '"':
      fine = skip_text (s);
      break;
    case 't':
      fine = skip_word (s, "true");
      break;
    case 'f':
      fine = skip_word (s, "false");
      break;
    case 'n':
      fine = skip_word (s, "null");
      break;
    default:
      fine = skip_number (s);
    }
  s->want = want_behind_value (s);
  return fine;
}

static Shape
open_bracket (Scan *s)
{
  gboolean object = *s->at++ == '{';

  if (s->depth == RF_JSON_MAX_DEPTH)
    return SHAPE_DEEP;
  s->object[++s->depth] = object;
  s->want = object ? WANT_NAME_OR_END : WANT_VALUE_OR_END;
  return SHAPE_FINE;
}

static Shape
close_bracket (Scan *s)
{
  gboolean object = *s->at++ == '}';

  if (s->depth == 0 || object != s->object[s->depth])
    return SHAPE_OTHER;
  s->depth--;
  s->want = want_behind_value (s);
  return SHAPE_FINE;
}

/* One token, not a blank. */
static Shape
step (Scan *s)
{
  char c = *s->at;
  gboolean fine = FALSE;

  if ((c == ']' || c == '}') && (s->want == WANT_VALUE_OR_END || s->want == WANT_NAME_OR_END || s->want == WANT_COMMA_OR_END))
    return close_bracket (s);
  switch (s->want)
    {
    case WANT_VALUE:
    case WANT_VALUE_OR_END:
      if (c == '[' || c == '{')
        return open_bracket (s);
      fine = skip_value (s);
      break;
    case WANT_NAME:
    case WANT_NAME_OR_END:
      fine = c == '"' && skip_text (s);
      s->want = WANT_COLON;
      break;
    case WANT_COLON:
      fine = skip_char (s, ":");
      s->want = WANT_VALUE;
      break;
    case WANT_COMMA_OR_END:
      fine = skip_char (s, ",");
      s->want = s->object[s->depth] ? WANT_NAME : WANT_VALUE;
      break;
    case WANT_NOTHING:
    default:
      break;
    }
  return fine ? SHAPE_FINE : SHAPE_OTHER;
}

/* Is it one value by RFC 8259? What is not must not be given to the parser: it takes comments and single quotes, follows brackets with the
 * call stack, and loses the memory of what it has read before a mistake, or of all but the first of several values. */
static Shape
find_shape (const char *text, gsize length)
{
  Scan s = { .at = text, .end = text + length, .want = WANT_VALUE };
  Shape shape = SHAPE_FINE;

  while (shape == SHAPE_FINE && s.at < s.end)
    if (!skip_char (&s, " \t\n\r"))
      shape = step (&s);
  return shape == SHAPE_FINE && s.want != WANT_NOTHING ? SHAPE_OTHER : shape;
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
