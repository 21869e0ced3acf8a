/* rf-modality.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/train/rf-modality.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/features/rf-behaviour-stats.h"
#include "core/features/rf-cnn.h"
#include "core/model/rf-knowledge.h"
#include "core/train/rf-weights-file.h"

const char *
rf_modality_get_title (const char *name)
{
  static const char *const known[][2] = { { "image", N_("Image") }, { "text", N_("Text") }, { "behaviour", N_("Behaviour") } };

  for (gsize m = 0; m < G_N_ELEMENTS (known); m++)
    if (strcmp (name, known[m][0]) == 0)
      return _(known[m][1]);
  return name;
}

/* A workspace handle belongs to one thread at a time, pictures are asked for by many. */
typedef struct
{
  GMutex lock;
  RfWorkspace *workspace;
} Pictures;

static GBytes *
load_picture (guint32 item, void *data)
{
  Pictures *pictures = data;
  GBytes *bytes;

  g_mutex_lock (&pictures->lock);
  bytes = rf_workspace_load_picture (pictures->workspace, item, NULL);
  g_mutex_unlock (&pictures->lock);
  return bytes;
}

/* How a modality's features are made under the settings, and where they are kept. */
typedef struct
{
  const char *name;
  char *cache;            /* what the workspace calls the matrix; one for each method, so that changing to and fro costs nothing */
  char *key;              /* names method, options and catalog; NULL: there are only features that come with the import */
  gboolean is_default;    /* nobody asked for this method: what came with the import goes first */
  char *hash;             /* of the file of weights or word vectors, if there is one */
  RfTextOptions text;
} Recipe;

static void
recipe_clear (Recipe *recipe)
{
  g_free (recipe->cache);
  g_free (recipe->key);
  g_free (recipe->hash);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Recipe, recipe_clear)

static RfFeatures *
compute_classical (guint32 n_items, Pictures *pictures, RfImageModel **model, RfProgress *progress, GError **error)
{
  RfImageOptions options = rf_image_options_default ();

  return rf_image_features_fit (n_items, load_picture, pictures, &options, model, progress, error);
}

static RfFeatures *
compute_pretrained (guint32 n_items, Pictures *pictures, const RfConfig *config, RfProgress *progress, GError **error)
{
  g_autoptr(RfCnn) cnn = rf_cnn_load (rf_config_get (config, "image.weights"), rf_config_get (config, "image.features"), error);

  if (cnn == NULL)
    return NULL;
  return rf_cnn_features_compute (cnn, n_items, load_picture, pictures, (guint) rf_config_get_int (config, "image.size"),
                                  (guint32) rf_config_get_int (config, "image.dims"), progress, error);
}

static RfFeatures *
compute_image (RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, const Recipe *recipe, RfImageModel **model,
               RfProgress *progress, GError **error)
{
  guint32 n_items = rf_catalog_get_n_items (catalog);
  RfFeatures *features;
  Pictures pictures;

  g_mutex_init (&pictures.lock);
  pictures.workspace = workspace;
  features = recipe->hash ? compute_pretrained (n_items, &pictures, config, progress, error)
                          : compute_classical (n_items, &pictures, model, progress, error);
  g_mutex_clear (&pictures.lock);
  return features;
}

/* The cached matrix, if it was made by today's method from this catalog. */
static RfFeatures *
load_cached (RfWorkspace *workspace, const char *name, const char *cache, const char *key, guint32 n_items, GError **error)
{
  guint8 *available = NULL;
  RfMatrix *x = rf_workspace_load_matrix (workspace, cache, key, &available, error);

  if (x == NULL)
    return NULL;
  if (x->rows != n_items)
    {
      rf_matrix_free (x);
      g_free (available);
      return NULL;
    }
  return rf_features_new (name, key, x, available);
}

static RfTextOptions
text_options (const RfConfig *config)
{
  static const struct
  {
    const char *name;
    RfTextMethod method;
  } methods[] = { { "tfidf", RF_TEXT_TFIDF }, { "skip-gram", RF_TEXT_SKIP_GRAM }, { "vectors", RF_TEXT_VECTORS } };
  RfTextOptions options = rf_text_options_default ();

  options.with_category = rf_config_get_bool (config, "text.category");
  options.vectors = rf_config_get (config, "text.vectors");
  for (gsize m = 0; m < G_N_ELEMENTS (methods); m++)
    if (strcmp (rf_config_get (config, "text.features"), methods[m].name) == 0)
      options.method = methods[m].method;
  return options;
}

