/* rf-catalog-filter.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/catalog/rf-catalog-filter.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/catalog/rf-catalog-private.h"

#define MAX_Z              3.5
#define MIN_UNUSUAL_COUNT  50
#define MIN_ONE_ITEM       20
#define DEFAULT_PER_MINUTE 100

typedef struct
{
  const RfInteractionArrays *x;
  RfCatalogBuilder *builder;
  const RfFilterOptions *options;
  RfImportReport *report;
  guint32 n_users, n_items;
  guint8 *keep; /* one per interaction */
  gsize n_kept; /* by the rules so far */
} Filter;

static gboolean
parse_weight (const char *text, char **name, double *weight)
{
  const char *equals = strrchr (text, '=');
  char *end;

  if (equals == NULL || equals == text || equals[1] == '\0')
    return FALSE;
  *weight = g_ascii_strtod (equals + 1, &end);
  if (*end != '\0' || !isfinite (*weight) || *weight < 0)
    return FALSE;
  *name = g_strndup (text, (gsize) (equals - text));
  return TRUE;
}

gboolean
rf_filter_options_check (const RfFilterOptions *options, GError **error)
{
  for (guint e = 0; options->events != NULL && options->events[e] != NULL; e++)
    {
      g_autofree char *name = NULL;
      double weight;

      if (parse_weight (options->events[e], &name, &weight))
        continue;
      g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("“%s” is no weight of an event; write NAME=WEIGHT with a weight of 0 or more."), options->events[e]);
      return FALSE;
    }
  if (!(options->min_weight >= 0))
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_CONFIG, _("The least weight must be 0 or more."));
      return FALSE;
    }
  if (options->since != RF_NO_TIMESTAMP && options->until != RF_NO_TIMESTAMP && options->since >= options->until)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("The first date must lie before the last one."));
      return FALSE;
    }
  return TRUE;
}

/* n of the interactions that were still there before the rule. */
static void
tell (Filter *f, const char *kind, gsize n, const char *why)
{
  if (n > 0)
    rf_import_report_add (f->report, "", 0, 0, kind, RF_IMPORT_DROPPED, _("%zu of %zu interactions were left out: %s."), n, f->n_kept, why);
  f->n_kept -= n;
}

/* The weight of every kind of event; 1 where nothing was said. */
static void
find_weights (const Filter *f, double weights[256])
{
  for (guint e = 0; e < 256; e++)
    weights[e] = 1;
  for (guint e = 0; f->x->event != NULL && f->options->events != NULL && f->options->events[e] != NULL; e++)
    {
      g_autofree char *name = NULL;
      double weight;

      int event = parse_weight (f->options->events[e], &name, &weight) ? rf_catalog_builder_find_event (f->builder, name) : -1;

      if (event >= 0)
        weights[event] = weight;
    }
}

static void
filter_events (Filter *f, const double *weights)
{
  gsize n = 0;

  for (gsize k = 0; f->x->event != NULL && k < f->x->n; k++)
    if (weights[f->x->event[k]] <= 0)
      {
        f->keep[k] = 0;
        n++;
      }
  tell (f, "filter-event", n, _("events of weight 0"));
}

typedef struct
{
  guint32 user, item;
  gsize at; /* of the interaction */
} Pair;

static int
compare_pairs (const void *a, const void *b)
{
  const Pair *x = a, *y = b;

  if (x->user != y->user)
    return x->user < y->user ? -1 : 1;
  if (x->item != y->item)
    return x->item < y->item ? -1 : 1;
  return x->at < y->at ? -1 : x->at > y->at;
}

/* All a user did with an item, taken together, must weigh enough: five views may count for what one purchase does. */
static void
filter_weights (Filter *f, const double *weights)
{
  g_autofree Pair *pairs = NULL;
  gsize n = 0, dropped = 0;

  if (f->options->min_weight <= 0)
    return;
  pairs = g_new (Pair, f->x->n + 1);
  for (gsize k = 0; k < f->x->n; k++)
    if (f->keep[k])
      pairs[n++] = (Pair) { f->x->user[k], f->x->item[k], k };
  qsort (pairs, n, sizeof *pairs, compare_pairs);
  for (gsize begin = 0, end; begin < n; begin = end)
    {
      double sum = 0;

      for (end = begin; end < n && pairs[end].user == pairs[begin].user && pairs[end].item == pairs[begin].item; end++)
        sum += f->x->event != NULL ? weights[f->x->event[pairs[end].at]] : 1;
      for (gsize k = begin; k < end && sum < f->options->min_weight - 1e-9; k++)
        {
          f->keep[pairs[k].at] = 0;
          dropped++;
        }
    }
  tell (f, "filter-weight", dropped, _("of a user with an item, they weigh too little together"));
}

