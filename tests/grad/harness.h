/* harness.h: one test of one operation: the forward pass against naive loops, the gradient of every element against central
 * differences.
 *
 * Built with double numbers the gradients must agree to 1e-6 relative. Built with float (where the fast kernels are) the forward
 * pass must agree to 2e-5, and the gradients, whose differences are coarse then, to 3 %.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/tensor/rf-ops.h"

#define MAX_INPUTS 10

typedef struct
{
  int ndim; /* 0: there is none */
  size_t dim[4];
} Shape;

typedef struct
{
  size_t len;
  rf_real *x;
} Array;

typedef struct
{
  const char *name;
  Shape in[MAX_INPUTS];
  /* The operation, over in[0 ..]. */
  RfTensor *(*run) (RfTape *tape, RfTensor **in);
  /* The same in naive loops, in double; out has room for what run gives. */
  void (*oracle) (const Array *in, double *out);
  bool constant[MAX_INPUTS]; /* no gradient is wanted */
  bool training;             /* with dropout */
} OpTest;

/* Adds /NAME to the test program. The test must be static. */
void op_test_add (const OpTest *test);

/* Deterministic numbers, normal, in the double build and the float build alike. */
void fill_normal (rf_real *x, size_t n, guint64 stream);
