/* refract-training-job.h: trains a run of a document and keeps the points of its live curves.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/refract-job.h"
#include "app/refract-run.h"
#include "core/train/rf-trainer.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_TRAINING_JOB (refract_training_job_get_type ())
G_DECLARE_FINAL_TYPE (RefractTrainingJob, refract_training_job, REFRACT, TRAINING_JOB, RefractJob)

/* Copies the configuration. */
RefractTrainingJob *refract_training_job_new (const char *path, const RfConfig *config) G_GNUC_WARN_UNUSED_RESULT;

/* Before it runs: take up the training of these settings that was interrupted. */
void refract_training_job_set_resume (RefractTrainingJob *self, gboolean resume);

/* The points so far (elements are RfTrainPoint). Grows just before "fraction" is notified, in the main context only. */
const GArray *refract_training_job_get_points (RefractTrainingJob *self);

/* Once it has succeeded; NULL before. */
RefractRun *refract_training_job_get_run (RefractTrainingJob *self);
RfTrained *refract_training_job_get_trained (RefractTrainingJob *self);

G_END_DECLS
