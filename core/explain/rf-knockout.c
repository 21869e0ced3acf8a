/* rf-knockout.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/explain/rf-knockout.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-matrix.h"
#include "core/eval/rf-attributes.h"
#include "core/eval/rf-evaluate.h"
#include "core/eval/rf-metrics-beyond.h"
#include "core/explain/rf-scramble.h"
#include "core/explain/rf-words.h"
#include "core/train/rf-modality.h"

const char *
rf_knockout_get_name (RfKnockoutKind kind)
{
  static const char *const names[] = { "removed", "mean", "shuffled", "noise" };

  return names[kind];
}

RfKnockoutOptions
rf_knockout_options_default (void)
{
  return (RfKnockoutOptions) { .metric = "ndcg", .k = 20, .part = RF_PART_VALID, .alpha = 0.05, .resamples = 1000, .seed = 1,
                               .kinds = (1u << RF_N_KNOCKOUTS) - 1, .slices = TRUE };
}

/* A model with one modality at its mean. */
typedef struct
{
  const RfModel *model;
  guint coalition;
} Without;

static void
score_at_mean (const void *scorer, const RfCsr *history, guint32 first, guint32 count, float *out)
{
  const Without *w = scorer;
  g_autoptr(RfScores) scores = rf_scores_new (w->model, count);

  rf_model_score (w->model, history, first, count, first, NULL, scores);
  for (guint32 u = 0; u < count; u++)
    rf_coalition_scores (w->model, scores, u, RF_REMOVAL_MEAN, w->coalition, out + (gsize) u * scores->n_items);
}

/* Lists, judged. */
typedef struct
{
  double *per_user; /* NAN where there is nothing to find */
  double mean, coverage;
  guint32 users;
} Judged;

static gboolean
judge (const RfTrained *trained, const RfKnockoutOptions *o, RfScoreFunc func, const void *scorer, Judged *out, RfProgress *progress, GError **error)
{
  const RfCsr *held = trained->split->part[o->part];
  g_autofree guint32 *lists = rf_top_lists (func, scorer, trained->model->n_items, trained->split->history, held, o->k, progress, error);
  g_autofree RfMetrics *all = g_new (RfMetrics, (gsize) held->rows + 1);
  RfLists shown = { lists, held->rows, o->k, o->k, trained->model->n_items };
  RfMetrics mean;

  if (lists == NULL)
    return FALSE;
  out->users = rf_metrics_mean (lists, o->k, o->k, held, &mean, all);
  out->coverage = rf_metrics_coverage (&shown);
  out->per_user = g_new (double, (gsize) held->rows + 1);
  for (guint32 u = 0; u < held->rows; u++)
    if (!rf_metrics_get (&all[u], o->metric, &out->per_user[u], error))
      return FALSE;
  return rf_metrics_get (&mean, o->metric, &out->mean, error);
}

static gboolean
judge_without (const RfTrained *trained, const RfKnockoutOptions *o, RfKnockout *out, Judged *judged, RfProgress *progress, GError **error)
{
  const RfModel *model = trained->model;
  Without without = { .model = model, .coalition = ((1u << model->n_modalities) - 1) & ~(1u << out->modality) };
  float weights[RF_MAX_MODALITIES];
  RfWeightedModel removed = { model, weights };
  g_autoptr(RfModel) scrambled = NULL;

  out->possible = TRUE;
  for (guint m = 0; m < model->n_modalities; m++)
    weights[m] = m != out->modality;
  switch (out->kind)
    {
    case RF_KNOCKOUT_REMOVED:
      return judge (trained, o, rf_score_weighted, &removed, judged, progress, error);
    case RF_KNOCKOUT_MEAN:
      return judge (trained, o, score_at_mean, &without, judged, progress, error);
    case RF_KNOCKOUT_SHUFFLED:
    case RF_KNOCKOUT_NOISE:
    case RF_N_KNOCKOUTS:
    default:
      scrambled = rf_model_new_scrambled (model, out->modality, out->kind == RF_KNOCKOUT_SHUFFLED ? RF_SCRAMBLE_SHUFFLE : RF_SCRAMBLE_NOISE, o->seed);
      out->possible = scrambled != NULL;
      return scrambled == NULL || judge (trained, o, rf_score_with_model, scrambled, judged, progress, error);
    }
}

static void
knockout_free (RfKnockout *self)
{
  g_clear_pointer (&self->slices, g_ptr_array_unref);
  g_free (self);
}

