/* refract-job-bar.h: the line at the bottom of the window that shows the running job and lets it be stopped.
 *
 * Appears when a job takes longer than half a second; of several it shows the one that was started last.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/refract-job.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_JOB_BAR (refract_job_bar_get_type ())
G_DECLARE_FINAL_TYPE (RefractJobBar, refract_job_bar, REFRACT, JOB_BAR, GtkWidget)

void refract_job_bar_add (RefractJobBar *self, RefractJob *job);
void refract_job_bar_remove (RefractJobBar *self, RefractJob *job);

G_END_DECLS
