/* refract-cli-model.h: what subcommands about a trained model read from their options. Private to app/cli.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/cli/refract-cli.h"
#include "core/explain/rf-games.h"
#include "core/train/rf-trainer.h"

G_BEGIN_DECLS

/* "image=0,text=1.5" -> one weight per modality (RF_MAX_MODALITIES of them); those not named stay 1. RF_ERROR_CONFIG. */
gboolean cli_parse_weights (const RfModel *model, const char *text, float *weights, GError **error);

/* NULL or "valid" / "test", NULL or "renormalise" / "mean". RF_ERROR_CONFIG for anything else. */
gboolean cli_parse_part (const char *text, RfPart *part, GError **error);
gboolean cli_parse_removal (const char *text, RfRemoval *removal, GError **error);

/* RF_ERROR_NOT_FOUND. */
gboolean cli_find_user (const RfTrained *trained, const char *id, guint32 *user, GError **error);
gboolean cli_find_item (const RfTrained *trained, const char *id, guint32 *item, GError **error);

/* "image": {name: value, ...} with one value per modality. */
void cli_json_modalities (JsonBuilder *builder, const char *member, const RfModel *model, const double *values);

G_END_DECLS
