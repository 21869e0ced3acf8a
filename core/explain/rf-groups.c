/* rf-groups.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/explain/rf-groups.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-parallel.h"
#include "core/eval/rf-attributes.h"
#include "core/eval/rf-evaluate.h"
#include "core/eval/rf-metrics-beyond.h"

#define GRAIN 8

static const guint32 bands[] = { 0, 2, 5, 10, 20, 50, 100, G_MAXUINT32 }; /* the last count of each */

#define N_BANDS G_N_ELEMENTS (bands)

/* --- what is measured of each user, in parallel --- */

/* |phi| of the shown and of the held pairs of the users that are looked at. */
typedef struct
{
  const RfTrained *trained;
  const RfGroupOptions *options;
  guint32 *users, n_users;
  guint32 *lists;      /* n_users x k */
  float *shown;        /* n_users x k x M */
  gsize *held_at;      /* n_users + 1: where a user's held pairs begin */
  float *held;         /* held pairs x M */
  guint8 *found;       /* held pairs: among the first k? */
  double *recall, *ndcg;
  RfProgress *progress;
  gint done, stop;
} Pairs;

static void
pairs_clear (Pairs *p)
{
  g_free (p->users);
  g_free (p->lists);
  g_free (p->shown);
  g_free (p->held_at);
  g_free (p->held);
  g_free (p->found);
  g_free (p->recall);
  g_free (p->ndcg);
}

static void
measure_pair (const Pairs *p, const RfScores *scores, const double *means, guint32 item, float *out)
{
  guint n = p->trained->model->n_modalities;
  double values[1 << RF_MAX_MODALITIES], phi[RF_MAX_MODALITIES];

  rf_coalition_advantages (p->trained->model, scores, 0, item, p->options->removal, means, values);
  rf_shapley_values (n, values, phi);
  for (guint m = 0; m < n; m++)
    out[m] = (float) fabs (phi[m]);
}

static void
measure_user (Pairs *p, RfScores *scores, guint32 place)
{
  const RfCsr *history = p->trained->split->history, *held = p->trained->split->part[p->options->part];
  guint32 user = p->users[place];
  guint k = p->options->k, n = p->trained->model->n_modalities;
  guint32 *list = p->lists + (gsize) place * k;
  const guint32 *relevant = rf_csr_row (held, user);
  gsize n_relevant = rf_csr_row_length (held, user);
  double means[1 << RF_MAX_MODALITIES];
  RfMetrics metrics;

  rf_model_score (p->trained->model, history, user, 1, user, NULL, scores);
  rf_coalition_means (p->trained->model, scores, 0, p->options->removal, rf_csr_row (history, user), rf_csr_row_length (history, user), means);
  rf_top_of_scores (scores->score, scores->n_items, rf_csr_row (history, user), rf_csr_row_length (history, user), k, list);
  for (guint j = 0; j < k && list[j] != G_MAXUINT32; j++)
    measure_pair (p, scores, means, list[j], p->shown + ((gsize) place * k + j) * n);
  p->recall[place] = p->ndcg[place] = NAN;
  if (n_relevant == 0)
    return;
  metrics = rf_metrics_of_list (list, k, relevant, n_relevant);
  p->recall[place] = metrics.recall;
  p->ndcg[place] = metrics.ndcg;
  for (gsize h = 0; h < n_relevant; h++)
    {
      gsize at = p->held_at[place] + h;

      measure_pair (p, scores, means, relevant[h], p->held + at * n);
      for (guint j = 0; j < k; j++)
        p->found[at] |= list[j] == relevant[h];
    }
}

static void
measure_users (size_t begin, size_t end, int worker, void *data)
{
  Pairs *p = data;
  g_autoptr(RfScores) scores = NULL;

  if (g_atomic_int_get (&p->stop))
    return;
  scores = rf_scores_new (p->trained->model, 1);
  for (size_t u = begin; u < end; u++)
    measure_user (p, scores, (guint32) u);
  if (!rf_progress_step (p->progress, _("Explaining all lists"), (double) (g_atomic_int_add (&p->done, 1) + 1) * GRAIN / MAX (p->n_users, 1), NULL))
    g_atomic_int_set (&p->stop, 1);
}

