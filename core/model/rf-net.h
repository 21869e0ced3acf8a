/* rf-net.h: the joint models: encoders -> fusion -> score, one composition for all of them.
 *
 *   h_m(i)   the encoder of modality m (rf-encoder.h), (d)
 *   p(u)     the user: a vector of its own, or the sum of the keys of its past items over the root of their number (its own history
 *            is left out when one of its items is scored); with the head `per-modality` one vector p_m(u) per modality
 *
 *   concat          z = W relu (V [h_1 .. h_M] + a), or W [h_1 .. h_M] with no hidden layer
 *   sum             z = sum_m w_m h_m,   w = softmax over what is there of M learned numbers
 *   attention       w_m(i) = softmax_m (q . h_m(i)): the global query of the source document
 *   user-attention  w_m(u,i) = softmax_m (p_m(u)' A_m h_m(i)): the query depends on the user
 *   gate            z = sum_m sigmoid (G_m h_m + c_m) o h_m, per dimension (after Arevalo et al. 2017)
 *   late            M models side by side, each with its own user vectors and its own loss; their standardised scores are added
 *
 *   score    dot            p . z + b_i
 *            per-modality   sum_m w_m p_m . h_m + b_i
 *            mlp            w' relu (A p + B z + c) + b_i
 *
 * A trained network is frozen into an RfModel (rf-model.h), which ranking, evaluation and explanation know: tables of numbers, exact for
 * every item; encoders are needed again for new items and for saliency only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/model/rf-encoder.h"
#include "core/model/rf-model.h"
#include "core/tensor/rf-ops.h"

G_BEGIN_DECLS

typedef enum
{
  RF_FUSION_CONCAT,
  RF_FUSION_SUM,
  RF_FUSION_ATTENTION,
  RF_FUSION_USER_ATTENTION,
  RF_FUSION_GATE,
  RF_FUSION_LATE,
} RfFusion;

/* "concat", ...; FALSE for another text. */
gboolean rf_fusion_from_name (const char *name, RfFusion *fusion);
const char *rf_fusion_get_name (RfFusion fusion);

typedef enum
{
  RF_HEAD_DOT,
  RF_HEAD_PER_MODALITY,
  RF_HEAD_MLP,
} RfHead;

typedef enum
{
  RF_USER_EMBEDDING, /* a learned vector per user */
  RF_USER_HISTORY,   /* keys of past items: a learned vector per item */
  RF_USER_CONTENT,   /* keys of past items: a linear map of the features of the first modality (which must be `features`) */
  RF_USER_STATS,     /* a small network over statistics of the user's behaviour */
} RfUserKind;

typedef struct
{
  RfFusion fusion;
  RfHead head;
  RfUserKind user;
  guint dim;               /* d */
  guint hidden;            /* of concat and of the MLP head; 0: concat without a hidden layer */
  guint encoder_hidden;    /* hidden layer of feature encoders; 0: linear */
  guint width;             /* of word vectors and GRU */
  gboolean bias;           /* b_i */
  gboolean normalise;      /* h_m / |h_m| */
  double dropout;          /* of the elements of h_m */
  double modality_dropout; /* of whole modalities of an item; one always stays */
  guint64 seed;
} RfNetOptions;

/* What the network is about; belongs to the caller and outlives it. */
typedef struct
{
  guint32 n_users, n_items;
  const RfCsr *train;
  guint n_modalities;
  RfEncoderInput input[RF_MAX_MODALITIES];
  const RfMatrix *user_stats; /* n_users x k, of RF_USER_STATS */
} RfNetInput;

typedef struct _RfNet RfNet;

/* Adds all parameters to rf_net_get_params(); others may be added before rf_net_start(), which seals and draws them. */
RfNet *rf_net_new (const RfNetInput *input, const RfNetOptions *options) G_GNUC_WARN_UNUSED_RESULT;
void rf_net_free (RfNet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfNet, rf_net_free)
void rf_net_start (RfNet *self);

RfParams *rf_net_get_params (RfNet *self);
const RfNetOptions *rf_net_get_options (const RfNet *self);
const RfNetInput *rf_net_get_input (const RfNet *self);
RfEncoder *rf_net_get_encoder (RfNet *self, guint m);
/* How wide a user vector is: d, or M d with one vector per modality. */
guint rf_net_get_user_width (const RfNet *self);
/* Is the frozen model a sum over modalities (rf_model_is_additive)? */
gboolean rf_net_splits (const RfNet *self);

/* The items of one batch, encoded and fused as far as that does not need the user. */
typedef struct
{
  const guint32 *items;
  gsize n;
  guint8 *mask;                    /* n x M: what is there (and was not dropped) */
  RfTensor *h[RF_MAX_MODALITIES];  /* (n, d) each */
  RfTensor *weights;               /* (n, M): sum, attention; else NULL */
  RfTensor *z;                     /* (n, d): fused; NULL for user-attention and late */
  RfTensor *table;                 /* (n, user width): score = user . table; NULL where the score is not such a product */
  RfTensor *query[RF_MAX_MODALITIES]; /* (n, d): A_m h_m of user-attention */
  RfTensor *bias;                  /* (n, 1) or NULL */
} RfNetItems;

/* Once per batch, after rf_tape_bind (): what is shared by all calls. */
void rf_net_begin (RfNet *self, RfTape *tape);
/* items must live until the tape's reset. round: the epoch. */
void rf_net_encode (RfNet *self, RfTape *tape, const guint32 *items, gsize n, guint32 round, gboolean training, RfNetItems *out);
/* Fuses again under a mask (n x M) of the caller, from the h that are there: coalitions. */
void rf_net_fuse (RfNet *self, RfTape *tape, RfNetItems *items);

/* (n, user width): the users' vectors; of histories, all of it. */
RfTensor *rf_net_users (RfNet *self, RfTape *tape, const guint32 *users, gsize n);
/* (n, user width): the keys of items, or NULL where users have vectors of their own. */
RfTensor *rf_net_keys (RfNet *self, RfTape *tape, const guint32 *items, gsize n);
/* (n, user width): the keys of items, times 1 / sqrt (n_u) of the user beside it: to be taken off when u's own item is scored. NULL where
 * users have vectors of their own. */
RfTensor *rf_net_own_keys (RfNet *self, RfTape *tape, const guint32 *users, const guint32 *items, gsize n);

/* (n, 1): the score of row k of `users` (n, user width) with item slot[k] of `items`. modality: -1, or of late only that one. */
RfTensor *rf_net_score_pairs (RfNet *self, RfTape *tape, const RfNetItems *items, RfTensor *users, const guint32 *slot, gsize n, int modality);
/* (n_users, n_items): all of them at once. */
RfTensor *rf_net_score_block (RfNet *self, RfTape *tape, const RfNetItems *items, RfTensor *users, int modality);

/* The state of the parameters as a model. tape: recording is switched off and on again. */
RfModel *rf_net_freeze (RfNet *self, RfTape *tape) G_GNUC_WARN_UNUSED_RESULT;

/* The parameters of encoders, fusion and heads that a model kept, back into a network of the same settings that has been started.
 * Vectors of users and items stay as drawn: those are in the model's channels. RF_ERROR_FORMAT when they do not fit. */
gboolean rf_net_load (RfNet *self, const RfModel *model, GError **error);

G_END_DECLS
