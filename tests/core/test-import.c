/* test-import.c: the folder importer: every kind of problem told at the right file, line and row, nothing valid lost; and the real
 * catalogs, where the machine has them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "core/base/rf-error.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/catalog/rf-csv.h"
#include "core/catalog/rf-importer.h"
#include "core/catalog/rf-workspace.h"
#include "tests/support/folder.h"

typedef struct
{
  char *folder;
  RfImportReport *report;
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
  rf_import_report_free (f->report);
  test_folder_remove (f->folder);
}

static void
write_tables (Fixture *f, const char *items, const char *interactions)
{
  test_folder_write (f->folder, "items.csv", items, -1);
  test_folder_write (f->folder, "interactions.csv", interactions, -1);
}

/* Through a document, so that pictures are decoded too. */
static RfCatalog *
import (Fixture *f, const RfImportOptions *options)
{
  g_autofree char *path = g_build_filename (f->folder, "out.refract", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(RfWorkspace) workspace = NULL;
  RfCatalog *catalog;

  rf_import_to_workspace (f->folder, path, options, f->report, NULL, &error);
  g_assert_no_error (error);
  workspace = rf_workspace_open (path, &error);
  g_assert_no_error (error);
  catalog = rf_workspace_load_catalog (workspace, &error);
  g_assert_no_error (error);
  return catalog;
}

static const RfProblem *
find_problem (const RfImportReport *report, const char *file, guint64 row, const char *kind)
{
  for (gsize p = 0; p < rf_import_report_get_n (report); p++)
    {
      const RfProblem *problem = rf_import_report_get (report, p);

      if (strcmp (problem->file, file) == 0 && problem->row == row && strcmp (problem->kind, kind) == 0)
        return problem;
    }
  return NULL;
}

static void
check_problem (Fixture *f, const char *file, guint64 line, guint64 row, const char *kind, RfImportAction action)
{
  const RfProblem *problem = find_problem (f->report, file, row, kind);

  if (problem == NULL)
    g_test_message ("no %s at %s row %d", kind, file, (int) row);
  g_assert_nonnull (problem);
  g_assert_cmpuint (problem->line, ==, line);
  g_assert_cmpint (problem->action, ==, action);
  g_assert_cmpuint (strlen (problem->message), >, 10);
}

static void
test_fine (Fixture *f, gconstpointer data)
{
  g_autoptr(RfCatalog) catalog = NULL;

  test_folder_fill (f->folder);
  catalog = import (f, NULL);
  g_assert_cmpuint (rf_import_report_get_count (f->report), ==, 0);
  g_assert_cmpuint (rf_catalog_count_images (catalog), ==, 2);
}

static void
test_items (Fixture *f, gconstpointer data)
{
  g_autoptr(GString) items = g_string_new ("item_id,title,description,category,image\r\n");
  g_autofree char *text = g_strnfill (50000, 'x');
  g_autoptr(RfCatalog) catalog = NULL;

  g_string_append (items, "a,\"Two\r\nlines\",d,,\r\n");                 /* row 1, line 2 */
  g_string_append (items, ",no id,,,\r\n");                             /* 2, 4 */
  g_string_append (items, "b,B,d,,\r\n");                               /* 3, 5 */
  g_string_append (items, "a,\"Two\nlines\",d,,\r\n");                  /* 4, 6: same, but for the kind of line end */
  g_string_append (items, "b,B,other,,\r\n");                           /* 5, 8 */
  g_string_append (items, " c ,C,d,,\r\n");                             /* 6, 9 */
  g_string_append (items, "e,\x01" "E\xE2\x80\xAE,\"one\rtwo\",,\r\n"); /* 7, 10: U+202E */
  g_string_append_printf (items, "f,F,%s,,\r\n", text);                 /* 8, 11 */
  g_string_append (items, "g\r\n");                                     /* 9, 12 */
  g_string_append (items, "h,H,d,,,extra,more\r\n");                    /* 10, 13 */
  write_tables (f, items->str, "user_id,item_id\nu,a\n");
  catalog = import (f, NULL);
  g_assert_cmpuint (rf_catalog_get_n_items (catalog), ==, 7);
  check_problem (f, "items.csv", 4, 2, "empty-id", RF_IMPORT_DROPPED);
  check_problem (f, "items.csv", 6, 4, "duplicate-item", RF_IMPORT_DROPPED);
  check_problem (f, "items.csv", 8, 5, "duplicate-item-different", RF_IMPORT_DROPPED);
  check_problem (f, "items.csv", 9, 6, "id-blanks", RF_IMPORT_REPAIRED);
  check_problem (f, "items.csv", 10, 7, "control-characters", RF_IMPORT_REPAIRED);
  check_problem (f, "items.csv", 10, 7, "bidi-characters", RF_IMPORT_REPAIRED);
  check_problem (f, "items.csv", 10, 7, "carriage-return", RF_IMPORT_REPAIRED);
  check_problem (f, "items.csv", 11, 8, "long-text", RF_IMPORT_REPAIRED);
  check_problem (f, "items.csv", 12, 9, "short-row", RF_IMPORT_KEPT);
  check_problem (f, "items.csv", 12, 9, "empty-item", RF_IMPORT_KEPT);
  check_problem (f, "items.csv", 13, 10, "long-row", RF_IMPORT_REPAIRED);
  g_assert_cmpuint (rf_import_report_get_count (f->report), ==, 11);
  g_assert_cmpstr (rf_catalog_get_item_description (catalog, 1), ==, "d"); /* the first one counts */
  g_assert_cmpstr (rf_catalog_get_item_title (catalog, 3), ==, "E");
  g_assert_cmpstr (rf_catalog_get_item_description (catalog, 3), ==, "one\ntwo");
  g_assert_cmpuint (strlen (rf_catalog_get_item_description (catalog, 4)), <, 50000);
}

static void
test_interactions (Fixture *f, gconstpointer data)
{
  g_autoptr(RfCatalog) catalog = NULL;
  const RfInteractions *x;

  write_tables (f, "item_id,title\na,A\nb,B\nc,C\n",
                "user_id,item_id,rating,timestamp\n"
                "u,a,5,1000\n"                    /* 1 */
                "u,a,5,1000\n"                    /* 2 the same again */
                "u,a,4,2000\n"                    /* 3 another event of the pair */
                "u,zz,4,2000\n"                   /* 4 */
                ",a,4,2000\n"                     /* 5 */
                "u,,4,2000\n"                     /* 6 */
                "v,a,,1000\n"                     /* 7 */
                "v,b,NaN,1000\n"                  /* 8 */
                "v,c,\"3,5\",1000\n"              /* 9 */
                "w,a,many,1000\n"                 /* 10 */
                "w,b,4,\n"                        /* 11 */
                "w,c,4,-1\n"                      /* 12 */
                "x,a,4,2493072000\n"              /* 13: 2049 */
                "x,b,4,1255505013000\n"           /* 14 */
                "x,c,4,2009-10-14 06:57:58\n"     /* 15 */
                "y,a,4,whenever\n"                /* 16 */
                "y,b\n"                           /* 17 */
                "y,c,3,1000,more\n");             /* 18 */
  catalog = import (f, NULL);
  x = rf_catalog_get_interactions (catalog);
  check_problem (f, "interactions.csv", 3, 2, "duplicate-interaction", RF_IMPORT_DROPPED);
  check_problem (f, "interactions.csv", 4, 3, "repeated-interaction", RF_IMPORT_KEPT);
  check_problem (f, "interactions.csv", 5, 4, "unknown-item", RF_IMPORT_DROPPED);
  check_problem (f, "interactions.csv", 6, 5, "empty-user", RF_IMPORT_DROPPED);
  check_problem (f, "interactions.csv", 7, 6, "empty-id", RF_IMPORT_DROPPED);
  check_problem (f, "interactions.csv", 8, 7, "rating-missing", RF_IMPORT_KEPT);
  check_problem (f, "interactions.csv", 9, 8, "rating-nan", RF_IMPORT_REPAIRED);
  check_problem (f, "interactions.csv", 10, 9, "rating-decimal-comma", RF_IMPORT_REPAIRED);
  check_problem (f, "interactions.csv", 11, 10, "rating-not-a-number", RF_IMPORT_REPAIRED);
  check_problem (f, "interactions.csv", 12, 11, "timestamp-missing", RF_IMPORT_KEPT);
  check_problem (f, "interactions.csv", 13, 12, "timestamp-negative", RF_IMPORT_REPAIRED);
  check_problem (f, "interactions.csv", 14, 13, "timestamp-future", RF_IMPORT_REPAIRED);
  check_problem (f, "interactions.csv", 15, 14, "timestamp-milliseconds", RF_IMPORT_REPAIRED);
  check_problem (f, "interactions.csv", 16, 15, "timestamp-iso", RF_IMPORT_REPAIRED);
  check_problem (f, "interactions.csv", 17, 16, "timestamp-not-a-time", RF_IMPORT_REPAIRED);
  check_problem (f, "interactions.csv", 18, 17, "short-row", RF_IMPORT_KEPT);
  check_problem (f, "interactions.csv", 19, 18, "long-row", RF_IMPORT_REPAIRED);
  g_assert_cmpuint (x->n, ==, 14);
  g_assert_cmpuint (rf_catalog_get_n_users (catalog), ==, 5);
  g_assert_true (isnan (x->rating[2]) && isnan (x->rating[3]) && isnan (x->rating[5]));
  g_assert_cmpfloat (x->rating[4], ==, 3.5f);
  g_assert_true (x->timestamp[6] == RF_NO_TIMESTAMP && x->timestamp[7] == RF_NO_TIMESTAMP && x->timestamp[8] == RF_NO_TIMESTAMP);
  g_assert_cmpint (x->timestamp[9], ==, 1255505013);
  g_assert_cmpint (x->timestamp[10], ==, 1255503478);
}

/* Two tables that do not belong together: told in a sentence of its own, with an id of each. */
static void
test_no_match (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *interactions, *kind;
    guint n;
  } cases[] = {
    { "user_id,item_id\nu,Za\nv,Zb\n", "no-match", 0 },
    { "user_id,item_id\nu,Za\nv,Zb\nv,a\n", "few-match", 1 },
    { "user_id,item_id\n", "no-interactions", 0 },
    { "user_id,item_id\nu,Za\nv,b\nv,a\n", NULL, 2 },
  };

  for (gsize c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      g_autoptr(RfImportReport) report = rf_import_report_new ();
      g_autoptr(GError) error = NULL;
      g_autoptr(RfCatalog) catalog = NULL;
      const char *warning;

      write_tables (f, "item_id,title\na,Anchor\nb,Boat\n", cases[c].interactions);
      catalog = rf_import_catalog (f->folder, NULL, report, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (rf_catalog_get_n_interactions (catalog), ==, cases[c].n);
      warning = rf_import_report_get_warning (report);
      g_assert_true ((warning != NULL) == (cases[c].kind != NULL));
      if (cases[c].kind != NULL)
        g_assert_cmpuint (rf_import_report_count_kind (report, cases[c].kind), ==, 1);
      if (c < 2)
        g_assert_true (strstr (warning, "“a”") != NULL && strstr (warning, "“Za”") != NULL);
    }
}

/* A folder that is no catalog: what is in it, and what is missing. */
static void
test_no_catalog (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *file, *words;
  } cases[] = {
    { NULL, "is empty" },
    { "notes.txt", "does not look like a catalog" },
    { "images/a.jpg", "holds pictures, but no tables" },
    { "items.csv", "no interactions.csv" },
    { "interactions.csv", NULL }, /* now there are both */
  };

  for (gsize c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      g_autoptr(GError) error = NULL;

      if (cases[c].file != NULL)
        test_folder_write (f->folder, cases[c].file, "item_id,user_id\na,u\n", -1);
      g_assert_true ((rf_import_detect (f->folder, NULL, NULL, &error) != NULL) == (cases[c].words == NULL));
      if (cases[c].words != NULL)
        g_assert_nonnull (strstr (error->message, cases[c].words));
    }
}

