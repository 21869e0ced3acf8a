/* rf-catalog-builder.c: filling a catalog.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-types.h"
#include "core/catalog/rf-catalog-private.h"

#define MAX_EVENTS 255

struct _RfCatalogBuilder
{
  RfCatalog *catalog;
  guint32 item_room;
  RfOrigin *origin; /* item_room */
  GPtrArray *files; /* char *, the first is "" */
  GPtrArray *matrices;
};

void
rf_interaction_arrays_clear (RfInteractionArrays *self)
{
  g_free (self->user);
  g_free (self->item);
  g_free (self->rating);
  g_free (self->timestamp);
  g_free (self->part);
  g_free (self->event);
  memset (self, 0, sizeof *self);
}

void
rf_interaction_arrays_reserve (RfInteractionArrays *self, gsize n)
{
  if (self->n + n <= self->room)
    return;
  self->room = MAX (self->n + n, self->room + self->room / 2);
  self->user = g_renew (guint32, self->user, self->room);
  self->item = g_renew (guint32, self->item, self->room);
  self->rating = g_renew (float, self->rating, self->room);
  self->timestamp = g_renew (gint64, self->timestamp, self->room);
  if (self->part != NULL)
    self->part = g_renew (guint8, self->part, self->room);
  if (self->event != NULL)
    self->event = g_renew (guint8, self->event, self->room);
}

static void
free_matrix (gpointer data)
{
  RfImportedMatrix *matrix = data;

  g_free (matrix->name);
  rf_matrix_free (matrix->x);
  g_free (matrix->available);
  g_free (matrix);
}

RfCatalogBuilder *
rf_catalog_builder_new (const char *name, const char *source)
{
  RfCatalogBuilder *self = g_new0 (RfCatalogBuilder, 1);
  RfCatalog *catalog = g_new0 (RfCatalog, 1);

  g_atomic_ref_count_init (&catalog->ref_count);
  catalog->name = g_utf8_make_valid (name, -1);
  catalog->source = g_utf8_make_valid (source, -1);
  catalog->pictures_hash = g_strdup ("");
  rf_id_map_init (&catalog->users);
  rf_id_map_init (&catalog->items);
  rf_string_pool_init (&catalog->texts);
  catalog->events = g_ptr_array_new_with_free_func (g_free);
  catalog->columns = rf_columns_new ();
  catalog->user_columns = rf_columns_new ();
  g_mutex_init (&catalog->hash_mutex);
  self->catalog = catalog;
  self->files = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->files, g_strdup (""));
  self->matrices = g_ptr_array_new_with_free_func (free_matrix);
  return self;
}

void
rf_catalog_builder_free (RfCatalogBuilder *self)
{
  if (self == NULL)
    return;
  rf_catalog_unref (self->catalog);
  g_free (self->origin);
  g_ptr_array_unref (self->files);
  g_ptr_array_unref (self->matrices);
  g_free (self);
}

RfCatalog *
rf_catalog_builder_peek (RfCatalogBuilder *self)
{
  return self->catalog;
}

/* *mended must be freed; the text itself when it is fine. */
static const char *
valid_text (const char *text, char **mended)
{
  *mended = g_utf8_validate (text, -1, NULL) ? NULL : g_utf8_make_valid (text, -1);
  return *mended != NULL ? *mended : text;
}

static gsize
add_text (RfCatalog *catalog, const char *text)
{
  g_autofree char *mended = NULL;

  text = valid_text (text ? text : "", &mended);
  return rf_string_pool_add (&catalog->texts, text, strlen (text));
}

guint32
rf_catalog_builder_find_item (const RfCatalogBuilder *self, const char *id)
{
  return rf_id_map_find (&self->catalog->items, id, strlen (id));
}

