/* rf-truth.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/explain/rf-truth.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/catalog/rf-csv.h"

static int
find_column (const RfCsvReader *header, const char *name)
{
  for (guint c = 0; c < header->n_fields; c++)
    if (header->fields[c].length == strlen (name) && strncmp (header->fields[c].text, name, header->fields[c].length) == 0)
      return (int) c;
  return -1;
}

static char *
dup_field (const RfCsvReader *reader, int column)
{
  return column >= 0 && (guint) column < reader->n_fields ? g_strndup (reader->fields[column].text, reader->fields[column].length) : g_strdup ("");
}

int *
rf_truth_load (const char *path, const RfCatalog *catalog, const RfModel *model, GError **error)
{
  guint32 n = rf_catalog_get_n_users (catalog);
  g_autofree char *text = NULL;
  g_autofree int *truth = g_new (int, n + 1);
  RfCsvDialect dialect;
  RfCsvReader reader;
  int kind, id, driver;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  for (guint32 u = 0; u < n; u++)
    truth[u] = -1;
  dialect = rf_csv_sniff (text, length);
  rf_csv_reader_init (&reader, text, length, &dialect);
  kind = id = driver = -1;
  if (rf_csv_reader_next (&reader))
    {
      kind = find_column (&reader, "kind");
      id = find_column (&reader, "id");
      driver = find_column (&reader, "driver");
    }
  while (kind >= 0 && id >= 0 && driver >= 0 && rf_csv_reader_next (&reader))
    {
      g_autofree char *what = dup_field (&reader, kind), *user_id = dup_field (&reader, id), *name = dup_field (&reader, driver);
      guint32 user = strcmp (what, "user") == 0 ? rf_catalog_find_user (catalog, user_id) : RF_NO_INDEX;

      for (guint m = 0; user != RF_NO_INDEX && m < model->n_modalities; m++)
        if (strcmp (model->names[m], name) == 0)
          truth[user] = (int) m;
    }
  rf_csv_reader_clear (&reader);
  if (kind < 0 || id < 0 || driver < 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("%s is no truth.csv: it lacks the columns kind, id and driver."), path);
      return NULL;
    }
  return g_steal_pointer (&truth);
}
