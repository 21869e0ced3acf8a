/* test-contract.c: the command line from folder to ranking, as scripts use it: one JSON document on standard output, its shape,
 * exit codes 0, 1 and 2, the same bytes for the same seed. argv[1]: the built refract-cli.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/support/folder.h"

#define USERS 60
#define ITEMS 120

static const char *program;
static char *folder, *catalog, *document; /* of all tests: a sample, and the document made of it */
static char *first_user;

typedef struct
{
  int code;
  char *out, *err;
} Result;

static void
result_clear (Result *self)
{
  g_clear_pointer (&self->out, g_free);
  g_clear_pointer (&self->err, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, result_clear)

static void
run_array (const char *const *arguments, Result *result)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  int status = 0;

  g_ptr_array_add (argv, (char *) program);
  for (gsize i = 0; arguments[i]; i++)
    g_ptr_array_add (argv, (char *) arguments[i]);
  g_ptr_array_add (argv, NULL);
  g_spawn_sync (NULL, (char **) argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &result->out, &result->err, &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status)); /* not by a signal */
  result->code = WEXITSTATUS (status);
}

#define RUN(result, ...) run_array ((const char *const[]) { __VA_ARGS__, NULL }, result)

/* In a list of one, so that a second document behind the first one is seen whatever the parser makes of it. */
static JsonNode *
parse_one (const char *text)
{
  g_autofree char *listed = g_strdup_printf ("[%s]", text);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) list = NULL;

  g_assert_true (g_utf8_validate (text, -1, NULL));
  list = json_from_string (listed, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (list)), ==, 1);
  return json_array_dup_element (json_node_get_array (list), 0);
}

static JsonNode *
run_json_array (const char *const *arguments)
{
  g_auto(Result) result = { 0 };

  run_array (arguments, &result);
  if (result.code != 0)
    g_test_message ("%s", result.err);
  g_assert_cmpint (result.code, ==, 0);
  return parse_one (result.out);
}

#define RUN_JSON(...) run_json_array ((const char *const[]) { __VA_ARGS__, "--json", NULL })

static double
number (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  g_assert_nonnull (node);
  g_assert_true (JSON_NODE_HOLDS_VALUE (node));
  g_assert_true (json_node_get_value_type (node) == G_TYPE_INT64 || json_node_get_value_type (node) == G_TYPE_DOUBLE);
  return json_node_get_double (node);
}

static const char *
string (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  g_assert_nonnull (node);
  g_assert_true (json_node_get_value_type (node) == G_TYPE_STRING);
  return json_node_get_string (node);
}

static JsonObject *
object (JsonObject *parent, const char *name)
{
  JsonNode *node = json_object_get_member (parent, name);

  g_assert_nonnull (node);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (node));
  return json_node_get_object (node);
}

static JsonArray *
array (JsonObject *parent, const char *name)
{
  JsonNode *node = json_object_get_member (parent, name);

  g_assert_nonnull (node);
  g_assert_true (JSON_NODE_HOLDS_ARRAY (node));
  return json_node_get_array (node);
}

static void
check_counts (JsonObject *counts)
{
  static const char *const modalities[] = { "image", "text", "behaviour" };

  g_assert_cmpfloat (number (counts, "users"), ==, USERS);
  g_assert_cmpfloat (number (counts, "items"), ==, ITEMS);
  g_assert_cmpfloat (number (counts, "interactions"), >=, USERS);
  g_assert_cmpfloat (number (counts, "problem_count"), ==, 0);
  for (gsize m = 0; m < G_N_ELEMENTS (modalities); m++)
    g_assert_cmpfloat (number (object (object (counts, "modalities"), modalities[m]), "available"), ==, ITEMS);
}

