/* rf-metrics.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/eval/rf-metrics.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "core/base/rf-error.h"

static const struct
{
  const char *name;
  gsize offset;
} names[] = {
  { "recall", offsetof (RfMetrics, recall) }, { "ndcg", offsetof (RfMetrics, ndcg) },         { "precision", offsetof (RfMetrics, precision) },
  { "map", offsetof (RfMetrics, map) },       { "hit_rate", offsetof (RfMetrics, hit_rate) }, { "mrr", offsetof (RfMetrics, mrr) },
};

gboolean
rf_metrics_get (const RfMetrics *self, const char *name, double *value, GError **error)
{
  for (gsize m = 0; m < G_N_ELEMENTS (names); m++)
    if (strcmp (names[m].name, name) == 0)
      {
        memcpy (value, (const char *) self + names[m].offset, sizeof *value);
        return TRUE;
      }
  g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("There is no metric “%s”; choose recall, ndcg, precision, map, hit_rate or mrr."), name);
  return FALSE;
}

static gboolean
is_relevant (const guint32 *relevant, gsize n, guint32 item)
{
  gsize low = 0, high = n;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (relevant[middle] < item)
        low = middle + 1;
      else
        high = middle;
    }
  return low < n && relevant[low] == item;
}

RfMetrics
rf_metrics_of_list (const guint32 *list, guint k, const guint32 *relevant, gsize n_relevant)
{
  RfMetrics m = { 0 };
  double gain = 0, ideal = 0, precision_sum = 0;
  guint hits = 0;

  for (guint j = 0; j < k; j++)
    {
      if (j < n_relevant)
        ideal += 1 / log2 (j + 2.0);
      if (!is_relevant (relevant, n_relevant, list[j]))
        continue;
      hits++;
      gain += 1 / log2 (j + 2.0);
      precision_sum += (double) hits / (j + 1);
      if (hits == 1)
        m.mrr = 1.0 / (j + 1);
    }
  m.recall = (double) hits / (double) n_relevant;
  m.precision = (double) hits / k;
  m.hit_rate = hits > 0;
  m.ndcg = gain / ideal;
  m.map = precision_sum / (double) MIN (n_relevant, k);
  return m;
}

guint32
rf_metrics_mean (const guint32 *lists, guint width, guint k, const RfCsr *relevant, RfMetrics *mean, RfMetrics *per_user)
{
  RfMetrics sum = { 0 };
  guint32 users = 0;
  double n;

  g_return_val_if_fail (k >= 1 && k <= width, 0);
  for (guint32 u = 0; u < relevant->rows; u++)
    {
      gsize n_relevant = rf_csr_row_length (relevant, u);
      RfMetrics m = { NAN, NAN, NAN, NAN, NAN, NAN };

      if (n_relevant > 0)
        {
          m = rf_metrics_of_list (lists + (gsize) u * width, k, rf_csr_row (relevant, u), n_relevant);
          sum.recall += m.recall;
          sum.precision += m.precision;
          sum.hit_rate += m.hit_rate;
          sum.ndcg += m.ndcg;
          sum.map += m.map;
          sum.mrr += m.mrr;
          users++;
        }
      if (per_user)
        per_user[u] = m;
    }
  n = MAX (users, 1);
  *mean = (RfMetrics) { sum.recall / n, sum.precision / n, sum.hit_rate / n, sum.ndcg / n, sum.map / n, sum.mrr / n };
  return users;
}
