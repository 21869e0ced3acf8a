/* refract-problem-window.h: one problem of an import: file, line, the record as it stands in the file, and the item's picture.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "core/catalog/rf-catalog.h"
#include "core/catalog/rf-import-report.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_PROBLEM_WINDOW (refract_problem_window_get_type ())
G_DECLARE_FINAL_TYPE (RefractProblemWindow, refract_problem_window, REFRACT, PROBLEM_WINDOW, AdwWindow)

/* parent may be NULL; the file is read in a thread. */
GtkWidget *refract_problem_window_new (GtkWindow *parent, const RfProblem *problem, RfCatalog *catalog, const char *source);

gboolean refract_problem_window_is_settled (RefractProblemWindow *self);

G_END_DECLS
