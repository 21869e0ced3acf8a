/* rf-catalog-users.c: what is known of users besides what they did.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/base/rf-types.h"
#include "core/catalog/rf-catalog-private.h"

guint
rf_catalog_get_n_user_columns (const RfCatalog *self)
{
  return self->user_columns->len;
}

static RfItemColumn *
get_column (const RfCatalog *self, guint column)
{
  RF_CHECK (column < self->user_columns->len, "column %u of %u", column, self->user_columns->len);
  return g_ptr_array_index (self->user_columns, column);
}

const char *
rf_catalog_get_user_column (const RfCatalog *self, guint column)
{
  return get_column (self, column)->name;
}

const char *
rf_catalog_get_user_value (const RfCatalog *self, guint column, guint32 user)
{
  const RfItemColumn *c = get_column (self, column);

  RF_CHECK (user < self->users.n_ids, "user %u of %u", user, self->users.n_ids);
  return user < c->n ? rf_string_pool_get (&self->texts, c->value[user]) : "";
}

static char *
valid_copy (const char *text)
{
  return g_utf8_validate (text, -1, NULL) ? g_strdup (text) : g_utf8_make_valid (text, -1);
}

guint
rf_catalog_builder_ensure_user_column (RfCatalogBuilder *self, const char *name)
{
  GPtrArray *columns = rf_catalog_builder_peek (self)->user_columns;
  g_autofree char *valid = valid_copy (name);
  RfItemColumn *column;

  for (guint c = 0; c < columns->len; c++)
    if (strcmp (((RfItemColumn *) g_ptr_array_index (columns, c))->name, valid) == 0)
      return c;
  column = g_new0 (RfItemColumn, 1);
  column->name = g_steal_pointer (&valid);
  g_ptr_array_add (columns, column);
  return columns->len - 1;
}

void
rf_catalog_builder_set_user_value (RfCatalogBuilder *self, guint column, guint32 user, const char *value)
{
  RfCatalog *catalog = rf_catalog_builder_peek (self);
  RfItemColumn *c = get_column (catalog, column);
  g_autofree char *valid = valid_copy (value);

  RF_CHECK (user < catalog->users.n_ids, "user %u of %u", user, catalog->users.n_ids);
  if (c->n < catalog->users.n_ids)
    {
      c->value = g_renew (gsize, c->value, catalog->users.n_ids);
      memset (c->value + c->n, 0, (catalog->users.n_ids - c->n) * sizeof *c->value); /* offset 0 is "" */
      c->n = catalog->users.n_ids;
    }
  c->value[user] = rf_string_pool_add (&catalog->texts, valid, strlen (valid));
}

void
rf_catalog_renumber_users (RfCatalog *self, const guint32 *new_index)
{
  for (guint k = 0; k < self->user_columns->len; k++)
    {
      RfItemColumn *c = g_ptr_array_index (self->user_columns, k);
      guint32 n = 0;

      for (guint32 u = 0; u < c->n; u++) /* order stays, so nothing is overwritten before it is read */
        if (new_index[u] != RF_NO_INDEX)
          c->value[n++] = c->value[u];
      c->n = n;
    }
}
