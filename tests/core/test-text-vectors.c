/* test-text-vectors.c: word vectors learnt, loaded and averaged.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-linalg.h"
#include "core/base/rf-rng.h"
#include "core/features/rf-word-vectors.h"

/* Texts in which words of the same topic stand together. */
static GPtrArray *
topic_texts (guint n)
{
  static const char *const topics[3][6] = { { "ship", "sailor", "wave", "harbour", "captain", "storm" },
                                            { "cow", "barn", "tractor", "meadow", "harvest", "farmer" },
                                            { "planet", "rocket", "orbit", "comet", "astronaut", "galaxy" } };
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
  RfRng rng = rf_rng_new (21, 0);

  for (guint t = 0; t < n; t++)
    {
      GString *text = g_string_new (NULL);

      for (int w = 0; w < 12; w++)
        g_string_append_printf (text, "%s ", topics[t % 3][rf_rng_below (&rng, 6)]);
      g_ptr_array_add (texts, g_string_free (text, FALSE));
    }
  return texts;
}

static void
test_train (void)
{
  g_autoptr(GPtrArray) texts = topic_texts (300);
  RfVocabOptions options = { .min_df = 1 };
  RfSkipGramOptions train = rf_skip_gram_options_default ();
  g_autoptr(RfWordIds) ids = NULL;
  g_autoptr(RfVocab) vocab = rf_vocab_new ((const char *const *) texts->pdata, NULL, 300, &options, &ids, NULL, NULL);
  g_autofree double *losses = g_new (double, train.epochs);
  g_autoptr(RfWordVectors) vectors = NULL, again = NULL, other = NULL, untaught = NULL;
  static const char *const probes[][2] = { { "ship", "sailor" }, { "cow", "meadow" }, { "orbit", "galaxy" } };

  train.dims = 16;
  train.subsample = 0; /* every word is frequent in so few */
  vectors = rf_word_vectors_train (ids, vocab->n_words, &train, losses, NULL, NULL);
  again = rf_word_vectors_train (ids, vocab->n_words, &train, NULL, NULL, NULL);
  train.seed = 2;
  other = rf_word_vectors_train (ids, vocab->n_words, &train, NULL, NULL, NULL);
  g_assert_cmpuint (vectors->n_known, ==, 18);
  g_assert_cmpfloat (losses[14], <, .9 * losses[0]);
  g_assert_cmpmem (vectors->x->x, 18 * 16 * sizeof (float), again->x->x, 18 * 16 * sizeof (float));
  g_assert_true (memcmp (vectors->x->x, other->x->x, 18 * 16 * sizeof (float)) != 0);
  /* Without learning every term is ln 2: the neighbour, and five drawn words but for those (1 in 18) that are the neighbour. */
  train.rate = 1e-9;
  untaught = rf_word_vectors_train (ids, vocab->n_words, &train, losses, NULL, NULL);
  g_assert_cmpfloat_with_epsilon (losses[0], (1 + 5 * 17 / 18.0) * log (2), .02);
  g_assert_cmpfloat_with_epsilon (losses[14], losses[0], .02);
  for (gsize p = 0; p < G_N_ELEMENTS (probes); p++)
    {
      g_autofree guint32 *near = rf_word_vectors_nearest (vectors, rf_vocab_find (vocab, probes[p][0]), 5);
      gboolean found = FALSE;

      for (int k = 0; k < 5; k++)
        found |= near[k] == rf_vocab_find (vocab, probes[p][1]);
      g_assert_true (found); /* the five others of the topic are the five nearest */
    }
}

static void
cancel_cb (const char *stage, double fraction, void *data)
{
  rf_progress_cancel (data);
}

