/* test-plot.c: what the plots draw, where, and what they say of themselves.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/plot/rf-plot-axis.h"
#include "core/plot/rf-plot-bars.h"
#include "core/plot/rf-plot-deltas.h"
#include "core/plot/rf-plot-heat.h"
#include "core/plot/rf-plot-intervals.h"
#include "core/plot/rf-plot-parallel.h"
#include "core/plot/rf-plot-slopes.h"
#include "core/plot/rf-plot-waterfall.h"
#include "core/plot/rf-plot-histogram.h"
#include "core/plot/rf-plot-lines.h"
#include "core/plot/rf-plot-ternary.h"
#include "core/plot/rf-plot-trials.h"

static const char *const names[] = { "image", "text", "behaviour" };
static const guint corners[3] = { 0, 1, 2 };

static cairo_surface_t *
draw (const RfPlotKind *kind, gconstpointer plot, int width, int height, const RfPlotTheme *theme)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create (surface);

  kind->draw (plot, cr, width, height, theme);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static gboolean
is_color (cairo_surface_t *surface, int x, int y, const RfPlotColor *color)
{
  const guchar *row = cairo_image_surface_get_data (surface) + (gsize) y * (gsize) cairo_image_surface_get_stride (surface);
  guint32 pixel = ((const guint32 *) (gconstpointer) row)[x];

  return fabs ((pixel >> 16 & 0xff) - 255 * color->red) < 3 && fabs ((pixel >> 8 & 0xff) - 255 * color->green) < 3 &&
         fabs ((pixel & 0xff) - 255 * color->blue) < 3;
}

static void
test_ticks (void)
{
  double ticks[RF_PLOT_MAX_TICKS];
  RfPlotAxis axis;
  int decimals;

  g_assert_cmpuint (rf_plot_ticks (0, 1, 6, ticks, &decimals), ==, 6);
  g_assert_cmpint (decimals, ==, 1);
  g_assert_cmpfloat_with_epsilon (ticks[1], 0.2, 1e-12);
  g_assert_cmpuint (rf_plot_ticks (-3, 97, 6, ticks, &decimals), ==, 5);
  g_assert_cmpfloat (ticks[0], ==, 0);
  g_assert_cmpfloat (ticks[4], ==, 80);
  g_assert_cmpint (decimals, ==, 0);
  for (double width = 1e-6; width < 1e9; width *= 3.7)
    for (guint max = 4; max <= RF_PLOT_MAX_TICKS; max++)
      {
        guint n = rf_plot_ticks (0.37 * width, 1.37 * width, max, ticks, &decimals);

        g_assert_cmpuint (n, >=, 1);
        g_assert_cmpuint (n, <=, max);
        g_assert_cmpfloat (ticks[0], >=, 0.37 * width * (1 - 1e-9));
        g_assert_cmpfloat (ticks[n - 1], <=, 1.37 * width * (1 + 1e-9));
      }
  axis = rf_plot_axis (5, 5, 100, 0);
  g_assert_cmpfloat (axis.low, <, axis.high);
  g_assert_cmpfloat_with_epsilon (rf_plot_axis_map (&axis, axis.low), 100, 1e-12);
  axis = rf_plot_axis (NAN, 3, 0, 100);
  g_assert_true (isfinite (rf_plot_axis_map (&axis, 0.5)));
}

static void
test_modalities (void)
{
  const char *const five[] = { "price", "behaviour", "tags", "image", "text" };
  const char *const many[] = { "a", "b", "c", "d", "e", "f" };
  char letter[RF_PLOT_LETTER_SIZE], other[RF_PLOT_LETTER_SIZE];
  guint seen = 0;

  g_assert_cmpuint (rf_plot_modality_slot (names, 3, 1), ==, rf_plot_modality_slot (five, 5, 4)); /* text is text everywhere */
  for (guint m = 0; m < 5; m++)
    seen |= 1u << rf_plot_modality_slot (five, 5, m);
  g_assert_cmpuint (seen, ==, 0x1f);
  seen = 0;
  for (guint m = 0; m < 6; m++)
    seen |= 1u << rf_plot_modality_slot (many, 6, m);
  g_assert_cmpuint (seen, ==, 0x3f);
  rf_plot_modality_letter (names, 3, 2, letter);
  g_assert_cmpstr (letter, ==, "B");
  rf_plot_modality_letter (five, 5, 2, letter);
  rf_plot_modality_letter (five, 5, 4, other);
  g_assert_cmpstr (letter, !=, other);
}

