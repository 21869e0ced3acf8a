/* refract-overview.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-overview.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-parallel.h"
#include "core/eval/rf-attributes.h"
#include "core/eval/rf-evaluate.h"
#include "core/eval/rf-metrics-beyond.h"

#define BATCH       256  /* users between two looks at the progress */
#define GRAIN       8    /* users whose scores stand in memory at once, per thread */
#define ALPHA       .05
#define RESAMPLES   1000
#define LEAST_USERS 20   /* of a segment that is shown */
#define MOST_VALUES 12   /* of an attribute, of the categories */

static void
group_free (gpointer data)
{
  RefractGroup *group = data;

  g_free (group->attribute);
  g_free (group->value);
  g_free (group);
}

static void
knock_out_free (gpointer data)
{
  RefractKnockOut *knocked = data;

  g_free (knocked->group);
  g_free (knocked);
}

RefractOverview *
refract_overview_ref (RefractOverview *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
refract_overview_unref (RefractOverview *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  rf_trained_unref (self->trained);
  g_free (self->users);
  g_free (self->first);
  g_ptr_array_unref (self->groups);
  g_ptr_array_unref (self->knocked);
  g_free (self);
}

/* One user: what is recommended first, and how good the list is, whole and without each modality. */
typedef struct
{
  RfRanked top[REFRACT_OVERVIEW_TOP];
  guint n;
  double whole, muted[RF_MAX_MODALITIES];
} UserResult;

typedef struct
{
  const RfTrained *trained;
  const guint32 *users;
  UserResult *results;
} Batch;

static double
judge (const RfTrained *trained, guint32 user, const RfScores *scores)
{
  const RfCsr *history = trained->split->history, *valid = trained->split->part[RF_PART_VALID];
  guint32 list[REFRACT_OVERVIEW_K];

  if (rf_csr_row_length (valid, user) == 0)
    return NAN;
  rf_top_of_scores (scores->score, scores->n_items, rf_csr_row (history, user), rf_csr_row_length (history, user), REFRACT_OVERVIEW_K, list);
  return rf_metrics_of_list (list, REFRACT_OVERVIEW_K, rf_csr_row (valid, user), rf_csr_row_length (valid, user)).ndcg;
}

static void
look_at_user (const RfTrained *trained, guint32 user, RfScores *scores, UserResult *out)
{
  const RfModel *model = trained->model;
  const RfCsr *history = trained->split->history;
  RfRankOptions options = { .k = REFRACT_OVERVIEW_TOP };
  guint n_modalities = rf_model_get_n_modalities (model);
  g_autoptr(RfRanking) ranking = NULL;

  rf_model_score (model, history, user, 1, user, NULL, scores);
  ranking = rf_rank_scores (model, scores, 0, rf_csr_row (history, user), rf_csr_row_length (history, user), &options);
  out->n = ranking->n;
  memcpy (out->top, ranking->items, ranking->n * sizeof *out->top);
  out->whole = judge (trained, user, scores);
  for (guint m = 0; m < n_modalities; m++)
    {
      float weights[RF_MAX_MODALITIES];

      for (guint o = 0; o < n_modalities; o++)
        weights[o] = o == m ? 0 : 1;
      out->muted[m] = NAN;
      if (isnan (out->whole) || n_modalities < 2)
        continue;
      rf_model_reweight (model, weights, scores);
      out->muted[m] = judge (trained, user, scores);
    }
}

static void
look_at_users (size_t begin, size_t end, int worker, void *data)
{
  Batch *batch = data;
  g_autoptr(RfScores) scores = rf_scores_new (batch->trained->model, 1);

  for (size_t i = begin; i < end; i++)
    look_at_user (batch->trained, batch->users[i], scores, &batch->results[i]);
}

/* Groups. */

static RefractGroup *
add_group (GPtrArray *groups, RefractGroupKind kind, const char *attribute, const char *value)
{
  RefractGroup *group = g_new0 (RefractGroup, 1);

  group->kind = kind;
  group->attribute = g_strdup (attribute);
  group->value = g_strdup (value);
  g_ptr_array_add (groups, group);
  return group;
}

static void
count_in (RefractGroup *group, const RfRanked *ranked, guint n_modalities)
{
  group->n++;
  if (ranked->driver >= 0)
    group->driven[ranked->driver]++;
  for (guint m = 0; m < n_modalities; m++)
    group->share[m] += MAX (ranked->contribution[m], 0);
}

typedef struct
{
  RefractGroup *all;
  GHashTable *categories; /* name -> group */
  GPtrArray *category_groups, *popularity_groups;
  RfAttribute *popularity;
  GPtrArray *attributes;       /* of users */
  GPtrArray *segment_groups;   /* in the order of attributes and values */
} Counting;

static void
counting_init (Counting *c, const RfTrained *trained)
{
  guint32 n_items = rf_catalog_get_n_items (trained->catalog);
  g_autofree guint32 *counts = rf_metrics_train_counts (trained->split->part[RF_PART_TRAIN]);
  g_autofree double *numbers = g_new (double, (gsize) n_items + 1);

  for (guint32 i = 0; i < n_items; i++)
    numbers[i] = counts[i];
  c->category_groups = g_ptr_array_new ();
  c->popularity_groups = g_ptr_array_new ();
  c->segment_groups = g_ptr_array_new ();
  c->categories = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  c->popularity = rf_attribute_new_thirds ("popularity", numbers, n_items);
  for (guint v = 0; v < c->popularity->values->len; v++)
    add_group (c->popularity_groups, REFRACT_GROUP_POPULARITY, "", c->popularity->values->pdata[v]);
  c->attributes = rf_user_attributes (trained->catalog, trained->split, RF_PART_VALID);
  for (guint a = 0; a < c->attributes->len; a++)
    {
      const RfAttribute *attribute = c->attributes->pdata[a];

      for (guint v = 0; v < attribute->values->len; v++)
        add_group (c->segment_groups, REFRACT_GROUP_SEGMENT, attribute->name, attribute->values->pdata[v]);
    }
}

static void
counting_clear (Counting *c)
{
  g_hash_table_unref (c->categories);
  rf_attribute_free (c->popularity);
  g_ptr_array_unref (c->attributes);
  g_ptr_array_unref (c->category_groups);
  g_ptr_array_unref (c->popularity_groups);
  g_ptr_array_unref (c->segment_groups);
}

static void
count_categories (Counting *c, const RfTrained *trained, const RfRanked *ranked)
{
  const char *text = rf_catalog_get_item_category (trained->catalog, ranked->item);
  g_auto(GStrv) parts = *text ? g_strsplit (text, "|", -1) : NULL;

  for (guint p = 0; parts && parts[p]; p++)
    {
      RefractGroup *group = g_hash_table_lookup (c->categories, parts[p]);

      if (group == NULL)
        {
          group = add_group (c->category_groups, REFRACT_GROUP_CATEGORY, "", parts[p]);
          g_hash_table_insert (c->categories, g_strdup (parts[p]), group);
        }
      count_in (group, ranked, trained->model->n_modalities);
    }
}

static void
count_user (Counting *c, const RfTrained *trained, guint32 user, const UserResult *result)
{
  guint n_modalities = rf_model_get_n_modalities (trained->model), at = 0;

  for (guint p = 0; p < result->n; p++)
    {
      guint32 band = c->popularity->of_user[result->top[p].item];

      count_in (c->all, &result->top[p], n_modalities);
      count_categories (c, trained, &result->top[p]);
      if (band != RF_NO_INDEX)
        count_in (c->popularity_groups->pdata[band], &result->top[p], n_modalities);
    }
  for (guint a = 0; a < c->attributes->len; a++)
    {
      const RfAttribute *attribute = c->attributes->pdata[a];
      guint32 value = attribute->of_user[user];

      for (guint p = 0; p < result->n && value != RF_NO_INDEX; p++)
        count_in (c->segment_groups->pdata[at + value], &result->top[p], n_modalities);
      at += attribute->values->len;
    }
}

static int
by_size (gconstpointer a, gconstpointer b)
{
  const RefractGroup *x = *(RefractGroup *const *) a, *y = *(RefractGroup *const *) b;

  if (x->n != y->n)
    return x->n > y->n ? -1 : 1;
  return strcmp (x->value, y->value);
}

static void
normalise (RefractGroup *group)
{
  float sum = 0;

  for (guint m = 0; m < RF_MAX_MODALITIES; m++)
    sum += group->share[m];
  for (guint m = 0; m < RF_MAX_MODALITIES && sum > 0; m++)
    group->share[m] /= sum;
}

/* Takes over what is worth showing, drops the rest. */
static void
take_groups (RefractOverview *self, GPtrArray *from, gboolean largest_first)
{
  guint taken = 0;

  if (largest_first)
    g_ptr_array_sort (from, by_size);
  for (guint g = 0; g < from->len; g++)
    {
      RefractGroup *group = from->pdata[g];

      if (group->n == 0 || (largest_first && taken >= MOST_VALUES))
        {
          group_free (group);
          continue;
        }
      normalise (group);
      g_ptr_array_add (self->groups, group);
      taken++;
    }
}

/* Knock-out. */

static gboolean
add_knock_outs (RefractOverview *self, const double *whole, double *const *muted, const guint8 *in_group, const char *name, guint64 seed, RfProgress *progress, GError **error)
{
  const RfCompareOptions options = { ALPHA, RESAMPLES, seed };
  g_autofree double *a = g_new (double, (gsize) self->n_users + 1), *b = g_new (double, (gsize) self->n_users + 1);
  guint n_modalities = rf_model_get_n_modalities (self->trained->model);

  for (guint m = 0; m < n_modalities && n_modalities > 1; m++)
    {
      RefractKnockOut *knocked;

      for (guint32 u = 0; u < self->n_users; u++)
        {
          a[u] = in_group == NULL || in_group[u] ? whole[u] : NAN;
          b[u] = in_group == NULL || in_group[u] ? muted[m][u] : NAN;
        }
      knocked = g_new0 (RefractKnockOut, 1);
      knocked->modality = m;
      knocked->group = g_strdup (name);
      g_ptr_array_add (self->knocked, knocked);
      if (!rf_compare (a, b, self->n_users, &options, &knocked->c, progress, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_segment_knock_outs (RefractOverview *self, GPtrArray *attributes, const double *whole, double *const *muted, RfProgress *progress, GError **error)
{
  g_autofree guint8 *in_group = g_new (guint8, (gsize) self->n_users + 1);

  for (guint t = 0; t < attributes->len; t++)
    {
      const RfAttribute *attribute = attributes->pdata[t];

      for (guint v = 0; v < MIN (attribute->values->len, MOST_VALUES); v++)
        {
          g_autofree char *name = g_strdup_printf ("%s = %s", attribute->name, (const char *) attribute->values->pdata[v]);
          guint32 n = 0;

          for (guint32 u = 0; u < self->n_users; u++)
            {
              in_group[u] = attribute->of_user[self->users[u]] == v;
              n += in_group[u] && !isnan (whole[u]);
            }
          if (n >= LEAST_USERS && n < self->n_users && !add_knock_outs (self, whole, muted, in_group, name, 2 + v, progress, error))
            return FALSE;
        }
    }
  return TRUE;
}

/* Evenly over the catalog. */
static void
choose_users (RefractOverview *self)
{
  const RfCsr *history = self->trained->split->history;
  guint32 n_all = 0, at = 0;

  for (guint32 u = 0; u < history->rows; u++)
    n_all += rf_csr_row_length (history, u) > 0;
  self->users = g_new (guint32, (gsize) MIN (n_all, REFRACT_OVERVIEW_USERS) + 1);
  for (guint32 u = 0; u < history->rows; u++)
    if (rf_csr_row_length (history, u) > 0)
      {
        if ((guint64) at * MIN (n_all, REFRACT_OVERVIEW_USERS) / MAX (n_all, 1) >= self->n_users && self->n_users < REFRACT_OVERVIEW_USERS)
          self->users[self->n_users++] = u;
        at++;
      }
}

static gboolean
look_at_all (RefractOverview *self, Counting *c, double *whole, double *const *muted, RfProgress *progress, GError **error)
{
  g_autofree UserResult *results = g_new0 (UserResult, BATCH);
  guint n_modalities = rf_model_get_n_modalities (self->trained->model);

  self->first = g_new0 (RfRanked, (gsize) self->n_users + 1);
  for (guint32 begin = 0; begin < self->n_users; begin += BATCH)
    {
      guint32 n = MIN (BATCH, self->n_users - begin);
      Batch batch = { self->trained, self->users + begin, results };

      if (!rf_progress_step (progress, _("Ranking for every user"), begin / (double) self->n_users, error))
        return FALSE;
      rf_parallel_for (n, GRAIN, look_at_users, &batch);
      for (guint32 i = 0; i < n; i++)
        {
          count_user (c, self->trained, self->users[begin + i], &results[i]);
          self->first[begin + i] = results[i].top[0];
          if (results[i].n == 0)
            self->first[begin + i] = (RfRanked) { .item = RF_NO_INDEX, .driver = -1 };
          whole[begin + i] = results[i].whole;
          for (guint m = 0; m < n_modalities; m++)
            muted[m][begin + i] = results[i].muted[m];
        }
    }
  return TRUE;
}

RefractOverview *
refract_overview_new (RfTrained *trained, RfProgress *progress, GError **error)
{
  g_autoptr(RefractOverview) self = g_new0 (RefractOverview, 1);
  g_autofree double *whole = NULL;
  double *muted[RF_MAX_MODALITIES] = { NULL };
  Counting c = { 0 };
  gboolean ok;

  g_atomic_ref_count_init (&self->ref_count);
  self->trained = rf_trained_ref (trained);
  self->groups = g_ptr_array_new_with_free_func (group_free);
  self->knocked = g_ptr_array_new_with_free_func (knock_out_free);
  choose_users (self);
  whole = g_new (double, (gsize) self->n_users + 1);
  for (guint m = 0; m < RF_MAX_MODALITIES; m++)
    muted[m] = g_new (double, (gsize) self->n_users + 1);
  counting_init (&c, trained);
  c.all = add_group (self->groups, REFRACT_GROUP_ALL, "", "");
  ok = look_at_all (self, &c, whole, muted, progress, error);
  normalise (c.all);
  take_groups (self, c.category_groups, TRUE);
  take_groups (self, c.popularity_groups, FALSE);
  take_groups (self, c.segment_groups, FALSE);
  ok = ok && add_knock_outs (self, whole, muted, NULL, NULL, 1, progress, error) && add_segment_knock_outs (self, c.attributes, whole, muted, progress, error);
  counting_clear (&c);
  for (guint m = 0; m < RF_MAX_MODALITIES; m++)
    g_free (muted[m]);
  return ok ? g_steal_pointer (&self) : NULL;
}

/* The job. */

struct _RefractOverviewJob
{
  RefractJob parent_instance;

  RfTrained *trained;
  RefractOverview *overview;
};

G_DEFINE_FINAL_TYPE (RefractOverviewJob, refract_overview_job, REFRACT_TYPE_JOB)

RefractOverviewJob *
refract_overview_job_new (RfTrained *trained)
{
  RefractOverviewJob *self = g_object_new (REFRACT_TYPE_OVERVIEW_JOB, "title", _("Overview of all users"), NULL);

  self->trained = rf_trained_ref (trained);
  return self;
}

RefractOverview *
refract_overview_job_get_overview (RefractOverviewJob *self)
{
  return self->overview;
}

static gboolean
refract_overview_job_run (RefractJob *job, RfProgress *progress, GError **error)
{
  RefractOverviewJob *self = REFRACT_OVERVIEW_JOB (job);

  self->overview = refract_overview_new (self->trained, progress, error);
  return self->overview != NULL;
}

static void
refract_overview_job_finalize (GObject *object)
{
  RefractOverviewJob *self = REFRACT_OVERVIEW_JOB (object);

  rf_trained_unref (self->trained);
  g_clear_pointer (&self->overview, refract_overview_unref);
  G_OBJECT_CLASS (refract_overview_job_parent_class)->finalize (object);
}

static void
refract_overview_job_class_init (RefractOverviewJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_overview_job_finalize;
  REFRACT_JOB_CLASS (klass)->run = refract_overview_job_run;
}

static void
refract_overview_job_init (RefractOverviewJob *self)
{
}
