/* rf-text-clean.c
 *
 * Two stages: markup is taken away (each remaining byte remembers its place), then characters are folded.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/features/rf-text-clean.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>

#include "core/base/rf-types.h"

/* A base character with more marks than this is cut there; NFKC makes at most 18 units out of one. */
#define SEGMENT_MAX  64
#define FOLDED_MAX   (SEGMENT_MAX * 2 * 18)
#define ZERO_WIDTH_SPACE 0x200b

/* Text without markup; begin and end belong to each byte. */
typedef struct
{
  GByteArray *bytes;
  GArray *begin, *end;
} Plain;

static void
plain_append (Plain *plain, const char *bytes, gsize length, guint32 begin, guint32 end, gboolean exact)
{
  g_byte_array_append (plain->bytes, (const guint8 *) bytes, (guint) length);
  for (gsize i = 0; i < length; i++)
    {
      guint32 from = exact ? begin + (guint32) i : begin, to = exact ? from + 1 : end;

      g_array_append_val (plain->begin, from);
      g_array_append_val (plain->end, to);
    }
}

/* --- markup --- */

typedef struct
{
  htmlParserCtxtPtr parser;
  Plain *plain;
  const char *source;
  guint32 length;
  guint32 position; /* end of what was consumed up to the last event */
  guint32 text_end; /* end of the last text */
  int hidden;       /* how many script, style or template elements are open */
} Html;

static const char *const inline_elements[] = {
  "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
  "label", "mark", "q", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
  NULL
};

static gboolean
is_hidden (const char *name)
{
  return g_ascii_strcasecmp (name, "script") == 0 || g_ascii_strcasecmp (name, "style") == 0
         || g_ascii_strcasecmp (name, "template") == 0;
}

static guint32
html_position (const Html *html)
{
  const xmlParserInput *input = html->parser->input;
  gsize consumed = input == NULL ? html->length : input->consumed + (gsize) (input->cur - input->base);

  return (guint32) CLAMP (consumed, html->position, html->length);
}

static void
html_separate (Html *html, const char *name)
{
  if (!g_strv_contains (inline_elements, name))
    plain_append (html->plain, " ", 1, html->text_end, html->text_end, FALSE);
  html->position = html_position (html);
}

static void
html_start_element (void *data, const xmlChar *name, const xmlChar **attributes)
{
  Html *html = data;

  if (is_hidden ((const char *) name))
    html->hidden++;
  html_separate (html, (const char *) name);
}

static void
html_end_element (void *data, const xmlChar *name)
{
  Html *html = data;

  if (is_hidden ((const char *) name) && html->hidden > 0)
    html->hidden--;
  html_separate (html, (const char *) name);
}

/* The parser tells how far it has read: a run of text stands literally just before that place. What does not (an entity, a
 * repaired byte) is given the whole stretch since the last event. If the parser says it has read nothing (it hands out what
 * it first took for markup), the text is looked for further on. */
static void
html_characters (void *data, const xmlChar *characters, int length)
{
  Html *html = data;
  guint32 end = html_position (html), begin = html->position;
  guint32 n = (guint32) length;
  const char *text = (const char *) characters;
  gboolean literal = n <= end && end - n >= html->text_end && memcmp (html->source + end - n, text, n) == 0;

  if (!literal && begin == end && n > 0)
    {
      const char *found = memmem (html->source + end, html->length - end, text, n);

      literal = found != NULL;
      if (!literal)
        return;
      end = (guint32) (found - html->source) + n;
    }
  html->position = html->text_end = end;
  if (html->hidden > 0)
    return;
  if (literal)
    plain_append (html->plain, text, n, end - n, end, TRUE);
  else
    plain_append (html->plain, text, n, begin, end, FALSE);
}

static void
html_to_plain (const char *source, gsize length, Plain *plain)
{
  static gsize ready = 0;
  Html html = { .plain = plain, .source = source, .length = (guint32) length };
  htmlSAXHandler handler = {
    .startElement = html_start_element,
    .endElement = html_end_element,
    .characters = html_characters,
    .ignorableWhitespace = html_characters,
    .cdataBlock = html_characters,
  };

  if (g_once_init_enter (&ready))
    {
      xmlInitParser ();
      g_once_init_leave (&ready, 1);
    }
  html.parser = htmlCreateMemoryParserCtxt (source, (int) length);
  if (html.parser == NULL)
    return; /* an empty text */
  xmlSwitchEncoding (html.parser, XML_CHAR_ENCODING_UTF8);
  htmlCtxtUseOptions (html.parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET
                                     | HTML_PARSE_IGNORE_ENC | HTML_PARSE_NOIMPLIED);
  *html.parser->sax = handler;
  html.parser->userData = &html;
  htmlParseDocument (html.parser);
  htmlFreeParserCtxt (html.parser);
}

static gboolean
is_tag_start (const char *at)
{
  return g_ascii_isalpha (at[1]) || at[1] == '!' || (at[1] == '/' && g_ascii_isalpha (at[2]));
}

static gboolean
is_entity (const char *at)
{
  gsize n = 1;

  if (at[1] == '#')
    return g_ascii_isdigit (at[2]) || ((at[2] == 'x' || at[2] == 'X') && g_ascii_isxdigit (at[3]));
  while (g_ascii_isalnum (at[n]))
    n++;
  return n > 2 && n < 32 && at[n] == ';';
}

