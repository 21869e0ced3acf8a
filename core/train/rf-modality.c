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
compute_image (RfWorkspace *workspace, const RfCatalog *catalog, RfProgress *progress, GError **error)
{
  RfFeatures *features;
  Pictures pictures;

  g_mutex_init (&pictures.lock);
  pictures.workspace = workspace;
  features = rf_image_features_compute (rf_catalog_get_n_items (catalog), load_picture, &pictures, progress, error);
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

RfFeatures *
rf_modality_features (RfWorkspace *workspace, const RfCatalog *catalog, const RfConfig *config, const char *name, RfProgress *progress,
                      GError **error)
{
  RfTextOptions options = text_options (config);
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
  features = strcmp (name, "image") == 0 ? compute_image (workspace, catalog, progress, error)
                                         : rf_text_features_fit (catalog, &options, NULL, progress, error);
  if (features == NULL || !rf_workspace_save_matrix (workspace, name, key, features->x, features->available, error))
    return NULL;
  return g_steal_pointer (&features);
}