/* The colour of each share at a place inside it, near the edge where no letter stands. */
static void
test_shares (void)
{
  float shares[] = { 0.5f, 0.25f, 0.25f }, none[] = { 0, 0, 0 };
  RfPlotShares plot = { 3, names, shares, NULL }, empty = { 3, names, none, NULL };
  g_autofree char *text = rf_plot_shares_describe (&plot), *nothing = rf_plot_shares_describe (&empty);

  for (int dark = 0; dark < 2; dark++)
    {
      RfPlotTheme theme;
      cairo_surface_t *surface;

      rf_plot_theme_init (&theme, dark);
      surface = draw (&rf_plot_shares_kind, &plot, 400, 40, &theme);
      g_assert_true (is_color (surface, 20, 20, &theme.modality[0]));
      g_assert_true (is_color (surface, 195, 20, &theme.modality[0]));
      g_assert_false (is_color (surface, 210, 20, &theme.modality[0]));
      g_assert_true (is_color (surface, 307, 18, &theme.modality[2])); /* between the dots of its pattern */
      cairo_surface_destroy (surface);
      surface = draw (&rf_plot_shares_kind, &empty, 400, 40, &theme);
      g_assert_true (is_color (surface, 200, 20, &theme.grid));
      cairo_surface_destroy (surface);
    }
  g_assert_cmpstr (text, ==, "Attention: image 50 %, text 25 %, behaviour 25 %.");
  g_assert_cmpstr (nothing, ==, "Attention: none.");
}

static void
test_signed (void)
{
  float values[] = { 1.8f, 0.6f, -0.5f };
  RfPlotSigned plot = { 3, names, values, -0.25, -2, 2, FALSE };
  g_autofree char *text = rf_plot_signed_describe (&plot);
  RfPlotTheme theme;
  cairo_surface_t *surface;
  double low = 0, high = 0;

  g_assert_cmpstr (text, ==, "Score 1.65: image adds 1.80, text adds 0.60, behaviour takes 0.50, popularity takes 0.25.");
  rf_plot_signed_fit (&plot, &low, &high);
  g_assert_cmpfloat_with_epsilon (low, -0.75, 1e-6);
  g_assert_cmpfloat_with_epsilon (high, 2.4, 1e-6);

  /* 410 pixels with 5 on each side: a unit is 100 pixels, zero at 205. Behaviour left of zero, popularity further left. */
  rf_plot_theme_init (&theme, FALSE);
  surface = draw (&rf_plot_signed_kind, &plot, 410, 40, &theme);
  g_assert_true (is_color (surface, 300, 20, &theme.modality[0]));
  g_assert_true (is_color (surface, 155 + 20, 8, &theme.modality[2]) || is_color (surface, 155 + 22, 10, &theme.modality[2]));
  g_assert_true (is_color (surface, 142, 20, &theme.neutral));
  g_assert_true (is_color (surface, 100, 20, &theme.background));
  g_assert_true (is_color (surface, 370, 1, &theme.accent)); /* the mark of the score, 205 + 165 */
  cairo_surface_destroy (surface);
  plot.detailed = TRUE;
  surface = draw (&rf_plot_signed_kind, &plot, 300, 150, &theme);
  cairo_surface_destroy (surface);
}

static void
test_ternary (void)
{
  float shares[] = { 1, 0, 0, 0, 1, 0, 0, 0, 2, 1, 1, 1, 0, 0, 0 };
  RfPlotTernary plot = { .n = 5, .shares = shares, .selected = -1, .hovered = -1 };
  g_autofree char *text = NULL;
  RfPlotTheme theme;
  cairo_surface_t *surface;
  double x[4], y[4], none;

  rf_plot_ternary_set_corners (&plot, names, 3, corners);
  rf_plot_theme_init (&theme, FALSE);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_true (rf_plot_ternary_locate (&plot, i, 400, 380, &theme, &x[i], &y[i]));
      g_assert_cmpint (rf_plot_ternary_find (&plot, 400, 380, &theme, x[i] + 2, y[i] - 2, 8), ==, (int) i);
    }
  g_assert_false (rf_plot_ternary_locate (&plot, 4, 400, 380, &theme, &none, &none)); /* no shares: not in the triangle */
  g_assert_cmpint (rf_plot_ternary_find (&plot, 400, 380, &theme, 3, 3, 8), ==, -1);
  g_assert_cmpfloat_with_epsilon (x[3], (x[0] + x[1] + x[2]) / 3, 1e-9);
  g_assert_cmpfloat_with_epsilon (y[3], (y[0] + y[1] + y[2]) / 3, 1e-9);
  g_assert_cmpfloat_with_epsilon (hypot (x[0] - x[1], y[0] - y[1]), x[2] - x[1], 1e-9); /* equal sides */
  surface = draw (&rf_plot_ternary_kind, &plot, 400, 380, &theme);
  for (int i = 0; i < 3; i++)
    g_assert_false (is_color (surface, (int) x[i], (int) y[i], &theme.background));
  cairo_surface_destroy (surface);
  text = rf_plot_ternary_describe (&plot);
  g_assert_cmpstr (text, ==, "Image drives 2 of 5 recommendations, text 1, behaviour 1.");
}

