/* rf-run-diff.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/eval/rf-run-diff.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "core/base/rf-json.h"
#include "core/model/rf-config.h"

#define DIGITS 12 /* of a fingerprint */

static void
difference_free (gpointer data)
{
  RfDifference *self = data;

  g_free (self->a);
  g_free (self->b);
  g_free (self);
}

/* Takes over both texts. */
static void
add (GPtrArray *to, RfDifferenceKind kind, const char *name, char *a, char *b)
{
  RfDifference *self = g_new (RfDifference, 1);

  *self = (RfDifference){ kind, g_intern_string (name), a, b };
  g_ptr_array_add (to, self);
}

/* The setting in "key=value" lines, or its default. */
static char *
find_setting (const char *text, const RfConfigKey *key)
{
  g_auto(GStrv) lines = g_strsplit (text ? text : "", "\n", -1);
  gsize length = strlen (key->key);

  for (guint l = 0; lines[l]; l++)
    if (strncmp (lines[l], key->key, length) == 0 && lines[l][length] == '=')
      return g_strdup (lines[l] + length + 1);
  return g_strdup (key->initial);
}

static void
add_settings (GPtrArray *to, const RfRun *a, const RfRun *b)
{
  for (const RfConfigKey *key = rf_config_get_keys (); key->key; key++)
    {
      g_autofree char *of_a = find_setting (a->config, key), *of_b = find_setting (b->config, key);

      if (strcmp (of_a, of_b) != 0)
        add (to, RF_DIFFERS_SETTING, key->key, g_steal_pointer (&of_a), g_steal_pointer (&of_b));
    }
}

static void
add_fingerprint (GPtrArray *to, const char *name, const char *a, const char *b)
{
  if (g_strcmp0 (a, b) != 0)
    add (to, RF_DIFFERS_DATA, name, g_strndup (a ? a : "", DIGITS), g_strndup (b ? b : "", DIGITS));
}

/* A number of the result, "" if there is none. */
static char *
find_number (const RfRun *run, const char *path)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_auto(GStrv) steps = g_strsplit (path, "/", -1);
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  JsonNode *node;

  if (run->result_json == NULL || !rf_json_load (parser, run->result_json, -1, NULL))
    return g_strdup ("");
  node = json_parser_get_root (parser);
  for (guint s = 0; steps[s] && node; s++)
    node = JSON_NODE_HOLDS_OBJECT (node) ? json_object_get_member (json_node_get_object (node), steps[s]) : NULL;
  return node && JSON_NODE_HOLDS_VALUE (node) ? g_strdup (g_ascii_formatd (text, sizeof text, "%.6g", json_node_get_double (node))) : g_strdup ("");
}

GPtrArray *
rf_run_diff (const RfRun *a, const RfRun *b)
{
  static const struct
  {
    const char *name, *path;
  } results[] = { { "ndcg@20", "metrics/valid/ndcg@20" }, { "recall@20", "metrics/valid/recall@20" }, { "epochs", "epochs" }, { "seconds", "seconds" } };
  GPtrArray *all = g_ptr_array_new_with_free_func (difference_free);

  add_settings (all, a, b);
  add_fingerprint (all, "catalog", a->data_hash, b->data_hash);
  add_fingerprint (all, "split", a->split_hash, b->split_hash);
  for (gsize r = 0; r < G_N_ELEMENTS (results); r++)
    add (all, RF_DIFFERS_RESULT, results[r].name, find_number (a, results[r].path), find_number (b, results[r].path));
  return all;
}
