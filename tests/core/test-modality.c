/* test-modality.c: where a modality's numbers come from: computed, a network's weights, word vectors, statistics; and what is kept.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "cnn-weights.h"
#include "core/base/rf-error.h"
#include "core/base/rf-linalg.h"
#include "core/catalog/rf-importer.h"
#include "core/features/rf-behaviour-stats.h"
#include "core/train/rf-modality.h"
#include "core/train/rf-trainer.h"
#include "tests/support/folder.h"
#include "tiles.h"

#define N_ITEMS 24
#define N_USERS 40

typedef struct
{
  char *folder;
  RfWorkspace *workspace;
  RfCatalog *catalog;
  RfConfig *config;
} Fixture;

static const char *const topics[3] = { "ship sailor wave harbour captain storm", "cow barn tractor meadow harvest farmer",
                                       "planet rocket orbit comet astronaut galaxy" };

static void
write_catalog (const char *folder)
{
  g_autoptr(GString) items = g_string_new ("item_id,title,description\n"), interactions = g_string_new ("user_id,item_id,event,timestamp\n");

  for (guint32 i = 0; i < N_ITEMS; i++)
    {
      RfRng rng = rf_rng_new (5, i);
      g_autoptr(GBytes) picture = tile_draw ((TileKind) { (int) i % TILE_HUES, (int) i % TILE_SHAPES, (int) i % TILE_TEXTURES }, .3, &rng);
      g_autofree char *name = g_strdup_printf ("source/images/i%u.png", i);

      if (i != 3)
        test_folder_write (folder, name, g_bytes_get_data (picture, NULL), (gssize) g_bytes_get_size (picture));
      g_string_append_printf (items, "i%u,%s,", i, topics[i % 3]);
      for (int k = 0; k < 12; k++)
        g_string_append_printf (items, "%s ", topics[i % 3]);
      g_string_append_printf (items, "unheard%u\n", i);
    }
  for (guint32 u = 0; u < N_USERS; u++)
    for (guint32 k = 0; k < 6; k++)
      g_string_append_printf (interactions, "u%u,i%u,%s,%u\n", u, (u + k * 3 + k * k) % N_ITEMS, k % 3 ? "view" : "purchase", 86400 * (u + k));
  test_folder_write (folder, "source/items.csv", items->str, -1);
  test_folder_write (folder, "source/interactions.csv", interactions->str, -1);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *source = NULL, *path = NULL;

  f->folder = test_folder_new ();
  write_catalog (f->folder);
  source = g_build_filename (f->folder, "source", NULL);
  path = g_build_filename (f->folder, "a.refract", NULL);
  rf_import_to_workspace (source, path, NULL, report, NULL, &error);
  g_assert_no_error (error);
  f->workspace = rf_workspace_open (path, &error);
  g_assert_no_error (error);
  f->catalog = rf_workspace_load_catalog (f->workspace, &error);
  g_assert_no_error (error);
  f->config = rf_config_new ();
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  rf_catalog_unref (f->catalog);
  rf_workspace_close (f->workspace);
  rf_config_free (f->config);
  test_folder_remove (f->folder);
}

static void
set (Fixture *f, const char *key, const char *value)
{
  g_autoptr(GError) error = NULL;

  rf_config_set (f->config, key, value, &error);
  g_assert_no_error (error);
}

/* Writes a file beside the document and makes it the value of a setting. */
static void
set_file (Fixture *f, const char *key, const char *name, const char *bytes, gsize length)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);

  test_folder_write (f->folder, name, bytes, (gssize) length);
  set (f, key, path);
}

static RfFeatures *
features_of (Fixture *f, const char *name)
{
  g_autoptr(GError) error = NULL;
  RfFeatures *features = rf_modality_features (f->workspace, f->catalog, f->config, name, NULL, &error);

  g_assert_no_error (error);
  return features;
}

