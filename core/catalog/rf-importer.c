/* rf-importer.c: finds the importer, checks and decodes the pictures, writes the workspace.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/catalog/rf-importer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "core/base/rf-error.h"
#include "core/base/rf-parallel.h"
#include "core/catalog/importers/rf-importers.h"
#include "core/catalog/rf-picture.h"
#include "core/catalog/rf-workspace-private.h"

#define DEFAULT_PIXELS    64000000
#define DEFAULT_THUMBNAIL 128
#define BATCH             512 /* pictures in memory at a time */
#define LOOKED_AT         1000 /* names of a folder that is no catalog */

static const RfImporter *const importers[] = {
  &rf_importer_folder,
  &rf_importer_mmrec,
  &rf_importer_recbole,
  &rf_importer_movielens_latest,
  &rf_importer_movielens_1m,
  &rf_importer_movielens_100k,
  &rf_importer_amazon,
  &rf_importer_microlens,
  &rf_importer_cornac,
  NULL
};

const RfImporter *const *
rf_importers_get_all (void)
{
  return importers;
}

gboolean
rf_import_split_source (const char *source, char **folder, char **file)
{
  g_autofree char *absolute = g_canonicalize_filename (source, NULL);
  gboolean is_file = g_file_test (absolute, G_FILE_TEST_IS_REGULAR);

  *folder = is_file ? g_path_get_dirname (absolute) : g_strdup (absolute);
  *file = is_file ? g_path_get_basename (absolute) : NULL;
  return is_file || g_file_test (absolute, G_FILE_TEST_IS_DIR);
}

static char *
list_formats (void)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; importers[i]; i++)
    g_string_append_printf (out, "%s%s", i ? ", " : "", importers[i]->name);
  return g_string_free (out, FALSE);
}

/* Why a folder is no catalog, in the words of what is in it. */
static void
set_unknown_error (const char *source, const char *folder, const char *file, const char *formats, GError **error)
{
  g_autofree char *items = g_build_filename (folder, "items.csv", NULL), *interactions = g_build_filename (folder, "interactions.csv", NULL);
  g_autoptr(GDir) dir = file == NULL ? g_dir_open (folder, 0, NULL) : NULL;
  gboolean pictures = FALSE;
  const char *name;
  guint n = 0;

  for (; dir != NULL && n < LOOKED_AT && (name = g_dir_read_name (dir)) != NULL; n++)
    pictures = pictures || g_str_has_suffix (name, ".jpg") || g_str_has_suffix (name, ".jpeg") || g_str_has_suffix (name, ".png") || g_str_has_suffix (name, ".webp") ||
               g_str_has_suffix (name, ".gif") || strcmp (name, "images") == 0;
  if (dir != NULL && n == 0)
    g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("%s is empty: a catalog is a folder with items.csv (item_id, title, image …) and interactions.csv (user_id, item_id …)."), source);
  else if (dir != NULL && g_file_test (items, G_FILE_TEST_EXISTS))
    g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("%s has items.csv, but no interactions.csv: a table of who chose what (user_id, item_id) is missing."), source);
  else if (dir != NULL && g_file_test (interactions, G_FILE_TEST_EXISTS))
    g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("%s has interactions.csv, but no items.csv: a table of the items (item_id, title, image …) is missing."), source);
  else if (pictures)
    g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("%s holds pictures, but no tables: items.csv (item_id, title, image …) and interactions.csv (user_id, item_id …) are missing."), source);
  else
    g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("%s does not look like a catalog: a folder should hold items.csv and interactions.csv, or one of the formats %s."), source, formats);
}

const RfImporter *
rf_import_detect (const char *source, const char *format, char **reason, GError **error)
{
  g_autofree char *folder = NULL, *file = NULL, *formats = list_formats ();
  gboolean exists = rf_import_split_source (source, &folder, &file);

  if (reason != NULL)
    *reason = NULL;
  for (gsize i = 0; importers[i]; i++)
    {
      g_autofree char *why = format ? g_strdup (_("asked for")) : exists ? importers[i]->probe (folder, file) : NULL;

      if (why == NULL || (format && strcmp (importers[i]->name, format) != 0))
        continue;
      if (reason != NULL)
        *reason = g_steal_pointer (&why);
      return importers[i];
    }
  if (format)
    g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("There is no import format “%s”; there are: %s."), format, formats);
  else if (!exists)
    g_set_error (error, RF_ERROR, RF_ERROR_IO, _("There is no folder %s."), source);
  else
    set_unknown_error (source, folder, file, formats, error);
  return NULL;
}

