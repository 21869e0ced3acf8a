/* refract-run.h: one training result of the open document, as an object for lists.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/catalog/rf-workspace.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_RUN (refract_run_get_type ())
G_DECLARE_FINAL_TYPE (RefractRun, refract_run, REFRACT, RUN, GObject)

/* Copies what it needs. A result that cannot be parsed gives a run without metrics. */
RefractRun *refract_run_new (const RfRun *run) G_GNUC_WARN_UNUSED_RESULT;

const char *refract_run_get_id (RefractRun *self);
gint64 refract_run_get_created (RefractRun *self);     /* Unix seconds */
double refract_run_get_seconds (RefractRun *self);     /* of training; NAN if not known */

/* Several runs of a document are told apart by the settings that differ from the defaults: "seed=2, model.modalities=image",
 * or "" for a run with all defaults. */
const char *refract_run_get_summary (RefractRun *self);

/* Which baselines it loses to, in sentences; NULL: none. */
const char *refract_run_get_beaten (RefractRun *self);

/* A validation metric ("ndcg@20"); NAN if the run does not have it. */
double refract_run_get_metric (RefractRun *self, const char *metric);

/* The baselines that were measured beside it, in the order of the result. Owned by the run, NULL-terminated. */
const char *const *refract_run_get_baselines (RefractRun *self);
double refract_run_get_baseline_metric (RefractRun *self, const char *baseline, const char *metric);

G_END_DECLS
