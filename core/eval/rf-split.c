/* rf-split.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/eval/rf-split.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-rng.h"

/* Streams of the random numbers beyond those of the users (0 .. 2^32 - 1). */
#define STREAM_ITEMS (G_GUINT64_CONSTANT (1) << 32)
#define STREAM_USERS (G_GUINT64_CONSTANT (2) << 32)

/* Where a pair goes; the first three are RfPart. */
enum
{
  TO_GIVEN = 3, /* history of a cold user */
  TO_NOWHERE = 4,
};

typedef struct
{
  guint32 user, item;
  gint64 time;
  gsize record; /* place in the file: the order of equal times */
  guint8 given; /* the part that the data names */
  guint8 to;
} Pair;

typedef struct
{
  guint32 n_users, n_items;
  const RfSplitOptions *options;
  Pair *pairs; /* by user; inside a user by time for splits by time, else by item */
  gsize *ptr;  /* n_users + 1 */
} Cut;

RfSplitOptions
rf_split_options_from_config (const RfConfig *config)
{
  static const char *const names[] = { "random", "leave-last", "user-time", "global-time", "k-fold", "given", "cold-item", "cold-user", NULL };
  const char *method = rf_config_get (config, "split.method");
  RfSplitOptions options = {
    .method = RF_SPLIT_RANDOM,
    .seed = (guint64) rf_config_get_int (config, rf_config_get_int (config, "split.seed") >= 0 ? "split.seed" : "seed"),
    .max_train = (guint) rf_config_get_int (config, "split.max_train"),
    .valid = rf_config_get_real (config, "split.valid"),
    .test = rf_config_get_real (config, "split.test"),
    .folds = (guint) rf_config_get_int (config, "split.folds"),
    .fold = (guint) rf_config_get_int (config, "split.fold"),
  };

  for (guint i = 0; names[i]; i++)
    if (strcmp (names[i], method) == 0)
      options.method = (RfSplitMethod) i;
  return options;
}

static gboolean
is_by_time (RfSplitMethod method)
{
  return method == RF_SPLIT_LEAVE_LAST || method == RF_SPLIT_USER_TIME || method == RF_SPLIT_GLOBAL_TIME;
}

static int
by_item (const void *a, const void *b)
{
  const Pair *x = a, *y = b;

  if (x->item != y->item)
    return x->item < y->item ? -1 : 1;
  if (x->time != y->time)
    return x->time < y->time ? -1 : 1;
  return x->record < y->record ? -1 : x->record > y->record;
}

static int
by_time (const void *a, const void *b)
{
  const Pair *x = a, *y = b;

  if (x->time != y->time)
    return x->time < y->time ? -1 : 1;
  return x->record < y->record ? -1 : x->record > y->record;
}

/* Sorts the n records of one user and keeps one for each item: the earliest, in the earliest of the parts that the data names. */
static gsize
unite (Pair *pairs, gsize n)
{
  gsize kept = 0;

  qsort (pairs, n, sizeof *pairs, by_item);
  for (gsize p = 0; p < n; p++)
    if (kept > 0 && pairs[kept - 1].item == pairs[p].item)
      pairs[kept - 1].given = MIN (pairs[kept - 1].given, pairs[p].given);
    else
      pairs[kept++] = pairs[p];
  return kept;
}

