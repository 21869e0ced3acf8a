/* test-net.c: every joint model: what is frozen scores as the network does, splits add up, coalitions are the masked network, training
 * learns and repeats.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/eval/rf-evaluate.h"
#include "core/explain/rf-attribution.h"
#include "core/model/rf-graph.h"
#include "core/model/rf-net.h"
#include "core/train/rf-net-train.h"
#include "tests/support/planted.h"

typedef struct
{
  Planted *world;
  RfNetInput input;
  guint8 *available[3];
  RfCsr *graph, *transposed;
  RfMatrix *stats;
} Fixture;

/* Some items lack a picture, some a text; nobody has chosen the last one. */
static void
fixture_init (Fixture *f, guint32 n_users, guint32 n_items)
{
  f->world = planted_new (n_users, n_items, 0.3, 7);
  f->input = (RfNetInput) { .n_users = n_users, .n_items = n_items, .train = f->world->part[0], .n_modalities = 3 };
  for (guint m = 0; m < 3; m++)
    {
      f->available[m] = g_new0 (guint8, n_items);
      for (guint32 i = 0; i < n_items; i++)
        f->available[m][i] = m == 2 || i % 11 != 3 * m + 1;
      f->input.input[m] = (RfEncoderInput) { .name = m == 0 ? "image" : m == 1 ? "text" : "behaviour", .n_items = n_items, .n_users = n_users,
                                             .kind = m < 2 ? RF_ENCODER_FEATURES : RF_ENCODER_IDS, .available = f->available[m],
                                             .x = m < 2 ? f->world->features[m]->x : NULL };
    }
  memset (f->available[2], 0, n_items);
  for (gsize e = 0; e < f->world->part[0]->ptr[n_users]; e++)
    f->available[2][f->world->part[0]->idx[e]] = 1;
  f->stats = rf_matrix_new (n_users, 3);
  for (guint32 u = 0; u < n_users; u++)
    for (gsize c = 0; c < 3; c++)
      rf_matrix_row (f->stats, u)[c] = sinf ((float) (u * 3 + c));
  f->input.user_stats = f->stats;
}

static void
fixture_clear (Fixture *f)
{
  for (guint m = 0; m < 3; m++)
    g_free (f->available[m]);
  rf_csr_free (f->graph);
  rf_csr_free (f->transposed);
  rf_matrix_free (f->stats);
  planted_free (f->world);
}

static RfNetOptions
plain_options (RfFusion fusion)
{
  return (RfNetOptions) { .fusion = fusion, .dim = 16, .hidden = 12, .width = 16, .bias = fusion != RF_FUSION_LATE, .seed = 3 };
}

static RfNetTrainOptions
plain_training (RfLoss loss)
{
  return (RfNetTrainOptions) { .loss = loss, .epochs = 3, .batch = 256, .negatives = loss == RF_LOSS_SAMPLED_CE ? 40 : 2, .patience = 10, .seed = 5,
                               .optim = { .kind = RF_OPTIM_ADAM, .rate = 0.02, .decay = 1e-5, .clip = 5 } };
}

static RfNet *
train (const Fixture *f, const RfNetOptions *options, RfNetTrainOptions training, RfModel **model)
{
  g_autoptr(GError) error = NULL;
  RfNet *net = rf_net_new (&f->input, options);
  g_autoptr(RfNetTrainer) trainer = NULL;
  RfNetEpoch last;

  rf_net_start (net);
  trainer = rf_net_trainer_new (net, f->world->part[0], f->world->part[1], &training);
  *model = rf_net_train (trainer, NULL, NULL, &last, NULL, &error);
  g_assert_no_error (error);
  return net;
}

/* ---- the frozen model against the network ---- */

