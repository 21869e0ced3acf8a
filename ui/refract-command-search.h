/* refract-command-search.h: everything by its name (Ctrl+K): what can be done, users, items, runs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/refract-session.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_COMMAND_SEARCH (refract_command_search_get_type ())
G_DECLARE_FINAL_TYPE (RefractCommandSearch, refract_command_search, REFRACT, COMMAND_SEARCH, AdwWindow)

/* session may be NULL. What is chosen is activated as an action of parent. */
GtkWidget *refract_command_search_new (GtkWindow *parent, RefractSession *session);
void refract_command_search_set_text (RefractCommandSearch *self, const char *text);
GListModel *refract_command_search_get_results (RefractCommandSearch *self); /* of GObject with the property "title" */
void refract_command_search_activate (RefractCommandSearch *self, guint position);

G_END_DECLS
