/* test-formats.c: the formats of the field, each from a made-up folder: recognised with a reason, read with everything it says.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-npy.h"
#include "core/base/rf-rng.h"
#include "core/catalog/importers/rf-import-python.h"
#include "core/catalog/rf-importer.h"
#include "core/catalog/rf-workspace.h"
#include "tests/support/folder.h"

typedef struct
{
  char *folder;
  RfImportReport *report;
  RfWorkspace *workspace;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = test_folder_new ();
  f->report = rf_import_report_new ();
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  rf_workspace_close (f->workspace);
  rf_import_report_free (f->report);
  test_folder_remove (f->folder);
}

/* Recognises (unless options name a format), imports, loads. */
static RfCatalog *
import_source (Fixture *f, const char *source, const char *format, const RfImportOptions *options)
{
  g_autofree char *path = g_build_filename (f->folder, "out.refract", NULL), *reason = NULL;
  g_autoptr(GError) error = NULL;
  const RfImporter *importer = rf_import_detect (source, options ? options->format : NULL, &reason, &error);
  RfCatalog *catalog;

  g_assert_no_error (error);
  g_assert_cmpstr (importer->name, ==, format);
  g_test_message ("%s: %s", importer->name, reason);
  rf_import_to_workspace (source, path, options, f->report, NULL, &error);
  g_assert_no_error (error);
  f->workspace = rf_workspace_open (path, &error);
  g_assert_no_error (error);
  catalog = rf_workspace_load_catalog (f->workspace, &error);
  g_assert_no_error (error);
  return catalog;
}

static RfCatalog *
import (Fixture *f, const char *format)
{
  return import_source (f, f->folder, format, NULL);
}

static void
check_counts (const RfCatalog *catalog, guint32 n_users, guint32 n_items, gsize n_interactions)
{
  g_assert_cmpuint (rf_catalog_get_n_users (catalog), ==, n_users);
  g_assert_cmpuint (rf_catalog_get_n_items (catalog), ==, n_items);
  g_assert_cmpuint (rf_catalog_get_n_interactions (catalog), ==, n_interactions);
}

/* user, item, rating, time and part of one interaction; part -1: the catalog has none. */
static void
check_interaction (const RfCatalog *catalog, gsize index, const char *user, const char *item, double rating, gint64 time, int part)
{
  const RfInteractions *x = rf_catalog_get_interactions (catalog);

  g_assert_cmpstr (rf_catalog_get_user_id (catalog, x->user[index]), ==, user);
  g_assert_cmpstr (rf_catalog_get_item_id (catalog, x->item[index]), ==, item);
  if (isnan (rating))
    g_assert_true (isnan (x->rating[index]));
  else
    g_assert_cmpfloat ((double) x->rating[index], ==, rating);
  g_assert_cmpint (x->timestamp[index], ==, time);
  if (part < 0)
    g_assert_null (x->part);
  else
    g_assert_cmpuint (x->part[index], ==, part);
}

static void
write_npy (Fixture *f, const char *name, gsize rows, gsize cols, gsize empty_row)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);
  g_autoptr(RfMatrix) x = rf_matrix_new (rows, cols);
  g_autoptr(GError) error = NULL;

  for (gsize k = 0; k < rows * cols; k++)
    x->x[k] = k / cols == empty_row ? 0 : (float) k + 1;
  rf_npy_save (path, x, RF_NPY_F8, TRUE, &error);
  g_assert_no_error (error);
}

