/* refract-print.h: pages that are drawn already, for a printer.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* pages: see rf_report_record(); a reference is kept. Each is only played back onto the paper: the drawing is done. */
GtkPrintOperation *refract_print_operation_new (GPtrArray *pages, const char *name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
