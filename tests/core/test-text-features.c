/* test-text-features.c: vocabulary, TF-IDF, truncated SVD, and the text model that holds them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/features/rf-features.h"
#include "core/features/rf-svd.h"
#include "core/features/rf-text-model.h"
#include "core/features/rf-text-phrases.h"
#include "core/features/rf-tfidf.h"

static const char *const small_texts[] = {
  "red shoe red", "blue shoe", "red hat", "nothing here", "green hat shoe",
};

static void
test_vocab (void)
{
  RfVocabOptions options = { .min_df = 1 };
  guint8 mask[] = { 1, 1, 1, 0, 1 };
  g_autoptr(RfWordIds) ids = NULL;
  g_autoptr(RfVocab) vocab = rf_vocab_new (small_texts, mask, 5, &options, &ids, NULL, NULL);

  g_assert_cmpuint (vocab->n_texts, ==, 4);
  g_assert_cmpuint (vocab->n_words, ==, 5);
  g_assert_cmpstr (vocab->words[0], ==, "shoe"); /* in 3 texts */
  g_assert_cmpstr (vocab->words[1], ==, "hat");  /* 2, and before "red" */
  g_assert_cmpstr (vocab->words[2], ==, "red");
  g_assert_cmpstr (vocab->words[3], ==, "blue");
  g_assert_cmpstr (vocab->words[4], ==, "green");
  g_assert_cmpuint (vocab->df[0], ==, 3);
  g_assert_cmpuint (vocab->df[2], ==, 2); /* twice in one text counts once */
  g_assert_cmpuint (rf_vocab_find (vocab, "blue"), ==, 3);
  g_assert_cmpuint (rf_vocab_find (vocab, "nothing"), ==, RF_NO_WORD);
  g_assert_cmpuint (ids->ptr[1], ==, 3);
  g_assert_cmpuint (ids->word[0], ==, 2);
  g_assert_cmpuint (ids->word[1], ==, 0);
  g_assert_cmpuint (ids->word[2], ==, 2);
  g_assert_cmpuint (ids->ptr[4], ==, ids->ptr[3]); /* the masked text */
}

/* min_df and the cap work on a large vocabulary; on a small one min_df gives way, by whole classes of equal counts. */
static void
test_vocab_limits (void)
{
  RfVocabOptions options = { .min_df = 3 };
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(RfVocab) large = NULL, capped = NULL, small = NULL;

  for (int t = 0; t < 400; t++)
    {
      g_autoptr(GString) text = g_string_new (NULL);

      for (int w = 0; w < 3; w++)
        g_string_append_printf (text, "common%d ", (t + w) % 400);
      g_string_append_printf (text, "rare%d twice%d", t, t / 2);
      g_ptr_array_add (texts, g_string_free (g_steal_pointer (&text), FALSE));
    }
  large = rf_vocab_new ((const char *const *) texts->pdata, NULL, 400, &options, NULL, NULL, NULL);
  g_assert_cmpuint (large->n_words, ==, 400);
  options.max_words = 100;
  capped = rf_vocab_new ((const char *const *) texts->pdata, NULL, 400, &options, NULL, NULL, NULL);
  g_assert_cmpuint (capped->n_words, ==, 100);
  small = rf_vocab_new (small_texts, NULL, 5, &options, NULL, NULL, NULL);
  g_assert_cmpuint (small->n_words, ==, 5);
}