static void
test_import (void)
{
  g_autofree char *other = g_build_filename (folder, "imported.refract", NULL);
  g_autoptr(JsonNode) imported = RUN_JSON ("import", catalog, "-o", other), info = RUN_JSON ("info", other);
  JsonObject *counts = json_node_get_object (imported), *known = json_node_get_object (info);

  check_counts (counts);
  check_counts (known);
  g_assert_cmpuint (json_array_get_length (array (counts, "problems")), ==, 0);
  g_assert_cmpuint (json_array_get_length (array (known, "runs")), ==, 0);
  g_assert_cmpfloat (number (counts, "interactions"), ==, number (known, "interactions"));
  known = object (json_node_get_object (info), "statistics");
  g_assert_cmpfloat (number (object (object (known, "users"), "count"), "known"), ==, USERS);
  g_assert_cmpfloat (fabs (number (object (object (known, "users"), "count"), "mean") * USERS - number (counts, "interactions")), <, 1e-6);
  g_assert_cmpfloat (fabs (number (object (object (known, "items"), "count"), "mean") * ITEMS - number (counts, "interactions")), <, 1e-6);
}

/* Every metric is a share of 1. */
static void
check_metrics (JsonObject *metrics, const char *const *names)
{
  for (gsize i = 0; names[i]; i++)
    {
      double value = number (metrics, names[i]);

      g_assert_cmpfloat (value, >=, 0);
      g_assert_cmpfloat (value, <=, 1);
    }
}

static void
test_train (void)
{
  static const char *const positive[] = { "epochs", "seconds", "interactions_per_second", "peak_memory_bytes" };
  static const char *const names[] = { "recall@20", "ndcg@20", "precision@20", "map@20", NULL };
  g_autofree char *other = g_build_filename (folder, "trained.refract", NULL);
  g_autoptr(JsonNode) imported = RUN_JSON ("import", catalog, "-o", other);
  g_autoptr(JsonNode) trained = RUN_JSON ("train", other, "--seed", "3", "--threads", "1", "--set", "evidence.steps=20"), info = RUN_JSON ("info", other);
  JsonObject *result = json_node_get_object (trained), *run;

  g_assert_cmpstr (string (result, "run"), ==, "run-1");
  for (gsize i = 0; i < G_N_ELEMENTS (positive); i++)
    g_assert_cmpfloat (number (result, positive[i]), >, 0);
  g_assert_cmpfloat (number (result, "best_epoch"), <=, number (result, "epochs"));
  check_metrics (object (object (result, "metrics"), "valid"), names);
  check_metrics (object (object (result, "baselines"), "popular"), names);
  check_metrics (object (object (result, "baselines"), "item-knn"), names);

  g_assert_cmpuint (json_array_get_length (array (json_node_get_object (info), "runs")), ==, 1);
  run = json_array_get_object_element (array (json_node_get_object (info), "runs"), 0);
  g_assert_cmpstr (string (run, "run"), ==, "run-1");
  g_assert_cmpfloat (number (run, "valid_ndcg@20"), ==, number (object (object (result, "metrics"), "valid"), "ndcg@20"));
  g_assert_nonnull (strstr (string (run, "config"), "seed=3\n"));
  g_assert_nonnull (strstr (string (run, "config"), "evidence.steps=20\n"));
}

static void
test_evaluate (void)
{
  static const char *const usual[] = { "recall@10", "ndcg@10", "recall@20", "ndcg@20", NULL }, *const asked[] = { "recall@5", "ndcg@5", NULL };
  g_autoptr(JsonNode) valid = RUN_JSON ("evaluate", document), test = RUN_JSON ("evaluate", document, "--split", "test", "-k", "5", "--run", "run-1");

  g_assert_cmpstr (string (json_node_get_object (valid), "run"), ==, "run-1");
  g_assert_cmpstr (string (json_node_get_object (valid), "split"), ==, "valid");
  check_metrics (object (json_node_get_object (valid), "metrics"), usual);
  g_assert_cmpstr (string (json_node_get_object (test), "split"), ==, "test");
  g_assert_cmpfloat (number (json_node_get_object (test), "users"), >, 0);
  g_assert_cmpfloat (number (json_node_get_object (test), "users"), <=, USERS);
  check_metrics (object (json_node_get_object (test), "metrics"), asked);
  g_assert_false (json_object_has_member (object (json_node_get_object (test), "metrics"), "recall@20"));
}

