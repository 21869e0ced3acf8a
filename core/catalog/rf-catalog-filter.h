/* rf-catalog-filter.h: which of the interactions that are well-formed a catalog should keep.
 *
 * The rules are applied in this order: weights of events, their sum for a user and an item, rating, dates, abnormal users, k-core. What each took out is told in the
 * import report ("filter-rating", ...; once per rule, with counts before and after; abnormal users one by one; "filter-result": what is left of
 * interactions, users and items).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/catalog/rf-catalog.h"
#include "core/catalog/rf-import-report.h"

G_BEGIN_DECLS

typedef enum
{
  RF_ABNORMAL_OFF,
  RF_ABNORMAL_FLAG, /* told, kept */
  RF_ABNORMAL_DROP, /* told, their interactions dropped */
} RfAbnormal;

/* All zero (and dates RF_NO_TIMESTAMP): nothing is filtered. */
typedef struct
{
  const char *const *events; /* "view=0", "purchase=3", NULL-terminated, or NULL; others weigh 1; events of weight 0 are dropped */
  double min_weight;         /* the weights of all a user did with an item must add up to that, or all of it is dropped; 0: any */
  gboolean has_min_rating;
  double min_rating;         /* implicit feedback from ratings: lower ones are dropped; interactions without rating stay */
  gint64 since, until;       /* since <= time < until; without a time: dropped when a date is given */
  RfAbnormal abnormal;
  guint max_per_minute;      /* more interactions than that within 60 s are a machine's; 0: 100 */
  guint k_core;              /* every user and item keeps at least that many, or goes */
} RfFilterOptions;

/* A user is abnormal who has
 *   - a modified z-score of ln (count) above 3.5: 0.6745 (x - median) / MAD (Iglewicz and Hoaglin 1993), and at least 50 interactions;
 *   - more than max_per_minute interactions within 60 seconds, at different items; or
 *   - at least 20 interactions of which more than nine in ten are with one item. */
void rf_catalog_filter (RfCatalogBuilder *builder, const RfFilterOptions *options, RfImportReport *report);

/* What is wrong with the options, or TRUE. RF_ERROR_CONFIG. */
gboolean rf_filter_options_check (const RfFilterOptions *options, GError **error);

G_END_DECLS
