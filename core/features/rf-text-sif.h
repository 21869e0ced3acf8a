/* rf-text-sif.h: texts as weighted means of word vectors, in the form the text model keeps: a weight and a direction for each word.
 *
 *   x(text) = 1/n sum over its n known words of a / (a + p(w)) (x_w - (c . x_w) c)
 *
 * p(w): the word's share of all words of the texts, a = 1e-3, c: the first principal direction of the means (Arora, Liang, Ma, ICLR
 * 2017; see rf-word-vectors.h). Linear in the words, so that every token has an exact share.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/features/rf-text-model.h"
#include "core/features/rf-word-vectors.h"

G_BEGIN_DECLS

/* Words without a vector leave the vocabulary: *vocab is exchanged for the smaller one. x: n_texts x dims; available: n_texts bytes;
 * weight: n_words; directions: n_words x dims. Not one known word: one column of zeros, nothing available. */
void rf_text_sif_fit (RfWordVectors *vectors, const RfWordIds *ids, RfVocab **vocab, RfMatrix **x, guint8 **available, float **weight,
                      RfMatrix **directions);

G_END_DECLS
