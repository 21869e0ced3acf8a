/* rf-joint.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/train/rf-joint.h"

#include <math.h>
#include <string.h>

#define SGD_MOMENTUM    0.9
#define PLATEAU_FACTOR  0.5
#define PLATEAU_EPOCHS  3
#define SAMPLED_CE_DRAW 512

static gboolean
is (const RfConfig *config, const char *key, const char *value)
{
  return strcmp (rf_config_get (config, key), value) == 0;
}

static RfLoss
read_loss (const RfConfig *config)
{
  if (is (config, "loss", "ce"))
    return RF_LOSS_CE;
  if (is (config, "loss", "sampled-ce"))
    return RF_LOSS_SAMPLED_CE;
  return is (config, "loss", "bce") ? RF_LOSS_BCE : RF_LOSS_BPR;
}

RfNetTrainOptions
rf_joint_options (const RfConfig *config)
{
  RfNetTrainOptions o = {
    .loss = read_loss (config),
    .watch = is (config, "valid_metric", "recall@20") ? RF_WATCH_RECALL
             : is (config, "valid_metric", "map@20")  ? RF_WATCH_MAP
             : is (config, "valid_metric", "mrr@20")  ? RF_WATCH_MRR
                                                      : RF_WATCH_NDCG,
    .epochs = (guint) rf_config_get_int (config, "epochs"),
    .batch = (guint) rf_config_get_int (config, "train_batch_size"),
    .negatives = (guint) rf_config_get_int (config, "train_neg_sample_num"),
    .pool = (guint) rf_config_get_int (config, "negatives.pool"),
    .group = (guint) rf_config_get_int (config, "batch.group"),
    .patience = (guint) rf_config_get_int (config, "stopping_step"),
    .delta = rf_config_get_real (config, "stopping_delta"),
    .l1 = rf_config_get_real (config, "l1"),
    .seed = (guint64) rf_config_get_int (config, "seed"),
    .optim = {
      .kind = is (config, "learner", "sgd") ? RF_OPTIM_SGD : is (config, "learner", "adamw") ? RF_OPTIM_ADAMW : RF_OPTIM_ADAM,
      .rate = rf_config_get_real (config, "learning_rate"),
      .momentum = SGD_MOMENTUM,
      .decay = rf_config_get_real (config, "l2"),
      .clip = rf_config_get_real (config, "clip"),
      .schedule = is (config, "learning_rate_scheduler", "cosine")    ? RF_SCHEDULE_COSINE
                  : is (config, "learning_rate_scheduler", "plateau") ? RF_SCHEDULE_PLATEAU
                                                                      : RF_SCHEDULE_CONSTANT,
      .patience = PLATEAU_EPOCHS,
      .factor = PLATEAU_FACTOR,
    },
  };

  if (o.negatives == 0)
    o.negatives = o.loss == RF_LOSS_SAMPLED_CE ? SAMPLED_CE_DRAW : 1;
  return o;
}

/* What goes on after an epoch: the log, the checkpoint, and whoever watches. */
typedef struct
{
  const RfNet *net;
  RfNetTrainer *trainer;
  const RfJointControl *control;
  RfNetEpochFunc func;
  void *data;
} Watch;

static void
log_shares (const RfNet *net, const RfNetEpoch *epoch, const char *what, const double *share, GArray *log)
{
  const RfNetInput *input = rf_net_get_input (net);

  for (guint m = 0; m < input->n_modalities; m++)
    {
      g_autofree char *name = g_strdup_printf ("%s.%s", what, input->input[m].name);

      rf_log_add (log, epoch->epoch, name, share[m]);
    }
}

