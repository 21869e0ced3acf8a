/* rf-counterfactual.h: what would have to be different? Which past items hold an item in the list, and which change of the
 * modality weights would bring one in.
 *
 * Every answer is checked by ranking again with the change made; nothing here is estimated.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/model/rf-model.h"

G_BEGIN_DECLS

/* Place (from 1) of an item for a user's history (or RF_NO_USER's) among all items outside it, with what-if weights (NULL: as trained). */
guint rf_place_of_item (const RfModel *model, const guint32 *history, gsize n_history, guint32 user, const float *weights, guint32 item);

typedef struct
{
  gboolean found;
  guint n;          /* how many past items go */
  guint32 *items;   /* which, ascending; owned */
  guint place;      /* the item's place without them */
  gboolean minimal; /* proven smallest (exhaustive search), else found greedily */
} RfHistoryChange;

void rf_history_change_clear (RfHistoryChange *self);

/* The smallest set of past items without which `item` falls out of the top k. Exhaustive while it has to try at most 4,096 sets,
 * then greedy by what each past item adds (rf_history_shares). Gives up (found FALSE) at max_removed. An edited history belongs to
 * nobody: where the model knows its users by vectors of their own, the edited one is folded in. */
void rf_smallest_history_change (const RfModel *model, const guint32 *history, gsize n_history, guint32 item, guint k, guint max_removed,
                                 RfHistoryChange *result);

typedef struct
{
  gboolean found;
  guint modality;
  float weight;  /* 0 .. 2 (1 = as trained) that puts the item where it is wanted */
  guint place;
} RfWeightChange;

/* The single modality weight, nearest to 1, that brings `item` into the top k (enter) or out of it. */
void rf_smallest_weight_change (const RfModel *model, const guint32 *history, gsize n_history, guint32 user, guint32 item, guint k, gboolean enter,
                                RfWeightChange *result);

G_END_DECLS
