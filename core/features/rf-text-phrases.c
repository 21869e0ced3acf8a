/* rf-text-phrases.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/features/rf-text-phrases.h"

#include <math.h>
#include <stdlib.h>

static int
compare_pairs (const void *a, const void *b)
{
  guint64 left = *(const guint64 *) a, right = *(const guint64 *) b;

  return left < right ? -1 : left > right;
}

/* All pairs of neighbours of which both words are frequent enough, sorted: equal ones stand together. */
static guint64 *
list_pairs (gsize n_texts, const gsize *ptr, const guint32 *word, const guint32 *count, guint32 min_count, gsize *n)
{
  guint64 *pairs = g_new (guint64, ptr[n_texts] + 1);

  *n = 0;
  for (gsize t = 0; t < n_texts; t++)
    for (gsize k = ptr[t]; k + 1 < ptr[t + 1]; k++)
      if (count[word[k]] >= min_count && count[word[k + 1]] >= min_count && word[k] != word[k + 1])
        pairs[(*n)++] = (guint64) word[k] << 32 | word[k + 1];
  qsort (pairs, *n, sizeof *pairs, compare_pairs);
  return pairs;
}

RfPhrases *
rf_phrases_new (gsize n_texts, const gsize *ptr, const guint32 *word, guint32 n_words, guint32 min_count, double min_pmi)
{
  RfPhrases *self = g_new0 (RfPhrases, 1);
  g_autofree guint32 *count = g_new0 (guint32, (gsize) n_words + 1);
  g_autofree guint64 *pairs = NULL;
  gsize n_pairs, total = ptr[n_texts];

  for (gsize k = 0; k < total; k++)
    count[word[k]]++;
  pairs = list_pairs (n_texts, ptr, word, count, min_count, &n_pairs);
  self->pair = g_new (guint64, n_pairs / MAX (min_count, 1) + 1);
  self->count = g_new (guint32, n_pairs / MAX (min_count, 1) + 1);
  self->pmi = g_new (float, n_pairs / MAX (min_count, 1) + 1);
  for (gsize begin = 0, end; begin < n_pairs; begin = end)
    {
      double a = count[pairs[begin] >> 32], b = count[pairs[begin] & G_MAXUINT32], pmi;

      for (end = begin + 1; end < n_pairs && pairs[end] == pairs[begin];)
        end++;
      pmi = log ((double) (end - begin) * (double) total / (a * b));
      if (end - begin < MAX (min_count, 1) || pmi < min_pmi)
        continue;
      self->pair[self->n] = pairs[begin];
      self->count[self->n] = (guint32) (end - begin);
      self->pmi[self->n++] = (float) pmi;
    }
  return self;
}

void
rf_phrases_free (RfPhrases *self)
{
  if (self == NULL)
    return;
  g_free (self->pair);
  g_free (self->count);
  g_free (self->pmi);
  g_free (self);
}

guint32
rf_phrases_find (const RfPhrases *self, guint32 first, guint32 second)
{
  guint64 wanted = (guint64) first << 32 | second;
  guint32 low = 0, high = self->n;

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;

      if (self->pair[middle] < wanted)
        low = middle + 1;
      else
        high = middle;
    }
  return low < self->n && self->pair[low] == wanted ? low : RF_NO_PHRASE;
}