static void
filter_ratings (Filter *f)
{
  gsize n = 0;

  for (gsize k = 0; f->options->has_min_rating && k < f->x->n; k++)
    if (f->keep[k] && (double) f->x->rating[k] < f->options->min_rating) /* NaN is not */
      {
        f->keep[k] = 0;
        n++;
      }
  tell (f, "filter-rating", n, _("rated lower than the threshold"));
}

static void
filter_dates (Filter *f)
{
  gint64 since = f->options->since, until = f->options->until;
  gsize n = 0;

  if (since == RF_NO_TIMESTAMP && until == RF_NO_TIMESTAMP)
    return;
  for (gsize k = 0; k < f->x->n; k++)
    {
      gint64 time = f->x->timestamp[k];

      if (f->keep[k] && (time == RF_NO_TIMESTAMP || (since != RF_NO_TIMESTAMP && time < since) || (until != RF_NO_TIMESTAMP && time >= until)))
        {
          f->keep[k] = 0;
          n++;
        }
    }
  tell (f, "filter-date", n, _("outside the dates, or without a time"));
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
median (double *values, gsize n)
{
  qsort (values, n, sizeof *values, compare_doubles);
  return n == 0 ? 0 : n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* Above which count a user is unusual: ln (count) = median + 3.5 MAD / 0.6745. */
static double
unusual_count (const guint32 *count, guint32 n_users)
{
  g_autofree double *logs = g_new (double, n_users + 1);
  gsize n = 0;
  double middle, spread;

  for (guint32 u = 0; u < n_users; u++)
    if (count[u] > 0)
      logs[n++] = log (count[u]);
  middle = median (logs, n);
  for (gsize k = 0; k < n; k++)
    logs[k] = fabs (logs[k] - middle);
  spread = median (logs, n);
  return spread > 0 ? MAX (exp (middle + MAX_Z * spread / 0.6745), MIN_UNUSUAL_COUNT) : INFINITY;
}

/* The interactions of each user, by user and time. */
typedef struct
{
  guint32 user, item;
  gint64 time;
} Event;

static int
compare_events (const void *a, const void *b)
{
  const Event *x = a, *y = b;

  if (x->user != y->user)
    return x->user < y->user ? -1 : 1;
  if (x->time != y->time)
    return x->time < y->time ? -1 : 1;
  return (x->item > y->item) - (x->item < y->item);
}

static guint32
busiest_minute (const Event *events, gsize n)
{
  gsize first = 0;
  guint32 most = 0;

  for (gsize k = 0; k < n; k++)
    {
      if (events[k].time == RF_NO_TIMESTAMP)
        {
          first = k + 1;
          continue;
        }
      while (events[k].time - events[first].time >= 60)
        first++;
      most = MAX (most, (guint32) (k - first + 1));
    }
  return most;
}

static guint32
favourite (const Event *events, gsize n)
{
  g_autofree double *items = g_new (double, n + 1);
  guint32 most = 0, length = 0;

  for (gsize k = 0; k < n; k++)
    items[k] = events[k].item;
  qsort (items, n, sizeof *items, compare_doubles);
  for (gsize k = 0; k < n; k++)
    {
      length = k > 0 && compare_doubles (&items[k], &items[k - 1]) == 0 ? length + 1 : 1;
      most = MAX (most, length);
    }
  return most;
}

/* NULL: nothing is unusual. */
static char *
judge_user (const Filter *f, const Event *events, gsize n, double unusual)
{
  guint limit = f->options->max_per_minute ? f->options->max_per_minute : DEFAULT_PER_MINUTE;
  guint32 minute = busiest_minute (events, n), one = n >= MIN_ONE_ITEM ? favourite (events, n) : 0;

  if ((double) n > unusual)
    return g_strdup_printf (_("%zu interactions, where more than %.0f are unusual"), n, unusual);
  if (minute > limit)
    return g_strdup_printf (_("%u interactions within one minute"), minute);
  if ((gsize) one * 10 > n * 9)
    return g_strdup_printf (_("%u of %zu interactions with one item"), one, n);
  return NULL;
}

static Event *
sorted_events (const Filter *f, gsize *n)
{
  Event *events = g_new (Event, f->x->n + 1);

  *n = 0;
  for (gsize k = 0; k < f->x->n; k++)
    if (f->keep[k])
      events[(*n)++] = (Event) { f->x->user[k], f->x->item[k], f->x->timestamp[k] };
  qsort (events, *n, sizeof *events, compare_events);
  return events;
}

static void
filter_abnormal (Filter *f)
{
  g_autofree guint32 *count = g_new0 (guint32, f->n_users + 1);
  g_autofree guint8 *bad = g_new0 (guint8, f->n_users + 1);
  g_autofree Event *events = NULL;
  gboolean drop = f->options->abnormal == RF_ABNORMAL_DROP;
  double unusual;
  gsize n;

  if (f->options->abnormal == RF_ABNORMAL_OFF)
    return;
  events = sorted_events (f, &n);
  for (gsize k = 0; k < n; k++)
    count[events[k].user]++;
  unusual = unusual_count (count, f->n_users);
  for (gsize k = 0; k < n; k += count[events[k].user])
    {
      guint32 user = events[k].user;
      g_autofree char *why = judge_user (f, events + k, count[user], unusual);

      if (why == NULL)
        continue;
      bad[user] = 1;
      rf_import_report_add (f->report, "", 0, 0, "abnormal-user", drop ? RF_IMPORT_DROPPED : RF_IMPORT_KEPT, _("The user “%s” is unusual: %s."),
                            rf_id_map_get (rf_catalog_builder_get_users (f->builder), user), why);
    }
  n = 0;
  for (gsize k = 0; drop && k < f->x->n; k++)
    if (f->keep[k] && bad[f->x->user[k]])
      {
        f->keep[k] = 0;
        n++;
      }
  tell (f, "filter-abnormal", n, _("of unusual users"));
}

/* One round: counts, then drops what belongs to a user or an item below k. Returns how many. */
static gsize
core_round (Filter *f, guint32 *users, guint32 *items)
{
  gsize n = 0;

  memset (users, 0, f->n_users * sizeof *users);
  memset (items, 0, f->n_items * sizeof *items);
  for (gsize k = 0; k < f->x->n; k++)
    if (f->keep[k])
      {
        users[f->x->user[k]]++;
        items[f->x->item[k]]++;
      }
  for (gsize k = 0; k < f->x->n; k++)
    if (f->keep[k] && (users[f->x->user[k]] < f->options->k_core || items[f->x->item[k]] < f->options->k_core))
      {
        f->keep[k] = 0;
        n++;
      }
  return n;
}

/* keep_item: who stays; NULL without a k-core: items that nobody chose are cold, not superfluous. */
static guint8 *
filter_core (Filter *f)
{
  g_autofree guint32 *users = g_new0 (guint32, f->n_users + 1), *items = g_new0 (guint32, f->n_items + 1);
  guint8 *keep_item;
  gsize all = 0, n;

  if (f->options->k_core < 2)
    return NULL;
  while ((n = core_round (f, users, items)) > 0)
    all += n;
  tell (f, "filter-k-core", all, _("users or items with too few"));
  keep_item = g_new0 (guint8, f->n_items + 1);
  for (guint32 i = 0; i < f->n_items; i++)
    keep_item[i] = items[i] > 0;
  return keep_item;
}

/* What a catalog amounts to: interactions, and users and items that have one. */
typedef struct
{
  gsize interactions;
  guint32 users, items;
} Amount;

static Amount
measure (const Filter *f)
{
  g_autofree guint8 *user = g_new0 (guint8, f->n_users + 1), *item = g_new0 (guint8, f->n_items + 1);
  Amount amount = { 0 };

  for (gsize k = 0; k < f->x->n; k++)
    if (f->keep[k])
      {
        amount.interactions++;
        amount.users += !user[f->x->user[k]];
        amount.items += !item[f->x->item[k]];
        user[f->x->user[k]] = item[f->x->item[k]] = 1;
      }
  return amount;
}

static void
tell_result (const Filter *f, const Amount *before)
{
  Amount after = measure (f);

  if (after.interactions < before->interactions)
    rf_import_report_add (f->report, "", 0, 0, "filter-result", RF_IMPORT_KEPT,
                          _("%zu of %zu interactions are left, of %u of %u users, with %u of %u items."),
                          after.interactions, before->interactions, after.users, before->users, after.items, before->items);
}

void
rf_catalog_filter (RfCatalogBuilder *builder, const RfFilterOptions *options, RfImportReport *report)
{
  Filter f = { .x = rf_catalog_builder_get_interactions (builder), .builder = builder, .options = options, .report = report };
  g_autofree guint8 *keep_item = NULL;
  double weights[256];
  Amount before;

  f.n_users = rf_catalog_builder_get_users (builder)->n_ids;
  f.n_items = rf_catalog_builder_get_n_items (builder);
  f.n_kept = f.x->n;
  f.keep = g_malloc (MAX (f.x->n, 1));
  memset (f.keep, 1, f.x->n);
  before = measure (&f);
  find_weights (&f, weights);
  filter_events (&f, weights);
  filter_weights (&f, weights);
  filter_ratings (&f);
  filter_dates (&f);
  filter_abnormal (&f);
  keep_item = filter_core (&f);
  tell_result (&f, &before);
  rf_catalog_builder_select (builder, keep_item, f.keep);
  g_free (f.keep);
}
