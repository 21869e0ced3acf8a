/* refract-run.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-run.h"

#include <json-glib/json-glib.h>
#include <math.h>

#include "core/eval/rf-beaten.h"
#include "core/model/rf-config.h"

struct _RefractRun
{
  GObject parent_instance;

  char *id;
  char *summary;
  gint64 created;
  JsonNode *result;
  char **baselines;
  char *beaten;
};

G_DEFINE_FINAL_TYPE (RefractRun, refract_run, G_TYPE_OBJECT)

/* The member `name` of an object as an object, or NULL. */
static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static double
get_number (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : NAN;
}

static JsonObject *
get_result (RefractRun *self)
{
  return self->result != NULL && JSON_NODE_HOLDS_OBJECT (self->result) ? json_node_get_object (self->result) : NULL;
}

static char *
make_summary (const char *config_text)
{
  g_autoptr(RfConfig) config = rf_config_new_from_text (config_text, NULL);
  GString *summary = g_string_new (NULL);

  if (config == NULL)
    return g_string_free (summary, FALSE);
  for (const RfConfigKey *key = rf_config_get_keys (); key->key != NULL; key++)
    if (g_strcmp0 (rf_config_get (config, key->key), key->initial) != 0)
      g_string_append_printf (summary, "%s%s=%s", summary->len > 0 ? ", " : "", key->key, rf_config_get (config, key->key));
  return g_string_free (summary, FALSE);
}

RefractRun *
refract_run_new (const RfRun *run)
{
  RefractRun *self = g_object_new (REFRACT_TYPE_RUN, NULL);
  JsonObject *baselines;

  self->id = g_strdup (run->id);
  self->created = run->created;
  self->summary = make_summary (run->config != NULL ? run->config : "");
  if (run->result_json != NULL)
    {
      g_autoptr(GPtrArray) losses = rf_beaten_of_text (run->result_json);

      self->result = json_from_string (run->result_json, NULL);
      self->beaten = rf_beaten_say (losses);
    }
  baselines = get_object (get_result (self), "baselines");
  if (baselines != NULL)
    {
      g_autoptr(GList) names = json_object_get_members (baselines);
      g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

      for (GList *l = names; l != NULL; l = l->next)
        g_strv_builder_add (builder, l->data);
      self->baselines = g_strv_builder_end (builder);
    }
  else
    self->baselines = g_new0 (char *, 1);
  return self;
}

const char *
refract_run_get_id (RefractRun *self)
{
  return self->id;
}

const char *
refract_run_get_beaten (RefractRun *self)
{
  return self->beaten;
}

const char *
refract_run_get_summary (RefractRun *self)
{
  return self->summary;
}

gint64
refract_run_get_created (RefractRun *self)
{
  return self->created;
}

double
refract_run_get_seconds (RefractRun *self)
{
  return get_number (get_result (self), "seconds");
}

double
refract_run_get_metric (RefractRun *self, const char *metric)
{
  return get_number (get_object (get_object (get_result (self), "metrics"), "valid"), metric);
}

const char *const *
refract_run_get_baselines (RefractRun *self)
{
  return (const char *const *) self->baselines;
}

double
refract_run_get_baseline_metric (RefractRun *self, const char *baseline, const char *metric)
{
  return get_number (get_object (get_object (get_result (self), "baselines"), baseline), metric);
}

static void
refract_run_finalize (GObject *object)
{
  RefractRun *self = REFRACT_RUN (object);

  g_free (self->id);
  g_free (self->summary);
  g_free (self->beaten);
  g_strfreev (self->baselines);
  g_clear_pointer (&self->result, json_node_unref);
  G_OBJECT_CLASS (refract_run_parent_class)->finalize (object);
}

static void
refract_run_class_init (RefractRunClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_run_finalize;
}

static void
refract_run_init (RefractRun *self)
{
}
