/* test-workspace.c: the document: what goes in comes out; files that are not ours are refused and not touched; crashes and full
 * disks leave what was there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/rf-error.h"
#include "core/base/rf-rng.h"
#include "core/catalog/rf-importer.h"
#include "core/catalog/rf-workspace.h"
#include "core/catalog/rf-workspace-private.h"
#include "tests/support/folder.h"

typedef struct
{
  char *folder; /* holds source/ and out/ */
  char *source, *out, *path;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(GError) error = NULL;

  f->folder = test_folder_new ();
  f->source = g_build_filename (f->folder, "source", NULL);
  f->out = g_build_filename (f->folder, "out", NULL);
  f->path = g_build_filename (f->out, "a.refract", NULL);
  test_folder_fill (f->source);
  test_folder_write (f->out, "x", "", 0);
  rf_import_to_workspace (f->source, f->path, NULL, report, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rf_import_report_get_count (report), ==, 0);
  g_assert_cmpuint (test_folder_count (f->out), ==, 2);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_free (f->source);
  g_free (f->out);
  g_free (f->path);
  test_folder_remove (f->folder);
}

static RfWorkspace *
open_fine (const char *path)
{
  g_autoptr(GError) error = NULL;
  RfWorkspace *workspace = rf_workspace_open (path, &error);

  g_assert_no_error (error);
  return workspace;
}

static void
test_catalog (Fixture *f, gconstpointer data)
{
  g_autoptr(RfWorkspace) workspace = open_fine (f->path);
  g_autoptr(GError) error = NULL;
  g_autoptr(RfCatalog) catalog = rf_workspace_load_catalog (workspace, &error);
  g_autoptr(GBytes) picture = NULL, none = NULL;
  const RfInteractions *x;

  g_assert_no_error (error);
  x = rf_catalog_get_interactions (catalog);
  g_assert_cmpuint (rf_catalog_get_n_users (catalog), ==, 3);
  g_assert_cmpuint (rf_catalog_get_n_items (catalog), ==, 4);
  g_assert_cmpuint (x->n, ==, 6);
  g_assert_cmpstr (rf_catalog_get_name (catalog), ==, "source");
  g_assert_cmpstr (rf_catalog_get_item_description (catalog, 0), ==, "A long, quoted text.");
  g_assert_cmpuint (rf_catalog_count_images (catalog), ==, 2);
  g_assert_cmpuint (rf_catalog_count_texts (catalog), ==, 3);
  g_assert_cmpstr (rf_catalog_get_item_image (catalog, 1), ==, "images/i2.PNG");
  g_assert_cmpfloat (x->rating[2], ==, 3.5f);
  g_assert_cmpint (x->timestamp[5], ==, 6000);
  picture = rf_workspace_load_picture (workspace, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (picture, NULL), 2, "\xff\xd8", 2);
  none = rf_workspace_load_picture (workspace, 3, &error);
  g_assert_no_error (error);
  g_assert_null (none);
}

/* Two imports of the same source are the same data. */
static void
test_hash (Fixture *f, gconstpointer data)
{
  g_autofree char *second = g_build_filename (f->out, "b.refract", NULL);
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(RfWorkspace) a = open_fine (f->path), b = NULL;
  g_autoptr(RfCatalog) catalog_a = NULL, catalog_b = NULL;

  rf_import_to_workspace (f->source, second, NULL, report, NULL, &error);
  g_assert_no_error (error);
  b = open_fine (second);
  catalog_a = rf_workspace_load_catalog (a, &error);
  catalog_b = rf_workspace_load_catalog (b, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (rf_catalog_get_hash (catalog_a), ==, rf_catalog_get_hash (catalog_b));
}

static void
test_matrices (Fixture *f, gconstpointer data)
{
  g_autoptr(RfMatrix) matrix = rf_matrix_new (300, 5000), loaded = NULL, missed = NULL; /* 6 MB: two pieces */
  g_autofree guint8 *available = g_malloc0 (300), *mask = NULL;
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < 300 * 5000; i++)
    matrix->x[i] = (float) i;
  available[7] = 1;
  {
    g_autoptr(RfWorkspace) workspace = open_fine (f->path);

    g_assert_true (rf_workspace_save_matrix (workspace, "m", "key 1", matrix, available, &error));
    matrix->x[0] = 42;
    g_assert_true (rf_workspace_save_matrix (workspace, "m", "key 2", matrix, available, &error));
    g_assert_no_error (error);
  }
  g_assert_cmpuint (test_folder_count (f->out), ==, 2); /* no -wal, no -shm */
  {
    g_autoptr(RfWorkspace) workspace = open_fine (f->path);

    missed = rf_workspace_load_matrix (workspace, "m", "key 1", &mask, &error);
    g_assert_no_error (error);
    g_assert_null (missed);
    loaded = rf_workspace_load_matrix (workspace, "m", "key 2", &mask, &error);
    g_assert_no_error (error);
    g_assert_cmpmem (loaded->x, 300 * 5000 * sizeof (float), matrix->x, 300 * 5000 * sizeof (float));
    g_assert_cmpmem (mask, 300, available, 300);
  }
}

