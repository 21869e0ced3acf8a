/* rf-beaten.h: the baselines that rank better than a trained model. Whoever shows a run says so, in the words of one function.
 *
 * Read from the result of a run (result_json of RfRun): {"metrics": {"valid": {"ndcg@20": ..}}, "baselines": {"ease": {"ndcg@20": ..}}}.
 * A baseline beats a model when it is better in NDCG@20 or in Recall@20 on validation by more than .00005, half of the last digit shown.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *baseline;     /* "ease" */
  const char *metric; /* "NDCG@20" or "Recall@20"; static */
  double ours, theirs;
} RfBeaten;

void rf_beaten_free (RfBeaten *self);

/* Elements are RfBeaten: NDCG first, in the order of the result. Empty when nothing beats the model, or nothing is known. Never fails: a result
 * that is not understood says nothing. Free with g_ptr_array_unref(). */
GPtrArray *rf_beaten_of_result (JsonObject *result) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *rf_beaten_of_text (const char *result_json) G_GNUC_WARN_UNUSED_RESULT;

/* One translated sentence for each loss, or NULL without any: "The baseline “ease” is better in NDCG@20: 0.2860 against 0.2808." */
char *rf_beaten_say (GPtrArray *losses) G_GNUC_WARN_UNUSED_RESULT;

/* The baselines' names, each once, with `separator` between; "" without any. For a cell of a table. */
char *rf_beaten_names (GPtrArray *losses, const char *separator) G_GNUC_WARN_UNUSED_RESULT;

/* What "beaten_by" is in every document: [{"baseline", "metric", "ours", "theirs"}]. */
JsonArray *rf_beaten_to_json (GPtrArray *losses) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
