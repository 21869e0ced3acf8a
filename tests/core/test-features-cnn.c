/* test-features-cnn.c: known networks against torchvision, with weights that are a formula (see tests/golden/make_cnn.py).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-safetensors.h"
#include "core/features/rf-cnn.h"
#include "core/features/rf-svd.h"
#include "cnn-weights.h"
#include "tiles.h"

#define SIDE 64

/* --- against torchvision --- */

static void
assert_golden (const RfCnn *cnn)
{
  g_autofree char *path = g_build_filename (g_getenv ("RF_TEST_SRCDIR"), "tests", "golden", "cnn.safetensors", NULL), *content = NULL;
  g_autofree float *picture = g_new (float, SIDE *SIDE * 3), *out = g_new (float, rf_cnn_get_dims (cnn));
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(RfSafetensors) golden = NULL;
  g_autoptr(RfMatrix) expected = NULL;
  RfTape *tape = rf_tape_new ();
  double difference = 0, square = 0, largest = 0;
  gsize length;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  bytes = g_bytes_new (content, length);
  golden = rf_safetensors_parse (bytes, NULL);
  expected = rf_safetensors_dup_f32 (golden, rf_cnn_get_name (cnn), rf_cnn_get_dims (cnn), 1, NULL);
  g_assert_nonnull (expected);
  for (gsize i = 0; i < SIDE * SIDE * 3; i++) /* PyTorch has the channels first */
    picture[i] = (float) ((uniform (start_of ("picture"), i % 3 * SIDE * SIDE + i / 3) - .5) * 4);
  rf_cnn_forward (cnn, tape, picture, SIDE, SIDE, out);
  for (guint32 i = 0; i < rf_cnn_get_dims (cnn); i++)
    {
      difference += pow (out[i] - expected->x[i], 2);
      square += pow (expected->x[i], 2);
      largest = MAX (largest, fabs (out[i] - expected->x[i]));
    }
  g_test_message ("%s: relative difference from torchvision %.2g", rf_cnn_get_name (cnn), sqrt (difference / square));
  g_assert_cmpfloat (sqrt (difference / square), <, 1e-5);
  g_assert_cmpfloat (largest, <, 1e-4 * sqrt (square / rf_cnn_get_dims (cnn)));
  rf_tape_free (tape);
}

static void
test_resnet18 (void)
{
  Weights w = resnet_weights ((const guint[]) { 2, 2, 2, 2 }, 2, NULL);
  g_autoptr(GBytes) bytes = weights_finish (&w);
  g_autoptr(RfCnn) cnn = rf_cnn_new_from_bytes (bytes, NULL, NULL);

  g_assert_cmpstr (rf_cnn_get_name (cnn), ==, "resnet18");
  g_assert_cmpuint (rf_cnn_get_dims (cnn), ==, 512);
  assert_golden (cnn);
}

static void
test_resnet50 (void)
{
  Weights w = resnet_weights ((const guint[]) { 3, 4, 6, 3 }, 3, NULL);
  g_autoptr(GBytes) bytes = weights_finish (&w);
  g_autoptr(RfCnn) cnn = rf_cnn_new_from_bytes (bytes, NULL, NULL);

  g_assert_cmpstr (rf_cnn_get_name (cnn), ==, "resnet50");
  assert_golden (cnn);
}

static void
test_vgg16 (void)
{
  Weights w = vgg_weights ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(RfCnn) cnn = NULL;

  weights_add_linear (&w, "classifier.0", 4096, 512 * 7 * 7);
  weights_add_linear (&w, "classifier.3", 4096, 4096);
  bytes = weights_finish (&w);
  cnn = rf_cnn_new_from_bytes (bytes, "vgg16", NULL);
  g_clear_pointer (&bytes, g_bytes_unref);
  assert_golden (cnn);
}

/* --- what is refused --- */

static void
assert_refused (GBytes *bytes, const char *name, const char *word)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (rf_cnn_new_from_bytes (bytes, name, &error));
  g_assert_true (error->domain == RF_ERROR);
  if (strstr (error->message, word) == NULL)
    g_error ("\"%s\" does not speak of \"%s\"", error->message, word);
}

static void
test_refuses (void)
{
  Weights missing = resnet_weights ((const guint[]) { 2, 2, 2, 2 }, 2, "layer3.1.bn2"), vgg = vgg_weights (), shape = { 0 }, other = { 0 };
  g_autoptr(GBytes) missing_bytes = weights_finish (&missing), vgg_bytes = NULL, shape_bytes = NULL, other_bytes = NULL;
  g_autoptr(GBytes) noise = g_bytes_new_static ("no weights at all", 17);

  weights_add (&vgg, "pre_logits.fc1.weight", 4, 4096, 3, 1, 1); /* timm's name, not its shape */
  vgg_bytes = weights_finish (&vgg);
  weights_add_conv (&shape, "conv1", 64, 3, 5);
  weights_add_norm (&shape, "bn1", 64);
  weights_add_conv (&shape, "layer1.0.conv1", 64, 64, 3);
  shape_bytes = weights_finish (&shape);
  weights_add_linear (&other, "head", 2, 2);
  other_bytes = weights_finish (&other);
  assert_refused (missing_bytes, NULL, "layer3.1.bn2.weight");
  assert_refused (vgg_bytes, NULL, "pre_logits.fc1.weight");
  assert_refused (shape_bytes, NULL, "\"conv1.weight\" is 64 x 3 x 5 x 5 instead of 64 x 3 x 7 x 7");
  assert_refused (other_bytes, NULL, "known network");
  assert_refused (other_bytes, "resnet99", "resnet99");
  assert_refused (noise, NULL, "");
}

