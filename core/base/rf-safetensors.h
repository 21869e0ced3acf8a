/* rf-safetensors.h: named tensors in one block of bytes, the safetensors format (github.com/huggingface/safetensors): 8 bytes
 * little-endian header length, a JSON header {name: {dtype, shape, data_offsets}, "__metadata__": {text: text}}, raw data.
 * In Python: `from safetensors.numpy import load_file`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-matrix.h"

G_BEGIN_DECLS

/* Writing: tensors keep the order in which they were added; same content, same bytes. */
typedef struct _RfSafetensorsWriter RfSafetensorsWriter;

RfSafetensorsWriter *rf_safetensors_writer_new (void) G_GNUC_WARN_UNUSED_RESULT;
void rf_safetensors_writer_free (RfSafetensorsWriter *self);
void rf_safetensors_writer_add_metadata (RfSafetensorsWriter *self, const char *key, const char *value);
/* The numbers are not copied: they must live until finish(). */
void rf_safetensors_writer_add_f32 (RfSafetensorsWriter *self, const char *name, gsize rows, gsize cols, const float *x); /* cols 0: a vector */
void rf_safetensors_writer_add_u8 (RfSafetensorsWriter *self, const char *name, gsize n, const guint8 *x);
void rf_safetensors_writer_add_u32 (RfSafetensorsWriter *self, const char *name, gsize n, const guint32 *x);
GBytes *rf_safetensors_writer_finish (RfSafetensorsWriter *self) G_GNUC_WARN_UNUSED_RESULT;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfSafetensorsWriter, rf_safetensors_writer_free)

/* Reading: every offset, shape and type is checked against the bytes before anything is handed out. */
typedef struct _RfSafetensors RfSafetensors;

typedef struct
{
  char *name;
  char dtype[8];    /* "F32", "U8", ... */
  guint ndim;       /* 0 .. 8 */
  gsize shape[8];
  const guint8 *data; /* inside the bytes; not aligned */
  gsize n_bytes;
} RfTensorView;

/* RF_ERROR_FORMAT with what is wrong. Keeps a reference to bytes. */
RfSafetensors *rf_safetensors_parse (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_safetensors_free (RfSafetensors *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfSafetensors, rf_safetensors_free)

const char *rf_safetensors_get_metadata (const RfSafetensors *self, const char *key); /* NULL if absent */
/* In order of their data; n = how many. */
const RfTensorView *rf_safetensors_get_all (const RfSafetensors *self, gsize *n);
const RfTensorView *rf_safetensors_find (const RfSafetensors *self, const char *name); /* NULL if absent */

/* A copy as a float matrix (a vector of n becomes n x 1). Errors name the tensor: absent, not F32, or not rows x cols (a bound of
 * 0 accepts any size). */
RfMatrix *rf_safetensors_dup_f32 (const RfSafetensors *self, const char *name, gsize rows, gsize cols, GError **error) G_GNUC_WARN_UNUSED_RESULT;
guint8 *rf_safetensors_dup_u8 (const RfSafetensors *self, const char *name, gsize n, GError **error) G_GNUC_WARN_UNUSED_RESULT;
guint32 *rf_safetensors_dup_u32 (const RfSafetensors *self, const char *name, gsize *n, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
