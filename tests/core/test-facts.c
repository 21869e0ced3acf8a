/* test-facts.c: what the importers keep of columns and knowledge graphs, the document with them in it, and facts made of them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/catalog/rf-facts.h"
#include "core/catalog/rf-importer.h"
#include "core/catalog/rf-workspace-private.h"
#include "tests/support/folder.h"

typedef struct
{
  char *folder, *path; /* path: a document beside the folder's tables */
  RfImportReport *report;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = test_folder_new ();
  f->path = g_build_filename (f->folder, "a.refract", NULL);
  f->report = rf_import_report_new ();
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  rf_import_report_free (f->report);
  g_free (f->path);
  test_folder_remove (f->folder);
}

static const char films[] =
  "item_id,title,category,director,cast,year\n"
  "a,Unforgiven,Western|Drama,Clint Eastwood,Clint Eastwood|Gene Hackman,1992\n"
  "b,Mystic River,Drama,Clint Eastwood,Sean Penn,2003\n"
  "c,Heist,Drama, David Mamet ,Gene Hackman||Gene Hackman,2001\n"
  "d,Nothing,,,,1992\n";

static void
write_films (Fixture *f)
{
  test_folder_write (f->folder, "items.csv", films, -1);
  test_folder_write (f->folder, "interactions.csv", "user_id,item_id\nu,a\nu,b\nv,b\nv,c\nw,b\nw,c\nw,a\n", -1);
}

static RfCatalog *
import (Fixture *f, const RfImportOptions *options)
{
  g_autoptr(GError) error = NULL;
  RfCatalog *catalog = rf_import_catalog (f->folder, options, f->report, NULL, &error);

  g_assert_no_error (error);
  return catalog;
}

static RfCatalog *
import_and_load (Fixture *f)
{
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(GError) error = NULL;
  RfCatalog *catalog;

  rf_import_to_workspace (f->folder, f->path, NULL, f->report, NULL, &error);
  g_assert_no_error (error);
  workspace = rf_workspace_open (f->path, &error);
  g_assert_no_error (error);
  catalog = rf_workspace_load_catalog (workspace, &error);
  g_assert_no_error (error);
  return catalog;
}

static const char *
name_of (const RfCatalog *catalog, const RfFacts *facts, guint32 node)
{
  return node < facts->n_items ? rf_catalog_get_item_id (catalog, node) : g_ptr_array_index (facts->entities, node - facts->n_items);
}

/* All facts as "head relation tail;" in their order. */
static char *
text_of (const RfCatalog *catalog, const RfFacts *facts)
{
  GString *text = g_string_new (NULL);

  for (gsize k = 0; k < facts->n; k++)
    g_string_append_printf (text, "%s %s %s;", name_of (catalog, facts, facts->head[k]),
                            (char *) g_ptr_array_index (facts->relations, facts->relation[k]), name_of (catalog, facts, facts->tail[k]));
  return g_string_free (text, FALSE);
}

static void
assert_facts (const RfCatalog *catalog, const char *columns, guint min_count, const char *expected)
{
  g_autoptr(RfFacts) facts = rf_facts_new (catalog, columns, min_count);
  g_autofree char *text = text_of (catalog, facts);

  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpuint (facts->n_nodes, ==, facts->n_items + rf_facts_count_entities (facts));
  g_assert_cmpuint (facts->ptr[facts->n_nodes], ==, facts->n);
  for (guint32 h = 0; h < facts->n_nodes; h++)
    for (gsize k = facts->ptr[h]; k < facts->ptr[h + 1]; k++)
      g_assert_cmpuint (facts->head[k], ==, h);
}

