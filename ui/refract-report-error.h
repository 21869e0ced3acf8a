/* refract-report-error.h: the way of every GError to the user.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Shows the sentence of the error as a toast of the window that the widget is in; one that is too long for a toast gets a
 * button that opens it. Cancelling is not an error. `what` is the heading of the full text ("Could not open the document"). */
void refract_report_error (GtkWidget *widget, const char *what, const GError *error);

/* A toast with plain text. */
void refract_report_message (GtkWidget *widget, const char *message);

G_END_DECLS