static gboolean
describe_image (Recipe *recipe, RfWorkspace *workspace, const RfConfig *config, char **method, RfProgress *progress, GError **error)
{
  const char *features = rf_config_get (config, "image.features");

  recipe->is_default = strcmp (features, "classical") == 0;
  if (recipe->is_default)
    {
      *method = g_strdup (rf_image_features_get_key ());
      return TRUE;
    }
  recipe->cache = g_strdup_printf ("image:%s", features);
  recipe->hash = rf_weights_file_hash (workspace, "image.weights", rf_config_get (config, "image.weights"), "image.weights", progress, error);
  if (recipe->hash != NULL)
    *method = rf_cnn_features_get_key (features, (guint) rf_config_get_int (config, "image.size"),
                                       (guint32) rf_config_get_int (config, "image.dims"), recipe->hash);
  return recipe->hash != NULL;
}

static gboolean
describe_text (Recipe *recipe, RfWorkspace *workspace, const RfConfig *config, char **method, RfProgress *progress, GError **error)
{
  recipe->text = text_options (config);
  recipe->is_default = recipe->text.method == RF_TEXT_TFIDF;
  if (!recipe->is_default)
    recipe->cache = g_strdup_printf ("text:%s", rf_config_get (config, "text.features"));
  if (recipe->text.method == RF_TEXT_VECTORS)
    {
      recipe->hash = rf_weights_file_hash (workspace, "text.vectors", recipe->text.vectors, "text.vectors", progress, error);
      if (recipe->hash == NULL)
        return FALSE;
      recipe->text.vectors_hash = recipe->hash;
    }
  *method = rf_text_options_get_key (&recipe->text);
  return TRUE;
}

static RfKnowledgeOptions
knowledge_options (const RfConfig *config)
{
  RfKnowledgeOptions options = rf_knowledge_options_default ();

  options.dim = (guint) rf_config_get_int (config, "kg.dim");
  options.epochs = (guint) rf_config_get_int (config, "kg.epochs");
  options.margin = rf_config_get_real (config, "kg.margin");
  return options;
}

static RfFeatures *
compute_knowledge (const RfCatalog *catalog, const RfConfig *config, const char *key, RfProgress *progress, GError **error)
{
  RfKnowledgeOptions options = knowledge_options (config);
  g_autoptr(RfFacts) facts = rf_facts_new (catalog, rf_config_get (config, "kg.columns"), (guint) rf_config_get_int (config, "kg.min_count"));
  g_autoptr(RfKnowledge) knowledge = rf_knowledge_fit (facts, &options, progress, error);

  return knowledge ? rf_knowledge_features (knowledge, facts, key) : NULL;
}

static gboolean
make_recipe (Recipe *recipe, RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, const char *name, RfProgress *progress,
             GError **error)
{
  g_autofree char *method = NULL;
  gboolean ok = TRUE;

  recipe->name = name;
  recipe->is_default = TRUE;
  if (strcmp (name, "image") == 0)
    ok = describe_image (recipe, workspace, config, &method, progress, error);
  else if (strcmp (name, "text") == 0)
    ok = describe_text (recipe, workspace, config, &method, progress, error);
  else if (strcmp (name, "knowledge") == 0)
    {
      RfKnowledgeOptions options = knowledge_options (config);

      method = rf_knowledge_get_key (&options, rf_config_get (config, "kg.columns"), (guint) rf_config_get_int (config, "kg.min_count"));
    }
  if (recipe->cache == NULL)
    recipe->cache = g_strdup (name);
  if (method)
    recipe->key = g_strdup_printf ("%s/%s", method, rf_catalog_get_hash (catalog));
  return ok;
}

/* What came with the catalog as ready numbers is taken before what would be computed, unless another method was asked for. */
static RfFeatures *
load (RfWorkspace *workspace, const Recipe *recipe, guint32 n_items, GError **error)
{
  GError *failed = NULL;
  RfFeatures *features = recipe->is_default ? load_cached (workspace, recipe->name, recipe->name, RF_IMPORTED_KEY, n_items, &failed) : NULL;

  if (features == NULL && failed == NULL && recipe->key != NULL)
    features = load_cached (workspace, recipe->name, recipe->cache, recipe->key, n_items, &failed);
  if (failed)
    g_propagate_error (error, failed);
  return features;
}