/* Score of one pair by the network itself, under a mask of modalities. */
static double
score_by_net (RfNet *net, RfTape *tape, guint32 user, guint32 item, guint mask, int modality)
{
  const RfCsr *train_part = rf_net_get_input (net)->train;
  guint32 slot = 0;
  RfNetItems items;
  RfTensor *users, *own;

  rf_tape_reset (tape);
  rf_tape_bind (tape, rf_net_get_params (net), NULL);
  rf_net_begin (net, tape);
  rf_net_encode (net, tape, &item, 1, 0, FALSE, &items);
  for (guint m = 0; m < 3; m++)
    items.mask[m] = items.mask[m] && mask & 1u << m;
  rf_net_fuse (net, tape, &items);
  users = rf_net_users (net, tape, &user, 1);
  own = rf_csr_contains (train_part, user, item) ? rf_net_own_keys (net, tape, &user, &item, 1) : NULL;
  if (own)
    users = rf_add_scaled (tape, users, own, -1);
  return (double) rf_net_score_pairs (net, tape, &items, users, &slot, 1, modality)->x[0];
}

static void
compare_scores (RfNet *net, const RfModel *model, const RfCsr *history)
{
  RfTape *tape = rf_tape_new ();
  g_autoptr(RfScores) scores = rf_scores_new (model, 1), lean = rf_scores_new_lean (model, 1);
  gboolean late = rf_net_get_options (net)->fusion == RF_FUSION_LATE;

  rf_tape_set_recording (tape, false);
  rf_tape_set_training (tape, false);
  for (guint32 u = 0; u < 12; u++)
    {
      rf_model_score (model, history, u, 1, u, NULL, scores);
      rf_model_score (model, history, u, 1, u, NULL, lean);
      for (guint32 i = 0; i < model->n_items; i += 3)
        {
          float attention[RF_MAX_MODALITIES];
          double sum = (double) rf_model_get_bias (model, scores, 0, i), share = 0;

          rf_model_get_attention (model, scores, 0, i, attention);
          for (guint m = 0; m < model->n_modalities; m++)
            {
              sum += (double) attention[m] * (double) scores->z[m][i];
              share += (double) attention[m];
            }
          g_assert_cmpfloat_with_epsilon (share, 1, 1e-5);
          g_assert_cmpfloat_with_epsilon (sum, (double) scores->score[i], 2e-4);
          g_assert_cmpfloat_with_epsilon ((double) lean->score[i], (double) scores->score[i], 2e-4);
          if (!late) /* late fusion standardises what the networks say */
            g_assert_cmpfloat_with_epsilon (score_by_net (net, tape, u, i, 7, -1), (double) scores->score[i], 2e-4);
        }
    }
  rf_tape_free (tape);
}

/* v(T) of a model that does not split is the network with the other modalities masked; Shapley values are by the definition. */
static void
compare_coalitions (RfNet *net, const RfModel *model, const RfCsr *history)
{
  RfTape *tape = rf_tape_new ();
  g_autoptr(RfScores) scores = rf_scores_new (model, 1);

  rf_tape_set_recording (tape, false);
  rf_tape_set_training (tape, false);
  for (guint32 u = 0; u < 4; u++)
    for (guint32 i = 1; i < model->n_items; i += 17)
      {
        double values[8], phi[3], expected[8];
        float weights[3] = { 1, 0, 1 };

        rf_model_score (model, history, u, 1, u, NULL, scores);
        rf_coalition_values (model, scores, 0, i, RF_REMOVAL_RENORMALISE, values);
        for (guint t = 0; t < 8; t++)
          expected[t] = score_by_net (net, tape, u, i, t, -1);
        for (guint t = 0; t < 8; t++)
          g_assert_cmpfloat_with_epsilon (values[t], expected[t] - expected[0], 2e-4);
        rf_shapley_values (3, values, phi);
        for (guint m = 0; m < 3; m++)
          {
            float attention[RF_MAX_MODALITIES];

            rf_model_get_attention (model, scores, 0, i, attention);
            g_assert_cmpfloat_with_epsilon ((double) attention[m] * (double) scores->z[m][i], phi[m], 2e-4);
          }
        rf_model_reweight (model, weights, scores); /* a muted modality is the coalition without it */
        g_assert_cmpfloat_with_epsilon ((double) scores->score[i], expected[5], 2e-4);
      }
  rf_tape_free (tape);
}

