/* rf-decoder.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/model/rf-decoder.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-rng.h"
#include "core/features/rf-text-vocab.h"
#include "core/model/rf-auxiliary-terms.h"

#define BLOCK       256 /* items measured at once */
#define MAX_CHOICES 64  /* words that one is drawn from */

enum { WORDS, START_W, START_B, GRU_W, GRU_U, GRU_BW, GRU_BU, OUT_W, OUT_B, N_PARAMS };

struct _RfDecoder
{
  RfParams *params;
  int index[N_PARAMS];
  gsize d, size;   /* of an item vector, of the state */
  guint length;    /* words of a title at most */
  RfVocab *vocab;
  RfWordIds *titles;
};

static void
add_params (RfDecoder *self, gsize width)
{
  gsize n = (gsize) self->vocab->n_words + 1, h = self->size;
  const struct
  {
    const char *name;
    int ndim;
    gsize dim[2];
    RfInit init;
  } list[N_PARAMS] = {
    [START_W] = { "generate.start.weight", 2, { self->d, h }, RF_INIT_XAVIER }, [START_B] = { "generate.start.bias", 1, { h }, RF_INIT_ZERO },
    [GRU_W] = { "generate.gru.weight", 2, { width, 3 * h }, RF_INIT_XAVIER },   [GRU_U] = { "generate.gru.recurrent", 2, { h, 3 * h }, RF_INIT_XAVIER },
    [GRU_BW] = { "generate.gru.bias", 1, { 3 * h }, RF_INIT_ZERO },             [GRU_BU] = { "generate.gru.recurrent_bias", 1, { 3 * h }, RF_INIT_ZERO },
    [OUT_W] = { "generate.out.weight", 2, { h, n }, RF_INIT_XAVIER },           [OUT_B] = { "generate.out.bias", 1, { n }, RF_INIT_ZERO },
  };

  self->index[WORDS] = rf_params_add_table (self->params, "generate.words", n, width, RF_INIT_NORMAL, 1 / sqrt ((double) width));
  for (int p = WORDS + 1; p < N_PARAMS; p++)
    self->index[p] = rf_params_add (self->params, list[p].name, list[p].ndim, list[p].dim, list[p].init, 1);
}

RfDecoder *
rf_decoder_new (const RfCatalog *catalog, const RfConfig *config, gsize d, RfParams *params, GError **error)
{
  RfVocabOptions options = { .tokens = { .keep_stop_words = TRUE }, .min_df = 1, .max_words = (guint32) rf_config_get_int (config, "generate.words") };
  guint32 n = rf_catalog_get_n_items (catalog);
  g_autofree const char **titles = g_new (const char *, (gsize) n + 1);
  g_autoptr(RfDecoder) self = g_new0 (RfDecoder, 1);

  for (guint32 i = 0; i < n; i++)
    titles[i] = rf_catalog_get_item_title (catalog, i);
  self->params = params;
  self->d = d;
  self->size = (gsize) rf_config_get_int (config, "generate.width");
  self->length = (guint) rf_config_get_int (config, "generate.length");
  self->vocab = rf_vocab_new (titles, NULL, n, &options, &self->titles, NULL, error);
  if (self->vocab == NULL)
    return NULL;
  if (self->vocab->n_words == 0)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_CONFIG, _("aux.generate writes titles, and no item of this catalog has one: set it to 0."));
      return NULL;
    }
  add_params (self, self->size);
  return g_steal_pointer (&self);
}

void
rf_decoder_free (RfDecoder *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->vocab, rf_vocab_free);
  g_clear_pointer (&self->titles, rf_word_ids_free);
  g_free (self);
}

static guint
title_length (const RfDecoder *self, guint32 item)
{
  return (guint) MIN (self->titles->ptr[item + 1] - self->titles->ptr[item], self->length);
}

/* Word number t of the title; behind the last one the end. */
static guint32
title_word (const RfDecoder *self, guint32 item, guint t)
{
  return t < title_length (self, item) ? 1 + self->titles->word[self->titles->ptr[item] + t] : 0;
}

gboolean
rf_decoder_has_title (const RfDecoder *self, guint32 item)
{
  return title_length (self, item) > 0;
}

static void
append_word (const RfDecoder *self, GString *text, guint32 word)
{
  g_string_append_printf (text, "%s%s", text->len ? " " : "", self->vocab->words[word - 1]);
}

char *
rf_decoder_get_title (const RfDecoder *self, guint32 item)
{
  GString *text = g_string_new (NULL);

  for (guint t = 0; t < title_length (self, item); t++)
    append_word (self, text, title_word (self, item, t));
  return g_string_free (text, FALSE);
}

static RfTermDecoder
bind (const RfDecoder *self, RfTape *tape)
{
  RfTensor *p[N_PARAMS];

  for (int k = 0; k < N_PARAMS; k++)
    p[k] = rf_param (tape, self->index[k]);
  return (RfTermDecoder) { p[WORDS], { NULL, NULL, p[START_W], p[START_B] }, { p[GRU_W], p[GRU_U], p[GRU_BW], p[GRU_BU] }, p[OUT_W], p[OUT_B] };
}

