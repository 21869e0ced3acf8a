/* rf-report-private.h: what the formats of the report share. Private to core/report.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "core/eval/rf-ranker.h"
#include "core/plot/rf-plot-bars.h"
#include "core/plot/rf-plot-ternary.h"
#include "core/report/rf-report.h"

G_BEGIN_DECLS

/* One user's part of the report. */
typedef struct
{
  guint32 user;
  const char *id;
  const guint32 *history; /* training items, borrowed from the split */
  gsize n_history;
  guint32 *held_out;      /* ascending */
  gsize n_held_out;
  guint n_hits;           /* of the places that are among held_out */
  RfRanking *ranking;
} ReportUser;

void report_user_free (ReportUser *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReportUser, report_user_free)

/* Ranks user number `index` of the report. */
ReportUser *report_rank (const RfReport *report, guint index) G_GNUC_WARN_UNUSED_RESULT;

/* A report on its way into a file. Text goes through a buffer; the first error stays and makes every later call do nothing. */
typedef struct
{
  const RfReport *report;
  const RfModel *model;
  const RfCatalog *catalog;
  JsonObject *result; /* of the run; empty if it could not be read */
  RfProgress *progress;
  GOutputStream *stream;
  GString *text;
  gsize written; /* bytes before `text` */
  GError *error;
} ReportWriter;

gboolean report_has_column (const RfReport *report, RfReportColumn column);
const char *report_note (const RfReport *report, const char *kind, const char *id); /* or NULL */

void report_put (ReportWriter *self, const char *text);
void report_putf (ReportWriter *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void report_put_bytes (ReportWriter *self, gconstpointer data, gsize size); /* flushes the text before it */
gboolean report_step (ReportWriter *self, guint user_index); /* progress; FALSE: stop */

void report_write_csv (ReportWriter *self);
void report_write_json (ReportWriter *self);
void report_write_html (ReportWriter *self);
void report_write_pdf (ReportWriter *self);
void report_record_pages (ReportWriter *self, GPtrArray *pages);

/* A metric of the run on validation ("ndcg@20"), of the model (baseline NULL) or of a baseline; NAN if it is not there. */
double report_get_metric (JsonObject *result, const char *baseline, const char *metric);
/* Names of the baselines, in the order of the run. Free the list, not the names. */
GList *report_list_baselines (JsonObject *result);
/* "EASE is better: NDCG@20 .2860 against .2808." for each baseline that beats the model in NDCG or recall at 20, or NULL. */
char *report_say_losses (JsonObject *result);

/* What the numbers of one place and of one user look like, for core/plot. Borrow from ranked and model. */
RfPlotShares report_shares (const RfModel *model, const RfRanked *ranked);
RfPlotSigned report_signed (const RfModel *model, const RfRanked *ranked, double low, double high);
/* The common scale of all contribution bars of a user. */
void report_fit_scale (const RfModel *model, const RfRanking *ranking, double *low, double *high);
/* Fills plot with the places of a ranking; *shares and *drivers are to be freed with g_free(). FALSE: fewer than two
 * modalities, nothing to show. */
gboolean report_ternary (const RfModel *model, const RfRanking *ranking, RfPlotTernary *plot, float **shares, int **drivers);

/* The sentence above a user's ranking: how many places each modality drives. */
char *report_say_drivers (const RfModel *model, const RfRanking *ranking);

/* The name of the driver for a reader, or "–". */
const char *report_driver_label (const RfModel *model, const RfRanked *ranked);

G_END_DECLS