/* "new york" is one word wherever the two stand together; "york" alone stays; "old" and "york" meet by chance only. */
static void
test_phrases (void)
{
  static const char *const texts[] = { "new york cafe", "cafe in New York", "a new york bridge", "bridge york", "old york", "old bridge", "new new york" };
  RfVocabOptions options = { .min_df = 1, .phrase_count = 3, .phrase_pmi = .5 };
  g_autoptr(RfWordIds) ids = NULL;
  g_autoptr(RfVocab) vocab = rf_vocab_new (texts, NULL, 7, &options, &ids, NULL, NULL);
  guint32 phrase = rf_vocab_find_phrase (vocab, "new", "york"), york = rf_vocab_find (vocab, "york");

  g_assert_cmpuint (phrase, !=, RF_NO_WORD);
  g_assert_cmpuint (rf_vocab_find_phrase (vocab, "old", "york"), ==, RF_NO_WORD);
  g_assert_cmpuint (vocab->df[phrase], ==, 4);
  g_assert_cmpuint (vocab->df[york], ==, 2);
  g_assert_cmpuint (vocab->df[rf_vocab_find (vocab, "new")], ==, 1);
  g_assert_cmpuint (ids->ptr[1], ==, 2);
  g_assert_cmpuint (ids->word[0], ==, phrase);
  g_assert_cmpuint (ids->word[1], ==, rf_vocab_find (vocab, "cafe"));
  g_assert_cmpuint (ids->ptr[7] - ids->ptr[6], ==, 2);
}

/* count(a b) = 3, count(a) = 3, count(b) = 4, 10 words: ln (3 x 10 / 12). */
static void
test_phrases_pmi (void)
{
  static const guint32 word[] = { 0, 1, 2, 0, 1, 3, 1, 3, 0, 1 };
  static const gsize ptr[] = { 0, 3, 6, 10 };
  g_autoptr(RfPhrases) phrases = rf_phrases_new (3, ptr, word, 4, 2, 0.1);

  g_assert_cmpuint (phrases->n, ==, 2); /* 0 1 three times, 1 3 twice */
  g_assert_cmpuint (rf_phrases_find (phrases, 0, 1), ==, 0);
  g_assert_cmpuint (rf_phrases_find (phrases, 1, 0), ==, RF_NO_PHRASE);
  g_assert_cmpuint (phrases->count[0], ==, 3);
  g_assert_cmpfloat_with_epsilon (phrases->pmi[0], log (3.0 * 10 / (3 * 4)), 1e-6);
}

static void
test_tfidf_by_hand (void)
{
  RfVocabOptions options = { .min_df = 1 };
  g_autoptr(RfWordIds) ids = NULL;
  g_autoptr(RfVocab) vocab = rf_vocab_new (small_texts, NULL, 5, &options, &ids, NULL, NULL);
  g_autofree float *idf = rf_tfidf_idf (vocab);
  g_autoptr(RfCsr) rows = rf_tfidf_matrix (ids, vocab->n_words, idf);
  double shoe = log (6.0 / 4.0) + 1, red = log (6.0 / 3.0) + 1, red_twice = (1 + log (2.0)) * red, norm = hypot (shoe, red_twice);

  g_assert_cmpfloat_with_epsilon (idf[0], shoe, 1e-6);
  g_assert_cmpuint (rf_csr_row_length (rows, 0), ==, 2);
  g_assert_cmpuint (rf_csr_row (rows, 0)[0], ==, 0);
  g_assert_cmpuint (rf_csr_row (rows, 0)[1], ==, 2);
  g_assert_cmpfloat_with_epsilon (rows->val[0], shoe / norm, 1e-6);
  g_assert_cmpfloat_with_epsilon (rows->val[1], red_twice / norm, 1e-6);
  for (guint32 r = 0; r < rows->rows; r++)
    {
      double square = 0;

      for (gsize k = rows->ptr[r]; k < rows->ptr[r + 1]; k++)
        square += rows->val[k] * rows->val[k];
      g_assert_cmpfloat_with_epsilon (square, r == 3 ? 0 : 1, 1e-6); /* row 3: stop words only */
    }
}

