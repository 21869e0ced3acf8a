/* rf-import-recbole.c: the atomic files of RecBole: NAME.inter, NAME.item; TAB between, header cells "field:type". Parts that are cut
 * already (NAME.part1.inter, part2, part3 or NAME.train.inter, valid, test) keep their split. .user, .kg and .link are not read: they
 * are told as such.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/catalog/importers/rf-import-table.h"
#include "core/catalog/importers/rf-importers.h"

static const RfCsvDialect tab = { '\t', 0, '\n', NULL };

static char *
find_inter (const char *folder, const char *file)
{
  if (file != NULL)
    return g_str_has_suffix (file, ".inter") ? g_strdup (file) : NULL;
  return rf_import_find_file (folder, "*.inter");
}

static char *
probe (const char *folder, const char *file)
{
  g_autofree char *inter = find_inter (folder, file), *header = inter ? rf_import_first_line (folder, inter) : NULL;

  return header != NULL && strstr (header, ":token") != NULL ? g_strdup_printf (_("looks like RecBole: %s has a header with typed fields"), inter) : NULL;
}

/* The part that a file's name speaks of, -1: none. */
static int
part_of (const char *name)
{
  static const char *const words[][3] = { { ".part1.", ".part2.", ".part3." }, { ".train.", ".valid.", ".test." } };

  for (gsize w = 0; w < G_N_ELEMENTS (words); w++)
    for (int part = 0; part < 3; part++)
      if (strstr (name, words[w][part]) != NULL)
        return part;
  return -1;
}

static gboolean
read_items (const RfImportContext *context, const char *file, GError **error)
{
  g_autoptr(GHashTable) pictures = rf_import_list_pictures (context->source, "images");
  g_auto(RfImportTable) table = { 0 };

  return rf_import_table_open (&table, context, file, &tab, TRUE, error) &&
         rf_import_table_find_roles (&table, rf_item_roles, RF_N_ITEM_ROLES, 1, error) &&
         rf_import_table_read_items (&table, pictures, error);
}

static gboolean
read_interactions (const RfImportContext *context, RfInteractionReader *reader, const char *file, int part, GError **error)
{
  g_auto(RfImportTable) table = { 0 };

  return rf_import_table_open (&table, context, file, &tab, TRUE, error) &&
         rf_import_table_find_roles (&table, rf_interaction_roles, RF_N_INTERACTION_ROLES, 2, error) &&
         rf_import_table_read_interactions (&table, reader, part, error);
}

static void
tell_unread (const RfImportContext *context)
{
  static const char *const patterns[] = { "*.user", "*.kg", "*.link", "*.net" };

  for (gsize p = 0; p < G_N_ELEMENTS (patterns); p++)
    {
      g_autofree char *file = rf_import_find_file (context->source, patterns[p]);

      if (file != NULL)
        rf_import_report_add (context->report, file, 0, 0, "file-not-read", RF_IMPORT_DROPPED, _("This file has no place in a catalog; it was not read."));
    }
}

static gboolean
read_source (const RfImportContext *context, const char *file, GError **error)
{
  g_autoptr(GPtrArray) inters = rf_import_find_files (context->source, "*.inter");
  g_autofree char *items = rf_import_find_file (context->source, "*.item");
  g_autoptr(RfInteractionReader) reader = rf_interaction_reader_new (context->builder, items != NULL, context->report);
  gboolean has_parts = FALSE;

  if (inters->len == 0)
    return rf_import_missing (context, "*.inter", error);
  if (items != NULL && !read_items (context, items, error))
    return FALSE;
  for (guint f = 0; f < inters->len && file == NULL; f++)
    has_parts |= part_of (g_ptr_array_index (inters, f)) >= 0;
  for (int part = has_parts ? 0 : -1; part < (has_parts ? 3 : 0); part++)
    for (guint f = 0; f < inters->len; f++)
      {
        const char *name = g_ptr_array_index (inters, f);

        if (file != NULL ? strcmp (name, file) != 0 : has_parts ? part_of (name) != part : f > 0)
          continue;
        if (!read_interactions (context, reader, name, part, error))
          return FALSE;
      }
  rf_interaction_reader_finish (reader);
  tell_unread (context);
  return TRUE;
}

const RfImporter rf_importer_recbole = {
  .name = "recbole",
  .title = N_("RecBole: atomic files (.inter, .item)"),
  .probe = probe,
  .read = read_source,
};
