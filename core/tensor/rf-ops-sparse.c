/* rf-ops-sparse.c: products with constant sparse matrices (graphs, histories).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rf-parallel.h"
#include "core/tensor/rf-ops.h"
#include "core/tensor/rf-tape-private.h"

#define GRAIN 256

typedef struct
{
  const RfSparse *a;
  size_t cols;
  const rf_real *x;
  rf_real *out;
  bool add;
} Product;

static void
product_rows (size_t begin, size_t end, int worker, void *data)
{
  const Product *p = data;
  const RfSparse *a = p->a;

  for (size_t i = begin; i < end; i++)
    {
      rf_real *restrict to = p->out + i * p->cols;

      if (!p->add)
        memset (to, 0, p->cols * sizeof *to);
      for (size_t e = a->ptr[i]; e < a->ptr[i + 1]; e++)
        {
          rf_real value = a->val ? (rf_real) a->val[e] : 1;
          const rf_real *restrict from = p->x + a->idx[e] * p->cols;

          for (size_t j = 0; j < p->cols; j++)
            to[j] += value * from[j];
        }
    }
}

static void
spmm_back (RfTape *tape, RfNode *node)
{
  RfTensor *x = node->in[0];
  Product p = { node->aux, rf_tensor_cols (x), node->out->g, x->g, rf_grad_beta (x) != 0 };

  rf_parallel_for (p.a->rows, GRAIN, product_rows, &p);
}

RfTensor *
rf_spmm (RfTape *tape, const RfSparse *a, const RfSparse *a_transposed, RfTensor *x)
{
  RfTensor *out = rf_tape_out_2d (tape, a->rows, rf_tensor_cols (x), rf_wants (x));
  Product p = { a, rf_tensor_cols (x), x->x, out->x, false };
  RfNode *node;

  RF_CHECK (a->cols == rf_tensor_rows (x), "sparse product of %zux%zu and %s", a->rows, a->cols, rf_shape_text (x));
  RF_CHECK (x->rows == NULL, "sparse product with a table of rows");
  rf_parallel_for (a->rows, GRAIN, product_rows, &p);
  node = rf_tape_push (tape, spmm_back, out, x, NULL, NULL);
  if (node != NULL)
    {
      RF_CHECK (a_transposed != NULL && a_transposed->rows == a->cols && a_transposed->cols == a->rows,
                "the transpose of a sparse %zux%zu matrix is needed to go back", a->rows, a->cols);
      node->aux = (void *) a_transposed;
    }
  return out;
}
