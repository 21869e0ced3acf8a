/* test-explore.c: Explore and Compare as an analyst uses them: what the page shows is what the command line prints.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "app/refract-place-order.h"
#include "app/refract-user-facts.h"
#include "core/base/rf-linalg.h"
#include "tests/support/folder.h"
#include "tests/support/ui-helpers.h"
#include "ui/charts/refract-plot-menu.h"
#include "ui/pages/refract-ab-planner.h"
#include "ui/pages/refract-aligned-lists.h"
#include "ui/pages/refract-compare-results.h"
#include "ui/pages/refract-history-composer.h"
#include "ui/pages/refract-overview-view.h"
#include "ui/pages/refract-ranking-view.h"
#include "ui/pages/refract-share-view.h"
#include "ui/pages/refract-user-list.h"
#include "ui/pages/refract-why-panel.h"
#include "ui/refract-command-search.h"
#include "ui/refract-export-window.h"
#include "ui/refract-note-window.h"
#include "ui/refract-print.h"
#include "ui/refract-names.h"
#include "ui/refract-window-private.h"

#define USER "U0005"

static RefractApplication *application;
static char *folder, *document;

/* What `refract-cli ...` prints; fails if it does. */
static char *
run_cli (const char *first, ...)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *program = g_build_filename (g_getenv ("RF_TEST_BUILDDIR"), "app", "cli", "refract-cli", NULL);
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  char *out = NULL;
  va_list args;

  g_ptr_array_add (argv, program);
  va_start (args, first);
  for (const char *arg = first; arg; arg = va_arg (args, const char *))
    g_ptr_array_add (argv, (gpointer) arg);
  va_end (args);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_newv ((const char *const *) argv->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &out, NULL, &error));
  g_assert_true (g_subprocess_get_successful (process));
  return out;
}

/* A small sample with three runs, made once, as a user of the command line would. */
static void
make_document (void)
{
  g_autofree char *catalog = g_build_filename (folder, "catalog", NULL), *a = NULL, *b = NULL, *c = NULL, *d = NULL, *e = NULL;

  document = g_build_filename (folder, "sample.refract", NULL);
  a = run_cli ("sample", catalog, "--users", "300", "--items", "200", NULL);
  b = run_cli ("import", catalog, "-o", document, NULL);
  c = run_cli ("train", document, NULL);
  d = run_cli ("train", document, "--set", "model.modalities=image,text", NULL);
  e = run_cli ("train", document, "--set", "ease.lambda=50", NULL);
}

static gboolean
has_session (gpointer window)
{
  return refract_window_get_session (window) != NULL;
}

/* As somebody who does not wait until the first user is explained. */
static RefractWindow *
open_document (void)
{
  RefractWindow *window = refract_window_new (GTK_APPLICATION (application));

  gtk_window_present (GTK_WINDOW (window));
  refract_window_open (window, document);
  wait_until (has_session, window);
  refract_window_show_page (window, "explore");
  g_assert_true (refract_window_choose (window, USER, 1));
  wait_until (window_has_document, window);
  return window;
}

/* The page's ranking against the command line's. */
static void
assert_prints (RefractWindow *window, const char *weights)
{
  g_autofree char *text = weights ? run_cli ("rank", document, "--user", USER, "-k", "50", "--weights", weights, "--json", NULL) : run_cli ("rank", document, "--user", USER, "-k", "50", "--json", NULL);
  g_autoptr(JsonParser) parser = json_parser_new ();
  RefractRanking *shown = refract_explore_page_get_ranking (window->explore_page);
  RfCatalog *catalog = refract_session_get_catalog (window->session);
  JsonArray *items;

  g_assert_true (json_parser_load_from_data (parser, text, -1, NULL));
  items = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "items");
  g_assert_cmpuint (json_array_get_length (items), ==, 50);
  for (guint p = 0; p < 50; p++)
    {
      JsonObject *item = json_array_get_object_element (items, p);

      g_assert_cmpstr (json_object_get_string_member (item, "item"), ==, rf_catalog_get_item_id (catalog, shown->ranking->items[p].item));
      g_assert_cmpfloat_with_epsilon (json_object_get_double_member (item, "score"), (double) shown->ranking->items[p].score, 1e-6);
    }
}