static void
cut_init (Cut *cut, guint32 n_users, guint32 n_items, const RfInteractions *x, const RfSplitOptions *options)
{
  g_autofree gsize *next = g_new0 (gsize, (gsize) n_users + 1);
  gsize kept = 0, begin = 0;

  *cut = (Cut) { n_users, n_items, options, g_new (Pair, x->n + 1), g_new0 (gsize, (gsize) n_users + 1) };
  for (gsize r = 0; r < x->n; r++)
    next[x->user[r] + 1]++;
  for (guint32 u = 0; u < n_users; u++)
    next[u + 1] += next[u];
  for (gsize r = 0; r < x->n; r++)
    cut->pairs[next[x->user[r]]++] = (Pair) { x->user[r], x->item[r], x->timestamp ? x->timestamp[r] : RF_NO_TIMESTAMP, r,
                                              x->part ? x->part[r] : RF_PART_TRAIN, RF_PART_TRAIN };
  /* next[u] is now the end of user u. */
  for (guint32 u = 0; u < n_users; u++)
    {
      gsize n = unite (cut->pairs + begin, next[u] - begin);

      memmove (cut->pairs + kept, cut->pairs + begin, n * sizeof *cut->pairs);
      if (is_by_time (options->method))
        qsort (cut->pairs + kept, n, sizeof *cut->pairs, by_time);
      kept += n;
      begin = next[u];
      cut->ptr[u + 1] = kept;
    }
}

static void
cut_clear (Cut *cut)
{
  g_free (cut->pairs);
  g_free (cut->ptr);
}

/* floor (share n), where n a share such as .2 * 15 must not become 2.9999. */
static gsize
share_of (double share, gsize n)
{
  return (gsize) floor (share * (double) n + 1e-9);
}

/* How many of n items are held out for validation and for test: see RfSplitMethod. */
static void
held_out_counts (const RfSplitOptions *options, gsize n, gsize *valid, gsize *test)
{
  gsize held = share_of (options->valid + options->test, n);

  if (n < 3)
    *valid = *test = 0;
  else if (n < 10)
    *valid = *test = 1;
  else
    {
      *valid = share_of (options->valid / (options->valid + options->test), held);
      *test = held - *valid;
    }
}

/* An order of the user's pairs: shuffled, or as they are. */
static guint32 *
order_of_user (const Cut *cut, guint32 user, gboolean shuffled)
{
  gsize n = cut->ptr[user + 1] - cut->ptr[user];
  guint32 *order = g_new (guint32, n + 1);
  RfRng rng = rf_rng_new (cut->options->seed, user);

  for (gsize p = 0; p < n; p++)
    order[p] = (guint32) p;
  if (shuffled)
    rf_rng_shuffle_u32 (&rng, order, n);
  return order;
}

/* Marks the last places of the order: train, then valid, then test. */
static void
cut_user (Cut *cut, guint32 user, gboolean shuffled, gsize valid, gsize test)
{
  Pair *pairs = cut->pairs + cut->ptr[user];
  gsize n = cut->ptr[user + 1] - cut->ptr[user];
  g_autofree guint32 *order = order_of_user (cut, user, shuffled);

  for (gsize j = 0; j < n; j++)
    pairs[order[j]].to = j < n - valid - test ? RF_PART_TRAIN : j < n - test ? RF_PART_VALID : RF_PART_TEST;
}

static void
cut_inside_users (Cut *cut)
{
  const RfSplitOptions *o = cut->options;

  for (guint32 u = 0; u < cut->n_users; u++)
    {
      gsize n = cut->ptr[u + 1] - cut->ptr[u], valid, test;

      if (o->method == RF_SPLIT_LEAVE_LAST)
        valid = test = n >= 3;
      else
        held_out_counts (o, n, &valid, &test);
      cut_user (cut, u, o->method == RF_SPLIT_RANDOM, valid, test);
    }
}