/* A table large enough to be cut into pieces: users, problems and their places are the same for any number of threads. */
static void
test_threads (Fixture *f, gconstpointer data)
{
  g_autoptr(GString) rows = g_string_new ("user_id,item_id,rating,timestamp\n");
  g_autofree char *hash = NULL, *problems = NULL;
  RfRng rng = rf_rng_new (9, 9);

  for (int k = 0; k < 120000; k++)
    g_string_append_printf (rows, "user-%u,%s,%u,%u\n%s", rf_rng_below (&rng, 5000), rf_rng_below (&rng, 1000) ? "a" : "zz", 1 + rf_rng_below (&rng, 5), 1000 + rf_rng_below (&rng, 5),
                            k % 1000 == 0 ? "\n" : "");
  write_tables (f, "item_id\na\n", rows->str);
  for (int threads = 1; threads <= 4; threads++)
    {
      g_autoptr(RfImportReport) report = rf_import_report_new ();
      g_autoptr(GError) error = NULL;
      g_autoptr(RfCatalog) catalog = NULL;
      g_autofree char *csv = NULL;

      rf_parallel_set_threads (threads);
      catalog = rf_import_catalog (f->folder, NULL, report, NULL, &error);
      rf_parallel_set_threads (0);
      g_assert_no_error (error);
      csv = rf_import_report_to_csv (report);
      g_assert_cmpuint (rf_import_report_count_kind (report, "unknown-item"), >, 50);
      g_assert_cmpuint (rf_import_report_count_kind (report, "duplicate-interaction"), >, 10000);
      if (hash == NULL)
        {
          hash = g_strdup (rf_catalog_get_hash (catalog));
          problems = g_steal_pointer (&csv);
          continue;
        }
      g_assert_cmpstr (rf_catalog_get_hash (catalog), ==, hash);
      g_assert_cmpstr (csv, ==, problems);
    }
}

