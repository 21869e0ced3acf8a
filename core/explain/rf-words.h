/* rf-words.h: one recommendation in one or two sentences, composed from its numbers and nothing else.
 *
 * Shares are of what speaks for the item: positive contributions (alpha_m z_m, and popularity) over their sum. A modality that
 * takes less than a tenth "adds little"; one that takes away more than a tenth "speaks against it".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/catalog/rf-catalog.h"
#include "core/model/rf-model.h"

G_BEGIN_DECLS

/* "its picture", "its text", "what people with similar taste chose"; other modalities by their name. Translated; static or the
 * name itself. */
const char *rf_words_modality (const char *name);

/* scores: of the user's history (row 0), as trained or with weights; user: RF_NO_USER for a composed one. place: where the item stands (from 1). Translated. Ranks once
 * more for "without ... it would be". */
char *rf_words_explain (const RfModel *model, const RfCatalog *catalog, const RfScores *scores, const guint32 *history, gsize n_history,
                        guint32 user, guint32 item, guint place) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
