/* rf-behaviour-stats.h: what the interactions of a user (or with an item) look like, in numbers: shown to the analyst, and
 * the dense part of the behaviour modality.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/catalog/rf-catalog.h"
#include "core/features/rf-features.h"

G_BEGIN_DECLS

typedef enum
{
  RF_STAT_COUNT,            /* interactions */
  RF_STAT_PARTNERS,         /* different items of a user, users of an item */
  RF_STAT_REPEAT_RATE,      /* 1 - partners / count */
  RF_STAT_PERCENTILE,       /* share of all others with a smaller count, equal ones half: 0 .. 1 */
  RF_STAT_PURCHASE_SHARE,   /* interactions that are purchases, of all */
  RF_STAT_RECENCY,          /* days from the last one to the last of the whole catalog */
  RF_STAT_SPAN,             /* days from the first to the last */
  RF_STAT_ACTIVE_DAYS,      /* different days (UTC) */
  RF_STAT_FREQUENCY,        /* interactions per active day */
  RF_STAT_GAP,              /* mean days between two neighbours; needs two */
  RF_STAT_RATING_MEAN,
  RF_STAT_RATING_DEVIATION, /* population standard deviation */
  RF_N_STATS,
} RfBehaviourStat;

/* A stable machine name, and a title for people (translated). */
const char *rf_behaviour_stat_get_name (RfBehaviourStat stat);
const char *rf_behaviour_stat_get_title (RfBehaviourStat stat);

/* n_entities x RF_N_STATS: users if of_users, else items. NAN where there is nothing to measure (no rating, no timestamp, no
 * interaction; counts are 0 then). mask: NULL, or one byte per interaction, 0 = not counted (held out for a test). purchase:
 * the event that is a purchase (rf_behaviour_find_purchase), or -1. All cores. */
RfMatrix *rf_behaviour_stats_new (const RfInteractions *interactions, const guint8 *mask, int purchase, guint32 n_entities, gboolean of_users) G_GNUC_WARN_UNUSED_RESULT;

/* One statistic over all users, or items. */
typedef struct
{
  gsize known; /* of how many there is a value; the rest is NAN then */
  double mean, deviation, least, median, most;
} RfStatSummary;

RfStatSummary rf_behaviour_stats_summarise (const RfMatrix *stats, RfBehaviourStat stat);

/* The number of the catalog's event that is called purchase, buy, order or transaction (in any case); -1 if there is none. */
int rf_behaviour_find_purchase (const RfCatalog *catalog);

/* As features: counts, days and gaps as ln (1 + x), then every column with mean 0 and deviation 1 over those where it is
 * known; what is not known is 0, the mean. Available: at least one interaction. Named "statistics". */
RfFeatures *rf_behaviour_stats_standardise (const RfMatrix *stats) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
