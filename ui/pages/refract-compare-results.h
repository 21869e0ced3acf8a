/* refract-compare-results.h: what came out of a comparison: the tabs of the Compare page.
 *
 * Signals: "users" (gpointer const guint32 *users, guint n, const char *name).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/refract-comparison-job.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_COMPARE_RESULTS (refract_compare_results_get_type ())
G_DECLARE_FINAL_TYPE (RefractCompareResults, refract_compare_results, REFRACT, COMPARE_RESULTS, AdwBin)

GtkWidget *refract_compare_results_new (void);
void refract_compare_results_set (RefractCompareResults *self, RefractComparisonJob *job); /* one that has succeeded, or NULL */
char *refract_compare_results_dup_csv (RefractCompareResults *self) G_GNUC_WARN_UNUSED_RESULT; /* NULL: nothing compared */
void refract_compare_results_show_tab (RefractCompareResults *self, const char *tab);
gboolean refract_compare_results_is_settled (RefractCompareResults *self);

G_END_DECLS