static void
refuses (Fixture *f, const char *name, int code, const char *word)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (rf_modality_features (f->workspace, f->catalog, f->config, name, NULL, &error));
  g_assert_error (error, RF_ERROR, code);
  if (strstr (error->message, word) == NULL)
    g_error ("“%s” does not speak of “%s”", error->message, word);
}

static void
test_pretrained (Fixture *f, gconstpointer data)
{
  Weights w = resnet_weights ((const guint[]) { 2, 2, 2, 2 }, 2, NULL), broken = resnet_weights ((const guint[]) { 2, 2, 2, 2 }, 2, "layer2.0.bn1");
  g_autoptr(GBytes) weights = weights_finish (&w), less = weights_finish (&broken);
  g_autoptr(RfFeatures) classical = features_of (f, "image"), first = NULL, again = NULL, wide = NULL, gone = NULL, back = NULL;
  g_autoptr(GError) error = NULL;

  set (f, "image.features", "resnet18");
  refuses (f, "image", RF_ERROR_CONFIG, "image.weights");
  set (f, "image.weights", "/nonexistent/weights.safetensors");
  refuses (f, "image", RF_ERROR_IO, "/nonexistent/weights.safetensors");
  set (f, "image.size", "32");
  set (f, "image.dims", "8");
  set_file (f, "image.weights", "less.safetensors", g_bytes_get_data (less, NULL), g_bytes_get_size (less));
  refuses (f, "image", RF_ERROR_FORMAT, "layer2.0.bn1.weight");
  set_file (f, "image.weights", "w.safetensors", g_bytes_get_data (weights, NULL), g_bytes_get_size (weights));
  first = features_of (f, "image");
  g_assert_cmpuint (first->x->cols, ==, 8);
  g_assert_cmpuint (rf_features_count_available (first), ==, N_ITEMS - 1);
  g_assert_cmpuint (first->available[3], ==, 0);
  g_assert_nonnull (strstr (first->key, "resnet18"));

  set (f, "image.features", "vgg16"); /* the same file is none of that */
  refuses (f, "image", RF_ERROR_FORMAT, "features.0.weight");
  set (f, "image.features", "resnet18");
  g_assert_null (rf_modality_image_model (f->workspace, f->catalog, f->config, NULL, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_NOT_FOUND);

  g_unlink (rf_config_get (f->config, "image.weights")); /* kept numbers need no weights */
  gone = features_of (f, "image");
  g_assert_cmpmem (gone->x->x, N_ITEMS * 8 * sizeof (float), first->x->x, N_ITEMS * 8 * sizeof (float));
  set (f, "image.dims", "0");
  refuses (f, "image", RF_ERROR_IO, "w.safetensors");
  set_file (f, "image.weights", "w.safetensors", g_bytes_get_data (weights, NULL), g_bytes_get_size (weights));
  wide = features_of (f, "image");
  g_assert_cmpuint (wide->x->cols, ==, 512);
  set (f, "image.features", "classical");
  back = features_of (f, "image");
  g_assert_cmpmem (back->x->x, N_ITEMS * back->x->cols * sizeof (float), classical->x->x, N_ITEMS * classical->x->cols * sizeof (float));
}

/* Another file under the same name is another file. */
static void
test_changed_weights (Fixture *f, gconstpointer data)
{
  static const char before[] = "ship 1 0\nsailor 1 0\ncow 0 1\nbarn 0 1\n", after[] = "ship 1 0\nsailor 0 1\ncow 1 0\nbarn 0 1\n";
  g_autoptr(RfFeatures) first = NULL, second = NULL;

  set (f, "text.features", "vectors");
  set_file (f, "text.vectors", "v.txt", before, strlen (before));
  first = features_of (f, "text");
  set_file (f, "text.vectors", "v.txt", after, strlen (after));
  second = features_of (f, "text");
  g_assert_cmpstr (first->key, !=, second->key);
  g_assert_cmpuint (memcmp (first->x->x, second->x->x, N_ITEMS * 2 * sizeof (float)), !=, 0);
}

/* Rows of the same topic are nearer to each other than to the others. */
static void
assert_topics (const RfFeatures *features)
{
  for (guint32 i = 3; i < N_ITEMS; i++)
    {
      float near = 0, far = 0;

      for (gsize j = 0; j < features->x->cols; j++)
        {
          near += powf (rf_matrix_row (features->x, i)[j] - rf_matrix_row (features->x, i % 3)[j], 2);
          far += powf (rf_matrix_row (features->x, i)[j] - rf_matrix_row (features->x, (i + 1) % 3)[j], 2);
        }
      g_assert_cmpfloat (near, <, far);
    }
}

/* What the model makes of a text is what the features have of it, and the shares of its tokens add up to it. */
static void
assert_model (Fixture *f, const RfFeatures *features)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RfTextModel) model = rf_modality_text_model (f->workspace, f->catalog, f->config, NULL, &error);
  guint32 dims;

  g_assert_no_error (error);
  dims = rf_text_model_get_dims (model);
  g_assert_cmpuint (dims, ==, features->x->cols);
  for (guint32 i = 0; i < N_ITEMS; i++)
    {
      g_autofree char *text = rf_modality_item_text (f->catalog, f->config, i);
      g_autofree float *x = g_new (float, dims), *sum = g_new0 (float, dims);
      g_autoptr(GArray) shares = rf_text_model_explain (model, text);

      g_assert_true (rf_text_model_transform (model, text, x));
      for (guint s = 0; s < shares->len; s++)
        for (guint32 j = 0; j < dims && g_array_index (shares, RfTextShare, s).word != RF_NO_WORD; j++)
          sum[j] += g_array_index (shares, RfTextShare, s).weight * rf_text_model_get_direction (model, g_array_index (shares, RfTextShare, s).word)[j];
      for (guint32 j = 0; j < dims; j++)
        {
          g_assert_cmpfloat_with_epsilon (x[j], rf_matrix_row (features->x, i)[j], 1e-5);
          g_assert_cmpfloat_with_epsilon (sum[j], x[j], 1e-5);
        }
    }
}

