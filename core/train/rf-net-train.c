/* rf-net-train.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/train/rf-net-train-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-rng.h"
#include "core/eval/rf-evaluate.h"

#define VALID_USERS 2000 /* so many users choose the epoch */
#define LOOK_EVERY  8    /* batches between two looks at the parts of the gradient */

/* The validation items of every k-th block of users, so that no epoch waits for its judgement: whole blocks, because users are scored in
 * blocks, and one that nobody asks for costs nothing. */
static RfCsr *
thin_out (const RfCsr *valid)
{
  guint32 users = 0, step, block = RF_EVALUATE_BLOCK;
  RfCsr *thin = g_new0 (RfCsr, 1);

  for (guint32 u = 0; u < valid->rows; u++)
    users += rf_csr_row_length (valid, u) > 0;
  step = MAX (1, users / VALID_USERS);
  if (valid->rows / block < 4 * step) /* too few blocks to stand for all */
    block = 1;
  thin->rows = valid->rows;
  thin->cols = valid->cols;
  thin->ptr = g_new0 (gsize, (gsize) valid->rows + 1);
  thin->idx = g_new (guint32, valid->ptr[valid->rows] + 1);
  for (guint32 u = 0; u < valid->rows; u++)
    {
      gsize length = rf_csr_row_length (valid, u);

      thin->ptr[u + 1] = thin->ptr[u];
      if (u / block % step)
        continue;
      memcpy (thin->idx + thin->ptr[u], rf_csr_row (valid, u), length * sizeof *thin->idx);
      thin->ptr[u + 1] += length;
    }
  return thin;
}

static gboolean
is_by_user (const RfNetTrainer *self)
{
  return self->options.loss == RF_LOSS_CE || self->options.loss == RF_LOSS_SAMPLED_CE;
}

RfNetTrainer *
rf_net_trainer_new (RfNet *net, const RfCsr *train, const RfCsr *valid, const RfNetTrainOptions *options)
{
  RfNetTrainer *self = g_new0 (RfNetTrainer, 1);
  RfSamplerOptions sampler = { .batch = options->batch, .negatives = options->negatives, .pool = options->pool, .group = options->group,
                               .seed = options->seed,
                               .all_items = options->loss == RF_LOSS_CE };
  RfOptimOptions optim = options->optim;

  self->net = net;
  self->train = train;
  self->valid = thin_out (valid);
  self->options = *options;
  sampler.by_user = is_by_user (self);
  self->sampler = rf_sampler_new (train, &sampler);
  optim.n_steps = (size_t) rf_sampler_begin (self->sampler, 0) * options->epochs;
  self->optim = rf_optim_new (rf_net_get_params (net), &optim);
  self->tape = rf_tape_new ();
  self->best_metric = -1;
  return self;
}

void
rf_net_trainer_free (RfNetTrainer *self)
{
  if (self == NULL)
    return;
  rf_csr_free (self->valid);
  rf_sampler_free (self->sampler);
  rf_optim_free (self->optim);
  rf_tape_free (self->tape);
  rf_model_unref (self->best);
  g_free (self->best_values);
  g_free (self->stopped);
  g_free (self);
}

void
rf_net_trainer_set_term (RfNetTrainer *self, RfNetTermFunc func, void *data)
{
  self->term = func;
  self->term_data = data;
}

void
rf_net_trainer_set_step_func (RfNetTrainer *self, RfNetStepFunc func, void *data)
{
  self->step = func;
  self->step_data = data;
}

/* ---- losses ---- */

static RfTensor *
loss_of_pairs (RfNetTrainer *self, const RfNetItems *items, const RfSample *s, RfTensor *users, RfTensor *own, int modality)
{
  RfTape *tape = self->tape;
  guint k = self->options.negatives;
  gsize n_neg = s->n * k;
  RfTensor *pos = rf_net_score_pairs (self->net, tape, items, own, s->pos_slot, s->n, modality);
  RfTensor *neg_users = k == 1 ? users : rf_rows (tape, users, s->repeat, n_neg);
  RfTensor *neg = rf_net_score_pairs (self->net, tape, items, neg_users, s->neg_slot, n_neg, modality);

  if (self->options.loss == RF_LOSS_BCE)
    {
      float *labels = rf_tape_scratch (tape, MAX (n_neg, s->n) * 2 * sizeof *labels);

      for (gsize e = 0; e < s->n; e++)
        labels[e] = 1;
      memset (labels + MAX (n_neg, s->n), 0, n_neg * sizeof *labels);
      return rf_add_scaled (tape, rf_scale (tape, rf_bce (tape, pos, labels), 1.0 / (1 + k)), rf_bce (tape, neg, labels + MAX (n_neg, s->n)), (double) k / (1 + k));
    }
  return rf_bpr (tape, k == 1 ? pos : rf_rows (tape, pos, s->repeat, n_neg), neg);
}