static double
sum (JsonObject *parts)
{
  g_autoptr(GList) names = json_object_get_members (parts);
  double total = 0;

  for (GList *at = names; at; at = at->next)
    total += number (parts, at->data);
  return total;
}

/* The driver is the modality with the largest contribution, or null when none adds anything. */
static void
check_driver (JsonObject *item)
{
  g_autoptr(GList) names = json_object_get_members (object (item, "contribution"));
  const char *driver;
  double largest;

  if (json_object_get_null_member (item, "driver"))
    return;
  driver = string (item, "driver");
  largest = number (object (item, "contribution"), driver);
  for (GList *at = names; at; at = at->next)
    g_assert_cmpfloat (number (object (item, "contribution"), at->data), <=, largest);
}

static void
check_ranking (JsonObject *ranking, guint k)
{
  JsonArray *items = array (ranking, "items");
  double before = INFINITY;

  g_assert_cmpstr (string (ranking, "run"), ==, "run-1");
  g_assert_cmpuint (json_array_get_length (items), ==, k);
  for (guint j = 0; j < k; j++)
    {
      JsonObject *item = json_array_get_object_element (items, j);
      double score = number (item, "score");

      g_assert_cmpfloat (number (item, "rank"), ==, j + 1);
      g_assert_cmpfloat (score, <=, before);
      g_assert_cmpfloat_with_epsilon (sum (object (item, "attention")), 1, 1e-6);
      g_assert_cmpfloat_with_epsilon (sum (object (item, "contribution")) + number (item, "popularity"), score, 1e-5);
      g_assert_cmpstr (string (item, "item"), !=, "");
      g_assert_cmpstr (string (item, "title"), !=, "");
      g_assert_false (json_object_get_boolean_member (item, "in_history"));
      g_assert_true (json_object_has_member (item, "held_out_hit"));
      check_driver (item);
      before = score;
    }
}

static void
test_rank (void)
{
  g_autofree char *table = test_folder_read (catalog, "interactions.csv", NULL);
  g_auto(GStrv) rows = g_strsplit (table, "\n", -1);
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint r = 1; rows[r] && g_hash_table_size (seen) < 5; r++)
    {
      char *user = g_strndup (rows[r], strcspn (rows[r], ","));
      g_autoptr(JsonNode) ranking = NULL;

      if (!g_hash_table_add (seen, user))
        continue;
      ranking = RUN_JSON ("rank", document, "--user", user, "-k", "15");
      g_assert_cmpstr (string (json_node_get_object (ranking), "user"), ==, user);
      check_ranking (json_node_get_object (ranking), 15);
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, 5);
}

/* With all that could be asked for: every item once, and past ones only when they are asked for. */
static void
test_rank_all (void)
{
  g_autoptr(JsonNode) fresh = RUN_JSON ("rank", document, "--user", first_user, "-k", "1000"), all = RUN_JSON ("rank", document, "--user", first_user, "-k", "1000", "--with-history");
  guint n_fresh = json_array_get_length (array (json_node_get_object (fresh), "items")), n_all = json_array_get_length (array (json_node_get_object (all), "items")), n_past = 0;

  for (guint j = 0; j < n_all; j++)
    n_past += json_object_get_boolean_member (json_array_get_object_element (array (json_node_get_object (all), "items"), j), "in_history");
  g_assert_cmpuint (n_all, ==, ITEMS);
  g_assert_cmpuint (n_past, >, 0);
  g_assert_cmpuint (n_fresh, ==, ITEMS - n_past);
}