static void
test_ternary_drivers (void)
{
  float shares[] = { 0.9f, 0.1f, 0, 0.8f, 0.1f, 0.1f, 0.5f, 0.5f, 0 };
  int drivers[] = { 1, 1, -1 };
  RfPlotTernary plot = { .n = 3, .shares = shares, .drivers = drivers, .selected = 0, .hovered = 99 };
  g_autofree char *text = NULL, *nobody = NULL;
  RfPlotTheme theme;
  cairo_surface_t *surface;
  double x, y;

  rf_plot_theme_init (&theme, TRUE);
  rf_plot_ternary_set_corners (&plot, names, 2, corners); /* only two modalities */
  g_assert_null (plot.names[2]);
  surface = draw (&rf_plot_ternary_kind, &plot, 300, 280, &theme);
  g_assert_true (rf_plot_ternary_locate (&plot, 0, 300, 280, &theme, &x, &y));
  g_assert_true (is_color (surface, (int) x, (int) y, &theme.modality[1])); /* its driver's colour, not its share's */
  cairo_surface_destroy (surface);
  text = rf_plot_ternary_describe (&plot);
  g_assert_cmpstr (text, ==, "Text drives 2 of 3 recommendations, image 0.");
  plot.n = 0;
  nobody = rf_plot_ternary_describe (&plot);
  g_assert_cmpstr (nobody, ==, "No modality drives any of the 0 recommendations.");
}

static void
test_lines (void)
{
  double loss[] = { 7, 6, NAN, 5, 5.5 }, metric[] = { 0.1, 0.3, 0.3, 0.2, NAN };
  RfPlotSeries series[] = { { "Loss", 0, RF_PLOT_BEST_LOWEST, 5, NULL, loss }, { "NDCG@20", 2, RF_PLOT_BEST_HIGHEST, 5, NULL, metric } };
  RfPlotLines plot = { "Step", 1, series, 0, 0, NAN }, both = { "Step", 2, series, 1, 10, 2 }, empty = { NULL, 0, NULL, 0, 0, NAN };
  g_autofree char *text = rf_plot_lines_describe (&both);
  RfPlotTheme theme;
  cairo_surface_t *surface;
  guint found = 0;

  g_assert_cmpint (rf_plot_series_find_best (&series[0]), ==, 3);
  g_assert_cmpint (rf_plot_series_find_best (&series[1]), ==, 1);
  g_assert_cmpstr (text, ==, "Loss: from 7 to 5.5, lowest 5 at 4. NDCG@20: from 0.1 to 0.2, highest 0.3 at 2.");
  rf_plot_theme_init (&theme, FALSE);
  surface = draw (&rf_plot_lines_kind, &plot, 400, 200, &theme);
  for (int y = 0; y < 200; y++)
    for (int x = 0; x < 400; x++)
      found += is_color (surface, x, y, &theme.modality[0]);
  g_assert_cmpuint (found, >, 300);
  cairo_surface_destroy (surface);
  surface = draw (&rf_plot_lines_kind, &both, 400, 200, &theme);
  cairo_surface_destroy (surface);
  surface = draw (&rf_plot_lines_kind, &empty, 90, 20, &theme);
  cairo_surface_destroy (surface);
}