static void
test_mmrec (Fixture *f, gconstpointer data)
{
  g_autoptr(RfCatalog) catalog = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) names = NULL;
  g_autofree guint8 *available = NULL;
  g_autoptr(RfMatrix) x = NULL;

  test_folder_write (f->folder, "toys.inter", "userID\titemID\trating\ttimestamp\tx_label\n0\t2\t5.0\t1000\t0\n0\t1\t4.0\t2000\t1\n1\t0\t3.0\t3000\t2\n", -1);
  test_folder_write (f->folder, "u_id_mapping.csv", "user_id\tuserID\nAnn\t0\nBob\t1\n", -1);
  test_folder_write (f->folder, "i_id_mapping.csv", "asin\titemID\nB000A\t0\nB000B\t1\nB000C\t2\nB000D\t3\n", -1);
  write_npy (f, "trailer_feat.npy", 4, 3, 1);
  write_npy (f, "odd_feat.npy", 7, 3, 100);
  test_folder_write (f->folder, "user_graph_dict.npy", "no array", -1);
  catalog = import (f, "mmrec");
  check_counts (catalog, 2, 4, 3);
  check_interaction (catalog, 0, "Ann", "B000C", 5, 1000, 0);
  check_interaction (catalog, 1, "Ann", "B000B", 4, 2000, 1);
  check_interaction (catalog, 2, "Bob", "B000A", 3, 3000, 2);
  names = rf_workspace_list_imported (f->workspace, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (names), ==, 1);
  g_assert_cmpstr (names[0], ==, "trailer");
  x = rf_workspace_load_matrix (f->workspace, "trailer", RF_IMPORTED_KEY, &available, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (x->rows, ==, 4);
  for (guint32 i = 0; i < 4; i++)
    {
      const char *id = rf_catalog_get_item_id (catalog, i);
      guint row = (guint) (id[4] - 'A');

      g_assert_cmpuint (available[i], ==, row != 1);
      g_assert_cmpfloat (rf_matrix_row (x, i)[2], ==, row == 1 ? 0 : (float) row * 3 + 3);
    }
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "features-shape"), ==, 1);
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "features-unreadable"), ==, 1);
}

static void
check_user (const RfCatalog *catalog, const char *user, const char *column, const char *value)
{
  guint c = 0;

  while (c < rf_catalog_get_n_user_columns (catalog) && strcmp (rf_catalog_get_user_column (catalog, c), column) != 0)
    c++;
  g_assert_cmpuint (c, <, rf_catalog_get_n_user_columns (catalog));
  g_assert_cmpstr (rf_catalog_get_user_value (catalog, c, rf_catalog_find_user (catalog, user)), ==, value);
}

static void
test_recbole (Fixture *f, gconstpointer data)
{
  g_autoptr(RfCatalog) catalog = NULL;

  test_folder_write (f->folder, "ml.inter", "user_id:token\titem_id:token\trating:float\ttimestamp:float\n1\ta\t5\t1000\n2\tb\t4\t2000\n2\tzz\t4\t2000\n", -1);
  test_folder_write (f->folder, "ml.item", "item_id:token\tmovie_title:token_seq\tclass:token_seq\na\tOne \"quoted\tDrama\nb\tTwo\tComedy Crime\n", -1);
  test_folder_write (f->folder, "ml.user", "user_id:token\tage:token\tgender:token\n2\t33\tF\n1\t24\tM\n", -1);
  test_folder_write (f->folder, "ml.kg", "head_id:token\trelation_id:token\ttail_id:token\n", -1);
  catalog = import (f, "recbole");
  check_counts (catalog, 2, 2, 2);
  check_interaction (catalog, 1, "2", "b", 4, 2000, -1);
  g_assert_cmpstr (rf_catalog_get_item_title (catalog, 0), ==, "One \"quoted");
  g_assert_cmpstr (rf_catalog_get_item_category (catalog, 1), ==, "Comedy|Crime");
  check_user (catalog, "1", "age", "24");
  check_user (catalog, "2", "gender", "F");
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "unknown-item"), ==, 1);
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "file-not-read"), ==, 1);
}

static void
test_recbole_parts (Fixture *f, gconstpointer data)
{
  const char *header = "user_id:token\titem_id:token\n";
  g_autofree char *train = g_strconcat (header, "u\ta\nv\tb\n", NULL), *valid = g_strconcat (header, "u\tb\n", NULL), *test = g_strconcat (header, "v\tc\n", NULL);
  g_autoptr(RfCatalog) catalog = NULL;

  test_folder_write (f->folder, "x.part2.inter", valid, -1);
  test_folder_write (f->folder, "x.part1.inter", train, -1);
  test_folder_write (f->folder, "x.part3.inter", test, -1);
  catalog = import (f, "recbole");
  check_counts (catalog, 2, 3, 4);
  check_interaction (catalog, 1, "v", "b", NAN, RF_NO_TIMESTAMP, 0);
  check_interaction (catalog, 2, "u", "b", NAN, RF_NO_TIMESTAMP, 1);
  check_interaction (catalog, 3, "v", "c", NAN, RF_NO_TIMESTAMP, 2);
}

