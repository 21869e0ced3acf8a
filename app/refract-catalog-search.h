/* refract-catalog-search.h: which items of the catalog are shown, found in a thread while the user types.
 *
 * Setting a query only writes down what is wanted; one thread at a time looks, stops early when something else is wanted by then, and
 * when several wishes arrive meanwhile only the last one is looked for next.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/refract-session.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_CATALOG_SEARCH (refract_catalog_search_get_type ())
G_DECLARE_FINAL_TYPE (RefractCatalogSearch, refract_catalog_search, REFRACT, CATALOG_SEARCH, GObject)

typedef enum
{
  REFRACT_MISSING_ANY,
  REFRACT_MISSING_PICTURE,
  REFRACT_MISSING_TEXT,
} RefractMissing;

/* By interactions: the most chosen items that have half of all; the next that have four tenths; all others that were chosen; none. */
typedef enum
{
  REFRACT_BAND_ANY,
  REFRACT_BAND_HEAD,
  REFRACT_BAND_MIDDLE,
  REFRACT_BAND_TAIL,
  REFRACT_BAND_NEVER,
} RefractBand;

typedef enum
{
  REFRACT_ORDER_CATALOG,
  REFRACT_ORDER_MOST_CHOSEN,
  REFRACT_ORDER_LEAST_CHOSEN,
  REFRACT_ORDER_TITLE,
} RefractItemOrder;

typedef struct
{
  const char *text;     /* words that must all be in title, text, category or id, in any case; "" or NULL: all */
  const char *category; /* NULL: any; of an item with several, one of them */
  RefractMissing missing;
  RefractBand band;
  RefractItemOrder order;
} RefractItemQuery;

RefractCatalogSearch *refract_catalog_search_new (void) G_GNUC_WARN_UNUSED_RESULT;
void refract_catalog_search_set_session (RefractCatalogSearch *self, RefractSession *session); /* NULL: nothing to search */
void refract_catalog_search_set_query (RefractCatalogSearch *self, const RefractItemQuery *query); /* copied */

/* Signal "found" (main context): there is an answer. Takes it: item indices, to be freed with g_free(). */
guint32 *refract_catalog_search_take (RefractCatalogSearch *self, guint *n) G_GNUC_WARN_UNUSED_RESULT;

/* Known with the first answer. Categories by how many items they have, most first, at most 200; NULL-terminated, owned. */
const char *const *refract_catalog_search_get_categories (RefractCatalogSearch *self);
const guint32 *refract_catalog_search_get_category_counts (RefractCatalogSearch *self);
/* The least interactions of an item in the head and in the middle. */
void refract_catalog_search_get_bands (RefractCatalogSearch *self, guint32 *head, guint32 *middle);

/* The last wish has been answered. */
gboolean refract_catalog_search_is_settled (RefractCatalogSearch *self);

G_END_DECLS