static void
test_train_cancel (void)
{
  g_autoptr(GPtrArray) texts = topic_texts (300);
  RfVocabOptions options = { .min_df = 1 };
  RfSkipGramOptions train = rf_skip_gram_options_default ();
  g_autoptr(RfWordIds) ids = NULL;
  g_autoptr(RfVocab) vocab = rf_vocab_new ((const char *const *) texts->pdata, NULL, 300, &options, &ids, NULL, NULL);
  g_autoptr(GError) error = NULL;
  RfProgress progress;

  rf_progress_init (&progress, cancel_cb, &progress);
  train.epochs = 100;
  g_assert_null (rf_word_vectors_train (ids, vocab->n_words, &train, NULL, &progress, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CANCELLED);
}

/* --- files --- */

static RfVocab *
small_vocab (void)
{
  static const char *const words[] = { "ship", "caf\xc3\xa9", "new york", "at sea", "storm" };
  static const guint32 df[] = { 5, 4, 3, 2, 1 };

  return rf_vocab_new_from_words (words, df, 5, 10);
}

static RfWordVectors *
load_bytes (const void *bytes, gsize length, const char *suffix, GError **error)
{
  g_autofree char *dir = g_dir_make_tmp ("refract-vectors-XXXXXX", NULL), *name = g_strconcat ("vectors", suffix, NULL);
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autoptr(RfVocab) vocab = small_vocab ();
  RfWordVectors *vectors;

  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
  vectors = rf_word_vectors_load (path, vocab, NULL, error);
  g_unlink (path);
  g_rmdir (dir);
  return vectors;
}

static void
assert_word (const RfWordVectors *vectors, guint32 word, float a, float b, float c)
{
  const float *x = rf_matrix_row (vectors->x, word);

  g_assert_true (vectors->known[word]);
  g_assert_cmpuint (vectors->x->cols, ==, 3);
  g_assert_cmpfloat (x[0], ==, a);
  g_assert_cmpfloat (x[1], ==, b);
  g_assert_cmpfloat (x[2], ==, c);
}

static void
test_load_word2vec_text (void)
{
  static const char text[] = "5 3\nShip 9 9 9\nship 1 2 3\nnew_york -1 0.5 1e-2\nCAF\xc3\x89 4 5 6 \nunknown 7 7 7\n";
  g_autoptr(RfWordVectors) vectors = load_bytes (text, strlen (text), ".txt", NULL);

  g_assert_cmpuint (vectors->n_read, ==, 5);
  g_assert_cmpuint (vectors->n_known, ==, 3);
  assert_word (vectors, 0, 1, 2, 3); /* the exact word replaces the folded one */
  assert_word (vectors, 1, 4, 5, 6);
  assert_word (vectors, 2, -1, .5f, 1e-2f);
  g_assert_false (vectors->known[4]);
  g_assert_cmpfloat (rf_matrix_row (vectors->x, 4)[0], ==, 0);
}

/* No header, and tokens that hold spaces: also as a first line. */
static void
test_load_glove (void)
{
  static const char text[] = "at sea 1 2 3\n. 0 0 0\nship 4 5 6\r\n. . . 7 8 9\nstorm nan 1 2\nship 0 0 0\nbroken 1\nstorm 1 x 2\n";
  g_autoptr(RfWordVectors) vectors = NULL;
  g_autoptr(GString) long_file = g_string_new (NULL);
  g_autoptr(RfWordVectors) large = NULL;

  for (int i = 0; i < 120; i++)
    g_string_append_printf (long_file, "word%d 1 1 1\n", i);
  g_string_append (long_file, text);
  vectors = load_bytes (long_file->str, long_file->len, ".txt", NULL);
  assert_word (vectors, 3, 1, 2, 3);
  assert_word (vectors, 0, 4, 5, 6);
  g_assert_cmpuint (vectors->n_known, ==, 2); /* what is no number is not taken */

  for (int i = 0; i < 200000; i++) /* several buffers long */
    g_string_append_printf (long_file, "word%d 1 1 1\n", i);
  g_string_append (long_file, "storm 3 2 1");
  large = load_bytes (long_file->str, long_file->len, ".txt", NULL);
  assert_word (large, 4, 3, 2, 1);
}

static void
test_load_gz (void)
{
  static const char text[] = "2 3\nship 1 2 3\nstorm 4 5 6\n";
  g_autoptr(GZlibCompressor) gzip = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6);
  char packed[256];
  gsize read, written;
  g_autoptr(RfWordVectors) vectors = NULL;
  g_autoptr(GError) error = NULL;

  g_converter_convert (G_CONVERTER (gzip), text, strlen (text), packed, sizeof packed, G_CONVERTER_INPUT_AT_END, &read, &written, NULL);
  vectors = load_bytes (packed, written, ".vec.gz", NULL);
  assert_word (vectors, 4, 4, 5, 6);
  g_assert_null (load_bytes (packed, written / 2, ".vec.gz", &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_IO);
}

static void
test_load_binary (void)
{
  g_autoptr(GByteArray) file = g_byte_array_new ();
  static const char *const words[] = { "unknown", "ship", "new_york" };
  g_autoptr(RfWordVectors) vectors = NULL;
  g_autoptr(GError) error = NULL;

  g_byte_array_append (file, (const guint8 *) "3 3\n", 4);
  for (int w = 0; w < 3; w++)
    {
      float values[] = { (float) w, 10.0f + (float) w, -0.5f };

      g_byte_array_append (file, (const guint8 *) words[w], (guint) strlen (words[w]));
      g_byte_array_append (file, (const guint8 *) " ", 1);
      for (int j = 0; j < 3; j++)
        {
          guint32 bits;

          memcpy (&bits, &values[j], sizeof bits);
          bits = GUINT32_TO_LE (bits);
          g_byte_array_append (file, (const guint8 *) &bits, sizeof bits);
        }
      if (w != 1) /* some writers end each word with a line feed, some do not */
        g_byte_array_append (file, (const guint8 *) "\n", 1);
    }
  vectors = load_bytes (file->data, file->len, ".bin", NULL);
  g_assert_cmpuint (vectors->n_known, ==, 2);
  assert_word (vectors, 0, 1, 11, -.5f);
  assert_word (vectors, 2, 2, 12, -.5f);
  g_assert_null (load_bytes (file->data, file->len - 5, ".bin", &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "after 2 of 3 words"));
}

static void
test_load_refuses (void)
{
  static const char *const wrong[] = { "", "\n", "hello", "user_id,item_id\n1,2\n", "a b\nc d\n", "3 1000000\nx 1 2\n", "plain words in a line\nand in another\n" };
  g_autoptr(RfVocab) vocab = small_vocab ();
  g_autoptr(GError) missing = NULL;

  for (gsize w = 0; w < G_N_ELEMENTS (wrong); w++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (load_bytes (wrong[w], strlen (wrong[w]), ".txt", &error));
      g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
    }
  g_assert_null (rf_word_vectors_load ("/nonexistent/v.txt", vocab, NULL, &missing));
  g_assert_error (missing, RF_ERROR, RF_ERROR_IO);
}

/* --- averages --- */

static void
test_average (void)
{
  static const guint32 word[] = { 0, 0, 1, 1, 2 };
  static const gsize ptr[] = { 0, 3, 4, 5 };
  RfWordIds ids = { 3, (gsize *) ptr, (guint32 *) word };
  guint8 known[] = { 1, 1, 0 };
  RfMatrix vectors_x = { .rows = 3, .cols = 2, .x = (float[]) { 1, 0, 0, 1, 9, 9 } };
  RfWordVectors vectors = { &vectors_x, known, 2, 0 };
  g_autoptr(RfMatrix) x = NULL;
  g_autofree guint8 *available = NULL;
  float common[2], w0 = .1f / (.1f + .4f), first[2] = { 2 * w0 / 3, w0 / 3 }, second[2] = { 0, w0 };
  float dot_first, dot_second;

  rf_word_vectors_average (&vectors, &ids, .1, &x, &available, common);
  g_assert_cmpuint (available[0], ==, 1);
  g_assert_cmpuint (available[2], ==, 0); /* only a word without a vector */
  g_assert_cmpfloat_with_epsilon (hypot (common[0], common[1]), 1, 1e-5);
  dot_first = first[0] * common[0] + first[1] * common[1];
  dot_second = second[0] * common[0] + second[1] * common[1];
  for (int j = 0; j < 2; j++)
    {
      g_assert_cmpfloat_with_epsilon (rf_matrix_row (x, 0)[j], first[j] - dot_first * common[j], 1e-5);
      g_assert_cmpfloat_with_epsilon (rf_matrix_row (x, 1)[j], second[j] - dot_second * common[j], 1e-5);
      g_assert_cmpfloat (rf_matrix_row (x, 2)[j], ==, 0);
    }
  g_assert_cmpfloat (fabsf (dot_second), >=, fabsf (dot_first)); /* the direction of most of the moment */
}

/* Real film plots: the loss falls, and the neighbours of five words are printed for a reader to judge. */
static void
test_plots (void)
{
  static const char *const probes[] = { "murder", "love", "alien", "war", "school" };
  g_autofree char *path = g_build_filename (g_getenv ("RF_TEST_DATA") ? g_getenv ("RF_TEST_DATA") : ".", "movielens-posters", "items.csv", NULL);
  RfSkipGramOptions train = rf_skip_gram_options_default ();
  RfVocabOptions options = { .min_df = 5 };
  g_autoptr(RfWordIds) ids = NULL;
  g_autoptr(RfVocab) vocab = NULL;
  g_autoptr(RfWordVectors) vectors = NULL;
  g_autofree char *content = NULL;
  g_autofree double *losses = g_new (double, train.epochs);
  g_auto(GStrv) lines = NULL;

  if (!g_file_get_contents (path, &content, NULL, NULL))
    {
      g_test_skip ("the movielens-posters catalog is not on this machine");
      return;
    }
  lines = g_strsplit (content, "\n", -1); /* a line is near enough to a text here */
  vocab = rf_vocab_new ((const char *const *) lines, NULL, g_strv_length (lines), &options, &ids, NULL, NULL);
  vectors = rf_word_vectors_train (ids, vocab->n_words, &train, losses, NULL, NULL);
  g_test_message ("%u words; loss per pair %.3f in the first epoch, %.3f in the last", vocab->n_words, losses[0], losses[train.epochs - 1]);
  g_assert_cmpfloat (losses[train.epochs - 1], <, .9 * losses[0]);
  for (gsize p = 0; p < G_N_ELEMENTS (probes); p++)
    {
      g_autofree guint32 *near = rf_word_vectors_nearest (vectors, rf_vocab_find (vocab, probes[p]), 8);
      g_autoptr(GString) line = g_string_new (NULL);

      for (int k = 0; k < 8; k++)
        g_string_append_printf (line, " %s", vocab->words[near[k]]);
      g_test_message ("%s:%s", probes[p], line->str);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  g_test_add_func ("/word-vectors/train", test_train);
  g_test_add_func ("/word-vectors/train-cancel", test_train_cancel);
  g_test_add_func ("/word-vectors/load-word2vec-text", test_load_word2vec_text);
  g_test_add_func ("/word-vectors/load-glove", test_load_glove);
  g_test_add_func ("/word-vectors/load-gz", test_load_gz);
  g_test_add_func ("/word-vectors/load-binary", test_load_binary);
  g_test_add_func ("/word-vectors/load-refuses", test_load_refuses);
  g_test_add_func ("/word-vectors/average", test_average);
  g_test_add_func ("/word-vectors/plots", test_plots);
  return g_test_run ();
}
