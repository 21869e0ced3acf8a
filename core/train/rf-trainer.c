/* rf-trainer.c: the stages of a training, in order: features, split, channels, attention, metrics, baselines, saving.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/train/rf-trainer.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>
#include <sys/resource.h>

#include "core/base/rf-error.h"
#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"
#include "core/eval/rf-beaten.h"
#include "core/eval/rf-evaluate.h"
#include "core/train/rf-baselines.h"
#include "core/train/rf-channel-fit.h"
#include "core/train/rf-evidence.h"
#include "core/train/rf-joint.h"
#include "core/train/rf-modality.h"

#define QUICK_STEPS 40 /* enough to tell two rules apart */

typedef struct
{
  RfWorkspace *workspace;
  const RfConfig *config;
  RfProgress *progress;
  RfTrainFunc func;
  void *data;

  RfCatalog *catalog;
  RfSplit *split;
  guint n;
  char *names[RF_MAX_MODALITIES];
  RfChannel *channels[RF_MAX_MODALITIES];
  RfChannelChoice choices[RF_MAX_MODALITIES];
  RfModel *model;
  RfEvidenceResult evidence;
  RfJointResult joint;
  gboolean resume, keeps; /* takes up an interrupted training; keeps itself to be taken up */
  RfCheckpoint *checkpoint; /* of networks: what is to be removed in the end */
  GArray *log;              /* of RfLogEntry */
  RfEvaluation valid;
  GPtrArray *notes; /* sentences about what was decided for the user */
  gint64 began, channels_began, fitted;
} Training;

static void
training_clear (Training *t)
{
  g_clear_pointer (&t->catalog, rf_catalog_unref);
  g_clear_pointer (&t->split, rf_split_free);
  for (guint m = 0; m < t->n; m++)
    {
      g_free (t->names[m]);
      rf_channel_unref (t->channels[m]);
    }
  g_clear_pointer (&t->model, rf_model_unref);
  g_clear_pointer (&t->joint.terms, json_node_unref);
  g_ptr_array_unref (t->notes);
  g_free (t->joint.stopped);
  g_free (t->joint.reduced);
  g_clear_pointer (&t->checkpoint, rf_checkpoint_free);
  g_array_unref (t->log);
}

static void
note (Training *t, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
note (Training *t, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (t->notes, g_strdup_vprintf (format, args));
  va_end (args);
}

/* channel.image, channel.text */
static gboolean
is_trained (const RfConfig *config, const char *name)
{
  g_autofree char *key = g_strdup_printf ("channel.%s", name);

  return (strcmp (name, "image") == 0 || strcmp (name, "text") == 0) && strcmp (rf_config_get (config, key), "trained") == 0;
}

/* The channel's network is kept from epoch to epoch as a part of this training. Its epochs are no log of the run's. */
static RfChannel *
fit_trained (Training *t, const char *name, const RfFeatures *features, GError **error)
{
  const char *data_hash = rf_catalog_get_hash (t->catalog);
  g_autoptr(RfCheckpoint) part = t->keeps ? rf_checkpoint_new (t->workspace, t->config, data_hash, t->split->hash, name) : NULL;
  g_autoptr(GArray) log = rf_log_new ();
  const RfJointControl control = { .checkpoint = part, .resume = t->resume, .log = log };

  if (t->keeps && t->checkpoint == NULL)
    t->checkpoint = rf_checkpoint_new (t->workspace, t->config, data_hash, t->split->hash, NULL);
  return rf_fit_trained_channel (features, t->split->part[RF_PART_TRAIN], t->split->part[RF_PART_VALID], t->config, &control, &t->choices[t->n], t->progress, error);
}

static gboolean
fit_modality (Training *t, const char *name, const RfFeatures *features, GError **error)
{
  const RfCsr *train = t->split->part[RF_PART_TRAIN], *valid = t->split->part[RF_PART_VALID];
  RfChannel *channel;

  if (features == NULL)
    channel = rf_fit_behaviour (train, valid, t->config, &t->choices[t->n], t->progress, error);
  else if (is_trained (t->config, name))
    channel = fit_trained (t, name, features, error);
  else
    channel = rf_fit_content (features, train, valid, t->config, &t->choices[t->n], t->progress, error);
  if (channel == NULL)
    return FALSE;
  if (features == NULL && g_strcmp0 (channel->method, "ease") != 0 && strcmp (rf_config_get (t->config, "encoder.behaviour"), "knn") != 0)
    note (t, _("The catalog has more than %s items: the behaviour channel is item-kNN instead of EASE."), rf_config_get (t->config, "ease.max_items"));
  t->names[t->n] = g_strdup (name);
  t->channels[t->n++] = channel;
  return TRUE;
}

static void
note_features (Training *t, const char *name, gboolean ok)
{
  g_autofree char *text = ok ? rf_modality_note (t->workspace, t->catalog, t->config, name) : NULL;

  if (text)
    note (t, "%s", text);
}

/* Features first, for all modalities: reading pictures is what takes time, and what is cached for the next training. */
static gboolean
fit_channels (Training *t, GError **error)
{
  g_auto(GStrv) wanted = g_strsplit (rf_config_get (t->config, "model.modalities"), ",", -1);
  RfFeatures *features[RF_MAX_MODALITIES] = { NULL };
  guint n_wanted = g_strv_length (wanted);
  gboolean ok = TRUE;

  for (guint w = 0; w < n_wanted && ok; w++)
    if (g_strcmp0 (g_strstrip (wanted[w]), "behaviour") != 0)
      {
        features[w] = rf_modality_features_of (t->workspace, t->catalog, t->split->part[RF_PART_TRAIN], t->config, wanted[w], t->progress, error);
        ok = features[w] != NULL;
        note_features (t, wanted[w], ok);
      }
  t->channels_began = g_get_monotonic_time ();
  for (guint w = 0; w < n_wanted && ok; w++)
    if (features[w] && rf_features_count_available (features[w]) == 0)
      note (t, _("No item of this catalog has the modality “%s”: the model is trained without it."), wanted[w]);
    else
      ok = fit_modality (t, wanted[w], features[w], error);
  for (guint w = 0; w < n_wanted; w++)
    rf_features_free (features[w]);
  if (ok && t->n == 0)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_DATA, _("None of the chosen modalities exists in this catalog; add “behaviour” to model.modalities."));
      ok = FALSE;
    }
  return ok;
}

