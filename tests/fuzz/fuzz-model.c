/* fuzz-model.c: a trained model and a fitted text model as bytes; what can be read must also be usable.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include <math.h>

#include "core/features/rf-text-model.h"
#include "core/model/rf-model.h"
#include "tests/support/tiny-net.h"

#define ITEMS 6

static const char *const words[] = { "\"F32\"", "\"shape\":", "[6,2]", "[6]", "[0]", "\"data_offsets\":", "[0,24]", "factors", "dense", "sparse", "popularity", "theta", "coalition.1.", "query.", "lift", "head", "bias", "network.", "shared_key", "user_known", "averaged", "late", "\"__metadata__\":", "4294967295", NULL };

static guint8 *
available (void)
{
  guint8 *mask = g_malloc (ITEMS);

  for (guint i = 0; i < ITEMS; i++)
    mask[i] = i != 3;
  return mask;
}

static RfMatrix *
numbers (gsize rows, gsize cols)
{
  RfMatrix *x = rf_matrix_new (rows, cols);

  for (gsize i = 0; i < rows * cols; i++)
    x->x[i] = (float) sin ((double) i);
  for (gsize i = 0; rows == cols && i < rows; i++)
    x->x[i * cols + i] = 0;
  return x;
}

static GBytes *
make_model (void)
{
  static const char *const names[] = { "image", "text", "behaviour" };
  static const guint32 row[] = { 0, 0, 1, 2, 4 }, col[] = { 1, 2, 0, 5, 2 };
  static const float weight[] = { .5f, 1, 2, .25f, -1 }, popularity[ITEMS] = { 1, 0, -1, .5f, .25f, -.75f };
  RfAttention attention = { .temperature = 1 };
  g_autoptr(RfChannel) image = rf_channel_new_factors ("closed-form", numbers (ITEMS, 2), numbers (ITEMS, 2), available ());
  g_autoptr(RfChannel) text = rf_channel_new_dense ("ease", numbers (ITEMS, ITEMS), available ());
  g_autoptr(RfChannel) behaviour = rf_channel_new_sparse ("item-knn", rf_csr_new_from_pairs (ITEMS, ITEMS, G_N_ELEMENTS (row), row, col, weight), available ());
  RfChannel *const channels[] = { image, text, behaviour };
  g_autoptr(RfModel) model = rf_model_new (3, names, channels, &attention, popularity);

  return rf_model_to_bytes (model);
}

static GBytes *
make_text_model (void)
{
  static const char *const texts[] = { "a red coat of wool", "a blue coat of silk", "a red hat", "wool and silk", "a blue hat of wool" };
  RfTextOptions options = rf_text_options_default ();
  g_autoptr(RfMatrix) x = NULL;
  g_autofree guint8 *mask = NULL;
  g_autoptr(RfTextModel) model = NULL;

  options.dims = 4;
  options.vocab.min_df = 1;
  model = rf_text_model_fit (texts, NULL, G_N_ELEMENTS (texts), &options, &x, &mask, NULL, NULL);
  return rf_text_model_to_bytes (model);
}

/* One epoch is enough: what is written is of the same shape after a hundred. */
static GBytes *
make_joint (RfFusion fusion, gboolean mlp)
{
  g_autoptr(TinyNet) tiny = tiny_net_new (fusion, mlp);
  RfNetEpoch epoch;

  g_assert_true (rf_net_trainer_run_epoch (tiny->trainer, &epoch, NULL, NULL));
  return rf_model_to_bytes (rf_net_trainer_get_best (tiny->trainer));
}

/* Scores and splits for one who is known to the model and one who is not. */
static void
use_model (const RfModel *model)
{
  static const guint32 row[] = { 0, 0 }, col[] = { 0, 1 };
  guint32 n = rf_model_get_n_items (model), users[] = { 0, RF_NO_USER };
  g_autoptr(RfCsr) history = NULL;

  if (n < 2 || n > 4096)
    return;
  history = rf_csr_new_from_pairs (1, n, 2, row, col, NULL);
  for (gsize u = 0; u < G_N_ELEMENTS (users); u++)
    {
      g_autoptr(RfScores) scores = rf_scores_new (model, 1);

      rf_model_score (model, history, 0, 1, users[u], NULL, scores);
      for (guint32 i = 0; i < n; i++)
        {
          float attention[RF_MAX_MODALITIES];

          rf_model_get_attention (model, scores, 0, i, attention);
          fuzz_use ((double) (scores->score[i] + attention[0] + rf_model_get_bias (model, scores, 0, i)));
        }
    }
}

static void
run (const guint8 *data, gsize size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GError) error = NULL, other = NULL;
  g_autoptr(RfModel) model = rf_model_from_bytes (bytes, &error);
  g_autoptr(RfTextModel) text = rf_text_model_new_from_bytes (bytes, &other);

  g_assert_true ((model == NULL) == (error != NULL));
  g_assert_true ((text == NULL) == (other != NULL));
  if (model != NULL)
    use_model (model);
  if (text != NULL && rf_text_model_get_dims (text) < 100000)
    {
      g_autofree float *x = g_new (float, rf_text_model_get_dims (text));
      g_autoptr(GArray) shares = rf_text_model_explain (text, "a red coat of wool");

      fuzz_use (rf_text_model_transform (text, "a red coat of wool", x));
    }
}

static GBytes *
seed (guint index)
{
  static const RfFusion joint[] = { RF_FUSION_ATTENTION, RF_FUSION_USER_ATTENTION, RF_FUSION_LATE, RF_FUSION_CONCAT };

  if (index < 2)
    return index == 0 ? make_model () : make_text_model ();
  index -= 2;
  if (index < G_N_ELEMENTS (joint))
    return make_joint (joint[index], FALSE);
  return index == G_N_ELEMENTS (joint) ? make_joint (RF_FUSION_CONCAT, TRUE) : NULL;
}

const FuzzTarget fuzz_target = { "model", run, seed, words };