static void
pairs_prepare (Pairs *p)
{
  const RfCsr *history = p->trained->split->history, *held = p->trained->split->part[p->options->part];
  guint n = p->trained->model->n_modalities;
  guint32 all = 0;
  gsize total = 0;

  p->users = g_new (guint32, (gsize) history->rows + 1);
  for (guint32 u = 0; u < history->rows; u++)
    if (rf_csr_row_length (history, u) > 0)
      p->users[all++] = u;
  p->n_users = p->options->max_users ? MIN (all, p->options->max_users) : all;
  p->held_at = g_new (gsize, (gsize) p->n_users + 1);
  for (guint32 u = 0; u < p->n_users; u++)
    {
      p->users[u] = p->users[(gsize) u * all / p->n_users];
      p->held_at[u] = total;
      total += rf_csr_row_length (held, p->users[u]);
    }
  p->held_at[p->n_users] = total;
  p->lists = g_new (guint32, (gsize) p->n_users * p->options->k + 1);
  p->shown = g_new0 (float, (gsize) p->n_users * p->options->k * n + 1);
  p->held = g_new0 (float, total * n + 1);
  p->found = g_new0 (guint8, total + 1);
  p->recall = g_new (double, (gsize) p->n_users + 1);
  p->ndcg = g_new (double, (gsize) p->n_users + 1);
}

/* --- sums by group, one after the other --- */

static void
group_free (RfGroup *self)
{
  g_free (self->attribute);
  g_free (self->value);
  g_free (self);
}

static void
add_phi (RfGroup *group, const float *phi, guint n)
{
  group->pairs++;
  for (guint m = 0; m < n; m++)
    group->phi[m] += (double) phi[m];
}

/* Sums -> means. n_lists: how many users have recall and ndcg in their sums, 0: recall is found held pairs over all of them. */
static void
finish_group (RfGroup *group, guint n, gsize n_lists)
{
  double sum = 0;

  for (guint m = 0; m < n; m++)
    {
      group->phi[m] = group->pairs ? group->phi[m] / (double) group->pairs : NAN;
      sum += group->phi[m];
    }
  for (guint m = 0; m < n; m++)
    group->share[m] = sum > 0 ? group->phi[m] / sum : NAN;
  if (n_lists > 0)
    {
      group->recall /= (double) n_lists;
      group->ndcg /= (double) n_lists;
      return;
    }
  group->recall = group->held ? group->recall / (double) group->held : NAN;
  group->ndcg = NAN;
}

static RfGroup *
group_new (RfGroupKind kind, const char *attribute, const char *value)
{
  RfGroup *group = g_new0 (RfGroup, 1);

  group->kind = kind;
  group->attribute = g_strdup (attribute);
  group->value = g_strdup (value);
  return group;
}

/* Groups of users by one attribute; `of` NULL: everybody into the only group. */
static void
add_user_groups (GPtrArray *groups, RfGroupKind kind, const Pairs *p, const RfAttribute *attribute)
{
  guint n = p->trained->model->n_modalities, k = p->options->k, first = groups->len;
  g_autofree gsize *lists = g_new0 (gsize, attribute->values->len + 1);

  for (guint v = 0; v < attribute->values->len; v++)
    g_ptr_array_add (groups, group_new (kind, attribute->name, attribute->values->pdata[v]));
  for (guint32 u = 0; u < p->n_users; u++)
    {
      guint32 value = attribute->of_user[p->users[u]];
      RfGroup *group = value != RF_NO_INDEX ? groups->pdata[first + value] : NULL;

      if (group == NULL)
        continue;
      group->users++;
      group->held += p->held_at[u + 1] - p->held_at[u];
      for (guint j = 0; j < k && p->lists[(gsize) u * k + j] != G_MAXUINT32; j++)
        add_phi (group, p->shown + ((gsize) u * k + j) * n, n);
      if (isnan (p->recall[u]))
        continue;
      lists[value]++;
      group->recall += p->recall[u];
      group->ndcg += p->ndcg[u];
    }
  for (guint v = 0; v < attribute->values->len; v++)
    finish_group (groups->pdata[first + v], n, lists[v]);
}

/* An item's groups, of several values at once where it has several categories. */
typedef struct
{
  const char *name;
  GPtrArray *values; /* char * */
  GArray **of_item;  /* guint32; NULL: none */
} ItemGroups;

static void
item_groups_clear (ItemGroups *g, guint32 n_items)
{
  for (guint32 i = 0; i < n_items; i++)
    if (g->of_item[i])
      g_array_unref (g->of_item[i]);
  g_free (g->of_item);
  g_ptr_array_unref (g->values);
}

static void
put_item (ItemGroups *g, guint32 item, guint32 value)
{
  if (g->of_item[item] == NULL)
    g->of_item[item] = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_array_append_val (g->of_item[item], value);
}

static ItemGroups
item_groups_new (const char *name, guint32 n_items)
{
  return (ItemGroups) { name, g_ptr_array_new_with_free_func (g_free), g_new0 (GArray *, (gsize) n_items + 1) };
}