static void
check_encoding (Fixture *f, const char *items, const char *encoding)
{
  g_autoptr(GError) error = NULL;
  gsize length;
  g_autofree char *bytes = g_convert (items, -1, encoding, "UTF-8", NULL, &length, &error);
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(RfCatalog) catalog = NULL;
  g_auto(GStrv) lines = g_strsplit (items, "\n", -1);

  g_assert_no_error (error);
  test_folder_write (f->folder, "items.csv", bytes, (gssize) length);
  catalog = rf_import_catalog (f->folder, NULL, report, NULL, &error);
  g_assert_no_error (error);
  if (rf_import_report_count_kind (report, "encoding") > 0)
    g_test_message ("%s: %s", encoding, rf_import_report_get (report, 0)->message);
  g_assert_cmpuint (rf_import_report_count_kind (report, "encoding"), ==, strcmp (encoding, "UTF-8") != 0);
  for (guint32 i = 0; i < rf_catalog_get_n_items (catalog); i++)
    {
      g_autofree char *line = g_strdup_printf ("%s,%s", rf_catalog_get_item_id (catalog, i), rf_catalog_get_item_title (catalog, i));

      g_assert_cmpstr (line, ==, lines[i + 1]);
    }
}

static void
test_encodings (Fixture *f, gconstpointer data)
{
  const char *chinese = "item_id,title\na,少年铁木真随父亲远行\nb,为了平复与仇敌之间的恩怨\nc,溥仪的一生在电影中娓娓道来\nd,他从三岁起登基\n";
  const char *japanese = "item_id,title\na,となりのトトロという映画\nb,千と千尋の神隠し\nc,もののけ姫のものがたり\nd,風の谷のナウシカ\n";
  const char *western = "item_id,title\na,Le fabuleux destin d’Amélie Poulain à Paris\nb,Das schöne Mädchen für Köln\nc,La cité des enfants perdus et le château\nd,El niño mañana\n";

  test_folder_write (f->folder, "interactions.csv", "user_id,item_id\nu,a\n", -1);
  check_encoding (f, chinese, "UTF-8");
  check_encoding (f, chinese, "GB18030");
  check_encoding (f, japanese, "SHIFT_JIS");
  check_encoding (f, western, "WINDOWS-1252");
  check_encoding (f, chinese, "UTF-16");
}

