/* rf-word-vectors.h: a vector for every word of a vocabulary, learnt from the catalog's own texts or read from a file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-matrix.h"
#include "core/base/rf-progress.h"
#include "core/features/rf-text-vocab.h"

G_BEGIN_DECLS

typedef struct
{
  RfMatrix *x;       /* n_words x dims; zero rows where unknown */
  guint8 *known;     /* n_words, 0 or 1 */
  guint32 n_known;
  guint64 n_read;    /* from a file: how many words it held */
} RfWordVectors;

void rf_word_vectors_free (RfWordVectors *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfWordVectors, rf_word_vectors_free)

/* Skip-gram with negative sampling (Mikolov et al., "Distributed representations of words and phrases and their
 * compositionality", NIPS 2013): for a word w, a word c beside it and k words n_1 .. n_k drawn with p(n) ~ count^0.75,
 * minimise
 *
 *   -ln sigmoid (u_c . v_w) - sum_k ln sigmoid (-u_nk . v_w)
 *
 * by stochastic gradient descent, the rate falling linearly. The reach of the window is drawn from 1 .. window for each
 * word; frequent words are skipped with probability 1 - sqrt (t / share). One thread, in the order of the texts: the result
 * depends on the seed only. */
typedef struct
{
  guint32 dims;
  guint32 window;
  guint32 negatives;
  guint32 epochs;
  double rate;
  double subsample; /* t; 0: keep all */
  guint64 seed;
} RfSkipGramOptions;

/* 64 dimensions, window 5, 5 negatives, 15 epochs, rate .025, t = 1e-3. */
RfSkipGramOptions rf_skip_gram_options_default (void);

/* losses: NULL, or room for one mean loss per pair and epoch. Words that never stand beside another stay unknown. */
RfWordVectors *rf_word_vectors_train (const RfWordIds *ids, guint32 n_words, const RfSkipGramOptions *options, double *losses,
                                      RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads word2vec (text or binary), GloVe and fastText (.vec) files, plain or gzipped; the kind is found out. The file is
 * streamed and only the words of the vocabulary are kept. A word of the file stands for a word of the vocabulary if it is
 * the same, or (first come) the same after NFKC and case folding; "_" in the file is the space of a phrase. Tokens with
 * spaces in GloVe files are understood. Damaged lines are skipped; RF_ERROR_FORMAT when it is no such file. */
RfWordVectors *rf_word_vectors_load (const char *path, const RfVocab *vocab, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The k words nearest to `word` by cosine, itself left out; free with g_free(). Fewer known words: RF_NO_WORD at the end. */
guint32 *rf_word_vectors_nearest (const RfWordVectors *self, guint32 word, guint k) G_GNUC_WARN_UNUSED_RESULT;

/* Texts as weighted means of word vectors: v(text) = 1/n sum over its known words of a / (a + p(w)) x_w, minus the
 * projection on the first principal direction of all texts (Arora, Liang, Ma, "A simple but tough-to-beat baseline for
 * sentence embeddings", ICLR 2017, SIF). p(w): the word's share of all words; a: 1e-3 as a rule. Fills x (n_texts x dims)
 * and available; common (dims floats, may be NULL) gets the direction. */
void rf_word_vectors_average (const RfWordVectors *self, const RfWordIds *ids, double a, RfMatrix **x, guint8 **available, float *common);

G_END_DECLS