guint32
rf_catalog_builder_ensure_item_n (RfCatalogBuilder *self, const char *id, gsize length)
{
  RfCatalog *catalog = self->catalog;
  guint32 n_before = catalog->items.n_ids;
  guint32 item = rf_id_map_ensure (&catalog->items, id, length);

  if (item < n_before)
    return item;
  if (item >= self->item_room)
    {
      self->item_room = MAX (64, self->item_room * 2);
      catalog->item = g_renew (RfItemTexts, catalog->item, self->item_room);
      catalog->flags = g_renew (guint8, catalog->flags, self->item_room);
      self->origin = g_renew (RfOrigin, self->origin, self->item_room);
    }
  catalog->item[item] = (RfItemTexts) { 0, 0, 0, 0 };
  catalog->flags[item] = 0;
  self->origin[item] = (RfOrigin) { 0, 0, 0 };
  return item;
}

guint32
rf_catalog_builder_add_item (RfCatalogBuilder *self, const char *id, const char *title, const char *description, const char *category, const char *image)
{
  g_autofree char *mended = NULL;
  guint32 n_before = self->catalog->items.n_ids, item;

  id = valid_text (id, &mended);
  item = rf_catalog_builder_ensure_item_n (self, id, strlen (id));
  if (item < n_before)
    return item;
  rf_catalog_builder_set_item_text (self, item, title, description, category);
  rf_catalog_builder_set_item_image (self, item, image);
  return item;
}

void
rf_catalog_builder_set_item_text (RfCatalogBuilder *self, guint32 item, const char *title, const char *description, const char *category)
{
  RfItemTexts *texts = &self->catalog->item[item];

  texts->title = add_text (self->catalog, title);
  texts->description = add_text (self->catalog, description);
  texts->category = add_text (self->catalog, category);
}

void
rf_catalog_builder_set_item_image (RfCatalogBuilder *self, guint32 item, const char *image)
{
  self->catalog->item[item].image = add_text (self->catalog, image);
}

void
rf_catalog_builder_set_has_image (RfCatalogBuilder *self, guint32 item, gboolean has_image)
{
  guint8 *flags = &self->catalog->flags[item];

  *flags = (guint8) (has_image ? *flags | RF_ITEM_HAS_IMAGE : *flags & ~RF_ITEM_HAS_IMAGE);
}

const RfIdMap *
rf_catalog_builder_get_items (const RfCatalogBuilder *self)
{
  return &self->catalog->items;
}

RfIdMap *
rf_catalog_builder_get_users (RfCatalogBuilder *self)
{
  return &self->catalog->users;
}

RfIdMap *
rf_catalog_builder_edit_items (RfCatalogBuilder *self)
{
  return &self->catalog->items;
}

guint32
rf_catalog_builder_rename (RfIdMap *ids, GHashTable *names)
{
  RfIdMap renamed;
  guint32 n_kept = 0;

  rf_id_map_init (&renamed);
  for (guint32 i = 0; i < ids->n_ids; i++)
    {
      const char *old = rf_id_map_get (ids, i), *id = g_hash_table_lookup (names, old);
      g_autofree char *unique = NULL;

      n_kept += id == NULL;
      id = id != NULL ? id : old;
      if (rf_id_map_find (&renamed, id, strlen (id)) != G_MAXUINT32)
        {
          n_kept++;
          id = unique = g_strdup_printf ("%s#%u", old, i);
        }
      rf_id_map_ensure (&renamed, id, strlen (id));
    }
  rf_id_map_clear (ids);
  *ids = renamed;
  return n_kept;
}

guint32
rf_catalog_builder_get_n_items (const RfCatalogBuilder *self)
{
  return self->catalog->items.n_ids;
}

const char *
rf_catalog_builder_get_item_id (const RfCatalogBuilder *self, guint32 item)
{
  return rf_catalog_get_item_id (self->catalog, item);
}

const char *
rf_catalog_builder_get_item_image (const RfCatalogBuilder *self, guint32 item)
{
  return rf_catalog_get_item_image (self->catalog, item);
}

const char *
rf_catalog_builder_get_item_title (const RfCatalogBuilder *self, guint32 item)
{
  return rf_catalog_get_item_title (self->catalog, item);
}

const char *
rf_catalog_builder_get_item_description (const RfCatalogBuilder *self, guint32 item)
{
  return rf_catalog_get_item_description (self->catalog, item);
}

const char *
rf_catalog_builder_get_item_category (const RfCatalogBuilder *self, guint32 item)
{
  return rf_catalog_get_item_category (self->catalog, item);
}

