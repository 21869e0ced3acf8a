/* rf-ab-plan.c: how many users, and who gets what. Declared in rf-ab.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/eval/rf-ab.h"
#include "core/eval/rf-statistics.h"

gboolean
rf_ab_design_check (const RfAbDesign *d, GError **error)
{
  const char *wrong = NULL;

  if (!(d->alpha > 0 && d->alpha < 1))
    wrong = _("The error rate alpha must be between 0 and 1.");
  else if (!(d->power > d->alpha && d->power < 1))
    wrong = _("The power must be between alpha and 1.");
  else if (d->arms < 2 || d->arms > 100)
    wrong = _("A test has 2 to 100 arms.");
  else if (d->is_mean && !(d->deviation > 0))
    wrong = _("The standard deviation must be above 0.");
  else if (!d->is_mean && !(d->base > 0 && d->base < 1))
    wrong = _("The proportion now must be between 0 and 1.");
  if (wrong)
    g_set_error_literal (error, RF_ERROR, RF_ERROR_CONFIG, wrong);
  return wrong == NULL;
}

/* z of the two-sided error rate that is left for one comparison. */
static double
z_alpha (const RfAbDesign *d)
{
  return rf_normal_quantile (1 - d->alpha / (d->arms - 1) / 2);
}

static double
exact_size (const RfAbDesign *d, double effect)
{
  double za = z_alpha (d), zb = rf_normal_quantile (d->power);
  double p1 = d->base, p2 = d->base + effect, p = (p1 + p2) / 2;

  if (d->is_mean)
    return 2 * pow ((za + zb) * d->deviation / effect, 2) + za * za / 4;
  if (!(p2 >= 0 && p2 <= 1))
    return INFINITY;
  return pow ((za * sqrt (2 * p * (1 - p)) + zb * sqrt (p1 * (1 - p1) + p2 * (1 - p2))) / effect, 2);
}

guint64
rf_ab_sample_size (const RfAbDesign *design, double effect)
{
  double n = exact_size (design, effect);

  return n < 1e18 ? (guint64) ceil (n - 1e-9) : G_MAXUINT64;
}

double
rf_ab_power (const RfAbDesign *d, double effect, double n)
{
  double za = z_alpha (d), p1 = d->base, p2 = d->base + effect, p = (p1 + p2) / 2;

  if (d->is_mean)
    return rf_normal_cdf (fabs (effect) / d->deviation * sqrt (MAX (n - za * za / 4, 0) / 2) - za);
  if (!(p2 >= 0 && p2 <= 1))
    return NAN;
  return rf_normal_cdf ((fabs (effect) * sqrt (n) - za * sqrt (2 * p * (1 - p))) / sqrt (p1 * (1 - p1) + p2 * (1 - p2)));
}

/* Power grows with the effect: halve the interval. */
double
rf_ab_detectable (const RfAbDesign *d, double n)
{
  double low = 0, high = d->is_mean ? d->deviation : 1 - d->base;

  while (d->is_mean && rf_ab_power (d, high, n) < d->power && high < d->deviation * 1e6)
    high *= 2;
  if (!(rf_ab_power (d, high, n) >= d->power))
    return NAN;
  for (int step = 0; step < 200; step++)
    {
      double middle = .5 * (low + high);

      if (rf_ab_power (d, middle, n) < d->power)
        low = middle;
      else
        high = middle;
    }
  return high;
}

double
rf_ab_days (const RfAbDesign *design, guint64 n_per_arm, double users_per_day)
{
  return ceil ((double) n_per_arm * design->arms / users_per_day);
}

guint
rf_ab_assign (const char *salt, const char *user_id, const double *weights, guint n_arms)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;
  guint64 bits = 0;
  double total = 0, at, share;
  guint arm = 0;

  g_checksum_update (checksum, (const guchar *) salt, (gssize) strlen (salt) + 1);
  g_checksum_update (checksum, (const guchar *) user_id, (gssize) strlen (user_id));
  g_checksum_get_digest (checksum, digest, &length);
  for (int i = 0; i < 8; i++)
    bits = bits << 8 | digest[i];
  for (guint i = 0; i < n_arms; i++)
    total += weights[i];
  share = (double) (bits >> 11) * 0x1.0p-53 * total;
  for (at = weights[0]; share >= at && arm + 1 < n_arms; at += weights[arm])
    arm++;
  return arm;
}

double
rf_ab_sample_ratio (const guint64 *counts, const double *weights, guint n_arms)
{
  double n = 0, total = 0, chi = 0;

  for (guint i = 0; i < n_arms; i++)
    {
      n += (double) counts[i];
      total += weights[i];
    }
  for (guint i = 0; i < n_arms && n > 0; i++)
    {
      double expected = n * weights[i] / total;

      chi += pow ((double) counts[i] - expected, 2) / expected;
    }
  return rf_chi_square_upper (chi, n_arms - 1);
}