static void
test_histogram (void)
{
  guint counts[4] = { 2, 0, 1, 1 };
  RfPlotHistogram plot = { "Weights", 0, 1, 4, counts, 0, -1 };
  g_autofree char *text = NULL;
  RfPlotTheme theme;
  cairo_surface_t *surface;

  rf_plot_theme_init (&theme, FALSE);
  surface = draw (&rf_plot_histogram_kind, &plot, 300, 200, &theme);
  g_assert_true (is_color (surface, 40, 100, &theme.modality[0]));
  g_assert_true (is_color (surface, 120, 130, &theme.background)); /* the empty bin */
  cairo_surface_destroy (surface);
  text = rf_plot_histogram_describe (&plot);
  g_assert_cmpstr (text, ==, "Weights: 4 values from 0 to 1; half of them lie below 0.25, most between 0 and 0.25.");
}

/* No drawing may fall over a window that is being made small. */
static void
test_tiny (void)
{
  float values[] = { 0.5f, 0.2f, 0.3f };
  double y[] = { 1, 2, 3 };
  guint counts[] = { 1, 2, 3 };
  RfPlotSeries series = { "Loss", 0, RF_PLOT_BEST_LOWEST, 3, NULL, y };
  RfPlotLines lines = { "Step", 1, &series, 0, 0, 2 };
  RfPlotShares shares = { 3, names, values, NULL };
  RfPlotSigned bars = { 3, names, values, 0.1, 0, 0, TRUE };
  RfPlotHistogram histogram = { "Weights", 0, 1, 3, counts, 0, 1 };
  RfPlotTernary ternary = { .n = 1, .shares = values, .selected = 0, .hovered = 0 };
  RfPlotTheme theme;

  rf_plot_theme_init (&theme, TRUE);
  rf_plot_ternary_set_corners (&ternary, names, 3, corners);
  for (int size = 1; size < 60; size += 7)
    {
      cairo_surface_destroy (draw (&rf_plot_lines_kind, &lines, size, size, &theme));
      cairo_surface_destroy (draw (&rf_plot_shares_kind, &shares, size, size, &theme));
      cairo_surface_destroy (draw (&rf_plot_signed_kind, &bars, size, size, &theme));
      cairo_surface_destroy (draw (&rf_plot_histogram_kind, &histogram, size, size, &theme));
      cairo_surface_destroy (draw (&rf_plot_ternary_kind, &ternary, size, size, &theme));
    }
}

