/* test-safetensors.c: round trip, and files that lie.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-rng.h"
#include "core/base/rf-safetensors.h"

static GBytes *
make_file (void)
{
  static const float x[] = { 1, 2, 3, 4, 5, 6 };
  static const guint8 b[] = { 1, 0, 1 };
  static const guint32 u[] = { 7, 8 };
  g_autoptr(RfSafetensorsWriter) writer = rf_safetensors_writer_new ();

  rf_safetensors_writer_add_metadata (writer, "title", "a \"quoted\" title");
  rf_safetensors_writer_add_f32 (writer, "x", 2, 3, x);
  rf_safetensors_writer_add_u8 (writer, "b", 3, b);
  rf_safetensors_writer_add_u32 (writer, "u", 2, u);
  return rf_safetensors_writer_finish (writer);
}

static void
test_round_trip (void)
{
  g_autoptr(GBytes) bytes = make_file (), again = make_file ();
  g_autoptr(GError) error = NULL;
  g_autoptr(RfSafetensors) file = rf_safetensors_parse (bytes, &error);
  g_autoptr(RfMatrix) x = NULL, missing = NULL;
  g_autofree guint8 *b = NULL;
  g_autofree guint32 *u = NULL;
  gsize n;

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (bytes, again));
  g_assert_cmpstr (rf_safetensors_get_metadata (file, "title"), ==, "a \"quoted\" title");
  x = rf_safetensors_dup_f32 (file, "x", 2, 3, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (rf_matrix_row (x, 1)[2], ==, 6);
  b = rf_safetensors_dup_u8 (file, "b", 3, &error);
  g_assert_cmpuint (b[2], ==, 1);
  u = rf_safetensors_dup_u32 (file, "u", &n, &error);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (u[1], ==, 8);
  rf_safetensors_get_all (file, &n);
  g_assert_cmpuint (n, ==, 3);
  missing = rf_safetensors_dup_f32 (file, "x", 3, 3, &error);
  g_assert_null (missing);
  g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
  g_clear_error (&error);
  g_assert_null (rf_safetensors_dup_u8 (file, "x", 6, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
}

static void
assert_bad (const char *header, gsize data)
{
  guint64 length = strlen (header);
  gsize total = 8 + length + data;
  guint8 *raw = g_malloc0 (total);
  g_autoptr(GBytes) bytes = g_bytes_new_take (raw, total);
  g_autoptr(GError) error = NULL;

  memcpy (raw, &length, 8);
  memcpy (raw + 8, header, length);
  g_assert_null (rf_safetensors_parse (bytes, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
}

static void
test_liars (void)
{
  assert_bad ("[]", 0);
  assert_bad ("{", 0);
  assert_bad ("{\"x\": 3}", 8);
  assert_bad ("{\"x\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 9]}}", 8);
  assert_bad ("{\"x\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [8, 0]}}", 8);
  assert_bad ("{\"x\": {\"dtype\": \"F32\", \"shape\": [3], \"data_offsets\": [0, 8]}}", 8);
  assert_bad ("{\"x\": {\"dtype\": \"F99\", \"shape\": [2], \"data_offsets\": [0, 8]}}", 8);
  assert_bad ("{\"x\": {\"dtype\": \"F32\", \"shape\": [-2], \"data_offsets\": [0, 8]}}", 8);
  assert_bad ("{\"x\": {\"dtype\": \"F32\", \"shape\": [\"2\"], \"data_offsets\": [0, 8]}}", 8);
  assert_bad ("{\"x\": {\"dtype\": \"F32\", \"shape\": [4611686018427387904, 4], \"data_offsets\": [0, 0]}}", 8);
  assert_bad ("{\"__metadata__\": {\"a\": 1}}", 0);
}

/* Flipped and cut files are refused or read; never a crash (the sanitizers watch). */
static void
test_damage (void)
{
  g_autoptr(GBytes) good = make_file ();
  gsize length;
  const guint8 *data = g_bytes_get_data (good, &length);
  RfRng rng = rf_rng_new (1, 1);

  for (int trial = 0; trial < 3000; trial++)
    {
      gsize cut = trial % 3 == 0 ? rf_rng_below (&rng, (guint32) length + 1) : length;
      guint8 *raw = g_memdup2 (data, MAX (cut, 1));
      g_autoptr(GBytes) bytes = g_bytes_new_take (raw, cut);
      g_autoptr(RfSafetensors) file = NULL;

      if (cut > 0)
        raw[rf_rng_below (&rng, (guint32) cut)] ^= (guint8) (1u << rf_rng_below (&rng, 8));
      file = rf_safetensors_parse (bytes, NULL);
      if (file)
        {
          g_autoptr(RfMatrix) x = rf_safetensors_dup_f32 (file, "x", 0, 0, NULL);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/safetensors/round-trip", test_round_trip);
  g_test_add_func ("/safetensors/liars", test_liars);
  g_test_add_func ("/safetensors/damage", test_damage);
  return g_test_run ();
}
