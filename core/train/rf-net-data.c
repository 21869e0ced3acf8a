/* rf-net-data.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/train/rf-net-data.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/features/rf-behaviour-stats.h"
#include "core/features/rf-reduce.h"
#include "core/features/rf-word-vectors.h"
#include "core/model/rf-graph.h"
#include "core/train/rf-modality.h"

#define MAX_VOCABULARY 20000
#define CHANNEL_DROPOUT 0.5 /* sample catalog, text trained: R@20 .242 and attention right for .66 of the users without, .277 and .98 with */
#define MIN_TEXTS      2 /* a word of one text alone says nothing about others */

void
rf_net_data_free (RfNetData *self)
{
  if (self == NULL)
    return;
  for (guint m = 0; m < RF_MAX_MODALITIES; m++)
    {
      g_free (self->names[m]);
      rf_features_free (self->features[m]);
      g_free (self->available[m]);
    }
  rf_pixels_free (self->pixels);
  rf_vocab_free (self->vocab);
  rf_word_ids_free (self->words);
  rf_word_vectors_free (self->word_vectors);
  rf_csr_free (self->graph);
  rf_csr_free (self->graph_transposed);
  rf_matrix_free (self->user_stats);
  g_free (self->reduced);
  g_free (self);
}

/* ---- settings ---- */

static gboolean
is (const RfConfig *config, const char *key, const char *value)
{
  return strcmp (rf_config_get (config, key), value) == 0;
}

static const char *
behaviour_encoder (const RfConfig *config)
{
  const char *encoder = rf_config_get (config, "encoder.behaviour");

  if (strcmp (encoder, "auto") != 0)
    return encoder;
  return is (config, "fusion", "evidence") ? "ease" : "embedding";
}

static guint
count_modalities (const RfConfig *config)
{
  g_auto(GStrv) names = g_strsplit (rf_config_get (config, "model.modalities"), ",", -1);

  return g_strv_length (names);
}

static const char *
find_conflict (const RfConfig *config)
{
  const char *behaviour = behaviour_encoder (config);
  gboolean mlp = is (config, "head", "mlp"), closed = strcmp (behaviour, "ease") == 0 || strcmp (behaviour, "knn") == 0;
  gboolean unsplit = mlp || (is (config, "fusion", "concat") && rf_config_get_int (config, "fusion.hidden") > 0);

  if (is (config, "fusion", "evidence"))
    return closed ? "" : _("fusion=evidence takes encoder.behaviour=ease or knn; vectors of users and items belong to the networks (fusion=attention and so on).");
  if (closed)
    return _("encoder.behaviour=ease and knn have no vectors that a network could fuse; choose embedding, history, stats or lightgcn, or fusion=evidence.");
  if (mlp && (is (config, "loss", "ce") || is (config, "loss", "sampled-ce")))
    return _("head=mlp scores pair by pair; choose loss=bce or bpr.");
  if (mlp && rf_config_get_int (config, "fusion.hidden") == 0)
    return _("head=mlp needs a hidden layer; set fusion.hidden above 0.");
  if (mlp && (is (config, "fusion", "user-attention") || is (config, "fusion", "late")))
    return _("head=mlp needs one vector per item, which fusion=user-attention and late do not make; choose concat, sum, attention or gate.");
  if (is (config, "head", "per-modality") && is (config, "fusion", "concat"))
    return _("head=per-modality needs the modalities apart, and fusion=concat joins them; choose head=dot or mlp.");
  if (is (config, "loss", "ce") && is (config, "fusion", "user-attention"))
    return _("fusion=user-attention weighs every user and item anew, which loss=ce would do for all items at once; choose sampled-ce, bpr or bce.");
  if (is (config, "loss", "sampled-ce") && is (config, "fusion", "user-attention") && strcmp (behaviour, "history") == 0)
    return _("With encoder.behaviour=history and fusion=user-attention an item would help to predict itself under loss=sampled-ce; choose bpr or bce.");
  if (unsplit && count_modalities (config) > RF_MAX_UNSPLIT)
    return _("This fusion keeps a table for every combination of modalities, so it takes at most four of them.");
  return "";
}

char *
rf_net_data_check (const RfConfig *config)
{
  return g_strdup (find_conflict (config));
}

static RfHead
read_head (const RfConfig *config)
{
  if (is (config, "head", "mlp"))
    return RF_HEAD_MLP;
  return is (config, "head", "per-modality") ? RF_HEAD_PER_MODALITY : RF_HEAD_DOT;
}

