/* test-features-npy.c: NumPy's array files, read and written.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-rng.h"
#include "core/base/rf-npy.h"

/* A file of format 1.0 with this header and these data. */
static RfNpy *
read_npy (const char *header, const void *data, gsize length, GError **error)
{
  g_autoptr(GByteArray) file = g_byte_array_new ();
  g_autoptr(GBytes) bytes = NULL;
  guint8 size[2] = { (guint8) strlen (header), (guint8) (strlen (header) >> 8) };

  g_byte_array_append (file, (const guint8 *) "\x93NUMPY\x01\x00", 8);
  g_byte_array_append (file, size, 2);
  g_byte_array_append (file, (const guint8 *) header, (guint) strlen (header));
  g_byte_array_append (file, data, (guint) length);
  bytes = g_bytes_new (file->data, file->len);
  return rf_npy_new_from_bytes (bytes, "x.npy", error);
}

static void
test_orders (void)
{
  static const guint8 little[] = { 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 0, 0, 0x80, 0x40, 0, 0, 0xa0, 0x40, 0, 0, 0xc0, 0x40 };
  guint8 big[sizeof little];
  g_autoptr(RfNpy) c = read_npy ("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n", little, sizeof little, NULL);
  g_autoptr(RfNpy) f = read_npy ("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }\n", little, sizeof little, NULL);
  g_autoptr(RfNpy) b = NULL;
  g_autoptr(RfMatrix) mc = rf_npy_to_matrix (c), mf = rf_npy_to_matrix (f), mb = NULL;
  float fortran[] = { 1, 3, 5, 2, 4, 6 };

  for (gsize i = 0; i < sizeof little; i++)
    big[i] = little[i / 4 * 4 + 3 - i % 4];
  b = read_npy ("{\"descr\": \">f4\", \"fortran_order\": False, \"shape\": (2, 3)}", big, sizeof big, NULL);
  mb = rf_npy_to_matrix (b);
  g_assert_cmpuint (mc->rows, ==, 2);
  g_assert_cmpuint (mc->cols, ==, 3);
  for (int i = 0; i < 6; i++)
    {
      g_assert_cmpfloat (mc->x[i], ==, i + 1);
      g_assert_cmpfloat (mb->x[i], ==, i + 1);
      g_assert_cmpfloat (mf->x[i], ==, fortran[i]);
    }
}

static void
test_types (void)
{
  static const guint8 i8[] = { 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0, 0, 0, 0, 0, 0x20, 0 }; /* -2, 2^53 + 1 */
  static const guint8 u2[] = { 0xff, 0xff, 1, 0 }, i1[] = { 0x80, 0x7f }, bools[] = { 1, 0 };
  static const guint8 f8[] = { 0, 0, 0, 0, 0, 0, 0xf8, 0x3f }, f2[] = { 0x00, 0x3c, 0x00, 0xc0 }; /* 1.5; 1, -2 */
  static const guint8 i4[] = { 0xff, 0xff, 0xff, 0xff };
  g_autoptr(RfNpy) wide = read_npy ("{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }", i8, sizeof i8, NULL);
  g_autoptr(RfNpy) shorts = read_npy ("{'descr': '<u2', 'fortran_order': False, 'shape': (2,), }", u2, sizeof u2, NULL);
  g_autoptr(RfNpy) chars = read_npy ("{'descr': '|i1', 'fortran_order': False, 'shape': (2,), }", i1, sizeof i1, NULL);
  g_autoptr(RfNpy) truth = read_npy ("{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", bools, sizeof bools, NULL);
  g_autoptr(RfNpy) twice = read_npy ("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", f8, sizeof f8, NULL);
  g_autoptr(RfNpy) half = read_npy ("{'descr': '<f2', 'fortran_order': False, 'shape': (2, 1), }", f2, sizeof f2, NULL);
  g_autoptr(RfNpy) whole = read_npy ("{'descr': '<i4', 'fortran_order': False, 'shape': (1,), }", i4, sizeof i4, NULL);
  g_autoptr(RfMatrix) column = rf_npy_to_matrix (half);

  g_assert_cmpfloat (rf_npy_get (wide, 0), ==, -2);
  g_assert_cmpfloat (rf_npy_get (wide, 1), ==, 9007199254740992);
  g_assert_cmpfloat (rf_npy_get (shorts, 0), ==, 65535);
  g_assert_cmpfloat (rf_npy_get (chars, 0), ==, -128);
  g_assert_cmpfloat (rf_npy_get (chars, 1), ==, 127);
  g_assert_cmpfloat (rf_npy_get (truth, 0), ==, 1);
  g_assert_cmpfloat (rf_npy_get (twice, 0), ==, 1.5);
  g_assert_cmpfloat (rf_npy_get (whole, 0), ==, -1);
  g_assert_cmpuint (column->rows, ==, 2);
  g_assert_cmpfloat (column->x[1], ==, -2);
}

