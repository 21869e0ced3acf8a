/* refract-place-order.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-place-order.h"

#include <glib.h>

#include "core/base/rf-sort.h"

int
refract_place_move (const RefractRanking *ranking, guint place)
{
  guint32 before = ranking->reweighted ? ranking->trained_rank[ranking->ranking->items[place].item] : 0;

  return before > 0 ? (int) before - (int) place - 1 : 0;
}

typedef struct
{
  const RefractRanking *ranking;
  RefractPlaceKey key;
  gboolean descending;
  char **titles; /* collation keys by place, for titles */
} Sorting;

static float
largest (const float *values, guint n)
{
  float best = n > 0 ? values[0] : 0;

  for (guint m = 1; m < n; m++)
    best = MAX (best, values[m]);
  return best;
}

static int
compare_floats (float x, float y)
{
  return (x > y) - (x < y);
}

static int
compare_drivers (const RfRanked *x, const RfRanked *y)
{
  if (x->driver != y->driver)
    return x->driver < y->driver ? -1 : 1;
  return x->driver < 0 ? 0 : compare_floats (y->contribution[x->driver], x->contribution[x->driver]);
}

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  const Sorting *sorting = data;
  guint n = rf_model_get_n_modalities (sorting->ranking->trained->model);
  guint32 p = *(const guint32 *) a, q = *(const guint32 *) b;
  const RfRanked *x = &sorting->ranking->ranking->items[p], *y = &sorting->ranking->ranking->items[q];
  int sign = 0;

  switch (sorting->key)
    {
    case REFRACT_PLACES_BY_TITLE:
      sign = g_strcmp0 (sorting->titles[p], sorting->titles[q]);
      break;
    case REFRACT_PLACES_BY_SCORE:
      sign = compare_floats (x->score, y->score);
      break;
    case REFRACT_PLACES_BY_DRIVER:
      sign = compare_drivers (x, y);
      break;
    case REFRACT_PLACES_BY_ATTENTION:
      sign = compare_floats (largest (x->attention, n), largest (y->attention, n));
      break;
    case REFRACT_PLACES_BY_CONTRIBUTION:
      sign = compare_floats (largest (x->contribution, n), largest (y->contribution, n));
      break;
    case REFRACT_PLACES_BY_MOVE:
      sign = refract_place_move (sorting->ranking, p) - refract_place_move (sorting->ranking, q);
      break;
    case REFRACT_PLACES_BY_PLACE:
    default:
      sign = (p > q) - (p < q);
    }
  if (sign != 0)
    return sorting->descending ? -sign : sign;
  return (p > q) - (p < q);
}

guint32 *
refract_place_order (const RefractRanking *ranking, RefractPlaceKey key, gboolean descending, const gboolean *keep, guint *n)
{
  Sorting sorting = { ranking, key, descending, NULL };
  guint n_places = ranking->ranking->n;
  guint32 *order = g_new (guint32, n_places + 1);

  *n = 0;
  for (guint p = 0; p < n_places; p++)
    if (keep == NULL || keep[p])
      order[(*n)++] = p;
  if (key == REFRACT_PLACES_BY_TITLE)
    {
      sorting.titles = g_new0 (char *, n_places + 1);
      for (guint p = 0; p < n_places; p++)
        sorting.titles[p] = g_utf8_collate_key (rf_catalog_get_item_label (ranking->trained->catalog, ranking->ranking->items[p].item), -1);
    }
  rf_sort (order, *n, sizeof *order, compare, &sorting);
  g_strfreev (sorting.titles);
  return order;
}
