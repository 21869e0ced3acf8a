/* rf-import-movielens.c: the three shapes MovieLens comes in.
 *   latest: ratings.csv (userId,movieId,rating,timestamp), movies.csv (movieId,title,genres)
 *   1m:     ratings.dat (user::movie::rating::timestamp), movies.dat (movie::title::genres), Latin-1
 *   100k:   u.data (TAB), u.item (| between, Latin-1; 19 columns of genres from the sixth on)
 * None has texts or pictures; posters/ or images/ beside the tables are taken when they are named after the movies.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/catalog/importers/rf-import-preview-private.h"
#include "core/catalog/importers/rf-import-table.h"
#include "core/catalog/importers/rf-import-users.h"
#include "core/catalog/importers/rf-importers.h"

#define FIRST_GENRE 5
#define N_GENRES    19

static const RfCsvDialect tab = { '\t', 0, '\n', NULL }, bar = { '|', 0, '\n', NULL }, colons = { 0, 0, '\n', "::" }, comma = { ',', '"', '\n', NULL };

static GHashTable *
list_pictures (const char *source)
{
  g_autofree char *posters = g_build_filename (source, "posters", NULL);

  return rf_import_list_pictures (source, g_file_test (posters, G_FILE_TEST_IS_DIR) ? "posters" : "images");
}

static char *
probe_files (const char *folder, const char *file, const char *ratings, const char *movies, const char *what)
{
  g_autofree char *a = g_build_filename (folder, ratings, NULL), *b = g_build_filename (folder, movies, NULL);

  if ((file != NULL && strcmp (file, ratings) != 0) || !g_file_test (a, G_FILE_TEST_IS_REGULAR) || !g_file_test (b, G_FILE_TEST_IS_REGULAR))
    return NULL;
  return g_strdup_printf (_("looks like %s: %s and %s"), what, ratings, movies);
}

static gboolean
read_ratings (const RfImportContext *context, const char *file, const RfCsvDialect *dialect, gboolean has_header, GError **error)
{
  g_autoptr(RfInteractionReader) reader = rf_interaction_reader_new (context->builder, TRUE, context->report);
  g_auto(RfImportTable) table = { 0 };

  if (!rf_import_table_open (&table, context, file, dialect, has_header, error) ||
      (has_header && !rf_import_table_find_roles (&table, rf_interaction_roles, RF_N_INTERACTION_ROLES, 2, error)))
    return FALSE;
  for (int c = 0; c < 4 && !has_header; c++)
    table.column[c] = c; /* user, item, rating, timestamp: the order of the roles */
  table.n_columns = 4;
  if (!rf_import_table_read_interactions (&table, reader, -1, error))
    return FALSE;
  rf_interaction_reader_finish (reader);
  return TRUE;
}

static gboolean
read_movies (const RfImportContext *context, const char *file, const RfCsvDialect *dialect, gboolean has_header, GError **error)
{
  g_autoptr(GHashTable) pictures = list_pictures (context->source);
  g_auto(RfImportTable) table = { 0 };

  if (!rf_import_table_open (&table, context, file, dialect, has_header, error) ||
      (has_header && !rf_import_table_find_roles (&table, rf_item_roles, RF_N_ITEM_ROLES, 1, error)))
    return FALSE;
  if (!has_header)
    {
      table.column[RF_ITEM_ID] = 0;
      table.column[RF_ITEM_TITLE] = 1;
      table.column[RF_ITEM_CATEGORY] = 2;
      table.n_columns = 3;
    }
  return rf_import_table_read_items (&table, pictures, error);
}

static char *
probe_latest (const char *folder, const char *file)
{
  return probe_files (folder, file, "ratings.csv", "movies.csv", "MovieLens (latest)");
}

static gboolean
read_latest (const RfImportContext *context, const char *file, GError **error)
{
  return read_movies (context, "movies.csv", &comma, TRUE, error) && read_ratings (context, "ratings.csv", &comma, TRUE, error);
}

static char *
probe_1m (const char *folder, const char *file)
{
  return probe_files (folder, file, "ratings.dat", "movies.dat", "MovieLens 1M");
}

/* A table of users that may be missing. */
static gboolean
read_users (const RfImportContext *context, const char *file, const RfCsvDialect *dialect, const char *const *names, GError **error)
{
  g_autofree char *path = g_build_filename (context->source, file, NULL);

  return !g_file_test (path, G_FILE_TEST_IS_REGULAR) || rf_import_read_users (context, file, dialect, names, error);
}

