/* refract-csv.h: a cell of a table to save.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Appends a comma and the text (NULL: nothing) as RFC 4180 has it; what a spreadsheet would take for a formula gets an apostrophe. */
void refract_csv_append (GString *csv, const char *text);

G_END_DECLS
