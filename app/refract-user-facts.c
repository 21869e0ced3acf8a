/* refract-user-facts.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-user-facts.h"

#include <math.h>
#include <string.h>

#include "core/base/rf-sort.h"
#include "core/eval/rf-attributes.h"
#include "core/eval/rf-metrics-beyond.h"

static float
find_surprise (const RfCsr *history, guint32 user, const guint32 *counts)
{
  gsize n = rf_csr_row_length (history, user);
  double sum = 0;

  for (gsize j = 0; j < n; j++)
    sum += log2 ((double) history->rows / MAX (1, counts[rf_csr_row (history, user)[j]]));
  return n > 0 ? (float) (sum / (double) n) : NAN;
}

typedef struct
{
  const RefractUserFacts *facts;
  const RfCatalog *catalog;
  RefractUserOrder order;
} Sorting;

static int
compare_numbers (double x, double y, gboolean descending)
{
  if (isnan (x) || isnan (y))
    return isnan (x) - isnan (y);
  return descending ? (x < y) - (x > y) : (x > y) - (x < y);
}

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  const Sorting *sorting = data;
  const RefractUserFacts *facts = sorting->facts;
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;
  int sign = 0;

  switch (sorting->order)
    {
    case REFRACT_USERS_MOST_ACTIVE:
    case REFRACT_USERS_LEAST_ACTIVE:
      sign = compare_numbers (facts->activity[x], facts->activity[y], sorting->order == REFRACT_USERS_MOST_ACTIVE);
      break;
    case REFRACT_USERS_MOST_SURPRISING:
    case REFRACT_USERS_LEAST_SURPRISING:
      sign = compare_numbers ((double) facts->surprise[x], (double) facts->surprise[y], sorting->order == REFRACT_USERS_MOST_SURPRISING);
      break;
    case REFRACT_USERS_BY_ID:
      sign = strcmp (rf_catalog_get_user_id (sorting->catalog, x), rf_catalog_get_user_id (sorting->catalog, y));
      break;
    case REFRACT_N_USER_ORDERS:
    default:
      break;
    }
  return sign != 0 ? sign : (x > y) - (x < y);
}

static guint32 *
sort_users (const RefractUserFacts *self, const RfCatalog *catalog, RefractUserOrder order)
{
  Sorting sorting = { self, catalog, order };
  guint32 *users = g_new (guint32, (gsize) self->n_users + 1);

  for (guint32 u = 0; u < self->n_users; u++)
    users[u] = u;
  rf_sort (users, self->n_users, sizeof *users, compare, &sorting);
  return users;
}

const guint32 *
refract_user_facts_get_order (const RefractUserFacts *self, RefractUserOrder order)
{
  return self->orders[order];
}

RefractUserFacts *
refract_user_facts_new (const RfTrained *trained)
{
  const RfCsr *history = trained->split->history;
  g_autofree guint32 *counts = rf_metrics_train_counts (trained->split->part[RF_PART_TRAIN]);
  RefractUserFacts *self = g_new0 (RefractUserFacts, 1);

  self->n_users = history->rows;
  self->activity = g_new (guint32, (gsize) history->rows + 1);
  self->surprise = g_new (float, (gsize) history->rows + 1);
  for (guint32 u = 0; u < history->rows; u++)
    {
      self->activity[u] = (guint32) rf_csr_row_length (history, u);
      self->surprise[u] = find_surprise (history, u, counts);
    }
  for (int order = 0; order < REFRACT_N_USER_ORDERS; order++)
    self->orders[order] = sort_users (self, trained->catalog, (RefractUserOrder) order);
  self->attributes = rf_user_attributes (trained->catalog, trained->split, RF_PART_VALID);
  return self;
}

void
refract_user_facts_free (RefractUserFacts *self)
{
  if (self == NULL)
    return;
  g_free (self->activity);
  g_free (self->surprise);
  for (int order = 0; order < REFRACT_N_USER_ORDERS; order++)
    g_free (self->orders[order]);
  g_ptr_array_unref (self->attributes);
  g_free (self);
}
