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
#include "core/features/rf-tfidf.h"

/* Raise it when the method changes: caches of the old one are then missed. */
#define METHOD "text-tfidf-svd-3"

/* method, options (min_df, max_words, keep_stop_words, mask_numbers, phrase_count, phrase_pmi, dims, seed, with_category),
 * texts, words, df, projection */
#define BYTES_TYPE "(s(uubbudutb)uasauay)"

struct _RfTextModel
{
  gatomicrefcount ref_count;
  RfTextOptions options;
  RfVocab *vocab;
  float *idf;
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

  u_getVersion (version);
  u_versionToString (version, icu);
  g_ascii_formatd (pmi, sizeof pmi, "%.6g", o->vocab.phrase_pmi);
  return g_strdup_printf (METHOD " icu=%s min_df=%u max_words=%u stop_words=%d mask_numbers=%d phrase_count=%u phrase_pmi=%s dims=%u"
                          " seed=%" G_GUINT64_FORMAT " category=%d",
                          icu, o->vocab.min_df, o->vocab.max_words, o->vocab.tokens.keep_stop_words, o->vocab.tokens.mask_numbers,
                          o->vocab.phrase_count, pmi, o->dims, o->seed, o->with_category);
}

/* Takes over vocab and projection, also on failure. */
static RfTextModel *
model_new (const RfTextOptions *options, RfVocab *vocab, RfMatrix *projection, GError **error)
{
  RfTextModel *self = g_new0 (RfTextModel, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->options = *options;
  self->vocab = vocab;
  self->projection = projection;
  self->idf = rf_tfidf_idf (vocab);
  self->tokens = rf_token_list_new ();
  self->tokenizer = rf_tokenizer_new (&options->vocab.tokens, error);
  if (self->tokenizer == NULL)
    g_clear_pointer (&self, rf_text_model_unref);
  return self;
}

RfTextModel *
rf_text_model_ref (RfTextModel *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
rf_text_model_unref (RfTextModel *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  rf_vocab_free (self->vocab);
  g_free (self->idf);
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

RfTextModel *
rf_text_model_fit (const char *const *texts, const guint8 *mask, gsize n, const RfTextOptions *options, RfMatrix **x,
                   guint8 **available, RfProgress *progress, GError **error)
{
  g_autoptr (RfWordIds) ids = NULL;
  g_autoptr (RfVocab) vocab = rf_vocab_new (texts, mask, n, &options->vocab, &ids, progress, error);
  g_autoptr (RfCsr) rows = NULL;
  g_autofree float *idf = NULL;
  RfMatrix *projection;
  RfTextModel *self;

  if (vocab == NULL)
    return NULL;
  idf = rf_tfidf_idf (vocab);
  rows = rf_tfidf_matrix (ids, vocab->n_words, idf);
  projection = fit_projection (rows, options, progress, error);
  if (projection == NULL)
    return NULL;
  self = model_new (options, g_steal_pointer (&vocab), projection, error);
  if (self == NULL)
    return NULL;
  *x = rf_matrix_new (n, projection->cols);
  rf_csr_multiply (rows, projection->x, projection->cols, (*x)->x);
  *available = g_new0 (guint8, n + 1);
  for (gsize i = 0; i < n; i++)
    (*available)[i] = rows->ptr[i + 1] > rows->ptr[i];
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

const float *
rf_text_model_get_direction (const RfTextModel *self, guint32 word)
{
  RF_CHECK (word < self->vocab->n_words, "word %u of %u", word, self->vocab->n_words);
  return rf_matrix_row (self->projection, word);
}

/* The TF-IDF row of a text. */
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
  row.n = rf_tfidf_row (known, n, self->idf, row.word, row.weight, row.count);
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
  g_autoptr (GArray) shares = read_tokens (self, text);
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

GBytes *
rf_text_model_to_bytes (const RfTextModel *self)
{
  const RfTextOptions *o = &self->options;
  const RfVocab *vocab = self->vocab;
  g_autoptr (GVariant) value = NULL;
  GVariant *words = g_variant_new_strv (vocab->words, vocab->n_words);
  GVariant *df = g_variant_new_fixed_array (G_VARIANT_TYPE_UINT32, vocab->df, vocab->n_words, sizeof (guint32));
  GVariant *projection = g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, self->projection->x,
                                                    vocab->n_words * self->projection->cols * sizeof (float), 1);

  value = g_variant_ref_sink (g_variant_new ("(s(uubbudutb)u@as@au@ay)", METHOD, o->vocab.min_df, o->vocab.max_words,
                                             o->vocab.tokens.keep_stop_words, o->vocab.tokens.mask_numbers, o->vocab.phrase_count,
                                             o->vocab.phrase_pmi, o->dims, o->seed, o->with_category, vocab->n_texts, words, df, projection));
  return g_variant_get_data_as_bytes (value);
}

static RfTextModel *
damaged (GError **error)
{
  g_set_error_literal (error, RF_ERROR, RF_ERROR_FORMAT, _("The stored text model is damaged or from another version; train again to make it anew."));
  return NULL;
}

RfTextModel *
rf_text_model_new_from_bytes (GBytes *bytes, GError **error)
{
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (BYTES_TYPE), bytes, FALSE));
  g_autoptr (GVariant) words = NULL, df = NULL, projection = NULL;
  g_autofree const char **strings = NULL;
  const char *method;
  RfTextOptions options = { 0 };
  guint32 n_texts;
  gsize n_words, n_df, n_floats, dims;
  const void *counts, *floats;
  RfMatrix *matrix;

  if (!g_variant_is_normal_form (value))
    return damaged (error);
  g_variant_get (value, "(&s(uubbudutb)u@as@au@ay)", &method, &options.vocab.min_df, &options.vocab.max_words,
                 &options.vocab.tokens.keep_stop_words, &options.vocab.tokens.mask_numbers, &options.vocab.phrase_count,
                 &options.vocab.phrase_pmi, &options.dims, &options.seed, &options.with_category, &n_texts, &words, &df, &projection);
  strings = g_variant_get_strv (words, &n_words);
  counts = g_variant_get_fixed_array (df, &n_df, sizeof (guint32));
  floats = g_variant_get_fixed_array (projection, &n_floats, 1);
  n_floats /= sizeof (float);
  dims = n_words > 0 ? n_floats / n_words : 1;
  if (strcmp (method, METHOD) != 0 || n_df != n_words || n_words > G_MAXUINT32 - 1 || dims == 0 || (n_words > 0 && dims * n_words != n_floats))
    return damaged (error);
  matrix = rf_matrix_new (n_words, dims);
  if (n_words > 0)
    memcpy (matrix->x, floats, n_words * dims * sizeof (float));
  for (gsize i = 0; i < n_words * dims; i++)
    if (!isfinite (matrix->x[i]))
      {
        rf_matrix_free (matrix);
        return damaged (error);
      }
  return model_new (&options, rf_vocab_new_from_words (strings, counts, (guint32) n_words, n_texts), matrix, error);
}
