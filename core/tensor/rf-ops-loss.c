/* rf-ops-loss.c: losses. The forward pass leaves the gradient of the mean ready in scratch memory where that is cheap, so that the
 * way back is one multiplication.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rf-parallel.h"
#include "core/tensor/rf-ops.h"
#include "core/tensor/rf-tape-private.h"

/* in[k] gets aux[k] (a ready gradient, or NULL) times the gradient of the loss. */
typedef struct
{
  rf_real *ready[RF_NODE_INPUTS];
} Ready;

static void
ready_back (RfTape *tape, RfNode *node)
{
  const Ready *ready = node->aux;
  rf_real g = node->out->g[0];

  for (int k = 0; k < RF_NODE_INPUTS && node->in[k] != NULL; k++)
    if (node->in[k]->g != NULL)
      {
        rf_real *to = rf_grad (node->in[k]);

        for (size_t i = 0; i < node->in[k]->len; i++)
          to[i] += g * ready->ready[k][i];
      }
}

/* The loss as a tensor, with room for ready gradients of up to three inputs (NULL where none is wanted). */
static RfTensor *
ready_loss (RfTape *tape, RfTensor *a, RfTensor *b, RfTensor *c, rf_real *gradient[3])
{
  RfTensor *in[3] = { a, b, c };
  RfTensor *out = rf_tape_out_1d (tape, 1, rf_wants (a) || rf_wants (b) || rf_wants (c));
  RfNode *node = rf_tape_push (tape, ready_back, out, a, b, c);
  Ready *ready = node ? rf_tape_scratch (tape, sizeof *ready) : NULL;

  for (int k = 0; k < 3; k++)
    {
      gradient[k] = ready && in[k] && in[k]->g ? rf_tape_scratch (tape, in[k]->len * sizeof (rf_real)) : NULL;
      if (ready != NULL)
        ready->ready[k] = gradient[k];
    }
  if (node != NULL)
    node->aux = ready;
  return out;
}

/* log (1 + exp (x)) without overflow. */
static double
softplus (double x)
{
  return x > 0 ? x + log1p (exp (-x)) : log1p (exp (x));
}

RfTensor *
rf_bpr (RfTape *tape, RfTensor *pos, RfTensor *neg)
{
  rf_real *gradient[3];
  RfTensor *out = ready_loss (tape, pos, neg, NULL, gradient);
  double sum = 0, n = (double) pos->len;

  RF_CHECK (pos->len == neg->len, "pairs of %s and %s", rf_shape_text (pos), rf_shape_text (neg));
  for (size_t i = 0; i < pos->len; i++)
    {
      double margin = (double) pos->x[i] - (double) neg->x[i];
      rf_real slope = (rf_real) (-1 / (1 + exp (margin)) / n);

      sum += softplus (-margin);
      if (gradient[0] != NULL)
        gradient[0][i] = slope;
      if (gradient[1] != NULL)
        gradient[1][i] = -slope;
    }
  out->x[0] = (rf_real) (sum / n);
  return out;
}

RfTensor *
rf_margin (RfTape *tape, RfTensor *pos, RfTensor *neg, double margin)
{
  rf_real *gradient[3];
  RfTensor *out = ready_loss (tape, pos, neg, NULL, gradient);
  double sum = 0, n = (double) pos->len;

  RF_CHECK (pos->len == neg->len, "pairs of %s and %s", rf_shape_text (pos), rf_shape_text (neg));
  for (size_t i = 0; i < pos->len; i++)
    {
      double excess = margin - (double) pos->x[i] + (double) neg->x[i];

      sum += excess > 0 ? excess : 0;
      if (gradient[0] != NULL)
        gradient[0][i] = excess > 0 ? (rf_real) (-1 / n) : 0;
      if (gradient[1] != NULL)
        gradient[1][i] = excess > 0 ? (rf_real) (1 / n) : 0;
    }
  out->x[0] = (rf_real) (sum / n);
  return out;
}

/* ---- softmax cross-entropy ---- */

#define LOG_ZERO ((rf_real) -1e30) /* the logit of something that is no candidate */

