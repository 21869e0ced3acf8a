/* refract-overview-view.h: which modality drives the recommendations of everybody, by category, popularity and segment, and what is
 * lost without it. Worked out by a job that is started here.
 *
 * Signal "worked-out": there is an overview, or no more.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/refract-overview.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_OVERVIEW_VIEW (refract_overview_view_get_type ())
G_DECLARE_FINAL_TYPE (RefractOverviewView, refract_overview_view, REFRACT, OVERVIEW_VIEW, AdwBin)

GtkWidget *refract_overview_view_new (void);
void refract_overview_view_set_trained (RefractOverviewView *self, RfTrained *trained); /* or NULL; forgets what was worked out */
void refract_overview_view_start (RefractOverviewView *self);                           /* unless it is there or on its way */
RefractOverview *refract_overview_view_get_overview (RefractOverviewView *self);        /* or NULL */
gboolean refract_overview_view_is_settled (RefractOverviewView *self);

G_END_DECLS
