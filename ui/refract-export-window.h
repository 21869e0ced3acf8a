/* refract-export-window.h: what a report shall hold: whose rankings, how many places, which columns, how large; as a file or on paper.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/refract-report-job.h"
#include "app/refract-session.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_EXPORT_WINDOW (refract_export_window_get_type ())
G_DECLARE_FINAL_TYPE (RefractExportWindow, refract_export_window, REFRACT, EXPORT_WINDOW, AdwWindow)

/* user: RF_NO_INDEX if nobody is chosen. shown: the users of the list (n of them, copied), segment: what it is narrowed to, or NULL.
 * Signal "export" (RefractReportJob): a job that has not been started; one without output is to be printed when it has ended. */
GtkWidget *refract_export_window_new (GtkWindow *parent, RefractSession *session, guint32 user, const guint32 *shown, guint n_shown, const char *segment);

/* The report as it is set up now, into this file; NULL: as pages for a printer, of 50 users at most. */
RefractReportJob *refract_export_window_make_job (RefractExportWindow *self, const char *path) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
