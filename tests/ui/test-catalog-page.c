/* test-catalog-page.c: the Catalog page: search and facets find what a plain loop finds, without blocking; one item with its words, numbers and
 * neighbours; charts that say something; problems that open.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <time.h>

#include "app/refract-catalog-search.h"
#include "app/refract-item-facts.h"
#include "core/base/rf-linalg.h"
#include "core/catalog/rf-importer.h"
#include "core/catalog/rf-workspace.h"
#include "tests/support/folder.h"
#include "tests/support/ui-helpers.h"
#include "ui/charts/refract-plot.h"
#include "ui/pages/refract-catalog-charts.h"
#include "ui/pages/refract-catalog-page.h"
#include "ui/pages/refract-item-panel.h"
#include "ui/pages/refract-problem-list.h"
#include "ui/pages/refract-problem-window.h"

#define N_ITEMS 3000

static char *folder;
static RefractSession *session;

static gboolean
page_is_settled (gpointer page)
{
  return refract_catalog_page_is_settled (page);
}

static gboolean
search_is_settled (gpointer search)
{
  return refract_catalog_search_is_settled (search);
}

/* Items with titles, categories, some with an Umlaut; item i is chosen by i % 7 users; a picture for two; one broken picture. */
static void
make_session (void)
{
  g_autoptr(GString) items = g_string_new ("item_id,title,description,category,image\n"), interactions = g_string_new ("user_id,item_id,timestamp\n");
  g_autofree char *path = g_build_filename (folder, "out.refract", NULL);
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < N_ITEMS; i++)
    {
      g_string_append_printf (items, "id%u,%s %u,%s,%s,%s\n", i, i % 10 == 3 ? "Größe" : "Chair", i, i % 4 == 0 ? "" : "A sturdy piece of the house.", i % 3 ? "seats" : "seats|garden",
                              i == 0 ? "images/one.jpg" : i == 2 ? "images/broken.jpg" : "");
      for (guint u = 0; u < i % 7; u++)
        g_string_append_printf (interactions, "u%u,id%u,%u\n", u, i, 1000000 + i);
    }
  test_folder_write (folder, "items.csv", items->str, -1);
  test_folder_write (folder, "interactions.csv", interactions->str, -1);
  test_folder_picture (folder, "images/one.jpg", 200, 100, "jpeg");
  test_folder_write (folder, "images/broken.jpg", "no picture", -1);
  rf_import_to_workspace (folder, path, NULL, report, NULL, &error);
  g_assert_no_error (error);
  session = refract_session_new_from_file (path, &error);
  g_assert_no_error (error);
}

static guint
count_found (RefractCatalogSearch *search, RefractItemQuery query, guint32 *first)
{
  guint n;
  g_autofree guint32 *found = NULL;

  refract_catalog_search_set_query (search, &query);
  wait_until (search_is_settled, search);
  found = refract_catalog_search_take (search, &n);
  *first = n > 0 ? found[0] : RF_NO_INDEX;
  return n;
}