static void
compare_saved (const RfModel *model, const RfCsr *history)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = rf_model_to_bytes (model), again = NULL;
  g_autoptr(RfModel) loaded = rf_model_from_bytes (bytes, &error);
  g_autoptr(RfScores) a = NULL, b = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (loaded->fusion, ==, model->fusion);
  again = rf_model_to_bytes (loaded);
  g_assert_true (g_bytes_equal (bytes, again));
  a = rf_scores_new (model, 5);
  b = rf_scores_new (loaded, 5);
  rf_model_score (model, history, 0, 5, 0, NULL, a);
  rf_model_score (loaded, history, 0, 5, 0, NULL, b);
  g_assert_cmpmem (a->score, 5 * model->n_items * sizeof (float), b->score, 5 * model->n_items * sizeof (float));
}

/* A network of the same settings with the model's parameters encodes items as before. */
static void
compare_loaded (const Fixture *f, RfNet *net, const RfModel *model)
{
  g_autoptr(GError) error = NULL;
  RfNetOptions options = *rf_net_get_options (net);
  g_autoptr(RfNet) again = NULL;
  RfTape *tape = rf_tape_new ();
  guint32 items[20];
  float seen[20 * 16];

  options.seed += 1;
  again = rf_net_new (&f->input, &options);
  rf_net_start (again);
  g_assert_true (rf_net_load (again, model, &error));
  g_assert_no_error (error);
  rf_tape_set_training (tape, false);
  for (guint32 k = 0; k < 20; k++)
    items[k] = k;
  for (int turn = 0; turn < 2; turn++)
    {
      RfNet *of = turn ? again : net;
      RfNetItems encoded;

      rf_tape_reset (tape);
      rf_tape_bind (tape, rf_net_get_params (of), NULL);
      rf_net_begin (of, tape);
      rf_net_encode (of, tape, items, 20, 0, FALSE, &encoded);
      if (turn == 0)
        memcpy (seen, encoded.h[0]->x, sizeof seen);
      else
        g_assert_cmpmem (seen, sizeof seen, encoded.h[0]->x, sizeof seen);
    }
  rf_tape_free (tape);
}

static void
check_one (const Fixture *f, const RfNetOptions *options, RfLoss loss)
{
  g_autoptr(RfModel) model = NULL;
  g_autoptr(RfNet) net = train (f, options, plain_training (loss), &model);

  compare_scores (net, model, f->world->part[0]);
  if (!rf_model_is_additive (model))
    compare_coalitions (net, model, f->world->part[0]);
  compare_saved (model, f->world->part[0]);
  compare_loaded (f, net, model);
}

static void
test_fusions (void)
{
  Fixture f = { 0 };

  fixture_init (&f, 60, 80);
  for (RfFusion fusion = RF_FUSION_CONCAT; fusion <= RF_FUSION_LATE; fusion++)
    for (RfUserKind user = RF_USER_EMBEDDING; user <= RF_USER_STATS; user++)
      {
        RfNetOptions options = plain_options (fusion);

        options.user = user;
        check_one (&f, &options, RF_LOSS_BPR);
        if (fusion == RF_FUSION_CONCAT || fusion == RF_FUSION_LATE)
          continue;
        options.head = RF_HEAD_PER_MODALITY;
        check_one (&f, &options, RF_LOSS_BCE);
      }
  fixture_clear (&f);
}

