/* rf-joint-terms.h: the auxiliary terms (core/model/rf-auxiliary.h) in a training, and what they have learned in the end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

#include "core/eval/rf-split.h"
#include "core/model/rf-auxiliary.h"
#include "core/model/rf-net.h"
#include "core/train/rf-net-train.h"

G_BEGIN_DECLS

typedef struct _RfJointTerms RfJointTerms;

/* Between rf_net_new() and rf_net_start(). Catalog, split and net outlive it. */
RfJointTerms *rf_joint_terms_new (RfNet *net, const RfCatalog *catalog, const RfSplit *split, const RfConfig *config,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_joint_terms_free (RfJointTerms *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfJointTerms, rf_joint_terms_free)

/* Registers with the trainer, if there is any term. */
void rf_joint_terms_attach (RfJointTerms *self, RfNetTrainer *trainer);

/* With the best parameters in the network: {"loss": {term: of the last epoch}, "measures": {...}, "held_out": {"items": how many, ...},
 * "titles": [{"item", "title", "greedy", "drawn", "held_out"}]}, or NULL without a term. The measures of rf_auxiliary_measure(), first over the
 * items that the terms learned from and then over those that were held out of them (aux.valid; none: no such member, and the first are over
 * all items). kg.hits@10 is among the first alone: aux.kg learns all facts. What cannot be measured is left out. */
JsonNode *rf_joint_terms_to_json (RfJointTerms *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