static int
compare_times (const void *a, const void *b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

static void
cut_by_moment (Cut *cut)
{
  gsize n = cut->ptr[cut->n_users];
  g_autofree gint64 *times = g_new (gint64, n + 1);
  gint64 valid_from, test_from;

  if (n == 0)
    return;
  for (gsize p = 0; p < n; p++)
    times[p] = cut->pairs[p].time;
  qsort (times, n, sizeof *times, compare_times);
  valid_from = times[MIN (share_of (1 - cut->options->valid - cut->options->test, n), n - 1)];
  test_from = times[MIN (share_of (1 - cut->options->test, n), n - 1)];
  for (gsize p = 0; p < n; p++)
    cut->pairs[p].to = cut->pairs[p].time >= test_from ? RF_PART_TEST : cut->pairs[p].time >= valid_from ? RF_PART_VALID : RF_PART_TRAIN;
}

/* Each user starts at a fold of their own, else short histories would all end in the first folds. */
static void
deal_folds (Cut *cut)
{
  guint k = cut->options->folds;

  for (guint32 u = 0; u < cut->n_users; u++)
    {
      Pair *pairs = cut->pairs + cut->ptr[u];
      gsize n = cut->ptr[u + 1] - cut->ptr[u];
      g_autofree guint32 *order = order_of_user (cut, u, TRUE);
      guint start = (guint) (rf_hash_mix (cut->options->seed, u) % k);

      for (gsize j = 0; j < n; j++)
        {
          guint fold = (guint) ((start + j) % k);

          pairs[order[j]].to = fold == cut->options->fold                ? RF_PART_TEST
                               : fold == (cut->options->fold + 1) % k ? RF_PART_VALID
                                                                        : RF_PART_TRAIN;
        }
    }
}

static void
follow_data (Cut *cut)
{
  for (gsize p = 0; p < cut->ptr[cut->n_users]; p++)
    cut->pairs[p].to = cut->pairs[p].given <= RF_PART_TEST ? cut->pairs[p].given : TO_NOWHERE;
}

static guint32 *
shuffled_indices (guint64 seed, guint64 stream, guint32 n)
{
  guint32 *order = g_new (guint32, (gsize) n + 1);
  RfRng rng = rf_rng_new (seed, stream);

  for (guint32 i = 0; i < n; i++)
    order[i] = i;
  rf_rng_shuffle_u32 (&rng, order, n);
  return order;
}

static void
hold_out_items (Cut *cut)
{
  g_autofree guint32 *order = shuffled_indices (cut->options->seed, STREAM_ITEMS, cut->n_items);
  g_autofree guint8 *to = g_malloc0 ((gsize) cut->n_items + 1);
  gsize valid = share_of (cut->options->valid, cut->n_items), test = share_of (cut->options->test, cut->n_items);

  for (gsize i = 0; i < valid + test; i++)
    to[order[i]] = i < valid ? RF_PART_VALID : RF_PART_TEST;
  for (gsize p = 0; p < cut->ptr[cut->n_users]; p++)
    cut->pairs[p].to = to[cut->pairs[p].item];
}

static void
give_and_test (Cut *cut, guint32 user)
{
  Pair *pairs = cut->pairs + cut->ptr[user];
  gsize n = cut->ptr[user + 1] - cut->ptr[user], test = MAX (n / 5, 1);

  cut_user (cut, user, TRUE, 0, test);
  for (gsize p = 0; p < n; p++)
    if (pairs[p].to == RF_PART_TRAIN)
      pairs[p].to = TO_GIVEN;
}

static void
hold_out_users (Cut *cut)
{
  g_autofree guint32 *order = shuffled_indices (cut->options->seed, STREAM_USERS, cut->n_users);
  gsize cold = share_of (cut->options->test, cut->n_users);

  for (guint32 j = 0; j < cut->n_users; j++)
    {
      guint32 u = order[j];
      gsize n = cut->ptr[u + 1] - cut->ptr[u], valid, test;

      held_out_counts (cut->options, n, &valid, &test);
      if (j < cold && n >= 3)
        give_and_test (cut, u);
      else
        cut_user (cut, u, TRUE, valid, 0);
    }
}

/* Leaves out all but max_train training pairs of a user: of splits by time the earliest ones go, else the last of the shuffle. */
static void
thin_user (Cut *cut, guint32 user)
{
  Pair *pairs = cut->pairs + cut->ptr[user];
  gsize n = cut->ptr[user + 1] - cut->ptr[user], kept = 0;
  gboolean timed = is_by_time (cut->options->method);
  g_autofree guint32 *order = order_of_user (cut, user, !timed);

  for (gsize j = 0; j < n; j++)
    {
      Pair *pair = &pairs[order[timed ? n - 1 - j : j]];

      if ((pair->to == RF_PART_TRAIN || pair->to == TO_GIVEN) && kept++ >= cut->options->max_train)
        pair->to = TO_NOWHERE;
    }
}

/* Held-out pairs of users of whom nothing is known cannot be ranked: MMRec and RecBole drop them too. */
static gsize
drop_unknown_users (Cut *cut)
{
  gsize dropped = 0;

  for (guint32 u = 0; u < cut->n_users; u++)
    {
      gboolean known = FALSE;

      for (gsize p = cut->ptr[u]; p < cut->ptr[u + 1] && !known; p++)
        known = cut->pairs[p].to == RF_PART_TRAIN || cut->pairs[p].to == TO_GIVEN;
      for (gsize p = cut->ptr[u]; p < cut->ptr[u + 1] && !known; p++)
        if (cut->pairs[p].to != TO_NOWHERE)
          {
            cut->pairs[p].to = TO_NOWHERE;
            dropped++;
          }
    }
  return dropped;
}

/* The pairs whose destination is in the bit set `wanted`. */
static RfCsr *
collect (const Cut *cut, guint wanted)
{
  gsize n = cut->ptr[cut->n_users], kept = 0;
  g_autofree guint32 *user = g_new (guint32, n + 1), *item = g_new (guint32, n + 1);

  for (gsize p = 0; p < n; p++)
    if (wanted & 1u << cut->pairs[p].to)
      {
        user[kept] = cut->pairs[p].user;
        item[kept++] = cut->pairs[p].item;
      }
  return rf_csr_new_from_pairs (cut->n_users, cut->n_items, kept, user, item, NULL);
}

static void
hash_csr (GChecksum *checksum, const RfCsr *csr)
{
  for (guint32 r = 0; r <= csr->rows; r++)
    {
      guint64 at = GUINT64_TO_LE ((guint64) csr->ptr[r]);

      g_checksum_update (checksum, (const guchar *) &at, sizeof at);
    }
  g_checksum_update (checksum, (const guchar *) csr->idx, (gssize) (csr->ptr[csr->rows] * sizeof *csr->idx));
}

static RfSplit *
split_from_cut (const Cut *cut)
{
  RfSplit *self = g_new0 (RfSplit, 1);
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint p = 0; p < 3; p++)
    {
      self->part[p] = collect (cut, 1u << p);
      hash_csr (checksum, self->part[p]);
    }
  self->history = self->part[RF_PART_TRAIN];
  if (cut->options->method == RF_SPLIT_COLD_USER)
    {
      self->history = collect (cut, 1u << RF_PART_TRAIN | 1u << TO_GIVEN);
      hash_csr (checksum, self->history);
    }
  self->hash = g_strdup (g_checksum_get_string (checksum));
  return self;
}