static void
test_heads (void)
{
  static const RfFusion fusions[] = { RF_FUSION_CONCAT, RF_FUSION_SUM, RF_FUSION_ATTENTION, RF_FUSION_GATE };
  Fixture f = { 0 };

  fixture_init (&f, 60, 80);
  for (guint k = 0; k < G_N_ELEMENTS (fusions); k++)
    for (RfUserKind user = RF_USER_EMBEDDING; user <= RF_USER_HISTORY; user++)
      {
        RfNetOptions options = plain_options (fusions[k]);

        options.head = RF_HEAD_MLP;
        options.user = user;
        options.normalise = TRUE;
        check_one (&f, &options, RF_LOSS_BCE);
      }
  fixture_clear (&f);
}

static void
test_linear_concat (void)
{
  Fixture f = { 0 };
  RfNetOptions options = plain_options (RF_FUSION_CONCAT);

  fixture_init (&f, 60, 80);
  options.hidden = 0;
  check_one (&f, &options, RF_LOSS_CE);
  fixture_clear (&f);
}

static void
test_graphs (void)
{
  Fixture f = { 0 };
  RfNetOptions options = plain_options (RF_FUSION_SUM);
  const RfFeatures *features[2];

  fixture_init (&f, 60, 80);
  features[0] = f.world->features[0];
  features[1] = f.world->features[1];
  f.graph = rf_graph_of_features (features, 2, 4, &f.transposed);
  f.input.input[2].graph = f.graph;
  f.input.input[2].graph_transposed = f.transposed;
  f.input.input[2].layers = 2;
  check_one (&f, &options, RF_LOSS_SAMPLED_CE);
  rf_csr_free (f.graph);
  f.graph = rf_graph_of_interactions (f.world->part[0]);
  f.input.input[2].kind = RF_ENCODER_GRAPH;
  f.input.input[2].graph = f.graph;
  check_one (&f, &options, RF_LOSS_SAMPLED_CE);
  options.head = RF_HEAD_PER_MODALITY;
  check_one (&f, &options, RF_LOSS_BPR);
  fixture_clear (&f);
}

/* ---- training ---- */

static double
judge (RfScoreFunc func, const void *scorer, const Fixture *f)
{
  g_autoptr(GError) error = NULL;
  RfEvaluation evaluation;

  g_assert_true (rf_evaluation_parse_cutoffs (&evaluation, "20", &error));
  g_assert_true (rf_evaluate (&evaluation, func, scorer, f->input.n_items, f->world->part[0], f->world->part[2], NULL, &error));
  return evaluation.mean[0].recall;
}

/* Twelve epochs are enough to be clearly better than popularity, for every loss. */
static void
test_learns (void)
{
  Fixture f = { 0 };
  double popular;
  g_autofree float *popularity = NULL;

  fixture_init (&f, 600, 300);
  popularity = rf_model_popularity_from (f.world->part[0]);
  popular = judge (rf_score_with_vector, popularity, &f);
  for (RfLoss loss = RF_LOSS_CE; loss <= RF_LOSS_BCE; loss++)
    {
      RfNetOptions options = plain_options (RF_FUSION_SUM);
      RfNetTrainOptions training = plain_training (loss);
      g_autoptr(RfModel) model = NULL;
      g_autoptr(RfNet) net = NULL;
      double recall;

      options.user = loss == RF_LOSS_CE ? RF_USER_HISTORY : RF_USER_EMBEDDING;
      options.head = RF_HEAD_PER_MODALITY;
      training.epochs = 12;
      net = train (&f, &options, training, &model);
      recall = judge (rf_score_with_model, model, &f);
      g_test_message ("loss %d: R@20 %.3f, popularity %.3f", loss, recall, popular);
      g_assert_cmpfloat (recall, >, 1.15 * popular);
    }
  fixture_clear (&f);
}