static void
forward_point (guint step, guint n_steps, double loss, double metric, void *data)
{
  Training *t = data;
  RfTrainPoint point = { .step = step, .n_steps = n_steps, .loss = loss, .metric = metric };

  if (t->func)
    t->func (&point, t->data);
}

/* Items that nobody has chosen: is their behaviour unknown (content alone speaks for them), or does it speak against them? A catalog
 * full of new items wants the first, one of old ones the second; held-out items decide, by a quick fit of both. */
static gboolean
choose_cold_rule (Training *t, const RfModel *draft, const RfEvidenceOptions *options, GError **error)
{
  const RfCsr *train = t->split->part[RF_PART_TRAIN], *valid = t->split->part[RF_PART_VALID];
  RfEvidenceOptions quick = *options;
  RfEvidenceResult unknown, known;
  guint m = 0;
  g_autofree guint8 *mask = NULL;
  RfChannel *channel;

  while (m < t->n && strcmp (t->names[m], "behaviour") != 0)
    m++;
  if (m == t->n || t->n < 2)
    return TRUE;
  channel = t->channels[m]; /* still ours alone: a draft only refers to it */
  if (memchr (channel->available, 0, channel->n_items) == NULL)
    return TRUE;
  quick.guard = FALSE;
  quick.n_steps = MIN (quick.n_steps, QUICK_STEPS);
  if (!rf_evidence_fit (draft, train, valid, &quick, &unknown, t->progress, NULL, NULL, error))
    return FALSE;
  mask = g_memdup2 (channel->available, channel->n_items);
  memset (channel->available, 1, channel->n_items);
  if (!rf_evidence_fit (draft, train, valid, &quick, &known, t->progress, NULL, NULL, error))
    return FALSE;
  if (unknown.ndcg > known.ndcg)
    memcpy (channel->available, mask, channel->n_items);
  else
    note (t, _("Items that nobody has chosen count as unpopular, not as unknown: that ranks better on validation."));
  return TRUE;
}

/* l_i of every item. Items that a cold-item split holds out have no choices because they were taken away: their popularity is unknown,
 * not low. Counted as low, a negative weight of popularity would put exactly the held-out items first, whoever the user is. */
static float *
make_popularity (const Training *t)
{
  const RfCsr *train = t->split->part[RF_PART_TRAIN];
  float *popularity = rf_model_popularity_from (train);
  g_autofree guint8 *seen = rf_items_seen (train);
  double sum = 0, square = 0;
  guint32 n = 0;

  if (strcmp (rf_config_get (t->config, "split.method"), "cold-item") != 0)
    return popularity;
  for (guint32 i = 0; i < train->cols; i++)
    if (seen[i])
      {
        sum += (double) popularity[i];
        square += (double) popularity[i] * (double) popularity[i];
        n++;
      }
  sum /= MAX (n, 1);
  square = sqrt (MAX (square / MAX (n, 1) - sum * sum, 0));
  for (guint32 i = 0; i < train->cols; i++)
    popularity[i] = seen[i] && square > 0 ? (float) (((double) popularity[i] - sum) / square) : 0.0f;
  return popularity;
}

