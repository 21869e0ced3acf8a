/* rf-import-files.c: what lies in a source: pictures, tables by pattern, ready feature matrices.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-npy.h"
#include "core/catalog/importers/rf-import-table.h"

GHashTable *
rf_import_list_pictures (const char *source, const char *folder)
{
  static const char *const endings[] = { "jpg", "jpeg", "png", "webp", "gif", NULL };
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *path = g_build_filename (source, folder, NULL);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)) != NULL)
    {
      const char *dot = strrchr (name, '.');
      g_autofree char *ending = dot ? g_ascii_strdown (dot + 1, -1) : NULL;

      if (dot && g_utf8_validate (name, -1, NULL) && g_strv_contains (endings, ending))
        g_hash_table_insert (table, g_strndup (name, (gsize) (dot - name)), g_strconcat (folder, "/", name, NULL));
    }
  return table;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
rf_import_find_files (const char *source, const char *pattern)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPatternSpec) spec = g_pattern_spec_new (pattern);
  g_autoptr(GDir) dir = g_dir_open (source, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (source, name, NULL);

      if (g_utf8_validate (name, -1, NULL) && g_pattern_spec_match_string (spec, name) && g_file_test (path, G_FILE_TEST_IS_REGULAR))
        g_ptr_array_add (found, g_strdup (name));
    }
  g_ptr_array_sort (found, compare_names);
  return found;
}

char *
rf_import_find_file (const char *source, const char *pattern)
{
  g_autoptr(GPtrArray) found = rf_import_find_files (source, pattern);

  return found->len > 0 ? g_strdup (g_ptr_array_index (found, 0)) : NULL;
}

gboolean
rf_import_missing (const RfImportContext *context, const char *what, GError **error)
{
  g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("There is no %s in %s; the README says what each format needs."), what, context->source);
  return FALSE;
}

char *
rf_import_first_line (const char *source, const char *file)
{
  g_autofree char *path = g_build_filename (source, file, NULL);
  char *start = rf_text_file_peek (path, 4096);

  if (start != NULL)
    start[strcspn (start, "\r\n")] = '\0';
  return start;
}

/* "trailer_feat.npy" -> "trailer" */
static char *
modality_name (const char *file)
{
  static const char *const tails[] = { "_feat", "_feature", "_features", "_emb", "_embedding", "_embeddings" };
  char *name = g_strndup (file, strlen (file) - strlen (".npy"));

  for (gsize t = 0; t < G_N_ELEMENTS (tails); t++)
    if (g_str_has_suffix (name, tails[t]) && strlen (name) > strlen (tails[t]))
      {
        name[strlen (name) - strlen (tails[t])] = '\0';
        break;
      }
  return name;
}

static void
take_rows (const RfImportContext *context, const char *file, const RfMatrix *all, const guint32 *row_of_item)
{
  guint32 n_items = rf_catalog_builder_get_n_items (context->builder);
  RfMatrix *x = rf_matrix_new (n_items, all->cols);
  guint8 *available = g_malloc0 (MAX (n_items, 1));
  g_autofree char *name = modality_name (file);
  gsize n_odd = 0;

  for (guint32 i = 0; i < n_items; i++)
    {
      guint32 row = row_of_item != NULL ? row_of_item[i] : i;
      gboolean finite = TRUE;

      if (row >= all->rows)
        continue;
      for (gsize c = 0; c < all->cols; c++)
        {
          float value = rf_matrix_row (all, row)[c];

          finite = finite && isfinite (value);
          available[i] |= value != 0;
        }
      if (!finite)
        {
          available[i] = 0;
          n_odd++;
        }
      if (available[i])
        memcpy (rf_matrix_row (x, i), rf_matrix_row (all, row), all->cols * sizeof (float));
    }
  if (n_odd > 0)
    rf_import_report_add (context->report, file, 0, 0, "features-not-finite", RF_IMPORT_REPAIRED, _("%zu rows hold NaN or infinity; these items count as without “%s”."), n_odd, name);
  rf_catalog_builder_take_matrix (context->builder, name, x, available);
}

