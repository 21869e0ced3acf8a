/* refract-index-model.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/models/refract-index-model.h"

#define SEEN_BY_VIEWS 400 /* a list or grid makes no more widgets than this, however long its model is */

struct _RefractIndexRow
{
  GObject parent_instance;

  guint32 index;
};

G_DEFINE_FINAL_TYPE (RefractIndexRow, refract_index_row, G_TYPE_OBJECT)

static void
refract_index_row_class_init (RefractIndexRowClass *klass)
{
}

static void
refract_index_row_init (RefractIndexRow *self)
{
}

guint32
refract_index_row_get_index (RefractIndexRow *self)
{
  return self->index;
}

/* What views see: the first `fresh` of the indices, then `old_left` of those that were there before, from old_start on. */
struct _RefractIndexModel
{
  GObject parent_instance;

  guint32 *indices; /* NULL: 0 .. n-1 */
  guint n, fresh;
  guint32 *old; /* NULL: 0 .. */
  guint old_start, old_left;
  guint step, growing_id;
};

static GType
get_item_type (GListModel *list)
{
  return REFRACT_TYPE_INDEX_ROW;
}

static guint
get_n_items (GListModel *list)
{
  return REFRACT_INDEX_MODEL (list)->fresh + REFRACT_INDEX_MODEL (list)->old_left;
}

static gpointer
get_item (GListModel *list, guint position)
{
  RefractIndexModel *self = REFRACT_INDEX_MODEL (list);
  RefractIndexRow *row;

  if (position >= self->fresh + self->old_left)
    return NULL;
  row = g_object_new (REFRACT_TYPE_INDEX_ROW, NULL);
  if (position < self->fresh)
    row->index = refract_index_model_get (self, position);
  else if (self->old)
    row->index = self->old[self->old_start + position - self->fresh];
  else
    row->index = self->old_start + position - self->fresh;
  return row;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (RefractIndexModel, refract_index_model, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

RefractIndexModel *
refract_index_model_new (void)
{
  return g_object_new (REFRACT_TYPE_INDEX_MODEL, NULL);
}

/* Of the old rows at the front n_old go, and n_new come in their place. */
static void
replace (RefractIndexModel *self, guint n_old, guint n_new)
{
  guint position = self->fresh;

  self->fresh += n_new;
  self->old_start += n_old;
  self->old_left -= n_old;
  if (n_old > 0 || n_new > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), position, n_old, n_new);
}

static void
drop_last (RefractIndexModel *self, guint n)
{
  self->old_left -= n;
  if (n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), self->fresh + self->old_left, n, 0);
}

/* TRUE: there is more to do. */
static gboolean
take_step (RefractIndexModel *self)
{
  if (self->old_left > 0 && self->fresh == self->n)
    drop_last (self, MIN (self->step, self->old_left));
  else if (self->old_left > 0)
    replace (self, MIN (self->step, self->old_left), MIN (self->step, self->n - self->fresh));
  else if (self->fresh + self->step >= SEEN_BY_VIEWS)
    replace (self, 0, self->n - self->fresh);
  else
    replace (self, 0, MIN (self->step, self->n - self->fresh));
  return self->old_left > 0 || self->fresh < self->n;
}

static gboolean
step_cb (gpointer data)
{
  RefractIndexModel *self = data;

  if (take_step (self))
    return G_SOURCE_CONTINUE;
  self->growing_id = 0;
  g_clear_pointer (&self->old, g_free);
  return G_SOURCE_REMOVE;
}

static void
take (RefractIndexModel *self, guint32 *indices, guint n)
{
  guint shown = self->fresh + self->old_left;

  g_clear_handle_id (&self->growing_id, g_source_remove);
  if (self->old_left > 0) /* interrupted: what is seen now is of two lists; the views hear of it below */
    {
      self->fresh = self->old_left = 0;
      g_list_model_items_changed (G_LIST_MODEL (self), 0, shown, 0);
    }
  g_free (self->old);
  self->old = self->indices;
  self->old_start = 0;
  self->old_left = self->fresh;
  self->indices = indices;
  self->n = n;
  self->fresh = 0;
}

void
refract_index_model_take_slowly (RefractIndexModel *self, guint32 *indices, guint n, guint first, guint step)
{
  take (self, indices, n);
  self->step = step;
  replace (self, MIN (first, self->old_left), MIN (first, n));
  if (self->fresh + self->old_left > SEEN_BY_VIEWS)
    drop_last (self, MIN (self->old_left, self->fresh + self->old_left - SEEN_BY_VIEWS));
  if (self->old_left > 0 || self->fresh < n)
    self->growing_id = g_idle_add (step_cb, self);
}

void
refract_index_model_take (RefractIndexModel *self, guint32 *indices, guint n)
{
  take (self, indices, n);
  replace (self, self->old_left, n);
  g_clear_pointer (&self->old, g_free);
}

gboolean
refract_index_model_is_complete (RefractIndexModel *self)
{
  return self->growing_id == 0;
}

guint
refract_index_model_get_count (RefractIndexModel *self)
{
  return self->n;
}

guint32
refract_index_model_get (RefractIndexModel *self, guint position)
{
  g_return_val_if_fail (position < self->n, 0);
  return self->indices ? self->indices[position] : position;
}

static guint
find (RefractIndexModel *self, guint32 index)
{
  if (self->indices == NULL)
    return index < self->n ? index : G_MAXUINT;
  for (guint p = 0; p < self->n; p++)
    if (self->indices[p] == index)
      return p;
  return G_MAXUINT;
}

guint
refract_index_model_find (RefractIndexModel *self, guint32 index)
{
  guint position = find (self, index);

  while (position != G_MAXUINT && position >= self->fresh)
    take_step (self);
  return position;
}

static void
refract_index_model_finalize (GObject *object)
{
  g_clear_handle_id (&REFRACT_INDEX_MODEL (object)->growing_id, g_source_remove);
  g_free (REFRACT_INDEX_MODEL (object)->indices);
  g_free (REFRACT_INDEX_MODEL (object)->old);
  G_OBJECT_CLASS (refract_index_model_parent_class)->finalize (object);
}

static void
refract_index_model_class_init (RefractIndexModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_index_model_finalize;
}

static void
refract_index_model_init (RefractIndexModel *self)
{
}
