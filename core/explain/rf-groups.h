/* rf-groups.h: who is served by which modality? Mean |Shapley value| by groups of users and of items, and the cold-start lens.
 *
 * Two kinds of pairs (user, item) are looked at:
 *   shown   the top k of a user: what the analyst sees
 *   held    the held-out items of a user: what should have been shown, also when they are too new to be shown
 * Groups of users and of items take the shown pairs; the lens by an item's training count takes the held pairs, because cold items hardly
 * ever are in a list.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/eval/rf-compare.h"
#include "core/explain/rf-games.h"
#include "core/train/rf-trainer.h"

G_BEGIN_DECLS

typedef struct
{
  guint k;
  RfPart part;       /* the held-out items; RF_PART_TEST as an explicit act */
  RfRemoval removal;
  guint32 max_users; /* at most so many, evenly over the catalog; 0: all */
} RfGroupOptions;

typedef enum
{
  RF_GROUP_USERS, /* activity, popularity, category, pictures, texts (rf-attributes.h), driver: the modality with the largest mean |phi| */
  RF_GROUP_ITEMS, /* popularity, category, has: which of picture and text the item has */
  RF_GROUP_LENS_ITEM,    /* by the item's training count: 0, 1-2, 3-5, 6-10, 11-20, 21-50, 51-100, 101-... */
  RF_GROUP_LENS_HISTORY, /* by the length of the user's history, the same bands */
} RfGroupKind;

typedef struct
{
  RfGroupKind kind;
  char *attribute; /* untranslated: "activity" */
  char *value;     /* "3–9", "Drama", "picture and text" */
  gsize users;     /* in the group, or with a pair in it */
  gsize pairs;     /* looked at */
  double phi[RF_MAX_MODALITIES];   /* mean |phi_m| over the pairs */
  double share[RF_MAX_MODALITIES]; /* its part of the sum over modalities; 0 .. 1 */
  double recall;   /* users: mean Recall@k; items and the lens by count: found among the k / all held pairs of the group; NAN without any */
  double ndcg;     /* users and the lens by history: mean NDCG@k; else NAN */
  gsize held;      /* held pairs of the group */
} RfGroup;

typedef struct
{
  RfGroupOptions options;
  guint n_modalities;
  guint32 users;
  double phi[RF_MAX_MODALITIES], share[RF_MAX_MODALITIES]; /* over all shown pairs */
  double recall, ndcg;
  GPtrArray *groups; /* of RfGroup: by kind, attribute, value */
  RfAttribute *driver; /* of every user who was looked at: the attribute of that name, for slices of something else */
} RfGroups;

/* NULL only when cancelled. Does not depend on the number of threads. */
RfGroups *rf_groups_new (const RfTrained *trained, const RfGroupOptions *options, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_groups_free (RfGroups *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfGroups, rf_groups_free)

G_END_DECLS
