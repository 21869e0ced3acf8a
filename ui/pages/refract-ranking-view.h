/* refract-ranking-view.h: a user's ranking as a table: columns to sort by, to hide and to resize, remembered in the settings.
 *
 * Rows are places; another order or a filter is worked out on the numbers (app/refract-place-order.h), and when the next ranking
 * has as many rows the cells that are there are filled again, so that a slider or another user costs no new widgets. Ctrl+C copies
 * the shown rows as a table (text/html and tab-separated), a row's picture can be dragged out.
 *
 * Signals: "selected" (guint place, from 0; G_MAXUINT: none), "activated" (guint item).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/refract-ranker.h"
#include "app/refract-session.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_RANKING_VIEW (refract_ranking_view_get_type ())
G_DECLARE_FINAL_TYPE (RefractRankingView, refract_ranking_view, REFRACT, RANKING_VIEW, AdwBin)

GtkWidget *refract_ranking_view_new (void);

/* References both; ranking NULL: empty. The selected place stays where it can, else the first one is selected. */
void refract_ranking_view_set (RefractRankingView *self, RefractSession *session, RefractRanking *ranking);

guint refract_ranking_view_get_selected (RefractRankingView *self); /* place from 0, or G_MAXUINT */
void refract_ranking_view_select (RefractRankingView *self, guint place);

/* Shows only the places p with keep[p] (as many as the ranking has, copied); NULL: all. Another ranking shows all again. */
void refract_ranking_view_filter (RefractRankingView *self, const gboolean *keep);
guint refract_ranking_view_get_n_shown (RefractRankingView *self);
guint refract_ranking_view_get_place (RefractRankingView *self, guint row);

/* Where there is little room some columns are left out, whatever the settings say. */
void refract_ranking_view_set_narrow (RefractRankingView *self, gboolean narrow);

/* Which columns to show; for a menu button. Owned by the view, its actions are those of the view ("ranking."). */
GMenuModel *refract_ranking_view_get_menu (RefractRankingView *self);
GActionGroup *refract_ranking_view_get_actions (RefractRankingView *self);

/* The shown rows. */
char *refract_ranking_view_to_tsv (RefractRankingView *self) G_GNUC_WARN_UNUSED_RESULT;
char *refract_ranking_view_to_html (RefractRankingView *self) G_GNUC_WARN_UNUSED_RESULT;
void refract_ranking_view_copy (RefractRankingView *self);

G_END_DECLS