static gboolean
check_data (const RfInteractions *x, const RfSplitOptions *options, GError **error)
{
  gsize timeless = 0;

  if (options->method == RF_SPLIT_GIVEN && x->part == NULL)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_DATA, _("This catalog brings no split of its own (a column x_label, or part files); choose another split.method."));
      return FALSE;
    }
  if (options->valid <= 0 || options->test <= 0 || options->valid + options->test >= 1)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("The shares split.valid and split.test must be above 0 and together below 1; they are %g and %g."), options->valid, options->test);
      return FALSE;
    }
  if (options->method == RF_SPLIT_KFOLD && (options->folds < 3 || options->fold >= options->folds))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("There must be at least 3 folds, numbered from 0; fold %u of %u does not exist."), options->fold, options->folds);
      return FALSE;
    }
  if (!is_by_time (options->method))
    return TRUE;
  for (gsize r = 0; r < x->n; r++)
    timeless += x->timestamp == NULL || x->timestamp[r] == RF_NO_TIMESTAMP;
  if (timeless > 0)
    g_set_error (error, RF_ERROR, RF_ERROR_DATA, _("A split by time needs a time for every interaction, and %zu of %zu have none; choose another split.method."), timeless, x->n);
  return timeless == 0;
}

static gboolean
check_parts (const RfSplit *self, GError **error)
{
  static const char *const names[] = { N_("train"), N_("validation"), N_("test") };

  for (int p = 0; p < 3; p++)
    if (self->part[p]->ptr[self->part[p]->rows] == 0 && p != RF_PART_VALID)
      {
        g_set_error (error, RF_ERROR, RF_ERROR_DATA, _("This split leaves nothing in the %s part; choose another split.method or more data."), _(names[p]));
        return FALSE;
      }
  return TRUE;
}

