/* rf-attributes.h: what is known of every user, to compare runs slice by slice.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/catalog/rf-catalog.h"
#include "core/eval/rf-compare.h"
#include "core/eval/rf-split.h"

G_BEGIN_DECLS

/* Elements are RfAttribute; free with g_ptr_array_unref():
 *   activity     items in the history, in thirds
 *   popularity   mean training count of the user's items in `part`, in thirds
 *   category     the one that most of the history has (ties: the first of the catalog); only where the catalog has categories
 *   pictures     how much of the history has a picture: "all", "some", "none"
 *   texts        the same of texts */
GPtrArray *rf_user_attributes (const RfCatalog *catalog, const RfSplit *split, RfPart part) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
