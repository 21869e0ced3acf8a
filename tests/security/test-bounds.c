/* test-bounds.c: what a hostile catalog or document may cost, and what it may make the database do.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/rf-error.h"
#include "core/base/rf-file.h"
#include "core/catalog/rf-importer.h"
#include "core/catalog/rf-picture.h"
#include "core/catalog/rf-text-file.h"
#include "core/catalog/rf-workspace-private.h"
#include "tests/support/folder.h"

static guint32
crc (const guint8 *data, gsize n)
{
  guint32 c = 0xffffffff;

  for (gsize i = 0; i < n; i++)
    {
      c ^= data[i];
      for (int b = 0; b < 8; b++)
        c = (c >> 1) ^ (c & 1 ? 0xedb88320 : 0);
    }
  return ~c;
}

static void
put_32 (guint8 *at, guint32 value)
{
  value = GUINT32_TO_BE (value);
  memcpy (at, &value, 4);
}

/* A PNG that says it is side x side, and holds almost nothing. */
static void
write_claim (const char *folder, const char *name, guint32 side)
{
  guint8 png[33 + 16] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

  put_32 (png + 16, side);
  put_32 (png + 20, side);
  memcpy (png + 24, "\x08\x06\0\0\0", 5);
  put_32 (png + 29, crc (png + 12, 17));
  memcpy (png + 33, "\0\1\0\0IDAT\x78\x9c\xed\xc1\x01\x01\0\0", 16);
  test_folder_write (folder, name, (const char *) png, sizeof png);
}

static glong
peak_kilobytes (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

static void
test_pixels (void)
{
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "claim.png", NULL), *large = g_build_filename (folder, "large.jpg", NULL), *wide = g_build_filename (folder, "wide.png", NULL);
  glong before = peak_kilobytes ();
  RfPictureState state;

  write_claim (folder, "claim.png", 30000);
  g_assert_null (rf_picture_load (path, 64000000, 128, &state));
  g_assert_cmpint (state, ==, RF_PICTURE_TOO_LARGE);
  write_claim (folder, "claim.png", 0x7fffffff);
  g_assert_null (rf_picture_load (path, 64000000, 128, &state));
  g_assert_cmpint (state, !=, RF_PICTURE_FINE);
  test_folder_picture (folder, "large.jpg", 64, 64, "jpeg");
  g_assert_cmpint (truncate (large, (off_t) 300 << 20), ==, 0); /* takes no room on the disk */
  g_assert_null (rf_picture_load (large, 64000000, 128, &state));
  g_assert_cmpint (state, ==, RF_PICTURE_TOO_LARGE);
  g_assert_cmpint (peak_kilobytes () - before, <, 100000);
  /* What is allowed is decoded; 4 million pixels. */
  test_folder_picture (folder, "wide.png", 2000, 2000, "png");
  g_bytes_unref (rf_picture_load (wide, 64000000, 128, &state));
  g_assert_cmpint (state, ==, RF_PICTURE_FINE);
  test_folder_remove (folder);
}

/* The same claim in other formats: whatever is made of it, it must not cost the memory. */
static void
test_other_claims (void)
{
  static const struct
  {
    const char *name;
    const char *data;
    gsize length;
  } claims[] = {
    { "a.gif", "GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\xff\xff\xff\xff\0\2\2\x4c\1\0;", 36 },
    { "a.bmp", "BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x60\xea\0\0\x60\xea\0\0\1\0\x18\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\2\3\4", 58 },
    { "a.ppm", "P6\n60000 60000\n255\nxyzxyz", 25 },
    { "a.tga", "\0\0\2\0\0\0\0\0\0\0\0\0\x60\xea\x60\xea\x18\0\1\2\3\4\5\6", 24 },
    { "a.xpm", "/* XPM */\nstatic char *x[] = {\n\"60000 60000 2 1\",\n\"a c #000000\",\n\"b c #ffffff\",\n\"ab\"};\n", 85 },
    { "a.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='60000' height='60000'><rect width='60000' height='60000'/></svg>", 111 },
  };
  char *folder = test_folder_new ();
  glong before = peak_kilobytes ();

  for (gsize c = 0; c < G_N_ELEMENTS (claims); c++)
    {
      g_autofree char *path = g_build_filename (folder, claims[c].name, NULL);
      RfPictureState state;

      test_folder_write (folder, claims[c].name, claims[c].data, (gssize) claims[c].length);
      g_assert_null (rf_picture_load (path, 64000000, 128, &state));
      g_assert_cmpint (state, !=, RF_PICTURE_FINE);
      g_test_message ("%s: state %d, peak +%ld kB", claims[c].name, (int) state, peak_kilobytes () - before);
      g_assert_cmpint (peak_kilobytes () - before, <, 100000);
    }
  test_folder_remove (folder);
}