static void
test_sliders (void)
{
  RefractWindow *window = open_document ();

  assert_prints (window, NULL);
  refract_explore_page_set_weight (window->explore_page, 0, 0);
  wait_until (window_has_document, window);
  g_assert_true (refract_explore_page_get_ranking (window->explore_page)->reweighted);
  assert_prints (window, "image=0");
  refract_explore_page_set_weight (window->explore_page, 0, 1.5);
  refract_explore_page_set_weight (window->explore_page, 2, 0.5);
  wait_until (window_has_document, window);
  assert_prints (window, "image=1.5,behaviour=0.5");
  refract_explore_page_set_weight (window->explore_page, 0, 1);
  refract_explore_page_set_weight (window->explore_page, 2, 1);
  wait_until (window_has_document, window);
  assert_prints (window, NULL);
  close_window (window);
}

static void
test_composed (void)
{
  RefractWindow *window = open_document ();
  RefractRanking *of_user = refract_ranking_ref (refract_explore_page_get_ranking (window->explore_page)), *composed;
  const guint32 one[] = { 7, 7, 3 };

  /* The history of a user, folded in by hand, gives the user's ranking in a model that has no numbers of its own for users. */
  refract_explore_page_compose (window->explore_page, of_user->history, of_user->n_history);
  wait_until (window_has_document, window);
  composed = refract_explore_page_get_ranking (window->explore_page);
  g_assert_cmpuint (composed->user, ==, RF_NO_INDEX);
  g_assert_cmpuint (refract_explore_page_get_user (window->explore_page), ==, RF_NO_INDEX);
  for (guint p = 0; p < 20; p++)
    g_assert_cmpuint (composed->ranking->items[p].item, ==, of_user->ranking->items[p].item);
  refract_ranking_unref (of_user);
  refract_explore_page_compose (window->explore_page, one, 3);
  wait_until (window_has_document, window);
  composed = refract_explore_page_get_ranking (window->explore_page);
  g_assert_cmpuint (composed->n_history, ==, 2);
  g_assert_cmpuint (composed->history[0], ==, 3);
  refract_explore_page_compose (window->explore_page, NULL, 0);
  wait_until (window_has_document, window);
  g_assert_null (refract_explore_page_get_ranking (window->explore_page));
  g_assert_true (refract_window_choose (window, USER, 1));
  wait_until (window_has_document, window);
  g_assert_nonnull (refract_explore_page_get_ranking (window->explore_page));
  close_window (window);
}

static void
test_table (void)
{
  RefractWindow *window = open_document ();
  RefractRankingView *view = REFRACT_RANKING_VIEW (find_widget (window->explore_page, REFRACT_TYPE_RANKING_VIEW));
  RefractRanking *ranking = refract_explore_page_get_ranking (window->explore_page);
  g_autofree gboolean *keep = g_new0 (gboolean, ranking->ranking->n);
  g_autofree char *tsv = refract_ranking_view_to_tsv (view), *html = refract_ranking_view_to_html (view), *few = NULL;
  g_autofree guint32 *order = NULL;
  g_auto(GStrv) lines = g_strsplit (tsv, "\n", -1);
  guint n;

  g_assert_cmpuint (g_strv_length (lines), ==, ranking->ranking->n + 2);
  g_assert_true (g_str_has_prefix (lines[1], "1\t"));
  g_assert_nonnull (strstr (html, "<table>"));
  g_assert_nonnull (strstr (html, rf_catalog_get_item_id (refract_session_get_catalog (window->session), ranking->ranking->items[0].item)));
  refract_ranking_view_copy (view);
  keep[2] = keep[5] = TRUE;
  refract_ranking_view_filter (view, keep);
  g_assert_cmpuint (refract_ranking_view_get_n_shown (view), ==, 2);
  g_assert_cmpuint (refract_ranking_view_get_place (view, 1), ==, 5);
  few = refract_ranking_view_to_tsv (view);
  g_assert_true (g_str_has_prefix (strchr (few, '\n') + 1, "3\t"));
  refract_ranking_view_filter (view, NULL);
  g_assert_cmpuint (refract_ranking_view_get_n_shown (view), ==, ranking->ranking->n);
  refract_ranking_view_select (view, 4);
  g_assert_cmpuint (refract_ranking_view_get_selected (view), ==, 4);
  order = refract_place_order (ranking, REFRACT_PLACES_BY_SCORE, FALSE, NULL, &n);
  g_assert_cmpuint (n, ==, ranking->ranking->n);
  for (guint i = 1; i < n; i++)
    g_assert_cmpfloat (ranking->ranking->items[order[i - 1]].score, <=, ranking->ranking->items[order[i]].score);
  close_window (window);
}

