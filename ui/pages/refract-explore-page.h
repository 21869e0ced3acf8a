/* refract-explore-page.h: users, the ranking of one of them, and why: the heart of the application.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/refract-ranker.h"
#include "app/refract-session.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_EXPLORE_PAGE (refract_explore_page_get_type ())
G_DECLARE_FINAL_TYPE (RefractExplorePage, refract_explore_page, REFRACT, EXPLORE_PAGE, AdwBin)

GtkWidget *refract_explore_page_new (void);
void refract_explore_page_set_session (RefractExplorePage *self, RefractSession *session); /* or NULL */
void refract_explore_page_focus_search (RefractExplorePage *self);

/* The chosen user, or RF_NO_INDEX. */
guint32 refract_explore_page_get_user (RefractExplorePage *self);
gboolean refract_explore_page_choose_user (RefractExplorePage *self, const char *id); /* FALSE: there is none */
/* The users that the list shows now, and what it is narrowed to (NULL: nothing). */
guint32 *refract_explore_page_dup_shown_users (RefractExplorePage *self, guint *n) G_GNUC_WARN_UNUSED_RESULT;
char *refract_explore_page_dup_segment (RefractExplorePage *self) G_GNUC_WARN_UNUSED_RESULT;
/* Narrows the list of users to these, under a name. */
void refract_explore_page_show_users (RefractExplorePage *self, const guint32 *users, guint n, const char *name);
/* Somebody who chose these items. */
void refract_explore_page_compose (RefractExplorePage *self, const guint32 *items, gsize n);
/* Which modality drives everybody's recommendations; worked out when first shown. */
void refract_explore_page_show_overview (RefractExplorePage *self, gboolean overview);
void refract_explore_page_copy (RefractExplorePage *self); /* the table, to the clipboard */
/* Selects a place of the ranking, from 1, as soon as it is there. */
void refract_explore_page_choose_place (RefractExplorePage *self, guint place);
/* The what-if weight of a modality, 0 .. 2. */
void refract_explore_page_set_weight (RefractExplorePage *self, guint m, double weight);
/* What is shown; NULL if nothing. */
RefractRanking *refract_explore_page_get_ranking (RefractExplorePage *self);
gboolean refract_explore_page_is_ranked (RefractExplorePage *self);  /* the table shows what was asked for last */
gboolean refract_explore_page_is_settled (RefractExplorePage *self);

G_END_DECLS