/* Broken bytes and NULs in a file that is UTF-8 otherwise cost their letters, not the file. */
static void
test_broken_bytes (Fixture *f, gconstpointer data)
{
  g_autoptr(RfCatalog) catalog = NULL;
  g_autoptr(GError) error = NULL;
  const char items[] = "item_id,title\na,少年铁木真随父亲远行\nb,bad \xff\xfe here\nc,一个\0空\nd,为了平复与仇敌之间的恩怨\n";

  test_folder_write (f->folder, "items.csv", items, sizeof items - 1);
  test_folder_write (f->folder, "interactions.csv", "user_id,item_id\nu,a\n", -1);
  catalog = rf_import_catalog (f->folder, NULL, f->report, NULL, &error);
  g_assert_no_error (error);
  check_problem (f, "items.csv", 3, 0, "invalid-utf8", RF_IMPORT_REPAIRED);
  check_problem (f, "items.csv", 0, 0, "nul-bytes", RF_IMPORT_REPAIRED);
  g_assert_cmpstr (rf_catalog_get_item_title (catalog, 0), ==, "少年铁木真随父亲远行");
  g_assert_cmpstr (rf_catalog_get_item_title (catalog, 2), ==, "一个 空");
}

/* A column of milliseconds is told once; a row that differs is told itself. */
static void
test_usual_values (Fixture *f, gconstpointer data)
{
  g_autoptr(GString) rows = g_string_new ("user_id,item_id,timestamp,part,event\n");
  g_autoptr(RfCatalog) catalog = NULL;
  const RfInteractions *x;

  for (int k = 0; k < 100; k++)
    g_string_append_printf (rows, "u%d,a,%s,%s,%s\n", k, k == 50 ? "" : "1255505013000", k % 10 == 0 ? "test" : "0", k % 3 ? "view" : "purchase");
  write_tables (f, "item_id\na\n", rows->str);
  catalog = import (f, NULL);
  x = rf_catalog_get_interactions (catalog);
  check_problem (f, "interactions.csv", 0, 0, "timestamp-column", RF_IMPORT_REPAIRED);
  check_problem (f, "interactions.csv", 52, 51, "timestamp-missing", RF_IMPORT_KEPT);
  g_assert_cmpuint (rf_import_report_get_count (f->report), ==, 3); /* and that the item has nothing but its id */
  for (gsize k = 0; k < 100; k++)
    {
      g_assert_cmpint (x->timestamp[k], ==, k == 50 ? RF_NO_TIMESTAMP : 1255505013);
      g_assert_cmpuint (x->part[k], ==, k % 10 == 0 ? 2 : 0);
      g_assert_cmpstr (rf_catalog_get_event (catalog, x->event[k]), ==, k % 3 ? "view" : "purchase");
    }
}

