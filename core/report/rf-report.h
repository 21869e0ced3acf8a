/* rf-report.h: the rankings of chosen users with their reasons, to read, to print, or to compute with.
 *
 * Every number comes from rf_rank_history() and from the stored run, as on the screen and on the command line. The same run,
 * users and k give the same bytes. Users are ranked one by one while the file is written: a report of all users takes no more
 * memory than one of them (but for .json and .pdf).
 *
 * .html  one self-contained file: no script, nothing loaded from anywhere (a content security policy says so), pictures inline,
 *        drawings as inline SVG of core/plot, light and dark, prints well
 * .pdf   the same on A4 pages
 * .csv   one row per recommendation: user_id,item_id,rank,score,model,w_<modality>...,c_<modality>...,c_popularity,beaten_by. `model` is
 *        the run, w_ the attention (sums to 1), c_ the contributions (sum to the score), beaten_by the baselines that rank better than
 *        the run (rf-beaten.h; with ';' between, mostly empty). Names and ids that a spreadsheet would take
 *        for a formula get an apostrophe in front; a column `driver` when asked for
 * .json  one document: {"run", "catalog", "users": [{"user", "history", "evidence", "items"}]}; items as `refract-cli rank --json`
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/catalog/rf-workspace.h"
#include "core/features/rf-features.h"
#include "core/train/rf-trainer.h"

G_BEGIN_DECLS

typedef enum
{
  RF_REPORT_PICTURE = 1 << 0,
  RF_REPORT_SCORE = 1 << 1,
  RF_REPORT_ATTENTION = 1 << 2,
  RF_REPORT_CONTRIBUTION = 1 << 3,
  RF_REPORT_DRIVER = 1 << 4,
} RfReportColumn;

/* "score,driver" -> bits. RF_ERROR_CONFIG names the columns there are. */
gboolean rf_report_parse_columns (const char *text, guint *columns, GError **error);

typedef struct
{
  const RfTrained *trained;
  const guint32 *users; /* indices in the catalog, in the order of the report */
  guint n_users;
  guint k;              /* places per user; 0: 20 */

  guint columns; /* of .html, .pdf and .csv: bits of RfReportColumn; 0: all. Places, ids and titles are always there */
  gsize budget;  /* bytes of an .html file; 0: no limit. Beyond, first pictures are left out and then users, and the page says so */
  const GPtrArray *notes; /* RfNote on users, items and the run, or NULL; in .html, .pdf and .json */

  /* Gives the picture of an item as a JPEG or PNG, for .html and .pdf. NULL: no pictures. Called in this thread only. */
  RfPictureFunc picture;
  void *picture_data;
} RfReport;

/* Writes the report atomically: a failure leaves what was there. Errors: RF_ERROR_CONFIG (path ends in none of .html, .csv,
 * .json, .pdf), RF_ERROR_IO, RF_ERROR_CANCELLED. */
gboolean rf_report_write (const RfReport *report, const char *path, RfProgress *progress, GError **error);

/* The pages of the .pdf as recordings (cairo_surface_t *, RF_REPORT_PAGE_WIDTH x RF_REPORT_PAGE_HEIGHT points), for a printer. NULL only when
 * cancelled. Free with g_ptr_array_unref(). */
#define RF_REPORT_PAGE_WIDTH  595.0
#define RF_REPORT_PAGE_HEIGHT 842.0
GPtrArray *rf_report_record (const RfReport *report, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Would rf_report_write() know what to do with this name? */
gboolean rf_report_is_supported (const char *path);

G_END_DECLS
