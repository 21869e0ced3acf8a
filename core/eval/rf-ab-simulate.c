/* rf-ab-simulate.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/eval/rf-ab-simulate.h"

#include <math.h>

#include "core/catalog/rf-catalog.h"
#include "core/eval/rf-statistics.h"

static gboolean
contains (const guint32 *list, guint n, guint32 item)
{
  for (guint j = 0; j < n; j++)
    if (list[j] == item)
      return TRUE;
  return FALSE;
}

/* The next item of a list that is not in out; RF_NO_INDEX: none. */
static guint32
next_of (const guint32 *list, guint k, guint *at, const guint32 *out, guint n)
{
  while (*at < k && list[*at] != RF_NO_INDEX && contains (out, n, list[*at]))
    (*at)++;
  return *at < k ? list[*at] : RF_NO_INDEX;
}

guint
rf_interleave (const guint32 *a, const guint32 *b, guint k, RfRng *rng, guint32 *out, guint8 *team)
{
  const guint32 *const lists[2] = { a, b };
  guint at[2] = { 0, 0 }, n = 0;

  for (gboolean any = TRUE; any && n < k;)
    {
      guint first = rf_rng_below (rng, 2);

      any = FALSE;
      for (guint turn = 0; turn < 2 && n < k; turn++)
        {
          guint t = turn ^ first;
          guint32 item = next_of (lists[t], k, &at[t], out, n);

          if (item == RF_NO_INDEX)
            continue;
          any = TRUE;
          team[n] = (guint8) t;
          out[n++] = item;
        }
    }
  return n;
}

static double
attraction (const RfClickModel *model, const RfCsr *relevant, guint32 user, guint32 item)
{
  return rf_csr_contains (relevant, user, item) ? model->attract : model->noise;
}

static double
expected_clicks (const guint32 *list, guint k, const RfCsr *relevant, guint32 user, const RfClickModel *model)
{
  double sum = 0;

  for (guint j = 0; j < k && list[j] != RF_NO_INDEX; j++)
    sum += pow (j + 1, -model->eta) * attraction (model, relevant, user, list[j]);
  return sum;
}

/* Two-sided exact sign test: twice the binomial tail with p = 1/2, which is an incomplete beta function. */
static double
sign_test (guint32 wins, guint32 losses)
{
  double n = (double) wins + losses, x = MAX (wins, losses);

  return n == 0 ? 1 : MIN (1, 2 * rf_incomplete_beta (x, n - x + 1, .5));
}

void
rf_simulate_interleaving (const guint32 *a, const guint32 *b, guint k, const RfCsr *relevant, const RfClickModel *model, guint64 seed,
                          RfInterleaving *out)
{
  g_autofree guint32 *shown = g_new (guint32, k + 1);
  g_autofree guint8 *team = g_new (guint8, k + 1);

  *out = (RfInterleaving) { 0 };
  for (guint32 u = 0; u < relevant->rows; u++)
    {
      const guint32 *list_a = a + (gsize) u * k, *list_b = b + (gsize) u * k;
      RfRng rng = rf_rng_new (seed, u);
      guint clicks[2] = { 0, 0 }, n;

      if (rf_csr_row_length (relevant, u) == 0)
        continue;
      n = rf_interleave (list_a, list_b, k, &rng, shown, team);
      for (guint j = 0; j < n; j++)
        clicks[team[j]] += rf_rng_uniform (&rng) < pow (j + 1, -model->eta) * attraction (model, relevant, u, shown[j]);
      out->users++;
      out->wins_a += clicks[0] > clicks[1];
      out->wins_b += clicks[1] > clicks[0];
      out->ties += clicks[0] == clicks[1];
      out->clicks_a += expected_clicks (list_a, k, relevant, u, model);
      out->clicks_b += expected_clicks (list_b, k, relevant, u, model);
    }
  out->clicks_a /= MAX (out->users, 1);
  out->clicks_b /= MAX (out->users, 1);
  out->p = sign_test (out->wins_a, out->wins_b);
}

void
rf_replay (const double *reward, const double *logged, const double *target, gsize n, double clip, RfReplay *out)
{
  g_autofree double *earned = g_new (double, n + 1);
  double sum = 0, square = 0, clipped = 0;

  for (gsize e = 0; e < n; e++)
    {
      double ratio = target[e] / logged[e];

      earned[e] = reward[e] * ratio;
      clipped += reward[e] * MIN (ratio, clip);
      sum += ratio;
      square += ratio * ratio;
    }
  *out = (RfReplay) { .n = n, .ips = rf_sample_mean (earned, n), .ips_error = sqrt (rf_sample_variance (earned, n) / (double) n) };
  out->clipped = clipped / (double) n;
  out->snips = sum > 0 ? out->ips * (double) n / sum : NAN;
  out->effective_n = square > 0 ? sum * sum / square : 0;
}

static guint
length_of (const guint32 *list, guint k)
{
  guint n = 0;

  while (n < k && list[n] != RF_NO_INDEX)
    n++;
  return n;
}

void
rf_simulate_replay (const guint32 *a, const guint32 *b, guint k, guint32 n_items, const RfCsr *relevant, const RfClickModel *model, double explore,
                    guint64 seed, RfReplay *out, double *truth)
{
  g_autofree double *reward = g_new (double, (gsize) relevant->rows + 1), *logged = g_new (double, (gsize) relevant->rows + 1);
  g_autofree double *target = g_new (double, (gsize) relevant->rows + 1);
  double earned = 0;
  gsize n = 0;

  for (guint32 u = 0; u < relevant->rows; u++)
    {
      const guint32 *list_a = a + (gsize) u * k, *list_b = b + (gsize) u * k;
      guint n_a = length_of (list_a, k), n_b = length_of (list_b, k);
      RfRng rng = rf_rng_new (seed, u);
      guint32 item;

      if (rf_csr_row_length (relevant, u) == 0 || n_a == 0 || n_b == 0)
        continue;
      item = rf_rng_uniform (&rng) < explore ? rf_rng_below (&rng, n_items) : list_a[rf_rng_below (&rng, n_a)];
      logged[n] = explore / n_items + (contains (list_a, n_a, item) ? (1 - explore) / n_a : 0);
      target[n] = contains (list_b, n_b, item) ? 1.0 / n_b : 0;
      reward[n++] = rf_rng_uniform (&rng) < attraction (model, relevant, u, item);
      for (guint j = 0; j < n_b; j++)
        earned += attraction (model, relevant, u, list_b[j]) / n_b;
    }
  *truth = n ? earned / (double) n : NAN;
  rf_replay (reward, logged, target, n, 100, out);
}