static void
test_half (void)
{
  g_assert_cmpfloat (rf_half_to_float (0x3555), ==, 0x1.554p-2f); /* nearest to 1/3 */
  g_assert_cmpfloat (rf_half_to_float (0x0001), ==, 0x1p-24f);
  g_assert_cmpfloat (rf_half_to_float (0x7bff), ==, 65504);
  g_assert_true (isinf (rf_half_to_float (0xfc00)));
  g_assert_true (isnan (rf_half_to_float (0x7e01)));
  g_assert_cmphex (rf_half_from_float (65519), ==, 0x7bff);
  g_assert_cmphex (rf_half_from_float (65520), ==, 0x7c00);
  g_assert_cmphex (rf_half_from_float (0x1p-25f), ==, 0);      /* a tie: to even */
  g_assert_cmphex (rf_half_from_float (0x1.8p-25f), ==, 1);
  g_assert_cmphex (rf_half_from_float (-0x1.ffep-1f), ==, 0xbc00); /* a tie that carries into the exponent */
  for (guint h = 0; h < 65536; h++) /* every half number survives */
    if (!isnan (rf_half_to_float ((guint16) h)))
      g_assert_cmphex (rf_half_from_float (rf_half_to_float ((guint16) h)), ==, h);
}

static void
test_round_trip (void)
{
  g_autoptr(RfMatrix) m = rf_matrix_new (37, 5);
  g_autofree char *dir = g_dir_make_tmp ("refract-npy-XXXXXX", NULL), *path = g_build_filename (dir, "m.npy", NULL);
  RfRng rng = rf_rng_new (2, 2);

  for (int i = 0; i < 37 * 5; i++)
    m->x[i] = (float) rf_rng_below (&rng, 2000) - 1000;
  for (int type = RF_NPY_F2; type <= RF_NPY_I8; type++)
    for (int fortran = 0; fortran < 2; fortran++)
      {
        g_autoptr(RfNpy) npy = NULL;
        g_autoptr(RfMatrix) back = NULL;

        g_assert_true (rf_npy_save (path, m, (RfNpyType) type, fortran, NULL));
        npy = rf_npy_open (path, NULL);
        back = rf_npy_to_matrix (npy);
        g_assert_cmpuint ((gsize) (npy->data - (const guint8 *) g_bytes_get_data (npy->bytes, NULL)) % 64, ==, 0);
        g_assert_cmpmem (m->x, 37 * 5 * sizeof (float), back->x, back->rows * back->cols * sizeof (float));
      }
  g_unlink (path);
  g_rmdir (dir);
}

static void
assert_refused (const char *header, gsize length, const char *word)
{
  static const guint8 zeros[64] = { 0 };
  g_autoptr(GError) error = NULL;

  g_assert_null (read_npy (header, zeros, length, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, word));
  g_assert_true (g_str_has_prefix (error->message, "x.npy: "));
}

static void
test_refuses (void)
{
  static const char plain[] = "PK not npy at all";
  g_autoptr(GBytes) other = g_bytes_new_static (plain, sizeof plain);
  g_autoptr(GError) error = NULL, missing = NULL;

  assert_refused ("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", 16, "pickled");
  assert_refused ("{'descr': '<U4', 'fortran_order': False, 'shape': (2,), }", 32, "numbers");
  assert_refused ("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", 8, "records");
  assert_refused ("{'descr': '<f3', 'fortran_order': False, 'shape': (2,), }", 8, "size");
  assert_refused ("{'descr': '<f4', 'fortran_order': False, 'shape': (4, 4), }", 63, "cut short");
  assert_refused ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", 63, "shape");
  assert_refused ("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296, 2), }", 63, "shape");
  assert_refused ("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", 63, "single number");
  assert_refused ("{'descr': '<f4', 'fortran_order': False }", 63, "shape");
  assert_refused ("{'descr': '<f4', 'fortran_order': False, 'shape': (900000000000, 0), }", 63, "empty");
  assert_refused ("{'shape': (1,)}", 63, "records");
  g_assert_null (rf_npy_new_from_bytes (other, "x.npy", &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
  g_assert_null (rf_npy_open ("/nonexistent/x.npy", &missing));
  g_assert_error (missing, RF_ERROR, RF_ERROR_IO);
}

/* Any bytes: an error or an array, never more. */
static void
test_noise (void)
{
  static const char start[] = "\x93NUMPY\x01\x00\x40\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }   \n";
  RfRng rng = rf_rng_new (6, 6);

  for (int trial = 0; trial < 3000; trial++)
    {
      guint8 data[120];
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(RfNpy) npy = NULL;

      memset (data, 0, sizeof data);
      memcpy (data, start, sizeof start - 1);
      for (guint32 hits = 1 + rf_rng_below (&rng, 4); hits > 0; hits--)
        data[6 + rf_rng_below (&rng, 70)] = (guint8) rf_rng_below (&rng, 256);
      bytes = g_bytes_new (data, rf_rng_below (&rng, sizeof data + 1));
      npy = rf_npy_new_from_bytes (bytes, "noise", NULL);
      if (npy != NULL && npy->n > 0)
        rf_npy_get (npy, npy->n - 1);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/npy/orders", test_orders);
  g_test_add_func ("/npy/types", test_types);
  g_test_add_func ("/npy/half", test_half);
  g_test_add_func ("/npy/round-trip", test_round_trip);
  g_test_add_func ("/npy/refuses", test_refuses);
  g_test_add_func ("/npy/noise", test_noise);
  return g_test_run ();
}
