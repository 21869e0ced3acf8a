/* test-base.c: random numbers, parallel-for, progress, sparse rows, linear algebra.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-csr.h"
#include "core/base/rf-error.h"
#include "core/base/rf-json.h"
#include "core/base/rf-linalg.h"
#include "core/base/rf-matrix.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-progress.h"
#include "core/base/rf-rng.h"
#include "core/base/rf-vecmath.h"

/* The known-answer vectors that the authors of Philox publish with their library (philox4x32-10). */
static void
test_philox_known_answers (void)
{
  uint32_t out[4];

  rf_philox (0, 0, 0, out);
  g_assert_cmphex (out[0], ==, 0x6627e8d5);
  g_assert_cmphex (out[1], ==, 0xe169c58d);
  g_assert_cmphex (out[2], ==, 0xbc57ac4c);
  g_assert_cmphex (out[3], ==, 0x9b00dbd8);
  rf_philox (G_MAXUINT64, G_MAXUINT64, G_MAXUINT64, out);
  g_assert_cmphex (out[0], ==, 0x408f276d);
  g_assert_cmphex (out[1], ==, 0x41c83b0e);
  g_assert_cmphex (out[2], ==, 0xa20bc7c6);
  g_assert_cmphex (out[3], ==, 0x6d5451fd);
}

static void
test_rng_moments (void)
{
  RfRng rng = rf_rng_new (7, 3);
  int n = 200000, counts[10] = { 0 };
  double mean = 0, square = 0, gumbel = 0;

  for (int i = 0; i < n; i++)
    {
      double x = rf_rng_normal (&rng);

      mean += x / n;
      square += x * x / n;
      gumbel += rf_rng_gumbel (&rng) / n;
      counts[rf_rng_below (&rng, 10)]++;
    }
  g_assert_cmpfloat_with_epsilon (mean, 0, 0.01);
  g_assert_cmpfloat_with_epsilon (square, 1, 0.02);
  g_assert_cmpfloat_with_epsilon (gumbel, 0.57722, 0.015);
  for (int i = 0; i < 10; i++)
    g_assert_cmpfloat_with_epsilon (counts[i], n / 10.0, 600);
}

static void
test_rng_repeats (void)
{
  RfRng a = rf_rng_new (1, 2), b = rf_rng_new (1, 2), other = rf_rng_new (1, 3);

  for (int i = 0; i < 100; i++)
    g_assert_cmpuint (rf_rng_u64 (&a), ==, rf_rng_u64 (&b));
  g_assert_cmpuint (rf_rng_u64 (&a), !=, rf_rng_u64 (&other));
}

static void
count_up (size_t begin, size_t end, int worker, void *data)
{
  int *seen = data;

  for (size_t i = begin; i < end; i++)
    seen[i]++;
}

static void
nested (size_t begin, size_t end, int worker, void *data)
{
  int (*seen)[10] = data;

  for (size_t i = begin; i < end; i++)
    rf_parallel_for (10, 1, count_up, seen[i]);
}

static void
test_parallel_covers_once (void)
{
  int seen[1000] = { 0 }, grid[7][10] = { { 0 } };

  for (int threads = 1; threads <= 5; threads++)
    {
      rf_parallel_set_threads (threads);
      rf_parallel_for (1000, 7, count_up, seen);
      rf_parallel_for (0, 7, count_up, seen);
      for (int i = 0; i < 1000; i++)
        g_assert_cmpint (seen[i], ==, threads);
    }
  rf_parallel_for (7, 1, nested, grid);
  for (int i = 0; i < 7; i++)
    for (int j = 0; j < 10; j++)
      g_assert_cmpint (grid[i][j], ==, 1);
  rf_parallel_set_threads (0);
  g_assert_cmpint (rf_parallel_get_threads (), >=, 1);
}

static void
remember_fraction (const char *stage, double fraction, void *data)
{
  *(double *) data = fraction;
}

