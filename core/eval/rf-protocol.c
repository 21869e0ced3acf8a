/* rf-protocol.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/eval/rf-protocol.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define FEW_USERS 100

static const char *const level_names[] = { "note", "warning", "error" };

void
rf_finding_free (RfFinding *self)
{
  if (self == NULL)
    return;
  g_free (self->sentence);
  g_free (self);
}

const char *
rf_finding_level_name (RfFindingLevel level)
{
  return level_names[level];
}

static void
add (GPtrArray *findings, RfFindingLevel level, const char *id, guint64 count, char *sentence)
{
  RfFinding *finding = g_new (RfFinding, 1);

  *finding = (RfFinding) { level, id, count, sentence };
  g_ptr_array_add (findings, finding);
}

static double
share (guint64 part, guint64 whole)
{
  return whole ? 100.0 * (double) part / (double) whole : 0;
}

typedef struct
{
  guint32 user, item;
  gint64 time;
  guint8 part;
} Record;

static int
compare_records (const void *a, const void *b)
{
  const Record *x = a, *y = b;

  if (x->user != y->user)
    return x->user < y->user ? -1 : 1;
  if (x->item != y->item)
    return x->item < y->item ? -1 : 1;
  return x->time < y->time ? -1 : x->time > y->time;
}

/* The records by user and item, the earliest first. */
static Record *
sort_records (const RfInteractions *x)
{
  Record *records = g_new (Record, x->n + 1);

  for (gsize r = 0; r < x->n; r++)
    records[r] = (Record) { x->user[r], x->item[r], x->timestamp ? x->timestamp[r] : RF_NO_TIMESTAMP, x->part ? x->part[r] : 0 };
  qsort (records, x->n, sizeof *records, compare_records);
  return records;
}

static gboolean
is_same_pair (const Record *a, const Record *b)
{
  return a->user == b->user && a->item == b->item;
}

static void
check_duplicates (GPtrArray *findings, const Record *records, gsize n, gboolean given)
{
  guint64 again = 0, across = 0;

  for (gsize r = 0, end; r < n; r = end)
    {
      guint parts = 0;

      for (end = r; end < n && is_same_pair (&records[end], &records[r]); end++)
        parts |= records[end].part < 8 ? 1u << records[end].part : 0;
      again += end - r - 1;
      across += (parts & (parts - 1)) != 0;
    }
  if (given && across > 0)
    add (findings, RF_FINDING_ERROR, "across-parts", across,
         g_strdup_printf (_("%" PRIu64 " pairs of user and item are in more than one part of the given split; they were kept in the earliest part only."), across));
  if (again > 0)
    add (findings, RF_FINDING_NOTE, "duplicate-records", again,
         g_strdup_printf (_("%" PRIu64 " of %zu records repeat a user and item; each pair counts once, at its earliest time."), again, n));
}

static int
compare_times (const void *a, const void *b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

/* The first record of every pair, with the part of the split in `part` (3: none); returns how many. FALSE times: *timed is FALSE. */
static gsize
keep_first (Record *records, gsize n, const RfSplit *split, gboolean *timed)
{
  gsize kept = 0;

  *timed = n > 0;
  for (gsize r = 0; r < n; r++)
    {
      int part;

      if (records[r].time == RF_NO_TIMESTAMP)
        *timed = FALSE;
      if (kept > 0 && is_same_pair (&records[kept - 1], &records[r]))
        continue;
      part = rf_split_find (split, records[r].user, records[r].item);
      records[kept] = records[r];
      records[kept++].part = part < 0 ? 3 : (guint8) part;
    }
  return kept;
}

static void
check_times (GPtrArray *findings, const Record *pairs, gsize n)
{
  g_autofree gint64 *test_times = g_new (gint64, n + 1);
  guint64 leaked = 0, tests = 0, later = 0, trains = 0;

  for (gsize p = 0, end; p < n; p = end)
    {
      gint64 last = G_MININT64;

      for (end = p; end < n && pairs[end].user == pairs[p].user; end++)
        if (pairs[end].part == RF_PART_TRAIN)
          last = MAX (last, pairs[end].time);
      for (gsize e = p; e < end; e++)
        if (pairs[e].part == RF_PART_TEST)
          {
            leaked += pairs[e].time < last;
            test_times[tests++] = pairs[e].time;
          }
    }
  if (tests == 0)
    return;
  qsort (test_times, tests, sizeof *test_times, compare_times);
  for (gsize p = 0; p < n; p++)
    if (pairs[p].part == RF_PART_TRAIN)
      {
        trains++;
        later += pairs[p].time > test_times[tests / 2];
      }
  if (leaked > 0)
    add (findings, RF_FINDING_WARNING, "future-leakage", leaked,
         g_strdup_printf (_("%" PRIu64 " of %" PRIu64 " test items (%.0f %%) are older than something of the same user that the model was trained on; a split by time is harder and nearer to real use."), leaked, tests, share (leaked, tests)));
  if (later > 0)
    add (findings, RF_FINDING_NOTE, "future-of-others", later,
         g_strdup_printf (_("%" PRIu64 " of %" PRIu64 " training items (%.0f %%) are later than half of the test items, so the model knows what became popular afterwards."), later, trains, share (later, trains)));
}

static void
check_users_and_items (GPtrArray *findings, const RfSplit *split)
{
  const RfCsr *train = split->part[RF_PART_TRAIN], *test = split->part[RF_PART_TEST];
  g_autofree guint8 *seen = g_malloc0 ((gsize) train->cols + 1);
  guint64 users = 0, unseen = 0, tests = test->ptr[test->rows];

  for (gsize e = 0; e < train->ptr[train->rows]; e++)
    seen[train->idx[e]] = 1;
  for (gsize e = 0; e < tests; e++)
    unseen += !seen[test->idx[e]];
  for (guint32 u = 0; u < test->rows; u++)
    users += rf_csr_row_length (test, u) > 0;
  if (split->n_dropped > 0)
    add (findings, RF_FINDING_WARNING, "no-training", split->n_dropped,
         g_strdup_printf (_("%zu held-out items belong to users without any training data and were left out."), split->n_dropped));
  if (unseen > 0)
    add (findings, RF_FINDING_NOTE, "unseen-items", unseen,
         g_strdup_printf (_("%" PRIu64 " of %" PRIu64 " test items (%.0f %%) were never chosen in training; only pictures and texts can find them."), unseen, tests, share (unseen, tests)));
  if (users < FEW_USERS)
    add (findings, RF_FINDING_WARNING, "few-users", users,
         g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Only %u user has test items; differences between models are mostly chance.", "Only %u users have test items; differences between models are mostly chance.", (gulong) users),
                          (guint) users));
}

