/* test-split.c: counts by the rule, nothing in two parts, the same seed the same split, and what each method promises.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-rng.h"
#include "core/eval/rf-split.h"

#define N_USERS 60
#define N_ITEMS 200

/* User u has u + 1 distinct items, the first of them twice; times rise with the record, two records sharing each moment. */
typedef struct
{
  guint32 *user, *item;
  gint64 *time;
  guint8 *part;
  RfInteractions x;
} World;

static void
world_init (World *w)
{
  gsize room = N_USERS * (N_USERS + 3), n = 0;
  RfRng rng = rf_rng_new (5, 5);

  w->user = g_new (guint32, room);
  w->item = g_new (guint32, room);
  w->time = g_new (gint64, room);
  w->part = g_new (guint8, room);
  for (guint32 u = 0; u < N_USERS; u++)
    {
      guint32 first = rf_rng_below (&rng, N_ITEMS);

      for (guint32 j = 0; j < u + 2; j++, n++)
        {
          w->user[n] = u;
          w->item[n] = (first + (j == u + 1 ? 0 : j * 7)) % N_ITEMS; /* 7 and 200 share no factor: distinct */
          w->time[n] = (gint64) (rf_rng_below (&rng, 5000) / 2);
          w->part[n] = (guint8) (n % 10 == 0 ? 1 : n % 10 == 1 ? 2 : 0);
        }
    }
  w->x = (RfInteractions) { .n = n, .user = w->user, .item = w->item, .timestamp = w->time, .part = w->part };
}

static void
world_clear (World *w)
{
  g_free (w->user);
  g_free (w->item);
  g_free (w->time);
  g_free (w->part);
}

static RfSplitOptions
options_of (RfSplitMethod method)
{
  return (RfSplitOptions) { .method = method, .seed = 1, .valid = .1, .test = .1, .folds = 5 };
}

static RfSplit *
split_of (const World *w, RfSplitOptions options)
{
  g_autoptr(GError) error = NULL;
  RfSplit *split = rf_split_new (N_USERS, N_ITEMS, &w->x, &options, &error);

  g_assert_no_error (error);
  return split;
}

static gsize
total (const RfCsr *csr)
{
  return csr->ptr[csr->rows];
}

/* The earliest time of a pair in the data. */
static gint64
time_of (const World *w, guint32 user, guint32 item)
{
  gint64 best = G_MAXINT64;

  for (gsize r = 0; r < w->x.n; r++)
    if (w->user[r] == user && w->item[r] == item)
      best = MIN (best, w->time[r]);
  return best;
}

static void
assert_disjoint (const RfSplit *split)
{
  for (int p = 0; p < 3; p++)
    for (guint32 u = 0; u < N_USERS; u++)
      for (gsize j = 0; j < rf_csr_row_length (split->part[p], u); j++)
        g_assert_cmpint (rf_split_find (split, u, rf_csr_row (split->part[p], u)[j]), ==, p);
}

static void
assert_counts (const RfSplit *split, guint32 u, gsize train, gsize valid, gsize test)
{
  g_assert_cmpuint (rf_csr_row_length (split->part[RF_PART_TRAIN], u), ==, train);
  g_assert_cmpuint (rf_csr_row_length (split->part[RF_PART_VALID], u), ==, valid);
  g_assert_cmpuint (rf_csr_row_length (split->part[RF_PART_TEST], u), ==, test);
}

/* One user, item i at moment i: of ten, the last two are for the test and the one before them for validation. The moment from which the test
 * goes on is part of it. */
static void
test_ten_moments (void)
{
  const guint32 user[10] = { 0 }, item[10] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
  const gint64 time[10] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
  const RfInteractions x = { .n = 10, .user = (guint32 *) user, .item = (guint32 *) item, .timestamp = (gint64 *) time };
  const RfSplitOptions options = { .method = RF_SPLIT_GLOBAL_TIME, .seed = 1, .valid = .1, .test = .2, .folds = 5 };
  g_autoptr(RfSplit) split = rf_split_new (1, 10, &x, &options, NULL);

  for (guint32 i = 0; i < 10; i++)
    g_assert_cmpint (rf_split_find (split, 0, i), ==, i < 7 ? RF_PART_TRAIN : i < 8 ? RF_PART_VALID : RF_PART_TEST);
}

/* .01 + .09 of ten is one, though the product in double is a little less. */
static void
test_rounding (void)
{
  World w;
  g_autoptr(RfSplit) split = NULL;
  RfSplitOptions options = options_of (RF_SPLIT_RANDOM);

  world_init (&w);
  options.valid = .01;
  options.test = .09;
  split = split_of (&w, options);
  assert_counts (split, 9, 9, 0, 1);
  world_clear (&w);
}

