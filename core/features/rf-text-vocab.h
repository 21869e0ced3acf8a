/* rf-text-vocab.h: the words of a catalog, numbered, and every text as a sequence of those numbers.
 *
 * Words are ordered by the number of texts they stand in (most first), equal counts by strcmp: a larger catalog with the same
 * texts in front gives a similar numbering, and the order never depends on threads. Immutable once made.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/features/rf-text-tokens.h"

G_BEGIN_DECLS

#define RF_NO_WORD G_MAXUINT32

typedef struct
{
  guint32 n_words;
  guint32 n_texts; /* how many texts the counts are from */
  guint32 *df;     /* per word: in how many texts it stands */
  const char **words;
  GStringChunk *chunk; /* holds the words */
  GHashTable *index;   /* word -> number + 1 */
} RfVocab;

/* The texts as word numbers, in reading order; words outside the vocabulary are left out. */
typedef struct
{
  gsize n_texts;
  gsize *ptr;    /* n_texts + 1 */
  guint32 *word; /* ptr[n_texts] */
} RfWordIds;

typedef struct
{
  RfTokenOptions tokens;
  guint32 min_df;    /* rarer words are left out; lowered where the catalog is too small for it */
  guint32 max_words; /* the most frequent ones are kept; 0: all */
  guint32 phrase_count; /* pairs of words (rf-text-phrases.h) that come at least so often count as one word "first second"; 0: none */
  double phrase_pmi;    /* ... and with at least this mutual information */
} RfVocabOptions;

/* texts: n strings; mask (n bytes, may be NULL): texts with 0 are not read. ids may be NULL. All cores. */
RfVocab *rf_vocab_new (const char *const *texts, const guint8 *mask, gsize n, const RfVocabOptions *options, RfWordIds **ids,
                       RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* From words in order, with their counts. Copies. A word that comes twice keeps its first number. */
RfVocab *rf_vocab_new_from_words (const char *const *words, const guint32 *df, guint32 n_words, guint32 n_texts) G_GNUC_WARN_UNUSED_RESULT;
void rf_vocab_free (RfVocab *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfVocab, rf_vocab_free)

/* RF_NO_WORD if it is not in the vocabulary. */
guint32 rf_vocab_find (const RfVocab *self, const char *word);

/* The number of the pair as one word, or RF_NO_WORD. A text is read from the left: where a pair is known, it is taken, and
 * reading goes on behind it. */
guint32 rf_vocab_find_phrase (const RfVocab *self, const char *first, const char *second);

void rf_word_ids_free (RfWordIds *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfWordIds, rf_word_ids_free)

G_END_DECLS
