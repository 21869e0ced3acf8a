/* test-flips.c: a document in which one byte is wrong. For FAULT_FLIPS (default 300) random places: opening or reading says so, or
 * everything that is read equals the original. Never a crash, never a number that was not there. The table says how it ended.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-linalg.h"
#include "core/base/rf-rng.h"
#include "core/catalog/rf-importer.h"
#include "core/catalog/rf-sample.h"
#include "core/catalog/rf-workspace-private.h"
#include "core/train/rf-trainer.h"
#include "tests/support/folder.h"

#define DEFAULT_FLIPS 300
#define ITEMS         60

static char *folder;

static void
add_bytes (GChecksum *sum, const void *bytes, gsize size)
{
  g_checksum_update (sum, (const guchar *) &size, sizeof size);
  if (size > 0)
    g_checksum_update (sum, bytes, (gssize) size);
}

static void
add_text (GChecksum *sum, const char *text)
{
  add_bytes (sum, text, strlen (text));
}

static gboolean
add_gbytes (GChecksum *sum, GBytes *bytes)
{
  if (bytes != NULL)
    add_bytes (sum, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_clear_pointer (&bytes, g_bytes_unref);
  return TRUE;
}

static gboolean
read_pictures (RfWorkspace *workspace, GChecksum *sum, GError **error)
{
  g_autoptr(GError) failed = NULL;

  for (guint32 i = 0; i < ITEMS && failed == NULL; i++)
    add_gbytes (sum, rf_workspace_load_picture (workspace, i, &failed));
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

static gboolean
read_report (RfWorkspace *workspace, GChecksum *sum, GError **error)
{
  g_autoptr(RfImportReport) report = rf_workspace_load_report (workspace, error);
  g_autofree char *csv = report ? rf_import_report_to_csv (report) : NULL;

  if (report == NULL)
    return FALSE;
  add_text (sum, csv);
  return TRUE;
}

static gboolean
read_runs (RfWorkspace *workspace, GChecksum *sum, GError **error)
{
  g_autoptr(GPtrArray) runs = rf_workspace_list_runs (workspace, error);

  for (guint r = 0; runs != NULL && r < runs->len; r++)
    {
      const RfRun *run = runs->pdata[r];
      g_autoptr(GBytes) model = rf_workspace_load_model (workspace, run->id, error);

      if (model == NULL)
        return FALSE;
      add_bytes (sum, g_bytes_get_data (model, NULL), g_bytes_get_size (model));
      add_text (sum, run->config);
      add_text (sum, run->result_json);
      add_text (sum, run->data_hash);
      add_bytes (sum, &run->created, sizeof run->created);
    }
  return runs != NULL;
}

static gboolean
read_matrices (RfWorkspace *workspace, GChecksum *sum, GError **error)
{
  static const char *const names[] = { "ready", "other" };

  for (gsize n = 0; n < G_N_ELEMENTS (names); n++)
    {
      g_autofree guint8 *available = NULL;
      g_autoptr(GError) failed = NULL;
      g_autoptr(RfMatrix) x = rf_workspace_load_matrix (workspace, names[n], "v1", &available, &failed);

      if (failed != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&failed));
          return FALSE;
        }
      add_text (sum, x ? "there" : "missing");
      if (x != NULL)
        {
          add_bytes (sum, x->x, x->rows * x->cols * sizeof (float));
          add_bytes (sum, available, x->rows);
        }
    }
  return TRUE;
}

/* Everything that there is, as one sum; NULL with an error. *opened: the document could at least be opened. */
static char *
read_all (const char *path, gboolean *opened, GError **error)
{
  g_autoptr(RfWorkspace) workspace = rf_workspace_open (path, error);
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr(RfCatalog) catalog = NULL;

  *opened = workspace != NULL;
  catalog = workspace ? rf_workspace_load_catalog (workspace, error) : NULL;
  if (catalog == NULL)
    return NULL;
  add_text (sum, rf_catalog_get_hash (catalog));
  if (!read_pictures (workspace, sum, error) || !read_report (workspace, sum, error) || !read_runs (workspace, sum, error) || !read_matrices (workspace, sum, error))
    return NULL;
  return g_strdup (g_checksum_get_string (sum));
}