guint32
rf_catalog_builder_ensure_user_n (RfCatalogBuilder *self, const char *id, gsize length)
{
  return rf_id_map_ensure (&self->catalog->users, id, length);
}

guint32
rf_catalog_builder_ensure_user (RfCatalogBuilder *self, const char *id)
{
  g_autofree char *mended = NULL;

  id = valid_text (id, &mended);
  return rf_catalog_builder_ensure_user_n (self, id, strlen (id));
}

void
rf_catalog_builder_add_interaction (RfCatalogBuilder *self, guint32 user, guint32 item, float rating, gint64 timestamp)
{
  RfInteractionArrays *arrays = &self->catalog->owned;

  RF_CHECK (user < self->catalog->users.n_ids && item < self->catalog->items.n_ids, "user %u, item %u", user, item);
  rf_interaction_arrays_reserve (arrays, 1);
  arrays->user[arrays->n] = user;
  arrays->item[arrays->n] = item;
  arrays->rating[arrays->n] = rating;
  arrays->timestamp[arrays->n] = timestamp;
  if (arrays->part != NULL)
    arrays->part[arrays->n] = 0;
  if (arrays->event != NULL)
    arrays->event[arrays->n] = 0;
  arrays->n++;
}

void
rf_catalog_builder_set_part (RfCatalogBuilder *self, guint8 part)
{
  RfInteractionArrays *arrays = &self->catalog->owned;

  RF_CHECK (arrays->n > 0 && part <= 2, "part %u", part);
  if (arrays->part == NULL && part != 0)
    arrays->part = g_new0 (guint8, arrays->room);
  if (arrays->part != NULL)
    arrays->part[arrays->n - 1] = part;
}

int
rf_catalog_builder_find_event (const RfCatalogBuilder *self, const char *name)
{
  const GPtrArray *events = self->catalog->events;

  for (guint e = 0; e < events->len; e++)
    if (strcmp (g_ptr_array_index (events, e), name) == 0)
      return (int) e;
  return -1;
}

guint8
rf_catalog_builder_ensure_event (RfCatalogBuilder *self, const char *name)
{
  GPtrArray *events = self->catalog->events;
  g_autofree char *mended = NULL;
  int known;

  name = valid_text (name, &mended);
  known = rf_catalog_builder_find_event (self, name);
  if (known >= 0)
    return (guint8) known;
  if (events->len == MAX_EVENTS)
    return MAX_EVENTS - 1;
  g_ptr_array_add (events, g_strdup (events->len == MAX_EVENTS - 1 ? "other" : name));
  return (guint8) (events->len - 1);
}

void
rf_catalog_builder_set_event (RfCatalogBuilder *self, const char *event)
{
  RfInteractionArrays *arrays = &self->catalog->owned;
  guint8 index = rf_catalog_builder_ensure_event (self, event);

  RF_CHECK (arrays->n > 0, "no interaction yet");
  if (arrays->event == NULL && index != 0)
    arrays->event = g_new0 (guint8, arrays->room);
  if (arrays->event != NULL)
    arrays->event[arrays->n - 1] = index;
}

static guint8 *
joined (guint8 *a, gsize n_a, const guint8 *b, gsize n_b)
{
  guint8 *all;

  if (a == NULL && b == NULL)
    return NULL;
  all = g_new0 (guint8, n_a + n_b);
  if (a != NULL)
    memcpy (all, a, n_a);
  if (b != NULL)
    memcpy (all + n_a, b, n_b);
  g_free (a);
  return all;
}

