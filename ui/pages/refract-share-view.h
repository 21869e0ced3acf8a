/* refract-share-view.h: recommendations by what each modality adds to them: a triangle for up to three modalities, parallel axes
 * for more.
 *
 * Shows the top of the ranking, every item of the catalog for this user, or the first recommendation of every user. Hovering shows
 * the item, clicking chooses it, a rectangle drawn with the pointer (on parallel axes: a piece of an axis) filters the table.
 *
 * Signals: "selected" (guint place, from 0), "user" (guint user), "item" (guint item: one that the ranking does not hold),
 * "filtered" (the brush has changed), "every-item" (gboolean: RefractRanking.parts are needed, or no more).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/refract-overview.h"
#include "app/refract-ranker.h"
#include "app/refract-session.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_SHARE_VIEW (refract_share_view_get_type ())
G_DECLARE_FINAL_TYPE (RefractShareView, refract_share_view, REFRACT, SHARE_VIEW, AdwBin)

typedef enum
{
  REFRACT_SHARES_TOP,
  REFRACT_SHARES_EVERY_ITEM,
  REFRACT_SHARES_EVERY_USER,
} RefractSharesOf;

GtkWidget *refract_share_view_new (void);
void refract_share_view_set (RefractShareView *self, RefractSession *session, RefractRanking *ranking); /* or NULL */
void refract_share_view_set_overview (RefractShareView *self, RefractOverview *overview); /* NULL: not known (yet) */
void refract_share_view_select (RefractShareView *self, guint place); /* G_MAXUINT: none */
void refract_share_view_show (RefractShareView *self, RefractSharesOf what);

/* For each place of the ranking whether the brush holds it; NULL while there is no brush. Free with g_free(). */
gboolean *refract_share_view_dup_keep (RefractShareView *self) G_GNUC_WARN_UNUSED_RESULT;
void refract_share_view_clear_brush (RefractShareView *self);
void refract_share_view_set_narrow (RefractShareView *self, gboolean narrow); /* without the card of the hovered item */
void refract_share_view_set_low (RefractShareView *self, gboolean low);       /* a lower drawing, so that the table keeps some rows */

G_END_DECLS