static void
test_movielens (Fixture *f, gconstpointer data)
{
  g_autoptr(RfCatalog) latest = NULL, million = NULL, small = NULL;

  test_folder_write (f->folder, "latest/ratings.csv", "userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n2,31,4,1260759145\n", -1);
  test_folder_write (f->folder, "latest/movies.csv", "movieId,title,genres\n31,\"Dangerous, Minds (1995)\",Drama|Crime\n32,B,X\n", -1);
  test_folder_write (f->folder, "1m/ratings.dat", "1::31::5::978300760\n", -1);
  test_folder_write (f->folder, "1m/users.dat", "1::F::18::10::48067\n", -1);
  test_folder_write (f->folder, "100k/u.user", "196|49|M|writer|55105\n", -1);
  test_folder_write (f->folder, "1m/movies.dat", "31::Mis\xe9rables, Les: A (1995)::Drama|Musical\n32::B \"x\" (1996)::Drama\n", -1);
  test_folder_write (f->folder, "100k/u.data", "196\t242\t3\t881250949\n", -1);
  test_folder_write (f->folder, "100k/u.genre", "unknown|0\nAction|1\n\n", -1);
  test_folder_write (f->folder, "100k/u.item", "242|Kolya (1996)|24-Jan-1997||http://x|0|1|0|0|0|1|0|0|0|0|0|0|0|0|0|0|0|0|0\n", -1);
  {
    g_autofree char *source = g_build_filename (f->folder, "latest", NULL);

    latest = import_source (f, source, "movielens-latest", NULL);
    check_counts (latest, 2, 2, 2);
    check_interaction (latest, 0, "1", "31", 2.5, 1260759144, -1);
    g_assert_cmpstr (rf_catalog_get_item_title (latest, 0), ==, "Dangerous, Minds (1995)");
    g_clear_pointer (&f->workspace, rf_workspace_close);
  }
  {
    g_autofree char *source = g_build_filename (f->folder, "1m", NULL);

    million = import_source (f, source, "movielens-1m", NULL);
    check_user (million, "1", "occupation", "10");
    check_counts (million, 1, 2, 1);
    g_assert_cmpstr (rf_catalog_get_item_title (million, 0), ==, "Mis\xc3\xa9rables, Les: A (1995)");
    g_assert_cmpstr (rf_catalog_get_item_category (million, 0), ==, "Drama|Musical");
    g_assert_cmpuint (rf_import_report_count_kind (f->report, "encoding"), ==, 1);
    g_clear_pointer (&f->workspace, rf_workspace_close);
  }
  {
    g_autofree char *source = g_build_filename (f->folder, "100k", NULL);

    small = import_source (f, source, "movielens-100k", NULL);
    check_user (small, "196", "occupation", "writer");
    check_counts (small, 1, 1, 1);
    check_interaction (small, 0, "196", "242", 3, 881250949, -1);
    g_assert_cmpstr (rf_catalog_get_item_category (small, 0), ==, "Action|genre 5");
  }
}

/* Ready numbers in an order of their own, by a list of ids. */
static void
test_id_list (Fixture *f, gconstpointer data)
{
  g_autoptr(RfCatalog) catalog = NULL;
  g_autofree guint8 *available = NULL;
  g_autoptr(RfMatrix) audio = NULL, wrong = NULL;

  test_folder_write (f->folder, "items.csv", "item_id\na\nb\nc\n", -1);
  test_folder_write (f->folder, "interactions.csv", "user_id,item_id\nu,a\n", -1);
  write_npy (f, "audio_feat.npy", 4, 2, 100);
  test_folder_write (f->folder, "audio_feat_ids.txt", "c\r\nnobody\r\na\r\nc\r\n", -1);
  write_npy (f, "wrong_feat.npy", 3, 2, 100);
  test_folder_write (f->folder, "wrong_feat.ids", "a\nb\n", -1);
  catalog = import (f, "folder");
  audio = rf_workspace_load_matrix (f->workspace, "audio", RF_IMPORTED_KEY, &available, NULL);
  g_assert_nonnull (audio);
  g_assert_cmpuint (audio->rows, ==, 3);
  g_assert_cmpuint (available[0], ==, 1);
  g_assert_cmpuint (available[1], ==, 0);
  g_assert_cmpuint (available[2], ==, 1);
  g_assert_cmpfloat (rf_matrix_row (audio, 0)[1], ==, 6); /* the third row */
  g_assert_cmpfloat (rf_matrix_row (audio, 2)[1], ==, 2); /* the first one; a second row of the same item is not read */
  wrong = rf_workspace_load_matrix (f->workspace, "wrong", RF_IMPORTED_KEY, NULL, NULL);
  g_assert_null (wrong);
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "features-unknown-ids"), ==, 1);
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "features-shape"), ==, 1);
}

