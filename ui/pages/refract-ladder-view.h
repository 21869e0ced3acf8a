/* refract-ladder-view.h: the ladder of fusions as a table, rung by rung while they are trained.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define REFRACT_TYPE_LADDER_VIEW (refract_ladder_view_get_type ())
G_DECLARE_FINAL_TYPE (RefractLadderView, refract_ladder_view, REFRACT, LADDER_VIEW, AdwBin)

GtkWidget *refract_ladder_view_new (void);
/* rungs: RfRung, in the order in which they were trained; shown by NDCG@20, best first. NULL: nothing. */
void refract_ladder_view_set_rungs (RefractLadderView *self, const GPtrArray *rungs);

G_END_DECLS
