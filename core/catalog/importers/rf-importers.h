/* rf-importers.h: the importers there are. Private to core/catalog.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/catalog/rf-importer.h"

G_BEGIN_DECLS

extern const RfImporter rf_importer_folder;

G_END_DECLS