static void
test_skip_gram (Fixture *f, gconstpointer data)
{
  g_autoptr(RfFeatures) tfidf = features_of (f, "text"), learnt = NULL;
  g_autofree char *note = NULL;

  set (f, "text.features", "skip-gram");
  learnt = features_of (f, "text");
  g_assert_cmpstr (learnt->key, !=, tfidf->key);
  assert_topics (learnt);
  assert_model (f, learnt);
  note = rf_modality_note (f->workspace, f->catalog, f->config, "text");
  g_assert_null (note);
}

static void
test_vectors (Fixture *f, gconstpointer data)
{
  /* GloVe, with a token that holds a space, and words the texts do not have; half of the texts' words are known. */
  static const char file[] = "ship 1 0 .1\nsailor .9 0 .1\nwave 1 .1 .1\n. . 5 5 5\nnew york 3 3 3\ncow 0 1 .1\nbarn .1 1 .1\nmeadow 0 .9 .1\n"
                             "planet -1 0 .1\nrocket -1 .1 .1\norbit -.9 0 .1\nnobody 7 7 7\n";
  g_autoptr(RfFeatures) features = NULL;
  g_autofree char *note = NULL;

  set (f, "text.features", "vectors");
  refuses (f, "text", RF_ERROR_CONFIG, "text.vectors");
  set_file (f, "text.vectors", "none.txt", "no vectors", 10);
  refuses (f, "text", RF_ERROR_FORMAT, "none.txt");
  set_file (f, "text.vectors", "glove.txt", file, strlen (file));
  features = features_of (f, "text");
  g_assert_cmpuint (features->x->cols, ==, 3);
  g_assert_cmpuint (rf_features_count_available (features), ==, N_ITEMS);
  assert_topics (features);
  assert_model (f, features);
  note = rf_modality_note (f->workspace, f->catalog, f->config, "text");
  g_test_message ("%s", note);
  g_assert_nonnull (strstr (note, "9 of the 42 words"));
}

