/* rf-text-sif.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/features/rf-text-sif.h"

#include <cblas.h>
#include <string.h>

#define SIF_A 1e-3

/* a / (a + p(w)), as rf_word_vectors_average() has it. */
static float *
word_weights (const RfWordIds *ids, guint32 n_words)
{
  gsize total = ids->ptr[ids->n_texts];
  g_autofree guint64 *count = g_new0 (guint64, (gsize) n_words + 1);
  float *weight = g_new (float, (gsize) n_words + 1);

  for (gsize k = 0; k < total; k++)
    count[ids->word[k]]++;
  for (guint32 w = 0; w < n_words; w++)
    weight[w] = (float) (SIF_A / (SIF_A + (double) (float) count[w] / (double) MAX (total, 1)));
  return weight;
}

/* The words with a vector, in the same order, with their counts. */
static RfVocab *
known_words (const RfVocab *vocab, const RfWordVectors *vectors)
{
  g_autofree const char **words = g_new (const char *, (gsize) vocab->n_words + 1);
  g_autofree guint32 *df = g_new (guint32, (gsize) vocab->n_words + 1);
  guint32 n = 0;

  for (guint32 w = 0; w < vocab->n_words; w++)
    if (vectors->known[w])
      {
        words[n] = vocab->words[w];
        df[n++] = vocab->df[w];
      }
  return rf_vocab_new_from_words (words, df, n, vocab->n_texts);
}

void
rf_text_sif_fit (RfWordVectors *vectors, const RfWordIds *ids, RfVocab **vocab, RfMatrix **x, guint8 **available, float **weight,
                 RfMatrix **directions)
{
  gsize dims = vectors->n_known > 0 ? vectors->x->cols : 1;
  g_autofree float *common = g_new0 (float, MAX (dims, 1)), *all = word_weights (ids, (*vocab)->n_words);
  RfVocab *known = known_words (*vocab, vectors);
  guint32 to = 0;

  *weight = g_new (float, (gsize) known->n_words + 1);
  *directions = rf_matrix_new (known->n_words, dims);
  if (known->n_words > 0)
    {
      rf_word_vectors_average (vectors, ids, SIF_A, x, available, common);
    }
  else
    {
      *x = rf_matrix_new (ids->n_texts, dims);
      *available = g_new0 (guint8, ids->n_texts + 1);
    }
  for (guint32 w = 0; w < (*vocab)->n_words; w++)
    if (vectors->known[w])
      {
        float *row = rf_matrix_row (*directions, to);

        memcpy (row, rf_matrix_row (vectors->x, w), dims * sizeof *row);
        cblas_saxpy ((int) dims, -cblas_sdot ((int) dims, row, 1, common, 1), common, 1, row, 1);
        (*weight)[to++] = all[w];
      }
  rf_vocab_free (*vocab);
  *vocab = known;
}
