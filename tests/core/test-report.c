/* test-report.c: reports of a trained sample whose titles and ids are as hostile as they come.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-linalg.h"
#include "core/catalog/rf-importer.h"
#include "core/catalog/rf-sample.h"
#include "core/report/rf-report-private.h"
#include "core/report/rf-report-svg.h"

#define EVIL_TITLE "\"><script>alert(1)</script>"
#define EVIL_USER  "=cmd(\"x\",1)|'/c calc'!A1"
#define EVIL_ITEM  "@SUM(1\n+1)"
/* The same as cells of a table. */
#define USER_CELL "\"=cmd(\"\"x\"\",1)|'/c calc'!A1\""
#define ITEM_CELL "\"" EVIL_ITEM "\""

static char *directory;
static RfWorkspace *workspace;
static RfTrained *trained;
static guint32 users[2];

static void
replace_in (const char *name, const char *from, const char *to)
{
  g_autofree char *path = g_build_filename (directory, name, NULL), *text = NULL;
  g_autoptr(GString) changed = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, from, to, 0), >, 0);
  g_assert_true (g_file_set_contents (path, changed->str, -1, NULL));
}

/* The title of the first item, whatever it is, becomes markup. */
static void
spoil_title (void)
{
  g_autofree char *path = g_build_filename (directory, "items.csv", NULL), *text = NULL, *row = NULL;
  char *start, *end;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  start = strstr (text, "\nP0001,");
  end = strchr (start + 7, ',');
  row = g_strndup (start, (gsize) (end - start) + 1);
  replace_in ("items.csv", row, "\nP0001,\"\"\"><script>alert(1)</script>\",");
}

static void
train_sample (void)
{
  RfSampleOptions sample = { 7, 240, 60 };
  RfImportOptions options = { 0 };
  g_autoptr(RfImportReport) problems = rf_import_report_new ();
  g_autoptr(RfConfig) config = rf_config_new ();
  g_autoptr(RfRun) run = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  directory = g_dir_make_tmp ("rf-report-XXXXXX", NULL);
  path = g_build_filename (directory, "sample.refract", NULL);
  g_assert_true (rf_sample_write (directory, &sample, NULL, NULL, &error));
  spoil_title ();
  replace_in ("interactions.csv", "U0001,", USER_CELL ",");
  replace_in ("interactions.csv", ",P0003,", "," ITEM_CELL ",");
  replace_in ("items.csv", "\nP0003,", "\n" ITEM_CELL ",");
  g_assert_true (rf_import_to_workspace (directory, path, &options, problems, NULL, &error));
  g_assert_no_error (error);
  workspace = rf_workspace_open (path, &error);
  g_assert_no_error (error);
  run = rf_train (workspace, config, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  trained = rf_trained_load (workspace, NULL, &error);
  g_assert_no_error (error);
  users[0] = rf_catalog_find_user (trained->catalog, EVIL_USER);
  users[1] = rf_catalog_find_user (trained->catalog, "U0002");
  g_assert_cmpuint (users[0], !=, RF_NO_INDEX);
  g_assert_cmpuint (rf_catalog_find_item (trained->catalog, EVIL_ITEM), !=, RF_NO_INDEX);
}

static GBytes *
load_picture (guint32 item, void *data)
{
  return rf_workspace_load_picture (data, item, NULL);
}

static RfReport
make_report (guint k)
{
  return (RfReport) { .trained = trained, .users = users, .n_users = 2, .k = k, .picture = load_picture, .picture_data = workspace };
}

/* A budget leaves pictures out, then users, and says so; columns go; notes are there. */
static void
test_chosen (void)
{
  g_autofree char *path = g_build_filename (directory, "chosen.html", NULL), *whole = NULL, *small = NULL, *tiny = NULL, *narrow = NULL, *json = NULL;
  g_autofree char *json_path = g_build_filename (directory, "chosen.json", NULL), *csv_path = g_build_filename (directory, "chosen.csv", NULL), *csv = NULL;
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_note_free);
  RfNote *note = g_new0 (RfNote, 1);
  RfReport report = make_report (5);
  gsize whole_size, small_size, tiny_size;

  note->kind = g_strdup ("user");
  note->id = g_strdup (rf_catalog_get_user_id (trained->catalog, users[0]));
  note->text = g_strdup ("likes <blue> things");
  g_ptr_array_add (notes, note);
  report.notes = notes;
  g_assert_true (rf_report_write (&report, path, NULL, NULL) && g_file_get_contents (path, &whole, &whole_size, NULL));
  g_assert_nonnull (strstr (whole, "likes &lt;blue&gt; things"));
  g_assert_nonnull (strstr (whole, "data:image/jpeg"));
  report.budget = whole_size - 2000;
  g_assert_true (rf_report_write (&report, path, NULL, NULL) && g_file_get_contents (path, &small, &small_size, NULL));
  g_assert_cmpuint (small_size, <=, report.budget);
  g_assert_nonnull (strstr (small, "left out"));
  report.budget = 1000;
  g_assert_true (rf_report_write (&report, path, NULL, NULL) && g_file_get_contents (path, &tiny, &tiny_size, NULL));
  g_assert_null (strstr (tiny, "data:image/jpeg"));
  g_assert_nonnull (strstr (tiny, "id=\"user-1\""));
  g_assert_null (strstr (tiny, "id=\"user-2\">"));
  report.budget = 0;
  g_assert_true (rf_report_parse_columns ("score, driver", &report.columns, NULL));
  g_assert_false (rf_report_parse_columns ("score,colour", &report.columns, NULL));
  g_assert_true (rf_report_parse_columns ("score, driver", &report.columns, NULL));
  g_assert_true (rf_report_write (&report, path, NULL, NULL) && g_file_get_contents (path, &narrow, NULL, NULL));
  g_assert_null (strstr (narrow, "<td class=\"pic\">"));
  g_assert_true (rf_report_write (&report, csv_path, NULL, NULL) && g_file_get_contents (csv_path, &csv, NULL, NULL));
  g_assert_true (g_str_has_prefix (csv, "user_id,item_id,rank,score,model,beaten_by,driver\r\n"));
  g_assert_true (rf_report_write (&report, json_path, NULL, NULL) && g_file_get_contents (json_path, &json, NULL, NULL));
  g_assert_nonnull (strstr (json, "likes <blue> things"));
}