/* The plot that a menu saves under this name, the first one of them. */
static RefractPlot *
find_plot (gpointer widget, const char *name)
{
  RefractPlot *found = NULL;

  if (REFRACT_IS_PLOT (widget) && g_strcmp0 (g_object_get_data (widget, "file-name"), name) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_plot (child, name);
  return found;
}

/* What is saved of the picture with its places is the picture, too, in its proportions. */
static void
assert_picture_is_saved (RefractWhyPanel *panel)
{
  RefractPlot *plot = find_plot (panel, "where-it-counts");
  g_autofree char *path = g_build_filename (folder, "where.png", NULL), *csv = g_build_filename (folder, "where.csv", NULL), *text = NULL;
  g_autoptr(GdkPixbuf) saved = NULL;
  const guchar *pixels;
  gsize white = 0;

  g_assert_nonnull (plot);
  g_assert_true (gtk_widget_get_focusable (GTK_WIDGET (plot)));
  g_assert_true (refract_plot_save (plot, path, NULL));
  g_assert_true (refract_plot_save (plot, csv, NULL));
  g_assert_true (g_file_get_contents (csv, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "row,column,value\r\n"));
  saved = gdk_pixbuf_new_from_file (path, NULL);
  g_assert_cmpint (gdk_pixbuf_get_width (saved), >=, 720);
  g_assert_cmpint (gdk_pixbuf_get_width (saved), ==, gdk_pixbuf_get_height (saved));
  pixels = gdk_pixbuf_read_pixels (saved);
  for (int y = 0; y < gdk_pixbuf_get_height (saved); y++)
    for (int x = 0; x < gdk_pixbuf_get_width (saved); x++)
      {
        const guchar *p = pixels + y * gdk_pixbuf_get_rowstride (saved) + x * gdk_pixbuf_get_n_channels (saved);

        white += p[0] == 255 && p[1] == 255 && p[2] == 255;
      }
  g_assert_cmpuint (white, <, (gsize) gdk_pixbuf_get_width (saved) * (gsize) gdk_pixbuf_get_height (saved) / 2);
}

static void
test_why (void)
{
  RefractWindow *window = open_document ();
  RefractWhyPanel *panel = REFRACT_WHY_PANEL (find_widget (window->explore_page, REFRACT_TYPE_WHY_PANEL));
  RefractRanking *ranking = refract_explore_page_get_ranking (window->explore_page);
  const RfRanked *first = &ranking->ranking->items[0];
  const RefractReasons *reasons = refract_why_panel_get_reasons (panel);
  double sum = 0, past = 0, parts = 0, beyond = (double) (first->score - first->popularity), mean[RF_MAX_MODALITIES + 1];
  const RfModel *model = ranking->trained->model;
  gsize ptr[2] = { 0, ranking->n_history };
  RfCsr row = { .rows = 1, .cols = rf_model_get_n_items (model), .ptr = ptr, .idx = ranking->history };
  g_autoptr(RfScores) scores = rf_scores_new (model, 1);

  g_assert_nonnull (reasons);
  g_assert_true (reasons->complete);
  g_assert_cmpuint (reasons->item, ==, first->item);
  /* Shapley values sum to what the score without popularity is beyond that of the mean candidate, shares of past items to the contributions. */
  rf_model_score (model, &row, 0, 1, ranking->user, NULL, scores);
  rf_contribution_means (model, scores, 0, ranking->history, ranking->n_history, mean);
  for (guint m = 0; m < ranking->trained->model->n_modalities; m++)
    {
      sum += (double) reasons->shapley[m];
      parts += (double) first->contribution[m];
      beyond -= mean[m];
    }
  for (guint j = 0; j < reasons->n_past; j++)
    past += reasons->past[j].share;
  g_assert_cmpfloat_with_epsilon (sum, beyond, 1e-4);
  g_assert_cmpfloat_with_epsilon (past, parts, 1e-3);
  g_assert_nonnull (reasons->tokens);
  g_assert_nonnull (reasons->saliency);
  assert_picture_is_saved (panel);
  g_assert_cmpuint (reasons->without[0], >=, 1);
  close_window (window);
}

static void
test_shares (void)
{
  RefractWindow *window = open_document ();
  RefractShareView *shares = REFRACT_SHARE_VIEW (find_widget (window->explore_page, REFRACT_TYPE_SHARE_VIEW));
  RefractPlot *plot = REFRACT_PLOT (find_widget (shares, REFRACT_TYPE_PLOT));
  RefractRankingView *view = REFRACT_RANKING_VIEW (find_widget (window->explore_page, REFRACT_TYPE_RANKING_VIEW));
  g_autofree char *png = g_build_filename (folder, "shares.png", NULL), *csv = g_build_filename (folder, "shares.csv", NULL), *text = NULL;
  guint all = refract_ranking_view_get_n_shown (view);

  refract_share_view_show (shares, REFRACT_SHARES_EVERY_ITEM);
  wait_until (window_has_document, window);
  g_assert_nonnull (refract_explore_page_get_ranking (window->explore_page)->parts);
  g_assert_true (refract_plot_save (plot, png, NULL));
  g_assert_true (refract_plot_save (plot, csv, NULL));
  g_assert_true (g_file_get_contents (csv, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "point,image,text,behaviour,driver\r\n"));
  refract_plot_copy (plot);
  g_signal_emit_by_name (plot, "brushed", 0.0, 0.0, 5000.0, 5000.0);
  g_assert_cmpuint (refract_ranking_view_get_n_shown (view), >, 0);
  g_signal_emit_by_name (plot, "brushed", 0.0, 0.0, 8.0, 8.0);
  g_assert_cmpuint (refract_ranking_view_get_n_shown (view), <, all);
  refract_share_view_clear_brush (shares);
  g_assert_cmpuint (refract_ranking_view_get_n_shown (view), ==, all);
  refract_window_show_tab (window, "overview");
  wait_until (window_has_document, window);
  refract_share_view_show (shares, REFRACT_SHARES_EVERY_USER);
  g_assert_true (refract_plot_save (plot, csv, NULL));
  close_window (window);
}

/* The orders that the list has ready: everybody once, most first, equal ones by index; those without a number last. */
static void
test_user_orders (void)
{
  RefractWindow *window = open_document ();
  RfTrained *trained = refract_session_get_trained (window->session);
  const guint32 *counts = refract_session_get_user_counts (window->session), *most = refract_session_get_most_active (window->session), *order;
  RefractUserFacts *facts = refract_user_facts_new (trained);
  g_autofree guint8 *seen = g_new0 (guint8, facts->n_users + 1);
  g_autofree guint32 *shown = NULL;
  guint n;

  for (guint32 p = 1; p < facts->n_users; p++)
    g_assert_true (counts[most[p - 1]] > counts[most[p]] || (counts[most[p - 1]] == counts[most[p]] && most[p - 1] < most[p]));
  order = refract_user_facts_get_order (facts, REFRACT_USERS_LEAST_SURPRISING);
  for (guint32 p = 0; p < facts->n_users; p++)
    {
      g_assert_false (seen[order[p]]++);
      if (p > 0 && !isnan (facts->surprise[order[p]]))
        g_assert_cmpfloat (facts->surprise[order[p - 1]], <=, facts->surprise[order[p]]);
    }
  order = refract_user_facts_get_order (facts, REFRACT_USERS_BY_ID);
  for (guint32 p = 1; p < facts->n_users; p++)
    g_assert_cmpint (strcmp (rf_catalog_get_user_id (trained->catalog, order[p - 1]), rf_catalog_get_user_id (trained->catalog, order[p])), <, 0);
  shown = refract_explore_page_dup_shown_users (window->explore_page, &n);
  g_assert_cmpuint (n, ==, facts->n_users);
  g_assert_cmpmem (shown, n * sizeof *shown, refract_user_facts_get_order (facts, REFRACT_USERS_MOST_ACTIVE), n * sizeof *shown);
  refract_user_facts_free (facts);
  close_window (window);
}

/* What is lost by those whom one modality drives: the row of the page, as the command line prints it. */
static void
test_knock_out_by_driver (void)
{
  RefractWindow *window = open_document ();
  RefractOverviewView *view = REFRACT_OVERVIEW_VIEW (find_widget (window->explore_page, REFRACT_TYPE_OVERVIEW_VIEW));
  g_autofree char *printed = run_cli ("knockout", document, "--by", "driver", "--json", NULL), *csv = g_build_filename (folder, "knock.csv", NULL), *text = NULL, *bar = NULL;
  g_autoptr(JsonParser) parser = json_parser_new ();
  GtkDropDown *drop;
  JsonObject *knockout, *slice;
  g_autofree char *wanted = NULL;
  g_auto(GStrv) lines = NULL, cells = NULL;
  guint at;

  refract_window_show_tab (window, "overview");
  wait_until (window_has_document, window);
  g_assert_true (json_parser_load_from_data (parser, printed, -1, NULL));
  knockout = json_array_get_object_element (json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "knockouts"), 0);
  slice = json_array_get_object_element (json_object_get_array_member (knockout, "slices"), 0);
  wanted = refract_slice_title (json_object_get_string_member (slice, "slice"));
  g_assert_nonnull (strstr (wanted, "What drives them"));
  drop = GTK_DROP_DOWN (find_widget (view, GTK_TYPE_DROP_DOWN));
  for (at = 0; at < g_list_model_get_n_items (gtk_drop_down_get_model (drop)); at++)
    if (g_str_has_prefix (gtk_string_list_get_string (GTK_STRING_LIST (gtk_drop_down_get_model (drop)), at), wanted))
      break;
  g_assert_cmpuint (at, <, g_list_model_get_n_items (gtk_drop_down_get_model (drop)));
  gtk_drop_down_set_selected (drop, at);
  g_assert_true (refract_plot_save (find_plot (view, "knock-out"), csv, NULL));
  g_assert_true (g_file_get_contents (csv, &text, NULL, NULL));
  lines = g_strsplit (text, "\r\n", -1);
  cells = g_strsplit (lines[1], ",", -1);
  g_assert_cmpfloat_with_epsilon (g_ascii_strtod (cells[1], NULL), json_object_get_double_member (slice, "loss"), 1e-6);
  g_assert_true (refract_plot_save (find_plot (view, "driven-by"), csv, NULL));
  g_assert_true (g_file_get_contents (csv, &bar, NULL, NULL));
  g_assert_nonnull (strstr (bar, "image"));
  close_window (window);
}

