/* fuzz-vectors.c: word vectors: word2vec (text and binary), GloVe, fastText, packed or not.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include "core/features/rf-word-vectors.h"

static const char *const words[] = { " ", "\n", "2 3\n", "4000000000 300\n", "the", "ice_cream", "New York", "0.1 0.2 0.3", "nan", "inf", "-1e999", "\x1f\x8b\x08", "</s>", NULL };

static const char *const seeds[] = {
  "2 3\nthe 0.1 0.2 0.3\nCat -1 2e-3 .5\n",
  "the 0.1 0.2 0.3\nNew York 1 2 3\ncat 4 5 6\n",
};

static void
run (const guint8 *data, gsize size)
{
  static const char *const known[] = { "the", "cat", "ice cream", "\xe4\xb8\xad" };
  static const guint32 df[] = { 3, 2, 1, 1 };
  g_autoptr(RfVocab) vocab = rf_vocab_new_from_words (known, df, G_N_ELEMENTS (known), 4);
  g_autoptr(GError) error = NULL;
  RfWordVectors *vectors = rf_word_vectors_load (fuzz_file ("vectors.vec", data, size), vocab, NULL, &error);

  g_assert_true ((vectors == NULL) == (error != NULL));
  if (vectors == NULL)
    return;
  g_assert_cmpuint (vectors->x->rows, ==, G_N_ELEMENTS (known));
  g_assert_cmpuint (vectors->n_known, <=, G_N_ELEMENTS (known));
  for (gsize i = 0; i < vectors->x->rows * vectors->x->cols; i++)
    fuzz_use ((double) vectors->x->x[i]);
  rf_word_vectors_free (vectors);
}

static GBytes *
seed (guint index)
{
  if (index == G_N_ELEMENTS (seeds)) /* binary */
    return g_bytes_new_static ("2 2\nthe \x01\x02\x03\x04\x05\x06\x07\x08\ncat \0\0\x80?\0\0\x80?\n", 4 + 4 + 8 + 1 + 4 + 8 + 1);
  return fuzz_text_seed (seeds, G_N_ELEMENTS (seeds), index);
}

const FuzzTarget fuzz_target = { "vectors", run, seed, words };
