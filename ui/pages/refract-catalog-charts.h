/* refract-catalog-charts.h: the catalog as a whole in charts: interactions per item and user, over time, modalities, ratings, texts,
 * pictures. Each says its message in words below it; each can be saved.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/refract-session.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_CATALOG_CHARTS (refract_catalog_charts_get_type ())
G_DECLARE_FINAL_TYPE (RefractCatalogCharts, refract_catalog_charts, REFRACT, CATALOG_CHARTS, AdwBin)

GtkWidget *refract_catalog_charts_new (void);

/* Measures when it is first shown, in a thread. NULL: nothing. */
void refract_catalog_charts_set_session (RefractCatalogCharts *self, RefractSession *session);

gboolean refract_catalog_charts_is_settled (RefractCatalogCharts *self);
guint refract_catalog_charts_get_n (RefractCatalogCharts *self); /* charts shown */

G_END_DECLS