static void
test_amazon_2014 (Fixture *f, gconstpointer data)
{
  g_autoptr(RfCatalog) catalog = NULL;
  g_autoptr(GString) features = g_string_new (NULL);
  g_autofree guint8 *available = NULL;
  g_autoptr(RfMatrix) x = NULL;
  g_autoptr(GError) error = NULL;

  test_folder_write (f->folder, "ratings_Toys.csv", "A1,0000031852,5.0,1355616000\nA2,0000031887,3.0,1355616001\n", -1);
  test_folder_write (f->folder, "meta_Toys.json",
                     "{'asin': '0000031852', 'title': \"Girl's \\\"Tutu\\\"\", 'price': 3.17, 'imUrl': 'http://x/y.jpg', 'related': {'also_bought': ['a', 'b']}, 'categories': [['Sports'], ['Toys', 'Dance']]}\n"
                     "{'asin': '0000031887', 'title': u'Caf\\xe9', 'description': 'Two\\nlines', 'salesRank': None,}\n"
                     "not a dictionary\n", -1);
  g_string_append_len (features, "0000031887", 10);
  for (int k = 0; k < 4096; k++)
    {
      float value = (float) k / 2;

      g_string_append_len (features, (const char *) &value, sizeof value);
    }
  test_folder_write (f->folder, "image_features_Toys.b", features->str, (gssize) features->len);
  catalog = import (f, "amazon");
  check_counts (catalog, 2, 2, 2);
  check_interaction (catalog, 0, "A1", "0000031852", 5, 1355616000, -1);
  g_assert_cmpstr (rf_catalog_get_item_title (catalog, 0), ==, "Girl's \"Tutu\"");
  g_assert_cmpstr (rf_catalog_get_item_category (catalog, 0), ==, "Toys|Dance");
  g_assert_cmpstr (rf_catalog_get_item_title (catalog, 1), ==, "Caf\xc3\xa9");
  g_assert_cmpstr (rf_catalog_get_item_description (catalog, 1), ==, "Two\nlines");
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "bad-json"), ==, 1);
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "image-url"), ==, 1);
  x = rf_workspace_load_matrix (f->workspace, "image", RF_IMPORTED_KEY, &available, &error);
  g_assert_no_error (error);
  g_assert_true (!available[0] && available[1]);
  g_assert_cmpfloat (rf_matrix_row (x, 1)[4095], ==, 2047.5f);
}

