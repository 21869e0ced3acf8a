/* refract-window.h: one document in a window: welcome, then the pages.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/refract-job.h"
#include "app/refract-session.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_WINDOW (refract_window_get_type ())
G_DECLARE_FINAL_TYPE (RefractWindow, refract_window, REFRACT, WINDOW, AdwApplicationWindow)

RefractWindow *refract_window_new (GtkApplication *application);

/* Opens a document; shows the import assistant for a folder or a table. */
void refract_window_open (RefractWindow *self, const char *path);

/* NULL while no document is open. */
RefractSession *refract_window_get_session (RefractWindow *self);

/* "catalog", "train", "explore", "compare"; unknown names are ignored. */
void refract_window_show_page (RefractWindow *self, const char *page);

/* Explore: choose a user by id, and the item at a place (from 1). FALSE if there is no such user. */
gboolean refract_window_choose (RefractWindow *self, const char *user_id, guint place);

/* Explore: compose a user who chose these items; NULL ends the list, unknown ids are ignored. */
void refract_window_compose (RefractWindow *self, const char *const *ids);

/* Catalog: choose an item by id. FALSE if it is not shown there. */
gboolean refract_window_choose_item (RefractWindow *self, const char *item_id);

/* Compare: two runs. FALSE if there are no such runs. */
gboolean refract_window_compare (RefractWindow *self, const char *first, const char *second);
/* A part of Explore ("overview") or Compare ("metrics", "users", "lists", "slices", "plan"). */
void refract_window_show_tab (RefractWindow *self, const char *tab);

void refract_window_toast (RefractWindow *self, const char *message);

/* No job is running and everything that was asked for is on the screen. */
gboolean refract_window_is_settled (RefractWindow *self);

G_END_DECLS
