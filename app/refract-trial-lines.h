/* refract-trial-lines.h: the trials of a search as lines through their settings.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/refract-tune-job.h"
#include "core/plot/rf-plot-trials.h"

G_BEGIN_DECLS

typedef struct
{
  RfPlotTrials plot; /* its trials are those given, in their order; its axes the settings that differ among them, in the order of the settings, then NDCG@20 */
  GPtrArray *strings; /* what plot borrows */
  gpointer names, low, high, values, at;
} RefractTrialLines;

/* trials: of RefractTrial. Numbers stand where they are between the least and the greatest, in logarithms where these are far apart; other values
 * evenly, in the order in which they come. */
RefractTrialLines *refract_trial_lines_new (const GPtrArray *trials) G_GNUC_WARN_UNUSED_RESULT;
void refract_trial_lines_free (RefractTrialLines *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RefractTrialLines, refract_trial_lines_free)

/* "NDCG@20 0.1234: fusion sum, epochs 9" */
char *refract_trial_lines_describe (const RefractTrialLines *self, guint trial) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
