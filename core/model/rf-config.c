/* rf-config.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/model/rf-config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-types.h"

static const RfConfigKey keys[] = {
  { "model.modalities", RF_CONFIG_LIST, "image,text,behaviour", 0, 0, NULL, "", N_("What the model may look at; a catalog may bring further ones as feature matrices") },
  { "fusion", RF_CONFIG_CHOICE, "evidence", 0, 0, "evidence|concat|sum|attention|user-attention|gate|late", "", N_("How the modalities become one score: evidence fits each modality alone and then the attention; the others are networks trained as a whole") },
  { "seed", RF_CONFIG_INT, "1", 0, G_MAXINT32, NULL, "", N_("Seed of the split and of every random choice") },
  { "split.method", RF_CONFIG_CHOICE, "random", 0, 0, "random|leave-last|user-time|global-time|k-fold|given|cold-item|cold-user", "", N_("How interactions are held out for choosing and for judging a model") },
  { "split.seed", RF_CONFIG_INT, "-1", -1, G_MAXINT32, NULL, "", N_("Seed of the split alone, to train with several seeds on the same split; -1: that of seed") },
  { "split.valid", RF_CONFIG_REAL, "0.1", 0.001, 0.9, NULL, "", N_("Share held out for validation") },
  { "split.test", RF_CONFIG_REAL, "0.1", 0.001, 0.9, NULL, "", N_("Share held out for the test") },
  { "split.folds", RF_CONFIG_INT, "5", 3, 100, NULL, N_("folds"), N_("Folds of split.method=k-fold") },
  { "split.fold", RF_CONFIG_INT, "0", 0, 99, NULL, "", N_("Which of the folds is the test, counted from 0") },
  { "split.max_train", RF_CONFIG_INT, "0", 0, G_MAXINT32, NULL, N_("items"), N_("Keep at most this many training items of each user, to study sparse data; 0 keeps all") },
  { "text.category", RF_CONFIG_BOOL, "true", 0, 0, NULL, "", N_("Read an item's categories as part of its text") },
  { "text.features", RF_CONFIG_CHOICE, "tfidf", 0, 0, "tfidf|skip-gram|vectors", "", N_("Numbers of a text: counted words, or means of word vectors learnt from the catalog (skip-gram) or read from text.vectors") },
  { "text.vectors", RF_CONFIG_TEXT, "", 0, 0, NULL, "", N_("File of word vectors: word2vec (text or binary), GloVe or fastText (.vec), also gzipped") },
  { "image.features", RF_CONFIG_CHOICE, "classical", 0, 0, "classical|resnet18|resnet50|vgg16", "", N_("Numbers of a picture: colours, shapes and textures, or a pretrained network whose weights are in image.weights") },
  { "image.weights", RF_CONFIG_TEXT, "", 0, 0, NULL, "", N_("File of weights (.safetensors) with the parameter names of torchvision or timm") },
  { "image.size", RF_CONFIG_INT, "224", 32, 512, NULL, N_("pixels"), N_("Side of the square that a pretrained network sees; time goes with its area") },
  { "image.dims", RF_CONFIG_INT, "256", 0, 4096, NULL, N_("numbers"), N_("Principal directions kept of a pretrained network's features; 0 keeps all") },
  { "content.lambda", RF_CONFIG_REAL, "0", 0, 1e6, NULL, "", N_("Ridge of the closed-form picture and text channels, relative to the data; 0 chooses by validation") },
  { "content.epsilon", RF_CONFIG_REAL, "0", 0, 100, NULL, "", N_("How strongly weak feature directions are damped when whitening; 0 chooses by validation") },
  { "ease.lambda", RF_CONFIG_REAL, "0", 0, 1e9, NULL, "", N_("Ridge of the behaviour channel EASE; 0 chooses by validation") },
  { "ease.max_items", RF_CONFIG_INT, "20000", 1, 60000, NULL, N_("items"), N_("Above this many items EASE, whose memory grows with their square, gives way to item-kNN") },
  { "knn.neighbours", RF_CONFIG_INT, "100", 1, 10000, NULL, N_("items"), N_("Neighbours kept per item in item-kNN") },
  { "knn.shrinkage", RF_CONFIG_REAL, "10", 0, 1e6, NULL, "", N_("Shrinks the cosine of rarely chosen items in item-kNN") },
  { "evidence.users", RF_CONFIG_INT, "2000", 10, 1000000, NULL, N_("users"), N_("At most this many users fit and choose the attention") },
  { "evidence.steps", RF_CONFIG_INT, "100", 1, 10000, NULL, N_("steps"), N_("Adam steps that fit the attention") },
  { "evidence.learning_rate", RF_CONFIG_REAL, "0.05", 1e-6, 10, NULL, "", N_("Learning rate of these steps") },
  { "evidence.guard", RF_CONFIG_BOOL, "true", 0, 0, NULL, "", N_("Compare the fitted attention with simpler ones on held-out items and keep the best") },
  { "channel.image", RF_CONFIG_CHOICE, "closed-form", 0, 0, "closed-form|trained", "", N_("With fusion=evidence: the picture's channel by its formula, or trained by gradient") },
  { "channel.text", RF_CONFIG_CHOICE, "closed-form", 0, 0, "closed-form|trained", "", N_("With fusion=evidence: the text's channel by its formula, or trained by gradient") },
  { "channel.l2", RF_CONFIG_REAL, "0.001", 0, 100, NULL, "", N_("Weight decay of picture and text channels that are trained") },
  { "encoder.image", RF_CONFIG_CHOICE, "features", 0, 0, "features|cnn", "", N_("How a network reads pictures: from computed features, or from pixels by a small convolutional network") },
  { "encoder.text", RF_CONFIG_CHOICE, "features", 0, 0, "features|gru|bag", "", N_("How a network reads texts: from computed features, word by word with a GRU, or as the mean of word vectors") },
  { "encoder.behaviour", RF_CONFIG_CHOICE, "auto", 0, 0, "auto|ease|knn|embedding|history|stats|lightgcn", "", N_("What stands for behaviour: ease and knn with fusion=evidence; vectors of users and items, sums over the history, statistics or a graph in networks; auto is ease or embedding") },
  { "encoder.features_max", RF_CONFIG_INT, "0", 0, 100000, NULL, N_("numbers"), N_("Give a network at most so many leading principal directions of a modality's features, which makes training on thousands of numbers several times faster; 0: all numbers") },
  { "encoder.hidden", RF_CONFIG_INT, "0", 0, 4096, NULL, N_("numbers"), N_("Width of a hidden layer over computed features; 0: linear") },
  { "encoder.width", RF_CONFIG_INT, "64", 4, 1024, NULL, N_("numbers"), N_("Width of word vectors and of the GRU's state") },
  { "encoder.words", RF_CONFIG_CHOICE, "random", 0, 0, "random|skip-gram|vectors", "", N_("Where word vectors start: at random, learned from the catalog's texts beforehand, or read from text.vectors") },
  { "encoder.max_words", RF_CONFIG_INT, "32", 1, 1000, NULL, N_("words"), N_("How many words of a text a network reads") },
  { "cnn.size", RF_CONFIG_INT, "28", 8, 256, NULL, N_("pixels"), N_("Side of the square that a picture is made for the convolutional network") },
  { "cnn.augment", RF_CONFIG_BOOL, "true", 0, 0, NULL, "", N_("Turn, mirror, crop and brighten pictures a little while training on them") },
  { "embedding_size", RF_CONFIG_INT, "64", 1, 1024, NULL, N_("numbers"), N_("Width of the vectors that a network compares") },
  { "fusion.hidden", RF_CONFIG_INT, "64", 0, 4096, NULL, N_("numbers"), N_("Width of the hidden layer of concat and of the mlp head; 0: concat without one") },
  { "fusion.normalise", RF_CONFIG_BOOL, "false", 0, 0, NULL, "", N_("Bring the modalities' vectors to length 1 before they are fused") },
  { "head", RF_CONFIG_CHOICE, "dot", 0, 0, "dot|per-modality|mlp", "", N_("How a network compares user and item: one user vector, one per modality, or a small network over both") },
  { "item_bias", RF_CONFIG_BOOL, "true", 0, 0, NULL, "", N_("A number of its own for each item, which takes up popularity") },
  { "loss", RF_CONFIG_CHOICE, "bpr", 0, 0, "ce|sampled-ce|bpr|bce", "", N_("What a network minimises: softmax over all items or over a sample, pairwise ranking, or each pair by itself") },
  { "train_neg_sample_num", RF_CONFIG_INT, "0", 0, 100000, NULL, N_("items"), N_("Negative items: for each interaction with loss=bpr and bce, for the whole batch with sampled-ce; 0: 1 and 512") },
  { "negatives.pool", RF_CONFIG_INT, "0", 0, 1000000, NULL, N_("items"), N_("Draw the negatives of a batch from so many items, which then are encoded once for all; 0: from all items") },
  { "batch.group", RF_CONFIG_INT, "1", 1, 100000, NULL, N_("interactions"), N_("With loss=bpr and bce: up to so many interactions of one item come into the same batch, which then has fewer items to encode; 1: each falls where it falls") },
  { "epochs", RF_CONFIG_INT, "100", 1, 100000, NULL, N_("epochs"), N_("At most so many passes over the training data") },
  { "train_batch_size", RF_CONFIG_INT, "2048", 1, 1000000, NULL, N_("interactions"), N_("Interactions (with loss=ce: of so many interactions' users) in one step") },
  { "learning_rate", RF_CONFIG_REAL, "0.005", 1e-7, 10, NULL, "", N_("Learning rate of a network") },
  { "learner", RF_CONFIG_CHOICE, "adam", 0, 0, "sgd|adam|adamw", "", N_("Optimiser of a network; sgd has momentum .9") },
  { "learning_rate_scheduler", RF_CONFIG_CHOICE, "constant", 0, 0, "constant|cosine|plateau", "", N_("How the learning rate changes: not at all, falling to 0 like a cosine, or halved when validation stands still") },
  { "valid_metric", RF_CONFIG_CHOICE, "ndcg@20", 0, 0, "ndcg@20|recall@20|map@20|mrr@20", "", N_("What early stopping and the best epoch of a network go by, on validation") },
  { "stopping_step", RF_CONFIG_INT, "8", 1, 10000, NULL, N_("epochs"), N_("Stop when validation has not improved for so many epochs; the best one is kept") },
  { "stopping_delta", RF_CONFIG_REAL, "0", 0, 1, NULL, "", N_("What counts as an improvement of the validation metric") },
  { "clip", RF_CONFIG_REAL, "5", 0, 1e9, NULL, "", N_("Largest length of the gradient of all parameters together; 0: no limit") },
  { "l1", RF_CONFIG_REAL, "0", 0, 100, NULL, "", N_("Weight of the absolute values of the vectors of a batch in the loss") },
  { "l2", RF_CONFIG_REAL, "0.00001", 0, 100, NULL, "", N_("Weight decay: of squares, for the rows that a step touched") },
  { "dropout", RF_CONFIG_REAL, "0", 0, 0.95, NULL, "", N_("Share of the numbers of a modality's vectors that are dropped while training") },
  { "modality_dropout", RF_CONFIG_REAL, "0", 0, 0.95, NULL, "", N_("Share of an item's modalities that are dropped while training; one always stays") },
  { "graph.layers", RF_CONFIG_INT, "2", 0, 10, NULL, N_("layers"), N_("Rounds of propagation in encoder.behaviour=lightgcn and over the graph of similar items") },
  { "graph.knn", RF_CONFIG_INT, "0", 0, 1000, NULL, N_("items"), N_("Neighbours by picture and text whose vectors an item's own vector is joined with; 0: no such graph") },
  { "aux.category", RF_CONFIG_REAL, "0", 0, 1000, NULL, "", N_("Networks: weight of telling an item's categories from its picture and its text; 0: off") },
  { "aux.generate", RF_CONFIG_REAL, "0", 0, 1000, NULL, "", N_("Networks: weight of writing an item's title from its vector; 0: off") },
  { "aux.rating", RF_CONFIG_REAL, "0", 0, 1000, NULL, "", N_("Networks: weight of telling the ratings that users gave; 0: off") },
  { "aux.contrastive", RF_CONFIG_REAL, "0", 0, 1000, NULL, "", N_("Networks: weight of recognising an item in one modality by another among other items; 0: off") },
  { "aux.translation", RF_CONFIG_REAL, "0", 0, 1000, NULL, "", N_("Networks: weight of maps between picture and text vectors; 0: off") },
  { "aux.kg", RF_CONFIG_REAL, "0", 0, 1000, NULL, "", N_("Networks: weight of the facts of the catalog, by TransE on item vectors; 0: off") },
  { "aux.weighting", RF_CONFIG_CHOICE, "fixed", 0, 0, "fixed|uncertainty", "", N_("Weights of the aux terms as given, or learned on top of them from each one's uncertainty") },
  { "aux.tau", RF_CONFIG_REAL, "0.2", 0.01, 10, NULL, "", N_("Temperature of aux.contrastive: smaller looks at the nearest wrong items only") },
  { "aux.margin", RF_CONFIG_REAL, "0.2", 0, 2, NULL, "", N_("aux.translation: how much nearer (cosine) the right item should be than a wrong one") },
  { "aux.hidden", RF_CONFIG_INT, "64", 0, 4096, NULL, N_("numbers"), N_("Width of the hidden layer of aux.translation and aux.rating; 0: linear") },
  { "aux.items", RF_CONFIG_INT, "256", 2, 100000, NULL, N_("items"), N_("Items of a batch that aux.generate, contrastive and translation look at, at most") },
  { "aux.valid", RF_CONFIG_REAL, "0.1", 0, 0.5, NULL, "", N_("Share of the items that aux.category, generate and translation do not learn from, to tell what they are worth on items they have not seen; 0: none") },
  { "generate.words", RF_CONFIG_INT, "2000", 10, 20000, NULL, N_("words"), N_("aux.generate: the most frequent words of titles that it can write") },
  { "generate.length", RF_CONFIG_INT, "12", 1, 100, NULL, N_("words"), N_("aux.generate: titles are cut behind so many words") },
  { "generate.width", RF_CONFIG_INT, "64", 4, 1024, NULL, N_("numbers"), N_("aux.generate: width of word vectors and of the decoder's state") },
  { "kg.columns", RF_CONFIG_TEXT, "", 0, 0, NULL, "", N_("Columns of the items that are facts (category, director, ...), with commas between; empty: all there are") },
  { "kg.min_count", RF_CONFIG_INT, "2", 1, 1000000, NULL, N_("facts"), N_("Values with fewer facts than this are left out: they say nothing about another item") },
  { "kg.dim", RF_CONFIG_INT, "64", 2, 1024, NULL, N_("numbers"), N_("Modality knowledge: width of the vectors of items and entities") },
  { "kg.epochs", RF_CONFIG_INT, "40", 1, 10000, NULL, N_("epochs"), N_("Modality knowledge: passes over the facts") },
  { "kg.margin", RF_CONFIG_REAL, "1", 0.01, 100, NULL, "", N_("TransE: how much nearer a right fact should be than a wrong one") },
  { NULL, 0, NULL, 0, 0, NULL, NULL, NULL },
};

#define N_KEYS (G_N_ELEMENTS (keys) - 1)

struct _RfConfig
{
  char *values[N_KEYS];
};

const RfConfigKey *
rf_config_get_keys (void)
{
  return keys;
}

RfConfig *
rf_config_new (void)
{
  RfConfig *self = g_new0 (RfConfig, 1);

  for (gsize i = 0; i < N_KEYS; i++)
    self->values[i] = g_strdup (keys[i].initial);
  return self;
}

RfConfig *
rf_config_copy (const RfConfig *self)
{
  RfConfig *copy = g_new0 (RfConfig, 1);

  for (gsize i = 0; i < N_KEYS; i++)
    copy->values[i] = g_strdup (self->values[i]);
  return copy;
}

void
rf_config_free (RfConfig *self)
{
  if (self == NULL)
    return;
  for (gsize i = 0; i < N_KEYS; i++)
    g_free (self->values[i]);
  g_free (self);
}

/* Levenshtein distance, two rows; keys are short. */
static guint
edit_distance (const char *a, const char *b)
{
  gsize m = strlen (b);
  g_autofree guint *row = g_new (guint, m + 1);

  for (gsize j = 0; j <= m; j++)
    row[j] = (guint) j;
  for (gsize i = 1; a[i - 1]; i++)
    {
      guint diagonal = row[0];

      row[0] = (guint) i;
      for (gsize j = 1; j <= m; j++)
        {
          guint above = row[j], best = diagonal + (a[i - 1] != b[j - 1]);

          best = MIN (best, above + 1);
          row[j] = MIN (best, row[j - 1] + 1);
          diagonal = above;
        }
    }
  return row[m];
}

