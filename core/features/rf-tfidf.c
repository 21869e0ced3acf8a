/* rf-tfidf.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/features/rf-tfidf.h"

#include <math.h>
#include <string.h>

#include "core/base/rf-parallel.h"

#define GRAIN_TEXTS 256

float *
rf_tfidf_idf (const RfVocab *vocab)
{
  float *idf = g_new (float, vocab->n_words + 1);

  for (guint32 w = 0; w < vocab->n_words; w++)
    idf[w] = (float) (log ((1.0 + vocab->n_texts) / (1.0 + vocab->df[w])) + 1.0);
  return idf;
}

static int
compare_words (const void *a, const void *b)
{
  guint32 left = *(const guint32 *) a, right = *(const guint32 *) b;

  return left < right ? -1 : left > right;
}

gsize
rf_tfidf_row (guint32 *words, gsize n, const float *idf, guint32 *out_word, float *out_weight, guint32 *out_count)
{
  gsize distinct = 0;
  double square = 0;

  qsort (words, n, sizeof *words, compare_words);
  for (gsize at = 0, next; at < n; at = next)
    {
      double weight;

      for (next = at + 1; next < n && words[next] == words[at];)
        next++;
      weight = (1.0 + log ((double) (next - at))) * idf[words[at]];
      square += weight * weight;
      if (out_count != NULL)
        out_count[distinct] = (guint32) (next - at);
      out_word[distinct] = words[at];
      out_weight[distinct++] = (float) weight;
    }
  for (gsize k = 0; k < distinct; k++)
    out_weight[k] = (float) (out_weight[k] / sqrt (square));
  return distinct;
}

typedef struct
{
  guint32 *words; /* a copy of the ids, sorted in place */
  const gsize *ptr;
  const float *idf;
  RfCsr *out;
  gsize *length; /* distinct words of each text */
} Rows;

static void
fill_rows (size_t begin, size_t end, int worker, void *data)
{
  Rows *rows = data;

  for (gsize r = begin; r < end; r++)
    {
      gsize at = rows->ptr[r];

      rows->length[r] = rf_tfidf_row (rows->words + at, rows->ptr[r + 1] - at, rows->idf, rows->out->idx + at, rows->out->val + at, NULL);
    }
}

RfCsr *
rf_tfidf_matrix (const RfWordIds *ids, guint32 n_words, const float *idf)
{
  RfCsr *self = g_new0 (RfCsr, 1);
  gsize total = ids->ptr[ids->n_texts], at = 0;
  g_autofree guint32 *words = g_memdup2 (ids->word, (total + 1) * sizeof *words);
  g_autofree gsize *length = g_new (gsize, ids->n_texts + 1);
  Rows rows = { words, ids->ptr, idf, self, length };

  self->rows = (guint32) ids->n_texts;
  self->cols = n_words;
  self->ptr = g_new0 (gsize, ids->n_texts + 1);
  self->idx = g_new (guint32, total + 1);
  self->val = g_new (float, total + 1);
  rf_parallel_for (ids->n_texts, GRAIN_TEXTS, fill_rows, &rows);
  /* Rows were written where the repeated words stood: close the gaps. */
  for (gsize r = 0; r < ids->n_texts; r++)
    {
      memmove (self->idx + at, self->idx + ids->ptr[r], length[r] * sizeof *self->idx);
      memmove (self->val + at, self->val + ids->ptr[r], length[r] * sizeof *self->val);
      at += length[r];
      self->ptr[r + 1] = at;
    }
  return self;
}