/* MMRec: n < 10: one and one; else int (.2 n) held out, half of it, rounded down, for validation. */
static void
test_random_counts (void)
{
  World w;
  g_autoptr(RfSplit) split = NULL;

  world_init (&w);
  split = split_of (&w, options_of (RF_SPLIT_RANDOM));
  assert_disjoint (split);
  assert_counts (split, 0, 1, 0, 0);
  assert_counts (split, 1, 2, 0, 0);
  assert_counts (split, 2, 1, 1, 1);
  assert_counts (split, 8, 7, 1, 1);
  assert_counts (split, 9, 8, 1, 1);
  assert_counts (split, 14, 12, 1, 2);
  assert_counts (split, 19, 16, 2, 2);
  assert_counts (split, 34, 28, 3, 4);
  assert_counts (split, 59, 48, 6, 6);
  g_assert_true (split->history == split->part[RF_PART_TRAIN]);
  world_clear (&w);
}

static void
test_seed_and_hash (void)
{
  World w;
  RfSplitOptions options = options_of (RF_SPLIT_RANDOM);
  g_autoptr(RfSplit) a = NULL, b = NULL, c = NULL, d = NULL;

  world_init (&w);
  a = split_of (&w, options);
  b = split_of (&w, options);
  options.seed = 2;
  c = split_of (&w, options);
  options.seed = 1;
  options.max_train = 3;
  d = split_of (&w, options);
  g_assert_cmpstr (a->hash, ==, b->hash);
  g_assert_cmpstr (a->hash, !=, c->hash);
  g_assert_cmpstr (a->hash, !=, d->hash);
  for (guint32 u = 0; u < N_USERS; u++)
    {
      g_assert_cmpuint (rf_csr_row_length (d->part[RF_PART_TRAIN], u), ==, MIN (rf_csr_row_length (a->part[RF_PART_TRAIN], u), 3));
      for (gsize j = 0; j < rf_csr_row_length (d->part[RF_PART_TRAIN], u); j++)
        g_assert_true (rf_csr_contains (a->part[RF_PART_TRAIN], u, rf_csr_row (d->part[RF_PART_TRAIN], u)[j]));
      g_assert_cmpmem (rf_csr_row (a->part[RF_PART_TEST], u), rf_csr_row_length (a->part[RF_PART_TEST], u) * sizeof (guint32),
                       rf_csr_row (d->part[RF_PART_TEST], u), rf_csr_row_length (d->part[RF_PART_TEST], u) * sizeof (guint32));
    }
  world_clear (&w);
}

/* Nothing held out is earlier than anything trained on, inside each user. */
static void
assert_user_order (const World *w, const RfSplit *split)
{
  for (guint32 u = 0; u < N_USERS; u++)
    {
      gint64 last = G_MININT64;

      for (int p = 0; p < 3; p++)
        {
          gint64 first = G_MAXINT64, latest = last;

          for (gsize j = 0; j < rf_csr_row_length (split->part[p], u); j++)
            {
              gint64 t = time_of (w, u, rf_csr_row (split->part[p], u)[j]);

              first = MIN (first, t);
              latest = MAX (latest, t);
            }
          g_assert_cmpint (first, >=, last);
          last = latest;
        }
    }
}

static void
test_leave_last (void)
{
  World w;
  g_autoptr(RfSplit) split = NULL;

  world_init (&w);
  split = split_of (&w, options_of (RF_SPLIT_LEAVE_LAST));
  assert_disjoint (split);
  assert_user_order (&w, split);
  assert_counts (split, 1, 2, 0, 0);
  for (guint32 u = 2; u < N_USERS; u++)
    assert_counts (split, u, u - 1, 1, 1);
  world_clear (&w);
}

static void
test_user_time (void)
{
  World w;
  RfSplitOptions options = options_of (RF_SPLIT_USER_TIME);
  g_autoptr(RfSplit) split = NULL, thin = NULL;

  world_init (&w);
  split = split_of (&w, options);
  assert_disjoint (split);
  assert_user_order (&w, split);
  assert_counts (split, 59, 48, 6, 6);
  /* Thinned, the latest five stay. */
  options.max_train = 5;
  thin = split_of (&w, options);
  for (gsize j = 0; j < 48; j++)
    {
      guint32 item = rf_csr_row (split->part[RF_PART_TRAIN], 59)[j];
      gsize later = 0;

      for (gsize i = 0; i < 48; i++)
        later += time_of (&w, 59, rf_csr_row (split->part[RF_PART_TRAIN], 59)[i]) > time_of (&w, 59, item);
      if (rf_csr_contains (thin->part[RF_PART_TRAIN], 59, item))
        g_assert_cmpuint (later, <, 5);
    }
  world_clear (&w);
}

