/* rf-statistics.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/eval/rf-statistics.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/rf-sort.h"

#define MAX_TERMS 100000

double
rf_normal_cdf (double z)
{
  return .5 * erfc (-z * M_SQRT1_2);
}

double
rf_normal_two_sided (double z)
{
  return erfc (fabs (z) * M_SQRT1_2);
}

/* In the lower half, where p keeps its digits: a rational start (Abramowitz and Stegun 26.2.23, error below 4.5e-4), then Halley's
 * steps on the distribution function itself. */
static double
lower_quantile (double p)
{
  double t = sqrt (-2 * log (p));
  double z = -(t - (2.515517 + t * (.802853 + t * .010328)) / (1 + t * (1.432788 + t * (.189269 + t * .001308))));

  for (int step = 0; step < 4; step++)
    {
      double density = exp (-.5 * z * z) / sqrt (2 * M_PI);
      double e = density > 0 ? (rf_normal_cdf (z) - p) / density : 0;

      z -= e / (1 + .5 * z * e);
    }
  return z;
}

double
rf_normal_quantile (double p)
{
  if (!(p >= 0 && p <= 1))
    return NAN;
  if (p == 0 || p == 1)
    return p == 0 ? -INFINITY : INFINITY;
  return p <= .5 ? lower_quantile (p) : -lower_quantile (1 - p);
}

/* Away from zero, so that the recurrences of Lentz never divide by it. */
static double
nonzero (double x)
{
  return fabs (x) < DBL_MIN * 1e10 ? DBL_MIN * 1e10 : x;
}

/* The continued fraction of the incomplete beta by Lentz's method. */
static double
beta_fraction (double a, double b, double x)
{
  double c = 1, d = 1 / nonzero (1 - (a + b) * x / (a + 1)), f = d;

  for (int m = 1; m < MAX_TERMS; m++)
    {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      double step;

      d = 1 / nonzero (1 + even * d);
      c = nonzero (1 + even / c);
      f *= c * d;
      d = 1 / nonzero (1 + odd * d);
      c = nonzero (1 + odd / c);
      step = c * d;
      f *= step;
      if (fabs (step - 1) < 1e-15)
        break;
    }
  return f;
}

double
rf_incomplete_beta (double a, double b, double x)
{
  double front;

  if (!(a > 0 && b > 0 && x >= 0 && x <= 1))
    return NAN;
  if (x == 0 || x == 1)
    return x;
  front = exp (lgamma (a + b) - lgamma (a) - lgamma (b) + a * log (x) + b * log1p (-x));
  if (x < (a + 1) / (a + b + 2))
    return front * beta_fraction (a, b, x) / a;
  return 1 - front * beta_fraction (b, a, 1 - x) / b;
}

static double
gamma_series (double a, double x)
{
  double term = 1 / a, sum = term;

  for (int n = 1; n < MAX_TERMS && fabs (term) > fabs (sum) * 1e-17; n++)
    {
      term *= x / (a + n);
      sum += term;
    }
  return sum * exp (a * log (x) - x - lgamma (a));
}

static double
gamma_fraction (double a, double x)
{
  double b = x + 1 - a, c = 1 / DBL_MIN, d = 1 / nonzero (b), f = d;

  for (int n = 1; n < MAX_TERMS; n++)
    {
      double an = -n * (n - a), step;

      b += 2;
      d = 1 / nonzero (an * d + b);
      c = nonzero (b + an / c);
      step = c * d;
      f *= step;
      if (fabs (step - 1) < 1e-15)
        break;
    }
  return f * exp (a * log (x) - x - lgamma (a));
}

double
rf_incomplete_gamma_upper (double a, double x)
{
  if (!(a > 0 && x >= 0))
    return NAN;
  if (x == 0 || isinf (x))
    return x == 0;
  return x < a + 1 ? 1 - gamma_series (a, x) : gamma_fraction (a, x);
}

double
rf_student_two_sided (double t, double df)
{
  if (isinf (t))
    return 0;
  return rf_incomplete_beta (df / 2, .5, df / (df + t * t));
}

double
rf_student_cdf (double t, double df)
{
  double tail = .5 * rf_student_two_sided (t, df);

  return t > 0 ? 1 - tail : tail;
}

/* By halving an interval that grows until it holds the answer: the function is monotone, and this is exact to rounding. */
double
rf_student_quantile (double p, double df)
{
  double low, high = 1, tail = p < .5 ? p : 1 - p;

  if (!(p > 0 && p < 1 && df > 0))
    return p == 0 ? -INFINITY : p == 1 ? INFINITY : NAN;
  while (.5 * rf_student_two_sided (high, df) > tail && high < 1e300)
    high *= 2;
  low = high == 1 ? 0 : high / 2;
  for (int step = 0; step < 200 && low < high; step++)
    {
      double middle = .5 * (low + high);

      if (middle == low || middle == high)
        break;
      if (.5 * rf_student_two_sided (middle, df) > tail)
        low = middle;
      else
        high = middle;
    }
  return p < .5 ? -high : high;
}

double
rf_chi_square_upper (double x, double df)
{
  return rf_incomplete_gamma_upper (df / 2, MAX (x, 0) / 2);
}

double
rf_sample_mean (const double *x, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += x[i];
  return n ? sum / (double) n : NAN;
}

double
rf_sample_variance (const double *x, gsize n)
{
  double mean = rf_sample_mean (x, n), sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += (x[i] - mean) * (x[i] - mean);
  return n > 1 ? sum / (double) (n - 1) : NAN;
}

static int
by_value (gconstpointer a, gconstpointer b, gpointer data)
{
  const double *p = data;
  double x = p[*(const gsize *) a], y = p[*(const gsize *) b];

  return x < y ? -1 : x > y;
}

static gsize *
order_of (const double *p, gsize n)
{
  gsize *order = g_new (gsize, n + 1);

  for (gsize i = 0; i < n; i++)
    order[i] = i;
  rf_sort (order, n, sizeof *order, by_value, (gpointer) p);
  return order;
}

void
rf_adjust_holm (double *p, gsize n)
{
  g_autofree gsize *order = order_of (p, n);
  double worst = 0;

  for (gsize j = 0; j < n; j++)
    {
      worst = MAX (worst, MIN (p[order[j]] * (double) (n - j), 1));
      p[order[j]] = worst;
    }
}

void
rf_adjust_benjamini_hochberg (double *p, gsize n)
{
  g_autofree gsize *order = order_of (p, n);
  double best = 1;

  for (gsize j = n; j-- > 0;)
    {
      best = MIN (best, p[order[j]] * (double) n / (double) (j + 1));
      p[order[j]] = best;
    }
}
