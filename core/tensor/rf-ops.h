/* rf-ops.h: the operations of the tape. See rf-tape.h for what a tensor is and how gradients flow.
 *
 * N rows, D columns unless said otherwise. Losses are means over rows, added up in double. Results live until the tape's reset.
 * Arrays given by the caller (indices, masks, lengths, labels) are not copied: they must live until the reset.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/tensor/rf-tape.h"

/* ---- dense (rf-ops-dense.c) ---- */

/* op(a) op(b); op transposes when asked. 2 m n k flops, twice that backwards. */
RfTensor *rf_matmul (RfTape *tape, RfTensor *a, bool trans_a, RfTensor *b, bool trans_b);
/* x w + bias: x (..., in), w (in, out), bias (out) or NULL. */
RfTensor *rf_linear (RfTape *tape, RfTensor *x, RfTensor *w, RfTensor *bias);
/* rows index[0] .. index[n - 1] of a constant x (n_rows, in), times w (in, out), + bias or NULL: rf_linear() of rows that are read where they
 * lie. An index out of range ends the program. */
typedef struct
{
  const float *x;
  size_t rows, cols;
} RfTable;

RfTensor *rf_linear_rows (RfTape *tape, const RfTable *x, const uint32_t *index, size_t n, RfTensor *w, RfTensor *bias);
/* bias (D) added to every row. */
RfTensor *rf_add_bias (RfTape *tape, RfTensor *x, RfTensor *bias);
/* a + scale b, same shape. */
RfTensor *rf_add_scaled (RfTape *tape, RfTensor *a, RfTensor *b, double scale);
RfTensor *rf_add (RfTape *tape, RfTensor *a, RfTensor *b);
RfTensor *rf_mul (RfTape *tape, RfTensor *a, RfTensor *b);
RfTensor *rf_scale (RfTape *tape, RfTensor *a, double scale);
RfTensor *rf_relu (RfTape *tape, RfTensor *a);
RfTensor *rf_tanh (RfTape *tape, RfTensor *a);
RfTensor *rf_sigmoid (RfTape *tape, RfTensor *a);
/* Each element is 0 with probability p, else divided by 1 - p (Srivastava et al. 2014). The identity unless training. Drawn by
 * counter: the same seed, stream and operation number drop the same elements. */
RfTensor *rf_dropout (RfTape *tape, RfTensor *a, double p);
/* The same numbers under another shape of the same length; shares memory. */
RfTensor *rf_reshape (RfTape *tape, RfTensor *a, int ndim, const size_t *dim);
/* Matrices of N rows side by side; n <= 8. */
RfTensor *rf_concat_cols (RfTape *tape, int n, RfTensor *const *parts);
/* Columns first .. first+count-1. */
RfTensor *rf_slice_cols (RfTape *tape, RfTensor *a, size_t first, size_t count);
/* Rows first .. first+count-1; shares memory. */
RfTensor *rf_slice_rows (RfTape *tape, RfTensor *a, size_t first, size_t count);
/* Sum of all elements, and mean: a single number. */
RfTensor *rf_sum (RfTape *tape, RfTensor *a);
RfTensor *rf_mean (RfTape *tape, RfTensor *a);

/* ---- rows (rf-ops-rows.c) ---- */

/* out[i,:] = table[index[i],:], n rows. Of a table parameter only the touched rows get a gradient. An index out of range ends
 * the program. */
RfTensor *rf_rows (RfTape *tape, RfTensor *table, const uint32_t *index, size_t n);
/* out[i] = a[i,:] . b[i,:], shape (N, 1). */
RfTensor *rf_row_dot (RfTape *tape, RfTensor *a, RfTensor *b);
/* a[i,:] / max (|a[i,:]|, 1e-6). */
RfTensor *rf_normalize_rows (RfTape *tape, RfTensor *a);
/* exp (a) / sum exp (a) over each row; mask (N x D, 1 = there) or NULL; masked elements are 0, a row without any is all 0. */
RfTensor *rf_softmax_rows (RfTape *tape, RfTensor *a, const uint8_t *mask);
/* out[i,:] = sum_k w[i,k] m_k[i,:]: w (N, n) or (1, n) for the same weights in every row, n matrices (N, D), n <= 7. */
RfTensor *rf_mix (RfTape *tape, RfTensor *w, int n, RfTensor *const *m);
/* out[i,:] = w[i] a[i,:], w (N, 1). */
RfTensor *rf_scale_rows (RfTape *tape, RfTensor *a, RfTensor *w);
/* (a - mean) / sqrt (variance + 1e-5) * gain + bias over each row (Ba, Kiros, Hinton 2016); gain, bias (D). */
RfTensor *rf_layer_norm (RfTape *tape, RfTensor *a, RfTensor *gain, RfTensor *bias);

/* ---- pictures, channels last (rf-ops-conv.c, rf-pool.c) ---- */

typedef struct
{
  size_t stride, padding, groups; /* zeros are taken as 1, 0, 1 */
} RfConv;

/* x (N, H, W, C), w (KH, KW, C / groups, O), bias (O) or NULL -> (N, OH, OW, O), OH = (H + 2 padding - KH) / stride + 1. Group g
 * maps its C / groups channels to columns g O / groups ... of w. */
RfTensor *rf_conv2d (RfTape *tape, RfTensor *x, RfTensor *w, RfTensor *bias, RfConv conv);
/* Largest of each size x size window, stride = size; a rest at the right and lower edge is left out. With `relu`, negative
 * maxima become 0: relu and max commute, and this touches fewer numbers. */
