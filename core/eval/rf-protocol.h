/* rf-protocol.h: what is wrong, or only worth knowing, about an evaluation before anybody believes its numbers; and the record of how often the test part
 * was looked at.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/catalog/rf-workspace.h"
#include "core/eval/rf-split.h"

G_BEGIN_DECLS

typedef enum
{
  RF_FINDING_NOTE,    /* worth knowing */
  RF_FINDING_WARNING, /* the numbers mean something else than they seem to */
  RF_FINDING_ERROR,   /* the numbers are wrong */
} RfFindingLevel;

typedef struct
{
  RfFindingLevel level;
  const char *id;   /* "future-leakage": for scripts, never translated */
  guint64 count;    /* how many pairs, users, items, looks */
  char *sentence;   /* translated, with the count */
} RfFinding;

void rf_finding_free (RfFinding *self);
const char *rf_finding_level_name (RfFindingLevel level); /* "note", ... */

/* What the data cannot tell. */
typedef struct
{
  guint test_looks;           /* rf_protocol_count_looks() */
  guint tuned_on_test;        /* trials that were chosen by the test part */
  guint sampled_negatives;    /* > 0: metrics rank each positive among only so many sampled items */
  guint features_see_test;     /* sets of features that were fitted on all items, also those that training has no interaction with */
} RfProtocolFacts;

/* Elements are RfFinding, the worst first; free with g_ptr_array_unref(). The checks:
 *   duplicate-records    records beyond the first of a user and item (note)
 *   across-parts         pairs that a given split has in two or more parts (error)
 *   no-training          test users without any history, left out (warning)
 *   future-leakage       test pairs before which the same user has a later training pair (warning; only where times are known)
 *   future-of-others     training pairs later than the middle test pair (note; the model knows what became popular afterwards)
 *   unseen-items         test pairs whose item training has not seen (note)
 *   few-users            fewer than 100 test users: intervals are wide (warning)
 *   test-looks           the test part was looked at more than once (warning)
 *   tuned-on-test        (error)     sampled-metrics (warning)     features-see-test (note) */
GPtrArray *rf_protocol_check (const RfInteractions *interactions, const RfSplit *split, const RfSplitOptions *options, const RfProtocolFacts *facts) G_GNUC_WARN_UNUSED_RESULT;

/* The test part of a run is looked at: writes it down (time, by what, and a digest of the run's settings) in the document. by: "evaluate -k 10,20" */
gboolean rf_protocol_record_look (RfWorkspace *workspace, const char *run_id, const char *by, GError **error);
/* How often so far; log: NULL or one line a look "seconds TAB by TAB digest". */
gboolean rf_protocol_count_looks (RfWorkspace *workspace, const char *run_id, guint *n, char **log, GError **error);

G_END_DECLS
