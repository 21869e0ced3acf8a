/* refract-why-panel.h: why this item: in words, as numbers with their sum, where in picture and text, and the past items behind it.
 *
 * Signal "item" (guint item): a past item was clicked.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/refract-explainer.h"
#include "app/refract-ranker.h"
#include "app/refract-session.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_WHY_PANEL (refract_why_panel_get_type ())
G_DECLARE_FINAL_TYPE (RefractWhyPanel, refract_why_panel, REFRACT, WHY_PANEL, AdwBin)

GtkWidget *refract_why_panel_new (void);
/* ranking NULL: nothing chosen. place from 0. Pictures and bars are there at once, the rest comes from a thread (app/refract-explainer.h). */
void refract_why_panel_set (RefractWhyPanel *self, RefractSession *session, RefractRanking *ranking, guint place);

/* What is shown so far, or NULL. */
const RefractReasons *refract_why_panel_get_reasons (RefractWhyPanel *self);

/* Nothing is being worked out. */
gboolean refract_why_panel_is_settled (RefractWhyPanel *self);

G_END_DECLS
