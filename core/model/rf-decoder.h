/* rf-decoder.h: a small GRU that writes an item's title from its vector, word by word.
 *
 * Words are those of the titles as core/features cuts them (folded; stop words stay), the most frequent `generate.words` of them; the others
 * are left out. Word 0 begins and ends a title. Titles are cut after `generate.length` words.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-matrix.h"
#include "core/catalog/rf-catalog.h"
#include "core/model/rf-config.h"
#include "core/tensor/rf-params.h"

G_BEGIN_DECLS

typedef struct _RfDecoder RfDecoder;

/* Adds parameters "generate.*" to params, which outlives the decoder. d: length of the item vectors. RF_ERROR_CONFIG when no item has a
 * title with words. */
RfDecoder *rf_decoder_new (const RfCatalog *catalog, const RfConfig *config, gsize d, RfParams *params, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_decoder_free (RfDecoder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfDecoder, rf_decoder_free)

/* Has the item a title to write? */
gboolean rf_decoder_has_title (const RfDecoder *self, guint32 item);
/* The title as the decoder sees it, its words with blanks between. */
char *rf_decoder_get_title (const RfDecoder *self, guint32 item) G_GNUC_WARN_UNUSED_RESULT;

/* Teacher forcing: the mean over words (the end included) of -log p (word | words before, z). Row rows[k] of z belongs to catalog item
 * items[rows[k]], which must have a title. n > 0. */
RfTensor *rf_decoder_loss (const RfDecoder *self, RfTape *tape, RfTensor *z, const guint32 *items, const guint32 *rows, gsize n);

/* exp of the loss over the items with a title and, if `keep` is given, a 1 in it. z: one row per item of the catalog. NAN if there is none. */
double rf_decoder_perplexity (const RfDecoder *self, const RfMatrix *z, const guint8 *keep);

/* What the decoder writes for a vector z (d): with top_k = 1 the most probable word each time (greedy), else one drawn from the top_k most
 * probable ones by (seed, stream). */
char *rf_decoder_write (const RfDecoder *self, const float *z, guint top_k, guint64 seed, guint64 stream) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