static gboolean
fit_attention (Training *t, GError **error)
{
  const RfCsr *train = t->split->part[RF_PART_TRAIN], *valid = t->split->part[RF_PART_VALID];
  RfAttention neutral = { .temperature = 1 };
  g_autofree float *popularity = make_popularity (t);
  const char *const *names = (const char *const *) t->names;
  g_autoptr(RfModel) draft = rf_model_new (t->n, names, t->channels, &neutral, popularity);
  RfEvidenceOptions options = {
    .max_users = (guint) rf_config_get_int (t->config, "evidence.users"),
    .n_steps = (guint) rf_config_get_int (t->config, "evidence.steps"),
    .learning_rate = rf_config_get_real (t->config, "evidence.learning_rate"),
    .guard = rf_config_get_bool (t->config, "evidence.guard"),
    .seed = (guint64) rf_config_get_int (t->config, "seed"),
  };

  if (!choose_cold_rule (t, draft, &options, error))
    return FALSE;
  g_clear_pointer (&draft, rf_model_unref);
  draft = rf_model_new (t->n, names, t->channels, &neutral, popularity);
  if (!rf_evidence_fit (draft, train, valid, &options, &t->evidence, t->progress, forward_point, t, error))
    return FALSE;
  t->model = rf_model_new (t->n, names, t->channels, &t->evidence.attention, popularity);
  return TRUE;
}

static void
forward_epoch (const RfNetEpoch *epoch, void *data)
{
  Training *t = data;
  RfTrainPoint point = { .step = epoch->epoch, .n_steps = epoch->n_epochs, .loss = epoch->loss, .metric = epoch->metric, .n_modalities = t->joint.n_modalities };

  for (guint m = 0; m < point.n_modalities; m++)
    {
      point.names[m] = t->joint.names[m];
      point.gradient[m] = epoch->gradient_share[m];
      point.attention[m] = epoch->attention[m];
    }
  if (t->func)
    t->func (&point, t->data);
}

static gboolean
fit_joint (Training *t, GError **error)
{
  RfJointControl control = { .resume = t->resume, .log = t->log };

  t->channels_began = g_get_monotonic_time ();
  if (t->keeps)
    t->checkpoint = rf_checkpoint_new (t->workspace, t->config, rf_catalog_get_hash (t->catalog), t->split->hash, NULL);
  control.checkpoint = t->checkpoint;
  t->model = rf_fit_joint (t->workspace, t->catalog, t->split, t->config, &control, &t->joint, forward_epoch, t, t->progress, error);
  if (t->model && t->joint.reduced)
    note (t, "%s", t->joint.reduced);
  if (t->model && t->joint.stopped)
    note (t, _("%s Epoch %u, the best until then, was kept."), t->joint.stopped, t->joint.last.best_epoch);
  return t->model != NULL;
}

static gboolean
is_joint (const Training *t)
{
  return strcmp (rf_config_get (t->config, "fusion"), "evidence") != 0;
}

static void
add_string (JsonBuilder *b, const char *name, const char *value)
{
  json_builder_set_member_name (b, name);
  json_builder_add_string_value (b, value);
}

static void
add_int (JsonBuilder *b, const char *name, gint64 value)
{
  json_builder_set_member_name (b, name);
  json_builder_add_int_value (b, value);
}

static void
add_double (JsonBuilder *b, const char *name, double value)
{
  json_builder_set_member_name (b, name);
  json_builder_add_double_value (b, value);
}

static void
add_baseline (const char *name, const RfEvaluation *evaluation, void *data)
{
  JsonBuilder *b = data;

  json_builder_set_member_name (b, name);
  rf_evaluation_to_json (evaluation, b);
}

static gboolean
add_baselines (Training *t, JsonBuilder *b, GError **error)
{
  const RfBaselines baselines = { t->workspace, t->catalog, t->config, t->model, t->split, RF_PART_VALID };
  gboolean ok;

  json_builder_set_member_name (b, "baselines");
  json_builder_begin_object (b);
  ok = rf_baselines_evaluate (&baselines, &t->valid, add_baseline, b, t->progress, error);
  json_builder_end_object (b);
  return ok;
}

