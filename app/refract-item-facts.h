/* refract-item-facts.h: what there is to say about one item: its text as the model reads it, its interactions in numbers, and the items
 * that each modality finds most like it. Worked out in a thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/refract-session.h"
#include "core/features/rf-behaviour-stats.h"

G_BEGIN_DECLS

#define REFRACT_NEIGHBOURS 5

typedef struct
{
  guint32 item;
  GPtrArray *words;              /* char *: the words of its text, in order, without stop words */
  float stats[RF_N_STATS];       /* of the item; NAN: nothing to measure */
  guint n_modalities;            /* 0 without a run */
  char *modality[RF_MAX_MODALITIES];
  guint n_neighbours[RF_MAX_MODALITIES]; /* 0: the modality does not know the item */
  guint32 neighbour[RF_MAX_MODALITIES][REFRACT_NEIGHBOURS];
  float likeness[RF_MAX_MODALITIES][REFRACT_NEIGHBOURS]; /* what having one adds to the raw score of the other */
} RefractItemFacts;

void refract_item_facts_free (RefractItemFacts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RefractItemFacts, refract_item_facts_free)

/* The statistics of all items of a catalog are made when first needed and kept. */
#define REFRACT_TYPE_ITEM_LOOKER (refract_item_looker_get_type ())
G_DECLARE_FINAL_TYPE (RefractItemLooker, refract_item_looker, REFRACT, ITEM_LOOKER, GObject)

RefractItemLooker *refract_item_looker_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* Looks at an item of a session with the run that is shown (if there is one). */
void refract_item_looker_look_async (RefractItemLooker *self, RefractSession *session, guint32 item, GAsyncReadyCallback callback, gpointer user_data);
RefractItemFacts *refract_item_looker_look_finish (RefractItemLooker *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
