/* rf-evaluate.h: anything that scores items for users, judged on held-out items.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

#include "core/base/rf-csr.h"
#include "core/base/rf-progress.h"
#include "core/eval/rf-metrics.h"
#include "core/model/rf-channel.h"
#include "core/model/rf-model.h"

G_BEGIN_DECLS

/* Fills out (count x n_items) with scores of the rows first .. first+count-1 of history. Called from several threads. */
typedef void (*RfScoreFunc) (const void *scorer, const RfCsr *history, guint32 first, guint32 count, float *out);

void rf_score_with_model (const void *model, const RfCsr *history, guint32 first, guint32 count, float *out);
/* scorer: the model under what-if weights. */
typedef struct
{
  const RfModel *model;
  const float *weights; /* one per modality (rf-model.h) */
} RfWeightedModel;

void rf_score_weighted (const void *weighted_model, const RfCsr *history, guint32 first, guint32 count, float *out);
void rf_score_with_channel (const void *channel, const RfCsr *history, guint32 first, guint32 count, float *out);
/* scorer: n_items floats, the same for every user. */
void rf_score_with_vector (const void *vector, const RfCsr *history, guint32 first, guint32 count, float *out);

/* Fewer candidates: what `func` says, and NAN (never ranked) for items that are not kept. */
typedef struct
{
  RfScoreFunc func;
  const void *scorer;
  const guint8 *keep; /* n_items, 0 or 1 */
} RfKeptItems;

void rf_score_kept (const void *kept_items, const RfCsr *history, guint32 first, guint32 count, float *out);

/* Each user's relevant items among n others, drawn evenly (by seed and user) from what is neither relevant nor history. Only to compare with
 * published sampled metrics: they do not agree with full ranking, not even in order (Krichene and Rendle, KDD 2020). */
typedef struct
{
  RfScoreFunc func;
  const void *scorer;
  const RfCsr *relevant;
  guint n;
  guint64 seed;
} RfSampledItems;

void rf_score_sampled (const void *sampled_items, const RfCsr *history, guint32 first, guint32 count, float *out);

/* The k best items of every user, history left out: rows x k indices, RF_NO_INDEX where there are fewer. Users without a row in
 * `wanted` (NULL: all users) are skipped. Ties: lower index first. Blocked; never holds users x items. NULL only when cancelled. */
guint32 *rf_top_lists (RfScoreFunc func, const void *scorer, guint32 n_items, const RfCsr *history, const RfCsr *wanted, guint k,
                       RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* At most so many users are scored together, from a multiple of it on, unless it is set otherwise. */
#define RF_EVALUATE_BLOCK 64u

/* How many users are scored together by everything in core/eval; 0 (the default): what suits the catalog. Results do not depend on it: it
 * exists so that this can be checked. For the whole process, to be set before any evaluation begins. */
void rf_evaluate_set_block (guint users);
/* That, or `otherwise`. */
guint rf_evaluate_get_block (guint otherwise);

/* Metrics at several cut-offs. */
#define RF_MAX_CUTOFFS 8

typedef struct
{
  guint n;
  guint k[RF_MAX_CUTOFFS];
  RfMetrics mean[RF_MAX_CUTOFFS];
  guint32 users; /* how many had something to find */
} RfEvaluation;

/* "10,20" -> the cut-offs of an RfEvaluation (ascending, distinct, 1 .. 1000). */
gboolean rf_evaluation_parse_cutoffs (RfEvaluation *self, const char *text, GError **error);

/* Fills means and users for the cut-offs that are set. Candidates: all items outside `history`. FALSE only when cancelled. */
gboolean rf_evaluate (RfEvaluation *self, RfScoreFunc func, const void *scorer, guint32 n_items, const RfCsr *history,
                      const RfCsr *relevant, RfProgress *progress, GError **error);

/* As a JSON object: {"recall@10": ..., "ndcg@10": ..., "precision@10": ..., "map@10": ..., "hit_rate@10", "mrr@10", ...}. */
void rf_evaluation_to_json (const RfEvaluation *self, JsonBuilder *builder);

/* Items with an interaction in `train`: n_items bytes, 0 or 1. Free with g_free(). */
guint8 *rf_items_seen (const RfCsr *train) G_GNUC_WARN_UNUSED_RESULT;

/* One row of scores -> its k best not in `exclude` (ascending), best first. */
void rf_top_of_scores (const float *scores, guint32 n_items, const guint32 *exclude, gsize n_exclude, guint k, guint32 *out);

G_END_DECLS
