/* refract-tab-stop.h: a list that the Tab key passes in one step.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* GTK's lists take Tab from row to row: with 4,000 rows nobody gets past them by keyboard. Here the arrow keys go through the rows, and Tab
 * and Shift+Tab leave the list (GTK 4.12 calls that a tab behavior; older versions have nothing for it). */
void refract_tab_stop_add (GtkWidget *list);

G_END_DECLS