/* The blob beside the matrix of a modality: what turns a picture or a text into a row of it. */
static char *
model_name (const Recipe *recipe)
{
  return g_strdup_printf ("%s-model", recipe->cache);
}

/* Features made now, with the model that made them, both kept. */
static RfFeatures *
compute (RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, const Recipe *recipe, RfProgress *progress, GError **error)
{
  g_autoptr(RfImageModel) image = NULL;
  g_autoptr(RfTextModel) text = NULL;
  g_autoptr(RfFeatures) features = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *blob = model_name (recipe);

  if (strcmp (recipe->name, "image") == 0)
    features = compute_image (workspace, catalog, config, recipe, &image, progress, error);
  else if (strcmp (recipe->name, "knowledge") == 0)
    features = compute_knowledge (catalog, config, recipe->key, progress, error);
  else
    features = rf_text_features_fit (catalog, &recipe->text, &text, progress, error);
  if (features == NULL)
    return NULL;
  bytes = image ? rf_image_model_to_bytes (image) : text ? rf_text_model_to_bytes (text) : NULL;
  if (!rf_workspace_save_matrix (workspace, recipe->cache, recipe->key, features->x, features->available, error) ||
      (bytes && !rf_workspace_save_blob (workspace, blob, recipe->key, bytes, error)))
    return NULL;
  return g_steal_pointer (&features);
}

RfFeatures *
rf_modality_features (RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, const char *name, RfProgress *progress,
                      GError **error)
{
  g_auto(Recipe) recipe = { 0 };
  GError *failed = NULL;
  RfFeatures *features = NULL;

  if (make_recipe (&recipe, workspace, catalog, config, name, progress, &failed))
    features = load (workspace, &recipe, rf_catalog_get_n_items (catalog), &failed);
  if (features == NULL && failed == NULL && recipe.key == NULL)
    g_set_error (&failed, RF_ERROR, RF_ERROR_NOT_FOUND, _("There is no modality “%s” in this catalog; there are image, text, behaviour, statistics, knowledge and the feature matrices that were imported with it."), name);
  if (features == NULL && failed == NULL)
    features = compute (workspace, catalog, config, &recipe, progress, &failed);
  if (failed)
    g_propagate_error (error, failed);
  return features;
}

RfFeatures *
rf_modality_features_of (RfWorkspace *workspace, const RfCatalog *catalog, const RfCsr *train, const RfConfig *config, const char *name,
                         RfProgress *progress, GError **error)
{
  const RfInteractions *x = rf_catalog_get_interactions (catalog);
  g_autofree guint8 *mask = NULL;
  g_autoptr(RfMatrix) raw = NULL;
  guint32 dimensions;

  if (strcmp (name, "statistics") != 0 || rf_workspace_count_imported (workspace, name, &dimensions, NULL) > 0)
    return rf_modality_features (workspace, catalog, config, name, progress, error);
  mask = g_malloc (x->n + 1);
  for (gsize k = 0; k < x->n; k++)
    mask[k] = rf_csr_contains (train, x->user[k], x->item[k]);
  raw = rf_behaviour_stats_new (x, mask, rf_behaviour_find_purchase (catalog), rf_catalog_get_n_items (catalog), FALSE);
  return rf_behaviour_stats_standardise (raw);
}

/* Did these features come ready with the import, or from a network elsewhere? Then nothing is known of how, and error is set. */
static gboolean
has_model (RfWorkspace *workspace, const Recipe *recipe, GError **error)
{
  guint32 dimensions;
  GError *failed = NULL;

  if (recipe->is_default && rf_workspace_count_imported (workspace, recipe->name, &dimensions, &failed) > 0)
    g_set_error (&failed, RF_ERROR, RF_ERROR_NOT_FOUND, _("The features “%s” came ready with the catalog: how they are made of a picture or a text is not known, so nothing new can be brought into their space."), recipe->name);
  if (failed == NULL && recipe->hash && strcmp (recipe->name, "image") == 0)
    g_set_error_literal (&failed, RF_ERROR, RF_ERROR_NOT_FOUND, _("The picture features come from a pretrained network, which is not part of the document: new or changed pictures need image.features=classical."));
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, failed);
  return FALSE;
}

