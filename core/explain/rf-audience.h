/* rf-audience.h: who would get an item, at which place, and why: of an item of the catalog, and of one that is not in it yet.
 *
 * A new item is its picture and its text. Its vectors come from the same feature models and the channels' own maps (rf-feature-map.h);
 * what it would score is what the model would say of it: z_m = (s_m - mean) / std with the mean and deviation of the user's scores over
 * the catalog, attention over the modalities it has, and a popularity that the caller assumes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/explain/rf-retrieval.h"
#include "core/train/rf-trainer.h"

G_BEGIN_DECLS

#define RF_AUDIENCE_PAST 2

typedef struct
{
  guint32 user;
  guint place; /* among the items outside the user's history, from 1 */
  float score;
  float attention[RF_MAX_MODALITIES];
  float contribution[RF_MAX_MODALITIES]; /* sum + bias == score */
  float bias;
  int driver; /* the modality with the largest contribution, -1: none is positive */
  guint n_past;
  guint32 past[RF_AUDIENCE_PAST]; /* the past items that add most to the driver's contribution, most first */
} RfAudienceMember;

typedef struct
{
  guint n_modalities;
  guint k;
  guint32 users;  /* looked at: those with a history that the item is not in */
  guint32 in_top; /* of them would get it among their first k */
  double share[RF_MAX_MODALITIES]; /* of these: how many are driven by each modality; 0 .. 1 */
  float popularity;                /* l of the item, as the model has it or as assumed */
  guint n;
  RfAudienceMember *members;       /* the best places first, then the higher score, then the lower user */
} RfAudience;

void rf_audience_free (RfAudience *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfAudience, rf_audience_free)

/* At most n_members. Ranks once for every user. NULL only when cancelled. */
RfAudience *rf_audience_of_item (const RfTrained *trained, guint32 item, guint k, guint n_members, RfProgress *progress,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum
{
  RF_POPULARITY_AVERAGE, /* as if it were as popular as an average item (l = 0): what content alone can do */
  RF_POPULARITY_NONE,    /* nobody has chosen it yet: what the model would do tomorrow */
} RfNewPopularity;

/* query: the picture and text of the new item (behaviour is ignored). RF_ERROR_DATA when the run's model cannot place new items: jointly
 * trained models know their items by what was learnt of each. */
RfAudience *rf_audience_of_new_item (const RfTrained *trained, const RfRetrieval *retrieval, const RfQuery *query, RfNewPopularity popularity,
                                     guint k, guint n_members, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
