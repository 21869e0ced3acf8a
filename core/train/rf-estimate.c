/* rf-estimate.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/train/rf-estimate.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-parallel.h"
#include "core/eval/rf-evaluate.h"
#include "core/train/rf-estimate-private.h"
#include "core/train/rf-joint.h"
#include "core/train/rf-modality.h"
#include "core/train/rf-trainer.h"

#define BATCH_SECONDS 1.0
#define BLOCK_FLOATS  ((gsize) 4 << 20) /* of a block of scores, as rf-evaluate.c cuts them */

const char *
rf_stage_get_name (RfStage stage)
{
  static const char *const names[RF_N_STAGES] = { "preparing", "fitting", "judging", "baselines" };

  return names[stage];
}

static void
clear (RfEstimating *e)
{
  g_clear_pointer (&e->catalog, rf_catalog_unref);
  g_clear_pointer (&e->split, rf_split_free);
  for (guint m = 0; m < e->n; m++)
    {
      g_free (e->names[m]);
      rf_features_free (e->features[m]);
      rf_channel_unref (e->channels[m]);
    }
  rf_channel_unref (e->item_knn);
}

/* The catalog, and the split that the settings ask for. */
static gboolean
load (RfEstimating *e, GError **error)
{
  g_autofree char *conflict = rf_net_data_check (e->config);
  RfCost began = rf_cost_now ();

  if (*conflict)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_CONFIG, conflict);
      return FALSE;
    }
  if (!rf_progress_step (e->progress, _("Reading the catalog"), -1, error))
    return FALSE;
  e->catalog = rf_trainer_load_catalog (e->workspace, error);
  if (e->catalog == NULL)
    return FALSE;
  e->split = rf_trainer_make_split (e->catalog, e->config, error);
  rf_estimating_add (e, RF_STAGE_PREPARING, rf_cost_since (began, 1));
  return e->split != NULL;
}

static gboolean
is (const RfEstimating *e, const char *key, const char *value)
{
  return strcmp (rf_config_get (e->config, key), value) == 0;
}

/* Does the modality come as a matrix of features (not as pixels, words or ids)? */
static gboolean
has_features (const RfEstimating *e, const char *name)
{
  gboolean joint = !is (e, "fusion", "evidence");

  if (strcmp (name, "behaviour") == 0 || (joint && strcmp (name, "text") == 0 && !is (e, "encoder.text", "features")))
    return FALSE;
  return !(joint && strcmp (name, "image") == 0 && is (e, "encoder.image", "cnn"));
}

/* What is read of the catalog for the first time is made and kept; after this a training finds it done. */
static gboolean
make_features (RfEstimating *e, GError **error)
{
  g_auto(GStrv) wanted = g_strsplit (rf_config_get (e->config, "model.modalities"), ",", -1);

  for (guint w = 0; wanted[w]; w++)
    {
      const char *name = g_strstrip (wanted[w]);

      if (has_features (e, name))
        {
          g_autoptr(RfFeatures) features = rf_modality_features_of (e->workspace, e->catalog, e->split->part[RF_PART_TRAIN], e->config, name, e->progress, error);

          if (features == NULL)
            return FALSE;
        }
      else if (strcmp (name, "image") == 0)
        {
          RfPixels *pixels = rf_modality_pixels (e->workspace, e->catalog, (guint) rf_config_get_int (e->config, "cnn.size"), e->progress, error);

          if (pixels == NULL)
            return FALSE;
          rf_pixels_free (pixels);
        }
    }
  return TRUE;
}

/* Scores of blocks of users while a model is judged, in every thread. */
static gsize
scratch_bytes (const RfEstimating *e, guint n_modalities)
{
  gsize n = e->split->part[RF_PART_TRAIN]->cols;

  return MIN (64 * n, BLOCK_FLOATS) * (n_modalities + 2) * sizeof (float) * (gsize) rf_parallel_get_threads ();
}

/* ---- evidence ---- */

static gboolean
estimate_channels (RfEstimating *e, GError **error)
{
  g_auto(GStrv) wanted = g_strsplit (rf_config_get (e->config, "model.modalities"), ",", -1);

  for (guint w = 0; wanted[w]; w++)
    {
      const char *name = g_strstrip (wanted[w]);
      RfFeatures *features = NULL;
      RfCost began = rf_cost_now ();

      if (!rf_progress_step (e->progress, _("Trying the channels"), -1, error))
        return FALSE;
      if (strcmp (name, "behaviour") != 0)
        {
          features = rf_modality_features_of (e->workspace, e->catalog, e->split->part[RF_PART_TRAIN], e->config, name, e->progress, error);
          if (features == NULL)
            return FALSE;
          rf_estimating_add (e, RF_STAGE_PREPARING, rf_cost_since (began, 1));
          if (rf_features_count_available (features) == 0)
            {
              rf_features_free (features);
              continue;
            }
        }
      if (!rf_estimate_channel (e, name, features, error))
        return FALSE;
    }
  if (e->n == 0)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_DATA, _("None of the chosen modalities exists in this catalog; add “behaviour” to model.modalities."));
      return FALSE;
    }
  return TRUE;
}

static gboolean
estimate_evidence (RfEstimating *e, GError **error)
{
  g_autoptr(RfModel) model = NULL;
  gsize resident, model_bytes;

  if (!estimate_channels (e, error) || !rf_estimate_attention (e, &model, error) || !rf_estimate_judging (e, model, error))
    return FALSE;
  resident = rf_memory_get_resident ();
  model_bytes = rf_estimate_model_bytes (model) + e->behaviour_bytes;
  /* In the end the model, and the bytes that it is written as. */
  e->out->bytes = resident + MAX (MAX (e->peak, 2 * model_bytes), e->behaviour_bytes + scratch_bytes (e, e->n));
  return TRUE;
}

