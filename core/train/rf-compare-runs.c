/* rf-compare-runs.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/train/rf-compare-runs.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-json.h"
#include "core/eval/rf-attributes.h"
#include "core/eval/rf-evaluate.h"
#include "core/eval/rf-statistics.h"

#define OVERLAP_P .9

static const char *const metrics[RF_COMPARED_METRICS] = { "recall", "ndcg", "precision", "map", "hit_rate", "mrr" };

const char *
rf_compared_metric (guint m)
{
  RF_CHECK (m < RF_COMPARED_METRICS, "metric %u", m);
  return metrics[m];
}

static void
run_pair_free (RfRunPair *self)
{
  g_clear_pointer (&self->table, g_ptr_array_unref);
  g_clear_pointer (&self->found, g_ptr_array_unref);
  g_free (self->budget);
  g_free (self);
}

void
rf_run_comparison_free (RfRunComparison *self)
{
  if (self == NULL)
    return;
  for (guint r = 0; r < self->n; r++)
    g_free (self->per_user[r]);
  g_free (self->per_user);
  g_free (self->mean);
  g_strfreev (self->ids);
  g_ptr_array_unref (self->pairs);
  g_clear_pointer (&self->attributes, g_ptr_array_unref);
  g_free (self);
}

static gboolean
check (RfTrained *const *runs, guint n, const RfRunCompareOptions *o, GError **error)
{
  const RfMetrics any = { 0 };
  double value;
  gboolean known = rf_metrics_get (&any, o->metric, &value, error);

  for (guint r = 1; r < n && known; r++)
    if (strcmp (runs[r]->run->split_hash, runs[0]->run->split_hash) != 0)
      {
        g_set_error (error, RF_ERROR, RF_ERROR_DATA, _("%s and %s hold out different interactions, so their numbers cannot be compared; train both with the same seed and split.* settings."),
                     runs[0]->run->id, runs[r]->run->id);
        return FALSE;
      }
  return known;
}

/* Lists of one run, its metric of every user and the mean. */
static guint32 *
judge (const RfTrained *run, const RfRunCompareOptions *o, double *per_user, double *mean, guint32 *counted, RfMetrics **every, RfProgress *progress, GError **error)
{
  const RfCsr *held = run->split->part[o->part];
  g_autofree guint32 *lists = rf_top_lists (rf_score_with_model, run->model, run->model->n_items, run->split->history, held, o->k, progress, error);
  g_autofree RfMetrics *all = g_new (RfMetrics, (gsize) held->rows + 1);
  RfMetrics average;

  if (lists == NULL)
    return NULL;
  *counted = rf_metrics_mean (lists, o->k, o->k, held, &average, all);
  for (guint32 u = 0; u < held->rows; u++)
    rf_metrics_get (&all[u], o->metric, &per_user[u], NULL);
  rf_metrics_get (&average, o->metric, mean, NULL);
  *every = g_steal_pointer (&all);
  return g_steal_pointer (&lists);
}

/* A number of the run's result; NAN if there is none. */
static double
read_number (const RfTrained *run, const char *object, const char *member)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  JsonNode *root = run->run->result_json && rf_json_load (parser, run->run->result_json, -1, NULL) ? json_parser_get_root (parser) : NULL;
  JsonObject *from = root && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  JsonNode *node = from && object ? json_object_get_member (from, object) : NULL;

  if (object)
    from = node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  node = from ? json_object_get_member (from, member) : NULL;
  return node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : NAN;
}

static void
add_spent (GString *text, const char *what, double a, double b)
{
  if (!isnan (a) || !isnan (b))
    g_string_append_printf (text, "%s%s %.4g / %.4g", text->len ? ", " : "", what, a, b);
}

/* What either of them got: epochs, trials of a search, seconds, parameters, width. */
static char *
describe_spent (const RfTrained *a, const RfTrained *b)
{
  g_autoptr(GString) text = g_string_new (NULL);

  add_spent (text, _("epochs or steps"), read_number (a, NULL, "epochs"), read_number (b, NULL, "epochs"));
  add_spent (text, _("trials of search"), a->n_trials, b->n_trials);
  add_spent (text, _("dimensions"), (double) rf_config_get_int (a->config, "embedding_size"), (double) rf_config_get_int (b->config, "embedding_size"));
  add_spent (text, _("parameters"), read_number (a, "network", "parameters"), read_number (b, "network", "parameters"));
  add_spent (text, _("seconds of fitting"), read_number (a, NULL, "fitting_seconds"), read_number (b, NULL, "fitting_seconds"));
  return g_strdup_printf (_("Spent: %s."), text->str);
}

static char *
describe_budget (const RfTrained *a, const RfTrained *b)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *spent = describe_spent (a, b), *unfair = NULL;

  for (const RfConfigKey *key = rf_config_get_keys (); key->key; key++)
    {
      const char *x = rf_config_get (a->config, key->key), *y = rf_config_get (b->config, key->key);

      if (strcmp (x, y) != 0)
        g_string_append_printf (text, "%s%s %s / %s", text->len ? ", " : "", key->key, x, y);
    }
  if ((a->n_trials > 0) != (b->n_trials > 0))
    unfair = g_strdup_printf (_(" Not a fair comparison: only %s comes from a search."), a->n_trials > 0 ? a->run->id : b->run->id);
  if (text->len == 0)
    return g_strdup_printf (_("%s and %s have the same settings. %s%s"), a->run->id, b->run->id, spent, unfair ? unfair : "");
  return g_strdup_printf (_("%s and %s differ in %s. %s%s"), a->run->id, b->run->id, text->str, spent, unfair ? unfair : "");
}