/* Writes a report of both users and reads it back. */
static char *
write_report (const char *name, guint k, gsize *length)
{
  RfReport report = make_report (k);
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  g_assert_true (rf_report_write (&report, path, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, length, NULL));
  return text;
}

static RfRanking *
rank (guint32 user, guint k)
{
  const RfCsr *train = trained->split->part[RF_PART_TRAIN];
  RfRankOptions options = { .k = k };

  return rf_rank_history (trained->model, rf_csr_row (train, user), rf_csr_row_length (train, user), user, &options);
}

static void
assert_row (const char *line, const char *user, const RfRanked *ranked, guint rank_number)
{
  /* The cell of the user may hold commas of its own. */
  g_auto(GStrv) row = g_str_has_prefix (line, user) ? g_strsplit (line + strlen (user), ",", -1) : NULL;
  guint n = trained->model->n_modalities;
  double attention = 0, contributions = 0;

  g_assert_nonnull (row);
  g_assert_cmpuint (g_strv_length (row), ==, 5 + 2 * n + 2);
  g_assert_cmpstr (row[0], ==, "");
  if (strcmp (rf_catalog_get_item_id (trained->catalog, ranked->item), EVIL_ITEM) == 0)
    g_assert_cmpstr (row[1], ==, "\"'" EVIL_ITEM "\"");
  else
    g_assert_cmpstr (row[1], ==, rf_catalog_get_item_id (trained->catalog, ranked->item));
  g_assert_cmpuint (g_ascii_strtoull (row[2], NULL, 10), ==, rank_number);
  g_assert_cmpfloat ((float) g_ascii_strtod (row[3], NULL), ==, ranked->score);
  g_assert_cmpstr (row[4], ==, trained->run->id);
  for (guint m = 0; m < n; m++)
    {
      g_assert_cmpfloat ((float) g_ascii_strtod (row[5 + m], NULL), ==, ranked->attention[m]);
      g_assert_cmpfloat ((float) g_ascii_strtod (row[5 + n + m], NULL), ==, ranked->contribution[m]);
      attention += g_ascii_strtod (row[5 + m], NULL);
      contributions += g_ascii_strtod (row[5 + n + m], NULL);
    }
  contributions += g_ascii_strtod (row[5 + 2 * n], NULL);
  g_assert_cmpfloat_with_epsilon (attention, 1, 1e-6);
  g_assert_cmpfloat_with_epsilon (contributions, (double) ranked->score, 1e-5);
}

static void
test_csv (void)
{
  g_autofree char *text = write_report ("r.csv", 60, NULL);
  g_auto(GStrv) lines = g_strsplit (text, "\r\n", -1);
  const char *const cells[] = { "\"'=cmd(\"\"x\"\",1)|'/c calc'!A1\"", "U0002" };
  guint line = 1;

  g_assert_true (g_str_has_prefix (lines[0], "user_id,item_id,rank,score,model,w_"));
  g_assert_true (g_str_has_suffix (lines[0], ",c_popularity,beaten_by"));
  for (guint u = 0; u < 2; u++)
    {
      g_autoptr(RfRanking) ranking = rank (users[u], 60);

      g_assert_cmpuint (ranking->n, >, 20);
      for (guint i = 0; i < ranking->n; i++)
        assert_row (lines[line++], cells[u], &ranking->items[i], i + 1);
    }
  g_assert_cmpstr (lines[line], ==, "");
}

