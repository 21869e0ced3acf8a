/* rf-encoder.h: from what one modality knows of an item to a vector of d numbers, on the tape.
 *
 *   features  x W + b, or relu (x W1 + b1) W + b with a hidden layer           x: n_items x d_x, ready numbers
 *   cnn       conv 3x3 (3 -> 32), pool 2, relu, conv 3x3 (32 -> 64), pool 2, relu, flatten, linear     square pictures
 *   gru       word vectors -> GRU -> last state -> linear                       the first max_words words of the text
 *   bag       mean of word vectors -> linear
 *   ids       one learned vector per item; with a graph S over the items, their sum with `layers` rounds of S E (FREEDOM, Zhou 2023)
 *   graph     LightGCN (He et al. 2020): the mean of A^l E, l = 0 .. layers, over users and items
 *
 * Each item of a batch is encoded once. Missing items are rows of zeros, and the mask says so.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-csr.h"
#include "core/base/rf-matrix.h"
#include "core/features/rf-image-augment.h"
#include "core/features/rf-image-pixels.h"
#include "core/features/rf-text-vocab.h"
#include "core/tensor/rf-params.h"

G_BEGIN_DECLS

typedef enum
{
  RF_ENCODER_FEATURES,
  RF_ENCODER_CNN,
  RF_ENCODER_GRU,
  RF_ENCODER_BAG,
  RF_ENCODER_IDS,
  RF_ENCODER_GRAPH,
} RfEncoderKind;

/* What an encoder reads. Everything belongs to the caller and outlives the encoder. */
typedef struct
{
  const char *name; /* the modality: prefix of its parameters */
  RfEncoderKind kind;
  guint32 n_items, n_users;      /* n_users: of a graph */
  const guint8 *available;       /* n_items */
  const RfMatrix *x;             /* features */
  const RfPixels *pixels;        /* cnn */
  const RfAugmentOptions *augment; /* cnn: while training; NULL: none */
  const RfWordIds *words;        /* gru, bag */
  guint32 n_words;
  guint max_words;
  const RfMatrix *word_vectors;  /* gru, bag: where word vectors start (n_words x width); NULL: random */
  const RfCsr *graph;            /* ids: items x items; graph: (users + items) squared, symmetric */
  const RfCsr *graph_transposed; /* ids */
  guint layers;                  /* of propagation */
} RfEncoderInput;

typedef struct
{
  guint dim;    /* d */
  guint hidden; /* width of a hidden layer (features); 0: linear */
  guint width;  /* of word vectors and of the GRU's state */
  guint64 seed; /* of augmentation */
} RfEncoderOptions;

typedef struct _RfEncoder RfEncoder;

/* Adds its parameters to params, which is sealed later. */
RfEncoder *rf_encoder_new (const RfEncoderInput *input, const RfEncoderOptions *options, RfParams *params) G_GNUC_WARN_UNUSED_RESULT;
void rf_encoder_free (RfEncoder *self);
const RfEncoderInput *rf_encoder_get_input (const RfEncoder *self);

/* 1 / rms of ready features: by how much weights on them are larger (and their learning rate), so that their unit does not matter. */
double rf_encoder_input_scale (const RfEncoderInput *input);

/* Once after the seal: word vectors that came with the input. */
void rf_encoder_start (RfEncoder *self, RfParams *params);

/* Once per batch, before rf_encoder_run(): whole-table work of ids with a graph and of graph. */
void rf_encoder_begin (RfEncoder *self, RfTape *tape);

/* (n, d) for these items. round: number of the epoch, for augmentation; training says whether to augment. The array items must live
 * until the tape's reset. */
RfTensor *rf_encoder_run (RfEncoder *self, RfTape *tape, const guint32 *items, gsize n, guint32 round, gboolean training);

/* (n, d) of users, by a graph encoder after begin. */
RfTensor *rf_encoder_run_users (RfEncoder *self, RfTape *tape, const guint32 *users, gsize n);

/* The network alone, for pictures and texts that are in no catalog, and for saliency: pixels (n, size, size, 3), normalised as
 * rf_encoder_normalise() does; word vectors (T, n, width) with lengths. */
RfTensor *rf_encoder_run_pixels (RfEncoder *self, RfTape *tape, RfTensor *pixels);
RfTensor *rf_encoder_run_vectors (RfEncoder *self, RfTape *tape, RfTensor *vectors, const guint32 *lengths);
/* n_words x width, of gru and bag: what those vectors are taken from. Owned by params. */
const rf_real *rf_encoder_get_word_vectors (const RfEncoder *self, RfParams *params);
guint rf_encoder_get_word_width (const RfEncoder *self);
void rf_encoder_normalise (const RfEncoder *self, const guint8 *rgb, rf_real *out);

/* The last feature map of the CNN in the last rf_encoder_run_pixels(): (n, h, w, 64), for Grad-CAM. */
RfTensor *rf_encoder_get_feature_map (const RfEncoder *self);

G_END_DECLS
