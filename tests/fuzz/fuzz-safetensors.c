/* fuzz-safetensors.c: named tensors, and convolutional networks made of them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "core/base/rf-safetensors.h"
#include "core/features/rf-cnn.h"

static const char *const words[] = { "{", "}", "\"F32\"", "\"U8\"", "\"BF16\"", "\"I64\"", "\"dtype\":", "\"shape\":", "[]", "[2,3]", "[0]", "\"data_offsets\":", "[0,24]", "9223372036854775807", "-1", "\"__metadata__\":", "[[[[[[[[",
                                     "conv1.weight", "layer1.0.conv1.weight", "features.0.weight", NULL };

static void
run (const guint8 *data, gsize size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GError) error = NULL, other = NULL;
  g_autoptr(RfSafetensors) tensors = rf_safetensors_parse (bytes, &error);
  g_autoptr(RfCnn) cnn = rf_cnn_new_from_bytes (bytes, NULL, &other);
  const RfTensorView *all;
  gsize n, sum = 0;

  g_assert_true ((tensors == NULL) == (error != NULL));
  g_assert_true ((cnn == NULL) == (other != NULL));
  if (tensors == NULL)
    return;
  all = rf_safetensors_get_all (tensors, &n);
  for (gsize t = 0; t < n; t++)
    {
      g_autoptr(RfMatrix) matrix = rf_safetensors_dup_f32 (tensors, all[t].name, 0, 0, NULL);
      g_autofree guint8 *small = rf_safetensors_dup_u8 (tensors, all[t].name, all[t].n_bytes, NULL);
      gsize n_words = 0;
      g_autofree guint32 *large = rf_safetensors_dup_u32 (tensors, all[t].name, &n_words, NULL);

      g_assert_nonnull (rf_safetensors_find (tensors, all[t].name));
      for (gsize b = 0; b < all[t].n_bytes; b++)
        sum += all[t].data[b];
      if (matrix != NULL)
        g_assert_cmpuint (matrix->rows * matrix->cols * 4, ==, all[t].n_bytes);
    }
  fuzz_use ((double) sum);
}

static GBytes *
seed (guint index)
{
  static const float x[6] = { 1, -2, 3.5f, 0, 1e30f, -1e-30f };
  static const guint8 mask[3] = { 1, 0, 1 };
  static const guint32 rows[4] = { 0, 1, 2, G_MAXUINT32 };
  g_autoptr(RfSafetensorsWriter) writer = NULL;

  if (index > 1)
    return NULL;
  writer = rf_safetensors_writer_new ();
  if (index == 0)
    rf_safetensors_writer_add_metadata (writer, "format", "pt");
  rf_safetensors_writer_add_f32 (writer, index ? "conv1.weight" : "x", 2, 3, x);
  rf_safetensors_writer_add_u8 (writer, "mask", 3, mask);
  rf_safetensors_writer_add_u32 (writer, "rows", 4, rows);
  return rf_safetensors_writer_finish (writer);
}

const FuzzTarget fuzz_target = { "safetensors", run, seed, words };
