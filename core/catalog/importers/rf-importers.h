/* rf-importers.h: the importers there are. Private to core/catalog.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/catalog/rf-importer.h"

G_BEGIN_DECLS

extern const RfImporter rf_importer_amazon;
extern const RfImporter rf_importer_cornac;
extern const RfImporter rf_importer_folder;
extern const RfImporter rf_importer_microlens;
extern const RfImporter rf_importer_mmrec;
extern const RfImporter rf_importer_movielens_100k;
extern const RfImporter rf_importer_movielens_1m;
extern const RfImporter rf_importer_movielens_latest;
extern const RfImporter rf_importer_recbole;

G_END_DECLS
