/* rf-catalog-stats.h: what a catalog looks like as a whole, in numbers for charts, each with a sentence that says its message.
 *
 * Gini coefficient of n counts in ascending order: sum_i (2 i - n - 1) x_i / (n sum_i x_i), i = 1 .. n (0: all equal; 1: one has all).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/rf-progress.h"
#include "core/catalog/rf-catalog.h"
#include "core/catalog/rf-workspace.h"

G_BEGIN_DECLS

#define RF_STATS_BINS     24
#define RF_STATS_TEXTS    20000 /* at most so many texts are counted, */
#define RF_STATS_PICTURES 1000  /* and so many pictures measured, evenly spread over the catalog */

/* Interactions per item or per user. */
typedef struct
{
  guint n;               /* different counts */
  double *count;         /* ascending */
  double *entities;      /* how many have that count */
  guint n_lorenz;
  double *lorenz_x, *lorenz_y; /* shares of the entities, least first, and of the interactions */
  double gini;
  double top_share;      /* share of the entities, most first, that have half of all interactions */
  guint32 n_none;        /* entities without any */
  char *message, *lorenz_message; /* NULL without interactions */
} RfCountStats;

/* Equal bins of values. */
typedef struct
{
  double low, high;
  guint counts[RF_STATS_BINS];
  guint n;
  double median;
  char *message; /* NULL: there are no values */
} RfSpreadStats;

/* Named numbers. */
typedef struct
{
  guint n;
  char **names;
  double *values;
  char *message; /* NULL: there is nothing */
} RfColumnStats;

typedef struct
{
  RfCountStats items, users;
  RfColumnStats time;         /* interactions per day, month or year */
  int time_unit;              /* 'd', 'm', 'y' */
  RfColumnStats ratings;
  RfColumnStats availability; /* shares of the items that have "image", "text", "behaviour", further features; without a message */
  RfSpreadStats words;        /* of a text */
  RfSpreadStats sizes;        /* longer side of a picture, pixels */
  gboolean sizes_of_source;   /* of the files imported from; else of the small ones in the document */
} RfCatalogStats;

/* workspace: of the same catalog. Errors: cancelled, and those of the workspace. Some seconds for 100,000 items. */
RfCatalogStats *rf_catalog_stats_new (const RfCatalog *catalog, RfWorkspace *workspace, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_catalog_stats_free (RfCatalogStats *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfCatalogStats, rf_catalog_stats_free)

G_END_DECLS
