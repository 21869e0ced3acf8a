/* test-catalog-stats.c: the numbers behind the catalog's charts, against hand-made ones; and the two drawings made for them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/catalog/rf-importer.h"
#include "core/features/rf-catalog-stats.h"
#include "core/plot/rf-plot-columns.h"
#include "core/plot/rf-plot-curve.h"
#include "tests/support/folder.h"

static RfCatalogStats *
measure (const char *folder, RfProgress *progress, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "out.refract", NULL);
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(RfCatalog) catalog = NULL;
  GError *failed = NULL;

  rf_import_to_workspace (folder, path, NULL, report, NULL, &failed);
  g_assert_no_error (failed);
  workspace = rf_workspace_open (path, &failed);
  g_assert_no_error (failed);
  catalog = rf_workspace_load_catalog (workspace, &failed);
  g_assert_no_error (failed);
  return rf_catalog_stats_new (catalog, workspace, progress, error);
}

/* Items are chosen 3, 1, 1 and 1 times; users have 2 each. */
static void
test_numbers (void)
{
  char *folder = test_folder_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(RfCatalogStats) stats = NULL;

  test_folder_fill (folder);
  stats = measure (folder, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (stats->items.n, ==, 2);
  g_assert_cmpfloat (stats->items.count[0], ==, 1);
  g_assert_cmpfloat (stats->items.entities[0], ==, 3);
  g_assert_cmpfloat (stats->items.count[1], ==, 3);
  g_assert_cmpuint (stats->items.n_none, ==, 0);
  g_assert_cmpfloat_with_epsilon (stats->items.gini, (-3 - 1 + 1 + 3 * 3) / (4.0 * 6), 1e-12);
  g_assert_cmpfloat_with_epsilon (stats->items.top_share, 0.25, 1e-12);
  g_assert_cmpfloat_with_epsilon (stats->users.gini, 0, 1e-12);
  g_assert_cmpfloat_with_epsilon (stats->items.lorenz_y[150], 0.5, 1e-12); /* the three least chosen have half */
  g_assert_cmpfloat_with_epsilon (stats->items.lorenz_y[stats->items.n_lorenz - 1], 1, 1e-12);
  g_assert_cmpint (stats->time_unit, ==, 'd');
  g_assert_cmpuint (stats->time.n, ==, 1);
  g_assert_cmpstr (stats->time.names[0], ==, "1970-01-01");
  g_assert_cmpfloat (stats->time.values[0], ==, 6);
  g_assert_cmpuint (stats->ratings.n, ==, 5);
  g_assert_cmpstr (stats->ratings.names[2], ==, "3.5");
  g_assert_cmpfloat (stats->ratings.values[4], ==, 2);
  g_assert_cmpfloat_with_epsilon (stats->availability.values[0], 0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (stats->availability.values[1], 0.75, 1e-12);
  g_assert_cmpfloat_with_epsilon (stats->availability.values[2], 1, 1e-12);
  g_assert_cmpuint (stats->words.n, ==, 3);
  g_assert_cmpuint (stats->sizes.n, ==, 2);
  g_assert_true (stats->sizes_of_source);
  g_assert_cmpfloat (stats->sizes.median, ==, 300);
  test_folder_remove (folder);
}

/* Nobody chose anything; no ratings, no times. */
static void
test_bare (void)
{
  char *folder = test_folder_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(RfCatalogStats) stats = NULL;

  test_folder_write (folder, "items.csv", "item_id\na\nb\n", -1);
  test_folder_write (folder, "interactions.csv", "user_id,item_id\n", -1);
  stats = measure (folder, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (stats->items.n_none, ==, 2);
  g_assert_cmpuint (stats->items.n_lorenz, ==, 0);
  g_assert_cmpuint (stats->time.n, ==, 0);
  g_assert_null (stats->items.message);
  g_assert_null (stats->users.lorenz_message);
  g_assert_null (stats->ratings.message);
  g_assert_null (stats->words.message);
  test_folder_remove (folder);
}

/* Years, months and the days before 1970 have their names. */
static void
test_time (void)
{
  char *folder = test_folder_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(RfCatalogStats) months = NULL, years = NULL;

  test_folder_write (folder, "items.csv", "item_id\na\nb\n", -1);
  test_folder_write (folder, "interactions.csv", "user_id,item_id,timestamp\nu,a,1420070400\nu,b,1456704000\n", -1); /* 2015-01-01, 2016-02-29 */
  months = measure (folder, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (months->time_unit, ==, 'm');
  g_assert_cmpuint (months->time.n, ==, 14);
  g_assert_cmpstr (months->time.names[0], ==, "2015-01");
  g_assert_cmpstr (months->time.names[13], ==, "2016-02");
  g_assert_cmpfloat (months->time.values[13], ==, 1);
  test_folder_write (folder, "interactions.csv", "user_id,item_id,timestamp\nu,a,86400\nu,b,1456704000\n", -1);
  years = measure (folder, NULL, &error);
  g_assert_cmpint (years->time_unit, ==, 'y');
  g_assert_cmpstr (years->time.names[0], ==, "1970");
  g_assert_cmpuint (years->time.n, ==, 47);
  test_folder_remove (folder);
}

static void
test_cancel (void)
{
  char *folder = test_folder_new ();
  g_autoptr(GError) error = NULL;
  RfProgress progress;

  test_folder_fill (folder);
  rf_progress_init (&progress, NULL, NULL);
  rf_progress_cancel (&progress);
  g_assert_null (measure (folder, &progress, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CANCELLED);
  test_folder_remove (folder);
}

static guint
count_color (const RfPlotKind *kind, gconstpointer plot, int width, int height, const RfPlotColor *color)
{
  RfPlotTheme theme;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create (surface);
  guint n = 0;

  rf_plot_theme_init (&theme, FALSE);
  kind->draw (plot, cr, width, height, &theme);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        const guchar *row = cairo_image_surface_get_data (surface) + (gsize) y * (gsize) cairo_image_surface_get_stride (surface);
        guint32 pixel = ((const guint32 *) (gconstpointer) row)[x];

        n += fabs ((pixel >> 16 & 0xff) - 255 * color->red) < 3 && fabs ((pixel >> 8 & 0xff) - 255 * color->green) < 3 && fabs ((pixel & 0xff) - 255 * color->blue) < 3;
      }
  cairo_surface_destroy (surface);
  return n;
}

static void
test_drawings (void)
{
  const double x[] = { 0, 1, 10, 100 }, y[] = { 5, 100, 10, 0 }, values[] = { 0.25, 0.75 };
  const char *const names[] = { "one", "two" };
  const int slots[] = { 0, 1 };
  RfPlotCurve curve = { .label = "Curve", .x_label = "x", .y_label = "y", .message = "falls.", .n = 4, .x = x, .y = y, .log_x = TRUE, .log_y = TRUE, .line = TRUE, .slot = 2 };
  RfPlotColumns columns = { .label = "Columns", .message = "rise.", .n = 2, .names = names, .values = values, .slots = slots, .share = TRUE };
  RfPlotTheme theme;
  g_autofree char *curve_text = rf_plot_curve_describe (&curve), *columns_text = rf_plot_columns_describe (&columns);
  g_autofree char *columns_table = rf_plot_to_csv (&rf_plot_columns_kind, &columns);
  guint first, second;

  rf_plot_theme_init (&theme, FALSE);
  g_assert_cmpstr (curve_text, ==, "Curve: falls.");
  g_assert_cmpstr (columns_text, ==, "Columns: rise.");
  g_assert_cmpstr (columns_table, ==, "name,Columns\r\none,0.25\r\ntwo,0.75\r\n");
  g_assert_cmpuint (count_color (&rf_plot_curve_kind, &curve, 400, 300, &theme.modality[2]), >, 100);
  first = count_color (&rf_plot_columns_kind, &columns, 400, 300, &theme.modality[0]);
  second = count_color (&rf_plot_columns_kind, &columns, 400, 300, &theme.modality[1]);
  g_assert_cmpuint (first, >, 1000);
  g_assert_cmpuint (2 * second, >, 3 * first); /* three times as high, less its pattern */
  for (int size = 1; size < 120; size += 7) /* no drawing may fall over a small window, or over nothing */
    {
      count_color (&rf_plot_curve_kind, &curve, size, size, &theme.accent);
      count_color (&rf_plot_columns_kind, &columns, size, size, &theme.accent);
    }
  curve.n = columns.n = 0;
  curve.diagonal = TRUE;
  count_color (&rf_plot_curve_kind, &curve, 200, 100, &theme.accent);
  count_color (&rf_plot_columns_kind, &columns, 200, 100, &theme.accent);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/catalog-stats/numbers", test_numbers);
  g_test_add_func ("/catalog-stats/bare", test_bare);
  g_test_add_func ("/catalog-stats/time", test_time);
  g_test_add_func ("/catalog-stats/cancel", test_cancel);
  g_test_add_func ("/catalog-stats/drawings", test_drawings);
  return g_test_run ();
}
