/* rf-text-model.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/features/rf-text-model.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include <unicode/uvernum.h>
#include <unicode/uversion.h>

#include "core/base/rf-error.h"
#include "core/base/rf-types.h"
#include "core/features/rf-svd.h"
#include "core/features/rf-text-sif.h"
#include "core/features/rf-tfidf.h"

/* Raise it when a method changes: caches of the old one are then missed. */
#define VERSION "4"

/* version, options (min_df, max_words, keep_stop_words, mask_numbers, phrase_count, phrase_pmi, dims, seed, with_category, method),
 * all words, texts, words, df, weights, projection */
#define BYTES_TYPE "(s(uubbudutbu)uuasauayay)"

static const char *const method_names[] = { "tfidf-svd", "skip-gram-sif", "vectors-sif" };

struct _RfTextModel
{
  RfTextOptions options;
  guint32 n_all_words; /* of the texts; vocab may have fewer */
  RfVocab *vocab;
  float *weight;        /* per word: its idf, or a / (a + p) */
  RfMatrix *projection; /* words x dims */

  GMutex lock; /* of the two below, which are scratch for one text */
  RfTokenizer *tokenizer;
  RfTokenList *tokens;
};

RfTextOptions
rf_text_options_default (void)
{
  return (RfTextOptions) { .vocab = { .min_df = 3, .max_words = 60000 }, .dims = 256, .seed = 1 };
}

char *
rf_text_options_get_key (const RfTextOptions *o)
{
  UVersionInfo version;
  char icu[U_MAX_VERSION_STRING_LENGTH], pmi[G_ASCII_DTOSTR_BUF_SIZE];
  gboolean file = o->method == RF_TEXT_VECTORS && o->vectors_hash != NULL;

  u_getVersion (version);
  u_versionToString (version, icu);
  g_ascii_formatd (pmi, sizeof pmi, "%.6g", o->vocab.phrase_pmi);
  return g_strdup_printf ("text-%s-" VERSION " icu=%s min_df=%u max_words=%u stop_words=%d mask_numbers=%d phrase_count=%u phrase_pmi=%s"
                          " dims=%u seed=%" G_GUINT64_FORMAT " category=%d%s%s",
                          method_names[o->method], icu, o->vocab.min_df, o->vocab.max_words, o->vocab.tokens.keep_stop_words,
                          o->vocab.tokens.mask_numbers, o->vocab.phrase_count, pmi, o->method == RF_TEXT_TFIDF ? o->dims : 0, o->seed,
                          o->with_category, file ? " vectors=" : "", file ? o->vectors_hash : "");
}

/* Takes over vocab, weight and projection, also on failure. */
static RfTextModel *
model_new (const RfTextOptions *options, guint32 n_all_words, RfVocab *vocab, float *weight, RfMatrix *projection, GError **error)
{
  RfTextModel *self = g_new0 (RfTextModel, 1);

  g_mutex_init (&self->lock);
  self->options = *options;
  self->options.vectors = self->options.vectors_hash = NULL; /* not ours, and not needed any more */
  self->n_all_words = n_all_words;
  self->vocab = vocab;
  self->weight = weight;
  self->projection = projection;
  self->tokens = rf_token_list_new ();
  self->tokenizer = rf_tokenizer_new (&options->vocab.tokens, error);
  if (self->tokenizer == NULL)
    g_clear_pointer (&self, rf_text_model_free);
  return self;
}