static void
test_segments (void)
{
  RefractWindow *window = open_document ();
  const guint32 some[] = { 3, 8, 11 };
  g_autofree guint32 *shown = NULL;
  g_autofree char *segment = NULL;
  guint n;

  refract_explore_page_show_users (window->explore_page, some, 3, "three of them");
  shown = refract_explore_page_dup_shown_users (window->explore_page, &n);
  segment = refract_explore_page_dup_segment (window->explore_page);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpstr (segment, ==, "three of them");
  wait_until (window_has_document, window);
  g_assert_cmpuint (refract_explore_page_get_user (window->explore_page), !=, RF_NO_INDEX);
  close_window (window);
}

static void
users_cb (RefractCompareResults *results, gpointer users, guint n, const char *name, guint *count)
{
  *count = n;
}

static gboolean
shows (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) && strcmp (gtk_label_get_text (GTK_LABEL (widget)), text) == 0)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    if (shows (child, text))
      return TRUE;
  return FALSE;
}

static void
check_shown_cb (JsonObject *settings, const char *key, JsonNode *values, gpointer results)
{
  JsonArray *both = json_node_get_array (values);

  g_assert_true (shows (results, refract_setting_title (key)));
  g_assert_true (shows (results, json_array_get_string_element (both, 0)));
  g_assert_true (shows (results, json_array_get_string_element (both, 1)));
}

