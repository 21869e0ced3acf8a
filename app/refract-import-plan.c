/* refract-import-plan.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-import-plan.h"

#include <string.h>

RefractImportPlan *
refract_import_plan_new (void)
{
  RefractImportPlan *self = g_new0 (RefractImportPlan, 1);

  self->map = g_ptr_array_new_with_free_func (g_free);
  self->events = g_ptr_array_new_with_free_func (g_free);
  self->filter.since = self->filter.until = RF_NO_TIMESTAMP;
  return self;
}

static gpointer
copy_text (gconstpointer text, gpointer data)
{
  return g_strdup (text);
}

RefractImportPlan *
refract_import_plan_copy (const RefractImportPlan *self)
{
  RefractImportPlan *copy = g_new0 (RefractImportPlan, 1);

  copy->format = g_strdup (self->format);
  copy->map = g_ptr_array_copy (self->map, copy_text, NULL);
  copy->events = g_ptr_array_copy (self->events, copy_text, NULL);
  copy->filter = self->filter;
  return copy;
}

void
refract_import_plan_free (RefractImportPlan *self)
{
  if (self == NULL)
    return;
  g_free (self->format);
  g_ptr_array_unref (self->map);
  g_ptr_array_unref (self->events);
  g_free (self);
}

static void
remove_entry (GPtrArray *entries, const char *entry)
{
  guint index;

  if (g_ptr_array_find_with_equal_func (entries, entry, g_str_equal, &index))
    g_ptr_array_remove_index (entries, index);
}

void
refract_import_plan_set_role (RefractImportPlan *self, const char *column, const char *role, const char *before)
{
  if (before != NULL && *before != '\0')
    {
      g_autofree char *old = g_strdup_printf ("%s=%s", before, column), *nobody = g_strdup_printf ("%s=", before);

      remove_entry (self->map, old);
      if (!g_ptr_array_find_with_equal_func (self->map, nobody, g_str_equal, NULL))
        g_ptr_array_add (self->map, g_steal_pointer (&nobody));
    }
  if (*role != '\0')
    {
      g_autofree char *entry = g_strdup_printf ("%s=%s", role, column), *nobody = g_strdup_printf ("%s=", role);

      remove_entry (self->map, nobody);
      remove_entry (self->map, entry);
      g_ptr_array_insert (self->map, 0, g_steal_pointer (&entry));
    }
}

gboolean
refract_import_plan_is_filtered (const RefractImportPlan *self)
{
  const RfFilterOptions *f = &self->filter;

  return self->events->len > 0 || f->has_min_rating || f->since != RF_NO_TIMESTAMP || f->until != RF_NO_TIMESTAMP || f->abnormal != RF_ABNORMAL_OFF || f->k_core > 1;
}

static char **
to_strv (const GPtrArray *entries)
{
  char **texts = g_new0 (char *, entries->len + 1);

  for (guint e = 0; e < entries->len; e++)
    texts[e] = g_strdup (entries->pdata[e]);
  return texts;
}

void
refract_import_options_init (RefractImportOptions *options, const RefractImportPlan *self)
{
  memset (options, 0, sizeof *options);
  options->map = to_strv (self->map);
  options->events = to_strv (self->events);
  options->filter = self->filter;
  options->filter.events = (const char *const *) options->events;
  options->options.format = self->format;
  options->options.map = (const char *const *) options->map;
  if (refract_import_plan_is_filtered (self))
    options->options.filter = &options->filter;
}

void
refract_import_options_clear (RefractImportOptions *options)
{
  g_clear_pointer (&options->map, g_strfreev);
  g_clear_pointer (&options->events, g_strfreev);
}