static void
test_columns (Fixture *f, gconstpointer data)
{
  g_autoptr(RfCatalog) catalog = NULL;

  write_films (f);
  catalog = import (f, NULL);
  g_assert_cmpuint (rf_catalog_get_n_columns (catalog), ==, 3);
  g_assert_cmpstr (rf_catalog_get_column (catalog, 0), ==, "director");
  g_assert_cmpstr (rf_catalog_get_item_value (catalog, 0, 2), ==, "David Mamet");
  g_assert_cmpstr (rf_catalog_get_item_value (catalog, 1, 0), ==, "Clint Eastwood|Gene Hackman");
  g_assert_cmpstr (rf_catalog_get_item_value (catalog, 1, 3), ==, "");
  /* a person is one entity, whatever he does; a number belongs to its column; each fact once */
  assert_facts (catalog, "director, cast", 1,
                "a director Clint Eastwood;a cast Clint Eastwood;a cast Gene Hackman;b director Clint Eastwood;b cast Sean Penn;"
                "c director David Mamet;c cast Gene Hackman;");
  assert_facts (catalog, "director, cast", 2, "a director Clint Eastwood;a cast Clint Eastwood;a cast Gene Hackman;b director Clint Eastwood;c cast Gene Hackman;");
  assert_facts (catalog, "year", 1, "a year year 1992;b year year 2003;c year year 2001;d year year 1992;");
  assert_facts (catalog, "category", 2, "a category Drama;b category Drama;c category Drama;");
  assert_facts (catalog, "none", 1, "");
  assert_facts (catalog, "", 3, "a category Drama;a director Clint Eastwood;a cast Clint Eastwood;b category Drama;b director Clint Eastwood;c category Drama;");
}

/* Items that a k-core drops take their values with them. */
static void
test_filter (Fixture *f, gconstpointer data)
{
  const RfFilterOptions filter = { .k_core = 2, .since = RF_NO_TIMESTAMP, .until = RF_NO_TIMESTAMP };
  const RfImportOptions options = { .filter = &filter };
  g_autoptr(RfCatalog) catalog = NULL;

  write_films (f);
  test_folder_write (f->folder, "interactions.csv", "user_id,item_id\nu,a\nv,b\nv,c\nw,b\nw,c\nx,b\nx,c\n", -1);
  catalog = import (f, &options);
  g_assert_cmpuint (rf_catalog_get_n_items (catalog), ==, 2);
  assert_facts (catalog, "director", 1, "b director Clint Eastwood;c director David Mamet;");
}

static void
test_json (Fixture *f, gconstpointer data)
{
  g_autoptr(RfCatalog) catalog = NULL;

  test_folder_write (f->folder, "items.jsonl", "{\"item_id\": \"a\", \"title\": \"A\", \"cast\": [\"X Y\", \"Z\"], \"price\": 3.5}\n{\"item_id\": \"b\", \"cast\": \"Z\"}\n", -1);
  test_folder_write (f->folder, "interactions.csv", "user_id,item_id\nu,a\nu,b\n", -1);
  catalog = import (f, NULL);
  assert_facts (catalog, NULL, 1, "a cast X Y;a cast Z;b cast Z;");
}

static void
write_recbole (Fixture *f)
{
  test_folder_write (f->folder, "ml.inter", "user_id:token\titem_id:token\n1\ta\n2\tb\n", -1);
  test_folder_write (f->folder, "ml.item", "item_id:token\tclass:token_seq\ttags:token_seq\tprice:float\na\tDrama War\tdark slow\t3\nb\tWar\tslow\t4\n", -1);
  test_folder_write (f->folder, "ml.kg", "head_id:token\trelation_id:token\ttail_id:token\nm.1\tfilm.genre\tm.7\nm.8\tdirected\tm.1\nm.8\tborn\tm.9\nm.2\tsequel\tm.1\nm.8\t\tm.9\n", -1);
  test_folder_write (f->folder, "ml.link", "item_id:token\tentity_id:token\na\tm.1\nb\tm.2\nzz\tm.3\n", -1);
}

static void
test_recbole (Fixture *f, gconstpointer data)
{
  g_autoptr(RfCatalog) catalog = NULL;
  RfTriples t;

  write_recbole (f);
  catalog = import (f, NULL);
  t = rf_catalog_get_triples (catalog);
  g_assert_cmpuint (t.n, ==, 4);
  g_assert_cmpuint (t.n_entities, ==, 5);
  g_assert_cmpuint (t.n_relations, ==, 4);
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "unknown-link"), ==, 1);
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "incomplete-fact"), ==, 1);
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "file-not-read"), ==, 0);
  /* what is said about an item with the item behind is turned round; two items keep their direction */
  assert_facts (catalog, "tags", 1, "a tags dark;a tags slow;a film.genre m.7;a ~directed m.8;b tags slow;b sequel a;m.8 born m.9;");
  assert_facts (catalog, "category", 2, "a category War;a ~directed m.8;b category War;b sequel a;");
}