static double
mean_overlap (const guint32 *a, const guint32 *b, guint k, const RfCsr *held)
{
  double sum = 0;
  guint32 users = 0;

  for (guint32 u = 0; u < held->rows; u++)
    if (rf_csr_row_length (held, u) > 0)
      {
        sum += rf_rank_biased_overlap (a + (gsize) u * k, b + (gsize) u * k, k, OVERLAP_P);
        users++;
      }
  return users ? sum / users : NAN;
}

static void
adjust (GPtrArray *pairs)
{
  g_autofree double *t = g_new (double, pairs->len + 1), *w = g_new (double, pairs->len + 1);

  for (guint p = 0; p < pairs->len; p++)
    {
      const RfRunPair *pair = pairs->pdata[p];

      t[p] = isnan (pair->c.t_p) ? 1 : pair->c.t_p;
      w[p] = pair->c.w_p;
    }
  rf_adjust_holm (t, pairs->len);
  rf_adjust_holm (w, pairs->len);
  for (guint p = 0; p < pairs->len; p++)
    {
      ((RfRunPair *) pairs->pdata[p])->t_holm = t[p];
      ((RfRunPair *) pairs->pdata[p])->w_holm = w[p];
    }
}

static gboolean
compare_metrics (RfRunPair *pair, const RfMetrics *a, const RfMetrics *b, guint32 n, const RfCompareOptions *options, RfProgress *progress, GError **error)
{
  g_autofree double *x = g_new (double, (gsize) n + 1), *y = g_new (double, (gsize) n + 1);

  for (guint m = 0; m < RF_COMPARED_METRICS; m++)
    {
      for (guint32 u = 0; u < n; u++)
        {
          rf_metrics_get (&a[u], metrics[m], &x[u], NULL);
          rf_metrics_get (&b[u], metrics[m], &y[u], NULL);
        }
      if (!rf_compare (x, y, n, options, &pair->metrics[m], progress, error))
        return FALSE;
    }
  return TRUE;
}

/* A run's lists and every metric of every user. */
typedef struct
{
  guint32 *lists;
  RfMetrics *every;
} Judged;

static void
judged_clear (Judged *judged)
{
  g_free (judged->lists);
  g_free (judged->every);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Judged, judged_clear)

static gboolean
add_pair (RfRunComparison *self, RfTrained *const *runs, guint other, const Judged *first, const Judged *second, GPtrArray *attributes,
          const RfRunCompareOptions *o, RfProgress *progress, GError **error)
{
  static const RfClickModel reader = { 1, .6, .05 };
  const RfCompareOptions options = { o->alpha, o->resamples, 1 };
  const double *a = self->per_user[0], *b = self->per_user[other];
  RfRunPair *pair = g_new0 (RfRunPair, 1);

  g_ptr_array_add (self->pairs, pair);
  pair->other = other;
  pair->overlap = mean_overlap (first->lists, second->lists, o->k, runs[0]->split->part[o->part]);
  rf_simulate_interleaving (first->lists, second->lists, o->k, runs[0]->split->part[o->part], &reader, 1, &pair->interleaving);
  pair->table = rf_slices_table (a, b, self->n_users, attributes);
  pair->found = rf_slices_find (a, b, self->n_users, attributes, o->min_support, o->alpha);
  pair->budget = describe_budget (runs[0], runs[other]);
  return rf_compare (a, b, self->n_users, &options, &pair->c, progress, error) &&
         compare_metrics (pair, first->every, second->every, self->n_users, &options, progress, error);
}

static RfRunComparison *
comparison_new (RfTrained *const *runs, guint n)
{
  RfRunComparison *self = g_new0 (RfRunComparison, 1);

  self->n = n;
  self->n_users = rf_catalog_get_n_users (runs[0]->catalog);
  self->ids = g_new0 (char *, n + 1);
  self->mean = g_new0 (double, n);
  self->per_user = g_new0 (double *, n);
  self->pairs = g_ptr_array_new_with_free_func ((GDestroyNotify) run_pair_free);
  for (guint r = 0; r < n; r++)
    {
      self->ids[r] = g_strdup (runs[r]->run->id);
      self->per_user[r] = g_new (double, (gsize) self->n_users + 1);
    }
  return self;
}

RfRunComparison *
rf_compare_runs (RfTrained *const *runs, guint n, const RfRunCompareOptions *options, RfProgress *progress, GError **error)
{
  g_autoptr(RfRunComparison) self = NULL;
  g_auto(Judged) first = { NULL, NULL };

  if (!check (runs, n, options, error))
    return NULL;
  self = comparison_new (runs, n);
  self->attributes = rf_user_attributes (runs[0]->catalog, runs[0]->split, options->part);
  for (guint r = 0; r < n; r++)
    {
      g_auto(Judged) judged = { NULL, NULL };

      judged.lists = judge (runs[r], options, self->per_user[r], &self->mean[r], &self->counted, &judged.every, progress, error);
      if (judged.lists == NULL || (r > 0 && !add_pair (self, runs, r, &first, &judged, self->attributes, options, progress, error)))
        return NULL;
      if (r == 0)
        {
          first = judged;
          judged = (Judged) { NULL, NULL };
        }
    }
  adjust (self->pairs);
  self->average = rf_sample_mean (self->mean, n);
  self->deviation = n > 1 ? sqrt (rf_sample_variance (self->mean, n)) : NAN;
  return g_steal_pointer (&self);
}