/* What a user's own items owe to themselves: c_u key_i . table_i at the targets, 0 elsewhere; NULL where users are no sums. */
static RfTensor *
own_part (RfNetTrainer *self, const RfNetItems *items, const RfSample *s, int modality)
{
  RfTape *tape = self->tape;
  RfTensor *keys = rf_net_keys (self->net, tape, items->items, items->n), *self_score, *ones, *place;
  size_t d = rf_net_get_options (self->net)->dim;

  if (keys == NULL)
    return NULL;
  if (modality >= 0)
    self_score = rf_row_dot (tape, rf_slice_cols (tape, keys, (size_t) modality * d, d), items->h[modality]);
  else
    self_score = rf_row_dot (tape, keys, items->table);
  ones = rf_constant_2d (tape, s->n_users, 1);
  place = rf_constant_2d (tape, s->n_users, s->n_items);
  memset (place->x, 0, place->len * sizeof *place->x);
  for (gsize u = 0; u < s->n_users; u++)
    {
      gsize length = s->target_ptr[u + 1] - s->target_ptr[u];

      ones->x[u] = 1;
      for (gsize e = s->target_ptr[u]; e < s->target_ptr[u + 1]; e++)
        place->x[u * s->n_items + s->target[e]] = (rf_real) (1 / sqrt ((double) length));
    }
  return rf_mul (tape, place, rf_matmul (tape, ones, false, self_score, true));
}

static RfTensor *
loss_of_rows (RfNetTrainer *self, const RfNetItems *items, const RfSample *s, RfTensor *users, int modality)
{
  RfTape *tape = self->tape;
  RfTensor *logits = rf_net_score_block (self->net, tape, items, users, modality), *own = own_part (self, items, s, modality);

  if (own)
    logits = rf_add_scaled (tape, logits, own, -1);
  if (self->options.loss == RF_LOSS_SAMPLED_CE)
    {
      RfTensor *chance = rf_constant_2d (tape, 1, s->n_items);

      for (gsize i = 0; i < s->n_items; i++)
        chance->x[i] = (rf_real) -rf_sampler_log_chance (self->sampler, s->items[i]);
      logits = rf_add_bias (tape, logits, rf_reshape (tape, chance, 1, (size_t[]) { s->n_items }));
    }
  return rf_cross_entropy_rows (tape, logits, s->target_ptr, s->target, NULL, (double) s->n_targets);
}

static RfTensor *
loss_l1 (RfNetTrainer *self, const RfNetItems *items, RfTensor *users)
{
  RfTensor *sum = rf_scale (self->tape, rf_l1 (self->tape, users), 1.0 / (double) rf_tensor_rows (users));

  for (guint m = 0; m < rf_net_get_input (self->net)->n_modalities; m++)
    sum = rf_add_scaled (self->tape, sum, rf_l1 (self->tape, items->h[m]), 1.0 / (double) items->n);
  return sum;
}