/* Tables that do not fit together give a catalog without behaviour, which is told before all else (rf_import_report_get_warning()). */
static void
tell_missing_interactions (const RfCatalogBuilder *builder, RfImportReport *report)
{
  gsize n = rf_catalog_builder_get_interactions (builder)->n, unknown = rf_import_report_count_kind (report, "unknown-item");
  const char *id = rf_catalog_builder_get_n_items (builder) > 0 ? rf_catalog_builder_get_item_id (builder, 0) : "", *example = "";

  for (gsize p = 0; p < rf_import_report_get_n (report) && *example == '\0'; p++)
    if (strcmp (rf_import_report_get (report, p)->kind, "unknown-item") == 0)
      example = rf_import_report_get (report, p)->message;
  if (n == 0 && unknown > 0)
    rf_import_report_add (report, "", 0, 0, "no-match", RF_IMPORT_DROPPED,
                          _("No interaction was read: none of the %zu is of an item in the catalog, whose items are called like “%s”. %s Do both tables use the same ids?"), unknown, id, example);
  else if (unknown > n)
    rf_import_report_add (report, "", 0, 0, "few-match", RF_IMPORT_DROPPED,
                          _("Of %zu interactions, %zu are of items that are not in the catalog, whose items are called like “%s”. %s Do both tables use the same ids?"), n + unknown, unknown, id, example);
  else if (n == 0)
    rf_import_report_add (report, "", 0, 0, "no-interactions", RF_IMPORT_KEPT, _("There are no interactions: without them nothing can be trained or ranked."));
}

static RfCatalogBuilder *
read_tables (const char *source, const RfImportOptions *options, RfImportReport *report, RfProgress *progress, GError **error)
{
  g_autofree char *folder = NULL, *file = NULL, *name = NULL;
  gboolean exists = rf_import_split_source (source, &folder, &file);
  const RfImporter *importer = rf_import_detect (source, options ? options->format : NULL, NULL, error);
  g_autoptr(RfCatalogBuilder) builder = NULL;
  RfImportContext context = { .source = folder, .options = options, .report = report, .progress = progress };

  if (importer == NULL)
    return NULL;
  if (!exists)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_IO, _("There is no folder %s."), source);
      return NULL;
    }
  if (options && options->filter && !rf_filter_options_check (options->filter, error))
    return NULL;
  name = g_path_get_basename (folder);
  context.builder = builder = rf_catalog_builder_new (name, folder);
  if (!rf_progress_step (progress, _("Reading the tables"), 0, error) || !importer->read (&context, file, error))
    return NULL;
  if (options && options->unfiltered)
    *options->unfiltered = (RfImportCounts) { rf_catalog_builder_get_users (builder)->n_ids, rf_catalog_builder_get_n_items (builder), rf_catalog_builder_get_interactions (builder)->n };
  tell_missing_interactions (builder, report);
  if (options && options->filter)
    rf_catalog_filter (builder, options->filter, report);
  if (rf_catalog_builder_get_n_items (builder) == 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_DATA, _("%s has no items."), source);
      return NULL;
    }
  return g_steal_pointer (&builder);
}

/* A batch of pictures, decoded on all cores. */
typedef struct
{
  const RfCatalogBuilder *builder;
  const char *source;
  guint64 max_pixels;
  guint side;
  guint32 first;
  GBytes *jpeg[BATCH];
  RfPictureState state[BATCH];
  gboolean repaired[BATCH];
  RfPictureLook *looks; /* of all items */
} Batch;

static void
decode_pictures (size_t begin, size_t end, int worker, void *data)
{
  Batch *batch = data;

  for (size_t p = begin; p < end; p++)
    {
      const char *name = rf_catalog_builder_get_item_image (batch->builder, batch->first + (guint32) p);
      g_autofree char *path = NULL;

      batch->jpeg[p] = NULL;
      batch->state[p] = RF_PICTURE_FINE;
      batch->repaired[p] = FALSE;
      if (name[0] == '\0')
        continue;
      batch->state[p] = rf_picture_find (batch->source, name, &path, &batch->repaired[p]);
      if (batch->state[p] == RF_PICTURE_FINE)
        batch->jpeg[p] = rf_picture_load_and_look (path, batch->max_pixels, batch->side, &batch->state[p], &batch->looks[batch->first + p]);
    }
}

