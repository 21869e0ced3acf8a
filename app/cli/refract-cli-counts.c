/* refract-cli-counts.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli/refract-cli-counts.h"

#include <glib/gi18n.h>

#include "app/cli/refract-cli.h"

static void
add_available (JsonBuilder *b, const char *name, guint32 available)
{
  json_builder_set_member_name (b, name);
  json_builder_begin_object (b);
  cli_json_int (b, "available", available);
  json_builder_end_object (b);
}

/* Items with at least one interaction. */
static guint32
count_chosen (const RfCatalog *catalog)
{
  const RfInteractions *x = rf_catalog_get_interactions (catalog);
  g_autofree guint8 *seen = g_new0 (guint8, rf_catalog_get_n_items (catalog) + 1);
  guint32 n = 0;

  for (gsize e = 0; e < x->n; e++)
    {
      n += !seen[x->item[e]];
      seen[x->item[e]] = 1;
    }
  return n;
}

static void
add_problem (JsonBuilder *b, const RfProblem *problem)
{
  json_builder_begin_object (b);
  cli_json_string (b, "file", problem->file);
  cli_json_int (b, "line", (gint64) problem->line);
  cli_json_int (b, "row", (gint64) problem->row);
  cli_json_string (b, "kind", problem->kind);
  cli_json_string (b, "message", problem->message);
  cli_json_string (b, "action", rf_import_action_to_string (problem->action));
  json_builder_end_object (b);
}

/* Ready features that came with the data. A document that cannot be read has failed before. */
static void
add_imported (JsonBuilder *b, RfWorkspace *workspace)
{
  g_auto(GStrv) names = rf_workspace_list_imported (workspace, NULL);

  json_builder_set_member_name (b, "imported_features");
  json_builder_begin_object (b);
  for (guint n = 0; names != NULL && names[n] != NULL; n++)
    {
      guint32 dimensions, available = rf_workspace_count_imported (workspace, names[n], &dimensions, NULL);

      json_builder_set_member_name (b, names[n]);
      json_builder_begin_object (b);
      cli_json_int (b, "available", available);
      cli_json_int (b, "dimensions", dimensions);
      json_builder_end_object (b);
    }
  json_builder_end_object (b);
}

void
cli_counts_to_json (JsonBuilder *b, RfWorkspace *workspace, const RfCatalog *catalog, const RfImportReport *report, gboolean with_problems)
{
  cli_json_int (b, "users", rf_catalog_get_n_users (catalog));
  cli_json_int (b, "items", rf_catalog_get_n_items (catalog));
  cli_json_int (b, "interactions", (gint64) rf_catalog_get_n_interactions (catalog));
  json_builder_set_member_name (b, "modalities");
  json_builder_begin_object (b);
  add_available (b, "image", rf_catalog_count_images (catalog));
  add_available (b, "text", rf_catalog_count_texts (catalog));
  add_available (b, "behaviour", count_chosen (catalog));
  json_builder_end_object (b);
  add_imported (b, workspace);
  cli_json_int (b, "problem_count", (gint64) rf_import_report_get_count (report));
  json_builder_set_member_name (b, "problem_kinds");
  json_builder_begin_object (b);
  for (guint k = 0; k < rf_import_report_get_n_kinds (report); k++)
    {
      gsize count;
      const char *kind = rf_import_report_get_kind (report, k, &count);

      cli_json_int (b, kind, (gint64) count);
    }
  json_builder_end_object (b);
  if (!with_problems)
    return;
  json_builder_set_member_name (b, "problems");
  json_builder_begin_array (b);
  for (gsize p = 0; p < rf_import_report_get_n (report); p++)
    add_problem (b, rf_import_report_get (report, p));
  json_builder_end_array (b);
}

static double
percent (guint32 part, guint32 whole)
{
  return whole ? 100.0 * part / whole : 0;
}

static void
print_imported (RfWorkspace *workspace, guint32 n_items)
{
  g_auto(GStrv) names = rf_workspace_list_imported (workspace, NULL);

  for (guint n = 0; names != NULL && names[n] != NULL; n++)
    {
      guint32 dimensions, available = rf_workspace_count_imported (workspace, names[n], &dimensions, NULL);

      cli_print (_("  %-10s %7u of %u (%.1f %%), %u ready numbers each\n"), names[n], available, n_items, percent (available, n_items), dimensions);
    }
}

void
cli_counts_print (RfWorkspace *workspace, const RfCatalog *catalog, const RfImportReport *report)
{
  guint32 n = rf_catalog_get_n_items (catalog), images = rf_catalog_count_images (catalog), texts = rf_catalog_count_texts (catalog);
  guint32 chosen = count_chosen (catalog);

  cli_print (_("%s: %u users, %u items, %zu interactions\n"), rf_catalog_get_name (catalog), rf_catalog_get_n_users (catalog), n, rf_catalog_get_n_interactions (catalog));
  cli_print (_("  picture    %7u of %u (%.1f %%)\n"), images, n, percent (images, n));
  cli_print (_("  text       %7u of %u (%.1f %%)\n"), texts, n, percent (texts, n));
  cli_print (_("  behaviour  %7u of %u (%.1f %%)\n"), chosen, n, percent (chosen, n));
  print_imported (workspace, n);
  if (rf_import_report_get_warning (report) != NULL)
    cli_print (_("Attention: %s\n"), rf_import_report_get_warning (report));
  cli_print (_("%zu problems\n"), rf_import_report_get_count (report));
  for (guint k = 0; k < rf_import_report_get_n_kinds (report); k++)
    {
      gsize count;
      const char *kind = rf_import_report_get_kind (report, k, &count);

      cli_print ("  %-26s %7zu\n", kind, count);
    }
}