static void
test_files (void)
{
  static const struct { const char *name, *magic; } files[] = { { "a.png", "\x89PNG" }, { "a.SVG", "<?xml" }, { "a.pdf", "%PDF" } };
  float values[] = { 0.5f, 0.2f, 0.3f };
  RfPlotShares plot = { 3, names, values, NULL };
  g_autofree char *directory = g_dir_make_tmp ("rf-plot-XXXXXX", NULL);
  g_autoptr(GError) error = NULL;
  RfPlotTheme theme;

  rf_plot_theme_init (&theme, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (directory, files[i].name, NULL), *data = NULL;
      gsize length;

      g_assert_true (rf_plot_write (path, &rf_plot_shares_kind, &plot, 200, 20, &theme, &error));
      g_assert_true (g_file_get_contents (path, &data, &length, NULL));
      g_assert_cmpmem (data, 4, files[i].magic, 4);
      g_unlink (path);
    }
  g_assert_false (rf_plot_write ("a.gif", &rf_plot_shares_kind, &plot, 200, 20, &theme, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CONFIG);
  g_clear_error (&error);
  g_assert_false (rf_plot_write ("/nonexistent/folder/a.png", &rf_plot_shares_kind, &plot, 200, 20, &theme, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_IO);
  g_rmdir (directory);
}

/* Every kind draws at a tiny and at a usual size, and gives words and a table. */
static void
check_kind (const RfPlotKind *kind, gconstpointer plot, const char *words, const char *table)
{
  static const double sizes[][2] = { { 1, 1 }, { 30, 12 }, { 640, 300 } };
  g_autofree char *text = kind->describe (plot), *csv = rf_plot_to_csv (kind, plot);
  RfPlotTheme theme;

  rf_plot_theme_init (&theme, FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(GBytes) png = rf_plot_to_png (kind, plot, sizes[i][0], sizes[i][1], &theme);

      g_assert_cmpuint (g_bytes_get_size (png), >, 50);
    }
  g_assert_cmpstr (text, ==, words);
  g_assert_true (g_str_has_prefix (csv, table));
}

static void
test_deltas (void)
{
  const double values[] = { -1, -0.05, 0, 0, NAN, 0.3, 1 };
  RfPlotDeltas plot = { .label = "B - A", .hovered = -1, .selected = -1 };
  double low, high;

  rf_plot_deltas_count (&plot, values, G_N_ELEMENTS (values));
  g_assert_cmpfloat (plot.reach, ==, 1);
  g_assert_cmpuint (plot.equal, ==, 2);
  g_assert_cmpuint (plot.counts[0], ==, 1);
  g_assert_cmpuint (plot.counts[2 * RF_PLOT_DELTA_BINS - 1], ==, 1);
  g_assert_cmpint (rf_plot_deltas_bin (&plot, 0), ==, RF_PLOT_DELTA_EQUAL);
  g_assert_cmpint (rf_plot_deltas_bin (&plot, NAN), ==, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    if (values[i] != 0 && !isnan (values[i]))
      {
        rf_plot_deltas_get_range (&plot, rf_plot_deltas_bin (&plot, values[i]), &low, &high);
        g_assert_cmpfloat (values[i], >=, low - 1e-9);
        g_assert_cmpfloat (values[i], <=, high + 1e-9);
      }
  check_kind (&rf_plot_deltas_kind, &plot, "B - A: 2 users lose, 2 are the same, 2 win.", "from,to,users\r\n-1,-0.95,1\r\n");
}

static void
test_waterfall (void)
{
  static const char *const two[] = { "image", "text" };
  const float values[] = { 1.5f, -0.25f };
  RfPlotWaterfall plot = { 2, two, values, 0.5 };

  check_kind (&rf_plot_waterfall_kind, &plot, "Image adds 1.50, Text takes 0.25, Popularity adds 0.50; the score is 1.75.", "part,adds,total\r\nimage,1.5,1.5\r\ntext,-0.25,1.25\r\n");
}

static void
test_intervals (void)
{
  const RfPlotInterval rows[] = { { "a", 2, 1, 3, 0 }, { "b", 0.5, -1, 2, -1 }, { "c", NAN, NAN, NAN, 2 } };
  RfPlotIntervals plot = { "Difference", 3, rows, 1 };

  check_kind (&rf_plot_intervals_kind, &plot, "Difference: a 2.0 (1.0 to 3.0, above zero); b 0.5 (\u22121.0 to 2.0, zero is inside); c –.", "name,value,low,high\r\na,2,1,3\r\n");
}

static void
test_slopes (void)
{
  const guint32 left[] = { 7, 8, 9 }, right[] = { 9, 7, G_MAXUINT32 };
  const char *const left_labels[] = { "seven", "eight", "nine" }, *const right_labels[] = { "nine", "seven", "" };
  RfPlotSlopes plot = { "A", "B", 3, left, right, left_labels, right_labels, NULL, NULL, -1 };
  RfPlotTheme theme;

  rf_plot_theme_init (&theme, FALSE);
  check_kind (&rf_plot_slopes_kind, &plot, "3 places: 2 items in both lists, 0 new; the largest move is nine, from 3 to 1.", "place,A,B\r\n1,seven,nine\r\n");
  g_assert_cmpint (rf_plot_slopes_find (&plot, 100, 42, &theme, 10, 41), ==, 2);
  g_assert_cmpint (rf_plot_slopes_find (&plot, 100, 42, &theme, 90, 41), ==, -1);
}

static void
test_parallel (void)
{
  static const char *const four[] = { "image", "text", "behaviour", "price" };
  const float shares[] = { 4, 0, 0, 0, 1, 1, 1, 5, 0, 0, 0, 0 };
  RfPlotParallel plot = { .n_axes = 4, .names = four, .n = 3, .shares = shares, .selected = -1, .hovered = -1, .brush_axis = 3, .brush_low = 0.5, .brush_high = 1 };

  check_kind (&rf_plot_parallel_kind, &plot, "Image drives 1 of 3 recommendations, text 0, behaviour 0, price 1.", "line,image,text,behaviour,price,driver\r\n1,4,0,0,0,image\r\n");
  g_assert_false (rf_plot_parallel_is_brushed (&plot, 0));
  g_assert_true (rf_plot_parallel_is_brushed (&plot, 1));
  g_assert_false (rf_plot_parallel_is_brushed (&plot, 2));
}

static void
test_trials (void)
{
  static const char *const axes[] = { "fusion", "epochs", "NDCG@20" }, *const low[] = { "sum", "1", "0.1000" }, *const high[] = { "late", "9", "0.3000" };
  static const char *const values[] = { "sum", "1", "0.1000", "late", "9", "0.3000", "sum", "9", "failed" };
  const float at[] = { 0, 0, 0, 1, 1, 1, 0, 1, NAN };
  RfPlotTrials plot = { 3, axes, low, high, 3, at, values, 1, -1, 2 }, none = { 3, axes, low, high, 0, at, values, -1, -1, -1 };
  RfPlotTheme theme;

  check_kind (&rf_plot_trials_kind, &plot, "3 trials; the best has NDCG@20 0.3000 with fusion late, epochs 9.", "trial,fusion,epochs,NDCG@20\r\n1,sum,1,0.1000\r\n2,late,9,0.3000\r\n3,sum,9,failed\r\n");
  check_kind (&rf_plot_trials_kind, &none, "0 trials; none has ended yet.", "trial,fusion,epochs,NDCG@20\r\n");
  /* Half way between the first axes the third trial lies in the middle, the others at the ends; beyond the second axis it has ended. */
  rf_plot_theme_init (&theme, FALSE);
  g_assert_cmpint (rf_plot_trials_find (&plot, 400, 200, &theme, 128, 92, 25), ==, 2);
  g_assert_cmpint (rf_plot_trials_find (&plot, 400, 200, &theme, 128, 20, 25), ==, 1);
  g_assert_cmpint (rf_plot_trials_find (&plot, 400, 200, &theme, 128, 160, 25), ==, 0);
  g_assert_cmpint (rf_plot_trials_find (&plot, 400, 200, &theme, 290, 92, 12), ==, -1);
  g_assert_cmpint (rf_plot_trials_find (&plot, 400, 200, &theme, 2, 92, 25), ==, -1);
}

static guint32
pixel_at (cairo_surface_t *surface, int x, int y)
{
  return *(const guint32 *) (const void *) (cairo_image_surface_get_data (surface) + y * cairo_image_surface_get_stride (surface) + 4 * x);
}

static void
test_heat (void)
{
  const float values[] = { 9, 0, 0, 1, -5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, none[4] = { 0 };
  RfPlotHeat plot = { 4, values, 1.5, NULL }, empty = { 2, none, 1, NULL };
  guint32 green[4] = { 0xff00ff00, 0xff00ff00, 0xff00ff00, 0xff00ff00 };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 90, 60);
  cairo_t *cr = cairo_create (surface);
  RfPlotTheme theme;

  check_kind (&rf_plot_heat_kind, &plot, "Counts most at the top left; the strongest quarter of the picture holds 100 % of it.", "row,column,value\r\n1,1,9\r\n");
  check_kind (&rf_plot_heat_kind, &empty, "No part of the picture speaks for the item.", "row,column,value\r\n");
  /* The picture is under the cells: seen where they are empty, warmer at the first, nothing beside it. */
  plot.aspect = 1;
  plot.picture = cairo_image_surface_create_for_data ((guchar *) green, CAIRO_FORMAT_ARGB32, 2, 2, 8);
  rf_plot_theme_init (&theme, FALSE);
  rf_plot_heat_draw (&plot, cr, 90, 60, &theme);
  cairo_surface_flush (surface);
  g_assert_cmphex (pixel_at (surface, 45, 30), ==, 0xff00ff00);
  g_assert_cmphex (pixel_at (surface, 20, 5) & 0xff0000, >, 0x800000);
  g_assert_cmphex (pixel_at (surface, 5, 30), ==, 0xffffffff);
  cairo_surface_destroy (plot.picture);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plot/ticks", test_ticks);
  g_test_add_func ("/plot/modalities", test_modalities);
  g_test_add_func ("/plot/shares", test_shares);
  g_test_add_func ("/plot/signed", test_signed);
  g_test_add_func ("/plot/ternary", test_ternary);
  g_test_add_func ("/plot/ternary-drivers", test_ternary_drivers);
  g_test_add_func ("/plot/lines", test_lines);
  g_test_add_func ("/plot/histogram", test_histogram);
  g_test_add_func ("/plot/tiny", test_tiny);
  g_test_add_func ("/plot/files", test_files);
  g_test_add_func ("/plot/deltas", test_deltas);
  g_test_add_func ("/plot/waterfall", test_waterfall);
  g_test_add_func ("/plot/intervals", test_intervals);
  g_test_add_func ("/plot/slopes", test_slopes);
  g_test_add_func ("/plot/parallel", test_parallel);
  g_test_add_func ("/plot/trials", test_trials);
  g_test_add_func ("/plot/heat", test_heat);
  return g_test_run ();
}