static void
test_blobs (Fixture *f, gconstpointer data)
{
  g_autoptr(RfWorkspace) workspace = open_fine (f->path);
  g_autofree char *text = g_strnfill (9 << 20, 'x');
  g_autoptr(GBytes) bytes = g_bytes_new_static (text, 9 << 20), loaded = NULL, missed = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (rf_workspace_save_blob (workspace, "b", "k", bytes, &error));
  loaded = rf_workspace_load_blob (workspace, "b", "k", &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (bytes, loaded));
  missed = rf_workspace_load_blob (workspace, "b", "other", &error);
  g_assert_no_error (error);
  g_assert_null (missed);
}

static void
test_runs (Fixture *f, gconstpointer data)
{
  g_autoptr(RfWorkspace) workspace = open_fine (f->path);
  g_autoptr(GBytes) model = g_bytes_new_static ("model", 5), loaded = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  g_autoptr(RfRun) newest = NULL, none = NULL;
  g_autoptr(GError) error = NULL;

  none = rf_workspace_load_run (workspace, NULL, &error);
  g_assert_error (error, RF_ERROR, RF_ERROR_NOT_FOUND);
  g_clear_error (&error);
  for (int r = 0; r < 2; r++)
    {
      g_autoptr(RfRun) run = g_new0 (RfRun, 1);

      run->created = 100 + r;
      run->config = g_strdup ("a=b");
      run->data_hash = g_strdup ("d");
      run->split_hash = g_strdup ("s");
      run->result_json = g_strdup ("{}");
      g_assert_true (rf_workspace_save_run (workspace, run, model, &error));
      g_assert_cmpstr (run->id, ==, r == 0 ? "run-1" : "run-2");
    }
  runs = rf_workspace_list_runs (workspace, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (runs->len, ==, 2);
  newest = rf_workspace_load_run (workspace, NULL, &error);
  g_assert_cmpstr (newest->id, ==, "run-2");
  loaded = rf_workspace_load_model (workspace, "run-1", &error);
  g_assert_true (g_bytes_equal (loaded, model));
  g_assert_true (rf_workspace_delete_run (workspace, "run-2", &error));
  g_clear_pointer (&newest, rf_run_free);
  newest = rf_workspace_load_run (workspace, NULL, &error);
  g_assert_cmpstr (newest->id, ==, "run-1");
  g_assert_null (rf_workspace_load_model (workspace, "run-2", &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_NOT_FOUND);
}

/* Opening fails with a sentence that holds `word`, and the file keeps every byte. */
static void
check_refused (const char *folder, const char *name, const char *word)
{
  g_autofree char *path = g_build_filename (folder, name, NULL), *before = NULL, *after = NULL;
  gsize n_before, n_after;
  guint n_files = test_folder_count (folder);
  g_autoptr(GError) error = NULL;

  before = test_folder_read (folder, name, &n_before);
  g_assert_null (rf_workspace_open (path, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, word));
  after = test_folder_read (folder, name, &n_after);
  g_assert_cmpmem (before, n_before, after, n_after);
  g_assert_cmpuint (test_folder_count (folder), ==, n_files);
}

static void
run_sql_through (const char *vfs, const char *path, const char *sql)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

/* As another program would. */
static void
run_sql (const char *path, const char *sql)
{
  run_sql_through (NULL, path, sql);
}

static void
test_refuses_strangers (Fixture *f, gconstpointer data)
{
  g_autofree char *other = g_build_filename (f->out, "other.db", NULL), *missing = g_build_filename (f->out, "none.refract", NULL);
  g_autofree char *noise = g_malloc (20000), *changed = NULL;
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(GError) error = NULL;
  RfRng rng = rf_rng_new (1, 1);
  gsize length;

  for (int i = 0; i < 20000; i++)
    noise[i] = (char) rf_rng_u32 (&rng);
  test_folder_write (f->out, "noise.refract", noise, 20000);
  check_refused (f->out, "noise.refract", "not a Refract document");
  check_refused (f->out, "x", "not a Refract document"); /* an empty file */
  run_sql (other, "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
  check_refused (f->out, "other.db", "not a Refract document");
  g_assert_null (rf_workspace_open (missing, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_IO);
  g_clear_error (&error);
  /* An import does not write over it either. */
  g_assert_false (rf_import_to_workspace (f->source, other, NULL, report, NULL, &error));
  g_assert_nonnull (error);
  changed = test_folder_read (f->out, "other.db", &length);
  g_assert_cmpmem (changed, 15, "SQLite format 3", 15);
  check_refused (f->out, "other.db", "not a Refract document");
}

static void
test_refuses_newer (Fixture *f, gconstpointer data)
{
  run_sql (f->path, "PRAGMA user_version = 99; PRAGMA journal_mode = DELETE");
  check_refused (f->out, "a.refract", "newer");
}

/* Damage of any kind is an error and never a crash. */
static void
test_damage (Fixture *f, gconstpointer data)
{
  gsize length;
  g_autofree char *whole = test_folder_read (f->out, "a.refract", &length);
  g_autofree char *path = g_build_filename (f->out, "hurt.refract", NULL);
  RfRng rng = rf_rng_new (2, 2);

  for (int round = 0; round < 60; round++)
    {
      g_autofree char *hurt = g_memdup2 (whole, length);
      gsize kept = round % 3 == 0 ? 100 + rf_rng_below (&rng, (guint32) length - 8292) : length;
      g_autoptr(RfWorkspace) workspace = NULL;
      g_autoptr(RfCatalog) catalog = NULL;
      g_autoptr(GError) error = NULL;

      for (int b = 0; b < 40 && kept == length; b++)
        hurt[100 + rf_rng_below (&rng, (guint32) length - 100)] ^= (char) (1 + rf_rng_below (&rng, 255));
      test_folder_write (f->out, "hurt.refract", hurt, (gssize) kept);
      workspace = rf_workspace_open (path, &error);
      catalog = workspace ? rf_workspace_load_catalog (workspace, &error) : NULL;
      g_assert_true ((catalog == NULL) == (error != NULL));
      g_assert_nonnull (error);
    }
}

static void
test_edited (Fixture *f, gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RfWorkspace) workspace = NULL;

  run_sql_through (rf_workspace_vfs (), f->path, "UPDATE interaction SET item = 77 WHERE rowid = 2");
  workspace = open_fine (f->path);
  g_assert_null (rf_workspace_load_catalog (workspace, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
}

/* Another program reads a document as any database, but what it writes has no checksums. */
static void
test_other_program (Fixture *f, gconstpointer data)
{
  run_sql (f->path, "SELECT count(*) FROM interaction; PRAGMA integrity_check");
  rf_workspace_close (open_fine (f->path));
  run_sql (f->path, "UPDATE interaction SET rating = 4.5 WHERE rowid = 2; PRAGMA journal_mode = DELETE");
  check_refused (f->out, "a.refract", "checksum");
}

/* The documents of format 1 had no checksums. */
static void
test_format_1 (Fixture *f, gconstpointer data)
{
  g_autofree char *copy = g_build_filename (f->out, "old.refract", NULL);
  g_autofree char *attach = g_strdup_printf ("ATTACH '%s' AS old; PRAGMA old.application_id = %d; PRAGMA old.user_version = 1;", copy, RF_WORKSPACE_APPLICATION_ID);
  sqlite3 *db = NULL;
  sqlite3_stmt *tables = NULL;
  g_autoptr(RfWorkspace) workspace = NULL, new_one = open_fine (f->path);
  g_autoptr(RfCatalog) old_catalog = NULL, new_catalog = rf_workspace_load_catalog (new_one, NULL);
  g_autoptr(GString) sql = g_string_new (attach);

  g_assert_cmpint (sqlite3_open_v2 (f->path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", -1, &tables, NULL), ==, SQLITE_OK);
  while (sqlite3_step (tables) == SQLITE_ROW)
    {
      const char *name = (const char *) sqlite3_column_text (tables, 0), *create = (const char *) sqlite3_column_text (tables, 1);

      g_string_append_printf (sql, "CREATE TABLE old.%s; INSERT INTO old.%s SELECT * FROM main.%s;", create + strlen ("CREATE TABLE "), name, name);
    }
  sqlite3_finalize (tables);
  g_assert_cmpint (sqlite3_exec (db, sql->str, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  workspace = open_fine (copy);
  old_catalog = rf_workspace_load_catalog (workspace, NULL);
  g_assert_cmpstr (rf_catalog_get_hash (old_catalog), ==, rf_catalog_get_hash (new_catalog));
}

static void
die_at_pictures (const char *stage, double fraction, void *data)
{
  if (strstr (stage, "pictures") != NULL)
    kill (getpid (), SIGKILL);
}

static void
check_old_one (Fixture *f)
{
  g_autoptr(RfWorkspace) workspace = open_fine (f->path);
  g_autoptr(GError) error = NULL;
  g_autoptr(RfCatalog) catalog = rf_workspace_load_catalog (workspace, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (rf_catalog_get_n_interactions (catalog), ==, 6);
}

static void
test_killed (Fixture *f, gconstpointer data)
{
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(GError) error = NULL;
  pid_t child = fork ();
  int status;

  if (child == 0)
    {
      RfProgress progress;

      rf_progress_init (&progress, die_at_pictures, NULL);
      rf_import_to_workspace (f->source, f->path, NULL, report, &progress, NULL);
      _exit (3);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
  check_old_one (f);
  g_assert_cmpuint (test_folder_count (f->out), ==, 3); /* what the dead one left */
  rf_import_to_workspace (f->source, f->path, NULL, report, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (test_folder_count (f->out), ==, 2); /* the next import sweeps it up */
}

static void
test_cancelled (Fixture *f, gconstpointer data)
{
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(GError) error = NULL;
  RfProgress progress;

  rf_progress_init (&progress, NULL, NULL);
  rf_progress_cancel (&progress);
  g_assert_false (rf_import_to_workspace (f->source, f->path, NULL, report, &progress, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CANCELLED);
  check_old_one (f);
  g_assert_cmpuint (test_folder_count (f->out), ==, 2);
}

/* Files may not grow beyond 64 kB here: one sentence, nothing left behind, the old document untouched. */
static void
test_full_disk (Fixture *f, gconstpointer data)
{
  struct rlimit before, small;
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) rows = g_string_new ("item_id,title,description\n");
  gboolean ok;

  for (int i = 0; i < 3000; i++)
    g_string_append_printf (rows, "i%d,Title %d,A text that takes some room on the disk %d\n", i, i, i);
  test_folder_write (f->source, "items.csv", rows->str, -1);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small = before;
  small.rlim_cur = 65536;
  signal (SIGXFSZ, SIG_IGN);
  setrlimit (RLIMIT_FSIZE, &small);
  ok = rf_import_to_workspace (f->source, f->path, NULL, report, NULL, &error);
  setrlimit (RLIMIT_FSIZE, &before);
  g_assert_false (ok);
  g_assert_error (error, RF_ERROR, RF_ERROR_IO);
  g_assert_nonnull (strstr (error->message, "a.refract"));
  g_assert_null (strstr (error->message, "part"));
  g_assert_cmpuint (test_folder_count (f->out), ==, 2);
  check_old_one (f);
}

/* A document that somebody has open is not pulled away from under them; a damaged one may be replaced. */
static void
test_replace (Fixture *f, gconstpointer data)
{
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(GError) error = NULL;
  gsize length;
  g_autofree char *whole = NULL;

  {
    g_autoptr(RfWorkspace) workspace = open_fine (f->path);
    g_autoptr(GBytes) bytes = g_bytes_new_static ("x", 1);

    g_assert_true (rf_workspace_save_blob (workspace, "b", "k", bytes, &error));
    g_assert_false (rf_import_to_workspace (f->source, f->path, NULL, report, NULL, &error));
    g_assert_error (error, RF_ERROR, RF_ERROR_IO);
    g_assert_nonnull (strstr (error->message, "open"));
    g_clear_error (&error);
  }
  whole = test_folder_read (f->out, "a.refract", &length);
  test_folder_write (f->out, "a.refract", whole, (gssize) length / 2);
  g_assert_true (rf_import_to_workspace (f->source, f->path, NULL, report, NULL, &error));
  g_assert_no_error (error);
  check_old_one (f);
}

#define ADD(name, func) g_test_add ("/workspace/" name, Fixture, NULL, set_up, func, tear_down)

/* Is the file locked by another process than the one that asks? Asked in a child: a process does not see its own locks. */
static gboolean
is_locked (const char *path)
{
  pid_t child = fork ();
  int status;

  if (child == 0)
    {
      /* The bytes on which SQLite keeps its shared locks. */
      struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0x40000002, .l_len = 510 };
      int file = open (path, O_RDWR);

      _exit (file >= 0 && fcntl (file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? 0 : 1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

/* A second handle that comes and goes, as in every job, leaves the first one its lock: without it another program that reads the document would
 * think itself alone and remove the log. */
static void
test_second_handle_keeps_the_lock (Fixture *f, gconstpointer data)
{
  g_autoptr(RfWorkspace) first = open_fine (f->path), second = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(RfCatalog) catalog = rf_workspace_load_catalog (first, &error);

  g_assert_no_error (error);
  g_assert_true (is_locked (f->path));
  second = open_fine (f->path);
  g_clear_pointer (&second, rf_workspace_close);
  g_assert_true (rf_workspace_is_document (f->path));
  g_assert_true (is_locked (f->path));
}

static gsize
size_of_log (const char *path)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  GStatBuf info;

  return g_stat (log, &info) == 0 ? (gsize) info.st_size : 0;
}

/* Another program reads the document while it is written and closes it last: what it does not know, the seals, it must not take away. */
static void
test_foreign_reader (Fixture *f, gconstpointer data)
{
  RfWorkspace *workspace;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) notes = NULL;
  sqlite3 *reader = NULL;

  g_assert_cmpint (sqlite3_open_v2 (f->path, &reader, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (reader, "SELECT count(*) FROM item", NULL, NULL, NULL), ==, SQLITE_OK);
  workspace = open_fine (f->path);
  rf_workspace_save_note (workspace, "run", "run-1", "seen by nobody else", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (size_of_log (f->path), ==, 0); /* nor would a crash leave one */
  /* In the middle of reading: nobody waits for it. */
  g_assert_cmpint (sqlite3_exec (reader, "BEGIN; SELECT count(*) FROM item", NULL, NULL, NULL), ==, SQLITE_OK);
  rf_workspace_save_note (workspace, "run", "run-1", "seen by all", &error);
  g_assert_no_error (error);
  g_assert_cmpint (sqlite3_exec (reader, "COMMIT", NULL, NULL, NULL), ==, SQLITE_OK);
  rf_workspace_close (workspace);
  g_assert_cmpuint (size_of_log (f->path), ==, 0);
  g_assert_cmpint (sqlite3_close (reader), ==, SQLITE_OK);
  workspace = open_fine (f->path);
  notes = rf_workspace_list_notes (workspace, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (rf_notes_find (notes, "run", "run-1"), ==, "seen by all");
  rf_workspace_close (workspace);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("second-handle", test_second_handle_keeps_the_lock);
  ADD ("catalog", test_catalog);
  ADD ("hash", test_hash);
  ADD ("matrices", test_matrices);
  ADD ("blobs", test_blobs);
  ADD ("runs", test_runs);
  ADD ("refuses-strangers", test_refuses_strangers);
  ADD ("refuses-newer", test_refuses_newer);
  ADD ("damage", test_damage);
  ADD ("edited", test_edited);
  ADD ("other-program", test_other_program);
  ADD ("format-1", test_format_1);
  ADD ("killed", test_killed);
  ADD ("cancelled", test_cancelled);
  ADD ("full-disk", test_full_disk);
  ADD ("replace", test_replace);
  ADD ("foreign-reader", test_foreign_reader);
  return g_test_run ();
}
