/* rf-presets.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/eval/rf-presets.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-parallel.h"
#include "core/catalog/rf-catalog.h"
#include "core/eval/rf-metrics-beyond.h"
#include "core/eval/rf-metrics-scores.h"

/* Users per block of scores. */
#define BLOCK 16

static const struct
{
  const char *name, *help;
} presets[] = {
  { "mmrec", N_("masks training items only; NDCG and MAP over the best list that is possible") },
  { "recbole", N_("masks training and validation items; coverage and Gini count a padding item, entropy is divided by the number of items shown") },
  { "cornac", N_("masks training and validation items and leaves out items that training has not seen; MAP and MRR over the whole list") },
  { "rectools", N_("masks training items only; NDCG over a list of K hits and MAP over all relevant items, both lower") },
  { "elliot", N_("leaves out items that training has not seen; MAP is the mean precision at every place, hit or not; Gini is turned round") },
};

static const char *const metric_names[] = { "recall", "recall_micro", "precision", "hit_rate", "ndcg", "map", "mrr", "auc", "coverage", "gini", "entropy" };

G_STATIC_ASSERT (G_N_ELEMENTS (metric_names) == RF_N_PRESET_METRICS);
G_STATIC_ASSERT (G_N_ELEMENTS (presets) == RF_N_PRESETS);

const char *
rf_preset_get_name (RfPreset preset)
{
  return presets[preset].name;
}

const char *
rf_preset_get_help (RfPreset preset)
{
  return _(presets[preset].help);
}

const char *
rf_preset_metric_name (guint m)
{
  return metric_names[m];
}

double
rf_preset_metric (const RfPresetResult *r, guint m)
{
  const double values[] = { r->recall, r->recall_micro, r->precision, r->hit_rate, r->ndcg, r->map, r->mrr, r->auc, r->coverage, r->gini, r->entropy };

  return values[m];
}

/* What one user adds. n_relevant 0: does not count. */
typedef struct
{
  gsize n_relevant;
  guint hits;
  double recall, precision, ndcg, map, mrr, auc;
} User;

typedef struct
{
  RfPreset preset;
  RfScoreFunc func;
  const void *scorer;
  guint32 n_items;
  const RfPresetData *data;
  const guint8 *seen; /* items that training knows */
  User *users;
  guint32 *lists; /* rows x k */
  RfProgress *progress;
  gint stop;
} Run;

/* One user under one tool: candidates and relevant items, both ascending. */
typedef struct
{
  const float *scores;
  const guint32 *exclude, *relevant;
  const double *gain; /* of relevant */
  gsize n_exclude, n_relevant;
  const guint32 *list;
  guint k;
} Judged;

static gboolean
drops_unseen (RfPreset preset)
{
  return preset == RF_PRESET_CORNAC || preset == RF_PRESET_ELLIOT;
}

static gboolean
masks_valid (RfPreset preset)
{
  return preset == RF_PRESET_RECBOLE || preset == RF_PRESET_CORNAC;
}

static void
mark_row (const RfCsr *csr, guint32 user, guint8 *mask)
{
  for (gsize e = csr->ptr[user]; e < csr->ptr[user + 1]; e++)
    mask[csr->idx[e]] = 1;
}

/* Ascending items that are no candidates of the user. A test positive that is masked by an earlier part stays masked. */
static gsize
collect_excluded (const Run *run, guint32 user, guint32 *exclude)
{
  const RfPresetData *d = run->data;
  g_autofree guint8 *mask = g_malloc0 ((gsize) run->n_items + 1);
  gsize n = 0;

  mark_row (d->train, user, mask);
  mark_row (d->history, user, mask);
  if (d->valid != NULL && masks_valid (run->preset))
    mark_row (d->valid, user, mask);
  for (guint32 i = 0; i < run->n_items; i++)
    if (mask[i] || (drops_unseen (run->preset) && !run->seen[i]))
      exclude[n++] = i;
  return n;
}

/* The relevant items of the user, with their gains. */
static gsize
collect_relevant (const Run *run, guint32 user, guint32 *relevant, double *gain)
{
  const RfCsr *csr = run->data->relevant;
  gsize n = 0;

  for (gsize e = csr->ptr[user]; e < csr->ptr[user + 1]; e++)
    {
      double rating = csr->val && run->preset == RF_PRESET_ELLIOT ? (double) csr->val[e] : run->data->threshold;

      if (rating < run->data->threshold || (run->preset == RF_PRESET_CORNAC && !run->seen[csr->idx[e]]))
        continue;
      relevant[n] = csr->idx[e];
      gain[n++] = exp2 (rating - run->data->threshold + 1) - 1;
    }
  return n;
}

