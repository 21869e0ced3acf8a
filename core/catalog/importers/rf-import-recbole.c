/* rf-import-recbole.c: the atomic files of RecBole: NAME.inter, NAME.item; TAB between, header cells "field:type". Parts that are cut
 * already (NAME.part1.inter, part2, part3 or NAME.train.inter, valid, test) keep their split. NAME.kg (facts: head, relation, tail) and
 * NAME.link (which entity is which item) become the catalog's knowledge graph. .user and .net are not read: they are told as such.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/catalog/importers/rf-import-table.h"
#include "core/catalog/importers/rf-import-users.h"
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

static char *
dup_field (const RfImportTable *table, guint role)
{
  RfCsvField f = rf_import_table_field (table, role);

  return g_strndup (f.text, f.length);
}

/* Which entity is which item; links to items that are not in the catalog are counted and told. */
static gboolean
read_links (const RfImportContext *context, const char *file, GError **error)
{
  static const RfImportRole roles[] = { { "item_id", "itemid" }, { "entity_id", "entityid" } };
  g_auto(RfImportTable) table = { 0 };
  GError *stopped = NULL;
  gsize n_unknown = 0;

  if (!rf_import_table_open (&table, context, file, &tab, TRUE, error) || !rf_import_table_find_roles (&table, roles, 2, 2, error))
    return FALSE;
  while (rf_import_table_next (&table, &stopped))
    {
      g_autofree char *id = dup_field (&table, 0), *entity = dup_field (&table, 1);
      guint32 item = rf_catalog_builder_find_item (context->builder, id);

      n_unknown += item == RF_NO_INDEX;
      if (item != RF_NO_INDEX && *entity != '\0')
        rf_catalog_builder_link_entity (context->builder, rf_catalog_builder_ensure_entity (context->builder, entity), item);
    }
  if (n_unknown > 0)
    rf_import_report_add (context->report, file, 0, 0, "unknown-link", RF_IMPORT_DROPPED,
                          _("%zu links name items that are not in the catalog; they were left out."), n_unknown);
  if (stopped == NULL)
    return TRUE;
  g_propagate_error (error, stopped);
  return FALSE;
}

static gboolean
read_facts (const RfImportContext *context, const char *file, GError **error)
{
  static const RfImportRole roles[] = { { "head_id", "headid" }, { "relation_id", "relationid" }, { "tail_id", "tailid" } };
  g_auto(RfImportTable) table = { 0 };
  GError *stopped = NULL;

  if (!rf_import_table_open (&table, context, file, &tab, TRUE, error) || !rf_import_table_find_roles (&table, roles, 3, 3, error))
    return FALSE;
  while (rf_import_table_next (&table, &stopped))
    {
      g_autofree char *head = dup_field (&table, 0), *relation = dup_field (&table, 1), *tail = dup_field (&table, 2);

      if (*head == '\0' || *relation == '\0' || *tail == '\0')
        rf_import_report_add (context->report, file, table.reader.line, rf_import_table_row (&table), "incomplete-fact", RF_IMPORT_DROPPED,
                              _("The fact has no head, relation or tail."));
      else
        rf_catalog_builder_add_triple (context->builder, rf_catalog_builder_ensure_entity (context->builder, head), relation,
                                       rf_catalog_builder_ensure_entity (context->builder, tail));
    }
  if (stopped == NULL)
    return TRUE;
  g_propagate_error (error, stopped);
  return FALSE;
}

/* Facts and links mean something together only. */
static gboolean
read_graph (const RfImportContext *context, GError **error)
{
  g_autofree char *kg = rf_import_find_file (context->source, "*.kg"), *link = rf_import_find_file (context->source, "*.link");

  if (context->preview != NULL || (kg == NULL && link == NULL))
    return TRUE;
  if (kg != NULL && link != NULL)
    return read_links (context, link, error) && read_facts (context, kg, error);
  rf_import_report_add (context->report, kg ? kg : link, 0, 0, "file-not-read", RF_IMPORT_DROPPED,
                        _("A knowledge graph needs both a .kg and a .link file; this one alone was not read."));
  return TRUE;
}

static void
tell_unread (const RfImportContext *context)
{
  static const char *const patterns[] = { "*.net" };

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
  g_autofree char *items = rf_import_find_file (context->source, "*.item"), *users = rf_import_find_file (context->source, "*.user");
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
  if (users != NULL && !rf_import_read_users (context, users, NULL, NULL, error))
    return FALSE;
  if (!read_graph (context, error))
    return FALSE;
  tell_unread (context);
  return TRUE;
}

const RfImporter rf_importer_recbole = {
  .name = "recbole",
  .title = N_("RecBole: atomic files (.inter, .item)"),
  .probe = probe,
  .read = read_source,
};