static void
test_compare (void)
{
  RefractWindow *window = open_document ();
  g_autofree char *nothing = refract_window_dup_table (window, "compare"), *csv = NULL, *text = NULL, *difference = NULL;
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_auto(GStrv) lines = NULL;
  JsonObject *printed, *settings;
  double sum = 0;
  guint n = 0, count = 0;
  RefractCompareResults *results = REFRACT_COMPARE_RESULTS (find_widget (window->compare_page, REFRACT_TYPE_COMPARE_RESULTS));

  g_assert_null (nothing);
  g_assert_false (refract_window_compare (window, "run-1", "run-77"));
  g_assert_true (refract_window_compare (window, "run-1", "run-2"));
  wait_until (window_has_document, window);
  /* The mean difference of the saved table is the one that the command line prints. */
  csv = refract_window_dup_table (window, "compare");
  text = run_cli ("compare", document, "run-1", "run-2", "--json", NULL);
  g_assert_true (json_parser_load_from_data (parser, text, -1, NULL));
  printed = json_node_get_object (json_parser_get_root (parser));
  lines = g_strsplit (csv, "\r\n", -1);
  g_assert_true (g_str_has_prefix (lines[0], "user_id,run-1 ndcg@20,run-2 ndcg@20"));
  for (guint l = 1; lines[l] && *lines[l]; l++, n++)
    {
      g_auto(GStrv) cells = g_strsplit (lines[l], ",", -1);

      sum += g_ascii_strtod (cells[2], NULL) - g_ascii_strtod (cells[1], NULL);
    }
  g_assert_cmpuint (n, ==, (guint) json_object_get_int_member (printed, "users"));
  g_assert_cmpfloat_with_epsilon (sum / n, json_object_get_double_member (json_array_get_object_element (json_object_get_array_member (printed, "pairs"), 0), "difference"), 1e-6);
  refract_window_show_page (window, "compare");
  refract_window_show_tab (window, "lists");
  wait_until (window_has_document, window);
  /* The settings that differ are those of the command line. */
  refract_window_show_tab (window, "settings");
  difference = run_cli ("diff", document, "run-1", "run-2", "--json", NULL);
  g_assert_true (json_parser_load_from_data (parser, difference, -1, NULL));
  settings = json_object_get_object_member (json_node_get_object (json_parser_get_root (parser)), "settings");
  g_assert_cmpuint (json_object_get_size (settings), >, 0);
  json_object_foreach_member (settings, check_shown_cb, results);
  refract_window_show_tab (window, "users");
  g_signal_connect (results, "users", G_CALLBACK (users_cb), &count);
  g_signal_emit_by_name (find_widget (results, REFRACT_TYPE_PLOT), "hovered", 10.0, 10.0);
  close_window (window);
}

