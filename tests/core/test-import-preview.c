/* test-import-preview.c: what an import would read: tables, roles, first records, single records; roles changed and taken away.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/base/rf-error.h"
#include "core/catalog/rf-import-preview.h"
#include "tests/support/folder.h"

static RfImportPreview *
preview (const char *folder, const char *const *map)
{
  RfImportOptions options = { .map = map };
  g_autoptr(GError) error = NULL;
  RfImportPreview *self = rf_import_preview_new (folder, &options, NULL, &error);

  g_assert_no_error (error);
  return self;
}

static const char *
role_of (const RfPreviewTable *table, const char *column)
{
  for (guint c = 0; c < table->n_columns; c++)
    if (strcmp (table->columns[c], column) == 0)
      return table->roles[c];
  g_assert_not_reached ();
}

static void
test_folder (void)
{
  char *folder = test_folder_new ();
  g_autoptr(RfImportPreview) shown = NULL;
  const RfPreviewTable *items, *interactions;

  test_folder_fill (folder);
  shown = preview (folder, NULL);
  g_assert_cmpstr (shown->importer->name, ==, "folder");
  g_assert_nonnull (strstr (shown->reason, "items.csv"));
  g_assert_cmpuint (shown->tables->len, ==, 2);
  items = rf_import_preview_find (shown, "items.csv");
  interactions = rf_import_preview_find (shown, "interactions.csv");
  g_assert_cmpint (items->kind, ==, RF_PREVIEW_ITEMS);
  g_assert_cmpint (interactions->kind, ==, RF_PREVIEW_INTERACTIONS);
  g_assert_cmpstr (role_of (items, "item_id"), ==, "item_id");
  g_assert_cmpstr (role_of (interactions, "timestamp"), ==, "timestamp");
  g_assert_cmpuint (items->rows->len, ==, 4);
  g_assert_cmpstr (((char **) items->rows->pdata[0])[2], ==, "A long, quoted text.");
  g_assert_null (items->missing);
  g_assert_null (rf_import_preview_find (shown, "nothing.csv"));
  test_folder_remove (folder);
}

/* The table is longer than what is shown; a role is given away and one is taken away; and the import does the same. */
static void
test_roles (void)
{
  const char *const map[] = { "title=label", "description=", NULL };
  RfImportOptions options = { .map = map };
  char *folder = test_folder_new ();
  g_autoptr(GString) text = g_string_new ("sku,name,label,text\n");
  g_autoptr(RfImportPreview) shown = NULL;
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(RfCatalog) catalog = NULL;
  g_autoptr(GError) error = NULL;
  const RfPreviewTable *items;

  for (guint i = 0; i < 200; i++)
    g_string_append_printf (text, "s%u,Name %u,Label %u,Text %u\n", i, i, i, i);
  test_folder_write (folder, "items.csv", text->str, -1);
  test_folder_write (folder, "interactions.csv", "user_id,item_id\nu1,s1\nu1,s2\nu2,s1\n", -1);
  shown = preview (folder, map);
  items = rf_import_preview_find (shown, "items.csv");
  g_assert_cmpuint (items->rows->len, ==, RF_PREVIEW_ROWS);
  g_assert_cmpstr (role_of (items, "sku"), ==, "item_id");
  g_assert_cmpstr (role_of (items, "label"), ==, "title");
  g_assert_null (role_of (items, "name"));
  g_assert_null (role_of (items, "text"));
  catalog = rf_import_catalog (folder, &options, report, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (rf_catalog_get_item_title (catalog, 3), ==, "Label 3");
  g_assert_cmpstr (rf_catalog_get_item_description (catalog, 3), ==, "");
  test_folder_remove (folder);
}

/* Without a column for the item the preview still shows the table, so that one can be named. */
static void
test_missing_role (void)
{
  const char *const map[] = { "item_id=code", NULL };
  char *folder = test_folder_new ();
  g_autoptr(RfImportPreview) shown = NULL, mapped = NULL;

  test_folder_write (folder, "items.csv", "code,title\na,One\nb,Two\n", -1);
  test_folder_write (folder, "interactions.csv", "user_id,item_id\nu1,a\n", -1);
  shown = preview (folder, NULL);
  g_assert_cmpstr (rf_import_preview_find (shown, "items.csv")->missing, ==, "item_id");
  mapped = preview (folder, map);
  g_assert_null (rf_import_preview_find (mapped, "items.csv")->missing);
  test_folder_remove (folder);
}

static void
test_json (void)
{
  char *folder = test_folder_new ();
  g_autoptr(RfImportPreview) shown = NULL;
  const RfPreviewTable *items;

  test_folder_write (folder, "items.jsonl", "{\"asin\": \"a\", \"title\": \"One\", \"genres\": [\"x\", \"y\"]}\nnonsense\n{\"asin\": \"b\", \"year\": 1999}\n", -1);
  test_folder_write (folder, "interactions.jsonl", "{\"user_id\": \"u\", \"item_id\": \"a\", \"stars\": 4}\n", -1);
  shown = preview (folder, NULL);
  items = rf_import_preview_find (shown, "items.jsonl");
  g_assert_cmpstr (role_of (items, "asin"), ==, "item_id");
  g_assert_cmpstr (role_of (items, "genres"), ==, "category");
  g_assert_null (role_of (items, "year"));
  g_assert_cmpuint (items->rows->len, ==, 2);
  g_assert_cmpstr (((char **) items->rows->pdata[0])[2], ==, "x|y");
  g_assert_cmpstr (((char **) items->rows->pdata[1])[3], ==, "1999");
  g_assert_cmpstr (role_of (rf_import_preview_find (shown, "interactions.jsonl"), "stars"), ==, "rating");
  test_folder_remove (folder);
}

static void
test_record (void)
{
  char *folder = test_folder_new ();
  g_autoptr(RfImportPreview) shown = NULL;
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(RfCatalog) catalog = NULL;
  g_autoptr(GBytes) picture = NULL, none = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) first = NULL, third = NULL, beyond = NULL;

  test_folder_fill (folder);
  shown = preview (folder, NULL);
  catalog = rf_import_catalog (folder, NULL, report, NULL, &error);
  g_assert_no_error (error);
  first = rf_import_preview_read_record (shown, "items.csv", 2, &error);
  g_assert_cmpuint (g_strv_length (first), ==, 5);
  g_assert_cmpstr (first[0], ==, "i1");
  third = rf_import_preview_read_record (shown, "interactions.csv", 4, &error);
  g_assert_cmpstr (third[0], ==, "u2");
  beyond = rf_import_preview_read_record (shown, "items.csv", 99, &error);
  g_assert_null (beyond);
  g_assert_no_error (error);
  picture = rf_import_preview_load_picture (shown, catalog, "items.csv", first);
  g_assert_nonnull (picture);
  none = rf_import_preview_load_picture (shown, catalog, "interactions.csv", NULL);
  g_assert_null (none);
  test_folder_remove (folder);
}

