/* test-statistics.c: distribution functions against published tables, corrections by hand.
 *
 * Tables: Abramowitz and Stegun, "Handbook of mathematical functions" (1964), tables 26.1, 26.8, 26.10; critical values as in the NIST/SEMATECH
 * e-Handbook of Statistical Methods, 1.3.6.7.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "core/base/rf-rng.h"
#include "core/eval/rf-statistics.h"

#define assert_near(a, b, tolerance) g_assert_cmpfloat_with_epsilon (a, b, tolerance)

static void
test_normal (void)
{
  /* Table 26.1: P (1) = .84134 47460 68543, P (2) = .97724 98680 51821, P (3) = .99865 01019 68370. */
  assert_near (rf_normal_cdf (1), .8413447460685429, 1e-14);
  assert_near (rf_normal_cdf (2), .9772498680518208, 1e-14);
  assert_near (rf_normal_cdf (-3), 1 - .9986501019683699, 1e-14);
  assert_near (rf_normal_quantile (.975), 1.959963984540054, 1e-12);
  assert_near (rf_normal_quantile (.995), 2.575829303548901, 1e-12);
  assert_near (rf_normal_quantile (.8), .8416212335729143, 1e-12);
  assert_near (rf_normal_quantile (.5), 0, 1e-15);
  for (double p = 1e-12; p < 1; p += .01)
    assert_near (rf_normal_cdf (rf_normal_quantile (p)) / p, 1, 1e-10);
  g_assert_true (isinf (rf_normal_quantile (0)) && isnan (rf_normal_quantile (1.1)));
  assert_near (rf_normal_two_sided (1.959963984540054), .05, 1e-14);
}

static void
test_student (void)
{
  /* Upper critical values .975, .995, .95 of the tables. */
  const double table[][3] = { { 1, .975, 12.706 }, { 2, .975, 4.303 }, { 5, .975, 2.571 }, { 9, .975, 2.262 }, { 10, .995, 3.169 }, { 30, .95, 1.697 }, { 100, .975, 1.984 } };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      assert_near (rf_student_quantile (table[i][1], table[i][0]), table[i][2], 6e-4);
      assert_near (rf_student_cdf (rf_student_quantile (table[i][1], table[i][0]), table[i][0]), table[i][1], 1e-13);
    }
  /* One degree of freedom is Cauchy: 1/2 + atan (t) / pi; two: 1/2 + t / (2 sqrt (2 + t^2)). */
  assert_near (rf_student_cdf (1.5, 1), .5 + atan (1.5) / M_PI, 1e-13);
  assert_near (rf_student_cdf (-.7, 2), .5 - .7 / (2 * sqrt (2 + .49)), 1e-13);
  assert_near (rf_student_two_sided (1.959963984540054, 1e7), .05, 1e-6);
  assert_near (rf_student_quantile (.025, 9), -rf_student_quantile (.975, 9), 1e-13);
}

static void
test_chi_square (void)
{
  const double table[][3] = { { 1, .05, 3.841 }, { 2, .05, 5.991 }, { 10, .05, 18.307 }, { 1, .01, 6.635 }, { 30, .025, 46.979 }, { 100, .05, 124.342 } };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    assert_near (rf_chi_square_upper (table[i][2], table[i][0]), table[i][1], 3e-5);
  /* Two degrees of freedom: exp (-x / 2); one: two-sided normal. */
  assert_near (rf_chi_square_upper (3, 2), exp (-1.5), 1e-14);
  assert_near (rf_chi_square_upper (4, 1), rf_normal_two_sided (2), 1e-13);
  assert_near (rf_chi_square_upper (80, 2) / exp (-40), 1, 1e-11);
  g_assert_cmpfloat (rf_chi_square_upper (0, 3), ==, 1);
}

/* Against sums that are exact: I_x (a, b) for whole a, b is a binomial tail, Q (a, x) for whole a a Poisson tail. */
static void
test_incomplete (void)
{
  for (int a = 1; a < 12; a++)
    for (int b = 1; b < 12; b++)
      for (double x = .05; x < 1; x += .1)
        {
          int n = a + b - 1;
          double tail = 0;

          for (int j = a; j <= n; j++)
            tail += exp (lgamma (n + 1) - lgamma (j + 1) - lgamma (n - j + 1)) * pow (x, j) * pow (1 - x, n - j);
          assert_near (rf_incomplete_beta (a, b, x), tail, 1e-12);
        }
  for (int a = 1; a < 12; a++)
    for (double x = .1; x < 30; x *= 1.7)
      {
        double tail = 0;

        for (int j = 0; j < a; j++)
          tail += exp (-x + j * log (x) - lgamma (j + 1));
        assert_near (rf_incomplete_gamma_upper (a, x), tail, 1e-12);
      }
}

static void
test_moments (void)
{
  const double x[] = { 2, 4, 4, 4, 5, 5, 7, 9 };

  assert_near (rf_sample_mean (x, 8), 5, 1e-15);
  assert_near (rf_sample_variance (x, 8), 32.0 / 7, 1e-14);
  g_assert_true (isnan (rf_sample_variance (x, 1)) && isnan (rf_sample_mean (x, 0)));
}

/* Holm: .01 x 4, .02 x 3, .03 x 2, .04 x 1 -> .04 .06 .06 .06; Benjamini-Hochberg: .01 x 4/1, .02 x 4/2, .03 x 4/3, .04 -> .04 each. */
static void
test_corrections (void)
{
  double holm[] = { .03, .01, .04, .02 }, bh[] = { .03, .01, .04, .02 }, some[] = { .001, .5, .8 }, large[] = { .9, .8 };

  rf_adjust_holm (holm, 4);
  assert_near (holm[0], .06, 1e-15);
  assert_near (holm[1], .04, 1e-15);
  assert_near (holm[2], .06, 1e-15);
  assert_near (holm[3], .06, 1e-15);
  rf_adjust_benjamini_hochberg (bh, 4);
  for (int i = 0; i < 4; i++)
    assert_near (bh[i], .04, 1e-15);
  rf_adjust_benjamini_hochberg (some, 3);
  assert_near (some[0], .003, 1e-15);
  assert_near (some[1], .75, 1e-15);
  assert_near (some[2], .8, 1e-15);
  rf_adjust_holm (large, 2);
  g_assert_cmpfloat (large[0], ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/statistics/normal", test_normal);
  g_test_add_func ("/statistics/student", test_student);
  g_test_add_func ("/statistics/chi-square", test_chi_square);
  g_test_add_func ("/statistics/incomplete", test_incomplete);
  g_test_add_func ("/statistics/moments", test_moments);
  g_test_add_func ("/statistics/corrections", test_corrections);
  return g_test_run ();
}