/* The gain of an item, 0 if it is not relevant. */
static double
gain_of (const Judged *j, guint32 item)
{
  gsize low = 0, high = j->n_relevant;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (j->relevant[middle] < item)
        low = middle + 1;
      else
        high = middle;
    }
  return low < j->n_relevant && j->relevant[low] == item ? j->gain[low] : 0;
}

static int
descending (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x > y ? -1 : x < y;
}

static double
ideal_of (const Judged *j, RfPreset preset)
{
  gsize n = preset == RF_PRESET_RECTOOLS ? j->k : MIN (j->n_relevant, j->k);
  g_autofree double *gains = g_memdup2 (j->gain, j->n_relevant * sizeof *j->gain);
  double ideal = 0;

  qsort (gains, j->n_relevant, sizeof *gains, descending);
  for (gsize p = 0; p < n; p++)
    ideal += (p < j->n_relevant ? gains[p] : 1) / log2 ((double) p + 2);
  return ideal;
}

/* Places 1 .. k. */
static void
judge_list (const Judged *j, RfPreset preset, User *user)
{
  double dcg = 0, at_hits = 0, at_places = 0;

  for (guint p = 0; p < j->k; p++)
    {
      double gain = j->list[p] == RF_NO_INDEX ? 0 : gain_of (j, j->list[p]);

      if (gain > 0)
        {
          user->hits++;
          dcg += gain / log2 (p + 2.0);
          at_hits += (double) user->hits / (p + 1);
          if (user->hits == 1)
            user->mrr = 1.0 / (p + 1);
        }
      at_places += (double) user->hits / (p + 1);
    }
  user->recall = (double) user->hits / (double) j->n_relevant;
  user->precision = (double) user->hits / j->k;
  user->ndcg = dcg / ideal_of (j, preset);
  user->map = preset == RF_PRESET_ELLIOT     ? at_places / j->k
              : preset == RF_PRESET_RECTOOLS ? at_hits / (double) j->n_relevant
                                             : at_hits / (double) MIN (j->n_relevant, j->k);
}

/* How many candidates are ahead of `item`: with a higher score, or the same and, if ties count, any index (by_index: a lower one). */
static gsize
count_ahead (const Judged *j, guint32 n_items, guint32 item, gboolean by_index)
{
  gsize ahead = 0, x = 0;

  for (guint32 i = 0; i < n_items; i++)
    {
      while (x < j->n_exclude && j->exclude[x] < i)
        x++;
      if (i == item || (x < j->n_exclude && j->exclude[x] == i))
        continue;
      ahead += j->scores[i] > j->scores[item] || (j->scores[i] == j->scores[item] && (!by_index || i < item));
    }
  return ahead;
}

/* Cornac: average precision and reciprocal rank over all candidates. */
static void
judge_whole_list (const Judged *j, guint32 n_items, User *user)
{
  gsize best = G_MAXSIZE;

  user->map = 0;
  for (gsize r = 0; r < j->n_relevant; r++)
    {
      gsize rank = 1 + count_ahead (j, n_items, j->relevant[r], FALSE), among = 0;

      for (gsize s = 0; s < j->n_relevant; s++)
        among += j->scores[j->relevant[s]] >= j->scores[j->relevant[r]];
      user->map += (double) among / (double) rank;
      best = MIN (best, 1 + count_ahead (j, n_items, j->relevant[r], TRUE));
    }
  user->map /= (double) j->n_relevant;
  user->mrr = 1.0 / (double) best;
}

static void
judge_user (const Run *run, guint32 user, const float *scores)
{
  gsize room = rf_csr_row_length (run->data->relevant, user);
  g_autofree guint32 *exclude = g_new (guint32, (gsize) run->n_items + 1), *relevant = g_new (guint32, room + 1);
  g_autofree double *gain = g_new (double, room + 1);
  guint32 *list = run->lists + (gsize) user * run->data->k;
  User *out = &run->users[user];
  Judged j = { scores, exclude, relevant, gain, collect_excluded (run, user, exclude), collect_relevant (run, user, relevant, gain), list, run->data->k };

  out->n_relevant = j.n_relevant;
  if (j.n_relevant == 0)
    return;
  rf_top_of_scores (scores, run->n_items, exclude, j.n_exclude, j.k, list);
  judge_list (&j, run->preset, out);
  if (run->preset == RF_PRESET_CORNAC)
    judge_whole_list (&j, run->n_items, out);
  if (run->preset == RF_PRESET_CORNAC || run->preset == RF_PRESET_RECBOLE)
    out->auc = rf_metrics_auc_of_user (scores, run->n_items, relevant, j.n_relevant, exclude, j.n_exclude, run->preset == RF_PRESET_CORNAC);
}