static void
test_amazon_2023 (Fixture *f, gconstpointer data)
{
  g_autoptr(RfCatalog) catalog = NULL;

  test_folder_write (f->folder, "All_Beauty.jsonl",
                     "{\"rating\": 5.0, \"title\": \"t\", \"asin\": \"X1\", \"parent_asin\": \"P1\", \"user_id\": \"U1\", \"timestamp\": 1588687728923}\n"
                     "broken {\n"
                     "{\"rating\": 4.0, \"asin\": \"X2\", \"parent_asin\": \"P9\", \"user_id\": \"U1\", \"timestamp\": 1588687728923}\n"
                     "{\"rating\": 2.0, \"asin\": \"X3\", \"parent_asin\": \"P2\", \"user_id\": \"U2\", \"timestamp\": 1588687728923}\n", -1);
  test_folder_write (f->folder, "meta_All_Beauty.jsonl",
                     "{\"main_category\": \"Beauty\", \"title\": \"Spray\", \"description\": [\"a\", \"b\"], \"images\": [{\"large\": \"https://x\"}], \"categories\": [], \"parent_asin\": \"P1\"}\n"
                     "{\"main_category\": \"Beauty\", \"title\": \"Soap\", \"description\": [], \"features\": [\"soft\"], \"categories\": [\"Bath\", \"Soap\"], \"parent_asin\": \"P2\"}\n", -1);
  test_folder_picture (f->folder, "images/P2.jpg", 30, 30, "jpeg");
  catalog = import (f, "amazon");
  check_counts (catalog, 2, 2, 2);
  check_interaction (catalog, 0, "U1", "P1", 5, 1588687728, -1);
  check_interaction (catalog, 1, "U2", "P2", 2, 1588687728, -1);
  g_assert_cmpstr (rf_catalog_get_item_description (catalog, 0), ==, "a\nb");
  g_assert_cmpstr (rf_catalog_get_item_category (catalog, 0), ==, "Beauty");
  g_assert_cmpstr (rf_catalog_get_item_category (catalog, 1), ==, "Bath|Soap");
  g_assert_true (rf_catalog_item_has_image (catalog, 1));
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "bad-json"), ==, 1);
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "unknown-item"), ==, 1);
  for (gsize p = 0; p < rf_import_report_get_n (f->report); p++)
    if (strcmp (rf_import_report_get (f->report, p)->kind, "unknown-item") == 0)
      g_assert_cmpuint (rf_import_report_get (f->report, p)->line, ==, 3);
}

static void
test_cornac (Fixture *f, gconstpointer data)
{
  g_autofree char *source = g_build_filename (f->folder, "uirt.txt", NULL), *lists = g_build_filename (f->folder, "lists.txt", NULL);
  const RfImportOptions options = { .format = "cornac" };
  g_autoptr(RfCatalog) catalog = NULL, sets = NULL;

  test_folder_write (f->folder, "uirt.txt", "u1 i1 5 1000\nu1 i2 4 2000\nu2 i1 3 3000\n", -1);
  catalog = import_source (f, source, "cornac", NULL);
  check_counts (catalog, 2, 2, 3);
  check_interaction (catalog, 1, "u1", "i2", 4, 2000, -1);
  g_clear_pointer (&f->workspace, rf_workspace_close);
  test_folder_write (f->folder, "lists.txt", "u1 a b c\nu2 b\n", -1);
  sets = import_source (f, lists, "cornac", &options);
  check_counts (sets, 2, 3, 4);
}

static void
test_microlens (Fixture *f, gconstpointer data)
{
  g_autoptr(RfCatalog) catalog = NULL;

  test_folder_write (f->folder, "MicroLens-100k_pairs.csv", "user,item,timestamp\n36121,9580,1583378629552\n36121,9581,1583378629553\n", -1);
  test_folder_write (f->folder, "MicroLens-100k_title_en.csv", "item,title\n9580,First\n9581,\"Second, one\"\n", -1);
  test_folder_picture (f->folder, "MicroLens-100k_covers/9580.jpg", 30, 50, "jpeg");
  catalog = import (f, "microlens");
  check_counts (catalog, 1, 2, 2);
  check_interaction (catalog, 0, "36121", "9580", NAN, 1583378629, -1);
  g_assert_cmpstr (rf_catalog_get_item_title (catalog, 1), ==, "Second, one");
  g_assert_cmpuint (rf_catalog_count_images (catalog), ==, 1);
}