static void
test_repeats (void)
{
  Fixture f = { 0 };
  g_autoptr(GBytes) first = NULL;

  fixture_init (&f, 100, 90);
  for (int threads = 1; threads <= 3; threads++)
    {
      RfNetOptions options = plain_options (RF_FUSION_ATTENTION);
      g_autoptr(RfModel) model = NULL;
      g_autoptr(RfNet) net = NULL;
      g_autoptr(GBytes) bytes = NULL;

      options.dropout = 0.2;
      options.modality_dropout = 0.2;
      rf_parallel_set_threads (threads);
      net = train (&f, &options, plain_training (RF_LOSS_BPR), &model);
      bytes = rf_model_to_bytes (model);
      if (first == NULL)
        first = g_bytes_ref (bytes);
      g_assert_true (g_bytes_equal (first, bytes));
    }
  rf_parallel_set_threads (0);
  fixture_clear (&f);
}

/* ---- golden runs: seed to ten losses ---- */

static void
golden_run (const Fixture *f, const RfNetOptions *options, RfLoss loss, double losses[10])
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RfNet) net = rf_net_new (&f->input, options);
  RfNetTrainOptions training = plain_training (loss);
  g_autoptr(RfNetTrainer) trainer = NULL;

  training.epochs = 10;
  training.patience = 100;
  rf_net_start (net);
  trainer = rf_net_trainer_new (net, f->world->part[0], f->world->part[1], &training);
  for (int e = 0; e < 10; e++)
    {
      RfNetEpoch epoch;

      g_assert_true (rf_net_trainer_run_epoch (trainer, &epoch, NULL, &error));
      g_assert_no_error (error);
      losses[e] = epoch.loss;
    }
}

static void
test_golden (void)
{
  static const double expected[3][10] = { { 0.684461, 0.586095, 0.496323, 0.414062, 0.363953, 0.321729, 0.305330, 0.274180, 0.254477, 0.232953 },
                                           { 4.500214, 4.279342, 4.147877, 3.970040, 3.797307, 3.645093, 3.487416, 3.403394, 3.266063, 3.116854 },
                                           { 0.664483, 0.635897, 0.631023, 0.622277, 0.619450, 0.605776, 0.604316, 0.603186, 0.591310, 0.594223 } };
  Fixture f = { 0 };
  RfNetOptions options[3] = { plain_options (RF_FUSION_ATTENTION), plain_options (RF_FUSION_SUM), plain_options (RF_FUSION_CONCAT) };
  static const RfLoss losses[3] = { RF_LOSS_BPR, RF_LOSS_CE, RF_LOSS_BCE };

  options[1].user = RF_USER_HISTORY;
  options[1].head = RF_HEAD_PER_MODALITY;
  options[2].head = RF_HEAD_MLP;
  fixture_init (&f, 120, 90);
  for (int c = 0; c < 3; c++)
    {
      double found[10];

      golden_run (&f, &options[c], losses[c], found);
      for (int e = 0; e < 10; e++)
        g_test_message ("%d %d %.6f", c, e, found[e]);
      for (int e = 0; e < 10; e++) /* other kernels of the BLAS add up in another order, and ten epochs carry that on */
        g_assert_cmpfloat_with_epsilon (found[e], expected[c][e], 2e-3 * expected[c][e]);
    }
  fixture_clear (&f);
}

static RfNetTrainer *
start (const Fixture *f, const RfNetOptions *options, const RfNetTrainOptions *training, RfNet **net)
{
  *net = rf_net_new (&f->input, options);
  rf_net_start (*net);
  return rf_net_trainer_new (*net, f->world->part[0], f->world->part[1], training);
}

static void
assert_same_models (const RfModel *a, const RfModel *b)
{
  g_autoptr(GBytes) x = rf_model_to_bytes (a), y = rf_model_to_bytes (b);

  g_assert_true (g_bytes_equal (x, y));
}

