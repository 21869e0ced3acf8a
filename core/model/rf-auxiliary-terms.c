/* rf-auxiliary-terms.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/model/rf-auxiliary-terms.h"

RfTensor *
rf_term_map (RfTape *tape, const RfTermMap *map, RfTensor *x)
{
  if (map->w1 != NULL)
    x = rf_relu (tape, rf_linear (tape, x, map->w1, map->b1));
  return rf_linear (tape, x, map->w, map->b);
}

RfTensor *
rf_term_classes (RfTape *tape, RfTensor *h, const uint32_t *rows, size_t n, RfTensor *w, RfTensor *b, const size_t *ptr, const uint32_t *idx)
{
  RfTensor *logits = rf_linear (tape, rf_rows (tape, h, rows, n), w, b);

  return rf_cross_entropy_rows (tape, logits, ptr, idx, NULL, (double) (ptr[n] - ptr[0]));
}

RfTensor *
rf_term_contrastive (RfTape *tape, RfTensor *a, RfTensor *b, const uint32_t *rows, size_t n, double tau)
{
  return rf_infonce (tape, rf_rows (tape, a, rows, n), rf_rows (tape, b, rows, n), tau);
}

RfTensor *
rf_term_translation (RfTape *tape, RfTensor *from, RfTensor *to, const uint32_t *rows, size_t n, const RfTermMap *map, const uint32_t *other,
                     double margin)
{
  RfTensor *guess = rf_normalize_rows (tape, rf_term_map (tape, map, rf_rows (tape, from, rows, n)));
  RfTensor *truth = rf_normalize_rows (tape, rf_rows (tape, to, rows, n));
  RfTensor *right = rf_row_dot (tape, guess, truth), *wrong = rf_row_dot (tape, guess, rf_rows (tape, truth, other, n));
  rf_real *one = rf_tape_scratch (tape, sizeof *one);

  *one = 1;
  return rf_add (tape, rf_add_scaled (tape, rf_leaf_1d (tape, 1, one, NULL), rf_mean (tape, right), -1), rf_margin (tape, right, wrong, margin));
}

RfTensor *
rf_term_rating (RfTape *tape, RfTensor *user, RfTensor *item, const uint32_t *rows, size_t n, const RfTermMap *map, const float *target)
{
  RfTensor *p = rf_rows (tape, user, rows, n), *z = rf_rows (tape, item, rows, n);
  RfTensor *x = rf_concat_cols (tape, 3, (RfTensor *const[]) { p, z, rf_mul (tape, p, z) });

  return rf_squared_error (tape, rf_term_map (tape, map, x), target);
}

RfTensor *
rf_term_facts (RfTape *tape, RfTensor *item, const uint32_t *rows, RfTensor *relations, const uint32_t *relation, RfTensor *entities,
               const uint32_t *tail, const uint32_t *other, size_t n, double margin)
{
  RfTensor *z = rf_normalize_rows (tape, rf_rows (tape, item, rows, n)), *r = rf_rows (tape, relations, relation, n);
  RfTensor *t = rf_normalize_rows (tape, rf_rows (tape, entities, tail, n)), *wrong = rf_normalize_rows (tape, rf_rows (tape, entities, other, n));

  return rf_margin (tape, rf_transe (tape, z, r, t, 2), rf_transe (tape, z, r, wrong, 2), margin);
}

RfTensor *
rf_term_decoder (RfTape *tape, const RfTermDecoder *decoder, RfTensor *z, const uint32_t *input, const uint32_t *lengths, size_t n_steps,
                 const uint32_t *real, size_t n_real)
{
  size_t n = rf_tensor_rows (z), width = rf_tensor_cols (decoder->words), size = rf_tensor_rows (decoder->gru.u);
  RfTensor *first = rf_tanh (tape, rf_term_map (tape, &decoder->start, z));
  RfTensor *words = rf_reshape (tape, rf_rows (tape, decoder->words, input, n_steps * n), 3, (size_t[]) { n_steps, n, width });
  RfTensor *states = rf_reshape (tape, rf_gru_states (tape, words, &decoder->gru, first, lengths), 2, (size_t[]) { n_steps * n, size });

  return rf_linear (tape, rf_rows (tape, states, real, n_real), decoder->out_w, decoder->out_b);
}