/* One loss, or of late fusion one per modality. */
static RfTensor *
loss_of_batch (RfNetTrainer *self, const RfSample *s, guint64 stream)
{
  RfTape *tape = self->tape;
  gboolean late = rf_net_get_options (self->net)->fusion == RF_FUSION_LATE;
  guint n_losses = late ? rf_net_get_input (self->net)->n_modalities : 1;
  RfTensor *distinct, *users, *own = NULL, *loss = NULL, *term;
  RfNetItems items;

  rf_net_begin (self->net, tape);
  rf_net_encode (self->net, tape, s->items, s->n_items, self->epoch, TRUE, &items);
  distinct = users = rf_net_users (self->net, tape, s->users, s->n_users);
  if (!is_by_user (self))
    {
      RfTensor *keys = rf_net_own_keys (self->net, tape, s->user, s->item, s->n);

      users = rf_rows (tape, distinct, s->user_slot, s->n);
      own = keys ? rf_add_scaled (tape, users, keys, -1) : users;
    }
  for (guint m = 0; m < n_losses; m++)
    {
      int modality = late ? (int) m : -1;
      RfTensor *part = is_by_user (self) ? loss_of_rows (self, &items, s, users, modality) : loss_of_pairs (self, &items, s, users, own, modality);

      loss = loss ? rf_add (tape, loss, part) : part;
    }
  self->part[0] = (double) loss->x[0];
  self->part[1] = self->part[2] = 0;
  if (self->options.l1 > 0)
    {
      RfTensor *l1 = loss_l1 (self, &items, distinct);

      self->part[1] = self->options.l1 * (double) l1->x[0];
      loss = rf_add_scaled (tape, loss, l1, self->options.l1);
    }
  if (self->term)
    {
      RfNetBatch batch = { tape, &items, is_by_user (self) ? NULL : own, s, self->epoch, stream };

      term = self->term (&batch, self->term_data);
      self->part[2] = term ? (double) term->x[0] : 0;
      loss = term ? rf_add (tape, loss, term) : loss;
    }
  return loss;
}

/* ---- epochs ---- */

static gboolean
refuse_number (RfNetTrainer *self, guint batch, GError **error)
{
  g_set_error (error, RF_ERROR, RF_ERROR_NUMERIC, _("Training stopped in epoch %u, batch %u: the loss is no longer a number. Lower learning_rate, or set clip."),
               self->epoch, batch + 1);
  return FALSE;
}

double
rf_net_trainer_run_batch (RfNetTrainer *self, guint batch, double *norm)
{
  const RfSample *sample = rf_sampler_next (self->sampler, batch);
  guint64 stream = rf_hash_mix (self->epoch, batch);
  RfTensor *value;
  double loss;

  rf_tape_reset (self->tape);
  rf_tape_set_random (self->tape, self->options.seed, stream);
  rf_tape_bind (self->tape, rf_net_get_params (self->net), NULL);
  value = loss_of_batch (self, sample, stream);
  loss = (double) value->x[0];
  if (!isfinite (loss))
    return NAN;
  rf_tape_backward (self->tape, value);
  if (batch % LOOK_EVERY == 0)
    rf_net_trainer_look_at_gradient (self);
  *norm = rf_optim_step (self->optim);
  return isfinite (*norm) ? loss : NAN;
}

static gboolean
run_batches (RfNetTrainer *self, RfNetEpoch *epoch, RfProgress *progress, GError **error)
{
  guint n = rf_sampler_begin (self->sampler, self->epoch);
  double loss = 0, norm = 0;

  memset (self->gradient_share, 0, sizeof self->gradient_share);
  self->n_looked = 0;

  for (guint b = 0; b < n; b++)
    {
      double number, length;

      if (!rf_progress_step (progress, _("Training"), ((double) (self->epoch - 1) + (double) b / n) / self->options.epochs, error))
        return FALSE;
      number = rf_net_trainer_run_batch (self, b, &length);
      if (isnan (number))
        return refuse_number (self, b, error);
      loss += number;
      norm += length;
      epoch->loss_ranking += self->part[0] / n;
      epoch->loss_l1 += self->part[1] / n;
      epoch->loss_term += self->part[2] / n;
      if (self->step)
        self->step (self->epoch, self->options.epochs, (double) (b + 1) / n, loss / (b + 1), self->step_data);
    }
  epoch->loss = n ? loss / n : 0;
  epoch->gradient_norm = n ? norm / n : 0;
  self->interactions += self->train->ptr[self->train->rows];
  return TRUE;
}