static void
test_alone (Fixture *f, gconstpointer data)
{
  g_autoptr(RfCatalog) catalog = NULL;
  g_autofree char *link = g_build_filename (f->folder, "ml.link", NULL);

  write_recbole (f);
  g_assert_cmpint (g_remove (link), ==, 0);
  catalog = import (f, NULL);
  g_assert_cmpuint (rf_catalog_get_triples (catalog).n, ==, 0);
  g_assert_cmpuint (rf_import_report_count_kind (f->report, "file-not-read"), ==, 1);
}

/* What goes into a document comes out, and counts in the catalog's hash. */
static void
test_document (Fixture *f, gconstpointer data)
{
  g_autoptr(RfCatalog) catalog = NULL, loaded = NULL, changed = NULL;
  g_autoptr(RfFacts) a = NULL, b = NULL;
  g_autofree char *before = NULL, *after = NULL, *other = g_strdup (films);

  if (data != NULL)
    write_recbole (f);
  else
    write_films (f);
  loaded = import_and_load (f);
  catalog = import (f, NULL);
  a = rf_facts_new (catalog, NULL, 1);
  b = rf_facts_new (loaded, NULL, 1);
  before = text_of (catalog, a);
  after = text_of (loaded, b);
  g_assert_cmpuint (a->n, >, 5);
  g_assert_cmpstr (before, ==, after);
  if (data != NULL)
    return;
  memcpy (strstr (other, "David Mamet"), "David Lynch", 11);
  test_folder_write (f->folder, "items.csv", other, -1);
  changed = import (f, NULL);
  g_assert_cmpstr (rf_catalog_get_hash (changed), !=, rf_catalog_get_hash (catalog));
}

static void
change (const char *path, const char *sql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RfWorkspace) workspace = rf_workspace_open (path, &error);

  g_assert_no_error (error);
  rf_workspace_exec (workspace, sql, &error);
  g_assert_no_error (error);
}

/* A document of before is read without facts; one that somebody changed is refused with a sentence. */
static void
test_changed (Fixture *f, gconstpointer data)
{
  static const char *const changes[] = {
    "UPDATE entity SET item = 99 WHERE entity = 1", "DELETE FROM relation WHERE relation = 0", "UPDATE fact SET tail = 77 WHERE rowid = 1",
    "UPDATE item_column SET number = 5", "INSERT INTO item_value VALUES (50, 0, 'x')",
  };
  g_autoptr(GError) error = NULL;

  write_recbole (f);
  for (gsize c = 0; c < G_N_ELEMENTS (changes); c++)
    {
      g_autoptr(RfCatalog) fine = import_and_load (f), refused = NULL;
      g_autoptr(RfWorkspace) workspace = NULL;
      g_autofree char *sql = g_strconcat ("PRAGMA foreign_keys=OFF;", changes[c], NULL);

      change (f->path, sql);
      workspace = rf_workspace_open (f->path, &error);
      g_assert_no_error (error);
      refused = rf_workspace_load_catalog (workspace, &error);
      g_assert_null (refused);
      g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
      g_clear_error (&error);
      g_remove (f->path);
    }
  {
    g_autoptr(RfCatalog) fine = import_and_load (f), old = NULL;
    g_autoptr(RfWorkspace) workspace = NULL;

    change (f->path, "DROP TABLE fact; DROP TABLE item_value; DROP TABLE entity; DROP TABLE relation; DROP TABLE item_column; PRAGMA user_version = 2");
    workspace = rf_workspace_open (f->path, &error);
    g_assert_no_error (error);
    old = rf_workspace_load_catalog (workspace, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (rf_catalog_get_n_columns (old), ==, 0);
    g_assert_cmpuint (rf_catalog_get_triples (old).n, ==, 0);
    g_assert_cmpuint (rf_catalog_get_n_items (old), ==, 2);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/facts/columns", Fixture, NULL, set_up, test_columns, tear_down);
  g_test_add ("/facts/filter", Fixture, NULL, set_up, test_filter, tear_down);
  g_test_add ("/facts/json", Fixture, NULL, set_up, test_json, tear_down);
  g_test_add ("/facts/recbole", Fixture, NULL, set_up, test_recbole, tear_down);
  g_test_add ("/facts/recbole-alone", Fixture, NULL, set_up, test_alone, tear_down);
  g_test_add ("/facts/document/columns", Fixture, NULL, set_up, test_document, tear_down);
  g_test_add ("/facts/document/graph", Fixture, "graph", set_up, test_document, tear_down);
  g_test_add ("/facts/changed", Fixture, NULL, set_up, test_changed, tear_down);
  return g_test_run ();
}
