/* refract-names.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/refract-names.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  const char *name, *title;
} Name;

static const Name settings[] = {
  { "model.modalities", N_("Modalities") },
  { "fusion", N_("Fusion") },
  { "seed", N_("Seed") },
  { "split.method", N_("Split") },
  { "split.valid", N_("Validation share") },
  { "split.test", N_("Test share") },
  { "split.folds", N_("Folds") },
  { "split.fold", N_("Test fold") },
  { "split.max_train", N_("Training items per user") },
  { "text.category", N_("Categories as text") },
  { "text.features", N_("Text features") },
  { "text.vectors", N_("File of word vectors") },
  { "image.features", N_("Picture features") },
  { "image.weights", N_("File of weights") },
  { "image.size", N_("Picture size") },
  { "image.dims", N_("Picture numbers kept") },
  { "content.lambda", N_("Content ridge") },
  { "content.epsilon", N_("Whitening damping") },
  { "ease.lambda", N_("EASE ridge") },
  { "ease.max_items", N_("EASE up to") },
  { "knn.neighbours", N_("Neighbours") },
  { "knn.shrinkage", N_("Neighbour shrinkage") },
  { "evidence.users", N_("Users for the attention") },
  { "evidence.steps", N_("Steps for the attention") },
  { "evidence.learning_rate", N_("Learning rate") },
  { "evidence.guard", N_("Guard") },
  { "channel.image", N_("Picture channel") },
  { "channel.text", N_("Text channel") },
  { "channel.l2", N_("Channel weight decay") },
  { "encoder.image", N_("Reads pictures from") },
  { "encoder.text", N_("Reads texts from") },
  { "encoder.behaviour", N_("Behaviour") },
  { "encoder.hidden", N_("Hidden layer of features") },
  { "encoder.width", N_("Width of word vectors") },
  { "encoder.words", N_("Word vectors start") },
  { "encoder.max_words", N_("Words read") },
  { "cnn.size", N_("Side of pictures") },
  { "cnn.augment", N_("Augmentation") },
  { "embedding_size", N_("Width of vectors") },
  { "fusion.hidden", N_("Hidden layer of the fusion") },
  { "fusion.normalise", N_("Vectors of length 1") },
  { "head", N_("Head") },
  { "item_bias", N_("Item bias") },
  { "loss", N_("Loss") },
  { "train_neg_sample_num", N_("Negative items") },
  { "negatives.pool", N_("Pool of negatives") },
  { "epochs", N_("Epochs") },
  { "train_batch_size", N_("Batch") },
  { "learning_rate", N_("Learning rate of networks") },
  { "learner", N_("Optimiser") },
  { "learning_rate_scheduler", N_("Schedule") },
  { "stopping_step", N_("Patience") },
  { "stopping_delta", N_("Smallest improvement") },
  { "clip", N_("Gradient limit") },
  { "l1", N_("L1") },
  { "l2", N_("Weight decay") },
  { "dropout", N_("Dropout") },
  { "modality_dropout", N_("Modality dropout") },
  { "graph.layers", N_("Graph layers") },
  { "graph.knn", N_("Similar items in the graph") },
};

static const Name fusions[] = {
  { "evidence", N_("Attention on evidence") },
  { "concat", N_("Concatenation") },
  { "sum", N_("Weighted sum") },
  { "attention", N_("Attention, one query") },
  { "user-attention", N_("Attention, a query per user") },
  { "gate", N_("Gates") },
  { "late", N_("Late fusion") },
};

static const Name baselines[] = {
  { "popular", N_("Most popular") },
  { "item-knn", N_("Item kNN") },
  { "image-knn", N_("Image kNN") },
  { "text-knn", N_("Text kNN") },
  { "image-only", N_("Image only") },
  { "text-only", N_("Text only") },
  { "behaviour-only", N_("Behaviour only") },
  { "ease", N_("EASE (behaviour)") },
  { "equal-weights", N_("Equal weights") },
};

static const Name metrics[] = {
  { "recall", N_("Recall") }, { "ndcg", N_("NDCG") },         { "precision", N_("Precision") },
  { "map", N_("MAP") },       { "hit_rate", N_("Hit rate") }, { "mrr", N_("MRR") },
};

static const Name attributes[] = {
  { "activity", N_("Past items") },
  { "popularity", N_("Popularity of the choices") },
  { "category", N_("Category") },
  { "pictures", N_("Pictures in the history") },
  { "texts", N_("Texts in the history") },
  { "driver", N_("What drives them") },
  { "has", N_("What the item has") },
};

/* Values that are words of core; others are numbers or categories. */
static const Name values[] = {
  { "all", N_("all") },
  { "some", N_("some") },
  { "none", N_("none") },
  { "picture and text", N_("picture and text") },
  { "picture only", N_("picture only") },
  { "text only", N_("text only") },
  { "neither picture nor text", N_("neither picture nor text") },
  { "image", N_("Image") },
  { "text", N_("Text") },
  { "behaviour", N_("Behaviour") },
};

