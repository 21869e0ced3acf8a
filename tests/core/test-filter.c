/* test-filter.c: which interactions a catalog keeps.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/catalog/rf-catalog-filter.h"
#include "core/catalog/rf-catalog-private.h"

static const RfFilterOptions nothing = { .since = RF_NO_TIMESTAMP, .until = RF_NO_TIMESTAMP };

static void
add (RfCatalogBuilder *builder, const char *user, const char *item, float rating, gint64 time)
{
  guint32 u = rf_catalog_builder_ensure_user (builder, user), i = rf_catalog_builder_add_item (builder, item, item, "", "", "");

  rf_catalog_builder_add_interaction (builder, u, i, rating, time);
}

/* "user item;user item;..." of a filtered catalog. */
static char *
list (RfCatalogBuilder *builder, const RfFilterOptions *options, RfImportReport *report)
{
  g_autoptr(RfCatalog) catalog = NULL;
  const RfInteractions *x;
  GString *out = g_string_new (NULL);

  rf_catalog_filter (builder, options, report);
  catalog = rf_catalog_builder_build (builder);
  x = rf_catalog_get_interactions (catalog);
  for (gsize k = 0; k < x->n; k++)
    g_string_append_printf (out, "%s %s;", rf_catalog_get_user_id (catalog, x->user[k]), rf_catalog_get_item_id (catalog, x->item[k]));
  g_string_append_printf (out, " %u users, %u items", rf_catalog_get_n_users (catalog), rf_catalog_get_n_items (catalog));
  return g_string_free (out, FALSE);
}

static RfCatalogBuilder *
small (void)
{
  RfCatalogBuilder *builder = rf_catalog_builder_new ("f", "/f");

  add (builder, "u", "a", 5, 100);
  rf_catalog_builder_set_event (builder, "view");
  add (builder, "u", "b", 2, 200);
  rf_catalog_builder_set_event (builder, "purchase");
  add (builder, "v", "a", NAN, 300);
  rf_catalog_builder_set_event (builder, "view");
  add (builder, "w", "c", 4, RF_NO_TIMESTAMP);
  rf_catalog_builder_set_event (builder, "purchase");
  return builder;
}

static void
check (const RfFilterOptions *options, const char *expected)
{
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autofree char *got = list (small (), options, report);

  g_assert_cmpstr (got, ==, expected);
}

static void
test_rules (void)
{
  static const char *const views[] = { "view=0", "purchase=3", NULL };
  RfFilterOptions options = nothing;

  check (&nothing, "u a;u b;v a;w c; 3 users, 3 items");
  options.has_min_rating = TRUE;
  options.min_rating = 4;
  check (&options, "u a;v a;w c; 3 users, 3 items");
  options = nothing;
  options.since = 200;
  check (&options, "u b;v a; 2 users, 3 items");
  options.until = 300;
  check (&options, "u b; 1 users, 3 items");
  options = nothing;
  options.events = views;
  check (&options, "u b;w c; 2 users, 3 items");
  options = nothing;
  options.k_core = 2;
  check (&options, " 0 users, 0 items"); /* one falls after the other */
}

/* A ring of four users and four items is a 2-core; a chain that hangs on it falls off link by link. Features go with their items. */
static void
test_core (void)
{
  static const char *const pairs[][2] = { { "t1", "s1" }, { "t1", "s2" }, { "t2", "s2" }, { "t2", "s3" }, { "t3", "s3" }, { "t3", "a" },
                                          { "u1", "a" }, { "u1", "b" }, { "u2", "b" }, { "u2", "c" }, { "u3", "c" }, { "u3", "d" }, { "u4", "d" }, { "u4", "a" } };
  RfCatalogBuilder *builder = rf_catalog_builder_new ("f", "/f");
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  RfFilterOptions options = nothing;
  g_autofree char *got = NULL;
  RfMatrix *x = rf_matrix_new (7, 1);
  guint8 *available = g_malloc0 (7);
  const RfImportedMatrix *matrix;

  for (gsize p = 0; p < G_N_ELEMENTS (pairs); p++)
    add (builder, pairs[p][0], pairs[p][1], 1, (gint64) p);
  for (guint i = 0; i < 7; i++)
    {
      x->x[i] = (float) i;
      available[i] = i % 2;
    }
  rf_catalog_builder_take_matrix (builder, "price", x, available);
  options.k_core = 2;
  rf_catalog_filter (builder, &options, report);
  matrix = rf_catalog_builder_get_matrix (builder, 0);
  g_assert_cmpuint (matrix->x->rows, ==, 4); /* s1, s2, s3 are gone, a is the fourth of old */
  g_assert_cmpfloat (matrix->x->x[0], ==, 3);
  g_assert_cmpuint (matrix->available[0], ==, 1);
  g_assert_cmpfloat (matrix->x->x[3], ==, 6);
  g_assert_cmpuint (matrix->available[3], ==, 0);
  got = list (builder, &nothing, report);
  g_assert_cmpstr (got, ==, "u1 a;u1 b;u2 b;u2 c;u3 c;u3 d;u4 d;u4 a; 4 users, 4 items");
  g_assert_cmpuint (rf_import_report_count_kind (report, "filter-k-core"), ==, 1);
  g_assert_cmpuint (rf_import_report_count_kind (report, "filter-result"), ==, 1);
  g_assert_nonnull (strstr (rf_import_report_get (report, 0)->message, "6 of 14 "));
  g_assert_nonnull (strstr (rf_import_report_get (report, 1)->message, "8 of 14 interactions are left, of 4 of 7 users, with 4 of 7 items"));
}