static const char *
nearest_key (const char *key)
{
  gsize best = 0;
  guint best_distance = G_MAXUINT;

  for (gsize i = 0; i < N_KEYS; i++)
    {
      guint distance = edit_distance (key, keys[i].key);
      const char *tail = strrchr (keys[i].key, '.');

      if (tail && strcmp (tail + 1, key) == 0) /* "lambda" for "ease.lambda" */
        distance = 1;
      if (distance < best_distance)
        {
          best_distance = distance;
          best = i;
        }
    }
  return keys[best].key;
}

static gssize
find_key (const char *key)
{
  for (gsize i = 0; i < N_KEYS; i++)
    if (strcmp (key, keys[i].key) == 0)
      return (gssize) i;
  return -1;
}

static gboolean
is_choice (const char *choices, const char *value)
{
  g_auto(GStrv) list = g_strsplit (choices, "|", -1);

  return g_strv_contains ((const char *const *) list, value);
}

static gboolean
check_number (const RfConfigKey *key, const char *value, GError **error)
{
  double number;
  char *end;

  if (key->type == RF_CONFIG_INT)
    {
      gint64 integer;

      if (!g_ascii_string_to_signed (value, 10, G_MININT64, G_MAXINT64, &integer, NULL))
        {
          g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("%s takes a whole number, not “%s”."), key->key, value);
          return FALSE;
        }
      number = (double) integer;
    }
  else
    {
      number = g_ascii_strtod (value, &end);
      if (*value == '\0' || *end != '\0' || number != number)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("%s takes a number, not “%s”."), key->key, value);
          return FALSE;
        }
    }
  if (number < key->minimum || number > key->maximum)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("%s must lie between %g and %g; %s does not."), key->key, key->minimum, key->maximum, value);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_list (const RfConfigKey *key, const char *value, GError **error)
{
  g_auto(GStrv) names = g_strsplit (value, ",", -1);
  guint n = g_strv_length (names);

  if (n > RF_MAX_MODALITIES || n == 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("%s takes 1 to at most %d names with commas between; this has %u."), key->key, RF_MAX_MODALITIES, n);
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    {
      g_strstrip (names[i]);
      if (*names[i] == '\0' || (key->choices && !is_choice (key->choices, names[i])))
        {
          g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("%s takes names separated by commas; “%s” is not one."), key->key, names[i]);
          return FALSE;
        }
      for (guint j = 0; j < i; j++)
        if (strcmp (names[i], names[j]) == 0)
          {
            g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("%s names “%s” twice."), key->key, names[i]);
            return FALSE;
          }
    }
  return TRUE;
}