static void
test_global_time (void)
{
  World w;
  gint64 first[3] = { G_MAXINT64, G_MAXINT64, G_MAXINT64 }, last[3] = { G_MININT64, G_MININT64, G_MININT64 };
  g_autoptr(RfSplit) split = NULL;
  double n = 0;

  world_init (&w);
  split = split_of (&w, options_of (RF_SPLIT_GLOBAL_TIME));
  assert_disjoint (split);
  for (int p = 0; p < 3; p++)
    {
      n += (double) total (split->part[p]);
      for (guint32 u = 0; u < N_USERS; u++)
        for (gsize j = 0; j < rf_csr_row_length (split->part[p], u); j++)
          {
            gint64 t = time_of (&w, u, rf_csr_row (split->part[p], u)[j]);

            first[p] = MIN (first[p], t);
            last[p] = MAX (last[p], t);
          }
    }
  g_assert_cmpint (last[0], <, first[1]);
  g_assert_cmpint (last[1], <, first[2]);
  n += (double) split->n_dropped;
  g_assert_cmpfloat_with_epsilon (n, N_USERS * (N_USERS + 1) / 2.0, 0.5);
  g_assert_cmpfloat_with_epsilon ((double) total (split->part[RF_PART_TRAIN]) / n, .8, .01);
  for (guint32 u = 0; u < N_USERS; u++)
    if (rf_csr_row_length (split->part[RF_PART_TEST], u) > 0)
      g_assert_cmpuint (rf_csr_row_length (split->part[RF_PART_TRAIN], u), >, 0);
  world_clear (&w);
}

/* Over the five folds each pair is tested once; users of one or two items that have nothing left to train on are left out. */
static void
test_folds (void)
{
  World w;
  gsize tested = 0, dropped = 0, valid = 0;

  world_init (&w);
  for (guint fold = 0; fold < 5; fold++)
    {
      RfSplitOptions options = options_of (RF_SPLIT_KFOLD);
      g_autoptr(RfSplit) split = NULL, next = NULL;

      options.fold = fold;
      split = split_of (&w, options);
      assert_disjoint (split);
      tested += total (split->part[RF_PART_TEST]);
      valid += total (split->part[RF_PART_VALID]);
      dropped += split->n_dropped;
      g_assert_cmpuint (rf_csr_row_length (split->part[RF_PART_TEST], 59), ==, 12);
      options.fold = (fold + 1) % 5;
      next = split_of (&w, options);
      g_assert_cmpuint (rf_csr_row_length (next->part[RF_PART_TEST], 59), ==, 12);
      for (gsize j = 0; j < 12; j++) /* the fold that is tested next */
        g_assert_cmpint (rf_split_find (split, 59, rf_csr_row (next->part[RF_PART_TEST], 59)[j]), ==, RF_PART_VALID);
    }
  g_assert_cmpuint (tested + valid + dropped, ==, 2 * N_USERS * (N_USERS + 1) / 2);
  g_assert_cmpuint (dropped, <=, 6);
  world_clear (&w);
}

