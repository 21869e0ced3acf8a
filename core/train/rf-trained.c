/* rf-trained.c: a run opened again.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/base/rf-error.h"
#include "core/train/rf-trainer.h"
#include "core/train/rf-tuner.h"

/* The split is made again from the catalog and the settings; its hash says whether it is the same one. */
static gboolean
restore_split (RfTrained *self, GError **error)
{
  self->split = rf_trainer_make_split (self->catalog, self->config, error);
  if (self->split == NULL)
    return FALSE;
  if (g_strcmp0 (self->split->hash, self->run->split_hash) != 0 || g_strcmp0 (rf_catalog_get_hash (self->catalog), self->run->data_hash) != 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_DATA, _("The catalog has changed since %s was trained, so its numbers no longer hold; train again."), self->run->id);
      return FALSE;
    }
  return TRUE;
}

RfTrained *
rf_trained_load (RfWorkspace *workspace, const char *run_id, GError **error)
{
  g_autoptr(RfTrained) self = g_new0 (RfTrained, 1);
  g_autoptr(GBytes) bytes = NULL;

  g_atomic_ref_count_init (&self->ref_count);
  self->run = rf_workspace_load_run (workspace, run_id, error);
  if (self->run == NULL)
    return NULL;
  self->config = rf_config_new_from_text (self->run->config, error);
  if (self->config == NULL)
    {
      g_prefix_error (error, _("The settings of %s: "), self->run->id);
      return NULL;
    }
  self->catalog = rf_workspace_load_catalog (workspace, error);
  if (self->catalog == NULL || !restore_split (self, error))
    return NULL;
  self->n_trials = rf_tune_count_trials (workspace, self->run->id);
  bytes = rf_workspace_load_model (workspace, self->run->id, error);
  self->model = bytes ? rf_model_from_bytes (bytes, error) : NULL;
  if (self->model == NULL)
    return NULL;
  if (self->model->n_items != rf_catalog_get_n_items (self->catalog))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("The model of %s is for %u items and the catalog has %u; train again."), self->run->id,
                   self->model->n_items, rf_catalog_get_n_items (self->catalog));
      return NULL;
    }
  return g_steal_pointer (&self);
}

static int
compare_items (gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  return x < y ? -1 : x > y;
}

guint32 *
rf_trained_dup_held_out (const RfTrained *self, guint32 user, gsize *n)
{
  const RfCsr *valid = self->split->part[RF_PART_VALID], *test = self->split->part[RF_PART_TEST];
  gsize n_valid = rf_csr_row_length (valid, user), n_test = rf_csr_row_length (test, user);
  guint32 *items = g_new (guint32, n_valid + n_test + 1);

  for (gsize j = 0; j < n_valid; j++)
    items[j] = rf_csr_row (valid, user)[j];
  for (gsize j = 0; j < n_test; j++)
    items[n_valid + j] = rf_csr_row (test, user)[j];
  *n = n_valid + n_test;
  qsort (items, *n, sizeof *items, compare_items);
  return items;
}

RfTrained *
rf_trained_ref (RfTrained *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
rf_trained_unref (RfTrained *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->run, rf_run_free);
  g_clear_pointer (&self->config, rf_config_free);
  g_clear_pointer (&self->catalog, rf_catalog_unref);
  g_clear_pointer (&self->split, rf_split_free);
  g_clear_pointer (&self->model, rf_model_unref);
  g_free (self);
}