/* y = exp (x - max), y may be x; returns the sum, and log of it + max. */
RF_VECTORIZE static double
exponentials (size_t n, const rf_real *x, rf_real *y, double *log_sum)
{
  rf_real top = x[0], lanes[16] = { 0 };
  double sum = 0;
  size_t j;

  for (j = 1; j < n; j++)
    top = x[j] > top ? x[j] : top;
  for (j = 0; j + 16 <= n; j += 16)
    {
      rf_real e[16];

      for (int l = 0; l < 16; l++)
        e[l] = RF_EXP (x[j + l] - top);
      for (int l = 0; l < 16; l++)
        {
          y[j + l] = e[l];
          lanes[l] += e[l];
        }
    }
  for (; j < n; j++)
    {
      y[j] = RF_EXP (x[j] - top);
      sum += (double) y[j];
    }
  for (int l = 0; l < 16; l++)
    sum += (double) lanes[l];
  *log_sum = (double) top + log (sum);
  return sum;
}

RfTensor *
rf_cross_entropy (RfTape *tape, RfTensor *logits, const uint32_t *target, double smoothing)
{
  size_t rows = rf_tensor_rows (logits), cols = rf_tensor_cols (logits), n = 0;
  rf_real *gradient[3], *y = rf_tape_scratch (tape, cols * sizeof *y);
  RfTensor *out = ready_loss (tape, logits, NULL, NULL, gradient);
  double sum = 0, spread = smoothing / (double) cols;

  for (size_t i = 0; i < rows; i++)
    n += target[i] != UINT32_MAX;
  for (size_t i = 0; i < rows; i++)
    {
      const rf_real *x = logits->x + i * cols;
      rf_real *to = gradient[0] ? gradient[0] + i * cols : y;
      double total, log_sum, all = 0;

      if (target[i] == UINT32_MAX)
        {
          memset (to, 0, cols * sizeof *to);
          continue;
        }
      RF_CHECK (target[i] < cols, "class %u of %zu", target[i], cols);
      total = exponentials (cols, x, to, &log_sum);
      if (smoothing > 0)
        for (size_t j = 0; j < cols; j++)
          all += (double) x[j];
      sum += log_sum - (1 - smoothing) * (double) x[target[i]] - spread * all;
      for (size_t j = 0; j < cols; j++)
        to[j] = (rf_real) (((double) to[j] / total - spread) / (double) n);
      to[target[i]] -= (rf_real) ((1 - smoothing) / (double) n);
    }
  out->x[0] = n ? (rf_real) (sum / (double) n) : 0;
  return out;
}

typedef struct
{
  const RfTensor *logits;
  const size_t *ptr;
  const uint32_t *idx;
  const RfSparse *hidden;
  double n_total, *loss;
  rf_real *y; /* becomes the gradient */
} Rows;

static void
cross_entropy_row (size_t begin, size_t end, int worker, void *data)
{
  const Rows *r = data;
  size_t cols = rf_tensor_cols (r->logits);

  for (size_t i = begin; i < end; i++)
    {
      const rf_real *x = r->logits->x + i * cols;
      rf_real *y = r->y + i * cols, scale;
      size_t n = r->ptr[i + 1] - r->ptr[i];
      double total, log_sum;

      r->loss[i] = 0;
      if (n == 0)
        {
          memset (y, 0, cols * sizeof *y);
          continue;
        }
      memcpy (y, x, cols * sizeof *y);
      if (r->hidden != NULL)
        for (size_t e = r->hidden->ptr[i]; e < r->hidden->ptr[i + 1]; e++)
          y[r->hidden->idx[e]] = LOG_ZERO;
      total = exponentials (cols, y, y, &log_sum);
      scale = (rf_real) ((double) n / total / r->n_total);
      for (size_t j = 0; j < cols; j++)
        y[j] *= scale;
      for (size_t e = r->ptr[i]; e < r->ptr[i + 1]; e++)
        {
          r->loss[i] += log_sum - (double) x[r->idx[e]];
          y[r->idx[e]] -= (rf_real) (1 / r->n_total);
        }
    }
}

RfTensor *
rf_cross_entropy_rows (RfTape *tape, RfTensor *logits, const size_t *ptr, const uint32_t *idx, const RfSparse *hidden, double n_total)
{
  size_t rows = rf_tensor_rows (logits);
  rf_real *gradient[3];
  RfTensor *out = ready_loss (tape, logits, NULL, NULL, gradient);
  Rows r = { logits, ptr, idx, hidden, n_total, rf_tape_scratch (tape, rows * sizeof (double)), gradient[0] };
  double sum = 0;

  RF_CHECK (hidden == NULL || hidden->rows == rows, "hidden columns for %zu rows of %s", hidden->rows, rf_shape_text (logits));
  for (size_t e = ptr[0]; e < ptr[rows]; e++)
    RF_CHECK (idx[e] < rf_tensor_cols (logits), "class %u of %zu", idx[e], rf_tensor_cols (logits));
  if (r.y == NULL)
    r.y = rf_tape_scratch (tape, logits->len * sizeof *r.y);
  rf_parallel_for (rows, 16, cross_entropy_row, &r);
  for (size_t i = 0; i < rows; i++)
    sum += r.loss[i];
  out->x[0] = (rf_real) (sum / n_total);
  return out;
}