static void
test_given (void)
{
  World w;
  g_autoptr(RfSplit) split = NULL;
  g_autoptr(GError) error = NULL;
  RfSplitOptions options = options_of (RF_SPLIT_GIVEN);

  world_init (&w);
  split = split_of (&w, options);
  assert_disjoint (split);
  for (gsize r = 0; r < w.x.n; r++)
    {
      guint8 expected = w.part[r];
      int found = rf_split_find (split, w.user[r], w.item[r]);

      for (gsize s = 0; s < w.x.n; s++)
        if (w.user[s] == w.user[r] && w.item[s] == w.item[r])
          expected = MIN (expected, w.part[s]);
      g_assert_true (found == expected || (found == -1 && rf_csr_row_length (split->part[RF_PART_TRAIN], w.user[r]) == 0));
    }
  w.x.part = NULL;
  g_assert_null (rf_split_new (N_USERS, N_ITEMS, &w.x, &options, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_DATA);
  world_clear (&w);
}

static void
test_cold_items (void)
{
  World w;
  g_autoptr(RfSplit) split = NULL;
  guint8 seen[N_ITEMS] = { 0 };
  guint n_seen[8] = { 0 };

  world_init (&w);
  split = split_of (&w, options_of (RF_SPLIT_COLD_ITEM));
  for (int p = 0; p < 3; p++)
    for (gsize e = 0; e < total (split->part[p]); e++)
      seen[split->part[p]->idx[e]] |= (guint8) (1 << p);
  for (guint32 i = 0; i < N_ITEMS; i++)
    n_seen[seen[i]]++;
  /* Every item is in one part only, and a tenth of the 200 in validation and in test. */
  g_assert_cmpuint (n_seen[3] + n_seen[5] + n_seen[6] + n_seen[7], ==, 0);
  g_assert_cmpuint (n_seen[2], ==, 20);
  g_assert_cmpuint (n_seen[4], ==, 20);
  world_clear (&w);
}

static void
test_cold_users (void)
{
  World w;
  g_autoptr(RfSplit) split = NULL;
  guint cold = 0;

  world_init (&w);
  split = split_of (&w, options_of (RF_SPLIT_COLD_USER));
  assert_disjoint (split);
  for (guint32 u = 0; u < N_USERS; u++)
    {
      gsize test = rf_csr_row_length (split->part[RF_PART_TEST], u), train = rf_csr_row_length (split->part[RF_PART_TRAIN], u);

      if (test == 0)
        {
          g_assert_cmpuint (rf_csr_row_length (split->history, u), ==, train);
          continue;
        }
      cold++;
      g_assert_cmpuint (train, ==, 0);
      g_assert_cmpuint (rf_csr_row_length (split->part[RF_PART_VALID], u), ==, 0);
      g_assert_cmpuint (test, ==, MAX ((u + 1) / 5, 1));
      g_assert_cmpuint (rf_csr_row_length (split->history, u) + test, ==, u + 1);
      for (gsize j = 0; j < test; j++)
        g_assert_false (rf_csr_contains (split->history, u, rf_csr_row (split->part[RF_PART_TEST], u)[j]));
    }
  g_assert_cmpuint (cold, >=, 4);
  g_assert_cmpuint (cold, <=, 6);
  world_clear (&w);
}

static void
test_refuses (void)
{
  World w;
  g_autoptr(GError) error = NULL;
  RfSplitOptions options = options_of (RF_SPLIT_USER_TIME);

  world_init (&w);
  w.time[7] = RF_NO_TIMESTAMP;
  g_assert_null (rf_split_new (N_USERS, N_ITEMS, &w.x, &options, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "1 of"));
  g_clear_error (&error);
  options = options_of (RF_SPLIT_KFOLD);
  options.fold = 5;
  g_assert_null (rf_split_new (N_USERS, N_ITEMS, &w.x, &options, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CONFIG);
  g_clear_error (&error);
  options = options_of (RF_SPLIT_RANDOM);
  w.x.n = 2; /* one user, one item: nothing to test on */
  g_assert_null (rf_split_new (N_USERS, N_ITEMS, &w.x, &options, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_DATA);
  world_clear (&w);
}

/* What was exported, read back line by line, is the same split. */
static void
test_export (void)
{
  World w;
  g_autoptr(RfSplit) split = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("refract-split-XXXXXX", NULL), *path = g_build_filename (folder, "x.inter", NULL), *text = NULL;
  g_auto(GStrv) lines = NULL;
  gsize n = 0;

  world_init (&w);
  split = split_of (&w, options_of (RF_SPLIT_RANDOM));
  g_assert_true (rf_split_export (split, &w.x, path, &error));
  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpstr (lines[0], ==, "userID\titemID\trating\ttimestamp\tx_label");
  for (guint l = 1; lines[l][0]; l++, n++)
    {
      g_auto(GStrv) cells = g_strsplit (lines[l], "\t", -1);

      g_assert_cmpuint (g_strv_length (cells), ==, 5);
      g_assert_cmpint (rf_split_find (split, (guint32) atoi (cells[0]), (guint32) atoi (cells[1])), ==, atoi (cells[4]));
    }
  g_assert_cmpuint (n, ==, w.x.n);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  world_clear (&w);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/split/random/counts", test_random_counts);
  g_test_add_func ("/split/random/seed", test_seed_and_hash);
  g_test_add_func ("/split/leave-last", test_leave_last);
  g_test_add_func ("/split/user-time", test_user_time);
  g_test_add_func ("/split/global-time", test_global_time);
  g_test_add_func ("/split/ten-moments", test_ten_moments);
  g_test_add_func ("/split/rounding", test_rounding);
  g_test_add_func ("/split/folds", test_folds);
  g_test_add_func ("/split/given", test_given);
  g_test_add_func ("/split/cold-items", test_cold_items);
  g_test_add_func ("/split/cold-users", test_cold_users);
  g_test_add_func ("/split/refuses", test_refuses);
  g_test_add_func ("/split/export", test_export);
  return g_test_run ();
}