static void
test_config (void)
{
  static const char *const types[] = { "integer", "number", "boolean", "choice", "list", "text", NULL };
  g_autoptr(JsonNode) settings = RUN_JSON ("config");
  gboolean has_seed = FALSE;

  g_assert_true (JSON_NODE_HOLDS_ARRAY (settings));
  for (guint i = 0; i < json_array_get_length (json_node_get_array (settings)); i++)
    {
      JsonObject *setting = json_array_get_object_element (json_node_get_array (settings), i);

      g_assert_true (g_strv_contains (types, string (setting, "type")));
      g_assert_cmpstr (string (setting, "help"), !=, "");
      g_assert_true (json_object_has_member (setting, "default"));
      has_seed |= strcmp (string (setting, "key"), "seed") == 0;
    }
  g_assert_true (has_seed);
}

/* Nothing on standard output, words on standard error. */
static void
check_refused (const Result *result, int code)
{
  g_assert_cmpint (result->code, ==, code);
  g_assert_cmpstr (result->out, ==, "");
  g_assert_cmpstr (result->err, !=, "");
}

static void
test_exit_codes (void)
{
  g_autofree char *table = g_build_filename (catalog, "items.csv", NULL), *none = g_build_filename (folder, "none.refract", NULL);
  const struct
  {
    int code;
    const char *arguments[8];
  } cases[] = {
    { 2, { "train", NULL } },
    { 2, { "evaluate", document, "--split", "sideways", NULL } },
    { 2, { "evaluate", document, "-k", "0", NULL } },
    { 2, { "rank", document, NULL } },
    { 2, { "rank", document, "--user", first_user, "-k", "0", NULL } },
    { 2, { "rank", document, document, "--user", first_user, NULL } },
    { 2, { "config", "--frobnicate", NULL } },
    { 1, { "train", none, "--json", NULL } },
    { 1, { "train", table, "--json", NULL } },
    { 1, { "evaluate", document, "--run", "run-9", "--json", NULL } },
    { 1, { "rank", document, "--user", "nobody at all", "--json", NULL } },
    { 1, { "rank", none, "--user", first_user, "--json", NULL } },
  };

  for (gsize c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      g_auto(Result) result = { 0 };

      run_array (cases[c].arguments, &result);
      if (result.code != cases[c].code)
        g_test_message ("case %" G_GSIZE_FORMAT " (%s): %s", c, cases[c].arguments[0], result.err);
      check_refused (&result, cases[c].code);
    }
  g_assert_false (g_file_test (none, G_FILE_TEST_EXISTS));
}

static void
test_unknown_setting (void)
{
  g_auto(Result) result = { 0 };

  RUN (&result, "train", document, "--set", "evidence.step=20");
  check_refused (&result, 2);
  g_assert_nonnull (strstr (result.err, "evidence.steps"));
}

/* Two documents of one folder, trained alike, rank alike to the last byte; another seed does not. */
static void
test_repeatable (void)
{
  g_autofree char *again = g_build_filename (folder, "again.refract", NULL), *differs = g_build_filename (folder, "differs.refract", NULL);
  g_autoptr(JsonNode) a = RUN_JSON ("import", catalog, "-o", again), b = RUN_JSON ("import", catalog, "-o", differs);
  g_autoptr(JsonNode) c = RUN_JSON ("train", again, "--seed", "7"), d = RUN_JSON ("train", differs, "--seed", "8");
  g_auto(Result) first = { 0 }, second = { 0 }, third = { 0 };

  RUN (&first, "rank", document, "--user", first_user, "--json");
  RUN (&second, "rank", again, "--user", first_user, "--json");
  RUN (&third, "rank", differs, "--user", first_user, "--json");
  g_assert_cmpint (first.code, ==, 0);
  g_assert_cmpstr (first.out, ==, second.out);
  g_assert_cmpint (third.code, ==, 0);
  g_assert_cmpstr (first.out, !=, third.out);
}

