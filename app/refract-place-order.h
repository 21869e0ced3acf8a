/* refract-place-order.h: the places of a ranking in another order: what a click on a column's title asks for.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/refract-ranker.h"

G_BEGIN_DECLS

typedef enum
{
  REFRACT_PLACES_BY_PLACE,
  REFRACT_PLACES_BY_TITLE,
  REFRACT_PLACES_BY_SCORE,
  REFRACT_PLACES_BY_DRIVER,       /* by modality of the model, within it by its contribution */
  REFRACT_PLACES_BY_ATTENTION,    /* by the largest share */
  REFRACT_PLACES_BY_CONTRIBUTION, /* by the largest contribution */
  REFRACT_PLACES_BY_MOVE,         /* by how far it came up since the weights were changed */
} RefractPlaceKey;

/* The places 0 .. n-1 that keep[place] (NULL: all) holds, sorted; equal ones by place. *n: how many. Free with g_free(). */
guint32 *refract_place_order (const RefractRanking *ranking, RefractPlaceKey key, gboolean descending, const gboolean *keep, guint *n) G_GNUC_WARN_UNUSED_RESULT;

/* How many places an item came up (> 0) or went down since the weights were changed; 0 as trained. place from 0. */
int refract_place_move (const RefractRanking *ranking, guint place);

G_END_DECLS