static void
test_notes (void)
{
  RefractWindow *window = open_document ();
  GtkWidget *note = refract_note_window_new (GTK_WINDOW (window), window->session, "user", USER);
  g_autofree char *path = g_build_filename (folder, "noted.json", NULL), *text = NULL;

  refract_note_window_set_text (REFRACT_NOTE_WINDOW (note), "  likes blue \n");
  refract_note_window_save (REFRACT_NOTE_WINDOW (note));
  g_assert_cmpstr (refract_session_get_note (window->session, "user", USER), ==, "likes blue");
  g_assert_null (refract_session_get_note (window->session, "run", USER));
  g_usleep (300000); /* the thread that writes it */
  refract_window_export (window, path);
  wait_until (window_has_document, window);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "likes blue"));
  close_window (window);
  window = open_document ();
  g_assert_cmpstr (refract_session_get_note (window->session, "user", USER), ==, "likes blue");
  close_window (window);
}

static void
test_delete_run (void)
{
  RefractWindow *window = open_document ();
  GListModel *runs = refract_session_get_runs (window->session);
  guint before = g_list_model_get_n_items (runs);
  g_autofree char *table = NULL;

  gtk_widget_activate_action (GTK_WIDGET (window), "win.delete-run", "s", "run-2");
  g_assert_cmpuint (g_list_model_get_n_items (runs), ==, before - 1);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (runs), ==, before);
  g_assert_nonnull (refract_session_find_run (window->session, "run-2"));
  table = refract_window_dup_table (window, "train");
  g_assert_nonnull (strstr (table, "run-2,"));
  /* Not taken back: it is gone when the window is closed. */
  gtk_widget_activate_action (GTK_WIDGET (window), "win.delete-run", "s", "run-3");
  wait_until (window_has_document, window);
  g_assert_cmpstr (refract_session_get_trained (window->session)->run->id, ==, "run-2");
  close_window (window);
  window = open_document ();
  g_assert_null (refract_session_find_run (window->session, "run-3"));
  g_assert_nonnull (refract_session_find_run (window->session, "run-2"));
  close_window (window);
}