static void
log_epoch (const RfNet *net, const RfNetEpoch *epoch, GArray *log)
{
  const struct { const char *name; double value; } numbers[] = {
    { "loss", epoch->loss }, { "loss.ranking", epoch->loss_ranking }, { "loss.l1", epoch->loss_l1 }, { "loss.auxiliary", epoch->loss_term },
    { "ndcg@20", epoch->metric }, { "recall@20", epoch->recall }, { "gradient_norm", epoch->gradient_norm }, { "learning_rate", epoch->rate },
    { "seconds", epoch->seconds }, { "peak_memory_bytes", (double) epoch->peak_bytes },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    rf_log_add (log, epoch->epoch, numbers[i].name, numbers[i].value);
  log_shares (net, epoch, "gradient_share", epoch->gradient_share, log);
  log_shares (net, epoch, "vector_share", epoch->vector_share, log);
  log_shares (net, epoch, "attention", epoch->attention, log);
  log_shares (net, epoch, "attention_entropy", epoch->entropy, log);
}

static void
after_epoch (const RfNetEpoch *epoch, void *data)
{
  Watch *w = data;
  g_autoptr(GError) error = NULL;

  if (w->control && w->control->log)
    log_epoch (w->net, epoch, w->control->log);
  /* A training that cannot be kept (a full disk) is still a training. */
  if (w->control && w->control->checkpoint && !rf_checkpoint_save (w->control->checkpoint, w->trainer, w->control->log, epoch, &error))
    g_debug ("no checkpoint: %s", error->message);
  if (w->func)
    w->func (epoch, w->data);
}

/* Takes up what was kept. Nothing left to run: `last` is then what the log says of it. */
static gboolean
take_up (RfNetTrainer *trainer, const RfJointControl *control, RfJointResult *result, GError **error)
{
  gboolean found;

  if (control == NULL || !control->resume)
    return TRUE;
  if (!rf_checkpoint_load (control->checkpoint, trainer, control->log, &found, error))
    return FALSE;
  result->resumed = rf_net_trainer_get_epoch (trainer);
  for (guint e = 0; e < control->log->len; e++)
    {
      const RfLogEntry *entry = &g_array_index (control->log, RfLogEntry, e);

      if (entry->epoch != result->resumed)
        continue;
      if (strcmp (entry->name, "loss") == 0)
        result->last.loss = entry->value;
      else if (strcmp (entry->name, "gradient_norm") == 0)
        result->last.gradient_norm = entry->value;
      else if (strcmp (entry->name, "ndcg@20") == 0)
        result->last.metric = entry->value;
    }
  result->last.epoch = result->resumed;
  return TRUE;
}

static RfModel *
train (RfNet *net, RfJointTerms *terms, const RfCsr *train_part, const RfCsr *valid, const RfNetTrainOptions *options, const RfJointControl *control,
       RfJointResult *result, RfNetEpochFunc func, void *data, RfProgress *progress, GError **error)
{
  g_autoptr(RfNetTrainer) trainer = rf_net_trainer_new (net, train_part, valid, options);
  Watch watch = { net, trainer, control, func, data };
  RfModel *model;

  if (terms)
    rf_joint_terms_attach (terms, trainer);
  if (!take_up (trainer, control, result, error))
    return NULL;
  model = rf_net_train (trainer, after_epoch, &watch, &result->last, progress, error);
  if (model && terms)
    result->terms = rf_joint_terms_to_json (terms);
  result->last.best_epoch = rf_net_trainer_get_best_epoch (trainer, &result->last.best_metric);
  result->stopped = g_strdup (rf_net_trainer_get_stopped (trainer));
  result->n_parameters = rf_params_length (rf_net_get_params (net));
  rf_net_trainer_get_speed (trainer, &result->interactions, &result->seconds);
  result->peak_bytes = rf_net_trainer_get_peak_bytes (trainer);
  return model;
}

RfModel *
rf_fit_joint (RfWorkspace *workspace, const RfCatalog *catalog, const RfSplit *split, const RfConfig *config, const RfJointControl *control,
              RfJointResult *result, RfNetEpochFunc func, void *data, RfProgress *progress, GError **error)
{
  const RfCsr *train_part = split->part[RF_PART_TRAIN];
  g_autoptr(RfNetData) input = rf_net_data_new (workspace, catalog, train_part, config, progress, error);
  g_autoptr(RfNet) net = NULL;
  g_autoptr(RfJointTerms) terms = NULL;
  RfNetTrainOptions options = rf_joint_options (config);

  memset (result, 0, sizeof *result);
  if (input == NULL)
    return NULL;
  result->reduced = g_strdup (input->reduced);
  result->n_modalities = input->input.n_modalities;
  for (guint m = 0; m < result->n_modalities; m++)
    result->names[m] = g_intern_string (input->names[m]);
  net = rf_net_new (&input->input, &input->options);
  terms = rf_joint_terms_new (net, catalog, split, config, error);
  if (terms == NULL)
    return NULL;
  rf_net_start (net);
  return train (net, terms, train_part, split->part[RF_PART_VALID], &options, control, result, func, data, progress, error);
}

RfNet *
rf_open_joint (RfWorkspace *workspace, const RfCatalog *catalog, const RfSplit *split, const RfConfig *config, const RfModel *model,
               RfNetData **data, RfProgress *progress, GError **error)
{
  g_autoptr(RfNetData) input = rf_net_data_new (workspace, catalog, split->part[RF_PART_TRAIN], config, progress, error);
  g_autoptr(RfNet) net = NULL;

  if (input == NULL)
    return NULL;
  net = rf_net_new (&input->input, &input->options);
  rf_net_start (net);
  if (!rf_net_load (net, model, error))
    return NULL;
  *data = g_steal_pointer (&input);
  return g_steal_pointer (&net);
}

RfChannel *
rf_fit_trained_channel (const RfFeatures *features, const RfCsr *train_part, const RfCsr *valid, const RfConfig *config,
                        const RfJointControl *control, RfChannelChoice *choice, RfProgress *progress, GError **error)
{
  g_autoptr(RfNetData) input = rf_net_data_new_channel (features, train_part, config);
  g_autoptr(RfNet) net = rf_net_new (&input->input, &input->options);
  g_autoptr(RfModel) model = NULL;
  RfNetTrainOptions options = rf_joint_options (config);
  RfJointResult result = { 0 };
  RfChannel *channel;

  options.loss = RF_LOSS_CE;
  options.optim.decay = rf_config_get_real (config, "channel.l2");
  rf_net_start (net);
  model = train (net, NULL, train_part, valid, &options, control, &result, NULL, NULL, progress, error);
  g_free (result.stopped);
  if (model == NULL)
    return NULL;
  channel = rf_channel_ref (model->channels[0]);
  g_free (channel->method);
  channel->method = g_strdup ("trained");
  *choice = (RfChannelChoice) { .lambda = options.optim.decay, .ndcg = result.last.best_metric };
  return channel;
}
