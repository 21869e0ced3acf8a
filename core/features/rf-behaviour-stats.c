/* rf-behaviour-stats.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/features/rf-behaviour-stats.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/rf-parallel.h"
#include "core/base/rf-types.h"

#define DAY            86400
#define GRAIN_ENTITIES 512
#define METHOD         "behaviour-statistics-1"

static const struct
{
  const char *name, *title;
  gboolean heavy_tail; /* standardised as ln (1 + x) */
} stats[RF_N_STATS] = {
  { "count", N_("Interactions"), TRUE },
  { "partners", N_("Different partners"), TRUE },
  { "repeat_rate", N_("Share of repeats"), FALSE },
  { "percentile", N_("Popularity percentile"), FALSE },
  { "purchase_share", N_("Share of purchases"), FALSE },
  { "recency", N_("Days since the last"), TRUE },
  { "span", N_("Days from first to last"), TRUE },
  { "active_days", N_("Active days"), TRUE },
  { "frequency", N_("Interactions per active day"), TRUE },
  { "gap", N_("Mean days between two"), TRUE },
  { "rating_mean", N_("Mean rating"), FALSE },
  { "rating_deviation", N_("Deviation of ratings"), FALSE },
};

const char *
rf_behaviour_stat_get_name (RfBehaviourStat stat)
{
  RF_CHECK (stat < RF_N_STATS, "statistic %d", (int) stat);
  return stats[stat].name;
}

const char *
rf_behaviour_stat_get_title (RfBehaviourStat stat)
{
  RF_CHECK (stat < RF_N_STATS, "statistic %d", (int) stat);
  return _(stats[stat].title);
}

typedef struct
{
  const RfInteractions *all;
  const guint32 *entity, *partner;
  gsize *ptr;    /* n_entities + 1 */
  gsize *order;  /* interactions by entity, in file order */
  gint64 latest; /* of the whole catalog */
  int purchase;
  RfMatrix *out;
} Measuring;

static int
compare_times (const void *a, const void *b)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

  return left < right ? -1 : left > right;
}

static int
compare_partners (const void *a, const void *b)
{
  guint32 left = *(const guint32 *) a, right = *(const guint32 *) b;

  return left < right ? -1 : left > right;
}

static void
measure_partners (const Measuring *m, const gsize *order, gsize n, float *out)
{
  g_autofree guint32 *partners = g_new (guint32, n + 1);
  gboolean has_purchases = m->purchase >= 0 && m->all->event != NULL;
  gsize distinct = 0, purchases = 0;

  for (gsize k = 0; k < n; k++)
    {
      partners[k] = m->partner[order[k]];
      purchases += has_purchases && m->all->event[order[k]] == m->purchase;
    }
  qsort (partners, n, sizeof *partners, compare_partners);
  for (gsize k = 0; k < n; k++)
    distinct += k == 0 || partners[k] != partners[k - 1];
  out[RF_STAT_COUNT] = (float) n;
  out[RF_STAT_PARTNERS] = (float) distinct;
  out[RF_STAT_PURCHASE_SHARE] = has_purchases && n > 0 ? (float) ((double) purchases / (double) n) : NAN;
  out[RF_STAT_REPEAT_RATE] = n > 0 ? (float) (1.0 - (double) distinct / (double) n) : NAN;
}

/* The day of a time, also before 1970. */
static gint64
day_of (gint64 seconds)
{
  return seconds >= 0 ? seconds / DAY : -((DAY - 1 - seconds) / DAY);
}

