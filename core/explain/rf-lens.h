/* rf-lens.h: looking into a trained network: which places of a picture, which words of a text move one user's score of one item?
 *
 * For runs whose encoder reads pixels (encoder.image=cnn) or words (encoder.text=gru, bag). The contribution of the modality is a direction in the
 * space of the encoder's output h (rf-feature-map.h, with h as the features): S = scale (g . h) + offset.
 *
 *   Grad-CAM               relu (sum_c w_c A_c), A the last feature map, w_c the mean of dS / dA_c over its places
 *                          (Selvaraju et al., "Grad-CAM", ICCV 2017)
 *   integrated gradients   (x - x') o mean_k dS/dx (x' + (k - 1/2) / n (x - x')), k = 1 .. n; they sum to S(x) - S(x') but for the error of
 *                          the midpoint rule, which is told (Sundararajan, Taly, Yan, "Axiomatic attribution for deep networks", ICML 2017)
 *   leave one out          the score without the token, the rest read again
 *
 * Occlusion works on a network as on descriptors: rf_lens_get_picture_encoder().
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/catalog/rf-workspace.h"
#include "core/explain/rf-feature-map.h"
#include "core/explain/rf-saliency.h"
#include "core/explain/rf-tokens.h"
#include "core/train/rf-trainer.h"

G_BEGIN_DECLS

/* One modality of one run. Calls may come from any thread, one after the other (it locks). */
typedef struct _RfLens RfLens;

/* Opens the network and encodes all items. RF_ERROR_DATA: this modality is not read by a network from pixels or words, or the model does not
 * split, or (gates) its contribution is not linear in h. */
RfLens *rf_lens_new (RfWorkspace *workspace, const RfTrained *trained, guint modality, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_lens_free (RfLens *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfLens, rf_lens_free)

/* Does this run's modality need a lens: is it read by a network from pixels or words? */
gboolean rf_lens_is_needed (const RfTrained *trained, guint modality);

const RfFeatureMap *rf_lens_get_map (const RfLens *self);

/* --- pixels: rgb has side x side x 3 bytes, side as the encoder's --- */

RfPictureEncoder rf_lens_get_picture_encoder (RfLens *self); /* the lens must outlive it */
/* The picture as the network saw it; NULL if the item has none. Owned by the lens. */
const guint8 *rf_lens_get_picture (const RfLens *self, guint32 item);

/* loss: relu'd, as many cells as the feature map has places (side / 4), at most 32 a side. */
RfSaliency *rf_lens_grad_cam (RfLens *self, const RfPictureTarget *target, const guint8 *rgb) G_GNUC_WARN_UNUSED_RESULT;
/* Between the picture and its fill, in n steps; signed. gap: what the sum misses of S(x) - S(x'), over the larger of the two in size. */
RfSaliency *rf_lens_integrated_gradients (RfLens *self, const RfPictureTarget *target, const guint8 *rgb, RfSaliencyFill baseline, guint n,
                                          guint cells, double *gap) G_GNUC_WARN_UNUSED_RESULT;

/* --- words --- */

/* Tokens of any text: `share` by integrated gradients from vectors of zeros in n steps (exact for a bag, which is linear), `without` by leaving
 * the token out. Words that the network does not know, and those beyond the longest text it reads, have zeros. */
RfTokens *rf_lens_tokens (RfLens *self, const RfTaste *taste, const char *text, guint n) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