static void
test_command_search (void)
{
  RefractWindow *window = open_document ();
  RefractCommandSearch *search = REFRACT_COMMAND_SEARCH (refract_command_search_new (GTK_WINDOW (window), window->session));
  g_autofree char *title = NULL;
  g_autoptr(GObject) first = NULL;

  refract_command_search_set_text (search, "U0012");
  g_assert_cmpuint (g_list_model_get_n_items (refract_command_search_get_results (search)), ==, 1);
  first = g_list_model_get_item (refract_command_search_get_results (search), 0);
  g_object_get (first, "title", &title, NULL);
  g_assert_cmpstr (title, ==, "U0012");
  refract_command_search_activate (search, 0);
  wait_until (window_has_document, window);
  g_assert_cmpstr (rf_catalog_get_user_id (refract_session_get_catalog (window->session), refract_explore_page_get_user (window->explore_page)), ==, "U0012");
  close_window (window);
}

static void
test_export_window (void)
{
  RefractWindow *window = open_document ();
  const guint32 shown[] = { 1, 2 };
  GtkWidget *export = refract_export_window_new (GTK_WINDOW (window), window->session, refract_explore_page_get_user (window->explore_page), shown, 2, "two");
  g_autofree char *path = g_build_filename (folder, "one.csv", NULL), *text = NULL;
  g_autoptr(RefractReportJob) job = refract_export_window_make_job (REFRACT_EXPORT_WINDOW (export), path);

  refract_window_run_report (window, job);
  wait_until (window_has_document, window);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\r\n" USER ","));
  gtk_window_destroy (GTK_WINDOW (export));
  close_window (window);
}

static gboolean
has_ended (gpointer job)
{
  return !refract_job_get_running (job);
}

/* The button that says this, underlines and all. */
static GtkWidget *
find_button (GtkWidget *widget, const char *label)
{
  GtkWidget *found = NULL;

  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_button (child, label);
  return found;
}

static void
take_job_cb (GtkWidget *export, RefractReportJob *job, RefractReportJob **taken)
{
  *taken = g_object_ref (job);
}

/* The pages of a PDF, or what is given where they are packed into streams of objects, as Cairo 1.18 does. */
static guint
count_pages (const char *path, guint packed)
{
  g_autofree char *pdf = NULL;
  gsize length = 0;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &pdf, &length, NULL));
  if (memmem (pdf, length, "/ObjStm", 7))
    return packed;
  for (gsize i = 0; i + 12 < length; i++)
    n += memcmp (pdf + i, "/Type /Page", 11) == 0 && pdf[i + 11] != 's';
  return n;
}

static void
printed_cb (GtkPrintOperation *operation, GtkPrintOperationResult result, gboolean *printed)
{
  *printed = result == GTK_PRINT_OPERATION_RESULT_APPLY;
}

static gboolean
is_printed (gpointer printed)
{
  return *(gboolean *) printed;
}

/* Print draws its pages in a job; what the printer gets are those pages. */
static void
test_print (void)
{
  RefractWindow *window = open_document ();
  GtkWidget *export = refract_export_window_new (GTK_WINDOW (window), window->session, refract_explore_page_get_user (window->explore_page), NULL, 0, NULL);
  g_autofree char *path = g_build_filename (folder, "printed.pdf", NULL), *written = g_build_filename (folder, "written.pdf", NULL);
  g_autoptr(GtkPrintOperation) operation = NULL;
  g_autoptr(RefractReportJob) job = NULL;
  GtkWidget *print = find_button (export, "_Print…");
  guint32 user = refract_explore_page_get_user (window->explore_page);
  gboolean printed = FALSE;
  GPtrArray *pages;
  guint n;

  g_signal_connect (export, "export", G_CALLBACK (take_job_cb), &job);
  g_signal_emit_by_name (print, "clicked");
  g_assert_nonnull (job);
  g_assert_null (refract_report_job_get_output (job));
  g_assert_null (refract_report_job_get_pages (job)); /* nothing is drawn yet */
  refract_job_run_async (REFRACT_JOB (job), NULL, NULL);
  wait_until (has_ended, job);
  pages = refract_report_job_get_pages (job);
  g_assert_nonnull (pages);
  operation = refract_print_operation_new (pages, "pages");
  gtk_print_operation_set_export_filename (operation, path);
  gtk_print_operation_set_allow_async (operation, TRUE);
  g_signal_connect (operation, "done", G_CALLBACK (printed_cb), &printed);
  gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_EXPORT, GTK_WINDOW (window), NULL);
  wait_until (is_printed, &printed);
  g_assert_cmpint (gtk_print_operation_get_n_pages_to_print (operation), ==, (int) pages->len);
  n = pages->len;
  g_assert_cmpuint (count_pages (path, n), ==, n);
  /* As many as the file has. */
  g_clear_object (&job);
  job = refract_report_job_new (document, refract_session_get_trained (window->session), &user, 1, 20, written);
  refract_job_run_async (REFRACT_JOB (job), NULL, NULL);
  wait_until (has_ended, job);
  g_assert_cmpuint (count_pages (written, n), ==, n);
  close_window (window);
}

