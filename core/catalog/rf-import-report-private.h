/* rf-import-report-private.h: for the workspace, which stores reports. Private to core/catalog.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/catalog/rf-import-report.h"

G_BEGIN_DECLS

#define RF_PROBLEMS_KEPT 10000 /* of each kind in full */

typedef struct
{
  const char *kind;
  gsize count;
} RfProblemKind;

/* Counts problems whose texts are not known any more (beyond what is kept of a kind). */
void rf_import_report_add_count (RfImportReport *self, const char *kind, gsize count);

G_END_DECLS