static void
check_facts (GPtrArray *findings, const RfProtocolFacts *facts)
{
  if (facts->tuned_on_test > 0)
    add (findings, RF_FINDING_ERROR, "tuned-on-test", facts->tuned_on_test,
         g_strdup_printf (_("%u trials were chosen by the test part; the test number is no longer one."), facts->tuned_on_test));
  if (facts->sampled_negatives > 0)
    add (findings, RF_FINDING_WARNING, "sampled-metrics", facts->sampled_negatives,
         g_strdup_printf (_("Each held-out item was ranked among %u sampled items only; such numbers cannot be compared with full ranking, not even in order."), facts->sampled_negatives));
  if (facts->test_looks > 1)
    add (findings, RF_FINDING_WARNING, "test-looks", facts->test_looks,
         g_strdup_printf (_("The test part of this run was looked at %u times; choosing by it makes it a validation part."), facts->test_looks));
  if (facts->features_see_test > 0)
    add (findings, RF_FINDING_NOTE, "features-see-test", facts->features_see_test,
         g_strdup_printf (_("%u sets of features were fitted on all items, also on those that only the test part has; no interaction took part in that."), facts->features_see_test));
}

static int
worst_first (gconstpointer a, gconstpointer b)
{
  const RfFinding *x = *(RfFinding *const *) a, *y = *(RfFinding *const *) b;

  return x->level != y->level ? (int) y->level - (int) x->level : strcmp (x->id, y->id);
}

GPtrArray *
rf_protocol_check (const RfInteractions *interactions, const RfSplit *split, const RfSplitOptions *options, const RfProtocolFacts *facts)
{
  GPtrArray *findings = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_finding_free);
  g_autofree Record *records = sort_records (interactions);
  gboolean timed;
  gsize n;

  check_duplicates (findings, records, interactions->n, options->method == RF_SPLIT_GIVEN);
  n = keep_first (records, interactions->n, split, &timed);
  if (timed)
    check_times (findings, records, n);
  check_users_and_items (findings, split);
  check_facts (findings, facts);
  g_ptr_array_sort (findings, worst_first);
  return findings;
}

#define LOOKS_KEY "1"

static char *
looks_name (const char *run_id)
{
  return g_strdup_printf ("test-looks/%s", run_id);
}

gboolean
rf_protocol_count_looks (RfWorkspace *workspace, const char *run_id, guint *n, char **log, GError **error)
{
  g_autofree char *name = looks_name (run_id), *text = NULL;
  g_autoptr(GError) failure = NULL;
  g_autoptr(GBytes) bytes = rf_workspace_load_blob (workspace, name, LOOKS_KEY, &failure);
  gsize size;

  if (failure)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  text = bytes ? g_strndup (g_bytes_get_data (bytes, &size), g_bytes_get_size (bytes)) : g_strdup ("");
  *n = 0;
  for (const char *c = text; *c; c++)
    *n += *c == '\n';
  if (log)
    *log = g_steal_pointer (&text);
  return TRUE;
}

/* Which settings were looked at: the first 12 digits of the SHA-256 of the run's, or "-" if there is no such run. */
static char *
digest_of_run (RfWorkspace *workspace, const char *run_id)
{
  g_autoptr(RfRun) run = rf_workspace_load_run (workspace, run_id, NULL);
  g_autofree char *sum = run ? g_compute_checksum_for_string (G_CHECKSUM_SHA256, run->config, -1) : NULL;

  return sum ? g_strndup (sum, 12) : g_strdup ("-");
}

gboolean
rf_protocol_record_look (RfWorkspace *workspace, const char *run_id, const char *by, GError **error)
{
  g_autofree char *name = looks_name (run_id), *log = NULL, *more = NULL, *word = g_strdelimit (g_strdup (by), "\n\t", ' ');
  g_autofree char *digest = digest_of_run (workspace, run_id);
  g_autoptr(GBytes) bytes = NULL;
  guint n;

  if (!rf_protocol_count_looks (workspace, run_id, &n, &log, error))
    return FALSE;
  more = g_strdup_printf ("%s%" G_GINT64_FORMAT "\t%s\t%s\n", log, g_get_real_time () / G_USEC_PER_SEC, word, digest);
  bytes = g_bytes_new (more, strlen (more));
  return rf_workspace_save_blob (workspace, name, LOOKS_KEY, bytes, error);
}
