/* rf-npy.h: NumPy's array files (format 1.0, 2.0 and 3.0, as in numpy.lib.format): how the field ships ready features.
 *
 * Read: booleans, signed and unsigned integers of 1 to 8 bytes, floats of 2, 4 and 8; little and big endian, C and Fortran
 * order. Arrays of Python objects, text and records are refused with a sentence; nothing is ever unpickled.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-matrix.h"

G_BEGIN_DECLS

#define RF_NPY_MAX_DIMS 8

typedef struct
{
  char kind; /* 'b' boolean, 'i' signed, 'u' unsigned, 'f' float */
  guint8 size;
  gboolean big_endian;
  gboolean fortran;
  guint n_dims;
  gsize shape[RF_NPY_MAX_DIMS];
  gsize n; /* elements in all */
  GBytes *bytes;
  const guint8 *data;
} RfNpy;

/* name: the file, for messages. RF_ERROR_IO, RF_ERROR_FORMAT. */
RfNpy *rf_npy_open (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
RfNpy *rf_npy_new_from_bytes (GBytes *bytes, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_npy_free (RfNpy *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfNpy, rf_npy_free)

/* The element with this index in C order (last dimension fastest), whatever the order in the file. */
double rf_npy_get (const RfNpy *self, gsize index);

/* Rows are the first dimension, all others together the columns; a plain list is n x 1. All cores. NaN stays NaN. */
RfMatrix *rf_npy_to_matrix (const RfNpy *self) G_GNUC_WARN_UNUSED_RESULT;

typedef enum
{
  RF_NPY_F2,
  RF_NPY_F4,
  RF_NPY_F8,
  RF_NPY_I4,
  RF_NPY_I8,
} RfNpyType;

/* The matrix as a file of format 1.0, little endian. Integers are rounded (and clamped to their range); f2 is rounded to
 * nearest, ties to even. */
GBytes *rf_npy_encode (const RfMatrix *matrix, RfNpyType type, gboolean fortran) G_GNUC_WARN_UNUSED_RESULT;
gboolean rf_npy_save (const char *path, const RfMatrix *matrix, RfNpyType type, gboolean fortran, GError **error);

/* IEEE 754 half precision. */
float rf_half_to_float (guint16 half);
guint16 rf_half_from_float (float value);

G_END_DECLS
