/* rf-knowledge.h: vectors of items and entities from the facts between them (rf-facts.h), by TransE (Bordes et al. 2013):
 *
 *   |h + r - t| is small for a fact (h, r, t), and by a margin smaller than for a wrong one (h', r, t) or (h, r, t')
 *
 * Nodes have length 1. Items start at the mean of t - r of their facts: with the same facts, at the same place. Wrong heads and tails are drawn from the heads and tails of the same relation, so that a director is told from
 * other directors and not from countries; what is a fact is not drawn as a wrong one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-matrix.h"
#include "core/base/rf-progress.h"
#include "core/catalog/rf-facts.h"
#include "core/features/rf-features.h"

G_BEGIN_DECLS

typedef struct
{
  guint dim;     /* numbers of a vector */
  guint epochs;  /* passes over the facts */
  double margin;
  double rate;   /* of the first epoch; falls linearly to a tenth in the last one */
  guint64 seed;
} RfKnowledgeOptions;

RfKnowledgeOptions rf_knowledge_options_default (void);

typedef struct
{
  RfMatrix *nodes;     /* n_nodes x dim: items first, then entities; nodes without a fact are zero */
  RfMatrix *relations; /* n_relations x dim */
  double first_loss, last_loss; /* mean over the facts of the first and the last epoch */
} RfKnowledge;

/* One thread; the same bits each time. 10 n dim flops an epoch. NULL: cancelled. */
RfKnowledge *rf_knowledge_fit (const RfFacts *facts, const RfKnowledgeOptions *options, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_knowledge_free (RfKnowledge *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfKnowledge, rf_knowledge_free)

/* The modality "knowledge": an item's own vector, and beside it the mean of the vectors of what its facts say, weighted by 1 / sqrt (number
 * of facts that say it) and brought to length 1, so that an actor counts for more than a genre. 2 dim numbers. Available: items with at least one fact. key: see RfFeatures. */
RfFeatures *rf_knowledge_features (const RfKnowledge *self, const RfFacts *facts, const char *key) G_GNUC_WARN_UNUSED_RESULT;

/* Options, columns and version, for RfFeatures.key. */
char *rf_knowledge_get_key (const RfKnowledgeOptions *options, const char *columns, guint min_count) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
