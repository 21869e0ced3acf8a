/* fuzz-support.c: what the targets share.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/catalog/rf-importer.h"
#include "tests/support/folder.h"

static char *folder;
static pid_t owner;

static void
remove_folder (void)
{
  if (folder != NULL && getpid () == owner)
    test_folder_remove (g_steal_pointer (&folder));
}

const char *
fuzz_folder (void)
{
  if (folder == NULL)
    {
      folder = test_folder_new ();
      owner = getpid ();
      atexit (remove_folder);
    }
  return folder;
}

const char *
fuzz_file (const char *name, const guint8 *data, gsize size)
{
  static char *path;
  FILE *file;

  g_free (path);
  path = g_build_filename (fuzz_folder (), name, NULL);
  file = g_fopen (path, "wb");
  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (data, 1, size, file), ==, size);
  g_assert_cmpint (fclose (file), ==, 0);
  return path;
}

/* Everything a catalog promises. */
static void
check_catalog (const RfCatalog *catalog)
{
  const RfInteractions *x = rf_catalog_get_interactions (catalog);

  for (gsize e = 0; e < x->n; e++)
    {
      g_assert_cmpuint (x->user[e], <, rf_catalog_get_n_users (catalog));
      g_assert_cmpuint (x->item[e], <, rf_catalog_get_n_items (catalog));
    }
  for (guint32 i = 0; i < rf_catalog_get_n_items (catalog); i++)
    {
      g_assert_true (g_utf8_validate (rf_catalog_get_item_id (catalog, i), -1, NULL));
      g_assert_true (g_utf8_validate (rf_catalog_get_item_title (catalog, i), -1, NULL));
      g_assert_true (g_utf8_validate (rf_catalog_get_item_description (catalog, i), -1, NULL));
      g_assert_cmpuint (rf_catalog_find_item (catalog, rf_catalog_get_item_id (catalog, i)), ==, i);
    }
  for (guint32 u = 0; u < rf_catalog_get_n_users (catalog); u++)
    g_assert_true (g_utf8_validate (rf_catalog_get_user_id (catalog, u), -1, NULL));
  g_assert_cmpuint (strlen (rf_catalog_get_hash (catalog)), ==, 64);
}

void
fuzz_import (const char *format, const char *const *names, const guint8 *data, gsize size)
{
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(RfCatalog) catalog = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *problems = NULL;
  RfImportOptions options = { .format = format };
  gsize at = 0;

  for (guint n = 0; names[n] != NULL; n++)
    {
      const guint8 *end = at < size && names[n + 1] != NULL ? memchr (data + at, 0x1e, size - at) : NULL;
      gsize length = end ? (gsize) (end - (data + at)) : size - at;

      fuzz_file (names[n], data + at, length);
      at = MIN (size, at + length + 1);
    }
  catalog = rf_import_catalog (fuzz_folder (), &options, report, NULL, &error);
  g_assert_true ((catalog == NULL) == (error != NULL));
  if (catalog != NULL)
    check_catalog (catalog);
  problems = rf_import_report_to_csv (report);
  g_assert_true (g_utf8_validate (problems, -1, NULL));
}

GBytes *
fuzz_text_seed (const char *const *texts, guint n_texts, guint index)
{
  return index < n_texts ? g_bytes_new (texts[index], strlen (texts[index])) : NULL;
}

char *
fuzz_string (const guint8 *data, gsize size)
{
  char *text = g_malloc (size + 1);

  memcpy (text, data, size);
  text[size] = '\0';
  return text;
}

void
fuzz_use (double value)
{
  static volatile double sink;

  sink = value;
  (void) sink;
}
