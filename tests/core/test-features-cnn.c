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
#include "tiles.h"

#define SIDE 64

/* --- files of weights --- */

typedef struct
{
  char *name;
  guint ndim;
  gsize shape[4];
  gsize n;
} Entry;

typedef struct
{
  GArray *entries;
  gsize n; /* numbers in all */
} Weights;

static void
entry_clear (gpointer data)
{
  g_free (((Entry *) data)->name);
}

static void
weights_add (Weights *self, const char *name, guint ndim, gsize a, gsize b, gsize c, gsize d)
{
  Entry entry = { g_strdup (name), ndim, { a, b, c, d }, a * (ndim > 1 ? b : 1) * (ndim > 2 ? c * d : 1) };

  if (self->entries == NULL)
    {
      self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
      g_array_set_clear_func (self->entries, entry_clear);
    }
  g_array_append_val (self->entries, entry);
  self->n += entry.n;
}

static void
weights_add_part (Weights *self, const char *name, const char *part, gsize n)
{
  g_autofree char *full = g_strconcat (name, ".", part, NULL);

  weights_add (self, full, 1, n, 1, 1, 1);
}

static void
weights_add_conv (Weights *self, const char *name, gsize out, gsize in, gsize side)
{
  g_autofree char *full = g_strconcat (name, ".weight", NULL);

  weights_add (self, full, 4, out, in, side, side);
}

static void
weights_add_norm (Weights *self, const char *name, gsize n)
{
  static const char *const parts[] = { "weight", "bias", "running_mean", "running_var" };

  for (int p = 0; p < 4; p++)
    weights_add_part (self, name, parts[p], n);
}

static void
weights_add_linear (Weights *self, const char *name, gsize out, gsize in)
{
  g_autofree char *full = g_strconcat (name, ".weight", NULL);

  weights_add (self, full, 2, out, in, 1, 1);
  weights_add_part (self, name, "bias", out);
}

/* n numbers in [0, 1) that depend on the name only: as uniform() of make_cnn.py. */
static guint64
start_of (const char *name)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (; *name != '\0'; name++)
    hash = (hash ^ (guint8) *name) * G_GUINT64_CONSTANT (0x100000001b3);
  return hash;
}

static double
uniform (guint64 start, gsize i)
{
  guint64 z = start + (i + 1) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  z ^= z >> 31;
  return (double) (z >> 40) / (1 << 24);
}

static void
fill (const Entry *entry, float *out)
{
  guint64 start = start_of (entry->name);
  gboolean gain = g_str_has_suffix (entry->name, "running_var") || (g_str_has_suffix (entry->name, "weight") && entry->ndim == 1);
  gboolean weight = g_str_has_suffix (entry->name, "weight") && entry->ndim > 1;
  double bound = weight ? sqrt (6.0 / (double) (entry->n / entry->shape[0])) : 0;

  for (gsize i = 0; i < entry->n; i++)
    {
      double u = uniform (start, i);

      out[i] = (float) (gain ? .5 + u : weight ? (u - .5) * 2 * bound : (u - .5) / 2);
    }
}

/* The file, made in one piece. Consumes the list. */
static GBytes *
weights_finish (Weights *self)
{
  g_autoptr (GString) header = g_string_new ("{");
  gsize at = 0, start;
  guint8 *file;

  for (guint e = 0; e < self->entries->len; e++)
    {
      const Entry *entry = &g_array_index (self->entries, Entry, e);

      g_string_append_printf (header, "%s\"%s\": {\"dtype\": \"F32\", \"shape\": [", e > 0 ? ", " : "", entry->name);
      for (guint d = 0; d < entry->ndim; d++)
        g_string_append_printf (header, "%s%zu", d > 0 ? ", " : "", entry->shape[d]);
      g_string_append_printf (header, "], \"data_offsets\": [%zu, %zu]}", at * sizeof (float), (at + entry->n) * sizeof (float));
      at += entry->n;
    }
  g_string_append_c (header, '}');
  while (header->len % 8 != 0)
    g_string_append_c (header, ' ');
  start = 8 + header->len;
  file = g_malloc (start + self->n * sizeof (float));
  for (int b = 0; b < 8; b++)
    file[b] = (guint8) ((guint64) header->len >> (8 * b));
  memcpy (file + 8, header->str, header->len);
  at = 0;
  for (guint e = 0; e < self->entries->len; e++)
    {
      const Entry *entry = &g_array_index (self->entries, Entry, e);

      fill (entry, (float *) (void *) (file + start) + at);
      at += entry->n;
    }
  g_array_unref (self->entries);
  return g_bytes_new_take (file, start + self->n * sizeof (float));
}

