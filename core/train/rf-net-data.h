/* rf-net-data.h: what a joint network is trained on, from a workspace and the settings.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/catalog/rf-workspace.h"
#include "core/features/rf-features.h"
#include "core/features/rf-word-vectors.h"
#include "core/model/rf-config.h"
#include "core/model/rf-net.h"

G_BEGIN_DECLS

typedef struct
{
  RfNetInput input; /* points into the rest */
  RfNetOptions options;
  char *names[RF_MAX_MODALITIES];
  RfFeatures *features[RF_MAX_MODALITIES]; /* NULL where an encoder reads no features */
  guint8 *available[RF_MAX_MODALITIES];
  RfPixels *pixels;
  RfAugmentOptions augment;
  RfVocab *vocab;
  RfWordIds *words;
  RfWordVectors *word_vectors;
  RfCsr *graph, *graph_transposed; /* users and items; or items and items */
  RfMatrix *user_stats;
  char *reduced; /* a sentence about features that were reduced, or NULL */
} RfNetData;

/* "" when the settings go together, else one sentence about what does not. Free with g_free(). */
char *rf_net_data_check (const RfConfig *config) G_GNUC_WARN_UNUSED_RESULT;

/* train must outlive the result. RF_ERROR_CONFIG: settings that do not go together; RF_ERROR_DATA: none of the modalities exists. */
RfNetData *rf_net_data_new (RfWorkspace *workspace, const RfCatalog *catalog, const RfCsr *train, const RfConfig *config, RfProgress *progress,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One modality alone with content keys, softmax over all items: a trained channel of the default model. features must outlive it. */
RfNetData *rf_net_data_new_channel (const RfFeatures *features, const RfCsr *train, const RfConfig *config) G_GNUC_WARN_UNUSED_RESULT;
void rf_net_data_free (RfNetData *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfNetData, rf_net_data_free)

G_END_DECLS
