/* fuzz-checkpoint.c: what is kept of an interrupted training, as a damaged document gives it: refused with a sentence, or a training that goes
 * on or says why not.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "core/catalog/rf-workspace-private.h"
#include "core/train/rf-checkpoint.h"
#include "tests/support/tiny-net.h"

static const char *const words[] = { "RFSTATE1", "loss", "ndcg@20", "nan", "inf", "1e999", "\n", " ", "seed=", "epochs=", "4294967296", NULL };

/* One document for all runs: only what is in it changes. */
static RfWorkspace *
get_workspace (void)
{
  static RfWorkspace *workspace;
  g_autofree char *path = NULL;

  if (workspace != NULL)
    return workspace;
  path = g_build_filename (fuzz_folder (), "a.refract", NULL);
  workspace = rf_workspace_create (path, path, NULL);
  g_assert_nonnull (workspace);
  return workspace;
}

/* The blob that there is one of, by the beginning of its name. */
static void
put (RfWorkspace *workspace, const char *prefix, GBytes *bytes)
{
  g_auto(GStrv) names = rf_workspace_list_blobs (workspace, prefix, NULL);

  g_assert_cmpuint (g_strv_length (names), ==, 1);
  g_assert_true (rf_workspace_save_blob (workspace, names[0], "1", bytes, NULL));
}

/* Writes a true checkpoint after an epoch, so that the blobs are there. */
static RfCheckpoint *
begin (RfWorkspace *workspace, const RfConfig *config)
{
  g_autoptr(TinyNet) tiny = tiny_net_new (RF_FUSION_ATTENTION, FALSE);
  g_autoptr(GArray) log = rf_log_new ();
  RfCheckpoint *checkpoint = rf_checkpoint_new (workspace, config, "data", "split", NULL);
  RfNetEpoch epoch;

  g_assert_true (rf_net_trainer_run_epoch (tiny->trainer, &epoch, NULL, NULL));
  rf_log_add (log, 1, "loss", epoch.loss);
  g_assert_true (rf_checkpoint_save (checkpoint, tiny->trainer, log, &epoch, NULL));
  return checkpoint;
}

static void
run (const guint8 *data, gsize size)
{
  static RfCheckpoint *checkpoint;
  RfWorkspace *workspace = get_workspace ();
  g_autoptr(RfConfig) config = rf_config_new ();
  g_autoptr(TinyNet) tiny = tiny_net_new (RF_FUSION_ATTENTION, FALSE);
  g_autoptr(GArray) log = rf_log_new ();
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GPtrArray) list = NULL;
  g_autoptr(GError) error = NULL, other = NULL;
  g_autoptr(RfModel) model = NULL;
  RfNetEpoch epoch;
  gboolean found, loaded;

  if (checkpoint == NULL)
    checkpoint = begin (workspace, config);
  put (workspace, "checkpoint/", bytes);
  put (workspace, "unfinished/", bytes);
  list = rf_unfinished_list (workspace, NULL);
  g_assert_nonnull (list);
  for (guint l = 0; l < list->len; l++)
    fuzz_use (((RfUnfinished *) list->pdata[l])->epoch);
  loaded = rf_checkpoint_load (checkpoint, tiny->trainer, log, &found, &error);
  g_assert_true (found == (size > 0)); /* nothing is no blob */
  g_assert_true (loaded == (error == NULL));
  /* Refused, the training starts from the beginning. */
  g_assert_true (loaded || rf_net_trainer_get_epoch (tiny->trainer) == 0);
  model = rf_net_train (tiny->trainer, NULL, NULL, &epoch, NULL, &other);
  g_assert_true ((model == NULL) == (other != NULL));
  g_assert_true (loaded || model != NULL);
}

static GBytes *
blob (const char *prefix)
{
  RfWorkspace *workspace = get_workspace ();
  g_autoptr(RfConfig) config = rf_config_new ();
  g_autoptr(RfCheckpoint) checkpoint = begin (workspace, config);
  g_auto(GStrv) names = rf_workspace_list_blobs (workspace, prefix, NULL);

  return rf_workspace_load_blob (workspace, names[0], "1", NULL);
}

static GBytes *
seed (guint index)
{
  return index == 0 ? blob ("checkpoint/") : index == 1 ? blob ("unfinished/")
                                                        : NULL;
}

const FuzzTarget fuzz_target = { "checkpoint", run, seed, words };