static Weights
resnet_weights (const guint *blocks, guint n_convs, const char *leave_out)
{
  Weights w = { 0 };
  gsize in = 64, width = 64;

  weights_add_conv (&w, "conv1", 64, 3, 7);
  weights_add_norm (&w, "bn1", 64);
  for (guint stage = 0; stage < 4; stage++, width *= 2)
    for (guint b = 0; b < blocks[stage]; b++)
      {
        gsize out = n_convs == 3 ? 4 * width : width;

        for (guint c = 0; c < n_convs; c++)
          {
            g_autofree char *conv = g_strdup_printf ("layer%u.%u.conv%u", stage + 1, b, c + 1);
            g_autofree char *norm = g_strdup_printf ("layer%u.%u.bn%u", stage + 1, b, c + 1);

            weights_add_conv (&w, conv, c + 1 == n_convs ? out : width, c == 0 ? in : width, n_convs == 2 || c == 1 ? 3 : 1);
            if (g_strcmp0 (norm, leave_out) != 0)
              weights_add_norm (&w, norm, c + 1 == n_convs ? out : width);
          }
        if (b == 0 && (stage > 0 || in != out))
          {
            g_autofree char *conv = g_strdup_printf ("layer%u.0.downsample.0", stage + 1), *norm = g_strdup_printf ("layer%u.0.downsample.1", stage + 1);

            weights_add_conv (&w, conv, out, in, 1);
            weights_add_norm (&w, norm, out);
          }
        in = out;
      }
  return w;
}

static Weights
vgg_weights (void)
{
  static const guint width[] = { 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512 };
  static const guint place[] = { 0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28 };
  Weights w = { 0 };

  for (guint c = 0; c < G_N_ELEMENTS (width); c++)
    {
      g_autofree char *name = g_strdup_printf ("features.%u", place[c]);

      weights_add_conv (&w, name, width[c], c == 0 ? 3 : width[c - 1], 3);
      weights_add_part (&w, name, "bias", width[c]);
    }
  return w;
}

/* --- against torchvision --- */

static void
assert_golden (const RfCnn *cnn)
{
  g_autofree char *path = g_build_filename (g_getenv ("RF_TEST_SRCDIR"), "tests", "golden", "cnn.safetensors", NULL), *content = NULL;
  g_autofree float *picture = g_new (float, SIDE *SIDE * 3), *out = g_new (float, rf_cnn_get_dims (cnn));
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (RfSafetensors) golden = NULL;
  g_autoptr (RfMatrix) expected = NULL;
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
  g_autoptr (GBytes) bytes = weights_finish (&w);
  g_autoptr (RfCnn) cnn = rf_cnn_new_from_bytes (bytes, NULL, NULL);

  g_assert_cmpstr (rf_cnn_get_name (cnn), ==, "resnet18");
  g_assert_cmpuint (rf_cnn_get_dims (cnn), ==, 512);
  assert_golden (cnn);
}

static void
test_resnet50 (void)
{
  Weights w = resnet_weights ((const guint[]) { 3, 4, 6, 3 }, 3, NULL);
  g_autoptr (GBytes) bytes = weights_finish (&w);
  g_autoptr (RfCnn) cnn = rf_cnn_new_from_bytes (bytes, NULL, NULL);

  g_assert_cmpstr (rf_cnn_get_name (cnn), ==, "resnet50");
  assert_golden (cnn);
}

static void
test_vgg16 (void)
{
  Weights w = vgg_weights ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (RfCnn) cnn = NULL;

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
  g_autoptr (GError) error = NULL;

  g_assert_null (rf_cnn_new_from_bytes (bytes, name, &error));
  g_assert_true (error->domain == RF_ERROR);
  if (strstr (error->message, word) == NULL)
    g_error ("\"%s\" does not speak of \"%s\"", error->message, word);
}

static void
test_refuses (void)
{
  Weights missing = resnet_weights ((const guint[]) { 2, 2, 2, 2 }, 2, "layer3.1.bn2"), vgg = vgg_weights (), shape = { 0 }, other = { 0 };
  g_autoptr (GBytes) missing_bytes = weights_finish (&missing), vgg_bytes = NULL, shape_bytes = NULL, other_bytes = NULL;
  g_autoptr (GBytes) noise = g_bytes_new_static ("no weights at all", 17);

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
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 400, 100);
  g_autoptr (GdkPixbuf) middle = gdk_pixbuf_new_subpixbuf (pixbuf, 150, 0, 100, 100);
  g_autoptr (GBytes) png = NULL, noise = g_bytes_new_static ("noise", 5);
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
  g_autoptr (GBytes) bytes = weights_finish (&w);
  g_autoptr (RfCnn) cnn = rf_cnn_new_from_bytes (bytes, NULL, NULL);
  g_autoptr (RfFeatures) whole = NULL, reduced = NULL, one = NULL;
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
