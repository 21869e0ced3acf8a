/* refract-problem-list.h: what was wrong with a catalog, grouped by kind; a problem opens a window with its record and its picture.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "core/catalog/rf-catalog.h"
#include "core/catalog/rf-import-report.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_PROBLEM_LIST (refract_problem_list_get_type ())
G_DECLARE_FINAL_TYPE (RefractProblemList, refract_problem_list, REFRACT, PROBLEM_LIST, AdwBin)

GtkWidget *refract_problem_list_new (void);

/* The report is borrowed: it must live until another one, or NULL, is set. catalog: to find the picture of an item; source: the folder
 * or file that was imported; both are kept. Rows are made when a kind is opened. */
void refract_problem_list_set_report (RefractProblemList *self, const RfImportReport *report, RfCatalog *catalog, const char *source);

/* A kind of problem for people: "Missing picture". Kinds without a name of their own are shown as they are. */
const char *refract_problem_kind_title (const char *kind);

G_END_DECLS