static const struct
{
  const char *kind, *message;
} picture_problems[] = {
  [RF_PICTURE_MISSING] = { "missing-image", N_("The picture %s is not there.") },
  [RF_PICTURE_URL] = { "image-url", N_("The picture %s is an address on a network; Refract never fetches anything.") },
  [RF_PICTURE_OUTSIDE] = { "path-outside", N_("The picture %s lies outside the catalog's folder; it was not read.") },
  [RF_PICTURE_EMPTY] = { "empty-image", N_("The picture %s is an empty file.") },
  [RF_PICTURE_NO_IMAGE] = { "not-an-image", N_("%s is not a picture.") },
  [RF_PICTURE_TOO_LARGE] = { "image-too-large", N_("The picture %s has too many pixels; it was not decoded.") },
  [RF_PICTURE_BROKEN] = { "broken-image", N_("The picture %s is broken or cut off.") },
};

static void
report_picture (const Batch *batch, guint32 item, guint at, RfImportReport *report)
{
  RfOrigin origin = rf_catalog_builder_get_origin (batch->builder, item);
  const char *file = rf_catalog_builder_get_file (batch->builder, origin.file), *name = rf_catalog_builder_get_item_image (batch->builder, item);

  if (batch->state[at] != RF_PICTURE_FINE)
    rf_import_report_add (report, file, origin.line, origin.row, picture_problems[batch->state[at]].kind, RF_IMPORT_REPAIRED,
                          _(picture_problems[batch->state[at]].message), name);
  else if (batch->repaired[at])
    rf_import_report_add (report, file, origin.line, origin.row, "backslash-path", RF_IMPORT_REPAIRED, _("The path %s has backslashes; they were read as slashes."), name);
}

static gboolean
store_batch (RfWorkspace *workspace, RfCatalogBuilder *builder, Batch *batch, guint32 n, GChecksum *checksum, RfImportReport *report, GError **error)
{
  gboolean ok = TRUE;

  for (guint32 p = 0; p < n; p++)
    {
      guint32 item = batch->first + p;

      report_picture (batch, item, p, report);
      rf_catalog_builder_set_has_image (builder, item, batch->jpeg[p] != NULL);
      if (batch->jpeg[p] && ok)
        {
          g_checksum_update (checksum, g_bytes_get_data (batch->jpeg[p], NULL), (gssize) g_bytes_get_size (batch->jpeg[p]));
          ok = rf_workspace_store_picture (workspace, item, batch->jpeg[p], error);
        }
      g_clear_pointer (&batch->jpeg[p], g_bytes_unref);
    }
  return ok;
}

static gboolean
store_pictures (RfWorkspace *workspace, RfCatalogBuilder *builder, const char *source, const RfImportOptions *options, RfImportReport *report,
                RfProgress *progress, GError **error)
{
  g_autofree Batch *batch = g_new0 (Batch, 1);
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint32 n_items = rf_catalog_builder_get_n_items (builder);
  g_autofree RfPictureLook *looks = g_new0 (RfPictureLook, (gsize) n_items + 1);

  batch->builder = builder;
  batch->looks = looks;
  batch->source = source;
  batch->max_pixels = options && options->max_pixels ? options->max_pixels : DEFAULT_PIXELS;
  batch->side = options && options->thumbnail_pixels ? options->thumbnail_pixels : DEFAULT_THUMBNAIL;
  for (batch->first = 0; batch->first < n_items; batch->first += BATCH)
    {
      guint32 n = MIN (BATCH, n_items - batch->first);

      if (!rf_progress_step (progress, _("Reading pictures"), (double) batch->first / n_items, error))
        return FALSE;
      rf_parallel_for (n, 4, decode_pictures, batch);
      if (!store_batch (workspace, builder, batch, n, checksum, report, error))
        return FALSE;
    }
  rf_picture_looks_report (looks, builder, report);
  rf_catalog_builder_set_pictures_hash (builder, g_checksum_get_string (checksum));
  return TRUE;
}

RfCatalog *
rf_import_catalog (const char *source, const RfImportOptions *options, RfImportReport *report, RfProgress *progress, GError **error)
{
  RfCatalogBuilder *builder = read_tables (source, options, report, progress, error);
  g_autofree char *folder = NULL, *file = NULL;

  if (builder == NULL)
    return NULL;
  rf_import_split_source (source, &folder, &file);
  for (guint32 i = 0; i < rf_catalog_builder_get_n_items (builder); i++)
    {
      const char *name = rf_catalog_builder_get_item_image (builder, i);
      g_autofree char *path = NULL;
      gboolean repaired;

      if (name[0] != '\0' && rf_picture_find (folder, name, &path, &repaired) == RF_PICTURE_FINE)
        rf_catalog_builder_set_has_image (builder, i, TRUE);
    }
  return rf_catalog_builder_build (builder);
}

