/* refract-ab-planner.h: how many users and days a test online needs (rf-ab.h), as one types.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define REFRACT_TYPE_AB_PLANNER (refract_ab_planner_get_type ())
G_DECLARE_FINAL_TYPE (RefractAbPlanner, refract_ab_planner, REFRACT, AB_PLANNER, AdwBin)

GtkWidget *refract_ab_planner_new (void);

/* The sentence that is shown: "12,345 users in each of 2 arms ...". */
const char *refract_ab_planner_get_text (RefractAbPlanner *self);
/* base and lift in per cent. */
void refract_ab_planner_set (RefractAbPlanner *self, double base, double lift, double users_per_day);

G_END_DECLS
