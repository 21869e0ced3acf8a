/* rf-ab-analyse.c: what came out of a test. Declared in rf-ab.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "core/eval/rf-ab.h"
#include "core/eval/rf-statistics.h"

/* Before so many users in each arm a mean is not normal enough for the sequential test. */
#define BURN_IN 100

static const char *const names[] = { "conversion_rate", "click_rate", "clicks_per_user", "conversions_per_user", "value_per_user", "value_per_user_cuped" };

G_STATIC_ASSERT (G_N_ELEMENTS (names) == RF_AB_N_METRICS);

const char *
rf_ab_metric_name (RfAbMetric metric)
{
  return names[metric];
}

/* Running sums of two numbers of users: Welford's update, also for the product. */
typedef struct
{
  double n, mean_x, mean_y, xx, yy, xy;
} Moments;

static void
moments_add (Moments *m, double x, double y)
{
  double dx = x - m->mean_x, dy = y - m->mean_y;

  m->n++;
  m->mean_x += dx / m->n;
  m->mean_y += dy / m->n;
  m->xx += dx * (x - m->mean_x);
  m->yy += dy * (y - m->mean_y);
  m->xy += dx * (y - m->mean_y);
}

double
rf_ab_welch (double mean_a, double var_a, double n_a, double mean_b, double var_b, double n_b, double alpha, double *half)
{
  double sa = var_a / n_a, sb = var_b / n_b, error = sqrt (sa + sb);
  double df = (sa + sb) * (sa + sb) / (sa * sa / (n_a - 1) + sb * sb / (n_b - 1));

  if (!(error > 0))
    {
      *half = 0;
      return mean_a == mean_b ? 1 : 0;
    }
  *half = error * rf_student_quantile (1 - alpha / 2, df);
  return rf_student_two_sided ((mean_b - mean_a) / error, df);
}

/* Wilson's interval of one proportion. */
static void
wilson (double x, double n, double z, double *low, double *high)
{
  double p = x / n, middle = p + z * z / (2 * n), half = z * sqrt (p * (1 - p) / n + z * z / (4 * n * n)), scale = 1 + z * z / n;

  *low = (middle - half) / scale;
  *high = (middle + half) / scale;
}

void
rf_ab_newcombe (double x_a, double n_a, double x_b, double n_b, double alpha, double *low, double *high)
{
  double z = rf_normal_quantile (1 - alpha / 2), a = x_a / n_a, b = x_b / n_b, la, ua, lb, ub;

  wilson (x_a, n_a, z, &la, &ua);
  wilson (x_b, n_b, z, &lb, &ub);
  *low = b - a - sqrt ((b - lb) * (b - lb) + (ua - a) * (ua - a));
  *high = b - a + sqrt ((ub - b) * (ub - b) + (a - la) * (a - la));
}

/* The number of a user that is averaged; the click rate has two. */
static double
number_of (const RfAbUser *user, RfAbMetric metric, double theta, double mean_before)
{
  switch (metric)
    {
    case RF_AB_CONVERSION: return user->conversions > 0;
    case RF_AB_CLICK_RATE:
    case RF_AB_CLICKS: return user->clicks;
    case RF_AB_CONVERSIONS: return user->conversions;
    case RF_AB_VALUE_CUPED: return user->value - theta * (user->before - mean_before);
    case RF_AB_VALUE:
    default: return user->value;
    }
}

typedef struct
{
  const RfAbLog *log;
  guint treatment;
  RfAbMetric metric;
  double theta, mean_before;
  Moments arm[2]; /* y: the number; x: impressions, or what CUPED has without its correction */
} Test;

/* The users of the two arms that count; NULL user: skip. */
static const RfAbUser *
user_of (const Test *test, guint i, guint *side)
{
  const RfAbUser *user = &g_array_index (test->log->users, RfAbUser, i);

  if ((user->arm != 0 && user->arm != test->treatment) || (test->metric == RF_AB_VALUE_CUPED && isnan (user->before)))
    return NULL;
  *side = user->arm != 0;
  return user;
}

/* theta = cov (value, before) / var (before), inside the arms so that an effect does not enter. */
static void
fit_cuped (Test *test)
{
  Moments side[2] = { { 0 } };
  guint s;

  for (guint i = 0; i < test->log->users->len; i++)
    {
      const RfAbUser *user = user_of (test, i, &s);

      if (user)
        moments_add (&side[s], user->before, user->value);
    }
  test->theta = side[0].xx + side[1].xx > 0 ? (side[0].xy + side[1].xy) / (side[0].xx + side[1].xx) : 0;
  test->mean_before = (side[0].mean_x * side[0].n + side[1].mean_x * side[1].n) / (side[0].n + side[1].n);
}

/* The mixture sequential ratio test with a normal mixture of deviation tau over the difference, for a difference d of variance v:
 * sqrt (v / (v + tau^2)) exp (tau^2 d^2 / (2 v (v + tau^2))). tau is a tenth of a user's deviation, taken when the test begins. */
