/* rf-ladder.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/explain/rf-ladder.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "core/explain/rf-faithfulness.h"
#include "core/explain/rf-truth.h"
#include "core/train/rf-net-data.h"
#include "core/train/rf-trainer.h"

#define TOP       20
#define MAX_USERS 2000 /* so many users say how faithful attention is */

static const char *const fusions[] = { "concat", "sum", "gate", "attention", "user-attention", "late", "evidence" };

void
rf_rung_free (RfRung *self)
{
  g_free (self->name);
  g_free (self->run_id);
  g_free (self->changed);
  g_free (self);
}

/* What can be set back, in the order in which it is tried. */
static const char *const back[][2] = { { "encoder.behaviour", "auto" }, { "loss", "sampled-ce" }, { "loss", "bpr" }, { "head", "dot" } };

static RfConfig *
set_back (const RfConfig *config, const char *fusion, guint which, GString *said)
{
  RfConfig *settled = rf_config_copy (config);

  rf_config_set (settled, "fusion", fusion, NULL);
  for (guint b = 0; b < G_N_ELEMENTS (back); b++)
    if (which & 1u << b)
      {
        rf_config_set (settled, back[b][0], back[b][1], NULL);
        g_string_append_printf (said, "%s%s=%s", said->len ? " " : "", back[b][0], back[b][1]);
      }
  return settled;
}

/* The caller's settings with this fusion; where they do not go together, the fewest are set back that help. */
static RfConfig *
settle (const RfConfig *config, const char *fusion, char **changed)
{
  for (int size = 0; size <= (int) G_N_ELEMENTS (back); size++)
    for (guint which = 0; which < 1u << G_N_ELEMENTS (back); which++)
      {
        g_autoptr(GString) said = g_string_new (NULL);
        g_autoptr(RfConfig) settled = NULL;
        g_autofree char *conflict = NULL;

        if (__builtin_popcount (which) != size)
          continue;
        settled = set_back (config, fusion, which, said);
        conflict = rf_net_data_check (settled);
        if (*conflict)
          continue;
        *changed = said->len ? g_strdup (said->str) : NULL;
        return g_steal_pointer (&settled);
      }
  *changed = NULL;
  return set_back (config, fusion, 0, NULL); /* training will say what does not go together */
}

static double
number (JsonObject *object, const char *name)
{
  return json_object_has_member (object, name) ? json_object_get_double_member (object, name) : NAN;
}

static void
read_result (RfRung *rung, JsonObject *result)
{
  JsonObject *valid = json_object_get_object_member (json_object_get_object_member (result, "metrics"), "valid");

  rung->recall = number (valid, "recall@20");
  rung->ndcg = number (valid, "ndcg@20");
  rung->epochs = (guint) json_object_get_int_member (result, "epochs");
  rung->best_epoch = (guint) json_object_get_int_member (result, "best_epoch");
  rung->seconds = number (result, "seconds");
  if (json_object_has_member (result, "network"))
    rung->parameters = (gsize) json_object_get_int_member (json_object_get_object_member (result, "network"), "parameters");
}

static gboolean
measure (RfRung *rung, RfWorkspace *workspace, const char *truth_path, RfProgress *progress, GError **error)
{
  g_autoptr(RfTrained) trained = rf_trained_load (workspace, rung->run_id, error);
  g_autofree int *truth = NULL;
  RfFaithfulness f;

  if (trained == NULL || (truth_path && (truth = rf_truth_load (truth_path, trained->catalog, trained->model, error)) == NULL))
    return FALSE;
  rung->has_attention = rf_model_has_attention (trained->model);
  if (!rf_faithfulness_measure (trained->model, trained->split->history, TOP, truth ? G_MAXUINT32 : MAX_USERS, RF_REMOVAL_RENORMALISE, truth, &f, progress, error))
    return FALSE;
  rung->top1 = f.top1;
  if (f.truth_users > 0)
    {
      rung->truth_attention = f.truth_attention;
      rung->truth_shapley = f.truth_shapley;
    }
  return TRUE;
}

/* One training; baselines gets the baselines of the last one that had them. */
static RfRung *
climb (RfWorkspace *workspace, const RfConfig *config, const char *fusion, const char *truth_path, JsonObject **baselines, RfProgress *progress,
       GError **error)
{
  g_autofree char *changed = NULL;
  g_autoptr(RfConfig) settled = settle (config, fusion, &changed);
  g_autoptr(RfRun) run = rf_train (workspace, settled, progress, NULL, NULL, error);
  g_autoptr(JsonNode) root = NULL;
  RfRung *rung;

  if (run == NULL)
    return NULL;
  root = json_from_string (run->result_json, error);
  if (root == NULL)
    return NULL;
  rung = g_new0 (RfRung, 1);
  rung->name = g_strdup (fusion);
  rung->run_id = g_strdup (run->id);
  rung->changed = g_steal_pointer (&changed);
  rung->truth_attention = rung->truth_shapley = NAN;
  read_result (rung, json_node_get_object (root));
  g_clear_pointer (baselines, json_object_unref);
  *baselines = json_object_ref (json_object_get_object_member (json_node_get_object (root), "baselines"));
  if (measure (rung, workspace, truth_path, progress, error))
    return rung;
  rf_rung_free (rung);
  return NULL;
}

/* Of the last rung, the default model, whose channels are baselines in their own right. */
static void
add_baselines (GPtrArray *rungs, JsonObject *baselines, RfLadderFunc func, void *data)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, baselines);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      RfRung *rung = g_new0 (RfRung, 1);

      rung->name = g_strdup (name);
      rung->baseline = TRUE;
      rung->recall = number (json_node_get_object (node), "recall@20");
      rung->ndcg = number (json_node_get_object (node), "ndcg@20");
      rung->top1 = rung->truth_attention = rung->truth_shapley = NAN;
      g_ptr_array_add (rungs, rung);
      if (func)
        func (rung, data);
    }
}

GPtrArray *
rf_ladder_run (RfWorkspace *workspace, const RfConfig *config, const char *truth_path, RfLadderFunc func, void *data, RfProgress *progress,
               GError **error)
{
  g_autoptr(GPtrArray) rungs = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_rung_free);
  g_autoptr(JsonObject) baselines = NULL;

  for (guint f = 0; f < G_N_ELEMENTS (fusions); f++)
    {
      RfRung *rung = climb (workspace, config, fusions[f], truth_path, &baselines, progress, error);

      if (rung == NULL)
        return NULL;
      g_ptr_array_add (rungs, rung);
      if (func)
        func (rung, data);
    }
  add_baselines (rungs, baselines, func, data);
  return g_steal_pointer (&rungs);
}
