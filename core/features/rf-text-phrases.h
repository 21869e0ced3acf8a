/* rf-text-phrases.h: pairs of neighbouring words that belong together ("new york"), by pointwise mutual information:
 *
 *   PMI(a, b) = ln ( count(a b) n / (count(a) count(b)) )     n: words in all texts
 *
 * Church and Hanks, "Word association norms, mutual information, and lexicography", 1990. A least count keeps chance pairs
 * of rare words out.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RF_NO_PHRASE G_MAXUINT32

typedef struct
{
  guint32 n;
  guint64 *pair;  /* first << 32 | second, ascending */
  guint32 *count;
  float *pmi;
} RfPhrases;

/* ptr, word: texts as word numbers below n_words (RfWordIds). */
RfPhrases *rf_phrases_new (gsize n_texts, const gsize *ptr, const guint32 *word, guint32 n_words, guint32 min_count, double min_pmi) G_GNUC_WARN_UNUSED_RESULT;
void rf_phrases_free (RfPhrases *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfPhrases, rf_phrases_free)

/* The place of the pair, or RF_NO_PHRASE. O(log n). */
guint32 rf_phrases_find (const RfPhrases *self, guint32 first, guint32 second);

G_END_DECLS
