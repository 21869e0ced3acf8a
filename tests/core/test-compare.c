/* test-compare.c: paired statistics against published results and by hand.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/eval/rf-compare.h"

#define NONE G_MAXUINT32
#define assert_near(a, b, tolerance) g_assert_cmpfloat_with_epsilon (a, b, tolerance)

static const RfCompareOptions options = { .05, 2000, 1 };

/* Student, "The probable error of a mean" (1908): hours of sleep gained with two drugs. t = 4.062, p = .002833 on 9 degrees. */
static void
test_sleep (void)
{
  const double a[] = { .7, -1.6, -.2, -1.2, -.1, 3.4, 3.7, .8, 0, 2 }, b[] = { 1.9, .8, 1.1, .1, -.1, 4.4, 5.5, 1.6, 4.6, 3.4 };
  RfComparison c;

  g_assert_true (rf_compare (a, b, 10, &options, &c, NULL, NULL));
  g_assert_cmpuint (c.n, ==, 10);
  assert_near (c.difference, 1.58, 1e-12);
  assert_near (c.t, 4.062128, 1e-6);
  assert_near (c.t_p, .00283289, 1e-7);
  /* Nine differences, all positive, one zero: the smaller sum is 0, p = 2 / 2^9; two pairs of equal sizes do not matter here. */
  assert_near (c.w, 0, 1e-12);
  assert_near (c.w_p, 2.0 / 512, 1e-12);
  assert_near (c.rank_biserial, 1, 1e-12);
  assert_near (c.effect, 4.062128 / sqrt (10), 1e-6);
  g_assert_cmpuint (c.wins, ==, 9);
  g_assert_cmpuint (c.ties, ==, 1);
  g_assert_cmpuint (c.losses, ==, 0);
  /* The t interval is .700 to 2.460; the bootstrap of ten values is a little narrower. */
  g_assert_cmpfloat (c.low, >, .70);
  g_assert_cmpfloat (c.low, <, 1.10);
  g_assert_cmpfloat (c.high, >, 2.05);
  g_assert_cmpfloat (c.high, <, 2.46);
}

/* Hollander and Wolfe (1973), Hamilton depression scale: V = 40, one-sided p = .01953, so two-sided .03906; V- = 5. */
static void
test_depression (void)
{
  const double a[] = { .878, .647, .598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29 }, b[] = { 1.83, .50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30 };
  RfComparison c;

  g_assert_true (rf_compare (a, b, 9, &options, &c, NULL, NULL));
  assert_near (c.w, 5, 1e-12);
  assert_near (c.w_p, .0390625, 1e-12);
  assert_near (c.rank_biserial, 35.0 / 45, 1e-12);
}

/* Differences 1 1 -1 2 0: ranks 2 2 2 4 of four. V- = 2. Of 16 sign patterns sums of ranks <= 2: none (1), one of the three 2s (3): 4/16,
 * two-sided 1/2. */
static void
test_ties_and_zeros (void)
{
  const double a[] = { 0, 0, 1, 0, 3, NAN, 4 }, b[] = { 1, 1, 0, 2, 3, 5, NAN };
  RfComparison c;

  g_assert_true (rf_compare (a, b, 7, &options, &c, NULL, NULL));
  g_assert_cmpuint (c.n, ==, 5);
  assert_near (c.w, 2, 1e-12);
  assert_near (c.w_p, .5, 1e-12);
  assert_near (c.difference, .6, 1e-12);
}

static void
test_nothing_differs (void)
{
  const double a[] = { .5, .25, 0 };
  RfComparison c;

  g_assert_true (rf_compare (a, a, 3, &options, &c, NULL, NULL));
  g_assert_cmpfloat (c.w_p, ==, 1);
  g_assert_true (isnan (c.t) && isnan (c.t_p));
  g_assert_cmpfloat (c.low, ==, 0);
  g_assert_cmpfloat (c.high, ==, 0);
}