static char *
make_document (void)
{
  const RfSampleOptions sample = { 7, 40, ITEMS };
  g_autofree char *source = g_build_filename (folder, "source", NULL), *path = g_build_filename (folder, "a.refract", NULL);
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(RfConfig) config = rf_config_new ();
  g_autoptr(RfMatrix) x = rf_matrix_new (ITEMS, 9);
  g_autofree guint8 *available = g_malloc0 (ITEMS);
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(GError) error = NULL;

  rf_sample_write (source, &sample, NULL, NULL, &error);
  g_assert_no_error (error);
  rf_import_to_workspace (source, path, NULL, report, NULL, &error);
  g_assert_no_error (error);
  workspace = rf_workspace_open (path, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < ITEMS * 9; i++)
    x->x[i] = (float) i;
  g_assert_true (rf_workspace_save_matrix (workspace, "ready", "v1", x, available, &error));
  rf_run_free (rf_train (workspace, config, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  return g_steal_pointer (&path);
}

typedef enum
{
  REFUSED, /* opening said it */
  TOLD,    /* reading said it */
  EQUAL,   /* everything as it was */
  WRONG,   /* something else came out */
} Outcome;

static Outcome
flip (const char *whole, gsize length, gsize at, guint8 bits, const char *expected)
{
  g_autofree char *hurt = g_memdup2 (whole, length), *path = g_build_filename (folder, "hurt.refract", NULL), *got = NULL;
  g_autoptr(GError) error = NULL;
  gboolean opened;

  hurt[at] ^= (char) bits;
  test_folder_write (folder, "hurt.refract", hurt, (gssize) length);
  got = read_all (path, &opened, &error);
  g_assert_true ((got == NULL) == (error != NULL));
  if (got == NULL)
    return opened ? TOLD : REFUSED;
  return strcmp (got, expected) == 0 ? EQUAL : WRONG;
}

/* large: too large to be read whole at every opening, so that reading itself has to notice. */
static void
run_flips (gboolean large)
{
  static const char *const names[] = { "refused when opened", "told when read", "read, equal to the original", "read, but WRONG" };
  const char *wanted = g_getenv ("FAULT_FLIPS");
  guint64 n = wanted ? g_ascii_strtoull (wanted, NULL, 10) : DEFAULT_FLIPS, counts[4] = { 0 }, in_header[4] = { 0 };
  g_autofree char *path = make_document (), *expected = NULL, *whole = NULL;
  g_autoptr(GError) error = NULL;
  RfRng rng = rf_rng_new (11, large);
  gboolean opened;
  gsize length;

  expected = read_all (path, &opened, &error);
  g_assert_no_error (error);
  whole = test_folder_read (folder, "a.refract", &length);
  rf_workspace_set_check_limit (large ? 0 : G_MAXINT64);
  for (guint64 f = 0; f < n; f++)
    {
      gboolean header = f % 10 == 0; /* the first 100 bytes would hardly be met otherwise */
      gsize at = rf_rng_below (&rng, header ? 100 : (guint32) length);
      guint8 bits = (guint8) (1 + rf_rng_below (&rng, 255));
      Outcome outcome = flip (whole, length, at, bits, expected);

      (header ? in_header : counts)[outcome]++;
      if (outcome == WRONG)
        g_test_message ("byte %" G_GSIZE_FORMAT " ^ %u", at, bits);
    }
  g_test_message ("%" G_GUINT64_FORMAT " single bytes of a document of %" G_GSIZE_FORMAT " bytes, %s", n, length, large ? "not checked whole when opened" : "checked whole when opened");
  g_test_message ("%-28s %10s %10s", "", "anywhere", "header");
  for (int o = 0; o < 4; o++)
    g_test_message ("%-28s %10" G_GUINT64_FORMAT " %10" G_GUINT64_FORMAT, names[o], counts[o], in_header[o]);
  rf_workspace_set_check_limit (RF_WORKSPACE_CHECK_LIMIT);
  g_assert_cmpuint (counts[WRONG] + in_header[WRONG], ==, 0);
  g_assert_cmpuint (counts[REFUSED] + counts[TOLD], >, 0);
}

static void
test_small (void)
{
  run_flips (FALSE);
}

static void
test_large (void)
{
  run_flips (TRUE);
}

int
main (int argc, char **argv)
{
  int status;

  rf_linalg_init ();
  g_test_init (&argc, &argv, NULL);
  folder = test_folder_new ();
  g_test_add_func ("/flips/checked-at-opening", test_small);
  g_test_add_func ("/flips/checked-when-read", test_large);
  status = g_test_run ();
  test_folder_remove (folder);
  return status;
}
