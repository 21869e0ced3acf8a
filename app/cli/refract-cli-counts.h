/* refract-cli-counts.h: what a document holds, for import and info. Private to app/cli.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "core/catalog/rf-catalog.h"
#include "core/catalog/rf-import-report.h"
#include "core/catalog/rf-workspace.h"

G_BEGIN_DECLS

/* Members of an open object: users, items, interactions, modalities, imported_features, problem_count, problem_kinds and, if asked, every
 * problem. */
void cli_counts_to_json (JsonBuilder *builder, RfWorkspace *workspace, const RfCatalog *catalog, const RfImportReport *report, gboolean with_problems);
void cli_counts_print (RfWorkspace *workspace, const RfCatalog *catalog, const RfImportReport *report);

G_END_DECLS
