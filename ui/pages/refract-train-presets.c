/* refract-train-presets.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-train-presets.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const fast[] = { "evidence.users=500", "evidence.steps=50", "content.lambda=0.03", "content.epsilon=0.03", NULL };
static const char *const balanced[] = { NULL };
static const char *const best[] = { "channel.image=trained", "channel.text=trained", NULL };
static const char *const attention[] = { "fusion=user-attention", "head=per-modality", "fusion.normalise=true", "modality_dropout=0.2", "train_neg_sample_num=4", NULL };
static const char *const graph[] = { "fusion=sum", "encoder.behaviour=lightgcn", "loss=sampled-ce", NULL };
static const char *const pixels[] = { "fusion=sum", "encoder.image=cnn", "encoder.text=gru", "epochs=40", "batch.group=16", "negatives.pool=256", "train_neg_sample_num=4", NULL };

static const RefractTrainPreset presets[] = {
  { N_("Fast"), N_("A first look in a second or two, from few users and fixed strengths"), fast },
  { N_("Balanced"), N_("Good rankings, and weights that tell the truth; each part is tuned on validation items"), balanced },
  { N_("Best"), N_("Learns what to see in pictures and texts as well: some minutes"), best },
  { N_("Network with attention"), N_("Trained as a whole; weighs picture, text and behaviour anew for each user"), attention },
  { N_("Network on a graph"), N_("Learns from who chose what as a network of users and items (LightGCN), with picture and text"), graph },
  { N_("Network on pixels and words"), N_("Reads the pictures (CNN) and the texts (GRU) themselves: many minutes"), pixels },
  { NULL, NULL, NULL },
};

static const char *const left_aside[] = { "model.modalities", "seed", "split.method", "split.valid", "split.test", "split.folds", "split.fold", "split.max_train", NULL };

const RefractTrainPreset *
refract_train_presets_get (void)
{
  return presets;
}

static gboolean
is_preset (const RfConfig *config, const RefractTrainPreset *preset)
{
  g_autoptr(RfConfig) expected = rf_config_new ();

  for (guint s = 0; preset->settings[s]; s++)
    rf_config_set_assignment (expected, preset->settings[s], NULL);
  for (const RfConfigKey *key = rf_config_get_keys (); key->key; key++)
    if (!g_strv_contains (left_aside, key->key) && strcmp (rf_config_get (config, key->key), rf_config_get (expected, key->key)) != 0)
      return FALSE;
  return TRUE;
}

int
refract_train_presets_find (const RfConfig *config)
{
  for (int p = 0; presets[p].title; p++)
    if (is_preset (config, &presets[p]))
      return p;
  return -1;
}
