/* fuzz-npy.c: NumPy arrays.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include <math.h>
#include <string.h>

#include "core/base/rf-npy.h"

#define MOST 100000 /* elements: more are only looked at in part */

static const char *const words[] = { "\x93NUMPY\x01\x00", "\x93NUMPY\x02\x00", "\x93NUMPY\x03\x00", "{'descr': ", "'<f4'", "'>f8'", "'|b1'", "'<i8'", "'<f2'", "'|O'", "'<U5'", ", 'fortran_order': ", "True", "False",
                                     ", 'shape': (", "(3, 4)", "(18446744073709551615,)", "(1L, 2L)", ", }", "\n", NULL };

static void
run (const guint8 *data, gsize size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(RfNpy) npy = rf_npy_new_from_bytes (bytes, "fuzz.npy", &error);
  double sum = 0;

  g_assert_true ((npy == NULL) == (error != NULL));
  if (npy == NULL)
    return;
  for (gsize i = 0; i < MIN (npy->n, MOST); i++)
    sum += rf_npy_get (npy, i);
  if (npy->n > 0)
    sum += rf_npy_get (npy, npy->n - 1);
  fuzz_use (sum);
  if (npy->n <= MOST)
    {
      g_autoptr(RfMatrix) matrix = rf_npy_to_matrix (npy);

      g_assert_cmpuint (matrix->rows * matrix->cols, ==, npy->n);
      for (gsize i = 0; i < npy->n; i++)
        fuzz_use ((double) matrix->x[i]);
    }
}

static GBytes *
seed (guint index)
{
  static const RfNpyType types[] = { RF_NPY_F4, RF_NPY_F8, RF_NPY_F2, RF_NPY_I4, RF_NPY_I8 };
  g_autoptr(RfMatrix) matrix = rf_matrix_new (3, 4);

  for (gsize i = 0; i < 12; i++)
    matrix->x[i] = (float) i - 5.5f;
  if (index < 2 * G_N_ELEMENTS (types))
    return rf_npy_encode (matrix, types[index / 2], index % 2 != 0);
  if (index == 2 * G_N_ELEMENTS (types))
    {
      static const char scalar[] = "\x93NUMPY\x01\x00\x36\x00{'descr': '|b1', 'fortran_order': False, 'shape': (), }\n\x01";

      return g_bytes_new_static (scalar, sizeof scalar - 1);
    }
  return NULL;
}

const FuzzTarget fuzz_target = { "npy", run, seed, words };