static void
test_progress_cancels (void)
{
  RfProgress progress;
  g_autoptr(GError) error = NULL;
  double fraction = -1;

  rf_progress_init (&progress, remember_fraction, &fraction);
  g_assert_true (rf_progress_step (&progress, "Working", 0.5, &error));
  g_assert_cmpfloat (fraction, ==, 0.5);
  rf_progress_cancel (&progress);
  g_assert_false (rf_progress_step (&progress, "Working", 0.75, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CANCELLED);
  g_assert_cmpfloat (fraction, ==, 0.5);
  g_assert_true (rf_progress_step (NULL, "Nobody looks", 0.1, NULL));
}

typedef struct
{
  RfProgress progress;
  gint steps; /* atomic */
} Paused;

static gpointer
work_on (gpointer data)
{
  Paused *p = data;

  while (rf_progress_step (&p->progress, "Working", -1, NULL))
    {
      g_atomic_int_inc (&p->steps);
      g_usleep (500);
    }
  return NULL;
}

/* Paused work stands still within a step, goes on when told to, and can be cancelled while it stands. */
static void
test_progress_pauses (void)
{
  Paused p = { .steps = 0 };
  GThread *thread;
  gint before;

  rf_progress_init (&p.progress, NULL, NULL);
  rf_progress_set_paused (&p.progress, TRUE);
  g_assert_true (rf_progress_is_paused (&p.progress));
  thread = g_thread_new ("paused", work_on, &p);
  g_usleep (60000);
  g_assert_cmpint (g_atomic_int_get (&p.steps), ==, 0);
  rf_progress_set_paused (&p.progress, FALSE);
  while (g_atomic_int_get (&p.steps) < 5)
    g_usleep (1000);
  rf_progress_set_paused (&p.progress, TRUE);
  g_usleep (60000);
  before = g_atomic_int_get (&p.steps);
  g_usleep (60000);
  g_assert_cmpint (g_atomic_int_get (&p.steps), ==, before);
  rf_progress_cancel (&p.progress);
  g_thread_join (thread);
  g_assert_false (rf_progress_is_paused (NULL));
}

static void
test_csr (void)
{
  const guint32 row[] = { 2, 0, 2, 0, 2, 2 }, col[] = { 1, 3, 0, 2, 1, 3 };
  const float val[] = { 5, 1, 2, 3, 9, 4 };
  g_autoptr(RfCsr) a = rf_csr_new_from_pairs (3, 4, 6, row, col, val);
  g_autoptr(RfCsr) t = rf_csr_transpose (a);

  g_assert_cmpuint (a->ptr[3], ==, 5); /* (2,1) stood there twice: the first value, 5, is kept */
  g_assert_cmpuint (rf_csr_row_length (a, 0), ==, 2);
  g_assert_cmpuint (rf_csr_row_length (a, 1), ==, 0);
  g_assert_cmpuint (rf_csr_row (a, 2)[1], ==, 1);
  g_assert_cmpfloat (a->val[a->ptr[2] + 1], ==, 5);
  g_assert_true (rf_csr_contains (a, 0, 2));
  g_assert_false (rf_csr_contains (a, 0, 1));
  g_assert_false (rf_csr_contains (a, 1, 0));
  g_assert_cmpuint (t->rows, ==, 4);
  g_assert_true (rf_csr_contains (t, 3, 0));
  g_assert_true (rf_csr_contains (t, 3, 2));
  g_assert_cmpfloat (t->val[t->ptr[3]], ==, 1);
  g_assert_cmpfloat (t->val[t->ptr[3] + 1], ==, 4);
}

/* A random matrix A (n x n), then S = A A' + n I: well conditioned. */
static RfMatrix *
random_spd (gsize n)
{
  RfRng rng = rf_rng_new (11, n);
  g_autoptr(RfMatrix) a = rf_matrix_new (n, n);
  RfMatrix *s = rf_matrix_new (n, n);

  for (gsize i = 0; i < n * n; i++)
    a->x[i] = (float) rf_rng_normal (&rng);
  for (gsize i = 0; i < n; i++)
    s->x[i * n + i] = (float) n;
  rf_gemm (FALSE, TRUE, n, n, n, 1, a->x, n, a->x, n, 1, s->x, n);
  return s;
}

static void
test_gemm_against_loops (void)
{
  gsize m = 300, n = 13, k = 21;
  RfRng rng = rf_rng_new (5, 0);
  g_autoptr(RfMatrix) a = rf_matrix_new (k, m), b = rf_matrix_new (k, n), c = rf_matrix_new (m, n);

  for (gsize i = 0; i < k * m; i++)
    a->x[i] = (float) rf_rng_normal (&rng);
  for (gsize i = 0; i < k * n; i++)
    b->x[i] = (float) rf_rng_normal (&rng);
  rf_gemm (TRUE, FALSE, m, n, k, 2, a->x, m, b->x, n, 0, c->x, n);
  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < n; j++)
      {
        double sum = 0;

        for (gsize l = 0; l < k; l++)
          sum += 2.0 * a->x[l * m + i] * b->x[l * n + j];
        g_assert_cmpfloat_with_epsilon (c->x[i * n + j], sum, 1e-4);
      }
}