/* Kept after two epochs and taken up by a trainer that knows nothing else: the same bits as in one go, with every optimiser and schedule. */
static void
test_taken_up (void)
{
  static const RfOptimKind kinds[] = { RF_OPTIM_SGD, RF_OPTIM_ADAM, RF_OPTIM_ADAMW };
  static const RfScheduleKind schedules[] = { RF_SCHEDULE_PLATEAU, RF_SCHEDULE_COSINE, RF_SCHEDULE_CONSTANT };
  static const RfFusion fusions[] = { RF_FUSION_LATE, RF_FUSION_USER_ATTENTION, RF_FUSION_CONCAT };
  Fixture f = { 0 };

  fixture_init (&f, 120, 60);
  for (int c = 0; c < 3; c++)
    {
      RfNetOptions options = plain_options (fusions[c]);
      RfNetTrainOptions training = plain_training (RF_LOSS_BPR);
      g_autoptr(RfNet) one = NULL, two = NULL, three = NULL, other = NULL;
      g_autoptr(RfNetTrainer) whole = NULL, first = NULL, second = NULL, stranger = NULL;
      g_autoptr(RfModel) a = NULL, b = NULL;
      g_autoptr(GBytes) kept = NULL, cut = NULL;
      g_autoptr(GError) error = NULL;
      RfNetEpoch epoch;

      options.dropout = .2;
      training.epochs = 6;
      training.optim.kind = kinds[c];
      training.optim.momentum = .9;
      training.optim.schedule = schedules[c];
      training.optim.patience = 0;
      training.optim.factor = .5;
      training.optim.rate = .05;
      whole = start (&f, &options, &training, &one);
      a = rf_net_train (whole, NULL, NULL, &epoch, NULL, &error);
      g_assert_no_error (error);
      first = start (&f, &options, &training, &two);
      for (int e = 0; e < 2; e++)
        g_assert_true (rf_net_trainer_run_epoch (first, &epoch, NULL, &error));
      kept = rf_net_trainer_save (first);
      second = start (&f, &options, &training, &three);
      g_assert_true (rf_net_trainer_load (second, kept, &error));
      g_assert_cmpuint (rf_net_trainer_get_epoch (second), ==, 2);
      b = rf_net_train (second, NULL, NULL, &epoch, NULL, &error);
      g_assert_no_error (error);
      assert_same_models (a, b);
      g_assert_cmpmem (rf_params_all_values (rf_net_get_params (one)), rf_params_block_length (rf_net_get_params (one)) * sizeof (rf_real),
                       rf_params_all_values (rf_net_get_params (three)), rf_params_block_length (rf_net_get_params (three)) * sizeof (rf_real));
      /* Another network, or half of the bytes. */
      options.dim = 8;
      stranger = start (&f, &options, &training, &other);
      g_assert_false (rf_net_trainer_load (stranger, kept, &error));
      g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
      g_clear_error (&error);
      cut = g_bytes_new_from_bytes (kept, 0, g_bytes_get_size (kept) / 2);
      g_assert_false (rf_net_trainer_load (second, cut, &error));
      g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
    }
  fixture_clear (&f);
}

/* A term of the loss that is no number from the epoch in *data on. */
static RfTensor *
break_later (const RfNetBatch *batch, void *data)
{
  RfTensor *x = rf_constant_2d (batch->tape, 1, 1);

  x->x[0] = batch->epoch >= *(guint *) data ? (rf_real) NAN : 0;
  return rf_sum (batch->tape, x);
}