static void
test_jsonl (Fixture *f, gconstpointer data)
{
  g_autoptr(RfCatalog) catalog = NULL;

  test_folder_write (f->folder, "items.jsonl",
                     "{\"item_id\": 7, \"title\": \"Seven\", \"description\": \"two\\nlines\", \"categories\": [\"x\", \"y\"]}\n"
                     "[1, 2]\n"
                     "{\"title\": \"no id\"}\n"
                     "{\"item_id\": \"8\", \"name\": \"Eight\", \"image\": \"images/none.jpg\"}\n", -1);
  test_folder_write (f->folder, "interactions.jsonl",
                     "{\"user_id\": \"u\", \"item_id\": 7, \"rating\": 4.5, \"timestamp\": 1000}\n"
                     "broken\n"
                     "{\"user_id\": \"u\", \"item_id\": \"9\"}\n"
                     "{\"item_id\": \"8\", \"user_id\": \"v\", \"rating\": 1}\n", -1);
  catalog = import (f, "folder");
  check_counts (catalog, 2, 2, 2);
  check_interaction (catalog, 0, "u", "7", 4.5, 1000, -1);
  check_interaction (catalog, 1, "v", "8", 1, RF_NO_TIMESTAMP, -1);
  g_assert_cmpstr (rf_catalog_get_item_description (catalog, 0), ==, "two\nlines");
  g_assert_cmpstr (rf_catalog_get_item_category (catalog, 0), ==, "x|y");
  g_assert_cmpstr (rf_catalog_get_item_title (catalog, 1), ==, "Eight");
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "bad-json"), ==, 2);
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "empty-id"), ==, 1);
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "missing-image"), ==, 1);
  for (gsize p = 0; p < rf_import_report_get_n (f->report); p++)
    if (strcmp (rf_import_report_get (f->report, p)->kind, "unknown-item") == 0)
      g_assert_cmpuint (rf_import_report_get (f->report, p)->line, ==, 3);
}

static void
test_map (Fixture *f, gconstpointer data)
{
  static const char *const map[] = { "item_id=Art. Nr.", "user_id=who", "title=Bezeichnung", NULL };
  const RfImportOptions options = { .map = map };
  g_autoptr(RfCatalog) catalog = NULL;

  test_folder_write (f->folder, "items.csv", "Art. Nr.;Bezeichnung;name\nx;Stuhl;other\n", -1);
  test_folder_write (f->folder, "interactions.tsv", "who\tArt. Nr.\nu\tx\n", -1);
  catalog = import_source (f, f->folder, "folder", &options);
  check_counts (catalog, 1, 1, 1);
  g_assert_cmpstr (rf_catalog_get_item_title (catalog, 0), ==, "Stuhl");
}

static void
test_python (void)
{
  static const struct
  {
    const char *python, *json;
  } cases[] = {
    { "{'a': 1}", "{\"a\": 1}" },
    { "{'a': 'it\\'s \"x\"', \"b\": \"it's\"}", "{\"a\": \"it's \\\"x\\\"\", \"b\": \"it's\"}" },
    { "[u'\\xe9\\u4e2d', None, True, False, -1.5e-3, (1, 2,), ]", "[\"\xc3\xa9\xe4\xb8\xad\", null, true, false, -1.5e-3, [1, 2]]" },
    { "'a\\\\b\\qc'", "\"a\\\\b\\\\qc\"" },
    { "__import__('os')", NULL },
    { "{'a': open('x')}", NULL },
    { "{'a': 'never closed", NULL },
    { "'\\x4", NULL },
  };

  for (gsize c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      g_autofree char *json = rf_import_python_to_json (cases[c].python, strlen (cases[c].python));

      g_assert_cmpstr (json, ==, cases[c].json);
    }
}