static double
mixture_ratio (const Moments *a, const Moments *b, double tau2)
{
  double v = a->yy / (a->n - 1) / a->n + b->yy / (b->n - 1) / b->n, d = b->mean_y - a->mean_y;

  return v > 0 ? sqrt (v / (v + tau2)) * exp (tau2 * d * d / (2 * v * (v + tau2))) : 1;
}

static void
collect (Test *test, double *sequential_p)
{
  double best = 0, tau2 = -1;
  guint s;

  for (guint i = 0; i < test->log->users->len; i++)
    {
      const RfAbUser *user = user_of (test, i, &s);

      if (user == NULL)
        continue;
      moments_add (&test->arm[s], test->metric == RF_AB_CLICK_RATE ? user->impressions : user->value,
                   number_of (user, test->metric, test->theta, test->mean_before));
      if (test->arm[0].n < BURN_IN || test->arm[1].n < BURN_IN)
        continue;
      if (!(tau2 > 0))
        tau2 = .01 * (test->arm[0].yy + test->arm[1].yy) / (test->arm[0].n + test->arm[1].n - 2);
      if (tau2 > 0)
        best = MAX (best, mixture_ratio (&test->arm[0], &test->arm[1], tau2));
    }
  *sequential_p = best > 0 && test->metric != RF_AB_CLICK_RATE ? MIN (1, 1 / best) : NAN;
}

/* Value and variance of the arm's mean (not of a user). For a ratio y/x: (var y - 2 r cov + r^2 var x) / (n mean_x^2). */
static void
summarise (const Test *test, guint side, double *value, double *variance)
{
  const Moments *m = &test->arm[side];
  double r = m->mean_y / m->mean_x, df = m->n - 1;

  *value = m->mean_y;
  *variance = m->yy / df / m->n;
  if (test->metric == RF_AB_CLICK_RATE)
    {
      *value = r;
      *variance = (m->yy - 2 * r * m->xy + r * r * m->xx) / df / m->n / (m->mean_x * m->mean_x);
    }
}

/* The interval of b/a - 1: relative variances add (independent arms). */
static void
fill_lift (RfAbResult *out, double var_a, double var_b, double alpha)
{
  double half;

  out->lift = out->lift_low = out->lift_high = NAN;
  if (out->a == 0)
    return;
  half = rf_normal_quantile (1 - alpha / 2) * sqrt (var_b / (out->a * out->a) + out->b * out->b * var_a / pow (out->a, 4));
  out->lift = out->difference / out->a;
  out->lift_low = out->lift - half;
  out->lift_high = out->lift + half;
}

static void
test_proportions (const Test *test, double alpha, RfAbResult *out)
{
  double n_a = test->arm[0].n, n_b = test->arm[1].n, p = (out->a * n_a + out->b * n_b) / (n_a + n_b), error = sqrt (p * (1 - p) * (1 / n_a + 1 / n_b));

  rf_ab_newcombe (out->a * n_a, n_a, out->b * n_b, n_b, alpha, &out->low, &out->high);
  out->p = error > 0 ? rf_normal_two_sided (out->difference / error) : 1;
}

gboolean
rf_ab_analyse (const RfAbLog *log, guint treatment, RfAbMetric metric, double alpha, RfAbResult *out)
{
  Test test = { .log = log, .treatment = treatment, .metric = metric };
  double var_a, var_b, half;

  *out = (RfAbResult) { .reduction = NAN };
  if (metric == RF_AB_VALUE_CUPED)
    fit_cuped (&test);
  collect (&test, &out->sequential_p);
  out->n_a = (gsize) test.arm[0].n;
  out->n_b = (gsize) test.arm[1].n;
  if (out->n_a < 2 || out->n_b < 2 || (metric == RF_AB_CLICK_RATE && !(test.arm[0].mean_x > 0 && test.arm[1].mean_x > 0)))
    return FALSE;
  summarise (&test, 0, &out->a, &var_a);
  summarise (&test, 1, &out->b, &var_b);
  out->difference = out->b - out->a;
  if (metric == RF_AB_CONVERSION)
    test_proportions (&test, alpha, out);
  else
    {
      out->p = rf_ab_welch (out->a, var_a * test.arm[0].n, test.arm[0].n, out->b, var_b * test.arm[1].n, test.arm[1].n, alpha, &half);
      out->low = out->difference - half;
      out->high = out->difference + half;
    }
  if (metric == RF_AB_VALUE_CUPED && test.arm[0].xx + test.arm[1].xx > 0)
    out->reduction = 1 - (test.arm[0].yy + test.arm[1].yy) / (test.arm[0].xx + test.arm[1].xx);
  fill_lift (out, var_a, var_b, alpha);
  return TRUE;
}