/* What a network was, and what its modalities take of the attention on average is told by the pages and `faithfulness`. */
static void
add_network (Training *t, JsonBuilder *b)
{
  const RfModel *model = t->model;

  json_builder_set_member_name (b, "network");
  json_builder_begin_object (b);
  add_string (b, "fusion", model->fusion);
  add_int (b, "parameters", (gint64) t->joint.n_parameters);
  json_builder_set_member_name (b, "splits");
  json_builder_add_boolean_value (b, rf_model_is_additive (model));
  add_double (b, "loss", t->joint.last.loss);
  add_double (b, "gradient_norm", t->joint.last.gradient_norm);
  add_int (b, "batch_memory_bytes", (gint64) t->joint.peak_bytes);
  json_builder_end_object (b);
  if (t->joint.terms)
    {
      json_builder_set_member_name (b, "auxiliary");
      json_builder_add_value (b, g_steal_pointer (&t->joint.terms));
    }
}

static void
add_attention (Training *t, JsonBuilder *b)
{
  json_builder_set_member_name (b, "attention");
  json_builder_begin_object (b);
  add_string (b, "chosen", t->evidence.chosen);
  add_int (b, "users", t->evidence.n_users);
  for (guint m = 0; m < t->n; m++)
    {
      json_builder_set_member_name (b, t->names[m]);
      json_builder_begin_object (b);
      add_string (b, "method", t->channels[m]->method);
      add_double (b, "lambda", t->choices[m].lambda);
      if (t->choices[m].epsilon > 0)
        add_double (b, "epsilon", t->choices[m].epsilon);
      add_double (b, "theta", t->evidence.attention.theta[m]);
      add_double (b, "kappa", t->evidence.attention.kappa[m]);
      add_double (b, "psi", t->evidence.attention.psi[m]);
      json_builder_end_object (b);
    }
  add_double (b, "popularity", t->evidence.attention.pi);
  json_builder_end_object (b);
}

static void
add_costs (Training *t, JsonBuilder *b)
{
  double seconds = (double) (g_get_monotonic_time () - t->began) / G_USEC_PER_SEC;
  double fitting = (double) (t->fitted - t->channels_began) / G_USEC_PER_SEC;
  gsize interactions = t->split->part[RF_PART_TRAIN]->ptr[t->split->part[RF_PART_TRAIN]->rows];
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  add_int (b, "epochs", is_joint (t) ? t->joint.last.epoch : rf_config_get_int (t->config, "evidence.steps"));
  add_int (b, "best_epoch", is_joint (t) ? t->joint.last.best_epoch : t->evidence.best_step);
  add_double (b, "seconds", seconds);
  add_double (b, "fitting_seconds", fitting);
  if (is_joint (t)) /* of the epochs alone */
    {
      interactions = t->joint.interactions;
      fitting = t->joint.seconds;
    }
  add_double (b, "interactions_per_second", (double) interactions / MAX (fitting, 1e-6));
  add_int (b, "peak_memory_bytes", (gint64) usage.ru_maxrss * 1024);
  add_int (b, "threads", rf_parallel_get_threads ());
  add_string (b, "blas_kernel", rf_linalg_get_kernel ());
}

/* "beaten_by", and the notes, the first of which says so. */
static void
add_verdict (Training *t, JsonObject *result)
{
  g_autoptr(GPtrArray) losses = rf_beaten_of_result (result);
  g_autoptr(JsonArray) notes = json_array_new ();
  g_autofree char *sentence = rf_beaten_say (losses);

  json_object_set_array_member (result, "beaten_by", rf_beaten_to_json (losses));
  if (sentence)
    json_array_add_string_element (notes, sentence);
  for (guint i = 0; i < t->notes->len; i++)
    json_array_add_string_element (notes, t->notes->pdata[i]);
  json_object_set_array_member (result, "notes", g_steal_pointer (&notes));
}

static char *
make_result (Training *t, GError **error)
{
  g_autoptr(JsonBuilder) b = json_builder_new ();
  g_autoptr(JsonGenerator) generator = json_generator_new ();
  g_autoptr(JsonNode) root = NULL;

  json_builder_begin_object (b);
  add_costs (t, b);
  json_builder_set_member_name (b, "metrics");
  json_builder_begin_object (b);
  json_builder_set_member_name (b, "valid");
  rf_evaluation_to_json (&t->valid, b);
  json_builder_end_object (b);
  if (!add_baselines (t, b, error))
    return NULL;
  if (is_joint (t))
    add_network (t, b);
  else
    add_attention (t, b);
  add_int (b, "seed", rf_config_get_int (t->config, "seed"));
  json_builder_end_object (b);
  root = json_builder_get_root (b);
  add_verdict (t, json_node_get_object (root));
  json_generator_set_root (generator, root);
  return json_generator_to_data (generator, NULL);
}