/* Files with bytes changed, put in and cut off: an import says what is wrong or goes through; it never stops the program. */
static void
test_any_bytes (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *format, *file, *text, *other_file, *other_text;
  } sources[] = {
    { "folder", "items.csv", "item_id,title,description,category,image\na,\"A \"\"x\"\"\",\"t\n1\",x|y,images/a.jpg\nb,B,,,\n", "interactions.csv", "user_id,item_id\nu,a\nu,b\n" },
    { "folder", "interactions.csv", "user_id,item_id,rating,timestamp,part,event\nu,a,5,1000,0,view\nv,a,3.5,2009-10-14 06:57:58,test,buy\n", "items.csv", "item_id,title\na,A\n" },
    { "folder", "items.jsonl", "{\"item_id\": 1, \"title\": \"x\\u00e9\", \"categories\": [[\"a\"], [\"b\"]]}\n{\"item_id\": 2}\n", "interactions.csv", "user_id,item_id\nu,1\nu,2\n" },
    { "mmrec", "x.inter", "userID\titemID\trating\ttimestamp\tx_label\n0\t1\t5.0\t1000\t0\n1\t0\t4.0\t2000\t2\n", "i_id_mapping.csv", "asin\titemID\nB1\t0\nB2\t1\n" },
    { "mmrec", "i_id_mapping.csv", "asin\titemID\nB1\t0\nB2\t1\nB2\t2\n", "x.inter", "userID\titemID\tx_label\n0\t1\t0\n1\t0\t2\n" },
    { "recbole", "x.inter", "user_id:token\titem_id:token\trating:float\n1\ta\t5\n2\tb\t4\n", "x.item", "item_id:token\ttitle:token_seq\na\tOne\nb\tTwo\n" },
    { "movielens-1m", "movies.dat", "1::A (1995)::Drama|Crime\n2::B::X\n", "ratings.dat", "1::1::5::978300760\n1::2::3::978300761\n" },
    { "movielens-100k", "u.item", "1|Kolya (1996)|24-Jan-1997||http://x|0|1|0|0|0|1|0|0|0|0|0|0|0|0|0|0|0|0|0\n", "u.data", "196\t1\t3\t881250949\n" },
    { "amazon", "meta_x.json", "{'asin': '1', 'title': u'Caf\\xe9', 'categories': [['a', 'b']], 'price': 1.5,}\n{\"asin\": \"2\", \"title\": \"b\"}\n", "ratings_x.csv", "A,1,5.0,1355616000\nB,2,3.0,1355616001\n" },
    { "cornac", "x.txt", "u1 i1 5 1000\nu1 i2 4 2000\nu2 i1 3 3000\n", NULL, NULL },
    { "microlens", "x_pairs.csv", "user,item,timestamp\n1,2,1583378629552\n", "x_titles.csv", "item,title\n2,B\n" },
  };
  static const char bytes[] = ",;\t|:\"'\\{}[]\n\r\0 09.-eE\xff\xc3\xef\xbb";
  RfRng rng = rf_rng_new (6, 6);
  guint n_read = 0;

  for (guint round = 0; round < 1100; round++)
    {
      gsize k = round % G_N_ELEMENTS (sources);
      g_autofree char *folder = g_strdup_printf ("%s/%u", f->folder, round % 11);
      const RfImportOptions options = { .format = sources[k].format };
      g_autoptr(GString) text = g_string_new (sources[k].text);
      g_autoptr(RfImportReport) report = rf_import_report_new ();
      g_autoptr(RfCatalog) catalog = NULL;
      g_autoptr(GError) error = NULL;

      for (guint change = 1 + rf_rng_below (&rng, 4); change > 0 && text->len > 4; change--)
        {
          gsize at = rf_rng_below (&rng, (guint32) text->len);
          guint what = rf_rng_below (&rng, 8);

          if (what == 0)
            g_string_truncate (text, at);
          else if (what < 4)
            g_string_insert_c (text, (gssize) at, bytes[rf_rng_below (&rng, sizeof bytes - 1)]);
          else
            text->str[at] = bytes[rf_rng_below (&rng, sizeof bytes - 1)];
        }
      test_folder_write (folder, sources[k].file, text->str, (gssize) text->len);
      if (sources[k].other_file != NULL)
        test_folder_write (folder, sources[k].other_file, sources[k].other_text, -1);
      catalog = rf_import_catalog (folder, &options, report, NULL, &error);
      g_assert_true ((catalog == NULL) == (error != NULL));
      n_read += catalog != NULL;
      if (catalog != NULL)
        g_assert_cmpuint (strlen (rf_catalog_get_hash (catalog)), ==, 64);
    }
  g_test_message ("%u of 1100 could be read", n_read);
  g_assert_cmpuint (n_read, >, 500);
}

/* --- The real catalogs. --- */

static char *
real_data (const char *name)
{
  const char *folder = g_getenv ("RF_TEST_DATA");
  char *path = folder ? g_build_filename (folder, name, NULL) : NULL;

  if (path != NULL && g_file_test (path, G_FILE_TEST_EXISTS))
    return path;
  g_free (path);
  g_test_skip ("the real catalogs are not on this machine");
  return NULL;
}

