/* rf-features.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/features/rf-features.h"

RfFeatures *
rf_features_new (const char *name, const char *key, RfMatrix *x, guint8 *available)
{
  RfFeatures *self = g_new0 (RfFeatures, 1);

  self->name = g_strdup (name);
  self->key = g_strdup (key);
  self->x = x;
  self->available = available;
  return self;
}

void
rf_features_free (RfFeatures *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->key);
  rf_matrix_free (self->x);
  g_free (self->available);
  g_free (self);
}

gsize
rf_features_count_available (const RfFeatures *self)
{
  gsize n = 0;

  for (gsize i = 0; i < self->x->rows; i++)
    n += self->available[i];
  return n;
}
