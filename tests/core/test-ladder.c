/* test-ladder.c: a ladder over a small sample catalog: every fusion a run, the fewest settings set back, attention only where there is
 * some; pixels and words instead of features.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-linalg.h"
#include "core/explain/rf-ladder.h"
#include "core/train/rf-joint.h"
#include "core/train/rf-trainer.h"
#include "tests/support/folder.h"

static char *folder;
static RfWorkspace *workspace;

static void
open_sample (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  folder = test_folder_new ();
  path = test_folder_sample (folder, 11, 150, 60);
  workspace = rf_workspace_open (path, &error);
  g_assert_no_error (error);
}

static RfConfig *
settings (const char *const *assignments)
{
  RfConfig *config = rf_config_new ();

  for (guint a = 0; assignments[a]; a++)
    g_assert_true (rf_config_set_assignment (config, assignments[a], NULL));
  return config;
}

static const RfRung *
find (const GPtrArray *rungs, const char *name)
{
  for (guint r = 0; r < rungs->len; r++)
    if (strcmp (((RfRung *) rungs->pdata[r])->name, name) == 0)
      return rungs->pdata[r];
  g_error ("no rung %s", name);
}

static void
count (const RfRung *rung, void *data)
{
  (*(guint *) data)++;
}

static void
test_ladder (void)
{
  g_autoptr(RfConfig) config = settings ((const char *const[]) { "epochs=2", "head=per-modality", "loss=ce", "embedding_size=8", NULL });
  g_autofree char *truth = g_build_filename (folder, "sample", "truth.csv", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) rungs = NULL;
  guint told = 0;

  rungs = rf_ladder_run (workspace, config, truth, count, &told, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (told, ==, rungs->len);
  g_assert_cmpuint (rungs->len, >=, 7 + 3);
  g_assert_cmpstr (find (rungs, "concat")->changed, ==, "head=dot");
  g_assert_cmpstr (find (rungs, "user-attention")->changed, ==, "loss=sampled-ce");
  g_assert_null (find (rungs, "sum")->changed);
  g_assert_true (find (rungs, "attention")->has_attention);
  g_assert_false (find (rungs, "concat")->has_attention);
  g_assert_true (find (rungs, "popular")->baseline);
  g_assert_cmpuint (find (rungs, "evidence")->parameters, ==, 0);
  for (guint r = 0; r < 7; r++)
    {
      const RfRung *rung = rungs->pdata[r];

      g_assert_cmpfloat (rung->truth_shapley, >=, 0);
      g_assert_cmpfloat (rung->recall, >, 0);
      if (strcmp (rung->name, "evidence") != 0)
        g_assert_cmpuint (rung->parameters, >, 1000);
    }
}

/* Measures of what the terms learned, beside those of items that they have not seen. */
static void
check_auxiliary (JsonObject *auxiliary)
{
  JsonObject *seen = json_object_get_object_member (auxiliary, "measures"), *held_out = json_object_get_object_member (auxiliary, "held_out");

  g_assert_cmpint (json_object_get_int_member (held_out, "items"), >, 0);
  g_assert_cmpfloat (json_object_get_double_member (seen, "generate.perplexity"), >, 1);
  g_assert_cmpfloat (json_object_get_double_member (held_out, "generate.perplexity"), >, json_object_get_double_member (seen, "generate.perplexity"));
  g_assert_true (json_object_has_member (held_out, "category.image.hit@1"));
}

/* From pixels and words to a ranking, saved and opened again with its network. */
static void
test_pixels_and_words (void)
{
  static const char *const texts[] = { "encoder.text=gru", "encoder.text=bag" };

  for (guint t = 0; t < G_N_ELEMENTS (texts); t++)
    {
      g_autoptr(RfConfig) config = settings ((const char *const[]) { "fusion=sum", "encoder.image=cnn", texts[t], "epochs=2", "cnn.size=16", "encoder.width=16",
                                                                    "embedding_size=8", "aux.category=0.1", "aux.generate=0.1", NULL });
      g_autoptr(GError) error = NULL;
      g_autoptr(RfRun) run = rf_train (workspace, config, NULL, NULL, NULL, &error);
      g_autoptr(RfTrained) trained = NULL;
      g_autoptr(RfNet) net = NULL;
      g_autoptr(JsonNode) result = NULL;
      RfNetData *data = NULL;

      g_assert_no_error (error);
      trained = rf_trained_load (workspace, run->id, &error);
      g_assert_no_error (error);
      net = rf_open_joint (workspace, trained->catalog, trained->split, trained->config, trained->model, &data, NULL, &error);
      g_assert_no_error (error);
      g_assert_nonnull (rf_model_get_tensor (trained->model, "image.conv1.weight"));
      result = json_from_string (run->result_json, NULL);
      check_auxiliary (json_object_get_object_member (json_node_get_object (result), "auxiliary"));
      g_clear_pointer (&net, rf_net_free);
      rf_net_data_free (data);
    }
}

static void
test_conflicts (void)
{
  static const char *const wrong[][4] = {
    { "fusion=concat", "head=per-modality" },
    { "fusion=sum", "encoder.behaviour=ease" },
    { "encoder.behaviour=lightgcn" },
    { "fusion=late", "head=mlp", "loss=bce" },
    { "fusion=user-attention", "loss=ce" },
    { "fusion=sum", "head=mlp", "loss=ce" },
  };

  for (guint w = 0; w < G_N_ELEMENTS (wrong); w++)
    {
      const char *const list[] = { wrong[w][0], wrong[w][1], wrong[w][2], NULL };
      g_autoptr(RfConfig) config = settings (list);
      g_autoptr(GError) error = NULL;
      g_autoptr(RfRun) run = rf_train (workspace, config, NULL, NULL, NULL, &error);

      g_assert_error (error, RF_ERROR, RF_ERROR_CONFIG);
      g_assert_null (run);
    }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  open_sample ();
  g_test_add_func ("/ladder/conflicts", test_conflicts);
  g_test_add_func ("/ladder/rungs", test_ladder);
  g_test_add_func ("/ladder/pixels-and-words", test_pixels_and_words);
  status = g_test_run ();
  rf_workspace_close (workspace);
  test_folder_remove (folder);
  return status;
}