/* 99 in a column of one to five is a slip; in a column of play counts it is a value. */
static void
test_scale (Fixture *f, gconstpointer data)
{
  g_autoptr(GString) stars = g_string_new ("user_id,item_id,rating\n"), plays = g_string_new ("user_id,item_id,rating\n");
  g_autoptr(RfCatalog) rated = NULL, played = NULL;

  for (int u = 0; u < 300; u++)
    {
      g_string_append_printf (stars, "u%d,a,%d\n", u, u == 7 ? 99 : 1 + u % 5);
      g_string_append_printf (plays, "u%d,a,%d\n", u, 1 + 10000 / (u + 1));
    }
  write_tables (f, "item_id\na\n", stars->str);
  rated = import (f, NULL);
  check_problem (f, "interactions.csv", 9, 8, "rating-out-of-range", RF_IMPORT_REPAIRED);
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "rating-out-of-range"), ==, 1);
  write_tables (f, "item_id\na\n", plays->str);
  played = import (f, NULL);
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "rating-out-of-range"), ==, 1);
}

static void
test_pictures (Fixture *f, gconstpointer data)
{
  g_autofree char *inside = g_build_filename (f->folder, "images/good.jpg", NULL), *link = g_build_filename (f->folder, "images/link.jpg", NULL);
  g_autofree char *outside = g_build_filename (g_get_tmp_dir (), "refract-outside.jpg", NULL), *whole = NULL;
  RfImportOptions options = { .max_pixels = 50000 };
  g_autoptr(RfCatalog) catalog = NULL;
  gsize length;

  test_folder_picture (f->folder, "images/good.jpg", 120, 90, "jpeg");
  test_folder_picture (f->folder, "images/large.png", 400, 200, "png");
  test_folder_picture (g_get_tmp_dir (), "refract-outside.jpg", 10, 10, "jpeg");
  g_assert_cmpint (symlink (outside, link), ==, 0);
  whole = test_folder_read (f->folder, "images/good.jpg", &length);
  test_folder_write (f->folder, "images/cut.jpg", whole, (gssize) length * 6 / 10);
  test_folder_write (f->folder, "images/stub.jpg", whole, 30);
  test_folder_write (f->folder, "images/empty.jpg", "", 0);
  test_folder_write (f->folder, "images/text.jpg", "# This is no picture\n", -1);
  test_folder_picture (f->folder, "images/\xE6\xB5\xB7 100% & #1.jpg", 20, 20, "jpeg");
  test_folder_write (f->folder, "items.csv", "item_id,image\n"
                     "1,images/good.jpg\n2,images/large.png\n3,images/link.jpg\n4,images/cut.jpg\n5,images/stub.jpg\n6,images/empty.jpg\n"
                     "7,images/text.jpg\n8,images/none.jpg\n9,images\\good.jpg\n10,../images/good.jpg\n11,/etc/hostname\n"
                     "12,https://example.invalid/p.jpg\n13,images/\xE6\xB5\xB7 100% & #1.jpg\n14,C:\\pictures\\good.jpg\n15,images\n", -1);
  test_folder_write (f->folder, "interactions.csv", "user_id,item_id\nu,1\n", -1);
  catalog = import (f, &options);
  check_problem (f, "items.csv", 3, 2, "image-too-large", RF_IMPORT_REPAIRED);
  check_problem (f, "items.csv", 4, 3, "path-outside", RF_IMPORT_REPAIRED);
  check_problem (f, "items.csv", 5, 4, "broken-image", RF_IMPORT_REPAIRED);
  check_problem (f, "items.csv", 6, 5, "broken-image", RF_IMPORT_REPAIRED);
  check_problem (f, "items.csv", 7, 6, "empty-image", RF_IMPORT_REPAIRED);
  check_problem (f, "items.csv", 8, 7, "not-an-image", RF_IMPORT_REPAIRED);
  check_problem (f, "items.csv", 9, 8, "missing-image", RF_IMPORT_REPAIRED);
  check_problem (f, "items.csv", 10, 9, "backslash-path", RF_IMPORT_REPAIRED);
  check_problem (f, "items.csv", 11, 10, "path-outside", RF_IMPORT_REPAIRED);
  check_problem (f, "items.csv", 12, 11, "path-outside", RF_IMPORT_REPAIRED);
  check_problem (f, "items.csv", 13, 12, "image-url", RF_IMPORT_REPAIRED);
  check_problem (f, "items.csv", 15, 14, "path-outside", RF_IMPORT_REPAIRED);
  check_problem (f, "items.csv", 16, 15, "missing-image", RF_IMPORT_REPAIRED);
  check_problem (f, "items.csv", 10, 9, "similar-image", RF_IMPORT_KEPT); /* it is that of item 1 */
  g_assert_cmpuint (rf_import_report_get_count (f->report), ==, 14);
  g_assert_cmpuint (rf_catalog_get_n_items (catalog), ==, 15);
  g_assert_cmpuint (rf_catalog_count_images (catalog), ==, 3);
  g_unlink (outside);
}