/* What there was before a filter, told by the same reading. */
static void
test_counts (void)
{
  RfFilterOptions filter = { .since = RF_NO_TIMESTAMP, .until = RF_NO_TIMESTAMP, .has_min_rating = TRUE, .min_rating = 4 };
  RfImportCounts before = { 0 };
  RfImportOptions options = { .filter = &filter, .unfiltered = &before };
  char *folder = test_folder_new ();
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(RfCatalog) catalog = NULL;
  g_autoptr(GError) error = NULL;

  test_folder_fill (folder);
  catalog = rf_import_catalog (folder, &options, report, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (before.n_interactions, ==, 6);
  g_assert_cmpuint (before.n_users, ==, 3);
  g_assert_cmpuint (before.n_items, ==, 4);
  g_assert_cmpuint (rf_catalog_get_n_interactions (catalog), ==, 3);
  test_folder_remove (folder);
}

static void
test_nothing (void)
{
  char *folder = test_folder_new ();
  g_autoptr(GError) error = NULL;

  g_assert_null (rf_import_preview_new (folder, NULL, NULL, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
  test_folder_remove (folder);
}

/* Every real catalog of the machine can be looked at. */
static void
test_real (void)
{
  const char *data = g_getenv ("RF_TEST_DATA");
  g_autofree char *folder = data ? g_build_filename (data, "movielens-posters", NULL) : NULL;
  g_autoptr(RfImportPreview) shown = NULL;

  if (folder == NULL || !g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("The catalog movielens-posters is not on this machine.");
      return;
    }
  shown = preview (folder, NULL);
  g_assert_cmpuint (shown->tables->len, >=, 2);
  for (guint t = 0; t < shown->tables->len; t++)
    g_assert_cmpuint (((RfPreviewTable *) shown->tables->pdata[t])->rows->len, ==, RF_PREVIEW_ROWS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/import-preview/folder", test_folder);
  g_test_add_func ("/import-preview/roles", test_roles);
  g_test_add_func ("/import-preview/missing-role", test_missing_role);
  g_test_add_func ("/import-preview/json", test_json);
  g_test_add_func ("/import-preview/record", test_record);
  g_test_add_func ("/import-preview/counts", test_counts);
  g_test_add_func ("/import-preview/nothing", test_nothing);
  g_test_add_func ("/import-preview/real", test_real);
  return g_test_run ();
}
