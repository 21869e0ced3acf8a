/* rf-ladder.h: every way of fusing, trained on the same split with the same budget, beside each other: what does each step up buy?
 *
 *   concat  sum  gate  attention  user-attention  late  evidence, and the baselines that run with every training
 *
 * Each rung is a run of the workspace like any other. The settings are those of the caller; where one of them does not go with a
 * fusion (rf_net_data_check), it is set back for that rung, and the rung says which.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/catalog/rf-workspace.h"
#include "core/model/rf-config.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;               /* the fusion, or the baseline's name */
  gboolean baseline;
  char *run_id;             /* NULL: baseline */
  char *changed;            /* settings set back for it ("head=dot"), or NULL */
  double recall, ndcg;      /* at 20 on validation */
  guint epochs, best_epoch; /* 0: baseline */
  double seconds;           /* of the whole training; 0: baseline */
  gsize parameters;         /* of a network; 0: closed form */
  gboolean has_attention;
  double top1;              /* share of the top 20 where attention names the driver by Shapley values */
  double truth_attention, truth_shapley; /* share of users with a known driver whom they name; NAN: no truth */
} RfRung;

void rf_rung_free (RfRung *self);

/* After each rung; baselines come last. */
typedef void (*RfLadderFunc) (const RfRung *rung, void *data);

/* truth_path: truth.csv of a sample catalog, or NULL. Elements are RfRung, in the order in which they were trained; free with
 * g_ptr_array_unref(). NULL: failed or cancelled; runs that were finished stay. */
GPtrArray *rf_ladder_run (RfWorkspace *workspace, const RfConfig *config, const char *truth_path, RfLadderFunc func, void *data,
                          RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