static gsize
cut_all (Cut *cut)
{
  switch (cut->options->method)
    {
    case RF_SPLIT_GLOBAL_TIME: cut_by_moment (cut); break;
    case RF_SPLIT_KFOLD: deal_folds (cut); break;
    case RF_SPLIT_GIVEN: follow_data (cut); break;
    case RF_SPLIT_COLD_ITEM: hold_out_items (cut); break;
    case RF_SPLIT_COLD_USER: hold_out_users (cut); break;
    case RF_SPLIT_RANDOM:
    case RF_SPLIT_LEAVE_LAST:
    case RF_SPLIT_USER_TIME:
    default: cut_inside_users (cut); break;
    }
  if (cut->options->max_train > 0)
    for (guint32 u = 0; u < cut->n_users; u++)
      thin_user (cut, u);
  return drop_unknown_users (cut);
}

RfSplit *
rf_split_new (guint32 n_users, guint32 n_items, const RfInteractions *interactions, const RfSplitOptions *options, GError **error)
{
  g_autoptr(RfSplit) self = NULL;
  gsize dropped;
  Cut cut;

  if (!check_data (interactions, options, error))
    return NULL;
  cut_init (&cut, n_users, n_items, interactions, options);
  dropped = cut_all (&cut);
  self = split_from_cut (&cut);
  self->n_dropped = dropped;
  cut_clear (&cut);
  return check_parts (self, error) ? g_steal_pointer (&self) : NULL;
}

RfSplit *
rf_split_new_from_catalog (const RfCatalog *catalog, const RfSplitOptions *options, GError **error)
{
  return rf_split_new (rf_catalog_get_n_users (catalog), rf_catalog_get_n_items (catalog), rf_catalog_get_interactions (catalog), options, error);
}

void
rf_split_free (RfSplit *self)
{
  if (self == NULL)
    return;
  if (self->history != self->part[RF_PART_TRAIN])
    rf_csr_free (self->history);
  for (int p = 0; p < 3; p++)
    rf_csr_free (self->part[p]);
  g_free (self->hash);
  g_free (self);
}

int
rf_split_find (const RfSplit *self, guint32 user, guint32 item)
{
  for (int p = 0; p < 3; p++)
    if (rf_csr_contains (self->part[p], user, item))
      return p;
  return -1;
}

gboolean
rf_split_export (const RfSplit *self, const RfInteractions *x, const char *path, GError **error)
{
  g_autoptr(GString) text = g_string_new ("userID\titemID\trating\ttimestamp\tx_label\n");

  for (gsize r = 0; r < x->n; r++)
    {
      int part = rf_split_find (self, x->user[r], x->item[r]);
      char rating[G_ASCII_DTOSTR_BUF_SIZE] = "1";

      if (part < 0)
        continue;
      if (x->rating && !isnan (x->rating[r]))
        g_ascii_formatd (rating, sizeof rating, "%.6g", (double) x->rating[r]);
      g_string_append_printf (text, "%u\t%u\t%s\t%" G_GINT64_FORMAT "\t%d\n", x->user[r], x->item[r], rating,
                              x->timestamp && x->timestamp[r] != RF_NO_TIMESTAMP ? x->timestamp[r] : (gint64) 0, part);
    }
  return g_file_set_contents (path, text->str, (gssize) text->len, error);
}
