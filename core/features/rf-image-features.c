/* rf-image-features.c: the pictures of a catalog's items, handed to the image model.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/features/rf-features.h"

RfFeatures *
rf_image_features_fit (guint32 n_items, RfPictureFunc picture, void *picture_data, const RfImageOptions *options, RfImageModel **model,
                       RfProgress *progress, GError **error)
{
  g_autofree char *key = rf_image_options_get_key (options);
  RfMatrix *x = NULL;
  guint8 *available = NULL;
  g_autoptr(RfImageModel) fitted = rf_image_model_fit (n_items, picture, picture_data, options, &x, &available, progress, error);

  if (fitted == NULL)
    return NULL;
  if (model != NULL)
    *model = g_steal_pointer (&fitted);
  return rf_features_new ("image", key, x, available);
}

const char *
rf_image_features_get_key (void)
{
  static char *key = NULL;

  if (g_once_init_enter (&key))
    {
      RfImageOptions options = rf_image_options_default ();

      g_once_init_leave (&key, rf_image_options_get_key (&options));
    }
  return key;
}
