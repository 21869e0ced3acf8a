/* rf-tfidf.h: how much each word says about a text.
 *
 *   weight(word, text) = (1 + ln count) * idf(word), rows scaled to Euclidean length 1
 *   idf(word)          = ln ((1 + n_texts) / (1 + df)) + 1
 *
 * Salton and Buckley, "Term-weighting approaches in automatic text retrieval" (1988), with the smooth idf that is usual
 * today.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/rf-csr.h"
#include "core/features/rf-text-vocab.h"

G_BEGIN_DECLS

/* n_words values; free with g_free(). */
float *rf_tfidf_idf (const RfVocab *vocab) G_GNUC_WARN_UNUSED_RESULT;

/* One row: `words` are n word numbers in any order (sorted in place). Writes the distinct ones, ascending, to out_word, their
 * weights to out_weight and their counts to out_count (each of length n; out_count may be NULL); returns how many. */
gsize rf_tfidf_row (guint32 *words, gsize n, const float *idf, guint32 *out_word, float *out_weight, guint32 *out_count);

/* texts x words. All cores. */
RfCsr *rf_tfidf_matrix (const RfWordIds *ids, guint32 n_words, const float *idf) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