static RfCsr *
random_sparse (guint32 rows, guint32 cols, guint per_row, guint64 seed)
{
  RfRng rng = rf_rng_new (seed, 0);
  gsize n = (gsize) rows * per_row;
  g_autofree guint32 *row = g_new (guint32, n), *col = g_new (guint32, n);
  g_autofree float *val = g_new (float, n);

  for (gsize t = 0; t < n; t++)
    {
      double u = rf_rng_uniform (&rng);

      row[t] = (guint32) (t / per_row);
      col[t] = (guint32) (u * u * cols);
      val[t] = (float) (0.1 + rf_rng_uniform (&rng));
    }
  return rf_csr_new_from_pairs (rows, cols, n, row, col, val);
}

/* Against the eigenvalues of the dense a'a. */
static void
test_svd_against_eigen (void)
{
  guint32 rows = 300, cols = 120;
  gsize k = 20;
  g_autoptr(RfCsr) a = random_sparse (rows, cols, 12, 5);
  g_autoptr(RfMatrix) vectors = NULL;
  g_autofree float *values = NULL;
  g_autofree double *gram = g_new0 (double, cols * cols), *eigen = g_new (double, cols);

  for (guint32 r = 0; r < rows; r++)
    for (gsize i = a->ptr[r]; i < a->ptr[r + 1]; i++)
      for (gsize j = a->ptr[r]; j < a->ptr[r + 1]; j++)
        gram[a->idx[i] * cols + a->idx[j]] += (double) a->val[i] * a->val[j];
  g_assert_true (rf_eigen_symmetric (cols, gram, eigen, NULL));
  g_assert_true (rf_svd_sparse (a, k, 1, &vectors, &values, NULL, NULL));
  g_assert_cmpuint (vectors->rows, ==, cols);
  g_assert_cmpuint (vectors->cols, ==, k);
  for (gsize j = 0; j < k; j++)
    {
      double dot = 0;

      g_assert_cmpfloat_with_epsilon (values[j], sqrt (eigen[cols - 1 - j]), 2e-3 * values[0]);
      for (gsize i = 0; i < cols; i++)
        dot += gram[i * cols + cols - 1 - j] * rf_matrix_row (vectors, i)[j];
      if (j < 5) /* well separated: the same direction; later ones may mix with their neighbours */
        g_assert_cmpfloat (fabs (dot), >, 0.999);
    }
  for (gsize p = 0; p < k; p++)
    for (gsize q = 0; q <= p; q++)
      {
        double dot = 0;

        for (gsize i = 0; i < cols; i++)
          dot += (double) rf_matrix_row (vectors, i)[p] * rf_matrix_row (vectors, i)[q];
        g_assert_cmpfloat_with_epsilon (dot, p == q ? 1 : 0, 1e-4);
      }
}

/* Rank 2 asked for 4: the rest is zero, nothing is NaN. */
static void
test_svd_low_rank (void)
{
  guint32 row[] = { 0, 1, 2, 3, 4, 5 }, col[] = { 0, 0, 0, 4, 4, 4 };
  float val[] = { 1, 2, 3, 4, 5, 6 };
  g_autoptr(RfCsr) a = rf_csr_new_from_pairs (6, 5, 6, row, col, val);
  g_autoptr(RfMatrix) vectors = NULL;
  g_autofree float *values = NULL;

  g_assert_true (rf_svd_sparse (a, 4, 1, &vectors, &values, NULL, NULL));
  g_assert_cmpfloat_with_epsilon (values[0], sqrt (77), 1e-4);
  g_assert_cmpfloat_with_epsilon (values[1], sqrt (14), 1e-4);
  g_assert_cmpfloat (values[2], ==, 0);
  g_assert_cmpfloat (values[3], ==, 0);
  g_assert_cmpfloat_with_epsilon (rf_matrix_row (vectors, 4)[0], 1, 1e-5);
  g_assert_cmpfloat_with_epsilon (rf_matrix_row (vectors, 0)[1], 1, 1e-5);
  for (gsize i = 0; i < 5 * 4; i++)
    g_assert_true (isfinite (vectors->x[i]));
}