static int
ascending (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/* Thirty differences of 1, twenty of -1, ten of 2: fifty ranks of 25.5 and ten of 55.5. The variance of a sum of ranks with random signs is a
 * quarter of the sum of their squares, ties or none. */
static void
test_normal_form_with_ties (void)
{
  double a[60] = { 0 }, b[60], z;
  RfComparison c;

  for (int u = 0; u < 60; u++)
    b[u] = u < 30 ? 1 : u < 50 ? -1 : 2;
  g_assert_true (rf_compare (a, b, 60, &options, &c, NULL, NULL));
  z = (20 * 25.5 - 60 * 61 / 4.0) / sqrt ((50 * 25.5 * 25.5 + 10 * 55.5 * 55.5) / 4);
  assert_near (c.w, 20 * 25.5, 1e-12);
  assert_near (c.w_p, erfc (fabs (z) / sqrt (2)), 1e-12);
}

/* The interval from ten means drawn again: quantiles at places 9 alpha / 2 and 9 (1 - alpha / 2), between two means in proportion. */
static void
test_bootstrap_by_hand (void)
{
  const double a[] = { 0, 0, 0, 0, 0 }, b[] = { 1, 2, 4, 8, 16 };
  const RfCompareOptions ten = { .1, 10, 7 };
  double means[10] = { 0 };
  RfComparison c;

  for (guint r = 0; r < 10; r++)
    {
      RfRng rng = rf_rng_new (7, r);

      for (int u = 0; u < 5; u++)
        means[r] += b[rf_rng_below (&rng, 5)] / 5;
    }
  qsort (means, 10, sizeof *means, ascending);
  g_assert_true (rf_compare (a, b, 5, &ten, &c, NULL, NULL));
  assert_near (c.low, means[0] + .45 * (means[1] - means[0]), 1e-12);
  assert_near (c.high, means[8] + .55 * (means[9] - means[8]), 1e-12);
}

/* With no difference, 5 % of many comparisons are significant, also where the normal form is used (n = 60) and with many ties. */
static void
test_false_alarms (void)
{
  RfRng rng = rf_rng_new (11, 0);
  const RfCompareOptions quick = { .05, 0, 1 };
  guint t = 0, w = 0, trials = 2000;

  for (guint i = 0; i < trials; i++)
    {
      double a[60], b[60];
      RfComparison c;

      for (int u = 0; u < 60; u++)
        {
          a[u] = rf_rng_below (&rng, 6) / 5.0;
          b[u] = rf_rng_below (&rng, 6) / 5.0;
        }
      g_assert_true (rf_compare (a, b, 60, &quick, &c, NULL, NULL));
      t += c.t_p < .05;
      w += c.w_p < .05;
    }
  g_test_message ("false alarms: t %.2f %%, Wilcoxon %.2f %%", 100.0 * t / trials, 100.0 * w / trials);
  g_assert_cmpuint (t, >=, trials * 35 / 1000);
  g_assert_cmpuint (t, <=, trials * 65 / 1000);
  g_assert_cmpuint (w, >=, trials * 35 / 1000);
  g_assert_cmpuint (w, <=, trials * 65 / 1000);
}

/* The interval covers the truth in about 95 of 100, and does not depend on the threads. */
static void
test_bootstrap (void)
{
  RfRng rng = rf_rng_new (12, 0);
  const RfCompareOptions few = { .05, 500, 3 };
  guint covered = 0;
  RfComparison c, again;
  double a[100] = { 0 }, b[100];

  for (int trial = 0; trial < 300; trial++)
    {
      for (int u = 0; u < 100; u++)
        b[u] = .3 + rf_rng_normal (&rng);
      g_assert_true (rf_compare (a, b, 100, &few, &c, NULL, NULL));
      covered += c.low <= .3 && .3 <= c.high;
    }
  g_assert_cmpuint (covered, >=, 270);
  g_assert_cmpuint (covered, <=, 297);
  rf_parallel_set_threads (1);
  g_assert_true (rf_compare (a, b, 100, &options, &c, NULL, NULL));
  rf_parallel_set_threads (4);
  g_assert_true (rf_compare (a, b, 100, &options, &again, NULL, NULL));
  rf_parallel_set_threads (0);
  g_assert_true (c.low == again.low && c.high == again.high);
}

static void
test_overlap (void)
{
  const guint32 a[] = { 1, 2, 3, 4 }, b[] = { 5, 6, 7, 8 }, c[] = { 2, 1, 3, 9 }, shorter[] = { 1, 2, NONE, NONE };
  double p = .9;

  assert_near (rf_rank_biased_overlap (a, a, 4, p), 1, 1e-12);
  assert_near (rf_rank_biased_overlap (a, b, 4, p), 0, 1e-12);
  /* X = 0 2 3 3. */
  assert_near (rf_rank_biased_overlap (a, c, 4, p), .75 * pow (p, 4) + .1 / .9 * (p * p + pow (p, 3) + .75 * pow (p, 4)), 1e-12);
  assert_near (rf_rank_biased_overlap (a, shorter, 4, p), 1, 1e-12);
}

static void
test_thirds (void)
{
  const double x[] = { 5, 1, 2, NAN, 2, 9, 3, 7 };
  RfAttribute *thirds = rf_attribute_new_thirds ("n", x, 8);

  /* Sorted 1 2 2 3 5 7 9: up to 2, up to 5, the rest. */
  g_assert_cmpuint (thirds->values->len, ==, 3);
  g_assert_cmpstr (thirds->values->pdata[0], ==, "1–2");
  g_assert_cmpstr (thirds->values->pdata[1], ==, "3–5");
  g_assert_cmpstr (thirds->values->pdata[2], ==, "7–9");
  g_assert_cmpuint (thirds->of_user[4], ==, 0);
  g_assert_cmpuint (thirds->of_user[0], ==, 1);
  g_assert_cmpuint (thirds->of_user[3], ==, NONE);
  rf_attribute_free (thirds);
}

/* 600 users; b is better by .5 only for women who read sport; of 3 + 2 values and 6 pairs the finder must put that pair first and must not
 * report attributes that have no part in it. */
static void
test_finder (void)
{
  enum { N = 600 };
  RfRng rng = rf_rng_new (21, 0);
  g_autoptr(GPtrArray) attributes = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_attribute_free), found = NULL, table = NULL;
  RfAttribute *reads = rf_attribute_new ("reads", N), *sex = rf_attribute_new ("sex", N), *noise = rf_attribute_new ("noise", N);
  static const char *const topics[] = { "news", "sport", "arts" };
  double a[N], b[N];
  const RfSlice *first;
  guint members = 0;

  for (guint32 u = 0; u < N; u++)
    {
      reads->of_user[u] = rf_attribute_add_value (reads, topics[rf_rng_below (&rng, 3)]);
      sex->of_user[u] = rf_attribute_add_value (sex, rf_rng_below (&rng, 2) ? "f" : "m");
      noise->of_user[u] = rf_attribute_add_value (noise, rf_rng_below (&rng, 2) ? "x" : "y");
      a[u] = rf_rng_uniform (&rng);
      b[u] = a[u] + .3 * rf_rng_normal (&rng);
      if (strcmp (reads->values->pdata[reads->of_user[u]], "sport") == 0 && strcmp (sex->values->pdata[sex->of_user[u]], "f") == 0)
        b[u] += .5;
    }
  g_ptr_array_add (attributes, reads);
  g_ptr_array_add (attributes, sex);
  g_ptr_array_add (attributes, noise);
  found = rf_slices_find (a, b, N, attributes, 30, .01);
  g_assert_cmpuint (found->len, >, 0);
  first = found->pdata[0];
  g_assert_cmpstr (first->name, ==, "reads = sport, sex = f");
  g_assert_cmpfloat (first->effect, >, 1);
  assert_near (first->difference, .5, .1);
  assert_near (first->rest, 0, .05);
  for (guint32 u = 0; u < N; u++)
    members += rf_slice_has (first, u);
  g_assert_cmpuint (members, ==, first->n);
  for (guint s = 0; s < found->len; s++)
    g_assert_false (g_str_has_prefix (((RfSlice *) found->pdata[s])->name, "noise"));
  table = rf_slices_table (a, b, N, attributes);
  g_assert_cmpuint (table->len, ==, 7);
}