static void
judge_rows (size_t begin, size_t end, int worker, void *data)
{
  Run *run = data;
  guint32 count = (guint32) (end - begin);
  float *scores;

  if (g_atomic_int_get (&run->stop))
    return;
  if (!rf_progress_step (run->progress, _("Ranking"), -1, NULL))
    g_atomic_int_set (&run->stop, 1);
  scores = g_aligned_alloc ((gsize) count * run->n_items + 1, sizeof (float), 64);
  run->func (run->scorer, run->data->history, (guint32) begin, count, scores);
  for (guint32 u = 0; u < count; u++)
    if (rf_csr_row_length (run->data->relevant, (guint32) begin + u) > 0)
      judge_user (run, (guint32) begin + u, scores + (gsize) u * run->n_items);
  g_aligned_free (scores);
}

static void
describe_lists (const Run *run, RfPresetResult *r)
{
  RfLists lists = { run->lists, run->data->relevant->rows, run->data->k, run->data->k, run->n_items };
  double n = run->n_items, gini = rf_metrics_gini (&lists), shown = rf_metrics_coverage (&lists) * n;

  switch (run->preset)
    {
    case RF_PRESET_RECBOLE:
      r->coverage = shown / (n + 1);
      /* One more item, with count 0: in sum_i (2 i - n - 1) c_i every rank grows by one and n by one, so each term grows by c_i. */
      r->gini = (gini * n + 1) / (n + 1);
      r->entropy = rf_metrics_entropy (&lists) * M_LN2 / shown;
      break;
    case RF_PRESET_RECTOOLS:
      r->coverage = shown;
      break;
    case RF_PRESET_ELLIOT:
      r->coverage = shown;
      r->gini = 1 - gini * n / (n - 1);
      r->entropy = rf_metrics_entropy (&lists);
      break;
    case RF_PRESET_MMREC:
    case RF_PRESET_CORNAC:
    default:
      break;
    }
}

/* Means in user order. */
static void
sum_users (const Run *run, RfPresetResult *r)
{
  double weight = 0, hits = 0, n, auc = 0;

  *r = (RfPresetResult) { .coverage = NAN, .gini = NAN, .entropy = NAN };
  for (guint32 u = 0; u < run->data->relevant->rows; u++)
    {
      const User *user = &run->users[u];
      double w = run->preset == RF_PRESET_RECBOLE ? (double) user->n_relevant : 1;

      if (user->n_relevant == 0)
        continue;
      r->users++;
      r->recall += user->recall;
      r->precision += user->precision;
      r->hit_rate += user->hits > 0;
      r->ndcg += user->ndcg;
      r->map += user->map;
      r->mrr += user->mrr;
      hits += user->hits;
      r->recall_micro += (double) user->n_relevant;
      if (!isnan (user->auc))
        {
          auc += w * user->auc;
          weight += w;
        }
    }
  n = r->users;
  r->recall_micro = run->preset == RF_PRESET_MMREC ? hits / r->recall_micro : NAN;
  r->recall /= n;
  r->precision /= n;
  r->hit_rate = run->preset == RF_PRESET_MMREC ? NAN : r->hit_rate / n;
  r->ndcg /= n;
  r->map /= n;
  r->mrr = run->preset == RF_PRESET_MMREC ? NAN : r->mrr / n;
  r->auc = run->preset == RF_PRESET_CORNAC || run->preset == RF_PRESET_RECBOLE ? auc / weight : NAN;
}

gboolean
rf_preset_evaluate (RfPreset preset, RfScoreFunc func, const void *scorer, guint32 n_items, const RfPresetData *data, RfPresetResult *result,
                    RfProgress *progress, GError **error)
{
  gsize n = (gsize) data->relevant->rows * data->k;
  g_autofree guint8 *seen = g_malloc0 ((gsize) n_items + 1);
  g_autofree User *users = g_new0 (User, (gsize) data->relevant->rows + 1);
  g_autofree guint32 *lists = g_new (guint32, n + 1);
  Run run = { preset, func, scorer, n_items, data, seen, users, lists, progress, 0 };

  for (gsize e = 0; e < n; e++)
    lists[e] = RF_NO_INDEX;
  for (gsize e = 0; e < data->train->ptr[data->train->rows]; e++)
    seen[data->train->idx[e]] = 1;
  rf_parallel_for (data->relevant->rows, rf_evaluate_get_block (BLOCK), judge_rows, &run);
  if (run.stop)
    {
      rf_progress_step (progress, "", 0, error);
      return FALSE;
    }
  sum_users (&run, result);
  describe_lists (&run, result);
  return TRUE;
}