static RfNetOptions
read_options (const RfConfig *config)
{
  const char *behaviour = behaviour_encoder (config);
  RfNetOptions o = {
    .head = read_head (config),
    .user = strcmp (behaviour, "history") == 0 ? RF_USER_HISTORY : strcmp (behaviour, "stats") == 0 ? RF_USER_STATS : RF_USER_EMBEDDING,
    .dim = (guint) rf_config_get_int (config, "embedding_size"),
    .hidden = (guint) rf_config_get_int (config, "fusion.hidden"),
    .encoder_hidden = (guint) rf_config_get_int (config, "encoder.hidden"),
    .width = (guint) rf_config_get_int (config, "encoder.width"),
    .bias = rf_config_get_bool (config, "item_bias"),
    .normalise = rf_config_get_bool (config, "fusion.normalise"),
    .dropout = rf_config_get_real (config, "dropout"),
    .modality_dropout = rf_config_get_real (config, "modality_dropout"),
    .seed = (guint64) rf_config_get_int (config, "seed"),
  };

  if (!rf_fusion_from_name (rf_config_get (config, "fusion"), &o.fusion))
    o.fusion = RF_FUSION_SUM;
  if (o.fusion == RF_FUSION_LATE) /* an item's bias would be counted once per modality */
    o.bias = FALSE;
  return o;
}

/* ---- inputs ---- */

static RfEncoderInput *
add_input (RfNetData *self, const char *name, RfEncoderKind kind)
{
  guint m = self->input.n_modalities++;
  RfEncoderInput *input = &self->input.input[m];

  self->names[m] = g_strdup (name);
  *input = (RfEncoderInput) { .name = self->names[m], .kind = kind, .n_items = self->input.n_items, .n_users = self->input.n_users };
  return input;
}

/* Counts what is there and takes over the mask; an empty modality is taken back. */
static gboolean
set_available (RfNetData *self, RfEncoderInput *input, guint8 *available)
{
  guint m = self->input.n_modalities - 1;
  gsize n = 0;

  for (guint32 i = 0; i < self->input.n_items; i++)
    n += available[i];
  if (n == 0)
    {
      g_free (available);
      g_clear_pointer (&self->names[m], g_free);
      self->input.n_modalities--;
      return FALSE;
    }
  self->available[m] = available;
  input->available = available;
  return TRUE;
}

static gboolean
add_pixels (RfNetData *self, RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, RfProgress *progress, GError **error)
{
  RfEncoderInput *input;

  self->pixels = rf_modality_pixels (workspace, catalog, (guint) rf_config_get_int (config, "cnn.size"), progress, error);
  if (self->pixels == NULL)
    return FALSE;
  input = add_input (self, "image", RF_ENCODER_CNN);
  input->pixels = self->pixels;
  self->augment = rf_augment_options_default ();
  input->augment = rf_config_get_bool (config, "cnn.augment") ? &self->augment : NULL;
  set_available (self, input, g_memdup2 (self->pixels->available, self->pixels->n));
  return TRUE;
}

static guint8 *
texts_with_words (const RfNetData *self)
{
  guint8 *available = g_new (guint8, self->input.n_items + 1);

  for (guint32 i = 0; i < self->input.n_items; i++)
    available[i] = self->words->ptr[i + 1] > self->words->ptr[i];
  return available;
}

/* Where word vectors start, if not at random. FALSE: error is set. */
static gboolean
start_words (RfNetData *self, const RfConfig *config, RfProgress *progress, GError **error)
{
  guint32 width = (guint32) rf_config_get_int (config, "encoder.width");
  RfSkipGramOptions skip = rf_skip_gram_options_default ();

  if (is (config, "encoder.words", "random"))
    return TRUE;
  skip.dims = width;
  skip.seed = (guint64) rf_config_get_int (config, "seed");
  self->word_vectors = is (config, "encoder.words", "vectors")
                         ? rf_word_vectors_load (rf_config_get (config, "text.vectors"), self->vocab, progress, error)
                         : rf_word_vectors_train (self->words, self->vocab->n_words, &skip, NULL, progress, error);
  if (self->word_vectors != NULL && self->word_vectors->x->cols != width)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("The word vectors of %s have %u numbers each; set encoder.width=%u."), rf_config_get (config, "text.vectors"),
                   (guint) self->word_vectors->x->cols, (guint) self->word_vectors->x->cols);
      return FALSE;
    }
  return self->word_vectors != NULL;
}

