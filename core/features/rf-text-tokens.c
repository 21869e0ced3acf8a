/* rf-text-tokens.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/features/rf-text-tokens.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/ustring.h>

#include "core/base/rf-error.h"
#include "core/base/rf-types.h"
#include "core/features/rf-stop-words.h"
#include "core/features/rf-text-clean.h"

#define WORD_MAX_BYTES 64
#define MASKED_NUMBER  "#"

struct _RfTokenizer
{
  RfTokenOptions options;
  UBreakIterator *breaks;
};

RfTokenList *
rf_token_list_new (void)
{
  RfTokenList *self = g_new (RfTokenList, 1);

  self->words = g_string_new (NULL);
  self->tokens = g_array_new (FALSE, FALSE, sizeof (RfToken));
  return self;
}

void
rf_token_list_free (RfTokenList *self)
{
  if (self == NULL)
    return;
  g_string_free (self->words, TRUE);
  g_array_unref (self->tokens);
  g_free (self);
}

RfTokenizer *
rf_tokenizer_new (const RfTokenOptions *options, GError **error)
{
  UErrorCode status = U_ZERO_ERROR;
  UBreakIterator *breaks = ubrk_open (UBRK_WORD, "", NULL, 0, &status);
  RfTokenizer *self;

  if (U_FAILURE (status))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_IO, _("The Unicode word rules could not be loaded (%s); reinstall the ICU library."),
                   u_errorName (status));
      return NULL;
    }
  self = g_new0 (RfTokenizer, 1);
  self->breaks = breaks;
  if (options != NULL)
    self->options = *options;
  return self;
}

void
rf_tokenizer_free (RfTokenizer *self)
{
  if (self == NULL)
    return;
  ubrk_close (self->breaks);
  g_free (self);
}

static gboolean
is_possessive (const gunichar2 *text, int32_t begin, int32_t end)
{
  return end - begin > 2 && text[end - 2] == '\'' && text[end - 1] == 's';
}

static void
add_word (const RfTokenizer *self, const RfCleanText *clean, int32_t begin, int32_t end, int32_t kind, RfTokenList *list)
{
  char word[WORD_MAX_BYTES + 1];
  UErrorCode status = U_ZERO_ERROR;
  int32_t length = 0;
  RfToken token = { .word = (guint32) list->words->len };

  if (is_possessive (clean->text, begin, end))
    end -= 2;
  u_strToUTF8 (word, WORD_MAX_BYTES, &length, clean->text + begin, end - begin, &status);
  if (U_FAILURE (status))
    return; /* too long for a word */
  word[length] = '\0';
  if (self->options.mask_numbers && kind < UBRK_WORD_NUMBER_LIMIT)
    strcpy (word, MASKED_NUMBER);
  else if (length == 1 && g_ascii_isalpha (word[0]))
    return;
  else if (!self->options.keep_stop_words && rf_is_stop_word (word))
    return;
  token.begin = clean->begin[begin];
  token.end = clean->end[end - 1];
  g_string_append_len (list->words, word, (gssize) strlen (word) + 1);
  g_array_append_val (list->tokens, token);
}

void
rf_tokenizer_run (RfTokenizer *self, const char *text, RfTokenList *list)
{
  g_autoptr(RfCleanText) clean = rf_text_clean (text);
  UErrorCode status = U_ZERO_ERROR;
  int32_t begin, end;

  g_string_truncate (list->words, 0);
  g_array_set_size (list->tokens, 0);
  if (clean->length == 0)
    return;
  ubrk_setText (self->breaks, clean->text, (int32_t) clean->length, &status);
  RF_CHECK (U_SUCCESS (status), "ICU could not read %zu units: %s", clean->length, u_errorName (status));
  begin = ubrk_first (self->breaks);
  for (end = ubrk_next (self->breaks); end != UBRK_DONE; begin = end, end = ubrk_next (self->breaks))
    {
      int32_t kind = ubrk_getRuleStatus (self->breaks);

      if (kind >= UBRK_WORD_NONE_LIMIT)
        add_word (self, clean, begin, end, kind, list);
    }
}
