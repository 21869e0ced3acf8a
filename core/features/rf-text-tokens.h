/* rf-text-tokens.h: words of a text, with their places in the original.
 *
 * Words are those of Unicode Standard Annex 29 as ICU's break iterator finds them; Chinese, Japanese, Thai, Lao, Khmer and
 * Burmese are cut by ICU's dictionaries. Punctuation and emoji are no words. A possessive 's is cut off; single Latin
 * letters, words of more than 64 bytes and (if asked) stop words are dropped.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint32 word;       /* offset of the folded, NUL-terminated word in RfTokenList.words */
  guint32 begin, end; /* bytes of the original text */
} RfToken;

typedef struct
{
  GString *words;
  GArray *tokens; /* RfToken */
} RfTokenList;

typedef struct
{
  gboolean keep_stop_words;
  gboolean mask_numbers; /* every number becomes the word "#" */
} RfTokenOptions;

RfTokenList *rf_token_list_new (void) G_GNUC_WARN_UNUSED_RESULT;
void rf_token_list_free (RfTokenList *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfTokenList, rf_token_list_free)

static inline const RfToken *
rf_token_list_get (const RfTokenList *self, guint index)
{
  return &g_array_index (self->tokens, RfToken, index);
}

static inline const char *
rf_token_list_get_word (const RfTokenList *self, guint index)
{
  return self->words->str + rf_token_list_get (self, index)->word;
}

/* A tokenizer holds a break iterator, which is slow to make: keep one per thread. Fails if ICU's data are not installed. */
typedef struct _RfTokenizer RfTokenizer;

RfTokenizer *rf_tokenizer_new (const RfTokenOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_tokenizer_free (RfTokenizer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfTokenizer, rf_tokenizer_free)

/* Cleans and cuts a text; `list` is emptied first. */
void rf_tokenizer_run (RfTokenizer *self, const char *text, RfTokenList *list);

G_END_DECLS
