/* refract-user-list.h: whose ranking: the users of the catalog (searched, sorted, by segment), or a history composed by hand.
 *
 * Signal "chosen": another user, or another composed history, or nobody.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/refract-session.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_USER_LIST (refract_user_list_get_type ())
G_DECLARE_FINAL_TYPE (RefractUserList, refract_user_list, REFRACT, USER_LIST, AdwBin)

GtkWidget *refract_user_list_new (void);
void refract_user_list_set_session (RefractUserList *self, RefractSession *session); /* or NULL */
/* What to sort and group by; worked out in a thread when the run changes. */
void refract_user_list_set_trained (RefractUserList *self, RfTrained *trained); /* or NULL */

guint32 refract_user_list_get_user (RefractUserList *self); /* RF_NO_INDEX: nobody, or a composed history */
void refract_user_list_choose (RefractUserList *self, guint32 user);
void refract_user_list_choose_first (RefractUserList *self);
guint32 *refract_user_list_dup_shown (RefractUserList *self, guint *n) G_GNUC_WARN_UNUSED_RESULT; /* in the order of the list */
char *refract_user_list_dup_segment (RefractUserList *self) G_GNUC_WARN_UNUSED_RESULT; /* what the list is narrowed to, or NULL */

/* Narrows the list to some users, under a name ("losers of run-2"), until the user of the program asks for all again. */
void refract_user_list_show_only (RefractUserList *self, const guint32 *users, guint n, const char *name);

gboolean refract_user_list_get_composing (RefractUserList *self);
void refract_user_list_set_composing (RefractUserList *self, gboolean composing);
const guint32 *refract_user_list_get_composed (RefractUserList *self, gsize *n);
void refract_user_list_compose (RefractUserList *self, const guint32 *items, gsize n);
void refract_user_list_toggle_item (RefractUserList *self, guint32 item); /* of the composed history */

void refract_user_list_focus_search (RefractUserList *self);
gboolean refract_user_list_is_settled (RefractUserList *self);

G_END_DECLS