void
rf_text_model_free (RfTextModel *self)
{
  if (self == NULL)
    return;
  rf_vocab_free (self->vocab);
  g_free (self->weight);
  rf_matrix_free (self->projection);
  rf_tokenizer_free (self->tokenizer);
  rf_token_list_free (self->tokens);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* The projection for the texts; without any word there is one direction, and nothing in it. */
static RfMatrix *
fit_projection (const RfCsr *rows, const RfTextOptions *options, RfProgress *progress, GError **error)
{
  gsize dims = MIN (options->dims, MIN (rows->rows, rows->cols));
  g_autofree float *values = NULL;
  RfMatrix *projection = NULL;

  if (dims == 0)
    return rf_matrix_new (rows->cols, 1);
  if (!rf_svd_sparse (rows, dims, options->seed, &projection, &values, progress, error))
    return NULL;
  return projection;
}

/* What a fit gives besides the vocabulary. */
typedef struct
{
  RfMatrix *x, *projection;
  guint8 *available;
  float *weight;
} Fitted;

static gboolean
fit_tfidf (const RfWordIds *ids, const RfVocab *vocab, const RfTextOptions *options, Fitted *out, RfProgress *progress, GError **error)
{
  g_autofree float *idf = rf_tfidf_idf (vocab);
  g_autoptr(RfCsr) rows = rf_tfidf_matrix (ids, vocab->n_words, idf);

  out->projection = fit_projection (rows, options, progress, error);
  if (out->projection == NULL)
    return FALSE;
  out->weight = g_steal_pointer (&idf);
  out->x = rf_matrix_new (ids->n_texts, out->projection->cols);
  rf_csr_multiply (rows, out->projection->x, out->projection->cols, out->x->x);
  out->available = g_new0 (guint8, ids->n_texts + 1);
  for (gsize i = 0; i < ids->n_texts; i++)
    out->available[i] = rows->ptr[i + 1] > rows->ptr[i];
  return TRUE;
}

static gboolean
fit_vectors (const RfWordIds *ids, RfVocab **vocab, const RfTextOptions *options, Fitted *out, RfProgress *progress, GError **error)
{
  RfSkipGramOptions skip_gram = rf_skip_gram_options_default ();
  g_autoptr(RfWordVectors) vectors = NULL;

  skip_gram.seed = options->seed;
  vectors = options->method == RF_TEXT_VECTORS ? rf_word_vectors_load (options->vectors, *vocab, progress, error)
                                               : rf_word_vectors_train (ids, (*vocab)->n_words, &skip_gram, NULL, progress, error);
  if (vectors == NULL)
    return FALSE;
  rf_text_sif_fit (vectors, ids, vocab, &out->x, &out->available, &out->weight, &out->projection);
  return TRUE;
}

RfTextModel *
rf_text_model_fit (const char *const *texts, const guint8 *mask, gsize n, const RfTextOptions *options, RfMatrix **x,
                   guint8 **available, RfProgress *progress, GError **error)
{
  g_autoptr(RfWordIds) ids = NULL;
  g_autoptr(RfVocab) vocab = rf_vocab_new (texts, mask, n, &options->vocab, &ids, progress, error);
  Fitted fitted = { 0 };
  guint32 n_all_words;
  RfTextModel *self;

  if (vocab == NULL)
    return NULL;
  n_all_words = vocab->n_words;
  if (!(options->method == RF_TEXT_TFIDF ? fit_tfidf (ids, vocab, options, &fitted, progress, error)
                                         : fit_vectors (ids, &vocab, options, &fitted, progress, error)))
    return NULL;
  self = model_new (options, n_all_words, g_steal_pointer (&vocab), fitted.weight, fitted.projection, error);
  if (self == NULL)
    {
      rf_matrix_free (fitted.x);
      g_free (fitted.available);
      return NULL;
    }
  *x = fitted.x;
  *available = fitted.available;
  return self;
}

guint32
rf_text_model_get_dims (const RfTextModel *self)
{
  return (guint32) self->projection->cols;
}

const RfVocab *
rf_text_model_get_vocab (const RfTextModel *self)
{
  return self->vocab;
}

guint32
rf_text_model_get_n_all_words (const RfTextModel *self)
{
  return self->n_all_words;
}

const float *
rf_text_model_get_direction (const RfTextModel *self, guint32 word)
{
  RF_CHECK (word < self->vocab->n_words, "word %u of %u", word, self->vocab->n_words);
  return rf_matrix_row (self->projection, word);
}

/* The words of a text with their weights in it. */
typedef struct
{
  guint32 *word, *count;
  float *weight;
  gsize n;
} TextRow;

static void
text_row_clear (TextRow *row)
{
  g_free (row->word);
  g_free (row->count);
  g_free (row->weight);
}

static TextRow
text_row_from_shares (const RfTextModel *self, const GArray *shares)
{
  TextRow row = { g_new (guint32, shares->len + 1), g_new (guint32, shares->len + 1), g_new (float, shares->len + 1), 0 };
  g_autofree guint32 *known = g_new (guint32, shares->len + 1);
  gsize n = 0;

  for (guint t = 0; t < shares->len; t++)
    if (g_array_index (shares, RfTextShare, t).word != RF_NO_WORD)
      known[n++] = g_array_index (shares, RfTextShare, t).word;
  row.n = rf_tfidf_row (known, n, self->weight, row.word, row.weight, row.count);
  for (gsize k = 0; k < row.n && self->options.method != RF_TEXT_TFIDF; k++)
    row.weight[k] = self->weight[row.word[k]] * (float) row.count[k] / (float) n;
  return row;
}

static GArray *
read_tokens (RfTextModel *self, const char *text)
{
  GArray *shares = g_array_new (FALSE, FALSE, sizeof (RfTextShare));

  g_mutex_lock (&self->lock);
  rf_tokenizer_run (self->tokenizer, text, self->tokens);
  for (guint t = 0; t < self->tokens->tokens->len; t++)
    {
      const RfToken *token = rf_token_list_get (self->tokens, t);
      const char *word = rf_token_list_get_word (self->tokens, t);
      RfTextShare share = { token->begin, token->end, RF_NO_WORD, 0 };

      if (self->options.vocab.phrase_count > 0 && t + 1 < self->tokens->tokens->len)
        share.word = rf_vocab_find_phrase (self->vocab, word, rf_token_list_get_word (self->tokens, t + 1));
      if (share.word != RF_NO_WORD)
        share.end = rf_token_list_get (self->tokens, ++t)->end;
      else
        share.word = rf_vocab_find (self->vocab, word);
      g_array_append_val (shares, share);
    }
  g_mutex_unlock (&self->lock);
  return shares;
}

gboolean
rf_text_model_transform (RfTextModel *self, const char *text, float *x)
{
  g_autoptr(GArray) shares = read_tokens (self, text);
  TextRow row = text_row_from_shares (self, shares);
  gsize dims = self->projection->cols, n = row.n;

  memset (x, 0, dims * sizeof *x);
  for (gsize k = 0; k < n; k++)
    cblas_saxpy ((int) dims, row.weight[k], rf_matrix_row (self->projection, row.word[k]), 1, x, 1);
  text_row_clear (&row);
  return n > 0;
}

GArray *
rf_text_model_explain (RfTextModel *self, const char *text)
{
  GArray *shares = read_tokens (self, text);
  TextRow row = text_row_from_shares (self, shares);

  for (guint t = 0; t < shares->len; t++)
    {
      RfTextShare *share = &g_array_index (shares, RfTextShare, t);
      gsize low = 0, high = row.n;

      if (share->word == RF_NO_WORD)
        continue;
      while (low < high)
        {
          gsize middle = low + (high - low) / 2;

          if (row.word[middle] < share->word)
            low = middle + 1;
          else
            high = middle;
        }
      share->weight = row.weight[low] / (float) row.count[low];
    }
  text_row_clear (&row);
  return shares;
}

static GVariant *
floats_to_variant (const float *values, gsize n)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, values, n * sizeof (float), 1);
}