/* held_pairs: look at the held pairs (the lens), else at the shown ones. */
static void
add_item_groups (GPtrArray *groups, RfGroupKind kind, const Pairs *p, const ItemGroups *g)
{
  const RfCsr *held = p->trained->split->part[p->options->part];
  guint n = p->trained->model->n_modalities, k = p->options->k, first = groups->len;
  g_autofree guint32 *last = g_new (guint32, g->values->len + 1); /* the user that was counted last */

  for (guint v = 0; v < g->values->len; v++)
    {
      g_ptr_array_add (groups, group_new (kind, g->name, g->values->pdata[v]));
      last[v] = G_MAXUINT32;
    }
  for (guint32 u = 0; u < p->n_users; u++)
    {
      const guint32 *relevant = rf_csr_row (held, p->users[u]);

      for (guint j = 0; kind != RF_GROUP_LENS_ITEM && j < k && p->lists[(gsize) u * k + j] != G_MAXUINT32; j++)
        {
          const GArray *of = g->of_item[p->lists[(gsize) u * k + j]];

          for (guint c = 0; of && c < of->len; c++)
            {
              guint32 value = g_array_index (of, guint32, c);
              RfGroup *group = groups->pdata[first + value];

              add_phi (group, p->shown + ((gsize) u * k + j) * n, n);
              group->users += last[value] != u;
              last[value] = u;
            }
        }
      for (gsize at = p->held_at[u]; at < p->held_at[u + 1]; at++)
        {
          const GArray *of = g->of_item[relevant[at - p->held_at[u]]];

          for (guint c = 0; of && c < of->len; c++)
            {
              guint32 value = g_array_index (of, guint32, c);
              RfGroup *group = groups->pdata[first + value];

              group->held++;
              group->recall += p->found[at];
              if (kind != RF_GROUP_LENS_ITEM)
                continue;
              add_phi (group, p->held + at * n, n);
              group->users += last[value] != u;
              last[value] = u;
            }
        }
    }
  for (guint v = 0; v < g->values->len; v++)
    finish_group (groups->pdata[first + v], n, 0);
}

static guint
find_band (guint32 count)
{
  guint b = 0;

  while (count > bands[b])
    b++;
  return b;
}

static char *
name_band (guint b)
{
  guint32 from = b ? bands[b - 1] + 1 : 0;

  if (bands[b] == G_MAXUINT32)
    return g_strdup_printf ("≥ %u", from);
  return from == bands[b] ? g_strdup_printf ("%u", from) : g_strdup_printf ("%u–%u", from, bands[b]);
}

/* The modality with the largest mean |phi| in what each user is shown. */
static RfAttribute *
driver_of (const Pairs *p)
{
  const RfModel *model = p->trained->model;
  RfAttribute *x = rf_attribute_new ("driver", p->trained->split->history->rows);
  guint n = model->n_modalities, k = p->options->k;

  for (guint m = 0; m < n; m++)
    rf_attribute_add_value (x, model->names[m]);
  for (guint32 u = 0; u < p->n_users; u++)
    {
      double sum[RF_MAX_MODALITIES] = { 0 };
      guint best = 0;

      for (guint j = 0; j < k; j++)
        for (guint m = 0; m < n; m++)
          sum[m] += (double) p->shown[((gsize) u * k + j) * n + m];
      for (guint m = 1; m < n; m++)
        best = sum[m] > sum[best] ? m : best;
      if (sum[best] > 0)
        x->of_user[p->users[u]] = best;
    }
  return x;
}

static RfAttribute *
length_of (const RfCsr *history)
{
  RfAttribute *x = rf_attribute_new ("history", history->rows);

  for (guint b = 0; b < N_BANDS; b++)
    {
      g_autofree char *name = name_band (b);

      rf_attribute_add_value (x, name);
    }
  for (guint32 u = 0; u < history->rows; u++)
    x->of_user[u] = find_band ((guint32) MIN (rf_csr_row_length (history, u), G_MAXUINT32));
  return x;
}

static void
add_count_groups (GPtrArray *groups, const Pairs *p, const guint32 *count)
{
  guint32 n = p->trained->model->n_items;
  ItemGroups g = item_groups_new ("popularity", n);

  for (guint b = 0; b < N_BANDS; b++)
    g_ptr_array_add (g.values, name_band (b));
  for (guint32 i = 0; i < n; i++)
    put_item (&g, i, find_band (count[i]));
  add_item_groups (groups, RF_GROUP_ITEMS, p, &g);
  g.name = "training count";
  add_item_groups (groups, RF_GROUP_LENS_ITEM, p, &g);
  item_groups_clear (&g, n);
}