static void
set_up (void)
{
  g_autofree char *table = NULL;
  g_autoptr(JsonNode) sample = NULL, imported = NULL, trained = NULL;
  const char *row;

  folder = test_folder_new ();
  catalog = g_build_filename (folder, "sample", NULL);
  document = g_build_filename (folder, "sample.refract", NULL);
  sample = RUN_JSON ("sample", catalog, "--users", G_STRINGIFY (USERS), "--items", G_STRINGIFY (ITEMS));
  g_assert_cmpfloat (number (json_node_get_object (sample), "users"), ==, USERS);
  imported = RUN_JSON ("import", catalog, "-o", document);
  trained = RUN_JSON ("train", document, "--seed", "7");
  g_assert_cmpstr (string (json_node_get_object (trained), "run"), ==, "run-1");
  table = test_folder_read (catalog, "interactions.csv", NULL);
  row = strchr (table, '\n') + 1;
  first_user = g_strndup (row, strcspn (row, ","));
}

static void
tear_down (void)
{
  test_folder_remove (folder);
  g_free (catalog);
  g_free (document);
  g_free (first_user);
}

/* Equal seeds, equal bytes; every change can be switched off; nothing is written when there is nothing to show. */
static void
test_preview (void)
{
  g_autofree char *one = g_build_filename (folder, "p1.png", NULL), *two = g_build_filename (folder, "p2.png", NULL);
  g_autofree char *three = g_build_filename (folder, "p3.png", NULL), *four = g_build_filename (folder, "p4.png", NULL);
  g_autofree char *first = NULL, *second = NULL, *third = NULL;
  gsize length[3];
  g_auto(Result) unknown = { 0 }, wrong = { 0 }, missing = { 0 };
  g_autoptr(JsonNode) told = RUN_JSON ("preview", document, "--item", "P0001", "--augment", "-o", one);
  g_autoptr(JsonNode) again = RUN_JSON ("preview", document, "--item", "P0001", "--augment", "-o", two);
  g_autoptr(JsonNode) seeded = RUN_JSON ("preview", document, "--item", "P0001", "--augment", "--seed", "2", "-o", three);
  g_autoptr(JsonNode) still = RUN_JSON ("preview", document, "--item", "P0001", "--augment", "--rotation", "0", "--crop", "0", "--brightness", "0", "--no-flip", "--rounds", "1", "-o", four);

  g_assert_cmpfloat (number (json_node_get_object (told), "pictures"), ==, 12);
  g_assert_cmpfloat (number (json_node_get_object (still), "pictures"), ==, 2);
  first = test_folder_read (folder, "p1.png", &length[0]);
  second = test_folder_read (folder, "p2.png", &length[1]);
  third = test_folder_read (folder, "p3.png", &length[2]);
  g_assert_cmpmem (first, length[0], second, length[1]);
  g_assert_false (length[0] == length[2] && memcmp (first, third, length[0]) == 0);
  RUN (&unknown, "preview", document, "--item", "nobody", "-o", "/nonexistent/p.png");
  g_assert_cmpint (unknown.code, ==, 1);
  g_assert_nonnull (strstr (unknown.err, "nobody"));
  RUN (&wrong, "preview", document, "--item", "P0001", "-o", one, "--crop", "1.5");
  g_assert_cmpint (wrong.code, ==, 2);
  RUN (&missing, "preview", document, "--augment");
  g_assert_cmpint (missing.code, ==, 2);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  program = argv[1];
  g_test_add_func ("/contract/import", test_import);
  g_test_add_func ("/contract/train", test_train);
  g_test_add_func ("/contract/evaluate", test_evaluate);
  g_test_add_func ("/contract/rank", test_rank);
  g_test_add_func ("/contract/rank-all", test_rank_all);
  g_test_add_func ("/contract/config", test_config);
  g_test_add_func ("/contract/exit-codes", test_exit_codes);
  g_test_add_func ("/contract/unknown-setting", test_unknown_setting);
  g_test_add_func ("/contract/preview", test_preview);
  g_test_add_func ("/contract/repeatable", test_repeatable);
  set_up ();
  status = g_test_run ();
  tear_down ();
  return status;
}
