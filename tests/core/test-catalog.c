/* test-catalog.c: building a catalog, looking things up, its hash; ids in a map; the import report.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/catalog/rf-catalog.h"
#include "core/catalog/rf-id-map.h"
#include "core/catalog/rf-import-report.h"

static void
test_id_map (void)
{
  RfIdMap map;
  char id[64];

  rf_id_map_init (&map);
  g_assert_cmpuint (rf_id_map_find (&map, "x", 1), ==, G_MAXUINT32);
  for (guint32 n = 0; n < 50000; n++)
    {
      /* Short ones, ones of exactly 8 bytes, and long ones that differ at the end only. */
      g_snprintf (id, sizeof id, n % 3 == 0 ? "%u" : n % 3 == 1 ? "%08u" : "a-long-common-beginning-%u", n);
      g_assert_cmpuint (rf_id_map_ensure (&map, id, strlen (id)), ==, n);
      g_assert_cmpuint (rf_id_map_ensure (&map, id, strlen (id)), ==, n);
    }
  for (guint32 n = 0; n < 50000; n++)
    {
      g_snprintf (id, sizeof id, n % 3 == 0 ? "%u" : n % 3 == 1 ? "%08u" : "a-long-common-beginning-%u", n);
      g_assert_cmpuint (rf_id_map_find (&map, id, strlen (id)), ==, n);
      g_assert_cmpstr (rf_id_map_get (&map, n), ==, id);
    }
  g_assert_cmpuint (rf_id_map_find (&map, "", 0), ==, G_MAXUINT32);
  g_assert_cmpuint (rf_id_map_find (&map, "a-long-common-beginning-", 24), ==, G_MAXUINT32);
  rf_id_map_clear (&map);
}

static RfCatalog *
small_catalog (const char *title)
{
  RfCatalogBuilder *builder = rf_catalog_builder_new ("small", "/nowhere/small");
  guint32 a = rf_catalog_builder_add_item (builder, "a", title, " \t ", "x|y", "images/a.jpg");
  guint32 b = rf_catalog_builder_add_item (builder, "b", "", "A text.", "", "");

  rf_catalog_builder_set_has_image (builder, a, TRUE);
  rf_catalog_builder_add_interaction (builder, rf_catalog_builder_ensure_user (builder, "用户😀"), b, 4.5f, 1000);
  rf_catalog_builder_add_interaction (builder, rf_catalog_builder_ensure_user (builder, "u"), a, NAN, RF_NO_TIMESTAMP);
  return rf_catalog_builder_build (builder);
}

static void
test_catalog (void)
{
  g_autoptr(RfCatalog) catalog = small_catalog ("Title");
  const RfInteractions *x = rf_catalog_get_interactions (catalog);

  g_assert_cmpuint (rf_catalog_get_n_users (catalog), ==, 2);
  g_assert_cmpuint (rf_catalog_get_n_items (catalog), ==, 2);
  g_assert_cmpuint (rf_catalog_get_n_interactions (catalog), ==, 2);
  g_assert_cmpuint (rf_catalog_find_user (catalog, "用户😀"), ==, 0);
  g_assert_cmpuint (rf_catalog_find_user (catalog, "nobody"), ==, RF_NO_INDEX);
  g_assert_cmpuint (rf_catalog_find_item (catalog, "b"), ==, 1);
  g_assert_cmpstr (rf_catalog_get_item_label (catalog, 0), ==, "Title");
  g_assert_cmpstr (rf_catalog_get_item_label (catalog, 1), ==, "b");
  g_assert_true (rf_catalog_item_has_image (catalog, 0));
  g_assert_false (rf_catalog_item_has_image (catalog, 1));
  g_assert_false (rf_catalog_item_has_text (catalog, 0)); /* blanks are no text */
  g_assert_true (rf_catalog_item_has_text (catalog, 1));
  g_assert_cmpuint (rf_catalog_count_images (catalog), ==, 1);
  g_assert_cmpuint (rf_catalog_count_texts (catalog), ==, 1);
  g_assert_cmpfloat (x->rating[0], ==, 4.5f);
  g_assert_true (isnan (x->rating[1]) && x->timestamp[1] == RF_NO_TIMESTAMP);
  g_assert_null (x->part);
}