void
rf_catalog_builder_take_interactions (RfCatalogBuilder *self, RfInteractionArrays *arrays)
{
  RfInteractionArrays *owned = &self->catalog->owned;

  if (owned->n == 0)
    {
      rf_interaction_arrays_clear (owned);
      *owned = *arrays;
      memset (arrays, 0, sizeof *arrays);
      return;
    }
  owned->part = joined (owned->part, owned->n, arrays->part, arrays->n);
  owned->event = joined (owned->event, owned->n, arrays->event, arrays->n);
  owned->room = owned->n + arrays->n;
  owned->user = g_renew (guint32, owned->user, owned->room);
  owned->item = g_renew (guint32, owned->item, owned->room);
  owned->rating = g_renew (float, owned->rating, owned->room);
  owned->timestamp = g_renew (gint64, owned->timestamp, owned->room);
  memcpy (owned->user + owned->n, arrays->user, arrays->n * sizeof *arrays->user);
  memcpy (owned->item + owned->n, arrays->item, arrays->n * sizeof *arrays->item);
  memcpy (owned->rating + owned->n, arrays->rating, arrays->n * sizeof *arrays->rating);
  memcpy (owned->timestamp + owned->n, arrays->timestamp, arrays->n * sizeof *arrays->timestamp);
  owned->n = owned->room;
  rf_interaction_arrays_clear (arrays);
}

const RfInteractionArrays *
rf_catalog_builder_get_interactions (const RfCatalogBuilder *self)
{
  return &self->catalog->owned;
}

/* The ids with a 1 in a map of their own; new_index: of every old one, RF_NO_INDEX if it is gone. */
static void
select_ids (RfIdMap *ids, const guint8 *keep, guint32 *new_index)
{
  RfIdMap kept;

  rf_id_map_init (&kept);
  for (guint32 i = 0; i < ids->n_ids; i++)
    {
      const char *id = rf_id_map_get (ids, i);

      new_index[i] = keep[i] ? rf_id_map_ensure (&kept, id, strlen (id)) : RF_NO_INDEX;
    }
  rf_id_map_clear (ids);
  *ids = kept;
}

static void
select_rows (RfImportedMatrix *matrix, const guint32 *new_index, guint32 n_old, guint32 n_new)
{
  RfMatrix *x = rf_matrix_new (n_new, matrix->x->cols);

  for (guint32 i = 0; i < n_old; i++)
    if (new_index[i] != RF_NO_INDEX)
      {
        memcpy (rf_matrix_row (x, new_index[i]), rf_matrix_row (matrix->x, i), x->cols * sizeof (float));
        matrix->available[new_index[i]] = matrix->available[i];
      }
  rf_matrix_free (matrix->x);
  matrix->x = x;
}

static void
select_items (RfCatalogBuilder *self, const guint8 *keep, guint32 *new_index)
{
  RfCatalog *catalog = self->catalog;
  guint32 n_old = catalog->items.n_ids;

  select_ids (&catalog->items, keep, new_index);
  for (guint32 i = 0; i < n_old; i++)
    if (new_index[i] != RF_NO_INDEX)
      {
        catalog->item[new_index[i]] = catalog->item[i];
        catalog->flags[new_index[i]] = catalog->flags[i];
        self->origin[new_index[i]] = self->origin[i];
      }
  rf_columns_renumber (catalog->columns, new_index, n_old, catalog->items.n_ids);
  rf_catalog_renumber_facts (catalog, new_index);
  for (guint m = 0; m < self->matrices->len; m++)
    select_rows (g_ptr_array_index (self->matrices, m), new_index, n_old, catalog->items.n_ids);
}

void
rf_catalog_builder_select (RfCatalogBuilder *self, const guint8 *keep_item, const guint8 *keep_interaction)
{
  RfCatalog *catalog = self->catalog;
  RfInteractionArrays *x = &catalog->owned;
  g_autofree guint32 *items = g_new (guint32, (gsize) catalog->items.n_ids + 1), *users = g_new (guint32, (gsize) catalog->users.n_ids + 1);
  g_autofree guint8 *keep_user = g_new0 (guint8, (gsize) catalog->users.n_ids + 1);
  guint32 n_users = catalog->users.n_ids;
  gsize n = 0;

  for (guint32 i = 0; i < catalog->items.n_ids; i++)
    items[i] = i;
  if (keep_item != NULL)
    select_items (self, keep_item, items);
  for (gsize k = 0; k < x->n; k++)
    keep_user[x->user[k]] |= keep_interaction[k];
  select_ids (&catalog->users, keep_user, users);
  rf_columns_renumber (catalog->user_columns, users, n_users, catalog->users.n_ids);
  for (gsize k = 0; k < x->n; k++)
    {
      if (!keep_interaction[k])
        continue;
      RF_CHECK (items[x->item[k]] != RF_NO_INDEX, "interaction with an item that goes");
      x->user[n] = users[x->user[k]];
      x->item[n] = items[x->item[k]];
      x->rating[n] = x->rating[k];
      x->timestamp[n] = x->timestamp[k];
      if (x->part != NULL)
        x->part[n] = x->part[k];
      if (x->event != NULL)
        x->event[n] = x->event[k];
      n++;
    }
  x->n = n;
}

