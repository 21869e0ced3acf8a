/* fuzz-workspace.c: a document with anything in it: refused with a sentence, or read whole.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/catalog/rf-importer.h"
#include "core/catalog/rf-workspace.h"
#include "tests/support/folder.h"

static const char *const words[] = { "SQLite format 3", "CREATE TABLE ", "interaction", "matrix:", "model:", "run-", "PRAGMA ", "RFRT", NULL };

static void
drop (GBytes *bytes)
{
  g_clear_pointer (&bytes, g_bytes_unref);
}

static void
read_runs (RfWorkspace *workspace)
{
  g_autoptr(GPtrArray) runs = rf_workspace_list_runs (workspace, NULL);

  for (guint r = 0; runs != NULL && r < runs->len; r++)
    {
      const RfRun *run = runs->pdata[r];
      g_autoptr(GBytes) model = rf_workspace_load_model (workspace, run->id, NULL);

      fuzz_use ((double) (strlen (run->config) + strlen (run->result_json) + (model ? g_bytes_get_size (model) : 0)));
    }
}

static void
read_data (RfWorkspace *workspace)
{
  g_auto(GStrv) names = rf_workspace_list_imported (workspace, NULL);

  for (guint n = 0; names != NULL && names[n] != NULL; n++)
    {
      guint32 dims = 0;
      g_autofree guint8 *available = NULL;
      g_autoptr(RfMatrix) x = rf_workspace_load_matrix (workspace, names[n], RF_IMPORTED_KEY, &available, NULL);

      rf_workspace_count_imported (workspace, names[n], &dims, NULL);
      for (gsize i = 0; x != NULL && i < x->rows; i++)
        fuzz_use (available[i] + (x->cols > 0 ? (double) rf_matrix_row (x, i)[x->cols - 1] : 0));
    }
  drop (rf_workspace_load_blob (workspace, "words", "v1", NULL));
}

static void
run (const guint8 *data, gsize size)
{
  const char *path = fuzz_file ("a.refract", data, size);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL), *shm = g_strconcat (path, "-shm", NULL);
  g_autoptr(GError) error = NULL, other = NULL;
  RfWorkspace *workspace = rf_workspace_open (path, &error);

  g_assert_true ((workspace == NULL) == (error != NULL));
  if (workspace != NULL)
    {
      g_autoptr(RfCatalog) catalog = rf_workspace_load_catalog (workspace, &other);
      g_autoptr(RfImportReport) report = rf_workspace_load_report (workspace, NULL);

      g_assert_true ((catalog == NULL) == (other != NULL));
      for (guint32 i = 0; catalog != NULL && i < MIN (rf_catalog_get_n_items (catalog), 10); i++)
        drop (rf_workspace_load_picture (workspace, i, NULL));
      read_data (workspace);
      read_runs (workspace);
      rf_workspace_close (workspace);
    }
  g_remove (wal);
  g_remove (shm);
}

static GBytes *
make_document (gboolean full)
{
  g_autofree char *folder = test_folder_new (), *path = g_build_filename (folder, "a.refract", NULL), *data = NULL;
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(RfMatrix) x = rf_matrix_new (4, 3);
  g_autoptr(GBytes) bytes = g_bytes_new_static ("{}", 2);
  RfRun wanted = { NULL, 1, (char *) "seed=1\n", (char *) "d", (char *) "s", (char *) "{\"metrics\": {}}" };
  RfWorkspace *workspace;
  gsize size;

  test_folder_fill (folder);
  g_assert_true (rf_import_to_workspace (folder, path, NULL, report, NULL, NULL));
  workspace = rf_workspace_open (path, NULL);
  g_assert_nonnull (workspace);
  if (full)
    {
      g_assert_true (rf_workspace_save_matrix (workspace, "trailer", RF_IMPORTED_KEY, x, (const guint8 *) "\1\1\0\1", NULL));
      g_assert_true (rf_workspace_save_blob (workspace, "words", "v1", bytes, NULL));
      g_assert_true (rf_workspace_save_run (workspace, &wanted, bytes, NULL));
      g_free (wanted.id);
    }
  rf_workspace_close (workspace);
  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  test_folder_remove (g_steal_pointer (&folder));
  return g_bytes_new (data, size);
}

static GBytes *
seed (guint index)
{
  if (index < 2)
    return make_document (index == 1);
  return index == 2 ? g_bytes_new_static ("not a database at all", 21) : NULL;
}

const FuzzTarget fuzz_target = { "workspace", run, seed, words };
