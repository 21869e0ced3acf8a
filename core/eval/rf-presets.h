/* rf-presets.h: the same predictions under the definitions of five well-known tools. The metric names are the same in all of them, the
 * numbers are not: what each does differently, read in its sources, is said below. Ours (rf-metrics.h) are those of MMRec.
 *
 * Common: users with at least one test positive count; ties by item index; K the cut-off; R the test positives; rel_j 1 for a hit at
 * place j. recall = hits / |R|, precision = hits / K, hit_rate = 1 if there is a hit, ndcg with binary gains over the ideal of
 * min (|R|, K) hits, unless said otherwise.
 *
 * mmrec     Only training items are masked: validation items stay candidates in the test. map / min (|R|, K). recall_micro = sum of hits /
 *           sum of |R| ("Recall2"). Everything is rounded to 4 decimals when printed (not here).
 * recbole   Training and validation items are masked. map / min (|R|, K). mrr within K. auc is GAUC: users weighted by |R|. coverage and
 *           gini count one item more than there are, the [PAD]. entropy is in nats and divided by the number of distinct recommended items.
 *           gini: higher is more concentrated.
 * cornac    Training and validation items are masked and items that training has not seen are no candidates (exclude_unknowns), test
 *           positives among them included. map and mrr look at the whole list: map = mean over R of L / rank, both counting ties as if
 *           ahead ("max" ranks). auc counts ties as lost.
 * rectools  Only training items are masked. ndcg is divided by the ideal of K hits, whatever |R|: lower. map / |R|, not min (|R|, K).
 *           mrr within K. coverage is a number of items.
 * elliot    Only training items are masked; items that training has not seen are no candidates. ndcg has gains 2^(r - threshold + 1) - 1
 *           of the rating r. map = the mean of precision@1 .. precision@K, hits or not. coverage is a number of items. gini = 1 - the same
 *           sum over n - 1: higher is more even. entropy in bits. Ratings below the threshold are not relevant.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/eval/rf-evaluate.h"

G_BEGIN_DECLS

typedef enum
{
  RF_PRESET_MMREC,
  RF_PRESET_RECBOLE,
  RF_PRESET_CORNAC,
  RF_PRESET_RECTOOLS,
  RF_PRESET_ELLIOT,
} RfPreset;
#define RF_N_PRESETS 5

/* "mmrec", ... */
const char *rf_preset_get_name (RfPreset preset);
/* One translated sentence: how this tool differs. */
const char *rf_preset_get_help (RfPreset preset);

/* NAN where the tool has no such metric. */
typedef struct
{
  double recall, recall_micro, precision, hit_rate, ndcg, map, mrr, auc;
  double coverage, gini, entropy;
  guint32 users;
} RfPresetResult;

#define RF_N_PRESET_METRICS 11
/* The name of the m-th of the numbers above, in their order, and where it is. */
const char *rf_preset_metric_name (guint m);
double rf_preset_metric (const RfPresetResult *result, guint m);

typedef struct
{
  const RfCsr *history;  /* what the scores are made from */
  const RfCsr *train;
  const RfCsr *valid;    /* NULL: none, or this is the part that is judged */
  const RfCsr *relevant; /* the part that is judged; its values, if it has any, are ratings (elliot) */
  double threshold;      /* of ratings (elliot) */
  guint k;
} RfPresetData;

/* Scores are computed in blocks of users; the result does not depend on the number of threads. FALSE only when cancelled. */
gboolean rf_preset_evaluate (RfPreset preset, RfScoreFunc func, const void *scorer, guint32 n_items, const RfPresetData *data,
                             RfPresetResult *result, RfProgress *progress, GError **error);

G_END_DECLS
