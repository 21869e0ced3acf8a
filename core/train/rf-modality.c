/* rf-modality.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/train/rf-modality.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/rf-error.h"

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

static RfFeatures *
compute_image (RfWorkspace *workspace, const RfCatalog *catalog, RfImageModel **model, RfProgress *progress, GError **error)
{
  RfImageOptions options = rf_image_options_default ();
  RfFeatures *features;
  Pictures pictures;

  g_mutex_init (&pictures.lock);
  pictures.workspace = workspace;
  features = rf_image_features_fit (rf_catalog_get_n_items (catalog), load_picture, &pictures, &options, model, progress, error);
  g_mutex_clear (&pictures.lock);
  return features;
}

/* The cached matrix, if it was made by today's method from this catalog. */
static RfFeatures *
load_cached (RfWorkspace *workspace, const char *name, const char *key, guint32 n_items, GError **error)
{
  guint8 *available = NULL;
  RfMatrix *x = rf_workspace_load_matrix (workspace, name, key, &available, error);

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
  RfTextOptions options = rf_text_options_default ();

  options.with_category = rf_config_get_bool (config, "text.category");
  return options;
}

/* Names method, options and catalog; NULL for a matrix that came with the import. */
static char *
make_key (const RfCatalog *catalog, const RfConfig *config, const char *name)
{
  RfTextOptions options = text_options (config);
  g_autofree char *method = NULL;

  if (strcmp (name, "image") == 0)
    method = g_strdup (rf_image_features_get_key ());
  else if (strcmp (name, "text") == 0)
    method = rf_text_options_get_key (&options);
  return method ? g_strdup_printf ("%s/%s", method, rf_catalog_get_hash (catalog)) : NULL;
}

/* What came with the catalog as ready numbers is taken before what would be computed. */
static RfFeatures *
load (RfWorkspace *workspace, const char *name, const char *key, guint32 n_items, GError **error)
{
  GError *failed = NULL;
  RfFeatures *features = load_cached (workspace, name, RF_IMPORTED_KEY, n_items, &failed);

  if (features == NULL && failed == NULL && key != NULL)
    features = load_cached (workspace, name, key, n_items, &failed);
  if (failed)
    g_propagate_error (error, failed);
  return features;
}

/* The blob beside the matrix of a modality: what turns a picture or a text into a row of it. */
static char *
model_name (const char *name)
{
  return g_strdup_printf ("%s-model", name);
}

/* Features made now, with the model that made them, both kept. */
static RfFeatures *
compute (RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, const char *name, const char *key, RfProgress *progress,
         GError **error)
{
  RfTextOptions options = text_options (config);
  g_autoptr(RfImageModel) image = NULL;
  g_autoptr(RfTextModel) text = NULL;
  g_autoptr(RfFeatures) features = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *blob = model_name (name);

  features = strcmp (name, "image") == 0 ? compute_image (workspace, catalog, &image, progress, error)
                                         : rf_text_features_fit (catalog, &options, &text, progress, error);
  if (features == NULL)
    return NULL;
  bytes = image ? rf_image_model_to_bytes (image) : rf_text_model_to_bytes (text);
  if (!rf_workspace_save_matrix (workspace, name, key, features->x, features->available, error) ||
      !rf_workspace_save_blob (workspace, blob, key, bytes, error))
    return NULL;
  return g_steal_pointer (&features);
}

RfFeatures *
rf_modality_features (RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, const char *name, RfProgress *progress,
                      GError **error)
{
  g_autofree char *key = make_key (catalog, config, name);
  GError *failed = NULL;
  g_autoptr(RfFeatures) features = load (workspace, name, key, rf_catalog_get_n_items (catalog), &failed);

  if (failed)
    {
      g_propagate_error (error, failed);
      return NULL;
    }
  if (features)
    return g_steal_pointer (&features);
  if (key == NULL)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_NOT_FOUND, _("There is no modality “%s” in this catalog; there are image, text, behaviour and the feature matrices that were imported with it."), name);
      return NULL;
    }
  return compute (workspace, catalog, config, name, key, progress, error);
}

/* The bytes of the model behind a modality, made again where they were not kept. */
static GBytes *
model_bytes (RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, const char *name, RfProgress *progress, GError **error)
{
  g_autofree char *key = make_key (catalog, config, name), *blob = model_name (name);
  guint32 dimensions;
  GError *failed = NULL;
  GBytes *bytes;
  g_autoptr(RfFeatures) made = NULL;

  if (rf_workspace_count_imported (workspace, name, &dimensions, &failed) > 0)
    g_set_error (&failed, RF_ERROR, RF_ERROR_NOT_FOUND, _("The features “%s” came ready with the catalog: how they are made of a picture or a text is not known, so nothing new can be brought into their space."), name);
  bytes = failed ? NULL : rf_workspace_load_blob (workspace, blob, key, &failed);
  if (bytes == NULL && failed == NULL)
    {
      made = compute (workspace, catalog, config, name, key, progress, &failed);
      bytes = made ? rf_workspace_load_blob (workspace, blob, key, &failed) : NULL;
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
rf_modality_item_text (const RfCatalog *catalog, const RfConfig *config, guint32 item)
{
  return rf_item_text (catalog, item, text_options (config).with_category);
}
