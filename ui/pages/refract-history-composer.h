/* refract-history-composer.h: somebody who is not in the catalog: click items to make a history, and see what would be recommended.
 *
 * Signal "changed": items were added or taken away.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/refract-session.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_HISTORY_COMPOSER (refract_history_composer_get_type ())
G_DECLARE_FINAL_TYPE (RefractHistoryComposer, refract_history_composer, REFRACT, HISTORY_COMPOSER, AdwBin)

GtkWidget *refract_history_composer_new (void);
void refract_history_composer_set_session (RefractHistoryComposer *self, RefractSession *session); /* or NULL; starts empty */

/* In the order they were chosen. Owned by the composer. */
const guint32 *refract_history_composer_get_items (RefractHistoryComposer *self, gsize *n);
void refract_history_composer_set_items (RefractHistoryComposer *self, const guint32 *items, gsize n);
/* Adds it, or takes it away if it is there. */
void refract_history_composer_toggle_item (RefractHistoryComposer *self, guint32 item);
void refract_history_composer_focus_search (RefractHistoryComposer *self);

G_END_DECLS
