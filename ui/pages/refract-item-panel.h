/* refract-item-panel.h: one item: picture, text as it is written and as the model reads it, its interactions in numbers, and the items
 * that each modality finds most like it, side by side.
 *
 * Signal "item-chosen" (guint item): one of these was clicked.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/refract-session.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_ITEM_PANEL (refract_item_panel_get_type ())
G_DECLARE_FINAL_TYPE (RefractItemPanel, refract_item_panel, REFRACT, ITEM_PANEL, AdwBin)

GtkWidget *refract_item_panel_new (void);

/* session NULL or item RF_NO_INDEX: the panel hides itself. */
void refract_item_panel_set_item (RefractItemPanel *self, RefractSession *session, guint32 item);

/* Everything about the item is on the screen. */
gboolean refract_item_panel_is_settled (RefractItemPanel *self);

G_END_DECLS
