/* refract-index-model.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/models/refract-index-model.h"

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

struct _RefractIndexModel
{
  GObject parent_instance;

  guint32 *indices; /* NULL: 0 .. n-1 */
  guint n;
};

static GType
get_item_type (GListModel *list)
{
  return REFRACT_TYPE_INDEX_ROW;
}

static guint
get_n_items (GListModel *list)
{
  return REFRACT_INDEX_MODEL (list)->n;
}

static gpointer
get_item (GListModel *list, guint position)
{
  RefractIndexModel *self = REFRACT_INDEX_MODEL (list);
  RefractIndexRow *row;

  if (position >= self->n)
    return NULL;
  row = g_object_new (REFRACT_TYPE_INDEX_ROW, NULL);
  row->index = refract_index_model_get (self, position);
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

void
refract_index_model_take (RefractIndexModel *self, guint32 *indices, guint n)
{
  guint before = self->n;

  g_free (self->indices);
  self->indices = indices;
  self->n = n;
  if (before > 0 || n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, before, n);
}

void
refract_index_model_set_count (RefractIndexModel *self, guint n)
{
  refract_index_model_take (self, NULL, n);
}

guint32
refract_index_model_get (RefractIndexModel *self, guint position)
{
  g_return_val_if_fail (position < self->n, 0);
  return self->indices ? self->indices[position] : position;
}

guint
refract_index_model_find (RefractIndexModel *self, guint32 index)
{
  if (self->indices == NULL)
    return index < self->n ? index : G_MAXUINT;
  for (guint p = 0; p < self->n; p++)
    if (self->indices[p] == index)
      return p;
  return G_MAXUINT;
}

static void
refract_index_model_finalize (GObject *object)
{
  g_free (REFRACT_INDEX_MODEL (object)->indices);
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