static void
test_spd_inverse (void)
{
  const gsize sizes[] = { 1, 5, 256, 700 };

  for (gsize t = 0; t < G_N_ELEMENTS (sizes); t++)
    {
      gsize n = sizes[t];
      g_autoptr(RfMatrix) s = random_spd (n), inverse = rf_matrix_copy (s), product = rf_matrix_new (n, n);
      g_autoptr(GError) error = NULL;

      g_assert_true (rf_spd_inverse (n, inverse->x, &error));
      g_assert_no_error (error);
      rf_gemm (FALSE, FALSE, n, n, n, 1, s->x, n, inverse->x, n, 0, product->x, n);
      for (gsize i = 0; i < n; i++)
        for (gsize j = 0; j < n; j++)
          g_assert_cmpfloat_with_epsilon (product->x[i * n + j], i == j, 1e-4);
    }
}

static void
test_spd_inverse_refuses (void)
{
  float indefinite[] = { 1, 2, 2, 1 };
  g_autoptr(GError) error = NULL;

  g_assert_false (rf_spd_inverse (2, indefinite, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_NUMERIC);
}

static void
test_eigen (void)
{
  double a[] = { 2, 1, 0, 1, 2, 0, 0, 0, 5 }, values[3], bad[] = { NAN };
  g_autoptr(GError) error = NULL;

  g_assert_true (rf_eigen_symmetric (3, a, values, &error));
  g_assert_cmpfloat_with_epsilon (values[0], 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (values[1], 3, 1e-12);
  g_assert_cmpfloat_with_epsilon (values[2], 5, 1e-12);
  /* The eigenvector of 3 is (1, 1, 0) / sqrt 2, in column 1. */
  g_assert_cmpfloat_with_epsilon (fabs (a[1]), sqrt (0.5), 1e-12);
  g_assert_cmpfloat_with_epsilon (a[1], a[4], 1e-12);
  g_assert_cmpfloat_with_epsilon (a[7], 0, 1e-12);
  g_assert_false (rf_eigen_symmetric (1, bad, values, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_NUMERIC);
}

/* Against libm in double, over everything that is not held; and what is no number stays none. */
static void
test_exponential (void)
{
  double worst = 0;

  for (float x = -87; x <= 88; x += 0.0007f)
    worst = fmax (worst, fabs ((double) rf_expf (x) / exp ((double) x) - 1));
  g_test_message ("relative error %.2g", worst);
  g_assert_cmpfloat (worst, <, 2e-7);
  g_assert_cmpfloat (rf_expf (0), ==, 1);
  g_assert_cmpfloat (rf_expf (-INFINITY), ==, 0);
  g_assert_cmpfloat (rf_expf (INFINITY), ==, rf_expf (88));
  g_assert_true (isnan (rf_expf (NAN)));
}

static gboolean
json_is_read (const char *begin, const char *repeated, guint times, const char *end)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GString) text = g_string_new (begin);

  for (guint t = 0; t < times; t++)
    g_string_append (text, repeated);
  g_string_append (text, end);
  return rf_json_load (parser, text->str, (gssize) text->len, NULL);
}

/* Brackets are followed with the stack, so many inside each other are refused; wide JSON and brackets in texts are fine. */
static void
test_json_depth (void)
{
  g_assert_true (json_is_read ("{\"a\": [[1], {\"b\": 2}]}", "", 0, ""));
  g_assert_true (json_is_read ("[0", ", [1]", 5000, "]"));
  g_assert_true (json_is_read ("[\"", "[", 5000, "\"]"));
  g_assert_true (json_is_read ("[\"\\\"", "{", 5000, "\"]"));
  g_assert_false (json_is_read ("", "[", 200000, ""));
  g_assert_false (json_is_read ("", "{\"a\":", 200000, ""));
  g_assert_false (json_is_read ("/* \" */", "[", 200000, ""));
  g_assert_false (json_is_read ("['\"',", "[", 200000, ""));
  g_assert_false (json_is_read ("# \"\n", "[", 200000, ""));
}

/* The parser would keep only the first of several values, and leak the others. */
static void
test_json_one_value (void)
{
  static const char *const fine[] = { "{}", " [ ] \n", "{\"a\": {\"b\": [1, \"]}\"]}}\r\n", "\"a {\"", "12.5", "null", "[{}, {}, [[]], \"\\\"{\"]" };
  static const char *const wrong[] = { "{}{}", "{\"a\": 1}{\"b\": 2}", "\"asin\"{ }", "1 [2]", "[1] 2", "[] \"x\"", "[]]", "}", "] {}", "{'a': 1}", "[1] # one", "[1 /* one */]" };

  for (gsize k = 0; k < G_N_ELEMENTS (fine); k++)
    g_assert_true (json_is_read (fine[k], "", 0, ""));
  for (gsize k = 0; k < G_N_ELEMENTS (wrong); k++)
    g_assert_false (json_is_read (wrong[k], "", 0, ""));
}

/* What is no JSON never reaches the parser, which loses memory there: an error is our own, whatever a mutation makes of a text. */
static void
test_json_mistakes (void)
{
  static const char *const fine[] = { "-0.5e-3", "0", "[]", "{\"\": [true, false, null]}", "\"\\u00e9\\n\\/\"", "[1e5, -12.0E+2]", "{\"a\\\\\": \"]\"}" };
  static const char *const wrong[] = { "", " ", "01", "1.", ".5", "-", "+1", "1e", "tru", "truer", "nan", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}",
                                       "{1:2}", "[1}", "{\"a\":[1}]", "\"\\q\"", "\"\\u12g4\"", "\"a", "\"a\\", "[1 2]", "{\"a\" 1}", "[", "{\"a\":1" };
  static const char letters[] = "{}[]:,\"\\ut0-.eanx ";

  for (gsize k = 0; k < G_N_ELEMENTS (fine); k++)
    g_assert_true (json_is_read (fine[k], "", 0, ""));
  for (gsize k = 0; k < G_N_ELEMENTS (wrong); k++)
    g_assert_false (json_is_read (wrong[k], "", 0, ""));
  for (guint64 n = 0; n < 20000; n++)
    {
      RfRng rng = rf_rng_new (3, n);
      g_autoptr(JsonParser) parser = json_parser_new_immutable ();
      g_autoptr(GString) text = g_string_new ("{\"a\": [1, {\"b\": \"x\\ny\"}, -2.5e3], \"c\": true, \"\": {}}");
      g_autoptr(GError) error = NULL;

      for (guint m = 1 + rf_rng_below (&rng, 3); m > 0; m--)
        if (rf_rng_below (&rng, 2) == 0)
          text->str[rf_rng_below (&rng, (guint32) text->len)] = letters[rf_rng_below (&rng, sizeof letters - 1)];
        else
          g_string_erase (text, rf_rng_below (&rng, (guint32) text->len), 1);
      if (!rf_json_load (parser, text->str, (gssize) text->len, &error))
        g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  g_test_add_func ("/rng/philox-known-answers", test_philox_known_answers);
  g_test_add_func ("/rng/moments", test_rng_moments);
  g_test_add_func ("/rng/repeats", test_rng_repeats);
  g_test_add_func ("/parallel/covers-once", test_parallel_covers_once);
  g_test_add_func ("/progress/cancels", test_progress_cancels);
  g_test_add_func ("/progress/pauses", test_progress_pauses);
  g_test_add_func ("/csr", test_csr);
  g_test_add_func ("/linalg/gemm", test_gemm_against_loops);
  g_test_add_func ("/linalg/spd-inverse", test_spd_inverse);
  g_test_add_func ("/linalg/spd-inverse-refuses", test_spd_inverse_refuses);
  g_test_add_func ("/linalg/eigen", test_eigen);
  g_test_add_func ("/vecmath/exponential", test_exponential);
  g_test_add_func ("/json/depth", test_json_depth);
  g_test_add_func ("/json/one-value", test_json_one_value);
  g_test_add_func ("/json/mistakes", test_json_mistakes);
  return g_test_run ();
}