static const Name metric_helps[] = {
  { "recall", N_("How much of what people chose later the list holds; 1 is all of it") },
  { "ndcg", N_("How near the top of the list what people chose later stands; 1 is right at the top") },
  { "precision", N_("How much of the list people chose later; 1 is all of it") },
  { "map", N_("Like NDCG, but stricter: the share of right items down to each place that has one, averaged; 1 is perfect") },
  { "hit_rate", N_("How many people find something in the list that they chose later; 1 is everybody") },
  { "mrr", N_("1 divided by the place of the first thing they chose later; 1 is the first place") },
};

static const Name baseline_helps[] = {
  { "popular", N_("The same list for everybody: what is chosen most often") },
  { "item-knn", N_("What the people chose who also chose the past items") },
  { "image-knn", N_("The pictures most like those of the past items") },
  { "text-knn", N_("The texts most like those of the past items") },
  { "image-only", N_("This model with its picture part alone") },
  { "text-only", N_("This model with its text part alone") },
  { "behaviour-only", N_("This model with its behaviour part alone") },
  { "ease", N_("A strong linear model of who chose what, without pictures and texts") },
  { "equal-weights", N_("This model when every part counts the same") },
};

static const char *
find (const Name *names, gsize n, const char *name)
{
  for (gsize i = 0; i < n; i++)
    if (strcmp (names[i].name, name) == 0)
      return _(names[i].title);
  return name;
}

const char *
refract_setting_title (const char *key)
{
  return find (settings, G_N_ELEMENTS (settings), key);
}

const char *
refract_fusion_title (const char *name)
{
  return find (fusions, G_N_ELEMENTS (fusions), name);
}

const char *
refract_baseline_title (const char *name)
{
  return find (baselines, G_N_ELEMENTS (baselines), name);
}

const char *
refract_metric_title (const char *name)
{
  return find (metrics, G_N_ELEMENTS (metrics), name);
}

const char *
refract_metric_help (const char *name)
{
  return find (metric_helps, G_N_ELEMENTS (metric_helps), name);
}

const char *
refract_baseline_help (const char *name)
{
  return find (baseline_helps, G_N_ELEMENTS (baseline_helps), name);
}

const char *
refract_attribute_title (const char *name)
{
  return find (attributes, G_N_ELEMENTS (attributes), name);
}

const char *
refract_value_title (const char *value)
{
  return find (values, G_N_ELEMENTS (values), value);
}

char *
refract_slice_title (const char *slice)
{
  g_auto(GStrv) parts = g_strsplit (slice, ", ", -1);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint p = 0; parts[p]; p++)
    {
      char *value = strstr (parts[p], " = ");

      g_string_append (text, p ? ", " : "");
      if (value == NULL)
        {
          g_string_append (text, parts[p]);
          continue;
        }
      *value = '\0';
      g_string_append_printf (text, _("%s: %s"), refract_attribute_title (parts[p]), refract_value_title (value + 3));
    }
  return g_strdup (text->str);
}

static void
append_setting (GString *text, const char *key, const char *value)
{
  g_auto(GStrv) words = g_strsplit (value, ",", -1);
  g_autoptr(GString) titles = g_string_new (NULL);

  for (guint w = 0; words[w]; w++)
    g_string_append_printf (titles, "%s%s", w ? ", " : "", strcmp (key, "fusion") == 0 ? refract_fusion_title (words[w]) : refract_value_title (words[w]));
  g_string_append (text, text->len ? "; " : "");
  g_string_append_printf (text, _("%s: %s"), refract_setting_title (key), titles->str);
}

char *
refract_summary_title (const char *summary)
{
  g_auto(GStrv) settings_set = g_strsplit (summary, ", ", -1);
  GString *text = g_string_new (NULL);

  for (guint s = 0; settings_set[s]; s++)
    {
      char *value = strchr (settings_set[s], '=');

      if (value == NULL)
        continue;
      *value = '\0';
      append_setting (text, settings_set[s], value + 1);
    }
  return g_string_free (text, FALSE);
}