RfTensor *
rf_sampled_cross_entropy (RfTape *tape, RfTensor *pos, RfTensor *neg, const float *log_q_pos, const float *log_q_neg,
                          const uint8_t *hit)
{
  size_t rows = rf_tensor_rows (neg), k = rf_tensor_cols (neg);
  rf_real *gradient[3], *y = rf_tape_scratch (tape, (k + 1) * sizeof *y);
  RfTensor *out = ready_loss (tape, pos, neg, NULL, gradient);
  double sum = 0;

  RF_CHECK (pos->len == rows, "sampled softmax of %s against %s", rf_shape_text (pos), rf_shape_text (neg));
  for (size_t i = 0; i < rows; i++)
    {
      double total, log_sum, target;

      y[0] = pos->x[i] - (log_q_pos ? (rf_real) log_q_pos[i] : 0);
      for (size_t j = 0; j < k; j++)
        y[j + 1] = hit && hit[i * k + j] ? LOG_ZERO : neg->x[i * k + j] - (log_q_neg ? (rf_real) log_q_neg[i * k + j] : 0);
      target = (double) y[0];
      total = exponentials (k + 1, y, y, &log_sum) * (double) rows;
      sum += log_sum - target;
      if (gradient[0] != NULL)
        gradient[0][i] = (rf_real) ((double) y[0] / total - 1 / (double) rows);
      for (size_t j = 0; gradient[1] != NULL && j < k; j++)
        gradient[1][i * k + j] = (rf_real) ((double) y[j + 1] / total);
    }
  out->x[0] = (rf_real) (sum / (double) rows);
  return out;
}

RfTensor *
rf_bce (RfTape *tape, RfTensor *logits, const float *labels)
{
  rf_real *gradient[3];
  RfTensor *out = ready_loss (tape, logits, NULL, NULL, gradient);
  double sum = 0, n = (double) logits->len;

  for (size_t i = 0; i < logits->len; i++)
    {
      double x = (double) logits->x[i], label = (double) labels[i];

      sum += softplus (x) - label * x;
      if (gradient[0] != NULL)
        gradient[0][i] = (rf_real) ((1 / (1 + exp (-x)) - label) / n);
    }
  out->x[0] = (rf_real) (sum / n);
  return out;
}

RfTensor *
rf_infonce (RfTape *tape, RfTensor *a, RfTensor *b, double tau)
{
  size_t n = rf_tensor_rows (a);
  RfTensor *left = rf_normalize_rows (tape, a), *right = rf_normalize_rows (tape, b);
  uint32_t *target = rf_tape_scratch (tape, n * sizeof *target);
  RfTensor *one, *other;

  for (size_t i = 0; i < n; i++)
    target[i] = (uint32_t) i;
  one = rf_cross_entropy (tape, rf_scale (tape, rf_matmul (tape, left, false, right, true), 1 / tau), target, 0);
  other = rf_cross_entropy (tape, rf_scale (tape, rf_matmul (tape, right, false, left, true), 1 / tau), target, 0);
  return rf_scale (tape, rf_add (tape, one, other), 0.5);
}

/* ---- others ---- */

static void
transe_back (RfTape *tape, RfNode *node)
{
  const rf_real *slope = node->aux;
  size_t rows = rf_tensor_rows (node->in[0]), cols = rf_tensor_cols (node->in[0]);

  for (int k = 0; k < 3; k++)
    if (node->in[k]->g != NULL)
      {
        rf_real *to = rf_grad (node->in[k]), sign = k == 2 ? 1 : -1;

        for (size_t i = 0; i < rows; i++)
          for (size_t j = 0; j < cols; j++)
            to[i * cols + j] += sign * node->out->g[i] * slope[i * cols + j];
      }
}

