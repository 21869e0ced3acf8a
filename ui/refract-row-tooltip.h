/* refract-row-tooltip.h: tooltips of list rows.
 *
 * gtk_widget_set_tooltip_text() asks the display where the pointer is and waits for the answer, each time: two hundred rows that are
 * bound again are two hundred waits. A row's tooltip is made when somebody hovers over it instead.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The text of a tooltip for a widget as it is now; NULL: none. Freed by the caller. */
typedef char *(*RefractRowTooltipFunc) (GtkWidget *widget, gpointer data);

/* data must outlive the widget. */
void refract_row_tooltip_set (GtkWidget *widget, RefractRowTooltipFunc make, gpointer data);
/* Shows the text of a label or an inscription, which may have been cut, over the widget. */
void refract_row_tooltip_set_from (GtkWidget *widget, GtkWidget *text);

G_END_DECLS
