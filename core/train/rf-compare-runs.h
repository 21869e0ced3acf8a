/* rf-compare-runs.h: two or more runs on the same split, user by user: what the Compare page, the reports and `refract-cli compare` show.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/eval/rf-ab-simulate.h"
#include "core/eval/rf-compare.h"
#include "core/train/rf-trainer.h"

G_BEGIN_DECLS

typedef struct
{
  const char *metric; /* "recall", "ndcg", "precision", "map", "hit_rate", "mrr" */
  guint k;
  RfPart part;        /* RF_PART_VALID, or RF_PART_TEST as an explicit act */
  double alpha;
  guint resamples;    /* of the bootstrap */
  guint min_support;  /* users of a slice that the finder may report */
} RfRunCompareOptions;

/* Every metric that runs are compared by, at the same cut-off. */
#define RF_COMPARED_METRICS 6
const char *rf_compared_metric (guint m); /* "recall", "ndcg", ... */

/* Run `other` against the first. */
typedef struct
{
  guint other;
  RfComparison c;
  RfComparison metrics[RF_COMPARED_METRICS]; /* the same for each metric; one of them is c */
  RfInterleaving interleaving; /* of the two lists, with the reader {1, .6, .05} and seed 1, as `refract-cli ab simulate` */
  double t_holm, w_holm; /* p-values after Holm over all pairs */
  double overlap;        /* mean rank-biased overlap (p = .9) of the lists of the users that count */
  GPtrArray *table;      /* of RfSlice: every attribute's values */
  GPtrArray *found;      /* of RfSlice: where they differ from the rest */
  char *budget;          /* translated: which settings differ, what was spent on either (epochs, trials, dimensions, seconds), and whether only one
                            was searched for, so that a reader can judge whether the comparison is fair */
} RfRunPair;

typedef struct
{
  guint n;
  char **ids;        /* of the runs, NULL-terminated */
  double *mean;      /* of each run */
  double **per_user; /* of each run: n_users values, NAN where a user has nothing to find */
  guint32 n_users, counted;
  GPtrArray *pairs;  /* of RfRunPair: n - 1 */
  GPtrArray *attributes; /* of RfAttribute: what the slices of the pairs go by */
  double average, deviation; /* over the runs: what to quote of several seeds */
} RfRunComparison;

void rf_run_comparison_free (RfRunComparison *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfRunComparison, rf_run_comparison_free)

/* RF_ERROR_DATA when the runs were not held out alike, RF_ERROR_CONFIG for an unknown metric, RF_ERROR_CANCELLED. */
RfRunComparison *rf_compare_runs (RfTrained *const *runs, guint n, const RfRunCompareOptions *options, RfProgress *progress,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