gboolean
rf_net_trainer_validate (RfNetTrainer *self, RfModel *model, RfNetEpoch *epoch, RfProgress *progress, GError **error)
{
  RfEvaluation evaluation;

  if (!rf_evaluation_parse_cutoffs (&evaluation, "20", error) ||
      !rf_evaluate (&evaluation, rf_score_with_model, model, model->n_items, self->train, self->valid, progress, error))
    return FALSE;
  epoch->metric = evaluation.mean[0].ndcg;
  epoch->recall = evaluation.mean[0].recall;
  epoch->watched = self->options.watch == RF_WATCH_RECALL ? evaluation.mean[0].recall
                   : self->options.watch == RF_WATCH_MAP  ? evaluation.mean[0].map
                   : self->options.watch == RF_WATCH_MRR  ? evaluation.mean[0].mrr
                                                          : evaluation.mean[0].ndcg;
  return TRUE;
}

static void
keep_best (RfNetTrainer *self, RfModel *model, double metric)
{
  RfParams *params = rf_net_get_params (self->net);
  gsize n = rf_params_block_length (params);

  g_clear_pointer (&self->best, rf_model_unref);
  self->best = rf_model_ref (model);
  self->best_metric = metric;
  self->best_epoch = self->epoch;
  if (self->best_values == NULL)
    self->best_values = g_new (rf_real, n + 1);
  memcpy (self->best_values, rf_params_all_values (params), n * sizeof (rf_real));
}

gboolean
rf_net_trainer_run_epoch (RfNetTrainer *self, RfNetEpoch *epoch, RfProgress *progress, GError **error)
{
  gint64 began = g_get_monotonic_time ();
  g_autoptr(RfModel) model = NULL;

  memset (epoch, 0, sizeof *epoch);
  self->epoch++;
  if (!run_batches (self, epoch, progress, error))
    {
      rf_net_trainer_restore_best (self);
      self->epoch--;
      return FALSE;
    }
  epoch->seconds = (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC;
  self->seconds += epoch->seconds;
  epoch->rate = rf_optim_get_rate (self->optim);
  model = rf_net_freeze (self->net, self->tape);
  if (!rf_net_trainer_validate (self, model, epoch, progress, error))
    return FALSE;
  rf_optim_report (self->optim, epoch->watched);
  if (epoch->watched > self->best_metric + (self->best ? self->options.delta : 0))
    keep_best (self, model, epoch->watched);
  rf_net_trainer_look_at_model (self, model, epoch);
  epoch->epoch = self->epoch;
  epoch->n_epochs = self->options.epochs;
  epoch->best_epoch = self->best_epoch;
  epoch->best_metric = self->best_metric;
  return TRUE;
}

gboolean
rf_net_trainer_is_done (const RfNetTrainer *self)
{
  return self->epoch >= self->options.epochs || (self->best && self->epoch - self->best_epoch >= self->options.patience);
}

RfModel *
rf_net_trainer_get_best (RfNetTrainer *self)
{
  return self->best;
}

void
rf_net_trainer_restore_best (RfNetTrainer *self)
{
  RfParams *params = rf_net_get_params (self->net);

  if (self->best_values)
    memcpy (rf_params_all_values (params), self->best_values, rf_params_block_length (params) * sizeof (rf_real));
}

RfModel *
rf_net_train (RfNetTrainer *self, RfNetEpochFunc func, void *data, RfNetEpoch *last, RfProgress *progress, GError **error)
{
  while (!rf_net_trainer_is_done (self))
    {
      g_autoptr(GError) failure = NULL;
      RfNetEpoch epoch;

      if (!rf_net_trainer_run_epoch (self, &epoch, progress, &failure))
        {
          /* No longer a number, but there is a good epoch to keep: that is a result, with the reason beside it. */
          if (self->best && g_error_matches (failure, RF_ERROR, RF_ERROR_NUMERIC))
            {
              g_free (self->stopped);
              self->stopped = g_strdup (failure->message);
              break;
            }
          g_propagate_error (error, g_steal_pointer (&failure));
          return NULL;
        }
      *last = epoch;
      if (func)
        func (last, data);
    }
  rf_net_trainer_restore_best (self);
  return rf_model_ref (self->best);
}

void
rf_net_trainer_get_speed (const RfNetTrainer *self, gsize *interactions, double *seconds)
{
  *interactions = self->interactions;
  *seconds = self->seconds;
}

const char *
rf_net_trainer_get_stopped (const RfNetTrainer *self)
{
  return self->stopped;
}

gsize
rf_net_trainer_get_peak_bytes (const RfNetTrainer *self)
{
  return rf_tape_get_peak_bytes (self->tape);
}
