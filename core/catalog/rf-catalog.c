/* rf-catalog.c: reading a catalog. Building one: rf-catalog-builder.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/catalog/rf-catalog.h"

#include <string.h>

#include "core/base/rf-types.h"
#include "core/catalog/rf-catalog-private.h"

RfCatalog *
rf_catalog_ref (RfCatalog *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
rf_catalog_unref (RfCatalog *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->name);
  g_free (self->source);
  g_free (self->pictures_hash);
  rf_id_map_clear (&self->users);
  rf_id_map_clear (&self->items);
  rf_string_pool_clear (&self->texts);
  g_free (self->item);
  g_free (self->flags);
  rf_interaction_arrays_clear (&self->owned);
  g_ptr_array_unref (self->events);
  g_ptr_array_unref (self->columns);
  g_ptr_array_unref (self->user_columns);
  rf_graph_of_facts_free (self->facts);
  g_mutex_clear (&self->hash_mutex);
  g_free (self->hash);
  g_free (self);
}

guint32
rf_catalog_get_n_users (const RfCatalog *self)
{
  return self->users.n_ids;
}

guint32
rf_catalog_get_n_items (const RfCatalog *self)
{
  return self->items.n_ids;
}

gsize
rf_catalog_get_n_interactions (const RfCatalog *self)
{
  return self->interactions.n;
}

const RfInteractions *
rf_catalog_get_interactions (const RfCatalog *self)
{
  return &self->interactions;
}

guint
rf_catalog_get_n_events (const RfCatalog *self)
{
  return self->events->len;
}

const char *
rf_catalog_get_event (const RfCatalog *self, guint event)
{
  return event < self->events->len ? g_ptr_array_index (self->events, event) : "";
}

const char *
rf_catalog_get_name (const RfCatalog *self)
{
  return self->name;
}

const char *
rf_catalog_get_source (const RfCatalog *self)
{
  return self->source;
}

static void
check_item (const RfCatalog *self, guint32 item)
{
  RF_CHECK (item < self->items.n_ids, "item %u of %u", item, self->items.n_ids);
}

const char *
rf_catalog_get_user_id (const RfCatalog *self, guint32 user)
{
  RF_CHECK (user < self->users.n_ids, "user %u of %u", user, self->users.n_ids);
  return rf_id_map_get (&self->users, user);
}

const char *
rf_catalog_get_item_id (const RfCatalog *self, guint32 item)
{
  check_item (self, item);
  return rf_id_map_get (&self->items, item);
}

const char *
rf_catalog_get_item_title (const RfCatalog *self, guint32 item)
{
  check_item (self, item);
  return rf_string_pool_get (&self->texts, self->item[item].title);
}

const char *
rf_catalog_get_item_description (const RfCatalog *self, guint32 item)
{
  check_item (self, item);
  return rf_string_pool_get (&self->texts, self->item[item].description);
}

const char *
rf_catalog_get_item_category (const RfCatalog *self, guint32 item)
{
  check_item (self, item);
  return rf_string_pool_get (&self->texts, self->item[item].category);
}

const char *
rf_catalog_get_item_image (const RfCatalog *self, guint32 item)
{
  check_item (self, item);
  return rf_string_pool_get (&self->texts, self->item[item].image);
}

const char *
rf_catalog_get_item_label (const RfCatalog *self, guint32 item)
{
  const char *title = rf_catalog_get_item_title (self, item);

  return title[0] != '\0' ? title : rf_catalog_get_item_id (self, item);
}

gboolean
rf_catalog_item_has_image (const RfCatalog *self, guint32 item)
{
  check_item (self, item);
  return (self->flags[item] & RF_ITEM_HAS_IMAGE) != 0;
}

gboolean
rf_catalog_item_has_text (const RfCatalog *self, guint32 item)
{
  check_item (self, item);
  return (self->flags[item] & RF_ITEM_HAS_TEXT) != 0;
}

guint32
rf_catalog_count_images (const RfCatalog *self)
{
  return self->n_images;
}

guint32
rf_catalog_count_texts (const RfCatalog *self)
{
  return self->n_texts;
}

guint32
rf_catalog_find_user (const RfCatalog *self, const char *id)
{
  return rf_id_map_find (&self->users, id, strlen (id));
}

guint32
rf_catalog_find_item (const RfCatalog *self, const char *id)
{
  return rf_id_map_find (&self->items, id, strlen (id));
}

static void
hash_string (GChecksum *sum, const char *text)
{
  g_checksum_update (sum, (const guchar *) text, (gssize) strlen (text) + 1);
}

/* NULL arrays and arrays of nothing differ from arrays of zeros. */
static void
hash_array (GChecksum *sum, const void *array, gsize size)
{
  const guchar present = array != NULL;

  g_checksum_update (sum, &present, 1);
  if (array != NULL && size > 0)
    g_checksum_update (sum, array, (gssize) size);
}

static char *
compute_hash (const RfCatalog *self)
{
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  const RfInteractions *data = &self->interactions;
  const guint64 counts[] = { self->users.n_ids, self->items.n_ids, data->n };

  hash_array (sum, counts, sizeof counts);
  for (guint32 u = 0; u < self->users.n_ids; u++)
    hash_string (sum, rf_id_map_get (&self->users, u));
  for (guint32 i = 0; i < self->items.n_ids; i++)
    {
      hash_string (sum, rf_id_map_get (&self->items, i));
      hash_string (sum, rf_catalog_get_item_title (self, i));
      hash_string (sum, rf_catalog_get_item_description (self, i));
      hash_string (sum, rf_catalog_get_item_category (self, i));
    }
  hash_array (sum, self->flags, self->items.n_ids);
  hash_array (sum, data->user, data->n * sizeof *data->user);
  hash_array (sum, data->item, data->n * sizeof *data->item);
  hash_array (sum, data->rating, data->n * sizeof *data->rating);
  hash_array (sum, data->timestamp, data->n * sizeof *data->timestamp);
  hash_array (sum, data->part, data->n);
  hash_array (sum, data->event, data->n);
  for (guint e = 0; e < self->events->len; e++)
    hash_string (sum, g_ptr_array_index (self->events, e));
  hash_string (sum, self->pictures_hash);
  rf_catalog_hash_facts (self, sum);
  return g_strdup (g_checksum_get_string (sum));
}

const char *
rf_catalog_get_hash (const RfCatalog *self)
{
  RfCatalog *mutable = (RfCatalog *) self; /* a cache, under its own lock */

  g_mutex_lock (&mutable->hash_mutex);
  if (mutable->hash == NULL)
    mutable->hash = compute_hash (self);
  g_mutex_unlock (&mutable->hash_mutex);
  return mutable->hash;
}