void
rf_catalog_builder_set_pictures_hash (RfCatalogBuilder *self, const char *hash)
{
  g_free (self->catalog->pictures_hash);
  self->catalog->pictures_hash = g_strdup (hash);
}

guint32
rf_catalog_builder_add_file (RfCatalogBuilder *self, const char *name)
{
  for (guint f = 0; f < self->files->len; f++)
    if (strcmp (g_ptr_array_index (self->files, f), name) == 0)
      return f;
  g_ptr_array_add (self->files, g_strdup (name));
  return self->files->len - 1;
}

const char *
rf_catalog_builder_get_file (const RfCatalogBuilder *self, guint32 file)
{
  return g_ptr_array_index (self->files, file);
}

void
rf_catalog_builder_set_origin (RfCatalogBuilder *self, guint32 item, RfOrigin origin)
{
  self->origin[item] = origin;
}

RfOrigin
rf_catalog_builder_get_origin (const RfCatalogBuilder *self, guint32 item)
{
  return self->origin[item];
}

void
rf_catalog_builder_take_matrix (RfCatalogBuilder *self, const char *name, RfMatrix *x, guint8 *available)
{
  RfImportedMatrix *matrix = g_new (RfImportedMatrix, 1);

  *matrix = (RfImportedMatrix) { g_strdup (name), x, available };
  for (guint m = 0; m < self->matrices->len; m++)
    if (strcmp (((RfImportedMatrix *) g_ptr_array_index (self->matrices, m))->name, name) == 0)
      {
        g_ptr_array_remove_index (self->matrices, m);
        break;
      }
  g_ptr_array_add (self->matrices, matrix);
}

guint
rf_catalog_builder_get_n_matrices (const RfCatalogBuilder *self)
{
  return self->matrices->len;
}

const RfImportedMatrix *
rf_catalog_builder_get_matrix (const RfCatalogBuilder *self, guint index)
{
  return g_ptr_array_index (self->matrices, index);
}

/* Has the text a character that can be seen? */
static gboolean
says_something (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_isgraph (g_utf8_get_char (at)))
      return TRUE;
  return FALSE;
}

static void
find_texts (RfCatalog *catalog)
{
  guint32 n_items = catalog->items.n_ids, n_descriptions = 0;

  for (guint32 i = 0; i < n_items; i++)
    if (says_something (rf_string_pool_get (&catalog->texts, catalog->item[i].description)))
      {
        catalog->flags[i] |= RF_ITEM_HAS_TEXT;
        n_descriptions++;
      }
  for (guint32 i = 0; n_descriptions == 0 && i < n_items; i++)
    if (says_something (rf_string_pool_get (&catalog->texts, catalog->item[i].title)))
      catalog->flags[i] |= RF_ITEM_HAS_TEXT;
  for (guint32 i = 0; i < n_items; i++)
    {
      catalog->n_texts += (catalog->flags[i] & RF_ITEM_HAS_TEXT) != 0;
      catalog->n_images += (catalog->flags[i] & RF_ITEM_HAS_IMAGE) != 0;
    }
}

RfCatalog *
rf_catalog_builder_build (RfCatalogBuilder *self)
{
  RfCatalog *catalog = g_steal_pointer (&self->catalog);
  RfInteractionArrays *owned = &catalog->owned;

  find_texts (catalog);
  if (owned->user == NULL)
    rf_interaction_arrays_reserve (owned, 1);
  catalog->interactions = (RfInteractions) {
    .n = owned->n,
    .user = owned->user,
    .item = owned->item,
    .rating = owned->rating,
    .timestamp = owned->timestamp,
    .part = owned->part,
    .event = owned->event,
  };
  rf_catalog_builder_free (self);
  return catalog;
}
