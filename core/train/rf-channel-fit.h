/* rf-channel-fit.h: fits one channel, choosing its regularisation by NDCG@20 on validation items (of at most 2,000 users).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/features/rf-features.h"
#include "core/model/rf-channel.h"
#include "core/model/rf-config.h"

G_BEGIN_DECLS

typedef struct
{
  double lambda;  /* as chosen or given */
  double epsilon; /* content channels only */
  double ndcg;    /* NDCG@20 on the validation items it was chosen by; NAN if nothing had to be chosen */
} RfChannelChoice;

/* A closed-form content channel (rf-content.h). */
RfChannel *rf_fit_content (const RfFeatures *features, const RfCsr *train, const RfCsr *valid, const RfConfig *config,
                           RfChannelChoice *choice, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* EASE, lambda by validation unless it is set. RF_ERROR_LIMIT if it would not fit into the memory of this computer. */
RfChannel *rf_fit_ease (const RfCsr *train, const RfCsr *valid, const RfConfig *config, RfChannelChoice *choice, RfProgress *progress,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* EASE, or item-kNN above ease.max_items (channel->method tells which). RF_ERROR_LIMIT if EASE would not fit into the memory
 * that is free. */
RfChannel *rf_fit_behaviour (const RfCsr *train, const RfCsr *valid, const RfConfig *config, RfChannelChoice *choice,
                             RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How much work these are, for rf-estimate.h: so many solvers are made, so many solutions found with them, and each of them judged on at
 * most RF_FIT_USERS users. */
#define RF_FIT_USERS 2000u

typedef struct
{
  guint solvers, solutions;
} RfChannelWork;

RfChannelWork rf_fit_content_work (const RfConfig *config);
/* What rf_fit_content() takes at most beside the channel that it returns, of n_items with d directions. */
gsize rf_fit_content_bytes (const RfConfig *config, gsize n_items, gsize d);
RfChannelWork rf_fit_ease_work (const RfCsr *train, const RfConfig *config);
/* RF_ERROR_LIMIT as rf_fit_ease(). */
gboolean rf_fit_ease_check (const RfCsr *train, GError **error);

G_END_DECLS