static void
measure_times (const Measuring *m, const gsize *order, gsize n, float *out)
{
  g_autofree gint64 *times = g_new (gint64, n + 1);
  gsize known = 0, days = 0;
  double span;

  for (gsize k = 0; k < n; k++)
    if (m->all->timestamp[order[k]] != RF_NO_TIMESTAMP)
      times[known++] = m->all->timestamp[order[k]];
  if (known == 0)
    return;
  qsort (times, known, sizeof *times, compare_times);
  for (gsize k = 0; k < known; k++)
    days += k == 0 || day_of (times[k]) != day_of (times[k - 1]);
  span = (double) (times[known - 1] - times[0]) / DAY;
  out[RF_STAT_RECENCY] = (float) ((double) (m->latest - times[known - 1]) / DAY);
  out[RF_STAT_SPAN] = (float) span;
  out[RF_STAT_ACTIVE_DAYS] = (float) days;
  out[RF_STAT_FREQUENCY] = (float) ((double) known / (double) days);
  out[RF_STAT_GAP] = known > 1 ? (float) (span / (double) (known - 1)) : NAN;
}

static void
measure_ratings (const Measuring *m, const gsize *order, gsize n, float *out)
{
  double sum = 0, square = 0, mean;
  gsize known = 0;

  for (gsize k = 0; k < n; k++)
    if (!isnan (m->all->rating[order[k]]))
      {
        sum += m->all->rating[order[k]];
        known++;
      }
  if (known == 0)
    return;
  mean = sum / (double) known;
  for (gsize k = 0; k < n; k++)
    if (!isnan (m->all->rating[order[k]]))
      square += pow (m->all->rating[order[k]] - mean, 2);
  out[RF_STAT_RATING_MEAN] = (float) mean;
  out[RF_STAT_RATING_DEVIATION] = (float) sqrt (square / (double) known);
}

static void
measure_entities (size_t begin, size_t end, int worker, void *data)
{
  Measuring *m = data;

  for (gsize e = begin; e < end; e++)
    {
      const gsize *order = m->order + m->ptr[e];
      gsize n = m->ptr[e + 1] - m->ptr[e];
      float *out = rf_matrix_row (m->out, e);

      for (int s = 0; s < RF_N_STATS; s++)
        out[s] = NAN;
      measure_partners (m, order, n, out);
      measure_times (m, order, n, out);
      measure_ratings (m, order, n, out);
    }
}

/* Mid-ranks of the counts, as shares of the others. */
static void
rank_counts (RfMatrix *out)
{
  gsize n = out->rows, most = 0, below = 0;
  g_autofree gsize *histogram = NULL;

  for (gsize e = 0; e < n; e++)
    most = MAX (most, (gsize) rf_matrix_row (out, e)[RF_STAT_COUNT]);
  histogram = g_new0 (gsize, most + 1);
  for (gsize e = 0; e < n; e++)
    histogram[(gsize) rf_matrix_row (out, e)[RF_STAT_COUNT]]++;
  for (gsize c = 0; c <= most; c++) /* histogram[c] becomes twice the mid-rank */
    {
      gsize here = histogram[c];

      histogram[c] = 2 * below + (here > 0 ? here - 1 : 0);
      below += here;
    }
  for (gsize e = 0; e < n; e++)
    {
      float *row = rf_matrix_row (out, e);

      row[RF_STAT_PERCENTILE] = n > 1 ? (float) ((double) histogram[(gsize) row[RF_STAT_COUNT]] / 2 / (double) (n - 1)) : NAN;
    }
}

RfMatrix *
rf_behaviour_stats_new (const RfInteractions *interactions, const guint8 *mask, int purchase, guint32 n_entities, gboolean of_users)
{
  g_autofree gsize *ptr = g_new0 (gsize, (gsize) n_entities + 2), *order = g_new (gsize, interactions->n + 1);
  Measuring m = {
    .all = interactions,
    .entity = of_users ? interactions->user : interactions->item,
    .partner = of_users ? interactions->item : interactions->user,
    .ptr = ptr,
    .order = order,
    .latest = RF_NO_TIMESTAMP,
    .purchase = purchase,
    .out = rf_matrix_new (n_entities, RF_N_STATS),
  };

  /* Counting sort; ptr[e + 1] is first the place of the next interaction of e, at the end where those of e + 1 begin. */
  for (gsize k = 0; k < interactions->n; k++)
    if (mask == NULL || mask[k])
      {
        RF_CHECK (m.entity[k] < n_entities, "entity %u of %u", m.entity[k], n_entities);
        ptr[m.entity[k] + 2]++;
        m.latest = MAX (m.latest, interactions->timestamp[k]);
      }
  for (guint32 e = 0; e < n_entities; e++)
    ptr[e + 2] += ptr[e + 1];
  for (gsize k = 0; k < interactions->n; k++)
    if (mask == NULL || mask[k])
      order[ptr[m.entity[k] + 1]++] = k;
  rf_parallel_for (n_entities, GRAIN_ENTITIES, measure_entities, &m);
  rank_counts (m.out);
  return m.out;
}