static void
test_search (void)
{
  g_autoptr(RefractCatalogSearch) search = refract_catalog_search_new ();
  const guint32 *counts = refract_session_get_item_counts (session);
  guint n_never = 0, n_head = 0, n_middle = 0;
  guint32 first, head, middle;

  refract_catalog_search_set_session (search, session);
  g_assert_cmpuint (count_found (search, (RefractItemQuery) { 0 }, &first), ==, N_ITEMS);
  g_assert_cmpuint (first, ==, 0);
  g_assert_cmpuint (count_found (search, (RefractItemQuery) { .text = "GRÖSSE" }, &first), ==, N_ITEMS / 10);
  g_assert_cmpuint (first, ==, 3);
  g_assert_cmpuint (count_found (search, (RefractItemQuery) { .text = " chair  STURDY " }, &first), ==, N_ITEMS * 13 / 20);
  g_assert_cmpuint (count_found (search, (RefractItemQuery) { .text = "id2999" }, &first), ==, 1);
  g_assert_cmpuint (first, ==, 2999);
  g_assert_cmpuint (count_found (search, (RefractItemQuery) { .text = "no such thing" }, &first), ==, 0);
  g_assert_cmpuint (count_found (search, (RefractItemQuery) { .category = "garden" }, &first), ==, N_ITEMS / 3);
  g_assert_cmpuint (count_found (search, (RefractItemQuery) { .category = "gard" }, &first), ==, 0);
  g_assert_cmpuint (count_found (search, (RefractItemQuery) { .missing = REFRACT_MISSING_TEXT }, &first), ==, N_ITEMS / 4);
  g_assert_cmpuint (count_found (search, (RefractItemQuery) { .missing = REFRACT_MISSING_PICTURE }, &first), ==, N_ITEMS - 1);
  g_assert_cmpstr (refract_catalog_search_get_categories (search)[0], ==, "seats");
  g_assert_cmpstr (refract_catalog_search_get_categories (search)[1], ==, "garden");
  g_assert_cmpuint (refract_catalog_search_get_category_counts (search)[1], ==, N_ITEMS / 3);
  refract_catalog_search_get_bands (search, &head, &middle);
  for (guint i = 0; i < N_ITEMS; i++)
    {
      n_never += counts[i] == 0;
      n_head += counts[i] >= head;
      n_middle += counts[i] >= middle && counts[i] < head;
    }
  g_assert_cmpuint (count_found (search, (RefractItemQuery) { .band = REFRACT_BAND_NEVER }, &first), ==, n_never);
  g_assert_cmpuint (count_found (search, (RefractItemQuery) { .band = REFRACT_BAND_HEAD }, &first), ==, n_head);
  g_assert_cmpuint (count_found (search, (RefractItemQuery) { .band = REFRACT_BAND_MIDDLE }, &first), ==, n_middle);
  g_assert_cmpuint (count_found (search, (RefractItemQuery) { .order = REFRACT_ORDER_MOST_CHOSEN }, &first), ==, N_ITEMS);
  g_assert_cmpuint (counts[first], ==, 6);
  count_found (search, (RefractItemQuery) { .order = REFRACT_ORDER_LEAST_CHOSEN }, &first);
  g_assert_cmpuint (counts[first], ==, 0);
}

static gboolean
is_unset (gpointer data)
{
  g_usleep (1000);
  g_main_context_wakeup (NULL);
  return *(gpointer *) data == NULL;
}

/* Many wishes in a row: the last one is answered; a document that goes away leaves nothing running. */
static void
test_typing (void)
{
  RefractCatalogSearch *search = refract_catalog_search_new ();
  guint n;
  g_autofree guint32 *found = NULL;

  refract_catalog_search_set_session (search, session);
  for (guint k = 0; k < 50; k++)
    {
      g_autofree char *text = g_strdup_printf ("chair %u", k);

      refract_catalog_search_set_query (search, &(RefractItemQuery) { .text = text });
      g_main_context_iteration (NULL, FALSE);
    }
  refract_catalog_search_set_query (search, &(RefractItemQuery) { .text = "id17" });
  wait_until (search_is_settled, search);
  found = refract_catalog_search_take (search, &n);
  g_assert_cmpuint (n, ==, 111); /* 17, 170 .. 179, 1700 .. 1799 */
  refract_catalog_search_set_query (search, &(RefractItemQuery) { .text = "sturdy" });
  refract_catalog_search_set_session (search, NULL);
  wait_until (search_is_settled, search);
  g_object_add_weak_pointer (G_OBJECT (search), (gpointer *) &search);
  g_object_unref (search);
  wait_until (is_unset, &search); /* the thread may hold it a moment longer */
}

static void
looked_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  *(RefractItemFacts **) data = refract_item_looker_look_finish (REFRACT_ITEM_LOOKER (object), result, NULL);
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static void
test_facts (void)
{
  g_autoptr(RefractItemLooker) looker = refract_item_looker_new ();
  RefractItemFacts *facts = NULL;

  refract_item_looker_look_async (looker, session, 5, looked_cb, &facts);
  wait_until (is_set, &facts);
  g_assert_cmpuint (facts->words->len, ==, 3); /* "a", "of" and "the" say nothing */
  g_assert_cmpstr (facts->words->pdata[0], ==, "sturdy");
  g_assert_cmpfloat (facts->stats[RF_STAT_COUNT], ==, 5);
  g_assert_cmpuint (facts->n_modalities, ==, 0);
  refract_item_facts_free (facts);
}

static gboolean
search_has_come (gpointer page)
{
  return refract_catalog_page_is_settled (page) && refract_catalog_page_get_n_shown (page) == N_ITEMS / 10;
}