static void
test_gram (void)
{
  gsize n = 1500, d = 7;
  g_autofree float *x = g_new (float, n *d);
  g_autofree double *gram = g_new (double, d *d);
  RfRng rng = rf_rng_new (3, 0);

  for (gsize i = 0; i < n * d; i++)
    x[i] = (float) rf_rng_normal (&rng);
  rf_gram (n, d, x, gram);
  for (gsize p = 0; p < d; p++)
    for (gsize q = 0; q < d; q++)
      {
        double sum = 0;

        for (gsize i = 0; i < n; i++)
          sum += (double) x[i * d + p] * x[i * d + q];
        g_assert_cmpfloat_with_epsilon (gram[p * d + q], sum, 1e-8);
      }
}

/* Texts of two topics, as many as needed. */
static GPtrArray *
topic_texts (guint n)
{
  static const char *const sea[] = { "ship", "sailor", "wave", "harbour", "captain", "storm" };
  static const char *const farm[] = { "cow", "barn", "tractor", "meadow", "harvest", "farmer" };
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
  RfRng rng = rf_rng_new (11, 0);

  for (guint t = 0; t < n; t++)
    {
      GString *text = g_string_new ("The story of");

      for (int w = 0; w < 8; w++)
        g_string_append_printf (text, " %s", (t % 2 ? sea : farm)[rf_rng_below (&rng, 6)]);
      g_ptr_array_add (texts, g_string_free (text, FALSE));
    }
  return texts;
}