static void
test_planner (void)
{
  RefractAbPlanner *planner = g_object_ref_sink (REFRACT_AB_PLANNER (refract_ab_planner_new ()));
  g_autofree char *text = run_cli ("ab", "plan", "--base", "0.05", "--lift", "10", "--per-day", "2000", "--json", NULL), *users = NULL;
  g_autoptr(JsonParser) parser = json_parser_new ();

  refract_ab_planner_set (planner, 5, 10, 2000);
  g_assert_true (json_parser_load_from_data (parser, text, -1, NULL));
  users = g_strdup_printf ("%" G_GINT64_FORMAT " users in each", json_object_get_int_member (json_node_get_object (json_parser_get_root (parser)), "users_per_arm"));
  g_assert_true (g_str_has_prefix (refract_ab_planner_get_text (planner), users));
  g_object_unref (planner);
}

static void
test_widgets_go_away (void)
{
  GtkWidget *widgets[] = { refract_explore_page_new (), refract_compare_page_new (), refract_compare_results_new (), refract_aligned_lists_new (), refract_ab_planner_new (), refract_user_list_new (),
                           refract_history_composer_new (), refract_ranking_view_new (), refract_share_view_new (), refract_overview_view_new (), refract_why_panel_new () };

  assert_widgets_go_away (widgets, G_N_ELEMENTS (widgets));
}

/* Hidden columns take no room from the titles, and come back as they were. */
static void
test_columns (void)
{
  GtkWidget *view = g_object_ref_sink (refract_ranking_view_new ());
  GListModel *columns = gtk_column_view_get_columns (GTK_COLUMN_VIEW (find_widget (view, GTK_TYPE_COLUMN_VIEW)));
  int widths[16];
  guint n = g_list_model_get_n_items (columns), n_hidden = 0;

  g_assert_cmpuint (n, <=, G_N_ELEMENTS (widths));
  for (int turn = 0; turn < 3; turn++)
    {
      refract_ranking_view_set_narrow (REFRACT_RANKING_VIEW (view), turn == 1);
      for (guint c = 0; c < n; c++)
        {
          g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, c);
          int width = gtk_column_view_column_get_fixed_width (column);

          if (turn == 0)
            widths[c] = width;
          if (gtk_column_view_column_get_visible (column))
            g_assert_cmpint (width, ==, widths[c]);
          else
            g_assert_cmpint (width, ==, 0);
          n_hidden += turn == 1 && !gtk_column_view_column_get_visible (column);
        }
    }
  g_assert_cmpuint (n_hidden, ==, 3);
  g_object_unref (view);
}

int
main (int argc, char **argv)
{
  int status;

  gtk_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  folder = test_folder_new ();
  application = new_application ();
  make_document ();
  g_test_add_func ("/explore/columns", test_columns);
  g_test_add_func ("/explore/sliders", test_sliders);
  g_test_add_func ("/explore/composed", test_composed);
  g_test_add_func ("/explore/table", test_table);
  g_test_add_func ("/explore/why", test_why);
  g_test_add_func ("/explore/shares", test_shares);
  g_test_add_func ("/explore/knock-out-by-driver", test_knock_out_by_driver);
  g_test_add_func ("/explore/segments", test_segments);
  g_test_add_func ("/explore/user-orders", test_user_orders);
  g_test_add_func ("/explore/export-window", test_export_window);
  g_test_add_func ("/explore/print", test_print);
  g_test_add_func ("/explore/notes", test_notes);
  g_test_add_func ("/explore/command-search", test_command_search);
  g_test_add_func ("/compare/runs", test_compare);
  g_test_add_func ("/compare/planner", test_planner);
  g_test_add_func ("/explore/delete-run", test_delete_run);
  g_test_add_func ("/explore/widgets-go-away", test_widgets_go_away);
  status = g_test_run ();
  g_object_unref (application);
  test_folder_remove (folder);
  g_free (document);
  return status;
}
