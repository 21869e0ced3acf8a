/* refract-item-facts.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-item-facts.h"

#include <math.h>
#include <string.h>

#include "core/base/rf-csr.h"
#include "core/features/rf-text-tokens.h"
#include "core/model/rf-channel.h"

/* The statistics of one catalog; the mutex keeps two threads from making them twice. */
typedef struct
{
  gatomicrefcount ref_count;
  GMutex mutex;
  RfCatalog *catalog;
  RfMatrix *stats;
} Kept;

struct _RefractItemLooker
{
  GObject parent_instance;

  Kept *kept;
};

G_DEFINE_FINAL_TYPE (RefractItemLooker, refract_item_looker, G_TYPE_OBJECT)

typedef struct
{
  Kept *kept;
  RfTrained *trained;
  guint32 item;
} Look;

static void
kept_unref (Kept *kept)
{
  if (!g_atomic_ref_count_dec (&kept->ref_count))
    return;
  rf_catalog_unref (kept->catalog);
  g_clear_pointer (&kept->stats, rf_matrix_free);
  g_mutex_clear (&kept->mutex);
  g_free (kept);
}

static void
look_free (gpointer data)
{
  Look *look = data;

  kept_unref (look->kept);
  g_clear_pointer (&look->trained, rf_trained_unref);
  g_free (look);
}

void
refract_item_facts_free (RefractItemFacts *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->words);
  for (guint m = 0; m < self->n_modalities; m++)
    g_free (self->modality[m]);
  g_free (self);
}

RefractItemLooker *
refract_item_looker_new (void)
{
  return g_object_new (REFRACT_TYPE_ITEM_LOOKER, NULL);
}

static void
read_text (RefractItemFacts *facts, const RfCatalog *catalog)
{
  const RfTokenOptions options = { 0 };
  const char *text = rf_catalog_get_item_description (catalog, facts->item);
  g_autoptr(RfTokenizer) tokenizer = rf_tokenizer_new (&options, NULL);
  g_autoptr(RfTokenList) list = rf_token_list_new ();

  if (tokenizer == NULL || !rf_catalog_item_has_text (catalog, facts->item))
    return;
  rf_tokenizer_run (tokenizer, *text ? text : rf_catalog_get_item_title (catalog, facts->item), list);
  for (guint t = 0; t < list->tokens->len; t++)
    g_ptr_array_add (facts->words, g_strdup (rf_token_list_get_word (list, t)));
}

static void
read_stats (RefractItemFacts *facts, Kept *kept)
{
  g_mutex_lock (&kept->mutex);
  if (kept->stats == NULL)
    kept->stats = rf_behaviour_stats_new (rf_catalog_get_interactions (kept->catalog), NULL, rf_behaviour_find_purchase (kept->catalog), rf_catalog_get_n_items (kept->catalog), FALSE);
  memcpy (facts->stats, rf_matrix_row (kept->stats, facts->item), sizeof facts->stats);
  g_mutex_unlock (&kept->mutex);
}

/* The items whose raw score gains most from having this one. */
static void
find_neighbours (RefractItemFacts *facts, const RfModel *model, guint m)
{
  const RfChannel *channel = model->channels[m];
  const guint32 row = 0;
  g_autofree float *score = NULL;
  g_autoptr(RfCsr) history = NULL;

  facts->modality[m] = g_strdup (rf_model_get_modality (model, m));
  if (facts->item >= rf_model_get_n_items (model) || !channel->available[facts->item])
    return;
  score = g_new (float, rf_model_get_n_items (model));
  history = rf_csr_new_from_pairs (1, rf_model_get_n_items (model), 1, &row, &facts->item, NULL);
  rf_channel_score (channel, history, 0, 1, RF_NO_USER, score);
  for (guint32 i = 0; i < rf_model_get_n_items (model); i++)
    {
      guint at = facts->n_neighbours[m];

      if (i == facts->item || !channel->available[i] || !(score[i] > 0) || (at == REFRACT_NEIGHBOURS && score[i] <= facts->likeness[m][at - 1]))
        continue;
      if (at < REFRACT_NEIGHBOURS)
        facts->n_neighbours[m]++;
      else
        at--;
      for (; at > 0 && facts->likeness[m][at - 1] < score[i]; at--)
        {
          facts->likeness[m][at] = facts->likeness[m][at - 1];
          facts->neighbour[m][at] = facts->neighbour[m][at - 1];
        }
      facts->likeness[m][at] = score[i];
      facts->neighbour[m][at] = i;
    }
}

static void
look_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Look *look = data;
  RefractItemFacts *facts = g_new0 (RefractItemFacts, 1);

  facts->item = look->item;
  facts->words = g_ptr_array_new_with_free_func (g_free);
  read_text (facts, look->kept->catalog);
  read_stats (facts, look->kept);
  if (look->trained != NULL)
    {
      facts->n_modalities = rf_model_get_n_modalities (look->trained->model);
      for (guint m = 0; m < facts->n_modalities; m++)
        find_neighbours (facts, look->trained->model, m);
    }
  g_task_return_pointer (task, facts, (GDestroyNotify) refract_item_facts_free);
}

void
refract_item_looker_look_async (RefractItemLooker *self, RefractSession *session, guint32 item, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  RfTrained *trained = refract_session_get_trained (session);
  Look *look = g_new0 (Look, 1);

  if (self->kept == NULL || self->kept->catalog != refract_session_get_catalog (session))
    {
      g_clear_pointer (&self->kept, kept_unref);
      self->kept = g_new0 (Kept, 1);
      g_atomic_ref_count_init (&self->kept->ref_count);
      g_mutex_init (&self->kept->mutex);
      self->kept->catalog = rf_catalog_ref (refract_session_get_catalog (session));
    }
  g_atomic_ref_count_inc (&self->kept->ref_count);
  *look = (Look) { self->kept, trained ? rf_trained_ref (trained) : NULL, item };
  g_task_set_task_data (task, look, look_free);
  g_task_run_in_thread (task, look_thread);
}

RefractItemFacts *
refract_item_looker_look_finish (RefractItemLooker *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
refract_item_looker_finalize (GObject *object)
{
  g_clear_pointer (&REFRACT_ITEM_LOOKER (object)->kept, kept_unref);
  G_OBJECT_CLASS (refract_item_looker_parent_class)->finalize (object);
}

static void
refract_item_looker_class_init (RefractItemLookerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_item_looker_finalize;
}

static void
refract_item_looker_init (RefractItemLooker *self)
{
}
