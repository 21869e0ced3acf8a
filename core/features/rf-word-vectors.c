/* rf-word-vectors.c: learning, neighbours and averages of word vectors.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/features/rf-word-vectors.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/base/rf-types.h"
#include "core/features/rf-svd.h"

#define REPORT_WORDS   20000
#define SMALLEST_RATE  1e-4 /* of the first rate */
#define NEGATIVE_POWER 0.75
#define LARGEST_LOGIT  30.0f

void
rf_word_vectors_free (RfWordVectors *self)
{
  if (self == NULL)
    return;
  rf_matrix_free (self->x);
  g_free (self->known);
  g_free (self);
}

RfSkipGramOptions
rf_skip_gram_options_default (void)
{
  return (RfSkipGramOptions) { .dims = 64, .window = 5, .negatives = 5, .epochs = 15, .rate = .025, .subsample = 1e-3, .seed = 1 };
}

/* --- skip-gram --- */

typedef struct
{
  const RfSkipGramOptions *options;
  guint32 n_words;
  guint64 total;       /* words in all texts */
  float *keep;         /* per word: probability that it is not skipped */
  double *cumulative;  /* of count^0.75 */
  float *in, *out;     /* n_words x dims: v and u */
  float *gradient;     /* dims */
  guint32 *text;       /* the kept words of the text at work */
  RfRng rng;
  double loss;
  guint64 n_pairs;
  guint64 done;        /* words seen, over all epochs */
} SkipGram;

static void
skip_gram_init (SkipGram *s, const RfWordIds *ids, guint32 n_words, const RfSkipGramOptions *options)
{
  gsize size = (gsize) n_words * options->dims, longest = 0;
  g_autofree guint32 *count = g_new0 (guint32, (gsize) n_words + 1);

  *s = (SkipGram) { .options = options, .n_words = n_words, .total = ids->ptr[ids->n_texts], .rng = rf_rng_new (options->seed, n_words) };
  for (gsize k = 0; k < s->total; k++)
    count[ids->word[k]]++;
  for (gsize t = 0; t < ids->n_texts; t++)
    longest = MAX (longest, ids->ptr[t + 1] - ids->ptr[t]);
  s->keep = g_new (float, (gsize) n_words + 1);
  s->cumulative = g_new (double, (gsize) n_words + 1);
  s->text = g_new (guint32, longest + 1);
  s->in = rf_floats_new (size);
  s->out = rf_floats_new (size);
  s->gradient = rf_floats_new (options->dims);
  for (guint32 w = 0; w < n_words; w++)
    {
      double share = (double) count[w] / (double) MAX (s->total, 1);

      s->keep[w] = options->subsample > 0 && share > options->subsample ? (float) sqrt (options->subsample / share) : 1.0f;
      s->cumulative[w] = pow (count[w], NEGATIVE_POWER) + (w > 0 ? s->cumulative[w - 1] : 0);
    }
  for (gsize i = 0; i < size; i++)
    s->in[i] = (float) ((rf_rng_uniform (&s->rng) - .5) / options->dims);
}

static void
skip_gram_clear (SkipGram *s)
{
  g_free (s->keep);
  g_free (s->cumulative);
  g_free (s->text);
  g_aligned_free (s->in);
  g_aligned_free (s->out);
  g_aligned_free (s->gradient);
}

