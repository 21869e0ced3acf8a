/* rf-knockout.h: what would be lost without a modality? Every list is made again with it knocked out, and judged on held-out items.
 *
 * Ways to knock a modality out:
 *   removed    masked; the others take over its attention (the removal rule `renormalise`)
 *   mean       its score is the catalog's mean for every item; attention stays (the rule `mean`)
 *   shuffled   every item gets the picture (text, ...) of another item that has one: what the modality says is there, about something else
 *   noise      every item gets random numbers of the same mean and deviation
 * Under the last two the model looks again: evidence and attention follow what it finds, as they would with bad data. What is lost is
 * therefore the worth of the modality's information, not of its slot.
 *
 * loss = metric with - metric without: positive means that the modality pays for itself. The interval is a paired bootstrap over users.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/eval/rf-compare.h"
#include "core/explain/rf-games.h"
#include "core/train/rf-trainer.h"

G_BEGIN_DECLS

typedef enum
{
  RF_KNOCKOUT_REMOVED,
  RF_KNOCKOUT_MEAN,
  RF_KNOCKOUT_SHUFFLED,
  RF_KNOCKOUT_NOISE,
  RF_N_KNOCKOUTS,
} RfKnockoutKind;

/* "removed", "mean", "shuffled", "noise" */
const char *rf_knockout_get_name (RfKnockoutKind kind);

typedef struct
{
  const char *metric;  /* "recall", "ndcg", "precision", "map", "hit_rate", "mrr" */
  guint k;
  RfPart part;         /* RF_PART_VALID, or RF_PART_TEST as an explicit act */
  double alpha;        /* intervals cover 1 - alpha */
  guint resamples;
  guint64 seed;        /* of shuffling, noise and the bootstrap */
  guint kinds;         /* which ways: bits 1 << RfKnockoutKind */
  gboolean slices;     /* also by activity, popularity, category, ... of the users (rf-attributes.h) */
  const RfAttribute *driver; /* slices also by this one: RfGroups.driver, what drives each user's list; NULL: not */
  const char *by;      /* slices only by the attribute of this name; NULL: by all */
} RfKnockoutOptions;

/* NDCG@20, validation, 95 %, 1000 resamples, seed 1, all ways, with slices. */
RfKnockoutOptions rf_knockout_options_default (void);

/* One modality, knocked out in one way. */
typedef struct
{
  guint modality;
  RfKnockoutKind kind;
  gboolean possible;  /* FALSE: a model that does not split can only have modalities removed; the rest is not set then */
  double without;     /* the metric */
  RfComparison loss;  /* difference = with - without, with its interval and tests */
  double coverage;    /* of the lists without it: distinct items / items */
  GPtrArray *slices;  /* of RfSlice (a = without, b = with), or NULL */
} RfKnockout;

typedef struct
{
  RfKnockoutOptions options;
  guint n_modalities;
  guint32 users;      /* with something to find */
  double with;        /* the metric of the model as it is */
  double coverage;
  GPtrArray *all;     /* of RfKnockout: modality by modality, way by way */
} RfKnockouts;

/* RF_ERROR_CONFIG for an unknown metric or attribute, RF_ERROR_CANCELLED. */
RfKnockouts *rf_knockouts_new (const RfTrained *trained, const RfKnockoutOptions *options, RfProgress *progress,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_knockouts_free (RfKnockouts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfKnockouts, rf_knockouts_free)

/* One translated sentence on one modality: does it pay for itself? From the way `removed`. */
char *rf_knockouts_to_sentence (const RfKnockouts *self, const RfTrained *trained, guint modality) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
