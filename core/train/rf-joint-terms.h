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

/* With the best parameters in the network: {"loss": {term: of the last epoch}, "measures": {...}, "titles": [{"item", "title", "greedy",
 * "drawn"}]}, or NULL without a term. Measures are over the items of the catalog, which the terms were trained on. */
JsonNode *rf_joint_terms_to_json (RfJointTerms *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