/* ---- networks ---- */

static gboolean
estimate_epochs (RfEstimating *e, RfNetData *data, RfNet *net, RfModel **model, GError **error)
{
  RfNetTrainOptions options = rf_joint_options (e->config);
  const RfCsr *valid = e->split->part[RF_PART_VALID];
  g_autoptr(RfNetTrainer) trainer = NULL;
  g_autoptr(RfJointTerms) terms = rf_joint_terms_new (net, e->catalog, e->split, e->config, error);
  RfNetCalibration c;
  gsize params;

  if (terms == NULL)
    return FALSE;
  rf_net_start (net);
  trainer = rf_net_trainer_new (net, e->split->part[RF_PART_TRAIN], valid, &options);
  rf_joint_terms_attach (terms, trainer);
  if (!rf_net_trainer_calibrate (trainer, BATCH_SECONDS, &c, e->progress, error))
    return FALSE;
  e->out->epochs = options.epochs;
  e->out->epoch = rf_cost_add (c.batches, rf_cost_add (c.freezing, c.validation));
  rf_estimating_add (e, RF_STAGE_FITTING, rf_cost_scale (e->out->epoch, options.epochs));
  params = rf_params_block_length (rf_net_get_params (net)) * sizeof (rf_real);
  /* Besides what is there now: the best epoch's parameters and its model, and the state that is kept after an epoch (the parameters, two
   * moments and the best, as bytes and on their way into the document). */
  e->out->bytes = rf_memory_get_resident () + params + rf_estimate_model_bytes (c.model) + 2 * 4 * params + scratch_bytes (e, data->input.n_modalities);
  *model = c.model;
  return TRUE;
}

static gboolean
estimate_network (RfEstimating *e, GError **error)
{
  RfCost began = rf_cost_now ();
  gsize before = rf_memory_get_resident ();
  g_autoptr(RfNetData) data = rf_net_data_new (e->workspace, e->catalog, e->split->part[RF_PART_TRAIN], e->config, e->progress, error);
  g_autoptr(RfNet) net = NULL;
  g_autoptr(RfModel) model = NULL;

  if (data == NULL)
    return FALSE;
  net = rf_net_new (&data->input, &data->options);
  rf_estimating_add (e, RF_STAGE_PREPARING, rf_cost_since (began, 1));
  if (!estimate_epochs (e, data, net, &model, error))
    return FALSE;
  if (!rf_estimate_judging (e, model, error))
    return FALSE;
  /* The network is gone when the baselines are computed. */
  e->out->bytes = MAX (e->out->bytes, before + rf_estimate_model_bytes (model) + e->peak);
  return TRUE;
}

gboolean
rf_estimate_training (RfWorkspace *workspace, const RfConfig *config, RfEstimate *out, RfProgress *progress, GError **error)
{
  RfEstimating e = { .workspace = workspace, .config = config, .progress = progress, .out = out };
  gsize before;
  gboolean ok;

  memset (out, 0, sizeof *out);
  ok = load (&e, error);
  before = rf_memory_get_resident ();
  ok = ok && make_features (&e, error);
  if (ok)
    {
      RfCost began = rf_cost_now ();
      gsize after;

      rf_memory_trim ();
      after = rf_memory_get_resident ();

      ok = is (&e, "fusion", "evidence") ? estimate_evidence (&e, error) : estimate_network (&e, error);
      out->spent = rf_cost_since (began, 1);
      /* Pieces of memory that the making of features has left behind are not the training's. */
      out->bytes -= MIN (out->bytes, after - MIN (after, before));
    }
  for (guint s = 0; s < RF_N_STAGES; s++)
    out->total = rf_cost_add (out->total, out->stage[s]);
  out->physical_bytes = rf_memory_get_physical ();
  clear (&e);
  return ok;
}

gboolean
rf_estimate_is_too_large (const RfEstimate *self)
{
  return (double) self->bytes > 0.9 * (double) self->physical_bytes;
}

/* "about 40 s", "about 3 min", "about 2 h" */
static char *
describe_time (double seconds)
{
  if (seconds < 0.95)
    return g_strdup (_("less than a second"));
  if (seconds < 90)
    return g_strdup_printf (_("about %.0f s"), seconds);
  if (seconds < 5400)
    return g_strdup_printf (_("about %.0f min"), seconds / 60);
  return g_strdup_printf (_("about %.1f h"), seconds / 3600);
}

static char *
describe_memory (gsize bytes)
{
  if (bytes < 1000000000)
    return g_strdup_printf (_("about %.0f MB of memory"), (double) bytes / 1e6);
  return g_strdup_printf (_("about %.1f GB of memory"), (double) bytes / 1e9);
}

char *
rf_estimate_describe (const RfEstimate *self)
{
  g_autofree char *time = describe_time (self->total.wall), *memory = describe_memory (self->bytes), *text = NULL;

  if (self->epochs > 0)
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "This training: at most %s for %u epoch of %.2g s each, and %s.", "This training: at most %s for %u epochs of %.2g s each, and %s.", self->epochs),
                            time, self->epochs, self->epoch.wall, memory);
  else
    text = g_strdup_printf (_("This training: %s, and %s."), time, memory);
  if (!rf_estimate_is_too_large (self))
    return g_steal_pointer (&text);
  return g_strdup_printf (_("%s This computer has %.1f GB."), text, (double) self->physical_bytes / 1e9);
}
