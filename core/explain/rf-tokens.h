/* rf-tokens.h: which words of a text speak for an item?
 *
 * Two numbers for each token, in the original text (bytes as the user reads them, through the offsets kept by cleaning):
 *
 *   share     exact: x(text) = sum_t weight_t V[word_t] (rf-text-model.h), so the contribution of the text is the sum of the shares
 *             and a constant that no word makes. The length to which the row is scaled is taken as it is.
 *   without   leave one out: what the contribution loses when the token is struck from the text and the row is made again, its length too.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/explain/rf-feature-map.h"
#include "core/features/rf-text-model.h"

G_BEGIN_DECLS

typedef struct
{
  guint32 begin, end; /* bytes of the original text */
  guint32 word;       /* number in the vocabulary, RF_NO_WORD: unknown, both numbers are 0 */
  double share;
  double without;
} RfTokenShare;

typedef struct
{
  GArray *tokens;      /* RfTokenShare, in reading order */
  double contribution; /* alpha_m z_m of the text as it is */
  double constant;     /* contribution - sum of the shares */
} RfTokens;

/* taste: of the text modality (rf-feature-map.h). */
RfTokens *rf_tokens_explain (RfTextModel *model, const RfTaste *taste, const char *text) G_GNUC_WARN_UNUSED_RESULT;
void rf_tokens_free (RfTokens *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfTokens, rf_tokens_free)

/* The tokens that speak most for the item, by share: at most k indices into tokens, the same
 * word counted once (its first place). Returns how many. */
guint rf_tokens_top (const RfTokens *self, guint k, guint *out);

G_END_DECLS