static void
test_hash (void)
{
  g_autoptr(RfCatalog) one = small_catalog ("Title"), same = small_catalog ("Title"), other = small_catalog ("Titel");

  g_assert_cmpuint (strlen (rf_catalog_get_hash (one)), ==, 64);
  g_assert_cmpstr (rf_catalog_get_hash (one), ==, rf_catalog_get_hash (same));
  g_assert_cmpstr (rf_catalog_get_hash (one), !=, rf_catalog_get_hash (other));
}

static void
test_titles_are_texts (void)
{
  RfCatalogBuilder *builder = rf_catalog_builder_new ("t", "/t");
  g_autoptr(RfCatalog) catalog = NULL;

  rf_catalog_builder_add_item (builder, "a", "Title", "", "", "");
  rf_catalog_builder_add_item (builder, "b", "", "", "", "");
  g_assert_cmpuint (rf_catalog_builder_add_item (builder, "a", "Again", "", "", ""), ==, 0);
  catalog = rf_catalog_builder_build (builder);
  g_assert_cmpuint (rf_catalog_count_texts (catalog), ==, 1);
  g_assert_cmpstr (rf_catalog_get_item_title (catalog, 0), ==, "Title");
}

static void
test_parts_and_events (void)
{
  RfCatalogBuilder *builder = rf_catalog_builder_new ("t", "/t");
  g_autoptr(RfCatalog) catalog = NULL;
  const RfInteractions *x;
  guint32 item = rf_catalog_builder_add_item (builder, "a\xff", NULL, NULL, NULL, NULL), user = rf_catalog_builder_ensure_user (builder, "u");

  for (int n = 0; n < 100; n++)
    {
      rf_catalog_builder_add_interaction (builder, user, item, 1, n);
      if (n == 70)
        rf_catalog_builder_set_part (builder, 2);
      rf_catalog_builder_set_event (builder, n < 60 ? "view" : "purchase");
    }
  catalog = rf_catalog_builder_build (builder);
  x = rf_catalog_get_interactions (catalog);
  g_assert_true (g_utf8_validate (rf_catalog_get_item_id (catalog, 0), -1, NULL));
  for (int n = 0; n < 100; n++)
    {
      g_assert_cmpuint (x->part[n], ==, n == 70 ? 2 : 0);
      g_assert_cmpstr (rf_catalog_get_event (catalog, x->event[n]), ==, n < 60 ? "view" : "purchase");
    }
}

static void
test_report (void)
{
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autofree char *csv = NULL;

  for (guint n = 0; n < 10010; n++)
    rf_import_report_add (report, "a.csv", n + 2, n + 1, "many", RF_IMPORT_DROPPED, "Number %u.", n);
  rf_import_report_add (report, "b,c.csv", 0, 0, "one", RF_IMPORT_REPAIRED, "It says “\"”,\nreally \xff.");
  g_assert_cmpuint (rf_import_report_get_count (report), ==, 10011);
  g_assert_cmpuint (rf_import_report_get_n (report), ==, 10001);
  g_assert_cmpuint (rf_import_report_count_kind (report, "many"), ==, 10010);
  g_assert_cmpuint (rf_import_report_count_kind (report, "none"), ==, 0);
  g_assert_cmpstr (rf_import_report_get (report, 1)->message, ==, "Number 1.");
  csv = rf_import_report_to_csv (report);
  g_assert_true (g_str_has_prefix (csv, "file,line,row,kind,message,action\r\na.csv,2,1,many,Number 0.,dropped\r\n"));
  g_assert_true (g_str_has_suffix (csv, "\"b,c.csv\",0,0,one,\"It says “\"\"”,\nreally \xEF\xBF\xBD.\",repaired\r\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/catalog/id-map", test_id_map);
  g_test_add_func ("/catalog/look-up", test_catalog);
  g_test_add_func ("/catalog/hash", test_hash);
  g_test_add_func ("/catalog/titles-are-texts", test_titles_are_texts);
  g_test_add_func ("/catalog/parts-and-events", test_parts_and_events);
  g_test_add_func ("/catalog/report", test_report);
  return g_test_run ();
}