/* The list of ids beside "trailer_feat.npy": "trailer_feat_ids.txt" or "trailer_feat.ids", an id a line, in the order of the rows. NULL: none. */
static char *
find_id_list (const RfImportContext *context, const char *file)
{
  g_autofree char *stem = g_strndup (file, strlen (file) - strlen (".npy"));
  char *names[] = { g_strconcat (stem, "_ids.txt", NULL), g_strconcat (stem, ".ids", NULL) }, *found = NULL;

  for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
    {
      g_autofree char *path = g_build_filename (context->source, names[k], NULL);

      if (found == NULL && g_file_test (path, G_FILE_TEST_IS_REGULAR))
        found = g_steal_pointer (&names[k]);
      g_free (names[k]);
    }
  return found;
}

/* The row of every item by the list; *n_rows: how long it is. NULL: it cannot be read, which is told. */
static guint32 *
rows_by_list (const RfImportContext *context, const char *list, gsize *n_rows)
{
  guint32 n_items = rf_catalog_builder_get_n_items (context->builder);
  g_autofree char *path = g_build_filename (context->source, list, NULL);
  g_autofree guint32 *row = NULL;
  g_autoptr(GError) error = NULL;
  gsize n_unknown = 0;
  RfTextFile text;

  *n_rows = 0;
  if (!rf_text_file_open (&text, path, list, context->report, &error))
    {
      rf_import_report_add (context->report, list, 0, 0, "features-unreadable", RF_IMPORT_DROPPED, "%s", error->message);
      return NULL;
    }
  row = g_new (guint32, (gsize) n_items + 1);
  memset (row, 0xff, ((gsize) n_items + 1) * sizeof *row); /* RF_NO_INDEX: no row */
  for (const char *at = text.text, *end = text.text + text.size; at < end;)
    {
      const char *stop = memchr (at, '\n', (gsize) (end - at));
      g_autofree char *id = g_strstrip (g_strndup (at, (gsize) ((stop ? stop : end) - at)));
      guint32 item = rf_id_map_find (rf_catalog_builder_get_items (context->builder), id, strlen (id));

      if (item == RF_NO_INDEX)
        n_unknown++;
      else if (row[item] == RF_NO_INDEX)
        row[item] = (guint32) *n_rows;
      (*n_rows)++;
      at = stop ? stop + 1 : end;
    }
  rf_text_file_close (&text);
  if (n_unknown > 0)
    rf_import_report_add (context->report, list, 0, 0, "features-unknown-ids", RF_IMPORT_DROPPED, _("%zu of %zu ids are of no item of this catalog; their rows were left out."), n_unknown, *n_rows);
  return g_steal_pointer (&row);
}

void
rf_import_read_matrices (const RfImportContext *context, const guint32 *row_of_item, gsize n_rows)
{
  g_autoptr(GPtrArray) files = rf_import_find_files (context->source, "*.npy");

  if (context->preview != NULL)
    return;
  for (guint f = 0; f < files->len; f++)
    {
      const char *file = g_ptr_array_index (files, f);
      g_autofree char *path = g_build_filename (context->source, file, NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(RfNpy) npy = rf_npy_open (path, &error);
      g_autofree char *list = find_id_list (context, file);
      g_autofree guint32 *listed = NULL;
      gsize n_expected = n_rows;
      g_autoptr(RfMatrix) all = NULL;

      if (npy == NULL)
        {
          rf_import_report_add (context->report, file, 0, 0, "features-unreadable", RF_IMPORT_DROPPED, "%s", error->message);
          continue;
        }
      if (list != NULL && (listed = rows_by_list (context, list, &n_expected)) == NULL)
        continue;
      if (npy->n_dims != 2 || npy->shape[0] != n_expected || npy->shape[1] < 1)
        {
          rf_import_report_add (context->report, file, 0, 0, "features-shape", RF_IMPORT_DROPPED,
                                list ? _("The file has %zu rows, its list %zu ids: it is not known which row is which item, so it was left out.")
                                     : _("The file has %zu rows, the catalog %zu items: it is not known which row is which item, so it was left out."),
                                npy->n_dims > 0 ? npy->shape[0] : 0, n_expected);
          continue;
        }
      all = rf_npy_to_matrix (npy);
      take_rows (context, file, all, listed ? listed : row_of_item);
    }
}