/* Any source that is no catalog is one sentence. */
static void
test_refused (Fixture *f, gconstpointer data)
{
  static const char *const items[] = { NULL, "", "item_id,title\n", "name,colour\nx,y\n" };
  g_autofree char *path = g_build_filename (f->folder, "none", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (rf_import_catalog (path, NULL, f->report, NULL, &error));
  g_assert_nonnull (error);
  for (gsize i = 0; i < G_N_ELEMENTS (items); i++)
    {
      g_clear_error (&error);
      if (items[i] != NULL)
        write_tables (f, items[i], "user_id,item_id\nu,a\n");
      g_assert_null (rf_import_catalog (f->folder, NULL, f->report, NULL, &error));
      g_assert_nonnull (error);
      g_assert_true (error->domain == RF_ERROR);
      g_assert_cmpuint (strlen (error->message), >, 20);
    }
}

/* --- The real catalogs. --- */

static char *
real_data (const char *name)
{
  const char *folder = g_getenv ("RF_TEST_DATA");
  char *path = folder ? g_build_filename (folder, name, NULL) : NULL;

  if (path != NULL && g_file_test (path, G_FILE_TEST_IS_DIR))
    return path;
  g_free (path);
  g_test_skip ("the real catalogs are not on this machine");
  return NULL;
}

static RfCatalog *
import_real (Fixture *f, const char *source)
{
  g_autofree char *path = g_build_filename (f->folder, "real.refract", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(RfWorkspace) workspace = NULL;
  gint64 start = g_get_monotonic_time ();
  RfCatalog *catalog;

  rf_import_to_workspace (source, path, NULL, f->report, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("imported in %.2f s", (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
  start = g_get_monotonic_time ();
  workspace = rf_workspace_open (path, &error);
  g_assert_no_error (error);
  catalog = rf_workspace_load_catalog (workspace, &error);
  g_assert_no_error (error);
  g_test_message ("loaded in %.3f s", (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
  return catalog;
}

static void
test_posters (Fixture *f, gconstpointer data)
{
  g_autofree char *source = real_data ("movielens-posters");
  g_autoptr(RfCatalog) catalog = NULL;

  if (source == NULL)
    return;
  catalog = import_real (f, source);
  g_assert_cmpuint (rf_catalog_get_n_users (catalog), ==, 671);
  g_assert_cmpuint (rf_catalog_get_n_items (catalog), ==, 5176);
  g_assert_cmpuint (rf_catalog_get_n_interactions (catalog), ==, 88775);
  g_assert_cmpuint (rf_catalog_count_images (catalog), ==, 5176);
  g_assert_cmpuint (rf_catalog_count_texts (catalog), ==, 4705);
  g_assert_cmpuint (rf_import_report_get_count (f->report), ==, 0);
}

/* What the list of known defects calls a defect, and the kind under which one of these must be told; NULL: tests/data-expectations.md
 * says why that is no problem of an import. */
static const struct
{
  const char *defect, *kinds; /* '|' between */
} expectations[] = {
  { "unknown-item", "unknown-item" },
  { "same-pair-later-rating", "repeated-interaction|duplicate-interaction" },
  { "exact-duplicate-row", "duplicate-interaction|duplicate-item|unknown-item" },
  { "empty-rating", "rating-missing" },
  { "rating-NaN", "rating-nan" },
  { "rating-out-of-range", "rating-out-of-range" },
  { "rating-decimal-comma", "rating-decimal-comma" },
  { "rating-text", "rating-not-a-number" },
  { "timestamp-ms", "timestamp-milliseconds" },
  { "timestamp-ISO", "timestamp-iso" },
  { "timestamp-empty", "timestamp-missing" },
  { "timestamp-future", "timestamp-future" },
  { "timestamp-negative", "timestamp-negative" },
  { "user-empty", "empty-user" },
  { "short-row", "short-row" },
  { "long-row", "long-row" },
  { "truncated-jpeg", "broken-image" },
  { "bit-flipped-jpeg", "broken-image" },
  { "zero-byte-image", "empty-image" },
  { "text-file-named-jpg", "not-an-image" },
  { "image-file-missing", "missing-image" },
  { "backslash-path", "backslash-path" },
  { "path-outside-folder", "path-outside" },
  { "image-is-url", "image-url" },
  { "all-fields-empty-but-id", "empty-item" },
  { "very-long-description", "long-text" },
  { "emoji-ZWJ-combining-bidi", "bidi-characters" },
  { "id-with-spaces", "id-blanks" },
  { "same-id-different-title", "duplicate-item-different" },
  { "same-id-different-row", "duplicate-item-different" },
  { "bare-CR-in-field+backslash", "carriage-return" },
  { "bare-CR-in-field+U+3000+backslash", "carriage-return" },
  { "bare-CR-in-field+U+3000+backslash+no-image", "carriage-return" },
  { "user-id-unicode", NULL },
  { "image-name-unicode-space-percent", NULL },
  { "quotes-commas-newlines", NULL },
  { "script", NULL },
  { "odd-title", NULL },
  { "U+3000", NULL },
  { "U+3000+no-image", NULL },
  { "U+3000+backslash+no-image", NULL },
  { "no-image", NULL },
  { "cold+no-image", NULL },
  { "no-description", NULL },
  { "no-description+no-image", NULL },
  { "no-category", NULL },
  { "jpeg-CMYK", NULL },
  { "jpeg-grayscale", NULL },
  { "jpeg-extension", NULL },
  { "png-named-jpg", NULL },
  { "png-named-JPG+RGBA", NULL },
};

static gboolean
is_told (const RfImportReport *report, const char *file, guint64 row, const char *kinds)
{
  g_auto(GStrv) list = g_strsplit (kinds, "|", -1);

  for (guint k = 0; list[k] != NULL; k++)
    if (find_problem (report, file, row, list[k]) != NULL)
      return TRUE;
  return FALSE;
}

static void
check_defect (Fixture *f, const char *expected_text, const char *file, guint64 row, const char *defect)
{
  for (gsize e = 0; e < G_N_ELEMENTS (expectations); e++)
    {
      g_autofree char *heading = NULL;

      if (strcmp (expectations[e].defect, defect) != 0)
        continue;
      if (expectations[e].kinds != NULL)
        {
          if (!is_told (f->report, file, row, expectations[e].kinds))
            g_test_message ("%s row %d: %s is not told", file, (int) row, defect);
          g_assert_true (is_told (f->report, file, row, expectations[e].kinds));
          return;
        }
      heading = g_strdup_printf ("`%s`", defect);
      g_assert_nonnull (strstr (expected_text, heading));
      return;
    }
  g_test_message ("no expectation for %s", defect);
  g_test_fail ();
}

static void
test_awkward (Fixture *f, gconstpointer data)
{
  g_autofree char *source = real_data ("awkward"), *defects = NULL, *expected_text = NULL, *md = NULL;
  g_autoptr(RfCatalog) catalog = NULL;
  RfCsvDialect dialect = { ',', '"', '\n', NULL };
  RfCsvReader reader;
  guint n = 0;
  gsize length;

  if (source == NULL)
    return;
  md = g_build_filename (g_getenv ("RF_TEST_SRCDIR"), "tests", NULL);
  expected_text = test_folder_read (md, "data-expectations.md", &length);
  catalog = import_real (f, source);
  g_assert_cmpuint (rf_catalog_get_n_items (catalog), ==, 383);
  g_assert_cmpuint (rf_catalog_find_item (catalog, "3067"), !=, RF_NO_INDEX);
  g_assert_cmpuint (rf_catalog_find_user (catalog, "用户😀152"), !=, RF_NO_INDEX);
  defects = test_folder_read (source, "defects.csv", &length);
  rf_csv_reader_init (&reader, defects, length, &dialect);
  rf_csv_reader_next (&reader);
  while (rf_csv_reader_next (&reader))
    {
      g_autofree char *file = g_strndup (reader.fields[0].text, reader.fields[0].length);
      g_autofree char *defect = g_strndup (reader.fields[3].text, reader.fields[3].length);

      check_defect (f, expected_text, file, g_ascii_strtoull (reader.fields[1].text, NULL, 10), defect);
      n++;
    }
  rf_csv_reader_clear (&reader);
  g_assert_cmpuint (n, >, 500);
  g_test_message ("%u defects compared, %d problems told", n, (int) rf_import_report_get_count (f->report));
}

/* The same picture in another size and format; with its colours exchanged, upside down, or of another shape it is another one. */
static void
test_similar (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->folder, "images/a.png", NULL), *other = NULL;
  g_autoptr(GdkPixbuf) pixbuf = NULL, turned = NULL, swapped = NULL;
  g_autoptr(RfCatalog) catalog = NULL;
  guint8 *pixels;

  test_folder_picture (f->folder, "images/a.png", 200, 150, "png");
  test_folder_picture (f->folder, "images/b.jpg", 400, 300, "jpeg");
  test_folder_picture (f->folder, "images/c.png", 150, 200, "png");
  pixbuf = gdk_pixbuf_new_from_file (path, NULL);
  turned = gdk_pixbuf_rotate_simple (pixbuf, GDK_PIXBUF_ROTATE_UPSIDEDOWN);
  other = g_build_filename (f->folder, "images/d.png", NULL);
  g_assert_true (gdk_pixbuf_save (turned, other, "png", NULL, NULL));
  swapped = gdk_pixbuf_copy (pixbuf);
  pixels = gdk_pixbuf_get_pixels (swapped);
  for (int y = 0; y < 150; y++)
    for (int x = 0; x < 200; x++)
      {
        guint8 *p = pixels + y * gdk_pixbuf_get_rowstride (swapped) + x * 3, blue = p[2];

        p[2] = p[0];
        p[0] = blue;
      }
  g_free (other);
  other = g_build_filename (f->folder, "images/e.png", NULL);
  g_assert_true (gdk_pixbuf_save (swapped, other, "png", NULL, NULL));
  write_tables (f, "item_id\na\nb\nc\nd\ne\n", "user_id,item_id\nu,a\n");
  catalog = import (f, NULL);
  g_assert_cmpuint (rf_catalog_count_images (catalog), ==, 5);
  check_problem (f, "items.csv", 3, 2, "similar-image", RF_IMPORT_KEPT);
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "similar-image"), ==, 1);
}

/* Ratings are read as they are written, with any number of decimals. */
static void
test_decimals (Fixture *f, gconstpointer data)
{
  static const char *const texts[] = { "4", "4.", ".5", "3.2", "3.25", "2.125", "1.0625", "0.03125", "2.5e0" };
  g_autoptr(GString) rows = g_string_new ("user_id,item_id,rating\n");
  g_autoptr(RfCatalog) catalog = NULL;
  const RfInteractions *x;

  for (gsize r = 0; r < G_N_ELEMENTS (texts); r++)
    g_string_append_printf (rows, "u%zu,a,%s\n", r, texts[r]);
  write_tables (f, "item_id\na\n", rows->str);
  catalog = import (f, NULL);
  x = rf_catalog_get_interactions (catalog);
  g_assert_cmpuint (x->n, ==, G_N_ELEMENTS (texts));
  for (gsize r = 0; r < x->n; r++)
    {
      const char *user = rf_catalog_get_user_id (catalog, x->user[r]);

      g_assert_cmpfloat (x->rating[r], ==, (float) g_ascii_strtod (texts[user[1] - '0'], NULL));
    }
}

/* What is known of users is kept with them, also when a filter lets some of them go, and comes back from the document. */
static void
test_users (Fixture *f, gconstpointer data)
{
  RfFilterOptions filter = { .has_min_rating = TRUE, .min_rating = 3, .since = RF_NO_TIMESTAMP, .until = RF_NO_TIMESTAMP };
  RfImportOptions options = { .filter = &filter };
  g_autoptr(RfCatalog) all = NULL, some = NULL;

  test_folder_write (f->folder, "users.csv", "age,User ID,country\n31,v,NL\n,u,\"Cura\xc3\xa7""ao\"\n5,idle,X\n7,,Y\n8,v,Z\n", -1);
  write_tables (f, "item_id\na\n", "user_id,item_id,rating\nlow,a,1\nu,a,4\nv,a,5\nw,a,3\n");
  all = import (f, NULL);
  check_problem (f, "users.csv", 4, 3, "idle-user", RF_IMPORT_DROPPED);
  check_problem (f, "users.csv", 5, 4, "empty-user", RF_IMPORT_DROPPED);
  check_problem (f, "users.csv", 6, 5, "duplicate-user", RF_IMPORT_DROPPED);
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "unknown-user"), ==, 2);
  g_assert_cmpuint (rf_catalog_get_n_users (all), ==, 4);
  g_assert_cmpuint (rf_catalog_get_n_user_columns (all), ==, 2);
  g_assert_cmpstr (rf_catalog_get_user_column (all, 0), ==, "age");
  g_assert_cmpstr (rf_catalog_get_user_value (all, 0, rf_catalog_find_user (all, "v")), ==, "31");
  g_assert_cmpstr (rf_catalog_get_user_value (all, 1, rf_catalog_find_user (all, "u")), ==, "Cura\xc3\xa7""ao");
  g_assert_cmpstr (rf_catalog_get_user_value (all, 0, rf_catalog_find_user (all, "u")), ==, "");
  g_assert_cmpstr (rf_catalog_get_user_value (all, 1, rf_catalog_find_user (all, "low")), ==, "");
  some = import (f, &options);
  g_assert_cmpuint (rf_catalog_get_n_users (some), ==, 3);
  g_assert_cmpstr (rf_catalog_get_user_value (some, 0, rf_catalog_find_user (some, "v")), ==, "31");
  g_assert_cmpstr (rf_catalog_get_user_value (some, 1, rf_catalog_find_user (some, "u")), ==, "Cura\xc3\xa7""ao");
}

#define ADD(name, func) g_test_add ("/import/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("no-match", test_no_match);
  ADD ("no-catalog", test_no_catalog);
  ADD ("fine", test_fine);
  ADD ("items", test_items);
  ADD ("interactions", test_interactions);
  ADD ("threads", test_threads);
  ADD ("encodings", test_encodings);
  ADD ("broken-bytes", test_broken_bytes);
  ADD ("usual-values", test_usual_values);
  ADD ("scale", test_scale);
  ADD ("pictures", test_pictures);
  ADD ("similar", test_similar);
  ADD ("decimals", test_decimals);
  ADD ("users", test_users);
  ADD ("refused", test_refused);
  ADD ("posters", test_posters);
  ADD ("awkward", test_awkward);
  return g_test_run ();
}