static gboolean
add_knockout (RfKnockouts *self, const RfTrained *trained, const Judged *whole, GPtrArray *attributes, guint modality, RfKnockoutKind kind,
              RfProgress *progress, GError **error)
{
  const RfKnockoutOptions *o = &self->options;
  const RfCompareOptions compare = { o->alpha, o->resamples, o->seed };
  RfKnockout *out = g_new0 (RfKnockout, 1);
  guint32 n_users = trained->split->history->rows;
  Judged judged = { 0 };
  gboolean ok;

  out->modality = modality;
  out->kind = kind;
  g_ptr_array_add (self->all, out);
  ok = judge_without (trained, o, out, &judged, progress, error);
  if (ok && out->possible)
    {
      out->without = judged.mean;
      out->coverage = judged.coverage;
      ok = rf_compare (judged.per_user, whole->per_user, n_users, &compare, &out->loss, progress, error);
      if (ok && attributes)
        out->slices = rf_slices_table (judged.per_user, whole->per_user, n_users, attributes);
    }
  g_free (judged.per_user);
  return ok;
}

/* What the slices are by, as the options say: pointers into all, and the driver. NULL: there is no such attribute. */
static GPtrArray *
choose_attributes (const RfKnockoutOptions *o, GPtrArray *all, GError **error)
{
  g_autoptr(GPtrArray) chosen = g_ptr_array_new ();
  g_autoptr(GString) names = g_string_new (NULL);

  for (guint a = 0; a < all->len + (o->driver != NULL); a++)
    {
      RfAttribute *attribute = a < all->len ? all->pdata[a] : (RfAttribute *) o->driver;

      g_string_append_printf (names, "%s%s", a ? ", " : "", attribute->name);
      if (o->by == NULL || strcmp (o->by, attribute->name) == 0)
        g_ptr_array_add (chosen, attribute);
    }
  if (chosen->len > 0)
    return g_steal_pointer (&chosen);
  g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("Users are not known by “%s”; by %s they are."), o->by, names->str);
  return NULL;
}

RfKnockouts *
rf_knockouts_new (const RfTrained *trained, const RfKnockoutOptions *options, RfProgress *progress, GError **error)
{
  g_autoptr(RfKnockouts) self = g_new0 (RfKnockouts, 1);
  g_autoptr(GPtrArray) known = NULL, attributes = NULL;
  Judged whole = { 0 };
  gboolean ok;

  self->options = *options;
  self->n_modalities = trained->model->n_modalities;
  self->all = g_ptr_array_new_with_free_func ((GDestroyNotify) knockout_free);
  if (options->slices)
    known = rf_user_attributes (trained->catalog, trained->split, options->part);
  if (known && (attributes = choose_attributes (options, known, error)) == NULL)
    return NULL;
  ok = judge (trained, options, rf_score_with_model, trained->model, &whole, progress, error);
  self->with = whole.mean;
  self->coverage = whole.coverage;
  self->users = whole.users;
  for (guint m = 0; m < self->n_modalities && ok; m++)
    for (int kind = 0; kind < RF_N_KNOCKOUTS && ok; kind++)
      if (options->kinds & 1u << kind)
        ok = add_knockout (self, trained, &whole, attributes, m, (RfKnockoutKind) kind, progress, error);
  g_free (whole.per_user);
  return ok ? g_steal_pointer (&self) : NULL;
}

void
rf_knockouts_free (RfKnockouts *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->all);
  g_free (self);
}

char *
rf_knockouts_to_sentence (const RfKnockouts *self, const RfTrained *trained, guint modality)
{
  const char *name = rf_modality_get_title (trained->model->names[modality]);
  g_autofree char *metric = strlen (self->options.metric) <= 4 ? g_ascii_strup (self->options.metric, -1) : g_strdup (self->options.metric); /* NDCG, MAP, MRR */

  for (guint i = 0; i < self->all->len; i++)
    {
      const RfKnockout *x = self->all->pdata[i];
      const RfComparison *c = &x->loss;
      double percent = 100 * (1 - self->options.alpha);

      if (x->modality != modality || x->kind != RF_KNOCKOUT_REMOVED)
        continue;
      if (c->low > 0)
        return g_strdup_printf (_("%s pays for itself: without it %s@%u falls by %.4f (%.0f %% interval %.4f to %.4f)."), name, metric,
                                self->options.k, c->difference, percent, c->low, c->high);
      if (c->high < 0)
        return g_strdup_printf (_("%s does harm: without it %s@%u rises by %.4f (%.0f %% interval %.4f to %.4f)."), name, metric,
                                self->options.k, -c->difference, percent, -c->high, -c->low);
      return g_strdup_printf (_("%s cannot be shown to pay for itself: without it %s@%u changes by %+.4f (%.0f %% interval %+.4f to %+.4f), which may be chance."),
                              name, metric, self->options.k, -c->difference, percent, -c->high, -c->low);
    }
  return g_strdup_printf (_("%s was not removed."), name);
}
