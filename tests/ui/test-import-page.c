/* test-import-page.c: the import assistant looks, lets roles and filters be changed, and says what they do; the first page and the help.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "app/refract-settings.h"
#include "core/base/rf-linalg.h"
#include "core/catalog/rf-importer.h"
#include "tests/support/folder.h"
#include "tests/support/ui-helpers.h"
#include "ui/pages/refract-import-page.h"
#include "ui/pages/refract-import-table-view.h"
#include "ui/pages/refract-welcome-page.h"
#include "ui/refract-help.h"

static char *folder;

static gboolean
is_settled (gpointer page)
{
  return refract_import_page_is_settled (page);
}

static void
count_changed_cb (gpointer page, guint *n)
{
  ++*n;
}

static void
test_assistant (void)
{
  GtkWidget *window = gtk_window_new (), *page = refract_import_page_new (), *view;
  RefractImportPage *self = REFRACT_IMPORT_PAGE (page);
  RfCatalog *catalog;
  guint n_changed = 0;

  gtk_window_set_default_size (GTK_WINDOW (window), 900, 900);
  gtk_window_set_child (GTK_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));
  g_signal_connect (page, "changed", G_CALLBACK (count_changed_cb), &n_changed);
  g_assert_false (refract_import_page_can_import (self));
  refract_import_page_set_source (self, folder);
  g_assert_false (refract_import_page_can_import (self)); /* not before it has been looked at */
  wait_until (is_settled, page);
  g_assert_true (refract_import_page_can_import (self));
  g_assert_cmpuint (n_changed, >, 0);
  g_assert_true (g_str_has_suffix (refract_import_page_get_path (self), ".refract"));
  catalog = refract_preview_job_get_catalog (refract_import_page_get_result (self));
  g_assert_cmpuint (rf_catalog_get_n_interactions (catalog), ==, 6);
  g_assert_true (has_text (page, "items.csv"));

  /* A role is taken away by the table, as a user would. */
  view = find_widget (page, REFRACT_TYPE_IMPORT_TABLE_VIEW);
  g_signal_emit_by_name (view, "role-changed", "description", "", "description");
  g_assert_false (refract_import_page_can_import (self));
  wait_until (is_settled, page);
  catalog = refract_preview_job_get_catalog (refract_import_page_get_result (self));
  g_assert_cmpstr (rf_catalog_get_item_description (catalog, 0), ==, "");
  g_assert_true (view == find_widget (page, REFRACT_TYPE_IMPORT_TABLE_VIEW)); /* not built anew: the focus stays */

  /* A filter: before and after. */
  refract_import_page_get_plan (self)->filter.has_min_rating = TRUE;
  refract_import_page_get_plan (self)->filter.min_rating = 4;
  refract_import_page_look_again (self);
  wait_until (is_settled, page);
  g_assert_true (has_text (page, "6 → 3"));

  /* A format that does not fit is said, and can be taken back. */
  g_free (refract_import_page_get_plan (self)->format);
  refract_import_page_get_plan (self)->format = g_strdup ("movielens-1m");
  refract_import_page_look_again (self);
  wait_until (is_settled, page);
  g_assert_false (refract_import_page_can_import (self));
  g_assert_true (has_text (page, "This cannot be imported as it is"));
  refract_import_page_set_source (self, folder);
  wait_until (is_settled, page);
  g_assert_true (refract_import_page_can_import (self));
  g_assert_false (has_text (page, "This cannot be imported as it is"));

  /* Left while it looks. */
  refract_import_page_look_again (self);
  close_window (window);
}

/* Tables that do not belong together: said before all counts, and taken back with the next folder. */
static void
test_no_match (void)
{
  GtkWidget *window = gtk_window_new (), *page = refract_import_page_new ();
  RefractImportPage *self = REFRACT_IMPORT_PAGE (page);
  char *stranger = test_folder_new (), *nothing = test_folder_new ();

  test_folder_write (stranger, "items.csv", "item_id,title\na,Anchor\n", -1);
  test_folder_write (stranger, "interactions.csv", "user_id,item_id\nu,Za\n", -1);
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 900);
  gtk_window_set_child (GTK_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));
  refract_import_page_set_source (self, stranger);
  wait_until (is_settled, page);
  g_assert_true (refract_import_page_can_import (self));
  g_assert_true (has_text (page, "This can be imported, but little can be learned from it"));
  refract_import_page_set_source (self, nothing);
  wait_until (is_settled, page);
  g_assert_false (refract_import_page_can_import (self));
  g_assert_true (has_text (page, "This cannot be imported as it is"));
  g_assert_false (has_text (page, "This can be imported, but little can be learned from it"));
  close_window (window);
  test_folder_remove (stranger);
  test_folder_remove (nothing);
}

static void
test_tables_finalize (void)
{
  GtkWidget *widgets[] = { refract_import_page_new (), refract_import_table_view_new () };

  assert_widgets_go_away (widgets, G_N_ELEMENTS (widgets));
}

/* Documents that are there are on the first page, with what their age is; those that are gone are not. */
static void
test_welcome (void)
{
  GtkWidget *window = gtk_window_new (), *page = refract_welcome_page_new ();
  g_autofree char *path = g_build_filename (folder, "shop.refract", NULL), *gone = g_build_filename (folder, "gone.refract", NULL);
  g_autoptr(RfImportReport) report = rf_import_report_new ();

  g_assert_true (rf_import_to_workspace (folder, path, NULL, report, NULL, NULL));
  refract_settings_add_recent (gone);
  refract_settings_add_recent (path);
  refract_welcome_page_refresh (REFRACT_WELCOME_PAGE (page));
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 900);
  gtk_window_set_child (GTK_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));
  for (guint k = 0; k < 500 && !has_text (page, "shop"); k++)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (has_text (page, "shop"));
  g_assert_true (has_text (page, "today"));
  g_assert_false (has_text (page, "gone"));
  refract_settings_remove_recent (path);
  refract_settings_remove_recent (gone);
  refract_welcome_page_refresh (REFRACT_WELCOME_PAGE (page));
  g_assert_false (has_text (page, "shop"));
  close_window (window);
}

static void
test_help (void)
{
  g_autofree char *path = refract_help_find (), *text = NULL;

  if (path == NULL)
    {
      g_test_skip ("The help pages are neither beside the program nor installed.");
      return;
    }
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "Refract"));
  g_assert_null (strstr (text, "<script"));
}

int
main (int argc, char **argv)
{
  int status;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  rf_linalg_init ();
  folder = test_folder_new ();
  test_folder_fill (folder);
  g_test_add_func ("/import-page/assistant", test_assistant);
  g_test_add_func ("/import-page/no-match", test_no_match);
  g_test_add_func ("/import-page/widgets-go-away", test_tables_finalize);
  g_test_add_func ("/import-page/welcome", test_welcome);
  g_test_add_func ("/import-page/help", test_help);
  status = g_test_run ();
  test_folder_remove (folder);
  return status;
}
