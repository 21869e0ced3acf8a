/* refract-tune-view.h: the trials of a search for settings, best first, each with a button that takes its settings over.
 *
 * Signals: "use" (gpointer const RfConfig *config).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/refract-tune-job.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_TUNE_VIEW (refract_tune_view_get_type ())
G_DECLARE_FINAL_TYPE (RefractTuneView, refract_tune_view, REFRACT, TUNE_VIEW, AdwBin)

GtkWidget *refract_tune_view_new (void);
/* NULL: nothing is shown. What a job has found stays after its end. */
void refract_tune_view_set_job (RefractTuneView *self, RefractTuneJob *job);
/* The job has new trials, or it is over. */
void refract_tune_view_update (RefractTuneView *self);

G_END_DECLS