/* The bytes of the model behind a modality, made again where they were not kept. */
static GBytes *
model_bytes (RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, const char *name, RfProgress *progress, GError **error)
{
  g_auto(Recipe) recipe = { 0 };
  g_autofree char *blob = NULL;
  g_autoptr(RfFeatures) made = NULL;
  GError *failed = NULL;
  GBytes *bytes;

  if (!make_recipe (&recipe, workspace, catalog, config, name, progress, error) || !has_model (workspace, &recipe, error))
    return NULL;
  blob = model_name (&recipe);
  bytes = rf_workspace_load_blob (workspace, blob, recipe.key, &failed);
  if (bytes == NULL && failed == NULL)
    {
      made = compute (workspace, catalog, config, &recipe, progress, &failed);
      bytes = made ? rf_workspace_load_blob (workspace, blob, recipe.key, &failed) : NULL;
    }
  if (failed)
    g_propagate_error (error, failed);
  return bytes;
}

RfImageModel *
rf_modality_image_model (RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, RfProgress *progress, GError **error)
{
  g_autoptr(GBytes) bytes = model_bytes (workspace, catalog, config, "image", progress, error);

  return bytes ? rf_image_model_new_from_bytes (bytes, error) : NULL;
}

RfTextModel *
rf_modality_text_model (RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, RfProgress *progress, GError **error)
{
  g_autoptr(GBytes) bytes = model_bytes (workspace, catalog, config, "text", progress, error);

  return bytes ? rf_text_model_new_from_bytes (bytes, error) : NULL;
}

char *
rf_modality_note (RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, const char *name)
{
  g_autoptr(RfTextModel) model = NULL;
  guint32 known, all;

  if (strcmp (name, "text") != 0 || strcmp (rf_config_get (config, "text.features"), "vectors") != 0)
    return NULL;
  model = rf_modality_text_model (workspace, catalog, config, NULL, NULL);
  if (model == NULL)
    return NULL;
  known = rf_text_model_get_vocab (model)->n_words;
  all = rf_text_model_get_n_all_words (model);
  return g_strdup_printf (_("The file of word vectors knows %u of the %u words of the texts (%.1f %%)."), known, all, all ? 100.0 * known / all : 0.0);
}

char *
rf_modality_item_text (const RfCatalog *catalog, const RfConfig *config, guint32 item)
{
  return rf_item_text (catalog, item, text_options (config).with_category);
}

static RfPixels *
load_pixels (RfWorkspace *workspace, const char *key, guint32 n_items)
{
  g_autoptr(GBytes) bytes = rf_workspace_load_blob (workspace, "pixels", key, NULL);
  RfPixels *pixels = bytes ? rf_pixels_new_from_bytes (bytes, NULL) : NULL;

  if (pixels == NULL || pixels->n == n_items)
    return pixels;
  rf_pixels_free (pixels);
  return NULL;
}

RfPixels *
rf_modality_pixels (RfWorkspace *workspace, const RfCatalog *catalog, guint size, RfProgress *progress, GError **error)
{
  guint32 n = rf_catalog_get_n_items (catalog);
  g_autofree char *method = rf_pixels_get_key (size, RF_FIT_LETTERBOX);
  g_autofree char *key = g_strdup_printf ("%s/%s", method, rf_catalog_get_hash (catalog));
  RfPixels *pixels = load_pixels (workspace, key, n);
  g_autoptr(GBytes) bytes = NULL;
  Pictures pictures;

  if (pixels)
    return pixels;
  g_mutex_init (&pictures.lock);
  pictures.workspace = workspace;
  pixels = rf_pixels_new (n, load_picture, &pictures, size, RF_FIT_LETTERBOX, progress, error);
  g_mutex_clear (&pictures.lock);
  if (pixels == NULL)
    return NULL;
  bytes = rf_pixels_to_bytes (pixels);
  if (!rf_workspace_save_blob (workspace, "pixels", key, bytes, error))
    g_clear_pointer (&pixels, rf_pixels_free);
  return pixels;
}