/* Two groups by hand: differences 1 2 3 and 5 5 8; Welch: (2 - 6) / sqrt (1/3 + 3/3). */
static void
test_slice_numbers (void)
{
  const double a[] = { 0, 0, 0, 0, 0, 0 }, b[] = { 1, 2, 3, 5, 5, 8 };
  g_autoptr(GPtrArray) attributes = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_attribute_free), table = NULL;
  RfAttribute *x = rf_attribute_new ("x", 6);
  const RfSlice *low;

  for (guint32 u = 0; u < 6; u++)
    x->of_user[u] = rf_attribute_add_value (x, u < 3 ? "low" : "high");
  g_ptr_array_add (attributes, x);
  table = rf_slices_table (a, b, 6, attributes);
  low = table->pdata[0];
  g_assert_cmpuint (low->n, ==, 3);
  assert_near (low->difference, 2, 1e-12);
  assert_near (low->rest, 6, 1e-12);
  /* Pooled variance (2 * 1 + 2 * 3) / 4 = 2. */
  assert_near (low->effect, -4 / sqrt (2), 1e-12);
  /* t = -3.4641 on (4/3)^2 / ((1/3)^2/2 + 1/2) = 3.2 degrees of freedom: between t.975 (3) = 3.182 and t.99 (4) = 3.747. */
  g_assert_cmpfloat (low->p, <, .05);
  g_assert_cmpfloat (low->p, >, .02);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/compare/sleep", test_sleep);
  g_test_add_func ("/compare/depression", test_depression);
  g_test_add_func ("/compare/ties-and-zeros", test_ties_and_zeros);
  g_test_add_func ("/compare/nothing-differs", test_nothing_differs);
  g_test_add_func ("/compare/normal-form-with-ties", test_normal_form_with_ties);
  g_test_add_func ("/compare/bootstrap-by-hand", test_bootstrap_by_hand);
  g_test_add_func ("/compare/false-alarms", test_false_alarms);
  g_test_add_func ("/compare/bootstrap", test_bootstrap);
  g_test_add_func ("/compare/overlap", test_overlap);
  g_test_add_func ("/slices/thirds", test_thirds);
  g_test_add_func ("/slices/finder", test_finder);
  g_test_add_func ("/slices/numbers", test_slice_numbers);
  return g_test_run ();
}
