/* rf-text-vocab.c
 *
 * Each chunk of texts is tokenised with a vocabulary of its own; the chunks are then joined in their order, so that the
 * result is the same for any number of threads.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/features/rf-text-vocab.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-types.h"
#include "core/features/rf-text-phrases.h"

#define CHUNK_TEXTS 128

/* A smaller vocabulary than this is not worth a threshold: min_df is lowered until there are as many words, or all. */
#define ENOUGH_WORDS 256

typedef struct
{
  GStringChunk *strings;
  GHashTable *index; /* word -> local number + 1 */
  GPtrArray *words;
  GArray *df;        /* guint32 per local word */
  GArray *last_text; /* guint32 per local word: 1 + the text it was last seen in, so that df counts texts */
  GArray *ids;       /* guint32, all texts of the chunk */
  gsize lengths[CHUNK_TEXTS];
  guint32 *global; /* local number -> number in the joined vocabulary */
} Chunk;

typedef struct
{
  const char *const *texts;
  const guint8 *mask;
  gsize n;
  Chunk *chunks;
  gsize n_chunks;
  RfTokenizer **tokenizers; /* per worker */
  RfTokenList **lists;
  RfProgress *progress;
} Reading;

/* A word of all chunks together. */
typedef struct
{
  const char *word;
  guint32 df;
  guint32 number; /* in order of first appearance */
} Candidate;

static guint32
chunk_intern (Chunk *chunk, const char *word, guint32 text)
{
  guint32 id = GPOINTER_TO_UINT (g_hash_table_lookup (chunk->index, word)), zero = 0;

  if (id == 0)
    {
      char *copy = g_string_chunk_insert (chunk->strings, word);

      g_ptr_array_add (chunk->words, copy);
      id = chunk->words->len;
      g_hash_table_insert (chunk->index, copy, GUINT_TO_POINTER (id));
      g_array_append_val (chunk->df, zero);
      g_array_append_val (chunk->last_text, zero);
    }
  id--;
  if (g_array_index (chunk->last_text, guint32, id) != text + 1)
    {
      g_array_index (chunk->last_text, guint32, id) = text + 1;
      g_array_index (chunk->df, guint32, id)++;
    }
  return id;
}

static void
read_chunk (size_t begin, size_t end, int worker, void *data)
{
  Reading *reading = data;
  Chunk *chunk = &reading->chunks[begin / CHUNK_TEXTS];
  RfTokenList *list = reading->lists[worker];

  if (!rf_progress_step (reading->progress, _("Reading texts"), (double) begin / (double) reading->n, NULL))
    return;
  for (gsize text = begin; text < end; text++)
    {
      if (reading->mask != NULL && !reading->mask[text])
        continue;
      rf_tokenizer_run (reading->tokenizers[worker], reading->texts[text], list);
      chunk->lengths[text - begin] = list->tokens->len;
      for (guint t = 0; t < list->tokens->len; t++)
        {
          guint32 id = chunk_intern (chunk, rf_token_list_get_word (list, t), (guint32) (text - begin));

          g_array_append_val (chunk->ids, id);
        }
    }
}

static int
compare_candidates (const void *a, const void *b)
{
  const Candidate *left = a, *right = b;

  if (left->df != right->df)
    return left->df > right->df ? -1 : 1;
  return strcmp (left->word, right->word);
}

/* How many of the candidates (most frequent first) make the vocabulary. */
static guint32
choose_size (const Candidate *candidates, guint32 n, const RfVocabOptions *options)
{
  guint32 size = 0, enough;

  while (n > 0 && candidates[n - 1].df == 0) /* words that stand in phrases only */
    n--;
  enough = MIN (n, ENOUGH_WORDS);
  while (size < n && candidates[size].df >= options->min_df)
    size++;
  if (size < enough)
    {
      guint32 df = candidates[enough - 1].df; /* a whole class of equal counts: no choice by the alphabet */

      for (size = enough; size < n && candidates[size].df == df;)
        size++;
    }
  return options->max_words > 0 ? MIN (size, options->max_words) : size;
}

/* All words of the chunks; chunk->global then maps local numbers to candidates. */
static GArray *
join_chunks (Reading *reading)
{
  g_autoptr(GHashTable) index = g_hash_table_new (g_str_hash, g_str_equal);
  GArray *all = g_array_new (FALSE, FALSE, sizeof (Candidate));

  for (gsize c = 0; c < reading->n_chunks; c++)
    {
      Chunk *chunk = &reading->chunks[c];

      chunk->global = g_new (guint32, chunk->words->len);
      for (guint w = 0; w < chunk->words->len; w++)
        {
          char *word = g_ptr_array_index (chunk->words, w);
          guint32 at = GPOINTER_TO_UINT (g_hash_table_lookup (index, word));

          if (at == 0)
            {
              Candidate candidate = { .word = word, .number = all->len };

              g_array_append_val (all, candidate);
              at = all->len;
              g_hash_table_insert (index, word, GUINT_TO_POINTER (at));
            }
          chunk->global[w] = at - 1;
          g_array_index (all, Candidate, at - 1).df += g_array_index (chunk->df, guint32, w);
        }
    }
  return all;
}