RfCatalog *
rf_trainer_load_catalog (RfWorkspace *workspace, GError **error)
{
  g_autoptr(RfCatalog) catalog = rf_workspace_load_catalog (workspace, error);

  if (catalog && rf_catalog_get_n_interactions (catalog) == 0)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_DATA, _("This catalog has no interactions, so there is nothing to learn from; import it with a file of interactions."));
      return NULL;
    }
  return g_steal_pointer (&catalog);
}

RfSplit *
rf_trainer_make_split (const RfCatalog *catalog, const RfConfig *config, GError **error)
{
  RfSplitOptions options = rf_split_options_from_config (config);

  return rf_split_new_from_catalog (catalog, &options, error);
}

/* Before anything starts: settings that are fine each by itself but not together. */
static gboolean
check_settings (const Training *t, GError **error)
{
  g_autofree char *conflict = rf_net_data_check (t->config);

  if (*conflict)
    g_set_error_literal (error, RF_ERROR, RF_ERROR_CONFIG, conflict);
  return *conflict == '\0';
}

static gboolean
run_stages (Training *t, GError **error)
{
  if (!check_settings (t, error))
    return FALSE;
  if (!rf_progress_step (t->progress, _("Reading the catalog"), -1, error))
    return FALSE;
  t->catalog = rf_trainer_load_catalog (t->workspace, error);
  if (t->catalog == NULL)
    return FALSE;
  t->split = rf_trainer_make_split (t->catalog, t->config, error);
  if (t->split == NULL || !(is_joint (t) ? fit_joint (t, error) : fit_channels (t, error) && fit_attention (t, error)))
    return FALSE;
  t->fitted = g_get_monotonic_time ();
  return rf_evaluation_parse_cutoffs (&t->valid, "5,10,20,50", error) &&
         rf_evaluate (&t->valid, rf_score_with_model, t->model, t->model->n_items, t->split->part[RF_PART_TRAIN], t->split->part[RF_PART_VALID], t->progress, error);
}

static RfRun *
train (RfWorkspace *workspace, const RfConfig *config, gboolean keeps, gboolean resume, RfProgress *progress, RfTrainFunc func, void *data, GError **error)
{
  Training t = { .workspace = workspace, .config = config, .progress = progress, .func = func, .data = data, .keeps = keeps, .resume = resume, .log = rf_log_new (),
                 .notes = g_ptr_array_new_with_free_func (g_free), .began = g_get_monotonic_time () };
  g_autoptr(RfRun) run = g_new0 (RfRun, 1);
  g_autoptr(GBytes) bytes = NULL;
  gboolean ok = FALSE;

  if (run_stages (&t, error) && (run->result_json = make_result (&t, error)) != NULL &&
      rf_progress_step (progress, _("Saving the run"), -1, error))
    {
      run->created = g_get_real_time () / G_USEC_PER_SEC;
      run->config = rf_config_to_text (config);
      run->data_hash = g_strdup (rf_catalog_get_hash (t.catalog));
      run->split_hash = g_strdup (t.split->hash);
      bytes = rf_model_to_bytes (t.model);
      /* Killed between these, the document has a run too many or a training to finish that is finished: never one too few. */
      ok = rf_workspace_save_run (workspace, run, bytes, error) && (t.log->len == 0 || rf_workspace_save_log (workspace, run->id, t.log, error)) &&
           (t.checkpoint == NULL || rf_checkpoint_remove (t.checkpoint, error));
    }
  training_clear (&t);
  return ok ? g_steal_pointer (&run) : NULL;
}

RfRun *
rf_train (RfWorkspace *workspace, const RfConfig *config, RfProgress *progress, RfTrainFunc func, void *data, GError **error)
{
  return train (workspace, config, TRUE, FALSE, progress, func, data, error);
}

RfRun *
rf_train_on (RfWorkspace *workspace, const RfConfig *config, RfProgress *progress, RfTrainFunc func, void *data, GError **error)
{
  return train (workspace, config, TRUE, TRUE, progress, func, data, error);
}

RfRun *
rf_train_once (RfWorkspace *workspace, const RfConfig *config, RfProgress *progress, GError **error)
{
  return train (workspace, config, FALSE, FALSE, progress, NULL, NULL, error);
}