static void
add_category_groups (GPtrArray *groups, const Pairs *p)
{
  const RfCatalog *catalog = p->trained->catalog;
  guint32 n = p->trained->model->n_items;
  ItemGroups g = item_groups_new ("category", n);
  g_autoptr(GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint32 i = 0; i < n; i++)
    {
      g_auto(GStrv) parts = g_strsplit (rf_catalog_get_item_category (catalog, i), "|", -1);

      for (guint c = 0; parts[c]; c++)
        {
          gpointer number = g_hash_table_lookup (known, parts[c]);

          if (number == NULL)
            {
              g_ptr_array_add (g.values, g_strdup (parts[c]));
              number = GUINT_TO_POINTER (g.values->len);
              g_hash_table_insert (known, g.values->pdata[g.values->len - 1], number);
            }
          put_item (&g, i, GPOINTER_TO_UINT (number) - 1);
        }
    }
  add_item_groups (groups, RF_GROUP_ITEMS, p, &g);
  item_groups_clear (&g, n);
}

static void
add_availability_groups (GPtrArray *groups, const Pairs *p)
{
  static const char *const values[] = { "neither picture nor text", "picture only", "text only", "picture and text" };
  const RfCatalog *catalog = p->trained->catalog;
  guint32 n = p->trained->model->n_items;
  ItemGroups g = item_groups_new ("has", n);

  for (guint v = 0; v < G_N_ELEMENTS (values); v++)
    g_ptr_array_add (g.values, g_strdup (values[v]));
  for (guint32 i = 0; i < n; i++)
    put_item (&g, i, (rf_catalog_item_has_image (catalog, i) ? 1 : 0) + (rf_catalog_item_has_text (catalog, i) ? 2 : 0));
  add_item_groups (groups, RF_GROUP_ITEMS, p, &g);
  item_groups_clear (&g, n);
}

/* Groups that nobody is in say nothing. */
static void
drop_empty (GPtrArray *groups)
{
  for (guint i = groups->len; i-- > 0;)
    {
      const RfGroup *group = groups->pdata[i];

      if (group->pairs == 0 && group->held == 0)
        g_ptr_array_remove_index (groups, i);
    }
}

static void
add_all_groups (RfGroups *self, const Pairs *p)
{
  const RfTrained *trained = p->trained;
  g_autoptr(GPtrArray) attributes = rf_user_attributes (trained->catalog, trained->split, p->options->part);
  g_autofree guint32 *count = rf_metrics_train_counts (trained->split->part[RF_PART_TRAIN]);
  RfAttribute *length = length_of (trained->split->history);

  self->driver = driver_of (p);
  for (guint a = 0; a < attributes->len; a++)
    add_user_groups (self->groups, RF_GROUP_USERS, p, attributes->pdata[a]);
  add_user_groups (self->groups, RF_GROUP_USERS, p, self->driver);
  add_user_groups (self->groups, RF_GROUP_LENS_HISTORY, p, length);
  rf_attribute_free (length);
  add_count_groups (self->groups, p, count);
  add_category_groups (self->groups, p);
  add_availability_groups (self->groups, p);
  drop_empty (self->groups);
}

/* Everybody together: the same sums as of a group. */
static void
add_total (RfGroups *self, const Pairs *p)
{
  RfAttribute *all = rf_attribute_new ("all", p->trained->split->history->rows);
  g_autoptr(GPtrArray) one = g_ptr_array_new_with_free_func ((GDestroyNotify) group_free);
  const RfGroup *group;

  rf_attribute_add_value (all, "all");
  memset (all->of_user, 0, p->trained->split->history->rows * sizeof *all->of_user);
  add_user_groups (one, RF_GROUP_USERS, p, all);
  group = one->pdata[0];
  memcpy (self->phi, group->phi, sizeof self->phi);
  memcpy (self->share, group->share, sizeof self->share);
  self->recall = group->recall;
  self->ndcg = group->ndcg;
  rf_attribute_free (all);
}

RfGroups *
rf_groups_new (const RfTrained *trained, const RfGroupOptions *options, RfProgress *progress, GError **error)
{
  g_autoptr(RfGroups) self = g_new0 (RfGroups, 1);
  Pairs p = { .trained = trained, .options = options, .progress = progress };

  self->options = *options;
  self->n_modalities = trained->model->n_modalities;
  self->groups = g_ptr_array_new_with_free_func ((GDestroyNotify) group_free);
  pairs_prepare (&p);
  self->users = p.n_users;
  rf_parallel_for (p.n_users, GRAIN, measure_users, &p);
  if (!p.stop)
    {
      add_total (self, &p);
      add_all_groups (self, &p);
    }
  pairs_clear (&p);
  if (p.stop)
    return rf_progress_step (progress, "", 0, error), NULL;
  return g_steal_pointer (&self);
}

void
rf_groups_free (RfGroups *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->groups);
  rf_attribute_free (self->driver);
  g_free (self);
}