static gboolean
check_value (const RfConfigKey *key, const char *value, GError **error)
{
  switch (key->type)
    {
    case RF_CONFIG_INT:
    case RF_CONFIG_REAL:
      return check_number (key, value, error);
    case RF_CONFIG_BOOL:
      if (strcmp (value, "true") == 0 || strcmp (value, "false") == 0)
        return TRUE;
      g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("%s takes true or false, not “%s”."), key->key, value);
      return FALSE;
    case RF_CONFIG_CHOICE:
      if (is_choice (key->choices, value))
        return TRUE;
      g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("%s takes one of %s, not “%s”."), key->key, key->choices, value);
      return FALSE;
    case RF_CONFIG_LIST:
      return check_list (key, value, error);
    case RF_CONFIG_TEXT:
      if (strpbrk (value, "\r\n") == NULL)
        return TRUE;
      g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("%s takes one line."), key->key);
      return FALSE;
    default:
      g_assert_not_reached ();
    }
}

gboolean
rf_config_set (RfConfig *self, const char *key, const char *value, GError **error)
{
  gssize index = find_key (key);
  g_autofree char *stripped = g_strstrip (g_strdup (value));

  if (index < 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("There is no setting “%s”; did you mean “%s”?"), key, nearest_key (key));
      return FALSE;
    }
  if (!check_value (&keys[index], stripped, error))
    return FALSE;
  g_free (self->values[index]);
  self->values[index] = g_steal_pointer (&stripped);
  return TRUE;
}