RfTensor *
rf_decoder_loss (const RfDecoder *self, RfTape *tape, RfTensor *z, const guint32 *items, const guint32 *rows, gsize n)
{
  RfTermDecoder decoder = bind (self, tape);
  guint32 *lengths = rf_tape_scratch (tape, n * sizeof *lengths), *input, *real, *target;
  gsize n_steps = 0, n_real = 0, at = 0;

  for (gsize k = 0; k < n; k++)
    {
      lengths[k] = title_length (self, items[rows[k]]) + 1;
      n_steps = MAX (n_steps, lengths[k]);
      n_real += lengths[k];
    }
  input = rf_tape_scratch (tape, n_steps * n * sizeof *input);
  real = rf_tape_scratch (tape, n_real * sizeof *real);
  target = rf_tape_scratch (tape, n_real * sizeof *target);
  for (guint t = 0; t < n_steps; t++)
    for (gsize k = 0; k < n; k++)
      {
        input[t * n + k] = t > 0 && t < lengths[k] ? title_word (self, items[rows[k]], t - 1) : 0;
        if (t >= lengths[k])
          continue;
        real[at] = (guint32) (t * n + k);
        target[at++] = title_word (self, items[rows[k]], t);
      }
  return rf_cross_entropy (tape, rf_term_decoder (tape, &decoder, rf_rows (tape, z, rows, n), input, lengths, n_steps, real, n_real), target, 0);
}

/* ---- after the training ---- */

static RfTape *
reading_tape (const RfDecoder *self)
{
  RfTape *tape = rf_tape_new ();

  rf_tape_set_training (tape, false);
  rf_tape_set_recording (tape, false);
  rf_tape_bind (tape, self->params, NULL);
  return tape;
}

double
rf_decoder_perplexity (const RfDecoder *self, const RfMatrix *z, const guint8 *keep)
{
  RfTape *tape = reading_tape (self);
  guint32 items[BLOCK], rows[BLOCK];
  double sum = 0, n_words = 0;

  RF_CHECK (z->rows == self->titles->n_texts && z->cols == self->d, "vectors of %zux%zu for %zu items of %zu numbers", z->rows, z->cols, self->titles->n_texts, self->d);
  for (guint32 next = 0; next < z->rows;)
    {
      gsize n = 0, words = 0;
      RfTensor *block;

      rf_tape_reset (tape);
      block = rf_constant_2d (tape, BLOCK, self->d);
      for (; next < z->rows && n < BLOCK; next++)
        if (rf_decoder_has_title (self, next) && (keep == NULL || keep[next]))
          {
            for (gsize j = 0; j < self->d; j++)
              block->x[n * self->d + j] = (rf_real) rf_matrix_row (z, next)[j];
            items[n] = next;
            rows[n] = (guint32) n;
            words += title_length (self, next) + 1;
            n++;
          }
      if (n == 0)
        break;
      sum += (double) rf_decoder_loss (self, tape, block, items, rows, n)->x[0] * (double) words;
      n_words += (double) words;
    }
  rf_tape_free (tape);
  return n_words > 0 ? exp (sum / n_words) : NAN;
}

static guint32
find_largest (const rf_real *logits, gsize n)
{
  guint32 best = 0;

  for (guint32 w = 1; w < n; w++)
    if (logits[w] > logits[best])
      best = w;
  return best;
}

/* One of the top_k likeliest words, by their probabilities among each other; logits are changed. */
static guint32
choose_word (rf_real *logits, gsize n, guint top_k, RfRng *rng)
{
  guint32 word[MAX_CHOICES], top = (guint32) MIN (MIN (MAX (top_k, 1), MAX_CHOICES), n), k;
  double weight[MAX_CHOICES], largest = 0, left = 0;

  for (k = 0; k < top; k++)
    {
      word[k] = find_largest (logits, n);
      largest = k ? largest : (double) logits[word[0]];
      weight[k] = exp ((double) logits[word[k]] - largest);
      left += weight[k];
      logits[word[k]] = -INFINITY;
    }
  left *= rf_rng_uniform (rng);
  for (k = 0; k + 1 < top && left >= weight[k]; k++)
    left -= weight[k];
  return word[k];
}

char *
rf_decoder_write (const RfDecoder *self, const float *z, guint top_k, guint64 seed, guint64 stream)
{
  RfTape *tape = reading_tape (self);
  RfRng rng = rf_rng_new (seed, stream);
  GString *text = g_string_new (NULL);
  g_autofree rf_real *state = NULL;
  guint32 word = 0;

  for (guint t = 0; t < self->length; t++)
    {
      RfTermDecoder decoder;
      RfTensor *h, *logits;

      rf_tape_reset (tape);
      decoder = bind (self, tape);
      if (t == 0)
        {
          RfTensor *start = rf_constant_2d (tape, 1, self->d);

          for (gsize j = 0; j < self->d; j++)
            start->x[j] = (rf_real) z[j];
          h = rf_tanh (tape, rf_term_map (tape, &decoder.start, start));
        }
      else
        h = rf_leaf_2d (tape, 1, self->size, state, NULL);
      h = rf_gru (tape, rf_reshape (tape, rf_rows (tape, decoder.words, &word, 1), 3, (size_t[]) { 1, 1, rf_tensor_cols (decoder.words) }),
                  &decoder.gru, h, NULL);
      logits = rf_linear (tape, h, decoder.out_w, decoder.out_b);
      word = choose_word (logits->x, logits->len, top_k, &rng);
      if (word == 0)
        break;
      append_word (self, text, word);
      g_free (state);
      state = g_memdup2 (h->x, self->size * sizeof *state);
    }
  rf_tape_free (tape);
  return g_string_free (text, FALSE);
}