RfTensor *rf_max_pool2d (RfTape *tape, RfTensor *x, size_t size, bool relu);
/* rf_max_pool2d of rf_conv2d in one pass: the full-size result of the convolution never reaches memory. */
RfTensor *rf_conv2d_pool (RfTape *tape, RfTensor *x, RfTensor *w, RfTensor *bias, RfConv conv, size_t size, bool relu);
/* Mean over H and W: (N, H, W, C) -> (N, C). */
RfTensor *rf_mean_hw (RfTape *tape, RfTensor *x);

/* ---- sequences (rf-ops-gru.c) ---- */

/* Gated recurrent unit, reset after (as PyTorch and cuDNN; Cho et al. 2014 with the variant of Chung et al. 2014), over a
 * padded batch:
 *   r = sigmoid (W_r x + b_r + U_r h + c_r)    z = sigmoid (W_z x + b_z + U_z h + c_z)
 *   n = tanh (W_n x + b_n + r (U_n h + c_n))   h' = (1 - z) n + z h
 * x (T, B, D), w (D, 3 H), u (H, 3 H), bw = b and bu = c (3 H): columns r, z, n. h0 (B, H) or NULL: zeros. lengths (B), each
 * 0 .. T, or NULL: all T. Steps beyond a row's length are never read, so padding cannot leak. */
typedef struct
{
  RfTensor *w, *u, *bw, *bu;
} RfGruWeights;

/* The state after the last step of each row: (B, H). */
RfTensor *rf_gru (RfTape *tape, RfTensor *x, const RfGruWeights *weights, RfTensor *h0, const uint32_t *lengths);
/* All states: (T, B, H); zeros beyond a row's length. */
RfTensor *rf_gru_states (RfTape *tape, RfTensor *x, const RfGruWeights *weights, RfTensor *h0, const uint32_t *lengths);

/* ---- sparse matrices (rf-ops-sparse.c) ---- */

/* Constant compressed rows; a view of memory of the caller. val NULL: all ones. */
typedef struct
{
  size_t rows, cols;
  const size_t *ptr;
  const uint32_t *idx;
  const float *val;
} RfSparse;

/* a x, with a's transpose beside it for the way back (NULL if x wants no gradient). 2 nnz D flops. */
RfTensor *rf_spmm (RfTape *tape, const RfSparse *a, const RfSparse *a_transposed, RfTensor *x);

/* ---- losses (rf-ops-loss.c): a single number each ---- */

/* mean of -log sigmoid (pos - neg), any equal shapes (Rendle et al. 2009). */
RfTensor *rf_bpr (RfTape *tape, RfTensor *pos, RfTensor *neg);
/* mean over rows of the cross-entropy of softmax (logits) against class target[i], a share `smoothing` of the target spread
 * over all classes (Szegedy et al. 2016). target[i] == UINT32_MAX: the row does not count (padding). */
RfTensor *rf_cross_entropy (RfTape *tape, RfTensor *logits, const uint32_t *target, double smoothing);
/* Rows with several targets, idx[ptr[i]] .. idx[ptr[i + 1] - 1]: the sum over all targets of -log softmax (logits[i])[target],
 * divided by n_total. Columns listed in `hidden` (the same form, or NULL) are no candidates. */
RfTensor *rf_cross_entropy_rows (RfTape *tape, RfTensor *logits, const size_t *ptr, const uint32_t *idx, const RfSparse *hidden,
                                 double n_total);
/* Softmax over the positive (N, 1) and K sampled negatives (N, K), logits corrected by - log q, the logarithm of the
 * probability of being sampled (Bengio, Senecal 2008); log_q_pos (N) and log_q_neg (N x K) or both NULL; hit (N x K): 1 where
 * the negative is in truth a positive and does not count, or NULL. */
RfTensor *rf_sampled_cross_entropy (RfTape *tape, RfTensor *pos, RfTensor *neg, const float *log_q_pos, const float *log_q_neg,
                                    const uint8_t *hit);
/* mean of the binary cross-entropy of sigmoid (logits) against labels in 0 .. 1. */
RfTensor *rf_bce (RfTape *tape, RfTensor *logits, const float *labels);
/* Two views of the same N things, rows normalised here; the other rows are the negatives; mean of both directions
 * (van den Oord et al. 2018; Radford et al. 2021). Needs N x N memory. */
RfTensor *rf_infonce (RfTape *tape, RfTensor *a, RfTensor *b, double tau);
/* -|h + r - t| per row, (N, 1): the score of a fact (Bordes et al. 2013). Euclidean with p = 2, city block with p = 1. */
RfTensor *rf_transe (RfTape *tape, RfTensor *h, RfTensor *r, RfTensor *t, int p);
/* mean of max (0, margin - pos + neg). */
RfTensor *rf_margin (RfTape *tape, RfTensor *pos, RfTensor *neg, double margin);
/* mean of (a - target)^2. */
RfTensor *rf_squared_error (RfTape *tape, RfTensor *a, const float *target);
/* Sum of |a|, and half the sum of squares. */
RfTensor *rf_l1 (RfTape *tape, RfTensor *a);
RfTensor *rf_l2 (RfTape *tape, RfTensor *a);
/* Weights learned from the uncertainty of each task (Kendall, Gal, Cipolla 2018):
 * sum_k L_k exp (- s_k) + s_k, with s (n) learned; n <= 7. */
RfTensor *rf_uncertainty_sum (RfTape *tape, int n, RfTensor *const *losses, RfTensor *s);