GBytes *
rf_text_model_to_bytes (const RfTextModel *self)
{
  const RfTextOptions *o = &self->options;
  const RfVocab *vocab = self->vocab;
  g_autoptr(GVariant) value = NULL;
  GVariant *words = g_variant_new_strv (vocab->words, vocab->n_words);
  GVariant *df = g_variant_new_fixed_array (G_VARIANT_TYPE_UINT32, vocab->df, vocab->n_words, sizeof (guint32));
  GVariant *weight = floats_to_variant (self->weight, vocab->n_words);
  GVariant *projection = floats_to_variant (self->projection->x, vocab->n_words * self->projection->cols);

  value = g_variant_ref_sink (g_variant_new ("(s(uubbudutbu)uu@as@au@ay@ay)", VERSION, o->vocab.min_df, o->vocab.max_words,
                                             o->vocab.tokens.keep_stop_words, o->vocab.tokens.mask_numbers, o->vocab.phrase_count,
                                             o->vocab.phrase_pmi, o->dims, o->seed, o->with_category, (guint32) o->method,
                                             self->n_all_words, vocab->n_texts, words, df, weight, projection));
  return g_variant_get_data_as_bytes (value);
}

static RfTextModel *
damaged (GError **error)
{
  g_set_error_literal (error, RF_ERROR, RF_ERROR_FORMAT, _("The stored text model is damaged or from another version; train again to make it anew."));
  return NULL;
}

