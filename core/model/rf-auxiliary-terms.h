/* rf-auxiliary-terms.h: the auxiliary losses as compositions of operations on the tape: tensors in, one number out.
 *
 * Apart from rf-auxiliary.h, which finds out what a batch has to say and owns the parameters, so that these can be built with
 * double numbers and their gradients checked. n rows, d columns. Arrays must live until the tape's reset.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/tensor/rf-ops.h"

/* x w + b, or relu (x w1 + b1) w + b with a hidden layer. */
typedef struct
{
  RfTensor *w1, *b1; /* (in, hidden), (hidden); NULL: none */
  RfTensor *w, *b;   /* (in or hidden, out), (out) */
} RfTermMap;

RfTensor *rf_term_map (RfTape *tape, const RfTermMap *map, RfTensor *x);

/* Row rows[k] of h should say the classes idx[ptr[k]] .. idx[ptr[k + 1] - 1]: cross-entropy against the soft target that shares 1 among
 * a row's classes, rows weighted by how many they have (so every label counts the same). */
RfTensor *rf_term_classes (RfTape *tape, RfTensor *h, const uint32_t *rows, size_t n, RfTensor *w, RfTensor *b, const size_t *ptr, const uint32_t *idx);

/* InfoNCE between rows of a and the same rows of b. */
RfTensor *rf_term_contrastive (RfTape *tape, RfTensor *a, RfTensor *b, const uint32_t *rows, size_t n, double tau);

/* The map of a row of `from` should point where the same row of `to` does, and elsewhere than another one:
 *   mean (1 - cos (T (from_k), to_k)) + mean max (0, margin - cos (T (from_k), to_k) + cos (T (from_k), to_l)),  l = other[k], a place in rows */
RfTensor *rf_term_translation (RfTape *tape, RfTensor *from, RfTensor *to, const uint32_t *rows, size_t n, const RfTermMap *map, const uint32_t *other,
                               double margin);

/* mean (map ([p, z, p o z]) - target)^2 for rows of users p and items z. */
RfTensor *rf_term_rating (RfTape *tape, RfTensor *user, RfTensor *item, const uint32_t *rows, size_t n, const RfTermMap *map, const float *target);

/* TransE (Bordes et al. 2013) with the item's vector as the head, heads and tails at length 1:
 *   mean max (0, margin + |z + r - t| - |z + r - t'|),  z = row rows[k] of item, t = tail[k] and t' = other[k] of entities */
RfTensor *rf_term_facts (RfTape *tape, RfTensor *item, const uint32_t *rows, RfTensor *relations, const uint32_t *relation, RfTensor *entities,
                         const uint32_t *tail, const uint32_t *other, size_t n, double margin);

/* A GRU that writes words: its first state comes from the item, its input is the word before (0 at the beginning). */
typedef struct
{
  RfTensor *words;       /* (vocabulary, width), may be a table of rows */
  RfTermMap start;       /* d -> state */
  RfGruWeights gru;
  RfTensor *out_w, *out_b; /* (state, vocabulary), (vocabulary) */
} RfTermDecoder;

/* (n_real, vocabulary): logits of the next word at the places real[] of the n_steps x n grid, row-major by steps. input: n_steps x n. */
RfTensor *rf_term_decoder (RfTape *tape, const RfTermDecoder *decoder, RfTensor *z, const uint32_t *input, const uint32_t *lengths, size_t n_steps,
                           const uint32_t *real, size_t n_real);