/* --- pictures --- */

static void
test_normalise (void)
{
  guint8 rgb[] = { 255, 0, 51 };
  float out[3];

  rf_cnn_normalise (rgb, 1, out);
  g_assert_cmpfloat_with_epsilon (out[0], (1 - .485) / .229, 1e-5);
  g_assert_cmpfloat_with_epsilon (out[1], -.456 / .224, 1e-5);
  g_assert_cmpfloat_with_epsilon (out[2], (.2 - .406) / .225, 1e-5);
}

/* A wide picture: the middle is kept. */
static void
test_decode (void)
{
  g_autoptr(GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 400, 100);
  g_autoptr(GdkPixbuf) middle = gdk_pixbuf_new_subpixbuf (pixbuf, 150, 0, 100, 100);
  g_autoptr(GBytes) png = NULL, noise = g_bytes_new_static ("noise", 5);
  g_autofree guint8 *rgb = g_malloc (56 * 56 * 3);
  gchar *bytes;
  gsize length;

  gdk_pixbuf_fill (pixbuf, 0xff0000ff);
  gdk_pixbuf_fill (middle, 0x00ff00ff);
  gdk_pixbuf_save_to_buffer (pixbuf, &bytes, &length, "png", NULL, NULL);
  png = g_bytes_new_take (bytes, length);
  g_assert_true (rf_cnn_decode (png, 56, rgb)); /* 256 x 64, of which 100..156 */
  g_assert_cmpuint (rgb[(28 * 56 + 1) * 3 + 1], >, 250);
  g_assert_cmpuint (rgb[(28 * 56 + 54) * 3 + 1], >, 250);
  g_assert_false (rf_cnn_decode (noise, 56, rgb));
}

static GBytes *
tile_picture (guint32 item, void *data)
{
  RfRng rng = rf_rng_new (12, item);

  if (item == 3)
    return NULL;
  if (item == 4)
    return g_bytes_new_static ("broken", 6);
  return tile_draw ((TileKind) { (int) item % TILE_HUES, (int) item % TILE_SHAPES, (int) item % TILE_TEXTURES }, .3, &rng);
}

static void
test_features (void)
{
  Weights w = resnet_weights ((const guint[]) { 2, 2, 2, 2 }, 2, NULL);
  g_autoptr(GBytes) bytes = weights_finish (&w);
  g_autoptr(RfCnn) cnn = rf_cnn_new_from_bytes (bytes, NULL, NULL);
  g_autoptr(RfFeatures) whole = NULL, reduced = NULL, one = NULL;
  double all = 0, kept = 0;

  whole = rf_cnn_features_compute (cnn, 20, tile_picture, NULL, 32, 0, NULL, NULL);
  reduced = rf_cnn_features_compute (cnn, 20, tile_picture, NULL, 32, 8, NULL, NULL);
  rf_parallel_set_threads (1);
  one = rf_cnn_features_compute (cnn, 20, tile_picture, NULL, 32, 8, NULL, NULL);
  rf_parallel_set_threads (0);
  g_assert_cmpuint (whole->x->cols, ==, 512);
  g_assert_cmpuint (reduced->x->cols, ==, 8);
  g_assert_cmpstr (whole->key, !=, reduced->key);
  g_assert_cmpmem (reduced->x->x, 20 * 8 * sizeof (float), one->x->x, 20 * 8 * sizeof (float));
  for (guint32 i = 0; i < 20; i++)
    g_assert_cmpuint (reduced->available[i], ==, i != 3 && i != 4);
  for (guint32 j = 0; j < 8; j++)
    g_assert_cmpfloat (rf_matrix_row (reduced->x, 3)[j], ==, 0);
  for (guint32 a = 0; a < 20; a++) /* distances between items are mostly kept */
    for (guint32 b = 0; b < a; b++)
      {
        if (!whole->available[a] || !whole->available[b])
          continue;
        for (guint32 j = 0; j < 512; j++)
          all += pow (rf_matrix_row (whole->x, a)[j] - rf_matrix_row (whole->x, b)[j], 2);
        for (guint32 j = 0; j < 8; j++)
          kept += pow (rf_matrix_row (reduced->x, a)[j] - rf_matrix_row (reduced->x, b)[j], 2);
      }
  g_assert_cmpfloat (kept, >, .8 * all);
  g_assert_cmpfloat (kept, <, 1.001 * all);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  g_test_add_func ("/cnn/resnet18", test_resnet18);
  g_test_add_func ("/cnn/resnet50", test_resnet50);
  g_test_add_func ("/cnn/vgg16", test_vgg16);
  g_test_add_func ("/cnn/refuses", test_refuses);
  g_test_add_func ("/cnn/normalise", test_normalise);
  g_test_add_func ("/cnn/decode", test_decode);
  g_test_add_func ("/cnn/features", test_features);
  return g_test_run ();
}
