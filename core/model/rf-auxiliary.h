/* rf-auxiliary.h: what a joint network may learn beside the ranking, on the same vectors, as L = L_rec + sum_k lambda_k L_k.
 *
 *   aux.category     image and text vectors tell the item's categories: cross-entropy against a soft target (several categories share it)
 *   aux.generate     a GRU decoder writes the item's title from its vector (rf-decoder.h): cross-entropy per word
 *   aux.rating       a small network over user and item vector tells the rating, standardised: squared error
 *   aux.contrastive  InfoNCE between each two modality vectors of an item, temperature aux.tau, other items of the batch as negatives
 *   aux.translation  maps image -> text and text -> image, linear or with a hidden layer (aux.hidden): cosine, and a margin (aux.margin)
 *   aux.kg           TransE on (item vector, relation, entity) for the facts of the catalog (rf-facts.h): margin kg.margin
 *
 * Each lambda is 0 (off) by default. With aux.weighting=uncertainty the sum is over lambda_k L_k exp (- s_k) + s_k with learned
 * s_k (Kendall, Gal, Cipolla 2018). Terms whose work grows with the square of a batch, or with the words, look at aux.items
 * items of it at most, drawn by (seed, stream).
 *
 * A share aux.valid of the items, drawn by the seed, is held out of category, generate and translation: they are in the ranking like all others, but
 * no term sees their categories, titles or pairs, so that what is measured on them was not learned by heart.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-matrix.h"
#include "core/base/rf-types.h"
#include "core/catalog/rf-catalog.h"
#include "core/model/rf-config.h"
#include "core/model/rf-decoder.h"
#include "core/tensor/rf-ops.h"
#include "core/tensor/rf-params.h"

G_BEGIN_DECLS

/* What one batch offers. Everything lives until the tape's reset. */
typedef struct
{
  RfTape *tape;
  const guint32 *items;           /* n distinct items of the catalog */
  gsize n;
  guint n_modalities;
  RfTensor *h[RF_MAX_MODALITIES]; /* (n, d) each: the modality vectors of these items */
  const guint8 *mask;             /* n x n_modalities, 1 = there */
  RfTensor *z;                    /* (n, d): fused item vectors; NULL: the mean of what is there */
  gsize n_pairs;
  RfTensor *pair_user, *pair_item; /* (n_pairs, d) each, or NULL */
  const float *pair_rating;       /* n_pairs raw ratings, NAN where unknown, or NULL */
  guint64 seed, stream;           /* what is sampled is a function of these */
} RfAuxBatch;

typedef struct _RfAuxiliary RfAuxiliary;

/* Adds its parameters ("aux.*", "generate.*") to params before the seal; params and catalog outlive it. names: of the modalities, in the
 * order of RfAuxBatch.h. With nothing switched on: an object whose loss is NULL. RF_ERROR_CONFIG: a term is on that this catalog or
 * these modalities have nothing for. */
RfAuxiliary *rf_auxiliary_new (const RfCatalog *catalog, const RfConfig *config, guint n_modalities, const char *const *names, gsize d,
                               RfParams *params, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_auxiliary_free (RfAuxiliary *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfAuxiliary, rf_auxiliary_free)

gboolean rf_auxiliary_is_empty (const RfAuxiliary *self);
guint rf_auxiliary_get_n_terms (const RfAuxiliary *self);
const char *rf_auxiliary_get_name (const RfAuxiliary *self, guint k); /* "category", ... */
gboolean rf_auxiliary_has (const RfAuxiliary *self, const char *name);

/* A 1 for each item of the catalog that is held out, or NULL if none is. Owned by self. */
const guint8 *rf_auxiliary_get_held_out (const RfAuxiliary *self);

/* sum_k lambda_k L_k on the tape, or NULL where the batch has nothing to say. parts (n_terms, may be NULL) gets the plain L_k, 0 where
 * the batch has nothing for it. Writes to the tape and to parts only, so several threads may call it, each with its own tape. */
RfTensor *rf_auxiliary_loss (RfAuxiliary *self, const RfAuxBatch *batch, double *parts);

/* ---- after the training (rf-auxiliary-after.c) ---- */

/* Vectors of all items of the catalog. */
typedef struct
{
  const RfMatrix *h[RF_MAX_MODALITIES];      /* n_items x d each */
  const guint8 *available[RF_MAX_MODALITIES]; /* n_items each */
  const RfMatrix *z;                          /* n_items x d: fused vectors, or NULL: the mean of what is there */
} RfAuxVectors;

typedef struct
{
  char *name;
  double value;
} RfAuxMeasure;

/* What the terms have learned, over all items or those with a 1 in keep:
 *   category.MODALITY.hit@1            share of items whose likeliest category is one of theirs
 *   generate.perplexity                exp of the mean loss of a word
 *   translation.FROM-TO.recall@10      share of items whose own vector in TO is among the 10 nearest of T (FROM) by cosine, among all items
 *   kg.hits@10                         share of facts whose entity is among the 10 nearest of item + relation, among that relation's entities
 * Elements are RfAuxMeasure; free with g_array_unref(). */
GArray *rf_auxiliary_measure (const RfAuxiliary *self, const RfAuxVectors *vectors, const guint8 *keep) G_GNUC_WARN_UNUSED_RESULT;

/* The decoder of aux.generate, or NULL. Owned by self. */
const RfDecoder *rf_auxiliary_get_decoder (const RfAuxiliary *self);

G_END_DECLS