static double
cosine (const float *a, const float *b, gsize n)
{
  double ab = 0, aa = 0, bb = 0;

  for (gsize i = 0; i < n; i++)
    {
      ab += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
  return ab / sqrt (aa * bb);
}

static void
test_model_topics (void)
{
  RfTextOptions options = rf_text_options_default ();
  g_autoptr(GPtrArray) texts = topic_texts (60);
  g_autoptr(RfMatrix) x = NULL;
  g_autofree guint8 *available = NULL, *mask = g_new (guint8, 60);
  g_autofree float *other = NULL;
  g_autoptr(RfTextModel) model = NULL;

  memset (mask, 1, 60);
  mask[7] = 0;
  g_free (texts->pdata[8]);
  texts->pdata[8] = g_strdup ("of the and");
  options.dims = 2;
  model = rf_text_model_fit ((const char *const *) texts->pdata, mask, 60, &options, &x, &available, NULL, NULL);
  g_assert_cmpuint (x->cols, ==, 2);
  g_assert_cmpuint (available[6], ==, 1);
  g_assert_cmpuint (available[7], ==, 0); /* masked */
  g_assert_cmpuint (available[8], ==, 0); /* nothing but stop words */
  g_assert_cmpfloat (rf_matrix_row (x, 8)[0], ==, 0);
  g_assert_cmpfloat (cosine (rf_matrix_row (x, 0), rf_matrix_row (x, 2), 2), >, 0.95);
  g_assert_cmpfloat (cosine (rf_matrix_row (x, 0), rf_matrix_row (x, 3), 2), <, 0.8);

  /* A new text, also with words never seen, lands where it should; fitted texts land on their row, to the last bit. */
  other = g_new (float, x->cols);
  g_assert_true (rf_text_model_transform (model, "A <b>sailor</b> in a quantum harbour", other));
  g_assert_cmpfloat (cosine (other, rf_matrix_row (x, 1), 2), >, 0.9);
  g_assert_true (rf_text_model_transform (model, texts->pdata[5], other));
  g_assert_cmpmem (other, 2 * sizeof (float), rf_matrix_row (x, 5), 2 * sizeof (float));
  g_assert_false (rf_text_model_transform (model, "quantum", other));
  g_assert_cmpfloat (other[0], ==, 0);
}

/* With phrases a fitted text still lands on its row, and a phrase is one share that spans both words. */
static void
test_model_phrases (void)
{
  RfTextOptions options = rf_text_options_default ();
  g_autoptr(GPtrArray) texts = topic_texts (60);
  g_autoptr(RfMatrix) x = NULL;
  g_autofree guint8 *available = NULL;
  g_autofree float *row = NULL;
  g_autoptr(RfTextModel) model = NULL;
  g_autoptr(GArray) shares = NULL;

  for (guint t = 0; t < 60; t += 3)
    {
      g_free (texts->pdata[t]);
      texts->pdata[t] = g_strdup_printf ("ship tractor Moby <b>Dick</b> wave%u ship", t);
    }
  options.vocab.phrase_count = 5;
  options.vocab.phrase_pmi = 1;
  model = rf_text_model_fit ((const char *const *) texts->pdata, NULL, 60, &options, &x, &available, NULL, NULL);
  row = g_new (float, x->cols);
  for (guint t = 0; t < 60; t++)
    {
      g_assert_true (rf_text_model_transform (model, texts->pdata[t], row));
      g_assert_cmpmem (row, x->cols * sizeof *row, rf_matrix_row (x, t), x->cols * sizeof *row);
    }
  shares = rf_text_model_explain (model, "great moby dick");
  g_assert_cmpuint (shares->len, ==, 2);
  g_assert_cmpuint (g_array_index (shares, RfTextShare, 1).begin, ==, 6);
  g_assert_cmpuint (g_array_index (shares, RfTextShare, 1).end, ==, 15);
  g_assert_cmpstr (rf_text_model_get_vocab (model)->words[g_array_index (shares, RfTextShare, 1).word], ==, "moby dick");
}

/* The shares of the tokens add up to the vector, and point at the right bytes. */
static void
test_model_shares (void)
{
  RfTextOptions options = rf_text_options_default ();
  g_autoptr(GPtrArray) texts = topic_texts (60);
  const char *text = "Old ship: a storm, <i>ship</i> & the captain";
  g_autoptr(RfMatrix) x = NULL;
  g_autofree guint8 *available = NULL;
  g_autoptr(RfTextModel) model = rf_text_model_fit ((const char *const *) texts->pdata, NULL, 60, &options, &x, &available, NULL, NULL);
  guint32 dims = rf_text_model_get_dims (model);
  g_autofree float *whole = g_new (float, dims), *sum = g_new0 (float, dims);
  g_autoptr(GArray) shares = rf_text_model_explain (model, text);

  g_assert_true (rf_text_model_transform (model, text, whole));
  g_assert_cmpuint (shares->len, ==, 5);
  for (guint t = 0; t < shares->len; t++)
    {
      const RfTextShare *share = &g_array_index (shares, RfTextShare, t);

      if (share->word == RF_NO_WORD)
        {
          g_assert_cmpfloat (share->weight, ==, 0);
          continue;
        }
      for (guint32 j = 0; j < dims; j++)
        sum[j] += share->weight * rf_text_model_get_direction (model, share->word)[j];
    }
  for (guint32 j = 0; j < dims; j++)
    g_assert_cmpfloat_with_epsilon (sum[j], whole[j], 1e-6);
  g_assert_cmpuint (g_array_index (shares, RfTextShare, 0).word, ==, RF_NO_WORD);
  g_assert_cmpmem (text + g_array_index (shares, RfTextShare, 3).begin, 4, "ship", 4);
  g_assert_cmpuint (g_array_index (shares, RfTextShare, 3).begin, ==, strstr (text, "<i>") + 3 - text);
  g_assert_cmpfloat (g_array_index (shares, RfTextShare, 1).weight, ==, g_array_index (shares, RfTextShare, 3).weight);
}

static void
test_model_bytes (void)
{
  RfTextOptions options = rf_text_options_default ();
  g_autoptr(GPtrArray) texts = topic_texts (60);
  g_autoptr(RfMatrix) x = NULL;
  g_autofree guint8 *available = NULL;
  g_autoptr(RfTextModel) model = rf_text_model_fit ((const char *const *) texts->pdata, NULL, 60, &options, &x, &available, NULL, NULL);
  g_autoptr(GBytes) bytes = rf_text_model_to_bytes (model);
  g_autoptr(RfTextModel) again = rf_text_model_new_from_bytes (bytes, NULL);
  g_autofree float *a = g_new (float, x->cols), *b = g_new (float, x->cols);
  gsize size = g_bytes_get_size (bytes);

  g_assert_nonnull (again);
  rf_text_model_transform (model, "storm and tractor", a);
  rf_text_model_transform (again, "storm and tractor", b);
  g_assert_cmpmem (a, x->cols * sizeof (float), b, x->cols * sizeof (float));

  /* Cut anywhere, it is refused in words. */
  for (gsize cut = 0; cut < size; cut += 1 + size / 200)
    {
      g_autoptr(GBytes) part = g_bytes_new_from_bytes (bytes, 0, cut);
      g_autoptr(GError) error = NULL;

      g_assert_null (rf_text_model_new_from_bytes (part, &error));
      g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
    }
}

static void
test_model_empty (void)
{
  RfTextOptions options = rf_text_options_default ();
  const char *const texts[] = { "", "the", "!" };
  g_autoptr(RfMatrix) x = NULL, none_x = NULL;
  g_autofree guint8 *available = NULL, *none_available = NULL;
  g_autoptr(RfTextModel) model = rf_text_model_fit (texts, NULL, 3, &options, &x, &available, NULL, NULL);
  g_autoptr(RfTextModel) none = rf_text_model_fit (texts, NULL, 0, &options, &none_x, &none_available, NULL, NULL);
  g_autoptr(GBytes) bytes = rf_text_model_to_bytes (model);
  g_autoptr(RfTextModel) again = rf_text_model_new_from_bytes (bytes, NULL);
  float value = 1;

  g_assert_nonnull (model);
  g_assert_nonnull (none);
  g_assert_nonnull (again);
  g_assert_cmpuint (x->rows, ==, 3);
  g_assert_cmpuint (x->cols, ==, 1);
  g_assert_cmpuint (available[0] + available[1] + available[2], ==, 0);
  g_assert_false (rf_text_model_transform (model, "ship", &value));
  g_assert_cmpfloat (value, ==, 0);
}

static void
test_model_threads (void)
{
  RfTextOptions options = rf_text_options_default ();
  g_autoptr(GPtrArray) texts = topic_texts (700);
  g_autoptr(RfMatrix) one = NULL, many = NULL;
  g_autofree guint8 *available_one = NULL, *available_many = NULL;
  g_autoptr(RfTextModel) model_one = NULL, model_many = NULL;
  g_autoptr(GBytes) bytes_one = NULL, bytes_many = NULL;

  rf_parallel_set_threads (1);
  model_one = rf_text_model_fit ((const char *const *) texts->pdata, NULL, 700, &options, &one, &available_one, NULL, NULL);
  rf_parallel_set_threads (5);
  model_many = rf_text_model_fit ((const char *const *) texts->pdata, NULL, 700, &options, &many, &available_many, NULL, NULL);
  rf_parallel_set_threads (0);
  g_assert_cmpmem (one->x, one->rows * one->cols * sizeof (float), many->x, many->rows * many->cols * sizeof (float));
  bytes_one = rf_text_model_to_bytes (model_one);
  bytes_many = rf_text_model_to_bytes (model_many);
  g_assert_true (g_bytes_equal (bytes_one, bytes_many));
}

/* A catalog's items: title and description, categories on request; items without a text are not there. */
static void
test_catalog (void)
{
  RfCatalogBuilder *builder = rf_catalog_builder_new ("small", "nowhere");
  g_autoptr(RfCatalog) catalog = NULL;
  g_autoptr(RfFeatures) features = NULL, with_category = NULL;
  g_autoptr(RfTextModel) model = NULL;
  RfTextOptions options = rf_text_options_default ();
  g_autofree char *plain = NULL, *more = NULL;
  guint32 i;

  i = rf_catalog_builder_add_item (builder, "a", "Red Shoe", "A shoe &amp; a box", "Shoes|Sport", "");
  g_assert_cmpuint (i, ==, 0);
  rf_catalog_builder_add_item (builder, "b", "Blue Hat", "", "Hats", "");
  rf_catalog_builder_add_item (builder, "c", "Green Hat", "A hat in a box", "Hats", "");
  catalog = rf_catalog_builder_build (builder);
  plain = rf_item_text (catalog, 0, FALSE);
  more = rf_item_text (catalog, 0, TRUE);
  g_assert_cmpstr (plain, ==, "Red Shoe\nA shoe &amp; a box");
  g_assert_cmpstr (more, ==, "Red Shoe\nA shoe &amp; a box\nShoes Sport");

  features = rf_text_features_fit (catalog, &options, NULL, NULL, NULL);
  g_assert_cmpstr (features->name, ==, "text");
  g_assert_cmpuint (features->x->rows, ==, 3);
  g_assert_cmpuint (features->available[0], ==, 1);
  g_assert_cmpuint (features->available[1], ==, rf_catalog_item_has_text (catalog, 1));
  g_assert_cmpuint (rf_features_count_available (features), ==, rf_catalog_count_texts (catalog));

  options.with_category = TRUE;
  with_category = rf_text_features_fit (catalog, &options, &model, NULL, NULL);
  g_assert_cmpstr (with_category->key, !=, features->key);
  g_assert_cmpuint (rf_vocab_find (rf_text_model_get_vocab (model), "sport"), !=, RF_NO_WORD);
}

static void
cancel_cb (const char *stage, double fraction, void *data)
{
  rf_progress_cancel (data);
}

static void
test_model_cancel (void)
{
  RfTextOptions options = rf_text_options_default ();
  g_autoptr(GPtrArray) texts = topic_texts (300);
  RfMatrix *x = NULL;
  guint8 *available = NULL;
  g_autoptr(GError) error = NULL;
  RfProgress progress;

  rf_progress_init (&progress, cancel_cb, &progress);
  g_assert_null (rf_text_model_fit ((const char *const *) texts->pdata, NULL, 300, &options, &x, &available, &progress, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CANCELLED);
  g_assert_null (x);
}

static void
test_key (void)
{
  RfTextOptions a = rf_text_options_default (), b = a;
  g_autofree char *key_a = rf_text_options_get_key (&a), *key_b = NULL;

  b.vocab.tokens.mask_numbers = TRUE;
  key_b = rf_text_options_get_key (&b);
  g_assert_cmpstr (key_a, !=, key_b);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  g_test_add_func ("/text-vocab/by-hand", test_vocab);
  g_test_add_func ("/text-vocab/limits", test_vocab_limits);
  g_test_add_func ("/text-vocab/phrases", test_phrases);
  g_test_add_func ("/text-vocab/phrases-pmi", test_phrases_pmi);
  g_test_add_func ("/tfidf/by-hand", test_tfidf_by_hand);
  g_test_add_func ("/svd/against-eigen", test_svd_against_eigen);
  g_test_add_func ("/svd/low-rank", test_svd_low_rank);
  g_test_add_func ("/svd/gram", test_gram);
  g_test_add_func ("/text-model/topics", test_model_topics);
  g_test_add_func ("/text-model/phrases", test_model_phrases);
  g_test_add_func ("/text-model/shares", test_model_shares);
  g_test_add_func ("/text-model/bytes", test_model_bytes);
  g_test_add_func ("/text-model/empty", test_model_empty);
  g_test_add_func ("/text-model/threads", test_model_threads);
  g_test_add_func ("/text-features/catalog", test_catalog);
  g_test_add_func ("/text-model/cancel", test_model_cancel);
  g_test_add_func ("/text-model/key", test_key);
  return g_test_run ();
}