static void
test_json (void)
{
  g_autofree char *text = write_report ("r.json", 5, NULL);
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(RfRanking) ranking = rank (users[1], 5);
  JsonObject *root, *user, *item;
  JsonArray *items;

  g_assert_true (json_parser_load_from_data (parser, text, -1, NULL));
  root = json_node_get_object (json_parser_get_root (parser));
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (root, "run"), "data_hash"), ==, rf_catalog_get_hash (trained->catalog));
  user = json_array_get_object_element (json_object_get_array_member (root, "users"), 0);
  g_assert_cmpstr (json_object_get_string_member (user, "user"), ==, EVIL_USER);
  user = json_array_get_object_element (json_object_get_array_member (root, "users"), 1);
  items = json_object_get_array_member (user, "items");
  g_assert_cmpuint (json_array_get_length (items), ==, 5);
  for (guint i = 0; i < 5; i++)
    {
      item = json_array_get_object_element (items, i);
      g_assert_cmpfloat ((float) json_object_get_double_member (item, "score"), ==, ranking->items[i].score);
      g_assert_cmpstr (json_object_get_string_member (item, "item"), ==, rf_catalog_get_item_id (trained->catalog, ranking->items[i].item));
    }
}

/* libxml2 knows the tags of HTML 4: unknown ones (svg, main, ...) are no fault of ours, everything else is. */
static void
count_faults (void *data, xmlErrorPtr fault)
{
  guint *faults = data;

  if (fault->code == XML_HTML_UNKNOWN_TAG)
    return;
  g_test_message ("line %d: %s", fault->line, fault->message);
  (*faults)++;
}

static int
count_nodes (htmlDocPtr page, const char *xpath)
{
  xmlXPathContextPtr context = xmlXPathNewContext (page);
  xmlXPathObjectPtr found = xmlXPathEvalExpression ((const xmlChar *) xpath, context);
  int n;

  g_assert_nonnull (found);
  n = found->type == XPATH_NODESET ? xmlXPathNodeSetGetLength (found->nodesetval) : (int) found->floatval;
  xmlXPathFreeObject (found);
  xmlXPathFreeContext (context);
  return n;
}

static void
assert_style_is_allowed (const char *html)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  const char *start = strstr (html, "<style>") + strlen ("<style>"), *end = strstr (start, "</style>");
  g_autofree char *base64 = NULL, *source = NULL;
  guint8 digest[32];
  gsize size = sizeof digest;

  g_checksum_update (checksum, (const guchar *) start, end - start);
  g_checksum_get_digest (checksum, digest, &size);
  base64 = g_base64_encode (digest, size);
  source = g_strdup_printf ("style-src 'sha256-%s'", base64);
  g_assert_nonnull (strstr (html, source));
}

static void
test_html (void)
{
  gsize length;
  g_autofree char *html = write_report ("r.html", 60, &length);
  guint faults = 0;
  htmlDocPtr page;

  xmlSetStructuredErrorFunc (&faults, count_faults);
  page = htmlReadMemory (html, (int) length, NULL, "UTF-8", HTML_PARSE_NONET);
  xmlSetStructuredErrorFunc (NULL, NULL);
  g_assert_nonnull (page);
  g_assert_cmpuint (faults, ==, 0);
  g_assert_null (strstr (html, "<script"));
  g_assert_cmpint (count_nodes (page, "//script"), ==, 0);
  g_assert_cmpint (count_nodes (page, "//@*[starts-with (name(), 'on')]"), ==, 0);
  g_assert_cmpint (count_nodes (page, "//@style"), ==, 0); /* the policy would forbid it */
  g_assert_cmpint (count_nodes (page, "//iframe|//object|//embed|//link|//form|//base"), ==, 0);
  g_assert_cmpint (count_nodes (page, "//@href[not (starts-with (., '#'))]"), ==, 0);
  g_assert_cmpint (count_nodes (page, "//img[not (starts-with (@src, 'data:image/'))]"), ==, 0);
  g_assert_cmpint (count_nodes (page, "//img"), >, 60);
  g_assert_cmpint (count_nodes (page, "//svg[@role='img']"), >, 60);
  g_assert_cmpint (count_nodes (page, "//text()[contains (., '<script>alert(1)</script>')]"), >=, 1);
  g_assert_cmpint (count_nodes (page, "//h2[contains (., \",1)|'/c calc'!A1\")]"), ==, 1);
  g_assert_cmpint (count_nodes (page, "count(//use) - count(//use[@href])"), ==, 0);
  xmlFreeDoc (page);
  g_assert_nonnull (strstr (html, "default-src 'none'"));
  assert_style_is_allowed (html);
}