static void
test_not_a_number (void)
{
  Fixture f = { 0 };
  RfNetOptions options = plain_options (RF_FUSION_ATTENTION);
  RfNetTrainOptions training = plain_training (RF_LOSS_BPR);
  g_autoptr(RfNet) net = NULL, plain = NULL;
  g_autoptr(RfNetTrainer) trainer = NULL, shorter = NULL;
  g_autoptr(RfModel) model = NULL, expected = NULL;
  g_autoptr(GError) error = NULL;
  guint from = 3;
  RfNetEpoch epoch;

  fixture_init (&f, 120, 60);
  training.epochs = 6;
  trainer = start (&f, &options, &training, &net);
  rf_net_trainer_set_term (trainer, break_later, &from);
  model = rf_net_train (trainer, NULL, NULL, &epoch, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (model);
  g_assert_nonnull (strstr (rf_net_trainer_get_stopped (trainer), "epoch 3"));
  g_assert_cmpuint (epoch.epoch, ==, 2);
  g_assert_cmpuint (rf_net_trainer_get_epoch (trainer), ==, 2);
  training.epochs = 2;
  shorter = start (&f, &options, &training, &plain);
  expected = rf_net_train (shorter, NULL, NULL, &epoch, NULL, &error);
  assert_same_models (model, expected);
  g_assert_null (rf_net_trainer_get_stopped (shorter));
  /* Not a number from the start: there is nothing to keep. */
  g_clear_pointer (&trainer, rf_net_trainer_free);
  g_clear_pointer (&net, rf_net_free);
  from = 1;
  trainer = start (&f, &options, &training, &net);
  rf_net_trainer_set_term (trainer, break_later, &from);
  g_assert_null (rf_net_train (trainer, NULL, NULL, &epoch, NULL, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_NUMERIC);
  fixture_clear (&f);
}

/* Patience: with a delta that nothing reaches training ends `patience` epochs after the first; what an epoch tells adds up. */
static void
test_stops_and_tells (void)
{
  Fixture f = { 0 };
  RfNetOptions options = plain_options (RF_FUSION_ATTENTION);
  RfNetTrainOptions training = plain_training (RF_LOSS_BPR);
  g_autoptr(RfNet) net = NULL;
  g_autoptr(RfNetTrainer) trainer = NULL;
  g_autoptr(RfModel) model = NULL;
  g_autoptr(GError) error = NULL;
  double gradient = 0, vectors = 0, attention = 0, entropy = 0;
  RfNetEpoch epoch;

  fixture_init (&f, 120, 60);
  training.epochs = 50;
  training.patience = 4;
  training.delta = 1;
  training.watch = RF_WATCH_RECALL;
  training.l1 = .001;
  trainer = start (&f, &options, &training, &net);
  model = rf_net_train (trainer, NULL, NULL, &epoch, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (epoch.epoch, ==, 5);
  g_assert_cmpuint (epoch.best_epoch, ==, 1);
  g_assert_cmpfloat (epoch.watched, ==, epoch.recall);
  g_assert_cmpfloat_with_epsilon (epoch.loss, epoch.loss_ranking + epoch.loss_l1 + epoch.loss_term, 1e-5);
  g_assert_cmpfloat (epoch.loss_l1, >, 0);
  for (int m = 0; m < 3; m++)
    {
      gradient += epoch.gradient_share[m];
      vectors += epoch.vector_share[m];
      attention += epoch.attention[m];
      entropy += epoch.entropy[m];
      g_assert_cmpfloat (epoch.gradient_share[m], >, 0);
      g_assert_cmpfloat (epoch.vector_share[m], >, 0);
    }
  g_assert_cmpfloat_with_epsilon (gradient, 1, 1e-9);
  g_assert_cmpfloat_with_epsilon (vectors, 1, 1e-9);
  g_assert_cmpfloat_with_epsilon (attention, 1, 1e-5);
  g_assert_cmpfloat (entropy, >, 0);
  g_assert_cmpfloat (entropy, <=, log (3) + 1e-6);
  g_assert_cmpuint (epoch.peak_bytes, >, 1000000);
  fixture_clear (&f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  g_test_add_func ("/net/fusions", test_fusions);
  g_test_add_func ("/net/heads", test_heads);
  g_test_add_func ("/net/linear-concat", test_linear_concat);
  g_test_add_func ("/net/graphs", test_graphs);
  g_test_add_func ("/net/learns", test_learns);
  g_test_add_func ("/net/repeats", test_repeats);
  g_test_add_func ("/net/taken-up", test_taken_up);
  g_test_add_func ("/net/not-a-number", test_not_a_number);
  g_test_add_func ("/net/stops-and-tells", test_stops_and_tells);
  g_test_add_func ("/net/golden", test_golden);
  return g_test_run ();
}
