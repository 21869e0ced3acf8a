/* rf-sampler.h: the batches of a training: which pairs or users come when, which items they are held against, and where each of them
 * stands among the distinct items of the batch, so that an item is encoded once.
 *
 * Everything is a function of (seed, epoch, batch): a training that is taken up again draws the same.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-csr.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean by_user;  /* rows of users with all their items (softmax losses), else shuffled pairs */
  gboolean all_items; /* by_user: every item of the catalog is a candidate */
  guint batch;       /* pairs; by_user: users until they have so many items together */
  guint negatives;   /* per pair; by_user: for the batch */
  guint pool;        /* draw negatives of pairs from so many items; 0: from all */
  guint group;       /* pairs: up to so many of one item come one after the other, so that a batch has fewer items; 0, 1: each for itself */
  guint64 seed;
} RfSamplerOptions;

/* One batch; the arrays belong to the sampler and stay until the next call. */
typedef struct
{
  gsize n_items, n_users;
  guint32 *items; /* distinct, in order of appearance (all_items: 0, 1, 2, ...) */
  guint32 *users; /* distinct */
  /* pairs */
  gsize n;
  guint32 *user, *user_slot; /* n: the user, and its place in `users` */
  guint32 *item, *pos_slot;  /* n: the item, and its place in `items` */
  guint32 *neg_slot;         /* n x negatives */
  guint32 *repeat;           /* n x negatives: k / negatives, to line rows up with negatives */
  /* by user: row u of `users` has targets target[target_ptr[u]] .. as places in `items` */
  gsize *target_ptr;
  guint32 *target;
  gsize n_targets;
} RfSample;

typedef struct _RfSampler RfSampler;

/* train must outlive it. */
RfSampler *rf_sampler_new (const RfCsr *train, const RfSamplerOptions *options) G_GNUC_WARN_UNUSED_RESULT;
void rf_sampler_free (RfSampler *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfSampler, rf_sampler_free)

/* Shuffles for an epoch; returns the number of batches. */
guint rf_sampler_begin (RfSampler *self, guint epoch);
const RfSample *rf_sampler_next (RfSampler *self, guint batch);

/* The logarithm of the chance that an item is among the candidates of a batch (by_user, not all_items). */
double rf_sampler_log_chance (const RfSampler *self, guint32 item);

G_END_DECLS