static void
test_real_mmrec (Fixture *f, gconstpointer data)
{
  g_autofree char *source = real_data ("movielens-posters/mmrec");
  g_autoptr(RfCatalog) catalog = NULL;
  g_auto(GStrv) names = NULL;
  gsize parts[3] = { 0 };

  if (source == NULL)
    return;
  catalog = import_source (f, source, "mmrec", NULL);
  check_counts (catalog, 671, 2945, 84217);
  for (gsize k = 0; k < 84217; k++)
    parts[rf_catalog_get_interactions (catalog)->part[k]]++;
  g_test_message ("train %d, validation %d, test %d", (int) parts[0], (int) parts[1], (int) parts[2]);
  g_assert_cmpuint (parts[0], >, 60000);
  g_assert_true (parts[1] > 5000 && parts[2] > 5000);
  names = rf_workspace_list_imported (f->workspace, NULL);
  g_assert_cmpstr (names[0], ==, "trailer");
  g_assert_cmpuint (rf_import_report_get_count (f->report), ==, 0);
}

static void
test_real_pair (Fixture *f, gconstpointer data)
{
  g_autofree char *source = real_data ("movielens-posters/interactions_all.csv");
  g_autoptr(RfCatalog) catalog = NULL;

  if (source == NULL)
    return;
  catalog = import_source (f, source, "folder", NULL);
  check_counts (catalog, 671, 9125, 100004);
  g_assert_cmpfloat_with_epsilon (rf_catalog_count_images (catalog) / 9125.0, 0.567, 0.001);
}

/* The data set of MMRec was made as the 5-core of the folder: by another program. */
static void
test_real_core (Fixture *f, gconstpointer data)
{
  g_autofree char *source = real_data ("movielens-posters");
  const RfFilterOptions filter = { .since = RF_NO_TIMESTAMP, .until = RF_NO_TIMESTAMP, .k_core = 5 };
  const RfImportOptions options = { .filter = &filter };
  g_autoptr(RfCatalog) catalog = NULL;

  if (source == NULL)
    return;
  catalog = import_source (f, source, "folder", &options);
  check_counts (catalog, 671, 2945, 84217);
  g_assert_cmpuint (rf_catalog_count_images (catalog), ==, 2945);
}

/* A file in GB18030 called .csv that has tabs and lone carriage returns in its fields. */
static void
test_real_gb18030 (Fixture *f, gconstpointer data)
{
  static const char *const map[] = { "item_id=mid", "description=introduction", NULL };
  g_autofree char *folder = real_data ("awkward/raw"), *bytes = NULL;
  const RfImportOptions options = { .map = map };
  g_autoptr(RfCatalog) catalog = NULL;
  gsize length;

  if (folder == NULL)
    return;
  bytes = test_folder_read (folder, "movie_gb18030_tab_separated.csv", &length);
  test_folder_write (f->folder, "items.csv", bytes, (gssize) length);
  test_folder_write (f->folder, "interactions.csv", "user_id,item_id\nu,1\n", -1);
  catalog = import_source (f, f->folder, "folder", &options);
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "encoding"), ==, 1);
  g_test_message ("%s", rf_import_report_get (f->report, 0)->message);
  g_assert_nonnull (strstr (rf_import_report_get (f->report, 0)->message, "GB18030"));
}

#define ADD(name, func) g_test_add ("/formats/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("mmrec", test_mmrec);
  ADD ("recbole", test_recbole);
  ADD ("recbole-parts", test_recbole_parts);
  ADD ("movielens", test_movielens);
  ADD ("id-list", test_id_list);
  ADD ("amazon-2014", test_amazon_2014);
  ADD ("amazon-2023", test_amazon_2023);
  ADD ("cornac", test_cornac);
  ADD ("microlens", test_microlens);
  ADD ("jsonl", test_jsonl);
  ADD ("map", test_map);
  g_test_add_func ("/formats/python", test_python);
  ADD ("any-bytes", test_any_bytes);
  ADD ("real-mmrec", test_real_mmrec);
  ADD ("real-pair", test_real_pair);
  ADD ("real-core", test_real_core);
  ADD ("real-gb18030", test_real_gb18030);
  return g_test_run ();
}