static gboolean
read_1m (const RfImportContext *context, const char *file, GError **error)
{
  static const char *const names[] = { "user_id", "gender", "age", "occupation", "zip_code", NULL };

  return read_movies (context, "movies.dat", &colons, FALSE, error) && read_ratings (context, "ratings.dat", &colons, FALSE, error) &&
         read_users (context, "users.dat", &colons, names, error);
}

static char *
probe_100k (const char *folder, const char *file)
{
  return probe_files (folder, file, "u.data", "u.item", "MovieLens 100k");
}

/* u.genre: "Action|1" a line; the names of the flags. */
static char **
read_genres (const RfImportContext *context)
{
  g_autofree char *path = g_build_filename (context->source, "u.genre", NULL), *text = rf_text_file_peek (path, 4096);
  char **names = g_new0 (char *, N_GENRES + 1);
  g_auto(GStrv) lines = text ? g_strsplit (text, "\n", -1) : NULL;

  for (int g = 0; g < N_GENRES; g++)
    names[g] = g_strdup_printf ("genre %d", g);
  for (guint l = 0; lines != NULL && lines[l] != NULL; l++)
    {
      char *end = strchr (lines[l], '|');
      guint64 number;

      if (end == NULL || !g_ascii_string_to_unsigned (g_strstrip (end + 1), 10, 0, N_GENRES - 1, &number, NULL))
        continue;
      g_free (names[number]);
      names[number] = g_strndup (lines[l], (gsize) (end - lines[l]));
    }
  return names;
}

static gboolean
read_100k_items (const RfImportContext *context, GError **error)
{
  g_autoptr(GHashTable) pictures = list_pictures (context->source);
  g_auto(GStrv) genres = read_genres (context);
  g_auto(RfImportTable) table = { 0 };
  GError *stopped = NULL;

  if (!rf_import_table_open (&table, context, "u.item", &bar, FALSE, error))
    return FALSE;
  if (context->preview != NULL)
    {
      table.column[RF_ITEM_ID] = 0;
      table.column[RF_ITEM_TITLE] = 1;
      rf_import_preview_add_table (context->preview, &table, RF_PREVIEW_ITEMS);
      return TRUE;
    }
  while (rf_import_table_next (&table, &stopped))
    {
      const RfCsvReader *r = &table.reader;
      RfImportItem item = { .id = r->fields[0], .file = table.file, .line = r->line, .row = rf_import_table_row (&table) };
      g_autoptr(GString) category = g_string_new (NULL);

      for (guint g = 0; g < N_GENRES && FIRST_GENRE + g < r->n_fields; g++)
        if (r->fields[FIRST_GENRE + g].length == 1 && r->fields[FIRST_GENRE + g].text[0] == '1')
          g_string_append_printf (category, "%s%s", category->len ? "|" : "", genres[g]);
      if (r->n_fields > 1)
        item.text[RF_ITEM_TITLE] = r->fields[1];
      item.text[RF_ITEM_CATEGORY] = (RfCsvField) { category->str, category->len };
      rf_import_add_item (context, &item, pictures);
    }
  if (stopped != NULL)
    g_propagate_error (error, stopped);
  return stopped == NULL;
}

static gboolean
read_100k (const RfImportContext *context, const char *file, GError **error)
{
  static const char *const names[] = { "user_id", "age", "gender", "occupation", "zip_code", NULL };

  return read_100k_items (context, error) && read_ratings (context, "u.data", &tab, FALSE, error) && read_users (context, "u.user", &bar, names, error);
}

const RfImporter rf_importer_movielens_latest = {
  .name = "movielens-latest",
  .title = N_("MovieLens latest: ratings.csv and movies.csv"),
  .probe = probe_latest,
  .read = read_latest,
};

const RfImporter rf_importer_movielens_1m = {
  .name = "movielens-1m",
  .title = N_("MovieLens 1M: ratings.dat and movies.dat"),
  .probe = probe_1m,
  .read = read_1m,
};

const RfImporter rf_importer_movielens_100k = {
  .name = "movielens-100k",
  .title = N_("MovieLens 100k: u.data and u.item"),
  .probe = probe_100k,
  .read = read_100k,
};
