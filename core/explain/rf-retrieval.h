/* rf-retrieval.h: what is near what: item to items, text to items, picture to items, within a modality and across modalities.
 *
 * Spaces. Every modality has its own: the centred features (rf-features.h), similarity the cosine. That of behaviour, and the space that
 * all share, is made of who chose what: the RF_SHARED_DIMS largest singular vectors of the training matrix with rows scaled to
 * length 1, times their singular values. A picture or a text is brought into the shared space by ridge regression from its features
 *
 *   y(x) = (x - mean) W,   W = (X'X + lambda I)^(-1) X'Y,   lambda = RF_SHARED_RIDGE times the mean eigenvalue of X'X
 *
 * over the items that somebody chose. Two things are near there when the same people would choose them, so a picture can find texts, and
 * a text pictures. An item's vector from all modalities is the mean of its unit vectors, by modality.
 *
 * On the sample, of the ten pictures nearest to a picture .76 share its hue and .79 its shape (chance .08, .13); of texts .97 the theme.
 * Whitened features, as the channels use them, find fewer (.73, .76, .70). Across modalities (rf_retrieval_measure(), ten of a fifth of the
 * items, chance .025): picture to behaviour .60, text to behaviour .61, picture to text .027, as it must be, for they were drawn
 * independently. On film posters (chance .010): text to behaviour .19, picture to text .044, picture to behaviour .036.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/catalog/rf-workspace.h"
#include "core/features/rf-features.h"
#include "core/train/rf-trainer.h"

G_BEGIN_DECLS

#define RF_SHARED_DIMS     64
#define RF_SHARED_RIDGE    1.0
#define RF_ALL_MODALITIES  G_MAXUINT /* the view of an item from everything that is known of it */

/* Immutable; any thread may ask it. Modalities are those of the run's model, with their numbers. */
typedef struct _RfRetrieval RfRetrieval;

/* Reads features and their models (rf-modality.h) and fits the shared space: a second or so. RF_ERROR_CANCELLED and what reading gives. */
RfRetrieval *rf_retrieval_new (RfWorkspace *workspace, const RfTrained *trained, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_retrieval_free (RfRetrieval *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfRetrieval, rf_retrieval_free)

/* What is looked for: features of one or several modalities. */
typedef struct
{
  float *x[RF_MAX_MODALITIES]; /* as long as the modality's features, NULL where the query says nothing; owned */
} RfQuery;

RfQuery *rf_query_new (void) G_GNUC_WARN_UNUSED_RESULT;
void rf_query_free (RfQuery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfQuery, rf_query_free)

/* Everything that is known of an item. */
void rf_query_set_item (RfQuery *self, const RfRetrieval *retrieval, guint32 item);
/* A text goes through the same cleaning, words and projection as the catalog's. RF_ERROR_NOT_FOUND: no word of it is known, or the model has
 * no text, or its features came ready. */
gboolean rf_query_set_text (RfQuery *self, const RfRetrieval *retrieval, const char *text, GError **error);
/* An encoded picture (JPEG, PNG, ...), through the same descriptors. RF_ERROR_FORMAT: it cannot be decoded. */
gboolean rf_query_set_picture (RfQuery *self, const RfRetrieval *retrieval, GBytes *encoded, GError **error);

typedef struct
{
  guint32 item;
  float similarity; /* cosine, -1 .. 1 */
} RfNeighbour;

/* The nearest items, nearest first; `without` (RF_NO_INDEX: none) is left out; out has room for k. Returns how many: 0 when the query says
 * nothing there.
 *   own     in the space of `modality`, with what the query has of it
 *   shared  the query as a whole against the items as `modality` (or RF_ALL_MODALITIES) shows them: image to text, text to image */
guint rf_retrieval_find_own (const RfRetrieval *self, const RfQuery *query, guint modality, guint32 without, guint k, RfNeighbour *out);
guint rf_retrieval_find_shared (const RfRetrieval *self, const RfQuery *query, guint modality, guint32 without, guint k, RfNeighbour *out);

/* Features of one modality: those of the run. NULL for behaviour. Owned by the retrieval. */
const RfFeatures *rf_retrieval_get_features (const RfRetrieval *self, guint modality);

/* How far the shared space can be trusted across modalities: share of the items whose own view in `to` is among the k nearest of their view in
 * `from`, searched among a fifth of the items by maps that were fitted on the other four fifths. chance: of a random order. */
double rf_retrieval_measure (const RfRetrieval *self, guint from, guint to, guint k, double *chance);

G_END_DECLS
