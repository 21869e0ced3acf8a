/* refract-tune-job.h: a search for better settings (core/train/rf-tuner.h); its trials leave no runs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/refract-job.h"
#include "core/train/rf-tuner.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_TUNE_JOB (refract_tune_job_get_type ())
G_DECLARE_FINAL_TYPE (RefractTuneJob, refract_tune_job, REFRACT, TUNE_JOB, RefractJob)

/* One training of the search. */
typedef struct
{
  RfConfig *config;
  double metric; /* NDCG@20 on validation; NAN: it could not be trained */
} RefractTrial;

/* path: of the document. space: as rf_tune_space_new() reads it. rungs 1: every trial in full; more: successive halving. Everything is copied. */
RefractTuneJob *refract_tune_job_new (const char *path, const RfConfig *base, const char *space, guint trials, guint rungs) G_GNUC_WARN_UNUSED_RESULT;
/* Before it runs: every combination with so many values of a range; 0, as it is at first: trials drawn at random. */
void refract_tune_job_set_grid (RefractTuneJob *self, guint grid);

/* Of RefractTrial, in the order in which they ended; grows while the job runs. In the main context. */
const GPtrArray *refract_tune_job_get_trials (RefractTuneJob *self);
const RfConfig *refract_tune_job_get_base (RefractTuneJob *self);

G_END_DECLS