static RfCatalogBuilder *
with_machines (void)
{
  RfCatalogBuilder *builder = rf_catalog_builder_new ("f", "/f");
  char user[32], item[32];

  for (int u = 0; u < 60; u++)
    for (int k = 0; k < 5 + u % 7; k++)
      {
        g_snprintf (user, sizeof user, "u%d", u);
        g_snprintf (item, sizeof item, "i%d", (u * 31 + k * 17) % 400);
        add (builder, user, item, 1, 1000000 + u * 1000 + k * 200);
      }
  for (int k = 0; k < 400; k++)
    {
      g_snprintf (item, sizeof item, "i%d", k);
      add (builder, "crawler", item, 1, 1000000 + k * 600); /* unusually many, slowly */
    }
  for (int k = 0; k < 40; k++)
    {
      g_snprintf (item, sizeof item, "i%d", k);
      add (builder, "quick", item, 1, 1000000 + k); /* 40 within a minute */
      add (builder, "fond", "i7", 1, 1000000 + k * 86400);
    }
  return builder;
}

static void
test_abnormal (void)
{
  for (int action = RF_ABNORMAL_OFF; action <= RF_ABNORMAL_DROP; action++)
    {
      g_autoptr(RfImportReport) report = rf_import_report_new ();
      RfCatalogBuilder *builder = with_machines ();
      RfFilterOptions options = nothing;
      g_autoptr(RfCatalog) catalog = NULL;

      options.abnormal = (RfAbnormal) action;
      options.max_per_minute = 30;
      rf_catalog_filter (builder, &options, report);
      catalog = rf_catalog_builder_build (builder);
      g_assert_cmpuint (rf_import_report_count_kind (report, "abnormal-user"), ==, action == RF_ABNORMAL_OFF ? 0 : 3);
      g_assert_cmpuint (rf_catalog_get_n_users (catalog), ==, action == RF_ABNORMAL_DROP ? 60 : 63);
      g_assert_true ((rf_catalog_find_user (catalog, "crawler") == RF_NO_INDEX) == (action == RF_ABNORMAL_DROP));
      g_assert_cmpuint (rf_catalog_find_user (catalog, "u3"), ==, 3);
    }
}

static void
test_options (void)
{
  static const char *const bad[] = { "view", NULL }, *const worse[] = { "view=-1", NULL };
  RfFilterOptions options = nothing;
  g_autoptr(GError) error = NULL;

  g_assert_true (rf_filter_options_check (&options, &error));
  options.events = bad;
  g_assert_false (rf_filter_options_check (&options, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CONFIG);
  g_clear_error (&error);
  options.events = worse;
  g_assert_false (rf_filter_options_check (&options, &error));
  g_clear_error (&error);
  options = nothing;
  options.since = 5;
  options.until = 5;
  g_assert_false (rf_filter_options_check (&options, &error));
}

/* Five views weigh as much as a purchase; a view and a cart do not. */
static void
test_min_weight (void)
{
  static const char *const weights[] = { "view=0.2", "cart=0.5", NULL };
  RfCatalogBuilder *builder = rf_catalog_builder_new ("f", "/f");
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  RfFilterOptions options = nothing;
  g_autofree char *got = NULL;
  g_autoptr(GError) error = NULL;

  for (int k = 0; k < 5; k++)
    {
      add (builder, "u", "a", NAN, 10 * k);
      rf_catalog_builder_set_event (builder, "view");
    }
  add (builder, "u", "b", NAN, 60);
  rf_catalog_builder_set_event (builder, "cart");
  add (builder, "u", "b", NAN, 70);
  rf_catalog_builder_set_event (builder, "view");
  add (builder, "v", "b", NAN, 80);
  rf_catalog_builder_set_event (builder, "purchase");
  options.events = weights;
  options.min_weight = 1;
  g_assert_true (rf_filter_options_check (&options, NULL));
  rf_catalog_filter (builder, &options, report);
  got = list (builder, &nothing, report);
  g_assert_cmpstr (got, ==, "u a;u a;u a;u a;u a;v b; 2 users, 2 items");
  g_assert_cmpuint (rf_import_report_count_kind (report, "filter-weight"), ==, 1);
  options.min_weight = -1;
  g_assert_false (rf_filter_options_check (&options, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CONFIG);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/filter/rules", test_rules);
  g_test_add_func ("/filter/core", test_core);
  g_test_add_func ("/filter/abnormal", test_abnormal);
  g_test_add_func ("/filter/options", test_options);
  g_test_add_func ("/filter/min-weight", test_min_weight);
  return g_test_run ();
}