/* All texts as numbers of candidates. */
static RfWordIds *
gather_ids (const Reading *reading)
{
  RfWordIds *out = g_new0 (RfWordIds, 1);
  gsize total = 0, at = 0;

  for (gsize c = 0; c < reading->n_chunks; c++)
    total += reading->chunks[c].ids->len;
  out->n_texts = reading->n;
  out->ptr = g_new0 (gsize, reading->n + 1);
  out->word = g_new (guint32, total + 1);
  for (gsize c = 0; c < reading->n_chunks; c++)
    {
      const Chunk *chunk = &reading->chunks[c];
      const guint32 *local = (const guint32 *) (void *) chunk->ids->data;
      gsize n_texts = MIN (CHUNK_TEXTS, reading->n - c * CHUNK_TEXTS);

      for (gsize t = 0; t < n_texts; t++)
        {
          for (gsize k = 0; k < chunk->lengths[t]; k++)
            out->word[at++] = chunk->global[*local++];
          out->ptr[c * CHUNK_TEXTS + t + 1] = at;
        }
    }
  return out;
}

/* Rewrites ids in place: known pairs become one number, words outside the vocabulary go. numbers: per candidate, the phrases
 * behind the n_words single words. */
static void
renumber_ids (RfWordIds *ids, const RfPhrases *phrases, guint32 n_words, const guint32 *numbers)
{
  gsize at = 0, from = 0;

  for (gsize t = 0; t < ids->n_texts; t++)
    {
      gsize end = ids->ptr[t + 1];

      while (from < end)
        {
          guint32 phrase = phrases != NULL && from + 1 < end ? rf_phrases_find (phrases, ids->word[from], ids->word[from + 1]) : RF_NO_PHRASE;
          guint32 number = phrase != RF_NO_PHRASE ? numbers[n_words + phrase] : RF_NO_WORD;

          if (number != RF_NO_WORD)
            from += 2;
          else
            number = numbers[ids->word[from++]];
          if (number != RF_NO_WORD)
            ids->word[at++] = number;
        }
      ids->ptr[t + 1] = at;
    }
}

/* Phrases become candidates behind the words, and the texts are counted anew: a word within a phrase is not there for itself. */
static void
add_phrases (GArray *all, const RfPhrases *phrases, const RfWordIds *ids, GStringChunk *strings)
{
  guint32 n_words = all->len;
  g_autofree gsize *last = NULL;
  gsize from = 0;

  for (guint32 p = 0; p < phrases->n; p++)
    {
      const char *first = g_array_index (all, Candidate, phrases->pair[p] >> 32).word;
      const char *second = g_array_index (all, Candidate, phrases->pair[p] & G_MAXUINT32).word;
      g_autofree char *word = g_strconcat (first, " ", second, NULL);
      Candidate candidate = { .word = g_string_chunk_insert (strings, word), .number = n_words + p };

      g_array_append_val (all, candidate);
    }
  last = g_new0 (gsize, all->len + 1);
  for (guint32 c = 0; c < all->len; c++)
    g_array_index (all, Candidate, c).df = 0;
  for (gsize t = 0; t < ids->n_texts; t++)
    while (from < ids->ptr[t + 1])
      {
        guint32 phrase = from + 1 < ids->ptr[t + 1] ? rf_phrases_find (phrases, ids->word[from], ids->word[from + 1]) : RF_NO_PHRASE;
        guint32 candidate = phrase != RF_NO_PHRASE ? n_words + phrase : ids->word[from];

        from += phrase != RF_NO_PHRASE ? 2 : 1;
        if (last[candidate] != t + 1)
          g_array_index (all, Candidate, candidate).df++;
        last[candidate] = t + 1;
      }
}

static RfVocab *
build_vocab (Reading *reading, const RfVocabOptions *options, RfWordIds **ids)
{
  g_autoptr(GArray) all = join_chunks (reading);
  g_autoptr(RfWordIds) sequences = gather_ids (reading);
  g_autoptr(GStringChunk) strings = g_string_chunk_new (4096);
  g_autoptr(RfPhrases) phrases = NULL;
  guint32 n_words = all->len, n_all, size, n_texts = 0;
  Candidate *candidates;
  g_autofree guint32 *numbers = NULL, *df = NULL;
  g_autofree const char **words = NULL;

  for (gsize i = 0; i < reading->n; i++)
    n_texts += reading->mask == NULL || reading->mask[i];
  if (options->phrase_count > 0)
    {
      phrases = rf_phrases_new (sequences->n_texts, sequences->ptr, sequences->word, n_words, options->phrase_count, options->phrase_pmi);
      add_phrases (all, phrases, sequences, strings);
    }
  n_all = all->len;
  candidates = (Candidate *) (void *) all->data;
  if (n_all > 0)
    qsort (candidates, n_all, sizeof *candidates, compare_candidates);
  size = choose_size (candidates, n_all, options);
  numbers = g_new (guint32, n_all + 1);
  words = g_new (const char *, size + 1);
  df = g_new (guint32, size + 1);
  for (guint32 w = 0; w < n_all; w++)
    {
      numbers[candidates[w].number] = w < size ? w : RF_NO_WORD;
      if (w < size)
        {
          words[w] = candidates[w].word;
          df[w] = candidates[w].df;
        }
    }
  if (ids != NULL)
    {
      renumber_ids (sequences, phrases, n_words, numbers);
      *ids = g_steal_pointer (&sequences);
    }
  return rf_vocab_new_from_words (words, df, size, n_texts);
}

