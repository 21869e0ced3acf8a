/* rf-text-model.h: the fitted text modality: vocabulary, a weight and a direction for each word.
 *
 *   x(text) = sum over words w of t_w V[w]     V: words x dims
 *
 * TF-IDF: t is the TF-IDF row of the text (rf-tfidf.h), V the projection of the SVD (rf-svd.h). Word vectors, learnt from the texts
 * (skip-gram) or read from a file: t and V as rf-text-sif.h has them.
 *
 * The vector is linear in the words for given length of the row, so each token's share of anything linear in x is exact:
 * share = weight * (V[word] . direction). Immutable; any thread may use it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-matrix.h"
#include "core/base/rf-progress.h"
#include "core/features/rf-text-vocab.h"

G_BEGIN_DECLS

typedef struct _RfTextModel RfTextModel;

typedef enum
{
  RF_TEXT_TFIDF,
  RF_TEXT_SKIP_GRAM, /* word vectors learnt from these texts (rf-word-vectors.h, its defaults) */
  RF_TEXT_VECTORS,   /* word vectors of a file */
} RfTextMethod;

typedef struct
{
  RfVocabOptions vocab;
  guint32 dims;           /* of TF-IDF's SVD */
  guint64 seed;
  gboolean with_category; /* of a catalog's items: append the categories to the text */
  RfTextMethod method;
  const char *vectors;      /* RF_TEXT_VECTORS: the file; borrowed while fitting */
  const char *vectors_hash; /* ... and what the key says of it; borrowed */
} RfTextOptions;

/* 256 dimensions, words in at least 3 texts, at most 60,000 words, no stop words, no phrases, numbers kept, without
 * categories. On film plots (two random 8:1:1 splits) text alone gives R@20 .040-.047, .076-.081, .102-.108, .121-.122 with
 * 64, 128, 192, 256 dimensions, and .206, .228, .252, .285, .266 among items that were never seen in training with 64, 128,
 * 192, 256, 384. */
RfTextOptions rf_text_options_default (void);

/* Names the method, its version and every option: equal keys and equal texts give equal numbers. */
char *rf_text_options_get_key (const RfTextOptions *options) G_GNUC_WARN_UNUSED_RESULT;

/* RF_ERROR_IO, RF_ERROR_FORMAT: the file of word vectors. texts: n strings; mask (n bytes, may be NULL): texts with 0 are not there. Fills x (n x dims; fewer where there are fewer
 * texts or words) and available (n bytes): a text in which no known word stands says nothing and is not available. When
 * there is no usable text at all x is n x 1 zeros and the model knows no word. */
RfTextModel *rf_text_model_fit (const char *const *texts, const guint8 *mask, gsize n, const RfTextOptions *options, RfMatrix **x,
                                guint8 **available, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_text_model_free (RfTextModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfTextModel, rf_text_model_free)

guint32 rf_text_model_get_dims (const RfTextModel *self);
/* The words that have a direction. */
const RfVocab *rf_text_model_get_vocab (const RfTextModel *self);
/* How many words the texts have (frequent enough to count), with a direction or without. */
guint32 rf_text_model_get_n_all_words (const RfTextModel *self);
/* V[word], dims floats. */
const float *rf_text_model_get_direction (const RfTextModel *self, guint32 word);

/* The vector of any text (dims floats). FALSE, and zeros, if no known word stands in it. */
gboolean rf_text_model_transform (RfTextModel *self, const char *text, float *x);

/* One token (or a phrase of two) and its share: x(text) = sum of weight * V[word] over the tokens. */
typedef struct
{
  guint32 begin, end; /* bytes of the text as given */
  guint32 word;       /* RF_NO_WORD: not in the vocabulary */
  float weight;       /* 0 then */
} RfTextShare;

/* All tokens of the text (stop words are none) in reading order; elements are RfTextShare. */
GArray *rf_text_model_explain (RfTextModel *self, const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* The model as bytes, and back; RF_ERROR_FORMAT when they are damaged or from another version. */
GBytes *rf_text_model_to_bytes (const RfTextModel *self) G_GNUC_WARN_UNUSED_RESULT;
RfTextModel *rf_text_model_new_from_bytes (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