gboolean
rf_config_set_assignment (RfConfig *self, const char *key_equals_value, GError **error)
{
  const char *equals = strchr (key_equals_value, '=');
  g_autofree char *key = NULL;

  if (equals == NULL)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("“%s” is not a setting; write key=value."), key_equals_value);
      return FALSE;
    }
  key = g_strstrip (g_strndup (key_equals_value, (gsize) (equals - key_equals_value)));
  return rf_config_set (self, key, equals + 1, error);
}

static const char *
get_typed (const RfConfig *self, const char *key, RfConfigType type)
{
  gssize index = find_key (key);

  RF_CHECK (index >= 0 && keys[index].type == type, "setting \"%s\" is unknown or of another type", key);
  return self->values[index];
}

const char *
rf_config_get (const RfConfig *self, const char *key)
{
  gssize index = find_key (key);

  RF_CHECK (index >= 0, "setting \"%s\" is unknown", key);
  return self->values[index];
}

gint64
rf_config_get_int (const RfConfig *self, const char *key)
{
  return g_ascii_strtoll (get_typed (self, key, RF_CONFIG_INT), NULL, 10);
}

double
rf_config_get_real (const RfConfig *self, const char *key)
{
  return g_ascii_strtod (get_typed (self, key, RF_CONFIG_REAL), NULL);
}

gboolean
rf_config_get_bool (const RfConfig *self, const char *key)
{
  return strcmp (get_typed (self, key, RF_CONFIG_BOOL), "true") == 0;
}

char *
rf_config_to_text (const RfConfig *self)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < N_KEYS; i++)
    g_string_append_printf (text, "%s=%s\n", keys[i].key, self->values[i]);
  return g_string_free (text, FALSE);
}

RfConfig *
rf_config_new_from_text (const char *text, GError **error)
{
  g_autoptr(RfConfig) self = rf_config_new ();
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i]; i++)
    {
      g_strstrip (lines[i]);
      if (*lines[i] == '\0' || *lines[i] == '#')
        continue;
      if (!rf_config_set_assignment (self, lines[i], error))
        {
          g_prefix_error (error, _("Line %u: "), i + 1);
          return NULL;
        }
    }
  return g_steal_pointer (&self);
}