static void
chunk_init (Chunk *chunk)
{
  chunk->strings = g_string_chunk_new (4096);
  chunk->index = g_hash_table_new (g_str_hash, g_str_equal);
  chunk->words = g_ptr_array_new ();
  chunk->df = g_array_new (FALSE, FALSE, sizeof (guint32));
  chunk->last_text = g_array_new (FALSE, FALSE, sizeof (guint32));
  chunk->ids = g_array_new (FALSE, FALSE, sizeof (guint32));
}

static void
chunk_clear (Chunk *chunk)
{
  g_string_chunk_free (chunk->strings);
  g_hash_table_unref (chunk->index);
  g_ptr_array_unref (chunk->words);
  g_array_unref (chunk->df);
  g_array_unref (chunk->last_text);
  g_array_unref (chunk->ids);
  g_free (chunk->global);
}

RfVocab *
rf_vocab_new (const char *const *texts, const guint8 *mask, gsize n, const RfVocabOptions *options, RfWordIds **ids,
              RfProgress *progress, GError **error)
{
  int n_workers = rf_parallel_get_threads ();
  Reading reading = {
    .texts = texts,
    .mask = mask,
    .n = n,
    .n_chunks = (n + CHUNK_TEXTS - 1) / CHUNK_TEXTS,
    .tokenizers = g_new0 (RfTokenizer *, n_workers),
    .lists = g_new0 (RfTokenList *, n_workers),
    .progress = progress,
  };
  gboolean ready = TRUE;
  RfVocab *vocab = NULL;

  reading.chunks = g_new0 (Chunk, reading.n_chunks);
  for (gsize c = 0; c < reading.n_chunks; c++)
    chunk_init (&reading.chunks[c]);
  for (int w = 0; w < n_workers && ready; w++)
    {
      reading.lists[w] = rf_token_list_new ();
      reading.tokenizers[w] = rf_tokenizer_new (&options->tokens, error);
      ready = reading.tokenizers[w] != NULL;
    }
  if (ready)
    rf_parallel_for (n, CHUNK_TEXTS, read_chunk, &reading);
  if (ready && rf_progress_step (progress, _("Reading texts"), 1.0, error))
    vocab = build_vocab (&reading, options, ids);
  for (gsize c = 0; c < reading.n_chunks; c++)
    chunk_clear (&reading.chunks[c]);
  for (int w = 0; w < n_workers; w++)
    {
      rf_tokenizer_free (reading.tokenizers[w]);
      rf_token_list_free (reading.lists[w]);
    }
  g_free (reading.chunks);
  g_free (reading.tokenizers);
  g_free (reading.lists);
  return vocab;
}

RfVocab *
rf_vocab_new_from_words (const char *const *words, const guint32 *df, guint32 n_words, guint32 n_texts)
{
  RfVocab *self = g_new0 (RfVocab, 1);

  self->n_words = n_words;
  self->n_texts = n_texts;
  self->df = g_memdup2 (df, n_words * sizeof *df);
  self->words = g_new (const char *, n_words + 1);
  self->chunk = g_string_chunk_new (4096);
  self->index = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint32 w = 0; w < n_words; w++)
    {
      char *copy = g_string_chunk_insert (self->chunk, words[w]);

      self->words[w] = copy;
      if (!g_hash_table_contains (self->index, copy))
        g_hash_table_insert (self->index, copy, GUINT_TO_POINTER (w + 1));
    }
  return self;
}

void
rf_vocab_free (RfVocab *self)
{
  if (self == NULL)
    return;
  g_free (self->df);
  g_free (self->words);
  g_hash_table_unref (self->index);
  g_string_chunk_free (self->chunk);
  g_free (self);
}

guint32
rf_vocab_find (const RfVocab *self, const char *word)
{
  guint32 id = GPOINTER_TO_UINT (g_hash_table_lookup (self->index, word));

  return id == 0 ? RF_NO_WORD : id - 1;
}

guint32
rf_vocab_find_phrase (const RfVocab *self, const char *first, const char *second)
{
  char word[256];

  if (g_snprintf (word, sizeof word, "%s %s", first, second) >= (int) sizeof word)
    return RF_NO_WORD;
  return rf_vocab_find (self, word);
}

void
rf_word_ids_free (RfWordIds *self)
{
  if (self == NULL)
    return;
  g_free (self->ptr);
  g_free (self->word);
  g_free (self);
}
