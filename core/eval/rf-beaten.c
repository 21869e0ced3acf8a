/* rf-beaten.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/eval/rf-beaten.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-json.h"

#define VISIBLE 5e-5

static const struct
{
  const char *key, *name;
} metrics[] = { { "ndcg@20", "NDCG@20" }, { "recall@20", "Recall@20" } };

void
rf_beaten_free (RfBeaten *self)
{
  if (self == NULL)
    return;
  g_free (self->baseline);
  g_free (self);
}

static JsonObject *
get_object (JsonObject *from, const char *member)
{
  JsonNode *node = from ? json_object_get_member (from, member) : NULL;

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static double
get_number (JsonObject *from, const char *member)
{
  JsonNode *node = from ? json_object_get_member (from, member) : NULL;

  return node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : NAN;
}

GPtrArray *
rf_beaten_of_result (JsonObject *result)
{
  GPtrArray *losses = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_beaten_free);
  JsonObject *valid = get_object (get_object (result, "metrics"), "valid"), *baselines = get_object (result, "baselines");
  g_autoptr(GList) names = baselines ? json_object_get_members (baselines) : NULL;

  for (gsize m = 0; m < G_N_ELEMENTS (metrics); m++)
    for (GList *l = names; l; l = l->next)
      {
        double ours = get_number (valid, metrics[m].key), theirs = get_number (get_object (baselines, l->data), metrics[m].key);

        if (theirs > ours + VISIBLE)
          {
            RfBeaten *loss = g_new (RfBeaten, 1);

            *loss = (RfBeaten) { g_strdup (l->data), metrics[m].name, ours, theirs };
            g_ptr_array_add (losses, loss);
          }
      }
  return losses;
}

GPtrArray *
rf_beaten_of_text (const char *result_json)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  gboolean read = result_json && rf_json_load (parser, result_json, -1, NULL) && json_parser_get_root (parser) &&
                  JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser));

  return rf_beaten_of_result (read ? json_node_get_object (json_parser_get_root (parser)) : NULL);
}

char *
rf_beaten_say (GPtrArray *losses)
{
  g_autoptr(GString) out = g_string_new (NULL);

  for (guint i = 0; i < losses->len; i++)
    {
      const RfBeaten *loss = losses->pdata[i];

      g_string_append_printf (out, _("%sThe baseline “%s” is better in %s: %.4f against %.4f."), i > 0 ? " " : "", loss->baseline, loss->metric, loss->theirs, loss->ours);
    }
  return losses->len > 0 ? g_strdup (out->str) : NULL;
}

char *
rf_beaten_names (GPtrArray *losses, const char *separator)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < losses->len; i++)
    {
      char *name = ((RfBeaten *) losses->pdata[i])->baseline;

      if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        g_ptr_array_add (names, name);
    }
  g_ptr_array_add (names, NULL);
  return g_strjoinv (separator, (char **) names->pdata);
}

JsonArray *
rf_beaten_to_json (GPtrArray *losses)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < losses->len; i++)
    {
      const RfBeaten *loss = losses->pdata[i];
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "baseline", loss->baseline);
      json_object_set_string_member (object, "metric", loss->metric);
      json_object_set_double_member (object, "ours", loss->ours);
      json_object_set_double_member (object, "theirs", loss->theirs);
      json_array_add_object_element (array, object);
    }
  return array;
}