gboolean
rf_text_is_html (const char *text)
{
  for (const char *at = strpbrk (text, "<&"); at != NULL; at = strpbrk (at + 1, "<&"))
    if (*at == '<' ? is_tag_start (at) : is_entity (at))
      return TRUE;
  return FALSE;
}

/* --- characters --- */

typedef struct
{
  const UNormalizer2 *fold;
  GArray *text, *begin, *end;
} Folder;

static void
folder_append (Folder *folder, gunichar2 unit, guint32 begin, guint32 end)
{
  g_array_append_val (folder->text, unit);
  g_array_append_val (folder->begin, begin);
  g_array_append_val (folder->end, end);
}

static gunichar
tame (gunichar c)
{
  if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == ZERO_WIDTH_SPACE || c == 0x2028 || c == 0x2029)
    return ' ';
  if (c == 0x2019 || c == 0x02bc)
    return '\'';
  return c;
}

/* Folds a character with the marks that belong to it; all that comes out gets the same place. */
static void
fold_segment (Folder *folder, const UChar *segment, int32_t length, guint32 begin, guint32 end)
{
  UChar folded[FOLDED_MAX];
  UErrorCode status = U_ZERO_ERROR;
  int32_t n = unorm2_normalize (folder->fold, segment, length, folded, FOLDED_MAX, &status);

  RF_CHECK (U_SUCCESS (status), "ICU could not fold %d units: %s", length, u_errorName (status));
  for (int32_t i = 0; i < n; i++)
    folder_append (folder, folded[i], begin, end);
}

static void
fold_plain (Folder *folder, const Plain *plain)
{
  const char *bytes = (const char *) plain->bytes->data;
  gsize length = plain->bytes->len;
  const guint32 *begin = (const guint32 *) (void *) plain->begin->data, *end = (const guint32 *) (void *) plain->end->data;

  for (gsize at = 0; at < length;)
    {
      UChar segment[SEGMENT_MAX * 2 + 2];
      int32_t n = 0;
      gsize first = at;

      if ((guint8) bytes[at] < 0x80 && (at + 1 == length || (guint8) bytes[at + 1] < 0x80))
        {
          folder_append (folder, (gunichar2) g_ascii_tolower ((char) tame ((guint8) bytes[at])), begin[at], end[at]);
          at++;
          continue;
        }
      do
        {
          UChar32 c = (UChar32) tame (g_utf8_get_char (bytes + at));

          U16_APPEND_UNSAFE (segment, n, c);
          at = (gsize) (g_utf8_next_char (bytes + at) - bytes);
        }
      while (at < length && n < SEGMENT_MAX && !unorm2_hasBoundaryBefore (folder->fold, (UChar32) g_utf8_get_char (bytes + at)));
      fold_segment (folder, segment, n, begin[first], end[at - 1]);
    }
}

/* A copy in which bytes that are not UTF-8 are spaces, so that offsets stay. */
static char *
make_valid (const char *text, gsize length)
{
  char *copy = g_strndup (text, length);
  const char *bad = NULL;

  while (!g_utf8_validate (copy + (bad ? bad - copy : 0), -1, &bad))
    copy[bad - copy] = ' ';
  return copy;
}

RfCleanText *
rf_text_clean (const char *text)
{
  RfCleanText *self = g_new0 (RfCleanText, 1);
  UErrorCode status = U_ZERO_ERROR;
  g_autofree char *valid = make_valid (text, strnlen (text, RF_TEXT_MAX_BYTES));
  gsize length = strlen (valid);
  Plain plain = {
    g_byte_array_sized_new ((guint) length),
    g_array_sized_new (FALSE, FALSE, sizeof (guint32), (guint) length),
    g_array_sized_new (FALSE, FALSE, sizeof (guint32), (guint) length),
  };
  Folder folder = {
    unorm2_getNFKCCasefoldInstance (&status),
    g_array_sized_new (FALSE, FALSE, sizeof (gunichar2), (guint) length),
    g_array_sized_new (FALSE, FALSE, sizeof (guint32), (guint) length),
    g_array_sized_new (FALSE, FALSE, sizeof (guint32), (guint) length),
  };

  RF_CHECK (U_SUCCESS (status), "ICU has no NFKC_Casefold data: %s", u_errorName (status));
  if (rf_text_is_html (valid))
    html_to_plain (valid, length, &plain);
  else
    plain_append (&plain, valid, length, 0, 0, TRUE);
  fold_plain (&folder, &plain);
  g_byte_array_unref (plain.bytes);
  g_array_unref (plain.begin);
  g_array_unref (plain.end);

  self->length = folder.text->len;
  self->text = (gunichar2 *) (void *) g_array_free (folder.text, FALSE);
  self->begin = (guint32 *) (void *) g_array_free (folder.begin, FALSE);
  self->end = (guint32 *) (void *) g_array_free (folder.end, FALSE);
  return self;
}

void
rf_clean_text_free (RfCleanText *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_free (self->begin);
  g_free (self->end);
  g_free (self);
}

char *
rf_clean_text_to_utf8 (const RfCleanText *self)
{
  char *utf8 = self->length > 0 ? g_utf16_to_utf8 (self->text, (glong) self->length, NULL, NULL, NULL) : NULL;

  return utf8 != NULL ? utf8 : g_strdup ("");
}
