/* rf-import-python.c: a translator of tokens; brackets and commas are JSON's own, tuples become lists.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/catalog/importers/rf-import-python.h"

#include <string.h>

typedef struct
{
  const char *at, *end;
  GString *out;
} Translator;

static void
put_letter (GString *out, gunichar c)
{
  if (c == '"' || c == '\\')
    g_string_append_c (out, '\\');
  if (c < 0x20)
    g_string_append_printf (out, "\\u%04x", c);
  else if (c >= 0xd800 && c < 0xe000)
    g_string_append (out, "\xEF\xBF\xBD");
  else
    g_string_append_unichar (out, c <= 0x10ffff ? c : 0xfffd);
}

/* \x41, \u0041, \U00000041 */
static gboolean
put_number_escape (Translator *t, int digits)
{
  gunichar c = 0;

  for (int d = 0; d < digits; d++, t->at++)
    {
      if (t->at == t->end || !g_ascii_isxdigit (*t->at))
        return FALSE;
      c = c * 16 + (gunichar) g_ascii_xdigit_value (*t->at);
    }
  put_letter (t->out, c);
  return TRUE;
}

static gboolean
put_escape (Translator *t)
{
  static const char names[] = "ntrabfv", letters[] = "\n\t\r\a\b\f\v";
  const char *found;
  char c;

  if (t->at == t->end)
    return FALSE;
  c = *t->at++;
  if (c == 'x' || c == 'u' || c == 'U')
    return put_number_escape (t, c == 'x' ? 2 : c == 'u' ? 4 : 8);
  found = strchr (names, c);
  if (found != NULL && c != '\0')
    put_letter (t->out, (guchar) letters[found - names]);
  else if (c == '\\' || c == '\'' || c == '"')
    put_letter (t->out, (guchar) c);
  else
    {
      put_letter (t->out, '\\');
      t->at--;
    }
  return TRUE;
}

static gboolean
put_text (Translator *t)
{
  char quote = *t->at++;

  g_string_append_c (t->out, '"');
  while (t->at < t->end && *t->at != quote)
    {
      if (*t->at == '\\')
        {
          t->at++;
          if (!put_escape (t))
            return FALSE;
          continue;
        }
      put_letter (t->out, g_utf8_get_char (t->at));
      t->at = g_utf8_next_char (t->at);
    }
  if (t->at >= t->end)
    return FALSE;
  t->at++;
  g_string_append_c (t->out, '"');
  return TRUE;
}

static gboolean
put_word (Translator *t)
{
  static const struct
  {
    const char *python, *json;
  } words[] = { { "None", "null" }, { "True", "true" }, { "False", "false" }, { "nan", "null" }, { "inf", "null" } };

  for (gsize w = 0; w < G_N_ELEMENTS (words); w++)
    {
      gsize length = strlen (words[w].python);

      if ((gsize) (t->end - t->at) >= length && memcmp (t->at, words[w].python, length) == 0)
        {
          g_string_append (t->out, words[w].json);
          t->at += length;
          return TRUE;
        }
    }
  return FALSE;
}

/* A comma before a closing bracket is fine in Python only. */
static void
drop_comma (GString *out)
{
  gsize length = out->len;

  while (length > 0 && g_ascii_isspace (out->str[length - 1]))
    length--;
  if (length > 0 && out->str[length - 1] == ',')
    g_string_truncate (out, length - 1);
}

static gboolean
put_token (Translator *t)
{
  char c = *t->at;

  if ((c == 'u' || c == 'U' || c == 'b') && t->at + 1 < t->end && (t->at[1] == '\'' || t->at[1] == '"'))
    c = *++t->at;
  if (c == '\'' || c == '"')
    return put_text (t);
  if (g_ascii_isalpha (c))
    return put_word (t);
  if (c == ')' || c == ']' || c == '}')
    drop_comma (t->out);
  if (c != '\0' && (strchr ("{}[]():,+-.", c) != NULL || g_ascii_isdigit (c) || g_ascii_isspace (c)))
    {
      g_string_append_c (t->out, c == '(' ? '[' : c == ')' ? ']' : c);
      t->at++;
      while (g_ascii_isdigit (c) && t->at < t->end && (g_ascii_isalnum (*t->at) || strchr ("+-.", *t->at) != NULL))
        g_string_append_c (t->out, *t->at++);
      return TRUE;
    }
  return FALSE;
}

char *
rf_import_python_to_json (const char *text, gsize length)
{
  Translator t = { text, text + length, g_string_sized_new (length) };

  while (t.at < t.end)
    if (!put_token (&t))
      {
        g_string_free (t.out, TRUE);
        return NULL;
      }
  return g_string_free (t.out, FALSE);
}
