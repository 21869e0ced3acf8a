/* refract-compare-page.h: two runs (or more against the first), user by user: metrics with intervals, who wins and who loses, the lists
 * of one user side by side, the slices where it is different, an interleaving, and a plan for the test online.
 *
 * Judged on the validation part; the test part is looked at only after a question, and each look is written down.
 *
 * Signal "users" (const guint32 *users, guint n, const char *name): show these in Explore.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/refract-session.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_COMPARE_PAGE (refract_compare_page_get_type ())
G_DECLARE_FINAL_TYPE (RefractComparePage, refract_compare_page, REFRACT, COMPARE_PAGE, AdwBin)

GtkWidget *refract_compare_page_new (void);
void refract_compare_page_set_session (RefractComparePage *self, RefractSession *session); /* or NULL */

/* Chooses two runs and compares them. FALSE if there is no such run. */
gboolean refract_compare_page_compare (RefractComparePage *self, const char *first, const char *second);
gboolean refract_compare_page_is_settled (RefractComparePage *self);
/* Every user's metric under each run, as CSV; NULL while nothing is compared. */
char *refract_compare_page_dup_csv (RefractComparePage *self) G_GNUC_WARN_UNUSED_RESULT;
/* "metrics", "users", "lists", "slices", "plan" */
void refract_compare_page_show_tab (RefractComparePage *self, const char *tab);

G_END_DECLS