static void
test_page (void)
{
  GtkWidget *window = gtk_window_new (), *page = refract_catalog_page_new (), *panel, *charts;

  gtk_window_set_default_size (GTK_WINDOW (window), 1100, 700);
  gtk_window_set_child (GTK_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));
  refract_catalog_page_set_session (REFRACT_CATALOG_PAGE (page), session);
  g_assert_cmpuint (refract_catalog_page_get_n_shown (REFRACT_CATALOG_PAGE (page)), ==, N_ITEMS); /* at once, before the thread has looked */
  wait_until (page_is_settled, page);
  panel = find_widget (page, REFRACT_TYPE_ITEM_PANEL);
  g_assert_true (refract_catalog_page_choose_item (REFRACT_CATALOG_PAGE (page), "id13"));
  g_assert_true (gtk_widget_get_visible (panel));
  refract_catalog_page_search (REFRACT_CATALOG_PAGE (page), "größe");
  wait_until (search_has_come, page);
  g_assert_true (gtk_widget_get_visible (panel)); /* 13 is still among them and stays chosen */
  refract_catalog_page_search (REFRACT_CATALOG_PAGE (page), "nothing like that");
  while (refract_catalog_page_get_n_shown (REFRACT_CATALOG_PAGE (page)) > 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (refract_catalog_page_choose_item (REFRACT_CATALOG_PAGE (page), "id13"));
  charts = find_widget (page, REFRACT_TYPE_CATALOG_CHARTS);
  refract_catalog_page_show_charts (REFRACT_CATALOG_PAGE (page), TRUE);
  while (refract_catalog_charts_get_n (REFRACT_CATALOG_CHARTS (charts)) == 0)
    g_main_context_iteration (NULL, TRUE);
  wait_until (page_is_settled, page);
  g_assert_cmpuint (refract_catalog_charts_get_n (REFRACT_CATALOG_CHARTS (charts)), ==, 8); /* all but ratings, of which there are none */
  g_assert_cmpuint (count_widgets (charts, REFRACT_TYPE_PLOT), ==, 8);
  refract_catalog_page_set_session (REFRACT_CATALOG_PAGE (page), NULL);
  g_assert_cmpuint (refract_catalog_page_get_n_shown (REFRACT_CATALOG_PAGE (page)), ==, 0);
  close_window (window);
}

static gboolean
problem_is_settled (gpointer window)
{
  return refract_problem_window_is_settled (window);
}

static void
test_problems (void)
{
  const RfImportReport *report = refract_session_get_report (session);
  RfCatalog *catalog = refract_session_get_catalog (session);
  GtkWidget *list = g_object_ref_sink (refract_problem_list_new ()), *window;
  const RfProblem *broken = NULL;

  for (gsize p = 0; p < rf_import_report_get_n (report); p++)
    if (strcmp (rf_import_report_get (report, p)->kind, "not-an-image") == 0)
      broken = rf_import_report_get (report, p);
  g_assert_nonnull (broken);
  g_assert_cmpuint (broken->line, ==, 4);
  refract_problem_list_set_report (REFRACT_PROBLEM_LIST (list), report, catalog, folder);
  g_assert_cmpuint (count_widgets (list, ADW_TYPE_EXPANDER_ROW), ==, rf_import_report_get_n_kinds (report));
  g_assert_finalize_object (list);
  window = refract_problem_window_new (NULL, broken, catalog, folder);
  gtk_window_present (GTK_WINDOW (window));
  wait_until (problem_is_settled, window);
  g_assert_cmpuint (count_widgets (window, ADW_TYPE_ACTION_ROW), ==, 1 + 5); /* what is wrong, and the five fields */
  close_window (window);
}

static void
test_widgets_go_away (void)
{
  GtkWidget *widgets[] = { refract_catalog_charts_new (), refract_problem_list_new (), refract_item_panel_new (), refract_catalog_page_new () };

  assert_widgets_go_away (widgets, G_N_ELEMENTS (widgets));
}

int
main (int argc, char **argv)
{
  int status;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  rf_linalg_init ();
  folder = test_folder_new ();
  make_session ();
  g_test_add_func ("/catalog/search", test_search);
  g_test_add_func ("/catalog/typing", test_typing);
  g_test_add_func ("/catalog/facts", test_facts);
  g_test_add_func ("/catalog/page", test_page);
  g_test_add_func ("/catalog/problems", test_problems);
  g_test_add_func ("/catalog/widgets-go-away", test_widgets_go_away);
  status = g_test_run ();
  g_object_unref (session);
  test_folder_remove (folder);
  return status;
}