/* Neither a pipe nor a folder nor a device is read. */
static void
test_special_files (void)
{
  char *folder = test_folder_new ();
  g_autofree char *pipe_path = g_build_filename (folder, "items.csv", NULL);
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (mkfifo (pipe_path, 0600), ==, 0);
  g_assert_null (rf_file_read (pipe_path, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_null (rf_file_read (folder, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_null (rf_file_read ("/dev/zero", &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  test_folder_write (folder, "interactions.csv", "user_id,item_id\nu,i\n", -1);
  g_assert_null (rf_import_catalog (folder, NULL, report, NULL, &error)); /* and does not wait for ever */
  g_assert_nonnull (error);
  test_folder_remove (folder);
}

/* A few kilobytes that unpack to megabytes: refused at the limit, read below it. */
static void
test_bomb (void)
{
  const gsize size = (gsize) 8 << 20;
  char *folder = test_folder_new ();
  g_autofree char *zeros = g_malloc0 (size), *packed = g_malloc (size), *path = g_build_filename (folder, "items.csv.gz", NULL);
  g_autoptr(GConverter) gzip = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(GError) error = NULL;
  gsize n_read, n_written;
  RfTextFile file;

  memset (zeros, ',', size);
  g_assert_cmpint (g_converter_convert (gzip, zeros, size, packed, size, G_CONVERTER_INPUT_AT_END, &n_read, &n_written, &error), ==, G_CONVERTER_FINISHED);
  g_assert_cmpuint (n_written, <, 20000);
  test_folder_write (folder, "items.csv.gz", packed, (gssize) n_written);
  rf_text_file_set_max_inflated (size - 1);
  g_assert_false (rf_text_file_open (&file, path, "items.csv.gz", report, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_LIMIT);
  g_clear_error (&error);
  rf_text_file_set_max_inflated (RF_TEXT_FILE_MAX_INFLATED);
  g_assert_true (rf_text_file_open (&file, path, "items.csv.gz", report, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (file.size, ==, size);
  rf_text_file_close (&file);
  test_folder_remove (folder);
}

/* The name of a picture is the beginning of a problem's sentence: no spreadsheet may take it for a formula. */
static void
test_formulas (void)
{
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autofree char *csv = NULL;

  rf_import_report_add (report, "=cmd|'/c calc'!A1.csv", 1, 1, "kind", RF_IMPORT_KEPT, "%s is no picture.", "=HYPERLINK(\"http://x\",\"y\").jpg");
  rf_import_report_add (report, "-1.csv", 1, 1, "kind", RF_IMPORT_KEPT, "%s", "@SUM(A1)");
  csv = rf_import_report_to_csv (report);
  g_assert_nonnull (strstr (csv, "\n'=cmd|"));
  g_assert_nonnull (strstr (csv, ",\"'=HYPERLINK("));
  g_assert_nonnull (strstr (csv, "\n'-1.csv,"));
  g_assert_nonnull (strstr (csv, ",'@SUM(A1),"));
}

static int
get_option (RfWorkspace *workspace, int option)
{
  int value = -1;

  g_assert_cmpint (sqlite3_db_config (workspace->db, option, -1, &value), ==, SQLITE_OK);
  return value;
}

/* A document is data: its schema may neither run functions nor rewrite itself. */
static void
test_database (void)
{
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "a.refract", NULL);
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(GError) error = NULL;
  RfWorkspace *workspace;

  test_folder_fill (folder);
  g_assert_true (rf_import_to_workspace (folder, path, NULL, report, NULL, &error));
  workspace = rf_workspace_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (get_option (workspace, SQLITE_DBCONFIG_DEFENSIVE), ==, 1);
  g_assert_cmpint (get_option (workspace, SQLITE_DBCONFIG_TRUSTED_SCHEMA), ==, 0);
  g_assert_cmpint (get_option (workspace, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION), ==, 0);
  g_assert_cmpint (get_option (workspace, SQLITE_DBCONFIG_ENABLE_TRIGGER), ==, 0);
  g_assert_cmpint (get_option (workspace, SQLITE_DBCONFIG_ENABLE_VIEW), ==, 0);
  g_assert_false (rf_workspace_exec (workspace, "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'x'", NULL));
  rf_workspace_close (workspace);
  test_folder_remove (folder);
}

/* A table that was replaced by a view with a trigger's or a function's tricks is refused or read, and changes nothing outside. */
static void
test_evil_schema (void)
{
  char *folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "a.refract", NULL), *other = g_build_filename (folder, "written", NULL);
  g_autofree char *sql = g_strdup_printf ("DROP TABLE item; CREATE VIEW item AS SELECT 0 AS item, writefile('%s', 'x') AS id, '' AS title, '' AS description, '' AS category, '' AS image, 0 AS has_image;"
                                          "CREATE TRIGGER t AFTER INSERT ON run BEGIN SELECT load_extension('%s'); END", other, other);
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(GError) error = NULL;
  RfWorkspace *workspace;
  sqlite3 *db;

  test_folder_fill (folder);
  g_assert_true (rf_import_to_workspace (folder, path, NULL, report, NULL, &error));
  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, rf_workspace_vfs ()), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA foreign_keys = OFF", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  workspace = rf_workspace_open (path, &error);
  g_assert_no_error (error);
  g_assert_null (rf_workspace_load_catalog (workspace, &error));
  g_assert_nonnull (error);
  rf_workspace_close (workspace);
  g_assert_false (g_file_test (other, G_FILE_TEST_EXISTS));
  test_folder_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/security/pixels", test_pixels);
  g_test_add_func ("/security/other-claims", test_other_claims);
  g_test_add_func ("/security/special-files", test_special_files);
  g_test_add_func ("/security/bomb", test_bomb);
  g_test_add_func ("/security/formulas", test_formulas);
  g_test_add_func ("/security/database", test_database);
  g_test_add_func ("/security/evil-schema", test_evil_schema);
  return g_test_run ();
}