RfTensor *
rf_transe (RfTape *tape, RfTensor *h, RfTensor *r, RfTensor *t, int p)
{
  size_t rows = rf_tensor_rows (h), cols = rf_tensor_cols (h);
  RfTensor *out = rf_tape_out_2d (tape, rows, 1, rf_wants (h) || rf_wants (r) || rf_wants (t));
  rf_real *slope = rf_tape_scratch (tape, h->len * sizeof *slope);
  RfNode *node;

  RF_CHECK (h->len == r->len && h->len == t->len && (p == 1 || p == 2), "facts of %s, %s, %s", rf_shape_text (h), rf_shape_text (r), rf_shape_text (t));
  for (size_t i = 0; i < rows; i++)
    {
      double sum = 0;
      rf_real norm;

      for (size_t j = i * cols; j < (i + 1) * cols; j++)
        {
          slope[j] = h->x[j] + r->x[j] - t->x[j];
          sum += p == 1 ? fabs ((double) slope[j]) : (double) slope[j] * (double) slope[j];
        }
      norm = (rf_real) (p == 1 ? sum : sqrt (sum));
      out->x[i] = -norm;
      for (size_t j = i * cols; j < (i + 1) * cols; j++)
        slope[j] = p == 1 ? (rf_real) ((slope[j] > 0) - (slope[j] < 0)) : norm > 0 ? slope[j] / norm : 0;
    }
  node = rf_tape_push (tape, transe_back, out, h, r, t);
  if (node != NULL)
    node->aux = slope;
  return out;
}

RfTensor *
rf_squared_error (RfTape *tape, RfTensor *a, const float *target)
{
  rf_real *gradient[3];
  RfTensor *out = ready_loss (tape, a, NULL, NULL, gradient);
  double sum = 0, n = (double) a->len;

  for (size_t i = 0; i < a->len; i++)
    {
      double error = (double) a->x[i] - (double) target[i];

      sum += error * error;
      if (gradient[0] != NULL)
        gradient[0][i] = (rf_real) (2 * error / n);
    }
  out->x[0] = (rf_real) (sum / n);
  return out;
}

RfTensor *
rf_l1 (RfTape *tape, RfTensor *a)
{
  rf_real *gradient[3];
  RfTensor *out = ready_loss (tape, a, NULL, NULL, gradient);
  double sum = 0;

  for (size_t i = 0; i < a->len; i++)
    {
      sum += fabs ((double) a->x[i]);
      if (gradient[0] != NULL)
        gradient[0][i] = (rf_real) ((a->x[i] > 0) - (a->x[i] < 0));
    }
  out->x[0] = (rf_real) sum;
  return out;
}

static void
l2_back (RfTape *tape, RfNode *node)
{
  RfTensor *a = node->in[0];
  rf_real *to = rf_grad (a), g = node->out->g[0];

  for (size_t i = 0; i < a->len; i++)
    to[i] += g * a->x[i];
}

RfTensor *
rf_l2 (RfTape *tape, RfTensor *a)
{
  RfTensor *out = rf_tape_out_1d (tape, 1, rf_wants (a));
  double sum = 0;

  for (size_t i = 0; i < a->len; i++)
    sum += (double) a->x[i] * (double) a->x[i];
  out->x[0] = (rf_real) (sum / 2);
  rf_tape_push (tape, l2_back, out, a, NULL, NULL);
  return out;
}

/* in[0] = s, in[1 ..] = losses. */
static void
uncertainty_back (RfTape *tape, RfNode *node)
{
  RfTensor *s = node->in[0];
  rf_real g = node->out->g[0];

  for (size_t k = 0; k < s->len; k++)
    {
      RfTensor *loss = node->in[k + 1];
      rf_real weight = RF_EXP (-s->x[k]);

      if (loss->g != NULL)
        rf_grad (loss)[0] += g * weight;
      if (s->g != NULL)
        rf_grad (s)[k] += g * (1 - weight * loss->x[0]);
    }
}

RfTensor *
rf_uncertainty_sum (RfTape *tape, int n, RfTensor *const *losses, RfTensor *s)
{
  bool wants = rf_wants (s);
  double sum = 0;
  RfTensor *out;
  RfNode *node;

  RF_CHECK (n >= 1 && n < RF_NODE_INPUTS && s->len == (size_t) n, "%d losses weighted by %s", n, rf_shape_text (s));
  for (int k = 0; k < n; k++)
    {
      sum += exp (-(double) s->x[k]) * (double) losses[k]->x[0] + (double) s->x[k];
      wants = wants || rf_wants (losses[k]);
    }
  out = rf_tape_out_1d (tape, 1, wants);
  out->x[0] = (rf_real) sum;
  node = rf_tape_push (tape, uncertainty_back, out, s, NULL, NULL);
  for (int k = 0; node != NULL && k < n; k++)
    node->in[k + 1] = losses[k];
  return out;
}
