/* rf-statistics.h: the distribution functions that tests of significance need, in double precision, and corrections for many tests.
 *
 * Formulas: NIST Digital Library of Mathematical Functions, chapters 7 (erf), 8 (incomplete gamma and beta).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* P (Z <= z) of the standard normal, and its inverse for 0 < p < 1 (-inf at 0, inf at 1, NAN outside). */
double rf_normal_cdf (double z);
double rf_normal_quantile (double p);

/* Regularised incomplete beta function I_x (a, b), a, b > 0, 0 <= x <= 1: continued fraction DLMF 8.17.22. */
double rf_incomplete_beta (double a, double b, double x);

/* Regularised upper incomplete gamma function Q (a, x), a > 0, x >= 0: series DLMF 8.11.4 below a + 1, else the continued fraction 8.9.2. */
double rf_incomplete_gamma_upper (double a, double x);

/* P (T <= t) of Student's t with df > 0 degrees of freedom (any real number), and its inverse. */
double rf_student_cdf (double t, double df);
double rf_student_quantile (double p, double df);

/* P (|T| >= |t|); P (X >= x) of chi-square; both stay accurate in the tail. */
double rf_student_two_sided (double t, double df);
double rf_normal_two_sided (double z);
double rf_chi_square_upper (double x, double df);

/* Sample mean and variance (n - 1 in the denominator; NAN for n < 2), two passes. */
double rf_sample_mean (const double *x, gsize n);
double rf_sample_variance (const double *x, gsize n);

/* Adjusted p-values, in place, to be compared with alpha: Holm (1979) keeps the chance of any false finding below it, Benjamini and Hochberg
 * (1995) the expected share of false findings. */
void rf_adjust_holm (double *p, gsize n);
void rf_adjust_benjamini_hochberg (double *p, gsize n);

G_END_DECLS