static gboolean
add_words (RfNetData *self, const RfCatalog *catalog, const RfConfig *config, RfProgress *progress, GError **error)
{
  guint32 n = self->input.n_items;
  g_auto(GStrv) texts = g_new0 (char *, n + 1);
  RfVocabOptions options = { .min_df = MIN_TEXTS, .max_words = MAX_VOCABULARY };
  RfEncoderInput *input;

  for (guint32 i = 0; i < n; i++)
    texts[i] = rf_item_text (catalog, i, rf_config_get_bool (config, "text.category"));
  self->vocab = rf_vocab_new ((const char *const *) texts, NULL, n, &options, &self->words, progress, error);
  if (self->vocab == NULL)
    return FALSE;
  if (self->vocab->n_words == 0)
    return TRUE;
  if (!start_words (self, config, progress, error))
    return FALSE;
  input = add_input (self, "text", is (config, "encoder.text", "gru") ? RF_ENCODER_GRU : RF_ENCODER_BAG);
  input->words = self->words;
  input->n_words = self->vocab->n_words;
  input->max_words = (guint) rf_config_get_int (config, "encoder.max_words");
  input->word_vectors = self->word_vectors ? self->word_vectors->x : NULL;
  set_available (self, input, texts_with_words (self));
  return TRUE;
}

/* An encoder multiplies every number of every item of every batch: of thousands it gets the leading directions. */
static gboolean
reduce_features (RfNetData *self, RfFeatures **features, const RfConfig *config, RfProgress *progress, GError **error)
{
  gsize most = (gsize) rf_config_get_int (config, "encoder.features_max"), had = (*features)->x->cols;
  g_autofree char *key = NULL;
  char *before = self->reduced;
  RfFeatures *less;
  RfMatrix *x;
  double share;

  if (most == 0 || had <= most || rf_features_count_available (*features) == 0)
    return TRUE;
  x = rf_reduce ((*features)->x, (*features)->available, most, &share, progress, error);
  if (x == NULL)
    return FALSE;
  self->reduced = g_strdup_printf (_("%s%sOf the modality “%s” the network reads %zu leading directions of %zu numbers, in which %.1f %% of the variance lies."),
                                   before ? before : "", before ? " " : "", (*features)->name, (size_t) x->cols, (size_t) had, 100 * share);
  g_free (before);
  key = g_strdup_printf ("%s reduced=%zu", (*features)->key, (size_t) most);
  less = rf_features_new ((*features)->name, key, x, g_memdup2 ((*features)->available, self->input.n_items));
  rf_features_free (*features);
  *features = less;
  return TRUE;
}

static gboolean
add_features (RfNetData *self, const char *name, RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, RfProgress *progress,
              GError **error)
{
  RfFeatures *features = rf_modality_features_of (workspace, catalog, self->input.train, config, name, progress, error);
  RfEncoderInput *input;

  if (features == NULL)
    return FALSE;
  if (!reduce_features (self, &features, config, progress, error))
    {
      rf_features_free (features);
      return FALSE;
    }
  input = add_input (self, name, RF_ENCODER_FEATURES);
  input->x = features->x;
  if (set_available (self, input, g_memdup2 (features->available, self->input.n_items)))
    self->features[self->input.n_modalities - 1] = features;
  else
    rf_features_free (features);
  return TRUE;
}

/* Items that somebody has chosen in training: of the others there is no behaviour to learn from. */
static guint8 *
chosen_items (const RfCsr *train)
{
  guint8 *chosen = g_new0 (guint8, train->cols + 1);

  for (gsize e = 0; e < train->ptr[train->rows]; e++)
    chosen[train->idx[e]] = 1;
  return chosen;
}

/* The graph of similar items over all features that are there (FREEDOM). */
static void
add_item_graph (RfNetData *self, RfEncoderInput *input, const RfConfig *config)
{
  guint k = (guint) rf_config_get_int (config, "graph.knn"), n = 0;
  const RfFeatures *features[RF_MAX_MODALITIES];

  for (guint m = 0; m < RF_MAX_MODALITIES; m++)
    if (self->features[m])
      features[n++] = self->features[m];
  if (k == 0 || n == 0)
    return;
  self->graph = rf_graph_of_features (features, n, k, &self->graph_transposed);
  input->graph = self->graph;
  input->graph_transposed = self->graph_transposed;
  input->layers = (guint) rf_config_get_int (config, "graph.layers");
}

/* Statistics count training interactions only: what is held out must not be seen. */
static guint8 *
training_mask (const RfCatalog *catalog, const RfCsr *train)
{
  const RfInteractions *interactions = rf_catalog_get_interactions (catalog);
  guint8 *mask = g_new (guint8, interactions->n + 1);

  for (gsize e = 0; e < interactions->n; e++)
    mask[e] = rf_csr_contains (train, interactions->user[e], interactions->item[e]);
  return mask;
}