static guint32
draw_negative (SkipGram *s)
{
  double at = rf_rng_uniform (&s->rng) * s->cumulative[s->n_words - 1];
  guint32 low = 0, high = s->n_words - 1;

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;

      if (s->cumulative[middle] <= at)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* One term: the pair is real (label 1) or drawn (0). */
static void
step_pair (SkipGram *s, const float *v, guint32 other, float label, float rate)
{
  int dims = (int) s->options->dims;
  float *u = s->out + (gsize) other * s->options->dims;
  float logit = CLAMP (cblas_sdot (dims, u, 1, v, 1), -LARGEST_LOGIT, LARGEST_LOGIT);
  float slope = rate * (label - 1.0f / (1.0f + expf (-logit)));

  s->loss += log1pf (expf (label > 0 ? -logit : logit));
  cblas_saxpy (dims, slope, u, 1, s->gradient, 1);
  cblas_saxpy (dims, slope, v, 1, u, 1);
}

static void
step_word (SkipGram *s, guint32 word, guint32 beside, float rate)
{
  float *v = s->in + (gsize) word * s->options->dims;

  memset (s->gradient, 0, s->options->dims * sizeof (float));
  step_pair (s, v, beside, 1, rate);
  for (guint32 k = 0; k < s->options->negatives; k++)
    {
      guint32 negative = draw_negative (s);

      if (negative != beside)
        step_pair (s, v, negative, 0, rate);
    }
  cblas_saxpy ((int) s->options->dims, 1.0f, s->gradient, 1, v, 1);
  s->n_pairs++;
}

static void
step_text (SkipGram *s, const guint32 *word, gsize n)
{
  double share = (double) s->done / (double) (s->total * s->options->epochs);
  float rate = (float) (s->options->rate * MAX (1 - share, SMALLEST_RATE));
  gsize kept = 0;

  for (gsize k = 0; k < n; k++)
    if (s->keep[word[k]] >= 1.0f || rf_rng_uniform (&s->rng) < s->keep[word[k]])
      s->text[kept++] = word[k];
  for (gsize k = 0; k < kept; k++)
    {
      gsize reach = 1 + rf_rng_below (&s->rng, s->options->window);

      for (gsize c = k > reach ? k - reach : 0; c < kept && c <= k + reach; c++)
        if (c != k)
          step_word (s, s->text[k], s->text[c], rate);
    }
  s->done += n;
}

/* FALSE: stopped. */
static gboolean
run_epochs (SkipGram *s, const RfWordIds *ids, double *losses, RfProgress *progress, GError **error)
{
  guint64 reported = 0;

  for (guint32 epoch = 0; epoch < s->options->epochs; epoch++)
    {
      s->loss = 0;
      s->n_pairs = 0;
      for (gsize t = 0; t < ids->n_texts; t++)
        {
          step_text (s, ids->word + ids->ptr[t], ids->ptr[t + 1] - ids->ptr[t]);
          if (s->done < reported + REPORT_WORDS)
            continue;
          reported = s->done;
          if (!rf_progress_step (progress, _("Learning word vectors"), (double) s->done / (double) (s->total * s->options->epochs), error))
            return FALSE;
        }
      if (losses != NULL)
        losses[epoch] = s->n_pairs > 0 ? s->loss / (double) s->n_pairs : NAN;
    }
  return TRUE;
}

RfWordVectors *
rf_word_vectors_train (const RfWordIds *ids, guint32 n_words, const RfSkipGramOptions *options, double *losses, RfProgress *progress,
                       GError **error)
{
  RfWordVectors *self = NULL;
  SkipGram s;

  RF_CHECK (options->dims > 0 && options->window > 0, "dims %u, window %u", options->dims, options->window);
  skip_gram_init (&s, ids, n_words, options);
  if (run_epochs (&s, ids, losses, progress, error))
    {
      self = g_new0 (RfWordVectors, 1);
      self->x = rf_matrix_new (n_words, options->dims);
      self->known = g_new0 (guint8, (gsize) n_words + 1);
      for (gsize t = 0; t < ids->n_texts; t++)
        for (gsize k = ids->ptr[t]; k < ids->ptr[t + 1] && ids->ptr[t + 1] - ids->ptr[t] > 1; k++)
          self->known[ids->word[k]] = 1;
      for (guint32 w = 0; w < n_words; w++)
        {
          if (self->known[w])
            memcpy (rf_matrix_row (self->x, w), s.in + (gsize) w * options->dims, options->dims * sizeof (float));
          self->n_known += self->known[w];
        }
    }
  skip_gram_clear (&s);
  return self;
}

/* --- neighbours --- */

guint32 *
rf_word_vectors_nearest (const RfWordVectors *self, guint32 word, guint k)
{
  guint32 *best = g_new (guint32, (gsize) k + 1);
  g_autofree float *score = g_new (float, (gsize) k + 1);
  int dims = (int) self->x->cols;
  const float *center = rf_matrix_row (self->x, word);
  guint n = 0;

  for (guint i = 0; i < k; i++)
    best[i] = RF_NO_WORD;
  for (guint32 w = 0; w < self->x->rows; w++)
    {
      const float *other = rf_matrix_row (self->x, w);
      float length = self->known[w] && w != word ? cblas_snrm2 (dims, other, 1) : 0;
      float cosine = length > 0 ? cblas_sdot (dims, center, 1, other, 1) / length : 0;
      guint at = n;

      if (length <= 0)
        continue;
      while (at > 0 && score[at - 1] < cosine)
        at--;
      if (at >= k)
        continue;
      n = MIN (n + 1, k);
      memmove (best + at + 1, best + at, (n - at - 1) * sizeof *best);
      memmove (score + at + 1, score + at, (n - at - 1) * sizeof *score);
      best[at] = w;
      score[at] = cosine;
    }
  return best;
}

/* --- averages --- */

typedef struct
{
  const RfWordVectors *vectors;
  const RfWordIds *ids;
  const float *weight; /* per word */
  RfMatrix *x;
  guint8 *available;
} Average;

static void
average_texts (size_t begin, size_t end, int worker, void *data)
{
  Average *average = data;
  int dims = (int) average->x->cols;

  for (gsize t = begin; t < end; t++)
    {
      float *x = rf_matrix_row (average->x, t);
      gsize n = 0;

      for (gsize k = average->ids->ptr[t]; k < average->ids->ptr[t + 1]; k++)
        {
          guint32 word = average->ids->word[k];

          if (!average->vectors->known[word])
            continue;
          cblas_saxpy (dims, average->weight[word], rf_matrix_row (average->vectors->x, word), 1, x, 1);
          n++;
        }
      if (n > 0)
        cblas_sscal (dims, 1.0f / (float) n, x, 1);
      average->available[t] = n > 0;
    }
}

static void
remove_direction (RfMatrix *x, const float *direction)
{
  int dims = (int) x->cols;

  for (gsize t = 0; t < x->rows; t++)
    {
      float *row = rf_matrix_row (x, t);

      cblas_saxpy (dims, -cblas_sdot (dims, row, 1, direction, 1), direction, 1, row, 1);
    }
}

void
rf_word_vectors_average (const RfWordVectors *self, const RfWordIds *ids, double a, RfMatrix **x, guint8 **available, float *common)
{
  gsize dims = self->x->cols, total = ids->ptr[ids->n_texts];
  g_autofree float *weight = g_new0 (float, self->x->rows + 1), *direction = g_new0 (float, dims), *moment = g_new (float, dims *dims);
  g_autofree double *gram = g_new (double, dims *dims);
  float value;
  Average average = { self, ids, weight, rf_matrix_new (ids->n_texts, dims), g_new0 (guint8, ids->n_texts + 1) };

  for (gsize k = 0; k < total; k++)
    weight[ids->word[k]]++;
  for (gsize w = 0; w < self->x->rows; w++)
    weight[w] = (float) (a / (a + weight[w] / (double) MAX (total, 1)));
  rf_parallel_for (ids->n_texts, 256, average_texts, &average);
  rf_gram (ids->n_texts, dims, average.x->x, gram);
  for (gsize i = 0; i < dims * dims; i++)
    moment[i] = (float) (gram[i] / (double) MAX (ids->n_texts, 1));
  if (rf_eigen_top (dims, moment, 1, 1, direction, &value, NULL)) /* fails on NaN only, which a damaged file cannot bring in */
    remove_direction (average.x, direction);
  if (common != NULL)
    memcpy (common, direction, dims * sizeof *common);
  *x = average.x;
  *available = average.available;
}
