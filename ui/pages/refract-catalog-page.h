/* refract-catalog-page.h: what was loaded, and what was wrong with it: a grid of items with search and facets, one item beside
 * it, charts of the whole, and the list of problems.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/refract-session.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_CATALOG_PAGE (refract_catalog_page_get_type ())
G_DECLARE_FINAL_TYPE (RefractCatalogPage, refract_catalog_page, REFRACT, CATALOG_PAGE, AdwBin)

GtkWidget *refract_catalog_page_new (void);
void refract_catalog_page_set_session (RefractCatalogPage *self, RefractSession *session); /* or NULL */
void refract_catalog_page_focus_search (RefractCatalogPage *self);

/* Chooses an item by its id; FALSE if it is not among those that are shown. */
gboolean refract_catalog_page_choose_item (RefractCatalogPage *self, const char *id);

void refract_catalog_page_search (RefractCatalogPage *self, const char *text);
void refract_catalog_page_show_charts (RefractCatalogPage *self, gboolean show);

guint refract_catalog_page_get_n_shown (RefractCatalogPage *self);
gboolean refract_catalog_page_is_settled (RefractCatalogPage *self);

G_END_DECLS
