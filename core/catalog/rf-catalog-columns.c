/* rf-catalog-columns.c: further columns of the items, and what is known of users besides what they did.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/base/rf-types.h"
#include "core/catalog/rf-catalog-private.h"

static void
free_column (gpointer data)
{
  RfColumn *column = data;

  g_free (column->name);
  g_free (column->value);
  g_free (column);
}

GPtrArray *
rf_columns_new (void)
{
  return g_ptr_array_new_with_free_func (free_column);
}

static RfColumn *
get_column (const GPtrArray *columns, guint column)
{
  RF_CHECK (column < columns->len, "column %u of %u", column, columns->len);
  return g_ptr_array_index (columns, column);
}

static const char *
get_value (const RfCatalog *self, const RfColumn *column, guint32 row, guint32 n_rows)
{
  RF_CHECK (row < n_rows, "row %u of %u", row, n_rows);
  return row < column->n ? rf_string_pool_get (&self->texts, column->value[row]) : "";
}

static guint
ensure_column (GPtrArray *columns, const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  RfColumn *column;

  for (guint c = 0; c < columns->len; c++)
    if (strcmp (get_column (columns, c)->name, valid) == 0)
      return c;
  column = g_new0 (RfColumn, 1);
  column->name = g_steal_pointer (&valid);
  g_ptr_array_add (columns, column);
  return columns->len - 1;
}

static void
set_value (RfCatalog *catalog, RfColumn *column, guint32 row, guint32 n_rows, const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value, -1);

  RF_CHECK (row < n_rows, "row %u of %u", row, n_rows);
  if (row >= column->n)
    {
      guint32 n = MAX (row + 1, column->n + column->n / 2);

      column->value = g_renew (gsize, column->value, n);
      memset (column->value + column->n, 0, (n - column->n) * sizeof *column->value); /* offset 0 is "" */
      column->n = n;
    }
  column->value[row] = rf_string_pool_add (&catalog->texts, valid, strlen (valid));
}

void
rf_columns_renumber (GPtrArray *columns, const guint32 *new_index, guint32 n_old, guint32 n_new)
{
  for (guint c = 0; c < columns->len; c++)
    {
      RfColumn *column = g_ptr_array_index (columns, c);
      gsize *value = g_new0 (gsize, (gsize) n_new + 1);

      for (guint32 i = 0; i < MIN (n_old, column->n); i++)
        if (new_index[i] != RF_NO_INDEX)
          value[new_index[i]] = column->value[i];
      g_free (column->value);
      column->value = value;
      column->n = n_new;
    }
}

/* ---- of items ---- */

guint
rf_catalog_get_n_columns (const RfCatalog *self)
{
  return self->columns->len;
}

const char *
rf_catalog_get_column (const RfCatalog *self, guint column)
{
  return get_column (self->columns, column)->name;
}

const char *
rf_catalog_get_item_value (const RfCatalog *self, guint column, guint32 item)
{
  return get_value (self, get_column (self->columns, column), item, self->items.n_ids);
}

guint
rf_catalog_builder_ensure_column (RfCatalogBuilder *self, const char *name)
{
  return ensure_column (rf_catalog_builder_peek (self)->columns, name);
}

void
rf_catalog_builder_set_item_value (RfCatalogBuilder *self, guint column, guint32 item, const char *value)
{
  RfCatalog *catalog = rf_catalog_builder_peek (self);

  set_value (catalog, get_column (catalog->columns, column), item, catalog->items.n_ids, value);
}

/* ---- of users ---- */

guint
rf_catalog_get_n_user_columns (const RfCatalog *self)
{
  return self->user_columns->len;
}

const char *
rf_catalog_get_user_column (const RfCatalog *self, guint column)
{
  return get_column (self->user_columns, column)->name;
}

const char *
rf_catalog_get_user_value (const RfCatalog *self, guint column, guint32 user)
{
  return get_value (self, get_column (self->user_columns, column), user, self->users.n_ids);
}

guint
rf_catalog_builder_ensure_user_column (RfCatalogBuilder *self, const char *name)
{
  return ensure_column (rf_catalog_builder_peek (self)->user_columns, name);
}

void
rf_catalog_builder_set_user_value (RfCatalogBuilder *self, guint column, guint32 user, const char *value)
{
  RfCatalog *catalog = rf_catalog_builder_peek (self);

  set_value (catalog, get_column (catalog->user_columns, column), user, catalog->users.n_ids, value);
}