/* Only the training part is counted. */
static void
test_statistics (Fixture *f, gconstpointer data)
{
  g_autoptr(RfSplit) split = rf_trainer_make_split (f->catalog, f->config, NULL);
  const RfCsr *train = split->part[RF_PART_TRAIN];
  g_autoptr(RfCsr) by_item = rf_csr_transpose (train);
  g_autoptr(GError) error = NULL;
  g_autoptr(RfFeatures) features = rf_modality_features_of (f->workspace, f->catalog, train, f->config, "statistics", NULL, &error);
  double sum = 0;

  g_assert_no_error (error);
  g_assert_cmpuint (features->x->rows, ==, N_ITEMS);
  for (guint32 a = 0; a < N_ITEMS; a++)
    {
      sum += rf_matrix_row (features->x, a)[RF_STAT_PARTNERS];
      for (guint32 b = 0; b < N_ITEMS; b++)
        if (rf_csr_row_length (by_item, a) > rf_csr_row_length (by_item, b))
          g_assert_cmpfloat (rf_matrix_row (features->x, a)[RF_STAT_PARTNERS], >, rf_matrix_row (features->x, b)[RF_STAT_PARTNERS]);
    }
  g_assert_cmpfloat_with_epsilon (sum, 0, 1e-4);
}

/* All of it at once, through a training. */
static void
test_training (Fixture *f, gconstpointer data)
{
  static const char file[] = "ship 1 0\nsailor .9 0\nwave 1 .1\ncow 0 1\nbarn .1 1\nmeadow 0 .9\nplanet -1 0\nrocket -1 .1\norbit -.9 0\n";
  g_autoptr(RfRun) run = NULL;
  g_autoptr(GError) error = NULL;

  set (f, "model.modalities", "image,text,statistics,behaviour");
  set (f, "text.features", "vectors");
  set_file (f, "text.vectors", "glove.txt", file, strlen (file));
  run = rf_train (f->workspace, f->config, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (run->result_json, "9 of the 42 words"));
  g_assert_nonnull (strstr (run->result_json, "\"statistics\""));
}

/* A network that reads texts word by word may start from a file's vectors too. */
static void
test_network (Fixture *f, gconstpointer data)
{
  static const char file[] = "ship 1 0 0 .1\nsailor .9 0 .1 0\nwave 1 .1 0 0\ncow 0 1 0 .1\nbarn .1 1 0 0\nmeadow 0 .9 0 0\nplanet -1 0 .1 0\nrocket -1 .1 0 0\n";
  g_autoptr(RfRun) run = NULL, none = NULL;
  g_autoptr(GError) narrow = NULL, missing = NULL, error = NULL;

  set (f, "model.modalities", "text,behaviour");
  set (f, "fusion", "concat");
  set (f, "encoder.text", "gru");
  set (f, "encoder.words", "vectors");
  set (f, "epochs", "2");
  g_assert_null (rf_train (f->workspace, f->config, NULL, NULL, NULL, &missing));
  g_assert_true (missing->domain == RF_ERROR);
  set_file (f, "text.vectors", "glove.txt", file, strlen (file));
  none = rf_train (f->workspace, f->config, NULL, NULL, NULL, &narrow);
  g_assert_null (none);
  g_assert_error (narrow, RF_ERROR, RF_ERROR_CONFIG);
  g_assert_nonnull (strstr (narrow->message, "encoder.width=4"));
  set (f, "encoder.width", "4");
  run = rf_train (f->workspace, f->config, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (run);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/modality/pretrained", test_pretrained);
  ADD ("/modality/changed-weights", test_changed_weights);
  ADD ("/modality/skip-gram", test_skip_gram);
  ADD ("/modality/vectors", test_vectors);
  ADD ("/modality/statistics", test_statistics);
  ADD ("/modality/training", test_training);
  ADD ("/modality/network", test_network);
#undef ADD
  return g_test_run ();
}
