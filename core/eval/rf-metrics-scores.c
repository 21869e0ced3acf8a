/* rf-metrics-scores.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/eval/rf-metrics-scores.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/base/rf-parallel.h"

/* Users per block of scores. */
#define BLOCK 16

static int
ascending (const void *a, const void *b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return x < y ? -1 : x > y;
}

static float
score_of (float score)
{
  return isnan (score) ? -INFINITY : score;
}

/* How many of the ascending scores are below s, and how many equal to it. */
static gsize
count_below (const float *sorted, gsize n, float s, gsize *equal)
{
  gsize low = 0, high = n, above;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (sorted[middle] < s)
        low = middle + 1;
      else
        high = middle;
    }
  for (above = low; above < n && sorted[above] == s; above++)
    ;
  *equal = above - low;
  return low;
}

double
rf_metrics_auc_of_user (const float *scores, guint32 n_items, const guint32 *relevant, gsize n_relevant, const guint32 *exclude,
                        gsize n_exclude, gboolean strict)
{
  g_autofree float *wanted = g_new (float, n_relevant + 1);
  gsize r = 0, x = 0, others = 0;
  double won = 0;

  for (gsize j = 0; j < n_relevant; j++)
    wanted[j] = score_of (scores[relevant[j]]);
  qsort (wanted, n_relevant, sizeof *wanted, ascending);
  for (guint32 i = 0; i < n_items; i++)
    {
      gsize equal, below;

      while (r < n_relevant && relevant[r] < i)
        r++;
      while (x < n_exclude && exclude[x] < i)
        x++;
      if ((r < n_relevant && relevant[r] == i) || (x < n_exclude && exclude[x] == i))
        continue;
      below = count_below (wanted, n_relevant, score_of (scores[i]), &equal);
      won += (double) (n_relevant - below - equal) + (strict ? 0 : (double) equal / 2);
      others++;
    }
  return n_relevant > 0 && others > 0 ? won / ((double) n_relevant * (double) others) : NAN;
}

typedef struct
{
  RfScoreFunc func;
  const void *scorer;
  guint32 n_items;
  const RfCsr *history, *relevant;
  double *per_user;
  RfProgress *progress;
  gint stop;
} Auc;

static void
auc_rows (size_t begin, size_t end, int worker, void *data)
{
  Auc *auc = data;
  guint32 count = (guint32) (end - begin);
  float *scores;

  if (g_atomic_int_get (&auc->stop))
    return;
  if (!rf_progress_step (auc->progress, _("Comparing pairs"), -1, NULL))
    g_atomic_int_set (&auc->stop, 1);
  scores = g_aligned_alloc ((gsize) count * auc->n_items + 1, sizeof (float), 64);
  auc->func (auc->scorer, auc->history, (guint32) begin, count, scores);
  for (guint32 u = 0; u < count; u++)
    {
      guint32 row = (guint32) begin + u;

      auc->per_user[row] = rf_metrics_auc_of_user (scores + (gsize) u * auc->n_items, auc->n_items, rf_csr_row (auc->relevant, row),
                                                   rf_csr_row_length (auc->relevant, row), rf_csr_row (auc->history, row),
                                                   rf_csr_row_length (auc->history, row), FALSE);
    }
  g_aligned_free (scores);
}

gboolean
rf_metrics_auc (RfScoreFunc func, const void *scorer, guint32 n_items, const RfCsr *history, const RfCsr *relevant, double *mean,
                double *per_user, RfProgress *progress, GError **error)
{
  g_autofree double *own = per_user ? NULL : g_new (double, (gsize) history->rows + 1);
  Auc auc = { func, scorer, n_items, history, relevant, per_user ? per_user : own, progress, 0 };
  double sum = 0;
  guint32 users = 0;

  rf_parallel_for (history->rows, rf_evaluate_get_block (BLOCK), auc_rows, &auc);
  if (auc.stop)
    {
      rf_progress_step (progress, "", 0, error);
      return FALSE;
    }
  for (guint32 u = 0; u < history->rows; u++)
    if (!isnan (auc.per_user[u]))
      {
        sum += auc.per_user[u];
        users++;
      }
  *mean = users ? sum / users : NAN;
  return TRUE;
}

double
rf_metrics_accuracy (const double *p, const guint8 *y, gsize n)
{
  gsize right = 0;

  for (gsize e = 0; e < n; e++)
    right += (p[e] >= .5) == (y[e] != 0);
  return n ? (double) right / (double) n : NAN;
}

double
rf_metrics_log_loss (const double *p, const guint8 *y, gsize n)
{
  double sum = 0;

  for (gsize e = 0; e < n; e++)
    sum -= log (CLAMP (y[e] ? p[e] : 1 - p[e], 1e-15, 1 - 1e-15));
  return n ? sum / (double) n : NAN;
}

double
rf_metrics_brier (const double *p, const guint8 *y, gsize n)
{
  double sum = 0;

  for (gsize e = 0; e < n; e++)
    sum += (p[e] - (y[e] != 0)) * (p[e] - (y[e] != 0));
  return n ? sum / (double) n : NAN;
}