/* Every reference inside the page has its target, every id is there once. */
static void
test_html_ids (void)
{
  g_autofree char *html = write_report ("r.html", 8, NULL);
  g_autoptr(GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  static const char *const references[] = { "href=\"#", "url(#" };

  for (const char *at = html; (at = strstr (at, " id=\"")) != NULL; at++)
    g_assert_true (g_hash_table_add (ids, g_strndup (at + 5, strcspn (at + 5, "\""))));
  g_assert_cmpuint (g_hash_table_size (ids), >, 20);
  for (guint r = 0; r < G_N_ELEMENTS (references); r++)
    for (const char *at = html; (at = strstr (at, references[r])) != NULL; at++)
      {
        const char *start = at + strlen (references[r]);
        g_autofree char *id = g_strndup (start, strcspn (start, "\")"));

        g_assert_true (g_hash_table_contains (ids, id));
      }
}

static void
test_pdf (void)
{
  gsize length, again;
  g_autofree char *pdf = write_report ("r.pdf", 20, &length), *second = write_report ("r2.pdf", 20, &again);

  g_assert_cmpmem (pdf, 5, "%PDF-", 5);
  g_assert_cmpmem (pdf, length, second, again);
}

static void
test_repeats (void)
{
  gsize length, again;
  g_autofree char *first = write_report ("r.html", 20, &length), *second = write_report ("r2.html", 20, &again);

  g_assert_cmpmem (first, length, second, again);
}

static void
cancel_at_once (const char *stage, double fraction, void *data)
{
  rf_progress_cancel (data);
}

static void
test_failures (void)
{
  RfReport report = make_report (5);
  g_autofree char *path = g_build_filename (directory, "kept.html", NULL), *text = NULL;
  g_autoptr(GError) error = NULL;
  RfProgress progress;

  g_assert_false (rf_report_write (&report, "report.doc", NULL, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CONFIG);
  g_clear_error (&error);
  g_assert_false (rf_report_write (&report, "/nonexistent/folder/r.csv", NULL, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_IO);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, "kept", -1, NULL));
  rf_progress_init (&progress, cancel_at_once, &progress);
  g_assert_false (rf_report_write (&report, path, &progress, &error)); /* stops before the second user */
  g_assert_error (error, RF_ERROR, RF_ERROR_CANCELLED);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "kept");
}

static void
test_losses (void)
{
  static const char json[] = "{\"metrics\":{\"valid\":{\"ndcg@20\":0.2,\"recall@20\":0.3}},"
                             "\"baselines\":{\"popular\":{\"ndcg@20\":0.1,\"recall@20\":0.1},\"ease\":{\"ndcg@20\":0.25,\"recall@20\":0.3}}}";
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(JsonObject) empty = json_object_new ();
  g_autofree char *losses = NULL;

  g_assert_true (json_parser_load_from_data (parser, json, -1, NULL));
  losses = report_say_losses (json_node_get_object (json_parser_get_root (parser)));
  g_assert_cmpstr (losses, ==, "The baseline “ease” is better in NDCG@20: 0.2500 against 0.2000.");
  g_assert_null (report_say_losses (empty));
  g_assert_true (isnan (report_get_metric (empty, "ease", "ndcg@20")));
}

static void
test_escape (void)
{
  g_autoptr(GString) out = g_string_new (NULL);

  report_escape (out, "<a href=\"x\" b='y'>&\x01\x7fä\n");
  g_assert_cmpstr (out->str, ==, "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;\xef\xbf\xbd\xef\xbf\xbdä\n");
}

static void
remove_folder (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  train_sample ();
  g_test_add_func ("/report/csv", test_csv);
  g_test_add_func ("/report/json", test_json);
  g_test_add_func ("/report/html", test_html);
  g_test_add_func ("/report/html-ids", test_html_ids);
  g_test_add_func ("/report/pdf", test_pdf);
  g_test_add_func ("/report/repeats", test_repeats);
  g_test_add_func ("/report/failures", test_failures);
  g_test_add_func ("/report/losses", test_losses);
  g_test_add_func ("/report/chosen", test_chosen);
  g_test_add_func ("/report/escape", test_escape);
  status = g_test_run ();
  rf_trained_unref (trained);
  rf_workspace_close (workspace);
  remove_folder (directory);
  g_free (directory);
  return status;
}