static int
compare_values (const void *a, const void *b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return (left > right) - (left < right);
}

RfStatSummary
rf_behaviour_stats_summarise (const RfMatrix *stats_of, RfBehaviourStat stat)
{
  g_autofree double *values = g_new (double, stats_of->rows + 1);
  RfStatSummary s = { 0, NAN, NAN, NAN, NAN, NAN };
  double sum = 0, square = 0;

  RF_CHECK (stat < RF_N_STATS, "statistic %d", (int) stat);
  for (gsize e = 0; e < stats_of->rows; e++)
    {
      double value = rf_matrix_row (stats_of, e)[stat];

      if (isnan (value))
        continue;
      values[s.known++] = value;
      sum += value;
    }
  if (s.known == 0)
    return s;
  qsort (values, s.known, sizeof *values, compare_values);
  s.mean = sum / (double) s.known;
  for (gsize k = 0; k < s.known; k++)
    square += (values[k] - s.mean) * (values[k] - s.mean);
  s.deviation = sqrt (square / (double) s.known);
  s.least = values[0];
  s.median = s.known % 2 ? values[s.known / 2] : (values[s.known / 2 - 1] + values[s.known / 2]) / 2;
  s.most = values[s.known - 1];
  return s;
}

int
rf_behaviour_find_purchase (const RfCatalog *catalog)
{
  static const char *const names[] = { "purchase", "buy", "order", "transaction" };

  for (guint n = 0; n < G_N_ELEMENTS (names); n++)
    for (guint e = 0; e < rf_catalog_get_n_events (catalog); e++)
      if (g_ascii_strcasecmp (rf_catalog_get_event (catalog, e), names[n]) == 0)
        return (int) e;
  return -1;
}

static float
transform (float value, int stat)
{
  return stats[stat].heavy_tail ? log1pf (MAX (value, 0.0f)) : value;
}

RfFeatures *
rf_behaviour_stats_standardise (const RfMatrix *raw)
{
  RfMatrix *x = rf_matrix_new (raw->rows, RF_N_STATS);
  guint8 *available = g_new0 (guint8, raw->rows + 1);

  for (gsize e = 0; e < raw->rows; e++)
    available[e] = rf_matrix_row (raw, e)[RF_STAT_COUNT] > 0;
  for (int s = 0; s < RF_N_STATS; s++)
    {
      double sum = 0, square = 0, mean, deviation;
      gsize known = 0;

      for (gsize e = 0; e < raw->rows; e++)
        {
          float value = transform (rf_matrix_row (raw, e)[s], s);

          if (!available[e] || isnan (value))
            continue;
          sum += value;
          square += (double) value * value;
          known++;
        }
      mean = known > 0 ? sum / (double) known : 0;
      deviation = known > 0 ? sqrt (MAX (square / (double) known - mean * mean, 0)) : 0;
      for (gsize e = 0; e < raw->rows; e++)
        {
          float value = transform (rf_matrix_row (raw, e)[s], s);

          if (available[e] && !isnan (value) && deviation > 1e-6)
            rf_matrix_row (x, e)[s] = (float) ((value - mean) / deviation);
        }
    }
  return rf_features_new ("statistics", METHOD, x, available);
}