/* Ready features that came with the data. */
static gboolean
store_matrices (RfWorkspace *workspace, const RfCatalogBuilder *builder, GError **error)
{
  for (guint m = 0; m < rf_catalog_builder_get_n_matrices (builder); m++)
    {
      const RfImportedMatrix *matrix = rf_catalog_builder_get_matrix (builder, m);

      if (!rf_workspace_store_matrix (workspace, matrix->name, RF_IMPORTED_KEY, matrix->x, matrix->available, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
fill_workspace (RfWorkspace *workspace, const char *source, const RfImportOptions *options, RfImportReport *report, RfProgress *progress, GError **error)
{
  g_autofree char *folder = NULL, *file = NULL;
  g_autoptr(RfCatalogBuilder) builder = read_tables (source, options, report, progress, error);
  g_autoptr(RfCatalog) catalog = NULL;

  rf_import_split_source (source, &folder, &file);
  if (builder == NULL || !rf_workspace_exec (workspace, "BEGIN", error) || !store_matrices (workspace, builder, error) ||
      !store_pictures (workspace, builder, folder, options, report, progress, error) ||
      !rf_progress_step (progress, _("Writing the document"), -1, error))
    return FALSE;
  catalog = rf_catalog_builder_build (g_steal_pointer (&builder));
  return rf_workspace_store_catalog (workspace, catalog, error) && rf_workspace_store_report (workspace, report, error) &&
         rf_workspace_exec (workspace, "COMMIT", error);
}

/* What is at `path` may be replaced only if it is a document of ours (a damaged one too) that nobody has open: the log of an open
 * document would be taken for one of the new file. Opening and closing it here works off what a crash left in the log. */
static gboolean
may_replace (const char *path, GError **error)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  RfWorkspace *old;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (!rf_workspace_is_document (path))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_IO, _("%s is there already and is not a Refract document; choose another name."), path);
      return FALSE;
    }
  old = rf_workspace_open (path, NULL);
  rf_workspace_close (old);
  if (old == NULL || !g_file_test (log, G_FILE_TEST_EXISTS))
    return TRUE;
  g_set_error (error, RF_ERROR, RF_ERROR_IO, _("%s is open in another program or window; close it there, or choose another name."), path);
  return FALSE;
}

/* Temporary files of imports that were killed: "NAME.PID.part" of a process that is no more. */
static void
sweep (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path), *name = g_path_get_basename (path), *start = g_strconcat (name, ".", NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *entry;

  while (dir && (entry = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *full = g_build_filename (folder, entry, NULL);
      char *end = NULL;
      gint64 pid = g_str_has_prefix (entry, start) ? g_ascii_strtoll (entry + strlen (start), &end, 10) : 0;

      if (pid > 0 && strcmp (end, ".part") == 0 && (pid == getpid () || (kill ((pid_t) pid, 0) != 0 && errno == ESRCH)))
        g_unlink (full);
    }
}

static gboolean
sync_and_rename (const char *temporary, const char *path, GError **error)
{
  int fd = g_open (temporary, O_RDONLY, 0);
  gboolean ok = fd >= 0 && fsync (fd) == 0;
  g_autofree char *log = g_strconcat (path, "-wal", NULL), *index = g_strconcat (path, "-shm", NULL);

  if (fd >= 0)
    close (fd);
  if (ok && g_rename (temporary, path) == 0)
    {
      /* Of a damaged document that could not be opened. */
      g_unlink (log);
      g_unlink (index);
      return TRUE;
    }
  g_set_error (error, RF_ERROR, RF_ERROR_IO, _("%s cannot be written: %s."), path, g_strerror (errno));
  return FALSE;
}

gboolean
rf_import_to_workspace (const char *source, const char *workspace_path, const RfImportOptions *options, RfImportReport *report,
                        RfProgress *progress, GError **error)
{
  g_autofree char *temporary = g_strdup_printf ("%s.%d.part", workspace_path, (int) getpid ());
  RfWorkspace *workspace;
  gboolean ok;

  if (!may_replace (workspace_path, error))
    return FALSE;
  sweep (workspace_path);
  workspace = rf_workspace_create (temporary, workspace_path, error);
  ok = workspace != NULL && fill_workspace (workspace, source, options, report, progress, error);
  rf_workspace_close (workspace);
  ok = ok && sync_and_rename (temporary, workspace_path, error);
  if (!ok)
    g_unlink (temporary);
  return ok;
}