/* n numbers as they were written, in memory that may hold them; FALSE when one is none. */
static gboolean
floats_from_variant (GVariant *bytes, gsize n, float *out)
{
  gsize length;
  const void *data = g_variant_get_fixed_array (bytes, &length, 1);

  if (length != n * sizeof (float))
    return FALSE;
  if (n > 0)
    memcpy (out, data, length);
  for (gsize i = 0; i < n; i++)
    if (!isfinite (out[i]))
      return FALSE;
  return TRUE;
}

RfTextModel *
rf_text_model_new_from_bytes (GBytes *bytes, GError **error)
{
  g_autoptr(GVariant) value = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (BYTES_TYPE), bytes, FALSE));
  g_autoptr(GVariant) words = NULL, df = NULL, weight = NULL, projection = NULL;
  g_autofree const char **strings = NULL;
  g_autofree float *weights = NULL;
  g_autoptr(RfMatrix) matrix = NULL;
  const char *version;
  RfTextOptions options = { 0 };
  guint32 n_all_words, n_texts, method;
  gsize n_words, n_df, n_floats, dims;
  const void *counts;

  if (!g_variant_is_normal_form (value))
    return damaged (error);
  g_variant_get (value, "(&s(uubbudutbu)uu@as@au@ay@ay)", &version, &options.vocab.min_df, &options.vocab.max_words,
                 &options.vocab.tokens.keep_stop_words, &options.vocab.tokens.mask_numbers, &options.vocab.phrase_count,
                 &options.vocab.phrase_pmi, &options.dims, &options.seed, &options.with_category, &method, &n_all_words, &n_texts, &words,
                 &df, &weight, &projection);
  options.method = (RfTextMethod) method;
  strings = g_variant_get_strv (words, &n_words);
  counts = g_variant_get_fixed_array (df, &n_df, sizeof (guint32));
  n_floats = g_variant_n_children (projection) / sizeof (float);
  dims = n_words > 0 ? n_floats / n_words : 1;
  if (strcmp (version, VERSION) != 0 || method > RF_TEXT_VECTORS || n_df != n_words || n_words > G_MAXUINT32 - 1 || dims == 0)
    return damaged (error);
  matrix = rf_matrix_new (n_words, dims);
  weights = g_new (float, n_words + 1);
  if (!floats_from_variant (projection, n_words * dims, matrix->x) || !floats_from_variant (weight, n_words, weights))
    return damaged (error);
  return model_new (&options, n_all_words, rf_vocab_new_from_words (strings, counts, (guint32) n_words, n_texts), g_steal_pointer (&weights),
                    g_steal_pointer (&matrix), error);
}