static void
add_stats (RfNetData *self, const RfCatalog *catalog)
{
  const RfInteractions *interactions = rf_catalog_get_interactions (catalog);
  g_autofree guint8 *mask = training_mask (catalog, self->input.train);
  int purchase = rf_behaviour_find_purchase (catalog);
  g_autoptr(RfMatrix) of_items = rf_behaviour_stats_new (interactions, mask, purchase, self->input.n_items, FALSE);
  g_autoptr(RfMatrix) of_users = rf_behaviour_stats_new (interactions, mask, purchase, self->input.n_users, TRUE);
  RfFeatures *items = rf_behaviour_stats_standardise (of_items);
  g_autoptr(RfFeatures) users = rf_behaviour_stats_standardise (of_users);
  RfEncoderInput *input = add_input (self, "behaviour", RF_ENCODER_FEATURES);

  input->x = items->x;
  set_available (self, input, chosen_items (self->input.train));
  self->features[self->input.n_modalities - 1] = items;
  self->user_stats = rf_matrix_copy (users->x);
  self->input.user_stats = self->user_stats;
}

static void
add_behaviour (RfNetData *self, const RfCatalog *catalog, const RfConfig *config)
{
  const char *encoder = behaviour_encoder (config);
  RfEncoderInput *input;

  if (strcmp (encoder, "stats") == 0)
    {
      add_stats (self, catalog);
      return;
    }
  input = add_input (self, "behaviour", strcmp (encoder, "lightgcn") == 0 ? RF_ENCODER_GRAPH : RF_ENCODER_IDS);
  set_available (self, input, chosen_items (self->input.train));
  if (input->kind == RF_ENCODER_IDS)
    {
      add_item_graph (self, input, config);
      return;
    }
  self->graph = rf_graph_of_interactions (self->input.train);
  input->graph = self->graph;
  input->layers = (guint) rf_config_get_int (config, "graph.layers");
}

static gboolean
add_modality (RfNetData *self, const char *name, RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, RfProgress *progress,
              GError **error)
{
  if (strcmp (name, "image") == 0 && is (config, "encoder.image", "cnn"))
    return add_pixels (self, workspace, catalog, config, progress, error);
  if (strcmp (name, "text") == 0 && !is (config, "encoder.text", "features"))
    return add_words (self, catalog, config, progress, error);
  return add_features (self, name, workspace, catalog, config, progress, error);
}

/* A network without behaviour still needs users; statistics of users come with the behaviour modality only. */
static void
settle_users (RfNetData *self)
{
  if (self->options.user == RF_USER_STATS && self->user_stats == NULL)
    self->options.user = RF_USER_EMBEDDING;
}

RfNetData *
rf_net_data_new (RfWorkspace *workspace, const RfCatalog *catalog, const RfCsr *train, const RfConfig *config, RfProgress *progress, GError **error)
{
  g_autoptr(RfNetData) self = g_new0 (RfNetData, 1);
  g_auto(GStrv) wanted = g_strsplit (rf_config_get (config, "model.modalities"), ",", -1);
  gboolean behaviour = FALSE;
  const char *conflict = find_conflict (config);

  if (*conflict)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_CONFIG, conflict);
      return NULL;
    }
  self->input.n_users = train->rows;
  self->input.n_items = train->cols;
  self->input.train = train;
  self->options = read_options (config);
  for (guint w = 0; wanted[w]; w++)
    if (strcmp (g_strstrip (wanted[w]), "behaviour") == 0)
      behaviour = TRUE;
    else if (!add_modality (self, wanted[w], workspace, catalog, config, progress, error))
      return NULL;
  if (behaviour) /* last: its graph is made of the others' features */
    add_behaviour (self, catalog, config);
  settle_users (self);
  if (self->input.n_modalities == 0)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_DATA, _("None of the chosen modalities exists in this catalog; add “behaviour” to model.modalities."));
      return NULL;
    }
  return g_steal_pointer (&self);
}

RfNetData *
rf_net_data_new_channel (const RfFeatures *features, const RfCsr *train, const RfConfig *config)
{
  RfNetData *self = g_new0 (RfNetData, 1);
  RfEncoderInput *input;

  self->input.n_users = train->rows;
  self->input.n_items = train->cols;
  self->input.train = train;
  self->options = read_options (config);
  self->options.fusion = RF_FUSION_SUM;
  self->options.head = RF_HEAD_DOT;
  self->options.user = RF_USER_CONTENT;
  self->options.bias = FALSE;
  if (self->options.dropout == 0) /* else it learns its own training pairs by heart, and the evidence it gives is worth nothing */
    self->options.dropout = CHANNEL_DROPOUT;
  input = add_input (self, features->name, RF_ENCODER_FEATURES);
  input->x = features->x;
  set_available (self, input, g_memdup2 (features->available, train->cols));
  return self;
}
