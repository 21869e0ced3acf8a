/* rf-compare.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/eval/rf-compare.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/catalog/rf-catalog.h"
#include "core/eval/rf-statistics.h"

/* Up to so many differences the signed-rank distribution is counted out. */
#define EXACT_MAX 50

typedef struct
{
  double size;
  double sign;
} Signed;

static int
by_size (const void *a, const void *b)
{
  double x = ((const Signed *) a)->size, y = ((const Signed *) b)->size;

  return x < y ? -1 : x > y;
}

/* P (W <= w) of the sum of twice the ranks of a random half: counts[s] of the 2^n choices of signs give the sum s. */
static double
exact_lower_tail (const guint *twice, gsize n, guint w)
{
  guint total = 0;
  g_autofree double *share = NULL;
  double tail = 0;

  for (gsize i = 0; i < n; i++)
    total += twice[i];
  share = g_new0 (double, (gsize) total + 1);
  share[0] = 1;
  for (gsize i = 0; i < n; i++)
    for (guint s = total + 1; s-- > 0;)
      share[s] = .5 * share[s] + (s >= twice[i] ? .5 * share[s - twice[i]] : 0);
  for (guint s = 0; s <= MIN (w, total); s++)
    tail += share[s];
  return tail;
}

/* Fills w, w_p and rank_biserial from the differences. */
static void
signed_rank (const double *d, gsize n, RfComparison *out)
{
  g_autofree Signed *x = g_new (Signed, n + 1);
  g_autofree guint *twice = g_new (guint, n + 1);
  double plus = 0, minus = 0, correction = 0;
  gsize m = 0;

  for (gsize i = 0; i < n; i++)
    if (d[i] != 0)
      x[m++] = (Signed) { fabs (d[i]), d[i] > 0 ? 1 : -1 };
  qsort (x, m, sizeof *x, by_size);
  for (gsize i = 0; i < m;)
    {
      gsize end = i + 1;

      while (end < m && x[end].size == x[i].size)
        end++;
      for (gsize j = i; j < end; j++)
        {
          twice[j] = (guint) (i + end + 1);
          *(x[j].sign > 0 ? &plus : &minus) += .5 * twice[j];
        }
      correction += pow ((double) (end - i), 3) - (double) (end - i);
      i = end;
    }
  out->w = MIN (plus, minus);
  out->w_p = 1;
  out->rank_biserial = m ? (plus - minus) / (plus + minus) : 0;
  if (m == 0)
    return;
  if (m <= EXACT_MAX)
    out->w_p = MIN (1, 2 * exact_lower_tail (twice, m, (guint) lround (2 * out->w)));
  else
    {
      double k = (double) m, variance = k * (k + 1) * (2 * k + 1) / 24 - correction / 48;

      out->w_p = rf_normal_two_sided ((out->w - k * (k + 1) / 4) / sqrt (variance));
    }
}

typedef struct
{
  const double *d;
  gsize n;
  guint64 seed;
  double *means;
  guint resamples;
  RfProgress *progress;
  gint stop;
} Bootstrap;

static void
resample (size_t begin, size_t end, int worker, void *data)
{
  Bootstrap *b = data;

  if (g_atomic_int_get (&b->stop))
    return;
  if (!rf_progress_step (b->progress, _("Comparing users"), (double) begin / b->resamples, NULL))
    g_atomic_int_set (&b->stop, 1);
  for (size_t r = begin; r < end; r++)
    {
      RfRng rng = rf_rng_new (b->seed, r);
      double sum = 0;

      for (gsize i = 0; i < b->n; i++)
        sum += b->d[rf_rng_below (&rng, (guint32) b->n)];
      b->means[r] = sum / (double) b->n;
    }
}

static int
ascending (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/* The p-quantile of sorted values, linear between the two nearest (type 7 of Hyndman and Fan 1996). */
static double
quantile (const double *sorted, gsize n, double p)
{
  double at = p * (double) (n - 1);
  gsize below = (gsize) at;

  return below + 1 < n ? sorted[below] + (at - (double) below) * (sorted[below + 1] - sorted[below]) : sorted[n - 1];
}

static gboolean
bootstrap (const double *d, gsize n, const RfCompareOptions *options, RfComparison *out, RfProgress *progress, GError **error)
{
  g_autofree double *means = g_new (double, (gsize) options->resamples + 1);
  Bootstrap b = { d, n, options->seed, means, options->resamples, progress, 0 };

  out->low = out->high = NAN;
  if (options->resamples == 0 || n == 0)
    return TRUE;
  rf_parallel_for (options->resamples, 50, resample, &b);
  if (b.stop)
    {
      rf_progress_step (progress, "", 0, error);
      return FALSE;
    }
  qsort (means, options->resamples, sizeof *means, ascending);
  out->low = quantile (means, options->resamples, options->alpha / 2);
  out->high = quantile (means, options->resamples, 1 - options->alpha / 2);
  return TRUE;
}

gboolean
rf_compare (const double *a, const double *b, gsize n, const RfCompareOptions *options, RfComparison *out, RfProgress *progress,
            GError **error)
{
  g_autofree double *d = g_new (double, n + 1);
  double deviation;

  *out = (RfComparison) { 0 };
  for (gsize i = 0; i < n; i++)
    {
      if (isnan (a[i]) || isnan (b[i]))
        continue;
      out->mean_a += a[i];
      out->mean_b += b[i];
      d[out->n++] = b[i] - a[i];
      out->wins += b[i] > a[i];
      out->ties += b[i] == a[i];
      out->losses += b[i] < a[i];
    }
  out->mean_a /= (double) out->n;
  out->mean_b /= (double) out->n;
  out->difference = rf_sample_mean (d, out->n);
  deviation = sqrt (rf_sample_variance (d, out->n));
  out->effect = deviation > 0 ? out->difference / deviation : NAN;
  out->t = out->effect * sqrt ((double) out->n);
  out->t_p = isnan (out->t) ? NAN : rf_student_two_sided (out->t, (double) out->n - 1);
  signed_rank (d, out->n, out);
  return bootstrap (d, out->n, options, out, progress, error);
}

double
rf_rank_biased_overlap (const guint32 *a, const guint32 *b, guint k, double p)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);
  double sum = 0, weight = 1;
  guint common = 0, depth = 0;

  for (; depth < k && a[depth] != RF_NO_INDEX && b[depth] != RF_NO_INDEX; depth++)
    {
      /* Items of one list that the other already had; in the table each item is once. */
      common += !g_hash_table_add (seen, GUINT_TO_POINTER (a[depth] + 1));
      common += !g_hash_table_add (seen, GUINT_TO_POINTER (b[depth] + 1));
      weight *= p;
      sum += (double) common / (depth + 1) * weight;
    }
  return depth ? (double) common / depth * weight + (1 - p) / p * sum : 0;
}
